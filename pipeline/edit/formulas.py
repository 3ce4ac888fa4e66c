"""Compare the formulas of an office's workbook with the identities: which totals are computed, and from which cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.core.model import Cell, Extraction, Finding
from pipeline.core.places import column_number, sheet_address
from pipeline.edit.edits import Edit, EditSet

WRONG_RANGE = "formula.range"
MAX_CELLS = 5000  # that a formula names: no statutory table has as many
_REFERENCE = r"\$?([A-Z]{1,3})\$?([0-9]{1,6})"
_CELL, _RANGE = re.compile(_REFERENCE), re.compile(f"{_REFERENCE}:{_REFERENCE}")
_SUM = re.compile(r"SUM\(([^()]*)\)")
# A sum that shows nothing while its cells are blank: `=IF(COUNT(B2:B5)=4,SUM(B2:B5),"")`.
_SUM_OR_BLANK = re.compile(r'IF\((?:COUNT|COUNTA|SUM)\([^()]*\)(?:=|>|<|<>)[0-9]+,(?:"",)?(SUM\([^()]*\))(?:,"")?\)')
# A place of a workbook: grid, row and column, from 0.
Place = tuple[int, int, int]


def computed_cells(extraction: Extraction, edits: EditSet, values: Mapping[str, Decimal | None]) -> frozenset[str]:
    """Return the totals whose formula adds up the right cells, and whose stored value is that of the formula."""
    return frozenset(
        address
        for address, added in _added_cells(extraction).items()
        for parts, edit in _parts_by_edit(address, edits).items()
        if added == parts and edit.holds(values)
    )


def check_formulas(extraction: Extraction, edits: EditSet) -> list[Finding]:
    """Return a finding for each total whose formula adds up other cells than any identity.

    `note` gives its place, the formula, and the one that the identities ask for. Formulas that are not plain sums are
    not judged.
    """
    cells = {c.address: c for c in extraction.cells}
    findings = []
    for address, added in _added_cells(extraction).items():
        expected = list(_parts_by_edit(address, edits))
        if not added or not expected or added in expected:
            continue
        nearest = min(expected, key=lambda parts: (len(parts ^ added), sorted(parts)))
        own = cells[address]
        place = f"{extraction.sheets[own.grid]}!{sheet_address(own.grid_row, own.grid_column)}"
        needed = _write_sum([cells[a] for a in nearest if a in cells])
        note = f"{place} {extraction.formulas[address]} → {needed}"
        findings.append(Finding(WRONG_RANGE, address, "fail", "warning", cells=(address,), note=note))
    return findings


def _write_sum(cells: Sequence[Cell]) -> str:
    """Return the formula that adds up these cells of one row or column; neighbours are written as a range."""
    places = sorted((c.grid_row, c.grid_column) for c in cells)
    runs: list[list[tuple[int, int]]] = []
    for place in places:
        is_next = bool(runs) and place in (
            (runs[-1][-1][0] + 1, runs[-1][-1][1]),
            (runs[-1][-1][0], runs[-1][-1][1] + 1),
        )
        if is_next:
            runs[-1].append(place)
        else:
            runs.append([place])
    names = (sheet_address(*r[0]) + (f":{sheet_address(*r[-1])}" if len(r) > 1 else "") for r in runs)
    return f"=SUM({','.join(names)})"


def _parts_by_edit(address: str, edits: EditSet) -> dict[frozenset[str], Edit]:
    """Return the sets of cells that may add up to a total, each with its edit."""
    return {frozenset(e.coef) - {address}: e for e in edits.edits_by_variable.get(address, ()) if e.total == address}


def _added_cells(extraction: Extraction) -> dict[str, frozenset[str]]:
    """Return the statutory cells that each plain sum adds up, by the address of the sum."""
    address_at = {(c.grid, c.grid_row, c.grid_column): c.address for c in extraction.cells}
    place_of = {address: place for place, address in address_at.items()}
    added = {}
    for address, formula in extraction.formulas.items():
        places = _parse_sum(formula, place_of[address][0])
        if places is not None:
            added[address] = frozenset(address_at[p] for p in places if p in address_at)
    return added


def _parse_sum(formula: str, grid: int) -> set[Place] | None:
    """Return the places that a formula adds up, None if it is no plain sum: `=SUM(B2:B5)` or `=B2+SUM(B3,B5)`."""
    text = formula.upper().replace(" ", "").removeprefix("=").removeprefix("+")
    text = _SUM_OR_BLANK.sub(r"\1", text)
    places: set[Place] = set()
    for term in _SUM.sub(lambda m: m[1].replace(",", "+"), text).split("+"):
        found = list(_places_of(term, grid))
        if not found or len(places) + len(found) > MAX_CELLS:
            return None
        places.update(found)
    return places


def _places_of(term: str, grid: int) -> Iterator[Place]:
    """Yield the places of a reference to a cell or a range; nothing for anything else, or for too many cells."""
    cell, span = _CELL.fullmatch(term), _RANGE.fullmatch(term)
    corners = (*cell.groups(), *cell.groups()) if cell else span.groups() if span else ()
    if not corners:
        return
    left, top, right, bottom = (
        column_number(corners[0]),
        int(corners[1]),
        column_number(corners[2]),
        int(corners[3]),
    )
    if (bottom - top + 1) * (right - left + 1) <= MAX_CELLS:
        yield from ((grid, r - 1, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
