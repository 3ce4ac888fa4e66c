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
from pipeline.core.units import COUNTS, MONEY, SUFFIX, factor, stated_unit

P = ParamSpec("P")
R = TypeVar("R")
# Results per cache, and the longest text whose result is cached: hostile files contain any number of long texts.
MAX_CACHED, MAX_CACHED_LENGTH = 65536, 400
# The range of a DECIMAL(18, 6) column: a cent (0.01 元) is 0.000001 万元.
DECIMAL_PLACES, MAX_VALUE = 6, Decimal(10**12)
MAX_NUMBER_LENGTH = 40  # characters of a printed number
NOT_APPLICABLE = frozenset({"/", "\\", "-", "--", "—", "——", "–", "－", "―", "无", "不适用"})

_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+(?:[.、)]|(?=[^\d.])))+")
_CIRCLED = str.maketrans(
    {chr(0x2460 + i): f"{i + 1}." for i in range(20)}
    | {chr(0x3251 + i): f"{i + 21}." for i in range(15)}
    | {chr(0x32B1 + i): f"{i + 36}." for i in range(15)}
)
# Raised and lowered digits, which NFKC would fold to plain ones, and an override of the writing direction.
_NOT_PLAIN = re.compile("[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u202e]")
_IGNORED = re.compile(r"[\s\"“”„'‘’、,.。:;·《》<>\-—…*_/|()\[\]]+")
_NOTE = re.compile(r"\([^()]*\)$")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_PLAIN = re.compile(r"^[+-]?\d+(?:\.\d+)?$")
# Digits separated by spaces are one number only in groups of three; otherwise they are two numbers.
_THOUSANDS_GROUPS = re.compile(r"(?<![\d.])\d{1,3}(?: \d{3})+(?![\d])")
_NUMERAL = re.compile(r"^[零〇一二两三四五六七八九十百千]{1,12}$")
_CURRENCY = re.compile(r"^(?:人民币|[¥￥])")
_SEPARATE_DIGITS = re.compile(r"\d \d")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}

# The radicals of Unicode block 2E80-2EFF that PDF text contains in place of the character and that NFKC does not fold,
# and the dashes that NFKC does not fold to a minus sign.
_RADICALS_AND_DASHES = str.maketrans(
    "⺁⺌⺒⺛⺝⺟⺠⺢⺬⺴⺵⺶⺷⺸⺻⺼⺽⻁⻂⻃⻄⻅⻆⻇⻉⻊⻋⻐⻑⻒⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲−﹣‐‑‒",
    "厂小巳无月母民水示网网羊羊羊聿肉臼虎衣西西见角角贝足车金长长长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟-----",
)


