"""What the fuzzing library calls: the target with its slowest input told, and a mutator of the target's style."""

from __future__ import annotations

import sys
from collections.abc import Callable

from fuzz.mutators import change
from fuzz.targets import Target, timed

OWN = 0.5  # share of the inputs that are changed in the target's own style


def harness(target: Target) -> Callable[[bytes], None]:
    """The target as the library calls it. A new slowest input is told at once: the library ends the process itself."""
    slowest = 0.05

    def run(data: bytes) -> None:
        nonlocal slowest
        seconds = timed(target, data)
        if seconds > slowest:
            slowest = seconds
            print(f"slowest: {seconds:.3f} s, {len(data)} bytes", file=sys.stderr)

    return run


def mutator(style: str, usual: Callable[[bytes, int], bytes]) -> Callable[[bytes, int, int], bytes]:
    """A mutator that changes pieces of the input's style, or bytes as usual."""

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        if seed % 1000 < 1000 * OWN:
            return change(data, style, most, seed)
        return usual(data, most)

    return mutate
