"""Test that calls in several child processes run once, and that their exceptions are raised."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from pipeline.core.model import DataFault
from pipeline.runtime.parallel import children


def append_process_id(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")


def raise_data_fault() -> None:
    raise DataFault("data.outdated", lack="x")


def crash() -> None:
    os._exit(9)


def process_ids(folder: Path, workers: int) -> list[int]:
    """Run eight calls; return the process of each."""
    with children(workers) as run:
        for number in range(8):
            run(partial(append_process_id, folder / str(number)))
    return [int(path.read_text(encoding="utf-8")) for path in sorted(folder.iterdir())]


def test_each_call_runs_once_in_a_child(tmp_path: Path) -> None:
    ids = process_ids(tmp_path, 2)
    assert len(ids) == 8
    assert os.getpid() not in ids
    assert len(set(ids)) <= 2


def test_one_worker_is_this_process(tmp_path: Path) -> None:
    assert process_ids(tmp_path, 1) == [os.getpid()] * 8


@pytest.mark.parametrize("workers", [1, 2])
def test_exception_of_a_call_is_raised(workers: int) -> None:
    with pytest.raises(DataFault, match=r"data\.outdated"), children(workers) as run:
        run(raise_data_fault)


def test_child_that_ends_is_a_fault() -> None:
    with pytest.raises(DataFault, match=r"child\.ended"), children(2) as run:
        run(crash)


def test_calls_that_wait_are_dropped_if_the_block_fails(tmp_path: Path) -> None:
    def fail() -> None:
        with children(2) as run:
            for number in range(100):
                run(partial(append_process_id, tmp_path / str(number)))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert len(list(tmp_path.iterdir())) < 100
