"""The metadata next to exported tables are valid for the tool of each format. CI has these tools in a group."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.project import ogi_here

pytestmark = pytest.mark.slow
mlcroissant = pytest.importorskip("mlcroissant")
pyshacl = pytest.importorskip("pyshacl")
rdflib = pytest.importorskip("rdflib")
SHAPES = Path(__file__).with_name("metadata_shapes.ttl")


@pytest.fixture(scope="module", params=["parquet", "frictionless"])
def folder(request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export with metadata."""
    path: Path = tmp_path_factory.mktemp("metadata") / request.param
    assert ogi_here(built, "export", request.param, str(path)).returncode == 0
    return path


def test_croissant_is_valid_and_reads_the_tables(folder: Path) -> None:
    dataset = mlcroissant.Dataset(str(folder / "croissant.json"))
    assert list(dataset.metadata.issues.errors) == []
    assert [w for w in dataset.metadata.issues.warnings if "MAJOR.MINOR.PATCH" not in str(w)] == []
    rows = list(dataset.records("rates"))
    assert len(rows) > 100
    assert {"rates/body_id", "rates/percent"} <= rows[0].keys()


def test_croissant_check_finds_a_fault(folder: Path, tmp_path: Path) -> None:
    document = json.loads((folder / "croissant.json").read_text(encoding="utf-8"))
    document["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "nowhere.csv"
    (tmp_path / "croissant.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(mlcroissant.ValidationError):
        mlcroissant.Dataset(str(tmp_path / "croissant.json"))


def conforms(document: dict[str, Any]) -> tuple[bool, str]:
    """Return whether a JSON-LD document conforms to the shapes, and the report of pyshacl."""
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld", publicID="https://example.org/data/")
    assert len(graph) > 100
    valid, _, report = pyshacl.validate(graph, shacl_graph=str(SHAPES))
    return valid, report


@pytest.mark.parametrize(("name", "required"), [("dcat.jsonld", "dct:publisher"), ("schema.jsonld", "license")])
def test_linked_data_conform_to_the_shapes(folder: Path, name: str, required: str) -> None:
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    valid, report = conforms(document)
    assert valid, report
    assert not conforms({k: v for k, v in document.items() if k != required})[0]
