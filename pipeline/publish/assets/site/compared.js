"use strict";
// A figure of a group next to that of the year before, and the first indicator that has a figure.

// The indicators that a person asks for first, in this order.
const HEADLINE_INDICATORS = [
  "disclosed.items",
  "applications.new",
  "applications.carried_in",
  "applications.handled",
  "applications.carried_out",
  "review.total",
  "litigation.total",
  "proactive.normative_documents.in_force",
  "proactive.licensing.decisions",
  "proactive.penalties.decisions",
];
const isKnown = (value) => value !== null && value !== undefined;
const BASES = ["compiled", "reported"];

// Return whether a body has a figure of a measure in the year with index `yearIndex`.
ogi.hasFigure = (group, body, measure, yearIndex) =>
  BASES.some((basis) => isKnown(ogi.series(group, body, measure, basis).v[yearIndex]));

// Return the first measure that has a figure of the body in a year: a headline indicator if there is one, else any
// measure. Without `year` the latest year with a figure counts. A body without figures has the first headline indicator.
ogi.defaultMeasure = (group, body, year) => {
  const candidates = [...HEADLINE_INDICATORS.map((key) => ogi.measures.get(key)), ...ogi.measures.values()];
  const years = year ? [year] : [...group.years].reverse();
  const measures = years.map((y) => candidates.find((m) => ogi.hasFigure(group, body, m, group.years.indexOf(y))));
  return measures.find(Boolean) || candidates[0];
};

// Return the first measure that has a figure of any member in a year.
ogi.defaultMemberMeasure = (group, year) => {
  const yearIndex = group.years.indexOf(year);
  const hasMember = (m) =>
    Object.keys(group.bodies).some((id) => id !== group.id && isKnown(ogi.series(group, id, m, "reported").v[yearIndex]));
  const candidates = [...HEADLINE_INDICATORS.map((key) => ogi.measures.get(key)), ...ogi.measures.values()];
  return candidates.find(hasMember) || ogi.defaultMeasure(group, group.id, year);
};

// Return the year of the address, else the last year for which a member has a report.
ogi.lastMemberYear = (group, year) => {
  const hasReport = (i) => Object.keys(group.bodies).some((id) => id !== group.id && group.bodies[id].status[i] === "l");
  return ogi.yearOrLast(year ? group.years : group.years.filter((_, i) => hasReport(i)), year);
};
// Return the first headline indicator that any place has in a year; without `year`, in the latest year with figures.
ogi.defaultGroupsMeasure = (year) => {
  const measures = HEADLINE_INDICATORS.map((key) => ogi.measures.get(key));
  const latest = Math.max(...measures.flatMap((m) => m.years));
  return measures.find((m) => m.years.includes(Number(year || latest))) || measures[0];
};

// Return the figure of the year before and its basis, as `sql/pages/form_comparison.sql` chooses it: what the head itself
// reported if all members are counted now, else the sum over the same members. null where nothing is comparable.
const priorOf = (compiled, reported, basis, yearIndex, expected) => {
  const isComparable = BASES.some((b) => "sd".includes(((b === "compiled" ? compiled : reported).b || "")[yearIndex] || "-"));
  const isComplete = basis === "reported" || (compiled.n || [])[yearIndex] === expected;
  if (isComparable && isComplete && isKnown(reported.v[yearIndex - 1])) {
    return { value: reported.v[yearIndex - 1], basis: "reported", mark: (reported.p || "")[yearIndex - 1] };
  }
  const series = basis === "compiled" ? compiled : reported;
  return (series.b || "")[yearIndex] === "s"
    ? { value: series.v[yearIndex - 1], basis, mark: (series.p || "")[yearIndex - 1] }
    : { value: null, basis: null, mark: "-" };
};

// Return the sums over the members that have a comparable figure in both years: {value, prior, members}, null without one.
const sameMembers = (group, position, measure, yearIndex) => {
  const pairs = ogi
    .membersOf(position)
    .filter((b) => b.id !== group.id)
    .map((b) => ogi.series(group, b.id, measure, "reported"))
    .filter((s) => (s.b || "")[yearIndex] === "s" && isKnown(s.v[yearIndex]) && isKnown(s.v[yearIndex - 1]));
  const sum = (i) => Math.round(pairs.reduce((total, s) => total + s.v[i], 0) * 1e6) / 1e6;
  return pairs.length ? { value: sum(yearIndex), prior: sum(yearIndex - 1), members: pairs.length } : null;
};

// Return the figure of a group in the year with index `yearIndex`: compiled if it is known, else reported; with the year
// before, the change, the change in percent, and the discrepancy (compiled less reported). Unknown is null. If members
// are missing, so that the totals are not comparable, the members with figures in both years are compared: `base` is
// their figure now, `members` their number. Otherwise `base` is the figure itself.
ogi.compared = (group, position, measure, yearIndex) => {
  const [compiled, reported] = BASES.map((basis) => ogi.series(group, group.id, measure, basis));
  const basis = isKnown(compiled.v[yearIndex]) ? "compiled" : "reported";
  const series = basis === "compiled" ? compiled : reported;
  const isNextYear = group.years[yearIndex - 1] === group.years[yearIndex] - 1;
  const prior = isNextYear
    ? priorOf(compiled, reported, basis, yearIndex, ogi.data.index.groups[position].expected[yearIndex])
    : { value: null, basis: null, mark: "-" };
  const value = isKnown(series.v[yearIndex]) ? series.v[yearIndex] : null;
  const same = isNextYear && basis === "compiled" && !isKnown(prior.value) ? sameMembers(group, position, measure, yearIndex) : null;
  const [base, before] = same ? [same.value, same.prior] : [value, isKnown(prior.value) ? prior.value : null];
  const change = base === null || before === null ? null : Math.round((base - before) * 1e6) / 1e6;
  const [c, r] = [compiled.v[yearIndex], reported.v[yearIndex]];
  return {
    measure,
    basis,
    value,
    mark: (series.p || "")[yearIndex],
    doubt: (series.x || [])[yearIndex],
    base,
    prior: before,
    members: same ? same.members : null,
    priorBasis: same ? "members" : prior.basis,
    priorMark: same ? (series.p || "")[yearIndex] : prior.mark,
    change,
    percent: change === null || !before ? null : (100 * change) / before,
    whyNoPrior: (series.b || "")[yearIndex],
    compiled: isKnown(c) ? c : null,
    reported: isKnown(r) ? r : null,
    reportedMark: (reported.p || "")[yearIndex],
    reportedDoubt: (reported.x || [])[yearIndex],
    membersCounted: compiled.n ? compiled.n[yearIndex] : null,
    discrepancy: isKnown(c) && isKnown(r) ? Math.round((c - r) * 1e6) / 1e6 : null,
  };
};
ogi.signed = (value) => (value > 0 ? "+" : "") + ogi.number(value);
// Return a change with its percent, as `+57,282（+79.0%）`.
ogi.changeText = (row) =>
  row.change === null
    ? "—"
    : ogi.signed(row.change) +
      (row.percent === null || !row.change ? "" : ogi.t("in_unit", { unit: (row.percent > 0 ? "+" : "") + ogi.number(row.percent, 1) + "%" }));
