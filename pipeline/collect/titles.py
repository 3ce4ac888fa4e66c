"""Which links may lead to a report, by their text; and dates as portals print them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pipeline.core.text import normalize
from pipeline.extract.titles import clean_body

MAX_TITLE_CHARS = 120
FIRST_YEAR = 2008  # reports exist since the Regulations took effect
_REPORT = re.compile(r"(?:信息|政务)公开.{0,14}?(?:年度报告|工作报告|年报|报告)")
_CUT = re.compile(r"(?:信息|政务)公开.*(?:\.\.\.?|…)$")  # portals cut long titles in a list
_OTHER = re.compile(
    r"通知|的函|请示|批复|解读|图解|读懂|指南|方案|要点|公示|考核|评估|制度|规定|办法|培训|会议|模板|格式|说明[》)]?$"
)
_YEAR = re.compile(r"20\d\d(?:年度?)?(?:报告|年报)?")
_CORRECTION = re.compile(r"更正|修正|修订|修改|订正|勘误|重新(?:发布|公开)|更新版?[)）]?$")
_DAY = r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)"
_DATE = re.compile(rf"(?<!\d){_DAY}")
_LABELLED_DATE = re.compile(rf"(?:发布|公开|发文|成文|印发|发稿|上传)?(?:日期|时间)[\s】\]):]{{0,8}}{_DAY}")


def tidy(text: str) -> str:
    """Return a text in one line without blanks at its ends."""
    return " ".join(text.split())


def is_report_title(text: str) -> bool:
    """Return whether a text may be the title of a report, also if the portal cut it."""
    compact = normalize("".join(text.split()))
    if len(compact) > MAX_TITLE_CHARS or _OTHER.search(compact):
        return False
    return bool(_REPORT.search(compact) or _CUT.search(compact))


def is_body_or_year(text: str) -> bool:
    """Return whether a text is only a year or the name of a body, as in a list of reports that has no titles."""
    compact = normalize("".join(text.split()))
    return bool(_YEAR.fullmatch(compact)) or (3 <= len(compact) <= 40 and bool(clean_body(f"某{compact}")))  # 市教育局


def is_correction(title: str) -> bool:
    """Return whether a title says that its report corrects an earlier one (更正)."""
    return bool(_CORRECTION.search(normalize("".join(title.split()))))


def find_date(text: str) -> date | None:
    """Return the first date of a text, None if it has none."""
    return _first_date(_DATE.finditer(normalize(text)))


def find_labelled_date(text: str) -> date | None:
    """Return the first date that follows a label such as 发布日期, None if there is none."""
    return _first_date(_LABELLED_DATE.finditer(normalize(text)))


def _first_date(matches: Iterable[re.Match[str]]) -> date | None:
    for match in matches:
        year, month, day = (int(match[i]) for i in (1, 2, 3))
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if year >= FIRST_YEAR:
            return found
    return None
