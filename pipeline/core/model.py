"""The nouns that pass between stages. Immutable; no behaviour beyond naming things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Literal, NamedTuple

Kind = Literal["number", "zero", "blank", "na", "text"]
Status = Literal["pass", "fail", "unknown"]
Severity = Literal["error", "warning"]
Provenance = Literal["published", "transcribed", "simulated"]
LEVELS = ("city", "county", "zone", "department")
PROVENANCES = ("published", "transcribed", "simulated")


class ExitCode(IntEnum):
    """How a command ended, for scripts and schedulers."""

    OK = 0
    PROBLEMS = 1  # the work is done, but reports are quarantined or have errors
    USAGE = 2
    NOTHING = 3  # nothing is published, read or written


class DataFault(Exception):
    """A fault of the input, not of the program: it becomes a row (a quarantined report), never a crash.

    `code` names a line of `messages.csv`; `values` fill its placeholders.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values: Mapping[str, object] = values

    def __reduce__(self) -> tuple[object, ...]:
        """Faults cross process borders."""
        return _fault, (self.code, dict(self.values))


def _fault(code: str, values: dict[str, object]) -> DataFault:
    return DataFault(code, **values)


class ProjectFault(Exception):
    """A fault of the project's own files (a form, a register, a suite): the run stops and nothing is published."""


class Source(NamedTuple):
    """One line of `data/raw/manifest.csv`, with the bytes found on disk. A tuple, for there are very many."""

    report_id: str
    path: str
    body: str
    region_code: str
    level: str
    year: int
    provenance: str
    source: str
    recorded_sha256: str
    sha256: str


class Entry(NamedTuple):
    """A line of the manifest, or a file that has none, and the fault that keeps it from being read."""

    source: Source
    fault: DataFault | None = None


@dataclass(frozen=True)
class Paragraph:
    """A run of prose; `page` counts from 1."""

    text: str
    page: int = 1


@dataclass(frozen=True)
class GridCell:
    """A table cell as read: text, top left place (from 0), spans, page (from 1), and how sure its reader is (0-1)."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    page: int = 1
    confidence: float = 1.0


@dataclass(frozen=True)
class Grid:
    """A table as read. `exact` is false where columns are only guessed from separators, as in plain text."""

    cells: tuple[GridCell, ...]
    exact: bool = True


@dataclass(frozen=True)
class Document:
    """What a reader makes of a file: its blocks in reading order."""

    blocks: tuple[Paragraph | Grid, ...]
    format: str
    reader: str
    title: str = ""

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables, in reading order."""
        return tuple(b for b in self.blocks if isinstance(b, Grid))

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The prose, in reading order."""
        return tuple(b for b in self.blocks if isinstance(b, Paragraph))


@dataclass(frozen=True)
class Cell:
    """A statutory cell of a report: its address, the printed text, what it means, and where it stood."""

    table: str
    row: str
    column: str
    raw: str
    value: Decimal | None
    kind: Kind
    unit: str
    page: int
    grid: int
    grid_row: int
    grid_column: int
    confidence: float

    @property
    def address(self) -> str:
        """`table/row/column`."""
        return f"{self.table}/{self.row}/{self.column}"


@dataclass(frozen=True)
class Figure:
    """A figure of the prose. `start` and `end` are offsets of `raw` in its paragraph; `scope` says what it counts, and
    `named_body` which body's it is where that is not the report's own ('' otherwise).
    """

    row: str
    raw: str
    page: int
    paragraph: int
    start: int
    end: int
    value: Decimal
    approximate: bool
    scope: str
    named_body: str = ""


@dataclass(frozen=True)
class Finding:
    """The outcome of one check on one report; `place` is the address or place it speaks of."""

    identity: str
    place: str
    status: Status
    severity: Severity
    lhs: Decimal | None = None
    rhs: Decimal | None = None
    cells: tuple[str, ...] = ()
    note: str = ""


# A cell with less confidence may have been read or placed wrongly: a person is asked to check it, and the editing
# considers it wrong more readily.
MIN_CONFIDENCE = 0.8
Level = Literal["certified", "explained", "located", "unresolved"]


@dataclass(frozen=True)
class Derivation:
    """A value that a report does not print (readably) and that its identities leave no choice about."""

    cell: str
    value: Decimal
    unit: str
    identities: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What the editing makes of identities that fail together. `printed_text` has the value `printed_value`,
    `implied` what it should be, `operation` the slip; all but `cell` are empty for an `unresolved` one, whose
    `alternatives` are the ways to mend it. `margin` is the lead over the next explanation in decibans.
    """

    cell: str
    level: Level
    printed_text: str
    printed_value: Decimal | None
    implied: Decimal | None
    operation: str
    alternatives: tuple[str, ...]
    margin: int | None
    identities: tuple[str, ...]
    anchor: str
    status: str = "open"


@dataclass(frozen=True)
class Extraction:
    """All that was taken from one document, told `format` by its bytes. `body` and `year` are None where the document
    does not say; `titled` if its title says both; `simulated` if it calls itself so.
    """

    format: str
    reader: str
    body: str | None
    year: int | None
    form: str
    cells: tuple[Cell, ...]
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    titled: bool
    simulated: bool
