"""Find the clauses of a paragraph whose numbers belong to another body or to another period than the report's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.core.kind import Kind
from pipeline.extract.figure_subjects import is_wider_territory
from pipeline.extract.kind_period import QUARTERS
from pipeline.registry.body_names import recognise
from pipeline.registry.governments import NATION

MAX_PLACE_CHARS = 9
_CLAUSE = re.compile(r"(?:[^,:;()。!?]|(?<=\d)[,](?=\d{3}))+[,:;()。!?]?")
_LEAD = re.compile("^(?:其中|同时|此外|另外|和|及)")
_PLACE_END = re.compile("[市县区旗州盟省](?![级(])")
_SYSTEM = re.compile('[“"《][^”"》]*[”"》]|全[国省市][^,。;0-9]{0,14}?(?:系统|平台|普查|名录)')  # is no territory
_PLACES = "地区|地(?!方)|省份|[省市州县区旗盟]|部门|单位"
_SOME = re.compile(  # some places of a territory: 北京、天津等16个地区, 兰州、陇南8市; but not 各地区和71个部门
    rf"等\d*[个家]?(?:{_PLACES})|、[^,、:0-9]{{1,6}}\d+[个家]?(?:{_PLACES})(?!\(|市|区|直|级|人民|政府)"
)
_OWN = re.compile("(?:全|我|本)[国省市县区州盟旗]|本季度|本次|总体")
_QUARTER = re.compile("(?:(?P<year>20[0-9]{2})年?度?)?第?(?P<quarter>[一二三四1-4])季度")
_COMPARED = re.compile("[比较与同和]$")  # before a period: it is compared with
_TOPIC = re.compile("(?:其中|此外|另外|同时|针?对|在|于|经)?")  # before a period of the clauses after it too
Period = tuple[int | None, int]


class Clause(NamedTuple):
    """A clause by its offsets in the paragraph; `is_other` if its numbers count for another body or period."""

    start: int
    end: int
    text: str
    is_other: bool


def find_clauses(text: str, body: str | None, period: Period) -> list[Clause]:
    """Return the clauses of a normalised paragraph without spaces.

    A government that begins a clause is its subject until the sentence ends or speaks of the whole again, and so are
    some places of the territory. A quarter that begins a clause counts until another one is named, any other one for
    its clause. Of a report whose body is unknown, no name is another one.
    """
    return list(_clauses(text, body, period))


def _clauses(text: str, body: str | None, period: Period) -> Iterator[Clause]:
    names_other = is_carried = False
    for match in _CLAUSE.finditer(text):
        clause = match.group()
        if _OWN.search(clause):
            names_other = False
        names_other = names_other or _names_other(clause, body) or bool(_SOME.search(clause))
        is_other_period, is_carried = _is_other_period(clause, period, is_carried)
        yield Clause(match.start(), match.end(), clause, names_other or is_other_period)
        if clause[-1] in "。;!?":
            names_other = False


def _names_other(clause: str, body: str | None) -> bool:
    """Return whether a clause begins with another government than the report's own, or names a wider territory."""
    if body is None or body in (NATION.name, *NATION.aliases):
        return False
    clause = _SYSTEM.sub("", clause)
    text = _LEAD.sub("", clause)
    places = [text[: match.end()] for match in _PLACE_END.finditer(text[:MAX_PLACE_CHARS])]
    is_other_place = any(place not in body and _is_government(place) for place in places)
    return is_other_place or is_wider_territory(clause, body)


@lru_cache(maxsize=4096)
def _is_government(place: str) -> bool:
    return bool(recognise(place))


def _is_other_period(clause: str, period: Period, is_carried: bool) -> tuple[bool, bool]:
    """Return whether a clause is about another quarter than the report's, and whether the clauses after it are.

    `is_carried` is that of the clause before it.
    """
    year, quarter = period
    named = [m for m in _QUARTER.finditer(clause) if quarter and not _COMPARED.search(clause[: m.start()])]
    others = [m for m in named if QUARTERS[m["quarter"]] != quarter or (m["year"] and year and int(m["year"]) != year)]
    if re.search("本季度|本次", clause) or len(others) < len(named):
        return False, False
    is_carried = is_carried or any(_TOPIC.fullmatch(clause[: match.start()]) for match in others)
    return is_carried or bool(others), is_carried


def is_skipped(clause: Clause, position: int, kind: Kind) -> bool:
    """Return whether a number at a position of the paragraph is not the report's own, by the words around it."""
    before, after = clause.text[: position - clause.start], clause.text[position - clause.start :]
    return (
        clause.is_other
        or bool(kind.prose.skipped and kind.prose.skipped.search(before))
        or bool(kind.prose.skipped_after and kind.prose.skipped_after.search(after))
    )
