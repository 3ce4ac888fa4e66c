"use strict";
// Trend: one indicator or rate of a body over the years, with the years in which the form changed.

// Message by the letter of a growth's prior basis, if the prior figure is not simply the body's own.
const PRIOR_BASIS_MESSAGES = {
  p: "prior.predecessors",
  n: "prior.new",
  x: "prior.split",
  d: "prior.members_differ",
  k: "prior.series_broken",
};

// Return the lines that mark a change of the form. On an axis of numbers a line is between two years.
ogi.breakLines = (breaks, isNumeric) => ({
  silent: true,
  symbol: "none",
  animation: false,
  lineStyle: { color: ogi.colour.quiet, type: "dashed" },
  label: {
    formatter: (p) => p.data.breakLabel,
    position: "insideEndTop",
    rotate: 0,
    align: "right",
    color: ogi.colour.quiet,
    distance: 6,
  },
  data: breaks.map((b) => ({
    xAxis: isNumeric ? b.year - 0.5 : String(b.year),
    breakLabel: ogi.t("break.short", { from: b.from, to: b.to }),
  })),
});

// Return the points of a line; before a year in `cutYears`, whose form counts otherwise, the line is interrupted.
const trendPoints = (years, values, marks, cutYears) =>
  values.flatMap((v, i) => [
    ...(cutYears.includes(years[i]) ? [{ value: [years[i] - 0.5, null] }] : []),
    { value: [years[i], v], symbol: ogi.isSimulated(marks[i]) ? "emptyDiamond" : "circle" },
  ]);

const trendLine = (name, points, marks, colour, breaks) => ({
  type: "line",
  name,
  connectNulls: false,
  symbolSize: 9,
  lineStyle: { color: colour, width: 2.5, type: marks.some(ogi.isSimulated) ? "dashed" : "solid" },
  itemStyle: { color: colour },
  label: {
    show: true,
    position: "top",
    formatter: (p) => (p.value[1] === null || p.value[1] === undefined ? "" : ogi.number(p.value[1])),
    color: ogi.colour.ink,
  },
  labelLayout: { hideOverlap: true },
  data: points,
  markLine: breaks ? ogi.breakLines(breaks, true) : undefined,
});

// Return the rows of the table: reported figures by year, and for a group also compiled ones.
const trendRows = (group, body, measure, forms) => {
  const [reported, compiled] = ["reported", "compiled"].map((b) => ogi.series(group, body, measure, b));
  const growth = (s, i) => {
    const v = (s.g || [])[i];
    const why = PRIOR_BASIS_MESSAGES[(s.b || "")[i]];
    return {
      v: v === undefined ? null : v,
      mark: v === undefined || v === null ? "-" : (s.p || "")[i],
      title: why ? ogi.t(why) : null,
      ...(why && (v === null || v === undefined) ? { text: ogi.t(why) } : {}),
    };
  };
  const status = (i) => {
    const s = (reported.s || "")[i];
    return s && s !== "-" && s !== "A" ? ogi.t("obs." + s) : "";
  };
  const reportedCells = group.years.map((y, i) => [
    y,
    forms[i],
    { v: reported.v[i], mark: (reported.p || "")[i], doubt: (reported.x || [])[i] },
    growth(reported, i),
    status(i),
  ]);
  return body === group.id
    ? reportedCells.map((row, i) => [
        ...row,
        { v: compiled.v[i], mark: (compiled.p || "")[i], doubt: (compiled.x || [])[i] },
        growth(compiled, i),
        compiled.n ? compiled.n[i] : null,
      ])
    : reportedCells;
};

