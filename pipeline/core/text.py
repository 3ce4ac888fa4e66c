"""Chinese text as offices type it: folding labels for comparison, reading numbers with their marks and units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Concatenate, ParamSpec, TypeVar

from pipeline.core.model import Kind

P = ParamSpec("P")
R = TypeVar("R")
# Answers kept, and characters of a text whose answer is: a batch of hostile files could bring any number of long ones.
KEPT, SHORT = 65536, 400
# What a DECIMAL(18, 6) column keeps: a cent (0.01 元) is 0.000001 万元.
PLACES, LARGEST = 6, Decimal(10**12)
LONGEST = 40  # characters of a printed number
# Units that a number may carry, with their value in the statutory unit; money is kept in 万元.
MONEY = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10000)}
COUNTERS = ("件次", "人次", "件", "条", "项", "个", "起", "次", "人", "篇", "宗", "家", "份")
NOT_APPLICABLE = frozenset({"/", "\\", "-", "--", "—", "——", "–", "－", "―", "无", "不适用"})

_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+(?:[.、)]|(?=[^\d.])))+")
_CIRCLED = str.maketrans({chr(0x2460 + i): f"{i + 1}." for i in range(20)})
_IGNORED = re.compile(r"[\s\"“”„'‘’、,.。:;·《》<>\-—…*_/|()\[\]]+")
_NOTE = re.compile(r"\([^()]*\)$")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_PLAIN = re.compile(r"^[+-]?\d+(?:\.\d+)?$")
# Digits apart by spaces are one number only in groups of three; otherwise they are two.
_GROUPS = re.compile(r"(?<![\d.])\d{1,3}(?: \d{3})+(?![\d])")
_NUMERAL = re.compile(r"^[零〇一二两三四五六七八九十百千]{1,12}$")
_PARTED = re.compile(r"\d \d")
_SUFFIX = re.compile(rf"({'|'.join([*sorted(MONEY, key=len, reverse=True), *COUNTERS])})$")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}


# Radicals that PDF text holds in place of characters and that NFKC leaves as they are (Unicode block 2E80-2EFF), those
# that are characters of their own; and marks that stand for one another.
_REPAIRED = str.maketrans(
    "⺁⺌⺒⺛⺝⺟⺠⺢⺬⺴⺵⺶⺷⺸⺻⺼⺽⻁⻂⻃⻄⻅⻆⻇⻉⻊⻋⻐⻑⻒⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲−﹣‐‑‒",
    "厂小巳无月母民水示网网羊羊羊聿肉臼虎衣西西见角角贝足车金长长长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟-----",
)


def remembered(function: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
    """The function of a text, its answers for short ones kept."""
    kept: Callable[Concatenate[str, P], R] = lru_cache(KEPT)(function)  # type: ignore[assignment] # texts can be hashed

    def answer(text: str, /, *given: P.args, **named: P.kwargs) -> R:
        return (kept if len(text) <= SHORT else function)(text, *given, **named)

    return answer


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters to simplified ones, each by the first of OpenCC's; phrases do not matter for labels."""
    lines = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {ord(old): new.split()[0] for old, new in pairs if len(old) == 1}


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


