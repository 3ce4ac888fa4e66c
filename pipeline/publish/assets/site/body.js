"use strict";
// A body: its reports with their sources, each report drawn as its form, and the figures of its prose.

const PROVENANCE_LETTER = { simulated: "s", transcribed: "t", published: "p" };

const bodyList = (main) => {
  const { t } = ogi;
  ogi.heading(main, t("body.list"), t("body.list_lead"), ogi.data.index.simulated > 0);
  main.append(
    ogi.table({
      caption: t("body.list"),
      name: t("body.list"),
      columns: [
        { label: t("col.body") },
        { label: t("col.level") },
        { label: t("col.group") },
        { label: t("col.code") },
      ],
      rows: ogi.data.index.bodies.map(([id, name, level, group, code]) => [
        { v: name, href: ogi.link("body", { id }) },
        t("level." + level),
        ogi.groupName(group),
        code,
      ]),
    }),
  );
};

const sourceTable = (reports, id) => {
  const { t } = ogi;
  return ogi.table({
    caption: t("body.sources"),
    name: `${ogi.bodyName(id)} ${t("body.sources")}`,
    columns: [
      { label: t("col.year") },
      { label: t("col.form") },
      { label: t("col.provenance") },
      { label: t("col.source"), wide: true, lang: "zh-CN" },
      { label: t("col.published_on") },
      { label: t("col.path") },
      { label: t("col.format") },
      { label: t("col.report_status") },
      { label: "SHA-256" },
    ],
    rows: reports.map((r) => [
      { v: r.year, href: ogi.link("body", { id, year: r.year }) },
      r.form,
      { v: t("prov." + (PROVENANCE_LETTER[r.provenance] || "p")), class: "prov-" + r.provenance },
      // The address is a line of a file that people edit: only one of the web becomes a link.
      /^https?:\/\//.test(r.url || "") ? { v: r.source, href: r.url } : r.source,
      r.published_on || "",
      r.path,
      r.format,
      { v: t("status." + r.status[0]), title: r["reason_" + ogi.lang] },
      { v: r.sha256, class: "hash" },
    ]),
  });
};

const proseFigures = (report, form) => {
  const { t } = ogi;
  if (!report.figures || !form) {
    return null;
  }
  return ogi.table({
    caption: t("body.prose"),
    name: t("body.prose"),
    columns: [
      { label: t("col.figure") },
      { label: t("col.clause"), wide: true, lang: "zh-CN" },
      { label: t("col.value"), numeric: true },
      { label: t("col.unit") },
      { label: t("col.approximate") },
      { label: t("col.scope") },
      { label: t("col.page"), numeric: true },
    ],
    rows: report.figures.map(([row, raw, value, approximate, scope, page]) => {
      const label = form.prose[row] || [row, row, ""];
      return [
        label[ogi.lang === "zh" ? 0 : 1],
        { v: raw, class: "clause" },
        value,
        ogi.unit(label[2]),
        approximate ? t("yes") : "",
        t("scope." + scope),
        page,
      ];
    }),
  });
};

const reportSection = (main, report, form) => {
  const { h, t } = ogi;
  const letter = PROVENANCE_LETTER[report.provenance];
  main.append(h("h2", {}, t("body.report", { year: report.year }), " ", ogi.badge(letter)));
  if (report.status === "quarantined") {
    main.append(h("p", { class: "empty" }, t("status.q"), t("colon"), report["reason_" + ogi.lang] || ""));
    return;
  }
  if (form) {
    main.append(
      h(
        "p",
        { class: "quiet" },
        ogi.nameOf(form),
        " · ",
        t("body.form_source"),
        t("colon"),
        h("span", { lang: "zh-CN" }, form.source),
      ),
    );
  }
  main.append(...ogi.sentenceLists(report));
  if (form && report.raw) {
    main.append(
      ogi.markLegend(),
      h("p", { class: "quiet" }, t("body.drawn_note")),
      ...ogi.drawForm(report, form, false),
    );
  }
  const prose = proseFigures(report, form);
  if (prose) {
    main.append(prose);
  }
};

const bodyPage = (main, body, parameters) => {
  const { h, t } = ogi;
  const group = ogi.data["c" + body.group];
  const { reports } = ogi.data["b" + body.position];
  const years = [...new Set(reports.map((r) => r.year))];
  const year = ogi.yearOrLast(years, parameters.year);
  const measure = ogi.measures.get(parameters.indicator) || ogi.defaultMeasure(group, body.id);
  const openWith = (changes) =>
    ogi.openPage("body", { id: body.id, year, indicator: ogi.measureKey(measure), ...changes });
  const groupEntry = ogi.data.index.groups[body.group];
  ogi.heading(
    main,
    body.name,
    t("body.lead", { level: t("level." + body.level), id: body.id, code: body.code || "—" }),
    reports.some((r) => r.provenance === "simulated"),
  );
  main.append(
    h(
      "p",
      {},
      groupEntry.id === body.id
        ? h("a", { href: ogi.link("overview", { group: body.id }) }, t("body.overview"))
        : [t("body.group"), h("a", { href: ogi.link("body", { id: groupEntry.id }) }, ogi.groupName(body.group))],
      " · ",
      h("a", { href: ogi.link("body") }, t("body.all")),
    ),
  );
  main.append(
    ogi.controls(
      years.length ? ogi.yearChoice(years, year, (y) => openWith({ year: y })) : null,
      ogi.measureChoice(measure, (i) => openWith({ indicator: i })),
    ),
  );
  ogi.trendFigure(main, group, body.id, measure);
  if (!reports.length) {
    main.append(h("p", { class: "empty" }, t("body.none")));
    return;
  }
  main.append(sourceTable(reports, body.id));
  reports.filter((r) => r.year === year).forEach((r) => reportSection(main, r, ogi.data["form-" + r.form]));
};

ogi.pages.body = (parameters, show) => {
  const body = ogi.bodies.get(parameters.id);
  if (!body) {
    show([], bodyList);
    return;
  }
  const forms = ogi.data.index.forms.map((f) => "form-" + f.id);
  const position = ogi.data.index.bodies.findIndex((b) => b[0] === body.id);
  show(["c" + body.group, "b" + position, ...forms], (main) => bodyPage(main, { ...body, position }, parameters));
};
