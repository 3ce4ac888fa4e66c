"""Content that a reader cannot read at its place: collect it by kind, and name it in findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.core.model import Finding, Grid, Paragraph
from pipeline.core.text import is_number

MIN_TABLE_NUMBERS = 10  # in the cells of a data table; a table that arranges a page, or lists links, has fewer
MAX_NAMES, MAX_NAME_CHARS = 3, 80  # in one finding


@dataclass
class LeftOut:
    """The names of what a reader left out or read with less certainty, by kind, each in reading order."""

    addresses: list[str] = field(default_factory=list)  # of pages that only the network or another file has
    scripts: list[str] = field(default_factory=list)  # with data that is not read
    read_scripts: list[str] = field(default_factory=list)  # with a table that is read
    pictures: list[str] = field(default_factory=list)  # that may show a table
    read_pictures: list[str] = field(default_factory=list)  # whose table is read by OCR
    parts: list[str] = field(default_factory=list)  # embedded files in a format that is not read

    def list_findings(self) -> tuple[Finding, ...]:
        """Return one finding per kind. `extract.left_out` drops those that matter only if cells are missing."""
        return tuple(self._iterate_findings())

    def _iterate_findings(self) -> Iterator[Finding]:
        if self.parts:
            yield Finding("extract.part", "document", "fail", "warning", note=join_names(self.parts))
        if self.read_pictures:
            yield Finding("extract.picture_read", "document", "fail", "warning", note=join_names(self.read_pictures))
        if self.read_scripts:
            yield Finding("extract.script_read", "document", "fail", "warning", note=join_names(self.read_scripts))
        if self.addresses:
            yield Finding("extract.elsewhere", "document", "fail", "warning", note=join_names(self.addresses))
        if self.scripts:
            yield Finding("extract.script", "document", "fail", "warning", note=join_names(self.scripts))
        if self.pictures:
            yield Finding("extract.picture", "document", "fail", "warning", note=join_names(self.pictures))


def join_names(names: Iterable[str]) -> str:
    """Return the first names, each cut to a readable length, and the number of the others (`+2`)."""
    unique_names = list(dict.fromkeys(" ".join(name.split()) for name in names))
    shown = [n if len(n) <= MAX_NAME_CHARS else f"{n[:MAX_NAME_CHARS]}…" for n in unique_names[:MAX_NAMES]]
    rest = len(unique_names) - len(shown)
    return " | ".join([*shown, *([f"+{rest}"] if rest else [])])


def has_data_table(blocks: Iterable[Paragraph | Grid]) -> bool:
    """Return whether one of the tables holds data: at least `MIN_TABLE_NUMBERS` of its cells are numbers."""
    return any(_is_data(block) for block in blocks if isinstance(block, Grid))


def _is_data(grid: Grid) -> bool:
    count = 0
    for cell in grid.cells:
        count += is_number(cell.text)
        if count >= MIN_TABLE_NUMBERS:
            return True
    return False
