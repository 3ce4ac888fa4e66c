"""Parse `population.csv`, which an office adds to its `data/raw` for figures per 100,000 inhabitants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.core.model import FilePlace, ProjectFault
from pipeline.core.project_csv import Row
from pipeline.registry.bodies import Population
from pipeline.registry.governments import governments


def parse_population(rows: Iterable[Row]) -> Iterator[Population]:
    """Yield the populations of lines, by region code and year.

    Raises ProjectFault, with file and line, for an unknown code, a number that is not whole and positive, a missing
    source, and two lines for one region and year.
    """
    places: dict[tuple[str, int], FilePlace] = {}
    for row in rows:
        population = _parse(row)
        first = places.setdefault((population.code, population.year), row.place)
        if first is not row.place:
            values = {"region": population.code, "year": population.year}
            raise ProjectFault("population.twice", place=row.place, first=first, **values)
        yield population


def _parse(row: Row) -> Population:
    place, line = row.place, row.values
    if line["code"] not in governments().by_code:
        raise ProjectFault("population.region", place=place, region=line["code"])
    if not line["source"]:
        raise ProjectFault("population.source", place=place)
    numbers = line["year"], line["population"]
    if not all(number.isascii() and number.isdecimal() and int(number) for number in numbers):
        raise ProjectFault("population.number", place=place, numbers=" / ".join(numbers))
    return Population(line["code"], int(line["year"]), int(line["population"]), line["source"])
