"""Which links may lead to a report, by their text; and dates as portals print them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pipeline.core.text import normalize
from pipeline.extract.titles import clean_body

MAX_TITLE_CHARS = 120
FIRST_YEAR = 2008  # reports exist since the Regulations took effect
_DISCLOSURE = r"(?:信息(?:主动)?|政务)公开"
_REPORT = re.compile(rf"{_DISCLOSURE}.{{0,14}}?(?:年度报告|工作报告|年报|报告)")
_CUT = re.compile(rf"(?:{_DISCLOSURE}.*)(?:\.\.\.?|…)$")  # portals cut long titles in a list
# Words that make another document of a title. The name of a body may have the second kind: 绩效考核办公室.
_OTHER = re.compile(r"通知|的函|请示|批复|解读|图解|读懂")
_OTHER_AFTER = re.compile(r"指南|方案|要点|公示|考核|评估|制度|规定|办法|培训|会议|模板|格式|说明[》)]?$")
_YEAR = r"(?:20\d\d|二[〇○零O0一二三四五六七八九]{3})"
_SHORT_TITLE = re.compile(
    rf"(?:.{{0,40}}?{_YEAR}年?度?(?:年度报告|年报|工作报告|报告)|{_YEAR}年?度?|.{{0,30}}{_YEAR}.{{0,20}}(?:\.\.\.?|…))"
)
_CORRECTION = re.compile(r"更正|修正|修订|修改|订正|勘误|重新(?:发布|公开)|更新版?[)）]?$")
_DAY = r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)"
_DATE = re.compile(rf"(?<!\d){_DAY}")
_COMPACT_DATE = re.compile(r"(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)")
# The date of publication, and a date of another kind that is used only without one.
_PUBLISHED = re.compile(r"(?:发布|公开|发文|公布|发稿)(?:日期|时间|于)[\s】\]):]{0,8}(?P<date>[^\s].{0,16})")
_LABELLED_DATE = re.compile(
    rf"(?<!系统)(?<!当前)(?<!统计)(?<!截止)(?<!更新)(?<!成文)(?<!生成)(?:日期|时间)[\s】\]):]{{0,8}}{_DAY}"
)
_LISTED_DATE = re.compile(r"[\[(（【]?20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]?")
_GONE = re.compile(r"不存在|已(?:被)?删除|找不到|未找到|无法找到|已下线|已失效|已过期|\b404\b|not found", re.IGNORECASE)


def tidy(text: str) -> str:
    """Return a text in one line without blanks at its ends."""
    return " ".join(text.split())


def without_date(text: str) -> str:
    """Return the text of a link without a date at its beginning or end."""
    return tidy(re.sub(rf"^{_LISTED_DATE.pattern}|{_LISTED_DATE.pattern}$", "", tidy(text)))


def is_report_title(text: str) -> bool:
    """Return whether a text may be the title of a report, also if the portal cut it."""
    compact = normalize("".join(text.split()))
    if len(compact) > MAX_TITLE_CHARS or _OTHER.search(compact):
        return False
    match = _REPORT.search(compact) or _CUT.search(compact)
    return match is not None and not _OTHER_AFTER.search(compact[match.start() :])


def is_short_entry(text: str) -> bool:
    """Return whether a text is a year, a title without its subject, or the name of a body: entries of a known list."""
    compact = normalize("".join(text.split()))
    if _OTHER.search(compact):
        return False
    return bool(_SHORT_TITLE.fullmatch(compact)) or (3 <= len(compact) <= 40 and bool(clean_body(f"某{compact}")))


def names_another_body(text: str, body: str) -> bool:
    """Return whether the text of a link names a body, and another one: 县卫健委政府信息公开年报."""
    compact = normalize("".join(text.split()))
    name = re.sub(rf"{_YEAR}年?度?|关于", "", re.split(rf"(?:政府)?{_DISCLOSURE}", compact)[0])
    return len(name) > 1 and name not in body and body not in name


def says_gone(text: str) -> bool:
    """Return whether a page says that it is no longer there."""
    return bool(_GONE.search(text[:2_000]))


def is_correction(title: str) -> bool:
    """Return whether a title says that its report corrects an earlier one (更正)."""
    return bool(_CORRECTION.search(normalize("".join(title.split()))))


def find_date(text: str) -> date | None:
    """Return the first date of a text, None if it has none."""
    return _first_date(_DATE.finditer(normalize(text)))


def find_published_date(text: str) -> date | None:
    """Return the first date after a label of the publication, such as 发布日期; None if there is none."""
    for match in _PUBLISHED.finditer(normalize(text)):
        printed = match["date"]
        if found := _first_date(_DATE.finditer(printed[:16])) or _first_date(_COMPACT_DATE.finditer(printed[:10])):
            return found
    return None


def find_labelled_date(text: str) -> date | None:
    """Return the first date after 日期 or 时间, unless the label says that it is of something else."""
    return _first_date(_LABELLED_DATE.finditer(normalize(text)))


def find_compact_date(text: str) -> date | None:
    """Return the first date of a text, also in the form 20240130."""
    return find_date(text) or _first_date(_COMPACT_DATE.finditer(normalize(text)))


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
