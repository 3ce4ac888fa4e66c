"""The site as a folder: one page, its scripts, and the data split so that a page loads only what it shows.

`data/index.js` is loaded with the page; `c<n>.js` holds the figures of a city, `b<n>.js` the reports of a body,
`q<n>.js` the problems of a city, `i<n>.js` one indicator of all cities (<n> is the place in the index).
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.paths import PACKAGE
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.publish.page_template import render_page
from pipeline.publish.site.body import bodies, form_page
from pipeline.publish.site.city import PROVENANCE, across, cities
from pipeline.publish.site.downloads import write_downloads
from pipeline.publish.site.index import Group, dictionary, groups, index, quality
from pipeline.publish.site.script import write_script

ASSETS = PACKAGE / "publish" / "assets"
MARK = "ogi-site.txt"  # by which a folder is known to be a site that may be replaced
SCRIPTS = (
    "core", "model", "table", "chart", "shell", "form", "outcomes", "flow", "overview", "trend", "compare", "rates",
    "quality", "coverage", "body", "dictionary", "downloads",
)  # fmt: skip
# A page opened from a folder has no origin, so browsers differ on whether 'self' means its own files: `file:` says it.
# Charts set styles on their elements, which needs 'unsafe-inline' for styles; no script is inline.
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
BATCH = 400  # bodies whose figures are in memory together


def write_site(
    connection: duckdb.DuckDBPyConnection,
    published: PublishedSnapshot,
    folder: Path,
    boundaries: Mapping[str, Any] | None,
) -> None:
    """Write the site to an empty folder: the same bytes for the same snapshot."""
    (folder / "data").mkdir(parents=True)
    _write_frame(folder)
    found = groups(connection)
    years = sorted({y for g in found for y in g.years})
    write_script(folder, "index", index(connection, found, published.id, mapped=boundaries is not None))
    write_script(folder, "quality", quality(connection))
    write_script(folder, "dictionary", dictionary(connection))
    for form in forms().values():
        write_script(folder, f"form-{form.code}", form_page(form))
    for position, values in across(connection, years).items():
        write_script(folder, f"i{position}", values)
    _write_bodies(connection, found, folder)
    if boundaries is not None:
        write_script(folder, "map", boundaries)
    write_script(folder, "files", write_downloads(published, folder))
    (folder / MARK).write_text(f"{published.id}\n", encoding="utf-8")


def _write_frame(folder: Path) -> None:
    """The page, its scripts and style, the chart library with its licence, and the messages."""
    target = folder / "assets"
    target.mkdir()
    for file in sorted((ASSETS / "site").iterdir()):
        shutil.copyfile(file, target / file.name)
    for file in sorted((ASSETS / "echarts").iterdir()):
        shutil.copyfile(file, target / (file.name if file.suffix == ".js" else f"echarts-{file.name}.txt"))
    write_script(folder, "messages", _messages())
    names = ["assets/echarts.min.js", *(f"assets/{name}.js" for name in SCRIPTS)]
    data = ["data/messages.js", "data/index.js", "assets/start.js"]
    words = {name: say(f"site.{name}", "zh") for name in ("title", "loading", "noscript")}
    page = render_page("site.html", policy=POLICY, scripts=[*names, *data], **words)
    (folder / "index.html").write_text(page, encoding="utf-8")


def _messages() -> dict[str, list[str]]:
    """Every text of the pages, in Chinese and English."""
    with (PACKAGE / "core" / "messages.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["code"].startswith("site.")]
    return {line["code"].removeprefix("site."): [line["zh"], line["en"]] for line in lines}


def _write_bodies(connection: duckdb.DuckDBPyConnection, found: Sequence[Group], folder: Path) -> None:
    at = {b: i for i, b in enumerate(b for g in found for b in g.bodies)}
    for batch in _batches(found):
        reports = bodies(connection, batch)
        for group, figures in zip(batch, cities(connection, batch), strict=True):
            write_script(folder, f"c{group.position}", figures)
            write_script(folder, f"q{group.position}", {"reports": list(_troubled(group, reports, at))})
        for body, own in reports.items():
            write_script(folder, f"b{at[body]}", {"id": body, "reports": own})


def _batches(found: Iterable[Group]) -> Iterator[list[Group]]:
    batch: list[Group] = []
    for group in found:
        batch.append(group)
        if sum(len(g.bodies) for g in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _troubled(
    group: Group, reports: Mapping[str, list[dict[str, Any]]], at: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """The reports of a city of which something is to be said, errors first."""
    found = [(b, r) for b in group.bodies for r in reports[b] if r.get("error") or r.get("warning")]
    for body, report in sorted(found, key=lambda pair: "error" not in pair[1]):
        shown = {k: v for k, v in report.items() if k in ("year", "form", "path", "error", "warning", "prose")}
        yield {**shown, "body": body, "at": at[body], "prov": PROVENANCE.get(report["provenance"], "-")}
