"""Follow the headings of a report: what a heading names holds for the paragraphs below it.

Below 三、复查情况 nothing counts for the quarter, and below （二）各县自查情况 the regions inspect.
"""

from __future__ import annotations

import re

MAX_HEADING_CHARS = 36
_LEVELS = (
    re.compile("[一二三四五六七八九十]{1,3}、|附件"),
    re.compile(r"\([一二三四五六七八九十]{1,3}\)"),
    re.compile(r"[0-9]{1,2}[.、](?![0-9])"),
    re.compile(r"\([0-9]{1,2}\)"),
)
_COUNT = re.compile("[,]|[0-9]+(?:家|个|%)")
_SENTENCE_END = re.compile("[。;!?]|(?<!附件)(?<!附件[0-9]):")


def heading_of(text: str) -> str:
    """Return the numbered heading that a normalised paragraph is or begins with, '' for none."""
    heading = _SENTENCE_END.split(text, maxsplit=1)[0]
    is_short = len(heading) <= MAX_HEADING_CHARS and not _COUNT.search(heading)
    return heading if is_short and level_of(heading) else ""


def level_of(heading: str) -> int:
    """Return the level of a heading by its number, 1 for the highest; 0 for a text without a number."""
    return next((level for level, pattern in enumerate(_LEVELS, 1) if pattern.match(heading)), 0)


class Sections:
    """The headings above a place of the text: for each level, whether it names another body or period."""

    def __init__(self) -> None:
        """Begin a document."""
        self._others: dict[int, bool] = {}

    def enter(self, level: int, is_other: bool) -> None:
        """Begin the section of a heading."""
        self._others = {upper: other for upper, other in self._others.items() if upper < level} | {level: is_other}

    @property
    def is_other(self) -> bool:
        """Whether a heading above names another body or period."""
        return any(self._others.values())
