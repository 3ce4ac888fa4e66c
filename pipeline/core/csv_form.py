"""The form of a CSV file: encoding, byte order mark, delimiter and line ends, so that it can be written back."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.model import FilePlace, ProjectFault

# The encodings of Excel and WPS: "CSV UTF-8", "Unicode text", and "CSV" on a Chinese Windows.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"", "utf-8"),
    (b"", "gb18030"),
)
# A text in GB 18030 has hardly a character that is also valid UTF-8. Below this share of invalid ones, the file is
# UTF-8 and damaged; read as GB 18030, it would be wrong characters.
_MAX_INVALID_SHARE = 0.2


@dataclass(frozen=True)
class FileForm:
    """How a file is written. The default is the form of new files: Excel reads UTF-8 only with a byte order mark."""

    encoding: str = "utf-8"
    mark: bytes = codecs.BOM_UTF8
    delimiter: str = ","
    line_end: str = "\n"

    def with_delimiter(self, delimiter: str) -> FileForm:
        """Return the form with another delimiter."""
        return replace(self, delimiter=delimiter)

    def encode(self, text: str) -> bytes:
        """Return the bytes of a text whose lines end with a line feed."""
        return self.mark + text.replace("\n", self.line_end).encode(self.encoding)


def decode(path: Path, content: bytes) -> tuple[str, FileForm]:
    """Return the text of a file, with line feeds as line ends, and its form.

    Raises ProjectFault, with the line, for content that is not text in one of the encodings.
    """
    for mark, encoding in _candidates(content):
        try:
            text = content[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
        line_end = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
        return text.replace("\r\n", "\n").replace("\r", "\n"), FileForm(encoding, mark, line_end=line_end)
    raise ProjectFault("project.encoding", place=FilePlace(str(path), _first_invalid_line(content)))


def _candidates(content: bytes) -> list[tuple[bytes, str]]:
    """Return the possible byte order marks and encodings. A mark or a damaged UTF-8 text leaves no choice."""
    if marked := [(mark, encoding) for mark, encoding in _MARKS if mark and content.startswith(mark)]:
        return marked
    if b"\0" in content[:2]:  # UTF-16 without a mark: the names of the columns are ASCII
        return [(b"", "utf-16-be" if content.startswith(b"\0") else "utf-16-le")]
    return [candidate for candidate in _MARKS if not candidate[0]][: 1 if _is_damaged_utf_8(content) else None]


def _is_damaged_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="replace")
        others = sum(not character.isascii() for character in text)
        return text.count("\ufffd") < others * _MAX_INVALID_SHARE
    return False


def _first_invalid_line(content: bytes) -> int:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    return 1
