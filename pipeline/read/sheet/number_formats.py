"""Show a stored number as a workbook's number format prints it (ECMA-376, part 1, 18.8.30).

Dates are not shown here: the reader of the sheet gives them as dates.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"
MAX_CODE_CHARS = 200
UNKNOWN = "?"  # shown by a format that cannot be evaluated here
# Formats that files name only by their number; the dates among them are left out.
BUILT_IN_FORMATS = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;"¥"-#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"', 42: '"¥"#,##0;"¥"-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '"¥"#,##0.00;"¥"-#,##0.00;"-"', 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<other>.)', re.DOTALL)
_GENERAL = re.compile("General|G/通用格式", re.IGNORECASE)
_DATE = re.compile(r"[ymdhsYMDHS]")


class _Section(NamedTuple):
    """A part of a format: text before and after the number, and the pattern of its digits.

    `is_known` is false for a pattern that this module does not evaluate.
    """

    before: str
    pattern: str
    after: str
    is_known: bool


def show_number(stored: str, code: str) -> str | None:
    """Return the text that a format prints for a stored number, None if this is the number as it is.

    `?` stands for a format that is not evaluated here.

    >>> show_number("26000", "#,##0,"), show_number("0.26", "0%"), show_number("26", "0")
    ('26', '26%', None)
    """
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return None
    if not value.is_finite() or not -30 < value.adjusted() < 30 or len(code) > MAX_CODE_CHARS:
        return None
    shown = _show(value, code)
    return None if shown is None or is_same_number(shown, stored) else shown


def show_text(text: str, code: str) -> str | None:
    """Return the text that a format prints for a stored text, None if this is the text as it is.

    >>> show_text("26", '@"万"')
    '26万'
    """
    tokens = list(_TOKEN.finditer(code)) if len(code) <= MAX_CODE_CHARS else []
    starts = [0, *(i + 1 for i, token in enumerate(tokens) if token["other"] == ";")]
    last = tokens[starts[-1] :]
    if len(starts) < 4 and not any(token["other"] == "@" for token in last):
        return None
    parts = (text if t["other"] == "@" else t["quoted"] or t["escaped"] or t["other"] or "" for t in last)
    shown = "".join(parts)
    return None if shown.strip() == text.strip() else shown


def is_same_number(shown: str, stored: str) -> bool:
    """Return whether a shown text is the stored number, apart from commas."""
    try:
        return Decimal(shown.replace(",", "").strip()) == Decimal(stored)
    except InvalidOperation:
        return False


def _show(value: Decimal, code: str) -> str | None:
    """Return the shown text; None for `General`, text formats and dates."""
    sections = _parse_code(code)
    if not sections:
        return None
    index = 0
    if value < 0 and len(sections) > 1:
        index = 1
    elif value == 0 and len(sections) > 2:
        index = 2
    section = sections[index]
    if not section.is_known:
        return UNKNOWN
    sign = "-" if value < 0 and index == 0 else ""
    return sign + section.before + _show_digits(abs(value), section) + section.after


@lru_cache(512)
def _parse_code(code: str) -> tuple[_Section, ...]:
    """Return the sections of a format, none if it prints numbers as they are or as dates."""
    code = _GENERAL.sub("0.##########", code)
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["other"] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    plain = "".join(token["other"] or "" for part in parts for token in part)
    if code.strip() in ("@", "") or _DATE.search(plain):
        return ()
    return tuple(_parse_section(part) for part in parts)


def _parse_section(tokens: list[re.Match[str]]) -> _Section:
    before, pattern, after, is_known = "", "", "", True
    for token in tokens:
        other, bracket = token["other"], token["bracket"]
        literal = token["quoted"] or token["escaped"] or ""
        if bracket is not None:
            literal = bracket[1:].partition("-")[0] if bracket.startswith("$") else ""
            is_known &= bracket.startswith("$") or bracket.isalpha()  # a currency or colour, no condition
        if other and other in "0#?.," and not (other == "," and not pattern):
            # Digits after a literal inside the number are beyond this reader.
            is_known &= not after
            pattern += other
        elif other and other in "E/":
            is_known = False
        elif pattern:
            after += literal + (other or "")
        else:
            before += literal + (other or "")
    return _Section(before, pattern, after, is_known and "@" not in before)


def _show_digits(value: Decimal, section: _Section) -> str:
    """Return the digits of a number: scaled, rounded, and with separators, as a section's pattern says."""
    if not section.pattern:
        return ""
    core = section.pattern.rstrip(",")
    scale = -3 * (len(section.pattern) - len(core)) + 2 * (section.before + section.after).count("%")
    whole_pattern, _, decimal_pattern = core.partition(".")
    places = sum(char in "0#?" for char in decimal_pattern)
    rounded = value.scaleb(scale).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, decimals = format(rounded, "f").partition(".")
    optional_places = len(decimal_pattern) - len(decimal_pattern.rstrip("#?"))
    kept = decimals[: len(decimals) - optional_places] + decimals[len(decimals) - optional_places :].rstrip("0")
    minimum = whole_pattern.count("0")
    whole = whole.lstrip("0").rjust(minimum, "0") if minimum or whole.strip("0") else ""
    whole = _group(whole) if "," in whole_pattern else whole
    return f"{whole}.{kept}" if kept else whole


def _group(digits: str) -> str:
    """Return digits with a comma before each group of three."""
    first = len(digits) % 3
    groups = [digits[:first], *(digits[i : i + 3] for i in range(first, len(digits), 3))]
    return ",".join(group for group in groups if group)
