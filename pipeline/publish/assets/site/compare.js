"use strict";
// Comparison: the bodies of a city, or all cities, by one indicator or rate of one year.

const BARS = 40;
const LEVELS = ["all", "county", "zone", "department"];

const memberRows = (city, position, measure, at, level) =>
  ogi
    .membersOf(position)
    .filter((b) => b.id !== city.id && city.bodies[b.id].status[at] !== "-" && (level === "all" || b.level === level))
    .map((b) => {
      const one = ogi.series(city, b.id, measure, "reported");
      return {
        id: b.id,
        name: b.name,
        level: b.level,
        code: b.code,
        value: one.v[at],
        mark: (one.p || "")[at],
        growth: (one.g || [])[at],
        n: (one.n || [])[at],
        d: (one.d || [])[at],
      };
    });
const cityRows = (across, year, basis) => {
  const at = across.years.indexOf(year);
  return Object.entries(across.cities).map(([id, one]) => {
    const known = ogi.bodies.get(id) || { name: id, level: "city", code: "" };
    const key = basis === "compiled" ? "c" : "r";
    return {
      id,
      name: known.name,
      level: known.level,
      code: known.code,
      value: at < 0 ? null : one[key][at],
      mark: at < 0 ? "-" : one[key + "p"][at],
    };
  });
};

const compareBars = (main, title, rows, measure, wide) => {
  const known = rows.filter((r) => r.value !== null).sort((a, b) => b.value - a.value);
  const shown = known.slice(0, BARS);
  const marked = shown.some((r) => ogi.isSimulated(r.mark));
  const unit = ogi.unit(measure.unit);
  const columns = [
    { label: ogi.t("col.body") },
    { label: ogi.t("col.level") },
    { label: ogi.t("col.rank"), numeric: true },
    { label: ogi.measureName(measure), numeric: true, provenance: true, show: ogi.shown(measure) },
  ];
  if (measure.rate) {
    columns.push({ label: ogi.t("col.numerator"), numeric: true }, { label: ogi.t("col.denominator"), numeric: true });
  } else if (!wide) {
    columns.push({ label: ogi.t("col.growth_pct"), numeric: true, show: ogi.signed });
  }
  const rank = (r) => (r.value === null ? null : 1 + known.filter((k) => k.value > r.value).length);
  ogi.figure(main, {
    title: title + (marked ? ogi.t("mark.s") : ""),
    note: known.length > BARS ? ogi.t("compare.first", { shown: BARS, total: known.length }) : null,
    height: Math.max(160, 26 * shown.length + 70),
    empty: known.length ? null : ogi.t("empty"),
    onclick: (p) => ogi.go("body", { id: shown[p.dataIndex].id }),
    option: {
      legend: { show: false },
      grid: { left: 8, right: 64, top: 12, bottom: 30, containLabel: true },
      xAxis: {
        ...ogi.valueAxis(""),
        name: unit,
        nameLocation: "middle",
        nameGap: 26,
        nameTextStyle: { color: ogi.colour.quiet, align: "center" },
      },
      yAxis: ogi.names(
        shown.map((r) => r.name),
        { inverse: true, axisLabel: { interval: 0, width: main.clientWidth < 620 ? 110 : 220, overflow: "truncate" } },
      ),
      tooltip: { formatter: (p) => `${p[0].name}${ogi.t("colon")}${ogi.number(p[0].value)} ${unit}` },
      series: [
        ogi.bar(
          ogi.named(measure),
          shown.map((r) => r.value),
          ogi.colour.reported,
          shown.map((r) => r.mark),
          {
            label: {
              show: true,
              position: "right",
              formatter: (p) => ogi.number(p.value, measure.rate ? 2 : undefined),
              color: ogi.colour.ink,
            },
          },
        ),
      ],
    },
    table: {
      sort: 3,
      down: true,
      columns,
      rows: rows.map((r) => [
        { v: r.name, href: ogi.link("body", { id: r.id }) },
        ogi.t("level." + r.level),
        rank(r),
        { v: r.value, mark: r.value === null ? "-" : r.mark },
        ...(measure.rate
          ? [r.n, r.d]
          : wide
            ? []
            : [
                {
                  v: r.growth === undefined ? null : r.growth,
                  mark: r.growth === undefined || r.growth === null ? "-" : r.mark,
                },
              ]),
      ]),
    },
  });
};

