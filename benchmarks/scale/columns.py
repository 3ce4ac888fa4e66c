"""Arrow columns of made numbers, without a Python object a value."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.storage.schema import WRITING, schema

Numbers = npt.NDArray[np.int64]


def decimals(values: Numbers, present: npt.NDArray[np.bool_]) -> pa.Array:
    """Whole numbers as DECIMAL(18, 6)."""
    wide = np.zeros((len(values), 2), np.int64)
    wide[:, 0] = values * 10**6  # never negative
    bits = np.packbits(present, bitorder="little")
    return pa.Array.from_buffers(pa.decimal128(18, 6), len(values), [pa.py_buffer(bits), pa.py_buffer(wide)])


def repeated(words: Sequence[str | None], times: int) -> pa.Array:
    """Each word so many times; None is null."""
    unique = list(dict.fromkeys(w for w in words if w is not None))
    codes = np.repeat(_places(words, unique), times)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(unique, pa.string()))


def tiled(words: Sequence[str], times: int) -> pa.Array:
    """All words, so many times."""
    unique = list(dict.fromkeys(words))
    return _coded(np.tile(_places(words, unique), times), unique)


def products(words: Sequence[str | None], endings: Sequence[str]) -> pa.Array:
    """Each word with each ending; null where the word is None."""
    unique = list(dict.fromkeys(w for w in words if w is not None))
    first = _places(words, unique)[:, None]
    codes = (first * len(endings) + np.arange(len(endings), dtype=np.int32)).ravel()
    joined = [f"{word}{ending}" for word in unique for ending in endings]
    absent = np.repeat(first < 0, len(endings))
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=absent), pa.array(joined, pa.string()))


def _places(words: Sequence[str | None], unique: Sequence[str]) -> npt.NDArray[np.int32]:
    """The place of each word among the unique; -1 for None."""
    place = {w: i for i, w in enumerate(unique)}
    return np.array([-1 if w is None else place[w] for w in words], np.int32)


def chosen(codes: npt.NDArray[np.int32], words: Sequence[str]) -> pa.Array:
    """The word of each code."""
    return _coded(codes, words)


def _coded(codes: npt.NDArray[np.int32], words: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()))


def write(folder: Path, table: str, stem: str, columns: dict[str, pa.Array]) -> None:
    """A file as `pipeline.storage.load.write` names it; the rows come in the order of the key already."""
    path = folder / table / f"{stem}-simulated000.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [f.name for f in schema(table)]
    pq.write_table(pa.table({n: columns[n] for n in names}), path, **WRITING)
