"""Compare the number of loaded reports with the published data, by year and in all.

A correction or a withdrawal changes single reports. A fifth of them at once is a lost folder or an unmounted disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pipeline.storage.snapshot import Record

if TYPE_CHECKING:
    from pipeline.storage.partition import TableFiles

LEAST_SHARE = 0.8
MOST_FEWER = 4  # a small office may take back a few reports of a few


class Fall(NamedTuple):
    """A fall from `before` to `after` loaded reports of a year; of all years if `year` is ''."""

    year: str
    before: int
    after: int


def find_falls(published: Record | None, after: Mapping[str, int]) -> tuple[Fall, ...]:
    """Return the years with far fewer loaded reports than the published snapshot. `after` counts them by year."""
    return tuple(_falls(loaded_in(published), after)) if published else ()


def _falls(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[Fall]:
    for year, count in sorted(before.items()):
        if _is_fall(count, after.get(year, 0)):
            yield Fall(year, count, after.get(year, 0))
    if _is_fall(sum(before.values()), sum(after.values())):
        yield Fall("", sum(before.values()), sum(after.values()))


def _is_fall(before: int, after: int) -> bool:
    return before - after > MOST_FEWER and after < LEAST_SHARE * before


def loaded_by_year(files: TableFiles) -> dict[str, int]:
    """Return the number of loaded reports by year."""
    counts = Counter[str]()
    for table in ("reports", "kind_reports"):
        for stem in files.names(table):
            counts[stem] += files.read(table, stem, ["status"])["status"].to_pylist().count("loaded")
    return dict(counts)


def loaded_in(record: Record) -> dict[str, int]:
    """Return the number of loaded reports of a snapshot by year."""
    return {year: counts["summary"].get("loaded", 0) for year, counts in record.years.items()}
