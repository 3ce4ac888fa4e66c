"""The rubric of a score sheet: `reference/rubric.yaml`, or the file of an office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.job.structure_rules import IDENTITIES

SHIPPED = REFERENCE / "rubric.yaml"
MEASURES = ("not_reported", "unreadable", "late", "error", "warning", *IDENTITIES)
MAX_POINTS = 1000
MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Item:
    """A line of the rubric: at most `points`. Each problem of the measure loses `each` of them, None for all."""

    measure: str
    points: Decimal
    each: Decimal | None
    name: Mapping[str, str]
    why: Mapping[str, str]

    def score(self, problems: int | None) -> Decimal | None:
        """Return the points for a number of problems, None if it is unknown."""
        if problems is None:
            return None
        lost = self.points if self.each is None else self.each * problems
        return self.points if not problems else max(Decimal(0), self.points - lost)


@dataclass(frozen=True)
class Rubric:
    """The title by language, and the items."""

    title: Mapping[str, str]
    items: tuple[Item, ...]


def read_rubric(path: Path = SHIPPED) -> Rubric:
    """Return a rubric. Raises ProjectFault for a file that cannot be read, or a line that is not valid."""
    try:
        rules: Any = yaml.safe_load(path.read_bytes()[:MAX_BYTES].decode("utf-8-sig"))
        title = _texts(rules)
        items = tuple(_item(line) for line in rules["items"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise ProjectFault("score.rubric", path=path, error=str(error).splitlines()[0]) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ProjectFault("score.rubric", path=path, error=f"{type(error).__name__}: {error}") from error
    if not items:
        raise ProjectFault("score.rubric", path=path, error="items")
    return Rubric(title, items)


def _item(line: Any) -> Item:
    """Return an item. Raises KeyError, TypeError or ValueError for a line that is not valid."""
    measure = str(line["measure"])
    if measure not in MEASURES:
        raise ValueError(f"measure: {measure} ({', '.join(MEASURES)})")
    each = _points(line["each"], "each") if "each" in line else None
    return Item(
        measure, _points(line["points"], "points"), each, _texts(line), _texts(line.get("why", {"zh": "", "en": ""}))
    )


def _points(value: Any, name: str) -> Decimal:
    try:
        points = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{name}: {value}") from error
    if not points.is_finite() or not 0 < points <= MAX_POINTS:
        raise ValueError(f"{name}: {value}")
    return points


def _texts(line: Any) -> dict[str, str]:
    """Return the texts of a line by language; one text serves for both languages."""
    zh, en = line.get("zh"), line.get("en")
    if zh is None and en is None:
        raise ValueError("zh")
    return {"zh": str(zh if zh is not None else en), "en": str(en if en is not None else zh)}
