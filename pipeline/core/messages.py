"""The messages of the program in Chinese and English: one line of `messages.csv` per message."""

from __future__ import annotations

import csv
import locale
import os
import re
from collections.abc import Mapping, Sequence
from functools import cache

from pipeline.core.paths import MESSAGES

LANGUAGES = ("zh", "en")


@cache
def _messages() -> Mapping[str, Mapping[str, str]]:
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        return {line["code"]: line for line in csv.DictReader(file)}


# Control characters except tab and line feed, and characters that reverse the order of reading.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return the text with characters that control a terminal as escapes (`\\u001b`), which JSON reads back."""
    return _CONTROLS.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _visible_value(value: object) -> object:
    """Return a text, path or error as visible text. Numbers stay numbers, because a message may format them."""
    return visible(str(value)) if isinstance(value, str | os.PathLike | BaseException) else value


def say(code: str, lang: str, **values: object) -> str:
    """Return the message of a code in a language, `zh` or `en`. Raises KeyError for an unknown code or placeholder."""
    return _messages()[code][lang].format(**{name: _visible_value(value) for name, value in values.items()})


def language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of `--lang`, else of the locale, else Chinese, which the users read."""
    for i, argument in enumerate(arguments):
        given = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and i + 1 < len(arguments):
            given = arguments[i + 1]
        if given in LANGUAGES:
            return given
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    # Windows keeps its language elsewhere. On other systems Python reports English for a locale that is not set.
    native = locale.getlocale()[0] if os.name == "nt" else ""
    name = next((n for n in names if n), "") or native or ""
    code = name.split(".")[0].split("_")[0].lower()
    return "zh" if code in ("", "c", "posix", "zh", "chinese", "chinese (simplified)") else "en"
