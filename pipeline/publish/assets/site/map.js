"use strict";
// The map of a comparison.

// Append the map, for which the user has supplied boundaries. A region without a figure is grey.
const compareMap = (main, title, rows, measure) => {
  const regions = rows.filter((r) => r.value !== null && r.code && r.level !== "department" && r.level !== "zone");
  const names = new Map(regions.map((r) => [r.code, r.name]));
  const maxValue = Math.max(1, ...regions.map((r) => r.value));
  if (!echarts.getMap("office")) {
    echarts.registerMap("office", ogi.data.map);
  }
  ogi.figure(main, {
    title: ogi.t("compare.map", { title }) + (regions.some((r) => ogi.isSimulated(r.mark)) ? ogi.t("mark.s") : ""),
    note: ogi.t("compare.map_note"),
    height: 420,
    empty: regions.length ? null : ogi.t("empty"),
    option: {
      legend: { show: false },
      tooltip: {
        trigger: "item",
        formatter: (p) =>
          `${names.get(p.name) || p.name}${ogi.t("colon")}${ogi.number(Number.isFinite(p.value) ? p.value : null)} ${ogi.unit(measure.unit)}`,
      },
      visualMap: {
        min: 0,
        max: maxValue,
        left: 0,
        bottom: 0,
        calculable: false,
        text: [ogi.number(maxValue) + " " + ogi.unit(measure.unit), "0"],
        inRange: { color: ["#e8f0f9", "#1f5fa8"] },
      },
      series: [
        {
          type: "map",
          map: "office",
          nameProperty: "name",
          data: regions.map((r) => ({ name: r.code, value: r.value })),
          label: { show: true, formatter: (p) => names.get(p.name) || "", color: ogi.colour.ink, fontSize: 11 },
          emphasis: { label: { show: true } },
        },
      ],
    },
    table: {
      columns: [
        { label: ogi.t("col.body") },
        { label: ogi.t("col.code") },
        { label: ogi.measureName(measure), numeric: true, provenance: true },
      ],
      rows: regions.map((r) => [r.name, r.code, { v: r.value, mark: r.mark }]),
    },
  });
};
