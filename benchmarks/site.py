"""Measure the size and speed of the site: on the shipped data, and on a simulated country (`site_tables.py`).

`uv run --group dev python benchmarks/site.py [--published FOLDER] [--keep FOLDER]` prints the measurements as JSON. It
needs a data folder with published data (default: `data`), whose registers the simulated country shares, and Chromium
for the time to the first chart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.browser import browser, visit

from benchmarks.site_tables import write_simulated_tables
from pipeline.core.paths import Data
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.publish.site.build import write_site
from pipeline.storage.database import connect
from pipeline.storage.snapshot import read_record

REPETITIONS = 5
FIRST_CHART = ".chart svg text"


@contextmanager
def output_folder(kept: Path | None) -> Iterator[Path]:
    """Create and yield the folder in which the sites are kept, or a temporary folder."""
    if kept:
        kept.mkdir(parents=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def measure_site(connection: duckdb.DuckDBPyConnection, snapshot: PublishedSnapshot, folder: Path) -> dict[str, object]:
    """Build a site in an empty folder; return its build time, its sizes, and the times to the first chart."""
    start = time.perf_counter()
    write_site(connection, snapshot, folder, None)
    seconds = time.perf_counter() - start
    sizes = {p.relative_to(folder).as_posix(): p.stat().st_size for p in folder.rglob("*") if p.is_file()}
    page_sizes = {path: size for path, size in sizes.items() if not path.startswith("files/")}
    largest = max((path for path in page_sizes if path.startswith("data/")), key=lambda path: page_sizes[path])
    return {
        "seconds": round(seconds, 1),
        "files": len(sizes),
        "megabytes": round(sum(sizes.values()) / 1e6, 1),
        "megabytes of pages": round(sum(page_sizes.values()) / 1e6, 1),
        "largest data file": f"{largest} {page_sizes[largest]}",
        "index.js": page_sizes["data/index.js"],
        "seconds to first chart": measure_first_charts(folder),
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
    parser.add_argument("--published", type=Path, default=Path("data"), help="a data folder with published data")
    parser.add_argument("--keep", type=Path, help="a new folder in which the sites are kept")
    options = parser.parse_args()
    data = Data(options.published)
    snapshot = data.current.resolve()
    record = read_record(snapshot)
    if record is None:
        raise SystemExit("nothing is published: run ogi run first")
    with output_folder(options.keep) as folder:
        with connect(data) as connection:
            shipped = measure_site(connection, PublishedSnapshot(snapshot, record.id), folder / "shipped")
        print(json.dumps({"shipped": shipped}, indent=1))
        tables = folder / "tables"
        tables.mkdir()
        with write_simulated_tables(snapshot, tables) as connection:
            simulated = measure_site(connection, PublishedSnapshot(tables, "simulated"), folder / "simulated")
        print(json.dumps({"simulated": simulated}, indent=1))


if __name__ == "__main__":
    main()
