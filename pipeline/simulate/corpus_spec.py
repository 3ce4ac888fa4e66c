"""Define the specification of a simulated corpus."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CorpusSpec:
    """The specification of a simulated corpus.

    It has the report years, the number of members per city, the file formats (keys of `report_files.WRITERS`), the
    errors per 10,000 reports, and the random seed.
    """

    first_year: int
    last_year: int
    member_count: int
    formats: tuple[str, ...]
    errors_per_10000: int
    seed: int
