"use strict";
// The frame of every page: navigation, language, choices, and the way from an address to a page.

const PAGES = [
  "overview",
  "trend",
  "compare",
  "flow",
  "rates",
  "quality",
  "coverage",
  "body",
  "dictionary",
  "downloads",
];
let drawn = 0;

ogi.parse = (hash) => {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  const parameters = Object.create(null);
  new URLSearchParams(query || "").forEach((value, key) => {
    parameters[key] = value;
  });
  return { page: PAGES.includes(path) ? path : "overview", parameters };
};
ogi.link = (page, parameters) => {
  const kept = Object.entries(parameters || {}).filter(([, v]) => v !== null && v !== undefined && v !== "");
  const query = new URLSearchParams(kept.map(([k, v]) => [k, String(v)])).toString();
  return "#/" + page + (query ? "?" + query : "");
};
ogi.go = (page, parameters) => {
  location.hash = ogi.link(page, parameters);
};

// A labelled choice. options: [[value, text], ...] or [[group, [[value, text], ...]], ...]
ogi.choice = (name, label, options, current, changed) => {
  const { h } = ogi;
  const one = ([value, text]) => h("option", { value, selected: String(value) === String(current) ? "" : null }, text);
  const all = options.map((o) => (Array.isArray(o[1]) ? h("optgroup", { label: o[0] }, o[1].map(one)) : one(o)));
  return h(
    "label",
    { class: "choice" },
    h("span", {}, label),
    h("select", { id: "choose-" + name, name, onchange: (e) => changed(e.target.value) }, all),
  );
};
ogi.cityChoice = (position, changed) => {
  const options = ogi.data.index.cities.map((c, i) => [c.id, ogi.cityName(i)]);
  return ogi.choice("city", ogi.t("choose.city"), options, ogi.data.index.cities[position].id, changed);
};
ogi.bodyChoice = (position, current, changed) =>
  ogi.choice(
    "body",
    ogi.t("choose.body"),
    ogi.membersOf(position).map((b) => [b.id, b.name]),
    current,
    changed,
  );
ogi.yearChoice = (years, current, changed) =>
  ogi.choice(
    "year",
    ogi.t("choose.year"),
    [...years].reverse().map((y) => [y, y]),
    current,
    changed,
  );
ogi.measureChoice = (measure, changed, known) => {
  const all = [...ogi.measures.entries()].filter(([key]) => !known || known(key));
  const part = (rate) => all.filter(([, m]) => m.rate === rate).map(([key, m]) => [key, ogi.named(m)]);
  return ogi.choice(
    "indicator",
    ogi.t("choose.indicator"),
    [
      [ogi.t("choose.indicators"), part(false)],
      [ogi.t("choose.rates"), part(true)],
    ].filter((g) => g[1].length),
    ogi.measureKey(measure),
    changed,
  );
};
ogi.controls = (...choices) =>
  ogi.h("div", { class: "controls", role: "group", "aria-label": ogi.t("choose.label") }, choices);

// The head of a page. `simulated` says that it rests on simulated figures.
ogi.heading = (main, title, lead, simulated) => {
  const { h, t } = ogi;
  main.append(
    h("h1", { tabindex: "-1" }, title),
    lead ? h("p", { class: "lead" }, lead) : "",
    simulated
      ? h(
          "p",
          { class: "simulated", role: "note" },
          h("span", { class: "badge" }, t("prov.s")),
          " ",
          t("simulated.note"),
        )
      : "",
  );
  document.title = title + " · " + t("title");
};

const navigation = (page) => {
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

// The language named in the address goes before the one remembered; Chinese where neither is.
const speak = (parameters) => {
  const wanted = parameters.lang || ogi.recall("lang");
  ogi.lang = wanted === "en" ? "en" : "zh";
  if (parameters.lang) {
    ogi.remember("lang", ogi.lang);
  }
};

ogi.render = () => {
  const { page, parameters } = ogi.parse(location.hash);
  const main = document.getElementById("main");
  const focused = document.activeElement && main.contains(document.activeElement) ? document.activeElement.id : "";
  const same = main.dataset.page === page;
  const turn = ++drawn;
  speak(parameters);
  navigation(page);
  ogi.pages[page](parameters, (names, draw) =>
    ogi.need(names, () => {
      if (turn !== drawn) {
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
      main.dataset.ready = String(turn);
      const again = same && focused && document.getElementById(focused);
      if (again) {
        again.focus();
      } else if (turn > 1) {
        window.scrollTo(0, 0);
        (main.querySelector("h1") || main).focus({ preventScroll: true });
      }
    }),
  );
};

ogi.start = () => {
  ogi.prepare();
  document.getElementById("language").addEventListener("click", () => {
    const { page, parameters } = ogi.parse(location.hash);
    ogi.remember("lang", ogi.lang === "zh" ? "en" : "zh");
    const next = { ...parameters, lang: ogi.lang === "zh" ? "en" : "zh" };
    ogi.go(page, next);
  });
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address names the page, so it cannot name a place in it
    (document.querySelector("#main h1") || document.getElementById("main")).focus();
  });
  window.addEventListener("hashchange", ogi.render);
  ogi.render();
};
