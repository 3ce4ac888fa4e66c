"""Every package that the program installs has a licence that lets an office use and pass it on."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from support import locked
from support.locked import PERMISSIVE, WITH_REASON, closure, direct, licence, notes, terms
from support.project import ROOT

# Declared and yet never imported by name, with the reason.
NOT_IMPORTED = {
    "opencc-python-reimplemented": "its table of characters is read as a file",
    "onnxruntime": "RapidOCR imports it, and leaves open which engine is installed",
    "s3fs": "fsspec imports it for s3://",
    "pyspark": "the tests of the SQL on Spark import it",
    "sqlglot": "the tests of the SQL on Spark import it",
}
# Imported under names that packages of this machine may not tell, as where an extra is not installed.
CALLED = {
    "PIL": "pillow", "cv2": "opencv-python-headless", "docx": "python-docx", "yaml": "pyyaml", "rapidocr": "rapidocr",
    "weasyprint": "weasyprint", "numpy": "numpy", "dask": "distributed", "distributed": "distributed",
    "fsspec": "fsspec",
}  # fmt: skip


def everything() -> set[str]:
    return closure(name for found in direct().values() for name in found)


@pytest.mark.parametrize("name", sorted(everything()))
def test_the_licence_is_permissive(name: str) -> None:
    found = terms(licence(name))
    assert found, f"{name}: no licence is known; read it and add a line to benchmarks/dependencies.csv"
    assert set(found) <= PERMISSIVE | WITH_REASON, f"{name}: {found}"
    if set(found) & WITH_REASON:
        assert notes()[name]["reason"]


@pytest.mark.parametrize("said", ["GPL-3.0-only", "AGPL-3.0", "LGPL-2.1 AND MIT", "Proprietary", "", "SSPL-1.0"])
def test_another_licence_is_not_passed(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked, "notes", lambda: {"click": {"licence": said}})
    monkeypatch.setattr(locked, "installed", lambda _: None)
    found = terms(licence("click"))
    assert not found or not set(found) <= PERMISSIVE | WITH_REASON


def test_the_hand_written_lines_are_of_packages_that_are_used() -> None:
    assert set(notes()) <= everything() | {"colorama"}
    named = {name for found in direct().values() for name in found}
    assert all(notes()[name]["purpose"] for name in named)


def test_vendored_files_have_their_licences() -> None:
    folder = ROOT / "pipeline" / "publish" / "assets" / "echarts"
    assert "Apache License" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert "Apache" in (folder / "NOTICE").read_text(encoding="utf-8")
    assert (folder / "LICENSE-d3").stat().st_size > 500
    vendored = {p.parent.name for p in (ROOT / "pipeline").rglob("*.min.js")}
    assert vendored == {"echarts"}


def imports() -> Iterator[tuple[str, str]]:
    """(top-level module, file) of every import of the program that is not Python's or its own."""
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in (n.partition(".")[0] for n in names):
                if name not in sys.stdlib_module_names | {"pipeline"}:
                    yield name, path.name


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    known = packages_distributions()
    used = {CALLED.get(name) or known[name][0].lower().replace("_", "-") for name, _ in imports()}
    declared = {name for found in direct().values() for name in found}
    assert used - declared == set()
    assert declared - used == set(NOT_IMPORTED)
