"""Review a filled form before it is filed: what holds it back, what a person should know, and the year before.

`ogi compile`, the files that it writes, and the desk all show this review. A compilation is held back by an identity of
severity error that fails and that nobody confirmed as printed, and by a member whose figures are missing. Doubtful and
blank cells and large changes are shown, and hold nothing back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Any

import duckdb

from pipeline.core.change_table import MAX_CHANGES
from pipeline.core.form import Form, form_of
from pipeline.core.identity import Instance
from pipeline.core.model import DataFault, Finding, ProjectFault
from pipeline.edit.statutory import confront_form
from pipeline.publish.form.causes import Cause, find_causes
from pipeline.publish.form.fill import FilledForm, fill_form
from pipeline.storage.choose import choose
from pipeline.storage.database import Row, ask

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


def review_compilation(connection: duckdb.DuckDBPyConnection, city: str, year: int) -> CompilationReview:
    """Return the review of the compiled form of a body and year. `city` is an id, a name or an alias.

    Raises DataFault for an unknown body, a year without such a form, and an outdated snapshot.

    Example::

        with connect(data) as connection:
            review = review_compilation(connection, "洛阳市", 2025)
            review.is_held_back, [gap.body for gap in review.missing_members]
    """
    body = choose(connection, "body", city)
    try:
        form = form_of(year)
    except ProjectFault as fault:
        raise DataFault("compile.no_form", year=year) from fault
    filled = fill_form(connection, {"body_id": body["id"], "name": body["zh"]}, year, form, "compiled")
    return review_form(connection, filled)


def review_form(connection: duckdb.DuckDBPyConnection, filled: FilledForm) -> CompilationReview:
    """Return the review of a filled form, compiled or reported."""
    place: Row = {"body": filled.body_id, "year": filled.year, "form": filled.form.code, "basis": filled.basis}
    is_compiled = filled.basis == "compiled"
    return CompilationReview(
        filled.body_id,
        filled.body,
        filled.year,
        filled.basis,
        filled.form,
        filled.member_count,
        _find_failures(connection, filled, place),
        tuple(_find_gaps(connection, filled.form, place)) if is_compiled else (),
        tuple(_list_doubts(ask(connection, "form_member_doubts", place))) if is_compiled else (),
        _compare(filled, ask(connection, "form_comparison", place)),
    )


def _find_failures(connection: duckdb.DuckDBPyConnection, filled: FilledForm, place: Row) -> tuple[FailedIdentity, ...]:
    """Return the identities that the form fails, those of severity error first."""
    values = {address: cell.value for address, cell in filled.cells.items()}
    findings = zip(filled.form.instances, confront_form([values], filled.form)[0], strict=True)
    failed = [(instance, finding) for instance, finding in findings if finding.status == "fail"]
    # Only the figures of these cells are read, because a nation has millions.
    cells = sorted({address for _, finding in failed for address in finding.cells})
    is_needed = bool(cells) and filled.basis == "compiled"
    contributions = ask(connection, "form_contributions", {**place, "cells": cells}) if is_needed else []
    confirmed = {(r["identity"], r["place"], r["body_id"]) for r in ask(connection, "form_confirmed", place)}
    failures = [_failure(filled, instance, finding, contributions, confirmed) for instance, finding in failed]
    return tuple(sorted(failures, key=lambda failure: failure.severity))


def _failure(
    filled: FilledForm,
    instance: Instance,
    finding: Finding,
    contributions: Sequence[Row],
    confirmed: set[tuple[str, str, str]],
) -> FailedIdentity:
    causes = find_causes(instance, contributions)
    bodies = [cause.body_id for cause in causes] or [filled.body_id]
    return FailedIdentity(
        finding.identity,
        finding.place,
        finding.severity,
        finding.lhs or Decimal(0),
        finding.rhs or Decimal(0),
        instance.left,
        instance.right,
        causes,
        all((finding.identity, finding.place, body) in confirmed for body in bodies),
    )


def _find_gaps(connection: duckdb.DuckDBPyConnection, form: Form, place: Row) -> list[MemberGap]:
    """Return the members without figures, then the reports with a table or cells without figures."""
    gaps = [
        MemberGap(
            member["body_id"],
            member["body"],
            "substituted" if member["is_substituted"] else member["status"],
            reason={"zh": member["reason_zh"], "en": member["reason_en"]} if member["reason_zh"] else None,
            path=member["path"] or "",
        )
        for member in ask(connection, "form_members", place)
        if member["status"] != "loaded"
    ]
    positions = {address: position for position, address in enumerate(form.addresses())}
    for row in ask(connection, "form_blanks", place):
        cells = tuple(sorted(row["blank"], key=lambda address: positions[address]))
        state = "blank_cells" if row["known"] else "blank_table"
        gaps.append(MemberGap(row["body_id"], row["body"], state, row["table"], cells))
    return gaps


def _list_doubts(rows: Sequence[Row]) -> list[DoubtfulCell]:
    names = ("body_id", "body", "report_id", "form", "cell", "in_doubt", "value", "implied")
    return [DoubtfulCell(*(row[name] for name in names)) for row in rows]


def _compare(filled: FilledForm, rows: Sequence[Mapping[str, Any]]) -> tuple[ComparedCell, ...]:
    """Return the cells of the form with the figures next to them, in printed order."""
    found = {f"{row['table']}/{row['row']}/{row['column']}": row for row in rows}
    compared = []
    for address, cell in filled.cells.items():
        row = found.get(address, {})
        if row or cell.value is not None:
            figures = (row.get("compiled"), row.get("reported"), row.get("prior"))
            compared.append(ComparedCell(address, cell.value, *figures, row.get("prior_basis")))
    return tuple(compared)


def _is_total(address: str) -> bool:
    """Return whether a cell is no part of a total, and no rate."""
    table, row, column = address.split("/")
    return (table not in ("applications", "review_litigation") or column == "total") and not row.endswith(
        ("_growth", ".growth", "_share")
    )


def _weight(row: ComparedCell) -> float:
    size = max(abs(row.value or Decimal(0)), abs(row.prior or Decimal(0)))
    return float(abs(row.change or Decimal(0))) / sqrt(size) if size else 0.0
