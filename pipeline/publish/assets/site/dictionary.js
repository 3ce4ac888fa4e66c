"use strict";
// The dictionary of indicators: the cells of each form that an indicator equals, and why a form has none.

const crosswalkOf = (key) => ogi.data.dictionary.crosswalk.filter((line) => line[4] === key);
const formName = (form) => (form === "*" ? ogi.t("form.any") : ogi.formName(form));
const crosswalkColumns = () => [
  { label: ogi.t("col.form") },
  { label: ogi.t("col.cell"), wide: true },
  { label: ogi.t("col.address") },
  { label: ogi.t("col.relation") },
  { label: ogi.t("col.note"), wide: true, lang: "zh-CN" },
];
const crosswalkRow = ([form, address, zh, en, , relation, note]) => [
  formName(form),
  ogi.lang === "zh" ? zh : en,
  address,
  ogi.t("relation." + relation),
  note,
];

// Append the section about one indicator or rate.
const measureSection = (main, measure) => {
  const { h, t } = ogi;
  main.append(h("h2", {}, t("dictionary.of", { name: ogi.measureName(measure) })));
  if (measure.rate) {
    const term = ([, , indicator, sign], i) =>
      (sign < 0 ? " − " : i ? " + " : "") + ogi.nameOf(ogi.measures.get(indicator));
    const part = (kind) =>
      ogi.data.dictionary.terms
        .filter((x) => x[0] === measure.id && x[1] === kind)
        .map(term)
        .join("");
    main.append(h("p", {}, t("dictionary.rate", { numerator: part("numerator"), denominator: part("denominator") })));
    return;
  }
  const lines = crosswalkOf(measure.id);
  const coveredForms = new Set(lines.map((l) => l[0]));
  const missingForms = ogi.data.index.forms
    .filter((f) => !coveredForms.has(f.id) && !coveredForms.has("*"))
    .map((f) => f.id);
  main.append(
    h(
      "p",
      {},
      missingForms.length
        ? t("dictionary.lacking", { forms: missingForms.map(formName).join(t("comma")) })
        : t("dictionary.comparable"),
    ),
    h("p", {}, h("a", { href: ogi.link("trend", { indicator: measure.id }) }, t("dictionary.trend"))),
  );
  main.append(
    ogi.table({
      caption: t("dictionary.cells", { name: ogi.nameOf(measure) }),
      name: measure.id,
      columns: crosswalkColumns(),
      rows: lines.map(crosswalkRow),
    }),
  );
};

ogi.pages.dictionary = (parameters, show) =>
  show(["dictionary"], (main) => {
    const { h, t } = ogi;
    const chosenMeasure = ogi.measures.get(parameters.indicator);
    const forms = ogi.data.index.forms.map((f) => f.id);
    const linesOf = (key, form) => crosswalkOf(key).filter((l) => l[0] === form || l[0] === "*");
    ogi.heading(main, t("page.dictionary"), t("dictionary.lead"), false);
    main.append(
      ogi.controls(
        ogi.measureChoice(chosenMeasure || ogi.measures.values().next().value, (i) => ogi.openPage("dictionary", { indicator: i })),
      ),
    );
    if (chosenMeasure) {
      measureSection(main, chosenMeasure);
    }
    const relations = (key, form) => {
      const lines = linesOf(key, form);
      return lines.length ? [...new Set(lines.map((l) => t("relation." + l[5])))].join(t("comma")) : t("relation.none");
    };
    main.append(
      ogi.table({
        caption: t("dictionary.all"),
        name: t("dictionary.all"),
        columns: [
          { label: t("col.indicator") },
          { label: t("col.code") },
          { label: t("col.unit") },
          ...forms.map((f) => ({ label: formName(f) })),
          { label: t("col.note"), wide: true, lang: "zh-CN" },
        ],
        rows: ogi.data.index.indicators.map((m) => [
          { v: ogi.nameOf(m), href: ogi.link("dictionary", { indicator: m.id }) },
          m.id,
          ogi.unit(m.unit),
          ...forms.map((f) => relations(m.id, f)),
          [
            ...new Set(
              crosswalkOf(m.id)
                .map((l) => l[6])
                .filter(Boolean),
            ),
          ].join("；"),
        ]),
      }),
    );
    const linesWithoutIndicator = ogi.data.dictionary.crosswalk.filter((l) => !l[4]);
    main.append(
      h("p", { class: "quiet" }, t("dictionary.checked_note")),
      ogi.table({
        caption: t("dictionary.checked"),
        name: t("dictionary.checked"),
        columns: crosswalkColumns(),
        rows: linesWithoutIndicator.map(crosswalkRow),
      }),
    );
  });
