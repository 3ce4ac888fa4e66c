"use strict";
// Queries of the index: bodies, groups, indicators and rates; series by year; and the marks of simulated figures.

// Build the lookups of bodies by id, and of measures (indicators and rates) by key. The key of a rate is `rate:<id>`.
ogi.buildLookups = () => {
  const index = ogi.data.index;
  ogi.bodies = new Map(
    index.bodies.map(([id, name, level, group, code, parent]) => [id, { id, name, level, group, code, parent }]),
  );
  ogi.measures = new Map();
  index.indicators.forEach((indicator, position) =>
    ogi.measures.set(indicator.id, { ...indicator, position, rate: false }),
  );
  index.rates.forEach((rate) =>
    ogi.measures.set("rate:" + rate.id, { ...rate, unit: /_(rate|ratio)$/.test(rate.id) ? "per_hundred" : "%", rate: true }),
  );
};

// Return the position of a body's group in the index.
ogi.groupPositionOf = (id) => {
  const body = ogi.bodies.get(id);
  return body ? body.group : ogi.mainGroupPosition();
};
ogi.groupName = (position) => {
  const body = ogi.bodies.get(ogi.data.index.groups[position].id);
  return body ? body.name : ogi.data.index.groups[position].id;
};
ogi.bodyName = (id) => {
  const body = ogi.bodies.get(id);
  return body ? body.name : id;
};

// Return the position of the group with the most loaded reports, which is shown first. If equal, more years count.
ogi.mainGroupPosition = () => {
  const scores = ogi.data.index.groups.map((c) => c.counted.reduce((a, b) => a + b, 0) + c.years.length / 100);
  return scores.indexOf(Math.max(...scores));
};
// Return the position of a group by its id; for an unknown id, that of the main group.
ogi.groupPosition = (id) => {
  const position = ogi.data.index.groups.findIndex((c) => c.id === id);
  return position < 0 ? ogi.mainGroupPosition() : position;
};
// Return the head of a group and its members. A member with members of its own is also the head of another group.
ogi.membersOf = (position) => {
  const head = ogi.bodies.get(ogi.data.index.groups[position].id);
  return [head, ...[...ogi.bodies.values()].filter((b) => b.parent === position && b.id !== head.id)];
};

// Return [counted, expected] members of the group in the year with index `yearIndex` if its compiled totals lack a member,
// else null. A group without any counted member has no compiled totals.
ogi.partialMembers = (position, yearIndex) => {
  const { counted, expected } = ogi.data.index.groups[position];
  const lacksMember = counted[yearIndex] && counted[yearIndex] < expected[yearIndex];
  return lacksMember ? [counted[yearIndex], expected[yearIndex]] : null;
};
// Return the sentence about the years of the group whose compiled totals lack a member, '' if there is none.
ogi.partialNotice = (position, years) => {
  const group = ogi.data.index.groups[position];
  const partialYears = years
    .map((year) => [year, ogi.partialMembers(position, group.years.indexOf(year))])
    .filter(([, members]) => members)
    .map(([year, [counted, expected]]) => ogi.t("partial.year", { year, counted, expected }));
  const substitutedYears = years
    .map((year) => [year, group.substituted[group.years.indexOf(year)]])
    .filter(([, members]) => members)
    .map(([year, members]) => ogi.t("substituted.year", { year, members }));
  const comma = ogi.t("comma");
  return [
    partialYears.length ? ogi.t("partial.note", { years: partialYears.join(comma) }) : "",
    substitutedYears.length ? ogi.t("substituted.note", { years: substitutedYears.join(comma) }) : "",
  ]
    .filter(Boolean)
    .join(" ");
};
// Return the name of a basis; for compiled totals that lack a member, with the numbers of members.
ogi.basisName = (basis, position, yearIndex) => {
  const members = basis === "compiled" ? ogi.partialMembers(position, yearIndex) : null;
  return ogi.t("basis." + basis) + (members ? ogi.t("partial.mark", { counted: members[0], expected: members[1] }) : "");
};

// Return the formatter of a measure's values: rates have two decimals; indicators use the default.
ogi.formatterOf = (measure) => (measure.rate ? (v) => ogi.number(v, 2) : undefined);
ogi.yearOrLast = (years, year) => (years.includes(Number(year)) ? Number(year) : years[years.length - 1]);

