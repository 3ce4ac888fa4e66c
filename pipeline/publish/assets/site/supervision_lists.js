"use strict";
// Other kinds of report: the periods in which one is owed, lists such as sites with problems, and the comparison with the
// annual report.

// Return the table of the bodies and the periods: of the quarters of a year, or of all years.
const dueTable = (kind, year) => {
  const { t } = ogi;
  const signs = { l: "●", b: "◌", q: "▲", a: "○" };
  const shown = kind.due.filter((d) => !d[2] || d[1] === year);
  const periods = [...new Map(shown.map((d) => [d[1] * 10 + d[2], [d[1], d[2]]])).entries()]
    .sort((a, b) => a[0] - b[0])
    .map(([, p]) => p);
  const bodies = [...new Set(shown.map((d) => d[0]))];
  const status = new Map(kind.due.map((d) => [`${d[0]} ${d[1]} ${d[2]}`, d[3]]));
  const cell = (id, [year, quarter]) => {
    const letter = status.get(`${id} ${year} ${quarter}`);
    return letter ? { v: t("status." + letter), text: signs[letter], title: t("status." + letter), class: "state-" + letter } : null;
  };
  return ogi.table({
    caption: t("supervision.due", { kind: ogi.nameOf(kind), year: titleOfYear(kind, year) }),
    name: kind.id + "-due",
    columns: [{ label: t("col.body") }, ...periods.map((p) => ({ label: columnName(...p) }))],
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
      { label: t(kind.period === "quarter" ? "supervision.value" : "supervision.value_of_year"), numeric: true },
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

// Return a table per list of a body's reports on a year, and one of the attributes of what they are about.
const entryTables = (kind, key, year) => {
  const { t } = ogi;
  const entries = (kind.entries[key] || []).filter((e) => e[0] === year);
  return [...new Set(entries.map((e) => e[2]))].sort().map((code) => {
    const list = kind.lists[code];
    const lines = entries.filter((e) => e[2] === code);
    const columns = list.columns.filter(([column]) => lines.some((e) => column in e[3]));
    const hasQuarters = lines.some((e) => e[1]);
    return ogi.table({
      caption: t("supervision.list", {
        body: subjectName(kind, key),
        year: periodName(year, 0),
        list: (ogi.lang === "zh" ? list.zh : list.en) || t("supervision.attributes"),
      }),
      name: `${kind.id}-${key}-${year}-${code || "attributes"}`,
      columns: [
        ...(hasQuarters ? [{ label: t("supervision.period"), provenance: true }] : []),
        ...columns.map(([, label]) => ({ label, wide: true, lang: "zh" })),
      ],
      rows: lines.map((e) => [
        ...(hasQuarters ? [{ v: columnName(year, e[1]), mark: e[4] }] : []),
        ...columns.map(([column]) => e[3][column] || null),
      ]),
    });
  });
};
