"""Whose report it is and of which year: from its title, its prose and its file's name. What is not clear stays open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from pipeline.core.model import Document, Finding
from pipeline.core.text import normalize
from pipeline.registry.load import Register

T = TypeVar("T")
HEADS = 12  # paragraphs in which a title is looked for
# 「某某局2019年政府信息公开工作年度报告」, perhaps with （模拟） before it.
_TITLE = re.compile(
    r"^(?:\(模拟\))?(?P<body>[^\d,。;:]{2,40}?)(?:关于)?(?P<year>20\d\d)年(?:度)?(?:政府)?(?:信息|政务)公开.{0,8}年?度?报告"
)
_PERIOD = re.compile(r"(?:自|从|时限|期限)\D{0,6}(20\d\d)年1月1日")
_YEAR = re.compile(r"(20\d\d)年")
_PATH_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_PATH_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


@dataclass(frozen=True)
class Who:
    """Body and year, None where they are not clear; `titled` if the title says both; questions for the user."""

    body: str | None
    year: int | None
    titled: bool
    questions: tuple[Finding, ...]


def recognise(document: Document, register: Register, path: Path | None = None) -> Who:
    """Who reports on which year. A title decides; without one, prose and file name must not contradict each other."""
    title = _title(document)
    prose = normalize("".join("".join(p.text.split()) + "\n" for p in document.paragraphs))
    bodies = [title[0] if title else None, _body(prose, register), _path_body(path, register)]
    years = [title[1] if title else None, _year(prose), _path_year(path)]
    body, body_question = _settled(bodies, "who.body", [_official(b, register) for b in bodies])
    year, year_question = _settled(years, "who.year", years)
    return Who(body, year, title is not None, tuple(q for q in (body_question, year_question) if q))


def _settled(found: Sequence[T | None], question: str, compared: Sequence[object]) -> tuple[T | None, Finding | None]:
    """The first that is known, which is the title's; None and a question where nothing decides between two others."""
    told = [value for value in found if value is not None]
    differing = list(dict.fromkeys(str(c) for c in compared if c is not None))
    if len(differing) < 2 and told:
        return told[0], None
    finding = Finding(question, "document", "fail", "warning", note=" | ".join(differing) or "?")
    return (found[0] if told else None), finding


def _official(body: str | None, register: Register) -> str | None:
    known = register.find(body) if body else None
    return known.name if known else body


def _title(document: Document) -> tuple[str, int] | None:
    heads = [document.title, *(p.text for p in document.paragraphs[:HEADS])]
    for head in (*heads, *(a + b for a, b in pairwise(heads))):
        found = _TITLE.match("".join(normalize(head).split()))
        if found:
            return found["body"], int(found["year"])
    return None


def _body(prose: str, register: Register) -> str | None:
    """The registered body that the prose names most, if one stands out."""
    return _most(Counter(register.count_mentions(prose)))


def _year(prose: str) -> int | None:
    """The year of the stated period, else the one year that the prose names most."""
    period = _PERIOD.search(prose)
    named = period.group(1) if period else _most(Counter(_YEAR.findall(prose)))
    return int(named) if named else None


def _most(counted: Counter[str]) -> str | None:
    ranked = counted.most_common(2)
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else None


def _path_year(path: Path | None) -> int | None:
    """The year in the file's name, else in its folder's."""
    for part in _parts(path):
        years = set(_PATH_YEAR.findall(part))
        if len(years) == 1:
            return int(years.pop())
    return None


def _path_body(path: Path | None, register: Register) -> str | None:
    """The body whose name or id the file's name has, or the government whose region code it has."""
    for part in _parts(path):
        named = _most(Counter(register.count_mentions(part)))
        codes = [register.bodies[c].name for c in _PATH_CODE.findall(part) if c in register.bodies]
        exact = register.bodies.get(part)
        if exact or named or len(codes) == 1:
            return exact.name if exact else named or codes[0]
    return None


def _parts(path: Path | None) -> Iterator[str]:
    if path is not None:
        yield normalize(path.stem)
        yield normalize(path.parent.name)
