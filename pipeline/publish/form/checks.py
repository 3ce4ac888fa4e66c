"""The identities of a form as live formulas: totals, both sides of every instance, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.core.form import Form
from pipeline.core.identity import Instance
from pipeline.publish.form.fill import FilledForm

EQUAL, DIFFERENT, UNKNOWN = "相符", "不符", "缺数"
# A formula without a value is stored with a space: an empty one would tell programs that it was never calculated.
NOTHING = " "
Place = tuple[str, int, int]  # sheet, row, column


def totals(form: Form) -> Mapping[str, tuple[str, ...]]:
    """The cells that an identity defines as the sum of others, each by the first that does."""
    found: dict[str, tuple[str, ...]] = {}
    for instance in form.instances:
        in_prose = any(a.startswith("narrative/") for a in (*instance.left, *instance.right))
        if instance.identity.relation == "=" and len(instance.left) == 1 and not in_prose:
            found.setdefault(instance.place, instance.right)
    return found


def follows(filled: FilledForm, address: str, parts: Sequence[str]) -> bool:
    """Whether a formula shows what the cell has: a total that its parts contradict stays the number that it is."""
    return filled.cells[address].value == total(filled, parts)


def total(filled: FilledForm, addresses: Sequence[str]) -> Decimal | None:
    """The sum of cells, None where one is not known."""
    values = [filled.cells[a].value for a in addresses]
    known = [v for v in values if v is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def reference(place: Place, sheet: str = "") -> str:
    """A cell as a formula on `sheet` names it."""
    cell = xl_rowcol_to_cell(place[1], place[2])
    return cell if place[0] == sheet else f"'{place[0]}'!{cell}"


def sum_formula(places: Sequence[Place], sheet: str) -> str:
    """The sum of cells; nothing while one of them is blank, for a blank is not 0."""
    names = ",".join(_ranges(places, sheet))
    return f'=IF(COUNT({names})={len(places)},SUM({names}),"")'


def _ranges(places: Sequence[Place], sheet: str) -> list[str]:
    """Neighbours in a line or a column as one range."""
    first, last = places[0], places[-1]
    across = [(first[0], first[1], first[2] + i) for i in range(len(places))]
    down = [(first[0], first[1] + i, first[2]) for i in range(len(places))]
    if len(places) > 1 and list(places) in (across, down):
        return [f"{reference(first, sheet)}:{xl_rowcol_to_cell(last[1], last[2])}"]
    return [reference(p, sheet) for p in places]


def verdict_formula(left: str, right: str, relation: str) -> str:
    """相符, 不符, or 缺数 while a side is not known."""
    holds = f"ROUND({left}-{right},6)=0" if relation == "=" else f"{left}>={right}"
    return f'=IF(OR({left}="",{right}=""),"{UNKNOWN}",IF({holds},"{EQUAL}","{DIFFERENT}"))'


def verdict(filled: FilledForm, instance: Instance) -> str:
    """What the formula shows for the figures as they are."""
    left, right = total(filled, instance.left), total(filled, instance.right)
    if left is None or right is None:
        return UNKNOWN
    holds = left == right if instance.identity.relation == "=" else left >= right
    return EQUAL if holds else DIFFERENT
