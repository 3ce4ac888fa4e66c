"""Made cells: multiples of a real, consistent table of applications, here and there a wrong or a blank cell."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from columns import Numbers, chosen, decimals, repeated, tiled, write

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from pipeline.core.form import forms

FORM = "2021"
WRONG, LACKING = 0.01, 0.02  # of the reports: a cell that is wrong, a cell that is blank
LARGEST = 50


@cache
def line() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The addresses of the printed tables in the order of the key, and a consistent report's values there."""
    from support.slips import tables

    form = forms()[FORM]
    truth = next(t for t in tables() if t.form == FORM).truth
    addresses = tuple(sorted(form.addresses(form.printed_tables), key=lambda a: a.split("/")))
    return addresses, tuple(int(truth.get(a, 0)) for a in addresses)


def write_cells(folder: Path, stem: str, reports: list[str], random: np.random.Generator) -> None:
    """The cells of the reports, which come in order."""
    addresses, values = line()
    found = np.outer(random.integers(1, LARGEST, len(reports)), np.array(values, np.int64))
    present = np.ones(found.shape, np.bool_)
    for share, change in ((WRONG, "wrong"), (LACKING, "blank")):
        here = np.flatnonzero(random.random(len(reports)) < share)
        where = random.integers(0, len(addresses), len(here))
        if change == "wrong":
            found[here, where] += 1
        else:
            present[here, where] = False
    write(folder, "cells", stem, _columns(reports, addresses, found.ravel(), present.ravel()))


def _columns(
    reports: list[str], addresses: tuple[str, ...], found: Numbers, present: npt.NDArray[np.bool_]
) -> dict[str, pa.Array]:
    n, m = len(reports), len(addresses)
    unique, codes = np.unique(np.where(present, found, -1), return_inverse=True)
    words = ["" if u < 0 else str(u) for u in unique]
    kinds = np.where(present, np.where(found == 0, 1, 0), 2).astype(np.int32)
    place = np.arange(m, dtype=np.int32)
    parts = [a.split("/") for a in addresses]
    return {
        "report_id": repeated(reports, m),
        "table": tiled([p[0] for p in parts], n), "row": tiled([p[1] for p in parts], n),
        "column": tiled([p[2] for p in parts], n), "raw": chosen(codes.astype(np.int32), words),
        "value": decimals(found, present), "kind": chosen(kinds, ["number", "zero", "blank"]),
        "unit": tiled(["件"] * m, n), "page": pa.array(np.tile(1 + place // 100, n)),
        "grid": pa.array(np.tile(place // 100, n)), "grid_row": pa.array(np.tile(place // 10, n)),
        "grid_column": pa.array(np.tile(place % 10, n)), "confidence": pa.array(np.ones(n * m)),
        "provenance": tiled(["simulated"] * m, n),
    }  # fmt: skip
