"""Find the clauses of a paragraph whose numbers belong to another body or to another period than the report's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.core.kind import Kind
from pipeline.extract.figure_subjects import is_wider_territory
from pipeline.extract.kind.scope import Scope
from pipeline.extract.kind.spans import is_other_period
from pipeline.registry.body_names import recognise
from pipeline.registry.governments import NATION

MAX_PLACE_CHARS = 9
_CLAUSE = re.compile(r"(?:[^,:;()。!?]|(?<=\d)[,](?=\d{3}))+[,:;()。!?]?")
_LEAD = re.compile("^(?:其中|同时|此外|另外|例?如|和|及|对于?|在|由|经)+")
_PLACE_END = re.compile("[市县区旗州盟省](?![级(])")
_SYSTEM = re.compile('[“"《][^”"》]*[”"》]|全[国省市][^,。;0-9]{0,14}?(?:系统|平台|普查|名录)')  # is no territory
_PLACES = "地区|地(?!方)|省份|[省市州县区旗盟]|部门|单位"
_SOME = re.compile(  # some places of a territory: 北京、天津等16个地区, 兰州、陇南8市; but not 各地区和71个部门
    rf"等\d*[个家]?(?:{_PLACES})|、[^,、:0-9]{{1,6}}\d+[个家]?(?:{_PLACES})(?!\(|市|区|直|级|人民|政府)"
)
_OWN = re.compile("(?:全|我|本)[国省市县区州盟旗]|[我本](?:局|委|厅|办|院|部|校|镇|乡|单位|机关)|本季度|本次|总体")
_ZONE = re.compile("[^,。;:0-9]{0,12}?(?:示范区|开发区|高新区|园区)")
_THIS = re.compile("本季度|本次")
_POINTED = re.compile("该(?:省|市|州|县|区|旗|局|委|厅|院|校|镇|乡|街道)")


class Clause(NamedTuple):
    """A clause by its offsets in the paragraph; `is_other` if its numbers count for another body or period."""

    start: int
    end: int
    text: str
    is_other: bool


def find_clauses(text: str, scope: Scope, is_other: bool = False) -> list[Clause]:
    """Return the clauses of a normalised paragraph without spaces; `is_other` if its section counts something else.

    A government that begins a clause is its subject until the paragraph ends or speaks of the whole again. Some places
    of the territory are until the sentence ends, and so is what the kind leaves unread if it begins a clause. Of a
    report whose body is unknown, no name is another one.
    """
    return list(_clauses(text, scope, is_other))


def _clauses(text: str, scope: Scope, is_other: bool) -> Iterator[Clause]:
    names_other = names_some = is_left = is_carried = False
    outside = (False, False)  # names_other and is_carried before the bracket that is open
    for match in _CLAUSE.finditer(text):
        clause = match.group()
        if _OWN.search(clause):
            names_other = names_some = False
        names_other = names_other or _names_other(clause, scope)
        names_some = names_some or bool(_SOME.search(clause))
        is_other_span, is_carried = is_other_period(clause, scope.period, is_carried)
        begins_left = bool(_match(scope.kind.prose.skipped, _LEAD.sub("", clause)))
        is_left = (is_left or begins_left) and not _THIS.search(clause)
        others = (is_other, names_other, names_some, is_left, is_other_span)
        yield Clause(match.start(), match.end(), clause, any(others))
        if clause[-1] in "。;!?":
            names_some = is_left = False
        outside = (names_other, is_carried) if clause.endswith("(") else outside
        if clause.endswith(")"):  # a body or a period in brackets ends with them
            names_other, is_carried = outside


def _names_other(clause: str, scope: Scope) -> bool:
    """Return whether a clause begins with another government or office than the report's own, or a wider territory."""
    if scope.body is None or scope.body in (NATION.name, *NATION.aliases):
        return False
    clause = _SYSTEM.sub("", clause)
    text = _LEAD.sub("", clause)
    governments = (text[: match.end()] for match in _PLACE_END.finditer(text[:MAX_PLACE_CHARS]))
    others = [place for place in governments if _is_government(place)]
    if not _OWN.search(clause):
        others += [_name(match) for match in (_ZONE.match(text), _match(scope.kind.prose.other_subject, text)) if match]
    is_other = any(name not in scope.body for name in others)
    return is_other or bool(_POINTED.search(clause)) or is_wider_territory(clause, scope.body)


def _match(pattern: re.Pattern[str] | None, text: str) -> re.Match[str] | None:
    return pattern.match(text) if pattern else None


def _name(match: re.Match[str]) -> str:
    """Return the name of the other body in a match: its group `name`, or all of it."""
    return match.groupdict().get("name") or match.group()


@lru_cache(maxsize=4096)
def _is_government(place: str) -> bool:
    return bool(recognise(place))


def is_skipped(clause: Clause, position: int, kind: Kind) -> bool:
    """Return whether a number at a position of the paragraph is not the report's own, by the words around it."""
    before, after = clause.text[: position - clause.start], clause.text[position - clause.start :]
    return (
        clause.is_other
        or bool(kind.prose.skipped and kind.prose.skipped.search(before))
        or bool(kind.prose.skipped_after and kind.prose.skipped_after.search(after))
    )
