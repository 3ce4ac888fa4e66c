"""Screening at scale: which reports break which hard identity, straight from the files of `cells`, without a Python
object a cell.

The cells of a part are scattered by their dictionary codes into a matrix of addresses by reports. As in `statutory`, an
identity is unknown where a cell is missing, and unknown is not broken; what is screened is what is printed, before
anything is derived or decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.edit.statutory import Mask, Matrix
from pipeline.form import Form

COLUMNS = ("report_id", "table", "row", "column", "value")
BROKEN = pa.schema([("report_id", pa.string()), ("identity", pa.string()), ("place", pa.string())])
Codes = npt.NDArray[np.int64]


def screen_cells(files: Iterable[Path], form: Form) -> pa.Table:
    """The hard identities that reports break, with the cell at which they do, over files of `cells` of one form. A file
    holds whole reports, each address at most once. Raises ValueError for a cell that the form does not have: its report
    is on another form, and nothing could be said of it.
    """
    found = [row for path in files for row in _broken(path, form)]
    return pa.table({name: [row[i] for row in found] for i, name in enumerate(BROKEN.names)}, schema=BROKEN)


def _broken(path: Path, form: Form) -> Iterator[tuple[str, str, str]]:
    cells = pq.read_table(path, columns=list(COLUMNS), read_dictionary=list(COLUMNS[:4])).unify_dictionaries()
    if not cells.num_rows:
        return
    reports, words = _codes(cells, "report_id")
    places = _places(cells, form)
    if (places < 0).any():
        raise ValueError(f"{path}: cells of another form than {form.code}")
    values, known = _matrix(cells, form, places, reports, len(words))
    place = {a: i for i, a in enumerate(form.addresses())}
    for instance in (x for x in form.instances if x.identity.severity == "error"):
        left, right = ([place[a] for a in side] for side in (instance.left, instance.right))
        a, b = values[left].sum(axis=0), values[right].sum(axis=0)
        wrong = a != b if instance.identity.relation == "=" else a < b
        for report in np.flatnonzero(wrong & known[left + right].all(axis=0)):
            yield words[report], instance.identity.id, instance.at


def _codes(cells: pa.Table, name: str) -> tuple[Codes, list[str]]:
    """The codes of a column, and the words that they stand for."""
    column = cells[name].combine_chunks()
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    return column.indices.to_numpy().astype(np.int64), column.dictionary.to_pylist()


def _matrix(cells: pa.Table, form: Form, places: Codes, reports: Codes, count: int) -> tuple[Matrix, Mask]:
    """The values scaled by 10^6, a line for each address of the form and a column for each report, and where one is."""
    numbers = cells["value"].combine_chunks()
    numbers = numbers.chunk(0) if isinstance(numbers, pa.ChunkedArray) else numbers
    present = pc.is_valid(numbers).to_numpy(zero_copy_only=False)
    # DECIMAL(18, 6) lies in memory as 128 bits, of which the lower half says all.
    scaled = np.frombuffer(numbers.buffers()[1], np.int64)[2 * numbers.offset :: 2][: len(numbers)]
    values = np.zeros((len(form.addresses()), count), np.int64)
    known = np.zeros(values.shape, np.bool_)
    at = places[present], reports[present]
    values[at], known[at] = scaled[present], True
    return values, known


def _places(cells: pa.Table, form: Form) -> Codes:
    """For each cell the number of its address in the form, -1 where it has none."""
    codes, words = zip(*(_codes(cells, name) for name in ("table", "row", "column")), strict=True)
    places = np.full([len(w) for w in words], -1, np.int64)
    at = [{w: i for i, w in enumerate(found)} for found in words]
    for number, address in enumerate(form.addresses()):
        parts = address.split("/")
        if all(p in known for p, known in zip(parts, at, strict=True)):
            places[tuple(known[p] for p, known in zip(parts, at, strict=True))] = number
    found: Codes = places[codes]
    return found
