"""The registers as tables: the lines of `reference/`, and the identities of forms and checks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from pipeline.core.form import forms
from pipeline.core.kind import Kind, Owed
from pipeline.core.messages import say
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE, SQL
from pipeline.registry.bodies import Register
from pipeline.registry.body_names import function_of
from pipeline.storage.dictionary import dictionary
from pipeline.storage.partition import TableFiles
from pipeline.storage.schema import table_from_rows

NO_FORM = "*"  # in `identities`: the form of a check, which no form prints


def checks_of(files: TableFiles) -> frozenset[str]:
    """Return the identities of the checks of a snapshot; none if there is no snapshot."""
    lines = files.read("identities", "identities", ["identity", "form"]).to_pylist()
    return frozenset(line["identity"] for line in lines if line["form"] == NO_FORM)


def register_table(name: str, register: Register) -> pa.Table:
    """Return the table of a register; `position` is the number of a line, from 0.

    Raises ProjectFault for a crosswalk that does not fit the forms.
    """
    lines = _lines(name, register)
    if name == "crosswalk":
        _check_crosswalk(lines)
        check_series(lines)
    return table_from_rows(name, [line | {"position": i} for i, line in enumerate(lines)])


def _lines(name: str, register: Register) -> list[dict[str, Any]]:
    if name == "bodies":
        return _bodies(register)
    if name == "population":
        return [asdict(population) for population in register.population]
    if name == "successions":
        return [asdict(s) | {"note": s.note or None} for s in register.successions]
    if name == "kinds":
        return [*_reference(name), *(_kind(kind) for kind in register.kinds.values())]
    if name == "kind_rows":
        return [line for kind in register.kinds.values() for line in _kind_rows(kind)]
    if name == "kind_lists":
        return [line for kind in register.kinds.values() for line in _kind_lists(kind)]
    if name == "kind_edits":
        return [line for kind in register.kinds.values() for line in _kind_edits(kind)]
    if name == "crosswalk":
        return [own for line in _reference(name) for own in _lines_of_forms(line)]
    return _identities() if name == "identities" else _reference(name)


def _bodies(register: Register) -> list[dict[str, Any]]:
    """Return the rows of the table `bodies`."""
    lineages = register.find_lineages()
    return [
        asdict(body)
        | {
            "aliases": "|".join(body.aliases) or None,
            "parent": body.parent or None,
            "city": register.find_above(body, "city"),
            "province": register.find_above(body, "province"),
            "function": function_of(body),
            "lineage": lineages[body.body_id],
        }
        for body in register.bodies.values()
    ]


def _kind(kind: Kind) -> dict[str, Any]:
    """Return the row of a kind of report."""
    owed = kind.owed or Owed((), None, None)
    words = {"kind": kind.code, "zh": kind.zh, "en": kind.en, "period": kind.period, "source": kind.source}
    return words | {"levels": list(owed.levels), "first_year": owed.first_year, "owed_source": owed.source}


def _kind_rows(kind: Kind) -> Iterator[dict[str, Any]]:
    """Yield the row of each cell that a kind of report can have. Raises ProjectFault for an unknown indicator."""
    known = {line["indicator"] for line in _reference("indicators")} | {""}
    ratios = {ratio.rate: ratio for ratio in kind.ratios}
    for address in kind.form.addresses():
        code, row, column = address.split("/")
        table, indicator, ratio = kind.form.tables[code], kind.indicators[row], ratios.get(address)
        if indicator.annual not in known:
            raise ProjectFault("kind.name", where=kind.code, name=indicator.annual)
        yield {
            "kind": kind.code, "table": code, "row": row, "column": column,
            "zh": table.rows[row].zh, "en": table.rows[row].en,
            "column_zh": table.columns[column].zh, "column_en": table.columns[column].en,
            "unit": table.units[row, column], "measure": indicator.measure,
            "part": ratio.part if ratio else None, "whole": ratio.whole if ratio else None,
            "annual": indicator.annual or None,
        }  # fmt: skip


def _kind_lists(kind: Kind) -> Iterator[dict[str, Any]]:
    """Yield the row of each column of the lists of a kind of report, and of each attribute, whose list is empty."""
    for code, labels in kind.attributes.items():
        yield {"kind": kind.code, "table": "", "column": code, "zh": None, "en": None, "heading": labels[0]}
    for table in kind.entries:
        for code, labels in table.columns.items():
            words = {"zh": table.zh, "en": table.en, "heading": labels[0]}
            yield {"kind": kind.code, "table": table.code, "column": code, **words}


def _kind_edits(kind: Kind) -> Iterator[dict[str, Any]]:
    """Yield the row of each edit of a kind of report."""
    for edit in kind.form.identities:
        words = {"zh": edit.zh, "en": edit.en, "source": edit.source, "relation": edit.relation}
        yield {"kind": kind.code, "identity": edit.id, "severity": edit.severity, **words}


def _lines_of_forms(line: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a line of the crosswalk, and one for each form that extends its form and has the same row."""
    extending = (form for form in forms().values() if form.extends and form.extends == line["form"])
    own = (
        form for form in extending if line["table"] in form.tables and line["row"] in form.tables[line["table"]].rows
    )
    return [line, *(line | {"form": form.code} for form in own)]


