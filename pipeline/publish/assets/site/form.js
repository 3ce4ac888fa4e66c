"use strict";
// A report drawn as its statutory form: every cell with its printed text, its page, and what is said of it.

const LOOKS = ["wrong", "doubted", "asked", "derived", "decided"];

// [[value, how many], ...] as one value a cell.
const unrolled = (runs) => (runs || []).flatMap(([value, n]) => Array.from({ length: n }, () => value));

const cellTitle = (form, at, page, grid, mark) =>
  [
    form.labels[at][ogi.lang === "zh" ? 0 : 1],
    form.addresses[at],
    page ? ogi.t("cell.page", { page }) : "",
    grid === null || grid === undefined ? "" : ogi.t("cell.grid", { grid: grid + 1 }),
    mark ? ogi.t("mark." + mark[0]) : "",
  ]
    .filter(Boolean)
    .join(" · ");

const drawnCell = (form, report, places, [text, rowspan, colspan, at]) => {
  const { h, t } = ogi;
  const spans = { rowspan: rowspan > 1 ? rowspan : null, colspan: colspan > 1 ? colspan : null };
  if (at < 0) {
    return h("th", spans, text);
  }
  const mark = (report.marks || {})[form.addresses[at]];
  const raw = report.raw[at];
  const note = mark && mark[1] ? h("small", {}, "→ " + mark[1]) : null;
  const said = mark ? h("span", { class: "hidden" }, t("mark." + mark[0])) : null;
  return h(
    "td",
    {
      ...spans,
      class: mark ? mark[0] : raw === null ? "absent" : null,
      title: cellTitle(form, at, places.pages[at], places.grids[at], mark),
    },
    raw === null ? "" : raw,
    note,
    said,
  );
};

ogi.legend = () =>
  ogi.h(
    "p",
    { class: "key quiet" },
    LOOKS.map((look) => [ogi.h("span", { class: look }, ogi.t("mark." + look)), " "]),
  );

// The tables of a report; only those with a mark where `marked` is set.
ogi.drawForm = (report, form, marked) => {
  const { h } = ogi;
  const places = { pages: unrolled(report.pages), grids: unrolled(report.grids) };
  const touched = (table) =>
    table.lines.some((line) => line.some((p) => p[3] >= 0 && (report.marks || {})[form.addresses[p[3]]]));
  const filled = (table) => table.lines.some((line) => line.some((p) => p[3] >= 0 && report.raw[p[3]] !== null));
  return form.tables
    .filter((table) => (marked ? touched(table) : filled(table)))
    .map((table) =>
      h(
        "div",
        { class: "scroll drawn", tabindex: "0", role: "region", "aria-label": ogi.named(table) },
        h(
          "table",
          {},
          h("caption", {}, ogi.named(table)),
          h(
            "tbody",
            {},
            table.lines.map((line) =>
              h(
                "tr",
                {},
                line.map((p) => drawnCell(form, report, places, p)),
              ),
            ),
          ),
        ),
      ),
    );
};

// Sentences on a report: what is wrong first.
ogi.sentences = (report) => {
  const { h, t } = ogi;
  const say = (pair) => pair[ogi.lang === "zh" ? 0 : 1];
  return ["error", "warning"]
    .filter((kind) => (report[kind] || []).length)
    .map((kind) =>
      h(
        "div",
        { class: "said " + kind },
        h("h4", {}, t("severity." + kind), ` (${report[kind].length})`),
        h(
          "ul",
          {},
          report[kind].map((pair) => h("li", {}, say(pair))),
        ),
      ),
    );
};

ogi.proseLabel = (place, form) => {
  const row = place.split("/")[1];
  const found = form && form.prose[row];
  return found ? found[ogi.lang === "zh" ? 0 : 1] : place;
};
ogi.ruleName = (identity) => {
  const rule = (ogi.data.quality.rules || []).find((r) => r.id === identity);
  if (rule && rule.name) {
    return rule.name[ogi.lang === "zh" ? 0 : 1];
  }
  const part = identity.split(".")[0];
  return ogi.data.messages["rule." + part] ? ogi.t("rule." + part) : identity;
};
