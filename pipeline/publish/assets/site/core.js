"use strict";
// The name space of the site. Each data file calls ogi.load(); a page requests data files with ogi.loadData().
const ogi = { data: Object.create(null), pages: Object.create(null), lang: "zh", charts: [] };

ogi.load = (name, value) => {
  ogi.data[name] = value;
};

// Load data/<name>.js for each name that is not loaded yet, then call whenLoaded. The value of a file that cannot be
// loaded is null. A page opened from a folder may add a script, but may not fetch a file.
ogi.loadData = (names, whenLoaded) => {
  const missing = names.filter((n) => !(n in ogi.data));
  let remaining = missing.length;
  if (!remaining) {
    whenLoaded();
    return;
  }
  missing.forEach((name) => {
    const script = document.createElement("script");
    const finishScript = () => {
      script.remove();
      remaining -= 1;
      if (!remaining) {
        whenLoaded();
      }
    };
    script.src = "data/" + name + ".js";
    script.onload = finishScript;
    script.onerror = () => {
      ogi.data[name] = null;
      finishScript();
    };
    document.head.append(script);
  });
};

// Return an HTML element. Text always becomes a text node, so that no text of a report is parsed as HTML. An attribute
// `on<event>` is a listener; attributes and children that are null or false are left out.
ogi.h = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([key, value]) => {
    if (value === null || value === undefined || value === false) {
      return;
    }
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else {
      element.setAttribute(key, value);
    }
  });
  children.flat(3).forEach((child) => {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  });
  return element;
};

// Return the message with a code in the current language, with the values of its {name} placeholders.
ogi.t = (code, values) => {
  const texts = ogi.data.messages[code];
  const text = texts ? texts[ogi.lang === "zh" ? 0 : 1] : code;
  return text.replace(/\{(\w+)\}/g, (placeholder, name) =>
    values && name in values ? String(values[name]) : placeholder,
  );
};
// Return the name of an indicator, a rate, a form or a table in the current language.
ogi.nameOf = (entry) => (entry ? entry[ogi.lang] : "");
// Return the name of a form: that of its first year, or its own where no year prescribes it.
ogi.formName = (id) => {
  const form = ogi.data.index.forms.find((f) => f.id === id);
  return form && !form.dated ? ogi.nameOf(form) : ogi.t("form.of", { form: id });
};

// Format a number with exactly `digits` decimals, or with up to six.
ogi.number = (value, digits) => {
  if (value === null || value === undefined) {
    return "—";
  }
  const maxDigits = digits === undefined ? 6 : digits;
  return value.toLocaleString("en-US", { maximumFractionDigits: maxDigits, minimumFractionDigits: digits || 0 });
};
ogi.percent = (value) =>
  value === null || value === undefined ? "—" : ogi.number(value, Math.abs(value) < 1000 ? 2 : 0) + "%";
ogi.signedPercent = (value) => (value > 0 ? "+" : "") + ogi.percent(value);
ogi.unit = (unit) => (unit && ogi.data.messages["unit." + unit] ? ogi.t("unit." + unit) : unit || "");

// Some browsers refuse to store settings for a page opened from a folder; then the setting is lost.
ogi.remember = (key, value) => {
  try {
    localStorage.setItem("ogi." + key, value);
  } catch (error) {
    /* not stored */
  }
};
ogi.recall = (key) => {
  try {
    return localStorage.getItem("ogi." + key);
  } catch (error) {
    return null;
  }
};

// Offer a text as a download. Characters that a file name must not have become `_`.
ogi.saveFile = (name, text, type) => {
  const url = URL.createObjectURL(new Blob([text], { type: type }));
  const link = ogi.h("a", {
    href: url,
    download: name.replace(/[\\/:*?"<>|\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "_"),
  });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
};

// Return a field of CSV. A text that a spreadsheet would read as a formula gets an apostrophe in front; numbers stay.
// `escape_formula` in pipeline/core/text.py does the same for the CSV files that can be downloaded.
ogi.csvField = (value) => {
  if (value === null || value === undefined) {
    return "";
  }
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(?:[.,]\d+)*$/.test(text)) {
    text = "'" + text;
  }
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
};
// Return rows of values as CSV with a byte order mark, without which Excel does not read UTF-8.
ogi.csvText = (rows) => "\ufeff" + rows.map((row) => row.map(ogi.csvField).join(",") + "\r\n").join("");
