"use strict";
// What became of the applications of one year, as a flow.

const flowLinks = (came, found, carriedOut, narrow) => {
  const { t } = ogi;
  const nodes = new Map();
  const links = [];
  const node = (id, label, colour, depth) => {
    nodes.set(id, { name: id, label, itemStyle: { color: colour }, depth });
    return id;
  };
  const flow = (source, target, value) => {
    if (value > 0) {
      links.push({ source, target, value });
    }
  };
  node("all", t("flow.all"), ogi.colour.quiet, 1);
  came.forEach((c) => {
    if (c.value > 0) {
      flow(node(c.key, ogi.named(ogi.measures.get(c.key)), ogi.colour.reported, 0), "all", c.value);
    }
  });
  found.forEach((o, i) => {
    if (!o.value) {
      return;
    }
    const colour = ogi.palette[(i + 2) % ogi.palette.length];
    flow("all", node(o.group, t("outcome." + o.group), colour, 2), o.value);
    if (!narrow && o.parts.length && o.parts[0].measure.id !== "applications." + o.group) {
      o.parts
        .filter((p) => p.value > 0)
        .forEach((p) => flow(o.group, node(p.measure.id, ogi.named(p.measure), colour, 3), p.value));
    }
  });
  if (carriedOut > 0) {
    flow("all", node("out", t("outcome.carried_out"), ogi.colour.compiled, 2), carriedOut);
  }
  const inward = came.reduce((s, c) => s + (c.value || 0), 0);
  const outward = found.reduce((s, o) => s + (o.value || 0), 0) + (carriedOut || 0);
  if (inward > outward) {
    flow("all", node("rest", t("outcome.rest"), REST, 2), inward - outward);
  }
  return {
    nodes: [...nodes.values()].filter((n) => links.some((l) => l.source === n.name || l.target === n.name)),
    links,
  };
};

const flowOption = (flow, unit, narrow) => {
  const sum = (name) =>
    Math.max(
      flow.links.filter((l) => l.source === name).reduce((s, l) => s + l.value, 0),
      flow.links.filter((l) => l.target === name).reduce((s, l) => s + l.value, 0),
    );
  const label = (name) => (flow.nodes.find((n) => n.name === name) || { label: name }).label;
  return {
    legend: { show: false },
    tooltip: {
      trigger: "item",
      formatter: (p) =>
        p.dataType === "edge"
          ? `${label(p.data.source)} → ${label(p.data.target)}${ogi.t("colon")}${ogi.number(p.value)} ${unit}`
          : `${label(p.name)}${ogi.t("colon")}${ogi.number(sum(p.name))} ${unit}`,
    },
    series: [
      {
        type: "sankey",
        left: 8,
        right: narrow ? 120 : 260,
        top: 12,
        bottom: 12,
        nodeGap: 18,
        nodeWidth: 16,
        draggable: false,
        layoutIterations: 64,
        data: flow.nodes,
        links: flow.links,
        lineStyle: { color: "target", opacity: 0.35 },
        label: {
          formatter: (p) => (narrow && p.name === "all" ? "" : `${label(p.name)} ${ogi.number(sum(p.name))}`),
          width: narrow ? 108 : 245,
          overflow: "break",
          color: ogi.colour.ink,
          fontSize: 12,
        },
      },
    ],
  };
};

const flowTable = (came, found, carriedOut, total) => {
  const share = (v) => (total && v !== null ? (100 * v) / total : null);
  const line = (kind, name, value, mark) => [kind, name, { v: value, mark }, share(value)];
  return {
    columns: [
      { label: ogi.t("col.kind") },
      { label: ogi.t("col.indicator") },
      { label: ogi.t("col.count"), numeric: true, provenance: true },
      { label: ogi.t("col.share_in"), numeric: true, show: ogi.percent },
    ],
    rows: [
      ...came.map((c) => line(ogi.t("flow.in"), ogi.named(ogi.measures.get(c.key)), c.value, c.mark)),
      ...found.flatMap((o) =>
        o.parts.map((p) => line(ogi.t("outcome." + o.group), ogi.named(p.measure), p.value, p.mark)),
      ),
      line(
        ogi.t("outcome.carried_out"),
        ogi.named(ogi.measures.get("applications.carried_out")),
        carriedOut.value,
        carriedOut.mark,
      ),
    ],
  };
};

ogi.pages.flow = (parameters, show) => {
  const body = ogi.bodies.has(parameters.body)
    ? parameters.body
    : ogi.data.index.cities[ogi.cityAt(parameters.city)].id;
  const position = ogi.cityOf(body);
  show(["c" + position], (main) => {
    const { t } = ogi;
    const city = ogi.data["c" + position];
    const years = city.years;
    const known = years.filter((y, i) =>
      ["reported", "compiled"].some((b) => valueAt(city, body, "applications.new", b, i) !== null),
    );
    const year = ogi.yearOf(known.length ? known : years, parameters.year);
    const at = years.indexOf(year);
    const basis = basisOf(city, body, at, parameters.basis);
    const came = IN.map((key) => ({
      key,
      value: valueAt(city, body, key, basis, at),
      mark: markAt(city, body, key, basis, at),
    }));
    const carriedOut = {
      value: valueAt(city, body, "applications.carried_out", basis, at),
      mark: markAt(city, body, "applications.carried_out", basis, at),
    };
    const found = outcomes(city, body, basis, at);
    const simulated = came.some((c) => ogi.isSimulated(c.mark));
    const total = came.reduce((s, c) => s + (c.value || 0), 0);
    ogi.heading(main, t("flow.title", { body: ogi.bodyName(body), year: year || "" }), t("flow.lead"), simulated);
    const next = (more) => ogi.go("flow", { body, year, basis, ...more });
    main.append(
      ogi.controls(
        ogi.cityChoice(position, (c) => ogi.go("flow", { body: c })),
        ogi.bodyChoice(position, body, (b) => next({ body: b })),
        ogi.yearChoice(years, year, (y) => next({ year: y })),
        ogi.choice(
          "basis",
          t("choose.basis"),
          ["reported", "compiled"].map((b) => [b, t("basis." + b)]),
          basis,
          (b) => next({ basis: b }),
        ),
      ),
    );
    const narrow = main.clientWidth < 620; // a phone has no room for the reasons: they are in the table
    const flow = flowLinks(came, found, carriedOut.value, narrow);
    const form = ogi.formsOf(city, body)[at];
    ogi.figure(main, {
      title:
        t("flow.figure", { body: ogi.bodyName(body), year: year || "", basis: t("basis." + basis) }) +
        (simulated ? t("mark.s") : ""),
      note: flow.nodes.some((n) => n.name === "rest") ? t("flow.rest_note", { form: form || "—" }) : null,
      height: Math.max(340, 36 * flow.nodes.length),
      empty: flow.links.length ? null : t("empty"),
      option: flowOption(flow, ogi.unit("件"), narrow),
      table: flowTable(came, found, carriedOut, total),
    });
    ogi.outcomeBars(main, city, body);
  });
};
