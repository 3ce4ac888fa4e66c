"""The parts of a review of a filled form: failed identities, members without figures, doubts, and figures compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from pipeline.core.change_table import MAX_CHANGES
from pipeline.core.form import Form
from pipeline.publish.form.causes import Cause

MIN_CHANGE = 10  # a smaller change of a count is not listed
MISSING_STATES = frozenset(("absent", "quarantined", "blank", "blank_table"))


@dataclass(frozen=True)
class FailedIdentity:
    """An identity that the form fails, with its two sides, and the members that cause the difference.

    The differences of the causes add up to that of the form. `confirmed` is whether a person confirmed every cause as
    printed. `severity` is `error` or `warning`.
    """

    identity: str
    place: str
    severity: str
    left: Decimal
    right: Decimal
    left_cells: tuple[str, ...]
    right_cells: tuple[str, ...]
    causes: tuple[Cause, ...]
    confirmed: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells on both sides."""
        return self.left_cells + self.right_cells

    @property
    def difference(self) -> Decimal:
        """The left side less the right side."""
        return self.left - self.right


@dataclass(frozen=True)
class MemberGap:
    """A member whose figures are missing or incomplete.

    `state` is `absent` (no report), `quarantined`, `blank` (a report without a number), `blank_table` (a table without
    a number), `substituted` (the sum of its own members counts), or `blank_cells`. `place` is the table, and `cells`
    are its cells without a figure. `reason` is the reason of a quarantine by language, `path` the file.
    """

    body_id: str
    body: str
    state: str
    place: str = ""
    cells: tuple[str, ...] = ()
    reason: Mapping[str, str] | None = None
    path: str = ""


@dataclass(frozen=True)
class DoubtfulCell:
    """A figure in doubt: the level as in `observations.in_doubt`, and the value that a proposal implies, if any.

    `cell` is an address of `form`, the code of the form of the report; several that were added up are joined by `+`.
    """

    body_id: str
    body: str
    report_id: str
    form: str
    cell: str
    level: str
    value: Decimal | None
    implied: Decimal | None


@dataclass(frozen=True)
class ComparedCell:
    """A cell of the form: compiled, reported by the body itself, and the year before.

    `prior_basis` says whether the figure of the year before is `reported` or `compiled`. None is unknown.
    """

    address: str
    value: Decimal | None
    compiled: Decimal | None
    reported: Decimal | None
    prior: Decimal | None
    prior_basis: str | None

    @property
    def change(self) -> Decimal | None:
        """The figure of the form less that of the year before."""
        return None if self.value is None or self.prior is None else self.value - self.prior

    @property
    def gap(self) -> Decimal | None:
        """The compiled figure less the reported one."""
        return None if self.compiled is None or self.reported is None else self.compiled - self.reported


@dataclass(frozen=True)
class CompilationReview:
    """The review of a filled form: everything a person should know before it is filed. Cells are named by address."""

    body_id: str
    body: str
    year: int
    basis: str
    form: Form
    member_count: int
    failures: tuple[FailedIdentity, ...]
    gaps: tuple[MemberGap, ...]
    doubts: tuple[DoubtfulCell, ...]
    rows: tuple[ComparedCell, ...]

    @property
    def blocking_failures(self) -> tuple[FailedIdentity, ...]:
        """The failed identities that hold the form back."""
        return tuple(f for f in self.failures if f.severity == "error" and not f.confirmed)

    @property
    def missing_members(self) -> tuple[MemberGap, ...]:
        """The gaps that hold the form back."""
        return tuple(gap for gap in self.gaps if gap.state in MISSING_STATES)

    @property
    def is_held_back(self) -> bool:
        """Whether the form should not be filed as it is."""
        return bool(self.blocking_failures or self.missing_members)

    @property
    def changes(self) -> tuple[ComparedCell, ...]:
        """The largest changes of totals against the year before, by their weight, the largest first.

        The weight is the change relative to the larger figure, times the square root of that figure.
        """
        totals = [row for row in self.rows if _is_total(row.address) and abs(row.change or Decimal(0)) >= MIN_CHANGE]
        return tuple(sorted(totals, key=lambda row: (-_weight(row), row.address))[:MAX_CHANGES])

    @property
    def discrepancies(self) -> tuple[ComparedCell, ...]:
        """The cells whose compiled figure is not the one that the body reported, the largest difference first."""
        different = [row for row in self.rows if row.gap]
        return tuple(sorted(different, key=lambda row: (-abs(row.gap or Decimal(0)), row.address)))


def _is_total(address: str) -> bool:
    """Return whether a cell is no part of a total, and no rate."""
    table, row, column = address.split("/")
    return (table not in ("applications", "review_litigation") or column == "total") and not row.endswith(
        ("_growth", ".growth", "_share")
    )


def _weight(row: ComparedCell) -> float:
    size = max(abs(row.value or Decimal(0)), abs(row.prior or Decimal(0)))
    return float(abs(row.change or Decimal(0))) / sqrt(size) if size else 0.0
