"""Screening at scale: which reports break which hard identity, straight from the files of `cells`, without a Python
object a cell.

The cells of a part are scattered by their dictionary codes into a matrix of addresses by reports. As in `statutory`, an
identity is unknown where a cell is missing, and unknown is not broken; what is screened is what is printed, before
anything is derived or decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.core.form import Form
from pipeline.edit.statutory import Mask, Matrix
from pipeline.runtime.machine import cores

COLUMNS = ("report_id", "table", "row", "column", "value")
BROKEN = pa.schema([("report_id", pa.string()), ("identity", pa.string()), ("place", pa.string())])
Number = TypeVar("Number", np.int64, np.bool_)
Codes = npt.NDArray[np.int32]


def screen_cells(files: Iterable[Path], form: Form) -> pa.Table:
    """The hard identities that reports break, with the cell at which they do, over files of `cells` of one form. A file
    holds whole reports, each address at most once. Raises ValueError for a cell that the form does not have: its report
    is on another form, and nothing could be said of it.
    """
    with ThreadPoolExecutor(cores()) as executor:  # Arrow and numpy let go of the interpreter while they work
        found = [row for rows in executor.map(lambda path: _broken(path, form), files) for row in rows]
    return pa.table({name: [row[i] for row in found] for i, name in enumerate(BROKEN.names)}, schema=BROKEN)


def _broken(path: Path, form: Form) -> list[tuple[str, str, str]]:
    with pq.ParquetFile(path, read_dictionary=list(COLUMNS[:4])) as file:
        cells = file.read(columns=list(COLUMNS)).unify_dictionaries()
    if not cells.num_rows:
        return []
    reports, words = _codes(cells, "report_id")
    places = _places(cells, form)
    if (places < 0).any():
        raise ValueError(f"{path}: cells of another form than {form.code}")
    values, known = _matrix(cells, len(form.addresses()), places, reports, len(words))
    return [(words[report], identity, at) for report, identity, at in _screened(values, known, form)]


def _screened(values: Matrix, known: Mask, form: Form) -> Iterator[tuple[int, str, str]]:
    """Number of the report, identity and cell of what is broken."""
    place = {a: i for i, a in enumerate(form.addresses())}
    for instance in (x for x in form.instances if x.identity.severity == "error"):
        left, right = ([place[a] for a in side] for side in (instance.left, instance.right))
        a, b = values[left].sum(axis=0), values[right].sum(axis=0)
        wrong = a != b if instance.identity.relation == "=" else a < b
        if wrong.any():
            for report in np.flatnonzero(wrong & known[left + right].all(axis=0)):
                yield int(report), instance.identity.id, instance.at


def _codes(cells: pa.Table, name: str) -> tuple[Codes, list[str]]:
    """The codes of a column, and the words that they stand for."""
    column = _whole(cells, name)
    return column.indices.to_numpy(), column.dictionary.to_pylist()


def _whole(cells: pa.Table, name: str) -> pa.Array:
    column = cells[name].combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _matrix(cells: pa.Table, addresses: int, places: Codes, reports: Codes, count: int) -> tuple[Matrix, Mask]:
    """The values scaled by 10^6, a line for each address of the form and a column for each report, and where one is."""
    numbers = _whole(cells, "value")
    # DECIMAL(18, 6) lies in memory as 128 bits, of which the lower half says all; of a null it says nothing.
    scaled = np.frombuffer(numbers.buffers()[1], np.int64)[2 * numbers.offset :: 2][: len(numbers)]
    # The cells of a report lie together: so they do in the matrix, until it is turned.
    at = reports.astype(np.int64) * addresses + places
    values, known = np.zeros(count * addresses, np.int64), np.zeros(count * addresses, np.bool_)
    values[at], known[at] = scaled, pc.is_valid(numbers).to_numpy(zero_copy_only=False)
    return _turned(values, addresses), _turned(known, addresses)


def _turned(found: npt.NDArray[Number], addresses: int) -> npt.NDArray[Number]:
    return np.ascontiguousarray(found.reshape(-1, addresses).T)


def _places(cells: pa.Table, form: Form) -> Codes:
    """For each cell the number of its address in the form, -1 where it has none."""
    codes, words = zip(*(_codes(cells, name) for name in ("table", "row", "column")), strict=True)
    places = np.full([len(w) for w in words], -1, np.int32)
    at = [{w: i for i, w in enumerate(found)} for found in words]
    for number, address in enumerate(form.addresses()):
        parts = address.split("/")
        if all(p in known for p, known in zip(parts, at, strict=True)):
            places[tuple(known[p] for p, known in zip(parts, at, strict=True))] = number
    (table, row, column), (_, rows, columns) = codes, places.shape
    found: Codes = places.ravel()[(table * rows + row) * columns + column]
    return found
