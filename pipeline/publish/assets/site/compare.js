"use strict";
// Comparison: the bodies of a group, or all groups, by one indicator or rate of one year.

const MAX_BARS = 40;
const LEVELS = ["all", "province", "city", "county", "zone", "department", "township"];
const GROUP_LEVELS = ["city", "province", "county"];

// Return a row per member of the group that has, or should have, a report in the year with index `yearIndex`.
const memberRows = (group, position, measure, yearIndex, level) =>
  ogi
    .membersOf(position)
    .filter(
      (b) => b.id !== group.id && group.bodies[b.id].status[yearIndex] !== "-" && (level === "all" || b.level === level),
    )
    .map((b) => {
      const series = ogi.series(group, b.id, measure, "reported");
      return {
        id: b.id,
        name: b.name,
        level: b.level,
        code: b.code,
        value: series.v[yearIndex],
        mark: (series.p || "")[yearIndex],
        doubt: (series.x || [])[yearIndex],
        growth: (series.g || [])[yearIndex],
        numerator: (series.n || [])[yearIndex],
        denominator: (series.d || [])[yearIndex],
      };
    });
// Return a row per body of a level from the file of an indicator.
const groupRows = (indicatorData, year, basis, level) => {
  const yearIndex = indicatorData.years.indexOf(year);
  const entries = Object.entries(indicatorData.bodies).filter(([id]) => ogi.bodies.get(id).level === level);
  return entries.map(([id, series]) => {
    const body = ogi.bodies.get(id);
    const key = basis === "compiled" ? "c" : "r";
    const position = ogi.groupPosition(id);
    const partial =
      key === "c" ? ogi.partialMembers(position, ogi.data.index.groups[position].years.indexOf(year)) : null;
    return {
      id,
      name: body.name + (partial ? ogi.t("partial.mark", { counted: partial[0], expected: partial[1] }) : ""),
      level: body.level,
      code: body.code,
      value: yearIndex < 0 || !series[key] ? null : series[key][yearIndex],
      mark: yearIndex < 0 || !series[key] ? "-" : series[key + "p"][yearIndex],
    };
  });
};

// Append the figure with a bar per body, the highest first, and the table of all bodies.
const compareBars = (main, title, rows, measure, comparesGroups) => {
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
  } else if (!comparesGroups) {
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
      xAxis: ogi.unitAxis(unit),
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
        { v: r.value, mark: r.value === null ? "-" : r.mark, doubt: r.doubt },
        ...(measure.rate
          ? [r.numerator, r.denominator]
          : comparesGroups
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
  const position = ogi.groupPosition(parameters.group);
  const comparesGroups = parameters.scope === "groups";
  const chosenMeasure = ogi.measures.get(parameters.indicator);
  // The files of all groups have indicators only.
  const groupsMeasure = chosenMeasure && !chosenMeasure.rate ? chosenMeasure : ogi.defaultGroupsMeasure(parameters.year);
  const files = [
    "c" + position,
    ...(comparesGroups ? ["i" + groupsMeasure.position] : []),
    ...(ogi.data.index.map ? ["map"] : []),
  ];
  show(files, (main) => {
    const { t } = ogi;
    const group = ogi.data["c" + position];
    const measure = comparesGroups
      ? groupsMeasure
      : chosenMeasure || ogi.defaultMemberMeasure(group, ogi.lastMemberYear(group, parameters.year));
    const indicatorData = comparesGroups ? ogi.data["i" + measure.position] : null;
    const years = comparesGroups ? indicatorData.years : group.years;
    const levels = comparesGroups ? GROUP_LEVELS : LEVELS;
    const level = levels.includes(parameters.level) ? parameters.level : levels[0];
    const basis = parameters.basis === "compiled" ? "compiled" : "reported";
    const rowsOf = (y) =>
      comparesGroups
        ? groupRows(indicatorData, y, basis, level)
        : memberRows(group, position, measure, years.indexOf(y), level);
    // Without a year in the address, the last year with a figure is shown.
    const candidateYears = parameters.year ? years : years.filter((y) => rowsOf(y).some((r) => r.value !== null));
    const year = ogi.yearOrLast(candidateYears.length ? candidateYears : years, parameters.year);
    const rows = rowsOf(year);
    const name = ogi.nameOf(measure);
    const title = comparesGroups
      ? t("compare.groups", { name, year: year || "", basis: t("basis." + basis), level: t("level." + level) })
      : t("compare.members", { group: ogi.groupName(position), name, year: year || "" });
    const openWith = (changes) =>
      ogi.openPage("compare", {
        scope: comparesGroups ? "groups" : "",
        group: group.id,
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
            ["groups", t("scope.groups")],
          ],
          comparesGroups ? "groups" : "",
          (s) => openWith({ scope: s, year: "", level: "" }),
        ),
        comparesGroups ? null : ogi.groupChoice(position, (c) => openWith({ group: c, year: "" })),
        ogi.yearChoice(years, year, (y) => openWith({ year: y })),
        ogi.measureChoice(
          measure,
          (i) => openWith({ indicator: i }),
          comparesGroups ? (key) => !key.startsWith("rate:") : null,
        ),
        comparesGroups
          ? ogi.choice(
              "basis",
              t("choose.basis"),
              ["reported", "compiled"].map((b) => [b, t("basis." + b)]),
              basis,
              (b) => openWith({ basis: b }),
            )
          : null,
        ogi.choice(
          "level",
          t("choose.level"),
          levels.map((l) => [l, t("level." + l)]),
          level,
          (l) => openWith({ level: l }),
        ),
      ),
    );
    compareBars(main, title, rows, measure, comparesGroups);
    if (ogi.data.index.map) {
      compareMap(main, title, rows, measure);
    }
  });
};
