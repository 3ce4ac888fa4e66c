"use strict";
// Review and litigation: the rate per hundred applications, the share that corrected the body, and the results.

const RESULTS = ["upheld", "corrected", "other", "pending"];
// Pairs of rates, one figure per pair.
const RATE_PAIRS = [
  ["review_rate", "litigation_rate"],
  ["review_corrected_share", "litigation_corrected_share"],
];

// Return per year the basis and series of a rate: reported if it has a value, else compiled, else neither.
const seriesByYear = (group, body, id) => {
  const byBasis = (group.rates[body] || {})[id] || {};
  return group.years.map(
    (_, i) =>
      ["reported", "compiled"]
        .map((basis) => ({ basis, series: byBasis[basis] }))
        .find((f) => f.series && f.series.v[i] !== null) || { basis: "", series: null },
  );
};

// Append the figure of a pair of rates by year.
const rateFigure = (main, group, body, pair, title) => {
  const { t } = ogi;
  const years = ogi.allYears(group.years);
  const breaks = ogi.formBreaks(group.years, ogi.formsOf(group, body));
  const lines = pair.map((id) => {
    const chosenSeries = seriesByYear(group, body, id);
    return {
      measure: ogi.measures.get("rate:" + id),
      chosenSeries,
      values: chosenSeries.map((c, i) => (c.series ? c.series.v[i] : null)),
      marks: chosenSeries.map((c, i) => (c.series ? c.series.p[i] : "-")),
    };
  });
  const hasData = lines.some((l) => l.values.some((v) => v !== null));
  const unit = ogi.unit(lines[0].measure.unit);
  ogi.figure(main, {
    title: title + (lines.some((l) => l.marks.some(ogi.isSimulated)) ? t("mark.s") : ""),
    note: t("rates.note"),
    height: 320,
    empty: hasData ? null : t("empty"),
    option: {
      xAxis: ogi.timeAxis(years),
      yAxis: ogi.valueAxis(unit),
      tooltip: { formatter: ogi.lineTooltip(unit), axisPointer: { type: "line" } },
      series: lines.map((l, i) => ({
        type: "line",
        name: ogi.nameOf(l.measure),
        symbolSize: 9,
        lineStyle: { width: 2.5, type: l.marks.some(ogi.isSimulated) ? "dashed" : "solid" },
        label: {
          show: true,
          position: "top",
          formatter: (p) => (p.value[1] === undefined || p.value[1] === null ? "" : ogi.number(p.value[1], 2)),
          color: ogi.colour.ink,
        },
        labelLayout: { hideOverlap: true },
        data: ogi.fillYears(group.years, l.values).map((v, k) => ({
          value: [years[k], v],
          symbol: ogi.isSimulated(ogi.fillYears(group.years, l.marks)[k]) ? "emptyDiamond" : "circle",
        })),
        markLine: i ? undefined : ogi.breakLines(breaks, true),
      })),
    },
    table: {
      columns: [
        { label: t("col.year") },
        ...lines.flatMap((l) => [
          { label: ogi.measureName(l.measure), numeric: true, show: (v) => ogi.number(v, 2), provenance: true },
          { label: t("col.numerator"), numeric: true },
          { label: t("col.denominator"), numeric: true },
          { label: t("col.basis") },
        ]),
      ],
      rows: group.years.map((y, i) => [
        y,
        ...lines.flatMap((l) => {
          const c = l.chosenSeries[i];
          return [
            { v: l.values[i], mark: l.marks[i] },
            c.series ? c.series.n[i] : null,
            c.series ? c.series.d[i] : null,
            c.basis ? ogi.basisName(c.basis, ogi.groupPositionOf(body), i) : "",
          ];
        }),
      ]),
    },
  });
};

// Append the figure of the results of cases by year. `kind` is `review` or `litigation`.
const resultsFigure = (main, group, body, kind) => {
  const { t } = ogi;
  const years = ogi.allYears(group.years);
  const groups = RESULTS.map((result) => {
    const measure = ogi.measures.get(`${kind}.${result}`);
    const [reported, compiled] = ["reported", "compiled"].map((b) => ogi.series(group, body, measure, b));
    return {
      measure,
      values: group.years.map((_, i) => (reported.v[i] !== null ? reported.v[i] : compiled.v[i])),
      marks: group.years.map((_, i) =>
        reported.v[i] !== null ? (reported.p || "")[i] : compiled.v[i] !== null ? (compiled.p || "")[i] : "-",
      ),
    };
  });
  const unit = ogi.unit("件");
  const hasData = groups.some((g) => g.values.some((v) => v !== null));
  ogi.figure(main, {
    title:
      t("rates." + kind, { body: ogi.bodyName(body) }) +
      (groups.some((g) => g.marks.some(ogi.isSimulated)) ? t("mark.s") : ""),
    height: 300,
    empty: hasData ? null : t("empty"),
    option: {
      xAxis: ogi.yearAxis(years),
      yAxis: ogi.valueAxis(unit),
      tooltip: { formatter: ogi.barTooltip(unit) },
      series: groups.map((g, i) =>
        ogi.bar(
          t("end." + RESULTS[i]),
          ogi.fillYears(group.years, g.values),
          ogi.palette[[2, 4, 7, 8][i]],
          ogi.fillYears(group.years, g.marks),
          { stack: "all" },
        ),
      ),
    },
    table: {
      columns: [
        { label: t("col.year") },
        ...RESULTS.map((result) => ({
          label: t("end." + result) + t("in_unit", { unit }),
          numeric: true,
          provenance: true,
        })),
      ],
      rows: group.years.map((y, i) => [y, ...groups.map((g) => ({ v: g.values[i], mark: g.marks[i] }))]),
    },
  });
};

ogi.pages.rates = (parameters, show) => {
  const body = ogi.bodies.has(parameters.body)
    ? parameters.body
    : ogi.data.index.groups[ogi.groupPosition(parameters.group)].id;
  const position = ogi.groupPositionOf(body);
  show(["c" + position], (main) => {
    const { t } = ogi;
    const group = ogi.data["c" + position];
    const hasSimulated = ["reported", "compiled"].some((basis) =>
      ["review.total", "litigation.total"].some((key) => {
        const series = ogi.series(group, body, ogi.measures.get(key), basis);
        return series.v.some((v, i) => v !== null && ogi.isSimulated((series.p || "")[i]));
      }),
    );
    ogi.heading(
      main,
      t("rates.title", { body: ogi.bodyName(body) }),
      t("rates.lead"),
      hasSimulated,
      body === group.id ? ogi.partialNotice(position, group.years) : "",
    );
    main.append(
      ogi.controls(
        ogi.groupChoice(position, (c) => ogi.openPage("rates", { body: c })),
        ogi.bodyChoice(position, body, (b) => ogi.openPage("rates", { body: b })),
      ),
    );
    rateFigure(main, group, body, RATE_PAIRS[0], t("rates.often"));
    rateFigure(main, group, body, RATE_PAIRS[1], t("rates.corrected"));
    resultsFigure(main, group, body, "review");
    resultsFigure(main, group, body, "litigation");
  });
};
