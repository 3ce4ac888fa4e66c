"use strict";
// Trend: one indicator or rate of a body over the years, with the years in which the form changed.

const CHANGES = { p: "prior.predecessors", n: "prior.new", x: "prior.split", d: "prior.members_differ" };

// On an axis of numbers the line stands between the years.
ogi.breakLines = (breaks, numeric) => ({
  silent: true,
  symbol: "none",
  animation: false,
  lineStyle: { color: ogi.colour.quiet, type: "dashed" },
  label: {
    formatter: (p) => p.data.told,
    position: "insideEndTop",
    rotate: 0,
    align: "right",
    color: ogi.colour.quiet,
    distance: 6,
  },
  data: breaks.map((b) => ({
    xAxis: numeric ? b.year - 0.5 : String(b.year),
    told: ogi.t("break.short", { from: b.from, to: b.to }),
  })),
});

const trendLine = (name, years, values, marks, colour, breaks) => ({
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
  data: values.map((v, i) => ({ value: [years[i], v], symbol: ogi.isSimulated(marks[i]) ? "emptyDiamond" : "circle" })),
  markLine: breaks ? ogi.breakLines(breaks, true) : undefined,
});

const trendRows = (city, body, measure, forms) => {
  const [reported, compiled] = ["reported", "compiled"].map((b) => ogi.series(city, body, measure, b));
  const growth = (s, i) => {
    const v = (s.g || [])[i];
    const why = CHANGES[(s.b || "")[i]];
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
  const own = city.years.map((y, i) => [
    y,
    forms[i],
    { v: reported.v[i], mark: (reported.p || "")[i] },
    growth(reported, i),
    status(i),
  ]);
  return body === city.id
    ? own.map((row, i) => [
        ...row,
        { v: compiled.v[i], mark: (compiled.p || "")[i] },
        growth(compiled, i),
        compiled.n ? compiled.n[i] : null,
      ])
    : own;
};

ogi.trendFigure = (main, city, body, measure) => {
  const { t } = ogi;
  const forms = ogi.formsOf(city, body);
  const breaks = ogi.breaks(city.years, forms);
  const years = ogi.span(city.years);
  const name = ogi.named(measure);
  const unit = ogi.unit(measure.unit);
  const lines = [];
  [
    ["compiled", ogi.colour.compiled],
    ["reported", ogi.colour.reported],
  ].forEach(([basis, colour]) => {
    const one = ogi.series(city, body, measure, basis);
    if (one.v.some((v) => v !== null)) {
      const marks = [...(one.p || "")].map((m, i) => (one.v[i] === null ? "-" : m));
      lines.push(
        trendLine(
          ogi.marked(t("basis." + basis), marks.find(ogi.isSimulated)),
          years,
          ogi.spread(city.years, one.v),
          ogi.spread(city.years, marks),
          colour,
          lines.length ? null : breaks,
        ),
      );
    }
  });
  const growthColumn = { label: t("col.growth_pct"), numeric: true, show: ogi.signed };
  ogi.figure(main, {
    title: t("trend.figure", { body: ogi.bodyName(body), name }),
    note: breaks.length ? breaks.map((b) => t("break.long", b)).join(" ") : null,
    height: 340,
    empty: lines.length ? null : t("trend.empty"),
    option: {
      xAxis: ogi.timeAxis(years),
      yAxis: ogi.valueAxis(unit),
      series: lines,
      tooltip: { formatter: ogi.lineTip(unit), axisPointer: { type: "line" } },
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
          show: ogi.shown(measure),
        },
        growthColumn,
        { label: t("col.status") },
        ...(body === city.id
          ? [
              {
                label: t("basis.compiled") + t("in_unit", { unit }),
                numeric: true,
                provenance: true,
                show: ogi.shown(measure),
              },
              { ...growthColumn, label: t("col.growth_compiled") },
              { label: t("col.counted"), numeric: true },
            ]
          : []),
      ],
      rows: trendRows(city, body, measure, forms),
    },
  });
  return lines.length > 0;
};

ogi.isRestingOnSimulated = (city, body, measure) =>
  ["reported", "compiled"].some((basis) => {
    const one = ogi.series(city, body, measure, basis);
    return one.v.some((v, i) => v !== null && ogi.isSimulated((one.p || "")[i]));
  });

ogi.pages.trend = (parameters, show) => {
  const body = ogi.bodies.has(parameters.body)
    ? parameters.body
    : ogi.data.index.cities[ogi.cityAt(parameters.city)].id;
  const position = ogi.cityOf(body);
  const measure = ogi.measure(parameters.indicator);
  show(["c" + position], (main) => {
    const { h, t } = ogi;
    const city = ogi.data["c" + position];
    const next = (more) => ogi.go("trend", { body, indicator: ogi.measureKey(measure), ...more });
    ogi.heading(
      main,
      t("trend.title", { name: ogi.named(measure) }),
      t("trend.lead"),
      ogi.isRestingOnSimulated(city, body, measure),
    );
    main.append(
      ogi.controls(
        ogi.cityChoice(position, (c) => next({ body: c })),
        ogi.bodyChoice(position, body, (b) => next({ body: b })),
        ogi.measureChoice(measure, (i) => next({ indicator: i })),
      ),
    );
    ogi.trendFigure(main, city, body, measure);
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
