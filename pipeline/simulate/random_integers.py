"""Draw and divide whole numbers so that the result is the same on every machine.

All arithmetic is in integers. Of a random generator only `random()` is used: it is the only method whose sequence for a
seed Python promises to keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random


def draw(maximum: int, rng: Random) -> int:
    """Draw a whole number from 0 to `maximum`, each with the same probability."""
    return int(rng.random() * (maximum + 1))


def vary_weights(weights: Sequence[int], percent: int, rng: Random) -> list[int]:
    """Return the weights times 100, each changed by up to `percent` up or down."""
    return [w * (100 - percent + draw(2 * percent, rng)) for w in weights]


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` by weight into whole shares.

    The remainder goes to the largest fractional parts, to the first of equal ones. Raises ValueError for a negative
    total or weight, and where all weights are 0 but the total is not.
    """
    weight_sum = sum(weights)
    if total < 0 or min(weights) < 0 or (total and not weight_sum):
        raise ValueError(f"cannot split {total} by {weights}")
    parts = [divmod(total * w, weight_sum or 1) for w in weights]
    remainder = total - sum(share for share, _ in parts)
    rounded_up = set(sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))[:remainder])
    return [share + (i in rounded_up) for i, (share, _) in enumerate(parts)]


def pick_index(weights: Sequence[int], rng: Random) -> int:
    """Draw the index of one of the weights, with a probability by weight. Raises ValueError if all are 0."""
    if not any(weights):
        raise ValueError("nothing to pick from")
    position = draw(sum(weights) - 1, rng)
    return next(i for i, upper in enumerate(accumulate(weights)) if position < upper)


def allot_cases(count: int, weights: Sequence[int], rng: Random) -> list[int]:
    """Return how many of `count` single cases fall to each index, when each case draws an index by weight."""
    counts = [0] * len(weights)
    for _ in range(count):
        counts[pick_index(weights, rng)] += 1
    return counts