@remembered
def normalize(text: str) -> str:
    """Compatibility forms, radicals and traditional characters folded, minus signs made one, invisible characters
    dropped; spaces kept.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_CIRCLED)).translate(_REPAIRED).translate(_simplified())
    return _INVISIBLE.sub("", folded).replace("其它", "其他")


@remembered
def fold(label: str) -> str:
    """A label as it is compared: normalised, without numbering, spaces and punctuation."""
    text = "".join(normalize(label).split())
    return _IGNORED.sub("", _NUMBERING.sub("", text))


def spellings(label: str) -> tuple[str, ...]:
    """The folded label, and again without the note in brackets at its end (many offices drop it)."""
    text = re.sub(r"\s+", "", normalize(label))
    return tuple(dict.fromkeys((fold(label), fold(_NOTE.sub("", text)))))


def header_unit(label: str) -> str:
    """The money unit that a header prints, as in `采购总金额（单位：元）`, or ''."""
    found = re.search(r"单位:?(亿元|万元|元)", re.sub(r"\s+", "", normalize(label)))
    return found.group(1) if found else ""


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SIGNED = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


def harmless(text: str) -> str:
    """A text as it may stand in a spreadsheet: what would be a formula there is told to be text; a number is none."""
    return f"'{text}" if text.startswith(_FORMULA) and not _SIGNED.fullmatch(text) else text


def is_unit(text: str) -> bool:
    """Whether the text is nothing but a unit."""
    return text.strip() in (*MONEY, *COUNTERS)


@remembered
def parse_cell(raw: str, unit: str, header: str = "") -> tuple[Decimal | None, Kind]:
    """A printed cell's value in `unit` and its kind.

    A unit in the cell wins over `header`, the unit its column's header prints: `251000元` is 25.1 in 万元. What is not
    a number has no value: blank, `na` (`/`, `—`) and `text` stay apart, and none of them is zero. A number too large or
    too fine to be kept exactly is `text`.
    """
    spaced = " ".join(normalize(raw).split())
    text = spaced.replace(" ", "")
    if not text:
        return None, "blank"
    if _PARTED.search(_GROUPS.sub("", spaced)):
        return None, "text"
    if text in NOT_APPLICABLE:
        return None, "na"
    if _NUMERAL.match(text):
        value = Decimal(_chinese(text))
        return value, "number" if value else "zero"
    printed = _SUFFIX.search(text)
    number = text[: printed.start()] if printed else text
    if len(number) > LONGEST or not (_PLAIN.match(number) or _THOUSANDS.match(number)):
        return None, "text"
    value = Decimal(number.replace(",", "")) * _scale(printed.group(1) if printed else header, unit)
    return (value, "number" if value else "zero") if fits(value) else (None, "text")


def fits(value: Decimal) -> bool:
    """Whether a column of the data keeps the number exactly."""
    return value.is_finite() and abs(value) < LARGEST and value == round(value, PLACES)


@remembered
def is_value(raw: str) -> bool:
    """Whether a text could be a statutory cell's content rather than a label: a number or a mark for none.

    A Chinese numeral alone could be either (一, 二 number the parts of a form), so it is a value only where one is due.
    """
    return not _NUMERAL.match(raw.strip()) and parse_cell(raw, "万元")[1] in ("number", "zero", "na")


def is_number(raw: str) -> bool:
    """Whether a text is a number in digits, be it 0."""
    return not _NUMERAL.match(raw.strip()) and parse_cell(raw, "万元")[1] in ("number", "zero")


def _scale(printed: str, unit: str) -> Decimal:
    return MONEY[printed] / MONEY[unit] if printed in MONEY and unit in MONEY else Decimal(1)


# A number in prose: digits or Chinese numerals, perhaps in 万 or 亿, perhaps approximate (近, 余).
NUMBER = (
    r"(?:(?:近|约|逾|超过?|多达|达到?)\s*)?"
    r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)\s*(?:万|亿)?\s*(?:余|多)?"
)
_PROSE = re.compile(
    r"^(?P<about>近|约|逾|超过?)?(?:多达|达到?)?(?P<n>[\d,.]+|[零〇一二两三四五六七八九十百千]+)(?P<big>万|亿)?(?P<odd>余|多)?$"
)


def parse_prose(text: str) -> tuple[Decimal, bool]:
    """A number of the prose as (value, approximate): `18万余` is (180000, True), `一百二十` is (120, False).

    Raises ValueError for what `NUMBER` would not match.
    """
    found = _PROSE.match(re.sub(r"\s+", "", normalize(text)))
    if not found:
        raise ValueError(text)
    digits = found["n"].replace(",", "")
    value = Decimal(digits) if digits[0].isdigit() else Decimal(_chinese(digits))
    return value * _BIG.get(found["big"] or "", 1), bool(found["about"] or found["odd"])


def _chinese(numeral: str) -> int:
    """`一百二十` to 120, `十五` to 15, `一二〇` to 120."""
    if not any(c in _POWERS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digit = 0, None
    for c in numeral:
        if c in _POWERS:
            total += (1 if digit is None else digit) * _POWERS[c]
            digit = None
        else:
            digit = _DIGITS[c]
    return total + (digit or 0)
