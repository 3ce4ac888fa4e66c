"""Find the reports that break hard identities straight from the Parquet files of `cells`, for many reports at once.

No Python object is made per cell: the dictionary codes of a file's cells scatter the values into a matrix of addresses
by reports. As in `statutory`, an identity with a missing cell is unknown, and unknown is not broken. The cells are
screened as printed, before values are derived or decided.
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

CELL_COLUMNS = ("report_id", "table", "row", "column", "value")
BROKEN_SCHEMA = pa.schema([("report_id", pa.string()), ("identity", pa.string()), ("place", pa.string())])
Number = TypeVar("Number", np.int64, np.bool_)
Indexes = npt.NDArray[np.int32]


def screen_cells(files: Iterable[Path], form: Form) -> pa.Table:
    """Return the hard identities that reports break, as a table: report_id, identity, place.

    The files hold `cells` of one form, each file whole reports and each address of a report at most once. Raises
    ValueError for a cell that the form does not have: its report is on another form and cannot be screened.
    """
    with ThreadPoolExecutor(cores()) as executor:  # Arrow and numpy release the interpreter lock while they work
        rows = [row for rows in executor.map(lambda path: _screen_file(path, form), files) for row in rows]
    return pa.table(
        {name: [row[i] for row in rows] for i, name in enumerate(BROKEN_SCHEMA.names)}, schema=BROKEN_SCHEMA
    )


def _screen_file(path: Path, form: Form) -> list[tuple[str, str, str]]:
    """Return the rows of BROKEN_SCHEMA of one file. Raises ValueError as `screen_cells` does."""
    with pq.ParquetFile(path, read_dictionary=list(CELL_COLUMNS[:4])) as file:
        cells = file.read(columns=list(CELL_COLUMNS)).unify_dictionaries()
    if not cells.num_rows:
        return []
    reports, report_ids = _dictionary_codes(cells, "report_id")
    addresses = _address_indexes(cells, form)
    if (addresses < 0).any():
        raise ValueError(f"{path}: cells of another form than {form.code}")
    values, is_known = _build_matrix(cells, len(form.addresses()), addresses, reports, len(report_ids))
    return [(report_ids[report], identity, place) for report, identity, place in _find_broken(values, is_known, form)]


def _find_broken(values: Matrix, is_known: Mask, form: Form) -> Iterator[tuple[int, str, str]]:
    """Yield report index, identity and place of each broken hard identity."""
    index = {a: i for i, a in enumerate(form.addresses())}
    for instance in (x for x in form.instances if x.identity.severity == "error"):
        left, right = ([index[a] for a in side] for side in (instance.left, instance.right))
        lhs, rhs = values[left].sum(axis=0), values[right].sum(axis=0)
        is_wrong = lhs != rhs if instance.identity.relation == "=" else lhs < rhs
        if is_wrong.any():
            for report in np.flatnonzero(is_wrong & is_known[left + right].all(axis=0)):
                yield int(report), instance.identity.id, instance.place


def _dictionary_codes(cells: pa.Table, name: str) -> tuple[Indexes, list[str]]:
    """Return the dictionary codes of a column, one per cell, and the texts by code."""
    column = _single_chunk(cells, name)
    return column.indices.to_numpy(), column.dictionary.to_pylist()


def _single_chunk(cells: pa.Table, name: str) -> pa.Array:
    """Return a column as one array."""
    column = cells[name].combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _build_matrix(
    cells: pa.Table, address_count: int, addresses: Indexes, reports: Indexes, report_count: int
) -> tuple[Matrix, Mask]:
    """Return the values times 10^6 and a mask of the cells that have one; a row per address, a column per report.

    `addresses` and `reports` hold the address index and the report index of each cell.
    """
    numbers = _single_chunk(cells, "value")
    # DECIMAL(18, 6) takes 128 bits in memory; the lower half holds the whole value. The bits of a null are undefined.
    scaled = np.frombuffer(numbers.buffers()[1], np.int64)[2 * numbers.offset :: 2][: len(numbers)]
    # The cells of a report are neighbours in the file. The matrix is filled in this order and transposed afterwards.
    positions = reports.astype(np.int64) * address_count + addresses
    values, is_known = (
        np.zeros(report_count * address_count, np.int64),
        np.zeros(report_count * address_count, np.bool_),
    )
    values[positions], is_known[positions] = scaled, pc.is_valid(numbers).to_numpy(zero_copy_only=False)
    return _transpose(values, address_count), _transpose(is_known, address_count)


def _transpose(flat: npt.NDArray[Number], address_count: int) -> npt.NDArray[Number]:
    """Return a flat array of reports by addresses as a matrix of addresses by reports."""
    return np.ascontiguousarray(flat.reshape(-1, address_count).T)


def _address_indexes(cells: pa.Table, form: Form) -> Indexes:
    """Return the index of each cell's address in the form, -1 for an address that the form does not have."""
    codes, texts = zip(*(_dictionary_codes(cells, name) for name in ("table", "row", "column")), strict=True)
    index_by_codes = np.full([len(t) for t in texts], -1, np.int32)
    code_of = [{text: code for code, text in enumerate(column)} for column in texts]
    for number, address in enumerate(form.addresses()):
        parts = address.split("/")
        if all(p in codes_of_part for p, codes_of_part in zip(parts, code_of, strict=True)):
            index_by_codes[tuple(codes_of_part[p] for p, codes_of_part in zip(parts, code_of, strict=True))] = number
    (table, row, column), (_, rows, columns) = codes, index_by_codes.shape
    indexes: Indexes = index_by_codes.ravel()[(table * rows + row) * columns + column]
    return indexes
