"use strict";
// Other kinds of report, such as inspections of websites: their numbers by quarter and year, what is missing, and the
// comparison with the annual report.

const periodName = (year, quarter) => (quarter ? ogi.t("supervision.quarter", { year, quarter }) : String(year));
// A body of this page may have no annual report, and then it is not in the index.
const bodyIn = (kind, id) => kind.bodies[id] || ogi.bodyName(id);
// The key of the values is a body's id, or its id and what the report is about.
const subjectName = (kind, key) => {
  const [id, ...subject] = key.split(" ");
  return bodyIn(kind, id) + (subject.length ? " " + subject.join(" ") : "");
};

// Return every period of the years that have values, so that a missing quarter is seen as missing.
const periodsOf = (kind, values) =>
  [...new Set(values.map((v) => v[0]))]
    .sort((a, b) => a - b)
    .flatMap((year) => (kind.period === "quarter" ? [1, 2, 3, 4] : [0]).map((quarter) => [year, quarter]));

// Return the table of a body's numbers: one row per number, one column per period, and one per year of quarters.
const numbersTable = (kind, key) => {
  const { t } = ogi;
  const values = kind.values[key] || [];
  const years = kind.years[key] || [];
  const periods = periodsOf(kind, values);
  const summed = [...new Set(years.map((y) => y[0]))].sort();
  const rows = [...new Set(values.map((v) => v[2]))].sort((a, b) => a - b);
  const cell = (row, [year, quarter]) => {
    const found = values.find((v) => v[0] === year && v[1] === quarter && v[2] === row);
    return found
      ? { v: found[3], mark: found[6], doubt: found[4] ? "unresolved" : 0, title: t("supervision." + found[5]) }
      : null;
  };
  const ofYear = (row, year) => {
    const found = years.find((y) => y[0] === year && y[1] === row);
    if (!found || found[3] === null) {
      return null;
    }
    const lacking = found[2] === null;
    return {
      v: found[2],
      text: lacking ? t("supervision.lacking", { value: ogi.number(found[3]), quarters: found[4].join(t("comma")) }) : undefined,
      mark: found[6],
      doubt: found[5] ? "unresolved" : 0,
    };
  };
  const entry = (c) => (c && c.text === undefined ? { v: c.v, mark: c.mark, doubt: c.doubt, title: c.title } : c);
  return ogi.table({
    caption: t("supervision.numbers", { body: subjectName(kind, key), kind: ogi.nameOf(kind) }),
    name: `${kind.id}-${key}`,
    columns: [
      { label: t("col.indicator") },
      { label: t("supervision.counted_by") },
      { label: t("col.unit") },
      ...periods.map((p) => ({ label: periodName(...p), numeric: true, provenance: true })),
      ...summed.map((y) => ({ label: t("supervision.year", { year: y }), numeric: true, provenance: true })),
    ],
    rows: rows.map((r) => {
      const [, zh, en, seriesZh, seriesEn, unit] = kind.rows[r];
      const zhFirst = ogi.lang === "zh";
      return [
        zhFirst ? zh : en,
        zhFirst ? seriesZh : seriesEn,
        unit,
        ...periods.map((p) => cell(r, p)),
        ...summed.map((y) => entry(ofYear(r, y))),
      ];
    }),
  });
};

// Append the figure of one number of a body by period.
const periodFigure = (main, kind, key, row) => {
  const { t } = ogi;
  const periods = periodsOf(kind, kind.values[key] || []);
  const own = (kind.values[key] || []).filter((v) => v[2] === row);
  const values = periods.map(([year, quarter]) => own.find((v) => v[0] === year && v[1] === quarter) || null);
  const names = periods.map((p) => periodName(...p));
  const [, zh, en, , , unit] = kind.rows[row];
  const label = ogi.lang === "zh" ? zh : en;
  ogi.figure(main, {
    title: t("supervision.figure", { body: subjectName(kind, key), label }),
    height: 280,
    empty: own.length ? null : t("empty"),
    option: {
      xAxis: ogi.nameAxis(names),
      yAxis: ogi.valueAxis(unit),
      tooltip: { formatter: ogi.barTooltip(unit) },
      series: [
        ogi.bar(
          label,
          values.map((v) => v && v[3]),
          ogi.colour.reported,
          values.map((v) => (v ? v[6] : "-")),
          { label: { show: true, position: "top", formatter: (p) => (p.value === null || p.value === undefined ? "" : ogi.number(p.value)) } },
        ),
      ],
    },
    table: {
      columns: [{ label: t("supervision.period") }, { label, numeric: true, provenance: true }],
      rows: values.map((v, i) => [names[i], v && { v: v[3], mark: v[6] }]),
    },
  });
};

