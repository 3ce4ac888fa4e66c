"""Give each part of an enumeration its own outcome: 微信公众号121个，合格118个；微博38个，合格38个.

The row of the outcome of a part is that of the part, a dot, and the last word of the row of the outcome of all:
of `new_media.wechat` and `new_media.passed` it is `new_media.wechat.passed`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.core.kind import Kind
from pipeline.extract.kind.families import families_of, parts_of
from pipeline.extract.kind.readings import Reading

_SENTENCE = re.compile("[^。!?]+")  # its parts after semicolons too


def outcome_of(part: str, reading: Reading) -> Reading:
    """Return a reading of an outcome of all as that of the part with this address."""
    table, row, column = part.split("/")
    measure = reading.address.split("/")[1].rpartition(".")[2]
    return replace(reading, address=f"{table}/{row}.{measure}/{column}")


def place_outcomes(text: str, readings: Sequence[Reading], kind: Kind) -> list[Reading]:
    """Return the readings of a paragraph; an outcome between two parts of one total is that of the first part.

    Then the last part has its own, too. Outcomes of parts that the form has no row for are left out.
    """
    known, ends = frozenset(kind.form.addresses()), [match.end() for match in _SENTENCE.finditer(text)]
    placed: list[Reading] = []
    for _, sentence in groupby(readings, key=lambda reading: bisect_right(ends, reading.start)):
        own = list(sentence)
        parts, is_by_part = _parts_before(own, kind)
        placed += (
            outcome_of(part, reading) if part and is_by_part else reading
            for reading, part in zip(own, parts, strict=True)
        )
    return [reading for reading in placed if reading.address in known]


def _parts_before(readings: Sequence[Reading], kind: Kind) -> tuple[list[str], bool]:
    """Return the part whose outcome each reading may be, '' for none, and whether one is between two parts."""
    parts, families = parts_of(kind), families_of(kind)
    found: list[str] = []
    part, has_outcome, is_between = "", False, False
    for address in (reading.address for reading in readings):
        if address in parts:
            is_between = is_between or (has_outcome and families[part] == families[address])
            part, has_outcome = address, False
        elif part and families.get(address) == families[part]:
            part, has_outcome = "", False  # a total again
        has_outcome = has_outcome or bool(part and address not in parts)
        found.append("" if address in parts else part)
    return found, is_between
