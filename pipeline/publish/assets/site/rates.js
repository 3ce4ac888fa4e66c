"use strict";
// Review and litigation: how often it came to them, how often they corrected the body, and how they ended.

const ENDS = ["upheld", "corrected", "other", "pending"];
const RATES = [
  ["review_rate", "litigation_rate"],
  ["review_corrected_share", "litigation_corrected_share"],
];

const preferred = (city, body, id) => {
  const found = (city.rates[body] || {})[id] || {};
  return city.years.map(
    (_, i) =>
      ["reported", "compiled"]
        .map((basis) => ({ basis, one: found[basis] }))
        .find((f) => f.one && f.one.v[i] !== null) || { basis: "", one: null },
  );
};

const rateFigure = (main, city, body, pair, title) => {
  const { t } = ogi;
  const years = ogi.span(city.years);
  const breaks = ogi.breaks(city.years, ogi.formsOf(city, body));
  const lines = pair.map((id) => {
    const chosen = preferred(city, body, id);
    return {
      measure: ogi.measures.get("rate:" + id),
      chosen,
      values: chosen.map((c, i) => (c.one ? c.one.v[i] : null)),
      marks: chosen.map((c, i) => (c.one ? c.one.p[i] : "-")),
    };
  });
  const known = lines.some((l) => l.values.some((v) => v !== null));
  const unit = ogi.unit(lines[0].measure.unit);
  ogi.figure(main, {
    title: title + (lines.some((l) => l.marks.some(ogi.isSimulated)) ? t("mark.s") : ""),
    note: t("rates.note"),
    height: 320,
    empty: known ? null : t("empty"),
    option: {
      xAxis: ogi.timeAxis(years),
      yAxis: ogi.valueAxis(unit),
      tooltip: { formatter: ogi.lineTip(unit), axisPointer: { type: "line" } },
      series: lines.map((l, i) => ({
        type: "line",
        name: ogi.named(l.measure),
        symbolSize: 9,
        lineStyle: { width: 2.5, type: l.marks.some(ogi.isSimulated) ? "dashed" : "solid" },
        label: {
          show: true,
          position: "top",
          formatter: (p) => (p.value[1] === undefined || p.value[1] === null ? "" : ogi.number(p.value[1], 2)),
          color: ogi.colour.ink,
        },
        labelLayout: { hideOverlap: true },
        data: ogi
          .spread(city.years, l.values)
          .map((v, k) => ({
            value: [years[k], v],
            symbol: ogi.isSimulated(ogi.spread(city.years, l.marks)[k]) ? "emptyDiamond" : "circle",
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
      rows: city.years.map((y, i) => [
        y,
        ...lines.flatMap((l) => {
          const c = l.chosen[i];
          return [
            { v: l.values[i], mark: l.marks[i] },
            c.one ? c.one.n[i] : null,
            c.one ? c.one.d[i] : null,
            c.basis ? t("basis." + c.basis) : "",
          ];
        }),
      ]),
    },
  });
};

// How cases ended, by year: numbers, stacked.
const endsFigure = (main, city, body, kind) => {
  const { t } = ogi;
  const years = ogi.span(city.years);
  const groups = ENDS.map((end) => {
    const measure = ogi.measures.get(`${kind}.${end}`);
    const [reported, compiled] = ["reported", "compiled"].map((b) => ogi.series(city, body, measure, b));
    return {
      measure,
      values: city.years.map((_, i) => (reported.v[i] !== null ? reported.v[i] : compiled.v[i])),
      marks: city.years.map((_, i) =>
        reported.v[i] !== null ? (reported.p || "")[i] : compiled.v[i] !== null ? (compiled.p || "")[i] : "-",
      ),
    };
  });
  const unit = ogi.unit("件");
  const known = groups.some((g) => g.values.some((v) => v !== null));
  ogi.figure(main, {
    title:
      t("rates." + kind, { body: ogi.bodyName(body) }) +
      (groups.some((g) => g.marks.some(ogi.isSimulated)) ? t("mark.s") : ""),
    height: 300,
    empty: known ? null : t("empty"),
    option: {
      xAxis: ogi.yearAxis(years),
      yAxis: ogi.valueAxis(unit),
      tooltip: { formatter: ogi.tip(unit) },
      series: groups.map((g, i) =>
        ogi.bar(
          t("end." + ENDS[i]),
          ogi.spread(city.years, g.values),
          ogi.palette[[2, 4, 7, 8][i]],
          ogi.spread(city.years, g.marks),
          { stack: "all" },
        ),
      ),
    },
    table: {
      columns: [
        { label: t("col.year") },
        ...ENDS.map((e) => ({ label: t("end." + e) + t("in_unit", { unit }), numeric: true, provenance: true })),
      ],
      rows: city.years.map((y, i) => [y, ...groups.map((g) => ({ v: g.values[i], mark: g.marks[i] }))]),
    },
  });
};

ogi.pages.rates = (parameters, show) => {
  const body = ogi.bodies.has(parameters.body)
    ? parameters.body
    : ogi.data.index.cities[ogi.cityAt(parameters.city)].id;
  const position = ogi.cityOf(body);
  show(["c" + position], (main) => {
    const { t } = ogi;
    const city = ogi.data["c" + position];
    const marks = ["reported", "compiled"].some((basis) =>
      ["review.total", "litigation.total"].some((key) => {
        const one = ogi.series(city, body, ogi.measures.get(key), basis);
        return one.v.some((v, i) => v !== null && ogi.isSimulated((one.p || "")[i]));
      }),
    );
    ogi.heading(main, t("rates.title", { body: ogi.bodyName(body) }), t("rates.lead"), marks);
    main.append(
      ogi.controls(
        ogi.cityChoice(position, (c) => ogi.go("rates", { body: c })),
        ogi.bodyChoice(position, body, (b) => ogi.go("rates", { body: b })),
      ),
    );
    rateFigure(main, city, body, RATES[0], t("rates.often"));
    rateFigure(main, city, body, RATES[1], t("rates.corrected"));
    endsFigure(main, city, body, "review");
    endsFigure(main, city, body, "litigation");
  });
};
