"""The site as a folder: one page, its scripts, and data files. A page loads only the data files that it shows.

`index.js`, `quality.js`, `dictionary.js` and `form-<code>.js` in `data/` are shared. The other files have a number,
which is a position in the index: `c<n>.js` has the figures of a group, `q<n>.js` the problems in its reports, `b<n>.js`
the reports of a body, `i<n>.js` one indicator of all cities. Child processes write them, a batch of groups at a time.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.paths import PACKAGE
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.publish.page_template import render_page
from pipeline.publish.site.body_data import form_data
from pipeline.publish.site.data_script import write_data_script
from pipeline.publish.site.downloads import write_downloads
from pipeline.publish.site.group_data import indicator_data
from pipeline.publish.site.group_files import batches, write_groups
from pipeline.publish.site.kind_data import kind_data
from pipeline.publish.site.reuse import copy_unchanged, input_hashes, write_record
from pipeline.publish.site.shared_data import Group, dictionary_data, find_groups, index_data, quality_data
from pipeline.runtime.machine import cores
from pipeline.runtime.parallel import children

ASSETS = PACKAGE / "publish" / "assets"
MAX_CHILDREN = 4  # each needs 300 MB, and the downloads alone take as long as a quarter of the rest
# The scripts in the order in which the page loads them; `start.js` follows after the index.
SCRIPTS = (
    "core", "model", "table", "chart", "shell", "form", "outcomes", "flow", "compared", "changes", "multiples",
    "spread", "state", "overview", "trend", "map", "compare", "rates", "quality", "coverage", "timeliness",
    "supervision_lists", "supervision", "body", "dictionary", "downloads",
)  # fmt: skip
# A page opened from a folder has no origin, so browsers differ on whether 'self' covers its own files: `file:` does.
# Charts set styles on their elements, which needs 'unsafe-inline' for styles; no script is inline.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def write_site(
    snapshot: PublishedSnapshot, folder: Path, boundaries: Mapping[str, Any] | None, earlier: Path | None = None
) -> None:
    """Write the site to an empty folder: the same bytes for the same snapshot.

    `boundaries` is the GeoJSON of the map, if there is one. From the folder `earlier`, if it is a site, the files of
    unchanged groups are copied. Raises OutdatedSnapshot if the snapshot lacks a table or column.
    """
    (folder / "data").mkdir(parents=True)
    _write_page(folder)
    if boundaries is not None:
        write_data_script(folder, "map", boundaries)
    with snapshot.connect() as connection:
        groups = find_groups(connection)
    is_small = len(list(batches(groups))) <= 1  # to start children would take as long
    with children(1 if is_small else min(cores(), MAX_CHILDREN)) as run:
        run(partial(write_downloads, snapshot, folder))
        run(partial(_write_shared_data, snapshot, groups, folder, has_map=boundaries is not None))
        hashes = input_hashes(snapshot, groups)
        changed = copy_unchanged(earlier, folder, groups, hashes) if earlier else groups
        for batch in batches(changed):
            run(partial(write_groups, snapshot, batch, folder))
    write_record(folder, snapshot.id, groups, hashes)


def _write_shared_data(snapshot: PublishedSnapshot, groups: Sequence[Group], folder: Path, *, has_map: bool) -> None:
    """Write the index, the other data that all pages share, and the files of the indicators."""
    years = sorted({year for group in groups for year in group.years})
    with snapshot.connect() as connection:
        write_data_script(folder, "index", index_data(connection, groups, snapshot.id, has_map=has_map))
        write_data_script(folder, "quality", quality_data(connection))
        write_data_script(folder, "dictionary", dictionary_data(connection))
        write_data_script(folder, "kinds", kind_data(connection))
        for position, indicator in indicator_data(connection, years).items():
            write_data_script(folder, f"i{position}", indicator)
    for form in forms().values():
        write_data_script(folder, f"form-{form.code}", form_data(form))


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
