"""Test that imports follow the order of layers in the docstring of `pipeline/__init__.py`, without cycles."""

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

# The imports inside functions, as (module, imported module), and why each cannot be at the top of the module.
LATE_IMPORTS = {
    ("pipeline.job.run", "pipeline.job.build"): "a run that has nothing to do must not import DuckDB",
    ("pipeline.registry.bodies", "pipeline.core.kinds"): "the same run parses no YAML",
    ("pipeline.job.ledger", "pipeline.storage.schema"): "the same run writes the ledger without pyarrow",
    ("pipeline.cli.collect", "pipeline.collect.portals"): "the packages that visit websites are an extra",
    ("pipeline.cli.collect", "pipeline.job.collect"): "the packages that visit websites are an extra",
    ("pipeline.cli.desk", "pipeline.desk.serve"): "the help of the command must not import the web server",
    ("pipeline.cli.run", "pipeline.cli.status"): "a run that has nothing to do must not import DuckDB",
    ("pipeline.read.scan", "pipeline.read.scan.pages"): "text recognition is an extra that most machines lack",
    ("pipeline.read.pdf", "pipeline.read.pdf.pages"): "pdfium takes long to load, and most reports are not PDF",
}
# This package is not in the docstring. It makes reports for trials and tests, and has the layer of `publish`.
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


def imports(name: str, path: Path, module_paths: dict[str, Path]) -> Iterator[Import]:
    """Yield the imports of a module by other modules of the package, including those inside functions.

    `name` is the dotted name of the module. Imports for type checkers only are yielded too.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late_nodes = {
        n for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef) for n in ast.walk(f)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pipeline":
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(name, full if full in module_paths else str(node.module), node in late_nodes)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "pipeline":
                    yield Import(name, alias.name, node in late_nodes)


def all_imports() -> list[Import]:
    """Return the imports of all modules of the package."""
    module_paths = modules()
    return [i for name, path in module_paths.items() for i in imports(name, path, module_paths)]


def layers() -> list[list[str]]:
    """Return the layers in the docstring of the package, the lowest first; a layer has one or more package names."""
    (line,) = re.findall(r"^    (core < .*(?:\n     +< .*)*)$", pipeline.__doc__ or "", re.MULTILINE)
    return [[name.strip() for name in layer.split(",")] for layer in line.split("<")]


def package_of(module: str) -> str:
    """Return the package of a module: `job` for `pipeline.job.run`, '' for `pipeline` itself."""
    return module.split(".")[1] if "." in module else ""


def test_every_package_has_a_layer() -> None:
    layered = [name for layer in layers() for name in layer]
    assert sorted(layered) == sorted({package_of(m) for m in modules()} - {"", "reference", SIMULATION})


def test_imports_point_to_lower_layers() -> None:
    rank = {name: number for number, layer in enumerate(layers()) for name in layer}
    rank[SIMULATION] = rank["publish"]
    violations = []
    for i in all_imports():
        importer, imported = package_of(i.importer), package_of(i.imported)
        if importer in ("", "reference") or importer == imported:
            continue
        if rank[imported] >= rank[importer]:
            violations.append(f"{i.importer} imports {i.imported}")
    assert violations == []


def test_imports_have_no_cycle() -> None:
    graph: dict[str, set[str]] = {}
    for i in all_imports():
        if i.imported != i.importer:
            graph.setdefault(i.importer, set()).add(i.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


def test_late_imports_have_a_reason() -> None:
    late_imports = {(i.importer, i.imported) for i in all_imports() if i.is_late}
    assert late_imports == set(LATE_IMPORTS)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from pipeline.core import text", Import("x", "pipeline.core.text", is_late=False)),
        ("from pipeline.core.text import fold", Import("x", "pipeline.core.text", is_late=False)),
        ("import pipeline.core.text", Import("x", "pipeline.core.text", is_late=False)),
        ("def f():\n    from pipeline.core.text import fold", Import("x", "pipeline.core.text", is_late=True)),
    ],
)
def test_every_kind_of_import_is_recognised(tmp_path: Path, source: str, expected: Import) -> None:
    (tmp_path / "x.py").write_text(source, encoding="utf-8")
    assert list(imports("x", tmp_path / "x.py", modules())) == [expected]
