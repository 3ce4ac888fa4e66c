"use strict";
// Overview, the first page: a group in one year against the year before, what is missing and wrong, and what changed most.

const MAX_CARDS = 6;
const CARDLESS_INDICATORS = ["applications.carried_in"]; // repeats what was carried out the year before

// Return a card: the figure of the year, that of the year before, the change, and a discrepancy if there is one.
const card = (row, year, basisName, stated) => {
  const { h, t } = ogi;
  const line = (label, value, ...marks) =>
    h("div", { class: "pair" }, h("dt", {}, label), h("dd", {}, value, marks.filter(Boolean).map((mark) => [" ", mark])));
  const why = PRIOR_BASIS_MESSAGES[row.whyNoPrior];
  return h(
    "section",
    { class: "card" },
    h("h2", {}, ogi.measureName(row.measure)),
    h("p", { class: "main-figure" }, ogi.number(row.value), " ", ogi.badge(row.mark), " ", ogi.doubtBadge(row.doubt)),
    h("p", { class: "quiet" }, basisName),
    h(
      "dl",
      {},
      row.members
        ? line(t("same_members", { members: row.members }), `${ogi.number(row.prior)} → ${ogi.number(row.base)}`)
        : line(String(year - 1), row.prior === null ? t(why || "prior.none") : ogi.number(row.prior), ogi.badge(row.priorMark)),
      row.change === null ? null : line(t("col.change"), ogi.changeText(row)),
      isKnown(stated) ? line(t("col.said"), ogi.signedPercent(stated)) : null,
      row.basis === "compiled" && row.reported !== null
        ? line(t("basis.reported"), ogi.number(row.reported), ogi.badge(row.reportedMark), ogi.doubtBadge(row.reportedDoubt))
        : null,
      row.discrepancy ? h("div", { class: "differs" }, line(t("col.difference"), ogi.signed(row.discrepancy))) : null,
    ),
  );
};

const headlineTable = (rows, year) => ({
  name: ogi.t("page.overview") + year,
  columns: [
    { label: ogi.t("col.indicator") },
    { label: ogi.t("col.unit") },
    { label: String(year), numeric: true, provenance: true },
    { label: ogi.t("col.basis") },
    { label: ogi.t("col.counted"), numeric: true },
    { label: String(year - 1), numeric: true, provenance: true },
    { label: ogi.t("col.change"), numeric: true, show: ogi.signed },
    { label: ogi.t("col.change_pct"), numeric: true, show: ogi.signedPercent },
    { label: ogi.t("basis.reported"), numeric: true, provenance: true },
    { label: ogi.t("col.difference"), numeric: true, show: ogi.signed },
  ],
  rows: rows.map((r) => [
    ogi.nameOf(r.measure),
    ogi.unit(r.measure.unit),
    { v: r.value, mark: r.mark, doubt: r.doubt },
    ogi.t("basis." + r.basis),
    r.membersCounted,
    { v: r.members ? null : r.prior, mark: r.priorMark },
    r.change,
    r.percent,
    { v: r.reported, mark: r.reportedMark, doubt: r.reportedDoubt },
    r.discrepancy,
  ]),
});

// Return the growth that the report states in its prose, if it has one.
const statedGrowth = (group, row, yearIndex) => {
  const measure = ogi.measures.get(row.measure.id + "_growth");
  return measure ? ogi.series(group, group.id, measure, "reported").v[yearIndex] : null;
};

const drawOverview = (main, group, position, year, parameters) => {
  const { h, t } = ogi;
  const yearIndex = group.years.indexOf(year);
  const rows = HEADLINE_INDICATORS.map((key) => ogi.compared(group, position, ogi.measures.get(key), yearIndex)).filter(
    (r) => r.value !== null || r.prior !== null,
  );
  const measure = ogi.measures.get(parameters.indicator) || ogi.defaultMemberMeasure(group, year);
  const basisName = (r) => (r.basis === "compiled" ? ogi.basisName("compiled", position, yearIndex) : t("basis.reported"));
  const cardRows = rows.filter((r) => !CARDLESS_INDICATORS.includes(r.measure.id)).slice(0, MAX_CARDS);
  const cards = cardRows.map((r) => card(r, year, basisName(r), statedGrowth(group, r, yearIndex)));
  main.append(cards.length ? h("div", { class: "cards" }, cards) : h("p", { class: "empty" }, t("overview.no_figures", { year })));
  main.append(ogi.statePanels(group, position, yearIndex));
  ogi.changesFigure(main, group, position, yearIndex);
  ogi.multiplesFigure(main, group, position);
  if (ogi.membersOf(position).length > 1) {
    const openWith = (indicator) => ogi.openPage("overview", { group: group.id, year, indicator });
    main.append(ogi.controls(ogi.measureChoice(measure, openWith)));
    ogi.spreadFigure(main, group, position, measure, yearIndex);
  }
  ogi.outcomeBars(main, group, group.id);
  main.append(
    ogi.table({ caption: t("overview.table", { group: ogi.groupName(position), year }), ...headlineTable(rows, year) }),
  );
};

ogi.pages.overview = (parameters, show) => {
  const position = ogi.groupPosition(parameters.group);
  show(["c" + position], (main) => {
    const { h, t } = ogi;
    const group = ogi.data["c" + position];
    const year = ogi.yearOrLast(group.years, parameters.year);
    const yearIndex = group.years.indexOf(year);
    const { expected, counted } = ogi.data.index.groups[position];
    const shown = [yearIndex, yearIndex - 1].filter((i) => i >= 0);
    const hasSimulated = HEADLINE_INDICATORS.some((key) =>
      BASES.some((basis) => {
        const series = ogi.series(group, group.id, ogi.measures.get(key), basis);
        return shown.some((i) => isKnown(series.v[i]) && ogi.isSimulated((series.p || "")[i]));
      }),
    );
    ogi.heading(
      main,
      year ? t("overview.title", { group: ogi.groupName(position), year }) : ogi.groupName(position),
      t("overview.lead", { expected: expected[yearIndex] || 0, counted: counted[yearIndex] || 0 }),
      hasSimulated,
      ogi.partialNotice(position, group.years),
    );
    main.append(
      ogi.controls(
        ogi.groupChoice(position, (c) => ogi.openPage("overview", { group: c })),
        ogi.yearChoice(group.years, year, (y) => ogi.openPage("overview", { group: group.id, year: y })),
      ),
    );
    if (year) {
      drawOverview(main, group, position, year, parameters);
    } else {
      main.append(h("p", { class: "empty" }, t("empty")));
    }
  });
};
