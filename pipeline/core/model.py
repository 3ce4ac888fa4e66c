"""The values that pass between stages. All are immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import Literal, NamedTuple

from pipeline.core.messages import say

Kind = Literal["number", "zero", "blank", "na", "text"]
Status = Literal["pass", "fail", "unknown"]
Severity = Literal["error", "warning"]
Provenance = Literal["published", "transcribed", "simulated"]
MarkKind = Literal[
    "struck", "hidden", "raised", "lowered", "deleted", "inserted", "field", "symbol", "turned", "unsure", "shown"
]
LEVELS = ("nation", "province", "city", "county", "zone", "department", "township")
PROVENANCES = ("published", "transcribed", "simulated")
ANNUAL_REPORT = "annual_report"  # the kind of report that `pipeline/forms` and the marts are about


class ExitCode(IntEnum):
    """How a command ended, for scripts and schedulers."""

    OK = 0
    PROBLEMS = 1  # the work is done, but reports are quarantined or have errors
    USAGE = 2
    NOTHING = 3  # nothing is published, read or written


class DataFault(Exception):
    """A fault of the input, not of the program. It becomes a row, as a quarantined report, and never a crash.

    `code` is a line of `messages.csv`; `values` fill its placeholders.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values: Mapping[str, object] = values

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the values, because faults pass between processes."""
        return _fault, (self.code, dict(self.values))


def _fault(code: str, values: dict[str, object]) -> DataFault:
    return DataFault(code, **values)


class FilePlace(NamedTuple):
    """A line of a file that people edit, counted from 1."""

    path: str
    line: int

    def in_language(self, lang: str) -> str:
        """Return the place as text."""
        return say("project.place", lang, path=self.path, line=self.line)


class ProjectFault(Exception):
    """A fault of the project's own files (a form, a register, a suite). It stops the run; nothing is published.

    `code` is a line of `messages.csv`; `values` fill its placeholders.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values: Mapping[str, object] = values

    def __str__(self) -> str:
        """Return the English message, for logs and programs."""
        return self.in_language("en")

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the values, because faults pass between processes."""
        return _project_fault, (self.code, dict(self.values))

    def in_language(self, lang: str) -> str:
        """Return the message in a language, `zh` or `en`."""
        return say(self.code, lang, **self.values)


def _project_fault(code: str, values: dict[str, object]) -> ProjectFault:
    return ProjectFault(code, **values)


class WebOrigin(NamedTuple):
    """The page on the web from which a report was collected; a report that came in otherwise has empty fields.

    The dates are ISO 8601. `published_on` is the date that the page gives, `vanished_on` the day on which the page was
    first missing. `supersedes` has the addresses of the reports that this one corrects (更正),
    the newest first, with a blank between them.
    """

    url: str = ""
    published_on: str = ""
    collected_on: str = ""
    vanished_on: str = ""
    supersedes: str = ""


NOT_COLLECTED = WebOrigin()


class Source(NamedTuple):
    """One line of `data/raw/manifest.csv` with the checksum of the file. A tuple, because there are 100,000 or more."""

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
    web: WebOrigin = NOT_COLLECTED
    kind: str = ANNUAL_REPORT
    quarter: int = 0  # 0 for a whole year
    subject: str = ""  # that identifies the report among several of one body and period


class Entry(NamedTuple):
    """A line of the manifest or a file without one; `fault` says why the file cannot be read."""

    source: Source
    fault: DataFault | None = None


@dataclass(frozen=True)
class Mark:
    """The formatting of the characters from `start` to before `end` of a text; `extract.visible` decides on it.

    `symbol` is a character of a picture font; `turned` runs from right to left or upside down; `unsure` is content that
    the reader cannot reproduce, such as a list number. `shown` means that the page prints `text` in place of the cell.
    """

    kind: MarkKind
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A run of prose; `page` counts from 1. A line break that the writer made is a newline."""

    text: str
    page: int = 1
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class GridCell:
    """A table cell as read: text, top left position (from 0), spans, page (from 1), the reader's confidence (0-1).

    A line break that the writer made, or the end of a paragraph in the cell, is a newline in `text`. `formula` is that
    of a workbook's cell, `=?` if only its value is stored with it. `box` is where the cell is on a page of a PDF or
    scan: left, top, right and bottom as shares of the page; None if it is unknown.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    page: int = 1
    confidence: float = 1.0
    marks: tuple[Mark, ...] = ()
    formula: str = ""
    box: tuple[float, float, float, float] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Grid:
    """A table as read. `exact` is false if the columns are only guessed from separators, as in plain text.

    In a workbook `sheet` is the name of the sheet, whose rows and columns are those of the cells.
    """

    cells: tuple[GridCell, ...]
    exact: bool = True
    sheet: str = ""


@dataclass(frozen=True)
class Document:
    """A parsed file: its paragraphs and tables in reading order.

    `findings` name content that the reader left out or read with less certainty; see `extract.left_out`.
    """

    blocks: tuple[Paragraph | Grid, ...]
    format: str
    reader: str
    title: str = ""
    findings: tuple[Finding, ...] = ()

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
    """A statutory cell of a report: address, printed text (`raw`), value, and position in the file."""

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
class ProseCell(Cell):
    """A cell that a sentence fills: `grid_row` is its paragraph, `start` and `end` are the offsets of `raw` in it."""

    start: int = 0
    end: int = 0


PROSE_GRID = -1  # in place of the number of a table


@dataclass(frozen=True)
class ReportEntry:
    """A text of a report: an attribute, or what one column of a list such as sites with problems has in one line.

    `line` counts the lines of a list from 1; an attribute, whose `table` is '', has line 0.
    """

    table: str
    line: int
    column: str
    text: str
    page: int
    grid: int
    grid_row: int
    grid_column: int


@dataclass(frozen=True)
class Figure:
    """A number taken from the prose.

    `start` and `end` are the offsets of `raw` in its paragraph. `scope` says what the figure counts. `named_body` is
    the body that the sentence names if it is not the report's own, otherwise ''.
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
    """The outcome of one edit or reader check on one report; `place` is a cell's address, a table or another place."""

    identity: str
    place: str
    status: Status
    severity: Severity
    lhs: Decimal | None = None
    rhs: Decimal | None = None
    cells: tuple[str, ...] = ()
    note: str = ""


