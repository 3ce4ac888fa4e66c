"""Read the numbers and names of a case from JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipeline.edit.edits import count_decimals

# Of a number, before and after the point.
MAX_DIGITS = 60


class InvalidCase(Exception):
    """A case that cannot be understood; the text gives the reason."""


def parse_name(name: Any) -> str | int | None:
    """Return a name that is a text or a whole number, None for anything else."""
    if isinstance(name, str):
        return name
    try:
        number = parse_number(name, "name")
    except InvalidCase:
        return None
    return int(number) if number == int(number) else None


def parse_number(value: Any, where: str) -> Decimal:
    """Return an exact number. Raises InvalidCase for other values, and for more than MAX_DIGITS digits."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise InvalidCase(f"{where}: not a number")
    number = Decimal(value)
    if not number.is_finite() or number.adjusted() > MAX_DIGITS or count_decimals(number) > MAX_DIGITS:
        raise InvalidCase(f"{where}: a number of more than {MAX_DIGITS} digits")
    return number
