"""Confront on the statutory forms: test every identity of a form on every report, exactly, in scaled integers.

Terms follow statistical data editing (de Waal, Pannekoek, Scholtus 2011): an edit passes, fails, or is unknown where a
cell it needs has no value; a blank is never zero.
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
from pipeline.core.text import PLACES

Matrix = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
# Reports screened at a time: as many as a processor's cache holds.
CHUNK = 2048


def confront_form(values: Sequence[Mapping[str, Decimal | None]], form: Form) -> list[list[Finding]]:
    """The findings of each report, in the order of the form's identities.

    `values` maps addresses to values, a record a report; an address that is absent or None is unknown.
    """
    columns, absent = _columns(values, form)
    known = [np.logical_not(absent[[*left, *right]].any(axis=0)) for left, right in _places(form.code)]
    sides = [(_sum(columns, left), _sum(columns, right)) for left, right in _places(form.code)]
    return [list(_findings(form.instances, known, sides, i)) for i in range(len(values))]


def screen(columns: Matrix, form: Form) -> Mask:
    """Which of many reports break a hard identity. `columns` holds a line for each of the form's addresses, a column
    for each report, scaled by 10^6, without missing values.
    """
    hard = [
        (left, right, x.identity.relation)
        for x, (left, right) in zip(form.instances, _places(form.code), strict=True)
        if x.identity.severity == "error"
    ]
    broken = np.zeros(columns.shape[1], np.bool_)
    for start in range(0, columns.shape[1], CHUNK):
        chunk = columns[:, start : start + CHUNK]
        for left, right, relation in hard:
            a, b = _sum(chunk, left), _sum(chunk, right)
            broken[start : start + CHUNK] |= a != b if relation == "=" else a < b
    return broken


@cache
def _places(code: str) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """For each instance of the form the numbers of the addresses on its left and right side."""
    form = forms()[code]
    place = {address: i for i, address in enumerate(form.addresses())}
    return tuple((tuple(place[a] for a in x.left), tuple(place[a] for a in x.right)) for x in form.instances)


def _columns(values: Sequence[Mapping[str, Decimal | None]], form: Form) -> tuple[Matrix, Mask]:
    """The scaled values, a line for each address and a column for each report, and where there is none."""
    place = {address: i for i, address in enumerate(form.addresses())}
    columns = np.zeros((len(place), len(values)), np.int64)
    absent = np.ones(columns.shape, np.bool_)
    for i, record in enumerate(values):
        for address, value in record.items():
            if value is not None and address in place:
                columns[place[address], i], absent[place[address], i] = int(value.scaleb(PLACES)), False
    return columns, absent


def _sum(columns: Matrix, places: Sequence[int]) -> Matrix:
    total: Matrix = columns[places[0]].copy()
    for place in places[1:]:
        total += columns[place]
    return total


def _findings(
    instances: Sequence[Instance], known: Sequence[Mask], sides: Sequence[tuple[Matrix, Matrix]], i: int
) -> Iterator[Finding]:
    for instance, sure, (left, right) in zip(instances, known, sides, strict=True):
        identity, cells = instance.identity, instance.left + instance.right
        if not sure[i]:
            yield Finding(identity.id, instance.at, "unknown", identity.severity, cells=cells)
            continue
        a, b = int(left[i]), int(right[i])
        holds = a == b if identity.relation == "=" else a >= b
        status: Status = "pass" if holds else "fail"
        lhs, rhs = Decimal(a).scaleb(-PLACES), Decimal(b).scaleb(-PLACES)
        yield Finding(identity.id, instance.at, status, identity.severity, lhs, rhs, cells)
