"""The diagram of the tables: boxes with keys, in a column per kind, and a line per reference."""

from __future__ import annotations

from typing import NamedTuple

from docs_build.tables import kind_of, references
from pipeline.storage.dictionary import dictionary, key

BOX_WIDTH, LINE_HEIGHT, PADDING = 210, 16, 8
COLUMN_GAP, BOX_GAP, MARGIN = 110, 14, 44
KINDS = ("register", "loaded", "mart")  # from left to right
TITLES = {"register": "registers", "loaded": "loaded tables", "mart": "marts"}
LINE_COLORS = {"bodies": "#1b6ca8", "reports": "#b3541e", "indicators": "#3b7d3a", "compiled": "#7a3b8f"}
STYLE = "text{font:12px sans-serif;fill:#222}.name{font-weight:bold}path{fill:none;stroke-width:1.2}"


class Box(NamedTuple):
    """A table with its lines of text, and the place of its top left corner."""

    name: str
    lines: tuple[str, ...]
    x: int
    y: int

    @property
    def height(self) -> int:
        """The height in pixels."""
        return LINE_HEIGHT * (len(self.lines) + 1) + PADDING

    @property
    def middle(self) -> int:
        """The height of its name, where lines begin and end."""
        return self.y + LINE_HEIGHT - 4


def diagram_svg() -> str:
    """Return the diagram as SVG."""
    boxes = {box.name: box for box in _place_boxes()}
    width = 2 * MARGIN + len(KINDS) * BOX_WIDTH + (len(KINDS) - 1) * COLUMN_GAP
    height = max(box.y + box.height for box in boxes.values()) + MARGIN
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">', f"<style>{STYLE}</style>"]
    parts.append(f'<rect width="{width}" height="{height}" fill="#fff"/>')
    for i, kind in enumerate(KINDS):
        parts.append(f'<text x="{MARGIN + i * (BOX_WIDTH + COLUMN_GAP)}" y="{MARGIN // 2}">{TITLES[kind]}</text>')
    pairs = dict.fromkeys((table, target.split(".")[0]) for table, _, target in references())
    parts += [_line(boxes[table], boxes[target]) for table, target in pairs]
    parts += [_box(box) for box in boxes.values()]
    return "\n".join([*parts, "</svg>\n"])


def _place_boxes() -> list[Box]:
    boxes = []
    for i, kind in enumerate(KINDS):
        y = MARGIN
        for name in dictionary():
            if kind_of(name) == kind:
                lines = tuple(f"{column} {'→' if _is_reference(name, column) else ''}" for column in key(name))
                boxes.append(Box(name, lines, MARGIN + i * (BOX_WIDTH + COLUMN_GAP), y))
                y += boxes[-1].height + BOX_GAP
    return boxes


def _is_reference(table: str, column: str) -> bool:
    return any((t, c) == (table, column) for t, c, _ in references())


def _box(box: Box) -> str:
    lines = [f'<text class="name" x="{box.x + PADDING}" y="{box.middle + 4}">{box.name}</text>']
    for i, line in enumerate(box.lines, start=2):
        lines.append(f'<text x="{box.x + PADDING}" y="{box.y + LINE_HEIGHT * i}">{line.strip()}</text>')
    place = f'x="{box.x}" y="{box.y}" width="{BOX_WIDTH}" height="{box.height}"'
    frame = f'<rect {place} rx="3" fill="#f6f6f2" stroke="#888"/>'
    return "\n".join([frame, *lines])


def _line(start: Box, end: Box) -> str:
    """Return the line from a table to the one that it refers to: leftwards, or round the side within one column."""
    color = LINE_COLORS.get(end.name, "#666")
    if start.x == end.x:
        x, bend = start.x, start.x - COLUMN_GAP // 3
        curve = f"M{x} {start.middle}C{bend} {start.middle} {bend} {end.middle} {x} {end.middle}"
    else:
        left = start.x > end.x
        x1, x2 = (start.x, end.x + BOX_WIDTH) if left else (start.x + BOX_WIDTH, end.x)
        bend = (x1 + x2) // 2
        curve = f"M{x1} {start.middle}C{bend} {start.middle} {bend} {end.middle} {x2} {end.middle}"
    return f'<path d="{curve}" stroke="{color}"/>'
