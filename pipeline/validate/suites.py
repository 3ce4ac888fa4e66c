"""The suites of `expectations/`: one JSON file per table, one expectation per line.

The first expectations of a suite follow from the data dictionary: unique keys, columns without null, allowed values.
They are in the file for readers only; a run generates them again, so that a new form needs no change of a suite. The
others are written by hand and give their reason in `meta.why`, in Chinese and English. After a change of `columns.csv`
or `forms/`, `python -m pipeline.validate.suites` writes the files again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.core.files import write_atomically
from pipeline.core.model import ProjectFault
from pipeline.core.paths import EXPECTATIONS
from pipeline.storage.allowed import allowed_values
from pipeline.storage.dictionary import dictionary, key

GENERATED = {"from": "columns.csv"}  # `meta` of an expectation that follows from the dictionary

Expectation = dict[str, Any]


def read_suites(folder: Path = EXPECTATIONS) -> dict[str, list[Expectation]]:
    """Return the expectations per table: those that follow from the data dictionary, then the hand-written ones.

    The generated lines of the files are there for readers; they are not read.

    Raises ProjectFault for an invalid suite or a table without a suite.
    """
    hand_written = {path.stem: read_hand_written(path) for path in sorted(folder.glob("*.json"))}
    if differing := set(hand_written) ^ set(dictionary()):
        raise ProjectFault("suite.tables", tables=", ".join(sorted(differing)))
    return {table: [*generate(table), *hand_written[table]] for table in hand_written}


def read_hand_written(path: Path) -> list[Expectation]:
    """Return the hand-written expectations of a suite's file. Raises ProjectFault for an invalid suite."""
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
        expectations = suite["expectations"]
    except (ValueError, KeyError, TypeError) as error:
        raise ProjectFault("suite.broken", file=path.name, error=error) from error
    if suite.get("name") != path.stem or not all(isinstance(expectation, dict) for expectation in expectations):
        raise ProjectFault("suite.name", file=path.name, name=path.stem)
    return [expectation for expectation in expectations if not is_generated(expectation)]


def generate(table: str) -> Iterator[Expectation]:
    """Yield the expectations of a table that follow from the data dictionary.

    Lists are left out: they are never null, and Great Expectations takes long to hash them.
    """
    columns = key(table)
    if len(columns) == 1:
        yield _expectation("column_values_to_be_unique", column=columns[0])
    else:
        yield _expectation("compound_columns_to_be_unique", column_list=list(columns))
    for line in dictionary()[table]:
        if not line["nullable"] and line["type"] != "list":
            yield _expectation("column_values_to_not_be_null", column=line["column"])
    for line in dictionary()[table]:
        if (values := allowed_values(line)) is not None:
            yield _expectation("column_values_to_be_in_set", column=line["column"], value_set=values)


def is_generated(expectation: Mapping[str, Any]) -> bool:
    """Return whether an expectation follows from the data dictionary."""
    return expectation.get("meta") == GENERATED


def suite_text(table: str, hand_written: Iterable[Expectation]) -> str:
    """Return the content of a suite's file: the generated expectations, then the hand-written ones, one per line."""
    lines = (json.dumps(expectation, ensure_ascii=False) for expectation in [*generate(table), *hand_written])
    return f'{{"name": "{table}", "expectations": [\n' + ",\n".join(lines) + "\n]}\n"


def write_suites(folder: Path = EXPECTATIONS) -> None:
    """Write the suite of every table again and keep its hand-written expectations."""
    for table in dictionary():
        path = folder / f"{table}.json"
        hand_written = read_hand_written(path) if path.is_file() else []
        write_atomically(path, suite_text(table, hand_written).encode())


def _expectation(name: str, **arguments: object) -> Expectation:
    return {"type": f"expect_{name}", "kwargs": arguments, "meta": GENERATED}


if __name__ == "__main__":
    write_suites()
