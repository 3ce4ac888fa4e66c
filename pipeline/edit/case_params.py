"""Read the parameters of a case from JSON: the variables that may change, and the tolerance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.edit.case_values import InvalidCase, parse_number

# The parameters that each operation understands.
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "localize": ("fixate", "eps", "integer"),
    "typos": ("fixate", "eps", "integer", "maxdist"),
    "signs": ("fixate", "flip", "swap", "eps", "integer"),
    "rounding": ("fixate", "eps", "integer"),
    "impute": ("integer",),
    "confront": ("eps", "integer"),
    "distance": (),
}
# Of `maxdist`; with more slips, almost any number becomes any other.
MAX_SLIPS = 9


@dataclass(frozen=True)
class Params:
    """The parameters of a case.

    `fixate` are variables that never change, `flip` those whose sign may change (None: all), and `swap` pairs that may
    exchange their numbers. `eps` is the largest residual of an equality that counts as rounding (None: the default of
    the operation), `integer` the variables with whole numbers, and `maxdist` the largest number of typing slips.
    """

    fixate: frozenset[str] = frozenset()
    flip: frozenset[str] | None = None
    swap: tuple[tuple[str, str], ...] = ()
    eps: Decimal | None = None
    integer: frozenset[str] = frozenset()
    maxdist: int = 1


NO_PARAMS = Params()


def parse_params(params: Any, operation: str, variables: Sequence[str]) -> Params:
    """Return the parameters; one that is null is absent. Raises InvalidCase, also for one that has no meaning."""
    if params is None:
        return NO_PARAMS
    if not isinstance(params, dict):
        raise InvalidCase("params must be an object")
    given = {name: value for name, value in params.items() if value is not None}
    known = PARAMETERS[operation]
    if unknown := sorted(set(given) - set(known)):
        raise InvalidCase(
            f"params of {operation} are {', '.join(known) or 'none'}; unknown: {', '.join(unknown)[:100]}"
        )
    return Params(
        fixate=_parse_names(given.get("fixate", []), "fixate", variables),
        flip=_parse_names(given["flip"], "flip", variables) if "flip" in given else None,
        swap=_parse_pairs(given.get("swap", []), variables),
        eps=_parse_eps(given["eps"]) if "eps" in given else None,
        integer=_parse_integer(given.get("integer", False), variables),
        maxdist=_parse_maxdist(given.get("maxdist", 1)),
    )


def _parse_names(names: Any, where: str, variables: Sequence[str]) -> frozenset[str]:
    """Return a set of listed variables. Raises InvalidCase."""
    if not isinstance(names, list) or not all(isinstance(v, str) for v in names) or set(names) - set(variables):
        raise InvalidCase(f"params.{where} must be a list of variables that are listed")
    return frozenset(names)


def _parse_pairs(pairs: Any, variables: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return pairs of listed variables, without repetitions. Raises InvalidCase."""
    if not isinstance(pairs, list):
        raise InvalidCase("params.swap must be a list of pairs of variables")
    checked: dict[tuple[str, str], None] = {}
    for pair in pairs:
        if len(_parse_names(pair, "swap", variables)) != 2 or len(pair) != 2:
            raise InvalidCase("params.swap must be a list of pairs of different variables")
        first, second = sorted(pair, key=variables.index)
        checked[first, second] = None
    return tuple(checked)


def _parse_eps(eps: Any) -> Decimal:
    """Return a tolerance that is not negative. Raises InvalidCase."""
    number = parse_number(eps, "params.eps")
    if number < 0:
        raise InvalidCase("params.eps must not be negative")
    return number


def _parse_integer(integer: Any, variables: Sequence[str]) -> frozenset[str]:
    """Return the variables with whole numbers: all for true, none for false. Raises InvalidCase."""
    if isinstance(integer, bool):
        return frozenset(variables if integer else ())
    if not isinstance(integer, list):
        raise InvalidCase("params.integer must be true, false or a list of variables")
    return _parse_names(integer, "integer", variables)


def _parse_maxdist(maxdist: Any) -> int:
    """Return a number of slips. Raises InvalidCase."""
    number = parse_number(maxdist, "params.maxdist")
    if number != int(number) or not 0 < number <= MAX_SLIPS:
        raise InvalidCase(f"params.maxdist must be a whole number from 1 to {MAX_SLIPS}")
    return int(number)
