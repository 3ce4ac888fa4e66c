"use strict";
// The pages work without this script; it adds folders that are dropped, progress, and copying.

const token = document.body.dataset.token;

async function filesOf(entry, path) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, name: path + file.name }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return found;
    for (const inner of entries) found.push(...(await filesOf(inner, path + entry.name + "/")));
  }
}

async function send(form, files) {
  const progress = document.getElementById("progress");
  let failed = 0;
  const notices = [];
  progress.ariaBusy = "true";
  for (const [index, { file, name }] of files.entries()) {
    progress.textContent = `${index + 1}/${files.length} ${name}`;
    const body = new FormData();
    body.append("file", file, name);
    const answer = await fetch(form.action, { method: "POST", body, headers: { "x-ogi-token": token } });
    if (!answer.ok) failed += 1;
    else notices.push((await answer.json()).notice);
    document.body.dispatchEvent(new CustomEvent("ogi:uploaded"));
  }
  progress.textContent = [failed ? `${failed} ✗` : "", ...notices].filter(Boolean).join(" ");
  progress.ariaBusy = "false";
}

const form = document.getElementById("drop");
if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const inputs = form.querySelectorAll("input[type=file]");
    const files = [...inputs].flatMap((input) => [...input.files]);
    send(form, files.map((file) => ({ file, name: file.webkitRelativePath || file.name }))).then(() => form.reset());
  });
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => form.requestSubmit());
  }
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    form.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const files = [];
    for (const entry of entries) files.push(...(await filesOf(entry, "")));
    await send(form, files);
  });
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", () => {
    const source = document.getElementById(button.dataset.copy);
    source.select();
    navigator.clipboard.writeText(source.value);
  });
}

for (const button of document.querySelectorAll("button[data-show]")) {
  button.addEventListener("click", () => {
    const cells = button.dataset.show.trim().split(" ").map((id) => document.getElementById(id)).filter(Boolean);
    document.querySelectorAll(".shown").forEach((cell) => cell.classList.remove("shown"));
    cells.forEach((cell) => cell.classList.add("shown"));
    if (cells.length) cells[0].scrollIntoView({ block: "center", inline: "center" });
  });
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "original") {
    const marked = event.target.querySelector("td.wrong, mark");
    if (marked) marked.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
});