// Append the figure of a measure of a body by year.
ogi.trendFigure = (main, group, body, measure) => {
  const { t } = ogi;
  const forms = ogi.formsOf(group, body);
  const breaks = ogi.formBreaks(group.years, forms);
  const years = ogi.allYears(group.years);
  const name = ogi.nameOf(measure);
  const unit = ogi.unit(measure.unit);
  const lines = [];
  [
    ["compiled", ogi.colour.compiled],
    ["reported", ogi.colour.reported],
  ].forEach(([basis, colour]) => {
    const series = ogi.series(group, body, measure, basis);
    if (series.v.some((v) => v !== null)) {
      const marks = [...(series.p || "")].map((m, i) => (series.v[i] === null ? "-" : m));
      const cutYears = group.years.filter((_, i) => (series.b || "")[i] === "k");
      const [values, allMarks] = [series.v, marks].map((list) => ogi.fillYears(group.years, list));
      lines.push(
        trendLine(
          ogi.markedName(t("basis." + basis), marks.find(ogi.isSimulated)),
          trendPoints(years, values, allMarks, cutYears),
          allMarks,
          colour,
          lines.length ? null : breaks,
        ),
      );
    }
  });
  const growthColumn = { label: t("col.growth_pct"), numeric: true, show: ogi.signedPercent };
  ogi.figure(main, {
    title: t("trend.figure", { body: ogi.bodyName(body), name }),
    note: [
      ...breaks.map((b) => t("break.long", b)),
      ogi.doubtNotice(group.years, ...["reported", "compiled"].map((b) => ogi.series(group, body, measure, b))),
    ]
      .filter(Boolean)
      .join(" "),
    height: 340,
    empty: lines.length ? null : t("trend.empty"),
    option: {
      xAxis: ogi.timeAxis(years),
      yAxis: ogi.valueAxis(unit),
      series: lines,
      tooltip: { formatter: ogi.lineTooltip(unit), axisPointer: { type: "line" } },
    },
    table: {
      name: `${ogi.bodyName(body)} ${name}`,
      columns: [
        { label: t("col.year") },
        { label: t("col.form") },
        {
          label: t("basis.reported") + t("in_unit", { unit }),
          numeric: true,
          provenance: true,
          show: ogi.formatterOf(measure),
        },
        growthColumn,
        { label: t("col.status") },
        ...(body === group.id
          ? [
              {
                label: t("basis.compiled") + t("in_unit", { unit }),
                numeric: true,
                provenance: true,
                show: ogi.formatterOf(measure),
              },
              { ...growthColumn, label: t("col.growth_compiled") },
              { label: t("col.counted"), numeric: true },
            ]
          : []),
      ],
      rows: trendRows(group, body, measure, forms),
    },
  });
};

// Return whether a series of the body has a value that is simulated.
ogi.hasSimulatedValue = (group, body, measure) =>
  ["reported", "compiled"].some((basis) => {
    const series = ogi.series(group, body, measure, basis);
    return series.v.some((v, i) => v !== null && ogi.isSimulated((series.p || "")[i]));
  });

ogi.pages.trend = (parameters, show) => {
  const body = ogi.bodies.has(parameters.body)
    ? parameters.body
    : ogi.data.index.groups[ogi.groupPosition(parameters.group)].id;
  const position = ogi.groupPositionOf(body);
  show(["c" + position], (main) => {
    const { h, t } = ogi;
    const group = ogi.data["c" + position];
    const measure = ogi.measures.get(parameters.indicator) || ogi.defaultMeasure(group, body);
    const openWith = (changes) => ogi.openPage("trend", { body, indicator: ogi.measureKey(measure), ...changes });
    ogi.heading(
      main,
      t("trend.title", { name: ogi.nameOf(measure) }),
      t("trend.lead"),
      ogi.hasSimulatedValue(group, body, measure),
      body === group.id ? ogi.partialNotice(position, group.years) : "",
    );
    main.append(
      ogi.controls(
        ogi.groupChoice(position, (c) => openWith({ body: c })),
        ogi.bodyChoice(position, body, (b) => openWith({ body: b })),
        ogi.measureChoice(measure, (i) => openWith({ indicator: i })),
      ),
    );
    ogi.trendFigure(main, group, body, measure);
    main.append(
      h(
        "p",
        {},
        h("a", { href: ogi.link("dictionary", { indicator: ogi.measureKey(measure) }) }, t("trend.dictionary")),
        " · ",
        h("a", { href: ogi.link("body", { id: body }) }, t("trend.body")),
      ),
    );
  });
};
