"""The imports of the package follow the order that `pipeline/__init__.py` states, without circles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from support.project import ROOT

import pipeline

# Imports inside functions: (module, imported module): why it cannot be at the top.
LATE_IMPORTS = {
    ("pipeline.job.run", "pipeline.job.build"): "a run that has nothing to do must not import DuckDB",
    ("pipeline.job.ledger", "pipeline.storage.schema"): "the same run writes the ledger without pyarrow",
    ("pipeline.cli.run", "pipeline.cli.status"): "a run that has nothing to do must not import DuckDB",
    ("pipeline.read.scan", "pipeline.read.scan.pages"): "text recognition is an extra that most machines lack",
    ("pipeline.read.pdf", "pipeline.read.pdf.pages"): "pdfium takes long to load, and most reports are no PDF",
}
# Above the order: it makes reports for trials and tests.
SIMULATION = "simulate"


@dataclass(frozen=True)
class Import:
    """An import of one module of the package by another."""

    importer: str
    imported: str
    is_late: bool


def modules() -> dict[str, Path]:
    """Return the modules of the package by dotted name."""
    paths = sorted((ROOT / "pipeline").rglob("*.py"))
    return {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in paths}


def imports(name: str, path: Path, known: dict[str, Path]) -> Iterator[Import]:
    """Yield the imports of a module, also those inside functions and for type checkers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {n for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef) for n in ast.walk(f)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pipeline":
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(name, full if full in known else str(node.module), node in late)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "pipeline":
                    yield Import(name, alias.name, node in late)


def all_imports() -> list[Import]:
    known = modules()
    return [found for name, path in known.items() for found in imports(name, path, known)]


def layers() -> list[list[str]]:
    """Return the layers that the docstring of the package states, the lowest first."""
    (line,) = re.findall(r"^    (core < .*)$", pipeline.__doc__ or "", re.MULTILINE)
    return [[name.strip() for name in layer.split(",")] for layer in line.split("<")]


def package_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_package_has_a_layer() -> None:
    stated = [name for layer in layers() for name in layer]
    assert sorted(stated) == sorted({package_of(m) for m in modules()} - {"", "reference", SIMULATION})


def test_imports_point_to_lower_layers() -> None:
    rank = {name: number for number, layer in enumerate(layers()) for name in layer}
    rank[SIMULATION] = rank["publish"]
    wrong = []
    for found in all_imports():
        importer, imported = package_of(found.importer), package_of(found.imported)
        if importer in ("", "reference") or importer == imported:
            continue
        if rank[imported] >= rank[importer]:
            wrong.append(f"{found.importer} imports {found.imported}")
    assert wrong == []


def test_no_module_is_in_a_circle_of_imports() -> None:
    graph: dict[str, set[str]] = {}
    for found in all_imports():
        if found.imported != found.importer:
            graph.setdefault(found.importer, set()).add(found.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


def test_late_imports_have_a_reason() -> None:
    late = {(found.importer, found.imported) for found in all_imports() if found.is_late}
    assert late == set(LATE_IMPORTS)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from pipeline.core import text", Import("x", "pipeline.core.text", is_late=False)),
        ("from pipeline.core.text import fold", Import("x", "pipeline.core.text", is_late=False)),
        ("import pipeline.core.text", Import("x", "pipeline.core.text", is_late=False)),
        ("def f():\n    from pipeline.core.text import fold", Import("x", "pipeline.core.text", is_late=True)),
    ],
)
def test_imports_are_found_in_every_form(tmp_path: Path, source: str, expected: Import) -> None:
    (tmp_path / "x.py").write_text(source, encoding="utf-8")
    assert list(imports("x", tmp_path / "x.py", modules())) == [expected]
