"""The functions that the fuzzing library calls: the target, with a report of slow inputs, and a mutator."""

from __future__ import annotations

import sys
from collections.abc import Callable

from fuzz.mutators import change
from fuzz.targets import Target, measure_seconds

STYLE_SHARE = 0.5  # the share of inputs that are changed in the style of the target
MIN_REPORTED_SECONDS = 0.05


def make_harness(target: Target) -> Callable[[bytes], None]:
    """Return the target as a function for the library.

    It prints each new slowest input at once, because the library ends the process without returning.
    """
    slowest = MIN_REPORTED_SECONDS

    def run(data: bytes) -> None:
        nonlocal slowest
        seconds = measure_seconds(target, data)
        if seconds > slowest:
            slowest = seconds
            print(f"slowest: {seconds:.3f} s, {len(data)} bytes", file=sys.stderr)

    return run


def make_mutator(style: str, mutate_bytes: Callable[[bytes, int], bytes]) -> Callable[[bytes, int, int], bytes]:
    """Return a mutator that changes pieces of the target's style, or single bytes by `mutate_bytes`."""

    def mutate(data: bytes, max_bytes: int, seed: int) -> bytes:
        if seed % 1000 < 1000 * STYLE_SHARE:
            return change(data, style, max_bytes, seed)
        return mutate_bytes(data, max_bytes)

    return mutate
