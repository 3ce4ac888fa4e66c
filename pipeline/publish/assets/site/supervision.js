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

// The name of a period below the heading of its year.
const columnName = (year, quarter) => (quarter ? ogi.t("supervision.quarter_alone", { quarter }) : String(year));
// A table of quarters is on one year, and says which; one of years has them all.
const titleOfYear = (kind, year) => (kind.period === "quarter" ? ogi.t("supervision.in_year", { year }) : "");
const rowName = (row) => row[ogi.lang === "zh" ? 1 : 2];
const seriesName = (row) => row[ogi.lang === "zh" ? 3 : 4];
// The name of a number with that of its series; a table with one column, `value`, has no series.
const numberName = (row) => {
  const name = rowName(row);
  return row[0].endsWith("/value") ? name : ogi.t("supervision.row", { label: name, unit: seriesName(row) });
};
const yearsOf = (kind, key) => [...new Set(kind.values[key].map((v) => v[0]))].sort((a, b) => b - a);

// Return every period of some years, so that a missing quarter is seen as missing.
const periodsOf = (kind, years) =>
  [...years]
    .sort((a, b) => a - b)
    .flatMap((year) => (kind.period === "quarter" ? [1, 2, 3, 4] : [0]).map((quarter) => [year, quarter]));

// Return the cell of a value of a whole year; one that lacks a quarter says what the known quarters give.
const cellOfYear = (found) => {
  if (!found || found[3] === null) {
    return null;
  }
  const known = { value: ogi.number(found[3]), quarters: found[4].join(ogi.t("comma")) };
  const details = { v: found[2], mark: found[6], doubt: found[5] ? "unresolved" : 0 };
  return found[2] === null ? { ...details, text: ogi.t("supervision.lacking", known), hasBadges: true } : details;
};

// Return the table of a body's numbers: one row per number, one column per quarter of the year and one for all of it; of
// reports by year one column per year, the newest first.
const numbersTable = (kind, key, year) => {
  const { t } = ogi;
  const hasQuarters = kind.period === "quarter";
  const values = kind.values[key].filter((v) => !hasQuarters || v[0] === year);
  const summed = (kind.years[key] || []).filter((y) => hasQuarters && y[0] === year);
  const periods = hasQuarters ? periodsOf(kind, [year]) : periodsOf(kind, yearsOf(kind, key)).reverse();
  const rows = [...new Set(values.map((v) => v[2]))].sort((a, b) => a - b);
  const hasSeries = new Set(rows.map((r) => seriesName(kind.rows[r]))).size > 1;
  const cell = (row, [ofYear, quarter]) => {
    const found = values.find((v) => v[0] === ofYear && v[1] === quarter && v[2] === row);
    return found
      ? { v: found[3], mark: found[6], doubt: found[4] ? "unresolved" : 0, title: t("supervision." + found[5]) }
      : null;
  };
  return ogi.table({
    caption: t("supervision.numbers", { body: subjectName(kind, key), kind: ogi.nameOf(kind), year: titleOfYear(kind, year) }),
    name: hasQuarters ? `${kind.id}-${key}-${year}` : `${kind.id}-${key}`,
    columns: [
      { label: t("col.indicator"), wrap: true },
      ...(hasSeries ? [{ label: t("supervision.counted_by") }] : []),
      ...periods.map((p) => ({ label: columnName(...p), numeric: true, provenance: true })),
      ...(hasQuarters ? [{ label: t("supervision.whole_year"), numeric: true, provenance: true, wrap: true }] : []),
    ],
    rows: rows.map((r) => [
      t("supervision.row", { label: rowName(kind.rows[r]), unit: kind.rows[r][5] }),
      ...(hasSeries ? [seriesName(kind.rows[r])] : []),
      ...periods.map((p) => cell(r, p)),
      ...(hasQuarters ? [cellOfYear(summed.find((y) => y[1] === r))] : []),
    ]),
  });
};

// Append the figure of one number of a body by period.
const periodFigure = (main, kind, key, row) => {
  const { t } = ogi;
  const periods = periodsOf(kind, yearsOf(kind, key));
  const own = (kind.values[key] || []).filter((v) => v[2] === row);
  const values = periods.map(([year, quarter]) => own.find((v) => v[0] === year && v[1] === quarter) || null);
  const names = periods.map((p) => periodName(...p));
  const [label, unit] = [rowName(kind.rows[row]), kind.rows[row][5]];
  ogi.figure(main, {
    title: t("supervision.figure", { body: subjectName(kind, key), label: numberName(kind.rows[row]) }),
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
    const open = (changed) => ogi.openPage("supervision", { kind: kind.id, body: key, year: parameters.year, ...changed });
    const choices = [
      ogi.choice("kind", t("supervision.kind"), kinds.map((k) => [k.id, ogi.nameOf(k)]), kind.id, (v) => open({ kind: v, body: null })),
    ];
    const dueYears = kind.due.map((d) => d[1]);
    const years = key === undefined ? [...new Set(dueYears)].sort((a, b) => b - a) : yearsOf(kind, key);
    const year = years.includes(Number(parameters.year)) ? Number(parameters.year) : years[0];
    const hasQuarters = kind.period === "quarter";
    if (key !== undefined) {
      const own = [...new Set(kind.values[key].map((v) => v[2]))].sort((a, b) => a - b);
      const usual = own.find((r) => /inspected/.test(kind.rows[r][0])) ?? own[0];
      const row = own.includes(Number(parameters.row)) && parameters.row !== undefined ? Number(parameters.row) : usual;
      choices.push(
        ogi.choice("body", t("choose.body"), keys.map((k) => [k, subjectName(kind, k)]), key, (v) => open({ body: v, row })),
        ogi.choice("year", t("choose.year"), years.map((y) => [y, String(y)]), year, (v) => open({ year: v, row })),
        ogi.choice(
          "row",
          t("choose.indicator"),
          own.map((r) => [r, numberName(kind.rows[r])]),
          row,
          (v) => open({ row: v }),
        ),
      );
      main.append(ogi.controls(...choices));
      periodFigure(main, kind, key, row);
      main.append(numbersTable(kind, key, year));
      if (hasQuarters) {
        main.append(h("p", { class: "quiet" }, t("supervision.note")));
      }
      main.append(...entryTables(kind, key, year));
    } else {
      main.append(ogi.controls(...choices));
    }
    main.append(dueTable(kind, year), h("p", { class: "quiet" }, t("supervision.signs")));
    if (kind.compared.length) {
      main.append(comparisonTable(kind));
    }
    if (kind.is_cut) {
      main.append(h("p", { class: "quiet" }, t("supervision.cut")));
    }
  });
};
