"""Made reports of real bodies, marked as simulated, in which only the applications are not 0."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.core.form import forms
from pipeline.raw.manifest import MANIFEST_COLUMNS
from pipeline.registry.body_names import recognise
from pipeline.simulate.render import DocumentText, render_html

FORM = "2021"
ROWS = ("new", "granted", "handled")


def applications(count: int) -> dict[str, str]:
    """Return the cells of a report with `count` applications, all of natural persons and granted."""
    return {f"applications/{row}/{column}": str(count) for row in ROWS for column in ("natural_person", "total")}


def write_report(folder: Path, name: str, year: int, printed: Mapping[str, str]) -> dict[str, str]:
    """Write a report with these cells, blanks only if `printed` is empty; return its manifest line."""
    (body,) = recognise(name)
    cells = dict.fromkeys(forms()[FORM].addresses(), "0" if printed else "") | dict(printed)
    title = f"（模拟）{body.name}{year}年政府信息公开工作年度报告"
    content = render_html(forms()[FORM], cells, DocumentText(title, "模拟数据"), encoding="utf-8")
    path = folder / "data" / "raw" / str(year) / f"{body.body_id}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    line = {"path": f"{year}/{body.body_id}.html", "body": body.name, "region_code": body.region_code}
    line |= {"level": body.level, "year": str(year), "provenance": "simulated", "source": "test"}
    return line | {"sha256": hashlib.sha256(content).hexdigest()}


def write_manifest(folder: Path, lines: Iterable[Mapping[str, str]]) -> None:
    """Write the manifest of a project."""
    with (folder / "data" / "raw" / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, MANIFEST_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(lines, key=lambda line: line["path"]))
