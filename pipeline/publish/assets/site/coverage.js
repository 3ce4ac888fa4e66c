"use strict";
// Coverage: which bodies were expected to report by year, and which of them did.

// Sign by letter of the report's status.
const STATUS_SIGNS = { l: "●", b: "◌", q: "▲", a: "○", "-": "·" };

ogi.pages.coverage = (parameters, show) => {
  const position = ogi.groupPosition(parameters.group);
  show(["c" + position], (main) => {
    const { h, t } = ogi;
    const group = ogi.data["c" + position];
    const members = ogi.membersOf(position);
    // A group without members counts itself.
    const countedBodies = members.length > 1 ? members.filter((m) => m.id !== group.id) : members;
    const groupEntry = ogi.data.index.groups[position];
    const count = (i, letter) => countedBodies.filter((m) => group.bodies[m.id].status[i] === letter).length;
    const hasSimulated = members.some((m) => [...group.bodies[m.id].prov].some(ogi.isSimulated));
    ogi.heading(main, t("coverage.title", { group: ogi.groupName(position) }), t("coverage.lead"), hasSimulated);
    main.append(ogi.controls(ogi.groupChoice(position, (c) => ogi.openPage("coverage", { group: c }))));
    const letters = [
      ["l", "#2c8c74"],
      ["b", "#b08968"],
      ["q", "#d9822b"],
      ["a", "#9aa3b2"],
    ];
    const years = ogi.allYears(group.years);
    ogi.figure(main, {
      title: t("coverage.figure", { group: ogi.groupName(position) }) + (hasSimulated ? t("mark.s") : ""),
      height: 280,
      empty: group.years.length ? null : t("empty"),
      option: {
        xAxis: ogi.yearAxis(years),
        yAxis: { ...ogi.valueAxis(t("coverage.bodies")), minInterval: 1 },
        tooltip: { formatter: ogi.barTooltip("") },
        series: letters.map(([letter, colour]) =>
          ogi.bar(
            t("status." + letter),
            ogi.fillYears(
              group.years,
              group.years.map((_, i) => count(i, letter)),
            ),
            colour,
            [],
            {
              stack: "all",
              label: { show: true, formatter: (p) => (p.value ? ogi.number(p.value) : ""), color: "#fff" },
            },
          ),
        ),
      },
      table: {
        columns: [
          { label: t("col.year") },
          { label: t("col.expected"), numeric: true },
          ...letters.map(([l]) => ({ label: t("status." + l), numeric: true })),
        ],
        rows: group.years.map((y, i) => [y, groupEntry.expected[i], ...letters.map(([l]) => count(i, l))]),
      },
    });
    main.append(
      h(
        "p",
        { class: "quiet" },
        Object.entries(STATUS_SIGNS)
          .map(([letter, sign]) => `${sign} ${t("status." + letter)}`)
          .join("　"),
      ),
    );
    const cell = (member, i, year) => {
      const history = group.bodies[member.id];
      const s = history.status[i];
      return {
        v: t("status." + s),
        text: STATUS_SIGNS[s] + (history.forms[i] ? " " + ogi.formName(history.forms[i]) : ""),
        title: [t("status." + s), (history.notes || {})[year] || ""].filter(Boolean).join(" · "),
        mark: s === "l" ? history.prov[i] : "-",
        href: s === "l" ? ogi.link("body", { id: member.id, year }) : null,
        class: "state-" + (s === "-" ? "n" : s),
      };
    };
    main.append(ogi.memberTable(t("coverage.matrix", { group: ogi.groupName(position) }), members, group.years, cell));
    main.append(
      ogi.table({
        caption: t("coverage.groups"),
        name: t("coverage.groups"),
        columns: [
          { label: t("col.group") },
          { label: t("col.years") },
          { label: t("col.expected"), numeric: true },
          { label: t("col.counted"), numeric: true },
        ],
        rows: ogi.data.index.groups.map((c, i) => [
          { v: ogi.groupName(i), href: ogi.link("coverage", { group: c.id }) },
          c.years.join(" "),
          c.expected.reduce((a, b) => a + b, 0),
          c.counted.reduce((a, b) => a + b, 0),
        ]),
      }),
    );
  });
};
