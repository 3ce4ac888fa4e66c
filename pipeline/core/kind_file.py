"""Read a kind of report from the files of its folder: `kind.yaml`, and where needed three CSV files.

Unknown keys, rows and names are refused, as in a form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import product
from typing import Any

from pipeline.core import kind_phrases
from pipeline.core.form_file import parse_form, take
from pipeline.core.form_parts import Form, Label
from pipeline.core.kind import MEASURES, PERIODS, EntryTable, Indicator, Kind, Owed, Prose, Ratio
from pipeline.core.kind_lines import load_lines
from pipeline.core.kind_relations import add_names, parse_listings, parse_ratios
from pipeline.core.kind_shape import load_description
from pipeline.core.model import LEVELS, ProjectFault

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
NEEDED = "kind zh en source period titles tables"
ALLOWED = f"owed body column subject identities listings ratios entries attributes {kind_phrases.KEYS}"


def parse_kind(files: Mapping[str, str], where: str) -> Kind:
    """Return the kind that files describe, given as text by name.

    Raises ProjectFault, with the place, for a file that cannot be read and for anything unknown in it.
    """
    body = take(load_description(files["kind.yaml"], f"{where}/kind.yaml"), f"{where}/kind.yaml", NEEDED, ALLOWED)
    if body["period"] not in PERIODS:
        raise ProjectFault("kind.period", where=where, period=body["period"], periods=", ".join(PERIODS))
    form = _form(body, f"{where}/kind.yaml")
    ratios = parse_ratios(body.get("ratios", ()), form, where)
    return Kind(
        code=body["kind"],
        zh=body["zh"],
        en=body["en"],
        source=body["source"],
        digest=_digest(files),
        period=body["period"],
        titles=tuple(kind_phrases.parse_pattern(text, f"{where}: titles") for text in body["titles"]),
        owed=_owed(body["owed"], where) if "owed" in body else None,
        form=form,
        prose=_prose(body, load_lines(files, "phrases.csv", where), form, where),
        listings=parse_listings(body.get("listings", ()), form, where),
        ratios=ratios,
        entries=tuple(_entry_table(code, table, where) for code, table in body.get("entries", {}).items()),
        attributes={code: tuple(labels) for code, labels in body.get("attributes", {}).items()},
        body=_attribute("body", body, where),
        column=_column(body, form, where),
        subject=_attribute("subject", body, where),
        spellings=_spellings(load_lines(files, "labels.csv", where), form, where),
        indicators=_indicators(load_lines(files, "indicators.csv", where), form, ratios, where),
    )


def _prose(body: Mapping[str, Any], lines: Sequence[Mapping[str, str]], form: Form, where: str) -> Prose:
    """Return how prose is read. Raises ProjectFault for a phrase that no cell of the form can take."""
    prose = kind_phrases.parse_prose(body, lines, where)
    cells = {tuple(address.split("/")[1:]) for address in form.addresses()}
    for phrase in prose.phrases:
        if cells.isdisjoint(kind_phrases.cells_of(phrase, prose)):
            raise ProjectFault("kind.name", where=f"{where}/phrases.csv", name=f"{phrase.row}, {phrase.column}")
    return prose


def _digest(files: Mapping[str, str]) -> str:
    return sha256("".join(f"{name}\0{files[name]}\0" for name in sorted(files)).encode()).hexdigest()


def _form(body: Mapping[str, Any], where: str) -> Form:
    """Return the tables of a kind as a form, with all its edits by name."""
    names = {key: body[key] for key in ("zh", "en", "source", "tables")}
    form = parse_form({"form": body["kind"], "identities": body.get("identities", []), **names}, where)
    form = replace(form, lists=_lists(body))
    return add_names(form, (body.get("listings", ()), body.get("ratios", ())), where)


def _lists(body: Mapping[str, Any]) -> dict[str, Label]:
    """Return the names of the lists and attributes; an attribute is called as it is printed."""
    attributes = {code: Label(code, labels[0], labels[0]) for code, labels in body.get("attributes", {}).items()}
    return attributes | {code: Label(code, table["zh"], table["en"]) for code, table in body.get("entries", {}).items()}


def _owed(body: Any, where: str) -> Owed:
    take(body, f"{where}: owed", "levels first_year source")
    if unknown := set(body["levels"]) - set(LEVELS):
        raise ProjectFault("kind.name", where=f"{where}: owed", name=", ".join(sorted(unknown)))
    return Owed(tuple(body["levels"]), int(body["first_year"]), body["source"])


def _entry_table(code: str, body: Any, where: str) -> EntryTable:
    where = f"{where}: entries: {code}"
    take(body, where, "zh en columns needs")
    if unknown := set(body["needs"] or ["-"]) - set(body["columns"]):
        raise ProjectFault("kind.name", where=f"{where}: needs", name=", ".join(sorted(unknown)))
    columns = {column: tuple(labels) for column, labels in body["columns"].items()}
    return EntryTable(code, body["zh"], body["en"], columns, tuple(body["needs"]))


def _attribute(key: str, body: Mapping[str, Any], where: str) -> str:
    """Return the attribute that a key of the kind names, '' for none."""
    name = str(body.get(key, ""))
    if name and name not in body.get("attributes", {}):
        raise ProjectFault("kind.name", where=f"{where}: {key}", name=name)
    return name


def _column(body: Mapping[str, Any], form: Form, where: str) -> str:
    """Return the column of tables without heads, '' for none."""
    name = str(body.get("column", ""))
    if name and not any(name in table.columns for table in form.tables.values()):
        raise ProjectFault("kind.name", where=f"{where}: column", name=name)
    return name


def _spellings(lines: Iterable[Mapping[str, str]], form: Form, where: str) -> dict[str, tuple[str, ...]]:
    """Return other spellings of rows and columns by code. `(检查|抽查)数` means two of them."""
    known = {code for table in form.tables.values() for code in (*table.rows, *table.columns)}
    spellings: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line["code"] not in known:
            raise ProjectFault("kind.name", where=f"{where}/labels.csv", name=line["code"])
        spellings[line["code"]] = (*spellings.get(line["code"], ()), *_expand(line["spelling"], where))
    return spellings


def _expand(spelling: str, where: str) -> Iterable[str]:
    """Return each spelling that one with choices means. Raises ProjectFault for a choice inside of a choice."""
    pieces = _CHOICE.split(spelling)  # every second one is a choice
    if any("|" in piece for piece in pieces[::2]):
        raise ProjectFault("kind.choice", where=f"{where}/labels.csv", spelling=spelling)
    return map("".join, product(*(piece.split("|") if number % 2 else [piece] for number, piece in enumerate(pieces))))


def _indicators(
    lines: Iterable[Mapping[str, str]], form: Form, ratios: Sequence[Ratio], where: str
) -> dict[str, Indicator]:
    """Return how each row goes together over a year. A row without a line is a rate if it is in %, else a flow."""
    known = {row: label for table in form.tables.values() for row, label in table.rows.items()}
    rates = {ratio.rate.split("/")[1] for ratio in ratios}
    usual = {row: "rate" if row in rates or label.unit == "%" else "flow" for row, label in known.items()}
    found = {row: Indicator(row, measure, "") for row, measure in usual.items()}  # type: ignore[arg-type]
    for line in lines:
        if line["row"] not in known or line["measure"] not in MEASURES:
            raise ProjectFault("kind.name", where=f"{where}/indicators.csv", name=f"{line['row']}, {line['measure']}")
        found[line["row"]] = Indicator(line["row"], line["measure"], line["annual"])  # type: ignore[arg-type]
    return found
