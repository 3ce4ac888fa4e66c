"""The committed inputs go through every target; with atheris at hand each target is fuzzed for a moment.

`python tests/fuzz/run.py` fuzzes for longer; docs/security.md tells what came of it.
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
from fuzz.targets import TARGETS, Differs, timed, twice
from fuzz.watch import Trespass, watched
from pipeline.core.model import Document, Figure, Grid, GridCell, Paragraph
from pipeline.read import read_bytes, zip_archive

HERE = ROOT / "tests" / "fuzz"
SECONDS, MOMENT = 5.0, 2
MOST_BYTES, MOST = 20_000, 2_000_000  # of an input, of all


def inputs() -> Iterator[tuple[str, Path]]:
    for kind in ("corpus", "regressions"):
        for target in TARGETS:
            yield from ((target, p) for p in sorted((HERE / kind / target).glob("*")))


@pytest.mark.parametrize("target", TARGETS)
def test_every_committed_input_ends_well(target: str) -> None:
    seconds = {path.name: timed(TARGETS[target], path.read_bytes()) for name, path in inputs() if name == target}
    assert seconds, "a target without inputs"
    assert max(seconds.values()) < SECONDS, seconds


def test_the_corpus_gets_past_the_doors() -> None:
    """A seed that its reader refuses teaches the fuzzer nothing: of each format some are read, tables and all."""
    found = set()
    for target in ("html", "text", "docx", "sheet", "xls", "mht", "pdf"):
        for path in (HERE / "corpus" / target).iterdir():
            data = path.read_bytes()
            document = read_bytes(pack(data) if target in ("docx", "sheet") else data)
            found |= {document.format} if document.grids else set()
    assert found == {"html", "text", "docx", "xlsx", "ods", "xls", "mht", "pdf"}


def test_the_corpus_is_small() -> None:
    sizes = [path.stat().st_size for _, path in inputs()]
    assert max(sizes) <= MOST_BYTES
    assert sum(sizes) < MOST


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris (dependency group fuzz) is not here")
@pytest.mark.parametrize("target", TARGETS)
def test_a_moment_of_fuzzing(target: str, tmp_path: Path) -> None:
    command = [sys.executable, str(HERE / "run.py"), target, f"--seconds={MOMENT}", f"--corpus={tmp_path}"]
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=300)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]


@pytest.mark.parametrize("style", STYLES)
def test_changes_are_the_same_for_the_same_seed_and_keep_the_bound(style: str) -> None:
    data = next(path.read_bytes() for name, path in inputs() if TARGETS[name].style == style)
    made = {seed: change(data, style, 5000, seed) for seed in range(50)}
    assert all(change(data, style, 5000, seed) == found for seed, found in made.items())
    assert all(len(found) <= 5000 for found in made.values())
    assert len(set(made.values())) > 25


# What the targets look for is found: each of these would pass a target that had gone blind.


def test_the_watch_sees_files_sockets_and_programs(tmp_path: Path) -> None:
    import socket

    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    with watched(tmp_path / "given"):
        (tmp_path / "given" / "a").read_text()
    attempts = (
        lambda: (tmp_path / "b").read_text(),
        lambda: (tmp_path / "given" / ".." / "b").read_text(),
        lambda: (tmp_path / "given" / "a").write_text("c"),
        lambda: socket.create_connection(("127.0.0.1", 9)),
        lambda: subprocess.run(["true"], check=False),
        lambda: (tmp_path / "given" / "a").unlink(),
    )
    for attempt in attempts:
        with pytest.raises(Trespass), watched(tmp_path / "given"):
            attempt()


def test_a_trespass_that_a_handler_swallows_is_seen(tmp_path: Path) -> None:
    def sly() -> None:
        try:
            (tmp_path / "b").read_text()
        except BaseException:  # noqa: BLE001 (as a careless reader might)
            return

    with pytest.raises(Trespass), watched(tmp_path / "given"):
        sly()


def test_invariants_refuse_what_cannot_be() -> None:
    bad = GridCell("1", -1, 0)
    with pytest.raises(AssertionError):
        check_document(Document((Grid((bad,)),), "html", "html"))
    with pytest.raises(UnicodeEncodeError):
        check_texts(Paragraph("\ud800"))
    figure = Figure("disclosed.items", "3", 1, 0, 1, 2, Decimal(3), False, "whole")
    with pytest.raises(AssertionError):
        check_figures((figure,), (Paragraph("13"),) and (Paragraph("21"),))
    with pytest.raises(Differs):
        twice(iter([1, 2]).__next__)


def test_flat_text_becomes_an_archive() -> None:
    package = zip_archive.ZipPackage(pack(b"==> a/b.xml\n<a>1</a>\n==> ../../x\nout\n"))
    assert package.member_names == {"a/b.xml", "../../x"}
    assert package.read_member("a/b.xml") == b"<a>1</a>"
