"""Bodies named in the prose: whose a figure is, and lists that give a number for each of several bodies.

A body is known by the end of its name. A list counts only if it has two parts or more and every part is a body's, so
that lists of channels, applicants or outcomes are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.text import fits, normalize, parse_prose

# 办 ends many a verb too (已办, 举办); those name no body.
_ENDS = (
    "办公室|办事处|委员会|管委会|开发区|政府|街道|部门|单位|本级|县|区|市|旗|州|局|委|厅|镇|乡|"
    "(?<![已待未在交督转承协代联催查不可主举开补申即缓按照])办"
)
_NO_BODY = re.compile(
    "申请|公开|答复|受理|予以|办结|维持|纠正|提交|法人|企业|用人|^(?:全|我|该|本(?!级))|^[外他异][市县区]|"
    "^(?:涉及|关于|针对|属于|不|非|通过|来自|反映|转|移交|告知|建议)"
)
_PART = re.compile(
    rf"^(?P<intro>.{{0,40}}?[:(]|(?:其中|分别为|分别是|包括|含|主要是|主要为)?)(?P<whose>[一-龥]{{1,24}}?(?:{_ENDS}))"
    r"(?:共?(?:收到|受理|收办|办理|办结|答复|发生))?(?:(?:政府信息公开|依申请公开)?申请)?(?:共|为)?"
    r"(?P<n>(?:近|约|逾)?\d+(?:,\d{3})*(?:\.\d+)?万?[余多]?)(?P<unit>[件条起宗])(?P<rest>次?\)?等?.{0,6})$"
)
_SEPARATOR = re.compile(r"[、;]|,(?!\d{3}(?!\d))|(?<=[件条起宗])(?:以及|和|及)")
_NUMBER = re.compile(r"\d[余多万]{0,2}[件条起宗]")
_SENTENCE = re.compile(r"[^。!?]+")
_OPEN = re.compile("等|较多|居多|最多|居前|前[三五十]|主要|分列|位列|位居|排名")
LONGEST_PART = 70


@dataclass(frozen=True)
class Part:
    """A body's part: its name as printed, its number, the offsets of both together; `introduced` where words like
    其中 or 按单位分 stand before it, `complete` unless they or those after it say that it is one of more.
    """

    whose: str
    value: Decimal
    approximate: bool
    unit: str
    start: int
    end: int
    introduced: bool
    complete: bool


def lists(text: str) -> Iterator[list[Part]]:
    """The lists of numbers by body in a paragraph."""
    if len(_NUMBER.findall(text)) < 2:
        return
    for sentence in _SENTENCE.finditer(text):
        items = list(_items(text, *sentence.span()))
        yield from (run for run in _runs(items) if len(run) > 1 and len({p.unit for p in run}) == 1)


def _items(text: str, start: int, end: int) -> Iterator[tuple[str, Part | None]]:
    """What stands between separators, each with the separator before it."""
    before = ""
    for mark in _SEPARATOR.finditer(text, start, end):
        yield before, _part(text, start, mark.start())
        before, start = mark.group(), mark.end()
    yield before, _part(text, start, end)


def _runs(items: Sequence[tuple[str, Part | None]]) -> Iterator[list[Part]]:
    """Runs of bodies' parts; one that 、 joins to what follows is a list of something else."""
    run: list[Part] = []
    for separator, part in items:
        if part is not None and not part.introduced and run:
            run.append(part)
            continue
        yield run if part is not None or separator != "、" else []
        run = [part] if part else []
    yield run


def _part(text: str, start: int, end: int) -> Part | None:
    found = _PART.match(text[start:end]) if end - start <= LONGEST_PART else None
    if not found or _NO_BODY.search(found["whose"]) or re.search(r"\d", found["rest"]):
        return None
    value, about = parse_prose(found["n"])
    if not fits(value):
        return None
    complete = not _OPEN.search(found["intro"] + found["rest"] + text[end : end + 12])
    first, last = start + found.start("whose"), start + found.end("unit")
    return Part(found["whose"], value, about, found["unit"], first, last, bool(found["intro"]), complete)


_SUBJECT = re.compile(
    rf"(?P<whose>[一-龥]{{1,20}}?(?:{_ENDS}))(?:年度?|20\d\d年?度?|全年度?|本年度?|今年|当年|年内|共计|总共|共|累计|合计|"
    r"已|均|依法|依规|主动|新|实际|单独|直接|分别|一共|全部|及时|妥善){0,5}$"
)
_LEAD = re.compile(r"^(?:20\d\d年度?,?|今年,?|全年,?)?(?P<whose>[一-龥]{2,16}?(?:局|办公室|管委会|委员会))")
_WHOLE = re.compile(
    r"(?:^|.*[^一-龥])?.*(?:全|我|本)[市县区省州旗盟局委办厅院镇乡](?:各.*|.*系统)?$|.*本(?:部门|单位|机关|级政府)$|^各|全.各"
)
_ADVERBS = re.compile("^(?:年度?|月|日|其中|此外|另外|同时|目前|今年|全年|截至|期间|由)+")
_GOVERNMENT = re.compile("^[市县区省州旗]?(?:人民)?政府$")
_ALL = re.compile("各[级地县区市乡镇]|全[市县区省州]各?")
_PREPOSITION = re.compile("^[按根在为由依围贯结认严对向经我全本各]")


def whose(before: str, body: str | None) -> tuple[str, str]:
    """Scope and name where the words before a figure make it another body's: '' and '' where they do not.

    `before` is its sentence so far. Without the report's own `body` a name leaves it open.
    """
    clause = before.rpartition(",")[2][-40:]
    found = _SUBJECT.search(clause)
    if found and not _ALL.search(clause):
        return _judged(_ADVERBS.sub("", found["whose"]), body)
    lead = _LEAD.match(before[:40])
    if not lead or not body or _PREPOSITION.match(lead["whose"]) or re.search("全[市县区]", before):
        return "", ""
    return ("", "") if _is_own(lead["whose"], body) else ("uncertain", "")


def _judged(name: str, body: str | None) -> tuple[str, str]:
    if not name or _WHOLE.match(name) or (body and _is_own(name, body)):
        return "", ""
    government = re.sub("办公室$|办$", "", name)
    if not body or _GOVERNMENT.search(government) or _is_own(government, body):
        return "uncertain", name
    return "part", name


def _is_own(name: str, body: str) -> bool:
    """Whether a printed name is the body's, perhaps short: 公安局 or 市公安局 for 三门峡市公安局.

    市政府 is not enough for a city: it may be the city's own office without its counties and departments.
    """
    short, full = (normalize(n).replace("人民政府", "政府") for n in (name, body))
    if short in (full, full.removesuffix("政府"), full + "政府"):
        return True
    return full.endswith(short) and not _GOVERNMENT.search(short) and len(short) > 1
