"""The statutory forms, read from `forms/*.yaml`: one file per form, and one file of prose figures for all forms.

The loader rejects unknown keys and names: the value of a misspelt name would otherwise be unknown for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from pipeline.core import identity as identities
from pipeline.core.identity import Identity, Instance
from pipeline.core.model import ProjectFault, Severity
from pipeline.core.paths import FORMS

LAYOUTS = ("rows", "flat", "prose")
EACH = ("", "row", "column")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # with libyaml it takes a tenth of the time


@dataclass(frozen=True)
class Label:
    """A row or column: code, printed label, English label, and unit. `within` is the row that begins its group."""

    code: str
    zh: str
    en: str
    unit: str = ""
    within: str = ""


@dataclass(frozen=True)
class Block:
    """Rows that share a header, with its columns in printed order, and the article of the regulations above it."""

    article: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A statutory table; `units` are by (row, column).

    The layout `rows` has its labels at the left, `flat` prints all values in one line under a header of groups, and
    `prose` holds the figures of the text.
    """

    code: str
    zh: str
    en: str
    layout: str
    rows: Mapping[str, Label]
    columns: Mapping[str, Label]
    blocks: tuple[Block, ...]
    units: Mapping[tuple[str, str], str]

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """The (row, column) pairs of the table in printed order."""
        return tuple((r, c) for b in self.blocks for r in b.rows for c in b.columns)

    def block_of(self, row: str) -> Block:
        """Return the block that a row belongs to."""
        return next(b for b in self.blocks if row in b.rows)


@dataclass(frozen=True)
class Form:
    """A form: its report years (`last_year` is None for the current form), its tables and its identities.

    `first_year` is None for the form of reports without statutory tables, which no year prescribes.
    """

    code: str
    first_year: int | None
    last_year: int | None
    zh: str
    en: str
    source: str
    tables: Mapping[str, Table]
    identities: tuple[Identity, ...]
    instances: tuple[Instance, ...]

    @property
    def printed_tables(self) -> tuple[Table, ...]:
        """The tables that the form prints, without the figures of the prose."""
        return tuple(t for t in self.tables.values() if t.layout != "prose")

    def covers(self, year: int) -> bool:
        """Return whether this is the form prescribed for a report year."""
        return (
            self.first_year is not None
            and self.first_year <= year
            and (self.last_year is None or year <= self.last_year)
        )

    def addresses(self, tables: Iterable[Table] | None = None) -> tuple[str, ...]:
        """Return the address `table/row/column` of every cell of some tables, or of all, in printed order."""
        return tuple(f"{t.code}/{r}/{c}" for t in (tables or self.tables.values()) for r, c in t.cells)

    def has_table(self, code: str) -> bool:
        """Return whether the form prints this table."""
        return any(table.code == code for table in self.printed_tables)

    def label(self, address: str, lang: str) -> str:
        """Return the printed labels of an address: 「一、本年新收…」总计 for `applications/new/total`."""
        table, row, column = address.split("/")
        labels = (self.tables[table].rows[row], self.tables[table].columns[column])
        zh, en = (f"「{labels[0].zh}」{labels[1].zh}", f"{labels[0].en}, {labels[1].en}")
        if self.tables[table].layout == "prose":
            zh, en = (f"正文的「{labels[0].zh}」", f"{labels[0].en} in the prose")
        return zh if lang == "zh" else en


@cache
def forms(folder: Path = FORMS) -> Mapping[str, Form]:
    """Return the forms of a folder by code, in order of their years; each applies until the next one begins.

    Forms that no year prescribes come first, so that the last form is the current one. Raises ProjectFault, with file
    and key, for anything unknown and for two forms of one year.
    """
    prose = {code: _table(code, body, "narrative.yaml") for code, body in _load(folder / "narrative.yaml").items()}
    files = sorted(p for p in folder.glob("*.yaml") if p.stem != "narrative")
    ordered = sorted((_form(_load(path), prose, path.name) for path in files), key=lambda form: form.first_year or 0)
    years = [form.first_year for form in ordered if form.first_year is not None]
    if len(set(years)) != len(years):
        raise ProjectFault(f"{folder.name}: two forms begin in one year: {years}")
    last_years = dict(zip(years, (*(year - 1 for year in years[1:]), None), strict=True))
    return {form.code: replace(form, last_year=last_years.get(form.first_year or 0)) for form in ordered}


def form_of(year: int) -> Form:
    """Return the form prescribed for a report year. Raises ProjectFault for a year before the first form."""
    for form in forms().values():
        if form.covers(year):
            return form
    raise ProjectFault(f"no form for {year}")


def form_without_tables() -> Form:
    """Return the form of reports without statutory tables."""
    return next(form for form in forms().values() if not form.printed_tables)


def are_tables_due(year: int) -> bool:
    """Return whether a form is prescribed for a report year: its reports must have statutory tables."""
    return any(form.covers(year) for form in forms().values())


