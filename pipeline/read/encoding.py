"""Bytes to text. What a page says of its own encoding is often wrong, so it is not asked."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from pipeline.core.model import DataFault

# The longer mark first: UTF-32's begins with UTF-16's.
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# Characters that every report is full of, simplified and traditional. Bytes of the one Chinese encoding read in the
# other give rare characters instead.
_COMMON = frozenset(
    "的一在有和中年月日本政府信息公开公開申请申請数數量行处處理机关機關规規章文件情况情況办辦报報告总總计計"
    "其他项項目全市县縣区區人民国國务務院主动動依法结結果维維持复復议議诉訴讼訟收到上下第条條（）。，、：；“”0123456789"
)
SAMPLE = 200_000  # characters looked at
FLAWS = 0.002  # share of characters that may be damaged in a text that is read all the same


def decode(data: bytes) -> str:
    """Bytes to text: byte order mark, UTF-16 and UTF-32 told by their zeros, strict UTF-8, then GB 18030 or Big5,
    whichever gives the more usual characters; last, any of these with a few damaged characters. Raises DataFault for
    what is no text.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _text(_strictly(data, name))
    if b"\0" in data:
        return _text(_best(_strictly(data, name) for name in _WIDE))
    found = _strictly(data, "utf-8-sig")
    if found is None:
        found = _best(_strictly(data, name) for name in ("gb18030", "big5hkscs"))
    if found is None:
        found = _best(_nearly(data, name) for name in ("utf-8", "gb18030", "big5hkscs"))
    return _text(found)


def _text(decoded: str | None) -> str:
    if decoded is None or "\0" in decoded:
        raise DataFault("read.binary")
    return decoded


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _nearly(data: bytes, encoding: str) -> str | None:
    """The text if all but very few characters are sound; damaged ones show as `\\ufffd`, which is never a number."""
    decoded = data.decode(encoding, errors="replace")
    return decoded if decoded.count("\ufffd") <= FLAWS * len(decoded) and _usual(decoded) > 0 else None


def _best(readings: Iterable[str | None]) -> str | None:
    """The reading with the most usual characters; the first of equals."""
    return max((r for r in readings if r is not None and "\0" not in r), key=_usual, default=None)


def _usual(decoded: str) -> float:
    """The share of usual characters among all that are not plain letters, which all these encodings share."""
    sample = [c for c in decoded[:SAMPLE] if c > "\x7f" or c.isdigit()]
    return sum(c in _COMMON for c in sample) / max(len(sample), 1)
