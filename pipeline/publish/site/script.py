"""Data as classic scripts: a page opened from a folder may load a script, but not fetch a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

# Nothing in the data may end a script, begin a comment or break a line of it.
UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def literal(value: Any) -> str:
    """The value as JSON that is also JavaScript, wherever in a page it stands."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(UNSAFE)


def write_script(folder: Path, name: str, value: Any) -> None:
    """`data/<name>.js`, which hands the value to the page under its name."""
    (folder / "data" / f"{name}.js").write_text(f"ogi.load({literal(name)},{literal(value)});\n", encoding="utf-8")


def fetch(connection: duckdb.DuckDBPyConnection, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    return connection.execute(sql, parameters).fetchall()


def records(connection: duckdb.DuckDBPyConnection, sql: str, **parameters: object) -> list[dict[str, Any]]:
    """The rows of a statement as dictionaries."""
    result = connection.execute(sql, parameters)
    names = [d[0] for d in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def plain(value: float | None) -> float | int | None:
    """A number as short as it can be written."""
    return int(value) if value is not None and value == int(value) else value


def aligned(years: Sequence[int], own: Iterable[int], values: Iterable[Any], lack: Any = None) -> list[Any]:
    """The values of a series at the given years; `lack` where it has none."""
    known = dict(zip(own, values, strict=True))
    return [known.get(y, lack) for y in years]


def numbers(years: Sequence[int], own: Iterable[int], values: Iterable[float | None]) -> list[float | int | None]:
    """A series of numbers at the given years."""
    return [plain(v) for v in aligned(years, own, values)]


def codes(years: Sequence[int], own: Iterable[int], words: Iterable[str | None], letters: Mapping[str, str]) -> str:
    """A series of words at the given years, a letter each; '-' where there is none."""
    return "".join(letters.get(w or "", "-") for w in aligned(years, own, words))
