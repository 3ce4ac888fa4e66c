"""Parse the title of a report: whose it is, and on which year.

The year may be printed in any form (2022年, 二〇二二年, 22年, （2022年度）) before, in or after the rest of the title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.core.text import normalize

MAX_TITLE_CHARS = 90
_NECESSARY = re.compile("公[开開]")  # nearly no other text has it, and it is found fast
_CHINESE_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | dict.fromkeys("〇○OoО0", "0")
_DIGIT = f"[{''.join(_CHINESE_DIGITS)}]"
YEAR = rf"(?:20\d\d(?!\d)|(?<!\d)\d\d(?=年)|二{_DIGIT}{{3}})"
YEARS = re.compile(rf"(?P<year>{YEAR})(?:年度|年|(?=[-—至、和]))?")
_KIND = (
    r"(?P<government>政府)?(?:信息|政务)公开(?:工作|情况)*"
    rf"(?P<middle>{YEAR}年?)?(?:年度|工作|情况|的)*(?:年报告|报告|年报)"
)
_TITLE = re.compile(rf"(?P<head>.{{0,60}}?){_KIND}(?P<tail>\([^()]{{0,20}}\))*")
_CHROME = re.compile(
    r"^(?:【[^】]{0,8}】|\[[^\]]{0,8}\]|\(模拟\)|(?:信息)?(?:标题|名称|题名)[::]?|正文|附件?\d*[::]?|#+|(?:政府)?信息公开年报[::])+"
)
_BODY_START = re.compile(r"^(?:关于|现将|现|将|《)+")
_BODY_END = re.compile(
    r"(?:政府|公署|局|委|会|厅|办|办公室|中心|处|队|所|院|站|社|馆|街道|镇|乡|苏木|[省市区县旗州盟]|农场|林场|组|部|署|司|台|室|公司|大学|学院|学校|医院|人民)$"
)
_SHORT_GOVERNMENT = re.compile(r"(?<=[省市区县旗州盟镇乡])政府$")
_NO_BODY = re.compile(
    r"(?<!第)\d|[,。;:、?!()《》<>|]|条例|根据|要求|报告|通知|本单位|本机关|我[局委办县市区镇乡街厅]|有关|各[级单]|^(?:[区县省镇乡]|市(?![中南北]))(?=人民|政府|[^江原远宁].*局|卫生|教育|统计)"
)


@dataclass(frozen=True)
class Title:
    """A report's title: the printed body, '' if it names none, and its years. There should be one year."""

    body: str
    years: tuple[int, ...]

    @property
    def year(self) -> int | None:
        """The year, None if the title has none or several."""
        return self.years[0] if len(self.years) == 1 else None


def parse_title(text: str) -> Title | None:
    """Return the title that is the whole text, None if it is none."""
    printed = "".join(text.split())
    if len(printed) > MAX_TITLE_CHARS or not _NECESSARY.search(printed):
        return None
    compact = normalize(printed)
    parts = (compact, *re.split(r"[>|»_-]", compact))
    return next((title for part in parts if (title := _parse_part(_CHROME.sub("", part)))), None)


def _parse_part(text: str) -> Title | None:
    match = _TITLE.fullmatch(text)
    if match is None:
        return None
    tail = match["tail"] or ""
    years = dict.fromkeys(find_years(f"{match['head']} {match['middle'] or ''} {tail}"))
    name = clean_body(YEARS.sub("", match["head"]) + ("政府" if _is_of_government(match) else ""))
    return None if name is None else Title(name, tuple(years))


def _is_of_government(match: re.Match[str]) -> bool:
    """Return whether the first 政府 belongs to the body: 清江浦区人民 | 政府信息公开."""
    return bool(match["government"]) and YEARS.sub("", match["head"]).endswith("人民")


def clean_body(text: str) -> str | None:
    """Return the name of a body, '' for an empty text, None if the text is no name."""
    name = _BODY_START.sub("", text.strip("-—至、和的关于")).removesuffix("关于")
    if name and (len(name) < 2 or _NO_BODY.search(name) or not _BODY_END.search(name)):
        return None
    return _SHORT_GOVERNMENT.sub("人民政府", name)


def find_years(text: str) -> list[int]:
    """Return the years of a title, in order."""
    return [_to_year(match["year"]) for match in YEARS.finditer(text)]


def _to_year(printed: str) -> int:
    digits = "".join(_CHINESE_DIGITS.get(c, c) for c in printed)
    return int(digits.replace("二", "2")) if len(digits) == 4 else 2000 + int(digits)