# A cell with less confidence may have been read or placed wrongly: a person is asked to check it, and the editing
# assumes a higher probability of an error in it.
MIN_CONFIDENCE = 0.8
Level = Literal["certified", "explained", "located", "unresolved"]


@dataclass(frozen=True)
class Derivation:
    """A value that a report does not print readably and that its identities determine."""

    cell: str
    value: Decimal
    unit: str
    identities: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A possible correction of one cell, from identities that fail together.

    `printed_text` has the value `printed_value`; the identities imply the value `implied`; `operation` names the slip.
    These are empty for level `unresolved`. `alternatives` are the other possible corrections, the likeliest first, each
    as `pipeline.core.alternatives` writes it. `suspects` are the cells that an unresolved proposal may change. `margin`
    is the lead over all other explanations together in decibans. Proposals with the same `anchor` belong together.
    """

    cell: str
    level: Level
    printed_text: str
    printed_value: Decimal | None
    implied: Decimal | None
    operation: str
    alternatives: tuple[str, ...]
    suspects: tuple[str, ...]
    margin: int | None
    identities: tuple[str, ...]
    anchor: str
    status: str = "open"


@dataclass(frozen=True)
class Extraction:
    """The cells, figures and findings of one document. `format` is detected from the content.

    `body` and `year` are None if the document does not state them; `titled` means that its title states both;
    `simulated` that the document says it is simulated; `is_body_certain` that no evidence contradicts the body.
    `sheets` has the name of the sheet for each grid of a workbook, '' for other formats. `formulas` has those of its
    statutory cells by address. `quarter`, `subject` and `entries` are those of another kind than the annual report.
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
    is_body_certain: bool = True
    sheets: tuple[str, ...] = ()
    formulas: Mapping[str, str] = field(default_factory=dict)
    kind: str = ANNUAL_REPORT
    quarter: int = 0
    subject: str = ""
    entries: tuple[ReportEntry, ...] = ()

    def sheet_of(self, cell: Cell) -> str:
        """Return the name of the sheet in which a cell is, '' for other formats and for the prose."""
        return self.sheets[cell.grid] if 0 <= cell.grid < len(self.sheets) else ""
