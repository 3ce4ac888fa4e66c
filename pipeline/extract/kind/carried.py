"""Carry what a sentence counts to one that goes on with its parts: 检查39家，不合格3家。其中市直部门2家，县区1家。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.core.kind import Kind
from pipeline.extract.kind.families import families_of, parts_of
from pipeline.extract.kind.readings import Reading


@dataclass(frozen=True)
class Carried:
    """The totals of a sentence, by family, and the families whose parts follow where no sum tells."""

    totals: Mapping[str, frozenset[Decimal]] = field(default_factory=dict)
    usual: frozenset[str] = frozenset()

    def families(self, readings: Iterable[Reading], kind: Kind) -> frozenset[str]:
        """Return the families whose parts the readings of the next sentence are: those that add up to a total."""
        families, parts = families_of(kind), parts_of(kind)
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for reading in readings:
            if reading.address in parts:
                sums[families[reading.address]] += reading.value
        return frozenset(own for own, value in sums.items() if value in self.totals.get(own, ())) or self.usual
