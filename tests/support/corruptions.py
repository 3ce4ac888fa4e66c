"""The corruptions of a snapshot in the three files `corruptions*.sql`.

A comment names the table that is corrupted and the kind of mistake; the statements after it corrupt the table.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Corruption(NamedTuple):
    """The statements that corrupt a table, and others that follow from it."""

    table: str
    kind: str
    sql: str


def _read(name: str) -> tuple[Corruption, ...]:
    blocks = Path(__file__).with_name(name).read_text(encoding="utf-8").strip().split("\n\n")[1:]
    return tuple(map(_parse, blocks))


def _parse(block: str) -> Corruption:
    title, _, sql = block.removeprefix("-- ").partition("\n")
    table, _, kind = title.partition(": ")
    return Corruption(table, kind, sql)


CORRUPTIONS = _read("corruptions.sql")
WRITTEN_LATER = _read("corruptions_written_later.sql")
BY_A_READER = _read("corruptions_by_a_reader.sql")
