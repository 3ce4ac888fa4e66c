"use strict";
// Queries of the index: bodies, cities, indicators and rates; series by year; and the marks of simulated figures.

// Build the lookups of bodies by id, and of measures (indicators and rates) by key. The key of a rate is `rate:<id>`.
ogi.buildLookups = () => {
  const index = ogi.data.index;
  ogi.bodies = new Map(index.bodies.map(([id, name, level, city, code]) => [id, { id, name, level, city, code }]));
  ogi.measures = new Map();
  index.indicators.forEach((indicator, position) =>
    ogi.measures.set(indicator.id, { ...indicator, position, rate: false }),
  );
  index.rates.forEach((rate) =>
    ogi.measures.set("rate:" + rate.id, { ...rate, unit: rate.id.endsWith("_rate") ? "per_hundred" : "%", rate: true }),
  );
};

// Return the position of a body's city in the index.
ogi.cityPositionOf = (id) => {
  const body = ogi.bodies.get(id);
  return body ? body.city : ogi.mainCityPosition();
};
ogi.cityName = (position) => {
  const body = ogi.bodies.get(ogi.data.index.cities[position].id);
  return body ? body.name : ogi.data.index.cities[position].id;
};
ogi.bodyName = (id) => {
  const body = ogi.bodies.get(id);
  return body ? body.name : id;
};

// Return the position of the city with the most loaded reports, which is shown first. If equal, more years count.
ogi.mainCityPosition = () => {
  const scores = ogi.data.index.cities.map((c) => c.loaded.reduce((a, b) => a + b, 0) + c.years.length / 100);
  return scores.indexOf(Math.max(...scores));
};
// Return the position of a city by its id; for an unknown id, that of the main city.
ogi.cityPosition = (id) => {
  const position = ogi.data.index.cities.findIndex((c) => c.id === id);
  return position < 0 ? ogi.mainCityPosition() : position;
};
// Return the bodies of a city; the city is the first.
ogi.membersOf = (position) => ogi.data.index.bodies.filter((b) => b[3] === position).map((b) => ogi.bodies.get(b[0]));

// Return [loaded, expected] members of the city in the year with index `yearIndex` if its compiled totals lack a member,
// else null. A city without any loaded member has no compiled totals.
ogi.partialMembers = (position, yearIndex) => {
  const { loaded, expected } = ogi.data.index.cities[position];
  return loaded[yearIndex] && loaded[yearIndex] < expected[yearIndex] ? [loaded[yearIndex], expected[yearIndex]] : null;
};
// Return the sentence about the years of the city whose compiled totals lack a member, '' if there is none.
ogi.partialNotice = (position, years) => {
  const city = ogi.data.index.cities[position];
  const partialYears = years
    .map((year) => [year, ogi.partialMembers(position, city.years.indexOf(year))])
    .filter(([, members]) => members)
    .map(([year, [loaded, expected]]) => ogi.t("partial.year", { year, loaded, expected }));
  return partialYears.length ? ogi.t("partial.note", { years: partialYears.join(ogi.t("comma")) }) : "";
};
// Return the name of a basis; for compiled totals that lack a member, with the numbers of members.
ogi.basisName = (basis, position, yearIndex) => {
  const members = basis === "compiled" ? ogi.partialMembers(position, yearIndex) : null;
  return ogi.t("basis." + basis) + (members ? ogi.t("partial.mark", { loaded: members[0], expected: members[1] }) : "");
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
// Return a name with the mark of simulated figures as text, for charts, which cannot show a badge.
ogi.markedName = (text, letter) => (ogi.isSimulated(letter) ? text + ogi.t("mark." + letter) : text);

// Return the series of a body and measure by year of its city: v values, p provenance letters, and for indicators g
// growth, b basis of the prior figure, s statuses, n members counted; for rates n numerators and d denominators.
ogi.series = (city, body, measure, basis) => {
  const empty = city.years.map(() => null);
  if (measure.rate) {
    const series = ((city.rates[body] || {})[measure.id] || {})[basis];
    return series ? { ...series, rate: true } : { v: empty, p: "", rate: true };
  }
  if (basis === "compiled") {
    return body === city.id ? city.compiled[measure.position] || { v: empty, p: "" } : { v: empty, p: "" };
  }
  const series = (city.series[body] || {})[measure.position];
  return series ? { ...series, p: city.bodies[body].prov } : { v: empty, p: "" };
};
ogi.measure = (key, fallbackKey) => ogi.measures.get(key) || ogi.measures.get(fallbackKey || "disclosed.items");
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
// Return the form by year of a body's report. For a city without a report, return the forms of its members.
ogi.formsOf = (city, body) =>
  city.years.map((_, i) => {
    const ownForm = (city.bodies[body] || { forms: [] }).forms[i];
    if (ownForm || body !== city.id) {
      return ownForm;
    }
    return (
      [
        ...new Set(
          Object.values(city.bodies)
            .map((b) => b.forms[i])
            .filter(Boolean),
        ),
      ]
        .sort()
        .join("/") || null
    );
  });