def _reference(name: str) -> list[dict[str, Any]]:
    """Return the lines of a reference table, with None for empty fields. Raises ProjectFault for a wrong number."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines: list[dict[str, Any]] = [{k: v or None for k, v in line.items()} for line in csv.DictReader(file)]
    lists = [line["column"] for line in dictionary()[name] if line["type"] == "list"]
    lines = [line | {k: (line[k] or "").split() for k in lists} for line in lines]
    integers = [
        line["column"] for line in dictionary()[name] if line["type"] == "int32" and line["column"] != "position"
    ]
    return [line | {k: _whole_number(line[k], name) for k in integers} for line in lines]


def _whole_number(text: str | None, name: str) -> int | None:
    """Return a number of a reference table, None for an empty field. Raises ProjectFault for anything else."""
    if text is not None and not text.isdecimal():
        raise ProjectFault("crosswalk.number", file=f"{name}.csv", number=text)
    return None if text is None else int(text)


def _identities() -> list[dict[str, Any]]:
    """Return the rows of the table `identities`: those of each form, then one per file of `sql/checks`.

    The source is the clause of the form, or the path of the file.
    """
    lines: list[dict[str, Any]] = []
    for form in forms().values():
        for i in form.identities:
            equation = f"{' + '.join(i.left)} {i.relation} {' + '.join(i.right)}"
            words = {"zh": i.zh, "en": i.en, "source": i.source}
            lines.append({"identity": i.id, "form": form.code, "severity": i.severity, "equation": equation, **words})
    for path in sorted((SQL / "checks").glob("*.sql")):
        identity = path.stem.replace("_", ".", 1)
        words = {lang: say(f"check.{identity}", lang) for lang in ("zh", "en")} | {"source": f"sql/checks/{path.name}"}
        lines.append({"identity": identity, "form": NO_FORM, "severity": "warning", "equation": None, **words})
    return lines


def _check_crosswalk(crosswalk: Sequence[Mapping[str, Any]]) -> None:
    """Raise ProjectFault for a line that fits no cell or indicator, or for a cell without a line."""
    cells = {(form.code, *address.split("/")) for form in forms().values() for address in form.addresses()}
    indicators = {line["indicator"] for line in _reference("indicators")} | {None}
    covered: set[tuple[str, ...]] = set()
    for line in crosswalk:
        form, table, row, column, indicator = (line[k] for k in ("form", "table", "row", "column", "indicator"))
        matches = {c for c in cells if form in ("*", c[0]) and (table, row) == c[1:3] and column in ("*", c[3])}
        if not matches or indicator not in indicators:
            raise ProjectFault("crosswalk.unknown", line=f"{form},{table},{row},{column},{indicator}")
        covered |= matches
    if cells - covered:
        raise ProjectFault("crosswalk.missing", cells=", ".join("/".join(c) for c in sorted(cells - covered)[:3]))


def check_series(crosswalk: Sequence[Mapping[str, Any]]) -> None:
    """Raise ProjectFault unless each form counts an indicator in one series, which begins at 1 and goes up by form.

    A form that begins a series must say why.
    """
    first_years = {form.code: (forms().get(form.extends, form).first_year or 0) for form in forms().values()}
    lines = sorted((line for line in crosswalk if line["indicator"]), key=lambda x: first_years.get(x["form"], 0))
    last: dict[str, tuple[str, int]] = {}  # form and series by indicator
    for line in lines:
        form, series = last.get(line["indicator"], ("", 1))
        is_new, is_same_form = line["series"] == series + 1, form == line["form"]
        if not (line["series"] == series or (is_new and not is_same_form and line["note"])):
            names = {name: line[name] for name in ("series", "indicator", "form")}
            raise ProjectFault("crosswalk.series", before=series, **names)
        last[line["indicator"]] = (line["form"], line["series"])