const dueTable = (kind) => {
  const { t } = ogi;
  const signs = { l: "●", b: "◌", q: "▲", a: "○" };
  const periods = [...new Map(kind.due.map((d) => [d[1] * 10 + d[2], [d[1], d[2]]])).entries()]
    .sort((a, b) => a[0] - b[0])
    .map(([, p]) => p);
  const bodies = [...new Set(kind.due.map((d) => d[0]))];
  const status = new Map(kind.due.map((d) => [`${d[0]} ${d[1]} ${d[2]}`, d[3]]));
  const cell = (id, [year, quarter]) => {
    const letter = status.get(`${id} ${year} ${quarter}`);
    return letter ? { v: t("status." + letter), text: signs[letter], title: t("status." + letter), class: "state-" + letter } : null;
  };
  return ogi.table({
    caption: t("supervision.due", { kind: ogi.nameOf(kind) }),
    name: kind.id + "-due",
    columns: [{ label: t("col.body") }, ...periods.map((p) => ({ label: periodName(...p) }))],
    rows: bodies.map((id) => [bodyIn(kind, id), ...periods.map((p) => cell(id, p))]),
  });
};

const comparisonTable = (kind) => {
  const { t } = ogi;
  const zhFirst = ogi.lang === "zh";
  return ogi.table({
    caption: t("supervision.compared"),
    name: kind.id + "-compared",
    columns: [
      { label: t("col.body") },
      { label: t("col.year") },
      { label: ogi.nameOf(kind) },
      { label: t("supervision.value"), numeric: true },
      { label: t("supervision.annual") },
      { label: t("supervision.annual_value"), numeric: true },
      { label: t("supervision.difference"), numeric: true },
    ],
    rows: kind.compared.map(([id, year, row, known, zh, en, annual, difference]) => [
      bodyIn(kind, id),
      year,
      kind.rows[row][zhFirst ? 1 : 2],
      known,
      { v: zhFirst ? zh : en, href: ogi.link("body", { id, year }) },
      annual,
      difference,
    ]),
  });
};

ogi.pages.supervision = (parameters, show) => {
  show(["kinds"], (main) => {
    const { h, t } = ogi;
    const kinds = ogi.data.kinds;
    const kind = kinds.find((k) => k.id === parameters.kind) || kinds[0];
    ogi.heading(main, t("supervision.title"), t("supervision.lead"), kind && Object.values(kind.values).some((v) => v.some((x) => ogi.isSimulated(x[6]))));
    if (!kind) {
      main.append(h("p", { class: "quiet" }, t("supervision.none")));
      return;
    }
    const keys = Object.keys(kind.values);
    const key = keys.includes(parameters.body) ? parameters.body : keys[0];
    const open = (changed) => ogi.openPage("supervision", { kind: kind.id, body: key, ...changed });
    const choices = [
      ogi.choice("kind", t("supervision.kind"), kinds.map((k) => [k.id, ogi.nameOf(k)]), kind.id, (v) => open({ kind: v, body: null })),
    ];
    if (key !== undefined) {
      const own = [...new Set(kind.values[key].map((v) => v[2]))].sort((a, b) => a - b);
      const usual = own.find((r) => /inspected/.test(kind.rows[r][0])) ?? own[0];
      const row = own.includes(Number(parameters.row)) && parameters.row !== undefined ? Number(parameters.row) : usual;
      choices.push(ogi.choice("body", t("choose.body"), keys.map((k) => [k, subjectName(kind, k)]), key, (v) => open({ body: v })));
      choices.push(
        ogi.choice(
          "row",
          t("choose.indicator"),
          own.map((r) => [r, `${kind.rows[r][ogi.lang === "zh" ? 1 : 2]} (${kind.rows[r][ogi.lang === "zh" ? 3 : 4]})`]),
          row,
          (v) => open({ row: v }),
        ),
      );
      main.append(ogi.controls(...choices));
      periodFigure(main, kind, key, row);
      main.append(h("p", { class: "quiet" }, t("supervision.note")), numbersTable(kind, key));
    } else {
      main.append(ogi.controls(...choices));
    }
    main.append(h("p", { class: "quiet" }, t("supervision.signs")), dueTable(kind));
    if (kind.compared.length) {
      main.append(comparisonTable(kind));
    }
  });
};
