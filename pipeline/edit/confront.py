"""Confront: test every statutory identity of a form on every report, exactly, in scaled integers.

Terms follow statistical data editing (de Waal, Pannekoek, Scholtus 2011): an edit passes, fails, or is unknown where a
cell it needs has no value; a blank is never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from pipeline.form import Form
from pipeline.identity import Instance
from pipeline.model import Finding, Status
from pipeline.text import PLACES

Matrix = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def confront(values: Sequence[Mapping[str, Decimal | None]], form: Form) -> list[list[Finding]]:
    """The findings of each report, in the order of the form's identities.

    `values` maps addresses to values, a record a report; an address that is absent or None is unknown.
    """
    known, left, right = _sides(values, form)
    return [list(_findings(form.instances, known[i], left[i], right[i])) for i in range(len(values))]


def _sides(values: Sequence[Mapping[str, Decimal | None]], form: Form) -> tuple[Mask, Matrix, Matrix]:
    """For each report and instance: are all its cells known, and the sums of both sides, scaled."""
    place = {address: i for i, address in enumerate(form.addresses())}
    matrix = np.zeros((len(values), len(place)), np.int64)
    absent = np.ones((len(values), len(place)), np.int64)
    for i, record in enumerate(values):
        for address, value in record.items():
            if value is not None and address in place:
                matrix[i, place[address]], absent[i, place[address]] = int(value.scaleb(PLACES)), 0
    left, right = (_weights([getattr(x, side) for x in form.instances], place) for side in ("left", "right"))
    return (absent @ (left + right)) == 0, matrix @ left, matrix @ right


def _weights(sides: Sequence[Sequence[str]], place: Mapping[str, int]) -> Matrix:
    weights = np.zeros((len(place), len(sides)), np.int64)
    for i, side in enumerate(sides):
        weights[[place[address] for address in side], i] = 1
    return weights


def _findings(instances: Sequence[Instance], known: Mask, left: Matrix, right: Matrix) -> Iterator[Finding]:
    for i, instance in enumerate(instances):
        identity, cells = instance.identity, instance.left + instance.right
        if not known[i]:
            yield Finding(identity.id, instance.at, "unknown", identity.severity, cells=cells)
            continue
        a, b = int(left[i]), int(right[i])
        holds = a == b if identity.relation == "=" else a >= b
        status: Status = "pass" if holds else "fail"
        lhs, rhs = Decimal(a).scaleb(-PLACES), Decimal(b).scaleb(-PLACES)
        yield Finding(identity.id, instance.at, status, identity.severity, lhs, rhs, cells)
