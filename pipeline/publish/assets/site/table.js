"use strict";
// Tables that the reader can sort by the buttons in the header, filter by a text, and download as CSV.

// A cell is a plain value or {v: value for sorting and export, text, href, mark: provenance letter, doubt: level or number
// of the doubts, title, class, hasBadges: also without a value}.
const isEmpty = (value) => value === null || value === undefined || value === "";
const valueOf = (cell) => (cell !== null && typeof cell === "object" ? cell.v : cell);
const textOf = (cell) => (cell !== null && typeof cell === "object" && "text" in cell ? cell.text : valueOf(cell));
const MAX_INITIAL_ROWS = 200; // more are drawn on request
const MAX_ROWS_WITHOUT_FILTER = 15;
const MANY_COLUMNS = 9; // more are printed in smaller type

const cellElement = (cell, column, isFirst) => {
  const { h } = ogi;
  const value = valueOf(cell);
  const details = cell !== null && typeof cell === "object" ? cell : {};
  let text = textOf(cell);
  if (text === value && column.numeric) {
    text = column.show ? column.show(value) : ogi.number(value);
  }
  if (isEmpty(text)) {
    text = "—";
  }
  const content = details.href ? h("a", { href: details.href }, text) : text;
  const attributes = {
    class: [column.numeric ? "num" : "", details.class || "", column.wide ? "wide" : "", column.wrap ? "wrap" : ""].join(" ").trim() || null,
    title: details.title,
    lang: column.lang,
  };
  // The badge precedes a number, so that the digits of a column are aligned.
  const hasValue = (value !== null && value !== undefined) || details.hasBadges;
  const badges = hasValue ? [ogi.badge(details.mark), ogi.doubtBadge(details.doubt)] : [];
  const children = column.numeric ? [...badges, " ", content] : [content, ...badges];
  return isFirst ? h("th", { ...attributes, scope: "row" }, children) : h("td", attributes, children);
};

// Compare two cells for sorting; empty cells are last.
const compareCells = (a, b) => {
  const [x, y] = [valueOf(a), valueOf(b)];
  if (isEmpty(x) || isEmpty(y)) {
    return isEmpty(x) - isEmpty(y);
  }
  return typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "zh-CN");
};

const provenanceOf = (cell) => (cell && cell.mark && cell.mark !== "-" ? ogi.provenance(cell.mark) : "");

// Return a table as CSV. A column with provenance is followed by a column with the provenance of its values.
const tableCsv = (spec) =>
  ogi.csvText([
    spec.columns.flatMap((c) => (c.provenance ? [c.label, ogi.t("col.provenance_of", { name: c.label })] : [c.label])),
    ...spec.rows.map((row) =>
      row.flatMap((cell, i) =>
        spec.columns[i].provenance
          ? [valueOf(cell), [provenanceOf(cell), cell && cell.doubt ? ogi.t("doubt") : ""].filter(Boolean).join(" ")]
          : [valueOf(cell)],
      ),
    ),
  ]);

const headerElement = (column, i, state, redraw) => {
  const { h, t } = ogi;
  const isSortColumn = state.sort === i;
  const direction = isSortColumn ? (state.isDescending ? "descending" : "ascending") : "none";
  const sort = () => {
    state.isDescending = isSortColumn ? !state.isDescending : Boolean(column.numeric);
    state.sort = i;
    redraw(i);
  };
  return h(
    "th",
    { scope: "col", "aria-sort": direction, class: column.numeric ? "num" : null, "data-label": column.label },
    h(
      "button",
      { type: "button", class: "sort", onclick: sort, title: t("table.sort") },
      column.label,
      h("span", { class: "arrow", "aria-hidden": "true" }, isSortColumn ? (state.isDescending ? "▼" : "▲") : "↕"),
    ),
  );
};

