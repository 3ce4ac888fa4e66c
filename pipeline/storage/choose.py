"""Find what a user names, such as a body or an indicator, by id, name or alias; else suggest similar names."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
from rapidfuzz import process

from pipeline.core.model import DataFault
from pipeline.storage.database import Row, ask

# What a parameter of a saved query may name. `sql/pages/choose_<name>.sql` has the choices.
CHOICES = ("body", "indicator", "number", "rate", "measure", "year", "level", "basis")
MAX_SUGGESTIONS = 5


def choose(connection: duckdb.DuckDBPyConnection, name: str, text: str) -> Row:
    """Return the choice of one of CHOICES that a text names: `id`, `zh`, `en`.

    A region code is the id of the region's government. Raises DataFault with similar names.

    Example::

        choose(connection, "body", "三门峡市")["id"]  # "411200"
    """
    rows = ask(connection, f"choose_{name}")
    for row in rows:
        aliases = row["aliases"].split("|") if row["aliases"] else ()
        if text in (row["id"], row["zh"], row["en"], *aliases):
            return row
    shown = [row["zh"] if name in ("body", "year", "level") else f"{row['id']}（{row['zh']}）" for row in rows]
    close = process.extract(text, list(dict.fromkeys(shown)), limit=MAX_SUGGESTIONS)
    raise DataFault(f"choose.{name}", text=text, close="、".join(similar for similar, *_ in close) or "—")


def choose_all(connection: duckdb.DuckDBPyConnection, given: Mapping[str, str]) -> dict[str, str]:
    """Return parameters with the ids of what they name. Raises DataFault for an unknown name."""
    return {name: choose(connection, name, text)["id"] if name in CHOICES else text for name, text in given.items()}
