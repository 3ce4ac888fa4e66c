"""What the program says, in Chinese and English: one line of `messages.csv` a message."""

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


# Control characters but for tab and line feed, and those that turn the order of reading.
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text with what would steer a terminal written as `\\u001b`, which JSON reads back as it was."""
    return _STEERS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _shown(value: object) -> object:
    """Numbers stay numbers, as a message may say how they are written."""
    return visible(str(value)) if isinstance(value, str | os.PathLike | BaseException) else value


def say(code: str, lang: str, **values: object) -> str:
    """The message of a code in a language. Raises KeyError for a code or a placeholder that is not known."""
    return _messages()[code][lang].format(**{name: _shown(value) for name, value in values.items()})


def language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """`--lang` where given, else the locale's; Chinese where the locale says nothing, for its users read Chinese."""
    for i, argument in enumerate(arguments):
        given = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and i + 1 < len(arguments):
            given = arguments[i + 1]
        if given in LANGUAGES:
            return given
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    # Windows keeps its language elsewhere; on other systems Python would report English for a locale that is not set.
    native = locale.getlocale()[0] if os.name == "nt" else ""
    name = next((n for n in names if n), "") or native or ""
    spoken = name.split(".")[0].split("_")[0].lower()
    return "zh" if spoken in ("", "c", "posix", "zh", "chinese", "chinese (simplified)") else "en"
