"""Compact series for the pages: one value per year of the page, in the order of the years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NO_LETTER = "-"


def shortest_number(value: float | None) -> float | int | None:
    """Return a number as int if it is whole, so that JSON writes it without `.0`."""
    return int(value) if value is not None and value == int(value) else value


def align_to_years(
    years: Sequence[int], own_years: Iterable[int], values: Iterable[Any], default: Any = None
) -> list[Any]:
    """Return one value per year of `years`; `default` for a year that is not among `own_years`.

    >>> align_to_years([2018, 2019, 2020], [2018, 2020], [1, 2])
    [1, None, 2]
    """
    value_by_year = dict(zip(own_years, values, strict=True))
    return [value_by_year.get(year, default) for year in years]


def numbers_by_year(
    years: Sequence[int], own_years: Iterable[int], values: Iterable[float | None]
) -> list[float | int | None]:
    """Return one number per year of `years`, None for a year without one."""
    return [shortest_number(value) for value in align_to_years(years, own_years, values)]


def letters_by_year(
    years: Sequence[int], own_years: Iterable[int], words: Iterable[str | None], letters: Mapping[str, str]
) -> str:
    """Return one letter per year of `years`; '-' for a year without a word, and for a word without a letter.

    >>> letters_by_year([2018, 2019], [2019], ["loaded"], {"loaded": "l"})
    '-l'
    """
    return "".join(letters.get(word or "", NO_LETTER) for word in align_to_years(years, own_years, words))
