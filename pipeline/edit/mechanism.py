"""Name the slip that turns one number into another, with its cost in decibans.

The slips are of hand, machine and eye. Ten decibans are odds of ten to one (I. J. Good 1950). The costs are judgements
of how rare a slip is relative to the others; only sums that are far apart decide anything (`explain`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

# Pairs of digits that text recognition confuses.
CONFUSED_DIGITS = frozenset(frozenset(pair) for pair in ("08", "06", "68", "17", "38", "56"))
# Any other number, as by an author who counted again; mechanism and decibans.
UNEXPLAINED = ("unexplained", 30)
CHEAPEST_DECIBANS = 5
# A number of last year that was not replaced.
LAST_YEAR = ("last_year", 10)
# A total left at 0 although its parts are not.
NOT_SUMMED = ("not_summed", 3)
# What a slip is worth at most as evidence, by the digits of the longer number: another number is this much rarer than a
# digit slip of it. Nearly every number of one digit is one slip away from every other.
WORTH_BY_DIGITS = (3, 3, 7, 16)
# What a copy costs in addition if the numbers prove nothing.
UNPROVEN_COPY = 60
# What a number that another line has too is worth as evidence of a copy, by its digits; no digits for 0.
REPEATED_BY_DIGITS = (0, 5, 12, 20)
# What other slips are worth, which only few numbers can be.
WORTH_OF_SLIP = {"zeroed": 13, "sign": 20, "unit": 20, "factor": 20, "not_summed": 27}


def find_mechanism(printed: Decimal, meant: Decimal) -> tuple[str, int]:
    """Return name and decibans of the cheapest slip that prints `printed` for `meant`; UNEXPLAINED if none is known."""
    if printed == 0 and meant != 0:
        return "zeroed", 10
    if printed == -meant:
        return "sign", 10
    if (printed < 0) != (meant < 0):
        return UNEXPLAINED
    a, b = _digits_of(printed), _digits_of(meant)
    return next(((name, decibans) for name, decibans, matches in SLIPS if matches(a, b)), UNEXPLAINED)


def cautious_decibans(mechanism: str, decibans: int, printed: Decimal, meant: Decimal) -> int:
    """Return the decibans of a slip if it counts only as far as it cannot fit by chance."""
    digits = max(len(_digits_of(printed)), len(_digits_of(meant)))
    worth = WORTH_OF_SLIP.get(mechanism, WORTH_BY_DIGITS[digits] if digits < len(WORTH_BY_DIGITS) else UNEXPLAINED[1])
    return max(decibans, UNEXPLAINED[1] - worth)


def copy_decibans(repeated: Sequence[Decimal]) -> int:
    """Return what a copy costs in addition, because cells repeat the numbers of another line by chance too.

    `repeated` are the wrong numbers. Zeros are repeated everywhere; the longer a number, the rarer that is.
    """
    digits = (len(_digits_of(value)) if value else 0 for value in repeated)
    return max(0, UNPROVEN_COPY - sum(REPEATED_BY_DIGITS[min(d, len(REPEATED_BY_DIGITS) - 1)] for d in digits))


def is_typing_slip(printed: Decimal, meant: Decimal) -> bool:
    """Return whether one typing slip prints `printed` for `meant`.

    The slips are a wrong, missing or additional digit, two neighbouring digits exchanged, and a wrong sign.
    """
    if printed == -meant or (printed < 0) != (meant < 0):
        return printed == -meant
    return any(matches(_digits_of(printed), _digits_of(meant)) for matches in TYPING_SLIPS)


def _digits_of(value: Decimal) -> str:
    """Return the digits of the absolute value, with a point only where decimals other than 0 follow."""
    text = f"{abs(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Below, `a` are the digits as printed and `b` the digits that were meant.


def _differing_positions(a: str, b: str) -> list[int]:
    """Return the positions where texts of equal length differ; an empty list for texts of different length."""
    return [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y] if len(a) == len(b) else []


def _is_confused(a: str, b: str) -> bool:
    """Return whether exactly one digit differs, and the two digits are a pair of `CONFUSED_DIGITS` in any order."""
    positions = _differing_positions(a, b)
    return len(positions) == 1 and frozenset((a[positions[0]], b[positions[0]])) in CONFUSED_DIGITS


def _is_mistyped(a: str, b: str) -> bool:
    """Return whether exactly one digit differs."""
    return len(_differing_positions(a, b)) == 1


def _is_transposed(a: str, b: str) -> bool:
    """Return whether two neighbouring digits are in the wrong order."""
    match _differing_positions(a, b):
        case [i, j] if j == i + 1:
            return (a[i], a[j]) == (b[j], b[i])
    return False


def _has_lost_digit(a: str, b: str) -> bool:
    """Return whether one digit is missing. Zeros or a point that it leaves at an end do not count (`1.05`, `.05`)."""
    return len(a) < len(b) and Decimal(a) in {Decimal(b[:i] + b[i + 1 :]) for i in range(len(b))}


def _has_added_digit(a: str, b: str) -> bool:
    """Return whether there is one digit too many."""
    return len(a) == len(b) + 1 and b in {a[:i] + a[i + 1 :] for i in range(len(a))}


def _has_wrong_unit(a: str, b: str) -> bool:
    """Return whether a number is in ones instead of ten thousands (万), or the reverse."""
    return Decimal(a) in (Decimal(b) * 10_000, Decimal(b) / 10_000)


def _has_wrong_factor(a: str, b: str) -> bool:
    """Return whether a number is a hundred or a thousand times too large or too small."""
    return any(Decimal(a) in (Decimal(b) * factor, Decimal(b) / factor) for factor in (100, 1000))


def _is_rounded(a: str, b: str) -> bool:
    """Return whether `a` is `b` rounded to tens, hundreds and so on.

    `a` ends in n zeros after at least two digits, and differs from `b` by at most half of 10^n.
    """
    printed, meant = Decimal(a), Decimal(b)
    zeros = len(a) - len(a.rstrip("0")) if "." not in a else 0
    return 0 < zeros < len(a) - 1 and abs(printed - meant) * 2 <= Decimal(10) ** zeros


TYPING_SLIPS = (_is_mistyped, _is_transposed, _has_lost_digit, _has_added_digit)
# Mechanism, decibans, test. The first match is used, so cheaper slips come first.
SLIPS: tuple[tuple[str, int, Callable[[str, str], bool]], ...] = (
    ("confused", CHEAPEST_DECIBANS, _is_confused),
    ("mistyped", 10, _is_mistyped),
    ("transposed", 10, _is_transposed),
    ("digit_lost", 10, _has_lost_digit),
    ("digit_added", 10, _has_added_digit),
    ("unit", 10, _has_wrong_unit),
    ("factor", 15, _has_wrong_factor),
    ("rounded", 15, _is_rounded),
)
