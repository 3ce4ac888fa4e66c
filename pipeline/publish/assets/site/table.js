"use strict";
// Tables: sorted by buttons in their heads, filtered by a text, and taken away as CSV.

// A cell is a plain value or {v: value to sort and export, text, href, mark: provenance letter, title, class}.
const valueOf = (cell) => (cell !== null && typeof cell === "object" ? cell.v : cell);
const shownOf = (cell) => (cell !== null && typeof cell === "object" && "text" in cell ? cell.text : valueOf(cell));
const PAGE = 200;
const SOUGHT = 15;

const cellElement = (cell, column, first) => {
  const { h } = ogi;
  const value = valueOf(cell);
  const special = cell !== null && typeof cell === "object" ? cell : {};
  let text = shownOf(cell);
  if (text === value && column.numeric) {
    text = column.show ? column.show(value) : ogi.number(value);
  }
  if (text === null || text === undefined || text === "") {
    text = "—";
  }
  const inner = special.href ? h("a", { href: special.href }, text) : text;
  const attributes = {
    class: [column.numeric ? "num" : "", special.class || "", column.wide ? "wide" : ""].join(" ").trim() || null,
    title: special.title,
    lang: column.lang,
  };
  // Before a number, so that the digits of a column stand below each other.
  const badge = value === null || value === undefined ? null : ogi.badge(special.mark);
  const children = column.numeric ? [badge, " ", inner] : [inner, badge];
  return first ? h("th", { ...attributes, scope: "row" }, children) : h("td", attributes, children);
};

const compared = (a, b) => {
  const [x, y] = [valueOf(a), valueOf(b)];
  const lacking = (v) => v === null || v === undefined || v === "";
  if (lacking(x) || lacking(y)) {
    return lacking(x) - lacking(y);
  }
  return typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "zh-CN");
};

const tableCsv = (spec) =>
  ogi.csv([
    spec.columns.flatMap((c) => (c.provenance ? [c.label, ogi.t("col.provenance_of", { name: c.label })] : [c.label])),
    ...spec.rows.map((row) =>
      row.flatMap((cell, i) =>
        spec.columns[i].provenance
          ? [valueOf(cell), cell && cell.mark && cell.mark !== "-" ? ogi.provenance(cell.mark) : ""]
          : [valueOf(cell)],
      ),
    ),
  ]);

const headElement = (column, i, state, redraw) => {
  const { h, t } = ogi;
  const mine = state.sort === i;
  const direction = mine ? (state.down ? "descending" : "ascending") : "none";
  const sort = () => {
    state.down = mine ? !state.down : Boolean(column.numeric);
    state.sort = i;
    redraw(i);
  };
  return h(
    "th",
    { scope: "col", "aria-sort": direction, class: column.numeric ? "num" : null },
    h(
      "button",
      { type: "button", class: "sort", onclick: sort, title: t("table.sort") },
      column.label,
      h("span", { class: "arrow", "aria-hidden": "true" }, mine ? (state.down ? "▼" : "▲") : "↕"),
    ),
  );
};

// spec: {caption, name (of the file), columns: [{label, numeric, show, wide, lang, provenance}], rows, sort, down, tool: a further button}
ogi.table = (spec) => {
  const { h, t } = ogi;
  const state = { sort: spec.sort === undefined ? null : spec.sort, down: Boolean(spec.down), text: "", all: false };
  const place = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": spec.caption });
  const told = h("p", { class: "quiet told", role: "status" });
  const matching = () =>
    spec.rows.filter(
      (row) =>
        !state.text ||
        row.some(
          (cell) =>
            String(shownOf(cell)).toLowerCase().includes(state.text) ||
            String(valueOf(cell)).toLowerCase().includes(state.text),
        ),
    );
  const ordered = (rows) => {
    if (state.sort === null) {
      return rows;
    }
    const lacking = (row) => {
      const v = valueOf(row[state.sort]);
      return v === null || v === undefined || v === "";
    };
    const sorted = [...rows]
      .filter((row) => !lacking(row))
      .sort((a, b) => (state.down ? -1 : 1) * compared(a[state.sort], b[state.sort]));
    return [...sorted, ...rows.filter(lacking)];
  };
  const redraw = (focused) => {
    const rows = ordered(matching());
    const shown = state.all ? rows : rows.slice(0, PAGE);
    place.replaceChildren(
      h(
        "table",
        {},
        h("caption", {}, spec.caption),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            spec.columns.map((c, i) => headElement(c, i, state, redraw)),
          ),
        ),
        h(
          "tbody",
          {},
          shown.map((row) =>
            h(
              "tr",
              {},
              row.map((cell, i) => cellElement(cell, spec.columns[i], i === 0)),
            ),
          ),
        ),
      ),
    );
    const more = rows.length - shown.length;
    told.replaceChildren(
      state.text || more ? t("table.rows", { shown: shown.length, total: spec.rows.length }) : "",
      more
        ? h(
            "button",
            {
              type: "button",
              class: "small",
              onclick: () => {
                state.all = true;
                redraw();
              },
            },
            t("table.all"),
          )
        : "",
    );
    if (typeof focused === "number") {
      place.querySelectorAll("button.sort")[focused].focus();
    }
  };
  redraw();
  const filter =
    spec.rows.length > SOUGHT &&
    h(
      "label",
      { class: "filter" },
      t("table.filter"),
      h("input", {
        type: "search",
        oninput: (e) => {
          state.text = e.target.value.trim().toLowerCase();
          state.all = false;
          redraw();
        },
      }),
    );
  const download = h(
    "button",
    {
      type: "button",
      class: "small csv",
      onclick: () => ogi.save(spec.name + ".csv", tableCsv(spec), "text/csv;charset=utf-8"),
      "aria-label": t("table.csv_of", { name: spec.caption }),
    },
    t("table.csv"),
  );
  return h("div", { class: "tabled" }, h("div", { class: "tools" }, filter, spec.tool, download), place, told);
};
