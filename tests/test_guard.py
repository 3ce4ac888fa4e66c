"""What a hostile file may do to its reader, and that the batch goes on."""

from __future__ import annotations

import os
import time

import pytest

from pipeline.guard import Guard
from pipeline.model import DataFault, ProjectFault


def double(number: int) -> int:
    return 2 * number


def hang() -> None:
    time.sleep(600)


def devour() -> int:
    return len(bytearray(2**33))


def die() -> None:
    os._exit(9)


def refuse() -> None:
    raise DataFault("read.empty", megabytes=3)


def fail() -> None:
    raise ProjectFault("a form is wrong")


@pytest.mark.parametrize(
    ("function", "code"),
    [(hang, "read.timeout"), (devour, "read.memory"), (die, "read.crashed"), (refuse, "read.empty")],
)
def test_a_bad_call_is_a_fault_and_the_next_call_works(function: object, code: str) -> None:
    with Guard(seconds=2, memory=2**31) as guard:
        assert guard.call(double, 20) == 40
        with pytest.raises(DataFault) as fault:
            guard.call(function)  # type: ignore[arg-type]
        assert fault.value.code == code
        assert guard.call(double, 21) == 42


def test_a_fault_keeps_its_values_and_a_fault_of_the_program_stays_one() -> None:
    with Guard() as guard:
        with pytest.raises(DataFault) as fault:
            guard.call(refuse)
        assert fault.value.values == {"megabytes": 3}
        with pytest.raises(ProjectFault, match="a form is wrong"):
            guard.call(fail)
