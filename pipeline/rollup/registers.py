"""The registers as tables: the lines of `reference/`, and the identities of forms and checks."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE, SQL
from pipeline.registry.bodies import Register
from pipeline.storage.dictionary import dictionary
from pipeline.storage.schema import table_from_rows


def register_table(name: str, known: Register) -> pa.Table:
    """A register as its table; `position` is the line's place. Raises ProjectFault for a crosswalk that does not fit
    the forms.
    """
    lines = _lines(name, known)
    if name == "crosswalk":
        _refuse_gaps(lines)
    return table_from_rows(name, [line | {"position": i} for i, line in enumerate(lines)])


def _lines(name: str, known: Register) -> list[dict[str, Any]]:
    if name == "bodies":
        lineages = known.find_lineages()
        bodies = [asdict(b) | {"aliases": "|".join(b.aliases) or None} for b in known.bodies.values()]
        return [line | {"parent": line["parent"] or None, "lineage": lineages[line["body_id"]]} for line in bodies]
    if name == "successions":
        return [asdict(s) | {"note": s.note or None} for s in known.successions]
    return _identities() if name == "identities" else _reference(name)


def _reference(name: str) -> list[dict[str, Any]]:
    """The lines of a reference table, empty fields as NULL."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines: list[dict[str, Any]] = [{k: v or None for k, v in line.items()} for line in csv.DictReader(file)]
    whole = [line["column"] for line in dictionary()[name] if line["type"] == "int32" and line["column"] != "position"]
    return [line | {k: None if line[k] is None else int(line[k]) for k in whole} for line in lines]


def _identities() -> list[dict[str, Any]]:
    """Every identity of the forms and every check, with its words and its source."""
    found: list[dict[str, Any]] = []
    for form in forms().values():
        for i in form.identities:
            equation = f"{' + '.join(i.left)} {i.relation} {' + '.join(i.right)}"
            words = {"zh": i.zh, "en": i.en, "source": i.source}
            found.append({"identity": i.id, "form": form.code, "severity": i.severity, "equation": equation, **words})
    for path in sorted((SQL / "checks").glob("*.sql")):
        identity = path.stem.replace("_", ".", 1)
        words = {lang: say(f"check.{identity}", lang) for lang in ("zh", "en")} | {"source": f"sql/checks/{path.name}"}
        found.append({"identity": identity, "form": "*", "severity": "warning", "equation": None, **words})
    return found


def _refuse_gaps(crosswalk: Sequence[Mapping[str, Any]]) -> None:
    """Raise ProjectFault where a line names no cell or indicator, or a cell has no line: its figures would be lost."""
    cells = {(f.code, *a.split("/")) for f in forms().values() for a in f.addresses()}
    known = {line["indicator"] for line in _reference("indicators")} | {None}
    named: set[tuple[str, ...]] = set()
    for line in crosswalk:
        form, table, row, column, indicator = (line[k] for k in ("form", "table", "row", "column", "indicator"))
        found = {c for c in cells if form in ("*", c[0]) and (table, row) == c[1:3] and column in ("*", c[3])}
        if not found or indicator not in known:
            raise ProjectFault(f"crosswalk.csv: no such cell or indicator: {form},{table},{row},{column},{indicator}")
        named |= found
    if cells - named:
        raise ProjectFault(f"crosswalk.csv: no line for {sorted(cells - named)[:3]}")
