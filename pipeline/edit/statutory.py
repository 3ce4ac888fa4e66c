"""Confront reports with the identities of their statutory form, exactly, in scaled integers.

Terms follow statistical data editing (de Waal, Pannekoek, Scholtus 2011): an edit passes, fails, or is unknown where a
cell that it names has no value. A blank is never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.core.form import Form, forms
from pipeline.core.identity import Instance
from pipeline.core.model import Finding, Status
from pipeline.core.text import DECIMAL_PLACES

# One row per address of the form, one column per report: values times 10^6, and flags.
Matrix = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
# As many reports are screened at a time as the processor's cache holds.
CHUNK_REPORTS = 2048


def confront_form(values: Sequence[Mapping[str, Decimal | None]], form: Form) -> list[list[Finding]]:
    """Return the findings of each report, in the order of the form's identities.

    `values` holds one record per report: values by address. An address that is absent or None is unknown.
    """
    matrix, is_missing = _to_matrix(values, form)
    is_known = [np.logical_not(is_missing[[*left, *right]].any(axis=0)) for left, right in _sides(form.code)]
    sums = [(_sum_rows(matrix, left), _sum_rows(matrix, right)) for left, right in _sides(form.code)]
    return [list(_make_findings(form.instances, is_known, sums, i)) for i in range(len(values))]


def screen_matrix(matrix: Matrix, form: Form) -> Mask:
    """Return for each report whether it breaks a hard identity. The matrix must have no missing values."""
    hard = [
        (left, right, x.identity.relation)
        for x, (left, right) in zip(form.instances, _sides(form.code), strict=True)
        if x.identity.severity == "error"
    ]
    is_broken = np.zeros(matrix.shape[1], np.bool_)
    for start in range(0, matrix.shape[1], CHUNK_REPORTS):
        chunk = matrix[:, start : start + CHUNK_REPORTS]
        for left, right, relation in hard:
            lhs, rhs = _sum_rows(chunk, left), _sum_rows(chunk, right)
            is_broken[start : start + CHUNK_REPORTS] |= lhs != rhs if relation == "=" else lhs < rhs
    return is_broken


@cache
def _sides(form_code: str) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Return, for each instance of the form, the matrix rows of the addresses on its left and right side."""
    form = forms()[form_code]
    row_of = {address: i for i, address in enumerate(form.addresses())}
    return tuple((tuple(row_of[a] for a in x.left), tuple(row_of[a] for a in x.right)) for x in form.instances)


def _to_matrix(values: Sequence[Mapping[str, Decimal | None]], form: Form) -> tuple[Matrix, Mask]:
    """Return the matrix of the values, and a mask of the missing ones."""
    row_of = {address: i for i, address in enumerate(form.addresses())}
    matrix = np.zeros((len(row_of), len(values)), np.int64)
    is_missing = np.ones(matrix.shape, np.bool_)
    for i, record in enumerate(values):
        for address, value in record.items():
            if value is not None and address in row_of:
                matrix[row_of[address], i], is_missing[row_of[address], i] = int(value.scaleb(DECIMAL_PLACES)), False
    return matrix, is_missing


def _sum_rows(matrix: Matrix, rows: Sequence[int]) -> Matrix:
    """Return the sum of some rows, one number per report."""
    total: Matrix = matrix[rows[0]].copy()
    for row in rows[1:]:
        total += matrix[row]
    return total


def _make_findings(
    instances: Sequence[Instance], is_known: Sequence[Mask], sums: Sequence[tuple[Matrix, Matrix]], report: int
) -> Iterator[Finding]:
    """Yield the findings of one report, given by its matrix column."""
    for instance, mask, (left, right) in zip(instances, is_known, sums, strict=True):
        identity, cells = instance.identity, instance.left + instance.right
        if not mask[report]:
            yield Finding(identity.id, instance.place, "unknown", identity.severity, cells=cells)
            continue
        a, b = int(left[report]), int(right[report])
        holds = a == b if identity.relation == "=" else a >= b
        status: Status = "pass" if holds else "fail"
        lhs, rhs = Decimal(a).scaleb(-DECIMAL_PLACES), Decimal(b).scaleb(-DECIMAL_PLACES)
        yield Finding(identity.id, instance.place, status, identity.severity, lhs, rhs, cells)
