"""The outcome of an assertion, for the gate, the pages and the command `validate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AssertionResult:
    """The number of rows that an assertion returned, and the first of them.

    `error` is the message of DuckDB if the query could not be run; `why` is the reason of the assertion by language.
    """

    name: str
    severity: str
    why: Mapping[str, str]
    count: int = 0
    rows: tuple[Mapping[str, Any], ...] = ()
    error: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the query could be run and returned no row."""
        return not self.count and not self.error
