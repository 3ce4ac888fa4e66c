"use strict";
// The frame of every page: navigation, language, choices, and the routing from an address to a page.

const PAGES = [
  "overview",
  "trend",
  "compare",
  "flow",
  "rates",
  "quality",
  "coverage",
  "timeliness",
  "supervision",
  "body",
  "dictionary",
  "downloads",
];
let renderCount = 0;

// Return page and parameters of an address such as `#/trend?body=411200`; the overview for an unknown page.
ogi.parseAddress = (hash) => {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  const parameters = Object.create(null);
  new URLSearchParams(query || "").forEach((value, key) => {
    parameters[key] = value;
  });
  return { page: PAGES.includes(path) ? path : "overview", parameters };
};
ogi.link = (page, parameters) => {
  const pairs = Object.entries(parameters || {}).filter(([, v]) => v !== null && v !== undefined && v !== "");
  const query = new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString();
  return "#/" + page + (query ? "?" + query : "");
};
ogi.openPage = (page, parameters) => {
  location.hash = ogi.link(page, parameters);
};

// Return a labelled select. options: [[value, text], ...] or [[group, [[value, text], ...]], ...]
ogi.choice = (name, label, options, current, onChange) => {
  const { h } = ogi;
  const option = ([value, text]) =>
    h("option", { value, selected: String(value) === String(current) ? "" : null }, text);
  const children = options.map((o) =>
    Array.isArray(o[1]) ? h("optgroup", { label: o[0] }, o[1].map(option)) : option(o),
  );
  return h(
    "label",
    { class: "choice" },
    h("span", {}, label),
    h("select", { id: "choose-" + name, name, onchange: (e) => onChange(e.target.value) }, children),
  );
};
ogi.groupChoice = (position, onChange) => {
  const options = ogi.data.index.groups.map((c, i) => [c.id, ogi.groupName(i)]);
  return ogi.choice("group", ogi.t("choose.group"), options, ogi.data.index.groups[position].id, onChange);
};
ogi.bodyChoice = (position, current, onChange) =>
  ogi.choice(
    "body",
    ogi.t("choose.body"),
    ogi.membersOf(position).map((b) => [b.id, b.name]),
    current,
    onChange,
  );
ogi.yearChoice = (years, current, onChange) =>
  ogi.choice(
    "year",
    ogi.t("choose.year"),
    [...years].reverse().map((y) => [y, y]),
    current,
    onChange,
  );
// A choice of indicators and rates; only those whose key passes the filter, if there is one.
ogi.measureChoice = (measure, onChange, keyFilter) => {
  const entries = [...ogi.measures.entries()].filter(([key]) => !keyFilter || keyFilter(key));
  const options = (isRate) => entries.filter(([, m]) => m.rate === isRate).map(([key, m]) => [key, ogi.nameOf(m)]);
  return ogi.choice(
    "indicator",
    ogi.t("choose.indicator"),
    [
      [ogi.t("choose.indicators"), options(false)],
      [ogi.t("choose.rates"), options(true)],
    ].filter((g) => g[1].length),
    ogi.measureKey(measure),
    onChange,
  );
};
ogi.controls = (...choices) =>
  ogi.h("div", { class: "controls", role: "group", "aria-label": ogi.t("choose.label") }, choices);

// Append the heading of a page: title, lead, the notice about simulated figures, and that about partial totals.
ogi.heading = (main, title, lead, hasSimulated, partialNotice) => {
  const { h, t } = ogi;
  main.append(
    h("h1", { tabindex: "-1" }, title),
    lead ? h("p", { class: "lead" }, lead) : "",
    hasSimulated
      ? h(
          "p",
          { class: "simulated", role: "note" },
          h("span", { class: "badge" }, t("prov.s")),
          " ",
          t("simulated.note"),
        )
      : "",
    partialNotice ? h("p", { class: "partial", role: "note" }, partialNotice) : "",
  );
  document.title = title + " · " + t("title");
};

const drawNavigation = (page) => {
  const { h, t } = ogi;
  document.documentElement.lang = ogi.lang === "zh" ? "zh-CN" : "en";
  document.getElementById("skip").textContent = t("skip");
  document.getElementById("brand").textContent = t("title");
  document.getElementById("foot").replaceChildren(t("foot", { snapshot: ogi.data.index.snapshot }));
  const nav = document.getElementById("nav");
  nav.setAttribute("aria-label", t("nav"));
  nav.replaceChildren(
    h(
      "ul",
      {},
      PAGES.map((p) =>
        h("li", {}, h("a", { href: ogi.link(p), "aria-current": p === page ? "page" : null }, t("page." + p))),
      ),
    ),
  );
  const language = document.getElementById("language");
  language.textContent = ogi.lang === "zh" ? "English" : "中文";
  language.lang = ogi.lang === "zh" ? "en" : "zh-CN";
};

// Set the language: that of the address, else the remembered one, else Chinese.
const setLanguage = (parameters) => {
  const lang = parameters.lang || ogi.recall("lang");
  ogi.lang = lang === "en" ? "en" : "zh";
  if (parameters.lang) {
    ogi.remember("lang", ogi.lang);
  }
};

// Draw the page of the address. The focus stays on the same control of the same page; on another page it goes to the
// heading. A page whose data arrive after the next page was requested is not drawn.
ogi.render = () => {
  const { page, parameters } = ogi.parseAddress(location.hash);
  const main = document.getElementById("main");
  const focusedId = document.activeElement && main.contains(document.activeElement) ? document.activeElement.id : "";
  const isSamePage = main.dataset.page === page;
  const render = ++renderCount;
  setLanguage(parameters);
  drawNavigation(page);
  ogi.pages[page](parameters, (names, draw) =>
    ogi.loadData(names, () => {
      if (render !== renderCount) {
        return;
      }
      ogi.clearCharts();
      main.replaceChildren();
      if (names.some((n) => ogi.data[n] === null)) {
        names
          .filter((n) => ogi.data[n] === null)
          .forEach((n) => {
            delete ogi.data[n];
          });
        ogi.heading(main, ogi.t("lost.title"), ogi.t("lost.text"));
      } else {
        draw(main);
      }
      main.dataset.page = page;
      main.dataset.ready = String(render);
      const control = isSamePage && focusedId && document.getElementById(focusedId);
      if (control) {
        control.focus();
      } else if (render > 1) {
        window.scrollTo(0, 0);
        (main.querySelector("h1") || main).focus({ preventScroll: true });
      }
    }),
  );
};

ogi.start = () => {
  ogi.buildLookups();
  document.getElementById("language").addEventListener("click", () => {
    const { page, parameters } = ogi.parseAddress(location.hash);
    ogi.remember("lang", ogi.lang === "zh" ? "en" : "zh");
    const next = { ...parameters, lang: ogi.lang === "zh" ? "en" : "zh" };
    ogi.openPage(page, next);
  });
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the hash of the address is the route, so it cannot be an anchor as well
    (document.querySelector("#main h1") || document.getElementById("main")).focus();
  });
  window.addEventListener("hashchange", ogi.render);
  ogi.render();
};
