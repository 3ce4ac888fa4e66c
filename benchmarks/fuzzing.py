"""Write the results of fuzzing runs into docs/guide/security.md: `python benchmarks/fuzzing.py LOG...`.

`tests/fuzz/run.py` writes the logs into its `--corpus` folder, each named after its target. Several logs of one target
give one row: the sum of their executions and seconds, and the maximum of the other numbers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "guide" / "security.md"
BEGIN, END = "<!-- runs: written by benchmarks/fuzzing.py -->", "<!-- end of runs -->"
HEAD = """| target | executions | seconds | branches | features | inputs kept | slowest input | peak memory |
| --- | --- | --- | --- | --- | --- | --- | --- |"""
# Lines of a log.
DONE = re.compile(r"^Done (\d+) runs in (\d+) second", re.MULTILINE)
COVERAGE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)/")
SLOWEST = re.compile(r"^slowest: ([\d.]+) s, (\d+) bytes", re.MULTILINE)
PEAK_MEMORY = re.compile(r"^stat::peak_rss_mb:\s+(\d+)", re.MULTILINE)
MIN_LOGGED_SECONDS = 0.05  # the log does not list faster inputs


def main(logs: Sequence[Path]) -> None:
    """Write the table between its marks."""
    logs_by_target: dict[str, list[str]] = {}
    for log in logs:
        logs_by_target.setdefault(log.stem, []).append(log.read_text(encoding="utf-8", errors="replace"))
    rows = [_format_row(target, logs_by_target[target]) for target in sorted(logs_by_target)]
    executions, seconds = _totals([text for texts in logs_by_target.values() for text in texts])
    total_row = f"| all | {executions:,} | {seconds:,} | | | | | |"
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    PAGE.write_text("\n".join((f"{before}{BEGIN}", HEAD, *rows, total_row, f"{END}{after}")), encoding="utf-8")


def _totals(texts: Sequence[str]) -> tuple[int, int]:
    """Return the executions and the seconds of the runs in these logs."""
    runs = [match for text in texts for match in DONE.findall(text)]
    return sum(int(executions) for executions, _ in runs), sum(int(seconds) for _, seconds in runs)


def _format_row(target: str, texts: Sequence[str]) -> str:
    """Return the table row of a target. Raises ValueError if one of the logs is of a run that failed."""
    if sum(len(DONE.findall(text)) for text in texts) != len(texts):
        raise ValueError(f"{target}: a run did not end well")
    executions, seconds = _totals(texts)
    coverage = max(tuple(map(int, match)) for text in texts for match in COVERAGE.findall(text))
    slow_inputs = ((float(s), int(b)) for text in texts for s, b in SLOWEST.findall(text))
    slowest = max(slow_inputs, default=None)
    slowest_text = f"{slowest[0]:.2f} s ({slowest[1]:,} bytes)" if slowest else f"under {MIN_LOGGED_SECONDS} s"
    memory = max(int(m) for text in texts for m in PEAK_MEMORY.findall(text))
    cells = (target, f"{executions:,}", f"{seconds:,}", *map(str, coverage), slowest_text, f"{memory} MB")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
