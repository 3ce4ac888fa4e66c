"""Decode bytes to text. The encoding that a page declares is ignored, because it is often wrong."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from pipeline.core.model import DataFault

# The longer mark first: UTF-32's begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_ENCODINGS = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# Characters that are frequent in every report, simplified and traditional. Bytes of one Chinese encoding decoded in
# another give rare characters instead.
_COMMON = frozenset(
    "的一在有和中年月日本政府信息公开公開申请申請数數量行处處理机关機關规規章文件情况情況办辦报報告总總计計"
    "其他项項目全市县縣区區人民国國务務院主动動依法结結果维維持复復议議诉訴讼訟收到上下第条條（）。，、：；“”0123456789"
)
SAMPLE_CHARS = 200_000  # characters in which common ones are counted
MAX_DAMAGED_SHARE = 0.002  # share of damaged characters up to which a text is still read


def decode(data: bytes) -> str:
    """Return the text of a file's bytes.

    Tried in order: a byte order mark; UTF-16 and UTF-32, if there are zero bytes; strict UTF-8; GB 18030 or Big5,
    whichever gives more common characters; any of these with a few damaged characters. Raises DataFault for binary
    content.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _require_text(_decode_strictly(data, encoding))
    if b"\0" in data:
        return _require_text(_pick_best(_decode_strictly(data, encoding) for encoding in _WIDE_ENCODINGS))
    decoded_text = _decode_strictly(data, "utf-8-sig")
    if decoded_text is None:
        decoded_text = _pick_best(_decode_strictly(data, encoding) for encoding in ("gb18030", "big5hkscs"))
    if decoded_text is None:
        decoded_text = _pick_best(_decode_damaged(data, encoding) for encoding in ("utf-8", "gb18030", "big5hkscs"))
    return _require_text(decoded_text)


def _require_text(decoded_text: str | None) -> str:
    """Return the text. Raises DataFault if decoding failed (None) or left null characters."""
    if decoded_text is None or "\0" in decoded_text:
        raise DataFault("read.binary")
    return decoded_text


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    """Return the text, None if a single byte is invalid in the encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_damaged(data: bytes, encoding: str) -> str | None:
    """Return the text if very few characters are damaged, else None; a damaged one becomes `\\ufffd`, never a digit."""
    decoded_text = data.decode(encoding, errors="replace")
    is_sound = (
        decoded_text.count("\ufffd") <= MAX_DAMAGED_SHARE * len(decoded_text)
        and _measure_common_share(decoded_text) > 0
    )
    return decoded_text if is_sound else None


def _pick_best(candidates: Iterable[str | None]) -> str | None:
    """Return the candidate with the largest share of common characters, the first of equals; None without any."""
    texts = (text for text in candidates if text is not None and "\0" not in text)
    return max(texts, key=_measure_common_share, default=None)


def _measure_common_share(decoded_text: str) -> float:
    """Return the share (0-1) of common characters among digits and non-ASCII characters.

    Other ASCII is left out, because all these encodings share it.
    """
    sample = [c for c in decoded_text[:SAMPLE_CHARS] if c > "\x7f" or c.isdigit()]
    return sum(c in _COMMON for c in sample) / max(len(sample), 1)
