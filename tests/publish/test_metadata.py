"""The metadata of exports: one source, no time, and the same description in every format."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from support.project import current_snapshot, ogi_here

from pipeline.core.model import ProjectFault
from pipeline.core.paths import Data
from pipeline.publish.interchange import export
from pipeline.publish.interchange.dataset import dataset_of, shipped_dataset
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.storage.dictionary import descriptions, dictionary

pytestmark = pytest.mark.slow
FORMATS = {"parquet": "parquet", "frictionless": "csv"}


@pytest.fixture(scope="module")
def exported(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one export per format that has metadata."""
    folder = tmp_path_factory.mktemp("exported")
    for name in FORMATS:
        (folder / name).mkdir()
        export(name, PublishedSnapshot(current_snapshot(built), "0123456789abcdef"), folder / name)
    return folder


def document(folder: Path, name: str) -> dict[str, Any]:
    """Return a metadata file."""
    content: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize(("name", "suffix"), FORMATS.items())
def test_metadata_describe_every_file_with_its_hash(exported: Path, name: str, suffix: str) -> None:
    folder = exported / name
    hashes = {
        f"{t}.{suffix}": hashlib.sha256((folder / f"{t}.{suffix}").read_bytes()).hexdigest() for t in dictionary()
    }
    croissant, dcat, search = (document(folder, n) for n in ("croissant.json", "dcat.jsonld", "schema.jsonld"))
    assert {f["contentUrl"]: f["sha256"] for f in croissant["distribution"]} == hashes
    assert {f["contentUrl"]: f["sha256"] for f in search["distribution"]} == hashes
    distributions = dcat["dcat:dataset"]["dcat:distribution"]
    sums = {d["dcat:accessURL"]["@id"]: d["spdx:checksum"]["spdx:checksumValue"]["@value"] for d in distributions}
    assert sums == hashes
    fields = {f["@id"] for record_set in croissant["recordSet"] for f in record_set["field"]}
    assert fields == {f"{table}/{line['column']}" for table, lines in dictionary().items() for line in lines}


def test_every_format_has_the_same_licence_version_and_period(exported: Path) -> None:
    folder = exported / "frictionless"
    package, croissant, dcat, search = (
        document(folder, n) for n in ("datapackage.json", "croissant.json", "dcat.jsonld", "schema.jsonld")
    )
    licence = shipped_dataset().licence["url"]
    assert licence == package["licenses"][0]["path"] == croissant["license"] == search["license"]
    node = dcat["dcat:dataset"]
    assert {d["dct:license"]["@id"] for d in node["dcat:distribution"]} == {licence}
    versions = {package["snapshot"], croissant["version"], search["version"], node["dcat:version"]}
    assert versions == {"0123456789abcdef"}
    assert croissant["temporalCoverage"] == search["temporalCoverage"] == "2018/2025"
    assert package["temporal"] == {"first_year": 2018, "last_year": 2025}
    assert node["dct:temporal"]["dcat:startDate"]["@value"] == "2018-01-01"
    assert package["spatial"] == ["江苏省", "河南省"]


def test_parquet_files_describe_themselves_to_pyarrow_and_duckdb(exported: Path) -> None:
    path = exported / "parquet" / "observations.parquet"
    schema = pq.read_schema(path)
    texts = {name.decode(): text.decode() for name, text in schema.metadata.items()}
    assert texts["snapshot"] == "0123456789abcdef"
    assert texts["description_zh"] == descriptions()["observations"]["zh"]
    assert texts["licence_url"] == shipped_dataset().licence["url"]
    assert texts["licence_en"].startswith("CC0-1.0: ")
    for line in dictionary()["observations"]:
        field = schema.field(line["column"]).metadata
        assert (field[b"description_zh"].decode(), field[b"description_en"].decode()) == (line["zh"], line["en"])
        assert json.loads(texts["columns"])[line["column"]]["description_zh"] == line["zh"]
    assert schema.field("value").metadata[b"unit"] == b"column: unit"
    assert pq.read_schema(exported / "parquet" / "rates.parquet").field("percent").metadata[b"unit"] == b"%"
    rows = duckdb.execute("SELECT key, value FROM parquet_kv_metadata($path)", {"path": str(path)}).fetchall()
    assert (b"snapshot", b"0123456789abcdef") in rows


def test_files_of_the_snapshot_have_no_snapshot_id(built: Path) -> None:
    for path in current_snapshot(built).rglob("*.parquet"):
        assert pq.read_schema(path).metadata is None


def test_office_describes_its_own_data(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / "data", tmp_path / "data", symlinks=True)
    own = "publisher: {name: 某市政府办公室, url: 'https://example.gov.cn/', email: a@example.gov.cn}\n"
    (tmp_path / "data" / "dataset.yaml").write_text(own, encoding="utf-8")
    assert ogi_here(tmp_path, "export", "parquet", "out").returncode == 0
    dcat = document(tmp_path / "out", "dcat.jsonld")
    assert dcat["dct:publisher"]["foaf:name"] == "某市政府办公室"
    assert dcat["dcat:dataset"]["dcat:contactPoint"]["vcard:hasEmail"]["@id"] == "mailto:a@example.gov.cn"
    assert document(tmp_path / "out", "croissant.json")["url"] == "https://example.gov.cn/"
    assert dataset_of(Data(tmp_path / "data")).title == shipped_dataset().title


@pytest.mark.parametrize("content", ["titles: x", "- a", "a: [", "publisher: [x"])
def test_faulty_description_stops_the_export(tmp_path: Path, content: str) -> None:
    (tmp_path / "dataset.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ProjectFault, match=r"dataset\.yaml"):
        dataset_of(Data(tmp_path))
