"use strict";
// Questions to the index: bodies, cities, indicators, rates, and the marks of what is simulated.

ogi.prepare = () => {
  const index = ogi.data.index;
  ogi.bodies = new Map(index.bodies.map(([id, name, level, city, code]) => [id, { id, name, level, city, code }]));
  ogi.measures = new Map();
  index.indicators.forEach((one, position) => ogi.measures.set(one.id, { ...one, position, rate: false }));
  index.rates.forEach((one) =>
    ogi.measures.set("rate:" + one.id, { ...one, unit: one.id.endsWith("_rate") ? "per_hundred" : "%", rate: true }),
  );
};

ogi.cityOf = (body) => {
  const known = ogi.bodies.get(body);
  return known ? known.city : ogi.usual();
};
ogi.cityName = (position) => {
  const known = ogi.bodies.get(ogi.data.index.cities[position].id);
  return known ? known.name : ogi.data.index.cities[position].id;
};
ogi.bodyName = (id) => {
  const known = ogi.bodies.get(id);
  return known ? known.name : id;
};

// The city shown first: the one of which most bodies have reported.
ogi.usual = () => {
  const loaded = ogi.data.index.cities.map((c) => c.loaded.reduce((a, b) => a + b, 0) + c.years.length / 100);
  return loaded.indexOf(Math.max(...loaded));
};
ogi.cityAt = (id) => {
  const at = ogi.data.index.cities.findIndex((c) => c.id === id);
  return at < 0 ? ogi.usual() : at;
};
ogi.membersOf = (position) => ogi.data.index.bodies.filter((b) => b[3] === position).map((b) => ogi.bodies.get(b[0]));

// A figure of a measure: a share has two decimals.
ogi.shown = (measure) => (measure.rate ? (v) => ogi.number(v, 2) : undefined);
ogi.yearOf = (years, wanted) => (years.includes(Number(wanted)) ? Number(wanted) : years[years.length - 1]);

// Every year from first to last, so that a gap is seen as one.
ogi.span = (years) => {
  if (!years.length) {
    return [];
  }
  return Array.from({ length: years[years.length - 1] - years[0] + 1 }, (_, i) => years[0] + i);
};
ogi.spread = (years, values) => ogi.span(years).map((y) => (years.includes(y) ? values[years.indexOf(y)] : null));

const SIMULATED = new Set(["s", "m"]);
ogi.isSimulated = (letter) => SIMULATED.has(letter);
ogi.provenance = (letter) => (letter && letter !== "-" ? ogi.t("prov." + letter) : "—");
ogi.badge = (letter) => (ogi.isSimulated(letter) ? ogi.h("span", { class: "badge" }, ogi.t("prov." + letter)) : null);
// The mark behind a name on a chart, where no badge can stand.
ogi.marked = (text, letter) => (ogi.isSimulated(letter) ? text + ogi.t("mark." + letter) : text);

// One measure (indicator or rate) of a body, as a series by year of its city.
ogi.series = (city, body, measure, basis) => {
  const empty = city.years.map(() => null);
  if (measure.rate) {
    const found = ((city.rates[body] || {})[measure.id] || {})[basis];
    return found ? { ...found, rate: true } : { v: empty, p: "", rate: true };
  }
  if (basis === "compiled") {
    return body === city.id ? city.compiled[measure.position] || { v: empty, p: "" } : { v: empty, p: "" };
  }
  const found = (city.series[body] || {})[measure.position];
  return found ? { ...found, p: city.bodies[body].prov } : { v: empty, p: "" };
};
ogi.measure = (id, otherwise) => ogi.measures.get(id) || ogi.measures.get(otherwise || "disclosed.items");
// A rate's id as the data files give it has no prefix.
ogi.measureKey = (measure) => (measure.rate ? "rate:" + measure.id : measure.id);
ogi.measureName = (measure) =>
  ogi.named(measure) + (measure.unit ? ogi.t("in_unit", { unit: ogi.unit(measure.unit) }) : "");

// The years in which another form was used than in the year before that is known, with both forms.
ogi.breaks = (years, forms) => {
  const found = [];
  let before = null;
  years.forEach((year, i) => {
    if (forms[i] && before && forms[i] !== before) {
      found.push({ year, from: before, to: forms[i] });
    }
    before = forms[i] || before;
  });
  return found;
};
// The forms of a city by year: its own report's, or where there is none those of its bodies.
ogi.formsOf = (city, body) =>
  city.years.map((_, i) => {
    const own = (city.bodies[body] || { forms: [] }).forms[i];
    if (own || body !== city.id) {
      return own;
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
