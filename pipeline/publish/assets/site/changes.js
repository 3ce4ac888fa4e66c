"use strict";
// The largest changes of a group against the year before, as pairs of dots and as a table.

const MAX_CHANGES = 10;
const MIN_CHANGE = 10; // a smaller change of a count is not listed

// The weight of a change: relative to the larger figure, times the square root of that figure, as `ogi compile` weighs.
const weightOfChange = (row) => Math.abs(row.change) / Math.sqrt(Math.max(Math.abs(row.base), Math.abs(row.prior)));

// Return the largest changes of totals, the largest first.
ogi.largestChanges = (group, position, yearIndex) =>
  [...ogi.measures.values()]
    .filter((m) => !m.rate && !m.id.endsWith("_growth") && !m.id.endsWith(".growth"))
    .map((m) => ogi.compared(group, position, m, yearIndex))
    .filter((row) => row.change !== null && Math.abs(row.change) >= MIN_CHANGE)
    .sort((a, b) => weightOfChange(b) - weightOfChange(a))
    .slice(0, MAX_CHANGES);

const dotSymbol = (mark) => (ogi.isSimulated(mark) ? "emptyDiamond" : "circle");
// Return a series of dots, one per row: the share in percent of the larger of the two figures of the row.
const changeDots = (name, rows, key, markKey, colour) => ({
  type: "scatter",
  name,
  symbolSize: 13,
  itemStyle: { color: colour },
  z: 3,
  data: rows.map((r, i) => ({
    value: [(100 * r[key]) / Math.max(r.base, r.prior), i],
    symbol: dotSymbol(r[markKey]),
  })),
});
const changeLines = (rows) => ({
  type: "custom",
  silent: true,
  renderItem: (_, api) => {
    const [from, to] = [0, 1].map((i) => api.coord([api.value(i), api.value(2)]));
    const shape = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
    return { type: "line", shape, style: { stroke: "#9aa7bb", lineWidth: 3 } };
  },
  data: rows.map((r, i) => {
    const larger = Math.max(r.base, r.prior);
    return [(100 * r.prior) / larger, (100 * r.base) / larger, i];
  }),
});

const changesOption = (rows, year, isNarrow) => ({
  legend: { top: 0, left: 0, data: [year - 1, year].map(String), textStyle: { color: ogi.colour.ink } },
  grid: { left: 8, right: 8, top: 34, bottom: 8, containLabel: true },
  xAxis: {
    type: "value",
    min: 0,
    max: 100,
    axisLabel: { show: false },
    splitLine: { lineStyle: { color: ogi.colour.line } },
  },
  yAxis: [
    ogi.nameAxis(
      rows.map((r) => ogi.nameOf(r.measure)),
      { inverse: true, axisLabel: { interval: 0, width: isNarrow ? 104 : 260, overflow: "break", lineHeight: 14 } },
    ),
    ogi.nameAxis(
      rows.map((r) => `${ogi.number(r.prior)} → ${ogi.number(r.base)}${isNarrow ? "\n" : " "}${ogi.changeText(r)}`),
      { inverse: true, position: "right", axisLabel: { interval: 0, lineHeight: 14 }, axisLine: { show: false } },
    ),
  ],
  tooltip: {
    trigger: "item",
    formatter: (p) => {
      const row = rows[p.dataIndex];
      return `${ogi.nameOf(row.measure)}\n${ogi.number(row.prior)} → ${ogi.number(row.base)} ${ogi.changeText(row)}`;
    },
  },
  series: [
    changeLines(rows),
    changeDots(String(year - 1), rows, "prior", "priorMark", "#8fa3bf"),
    changeDots(String(year), rows, "base", "mark", ogi.colour.reported),
  ],
});

// Append the figure of the largest changes.
ogi.changesFigure = (main, group, position, yearIndex) => {
  const { t } = ogi;
  const year = group.years[yearIndex];
  const rows = ogi.largestChanges(group, position, yearIndex);
  const drawn = rows.filter((r) => r.base >= 0 && r.prior >= 0); // a share of the larger figure needs two of one sign
  const isNarrow = main.clientWidth < NARROW_PAGE_PX;
  const hasSimulated = rows.some((r) => ogi.isSimulated(r.mark) || ogi.isSimulated(r.priorMark));
  ogi.figure(main, {
    title:
      t("changes.title", { group: ogi.groupName(position), year, prior: year - 1 }) + (hasSimulated ? t("mark.s") : ""),
    note: rows.length ? t("changes.note") + (rows.some((r) => r.members) ? t("changes.same_members") : "") : null,
    height: Math.max(120, drawn.length * (isNarrow ? 46 : 34) + 50),
    empty: drawn.length ? null : rows.length ? t("empty") : t("changes.none"),
    option: changesOption(drawn, year, isNarrow),
    table: {
      columns: [
        { label: t("col.indicator"), wide: true },
        { label: t("col.unit") },
        { label: String(year - 1), numeric: true, provenance: true },
        { label: String(year), numeric: true, provenance: true },
        { label: t("col.change"), numeric: true, show: ogi.signed },
        { label: t("col.change_pct"), numeric: true, show: ogi.signedPercent },
      ],
      rows: rows.map((r) => [
        ogi.nameOf(r.measure),
        ogi.unit(r.measure.unit),
        { v: r.prior, mark: r.priorMark, title: t("from." + r.priorBasis) },
        { v: r.base, mark: r.mark, doubt: r.doubt },
        r.change,
        r.percent,
      ]),
    },
  });
};
