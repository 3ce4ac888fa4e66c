"""Read a kind of report from the files of its folder: `kind.yaml`, and where needed three CSV files.

Unknown keys, rows and names are refused, as in a form.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Any

import yaml

from pipeline.core.form_file import LOADER, parse_form, take
from pipeline.core.form_parts import Form
from pipeline.core.identity import Identity
from pipeline.core.kind import (
    MEASURES,
    PERIODS,
    SPANS,
    Context,
    EntryTable,
    Indicator,
    Kind,
    Listing,
    Owed,
    PhraseLine,
    Ratio,
)
from pipeline.core.model import LEVELS, ProjectFault
from pipeline.core.phrase_placeholders import fill_placeholders

NEEDED = "kind zh en source period titles tables"
PROSE = "contexts defaults lasting skipped skipped_after skipped_when no_zero"
ALLOWED = f"owed body subject identities listings ratios entries attributes {PROSE}"
EDIT = "id severity zh en source"
COLUMNS = {
    "phrases.csv": ("row", "column", "when", "pattern", "example", "value"),
    "labels.csv": ("code", "spelling"),
    "indicators.csv": ("row", "measure", "annual"),
}


def parse_kind(files: Mapping[str, str], where: str) -> Kind:
    """Return the kind that files describe, given as text by name. Raises ProjectFault for anything unknown in them."""
    body = take(yaml.load(files["kind.yaml"], LOADER), f"{where}/kind.yaml", NEEDED, ALLOWED)  # noqa: S506
    if body["period"] not in PERIODS:
        raise ProjectFault("kind.period", where=where, period=str(body["period"]), periods=", ".join(PERIODS))
    form = parse_form(
        {"form": body["kind"], "identities": body.get("identities", [])}
        | {key: body[key] for key in ("zh", "en", "source", "tables")},
        f"{where}/kind.yaml",
    )
    listings = tuple(x for edit in body.get("listings", ()) for x in _listings(edit, form, where))
    ratios = tuple(ratio for edit in body.get("ratios", ()) for ratio in _ratios(edit, form, where))
    form = replace(
        form, identities=(*form.identities, *_named(body.get("listings", ())), *_named(body.get("ratios", ())))
    )
    words = {name: _lines(files, name, where) for name in COLUMNS}
    return Kind(
        code=body["kind"],
        zh=body["zh"],
        en=body["en"],
        source=body["source"],
        digest=_digest(files),
        period=body["period"],
        titles=tuple(_pattern(text, where) for text in body["titles"]),
        owed=_owed(body.get("owed"), where),
        form=form,
        defaults=dict(body.get("defaults", {})),
        lasting=_lasting(body, where),
        contexts=tuple(_context(context, where) for context in body.get("contexts", ())),
        phrases=tuple(_phrase(line, body.get("contexts", ()), where) for line in words["phrases.csv"]),
        skipped=_optional_pattern(body, "skipped", where),
        skipped_after=_optional_pattern(body, "skipped_after", where),
        no_zero=_optional_pattern(body, "no_zero", where),
        skipped_when=dict(body.get("skipped_when", {})),
        listings=listings,
        ratios=ratios,
        entries=tuple(_entry_table(code, table, where) for code, table in body.get("entries", {}).items()),
        attributes={code: tuple(labels) for code, labels in body.get("attributes", {}).items()},
        body=_attribute("body", body, where),
        subject=_attribute("subject", body, where),
        spellings=_spellings(words["labels.csv"], form, where),
        indicators=_indicators(words["indicators.csv"], form, ratios, where),
    )


def _digest(files: Mapping[str, str]) -> str:
    return sha256("".join(f"{name}\0{files[name]}\0" for name in sorted(files)).encode()).hexdigest()


def _lines(files: Mapping[str, str], name: str, where: str) -> list[dict[str, str]]:
    """Return the lines of a CSV file, [] if there is no such file. Raises ProjectFault for other columns."""
    reader = csv.DictReader(io.StringIO(files.get(name, "").lstrip("\ufeff")))
    if name in files and tuple(reader.fieldnames or ()) != COLUMNS[name]:
        raise ProjectFault("kind.columns", where=f"{where}/{name}", columns=", ".join(COLUMNS[name]))
    return [{key: value or "" for key, value in line.items()} for line in reader]


def _pattern(text: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(fill_placeholders(text))
    except re.error as error:
        raise ProjectFault("phrases.pattern", file=where, pattern=text, error=error) from error


def _optional_pattern(body: Mapping[str, Any], key: str, where: str) -> re.Pattern[str] | None:
    return _pattern(body[key], where) if key in body else None


def _owed(body: Any, where: str) -> Owed | None:
    if body is None:
        return None
    take(body, f"{where}: owed", "levels first_year source")
    if unknown := set(body["levels"]) - set(LEVELS):
        raise ProjectFault("kind.name", where=f"{where}: owed", name=", ".join(sorted(unknown)))
    return Owed(tuple(body["levels"]), body["first_year"], body["source"])


def _context(body: Any, where: str) -> Context:
    take(body, f"{where}: contexts", "words sets")
    return Context(_pattern(body["words"], where), {name: str(value) for name, value in body["sets"].items()})


def _phrase(line: Mapping[str, str], contexts: Iterable[Any], where: str) -> PhraseLine:
    """Return a line of `phrases.csv`; `{words:platform}` in its pattern are the words that set this dimension."""
    pattern = re.sub(r"\{words:(\w+)\}", lambda match: _words_of(match[1], contexts), line["pattern"])
    conditions = (part.split("=", 1) for part in line["when"].split(";") if "=" in part)
    when = {name.strip(): frozenset(values.strip().split("|")) for name, values in conditions}
    return PhraseLine(line["row"], line["column"], when, _pattern(pattern, where), line["example"], line["value"])


def _words_of(dimension: str, contexts: Iterable[Any]) -> str:
    """Return a pattern for the words of all contexts that set a dimension to something."""
    return f"(?:{'|'.join(body['words'] for body in contexts if body['sets'].get(dimension))})"


def _listings(body: Any, form: Form, where: str) -> Iterable[Listing]:
    """Yield the enumeration, or one for each word under `each`, which stands for `{each}` in its addresses."""
    take(body, f"{where}: listings", f"{EDIT} totals parts", "each")
    for word in body.get("each", ("",)):
        totals, parts = (
            tuple(a for x in body[key] for a in _matching(x.replace("{each}", word), form, where))
            for key in ("totals", "parts")
        )
        yield Listing(body["id"], totals, parts)


def _ratios(body: Any, form: Form, where: str) -> Iterable[Ratio]:
    """Return a ratio of three addresses, or for rows of a table one for each column that has all three cells."""
    take(body, f"{where}: ratios", f"{EDIT} rate part whole", "table")
    if "table" not in body:
        addresses = (address for key in ("rate", "part", "whole") for address in _matching(body[key], form, where))
        return [Ratio(body["id"], *addresses)]
    table, rows = form.tables[body["table"]], (body["rate"], body["part"], body["whole"])
    columns = [c for c in table.columns if all((row, c) in table.cells for row in rows)]
    if not columns:
        raise ProjectFault("form.no_cell", where=f"{where}: {body['id']}", cell=", ".join(rows))
    return [Ratio(body["id"], *(f"{table.code}/{row}/{column}" for row in rows)) for column in columns]


def _matching(pattern: str, form: Form, where: str) -> list[str]:
    """Return the addresses that fit a pattern such as `inspection/new_media.by.*/own`. Raises ProjectFault for none."""
    found = [address for address in form.addresses() if fnmatchcase(address, pattern)]
    if not found:
        raise ProjectFault("form.no_cell", where=where, cell=pattern)
    return found


def _named(bodies: Sequence[Any]) -> list[Identity]:
    """Return edits of other forms than an equation as identities: with their wording, and without sides."""
    named = {b["id"]: Identity(b["id"], (), "=", (), b["severity"], b["zh"], b["en"], b["source"]) for b in bodies}
    return list(named.values())


def _entry_table(code: str, body: Any, where: str) -> EntryTable:
    take(body, f"{where}: entries: {code}", "zh en columns needs")
    if unknown := set(body["needs"]) - set(body["columns"]):
        raise ProjectFault("kind.name", where=f"{where}: entries: {code}", name=", ".join(sorted(unknown)))
    columns = {column: tuple(labels) for column, labels in body["columns"].items()}
    return EntryTable(code, body["zh"], body["en"], columns, tuple(body["needs"]))


def _lasting(body: Mapping[str, Any], where: str) -> dict[str, str]:
    """Return how long dimensions last. Raises ProjectFault for an unknown dimension or duration."""
    lasting: dict[str, str] = dict(body.get("lasting", {}))
    for name, span in lasting.items():
        if name not in body.get("defaults", {}) or span not in SPANS:
            raise ProjectFault("kind.name", where=f"{where}: lasting", name=f"{name}: {span}")
    return lasting


def _attribute(key: str, body: Mapping[str, Any], where: str) -> str:
    """Return the attribute that a key of the kind names, '' for none."""
    name = str(body.get(key, ""))
    if name and name not in body.get("attributes", {}):
        raise ProjectFault("kind.name", where=f"{where}: {key}", name=name)
    return name


def _spellings(lines: Iterable[Mapping[str, str]], form: Form, where: str) -> dict[str, tuple[str, ...]]:
    """Return other spellings of rows and columns by code."""
    known = {code for table in form.tables.values() for code in (*table.rows, *table.columns)}
    spellings: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line["code"] not in known:
            raise ProjectFault("kind.name", where=f"{where}/labels.csv", name=line["code"])
        spellings[line["code"]] = (*spellings.get(line["code"], ()), line["spelling"])
    return spellings


def _indicators(
    lines: Iterable[Mapping[str, str]], form: Form, ratios: Sequence[Ratio], where: str
) -> dict[str, Indicator]:
    """Return how each row goes together over a year. A row without a line is a rate if it is in %, else a flow."""
    known = {row: label for table in form.tables.values() for row, label in table.rows.items()}
    rates = {ratio.rate.split("/")[1] for ratio in ratios}
    found = {
        row: Indicator(row, "rate" if row in rates or label.unit == "%" else "flow", "") for row, label in known.items()
    }
    for line in lines:
        if line["row"] not in known or line["measure"] not in MEASURES:
            raise ProjectFault("kind.name", where=f"{where}/indicators.csv", name=f"{line['row']}, {line['measure']}")
        found[line["row"]] = Indicator(line["row"], line["measure"], line["annual"])  # type: ignore[arg-type]
    return found
