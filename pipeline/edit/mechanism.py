"""How one number becomes another: slips of hand, machine and eye, each with its cost in decibans.

Ten decibans are odds of ten to one (I. J. Good 1950). The costs are judgements of how rare a slip is, to be compared
with one another; only sums far apart decide anything (`explain`).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

# Digits that text recognition takes for one another.
CONFUSED = frozenset(frozenset(pair) for pair in ("08", "06", "68", "17", "38", "56"))
# A number written over with any other, as by an author who counted again.
UNEXPLAINED = ("unexplained", 30)
CHEAPEST = 5


def mechanism(printed: Decimal, meant: Decimal) -> tuple[str, int]:
    """The cheapest slip that makes `printed` of `meant`, with its cost; `unexplained` where no known one does."""
    if printed == 0 and meant != 0:
        return "zeroed", 10
    if printed == -meant:
        return "sign", 10
    if (printed < 0) != (meant < 0):
        return UNEXPLAINED
    a, b = _digits(printed), _digits(meant)
    return next(((name, cost) for name, cost, test in SLIPS if test(a, b)), UNEXPLAINED)


def typed(printed: Decimal, meant: Decimal) -> bool:
    """Whether one slip of typing makes the one of the other: a digit wrong, lost or added, two exchanged, the sign."""
    return printed == -meant or any(test(_digits(printed), _digits(meant)) for test in TYPED)


def _digits(value: Decimal) -> str:
    text = f"{abs(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _changed(a: str, b: str) -> list[int]:
    return [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y] if len(a) == len(b) else []


def _confused(a: str, b: str) -> bool:
    """One digit taken for one that looks like it."""
    places = _changed(a, b)
    return len(places) == 1 and frozenset((a[places[0]], b[places[0]])) in CONFUSED


def _mistyped(a: str, b: str) -> bool:
    """One digit typed for another."""
    return len(_changed(a, b)) == 1


def _transposed(a: str, b: str) -> bool:
    """Two digits beside each other in the wrong order."""
    match _changed(a, b):
        case [i, j] if j == i + 1:
            return (a[i], a[j]) == (b[j], b[i])
    return False


def _lost(a: str, b: str) -> bool:
    """One digit left out; zeros and points that it bares are not printed."""
    return len(a) < len(b) and Decimal(a) in {Decimal(b[:i] + b[i + 1 :]) for i in range(len(b))}


def _added(a: str, b: str) -> bool:
    """One digit too many."""
    return len(a) == len(b) + 1 and b in {a[:i] + a[i + 1 :] for i in range(len(a))}


def _unit(a: str, b: str) -> bool:
    """Ten thousands for ones, or the other way."""
    return Decimal(a) in (Decimal(b) * 10_000, Decimal(b) / 10_000)


def _rounded(a: str, b: str) -> bool:
    """A round number for the exact one, of two digits at least."""
    printed, meant = Decimal(a), Decimal(b)
    zeros = len(a) - len(a.rstrip("0")) if "." not in a else 0
    return 0 < zeros < len(a) - 1 and abs(printed - meant) * 2 <= Decimal(10) ** zeros


TYPED = (_mistyped, _transposed, _lost, _added)
# The cheapest that fits is taken, so cheaper ones stand first.
SLIPS: tuple[tuple[str, int, Callable[[str, str], bool]], ...] = (
    ("confused", CHEAPEST, _confused),
    ("mistyped", 10, _mistyped),
    ("transposed", 10, _transposed),
    ("digit_lost", 10, _lost),
    ("digit_added", 10, _added),
    ("unit", 10, _unit),
    ("rounded", 15, _rounded),
)
