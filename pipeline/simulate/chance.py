"""Whole numbers shared out and drawn, the same on every machine: integers, and of a generator only `random()`,
the one method whose sequence for a seed Python promises to keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random


def draw(most: int, rng: Random) -> int:
    """A whole number from 0 to `most`, each as likely as the other."""
    return int(rng.random() * (most + 1))


def vary(weights: Sequence[int], percent: int, rng: Random) -> list[int]:
    """The weights, each moved by up to `percent` either way; on a scale 100 times as fine."""
    return [w * (100 - percent + draw(2 * percent, rng)) for w in weights]


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` by weight, what is left over going to the largest remainders, the first of equals first.

    Raises ValueError for a negative total, or where no weight can bear it.
    """
    whole = sum(weights)
    if total < 0 or min(weights) < 0 or (total and not whole):
        raise ValueError(f"cannot split {total} by {weights}")
    parts = [divmod(total * w, whole or 1) for w in weights]
    left = total - sum(share for share, _ in parts)
    lucky = set(sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))[:left])
    return [share + (i in lucky) for i, (share, _) in enumerate(parts)]


def pick(weights: Sequence[int], rng: Random) -> int:
    """The place of one of the weights, drawn by weight. Raises ValueError where all are 0."""
    if not any(weights):
        raise ValueError("nothing to pick from")
    at = draw(sum(weights) - 1, rng)
    return next(i for i, upper in enumerate(accumulate(weights)) if at < upper)


def allot(count: int, weights: Sequence[int], rng: Random) -> list[int]:
    """`count` single cases, each given to one place by weight."""
    found = [0] * len(weights)
    for _ in range(count):
        found[pick(weights, rng)] += 1
    return found
