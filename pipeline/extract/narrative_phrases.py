"""The phrases by which the prose gives its figures: the lines of `phrases.csv`, and what one reads in a sentence.

A line has a row of the `narrative` table, the scope of its figure where nothing around it says otherwise, a word that
the sentence must have (so that a pattern is tried only where it could match), a pattern, and an example with the value
that the line must read in it. Where two lines read one number the one above wins.

In a pattern `{n}` is the figure and `{x}` another number; no `{n}` means zero. The other names are those of `_NAMES`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.core.text import NUMBER, fits, normalize, parse_prose

# A number does not begin inside another one, be it after a point or a thousands mark;
# and 数百 is not 百.
_WHOLE = r"(?<![\d零〇一二两三四五六七八九十百千万亿])(?<!\d[.,])(?!(?<=[数几上])[十百千])"
_UP, _DOWN = "增长|增加|上升|提高|提升|上涨|增幅", "减少|下降|降低|下滑|回落|降幅"
_LAST, _NEXT = "(?:上年度?|上一年度?|去年)", "(?:下年度?|下一年度?|次年度?|明年|来年)"
_ASK = (
    "(?:各类|各种|书面|有效|的)*(?:(?:政府)?信息(?:依申请)?公开|依申请公开(?:政府信息)?|依申请信息公开|政务公开)?"
    "(?<!复议)(?<!许可)申请(?:公开)?(?:政府信息)?(?:事项|件)?|(?:政府信息)?依申请公开(?:政府信息|信息)?(?:事项|件)?"
)
_THAN = (
    f"(?:同比|(?:[比较同与和]|相比)(?:{_LAST}|前一?年|(?P<base>20\\d\\d)年度?)(?:同期)?(?:相比)?),?"
    f"(?:(?:{_UP}|{_DOWN}|多|少)了?(?:{NUMBER})(?:件次|件|宗|条|份)[,、]?(?:同比)?)?"
)
_NAMES = {
    "{n}": f"(?:将|接|大)?(?P<n>{_WHOLE}{NUMBER})",
    "{x}": f"(?:{NUMBER})",
    "{growth}": f"{_THAN}(?:(?P<up>{_UP})|(?P<down>{_DOWN}))了?(?:率|幅)?(?:为|达到|达)?(?P<n>{NUMBER})%",
    "{info}": "(?:各类|各项|各种|的)*(?:政府|政务)?信息",
    "{items}": "(?:条次|条|件|篇|则|份|项)(?!次)",
    "{cases}": "(?:件次|件|宗|起|例|条|份|个)(?!次)",
    "{times}": "(?:场次|班次|次|场|期|班|批|轮|个)(?![人次数])",
    "{is}": "(?:总数|总量|数量|数|量)?(?:共计|共有|总计|合计|累计|均为|共|计|为|达到|达)?",
    "{got}": "(?:收到|新收|受理|接收|接到)(?:到|了)?",
    "{from}": "(?:公民、法人(?:和|或|或者|以及)其他组织|社会公众|公众|群众|申请人)?(?:提出|提交|递交)?的?",
    "{ask}": f"(?:{_ASK})",
    "{last}": _LAST,
    "{next}": _NEXT,
    "{end}": "(?:案件|申请|案|情况|情形|事件|事项|现象|问题|的|发生){0,4}",
}


@dataclass(frozen=True)
class Phrase:
    """A line of `phrases.csv`."""

    row: str
    scope: str
    about: str
    pattern: re.Pattern[str]
    example: str
    value: Decimal


@dataclass(frozen=True)
class Reading:
    """What a phrase reads in a sentence; offsets are the sentence's. `first` and `last` bound the number, both the
    end where the phrase says none. `base` is the year that a growth is measured from, where it is named.
    """

    row: str
    scope: str
    source: Phrase
    value: Decimal
    approximate: bool
    start: int
    end: int
    first: int
    last: int
    base: int | None
    printed: str


@cache
def phrases() -> tuple[Phrase, ...]:
    """The phrases. Raises ProjectFault for a line whose pattern is broken or does not read its own example."""
    with (REFERENCE / "phrases.csv").open(encoding="utf-8", newline="") as file:
        return checked(list(csv.DictReader(file)))


def checked(lines: Sequence[Mapping[str, str]]) -> tuple[Phrase, ...]:
    """Lines as phrases. Raises ProjectFault for one that is wrong."""
    found = tuple(_phrase(line) for line in lines)
    rows = next(iter(forms().values())).tables["narrative"].rows
    for phrase in found:
        if phrase.row not in rows:
            raise ProjectFault(f"phrases.csv: the forms have no prose figure {phrase.row!r}")
        example = "".join(normalize(phrase.example).split())
        if phrase.about not in example or [r.value for r in read(phrase, example)] != [phrase.value]:
            raise ProjectFault(f"phrases.csv: {phrase.row}: the pattern does not read its example {phrase.example!r}")
    return found


def _phrase(line: Mapping[str, str]) -> Phrase:
    pattern = line["pattern"]
    for name, meaning in _NAMES.items():
        pattern = pattern.replace(name, meaning)
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ProjectFault(f"phrases.csv: {line['row']}: {error}") from error
    return Phrase(line["row"], line["scope"], line["about"], compiled, line["example"], Decimal(line["value"]))


# Without a number or a denial a sentence gives no figure.
_TELLS = re.compile(r"\d|未|没有|无|[一二两三四五六七八九十百千][万余多]?[件条起宗例份次场期班个家人名]")


@cache
def _by_word() -> dict[str, tuple[tuple[int, Phrase], ...]]:
    """The phrases with their places in the file, by the word that a sentence must have."""
    placed = list(enumerate(phrases()))
    return {word: tuple(p for p in placed if p[1].about == word) for word in dict.fromkeys(p.about for p in phrases())}


def readings(sentence: str) -> list[Reading]:
    """What all phrases read in a sentence, in its order; one number is one figure, but what is said of two rows in
    one breath (行政复议、行政诉讼各1件) is read for both.
    """
    if not _TELLS.search(sentence):
        return []
    found: list[Reading] = []
    fitting = sorted((p for word, ps in _by_word().items() if word in sentence for p in ps), key=lambda p: p[0])
    for _, phrase in fitting:
        found += [r for r in read(phrase, sentence) if not any(_same(r, earlier) for earlier in found)]
    return sorted(found, key=lambda r: (r.start, r.row))


def _same(reading: Reading, earlier: Reading) -> bool:
    """Whether two phrases read one number, or what one of them said of the row overlaps the other."""
    if reading.row == earlier.row:
        return reading.start < earlier.end and earlier.start < reading.end
    number = reading.first < reading.last and reading.first == earlier.first
    return number and reading.source.pattern != earlier.source.pattern


def read(phrase: Phrase, sentence: str) -> Iterator[Reading]:
    """What one phrase reads in a sentence."""
    for match in phrase.pattern.finditer(sentence):
        groups = match.groupdict()
        value, about = _number(groups.get("n") or "", sentence[match.end("n") :][:8] if groups.get("n") else "")
        if not fits(value):
            continue
        first, last = match.span("n") if groups.get("n") else (match.end(), match.end())
        base = int(groups["base"]) if groups.get("base") else None
        value = -value if groups.get("down") else value
        yield Reading(
            phrase.row, phrase.scope, phrase, value, about, match.start(), match.end(), first, last, base, match.group()
        )


_MORE = re.compile(r"^[^\d,、]{0,3}?(?:左右|上下|以上|以下|以内|不等)")


def _number(printed: str, after: str) -> tuple[Decimal, bool]:
    """Value and whether it is approximate: so too where 左右 or 以上 follows or 万 leaves digits open."""
    if not printed:
        return Decimal(0), False
    value, about = parse_prose(printed)
    places = -int(value.normalize().as_tuple().exponent)
    rounded = "亿" in printed or ("万" in printed and len(printed.partition("万")[0].partition(".")[2]) < 4)
    return value, about or (rounded and places < 0) or bool(_MORE.match(after))
