"""What `data/raw` holds, part by part: of each the reports, and a hash of all that is said of them and of their bytes.

A part of which every line of the manifest and every file is as an earlier run found it is known without being looked
at: of a hundred thousand reports that leaves little more than to ask for the state of each file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal

from pipeline.core.decisions import Decision
from pipeline.core.model import Entry
from pipeline.core.paths import Data
from pipeline.raw.file_state import Seen
from pipeline.raw.manifest import entry_of, records, strays, without_twins
from pipeline.raw.scan_cache import APART, DOUBTFUL, Block, recall, write_down
from pipeline.registry.bodies import Body, Register
from pipeline.registry.load import load_register
from pipeline.storage.partition import Part, Share, divide, part_of

A_LITTLE = 1000  # what is remembered is written anew when more than one line or file in so many is new


class Inventory(Mapping[Part, Share]):
    """The parts, in order, each with its share, and the `digests` of all. `key` stands for all else that a part follows
    from: what was remembered under another is not believed, but for the hashes of files.

    Raises ProjectFault for a manifest that cannot be read.
    """

    def __init__(self, data: Data, key: str, decided: Sequence[Decision]) -> None:
        self._data, self._key, self._decided = data, key, decided
        self._earlier = recall(data.seen)
        self._seen = Seen(data.raw)
        self._records = records(data.manifest)
        self._lines: dict[str, list[str]] = {}  # of the reports that were looked at
        self._known = {_part(block): block for block in self._as_they_were()}
        self._seen.believe(block for block in self._earlier.blocks if self._known.get(_part(block)) is not block)
        self._shares = self._look()
        digests = {part: block.digest for part, block in self._known.items()}
        digests |= {part: share.digest for part, share in self._shares.items()}
        self.digests = dict(sorted(digests.items()))

    def __getitem__(self, part: Part) -> Share:
        if part in self._known and part not in self._shares:
            self._shares[part] = self._divide(self._reopened([self._known[part]]))[part]
        return self._shares[part]

    def __iter__(self) -> Iterator[Part]:
        return iter(self.digests)

    def __len__(self) -> int:
        return len(self.digests)

    @property
    def reports(self) -> int:
        """How many there are."""
        looked_at = sum(len(share.entries) for part, share in self._shares.items() if part not in self._known)
        return looked_at + sum(block.paths.count(APART) + 1 for block in self._known.values())

    def orphans(self) -> list[Decision]:
        """The decisions on what nobody reports."""
        bodies = self._register.bodies if self._decided else {}
        return [d for d in self._decided if not self._applies(d, bodies.get(d.body_id))]

    def remember(self) -> None:
        """Write down what was found, if more than a little of it is new: to look again takes less."""
        before = set(_of(self._earlier.blocks, "lines"))
        new = sum(line not in before for lines in self._lines.values() for line in lines) + self._seen.settled
        if self._key != self._earlier.key or new * A_LITTLE > len(self._records):
            write_down(self._data.seen, self._key, map(self._block, self.digests))

    @cached_property
    def _register(self) -> Register:
        return load_register(self._data.raw)

    def _as_they_were(self) -> Iterator[Block]:
        """The blocks of which each line stands in the manifest, once, and each file is in the same state. With a link a
        file may be another although nothing tells.
        """
        if self._earlier.key != self._key or self._seen.links:
            return
        lines, files = set(self._records), self._seen.files
        if len(lines) < len(self._records):
            lines -= {line for line, times in Counter(self._records).items() if times > 1}
        for block in self._earlier.blocks:
            states = (files.get(path, DOUBTFUL) for path in block.paths.split(APART))
            same = lines.issuperset(block.lines.split(APART)) and APART.join(states) == block.states
            if same and block.digest != DOUBTFUL:
                yield block

    def _look(self) -> dict[Part, Share]:
        """The shares of the other parts: of all other lines, and of all that such a line adds to."""
        known = set(_of(self._known.values(), "lines"))
        found = self._entries(lambda line: line not in known)
        touched = self._touched(found)
        found += self._reopened([self._known.pop(part) for part in touched])
        listed = {e.source.report_id for e in found}.union(_of(self._known.values(), "paths"))
        return self._divide([*without_twins(found), *strays(self._seen, listed)])

    def _touched(self, found: Sequence[Entry]) -> list[Part]:
        """The known parts to which these entries belong, or that have a report at the same path."""
        paths = {e.source.report_id for e in found}
        parts = {part_of(e.source, self._register.find(e.source.body)) for e in found}
        return [p for p, block in self._known.items() if p in parts or not paths.isdisjoint(_of([block], "paths"))]

    def _reopened(self, blocks: Sequence[Block]) -> list[Entry]:
        """The entries of parts that were known."""
        self._seen.believe(blocks)
        lines = set(_of(blocks, "lines"))
        return self._entries(lines.__contains__) if lines else []

    def _entries(self, wanted: Callable[[str], bool]) -> list[Entry]:
        found, number = [], 1
        for record in self._records:
            if number > 1 and record and wanted(record):
                found.append(entry_of(self._seen, record, number))
                self._lines.setdefault(found[-1].source.report_id, []).append(record)
            number += 1 + record.count("\n")
        return found

    def _divide(self, found: Sequence[Entry]) -> dict[Part, Share]:
        ordered = sorted(found, key=lambda e: e.source.report_id)
        return divide(ordered, self._register, self._decided) if found else {}

    def _applies(self, decision: Decision, body: Body | None) -> bool:
        """Whether a decision is one on a part; all that were made on a known part are on it yet."""
        part = Part(decision.year, body.region_code[:2]) if body else None
        if part is None or part in self._known:
            return part is not None
        return part in self._shares and decision in self._shares[part].decisions

    def _block(self, part: Part) -> Block:
        """What is to be remembered of a part: without its digest where it must be looked at again, as a fault tells the
        number of a line, or of another line. The state of a file that is not believed is that of none.
        """
        if part in self._known:
            return self._known[part]
        entries = self._shares[part].entries
        hashes = {e.source.report_id: e.source.sha256 for e in entries if APART not in e.source.report_id}
        states = [self._seen.state(path) for path in hashes]
        lines = [line for path in hashes for line in self._lines.get(path, ())]
        sure = all(e.fault is None for e in entries) and not any(APART in line for line in lines)
        columns = (lines, hashes, states, hashes.values())
        return Block(part.stem, self.digests[part] if sure else DOUBTFUL, *map(APART.join, columns))


def _of(blocks: Iterable[Block], column: Literal["lines", "paths"]) -> Iterator[str]:
    """The lines or paths of some blocks."""
    for block in blocks:
        yield from getattr(block, column).split(APART)


def _part(block: Block) -> Part:
    year, _, province = block.stem.partition("-")
    return Part(int(year), province)
