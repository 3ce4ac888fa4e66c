"""The site as a folder: one page, its scripts, and data files. A page loads only the data files that it shows.

`index.js`, `quality.js`, `dictionary.js` and `form-<code>.js` in `data/` are shared. The other files have a number,
which is a position in the index: `c<n>.js` has the figures of a group, `q<n>.js` the problems in its reports, `b<n>.js`
the reports of a body, `i<n>.js` one indicator of all cities.
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
from pipeline.publish.site.body_data import form_data, reports_by_body
from pipeline.publish.site.data_script import write_data_script
from pipeline.publish.site.downloads import write_downloads
from pipeline.publish.site.group_data import PROVENANCE_LETTERS, group_data, indicator_data
from pipeline.publish.site.kind_data import kind_data
from pipeline.publish.site.series import NO_LETTER
from pipeline.publish.site.shared_data import Group, dictionary_data, find_groups, index_data, quality_data

ASSETS = PACKAGE / "publish" / "assets"
MARKER_FILE = "ogi-site.txt"  # identifies a folder as a site, which the next site may replace
# The scripts in the order in which the page loads them; `start.js` follows after the index.
SCRIPTS = (
    "core", "model", "table", "chart", "shell", "form", "outcomes", "flow", "compared", "changes", "multiples",
    "spread", "state", "overview", "trend", "map", "compare", "rates", "quality", "coverage", "timeliness",
    "supervision", "body", "dictionary", "downloads",
)  # fmt: skip
# A page opened from a folder has no origin, so browsers differ on whether 'self' covers its own files: `file:` does.
# Charts set styles on their elements, which needs 'unsafe-inline' for styles; no script is inline.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
MIN_BATCH_BODIES = 400  # a batch of cities is complete with this many bodies, whose data are in memory together
PROBLEM_REPORT_KEYS = ("year", "form", "path", "error", "warning", "prose")


def write_site(
    connection: duckdb.DuckDBPyConnection,
    snapshot: PublishedSnapshot,
    folder: Path,
    boundaries: Mapping[str, Any] | None,
) -> None:
    """Write the site to an empty folder: the same bytes for the same snapshot.

    `boundaries` is the GeoJSON of the map, if there is one. Raises OutdatedSnapshot if the snapshot lacks a table or
    column.
    """
    (folder / "data").mkdir(parents=True)
    _write_page(folder)
    groups = find_groups(connection)
    years = sorted({year for group in groups for year in group.years})
    write_data_script(folder, "index", index_data(connection, groups, snapshot.id, has_map=boundaries is not None))
    write_data_script(folder, "quality", quality_data(connection))
    write_data_script(folder, "dictionary", dictionary_data(connection))
    write_data_script(folder, "kinds", kind_data(connection))
    for form in forms().values():
        write_data_script(folder, f"form-{form.code}", form_data(form))
    for position, indicator in indicator_data(connection, years).items():
        write_data_script(folder, f"i{position}", indicator)
    _write_groups_and_bodies(connection, groups, folder)
    if boundaries is not None:
        write_data_script(folder, "map", boundaries)
    write_data_script(folder, "files", write_downloads(snapshot, folder))
    (folder / MARKER_FILE).write_text(f"{snapshot.id}\n", encoding="utf-8", newline="\n")


def _write_page(folder: Path) -> None:
    """Write the page, its scripts and style, the chart library with its licences, and the messages."""
    target = folder / "assets"
    target.mkdir()
    for file in sorted((ASSETS / "site").iterdir()):
        (target / file.name).write_text(_compact(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    for file in sorted((ASSETS / "echarts").iterdir()):
        shutil.copyfile(file, target / (file.name if file.suffix == ".js" else f"echarts-{file.name}.txt"))
    write_data_script(folder, "messages", _messages())
    scripts = ["assets/echarts.min.js", *(f"assets/{name}.js" for name in SCRIPTS)]
    scripts += ["data/messages.js", "data/index.js", "assets/start.js"]
    texts = {name: say(f"site.{name}", "zh") for name in ("title", "loading", "noscript")}
    page = render_page("site.html", policy=CONTENT_SECURITY_POLICY, scripts=scripts, **texts)
    (folder / "index.html").write_text(page, encoding="utf-8", newline="\n")


def _compact(source: str) -> str:
    """Return a script or style without indentation and lines of comment, which makes it a fifth smaller.

    No text of a script spans lines; `test_scripts_have_no_text_over_several_lines` holds that.
    """
    lines = (line.strip() for line in source.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def _messages() -> dict[str, list[str]]:
    """Return the texts of the pages in Chinese and English, by code without the prefix `site.`."""
    with (PACKAGE / "core" / "messages.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["code"].startswith("site.")]
    return {line["code"].removeprefix("site."): [line["zh"], line["en"]] for line in lines}


def _write_groups_and_bodies(connection: duckdb.DuckDBPyConnection, groups: Sequence[Group], folder: Path) -> None:
    """Write the files of each group (`c<n>.js`, `q<n>.js`) and of each body (`b<n>.js`)."""
    body_positions = {body: i for i, body in enumerate(dict.fromkeys(b for group in groups for b in group.bodies))}
    for batch in _batches(groups):
        reports = reports_by_body(connection, batch)
        for group, figures in zip(batch, group_data(connection, batch), strict=True):
            write_data_script(folder, f"c{group.position}", figures)
            problem_reports = list(_problem_reports(group, reports, body_positions))
            write_data_script(folder, f"q{group.position}", {"reports": problem_reports})
        for body, own_reports in reports.items():
            write_data_script(folder, f"b{body_positions[body]}", {"id": body, "reports": own_reports})


def _batches(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Yield batches of groups. Each but the last has at least MIN_BATCH_BODIES bodies."""
    batch: list[Group] = []
    for group in groups:
        batch.append(group)
        if sum(len(g.bodies) for g in batch) >= MIN_BATCH_BODIES:
            yield batch
            batch = []
    if batch:
        yield batch


def _problem_reports(
    group: Group, reports: Mapping[str, list[dict[str, Any]]], body_positions: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Yield the reports of a group that have an error or a warning, reports with errors first."""
    pairs = [(b, r) for b in group.bodies for r in reports[b] if r.get("error") or r.get("warning")]
    for body, report in sorted(pairs, key=lambda pair: "error" not in pair[1]):
        entry = {k: v for k, v in report.items() if k in PROBLEM_REPORT_KEYS}
        provenance = PROVENANCE_LETTERS.get(report["provenance"], NO_LETTER)
        yield {**entry, "body": body, "at": body_positions[body], "prov": provenance}
