"use strict";
// The state of a group in a year: who has not reported, whose report has errors, and where compiled and reported differ.

const MAX_LISTED_BODIES = 12;
const MAX_LISTED_FIGURES = 6;
const MISSING_LETTERS = ["a", "q", "b"];

// Return the bodies that should report: the members, or the body itself if it has none.
const dueBodies = (group, position) => {
  const bodies = ogi.membersOf(position);
  return bodies.length > 1 ? bodies.filter((b) => b.id !== group.id) : bodies;
};

const panel = (title, summary, isGood, items, more, most = MAX_LISTED_BODIES) => {
  const { h } = ogi;
  return h(
    "section",
    { class: "panel " + (isGood ? "good" : "open") },
    h("h2", {}, title),
    h("p", { class: "summary" }, summary),
    items.length ? h("ul", {}, items.slice(0, most).map((item) => h("li", {}, item))) : null,
    more ? h("p", { class: "quiet" }, more) : null,
  );
};
const moreText = (items, page, group) =>
  items.length > MAX_LISTED_BODIES
    ? ogi.h("a", { href: ogi.link(page, { group: group.id }) }, ogi.t("state.more", { count: items.length - MAX_LISTED_BODIES }))
    : null;
const bodyLink = (body, year) => ogi.h("a", { href: ogi.link("body", { id: body.id, year }) }, body.name);

// Return the panel of the reports: how many of how many came, and which are missing.
const reportsPanel = (group, position, yearIndex) => {
  const { t } = ogi;
  const year = group.years[yearIndex];
  const letter = (b) => group.bodies[b.id].status[yearIndex];
  const due = dueBodies(group, position).filter((b) => letter(b) !== "-");
  const missing = MISSING_LETTERS.flatMap((l) => due.filter((b) => letter(b) === l));
  const items = missing.map((b) => [
    bodyLink(b, year),
    t("colon"),
    t("status." + letter(b)),
    (group.bodies[b.id].notes || {})[year] ? ogi.h("span", { class: "quiet" }, " " + group.bodies[b.id].notes[year]) : null,
  ]);
  const summary = t(missing.length ? "state.reports" : "state.reports_all", { received: due.length - missing.length, due: due.length });
  return panel(t("state.reports_title"), summary, !missing.length, items, moreText(items, "coverage", group));
};

// Return the panel of the problems of the reports, those with most errors first; `ogi status` counts the same.
const problemsPanel = (group, position, yearIndex) => {
  const { t } = ogi;
  const count = (b, key) => (group.bodies[b.id][key] || [])[yearIndex] || 0;
  const bodies = ogi
    .membersOf(position)
    .filter((b) => count(b, "e") + count(b, "w"))
    .sort((a, b) => count(b, "e") - count(a, "e") || count(b, "w") - count(a, "w"));
  const sum = (key) => bodies.reduce((total, b) => total + count(b, key), 0);
  const words = (errors, warnings) =>
    [errors ? t("state.errors", { count: errors }) : "", warnings ? t("state.warnings", { count: warnings }) : ""]
      .filter(Boolean)
      .join(t("comma"));
  const items = bodies.map((b) => [bodyLink(b, group.years[yearIndex]), t("colon"), words(count(b, "e"), count(b, "w"))]);
  const summary = bodies.length ? words(sum("e"), sum("w")) : t("quality.none");
  return panel(t("state.problems_title"), summary, !sum("e"), items, moreText(items, "quality", group));
};

// Return the panel of the discrepancies between compiled and reported figures, the largest first.
const discrepancyPanel = (group, position, yearIndex) => {
  const { t } = ogi;
  const rows = [...ogi.measures.values()]
    .filter((m) => !m.rate && !m.id.endsWith("growth"))
    .map((m) => ogi.compared(group, position, m, yearIndex))
    .filter((r) => r.discrepancy !== null);
  const different = rows.filter((r) => r.discrepancy).sort((a, b) => Math.abs(b.discrepancy) - Math.abs(a.discrepancy));
  const items = different.map((r) =>
    t("state.discrepancy", {
      name: ogi.nameOf(r.measure),
      compiled: ogi.number(r.compiled),
      reported: ogi.number(r.reported),
      difference: ogi.signed(r.discrepancy),
    }),
  );
  const code = !rows.length ? "state.not_compared" : different.length ? "state.discrepancies" : "state.agree";
  const hidden = items.length - MAX_LISTED_FIGURES;
  return panel(
    t("state.discrepancy_title"),
    t(code, { count: different.length, total: rows.length }),
    !different.length,
    items,
    hidden > 0 ? t("state.more_figures", { count: hidden }) : null,
    MAX_LISTED_FIGURES,
  );
};

// Return the panels of a group in the year with index `yearIndex`.
ogi.statePanels = (group, position, yearIndex) =>
  ogi.h(
    "div",
    { class: "panels" },
    [reportsPanel, problemsPanel, discrepancyPanel].map((draw) => draw(group, position, yearIndex)),
  );
