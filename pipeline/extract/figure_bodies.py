"""Find lists in the prose that give a count for each of several bodies.

A body is recognised by the end of its name (局, 委员会, 政府). A list counts only if it has two items or more and every
item is a body's. Lists of channels, applicants or outcomes therefore do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.text import fits, parse_prose

# 办 is also the end of many verbs (已办, 举办); these name no body.
NAME_ENDS = (
    "办公室|办事处|委员会|管委会|开发区|政府|街道|部门|单位|本级|县|区|市|旗|州|局|委|厅|镇|乡|"
    "(?<![已待未在交督转承协代联催查不可主举开补申即缓按照])办"
)
_NO_BODY = re.compile(
    "申请|公开|答复|受理|予以|办结|维持|纠正|提交|法人|企业|用人|^(?:全|我|该|本(?!级))|^[外他异][市县区]|"
    "^(?:涉及|关于|针对|属于|不|非|通过|来自|反映|转|移交|告知|建议)"
)
_ITEM = re.compile(
    rf"^(?P<intro>.{{0,40}}?[:(]|(?:其中|分别为|分别是|包括|含|主要是|主要为)?)(?P<body>[一-龥]{{1,24}}?(?:{NAME_ENDS}))"
    r"(?:共?(?:收到|受理|收办|办理|办结|答复|发生))?(?:(?:政府信息公开|依申请公开)?申请)?(?:共|为)?"
    r"(?P<n>(?:近|约|逾)?\d+(?:,\d{3})*(?:\.\d+)?万?[余多]?)(?P<unit>[件条起宗])(?P<tail>次?\)?等?.{0,6})$"
)
_SEPARATOR = re.compile(r"[、;]|,(?!\d{3}(?!\d))|(?<=[件条起宗])(?:以及|和|及)")
_NUMBER = re.compile(r"\d[余多万]{0,2}[件条起宗]")
_SENTENCE = re.compile(r"[^。!?]+")
_INCOMPLETE = re.compile("等|较多|居多|最多|居前|前[三五十]|主要|分列|位列|位居|排名")
MAX_ITEM_CHARS = 70


@dataclass(frozen=True)
class BodyCount:
    """The count that a list gives for one body; `start` and `end` are the offsets of name and count together.

    `has_intro` is true if words such as 其中 or 按单位分 come before it. `is_complete` is false if the words around it
    show that the list names only some bodies.
    """

    body: str
    value: Decimal
    approximate: bool
    unit: str
    start: int
    end: int
    has_intro: bool
    is_complete: bool


def find_body_lists(text: str) -> Iterator[list[BodyCount]]:
    """Yield the lists of counts by body in a paragraph; all counts of a list have one unit."""
    if len(_NUMBER.findall(text)) < 2:
        return
    for sentence in _SENTENCE.finditer(text):
        items = list(_split_items(text, *sentence.span()))
        for run in _group_runs(items):
            if len(run) > 1 and len({count.unit for count in run}) == 1:
                yield run


def _split_items(text: str, start: int, end: int) -> Iterator[tuple[str, BodyCount | None]]:
    """Yield the count of each item between separators, None for other text, with the separator before it."""
    separator = ""
    for match in _SEPARATOR.finditer(text, start, end):
        yield separator, _parse_item(text, start, match.start())
        separator, start = match.group(), match.end()
    yield separator, _parse_item(text, start, end)


def _group_runs(items: Sequence[tuple[str, BodyCount | None]]) -> Iterator[list[BodyCount]]:
    """Yield runs of counts; a run that 、 joins to other text is a list of something else and yields nothing."""
    run: list[BodyCount] = []
    for separator, count in items:
        if count is not None and not count.has_intro and run:
            run.append(count)
            continue
        yield run if count is not None or separator != "、" else []
        run = [count] if count else []
    yield run


def _parse_item(text: str, start: int, end: int) -> BodyCount | None:
    """Return the count that the text between two offsets gives for a body, or None."""
    match = _ITEM.match(text[start:end]) if end - start <= MAX_ITEM_CHARS else None
    if not match or _NO_BODY.search(match["body"]) or re.search(r"\d", match["tail"]):
        return None
    value, approximate = parse_prose(match["n"])
    if not fits(value):
        return None
    is_complete = not _INCOMPLETE.search(match["intro"] + match["tail"] + text[end : end + 12])
    first, last = start + match.start("body"), start + match.end("unit")
    return BodyCount(match["body"], value, approximate, match["unit"], first, last, bool(match["intro"]), is_complete)
