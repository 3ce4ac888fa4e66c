"use strict";
// The page's own name space. Data files call ogi.load(); a page asks for them with ogi.need().
const ogi = { data: Object.create(null), pages: Object.create(null), lang: "zh", charts: [] };
const SVG = "http://www.w3.org/2000/svg";

ogi.load = (name, value) => {
  ogi.data[name] = value;
};

// Loads data/<name>.js of every name that is not at hand, then calls done. A folder opened by double-click may add a
// script but not fetch a file.
ogi.need = (names, done) => {
  const lacking = names.filter((n) => !(n in ogi.data));
  let left = lacking.length;
  if (!left) {
    done();
    return;
  }
  lacking.forEach((name) => {
    const script = document.createElement("script");
    const ended = () => {
      script.remove();
      left -= 1;
      if (!left) {
        done();
      }
    };
    script.src = "data/" + name + ".js";
    script.onload = ended;
    script.onerror = () => {
      ogi.data[name] = null;
      ended();
    };
    document.head.append(script);
  });
};

// An element. Text is always a text node: nothing that comes from a report is ever read as HTML.
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

// The message of a code in the reader's language; {name} stands for a value.
ogi.t = (code, values) => {
  const found = ogi.data.messages[code];
  const text = found ? found[ogi.lang === "zh" ? 0 : 1] : code;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
};
ogi.named = (thing) => (thing ? thing[ogi.lang] : "");

ogi.number = (value, digits) => {
  if (value === null || value === undefined) {
    return "—";
  }
  const most = digits === undefined ? 6 : digits;
  return value.toLocaleString("en-US", { maximumFractionDigits: most, minimumFractionDigits: digits || 0 });
};
ogi.percent = (value) =>
  value === null || value === undefined ? "—" : ogi.number(value, Math.abs(value) < 1000 ? 2 : 0) + "%";
ogi.signed = (value) => (value > 0 ? "+" : "") + ogi.percent(value);
ogi.unit = (unit) => (unit && ogi.data.messages["unit." + unit] ? ogi.t("unit." + unit) : unit || "");

// What browsers refuse to keep for a page opened from a folder is forgotten.
ogi.remember = (key, value) => {
  try {
    localStorage.setItem("ogi." + key, value);
  } catch (error) {
    /* not kept */
  }
};
ogi.recall = (key) => {
  try {
    return localStorage.getItem("ogi." + key);
  } catch (error) {
    return null;
  }
};

ogi.save = (name, text, type) => {
  const address = URL.createObjectURL(new Blob([text], { type: type }));
  const link = ogi.h("a", {
    href: address,
    download: name.replace(/[\\/:*?"<>|\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "_"),
  });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
};

// A field of CSV. A text that a spreadsheet would take for a formula is told to be a text by an apostrophe.
ogi.field = (value) => {
  if (value === null || value === undefined) {
    return "";
  }
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) {
    text = "'" + text;
  }
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
};
ogi.csv = (lines) => "\ufeff" + lines.map((line) => line.map(ogi.field).join(",") + "\r\n").join("");
