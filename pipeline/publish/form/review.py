"""Review a filled form before it is filed: what holds it back, what a person should know, and the year before.

`ogi compile`, the files that it writes, and the desk all show this review. A compilation is held back by an identity of
severity error that fails and that nobody confirmed as printed, and by a member whose figures are missing. Doubtful and
blank cells and large changes are shown, and hold nothing back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb

from pipeline.core.form import Form, form_of
from pipeline.core.identity import Instance
from pipeline.core.model import DataFault, Finding, ProjectFault
from pipeline.edit.statutory import confront_form
from pipeline.publish.form.causes import find_causes
from pipeline.publish.form.fill import FilledForm, fill_form
from pipeline.publish.form.review_parts import (
    ComparedCell,
    CompilationReview,
    DoubtfulCell,
    FailedIdentity,
    MemberGap,
)
from pipeline.storage.choose import choose
from pipeline.storage.database import Row, ask


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
