"use strict";
// The spread of the members: one dot per member and year, so that a person sees who is far from the others.

const NAMED_MEMBERS = 2; // the members with the highest figures of the year are named
const STRIP_OFFSETS = [0, 0.14, -0.14, 0.26, -0.26]; // dots next to each other do not cover each other

const medianOf = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

// Return a row per member and year with a figure, the lowest first.
const spreadRows = (group, position, measure) =>
  ogi
    .membersOf(position)
    .filter((b) => b.id !== group.id)
    .flatMap((b) => {
      const series = ogi.series(group, b.id, measure, "reported");
      return series.v
        .map((value, i) => ({ id: b.id, name: b.name, yearIndex: i, value, mark: (series.p || "")[i], doubt: (series.x || [])[i] }))
        .filter((r) => isKnown(r.value));
    })
    .sort((a, b) => a.value - b.value);

// Return the dots of one year.
const stripDots = (rows, yearIndex, isCurrent, hasNames) => {
  const own = rows.filter((r) => r.yearIndex === yearIndex);
  return own.map((r, i) => ({
    name: r.name,
    id: r.id + "@" + yearIndex,
    value: [r.value, yearIndex + STRIP_OFFSETS[i % STRIP_OFFSETS.length]],
    symbol: dotSymbol(r.mark),
    itemStyle: { color: isCurrent ? ogi.colour.reported : "#9aa7bb" },
    label: {
      show: hasNames && isCurrent && i >= own.length - NAMED_MEMBERS,
      formatter: r.name,
      position: "top",
      color: ogi.colour.ink,
      fontSize: 11,
    },
  }));
};

const spreadOption = (rows, years, yearIndex, unit, isNarrow) => {
  const shownYears = years.map((_, i) => i).filter((i) => rows.some((r) => r.yearIndex === i));
  const medians = shownYears.map((i) => [medianOf(rows.filter((r) => r.yearIndex === i).map((r) => r.value)), i]);
  const first = Math.min(...shownYears);
  const last = Math.max(...shownYears);
  return {
    legend: { show: false },
    grid: { left: 8, right: 24, top: 12, bottom: 34, containLabel: true },
    xAxis: { ...ogi.unitAxis(unit), axisLine: { onZero: false } },
    yAxis: {
      type: "value",
      min: first - 0.5,
      max: last + 0.5,
      splitLine: { show: false },
      axisTick: { show: false },
      axisLabel: { customValues: shownYears, formatter: (i) => String(years[i]) },
    },
    tooltip: { trigger: "item", formatter: (p) => `${p.name}${ogi.t("colon")}${ogi.number(p.value[0])} ${unit}` },
    series: [
      {
        type: "scatter",
        symbolSize: 10,
        labelLayout: { hideOverlap: true },
        data: shownYears.flatMap((i) => stripDots(rows, i, i === yearIndex, !isNarrow)),
      },
      {
        type: "scatter",
        symbol: "rect",
        symbolSize: [3, 30],
        itemStyle: { color: ogi.colour.compiled },
        data: medians.map((value) => ({ name: ogi.t("spread.median"), value })),
      },
    ],
  };
};

// Append the figure of the members' figures of an indicator.
ogi.spreadFigure = (main, group, position, measure, yearIndex) => {
  const { t } = ogi;
  const rows = spreadRows(group, position, measure);
  const years = group.years;
  const yearCount = new Set(rows.map((r) => r.yearIndex)).size;
  const unit = ogi.unit(measure.unit);
  const isSimulated = rows.some((r) => ogi.isSimulated(r.mark));
  const current = rows.filter((r) => r.yearIndex === yearIndex).reverse();
  ogi.figure(main, {
    title: t("spread.title", { group: ogi.groupName(position), name: ogi.nameOf(measure) }) + (isSimulated ? t("mark.s") : ""),
    note: t("spread.note"),
    height: 60 + 62 * Math.max(yearCount, 1),
    empty: rows.length ? null : t("empty"),
    onclick: (p) => p.data.id && ogi.openPage("body", { id: p.data.id.split("@")[0] }),
    option: rows.length ? spreadOption(rows, years, yearIndex, unit, main.clientWidth < NARROW_PAGE_PX) : {},
    table: {
      columns: [
        { label: t("col.body") },
        { label: `${ogi.measureName(measure)} ${years[yearIndex]}`, numeric: true, provenance: true, show: ogi.formatterOf(measure) },
      ],
      rows: current.map((r) => [
        { v: r.name, href: ogi.link("body", { id: r.id, year: years[yearIndex] }) },
        { v: r.value, mark: r.mark, doubt: r.doubt },
      ]),
    },
  });
};
