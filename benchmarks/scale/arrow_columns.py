"""Build Arrow columns of simulated rows without making a Python object per value. Texts are dictionary-encoded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


def decimal_column(values: Integers, is_known: Mask) -> pa.Array:
    """Return integers of at least 0 as DECIMAL(18, 6); null where `is_known` is false."""
    words = np.zeros((len(values), 2), np.int64)  # low and high half of each 128-bit decimal
    words[:, 0] = values * 10**6
    validity = np.packbits(is_known, bitorder="little")
    return pa.Array.from_buffers(pa.decimal128(18, 6), len(values), [pa.py_buffer(validity), pa.py_buffer(words)])


def repeat_each(texts: Sequence[str | None], times: int) -> pa.Array:
    """Return each text this many times before the next one; None is null."""
    unique = _unique(texts)
    codes = np.repeat(_codes(texts, unique), times)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(unique, pa.string()))


def repeat_all(texts: Sequence[str], times: int) -> pa.Array:
    """Return the whole sequence of texts this many times."""
    unique = _unique(texts)
    return take(np.tile(_codes(texts, unique), times), unique)


def append_endings(texts: Sequence[str | None], endings: Sequence[str]) -> pa.Array:
    """Return each text with each ending; null for a text that is None."""
    unique = _unique(texts)
    first = _codes(texts, unique)[:, None]
    codes = (first * len(endings) + np.arange(len(endings), dtype=np.int32)).ravel()
    combined = [f"{text}{ending}" for text in unique for ending in endings]
    is_null = np.repeat(first < 0, len(endings))
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=is_null), pa.array(combined, pa.string()))


def take(codes: Codes, texts: Sequence[str]) -> pa.Array:
    """Return the text with the index of each code."""
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(texts, pa.string()))


def _unique(texts: Sequence[str | None]) -> list[str]:
    """Return the different texts in order, without None."""
    return list(dict.fromkeys(text for text in texts if text is not None))


def _codes(texts: Sequence[str | None], unique: Sequence[str]) -> Codes:
    """Return the index of each text in `unique`; -1 for None."""
    index = {text: i for i, text in enumerate(unique)}
    return np.array([-1 if text is None else index[text] for text in texts], np.int32)
