"use strict";
// Timeliness: when each body published its report, and whether that was within the deadline of the law.

ogi.pages.timeliness = (parameters, show) => {
  const position = ogi.groupPosition(parameters.group);
  show(["c" + position], (main) => {
    const { h, t } = ogi;
    const group = ogi.data["c" + position];
    const members = ogi.membersOf(position);
    const name = ogi.groupName(position);
    const hasSimulated = members.some((m) => [...group.bodies[m.id].prov].some(ogi.isSimulated));
    ogi.heading(main, t("timeliness.title", { group: name }), t("timeliness.lead"), hasSimulated);
    main.append(ogi.controls(ogi.groupChoice(position, (c) => ogi.openPage("timeliness", { group: c }))));
    // Days after the deadline of a report; null without a date or a deadline, undefined without a report.
    const daysLate = (m, i) => (group.bodies[m.id].status[i] === "l" ? ((group.bodies[m.id].late || [])[i] ?? null) : undefined);
    const kinds = [
      ["in_time", "#2c8c74", (days) => typeof days === "number" && days <= 0],
      ["late", "#d9822b", (days) => typeof days === "number" && days > 0],
      ["unknown", "#9aa3b2", (days) => days === null],
    ];
    const count = (i, test) => members.filter((m) => test(daysLate(m, i))).length;
    const years = ogi.allYears(group.years);
    const hasDates = members.some((m) => group.bodies[m.id].published);
    ogi.figure(main, {
      title: t("timeliness.figure", { group: name }) + (hasSimulated ? t("mark.s") : ""),
      height: 280,
      empty: hasDates ? null : t("timeliness.empty"),
      option: {
        xAxis: ogi.yearAxis(years),
        yAxis: { ...ogi.valueAxis(t("timeliness.reports")), minInterval: 1 },
        tooltip: { formatter: ogi.barTooltip("") },
        series: kinds.map(([kind, colour, test]) =>
          ogi.bar(
            t("timeliness." + kind),
            ogi.fillYears(
              group.years,
              group.years.map((_, i) => count(i, test)),
            ),
            colour,
            [],
            { stack: "all", label: { show: true, formatter: (p) => (p.value ? ogi.number(p.value) : ""), color: "#fff" } },
          ),
        ),
      },
      table: {
        columns: [{ label: t("col.year") }, ...kinds.map(([kind]) => ({ label: t("timeliness." + kind), numeric: true }))],
        rows: group.years.map((y, i) => [y, ...kinds.map(([, , test]) => count(i, test))]),
      },
    });
    if (!hasDates) return;
    const cell = (m, i, year) => {
      const history = group.bodies[m.id];
      const date = (history.published || [])[i];
      const days = daysLate(m, i);
      if (days === undefined) return { v: "", text: "·" };
      const words = days === null ? t("timeliness.unknown") : t(days > 0 ? "timeliness.days" : "timeliness.in_time", { days });
      return {
        v: date || "",
        text: (date || "?") + (days > 0 ? " ▲" + days : ""),
        title: words,
        mark: history.prov[i],
        href: ogi.link("body", { id: m.id, year }),
        class: days > 0 ? "state-q" : "",
      };
    };
    main.append(
      h("p", { class: "quiet" }, t("timeliness.signs")),
      ogi.memberTable(t("timeliness.matrix", { group: name }), members, group.years, cell),
    );
  });
};
