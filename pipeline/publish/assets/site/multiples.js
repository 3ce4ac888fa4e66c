"use strict";
// Small multiples: one small chart per headline indicator of a group, each with its own scale, over the same years.

const PANEL_HEIGHT_PX = 150;
const PANEL_TITLE_PX = 44;

// Return whether a point of the compiled line is below that of the reported one, whose line would cross its label.
const isBelow = (group, measure, [year, value]) => {
  const reported = ogi.series(group, group.id, measure, "reported").v[group.years.indexOf(year)];
  return isKnown(value) && isKnown(reported) && value < reported;
};

// Return the parts of the chart for one panel. `place` has the column, row and the number of columns.
const panelOf = (group, measure, years, i, columns) => {
  const [column, row] = [i % columns, Math.floor(i / columns)];
  const left = (100 * column) / columns + 1.5;
  const top = 30 + row * PANEL_HEIGHT_PX;
  const lines = ["compiled", "reported"]
    .map((basis) => ({ basis, series: ogi.series(group, group.id, measure, basis) }))
    .filter(({ series }) => series.v.some(isKnown))
    .map(({ basis, series }, lineNumber) => {
      const marks = ogi.fillYears(group.years, [...(series.p || "")]).map((m) => m || "-");
      const cutYears = group.years.filter((_, k) => (series.b || "")[k] === "k");
      const points = trendPoints(years, ogi.fillYears(group.years, series.v), marks, cutYears).map((p) => ({
        ...p,
        label: { position: isBelow(group, measure, p.value) ? "bottom" : "top" },
      }));
      return {
        ...trendLine(ogi.t("basis." + basis), points, marks, ogi.colour[basis], null),
        xAxisIndex: i,
        yAxisIndex: i,
        symbolSize: 6,
        label: {
          show: lineNumber === 0,
          fontSize: 11,
          color: ogi.colour.ink,
          formatter: (p) => (isKnown(p.value[1]) ? ogi.number(p.value[1]) : ""),
        },
      };
    });
  return {
    title: {
      text: ogi.measureName(measure),
      left: left + "%",
      top,
      textStyle: { fontSize: 12, fontWeight: 600, color: ogi.colour.ink, width: 150, overflow: "truncate" },
    },
    grid: { left: left + 1 + "%", width: 100 / columns - 6 + "%", top: top + PANEL_TITLE_PX, height: 62 },
    xAxis: {
      ...ogi.timeAxis(years),
      gridIndex: i,
      name: "",
      axisTick: { show: false },
      axisLabel: { customValues: [years[0], years[years.length - 1]], formatter: String, fontSize: 11 },
    },
    yAxis: {
      type: "value",
      gridIndex: i,
      min: 0,
      axisLabel: { show: false },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    lines,
  };
};

// Append the figure of the headline indicators over the years.
ogi.multiplesFigure = (main, group, position) => {
  const { t } = ogi;
  const years = ogi.allYears(group.years);
  const measures = HEADLINE_INDICATORS.map((key) => ogi.measures.get(key)).filter((m) =>
    group.years.some((_, i) => ogi.hasFigure(group, group.id, m, i)),
  );
  const columns = main.clientWidth < NARROW_PAGE_PX ? 2 : 4;
  const panels = measures.map((m, i) => panelOf(group, m, years, i, columns));
  const bases = ["compiled", "reported"];
  const isSimulated = measures.some((m) => ogi.hasSimulatedValue(group, group.id, m));
  ogi.figure(main, {
    title: t("multiples.title", { group: ogi.groupName(position) }) + (isSimulated ? t("mark.s") : ""),
    note: t("multiples.note"),
    height: 40 + PANEL_HEIGHT_PX * Math.ceil(panels.length / columns),
    empty: panels.length ? null : t("empty"),
    option: {
      title: panels.map((p) => p.title),
      grid: panels.map((p) => p.grid),
      xAxis: panels.map((p) => p.xAxis),
      yAxis: panels.map((p) => p.yAxis),
      series: panels.flatMap((p) => p.lines),
      tooltip: { trigger: "item", formatter: (p) => `${p.seriesName} ${p.value[0]}${t("colon")}${ogi.number(p.value[1])}` },
    },
    table: {
      columns: [
        { label: t("col.indicator"), wide: true },
        ...group.years.flatMap((y) =>
          bases.map((b) => ({ label: `${y} ${t("basis." + b)}`, numeric: true, provenance: true })),
        ),
      ],
      rows: measures.map((m) => [
        ogi.measureName(m),
        ...group.years.flatMap((_, i) =>
          bases.map((b) => {
            const series = ogi.series(group, group.id, m, b);
            return { v: series.v[i], mark: (series.p || "")[i], doubt: (series.x || [])[i] };
          }),
        ),
      ]),
    },
  });
};
