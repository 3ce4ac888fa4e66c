"""Recognise the kind of a report by its title, and its body and period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipeline.core.kind import Kind
from pipeline.core.model import Document, Finding
from pipeline.core.text import normalize
from pipeline.extract.titles import MAX_TITLE_CHARS, clean_body, parse_title

MAX_LINES = 12  # at the start of a document, in which its title is looked for
MAX_PERIOD_CHARS = 1500  # at the start, in which a period is looked for if the title has none
_YEAR = re.compile("(?<![0-9])(20[0-9]{2})(?:年度?|(?=[^0-9]|$))")
_QUARTER = re.compile("第?([一二三四1-4])季度?(?!末)|[Qq]([1-4])(?![0-9])")
_PERIOD = re.compile("(20[0-9]{2})年度?(?:[^,。;0-9]{0,10}?)第?([一二三四1-4])季度")
_DIGITS = {digit: number for number, digits in enumerate(("一1", "二2", "三3", "四4"), 1) for digit in digits}
_OFFICE = re.compile("(?<=政府)(?:办公室|办公厅|办)$")
_NATION = re.compile("全国|国务院")
NATION = "国务院"


@dataclass(frozen=True)
class TitleOfKind:
    """The content of a title: kind, printed body ('' for none), year (None for none) and quarter (0 for none)."""

    kind: Kind
    body: str
    year: int | None
    quarter: int


def recognise_kind(document: Document, kinds: Mapping[str, Kind], path: Path | None = None) -> TitleOfKind | None:
    """Return what the title of a report of another kind says; its beginning or file name may give the period.

    None for an annual report on disclosure, whose title may come first, and for a document without a title of a kind.
    """
    if parse_title(document.title):
        return None
    for text in _candidates(document, path):
        if parse_title(text):
            return None
        if title := parse_kind_title(text, kinds.values()):
            return _with_period(title, document, path)
    return None


def questions(title: TitleOfKind) -> tuple[Finding, ...]:
    """Return a question for the user for each part of body and period that is not stated."""
    has_period = title.year is not None and (title.quarter or not title.kind.has_quarters)
    asked = {"who.body": bool(title.body), "who.year": has_period}
    return tuple(
        Finding(code, "document", "fail", "warning", note="?") for code, is_known in asked.items() if not is_known
    )


def parse_kind_title(text: str, kinds: Iterable[Kind]) -> TitleOfKind | None:
    """Return the title of a report of one of the kinds that is the whole text, None if it is none."""
    compact = "".join(normalize(text).split()).strip("《》<>#*")
    if not compact or len(compact) > MAX_TITLE_CHARS or "。" in compact:
        return None
    for kind in kinds:
        if match := next((m for pattern in kind.titles if (m := pattern.search(compact))), None):
            years = dict.fromkeys(map(int, _YEAR.findall(compact)))
            quarters = dict.fromkeys(_DIGITS[m[1] or m[2]] for m in _QUARTER.finditer(compact))
            year = next(iter(years)) if len(years) == 1 else None
            quarter = next(iter(quarters)) if len(quarters) == 1 and kind.has_quarters else 0
            return TitleOfKind(kind, _body(compact[: match.start()]), year, quarter)
    return None


def _body(head: str) -> str:
    """Return the body that the words before the name of a report give, '' if they give none."""
    head = re.sub(r"\([^()]*\)$", "", head)
    before, about, after = head.partition("关于")
    for part in (before, after) if about else (head,):
        text = _QUARTER.sub("", _YEAR.sub("|", part))
        for name in text.split("|"):
            cleaned = clean_body(re.sub("(?:全[省市区县州盟]|度)+$|^度", "", name))
            if cleaned:
                return without_office(cleaned)
    return NATION if _NATION.search(head) else ""


def without_office(name: str) -> str:
    """Return the government for the name of its office, any other name as it is."""
    return _OFFICE.sub("", "".join(normalize(name).split()))


def _candidates(document: Document, path: Path | None) -> Iterator[str]:
    """Yield the texts that may be the title: of the document, a first line, two lines together, or the file's name."""
    lines = [line for p in document.paragraphs[:MAX_LINES] for line in p.text.split("\n") if line.strip()][:MAX_LINES]
    yield document.title
    for line, following in pairwise([*lines, ""]):
        yield line
        if _YEAR.search(normalize(line)) and len(line) + len(following) <= MAX_TITLE_CHARS:
            yield line + following
    grids = (cell.text for grid in document.grids[:1] for cell in grid.cells[:2])
    yield from grids
    if path is not None:
        yield path.stem


def _with_period(title: TitleOfKind, document: Document, path: Path | None) -> TitleOfKind:
    """Return the title with the period that the beginning of the document or the file's name gives, if it has none."""
    if title.year and (title.quarter or not title.kind.has_quarters):
        return title
    beginning = normalize("".join(p.text for p in document.paragraphs))[:MAX_PERIOD_CHARS]
    if title.kind.has_quarters:
        found = {(int(m[1]), _DIGITS[m[2]]) for m in _PERIOD.finditer("".join(beginning.split()))}
        if len(found) == 1:
            ((stated_year, stated_quarter),) = found
            return TitleOfKind(title.kind, title.body, title.year or stated_year, title.quarter or stated_quarter)
    stem = normalize(path.stem) if path else ""
    years, quarters = set(map(int, _YEAR.findall(stem))), {_DIGITS[m[1] or m[2]] for m in _QUARTER.finditer(stem)}
    year = title.year or (years.pop() if len(years) == 1 else None)
    quarter = title.quarter or (quarters.pop() if len(quarters) == 1 and title.kind.has_quarters else 0)
    return TitleOfKind(title.kind, title.body, year, quarter)
