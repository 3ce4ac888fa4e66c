"use strict";
// The applications of one year and their outcomes, as a flow diagram (Sankey).

// Return nodes and links: received applications, their sum, outcome groups, and on a wide page the reasons. A rest that
// no outcome covers has a node of its own.
const flowLinks = (received, outcomeGroups, carriedOut, isNarrow, restKind) => {
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
  received.forEach((c) => {
    if (c.value > 0) {
      flow(node(c.key, ogi.nameOf(ogi.measures.get(c.key)), ogi.colour.reported, 0), "all", c.value);
    }
  });
  outcomeGroups.forEach((o, i) => {
    if (!o.value) {
      return;
    }
    const colour = ogi.palette[(i + 2) % ogi.palette.length];
    flow("all", node(o.group, t("outcome." + o.group), colour, 2), o.value);
    if (!isNarrow && o.parts.length && o.parts[0].measure.id !== "applications." + o.group) {
      o.parts
        .filter((p) => p.value > 0)
        .forEach((p) => flow(o.group, node(p.measure.id, ogi.nameOf(p.measure), colour, 3), p.value));
    }
  });
  if (carriedOut > 0) {
    flow("all", node("out", t("outcome.carried_out"), ogi.colour.compiled, 2), carriedOut);
  }
  const receivedSum = received.reduce((s, c) => s + (c.value || 0), 0);
  const outcomeSum = outcomeGroups.reduce((s, o) => s + (o.value || 0), 0) + (carriedOut || 0);
  if (receivedSum > outcomeSum) {
    const colour = restKind === "gap" ? GAP_COLOUR : REST_COLOUR;
    flow("all", node(restKind, t("outcome." + restKind), colour, 2), receivedSum - outcomeSum);
  }
  return {
    nodes: [...nodes.values()].filter((n) => links.some((l) => l.source === n.name || l.target === n.name)),
    links,
  };
};

const flowOption = (flow, unit, isNarrow) => {
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
        right: isNarrow ? 120 : 260,
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
          formatter: (p) => (isNarrow && p.name === "all" ? "" : `${label(p.name)} ${ogi.number(sum(p.name))}`),
          width: isNarrow ? 108 : 245,
          overflow: "break",
          color: ogi.colour.ink,
          fontSize: 12,
        },
      },
    ],
  };
};

const flowTable = (received, outcomeGroups, carriedOut, total) => {
  const share = (v) => (total && v !== null ? (100 * v) / total : null);
  const row = (kind, name, value, mark) => [kind, name, { v: value, mark }, share(value)];
  return {
    columns: [
      { label: ogi.t("col.kind") },
      { label: ogi.t("col.indicator") },
      { label: ogi.t("col.count"), numeric: true, provenance: true },
      { label: ogi.t("col.share_in"), numeric: true, show: ogi.percent },
    ],
    rows: [
      ...received.map((c) => row(ogi.t("flow.in"), ogi.nameOf(ogi.measures.get(c.key)), c.value, c.mark)),
      ...outcomeGroups.flatMap((o) =>
        o.parts.map((p) => row(ogi.t("outcome." + o.group), ogi.nameOf(p.measure), p.value, p.mark)),
      ),
      row(
        ogi.t("outcome.carried_out"),
        ogi.nameOf(ogi.measures.get("applications.carried_out")),
        carriedOut.value,
        carriedOut.mark,
      ),
    ],
  };
};

ogi.pages.flow = (parameters, show) => {
  const body = ogi.bodies.has(parameters.body)
    ? parameters.body
    : ogi.data.index.groups[ogi.groupPosition(parameters.group)].id;
  const position = ogi.groupPositionOf(body);
  show(["c" + position], (main) => {
    const { t } = ogi;
    const group = ogi.data["c" + position];
    const years = group.years;
    const yearsWithData = years.filter((y, i) =>
      ["reported", "compiled"].some((b) => valueAt(group, body, "applications.new", b, i) !== null),
    );
    const year = ogi.yearOrLast(yearsWithData.length ? yearsWithData : years, parameters.year);
    const yearIndex = years.indexOf(year);
    const basis = basisOf(group, body, yearIndex, parameters.basis);
    const received = RECEIVED_INDICATORS.map((key) => ({
      key,
      value: valueAt(group, body, key, basis, yearIndex),
      mark: markAt(group, body, key, basis, yearIndex),
    }));
    const carriedOut = {
      value: valueAt(group, body, "applications.carried_out", basis, yearIndex),
      mark: markAt(group, body, "applications.carried_out", basis, yearIndex),
    };
    const outcomeGroups = outcomes(group, body, basis, yearIndex);
    const hasSimulated = received.some((c) => ogi.isSimulated(c.mark));
    const total = received.reduce((s, c) => s + (c.value || 0), 0);
    ogi.heading(
      main,
      t("flow.title", { body: ogi.bodyName(body), year: year || "" }),
      t("flow.lead"),
      hasSimulated,
      basis === "compiled" ? ogi.partialNotice(position, [year]) : "",
    );
    const openWith = (changes) => ogi.openPage("flow", { body, year, basis, ...changes });
    main.append(
      ogi.controls(
        ogi.groupChoice(position, (c) => ogi.openPage("flow", { body: c })),
        ogi.bodyChoice(position, body, (b) => openWith({ body: b })),
        ogi.yearChoice(years, year, (y) => openWith({ year: y })),
        ogi.choice(
          "basis",
          t("choose.basis"),
          ["reported", "compiled"].map((b) => [b, t("basis." + b)]),
          basis,
          (b) => openWith({ basis: b }),
        ),
      ),
    );
    const isNarrow = main.clientWidth < NARROW_PAGE_PX; // a phone has no room for the reasons; the table has them
    const restKind = ogi.hasAllOutcomes(group, body, yearIndex) ? "gap" : "rest";
    const flow = flowLinks(received, outcomeGroups, carriedOut.value, isNarrow, restKind);
    const form = ogi.formsOf(group, body)[yearIndex];
    ogi.figure(main, {
      title:
        t("flow.figure", { body: ogi.bodyName(body), year: year || "", basis: ogi.basisName(basis, position, yearIndex) }) +
        (hasSimulated ? t("mark.s") : ""),
      note: flow.nodes.some((n) => n.name === restKind) ? t("flow." + restKind, { form: form || "—" }) : null,
      height: Math.max(340, 36 * flow.nodes.length),
      empty: flow.links.length ? null : t("empty"),
      option: flowOption(flow, ogi.unit("件"), isNarrow),
      table: flowTable(received, outcomeGroups, carriedOut, total),
    });
    ogi.outcomeBars(main, group, body);
  });
};
