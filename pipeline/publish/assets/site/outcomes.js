"use strict";
// The outcomes of applications in a year, and their shares by year.

// Groups of outcomes, as in the codes of the indicators `applications.<group>` and `applications.<group>.<reason>`.
const OUTCOMES = ["granted", "partly_granted", "refused", "unable", "not_processed", "other"];
const REST_COLOUR = "#9aa3b2";
const GAP_COLOUR = "#b3261e";
const RECEIVED_INDICATORS = ["applications.new", "applications.carried_in"];

// Return the basis to show for a year: the preferred one if it has figures, else the other one that has. `yearIndex` is
// the index of the year.
const basisOf = (group, body, yearIndex, preferredBasis) => {
  const hasFigures = (basis) =>
    RECEIVED_INDICATORS.concat("applications.handled").some(
      (k) => ogi.series(group, body, ogi.measures.get(k), basis).v[yearIndex] !== null,
    );
  const bases = ["reported", "compiled"].filter(hasFigures);
  return bases.includes(preferredBasis) ? preferredBasis : bases[0] || "reported";
};
const valueAt = (group, body, key, basis, yearIndex) =>
  ogi.series(group, body, ogi.measures.get(key), basis).v[yearIndex];
const markAt = (group, body, key, basis, yearIndex) =>
  (ogi.series(group, body, ogi.measures.get(key), basis).p || "")[yearIndex];

// Return the indicators of a group of outcomes: the indicator of the group itself and those of its reasons.
const indicatorsOf = (outcome) =>
  [...ogi.measures.values()].filter(
    (m) => !m.rate && (m.id === "applications." + outcome || m.id.startsWith("applications." + outcome + ".")),
  );

// Return each group of outcomes with its parts and their sum; the sum is null if no part is known.
const outcomes = (group, body, basis, yearIndex) =>
  OUTCOMES.map((outcome) => {
    const parts = indicatorsOf(outcome)
      .map((m) => ({
        measure: m,
        value: valueAt(group, body, m.id, basis, yearIndex),
        mark: markAt(group, body, m.id, basis, yearIndex),
      }))
      .filter((p) => p.value !== null);
    // Forms differ in whether they print a group with reasons. Its own figure counts if there is one.
    const groupFigure = parts.find((p) => p.measure.id === "applications." + outcome);
    const countedParts = groupFigure ? [groupFigure] : parts;
    return {
      group: outcome,
      parts: countedParts,
      value: countedParts.length ? countedParts.reduce((sum, p) => sum + p.value, 0) : null,
    };
  });

// Return whether the form of a body in a year has a line for each outcome. If it has, outcomes that do not add up are a
// discrepancy in the report; if it has not, some outcomes have no class.
ogi.hasAllOutcomes = (group, body, yearIndex) => {
  const codes = (ogi.formsOf(group, body)[yearIndex] || "").split("/");
  return codes.every((code) => (ogi.data.index.forms.find((f) => f.id === code) || { outcomes: true }).outcomes);
};

// Append the figure of outcomes by year, as shares of the applications handled.
ogi.outcomeBars = (main, group, body) => {
  const { t } = ogi;
  const years = ogi.allYears(group.years);
  const outcomesByYear = group.years.map((_, i) => {
    const basis = basisOf(group, body, i, "reported");
    return {
      basis,
      mark: markAt(group, body, "applications.handled", basis, i),
      groups: outcomes(group, body, basis, i),
    };
  });
  const hasData = outcomesByYear.some((f) => f.groups.some((g) => g.value !== null));
  const shares = (groupIndex) =>
    group.years.map((_, i) => {
      const handled = valueAt(group, body, "applications.handled", outcomesByYear[i].basis, i);
      const { value } = outcomesByYear[i].groups[groupIndex];
      return handled && value !== null ? (100 * value) / handled : null;
    });
  const marks = ogi.fillYears(
    group.years,
    outcomesByYear.map((f) => f.mark),
  );
  const lines = OUTCOMES.map((outcome, i) => ({
    group: outcome,
    values: shares(i),
    colour: ogi.palette[(i + 2) % ogi.palette.length],
  }));
  const sums = group.years.map((_, i) =>
    lines.reduce((s, l) => (l.values[i] === null ? s : (s || 0) + l.values[i]), null),
  );
  const rests = sums.map((v) => (v === null ? null : Math.max(0, Math.round(1e6 * (100 - v)) / 1e6)));
  const restOf = (isGap) => rests.map((v, i) => (ogi.hasAllOutcomes(group, body, i) === isGap ? v : null));
  [
    { group: "rest", values: restOf(false), colour: REST_COLOUR },
    { group: "gap", values: restOf(true), colour: GAP_COLOUR },
  ].forEach((line) => {
    if (line.values.some((v) => v > 0)) {
      lines.push(line);
    }
  });
  ogi.figure(main, {
    title:
      t("outcomes.title", { body: ogi.bodyName(body) }) +
      (outcomesByYear.some((f, i) => ogi.isSimulated(f.mark) && shares(0)[i] !== null) ? t("mark.s") : ""),
    note: ["rest", "gap"].filter((g) => lines.some((l) => l.group === g)).map((g) => t("outcomes." + g)).join(" "),
    height: 320,
    empty: hasData ? null : t("empty"),
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
        ogi.bar(t("outcome." + l.group), ogi.fillYears(group.years, l.values), l.colour, marks, { stack: "all" }),
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
      rows: group.years.map((y, i) => [
        y,
        { v: ogi.basisName(outcomesByYear[i].basis, ogi.groupPositionOf(body), i), mark: outcomesByYear[i].mark },
        ...outcomesByYear[i].groups.map((g) => g.value),
        ...lines.map((l) => l.values[i]),
      ]),
    },
  });
};
