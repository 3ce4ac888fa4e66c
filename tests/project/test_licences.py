"""Test that every package of an installation has a permissive licence, so that an office may redistribute it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from support import locked
from support.locked import PERMISSIVE, WITH_REASON, closure, direct, licence, notes, terms
from support.project import ROOT

# Declared packages that ogi does not import by name, and the reason.
NOT_IMPORTED = {
    "opencc-python-reimplemented": "its table of characters is read as a file",
    "python-multipart": "Starlette imports it to read the forms of the desk",
    "onnxruntime": "RapidOCR imports it, but does not require one of the engines it can use",
    "vl-convert-python": "Altair imports it to draw SVG",
    "s3fs": "fsspec imports it for s3://",
    "pyspark": "the tests of the SQL on Spark import it",
    "sqlglot": "the tests of the SQL on Spark import it",
}
# Packages by module name. The metadata has it only for installed packages, and extras may not be installed.
PACKAGES_BY_MODULE = {
    "PIL": "pillow", "cv2": "opencv-python-headless", "docx": "python-docx", "yaml": "pyyaml", "rapidocr": "rapidocr",
    "weasyprint": "weasyprint", "numpy": "numpy", "dask": "distributed", "distributed": "distributed",
    "fsspec": "fsspec",
}  # fmt: skip


def declared_packages() -> set[str]:
    """Return the packages that ogi declares, those of all extras included."""
    return {name for names in direct().values() for name in names}


def all_packages() -> set[str]:
    """Return the declared packages and everything that they need on any system."""
    return closure(declared_packages())


@pytest.mark.parametrize("name", sorted(all_packages()))
def test_licence_is_permissive(name: str) -> None:
    licences = terms(licence(name))
    assert licences, f"{name}: the licence is unknown; read it and add a line to benchmarks/dependencies.csv"
    assert set(licences) <= PERMISSIVE | WITH_REASON, f"{name}: {licences}"
    if set(licences) & WITH_REASON:
        assert notes()[name]["reason"]


@pytest.mark.parametrize("expression", ["GPL-3.0-only", "AGPL-3.0", "LGPL-2.1 AND MIT", "Proprietary", "", "SSPL-1.0"])
def test_other_licence_is_refused(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked, "notes", lambda: {"click": {"licence": expression}})
    monkeypatch.setattr(locked, "installed", lambda _: None)
    licences = terms(licence("click"))
    assert not licences or not set(licences) <= PERMISSIVE | WITH_REASON


def test_notes_are_about_packages_in_use() -> None:
    assert set(notes()) <= all_packages() | {"colorama"}
    assert all(notes()[name]["purpose"] for name in declared_packages())


def test_vendored_files_have_their_licences() -> None:
    assert "Zero-Clause BSD" in (ROOT / "pipeline" / "desk" / "assets" / "LICENSE-htmx").read_text(encoding="utf-8")
    folder = ROOT / "pipeline" / "publish" / "assets" / "echarts"
    assert "Apache License" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert "Apache" in (folder / "NOTICE").read_text(encoding="utf-8")
    assert (folder / "LICENSE-d3").stat().st_size > 500
    vendored_libraries = {p.name for p in (ROOT / "pipeline").rglob("*.min.js")}
    assert vendored_libraries == {"echarts.min.js", "htmx.min.js"}


def imported_modules() -> Iterator[str]:
    """Yield the top-level module of every import in the package, except Python's own and the package's."""
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in (n.partition(".")[0] for n in names):
                if name not in sys.stdlib_module_names | {"pipeline"}:
                    yield name


def test_imported_packages_are_declared_and_declared_packages_are_imported() -> None:
    installed = packages_distributions()
    imported = {PACKAGES_BY_MODULE.get(m) or installed[m][0].lower().replace("_", "-") for m in imported_modules()}
    assert imported - declared_packages() == set()
    assert declared_packages() - imported == set(NOT_IMPORTED)
