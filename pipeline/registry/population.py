"""Parse `population.csv`, which an office adds to its `data/raw` for figures per 100,000 inhabitants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.core.model import ProjectFault
from pipeline.registry.bodies import Population
from pipeline.registry.governments import governments


def parse_population(lines: Iterable[tuple[str, Mapping[str, str]]]) -> Iterator[Population]:
    """Yield the populations of lines with their place, by region code and year.

    Raises ProjectFault, with file and line, for an unknown code, a number that is not whole and positive, a missing
    source, and two lines for one region and year.
    """
    seen: set[tuple[str, int]] = set()
    for where, line in lines:
        population = _parse(line, where)
        if (place := (population.code, population.year)) in seen:
            raise ProjectFault(f"{where}: a second line for {population.code} in {population.year}")
        seen.add(place)
        yield population


def _parse(line: Mapping[str, str], where: str) -> Population:
    if line["code"] not in governments().by_code or not line["source"]:
        raise ProjectFault(f"{where}: an unknown region code {line['code']!r}, or no source")
    if not (line["year"].isdecimal() and line["population"].isdecimal() and int(line["population"])):
        raise ProjectFault(f"{where}: year and population must be whole numbers of at least 1")
    return Population(line["code"], int(line["year"]), int(line["population"]), line["source"])
