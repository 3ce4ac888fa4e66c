"""Recognise a body by its name: the region that the name begins with, and what the rest says (洛阳市教育局).

A body that is no government is marked `recognised` until a person confirms it. Its id is the region's code with the
function of a department (`reference/functions.csv`), or with the kind of the body and a hash of its name.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.core.paths import REFERENCE
from pipeline.registry.bodies import Body
from pipeline.registry.governments import Governments, governments

MAX_REGION_NAME, MIN_SHORT_NAME = 15, 2  # characters
HASH_CHARS = 8

_GOVERNMENT = re.compile(r"(?:人民)?政府|行政公署|行署|")
_TOWNSHIP = re.compile(
    r"(?:人民政府)?(?P<name>[^\d]{1,12}?(?:街道|镇|乡|苏木))(?:办事处|街道办事处|街办|办|人民政府|政府)?"
)
_ZONE = re.compile(
    r".+(?:管理委员会|管委会|管理区|开发区|示范区|新区|园区|高新区|合作区|度假区|景区|保税区|试验区|集聚区|工业园|农场|林场)"
)
_DEPARTMENT = re.compile(r".+(?:局|委员会|委|厅|办公室|办|中心|处|队|所|院|社|站|馆|会)")


def recognise(name: str, year: int | None = None) -> tuple[Body, ...]:
    """Return the bodies that a name may mean, by code: none for a name without a place, several for 鼓楼区.

    With `year`, regions of that year are preferred.
    """
    places = tuple(_find_places(name, governments()))
    valid = tuple(p for p in places if year is None or governments().regions.region_of(p.code, year))
    bodies = (_make_body(place) for place in valid or places)
    return tuple({body.body_id: body for body in bodies if body}.values())


@dataclass(frozen=True)
class _Place:
    """The code of the innermost region that a name begins with, and the rest of the name."""

    code: str
    rest: str


def _find_places(name: str, known: Governments) -> Iterator[_Place]:
    found = list(_descend(name, "", known))
    yield from found or _find_short_places(name, known)


def _descend(name: str, outer: str, known: Governments) -> Iterator[_Place]:
    """Yield the innermost regions in `outer` (anywhere if '') whose names, one after the other, begin `name`."""
    for length in range(min(len(name), MAX_REGION_NAME), 1, -1):
        for code in known.codes_by_name.get(name[:length], ()):
            if not outer or known.is_within(code, outer):
                inner = list(_descend(name[length:], code, known))
                yield from inner or [_Place(code, name[length:])]


def _find_short_places(name: str, known: Governments) -> Iterator[_Place]:
    """Yield the places of a zone or department that names its region without the ending (三门峡经济开发区)."""
    for length in range(min(len(name), MAX_REGION_NAME), MIN_SHORT_NAME - 1, -1):
        rest = name[length:]
        codes = known.codes_by_short_name.get(name[:length], ())
        if codes and (_ZONE.fullmatch(rest) or rest in functions()):
            yield from (_Place(code, rest) for code in codes)
            return


def _make_body(place: _Place) -> Body | None:
    """Return the body that the rest of a name means in a region, None if it means none."""
    government = governments().by_code[place.code]
    region = government.name.removesuffix("人民政府").removesuffix("行政公署")
    if _GOVERNMENT.fullmatch(place.rest):
        return government
    if function := functions().get(place.rest):
        return _make_part(government, "department", function, region + place.rest)
    if township := _TOWNSHIP.fullmatch(place.rest):
        stem = township["name"]
        ending = "办事处" if stem.endswith("街道") else "人民政府"
        return _make_part(government, "township", f"township-{_hash(stem)}", f"{region}{stem}{ending}")
    level = "zone" if _ZONE.fullmatch(place.rest) else "department" if _DEPARTMENT.fullmatch(place.rest) else ""
    return _make_part(government, level, f"{level}-{_hash(place.rest)}", region + place.rest) if level else None


def _make_part(government: Body, level: str, part: str, name: str) -> Body:
    code = government.region_code
    return Body(f"{code}-{part}", name, (), level, code, government.body_id, recognised=True)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_CHARS]


def function_of(body: Body) -> str | None:
    """Return the function of a department by the longest name of `functions.csv` that its name ends with."""
    names = [name for name in functions() if body.level == "department" and body.name.endswith(name)]
    return functions()[max(names, key=len)] if names else None


@cache
def functions() -> Mapping[str, str]:
    """Return the function of a department by its name without the place: 教育局 to education."""
    with (REFERENCE / "functions.csv").open(encoding="utf-8", newline="") as file:
        return {name: line["function"] for line in csv.DictReader(file) for name in line["names"].split("|")}