def _load(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file. Raises ProjectFault."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 (both loaders are safe ones)
    if not isinstance(loaded, dict):
        raise ProjectFault(f"{path.name}: not a mapping")
    return loaded


def _take(body: Any, where: str, needed: str, allowed: str = "") -> dict[str, Any]:
    """Return the body if it has exactly the keys `needed`, and of others only `allowed`. Raises ProjectFault."""
    if not isinstance(body, dict):
        raise ProjectFault(f"{where}: not a mapping")
    unknown = set(body) - set(needed.split()) - set(allowed.split())
    missing = set(needed.split()) - set(body)
    if unknown or missing:
        raise ProjectFault(f"{where}: unknown keys {sorted(map(str, unknown))}, missing keys {sorted(missing)}")
    return body


def _form(body: dict[str, Any], prose: dict[str, Table], where: str) -> Form:
    """Return the form that a YAML file describes. Raises ProjectFault."""
    _take(body, where, "form zh en source tables identities", "first_year")
    tables = {code: _table(code, t, f"{where}: {code}") for code, t in body["tables"].items()} | prose
    cells = {t.code: t.cells for t in tables.values()}
    parsed = [_identity(i, tables, where) for i in body["identities"]]
    instances = tuple(instance for i in parsed for instance in identities.expand(i, cells))
    _check_unique(parsed, instances, where)
    texts = (body["zh"], body["en"], body["source"])
    return Form(str(body["form"]), body.get("first_year"), None, *texts, tables, tuple(parsed), instances)


def _check_unique(parsed: list[Identity], instances: Iterable[Instance], where: str) -> None:
    """Raise ProjectFault for two identities with one id, and for two that test the same cells in the same way."""
    ids = [i.id for i in parsed]
    keys = [_meaning(x) for x in instances]
    if len(set(ids)) != len(ids) or len(set(keys)) != len(keys):
        raise ProjectFault(f"{where}: the same identity occurs twice")


def _meaning(instance: Instance) -> object:
    """Return a value that is equal for two instances with the same meaning; the sides of an equation may be swapped."""
    sides = (frozenset(instance.left), frozenset(instance.right))
    return frozenset(sides) if instance.identity.relation == "=" else sides


def _table(code: str, body: Any, where: str) -> Table:
    """Return the table that a YAML mapping describes. Raises ProjectFault."""
    _take(body, where, "zh en columns blocks", "layout unit")
    columns = {c: _label(c, v, f"{where}: column {c}") for c, v in body["columns"].items()}
    rows: dict[str, Label] = {}
    blocks = []
    for block in body["blocks"]:
        _take(block, where, "rows", "article columns")
        new = {r: _label(r, v, f"{where}: row {r}") for r, v in block["rows"].items()}
        if set(new) & set(rows):
            raise ProjectFault(f"{where}: rows twice: {sorted(set(new) & set(rows))}")
        rows |= new
        blocks.append(Block(block.get("article", ""), tuple(block.get("columns", columns)), tuple(new)))
    layout = body.get("layout", "rows")
    _check_table(rows, columns, blocks, layout, where)
    units = {
        (r, c): rows[r].unit or columns[c].unit or body.get("unit", "")
        for b in blocks
        for r in b.rows
        for c in b.columns
    }
    if not all(units.values()):
        raise ProjectFault(f"{where}: cells without a unit: {[k for k, u in units.items() if not u]}")
    return Table(code, body["zh"], body["en"], layout, rows, columns, tuple(blocks), units)


def _check_table(
    rows: Mapping[str, Label], columns: Mapping[str, Label], blocks: list[Block], layout: str, where: str
) -> None:
    """Raise ProjectFault for columns and rows that are used but not defined, unused columns, and unknown layouts."""
    unknown = {c for b in blocks for c in b.columns} - set(columns) | {r.within for r in rows.values()} - set(rows) - {
        ""
    }
    unused = set(columns) - {c for b in blocks for c in b.columns}
    if unknown or unused or layout not in LAYOUTS:
        raise ProjectFault(f"{where}: unknown {sorted(unknown)}, unused {sorted(unused)}, layout {layout}")


def _label(code: str, body: Any, where: str) -> Label:
    return Label(code=code, **_take(body, where, "zh en", "unit within"))


def _identity(body: Any, tables: Mapping[str, Table], where: str) -> Identity:
    """Return the identity that a YAML mapping describes. Raises ProjectFault."""
    _take(body, f"{where}: identity", "id is severity zh en source", "table each rows")
    where = f"{where}: identity {body['id']}"
    each, table, rows = body.get("each", ""), body.get("table", ""), tuple(body.get("rows", ()))
    is_valid = each in EACH and body["severity"] in get_args(Severity) and bool(each) == bool(table)
    if not is_valid or (table and (table not in tables or set(rows) - set(tables[table].rows))):
        raise ProjectFault(f"{where}: unknown table, row, each or severity")
    left, relation, right = identities.parse(body["is"], where)
    return Identity(
        body["id"], left, relation, right, body["severity"], body["zh"], body["en"], body["source"], table, each, rows
    )
