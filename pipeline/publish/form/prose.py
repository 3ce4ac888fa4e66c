"""The words of growths and shares in the prose of a filled form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from pipeline.publish.form.fill import FilledForm, plain_number

SHARE_PRECISION = Decimal("0.1")
# Sums of cells by placeholder, and shares as a sum of cells in a cell. None is printed unless all cells are known.
SUMS = {"granted_in_all": ("applications/granted/total", "applications/partly_granted/total")}
SHARES = {
    "natural_person_share": (("applications/new/natural_person",), "applications/new/total"),
    "granted_share": (SUMS["granted_in_all"], "applications/handled/total"),
}


def growth_text(percent: Decimal | None) -> str:
    """Return a growth in percent in the words of a sentence: 增长79%, 下降4.3%, 持平; '' for an unknown one."""
    if percent is None:
        return ""
    if percent == 0:
        return "持平"
    return ("下降" if percent < 0 else "增长") + plain_number(abs(percent)) + "%"


def share_texts(filled: FilledForm) -> Mapping[str, str]:
    """Return the sums and shares by placeholder, as 65.7%; '' where a figure is unknown or the whole is 0."""
    texts = {
        name: "" if (value := _sum(filled, cells)) is None else plain_number(value) for name, cells in SUMS.items()
    }
    for name, (part_cells, whole_cell) in SHARES.items():
        part, whole = _sum(filled, part_cells), _sum(filled, (whole_cell,))
        is_share = part is not None and whole is not None and 0 <= part <= whole and whole > 0
        texts[name] = _percent(part, whole) if is_share and part is not None and whole is not None else ""
    return texts


def _sum(filled: FilledForm, addresses: tuple[str, ...]) -> Decimal | None:
    """Return the sum of some cells, None if one of them is unknown or approximate."""
    cells = [filled.cells.get(address) for address in addresses]
    values = [cell.value for cell in cells if cell and cell.value is not None and not cell.approximate]
    return sum(values, Decimal(0)) if len(values) == len(addresses) else None


def _percent(part: Decimal, whole: Decimal) -> str:
    return plain_number((100 * part / whole).quantize(SHARE_PRECISION, ROUND_HALF_UP)) + "%"
