"use strict";
// Overview: the compiled totals of a group next to its reported ones.

const HEADLINE_INDICATORS = [
  "disclosed.items",
  "applications.new",
  "applications.carried_in",
  "applications.handled",
  "applications.carried_out",
  "review.total",
  "litigation.total",
];
const CARD_INDICATORS = [
  "disclosed.items",
  "applications.new",
  "applications.handled",
  "review.total",
  "litigation.total",
];

// Return the compiled and the reported figure of an indicator in one year. `yearIndex` is that of the year.
const headlineRow = (group, key, yearIndex) => {
  const measure = ogi.measures.get(key);
  const [compiled, reported] = ["compiled", "reported"].map((basis) => ogi.series(group, group.id, measure, basis));
  const difference =
    compiled.v[yearIndex] === null || reported.v[yearIndex] === null
      ? null
      : compiled.v[yearIndex] - reported.v[yearIndex];
  const growthInProse = ogi.measures.get(key + "_growth");
  return {
    measure,
    compiled: compiled.v[yearIndex],
    reported: reported.v[yearIndex],
    difference,
    compiledMark: (compiled.p || "")[yearIndex],
    reportedMark: (reported.p || "")[yearIndex],
    compiledDoubt: (compiled.x || [])[yearIndex],
    reportedDoubt: (reported.x || [])[yearIndex],
    membersCounted: compiled.n ? compiled.n[yearIndex] : null,
    growth: (compiled.g || [])[yearIndex],
    growthInProse: growthInProse ? ogi.series(group, group.id, growthInProse, "reported").v[yearIndex] : null,
  };
};

const card = (row, compiledName) => {
  const { h, t } = ogi;
  const line = (label, value, mark, doubt) =>
    h("div", { class: "pair" }, h("dt", {}, label), h("dd", {}, value, mark ? " " : "", mark, doubt ? " " : "", doubt));
  const growth =
    row.growth === null || row.growth === undefined
      ? null
      : line(t("col.growth"), ogi.signedPercent(row.growth), ogi.badge(row.compiledMark));
  return h(
    "section",
    { class: "card" },
    h("h2", {}, ogi.measureName(row.measure)),
    h(
      "dl",
      {},
      line(compiledName, ogi.number(row.compiled), ogi.badge(row.compiledMark), ogi.doubtBadge(row.compiledDoubt)),
      line(
        t("basis.reported"),
        ogi.number(row.reported),
        ogi.badge(row.reportedMark),
        ogi.doubtBadge(row.reportedDoubt),
      ),
      growth,
      row.growthInProse === null || row.growthInProse === undefined
        ? null
        : line(t("col.said"), ogi.signedPercent(row.growthInProse)),
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
    { label: ogi.t("col.growth_pct"), numeric: true, show: ogi.signedPercent, provenance: true },
    { label: ogi.t("basis.reported"), numeric: true, provenance: true },
    { label: ogi.t("col.said_pct"), numeric: true, show: ogi.signedPercent },
    { label: ogi.t("col.difference"), numeric: true },
  ],
  rows: rows.map((r) => [
    ogi.nameOf(r.measure),
    ogi.unit(r.measure.unit),
    { v: r.compiled, mark: r.compiledMark, doubt: r.compiledDoubt },
    r.membersCounted,
    { v: r.growth === undefined ? null : r.growth, mark: r.compiledMark },
    { v: r.reported, mark: r.reportedMark, doubt: r.reportedDoubt },
    r.growthInProse === undefined ? null : r.growthInProse,
    r.difference,
  ]),
});

ogi.pages.overview = (parameters, show) => {
  const position = ogi.groupPosition(parameters.group);
  show(["c" + position], (main) => {
    const { h, t } = ogi;
    const group = ogi.data["c" + position];
    const year = ogi.yearOrLast(group.years, parameters.year);
    const yearIndex = group.years.indexOf(year);
    const rows = HEADLINE_INDICATORS.map((key) => headlineRow(group, key, yearIndex));
    const groupEntry = ogi.data.index.groups[position];
    const hasSimulated = rows.some((r) => ogi.isSimulated(r.compiledMark) || ogi.isSimulated(r.reportedMark));
    ogi.heading(
      main,
      year ? t("overview.title", { group: ogi.groupName(position), year }) : ogi.groupName(position),
      t("overview.lead", { expected: groupEntry.expected[yearIndex] || 0, counted: groupEntry.counted[yearIndex] || 0 }),
      hasSimulated,
      ogi.partialNotice(position, group.years),
    );
    main.append(
      ogi.controls(
        ogi.groupChoice(position, (c) => ogi.openPage("overview", { group: c })),
        ogi.yearChoice(group.years, year, (y) => ogi.openPage("overview", { group: group.id, year: y })),
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
        CARD_INDICATORS.map((key) =>
          card(
            rows.find((r) => r.measure.id === key),
            ogi.basisName("compiled", position, yearIndex),
          ),
        ),
      ),
    );
    yearsFigure(main, group, "disclosed.items");
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
    ogi.outcomeBars(main, group, group.id);
    main.append(
      ogi.table({ caption: t("overview.table", { group: ogi.groupName(position), year }), ...headlineTable(rows, year) }),
    );
  });
};
