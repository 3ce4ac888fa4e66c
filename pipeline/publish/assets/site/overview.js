"use strict";
// Overview: what a city's bodies add up to beside what the city reported.

const HEADLINE = [
  "disclosed.items",
  "applications.new",
  "applications.carried_in",
  "applications.handled",
  "applications.carried_out",
  "review.total",
  "litigation.total",
];
const CARDS = ["disclosed.items", "applications.new", "applications.handled", "review.total", "litigation.total"];

// Both bases of an indicator in one year.
const both = (city, key, at) => {
  const measure = ogi.measures.get(key);
  const [compiled, reported] = ["compiled", "reported"].map((basis) => ogi.series(city, city.id, measure, basis));
  const difference = compiled.v[at] === null || reported.v[at] === null ? null : compiled.v[at] - reported.v[at];
  const said = ogi.measures.get(key + "_growth");
  return {
    measure,
    compiled: compiled.v[at],
    reported: reported.v[at],
    difference,
    mark: (compiled.p || "")[at],
    own: (reported.p || "")[at],
    counted: compiled.n ? compiled.n[at] : null,
    growth: (compiled.g || [])[at],
    reportedGrowth: (reported.g || [])[at],
    said: said ? ogi.series(city, city.id, said, "reported").v[at] : null,
  };
};

const card = (row) => {
  const { h, t } = ogi;
  const line = (label, value, mark) =>
    h("div", { class: "pair" }, h("dt", {}, label), h("dd", {}, value, mark ? " " : "", mark));
  const growth =
    row.growth === null || row.growth === undefined
      ? null
      : line(t("col.growth"), ogi.signed(row.growth), ogi.badge(row.mark));
  return h(
    "section",
    { class: "card" },
    h("h2", {}, ogi.measureName(row.measure)),
    h(
      "dl",
      {},
      line(t("basis.compiled"), ogi.number(row.compiled), ogi.badge(row.mark)),
      line(t("basis.reported"), ogi.number(row.reported), ogi.badge(row.own)),
      growth,
      row.said === null || row.said === undefined ? null : line(t("col.said"), ogi.signed(row.said)),
      row.difference === null ? null : line(t("col.difference"), ogi.number(row.difference)),
    ),
  );
};

const headlineTable = (rows, year) => ({
  name: ogi.t("page.overview") + year,
  columns: [
    { label: ogi.t("col.indicator") },
    { label: ogi.t("col.unit") },
    { label: ogi.t("basis.compiled"), numeric: true, provenance: true },
    { label: ogi.t("col.counted"), numeric: true },
    { label: ogi.t("col.growth_pct"), numeric: true, show: ogi.signed, provenance: true },
    { label: ogi.t("basis.reported"), numeric: true, provenance: true },
    { label: ogi.t("col.said_pct"), numeric: true, show: ogi.signed },
    { label: ogi.t("col.difference"), numeric: true },
  ],
  rows: rows.map((r) => [
    ogi.named(r.measure),
    ogi.unit(r.measure.unit),
    { v: r.compiled, mark: r.mark },
    r.counted,
    { v: r.growth === undefined ? null : r.growth, mark: r.mark },
    { v: r.reported, mark: r.own },
    r.said === undefined ? null : r.said,
    r.difference,
  ]),
});

const pairChart = (main, title, rows, note) => {
  const names = rows.map((r) => ogi.named(r.measure));
  const marks = rows.map((r) => r.mark || "-");
  const unit = ogi.unit(rows[0] ? rows[0].measure.unit : "");
  const series = [];
  if (rows.some((r) => r.compiled !== null)) {
    series.push(
      ogi.bar(
        ogi.marked(ogi.t("basis.compiled"), marks.find(ogi.isSimulated)),
        rows.map((r) => r.compiled),
        ogi.colour.compiled,
        marks,
        { label: barLabel() },
      ),
    );
  }
  if (rows.some((r) => r.reported !== null)) {
    series.push(
      ogi.bar(
        ogi.t("basis.reported"),
        rows.map((r) => r.reported),
        ogi.colour.reported,
        rows.map((r) => r.own),
        { label: barLabel() },
      ),
    );
  }
  ogi.figure(main, {
    title,
    note,
    height: 300,
    name: title,
    empty: series.length ? null : ogi.t("empty"),
    option: {
      xAxis: ogi.names(names, { axisLabel: { interval: 0, width: 90, overflow: "break" } }),
      yAxis: ogi.valueAxis(unit),
      series,
      tooltip: { formatter: ogi.tip(unit) },
    },
    table: {
      columns: [
        { label: ogi.t("col.indicator") },
        { label: ogi.t("basis.compiled"), numeric: true, provenance: true },
        { label: ogi.t("basis.reported"), numeric: true, provenance: true },
      ],
      rows: rows.map((r) => [ogi.named(r.measure), { v: r.compiled, mark: r.mark }, { v: r.reported, mark: r.own }]),
    },
  });
};
const barLabel = () => ({
  show: true,
  position: "top",
  formatter: (p) => (p.value === null ? "" : ogi.number(p.value)),
  color: ogi.colour.ink,
});

