"""Recognise which body reports on which year: from the title, the prose and the file's path.

Evidence that contradicts itself leaves the body or the year open, with a question for the user.
"""

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
MAX_TITLE_PARAGRAPHS = 12  # paragraphs that are searched for a title
# 「某某局2019年政府信息公开工作年度报告」, perhaps with （模拟） before it.
_TITLE = re.compile(
    r"^(?:\(模拟\))?(?P<body>[^\d,。;:]{2,40}?)(?:关于)?(?P<year>20\d\d)年(?:度)?(?:政府)?(?:信息|政务)公开.{0,8}年?度?报告"
)
_PERIOD = re.compile(r"(?:自|从|时限|期限)\D{0,6}(20\d\d)年1月1日")
_YEAR = re.compile(r"(20\d\d)年")
_PATH_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_PATH_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


@dataclass(frozen=True)
class BodyAndYear:
    """The body and the year of a report, None if they are unclear, and questions about them for the user.

    `is_from_title` is true if the title gives both.
    """

    body: str | None
    year: int | None
    is_from_title: bool
    questions: tuple[Finding, ...]


def recognise_body_and_year(document: Document, register: Register, path: Path | None = None) -> BodyAndYear:
    """Return the body and the year of a report.

    If the evidence differs, the title counts and a question is added. Without a title, the body or year is then None.
    """
    title = _find_title(document)
    prose = normalize("".join("".join(p.text.split()) + "\n" for p in document.paragraphs))
    bodies = [title[0] if title else None, _find_body(prose, register), _find_path_body(path, register)]
    years = [title[1] if title else None, _find_year(prose), _find_path_year(path)]
    body, body_question = _decide(bodies, "who.body", [_get_official_name(b, register) for b in bodies])
    year, year_question = _decide(years, "who.year", years)
    questions = tuple(question for question in (body_question, year_question) if question)
    return BodyAndYear(body, year, title is not None, questions)


def _decide(
    evidence: Sequence[T | None], question: str, comparable_values: Sequence[object]
) -> tuple[T | None, Finding | None]:
    """Return the value that the evidence supports, and a question if it differs or is absent.

    `evidence` comes from title, prose and path, None if a source gives nothing. `comparable_values` holds the same
    values in comparable form. The first value wins if all agree. If they differ, only the title's counts.
    """
    values = [value for value in evidence if value is not None]
    distinct_values = list(dict.fromkeys(str(c) for c in comparable_values if c is not None))
    if len(distinct_values) < 2 and values:
        return values[0], None
    finding = Finding(question, "document", "fail", "warning", note=" | ".join(distinct_values) or "?")
    return (evidence[0] if values else None), finding


def _get_official_name(body: str | None, register: Register) -> str | None:
    """Return the registered name of a body, or the printed name if it is not registered."""
    registered_body = register.find(body) if body else None
    return registered_body.name if registered_body else body


def _find_title(document: Document) -> tuple[str, int] | None:
    """Return body and year of the first title among the first paragraphs; a title may span two of them."""
    texts = [document.title, *(p.text for p in document.paragraphs[:MAX_TITLE_PARAGRAPHS])]
    for text in (*texts, *(first + second for first, second in pairwise(texts))):
        match = _TITLE.match("".join(normalize(text).split()))
        if match:
            return match["body"], int(match["year"])
    return None


def _find_body(prose: str, register: Register) -> str | None:
    """Return the registered body that the prose names most often, None on a tie."""
    return _find_most_frequent(Counter(register.count_mentions(prose)))


def _find_year(prose: str) -> int | None:
    """Return the year of the stated period, else the one year that the prose names most often."""
    period = _PERIOD.search(prose)
    year = period.group(1) if period else _find_most_frequent(Counter(_YEAR.findall(prose)))
    return int(year) if year else None


def _find_most_frequent(counts: Counter[str]) -> str | None:
    """Return the most frequent text, None on a tie or without any."""
    ranked_texts = counts.most_common(2)
    return (
        ranked_texts[0][0]
        if ranked_texts and (len(ranked_texts) == 1 or ranked_texts[0][1] > ranked_texts[1][1])
        else None
    )


def _find_path_year(path: Path | None) -> int | None:
    """Return the only year in the file's name, else the only one in its folder's name."""
    for name in _list_path_names(path):
        years = set(_PATH_YEAR.findall(name))
        if len(years) == 1:
            return int(years.pop())
    return None


def _find_path_body(path: Path | None, register: Register) -> str | None:
    """Return the body whose id, name or region code the file's name contains, else the one in its folder's name."""
    for name in _list_path_names(path):
        named_body = _find_most_frequent(Counter(register.count_mentions(name)))
        region_bodies = [register.bodies[c].name for c in _PATH_CODE.findall(name) if c in register.bodies]
        exact_body = register.bodies.get(name)
        if exact_body or named_body or len(region_bodies) == 1:
            return exact_body.name if exact_body else named_body or region_bodies[0]
    return None


def _list_path_names(path: Path | None) -> Iterator[str]:
    """Yield the normalised names of the file (without suffix) and of its folder."""
    if path is not None:
        yield normalize(path.stem)
        yield normalize(path.parent.name)
