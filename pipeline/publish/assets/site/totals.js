"use strict";
// Figures with bars of compiled totals next to reported ones.

// Append a figure with a pair of bars per indicator: compiled and reported.
const pairChart = (main, title, rows, note) => {
  const names = rows.map((r) => ogi.nameOf(r.measure));
  const marks = rows.map((r) => r.compiledMark || "-");
  const unit = ogi.unit(rows[0] ? rows[0].measure.unit : "");
  const series = [];
  if (rows.some((r) => r.compiled !== null)) {
    series.push(
      ogi.bar(
        ogi.markedName(ogi.t("basis.compiled"), marks.find(ogi.isSimulated)),
        rows.map((r) => r.compiled),
        ogi.colour.compiled,
        marks,
        { label: barLabel() },
      ),
    );
  }
  if (rows.some((r) => r.reported !== null)) {
    series.push(
      ogi.bar(
        ogi.t("basis.reported"),
        rows.map((r) => r.reported),
        ogi.colour.reported,
        rows.map((r) => r.reportedMark),
        { label: barLabel() },
      ),
    );
  }
  ogi.figure(main, {
    title,
    note,
    height: 300,
    name: title,
    empty: series.length ? null : ogi.t("empty"),
    option: {
      xAxis: ogi.nameAxis(names, { axisLabel: { interval: 0, width: 90, overflow: "break" } }),
      yAxis: ogi.valueAxis(unit),
      series,
      tooltip: { formatter: ogi.barTooltip(unit) },
    },
    table: {
      columns: [
        { label: ogi.t("col.indicator") },
        { label: ogi.t("basis.compiled"), numeric: true, provenance: true },
        { label: ogi.t("basis.reported"), numeric: true, provenance: true },
      ],
      rows: rows.map((r) => [
        ogi.nameOf(r.measure),
        { v: r.compiled, mark: r.compiledMark, doubt: r.compiledDoubt },
        { v: r.reported, mark: r.reportedMark, doubt: r.reportedDoubt },
      ]),
    },
  });
};
const barLabel = () => ({
  show: true,
  position: "top",
  formatter: (p) => (p.value === null ? "" : ogi.number(p.value)),
  color: ogi.colour.ink,
});

// Append the figure of one indicator of a group by year, compiled next to reported.
const yearsFigure = (main, group, key) => {
  const measure = ogi.measures.get(key);
  const [compiled, reported] = ["compiled", "reported"].map((basis) => ogi.series(group, group.id, measure, basis));
  const years = ogi.allYears(group.years);
  const fill = (values) => ogi.fillYears(group.years, values);
  const marks = fill([...(compiled.p || "")]);
  const series = [];
  if (compiled.v.some((v) => v !== null)) {
    series.push(
      ogi.bar(
        ogi.markedName(ogi.t("basis.compiled"), marks.find(ogi.isSimulated)),
        fill(compiled.v),
        ogi.colour.compiled,
        marks,
        { label: barLabel() },
      ),
    );
  }
  if (reported.v.some((v) => v !== null)) {
    series.push(
      ogi.bar(ogi.t("basis.reported"), fill(reported.v), ogi.colour.reported, fill([...(reported.p || "")]), {
        label: barLabel(),
      }),
    );
  }
  ogi.figure(main, {
    title: ogi.t("overview.years", { name: ogi.nameOf(measure) }),
    note: ogi.doubtNotice(group.years, compiled, reported),
    height: 300,
    empty: series.length ? null : ogi.t("empty"),
    option: {
      xAxis: ogi.yearAxis(years),
      yAxis: ogi.valueAxis(ogi.unit(measure.unit)),
      series,
      tooltip: { formatter: ogi.barTooltip(ogi.unit(measure.unit)) },
    },
    table: {
      columns: [
        { label: ogi.t("col.year") },
        { label: ogi.t("basis.compiled"), numeric: true, provenance: true },
        { label: ogi.t("col.growth_pct"), numeric: true, show: ogi.signedPercent },
        { label: ogi.t("basis.reported"), numeric: true, provenance: true },
      ],
      rows: group.years.map((y, i) => [
        y,
        { v: compiled.v[i], mark: (compiled.p || "")[i], doubt: (compiled.x || [])[i] },
        { v: (compiled.g || [])[i], mark: (compiled.p || "")[i] },
        { v: reported.v[i], mark: (reported.p || "")[i], doubt: (reported.x || [])[i] },
      ]),
    },
  });
};
