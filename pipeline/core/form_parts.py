"""The parts of a statutory form: labels, blocks of rows, tables, and the form itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.core.identity import Identity, Instance


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

    `first_year` is None for a form that no year prescribes: that of reports without statutory tables, and one that
    `extends` a prescribed form, as offices print it with other rows. `lists` names what a report of another kind gives
    besides the cells: its lists of lines, such as sites with problems, and its attributes.
    """

    code: str
    first_year: int | None
    last_year: int | None
    extends: str
    zh: str
    en: str
    source: str
    tables: Mapping[str, Table]
    identities: tuple[Identity, ...]
    instances: tuple[Instance, ...]
    lists: Mapping[str, Label] = field(default_factory=dict)

    @property
    def printed_tables(self) -> tuple[Table, ...]:
        """The tables that the form prints, without the figures of the prose."""
        return tuple(t for t in self.tables.values() if t.layout != "prose")

    @property
    def is_prescribed(self) -> bool:
        """Whether some report year prescribes the form."""
        return self.first_year is not None

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
