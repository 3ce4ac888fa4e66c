"""A kind of report: who reports when, on which tables, and which edits hold. `pipeline/kinds` has a folder for each.

The annual report on disclosure is a kind whose tables change by year: its forms are in `pipeline/forms`, and `sql/`
makes it comparable. Every other kind has one form, and what is peculiar to it is data: no code names it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipeline.core.form_parts import Form
from pipeline.core.model import ANNUAL_REPORT

Measure = Literal["flow", "stock", "rate"]
PERIODS = ("year", "quarter")
SPANS = ("document", "sentence", "part")  # how long a dimension of the context can last; otherwise a paragraph
MEASURES = ("flow", "stock", "rate")

PART_SEPARATOR = "-"  # between kind, quarter and subject in a `report_part`
DOUBTFUL = 0.5  # the confidence in a cell for which a report gives several numbers


@dataclass(frozen=True)
class Context:
    """Words after which the prose speaks of something else: `sets` has the new value of each dimension that changes."""

    words: re.Pattern[str]
    sets: Mapping[str, str]


@dataclass(frozen=True)
class PhraseLine:
    """A line of `phrases.csv`: a pattern for one number, the row and column that it fills, and when it counts.

    `row` and `column` may name dimensions of the context, as in `{topic}.inspected`. `when` has the values that a
    dimension must have.
    """

    row: str
    column: str
    when: Mapping[str, frozenset[str]]
    pattern: re.Pattern[str]
    example: str
    value: Decimal

    @property
    def has_number(self) -> bool:
        """Whether the phrase reads a number; otherwise its words say that there is none."""
        return "n" in self.pattern.groupindex


@dataclass(frozen=True)
class Prose:
    """How the prose of a kind is read.

    A dimension of the context has a value in `defaults` and lasts until the end of the paragraph, or as `lasting` says:
    to the end of the document, until a sentence that sets any dimension, or until a part of one, after a semicolon. A
    heading sets the dimensions in `headings` for its section. `other_subject` begins a clause on an office other than
    the report's, by its group `name`. `skipped` and `skipped_after` find the words before and after a number, in its
    clause, that give it another meaning; in a context with a value of `skipped_when` no number is read, and in a
    sentence with words of `no_zero` none is said to be zero, unless they are in a list of parts, `listed`.
    """

    defaults: Mapping[str, str]
    lasting: Mapping[str, str]
    headings: frozenset[str]
    contexts: tuple[Context, ...]
    phrases: tuple[PhraseLine, ...]
    other_subject: re.Pattern[str] | None
    skipped: re.Pattern[str] | None
    skipped_after: re.Pattern[str] | None
    no_zero: re.Pattern[str] | None
    listed: re.Pattern[str] | None
    skipped_when: Mapping[str, str]


@dataclass(frozen=True)
class Listing:
    """An edit on an enumeration of the prose: the parts that a report names add up to the first total that it gives."""

    id: str
    totals: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Ratio:
    """An edit: `rate` is 100 times `part` divided by `whole`, to the places that it is printed with. All addresses."""

    id: str
    rate: str
    part: str
    whole: str


@dataclass(frozen=True)
class EntryTable:
    """A table whose rows are not known beforehand, such as sites with problems: labels of each column, by code.

    A grid is such a table if its head has all columns in `needs`.
    """

    code: str
    zh: str
    en: str
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Indicator:
    """How the values of a row go together over a year, and the indicator of the annual report that counts the same.

    A `flow` is added up over the quarters, of a `stock` the last one counts, a `rate` is computed again.
    """

    row: str
    measure: Measure
    annual: str


@dataclass(frozen=True)
class Owed:
    """Who owes a report of the kind in each period from `first_year` on: the bodies of these levels."""

    levels: tuple[str, ...]
    first_year: int | None
    source: str | None


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of report. `digest` is a hash of its files; `form` has the tables, with all edits by name.

    `subject` is the attribute that identifies what a report is about where a body has several in a period, such as the
    code of a website, and `body` the one that names the body if the title does not. In a table that prints no heads of
    columns, the numbers are those of `column`.
    """

    code: str
    zh: str
    en: str
    source: str
    digest: str
    period: str
    titles: tuple[re.Pattern[str], ...]
    owed: Owed | None
    form: Form
    prose: Prose
    listings: tuple[Listing, ...]
    ratios: tuple[Ratio, ...]
    entries: tuple[EntryTable, ...]
    attributes: Mapping[str, tuple[str, ...]]
    body: str
    column: str
    subject: str
    spellings: Mapping[str, tuple[str, ...]]
    indicators: Mapping[str, Indicator]

    @property
    def name(self) -> str:
        """The name in both languages."""
        return f"{self.zh} ({self.en})"

    @property
    def has_quarters(self) -> bool:
        """Whether a body reports each quarter."""
        return self.period == "quarter"


_PART = re.compile(r"(?P<kind>[^-]+)(?:-Q(?P<quarter>[1-4]))?(?:-(?P<subject>.+))?")


def split_report_part(part: str) -> tuple[str, int, str]:
    """Return the kind, quarter and subject of a `report_part`; quarter 0 and subject '' if it has none."""
    match = _PART.fullmatch(part)
    return (match["kind"], int(match["quarter"] or 0), match["subject"] or "") if match else (ANNUAL_REPORT, 0, "")


def report_part(kind: str, quarter: int, subject: str) -> str:
    """Return what tells a report from the others of its body and year: `inspection-Q2`; '' for the annual report."""
    parts = (kind, f"Q{quarter}" if quarter else "", subject)
    return "" if kind == ANNUAL_REPORT else PART_SEPARATOR.join(part for part in parts if part)
