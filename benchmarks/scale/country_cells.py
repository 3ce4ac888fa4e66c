"""Simulate cells: multiples of a real, consistent report, with a wrong or a blank cell in some of the reports."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from arrow_columns import Integers, Mask, decimal_column, repeat_all, repeat_each, take

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from pipeline.core.form import forms

FORM = "2021"
WRONG_SHARE, BLANK_SHARE = 0.01, 0.02  # of the reports: one wrong cell, one blank cell
MAX_FACTOR = 50  # exclusive
KINDS = ("number", "zero", "blank")


@cache
def consistent_report() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the addresses of the form's cells, in the order of the key of `cells`, and the values of a real report.

    Cells outside the table of applications are 0.
    """
    from support.slips import tables

    form = forms()[FORM]
    truth = next(t for t in tables() if t.form == FORM).truth
    addresses = tuple(sorted(form.addresses(form.printed_tables), key=lambda address: address.split("/")))
    return addresses, tuple(int(truth.get(address, 0)) for address in addresses)


def simulate_cells(report_ids: Sequence[str], random: np.random.Generator) -> pa.Table:
    """Return the cells of the reports, sorted by key if the ids are."""
    addresses, report = consistent_report()
    values = np.outer(random.integers(1, MAX_FACTOR, len(report_ids)), np.array(report, np.int64))
    is_known = np.ones(values.shape, np.bool_)
    rows, columns = _draw_cells(values.shape, WRONG_SHARE, random)
    values[rows, columns] += 1
    rows, columns = _draw_cells(values.shape, BLANK_SHARE, random)
    is_known[rows, columns] = False
    return _cell_table(report_ids, addresses, values.ravel(), is_known.ravel())


def _draw_cells(shape: tuple[int, ...], share: float, random: np.random.Generator) -> tuple[Integers, Integers]:
    """Draw this share of the reports and one cell of each; return their row and column indexes in the matrix."""
    reports, cells = shape
    rows = np.flatnonzero(random.random(reports) < share)
    return rows, random.integers(0, cells, len(rows))


def _cell_table(report_ids: Sequence[str], addresses: Sequence[str], values: Integers, is_known: Mask) -> pa.Table:
    """Return the rows of `cells`; `values` and `is_known` have the cells of one report after those of another."""
    reports, cells = len(report_ids), len(addresses)
    unique_values, value_codes = np.unique(np.where(is_known, values, -1), return_inverse=True)
    raw_texts = ["" if value < 0 else str(value) for value in unique_values]
    kinds = np.where(is_known, np.where(values == 0, 1, 0), 2).astype(np.int32)
    position = np.arange(cells, dtype=np.int32)
    tables, rows, columns = zip(*(address.split("/") for address in addresses), strict=True)
    return pa.table({
        "report_id": repeat_each(report_ids, cells),
        "table": repeat_all(tables, reports), "row": repeat_all(rows, reports), "column": repeat_all(columns, reports),
        "raw": take(value_codes.astype(np.int32), raw_texts), "value": decimal_column(values, is_known),
        "kind": take(kinds, KINDS), "unit": repeat_all(["件"] * cells, reports),
        "page": pa.array(np.tile(1 + position // 100, reports)), "grid": pa.array(np.tile(position // 100, reports)),
        "grid_row": pa.array(np.tile(position // 10, reports)),
        "grid_column": pa.array(np.tile(position % 10, reports)), "confidence": pa.array(np.ones(reports * cells)),
        "provenance": repeat_all(["simulated"] * cells, reports),
    })  # fmt: skip
