"""Measure the speed and size of the site: of the shipped data, and of a simulated country.

`uv run --group dev python benchmarks/site.py --corpus FOLDER` prints the measurements as JSON. The folder is one that
`ogi simulate` wrote, and is published if necessary. The site of the country is built in a process of its own: `rounds`
times each from nothing, after a change of one figure of one body, and without a change. The times to the first chart
need Chromium. The sites are written next to the corpus.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.browser import browser, visit

from benchmarks.incremental import change_reports, time_run

REPETITIONS = 5
FIRST_CHART = ".chart svg text"


def measure_build(data_folder: Path, site: Path) -> list[float]:
    """Build a site in a process of its own; return its seconds, and the processor seconds of all its processes."""
    command = [sys.executable, "-m", "pipeline.cli", "site", "--data", str(data_folder), "--out", str(site)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    seconds, usage = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = usage.ru_utime + usage.ru_stime - before.ru_utime - before.ru_stime
    return [round(seconds, 1), round(processor, 1)]


def measure_rounds(corpus: Path, site: Path, rounds: int) -> dict[str, list[list[float]]]:
    """Return the times of builds from nothing, after a change of one body, and without a change."""
    times: dict[str, list[list[float]]] = {"from nothing": [], "one body changed": [], "nothing changed": []}
    for number in range(rounds):
        shutil.rmtree(site, ignore_errors=True)
        times["from nothing"].append(measure_build(corpus, site))
        change_reports(corpus / "raw", 1, f"{time.time_ns()} {number}")
        time_run(corpus)
        times["one body changed"].append(measure_build(corpus, site))
        times["nothing changed"].append(measure_build(corpus, site))
    return times


def measure_size(site: Path) -> dict[str, object]:
    """Return the number of files of a site, its sizes, and the times to the first charts."""
    sizes = {p.relative_to(site).as_posix(): p.stat().st_size for p in site.rglob("*") if p.is_file()}
    page_sizes = {path: size for path, size in sizes.items() if not path.startswith("files/")}
    largest = max((path for path in page_sizes if path.startswith("data/")), key=lambda path: page_sizes[path])
    return {
        "files": len(sizes),
        "megabytes": round(sum(sizes.values()) / 1e6, 1),
        "megabytes of pages": round(sum(page_sizes.values()) / 1e6, 1),
        "largest data file": f"{largest} {page_sizes[largest]}",
        "index.js": page_sizes["data/index.js"],
        "seconds to first chart": measure_first_charts(site),
    }


def measure_first_charts(folder: Path) -> dict[str, float]:
    """Return the median seconds from opening a page, with nothing cached, to its first chart, by route."""
    medians = {}
    with browser() as chromium:
        for route in ("overview", "compare", "body?id=" + _first_member(folder), "quality", "compare?scope=cities"):
            seconds = [_seconds_to_first_chart(chromium, folder, route) for _ in range(REPETITIONS)]
            medians[route.split("=")[0]] = round(statistics.median(seconds), 2)
    return medians


def _seconds_to_first_chart(chromium: Browser, folder: Path, route: str) -> float:
    """Open a page in a new context; return the seconds to its first chart. Exits if the page reports a fault."""
    opened = visit(chromium, folder)
    start = time.perf_counter()
    opened.page.goto(f"{folder.as_uri()}/index.html#/{route}")
    opened.page.wait_for_selector(FIRST_CHART, state="attached")
    seconds = time.perf_counter() - start
    if opened.faults or opened.outside:
        raise SystemExit(f"{route}: {opened.faults} {opened.outside}")
    opened.page.context.close()
    return seconds


def _first_member(folder: Path) -> str:
    """Return the id of the first body in the index that is not a city."""
    text = (folder / "data" / "index.js").read_text(encoding="utf-8")
    bodies = json.loads(text.partition(",")[2].rstrip().removesuffix(");"))["bodies"]
    return next(str(body[0]) for body in bodies if body[2] != "city")


def main() -> None:
    """Measure both sites and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipped", type=Path, default=Path("data"), help="a data folder with the shipped data")
    parser.add_argument("--corpus", type=Path, required=True, help="a folder that `ogi simulate` wrote")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for data_folder in (options.shipped, options.corpus):
        time_run(data_folder)
    shipped, country = (options.corpus.with_name(f"{options.corpus.name}-site-{n}") for n in ("shipped", "country"))
    print(
        json.dumps(
            {"shipped, from nothing": measure_build(options.shipped, shipped), **measure_size(shipped)}, indent=1
        )
    )
    print(json.dumps(measure_rounds(options.corpus, country, options.rounds), indent=1))
    print(json.dumps(measure_size(country), indent=1))


if __name__ == "__main__":
    main()
