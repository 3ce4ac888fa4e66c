"use strict";
// Comparison: the bodies of a city, or all cities, by one indicator or rate of one year.

const MAX_BARS = 40;
const LEVELS = ["all", "county", "zone", "department"];

// Return a row per member of the city that has, or should have, a report in the year with index `yearIndex`.
const memberRows = (city, position, measure, yearIndex, level) =>
  ogi
    .membersOf(position)
    .filter(
      (b) => b.id !== city.id && city.bodies[b.id].status[yearIndex] !== "-" && (level === "all" || b.level === level),
    )
    .map((b) => {
      const series = ogi.series(city, b.id, measure, "reported");
      return {
        id: b.id,
        name: b.name,
        level: b.level,
        code: b.code,
        value: series.v[yearIndex],
        mark: (series.p || "")[yearIndex],
        growth: (series.g || [])[yearIndex],
        numerator: (series.n || [])[yearIndex],
        denominator: (series.d || [])[yearIndex],
      };
    });
// Return a row per city from the file of an indicator.
const cityRows = (indicatorData, year, basis) => {
  const yearIndex = indicatorData.years.indexOf(year);
  return Object.entries(indicatorData.cities).map(([id, series]) => {
    const body = ogi.bodies.get(id) || { name: id, level: "city", code: "" };
    const key = basis === "compiled" ? "c" : "r";
    const position = ogi.cityPosition(id);
    const partial =
      key === "c" ? ogi.partialMembers(position, ogi.data.index.cities[position].years.indexOf(year)) : null;
    return {
      id,
      name: body.name + (partial ? ogi.t("partial.mark", { loaded: partial[0], expected: partial[1] }) : ""),
      level: body.level,
      code: body.code,
      value: yearIndex < 0 ? null : series[key][yearIndex],
      mark: yearIndex < 0 ? "-" : series[key + "p"][yearIndex],
    };
  });
};

// Append the figure with a bar per body, the highest first, and the table of all bodies.
const compareBars = (main, title, rows, measure, comparesCities) => {
  const withValue = rows.filter((r) => r.value !== null).sort((a, b) => b.value - a.value);
  const bars = withValue.slice(0, MAX_BARS);
  const hasSimulated = bars.some((r) => ogi.isSimulated(r.mark));
  const unit = ogi.unit(measure.unit);
  const columns = [
    { label: ogi.t("col.body") },
    { label: ogi.t("col.level") },
    { label: ogi.t("col.rank"), numeric: true },
    { label: ogi.measureName(measure), numeric: true, provenance: true, show: ogi.formatterOf(measure) },
  ];
  if (measure.rate) {
    columns.push({ label: ogi.t("col.numerator"), numeric: true }, { label: ogi.t("col.denominator"), numeric: true });
  } else if (!comparesCities) {
    columns.push({ label: ogi.t("col.growth_pct"), numeric: true, show: ogi.signedPercent });
  }
  const rank = (r) => (r.value === null ? null : 1 + withValue.filter((k) => k.value > r.value).length);
  ogi.figure(main, {
    title: title + (hasSimulated ? ogi.t("mark.s") : ""),
    note: withValue.length > MAX_BARS ? ogi.t("compare.first", { shown: MAX_BARS, total: withValue.length }) : null,
    height: Math.max(160, 26 * bars.length + 70),
    empty: withValue.length ? null : ogi.t("empty"),
    onclick: (p) => ogi.openPage("body", { id: bars[p.dataIndex].id }),
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
      yAxis: ogi.nameAxis(
        bars.map((r) => r.name),
        {
          inverse: true,
          axisLabel: { interval: 0, width: main.clientWidth < NARROW_PAGE_PX ? 110 : 220, overflow: "truncate" },
        },
      ),
      tooltip: { formatter: (p) => `${p[0].name}${ogi.t("colon")}${ogi.number(p[0].value)} ${unit}` },
      series: [
        ogi.bar(
          ogi.nameOf(measure),
          bars.map((r) => r.value),
          ogi.colour.reported,
          bars.map((r) => r.mark),
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
          ? [r.numerator, r.denominator]
          : comparesCities
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

ogi.pages.compare = (parameters, show) => {
  const position = ogi.cityPosition(parameters.city);
  const comparesCities = parameters.scope === "cities";
  const chosenMeasure = ogi.measure(parameters.indicator);
  // The files of all cities have indicators only.
  const measure = comparesCities && chosenMeasure.rate ? ogi.measure("disclosed.items") : chosenMeasure;
  const files = [
    "c" + position,
    ...(comparesCities ? ["i" + measure.position] : []),
    ...(ogi.data.index.map ? ["map"] : []),
  ];
  show(files, (main) => {
    const { t } = ogi;
    const city = ogi.data["c" + position];
    const indicatorData = comparesCities ? ogi.data["i" + measure.position] : null;
    const years = comparesCities ? indicatorData.years : city.years;
    const level = LEVELS.includes(parameters.level) ? parameters.level : "all";
    const basis = parameters.basis === "compiled" ? "compiled" : "reported";
    const rowsOf = (y) =>
      comparesCities ? cityRows(indicatorData, y, basis) : memberRows(city, position, measure, years.indexOf(y), level);
    // Without a year in the address, the last year with a figure is shown.
    const candidateYears = parameters.year ? years : years.filter((y) => rowsOf(y).some((r) => r.value !== null));
    const year = ogi.yearOrLast(candidateYears.length ? candidateYears : years, parameters.year);
    const rows = rowsOf(year);
    const name = ogi.nameOf(measure);
    const title = comparesCities
      ? t("compare.cities", { name, year: year || "", basis: t("basis." + basis) })
      : t("compare.members", { city: ogi.cityName(position), name, year: year || "" });
    const openWith = (changes) =>
      ogi.openPage("compare", {
        scope: comparesCities ? "cities" : "",
        city: city.id,
        year,
        indicator: ogi.measureKey(measure),
        level,
        basis,
        ...changes,
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
          comparesCities ? "cities" : "",
          (s) => openWith({ scope: s, year: "" }),
        ),
        comparesCities ? null : ogi.cityChoice(position, (c) => openWith({ city: c, year: "" })),
        ogi.yearChoice(years, year, (y) => openWith({ year: y })),
        ogi.measureChoice(
          measure,
          (i) => openWith({ indicator: i }),
          comparesCities ? (key) => !key.startsWith("rate:") : null,
        ),
        comparesCities
          ? ogi.choice(
              "basis",
              t("choose.basis"),
              ["reported", "compiled"].map((b) => [b, t("basis." + b)]),
              basis,
              (b) => openWith({ basis: b }),
            )
          : ogi.choice(
              "level",
              t("choose.level"),
              LEVELS.map((l) => [l, t("level." + l)]),
              level,
              (l) => openWith({ level: l }),
            ),
      ),
    );
    compareBars(main, title, rows, measure, comparesCities);
    if (ogi.data.index.map) {
      compareMap(main, title, rows, measure);
    }
  });
};