// Return a table with its tools. spec: {caption, name of the file, columns, rows, sort: index of the column, down:
// descending, tool: another button}. A column is {label, numeric, show: formatter, wide, wrap: in narrow columns, lang, provenance}.
ogi.table = (spec) => {
  const { h, t } = ogi;
  const state = {
    sort: spec.sort === undefined ? null : spec.sort,
    isDescending: Boolean(spec.down),
    text: "",
    showsAllRows: false,
  };
  const scrollBox = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": spec.caption });
  const status = h("p", { class: "quiet table-status", role: "status" });
  const matchingRows = () =>
    spec.rows.filter(
      (row) =>
        !state.text ||
        row.some(
          (cell) =>
            String(textOf(cell)).toLowerCase().includes(state.text) ||
            String(valueOf(cell)).toLowerCase().includes(state.text),
        ),
    );
  const sortRows = (rows) => {
    if (state.sort === null) {
      return rows;
    }
    const lacksValue = (row) => isEmpty(valueOf(row[state.sort]));
    const sorted = [...rows]
      .filter((row) => !lacksValue(row))
      .sort((a, b) => (state.isDescending ? -1 : 1) * compareCells(a[state.sort], b[state.sort]));
    return [...sorted, ...rows.filter(lacksValue)];
  };
  const redraw = (focusedColumn) => {
    const rows = sortRows(matchingRows());
    const visibleRows = state.showsAllRows ? rows : rows.slice(0, MAX_INITIAL_ROWS);
    scrollBox.replaceChildren(
      h(
        "table",
        { class: spec.columns.length > MANY_COLUMNS ? "many-columns" : null },
        h("caption", {}, spec.caption),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            spec.columns.map((c, i) => headerElement(c, i, state, redraw)),
          ),
        ),
        h(
          "tbody",
          {},
          visibleRows.map((row) =>
            h(
              "tr",
              {},
              row.map((cell, i) => cellElement(cell, spec.columns[i], i === 0)),
            ),
          ),
        ),
      ),
    );
    const hiddenCount = rows.length - visibleRows.length;
    status.replaceChildren(
      state.text || hiddenCount ? t("table.rows", { shown: visibleRows.length, total: spec.rows.length }) : "",
      hiddenCount
        ? h(
            "button",
            {
              type: "button",
              class: "small",
              onclick: () => {
                state.showsAllRows = true;
                redraw();
              },
            },
            t("table.all"),
          )
        : "",
    );
    if (typeof focusedColumn === "number") {
      scrollBox.querySelectorAll("button.sort")[focusedColumn].focus();
    }
  };
  redraw();
  const filter =
    spec.rows.length > MAX_ROWS_WITHOUT_FILTER &&
    h(
      "label",
      { class: "filter" },
      t("table.filter"),
      h("input", {
        type: "search",
        oninput: (e) => {
          state.text = e.target.value.trim().toLowerCase();
          state.showsAllRows = false;
          redraw();
        },
      }),
    );
  const download = h(
    "button",
    {
      type: "button",
      class: "small csv",
      onclick: () => ogi.saveFile(spec.name + ".csv", tableCsv(spec), "text/csv;charset=utf-8"),
      "aria-label": t("table.csv_of", { name: spec.caption }),
    },
    t("table.csv"),
  );
  return h("div", { class: "table-box" }, h("div", { class: "tools" }, filter, spec.tool, download), scrollBox, status);
};

// Return a table with a row per member and a column per year. cell(member, position of the year, year) gives a cell.
ogi.memberTable = (caption, members, years, cell) =>
  ogi.table({
    caption,
    name: caption,
    columns: [
      { label: ogi.t("col.body") },
      { label: ogi.t("col.level") },
      ...years.map((y) => ({ label: String(y), provenance: true })),
    ],
    rows: members.map((m) => [
      { v: m.name, href: ogi.link("body", { id: m.id }) },
      ogi.t("level." + m.level),
      ...years.map((y, i) => cell(m, i, y)),
    ]),
  });
