"use strict";
// Charts: always with their table and downloads; drawn as SVG, so that they are sharp on paper.

ogi.colour = { reported: "#1f5fa8", compiled: "#d9822b", ink: "#1c2330", quiet: "#566074", line: "#d5dae3" };
ogi.palette = ["#1f5fa8", "#d9822b", "#2c8c74", "#8e5aa8", "#b3443c", "#7a7f2a", "#3f9bc4", "#a0703c", "#5b6474"];
// Hatching says that a bar is simulated, even without colours.
ogi.hatched = {
  symbol: "rect",
  dashArrayX: [1, 0],
  dashArrayY: [3, 4],
  rotation: -Math.PI / 4,
  color: "rgba(255,255,255,.55)",
};

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const FONT = '"Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei","Hiragino Sans GB",sans-serif';

// Parts that all charts share. A tooltip is drawn as text in the picture: no name can become HTML.
ogi.base = (option) => ({
  animation: !still(),
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
// Years as numbers, so that something can stand between two of them.
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
ogi.lineTip = (unit) => (points) =>
  [
    String(points[0].value[0]),
    ...points
      .filter((p) => p.value[1] !== null && p.value[1] !== undefined)
      .map((p) => `${p.seriesName}${ogi.t("colon")}${ogi.number(p.value[1])} ${unit}`),
  ].join("\n");
// Years along the bottom, with their name.
ogi.yearAxis = (years) =>
  ogi.names(years.map(String), { name: ogi.t("col.year"), nameLocation: "middle", nameGap: 28 });
ogi.names = (values, extra) => ({
  type: "category",
  data: values,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: ogi.colour.quiet } },
  ...extra,
});
ogi.tip = (unit) => (points) =>
  [
    points[0].axisValueLabel || points[0].name,
    ...points.map(
      (p) => `${p.seriesName}${ogi.t("colon")}${ogi.number(p.value === undefined ? null : p.value)} ${unit}`,
    ),
  ].join("\n");

ogi.bar = (name, values, colour, marks, extra) => ({
  type: "bar",
  name,
  barMaxWidth: 46,
  itemStyle: { color: colour },
  ...extra,
  data: values.map((v, i) => ({
    value: v,
    itemStyle: { color: colour, decal: ogi.isSimulated(marks && marks[i]) ? ogi.hatched : { symbol: "none" } },
  })),
});

const draw = (place, option) => {
  const chart = echarts.init(place, null, { renderer: "svg" });
  chart.setOption(ogi.base(option));
  ogi.charts.push(chart);
  if (window.ResizeObserver) {
    const watcher = new ResizeObserver(() => {
      if (!chart.isDisposed()) {
        chart.resize();
      }
    });
    watcher.observe(place);
    chart.watcher = watcher;
  }
  return chart;
};

// A figure: heading, chart, notes, downloads, table. spec: {title, note, summary, height, option, table, name}
ogi.figure = (parent, spec) => {
  const { h, t } = ogi;
  const place = h("div", {
    class: "chart",
    role: "img",
    "aria-label": t("chart.label", { title: spec.title, summary: spec.summary || "" }),
  });
  place.style.height = (spec.height || 320) + "px";
  const picture = h(
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
    empty || place,
    ogi.table({ caption: spec.title, name: spec.name || spec.title, ...spec.table, tool: empty ? null : picture }),
  );
  parent.append(figure);
  if (empty) {
    return figure;
  }
  const chart = draw(place, spec.option);
  if (spec.onclick) {
    chart.on("click", spec.onclick);
  }
  picture.addEventListener("click", () =>
    ogi.save((spec.name || spec.title) + ".svg", chart.renderToSVGString(), "image/svg+xml"),
  );
  return figure;
};

ogi.clearCharts = () => {
  ogi.charts.forEach((chart) => {
    if (chart.watcher) {
      chart.watcher.disconnect();
    }
    chart.dispose();
  });
  ogi.charts = [];
};
// Paper is narrower than a screen; drawn at once, for a frame would come after the print.
const PAPER = 660;
const resized = (size) =>
  ogi.charts.forEach((c) => {
    c.resize({ ...size, animation: { duration: 0 } });
    c.getZr().flush();
  });
window.addEventListener("beforeprint", () => resized({ width: PAPER }));
window.addEventListener("afterprint", () => resized({ width: "auto" }));
