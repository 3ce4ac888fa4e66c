"""Follow what the prose of a report speaks of: words set dimensions of a context, which last as the kind says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.core.kind import PhraseLine, Prose

_END = re.compile("[,。;]")
State = Mapping[str, str]
Event = tuple[int, State]  # an offset in a sentence, and the dimensions that get another value there


def forget(state: dict[str, str], prose: Prose, span: str) -> None:
    """Set the dimensions that do not last beyond a paragraph, or beyond a sentence, to their defaults."""
    ends = ("sentence",) if span == "sentence" else ("sentence", "paragraph")
    defaults = prose.defaults.items()
    state.update((name, value) for name, value in defaults if prose.lasting.get(name, "paragraph") in ends)


def context_events(sentence: str, prose: Prose) -> Iterator[Event]:
    """Yield where words set the context, in order; of overlapping words the longest counts."""
    found = [(m.start(), -m.end(), c.sets) for c in prose.contexts for m in c.words.finditer(sentence)]
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
    names = [name for name in re.findall(r"\{(\w+)\}", phrase.row) if prose.lasting.get(name) != "document"]
    for name in names if match else ():
        if match and not any(name in sets and end <= start < match.start() for start, sets in events):
            yield match.start(), {name: prose.defaults.get(name, "")}


def state_at(position: int, state: State, events: Sequence[Event]) -> State:
    """Return the context at a position of a sentence that begins in `state`."""
    current = dict(state)
    for start, sets in events:
        if start < position:
            current.update(sets)
    return current
