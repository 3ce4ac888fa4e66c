"""Collect what a document says about its body and year, the strongest evidence first.

Evidence is a title, a metadata line, a published or compiled report that the prose names, who compiled it, and the
signature. An address, a site, a superior body, part of a longer name, and how often a name occurs are none. For the
year only a title and the stated period count, never the date of a signature, a publication or a plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.core.model import Document
from pipeline.core.text import normalize
from pipeline.extract.titles import YEAR, clean_body, find_years, parse_title

MAX_TITLE_LINES = 40  # at the start of a document, in which a title is looked for
MAX_JOINED_LINES = 3  # over which a title may run
MAX_PROSE_CHARS = 4000  # at the start, in which a sentence names the report
MAX_SIGNATURE_LINES = 6  # at the end
MAX_META_CELLS = 60  # of the first tables

_REPORT = r"[^。;,:《》]{0,60}?(?:信息|政务)公开(?:工作|情况)*(?:20\d\d年?)?(?:年度|工作|情况)*(?:年报告|报告|年报)"
_NAMED = re.compile(
    rf"(?:公布|发布|公开|编制|印发)(?:了)?(?:《|〈|<)?(?P<title>{_REPORT})(?!有关|格式|编制|的通知|的要求|情况的|指南)"
)
_COMPILES = re.compile(
    r"由(?P<body>[^,。;:()《》由]{3,40}?)(?=根据|按照|依据|依照|结合|负责|组织|统一|汇总|编制|编写)[^。]{0,60}?(?:编制|编写)"
)
_COMPILES_OWN = re.compile(
    rf"(?:^|[,。])(?P<body>[^,。;:()《》]{{3,30}}?)编制(?:了)?(?:{YEAR}年?度?)?(?:政府|政务)?(?:信息|政务)公开"
)
_OFFICE_ENDING = re.compile(r"(?<=政府)(?:办公室|办公厅|办)$")
_ITSELF = re.compile(r"(?:^|[,。])(?P<body>[^,。;:()《》]{3,30}?)(?:结合|认真|编制)[^。]{0,20}?(?:编制|本单位)")
_OWN_WORK = re.compile(r"做好(?P<body>[^,。;:()《》]{3,30}?)政府信息公开工作,我")
_PERIOD = re.compile(
    rf"(?P<year>{YEAR}|20\d\d)(?:年?(?:0?1月0?1日|11日)|[.]0?1[.]0?1(?=[-—至到])|年0?1月(?:份)?[-—至到](?:\1年)?12月)"
)
_PLANS = r"(?![^。;]*(?:将|计划|拟|打算|下一步))"
_OVERVIEW = re.compile(rf"^(?:\(?[一二]\)?[、.])?(?:总体情况|概述)?[:。]?(?P<year>20\d\d)年(?:度|以来|来)?,{_PLANS}")
_SECTION = re.compile(
    r"(?=[一二三四五1-5][、.](?:总体情况|概述|主动公开|收到|政府信息公开行政|存在的)|政府信息公开情况统计表)"
)
_DATE = re.compile(rf"^\(?{YEAR}年\d{{1,2}}月(?:\d{{1,2}}日)?\)?$")


@dataclass(frozen=True)
class Evidence:
    """One statement about the report; `is_weak` if it must be confirmed. An empty body or no year states nothing."""

    body: str = ""
    years: tuple[int, ...] = ()
    is_title: bool = False
    is_weak: bool = False


def collect(document: Document) -> list[Evidence]:
    """Return the evidence of a document, the strongest first."""
    lines = _lines(document)
    prose = ",".join(lines)[:MAX_PROSE_CHARS]
    return [
        *_titles([*lines[:MAX_TITLE_LINES], document.title]),
        *_metadata(document),
        *_named_reports(prose),
        *_compilers(prose),
        *_periods(prose),
        *_signatures(lines),
        *_weak(lines, prose),
    ]


def _lines(document: Document) -> list[str]:
    texts = (line for paragraph in document.paragraphs for line in paragraph.text.splitlines())
    compact = ("".join(normalize(text).split()) for text in texts)
    return [line for text in compact for line in _SECTION.split(text) if line]


def _titles(lines: Sequence[str]) -> Iterator[Evidence]:
    """Yield the titles: those on one line that are complete, then those over several lines, then incomplete ones."""
    found = [title for line in lines if (title := parse_title(line))]
    complete = [title for title in found if title.body and title.years]
    if not complete:
        joined = ("".join(lines[i : i + n]) for n in range(2, MAX_JOINED_LINES + 1) for i in range(len(lines) - n + 1))
        found = [*(t for text in joined if (t := parse_title(text)) and t.body), *found]
        complete = [title for title in found if title.body and title.years]
    for title in complete[:1] or found[:1]:
        yield Evidence(title.body, title.years, is_title=True)


def _metadata(document: Document) -> Iterator[Evidence]:
    """Yield the titles in the cells of the first tables, such as that next to 标题."""
    cells = [cell.text for grid in document.grids[:2] for cell in grid.cells[:MAX_META_CELLS]]
    for title in (parse_title(text) for text in cells):
        if title and title.body:
            yield Evidence(title.body, title.years, is_title=True)


def _named_reports(prose: str) -> Iterator[Evidence]:
    """Yield the reports that the prose publishes or compiles: 现公布《…2022年政府信息公开工作年度报告》."""
    for match in _NAMED.finditer(prose):
        title = parse_title(re.sub(r"^.*(?:公布|发布|编制|印发)(?:了)?[《<〈]?", "", match["title"]))
        if title:
            yield Evidence(title.body, title.years)


def _compilers(prose: str) -> Iterator[Evidence]:
    """Yield who compiled the report. A government's office may have compiled its own report or the government's."""
    for match in (*_COMPILES.finditer(prose), *_COMPILES_OWN.finditer(prose)):
        name = clean_body(match["body"]) or ""
        government = _OFFICE_ENDING.sub("", name)
        if name and government != name and re.search(rf"20\d\d年(?:度|以来|来)?,{re.escape(government)}(?!办)", prose):
            yield Evidence(government)  # the office compiled it, and the overview is about the government
        elif name:
            yield Evidence(name, is_weak=government != name)


def _periods(prose: str) -> Iterator[Evidence]:
    """Yield the year of the stated period, which begins on 1 January."""
    for match in _PERIOD.finditer(prose):
        yield Evidence(years=tuple(find_years(match["year"] + "年")))


def _signatures(lines: Sequence[str]) -> Iterator[Evidence]:
    """Yield the body above the date at the end of the report."""
    for name_line, date_line in pairwise(lines[-MAX_SIGNATURE_LINES:]):
        if _DATE.match(date_line) and (name := clean_body(name_line)):
            yield Evidence(name, is_weak=bool(_OFFICE_ENDING.search(name)))


def _weak(lines: Sequence[str], prose: str) -> Iterator[Evidence]:
    """Yield what must be confirmed: a body that speaks of its own report, and the year that opens the overview."""
    for pattern in (_ITSELF, _OWN_WORK):
        for match in pattern.finditer(prose):
            if name := clean_body(match["body"]):
                yield Evidence(name, is_weak=True)
    for line in lines[:MAX_TITLE_LINES]:
        if overview := _OVERVIEW.match(line):
            yield Evidence(years=(int(overview["year"]),), is_weak=True)
