"use strict";
// Data quality: the findings per identity, the wrong cells in their form, and figures of the prose to check.

// Statuses of findings with their colours.
const FINDING_STATUS_COLOURS = [
  ["pass", "#2c8c74"],
  ["fail", "#b3443c"],
  ["unknown", "#9aa3b2"],
];

const MAX_FAILING_RULES = 25;
const MAX_REPORTS = 100;
const OPENED_REPORTS = 3; // their forms are drawn without a click

// Append the figure of the identities that failed most often, with the table of all.
const rulesFigure = (main) => {
  const { t } = ogi;
  const rules = ogi.data.quality.rules;
  const failing = rules
    .filter((r) => r.fail)
    .sort((a, b) => b.fail - a.fail)
    .slice(0, MAX_FAILING_RULES);
  ogi.figure(main, {
    title: t("quality.rules"),
    note: t("quality.rules_note", { rules: rules.length, failing: failing.length }),
    height: Math.max(150, failing.length * 38 + 60),
    empty: failing.length ? null : t("quality.none"),
    option: {
      legend: { show: false },
      grid: { left: 8, right: 50, top: 8, bottom: 34, containLabel: true },
      xAxis: {
        ...ogi.valueAxis(""),
        name: t("quality.times"),
        nameLocation: "middle",
        nameGap: 26,
        minInterval: 1,
        nameTextStyle: { color: ogi.colour.quiet, align: "center" },
      },
      yAxis: ogi.nameAxis(
        failing.map((r) => ogi.ruleName(r.id)),
        {
          inverse: true,
          axisLabel: {
            interval: 0,
            width: main.clientWidth < NARROW_PAGE_PX ? 130 : 340,
            overflow: "break",
            lineHeight: 15,
          },
        },
      ),
      tooltip: { formatter: (p) => `${p[0].name}${t("colon")}${ogi.number(p[0].value)}` },
      series: [
        ogi.bar(
          t("state.fail"),
          failing.map((r) => r.fail),
          FINDING_STATUS_COLOURS[1][1],
          [],
          { label: { show: true, position: "right", color: ogi.colour.ink } },
        ),
      ],
    },
    table: {
      caption: t("quality.all_rules"),
      name: t("quality.all_rules"),
      sort: 4,
      down: true,
      columns: [
        { label: t("col.rule"), wide: true },
        { label: t("col.code") },
        { label: t("col.severity") },
        ...FINDING_STATUS_COLOURS.map(([s]) => ({ label: t("state." + s), numeric: true })),
      ],
      rows: rules.map((r) => [
        ogi.ruleName(r.id),
        r.id,
        t("severity." + r.severity),
        ...FINDING_STATUS_COLOURS.map(([s]) => r[s]),
      ]),
    },
  });
};

// Return the table of failed identities of the prose, or null if none failed.
const proseTable = (reports) => {
  const { t } = ogi;
  const rows = reports.flatMap((r) =>
    (r.prose || []).map(([identity, place, clause, lhs, rhs, difference]) => [
      { v: ogi.bodyName(r.body), href: ogi.link("body", { id: r.body, year: r.year }), mark: r.prov },
      r.year,
      ogi.proseLabel(place, ogi.data["form-" + r.form]),
      ogi.ruleName(identity),
      { v: clause, class: "clause" },
      lhs,
      rhs,
      difference,
    ]),
  );
  return rows.length
    ? ogi.table({
        caption: t("quality.prose"),
        name: t("quality.prose"),
        rows,
        columns: [
          { label: t("col.body") },
          { label: t("col.year") },
          { label: t("col.figure") },
          { label: t("col.rule"), wide: true },
          { label: t("col.clause"), wide: true, lang: "zh-CN" },
          ...["col.left", "col.right", "col.difference"].map((c) => ({ label: t(c), numeric: true, show: (v) => v })),
        ],
      })
    : null;
};