def cached_by_text(function: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
    """Return the function with a cache of its results for short texts (`MAX_CACHED_LENGTH`)."""
    cached: Callable[Concatenate[str, P], R] = lru_cache(MAX_CACHED)(function)  # type: ignore[assignment] # hashable

    def call(text: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return (cached if len(text) <= MAX_CACHED_LENGTH else function)(text, *args, **kwargs)

    return call


@cache
def _simplified() -> dict[int, str]:
    """Return the table from traditional to simplified characters (OpenCC's first choice; labels need no phrases)."""
    lines = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {ord(traditional): simplified.split()[0] for traditional, simplified in pairs if len(traditional) == 1}


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


@cached_by_text
def normalize(text: str) -> str:
    """Return the text in simplified characters and Unicode's compatibility forms (NFKC), spaces kept.

    Radicals become characters, all minus signs one sign; invisible characters are dropped.
    """
    folded = (
        unicodedata.normalize("NFKC", text.translate(_CIRCLED)).translate(_RADICALS_AND_DASHES).translate(_simplified())
    )
    return _INVISIBLE.sub("", folded).replace("其它", "其他")


@cached_by_text
def fold(label: str) -> str:
    """Return a label for comparison: normalised, without numbering, spaces and punctuation."""
    text = "".join(normalize(label).split())
    return _IGNORED.sub("", _NUMBERING.sub("", text))


def spellings(label: str) -> tuple[str, ...]:
    """Return the folded label, then the label without the note in brackets at its end, which many offices omit."""
    text = re.sub(r"\s+", "", normalize(label))
    return tuple(dict.fromkeys((fold(label), fold(_NOTE.sub("", text)))))


def header_unit(label: str) -> str:
    """Return the unit that a header prints, as in `采购总金额（单位：元）`, or '' (see `stated_unit`)."""
    return stated_unit(re.sub(r"\s+", "", normalize(label)))


_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SIGNED_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


def escape_formula(text: str) -> str:
    """Return the text for a spreadsheet: with an apostrophe in front if it would be a formula; numbers stay."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not _SIGNED_NUMBER.fullmatch(text) else text


def is_unit(text: str) -> bool:
    """Return whether the text is only a unit."""
    return text.strip() in MONEY or text.strip() in COUNTS


@cached_by_text
def parse_cell(raw: str, unit: str, header: str = "") -> tuple[Decimal | None, Kind]:
    """Return a printed cell's value in `unit`, and its kind.

    A unit in the cell takes precedence over `header`, the unit printed in the column's header: `251000元` is 25.1 in
    万元. Blank, `na` (`/`, `—`) and `text` have no value; none of them is zero. A number that a column of the data
    cannot hold exactly (`fits`) is `text`.

    >>> parse_cell("251000元", "万元")
    (Decimal('25.1000'), 'number')
    >>> parse_cell("—", "件")
    (None, 'na')
    """
    spaced = " ".join(normalize(raw).split())
    text = spaced.replace(" ", "")
    if not text:
        return None, "blank"
    if _SEPARATE_DIGITS.search(_THOUSANDS_GROUPS.sub("", spaced)) or _NOT_PLAIN.search(raw):
        return None, "text"
    if text in NOT_APPLICABLE:
        return None, "na"
    if _NUMERAL.match(text):
        value = Decimal(_chinese(text))
        return value, "number" if value else "zero"
    printed_unit = SUFFIX.search(text)
    number = text[: printed_unit.start()] if printed_unit else text
    if printed_unit and printed_unit[0] in MONEY:
        number = _CURRENCY.sub("", number)
    if len(number) > MAX_NUMBER_LENGTH or not (_PLAIN.match(number) or _THOUSANDS.match(number)):
        return None, "text"
    scale = factor(printed_unit[0] if printed_unit else header, unit)
    if scale is None:
        return None, "text"
    value = Decimal(number.replace(",", "")) * scale
    return (value, "number" if value else "zero") if fits(value) else (None, "text")


def fits(value: Decimal) -> bool:
    """Return whether a DECIMAL(18, 6) column holds the number exactly."""
    # Not `abs`: it applies the context, in which 1e1000000 overflows.
    return value.is_finite() and value.copy_abs() < MAX_VALUE and value == round(value, DECIMAL_PLACES)


@cached_by_text
def is_value(raw: str) -> bool:
    """Return whether a text is the content of a statutory cell, not a label: a number or a mark such as `/`.

    False for a Chinese numeral alone: 一 and 二 also number the parts of a form.
    """
    return not _NUMERAL.match(raw.strip()) and _parse_any(raw)[1] in ("number", "zero", "na")


def is_number(raw: str) -> bool:
    """Return whether a text is a number in digits, including 0."""
    return not _NUMERAL.match(raw.strip()) and _parse_any(raw)[1] in ("number", "zero")


def _parse_any(raw: str) -> tuple[Decimal | None, Kind]:
    """Return the value of a cell whose statutory unit is not known: an amount of money, else a count."""
    as_money = parse_cell(raw, "万元")
    return as_money if as_money[1] != "text" else parse_cell(raw, "件")


# A number in prose: digits or Chinese numerals, optionally in 万 or 亿, optionally approximate (近, 余).
NUMBER = (
    r"(?:(?:近|约|逾|超过?|多达|达到?)\s*)?"
    r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)\s*(?:万|亿)?\s*(?:余|多)?"
)
_PROSE = re.compile(
    r"^(?P<about>近|约|逾|超过?)?(?:多达|达到?)?(?P<n>[\d,.]+|[零〇一二两三四五六七八九十百千]+)(?P<big>万|亿)?(?P<odd>余|多)?$"
)


def parse_prose(text: str) -> tuple[Decimal, bool]:
    """Return a number of the prose as (value, approximate): `18万余` is (180000, True), `一百二十` is (120, False).

    Raises ValueError for a text that `NUMBER` does not match.
    """
    match = _PROSE.match(re.sub(r"\s+", "", normalize(text)))
    if not match:
        raise ValueError(text)
    digits = match["n"].replace(",", "")
    value = Decimal(digits) if digits[0].isdigit() else Decimal(_chinese(digits))
    return value * _MYRIADS.get(match["big"] or "", 1), bool(match["about"] or match["odd"])


def _chinese(numeral: str) -> int:
    """Return a Chinese numeral's value: `一百二十` is 120, `十五` 15, `一二〇` 120."""
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
