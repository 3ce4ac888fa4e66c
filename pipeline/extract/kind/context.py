"""Follow what the prose of a report speaks of: words set dimensions of a context, which last as the kind says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.core.kind import PhraseLine, Prose

_END = re.compile("[,。;]")
_CONTINUED = re.compile("其中")  # begins a sentence on parts of what the one before it counted
State = Mapping[str, str]
Event = tuple[int, State]  # an offset in a sentence, and the dimensions that get another value there


class Memory:
    """The context at a place of the text, as `state`, and what a heading has set for its section, as `held`."""

    def __init__(self, prose: Prose) -> None:
        """Begin a document: every dimension has its default."""
        self._prose = prose
        self.state = dict(prose.defaults)
        self.held: dict[str, str] = {}

    def begin_paragraph(self, text: str, is_headed: bool) -> None:
        """Forget what lasts no longer than a paragraph; a heading (`is_headed`) ends the section before it."""
        if is_headed:
            self.held = {}
        if not _CONTINUED.match(text):
            self._forget("part", "sentence", "paragraph")

    def begin_sentence(self, text: str, has_events: bool, is_part: bool) -> None:
        """Forget what lasts until a sentence that sets any dimension, or until a part of one (`is_part`)."""
        if has_events and not _CONTINUED.match(text):
            self._forget("part", *(() if is_part else ("sentence",)))

    def hold(self) -> None:
        """Keep what a heading has set until the next one; it is the default until then."""
        self.held = {name: self.state[name] for name in self._prose.headings}

    def _forget(self, *spans: str) -> None:
        for name, value in self._prose.defaults.items():
            if self._prose.lasting.get(name, "paragraph") in spans:
                self.state[name] = self.held.get(name, value)


def context_events(sentence: str, prose: Prose) -> Iterator[Event]:
    """Yield where words set the context, in order; of overlapping words the longest counts.

    The words count from the group `at` of their pattern, if it has one: what is before it only leads to them.
    """
    found = [(m.start("at" if "at" in m.re.groupindex else 0), -m.end(), c.sets)
        for c in prose.contexts for m in c.words.finditer(sentence)
    ]  # fmt: skip
    covered: dict[frozenset[str], int] = {}
    for start, minus_end, sets in sorted(found, key=lambda event: event[:2]):
        dimensions = frozenset(sets)
        if start >= covered.get(dimensions, 0):
            covered[dimensions] = -minus_end
            yield start, sets


def spent(phrase: PhraseLine, text: str, end: int, prose: Prose, events: Sequence[Event]) -> Iterator[Event]:
    """Yield where each dimension that names a phrase's row ends: with the clause, but not inside of brackets.

    A dimension that a word sets again before that does not end there.
    """
    opened = text.count("(", 0, end + 1) > text.count(")", 0, end)
    match = _END.search(text, max(text.find(")", end) if opened else end, end))
    stop = match.start() if match else len(text)
    names = [name for name in re.findall(r"\{(\w+)\}", phrase.row) if prose.lasting.get(name) != "document"]
    for name in names:
        if not any(name in sets and end <= start < stop for start, sets in events):
            yield stop, {name: prose.defaults.get(name, "")}


def state_at(position: int, state: State, events: Sequence[Event]) -> State:
    """Return the context at a position of a sentence that begins in `state`."""
    current = dict(state)
    for start, sets in events:
        if start < position:
            current.update(sets)
    return current