// Return a report with problems as {element, details}. Its form is loaded and drawn when `details` is opened.
const problemReport = (entry) => {
  const { h, t } = ogi;
  const formBox = h("div", {});
  const drawTables = () =>
    ogi.loadData(["b" + entry.at, "form-" + entry.form], () => {
      const report = (ogi.data["b" + entry.at] || { reports: [] }).reports.find((r) => r.path === entry.path);
      const form = ogi.data["form-" + entry.form];
      const tables = report && form && report.raw ? ogi.drawForm(report, form, true) : [];
      formBox.replaceChildren(
        tables.length ? ogi.markLegend() : h("p", { class: "quiet" }, t("quality.no_cell")),
        ...tables,
      );
    });
  const details = h("details", {}, h("summary", {}, t("quality.draw")), formBox);
  details.addEventListener("toggle", () => {
    if (details.open && !formBox.firstChild) {
      drawTables();
    }
  });
  return {
    element: h(
      "article",
      { class: "problem-report" },
      h(
        "h3",
        {},
        h(
          "a",
          { href: ogi.link("body", { id: entry.body, year: entry.year }) },
          ogi.bodyName(entry.body),
          " ",
          entry.year,
        ),
        " ",
        ogi.badge(entry.prov),
      ),
      ogi.sentenceLists(entry),
      details,
    ),
    details,
  };
};

ogi.pages.quality = (parameters, show) => {
  const groups = ogi.data.index.groups;
  const firstWithProblems = groups.findIndex((c) => c.errors + c.warnings > 0);
  const position = parameters.group ? ogi.groupPosition(parameters.group) : Math.max(firstWithProblems, 0);
  const forms = ogi.data.index.forms.map((f) => "form-" + f.id);
  show(["quality", "q" + position, ...forms], (main) => {
    const { h, t } = ogi;
    const { lost: quarantined } = ogi.data.quality;
    const { reports } = ogi.data["q" + position];
    ogi.heading(main, t("page.quality"), t("quality.lead"), ogi.data.index.simulated > 0);
    const { errors, warnings } = ogi.data.index.problems;
    main.append(h("p", { class: "summary" }, t("quality.total", { errors, warnings })));
    rulesFigure(main);
    main.append(h("h2", {}, t("quality.reports")));
    main.append(
      ogi.table({
        caption: t("quality.groups"),
        name: t("quality.groups"),
        sort: 1,
        down: true,
        columns: [
          { label: t("col.group") },
          { label: t("severity.error"), numeric: true },
          { label: t("severity.warning"), numeric: true },
        ],
        rows: groups.map((c, i) => [
          { v: ogi.groupName(i), href: ogi.link("quality", { group: c.id }) },
          c.errors,
          c.warnings,
        ]),
      }),
    );
    main.append(ogi.controls(ogi.groupChoice(position, (c) => ogi.openPage("quality", { group: c }))));
    const prose = proseTable(reports);
    if (prose) {
      main.append(
        h("section", { "aria-label": t("quality.prose") }, h("p", { class: "quiet" }, t("quality.prose_note")), prose),
      );
    }
    const articles = reports.slice(0, MAX_REPORTS).map(problemReport);
    main.append(
      h("h2", {}, t("quality.culprits", { group: ogi.groupName(position), count: reports.length })),
      articles.length
        ? articles
            .map((a) => a.element)
            .reduce(
              (box, a) => {
                box.append(a);
                return box;
              },
              h("div", {}),
            )
        : h("p", { class: "empty" }, t("quality.none")),
    );
    if (reports.length > MAX_REPORTS) {
      main.append(h("p", { class: "quiet" }, t("compare.first", { shown: MAX_REPORTS, total: reports.length })));
    }
    articles.slice(0, OPENED_REPORTS).forEach((a) => {
      a.details.open = true;
    });
    if (quarantined.length) {
      main.append(
        ogi.table({
          caption: t("quality.lost"),
          name: t("quality.lost"),
          columns: [
            { label: t("col.path") },
            { label: t("col.body") },
            { label: t("col.year") },
            { label: t("col.why"), wide: true },
          ],
          rows: quarantined.map((r) => [r.path, r.body, r.year, r[ogi.lang]]),
        }),
      );
    }
  });
};
