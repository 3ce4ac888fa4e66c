"""Puts the numbers of fuzzing runs into docs/security.md: `python benchmarks/fuzzing.py LOG...`.

A log is what `tests/fuzz/run.py` leaves in its `--corpus` folder, named after its target. Several logs of one target
are told together: their executions are added, of the rest the most is told.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "security.md"
BEGIN, END = "<!-- runs: made by benchmarks/fuzzing.py -->", "<!-- end of runs -->"
HEAD = """| target | executions | seconds | branches | features | inputs kept | slowest input | peak memory |
| --- | --- | --- | --- | --- | --- | --- | --- |"""
_DONE = re.compile(r"^Done (\d+) runs in (\d+) second", re.MULTILINE)
_COVERAGE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)/")
_SLOWEST = re.compile(r"^slowest: ([\d.]+) s, (\d+) bytes", re.MULTILINE)
_MEMORY = re.compile(r"^stat::peak_rss_mb:\s+(\d+)", re.MULTILINE)
FLOOR = 0.05  # seconds; a faster input is not told


def main(logs: Sequence[Path]) -> None:
    """Write the table between its marks."""
    texts: dict[str, list[str]] = {}
    for log in logs:
        texts.setdefault(log.stem, []).append(log.read_text(encoding="utf-8", errors="replace"))
    lines = [line for name in sorted(texts) for line in [_line(name, texts[name])]]
    done = [m for found in texts.values() for text in found for m in _DONE.findall(text)]
    total = f"| all | {sum(int(r) for r, _ in done):,} | {sum(int(s) for _, s in done):,} | | | | | |"
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    PAGE.write_text("\n".join((f"{before}{BEGIN}", HEAD, *lines, total, f"{END}{after}")), encoding="utf-8")


def _line(name: str, texts: Sequence[str]) -> str:
    """A target's line. Raises ValueError for a log of a run that did not end well."""
    done = [m for text in texts for m in _DONE.findall(text)]
    if len(done) != len(texts):
        raise ValueError(f"{name}: a run did not end well")
    coverage = max(tuple(map(int, m)) for text in texts for m in _COVERAGE.findall(text))
    slowest = max(((float(s), int(b)) for text in texts for s, b in _SLOWEST.findall(text)), default=None)
    slow = f"{slowest[0]:.2f} s ({slowest[1]:,} bytes)" if slowest else f"under {FLOOR} s"
    memory = max(int(m) for text in texts for m in _MEMORY.findall(text))
    counts = (f"{sum(int(r) for r, _ in done):,}", f"{sum(int(s) for _, s in done):,}", *map(str, coverage))
    return f"| {' | '.join((name, *counts, slow, f'{memory} MB'))} |"


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
