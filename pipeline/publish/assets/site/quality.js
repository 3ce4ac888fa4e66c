"use strict";
// Data quality: how often each rule held, each culprit cell in its form, and what the prose makes one ask.

const RULE_STATES = [
  ["pass", "#2c8c74"],
  ["fail", "#b3443c"],
  ["unknown", "#9aa3b2"],
];

const rulesFigure = (main) => {
  const { t } = ogi;
  const rules = ogi.data.quality.rules;
  const failing = rules
    .filter((r) => r.fail)
    .sort((a, b) => b.fail - a.fail)
    .slice(0, 25);
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
      yAxis: ogi.names(
        failing.map((r) => ogi.ruleName(r.id)),
        {
          inverse: true,
          axisLabel: { interval: 0, width: main.clientWidth < 620 ? 130 : 340, overflow: "break", lineHeight: 15 },
        },
      ),
      tooltip: { formatter: (p) => `${p[0].name}${t("colon")}${ogi.number(p[0].value)}` },
      series: [
        ogi.bar(
          t("state.fail"),
          failing.map((r) => r.fail),
          RULE_STATES[1][1],
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
        ...RULE_STATES.map(([s]) => ({ label: t("state." + s), numeric: true })),
      ],
      rows: rules.map((r) => [
        ogi.ruleName(r.id),
        r.id,
        t("severity." + r.severity),
        ...RULE_STATES.map(([s]) => r[s]),
      ]),
    },
  });
};

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

// One report with problems; its form is drawn once it is opened.
const culprit = (one) => {
  const { h, t } = ogi;
  const place = h("div", {});
  const open = () =>
    ogi.need(["b" + one.at, "form-" + one.form], () => {
      const report = (ogi.data["b" + one.at] || { reports: [] }).reports.find((r) => r.path === one.path);
      const form = ogi.data["form-" + one.form];
      const drawn = report && form && report.raw ? ogi.drawForm(report, form, true) : [];
      place.replaceChildren(drawn.length ? ogi.legend() : h("p", { class: "quiet" }, t("quality.no_cell")), ...drawn);
    });
  const details = h("details", {}, h("summary", {}, t("quality.draw")), place);
  details.addEventListener("toggle", () => {
    if (details.open && !place.firstChild) {
      open();
    }
  });
  return {
    element: h(
      "article",
      { class: "culprit" },
      h(
        "h3",
        {},
        h("a", { href: ogi.link("body", { id: one.body, year: one.year }) }, ogi.bodyName(one.body), " ", one.year),
        " ",
        ogi.badge(one.prov),
      ),
      ogi.sentences(one),
      details,
    ),
    details,
  };
};

const MOST = 100;
ogi.pages.quality = (parameters, show) => {
  const cities = ogi.data.index.cities;
  const worst = cities.findIndex((c) => c.errors + c.warnings > 0);
  const position = parameters.city ? ogi.cityAt(parameters.city) : Math.max(worst, 0);
  const forms = ogi.data.index.forms.map((f) => "form-" + f.id);
  show(["quality", "q" + position, ...forms], (main) => {
    const { h, t } = ogi;
    const { lost } = ogi.data.quality;
    const found = ogi.data["q" + position].reports;
    ogi.heading(main, t("page.quality"), t("quality.lead"), ogi.data.index.simulated > 0);
    rulesFigure(main);
    main.append(h("h2", {}, t("quality.reports")));
    main.append(
      ogi.table({
        caption: t("quality.cities"),
        name: t("quality.cities"),
        sort: 1,
        down: true,
        columns: [
          { label: t("col.city") },
          { label: t("severity.error"), numeric: true },
          { label: t("severity.warning"), numeric: true },
        ],
        rows: cities.map((c, i) => [
          { v: ogi.cityName(i), href: ogi.link("quality", { city: c.id }) },
          c.errors,
          c.warnings,
        ]),
      }),
    );
    main.append(ogi.controls(ogi.cityChoice(position, (c) => ogi.go("quality", { city: c }))));
    const prose = proseTable(found);
    if (prose) {
      main.append(
        h("section", { "aria-label": t("quality.prose") }, h("p", { class: "quiet" }, t("quality.prose_note")), prose),
      );
    }
    const articles = found.slice(0, MOST).map(culprit);
    main.append(
      h("h2", {}, t("quality.culprits", { city: ogi.cityName(position), count: found.length })),
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
    if (found.length > MOST) {
      main.append(h("p", { class: "quiet" }, t("compare.first", { shown: MOST, total: found.length })));
    }
    articles.slice(0, 3).forEach((a) => {
      a.details.open = true;
    });
    if (lost.length) {
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
          rows: lost.map((r) => [r.path, r.body, r.year, r[ogi.lang]]),
        }),
      );
    }
  });
};
