"""Test that the fingerprints cover everything that determines the data, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.project import ROOT, copy_program, current_snapshot, ogi_in

from pipeline.core.paths import PACKAGE
from pipeline.storage.fingerprint import extraction_files

pytestmark = pytest.mark.slow

# Modules that the reading child process imports although they do not determine the rows of a report.
WITHOUT_INFLUENCE = {
    "__init__.py": "the public API",
    "job/__init__.py": "a docstring",
    "job/inventory.py": "its digests are in the plan",
    "raw/__init__.py": "a docstring",
    "raw/file_state.py": "the plan has the hash of each file",
    "raw/manifest.py": "the plan has each line",
    "raw/scan_cache.py": "the plan has the hash of each file",
    "runtime/__init__.py": "a docstring",
    "storage/__init__.py": "a docstring",
    "storage/dictionary.py": "the fingerprint has the columns of the loaded tables",
    "storage/partition.py": "the names of files follow from their content",
}
# A program for another process: print the modules that read a batch, and the data files that reading opens.
READING_PROGRAM = """
import json, sys
from pathlib import Path
package, reports = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
opened = set()
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.add(arguments[0])
sys.addaudithook(watch)
import pipeline.job.batches
from pipeline.report import read_report
for report in reports:
    read_report(report, report.parent)
modules = [m.__file__ for name, m in sys.modules.items() if name.split(".")[0] == "pipeline"]
data = [name for name in opened if Path(name).is_relative_to(package) and Path(name).suffix in (".csv", ".yaml")]
print(json.dumps([modules, data]))
"""


def test_extraction_fingerprint_covers_all_code_and_rules_that_read_a_report() -> None:
    reports = sorted((ROOT / "data" / "raw" / "2019").iterdir())
    command = [sys.executable, "-c", READING_PROGRAM, str(PACKAGE), *map(str, reports)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    modules, data = json.loads(result.stdout)
    used = {Path(name).relative_to(PACKAGE).as_posix() for name in [*modules, *data]}
    covered = {path.relative_to(PACKAGE).as_posix() for path in extraction_files()}
    assert used - covered == WITHOUT_INFLUENCE.keys()
    assert {"forms/2021.yaml", "reference/phrases.csv", "edit/localise.py"} <= used


@pytest.fixture(scope="module")
def built_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, and in `built` the data that it published. Tests must restore the files they change."""
    folder = copy_program(tmp_path_factory.mktemp("program"))
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    assert ogi_in(folder, "run", root=folder).returncode in (0, 1)
    (folder / "data").rename(folder / "built")
    return folder


@pytest.fixture
def program(built_program: Path) -> Path:
    """The copy of the program, which is also a project with a published snapshot."""
    shutil.rmtree(built_program / "data", ignore_errors=True)
    shutil.copytree(built_program / "built", built_program / "data", symlinks=True)
    return built_program


def run_after_changes(program: Path, *changes: tuple[str, str, str]) -> tuple[bool, int]:
    """Apply changes (file, old text, new text) to a program, run it, and restore the files.

    Return whether the snapshot changed, and the number of reports read.
    """
    before, texts = current_snapshot(program).name, {}
    for name, old, new in changes:
        texts[name] = (program / name).read_text(encoding="utf-8")
        assert old in texts[name]
        (program / name).write_text(texts[name].replace(old, new, 1), encoding="utf-8")
    result = ogi_in(program, "run", "--quiet", root=program)
    for name, text in texts.items():
        (program / name).write_text(text, encoding="utf-8")
    assert result.returncode in (0, 1), result.stderr
    events = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    reports_read = sum(event["count"] for event in events if event["stage"] == "extract")
    return current_snapshot(program).name != before, reports_read


def test_help_texts_pages_and_publishing_code_have_no_influence(program: Path) -> None:
    changes = [
        ("pipeline/core/messages.csv", "help.run,", "help.run,新的"),
        ("pipeline/cli/run.py", '"""', '"""New. '),
        ("pipeline/publish/trace.py", '"""', '"""New. '),
        ("pipeline/simulate/corpus.py", '"""', '"""New. '),
        ("pipeline/job/run.py", '"""', '"""New. '),
        ("sql/queries/headline.sql", "/ compiled", "/ the compiled"),
        ("sql/pages/status_years.sql", "-- One row", "-- New.\n-- One row"),
    ]
    assert run_after_changes(program, *changes) == (False, 0)


@pytest.mark.parametrize(
    "change",
    [
        ("sql/rollup/carry.sql", "carried in,", "that are carried in,"),
        ("pipeline/core/messages.csv", "check.city.compile,", "check.city.compile,新的"),
    ],
)
def test_change_of_the_rollup_reads_no_report_and_builds_a_new_snapshot(
    program: Path, change: tuple[str, str, str]
) -> None:
    assert run_after_changes(program, change) == (True, 0)


def test_change_of_the_extraction_reads_all_reports(program: Path) -> None:
    reports = [path for path in (program / "data" / "raw").rglob("*") if path.is_file() and path.name != "manifest.csv"]
    change = ("pipeline/edit/localise.py", '"""', '"""New. ')
    assert run_after_changes(program, change) == (True, len(reports))
