"use strict";
// Coverage: which bodies were expected to report by year, and which of them did.

// Sign by letter of the report's status.
const STATUS_SIGNS = { l: "●", q: "▲", a: "○", "-": "·" };

ogi.pages.coverage = (parameters, show) => {
  const position = ogi.cityPosition(parameters.city);
  show(["c" + position], (main) => {
    const { h, t } = ogi;
    const city = ogi.data["c" + position];
    const members = ogi.membersOf(position);
    // A city without members counts itself.
    const countedBodies = members.length > 1 ? members.filter((m) => m.id !== city.id) : members;
    const cityEntry = ogi.data.index.cities[position];
    const count = (i, letter) => countedBodies.filter((m) => city.bodies[m.id].status[i] === letter).length;
    const hasSimulated = members.some((m) => [...city.bodies[m.id].prov].some(ogi.isSimulated));
    ogi.heading(main, t("coverage.title", { city: ogi.cityName(position) }), t("coverage.lead"), hasSimulated);
    main.append(ogi.controls(ogi.cityChoice(position, (c) => ogi.openPage("coverage", { city: c }))));
    const letters = [
      ["l", "#2c8c74"],
      ["q", "#d9822b"],
      ["a", "#9aa3b2"],
    ];
    const years = ogi.allYears(city.years);
    ogi.figure(main, {
      title: t("coverage.figure", { city: ogi.cityName(position) }) + (hasSimulated ? t("mark.s") : ""),
      height: 280,
      empty: city.years.length ? null : t("empty"),
      option: {
        xAxis: ogi.yearAxis(years),
        yAxis: { ...ogi.valueAxis(t("coverage.bodies")), minInterval: 1 },
        tooltip: { formatter: ogi.barTooltip("") },
        series: letters.map(([letter, colour]) =>
          ogi.bar(
            t("status." + letter),
            ogi.fillYears(
              city.years,
              city.years.map((_, i) => count(i, letter)),
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
        rows: city.years.map((y, i) => [y, cityEntry.expected[i], ...letters.map(([l]) => count(i, l))]),
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
    const cell = (body, i, year) => {
      const history = city.bodies[body];
      const s = history.status[i];
      return {
        v: t("status." + s),
        text: STATUS_SIGNS[s] + (history.forms[i] ? " " + ogi.formName(history.forms[i]) : ""),
        title: [t("status." + s), (history.notes || {})[year] || ""].filter(Boolean).join(" · "),
        mark: s === "l" ? history.prov[i] : "-",
        href: s === "l" ? ogi.link("body", { id: body, year }) : null,
        class: "state-" + (s === "-" ? "n" : s),
      };
    };
    main.append(
      ogi.table({
        caption: t("coverage.matrix", { city: ogi.cityName(position) }),
        name: t("coverage.matrix", { city: ogi.cityName(position) }),
        columns: [
          { label: t("col.body") },
          { label: t("col.level") },
          ...city.years.map((y) => ({ label: String(y), provenance: true })),
        ],
        rows: members.map((m) => [
          { v: m.name, href: ogi.link("body", { id: m.id }) },
          t("level." + m.level),
          ...city.years.map((y, i) => cell(m.id, i, y)),
        ]),
      }),
    );
    main.append(
      ogi.table({
        caption: t("coverage.cities"),
        name: t("coverage.cities"),
        columns: [
          { label: t("col.city") },
          { label: t("col.years") },
          { label: t("col.expected"), numeric: true },
          { label: t("col.loaded_members"), numeric: true },
        ],
        rows: ogi.data.index.cities.map((c, i) => [
          { v: ogi.cityName(i), href: ogi.link("coverage", { city: c.id }) },
          c.years.join(" "),
          c.expected.reduce((a, b) => a + b, 0),
          c.loaded.reduce((a, b) => a + b, 0),
        ]),
      }),
    );
  });
};
