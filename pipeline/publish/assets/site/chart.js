"use strict";
// Charts, each with its table and downloads. They are drawn as SVG, so that they are sharp on paper.

ogi.colour = { reported: "#1f5fa8", compiled: "#d9822b", ink: "#1c2330", quiet: "#566074", line: "#d5dae3" };
ogi.palette = ["#1f5fa8", "#d9822b", "#2c8c74", "#8e5aa8", "#b3443c", "#7a7f2a", "#3f9bc4", "#a0703c", "#5b6474"];
// Hatching marks a bar as simulated, also in print without colours.
ogi.hatching = {
  symbol: "rect",
  dashArrayX: [1, 0],
  dashArrayY: [3, 4],
  rotation: -Math.PI / 4,
  color: "rgba(255,255,255,.55)",
};

const prefersReducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const NARROW_PAGE_PX = 620; // the width of a phone, on which labels are shorter
const FONT = '"Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei","Hiragino Sans GB",sans-serif';

// Return an option for ECharts with the settings that all charts share. A tooltip is drawn as text in the picture, so
// that no name is parsed as HTML.
ogi.chartOption = (option) => ({
  animation: !prefersReducedMotion(),
  animationDuration: 300,
  color: ogi.palette,
  textStyle: { fontFamily: FONT, color: ogi.colour.ink },
  grid: { left: 12, right: 24, top: 62, bottom: 30, containLabel: true },
  legend: { top: 0, left: 0, type: "scroll", textStyle: { color: ogi.colour.ink } },
  tooltip: {
    trigger: "axis",
    renderMode: "richText",
    confine: true,
    axisPointer: { type: "shadow" },
    ...(option.tooltip || {}),
  },
  ...Object.fromEntries(Object.entries(option).filter(([key]) => key !== "tooltip")),
});
ogi.valueAxis = (name) => ({
  type: "value",
  name,
  nameTextStyle: { color: ogi.colour.quiet, align: "left" },
  nameLocation: "end",
  axisLabel: { formatter: (v) => ogi.number(v), hideOverlap: true },
  splitLine: { lineStyle: { color: ogi.colour.line } },
});
// A value axis with its unit below its middle.
ogi.unitAxis = (unit) => ({
  ...ogi.valueAxis(""),
  name: unit,
  nameLocation: "middle",
  nameGap: 26,
  nameTextStyle: { color: ogi.colour.quiet, align: "center" },
});
// An axis with years as numbers, so that a line can be drawn between two years.
ogi.timeAxis = (years) => ({
  type: "value",
  min: years[0] - 0.5,
  max: years[years.length - 1] + 0.5,
  splitLine: { show: false },
  axisTick: { customValues: years },
  axisLabel: { customValues: years, formatter: String, hideOverlap: true },
  name: ogi.t("col.year"),
  nameLocation: "middle",
  nameGap: 28,
  axisLine: { show: true, lineStyle: { color: ogi.colour.quiet } },
});
ogi.lineTooltip = (unit) => (points) =>
  [
    String(points[0].value[0]),
    ...points
      .filter((p) => p.value[1] !== null && p.value[1] !== undefined)
      .map((p) => `${p.seriesName}${ogi.t("colon")}${ogi.number(p.value[1])} ${unit}`),
  ].join("\n");
// An axis with years as categories, for bars.
ogi.yearAxis = (years) =>
  ogi.nameAxis(years.map(String), { name: ogi.t("col.year"), nameLocation: "middle", nameGap: 28 });
ogi.nameAxis = (values, extra) => ({
  type: "category",
  data: values,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: ogi.colour.quiet } },
  ...extra,
});
ogi.barTooltip = (unit) => (points) =>
  [
    points[0].axisValueLabel || points[0].name,
    ...points.map(
      (p) => `${p.seriesName}${ogi.t("colon")}${ogi.number(p.value === undefined ? null : p.value)} ${unit}`,
    ),
  ].join("\n");

// Return a series of bars. `marks` has the provenance letter per value; bars of simulated values are hatched.
ogi.bar = (name, values, colour, marks, extra) => ({
  type: "bar",
  name,
  barMaxWidth: 46,
  itemStyle: { color: colour },
  ...extra,
  data: values.map((v, i) => ({
    value: v,
    itemStyle: { color: colour, decal: ogi.isSimulated(marks && marks[i]) ? ogi.hatching : { symbol: "none" } },
  })),
});

// Draw a chart in an element; redraw it when the size of the element changes.
const draw = (element, option) => {
  const chart = echarts.init(element, null, { renderer: "svg" });
  chart.setOption(ogi.chartOption(option));
  ogi.charts.push(chart);
  if (window.ResizeObserver) {
    const observer = new ResizeObserver(() => {
      if (!chart.isDisposed()) {
        chart.resize();
      }
    });
    observer.observe(element);
    chart.observer = observer;
  }
  return chart;
};

// Append a figure with heading, note, chart, table and downloads. spec: {title, note, summary, height in pixels,
// option, table, name of the files, empty: text in place of the chart, onclick}
ogi.figure = (parent, spec) => {
  const { h, t } = ogi;
  const chartBox = h("div", {
    class: "chart",
    role: "img",
    "aria-label": t("chart.label", { title: spec.title, summary: spec.summary || "" }),
  });
  chartBox.style.height = (spec.height || 320) + "px";
  const svgButton = h(
    "button",
    { type: "button", class: "small svg", "aria-label": t("chart.svg_of", { name: spec.title }) },
    t("chart.svg"),
  );
  const id = "f" + (document.querySelectorAll("figure").length + 1);
  const empty = spec.empty ? h("p", { class: "empty" }, spec.empty) : null;
  const figure = h(
    "figure",
    { "aria-labelledby": id },
    h("h2", { id }, spec.title),
    spec.note ? h("p", { class: "quiet" }, spec.note) : null,
    empty || chartBox,
    ogi.table({ caption: spec.title, name: spec.name || spec.title, ...spec.table, tool: empty ? null : svgButton }),
  );
  parent.append(figure);
  if (empty) {
    return figure;
  }
  const chart = draw(chartBox, spec.option);
  if (spec.onclick) {
    chart.on("click", spec.onclick);
  }
  svgButton.addEventListener("click", () =>
    ogi.saveFile((spec.name || spec.title) + ".svg", chart.renderToSVGString(), "image/svg+xml"),
  );
  return figure;
};

ogi.clearCharts = () => {
  ogi.charts.forEach((chart) => {
    if (chart.observer) {
      chart.observer.disconnect();
    }
    chart.dispose();
  });
  ogi.charts = [];
};
// Paper is narrower than a screen. The charts are drawn immediately, because the next frame comes after the print.
const PAPER_WIDTH_PX = 660;
const resizeCharts = (size) =>
  ogi.charts.forEach((c) => {
    c.resize({ ...size, animation: { duration: 0 } });
    c.getZr().flush();
  });
window.addEventListener("beforeprint", () => resizeCharts({ width: PAPER_WIDTH_PX }));
window.addEventListener("afterprint", () => resizeCharts({ width: "auto" }));