// Return every year from first to last, so that a chart shows a missing year as a gap.
ogi.allYears = (years) => {
  if (!years.length) {
    return [];
  }
  return Array.from({ length: years[years.length - 1] - years[0] + 1 }, (_, i) => years[0] + i);
};
// Return one value per year of ogi.allYears(years), null for a year that is not in `years`.
ogi.fillYears = (years, values) =>
  ogi.allYears(years).map((y) => (years.includes(y) ? values[years.indexOf(y)] : null));

// Letters of provenance: s simulated, m mixed, t transcribed, p published.
const SIMULATED_LETTERS = new Set(["s", "m"]);
ogi.isSimulated = (letter) => SIMULATED_LETTERS.has(letter);
ogi.provenance = (letter) => (letter && letter !== "-" ? ogi.t("prov." + letter) : "—");
ogi.badge = (letter) => (ogi.isSimulated(letter) ? ogi.h("span", { class: "badge" }, ogi.t("prov." + letter)) : null);
// Return the badge of a figure in doubt: `doubt` is its level, or the number of figures in doubt in a sum.
ogi.doubtBadge = (doubt) => {
  if (!doubt) {
    return null;
  }
  const title = typeof doubt === "number" ? ogi.t("doubt.count", { count: doubt }) : ogi.t("doubt." + doubt);
  return ogi.h("span", { class: "badge doubt", title }, ogi.t("doubt"));
};
// Return the sentence about the years in which a series has a figure in doubt, '' if there is none.
ogi.doubtNotice = (years, ...allSeries) => {
  const doubtful = years.filter((_, i) => allSeries.some((series) => (series.x || [])[i]));
  return doubtful.length ? ogi.t("doubt.note", { years: doubtful.join(ogi.t("comma")) }) : "";
};
// Return a name with the mark of simulated figures as text, for charts, which cannot show a badge.
ogi.markedName = (text, letter) => (ogi.isSimulated(letter) ? text + ogi.t("mark." + letter) : text);

// Return the series of a body and measure by year of its group: v values, p provenance letters, and for indicators g
// growth, b basis of the prior figure, s statuses, n members counted, x doubts; for rates n numerators and d denominators.
ogi.series = (group, body, measure, basis) => {
  const empty = group.years.map(() => null);
  if (measure.rate) {
    const series = ((group.rates[body] || {})[measure.id] || {})[basis];
    return series ? { ...series, rate: true } : { v: empty, p: "", rate: true };
  }
  if (basis === "compiled") {
    return body === group.id ? group.compiled[measure.position] || { v: empty, p: "" } : { v: empty, p: "" };
  }
  const series = (group.series[body] || {})[measure.position];
  return series ? { ...series, p: group.bodies[body].prov } : { v: empty, p: "" };
};
// The id of a rate in the data files has no prefix.
ogi.measureKey = (measure) => (measure.rate ? "rate:" + measure.id : measure.id);
ogi.measureName = (measure) =>
  ogi.nameOf(measure) + (measure.unit ? ogi.t("in_unit", { unit: ogi.unit(measure.unit) }) : "");

// Return the years whose form differs from that of the last earlier year with a known form, with both forms.
ogi.formBreaks = (years, forms) => {
  const breaks = [];
  let lastForm = null;
  years.forEach((year, i) => {
    if (forms[i] && lastForm && forms[i] !== lastForm) {
      breaks.push({ year, from: lastForm, to: forms[i] });
    }
    lastForm = forms[i] || lastForm;
  });
  return breaks;
};
// Return the form by year of a body's report. For a head without a report, return the forms of its members.
ogi.formsOf = (group, body) =>
  group.years.map((_, i) => {
    const ownForm = (group.bodies[body] || { forms: [] }).forms[i];
    if (ownForm || body !== group.id) {
      return ownForm;
    }
    return (
      [
        ...new Set(
          Object.values(group.bodies)
            .map((b) => b.forms[i])
            .filter(Boolean),
        ),
      ]
        .sort()
        .join("/") || null
    );
  });
