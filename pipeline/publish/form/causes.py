"""Name the members that cause a compiled form to fail an identity, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.identity import Instance
from pipeline.storage.database import Row


@dataclass(frozen=True)
class Cause:
    """A member that adds a difference to an identity of the compiled form.

    `blank_cells` are the cells of the identity for which the member gives no figure: then its difference may be due to
    the blank.
    """

    body_id: str
    body: str
    report_id: str
    difference: Decimal
    blank_cells: tuple[str, ...] = ()


def find_causes(instance: Instance, contributions: Sequence[Row]) -> tuple[Cause, ...]:
    """Return the members that add a difference to an identity, the largest first.

    `contributions` are rows of `sql/pages/form_contributions.sql`. A compiled cell is the sum of the known figures of
    the members. So the differences of all members, with nothing for a blank, add up to the difference of the form.
    """
    signs = dict.fromkeys(instance.left, 1) | dict.fromkeys(instance.right, -1)
    differences: dict[tuple[str, str, str], Decimal] = {}
    blanks: dict[str, list[str]] = {}
    for row in contributions:
        address = f"{row['table']}/{row['row']}/{row['column']}"
        if address in signs:
            member = (row["body_id"], row["body"], row["report_id"])
            differences[member] = differences.get(member, Decimal(0)) + signs[address] * (row["value"] or 0)
            if row["value"] is None:
                blanks.setdefault(row["body_id"], []).append(address)
    if instance.identity.relation == ">=":  # only a member whose own right side is larger can be the cause
        differences = {member: value for member, value in differences.items() if value < 0}
    causes = [Cause(*member, value, tuple(blanks.get(member[0], ()))) for member, value in differences.items() if value]
    return tuple(sorted(causes, key=lambda cause: (-abs(cause.difference), cause.body_id)))
