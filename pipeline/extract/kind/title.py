"""Recognise the kind of a report by its title, and its body and period."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.kind import Kind
from pipeline.core.model import Document, Finding
from pipeline.core.text import normalize
from pipeline.extract.kind.period import (
    PeriodOfText,
    cut_period,
    find_file_period,
    find_period,
    find_stated_period,
    find_year_alone,
)
from pipeline.extract.titles import MAX_TITLE_CHARS, YEARS, clean_body, find_years, parse_title

MAX_LINES = 12  # at the start of a document, in which its title is looked for
MAX_TITLE_LINES = 3
_OFFICE = re.compile(
    "(?:(?<=政府)(?:办公室|办公厅|办)|(?<=国务院)办公厅|(?<=[厅局])办公室)(?:秘书局|政府信息与政务公开办公室)?$"
)
_NATION = re.compile("全国|国务院")
_NUMBER = re.compile(r"\([^()]*号\)$")  # of the document
_QUOTED = re.compile("^(?P<before>.*?)(?P<verb>转发|批转|印发|公布|发布|更正)(?:.{0,20}?)《(?P<title>[^《》]+)》")
_PASSED_ON = re.compile("^(?P<before>.*?)(?P<verb>转发|批转|印发)(?P<title>[^《》]+?)(?:的通知)?$")
_BRACKET = re.compile(r"\([^()]*\)$")  # at the end, around a year or a quarter
NATION = "国务院"


@dataclass(frozen=True)
class TitleOfKind:
    """The content of a title: kind, printed body ('' for none), year (None for none) and quarter (0 for none).

    `other_span` has the words for a period that is no quarter, such as 上半年.
    """

    kind: Kind
    body: str
    year: int | None
    quarter: int
    other_span: str = ""

    @property
    def lacks_quarter(self) -> bool:
        """Whether reports of the kind are on a quarter, and the title has none."""
        return self.kind.has_quarters and not self.quarter


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


def questions(title: TitleOfKind, subject: str = "") -> tuple[Finding, ...]:
    """Return a question for the user for each of body, year, quarter and subject that is needed and not stated."""
    needed = title.kind.subject
    asked = {
        "who.body": not title.body,
        "who.year": title.year is None,
        "who.quarter": title.lacks_quarter,
        "who.subject": bool(needed) and not subject,
    }
    notes = {"who.quarter": title.other_span, "who.subject": title.kind.attributes[needed][0] if needed else ""}
    return tuple(
        Finding(code, "document", "fail", "warning", note=notes.get(code) or "?")
        for code, is_unknown in asked.items()
        if is_unknown
    )


def parse_kind_title(text: str, kinds: Iterable[Kind]) -> TitleOfKind | None:
    """Return the title of a report of one of the kinds that is the whole text, None if it is none.

    In 转发《…》 and 印发《…》 the title that is passed on counts, also without the marks; its body may be before 印发,
    but who passes on a report of another body (转发) is not its body.
    """
    compact = _NUMBER.sub("", "".join(normalize(text).split()))
    if quoted := _QUOTED.search(compact) or _PASSED_ON.search(compact):
        title = parse_kind_title(quoted["title"], kinds)
        is_own = title and not title.body and quoted["verb"] in ("印发", "公布", "发布")
        return replace(title, body=_body(quoted["before"])) if title and is_own else title
    compact = compact.strip("《》<>#*")
    if not compact or len(compact) > MAX_TITLE_CHARS or "。" in compact:
        return None
    bare = _BRACKET.sub("", compact)
    for kind in kinds:
        if match := next((m for pattern in kind.titles if (m := pattern.search(bare))), None):
            period = find_period(compact)
            if not kind.has_quarters:
                period = PeriodOfText(period.year, 0)
            return TitleOfKind(kind, _body(compact[: match.start()]), *period)
    return None


def _body(head: str) -> str:
    """Return the body that the words before the name of a report give, '' if they give none."""
    head = re.sub(r"\([^()]*\)$", "", head)
    before, about, after = head.partition("关于")
    for part in (before, after) if about else (head,):
        for name in cut_period(YEARS.sub("|", part)).split("|"):
            cleaned = clean_body(re.sub("(?:全[省市区县州盟]|度|[上下]?半年)+$|^度", "", name))
            if cleaned:
                return without_office(cleaned)
    return NATION if _NATION.search(head) else ""


def without_office(name: str) -> str:
    """Return the government for the name of its office, any other name as it is."""
    return _OFFICE.sub("", "".join(normalize(name).split()))


def _first_lines(document: Document) -> list[str]:
    return [line for p in document.paragraphs[:MAX_LINES] for line in p.text.split("\n") if line.strip()][:MAX_LINES]


def _first_cells(document: Document) -> list[str]:
    return [cell.text for grid in document.grids[:1] for cell in grid.cells[:2]]


def _candidates(document: Document, path: Path | None) -> Iterator[str]:
    """Yield the texts that may be the title: of the document, a first line, lines together, or the file's name."""
    lines = _first_lines(document)
    yield document.title
    for number in range(len(lines)):
        yield from _beginnings(lines[number:], lines[number - 1] if number else "")
    yield from _first_cells(document)
    if path is not None:
        yield path.stem


def _beginnings(lines: Sequence[str], before: str) -> Iterator[str]:
    """Yield the first line, and with a year also the lines after it.

    A body `before` a line that begins with 关于 is its part; above another line it may be the name of the website.
    """
    compact = "".join(normalize(lines[0]).split())
    body = "".join(normalize(before).split()).removesuffix("文件")
    start = body if compact.startswith("关于") and clean_body(body) else ""
    yield start + lines[0]
    for count in range(2, MAX_TITLE_LINES + 1):
        text = start + "".join(lines[:count])
        if find_years(compact) and count <= len(lines) and len(text) <= MAX_TITLE_CHARS:
            yield text


def _with_period(title: TitleOfKind, document: Document, path: Path | None) -> TitleOfKind:
    """Return the title with the period that the beginning of the document or the file's name gives, if it has none.

    A period that contradicts the title is not used.
    """
    text = "".join(normalize("".join(p.text for p in document.paragraphs)).split())
    alone = ["".join(normalize(line).split()) for line in (*_first_lines(document), *_first_cells(document))]
    sources = [PeriodOfText(find_year_alone(alone), 0)]
    if title.kind.has_quarters:
        sources.append(find_stated_period(text))
    if path:
        sources.append(find_file_period(normalize(path.stem)))
    for source in sources:
        title = _complete(title, source)
    return title


def _complete(title: TitleOfKind, period: PeriodOfText) -> TitleOfKind:
    """Return the title with the parts of a period that it lacks; a half-year does not become a quarter."""
    is_open = title.year is None and bool(title.other_span)  # the title names several years
    if is_open or (title.year and period.year and title.year != period.year):
        return title
    quarter = period.quarter if title.lacks_quarter and not title.other_span else title.quarter
    return replace(title, year=title.year or period.year, quarter=quarter)
