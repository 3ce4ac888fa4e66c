"use strict";
// A report drawn as its statutory form: each cell with its printed text, its page and its mark.

// Marks of cells, which are also CSS classes.
const CELL_MARKS = ["wrong", "doubted", "asked", "derived", "decided"];

// Expand runs [[value, length], ...] to one value per cell.
const expandRuns = (runs) => (runs || []).flatMap(([value, n]) => Array.from({ length: n }, () => value));

// Return the tooltip of a cell. `cellIndex` is the index of its address in the form.
const cellTitle = (form, cellIndex, page, grid, mark) =>
  [
    form.labels[cellIndex][ogi.lang === "zh" ? 0 : 1],
    form.addresses[cellIndex],
    page ? ogi.t("cell.page", { page }) : "",
    grid === null || grid === undefined ? "" : ogi.t("cell.grid", { grid: grid + 1 }),
    mark ? ogi.t("mark." + mark[0]) : "",
  ]
    .filter(Boolean)
    .join(" · ");

const cellOfForm = (form, report, places, [text, rowspan, colspan, cellIndex]) => {
  const { h, t } = ogi;
  const spans = { rowspan: rowspan > 1 ? rowspan : null, colspan: colspan > 1 ? colspan : null };
  if (cellIndex < 0) {
    return h("th", spans, text);
  }
  const mark = (report.marks || {})[form.addresses[cellIndex]];
  const raw = report.raw[cellIndex];
  const note = mark && mark[1] ? h("small", {}, "→ " + mark[1]) : null;
  const hiddenText = mark ? h("span", { class: "hidden" }, t("mark." + mark[0])) : null;
  return h(
    "td",
    {
      ...spans,
      class: mark ? mark[0] : raw === null ? "absent" : null,
      title: cellTitle(form, cellIndex, places.pages[cellIndex], places.grids[cellIndex], mark),
    },
    raw === null ? "" : raw,
    note,
    hiddenText,
  );
};

ogi.markLegend = () =>
  ogi.h(
    "p",
    { class: "key quiet" },
    CELL_MARKS.map((mark) => [ogi.h("span", { class: mark }, ogi.t("mark." + mark)), " "]),
  );

// Return the tables of a report that have a text, or with `onlyMarked` those that have a marked cell.
ogi.drawForm = (report, form, onlyMarked) => {
  const { h } = ogi;
  const places = { pages: expandRuns(report.pages), grids: expandRuns(report.grids) };
  const hasMark = (table) =>
    table.lines.some((line) => line.some((p) => p[3] >= 0 && (report.marks || {})[form.addresses[p[3]]]));
  const hasText = (table) => table.lines.some((line) => line.some((p) => p[3] >= 0 && report.raw[p[3]] !== null));
  return form.tables
    .filter((table) => (onlyMarked ? hasMark(table) : hasText(table)))
    .map((table) =>
      h(
        "div",
        { class: "scroll form-table", tabindex: "0", role: "region", "aria-label": ogi.nameOf(table) },
        h(
          "table",
          {},
          h("caption", {}, ogi.nameOf(table)),
          h(
            "tbody",
            {},
            table.lines.map((line) =>
              h(
                "tr",
                {},
                line.map((p) => cellOfForm(form, report, places, p)),
              ),
            ),
          ),
        ),
      ),
    );
};

// Return the sentences about a report: errors, warnings, then the findings that a person explained.
ogi.sentenceLists = (report) => {
  const { h, t } = ogi;
  const textOf = (pair) => pair[ogi.lang === "zh" ? 0 : 1];
  return ["error", "warning", "answered"]
    .filter((kind) => (report[kind] || []).length)
    .map((kind) =>
      h(
        "div",
        { class: "sentences " + kind },
        h("h4", {}, t("severity." + kind), ` (${report[kind].length})`),
        h(
          "ul",
          {},
          report[kind].map((pair) => h("li", {}, textOf(pair))),
        ),
      ),
    );
};

// Return the label of a figure in the prose by its address.
ogi.proseLabel = (place, form) => {
  const row = place.split("/")[1];
  const label = form && form.prose[row];
  return label ? label[ogi.lang === "zh" ? 0 : 1] : place;
};
// Return the name of an identity; for an edit without a name, that of its group.
ogi.ruleName = (identity) => {
  const rule = (ogi.data.quality.rules || []).find((r) => r.id === identity);
  if (rule && rule.name) {
    return rule.name[ogi.lang === "zh" ? 0 : 1];
  }
  const group = identity.split(".")[0];
  return ogi.data.messages["rule." + group] ? ogi.t("rule." + group) : identity;
};
