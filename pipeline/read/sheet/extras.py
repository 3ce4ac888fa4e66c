"""Hold the properties of a sheet that calamine does not give: its extent, uncalculated formulas, errors and merges.

They are read first. Calamine fills a sheet's whole rectangle, so one cell in the last corner would fill the memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.core.model import DataFault, Mark
from pipeline.read.sheet.cell_styles import CellStyle

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_PLACES = 1_000_000  # of all sheets, blank ones too

Place = tuple[int, int]  # 0-based row and column


@dataclass
class SheetExtras:
    """The properties of one sheet that calamine does not give.

    `texts` replace the texts of calamine at their places, and `marks` are their formatting. `formulas` are shown as
    their values. `styled` holds the style of a cell and its stored number, None for a text. `merges` are (first
    place, last place). `hidden_rows` and `hidden_columns` are 0-based. `is_hidden` is true for a sheet that the
    workbook hides. `height` and `width` count rows and columns up to the last place with content.
    """

    texts: dict[Place, str] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    marks: dict[Place, tuple[Mark, ...]] = field(default_factory=dict)
    styled: dict[Place, tuple[CellStyle, str | None]] = field(default_factory=dict)
    merges: list[tuple[Place, Place]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False
    height: int = 0
    width: int = 0

    def extend_to(self, row: int, column: int) -> None:
        """Extend the rectangle to a place with content. Raises DataFault for a place that no report uses."""
        if row >= MAX_ROWS:
            raise DataFault("read.too_many_rows", limit=MAX_ROWS)
        if column >= MAX_COLUMNS:
            raise DataFault("read.too_many_columns", limit=MAX_COLUMNS)
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)


def collect_bounded(sheets: Iterable[tuple[str, SheetExtras]]) -> Mapping[str, SheetExtras]:
    """Return the extras by sheet name. Raises DataFault if all rectangles together exceed `MAX_PLACES`."""
    extras_by_name, place_count = dict[str, SheetExtras](), 0
    for name, extras in sheets:
        place_count += extras.height * extras.width
        if place_count > MAX_PLACES:
            raise DataFault("read.too_many_cells", limit=MAX_PLACES)
        extras_by_name[name] = extras
    return extras_by_name
