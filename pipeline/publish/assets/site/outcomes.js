"use strict";
// What became of applications: the outcomes of a year, and their shares over the years.

const OUTCOMES = ["granted", "partly_granted", "refused", "unable", "not_processed", "other"];
const REST = "#9aa3b2";
const IN = ["applications.new", "applications.carried_in"];

const basisOf = (city, body, at, wanted) => {
  const has = (basis) =>
    IN.concat("applications.handled").some((k) => ogi.series(city, body, ogi.measures.get(k), basis).v[at] !== null);
  const known = ["reported", "compiled"].filter(has);
  return known.includes(wanted) ? wanted : known[0] || "reported";
};
const valueAt = (city, body, key, basis, at) => ogi.series(city, body, ogi.measures.get(key), basis).v[at];
const markAt = (city, body, key, basis, at) => (ogi.series(city, body, ogi.measures.get(key), basis).p || "")[at];

// The indicators of a group of outcomes: the whole where it stands alone (granted), else its parts.
const partsOf = (group) =>
  [...ogi.measures.values()].filter(
    (m) => !m.rate && (m.id === "applications." + group || m.id.startsWith("applications." + group + ".")),
  );

// Each outcome with its parts and their sum; a sum is unknown where no part is known.
const outcomes = (city, body, basis, at) =>
  OUTCOMES.map((group) => {
    const parts = partsOf(group)
      .map((m) => ({
        measure: m,
        value: valueAt(city, body, m.id, basis, at),
        mark: markAt(city, body, m.id, basis, at),
      }))
      .filter((p) => p.value !== null);
    // A group that a form prints with parts and without: the whole counts where it is given.
    const whole = parts.find((p) => p.measure.id === "applications." + group);
    const counted = whole ? [whole] : parts;
    return { group, parts: counted, value: counted.length ? counted.reduce((sum, p) => sum + p.value, 0) : null };
  });
ogi.outcomes = outcomes;

// Outcomes over the years as shares of what was handled.
ogi.outcomeBars = (main, city, body) => {
  const { t } = ogi;
  const years = ogi.span(city.years);
  const found = city.years.map((_, i) => {
    const basis = basisOf(city, body, i, "reported");
    return {
      basis,
      mark: markAt(city, body, "applications.handled", basis, i),
      groups: outcomes(city, body, basis, i),
    };
  });
  const known = found.some((f) => f.groups.some((g) => g.value !== null));
  const shares = (group) =>
    city.years.map((_, i) => {
      const whole = valueAt(city, body, "applications.handled", found[i].basis, i);
      const own = found[i].groups[group].value;
      return whole && own !== null ? (100 * own) / whole : null;
    });
  const spreadMarks = ogi.spread(
    city.years,
    found.map((f) => f.mark),
  );
  const lines = OUTCOMES.map((group, i) => ({
    group,
    values: shares(i),
    colour: ogi.palette[(i + 2) % ogi.palette.length],
  }));
  const given = city.years.map((_, i) =>
    lines.reduce((s, l) => (l.values[i] === null ? s : (s || 0) + l.values[i]), null),
  );
  lines.push({
    group: "rest",
    values: given.map((v) => (v === null ? null : Math.max(0, Math.round(1e6 * (100 - v)) / 1e6))),
    colour: REST,
  });
  ogi.figure(main, {
    title:
      t("outcomes.title", { body: ogi.bodyName(body) }) +
      (found.some((f, i) => ogi.isSimulated(f.mark) && shares(0)[i] !== null) ? t("mark.s") : ""),
    note: t("outcomes.note"),
    height: 320,
    empty: known ? null : t("empty"),
    option: {
      xAxis: ogi.yearAxis(years),
      yAxis: { ...ogi.valueAxis("%"), max: 100 },
      tooltip: {
        formatter: (points) =>
          [
            points[0].axisValueLabel,
            ...points
              .filter((p) => p.value !== undefined && p.value !== null)
              .map((p) => `${p.seriesName}${t("colon")}${ogi.percent(p.value)}`),
          ].join("\n"),
      },
      series: lines.map((l) =>
        ogi.bar(t("outcome." + l.group), ogi.spread(city.years, l.values), l.colour, spreadMarks, { stack: "all" }),
      ),
    },
    table: {
      columns: [
        { label: t("col.year") },
        { label: t("col.basis") },
        ...OUTCOMES.map((g) => ({ label: t("outcome." + g) + t("in_unit", { unit: ogi.unit("件") }), numeric: true })),
        ...lines.map((l) => ({
          label: t("outcome." + l.group) + t("in_unit", { unit: "%" }),
          numeric: true,
          show: ogi.percent,
        })),
      ],
      rows: city.years.map((y, i) => [
        y,
        { v: t("basis." + found[i].basis), mark: found[i].mark },
        ...found[i].groups.map((g) => g.value),
        ...lines.map((l) => l.values[i]),
      ]),
    },
  });
};