// One indicator over the years of a city, compiled beside reported.
const overYears = (main, city, key) => {
  const measure = ogi.measures.get(key);
  const [compiled, reported] = ["compiled", "reported"].map((basis) => ogi.series(city, city.id, measure, basis));
  const years = ogi.span(city.years);
  const spread = (values) => ogi.spread(city.years, values);
  const marks = spread([...(compiled.p || "")]);
  const series = [];
  if (compiled.v.some((v) => v !== null)) {
    series.push(
      ogi.bar(
        ogi.marked(ogi.t("basis.compiled"), marks.find(ogi.isSimulated)),
        spread(compiled.v),
        ogi.colour.compiled,
        marks,
        { label: barLabel() },
      ),
    );
  }
  if (reported.v.some((v) => v !== null)) {
    series.push(
      ogi.bar(ogi.t("basis.reported"), spread(reported.v), ogi.colour.reported, spread([...(reported.p || "")]), {
        label: barLabel(),
      }),
    );
  }
  ogi.figure(main, {
    title: ogi.t("overview.years", { name: ogi.named(measure) }),
    height: 300,
    empty: series.length ? null : ogi.t("empty"),
    option: {
      xAxis: ogi.yearAxis(years),
      yAxis: ogi.valueAxis(ogi.unit(measure.unit)),
      series,
      tooltip: { formatter: ogi.tip(ogi.unit(measure.unit)) },
    },
    table: {
      columns: [
        { label: ogi.t("col.year") },
        { label: ogi.t("basis.compiled"), numeric: true, provenance: true },
        { label: ogi.t("col.growth_pct"), numeric: true, show: ogi.signed },
        { label: ogi.t("basis.reported"), numeric: true, provenance: true },
      ],
      rows: city.years.map((y, i) => [
        y,
        { v: compiled.v[i], mark: (compiled.p || "")[i] },
        { v: (compiled.g || [])[i], mark: (compiled.p || "")[i] },
        { v: reported.v[i], mark: (reported.p || "")[i] },
      ]),
    },
  });
};

ogi.pages.overview = (parameters, show) => {
  const position = ogi.cityAt(parameters.city);
  show(["c" + position], (main) => {
    const { h, t } = ogi;
    const city = ogi.data["c" + position];
    const year = ogi.yearOf(city.years, parameters.year);
    const at = city.years.indexOf(year);
    const rows = HEADLINE.map((key) => both(city, key, at));
    const one = ogi.data.index.cities[position];
    const simulated = rows.some((r) => ogi.isSimulated(r.mark) || ogi.isSimulated(r.own));
    ogi.heading(
      main,
      year ? t("overview.title", { city: ogi.cityName(position), year }) : ogi.cityName(position),
      t("overview.lead", { expected: one.expected[at] || 0, loaded: one.loaded[at] || 0 }),
      simulated,
    );
    main.append(
      ogi.controls(
        ogi.cityChoice(position, (c) => ogi.go("overview", { city: c })),
        ogi.yearChoice(city.years, year, (y) => ogi.go("overview", { city: city.id, year: y })),
      ),
    );
    if (!year) {
      main.append(h("p", { class: "empty" }, t("empty")));
      return;
    }
    main.append(
      h(
        "div",
        { class: "cards" },
        CARDS.map((key) => card(rows.find((r) => r.measure.id === key))),
      ),
    );
    overYears(main, city, "disclosed.items");
    pairChart(
      main,
      t("overview.applications", { year }),
      rows.filter((r) => r.measure.id.startsWith("applications.")),
    );
    pairChart(
      main,
      t("overview.disputes", { year }),
      rows.filter((r) => r.measure.id.startsWith("review.") || r.measure.id.startsWith("litigation.")),
    );
    ogi.outcomeBars(main, city, city.id);
    main.append(
      ogi.table({ caption: t("overview.table", { city: ogi.cityName(position), year }), ...headlineTable(rows, year) }),
    );
  });
};