// A map only from boundaries that the office gave; a region without a figure stays grey.
const compareMap = (main, title, rows, measure) => {
  const known = rows.filter((r) => r.value !== null && r.code && r.level !== "department" && r.level !== "zone");
  const names = new Map(known.map((r) => [r.code, r.name]));
  const top = Math.max(1, ...known.map((r) => r.value));
  if (!echarts.getMap("office")) {
    echarts.registerMap("office", ogi.data.map);
  }
  ogi.figure(main, {
    title: ogi.t("compare.map", { title }) + (known.some((r) => ogi.isSimulated(r.mark)) ? ogi.t("mark.s") : ""),
    note: ogi.t("compare.map_note"),
    height: 420,
    empty: known.length ? null : ogi.t("empty"),
    option: {
      legend: { show: false },
      tooltip: {
        trigger: "item",
        formatter: (p) =>
          `${names.get(p.name) || p.name}${ogi.t("colon")}${ogi.number(Number.isFinite(p.value) ? p.value : null)} ${ogi.unit(measure.unit)}`,
      },
      visualMap: {
        min: 0,
        max: top,
        left: 0,
        bottom: 0,
        calculable: false,
        text: [ogi.number(top) + " " + ogi.unit(measure.unit), "0"],
        inRange: { color: ["#e8f0f9", "#1f5fa8"] },
      },
      series: [
        {
          type: "map",
          map: "office",
          nameProperty: "name",
          data: known.map((r) => ({ name: r.code, value: r.value })),
          label: { show: true, formatter: (p) => names.get(p.name) || "", color: ogi.colour.ink, fontSize: 11 },
          emphasis: { label: { show: true } },
        },
      ],
    },
    table: {
      columns: [
        { label: ogi.t("col.body") },
        { label: ogi.t("col.code") },
        { label: ogi.measureName(measure), numeric: true, provenance: true },
      ],
      rows: known.map((r) => [r.name, r.code, { v: r.value, mark: r.mark }]),
    },
  });
};

ogi.pages.compare = (parameters, show) => {
  const position = ogi.cityAt(parameters.city);
  const wide = parameters.scope === "cities";
  const wanted = ogi.measure(parameters.indicator);
  const measure = wide && wanted.rate ? ogi.measure("disclosed.items") : wanted;
  const files = ["c" + position, ...(wide ? ["i" + measure.position] : []), ...(ogi.data.index.map ? ["map"] : [])];
  show(files, (main) => {
    const { t } = ogi;
    const city = ogi.data["c" + position];
    const across = wide ? ogi.data["i" + measure.position] : null;
    const years = wide ? across.years : city.years;
    const level = LEVELS.includes(parameters.level) ? parameters.level : "all";
    const basis = parameters.basis === "compiled" ? "compiled" : "reported";
    const rowsOf = (y) =>
      wide ? cityRows(across, y, basis) : memberRows(city, position, measure, years.indexOf(y), level);
    // The last year that has a figure, unless a year is named.
    const known = parameters.year ? years : years.filter((y) => rowsOf(y).some((r) => r.value !== null));
    const year = ogi.yearOf(known.length ? known : years, parameters.year);
    const rows = rowsOf(year);
    const name = ogi.named(measure);
    const title = wide
      ? t("compare.cities", { name, year: year || "", basis: t("basis." + basis) })
      : t("compare.members", { city: ogi.cityName(position), name, year: year || "" });
    const next = (more) =>
      ogi.go("compare", {
        scope: wide ? "cities" : "",
        city: city.id,
        year,
        indicator: ogi.measureKey(measure),
        level,
        basis,
        ...more,
      });
    ogi.heading(
      main,
      t("page.compare"),
      t("compare.lead"),
      rows.some((r) => r.value !== null && ogi.isSimulated(r.mark)),
    );
    main.append(
      ogi.controls(
        ogi.choice(
          "scope",
          t("choose.scope"),
          [
            ["", t("scope.members")],
            ["cities", t("scope.cities")],
          ],
          wide ? "cities" : "",
          (s) => next({ scope: s, year: "" }),
        ),
        wide ? null : ogi.cityChoice(position, (c) => next({ city: c, year: "" })),
        ogi.yearChoice(years, year, (y) => next({ year: y })),
        ogi.measureChoice(measure, (i) => next({ indicator: i }), wide ? (key) => !key.startsWith("rate:") : null),
        wide
          ? ogi.choice(
              "basis",
              t("choose.basis"),
              ["reported", "compiled"].map((b) => [b, t("basis." + b)]),
              basis,
              (b) => next({ basis: b }),
            )
          : ogi.choice(
              "level",
              t("choose.level"),
              LEVELS.map((l) => [l, t("level." + l)]),
              level,
              (l) => next({ level: l }),
            ),
      ),
    );
    compareBars(main, title, rows, measure, wide);
    if (ogi.data.index.map) {
      compareMap(main, title, rows, measure);
    }
  });
};
