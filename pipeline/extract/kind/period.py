"""Read the year and the quarter that a title, a text or the name of a file states."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.extract.titles import find_years

MAX_PERIOD_CHARS = 1500  # at the start of a document, in which a period is looked for if the title has none
QUARTERS = {digit: number for number, digits in enumerate(("一1", "二2", "三3", "四4"), 1) for digit in digits}
_FIRST_MONTHS = {"1": 1, "4": 2, "7": 3, "10": 4}
_TO = "[-—~、和与及至到]"
_QUARTER = re.compile(
    f"第?(?P<number>[一二三四1-4])季度?(?!末)|[Qq](?P<digit>[1-4])(?![0-9])|"
    f"(?<![0-9])(?P<month>1月?{_TO}3|4月?{_TO}6|7月?{_TO}9|10月?{_TO}12)月份?"
)
_SEVERAL = re.compile(f"[一二三四1-4](?:个?季度?)?{_TO}第?[一二三四1-4]个?季度|[上下]?半年|前[一二两三1-3]个?季度")
_NO_QUARTER = "第?[五六七八九十]{1,2}季度|第(?:[05-9]|[0-9]{2,3})季度"
_OTHER_SPAN = re.compile(f"{_NO_QUARTER}|(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})月份?|全年|年度|年终|年底")
_STATED = re.compile("20[0-9]{2}年度?[^,。;0-9]{0,10}?第?[一二三四1-4](?:季度)?[^,。;]{0,4}")
_CLAUSE = re.compile("[^,。;]+")
# Words in a clause on a period before or after the report's; 现将…通报如下 is on its own.
_OF_ANOTHER = re.compile("^(?!.*现将).*?(?:根据|按照|要求|精神|通报的|通报中|将|继续|整改|以来)")
_PRINTED_YEAR = re.compile("(20[0-9]{2})年")
_FILE_YEAR = re.compile("(?<![0-9])20[0-9]{2}(?![0-9])")
_YEAR_ALONE = re.compile(r"\(?(20[0-9]{2})年度?\)?")


class PeriodOfText(NamedTuple):
    """The year of a text (None for none or several), its quarter (0 for none), and words for another span."""

    year: int | None
    quarter: int
    other_span: str = ""


def find_period(text: str) -> PeriodOfText:
    """Return the period of a normalised text without spaces.

    A half-year, a month, a whole year or several quarters are no quarter: then `other_span` has the words. The months
    4-6月 are a quarter.
    """
    years = tuple(dict.fromkeys(find_years(text)))
    quarters = tuple(dict.fromkeys(_number(match) for match in _QUARTER.finditer(text)))
    span = _SEVERAL.search(text) or (None if len(quarters) == 1 else _OTHER_SPAN.search(text))
    words = span.group() if span else (" | ".join(map(str, quarters)) if len(quarters) > 1 else "")
    is_one_year = len(years) == 1 and (not words or len(set(_PRINTED_YEAR.findall(text))) < 2)
    return PeriodOfText(years[0] if is_one_year else None, 0 if words or not quarters else quarters[0], words)


def cut_period(text: str) -> str:
    """Return a text with a bar in place of its quarters."""
    return _QUARTER.sub("|", text)


def find_stated_period(text: str) -> PeriodOfText:
    """Return the only year and quarter that the beginning of a text names together; of several, none."""
    clauses = (match.group() for match in _CLAUSE.finditer(text[:MAX_PERIOD_CHARS]))
    own = (clause for clause in clauses if not _OF_ANOTHER.match(clause))
    stated = {find_period(match.group()) for clause in own for match in _STATED.finditer(clause)}
    return stated.pop() if len(stated) == 1 else PeriodOfText(None, 0)


def find_file_period(stem: str) -> PeriodOfText:
    """Return the period that the name of a file gives; digits next to a year make it a code."""
    years = set(map(int, _FILE_YEAR.findall(stem)))
    return find_period(stem)._replace(year=years.pop() if len(years) == 1 else None)


def find_year_alone(lines: list[str]) -> int | None:
    """Return the year of the lines that are only a year, such as （2023年度）; None for none or several."""
    years = {int(match[1]) for line in lines if (match := _YEAR_ALONE.fullmatch(line))}
    return years.pop() if len(years) == 1 else None


def _number(match: re.Match[str]) -> int:
    if month := match["month"]:
        return _FIRST_MONTHS[re.split(f"月?{_TO}", month)[0]]
    return QUARTERS[match["number"] or match["digit"]]
