"""Run every target on the committed inputs and, where atheris is installed, fuzz each target for two seconds.

`python tests/fuzz/run.py` fuzzes longer; docs/guide/security.md has the results.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from support.project import ROOT

from fuzz.invariants import check_document, check_figures, check_texts
from fuzz.mutators import STYLES, change
from fuzz.packed import pack
from fuzz.side_effects import ForbiddenAction, forbid_side_effects
from fuzz.targets import TARGETS, DifferentResults, call_twice, measure_seconds
from pipeline.core.model import Document, Figure, Grid, GridCell, Paragraph
from pipeline.read import read_bytes, zip_archive

pytestmark = pytest.mark.slow

HERE = ROOT / "tests" / "fuzz"
MAX_SECONDS = 5.0  # of CPU per input
FUZZING_SECONDS = 2
MAX_INPUT_BYTES, MAX_TOTAL_BYTES = 20_000, 2_000_000


def inputs() -> Iterator[tuple[str, Path]]:
    """Yield target and path of each committed input."""
    for kind in ("corpus", "regressions"):
        for target in TARGETS:
            yield from ((target, p) for p in sorted((HERE / kind / target).glob("*")))


@pytest.mark.parametrize("target", TARGETS)
def test_committed_inputs_have_valid_results_in_time(target: str) -> None:
    seconds = {
        path.name: measure_seconds(TARGETS[target], path.read_bytes()) for name, path in inputs() if name == target
    }
    assert seconds, "a target without inputs"
    assert max(seconds.values()) < MAX_SECONDS, seconds


def test_corpus_has_readable_tables_of_every_format() -> None:
    """The fuzzer learns nothing from a seed that its reader refuses."""
    formats = set()
    for target in ("html", "text", "docx", "sheet", "xls", "mht", "pdf"):
        for path in (HERE / "corpus" / target).iterdir():
            data = path.read_bytes()
            document = read_bytes(pack(data) if target in ("docx", "sheet") else data)
            formats |= {document.format} if document.grids else set()
    assert formats == {"html", "text", "docx", "xlsx", "ods", "xls", "mht", "pdf"}


def test_corpus_is_small() -> None:
    sizes = [path.stat().st_size for _, path in inputs()]
    assert max(sizes) <= MAX_INPUT_BYTES
    assert sum(sizes) < MAX_TOTAL_BYTES


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris (dependency group fuzz) is missing")
@pytest.mark.parametrize("target", TARGETS)
def test_short_fuzzing_finds_no_failure(target: str, tmp_path: Path) -> None:
    command = [sys.executable, str(HERE / "run.py"), target, f"--seconds={FUZZING_SECONDS}", f"--corpus={tmp_path}"]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=300)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]


@pytest.mark.parametrize("style", STYLES)
def test_changes_are_reproducible_and_bounded(style: str) -> None:
    data = next(path.read_bytes() for name, path in inputs() if TARGETS[name].style == style)
    results = {seed: change(data, style, 5000, seed) for seed in range(50)}
    assert all(change(data, style, 5000, seed) == output for seed, output in results.items())
    assert all(len(output) <= 5000 for output in results.values())
    assert len(set(results.values())) > 25


# Tests of the checks themselves: a target whose checks detect nothing would pass every input.


def test_files_sockets_and_programs_are_forbidden(tmp_path: Path) -> None:
    import socket

    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    with forbid_side_effects(tmp_path / "given"):
        (tmp_path / "given" / "a").read_text()
    actions = (
        lambda: (tmp_path / "b").read_text(),
        lambda: (tmp_path / "given" / ".." / "b").read_text(),
        lambda: (tmp_path / "given" / "a").write_text("c"),
        lambda: socket.create_connection(("127.0.0.1", 9)),
        lambda: subprocess.run(["true"], check=False),
        lambda: (tmp_path / "given" / "a").unlink(),
    )
    for action in actions:
        with pytest.raises(ForbiddenAction), forbid_side_effects(tmp_path / "given"):
            action()


def test_forbidden_action_is_raised_even_if_a_handler_swallows_it(tmp_path: Path) -> None:
    def read_and_swallow() -> None:
        try:
            (tmp_path / "b").read_text()
        except BaseException:  # noqa: BLE001 (as a careless reader does)
            return

    with pytest.raises(ForbiddenAction), forbid_side_effects(tmp_path / "given"):
        read_and_swallow()


def test_invariants_refuse_invalid_results() -> None:
    invalid_cell = GridCell("1", -1, 0)
    with pytest.raises(AssertionError):
        check_document(Document((Grid((invalid_cell,)),), "html", "html"))
    with pytest.raises(UnicodeEncodeError):
        check_texts(Paragraph("\ud800"))
    figure = Figure("disclosed.items", "3", 1, 0, 1, 2, Decimal(3), False, "whole")
    with pytest.raises(AssertionError):
        check_figures((figure,), (Paragraph("21"),))
    with pytest.raises(DifferentResults):
        call_twice(iter([1, 2]).__next__)


def test_flat_text_becomes_an_archive() -> None:
    package = zip_archive.ZipPackage(pack(b"==> a/b.xml\n<a>1</a>\n==> ../../x\nout\n"))
    assert package.member_names == {"a/b.xml", "../../x"}
    assert package.read_member("a/b.xml") == b"<a>1</a>"
