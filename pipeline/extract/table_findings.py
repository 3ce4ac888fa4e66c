"""Report what was not read of the tables: one finding for each cause, however many cells and numbers it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.core.form import Form, Table
from pipeline.core.model import MIN_CONFIDENCE, Cell, Finding, Grid, GridCell, Severity
from pipeline.core.places import lines_place
from pipeline.core.text import is_value
from pipeline.extract.grid_lines import StrayNumber

LACKING_CELLS = ("extract.missing", "extract.lost")  # the codes of findings on cells that a report lacks
MAX_SINGLE_FINDINGS = 5  # per table and code; more have one cause, such as the format of a column
MAX_LINES = 3  # lines that a note lists
MAX_LABEL_CHARS = 20
UnplacedNumbers = Mapping[int, Sequence[StrayNumber]]  # by the number of the grid


def report_unplaced(
    grids: Sequence[Grid], unplaced: UnplacedNumbers, form: Form, cells: Collection[Cell]
) -> Iterator[Finding]:
    """Yield a finding per grid and severity for its numbers without a place, and one per table for its missing cells.

    The cells that a table lacks while its grid has numbers without a place belong to the finding on these numbers.
    """
    addresses = {cell.address for cell in cells}
    missing = {table.code: _missing(table, addresses) for table in form.printed_tables}
    for number, stray_numbers in unplaced.items():
        for severity in ("error", "warning"):
            if own := [stray for stray in stray_numbers if stray.severity == severity]:
                tables = {cell.table for cell in cells if cell.grid == number} if severity == "error" else set()
                lost = tuple(address for code in sorted(tables) for address in missing.pop(code, ()))
                yield report_lines(grids[number], number, own, severity, lost)
    for table in form.printed_tables:
        if lacking := missing.get(table.code):
            note = f"{len(lacking)}/{len(table.cells)}"
            yield Finding("extract.missing", table.code, "fail", "error", cells=lacking, note=note)


def _missing(table: Table, addresses: Collection[str]) -> tuple[str, ...]:
    """Return the addresses of the cells that a report lacks."""
    return tuple(address for row, column in table.cells if (address := f"{table.code}/{row}/{column}") not in addresses)


def report_lines(
    grid: Grid, number: int, unplaced: Sequence[StrayNumber], severity: Severity, lost: tuple[str, ...]
) -> Finding:
    """Return the finding for the numbers of a grid without a place; `lost` are the cells without a number."""
    place = lines_place(grid, number, [(stray.grid_row, stray.slot.column) for stray in unplaced])
    numbers: dict[int, list[str]] = defaultdict(list)
    for stray in unplaced:
        numbers[stray.grid_row].append(stray.slot.text)
    lines = [f"{_line_label(grid, row)} {' '.join(texts)}".strip() for row, texts in numbers.items()]
    note = "; ".join(lines[:MAX_LINES]) + (f"; … (×{len(unplaced)})" if len(lines) > MAX_LINES else "")
    code = "extract.lost" if lost else "extract.unplaced"
    return Finding(code, place, "fail", severity, cells=lost, note=note)


def _line_label(grid: Grid, row: int) -> str:
    """Return the last text before the numbers of a line in quotation marks, cut to a few characters; '' if none."""
    in_line = [cell for cell in grid.cells if cell.row <= row < cell.row + cell.rowspan]
    texts = [cell for cell in sorted(in_line, key=lambda cell: cell.column) if not _is_number_or_blank(cell)]
    own = [cell for cell in texts if cell.row == row] or texts
    return f"“{_shorten(own[-1])}”" if own else ""


def _is_number_or_blank(cell: GridCell) -> bool:
    return not cell.text or is_value(cell.text.rstrip("%％"))


def _shorten(cell: GridCell) -> str:
    text = " ".join(cell.text.split())
    return text if len(text) <= MAX_LABEL_CHARS else f"{text[:MAX_LABEL_CHARS]}…"


def report_conflict(first: Cell, second: Cell) -> Finding:
    """Return the finding for a cell that is printed twice with different texts."""
    note = f"{first.raw} | {second.raw}"
    return Finding("extract.twice", first.address, "fail", "error", first.value, second.value, (first.address,), note)


def report_doubted(form: Form, cells: Sequence[Cell], reported: Collection[str]) -> Iterator[Finding]:
    """Yield one finding per table for the cells that were read or placed with low confidence, but for `reported`."""
    for table in form.printed_tables:
        doubted_addresses = tuple(
            c.address
            for c in cells
            if c.table == table.code and c.confidence < MIN_CONFIDENCE and c.address not in reported
        )
        if doubted_addresses:
            note = f"{len(doubted_addresses)}/{len(table.cells)}"
            yield Finding("extract.doubtful", table.code, "fail", "warning", cells=doubted_addresses, note=note)


def gather(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, where one stands for many of one code on single cells of a table."""
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        is_on_cell = finding.cells == (finding.place,)
        groups[finding.identity, finding.place.split("/")[0] if is_on_cell else finding.place].append(finding)
    return [gathered for group in groups.values() for gathered in _gather_group(group)]


def _gather_group(group: list[Finding]) -> list[Finding]:
    if len(group) <= MAX_SINGLE_FINDINGS or group[0].cells != (group[0].place,):
        return group
    addresses = tuple(dict.fromkeys(address for finding in group for address in finding.cells))
    note = f"{group[0].note} (×{len(group)})"
    place = group[0].place.split("/")[0]
    return [replace(group[0], place=place, lhs=None, rhs=None, cells=addresses, note=note)]
