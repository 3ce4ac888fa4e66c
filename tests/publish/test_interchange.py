"""The exports: each is valid by an independent reader of its format, and equals the snapshot."""

from __future__ import annotations

import csv
import json
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Package, Report, validate
from frictionless.resources import TableResource
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Codelist, DataStructureDefinition, Role, Schema
from support.project import ROOT, ogi_here

from pipeline.core.paths import Data
from pipeline.publish.interchange import FORMATS, export, sdmx
from pipeline.publish.interchange.csv_format import csv_text, write_csv
from pipeline.publish.interchange.sdmx_xml import NAMESPACES
from pipeline.publish.interchange.snapshot_tables import OutdatedSnapshot, PublishedSnapshot
from pipeline.storage.allowed import allowed_values
from pipeline.storage.dictionary import descriptions, dictionary, key
from pipeline.storage.schema import schema
from pipeline.storage.snapshot import read_record

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def snapshot(built: Path) -> PublishedSnapshot:
    """The published snapshot of the shipped data."""
    current = (built / "data" / "curated" / "current").resolve()
    record = read_record(current)
    assert record
    return PublishedSnapshot(current, record.id)


@pytest.fixture(scope="module")
def exported(snapshot: PublishedSnapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one export per format."""
    folder = tmp_path_factory.mktemp("exported")
    for format_name in FORMATS:
        (folder / format_name).mkdir()
        export(format_name, snapshot, folder / format_name)
    return folder


def test_export_writes_the_same_bytes_in_another_folder_at_another_time(
    built: Path, exported: Path, tmp_path: Path
) -> None:
    for format_name in FORMATS:
        result = ogi_here(built, "export", format_name, str(tmp_path / "deep" / format_name))
        assert result.returncode == 0, result.stderr
        assert "已把数据版本" in result.stdout
        assert "simulated" in result.stderr
        if format_name != "duckdb":  # the bytes of a DuckDB database differ from run to run
            assert contents(tmp_path / "deep" / format_name) == contents(exported / format_name)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of each file by its path in the folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# SDMX


def conformance_faults(structure: Path, data: Path) -> list[str]:
    """Return the contradictions between SDMX data and their structure definition, as pysdmx reads both."""
    (dataset,) = get_datasets(data, structure, validate=True)
    assert isinstance(dataset, PandasDataset)
    assert isinstance(dataset.structure, Schema)
    table, components = dataset.data.astype(str), list(dataset.structure.components)
    faults = [f"not a component: {c}" for c in set(table.columns) ^ {p.id for p in components}]
    for component in components:
        values = set(table[component.id])
        if component.enumeration is not None:
            codes = {code.id for code in component.enumeration}
            faults += [f"{component.id}: no code {v!r}" for v in sorted(values - codes)]
        if component.role is Role.DIMENSION or (component.required and component.role is Role.ATTRIBUTE):
            faults += [f"{component.id}: empty"] if values & {"", "nan", "NaN", "#N/A"} else []
        if component.id == "TIME_PERIOD":
            faults += [f"no year: {v}" for v in values if not re.fullmatch(r"[0-9]{4}", v)]
    dimensions = [c.id for c in components if c.role is Role.DIMENSION]
    return faults + (["duplicate key"] if table.duplicated(dimensions).any() else [])


def test_sdmx_export_is_valid_for_pysdmx(exported: Path, snapshot: PublishedSnapshot) -> None:
    folder = exported / "sdmx"
    message = read_sdmx(folder / "structure.xml", validate=True)  # against the XML schema of SDMX-ML 3.0
    structures = message.structures or ()
    codelists = {s.id for s in structures if isinstance(s, Codelist)}
    assert codelists >= {
        f"CL_{n}" for n in ("BODY", "INDICATOR", "APPLICANT", "UNIT_MEASURE", "OBS_STATUS", "PROVENANCE")
    }
    definition, *others = [s for s in structures if isinstance(s, DataStructureDefinition)]
    assert [definition.id, *(other.id for other in others)] == ["OGI", "OGI_TOTALS", "OGI_RATES"]
    dimensions = [c.id for c in definition.components.dimensions]
    assert sorted(dimensions) == ["APPLICANT", "BODY", "INDICATOR", "TIME_PERIOD"]
    assert dimensions[-1] == "TIME_PERIOD"
    assert {c.id for c in definition.components.attributes} >= {"UNIT_MEASURE", "OBS_STATUS", "PROVENANCE", "REPORT"}
    for source in sdmx.SOURCES:
        assert conformance_faults(folder / "structure.xml", folder / source.file) == [], source.file
    assert snapshot.table("observations", ["year"]).num_rows > 8000


@pytest.mark.parametrize(
    ("faulty", "fault"),
    [
        (",nowhere,applications@new,total,2019,", "BODY: no code 'nowhere'"),
        (",411200,applications.new,total,2019,", "INDICATOR: no code 'applications.new'"),
        (",411200,applications@new,,2019,", "APPLICANT: empty"),
        (",411200,applications@new,total,19,", "no year: 19"),
        (",411200,applications@granted,total,2019,", "duplicate key"),
    ],
)
def test_conformance_check_finds_a_fault(exported: Path, tmp_path: Path, faulty: str, fault: str) -> None:
    original = ",411200,applications@new,total,2019,"
    data = (exported / "sdmx" / "observations.csv").read_text(encoding="utf-8")
    assert data.count(original) == 1
    (tmp_path / "observations.csv").write_text(data.replace(original, faulty), encoding="utf-8")
    assert fault in conformance_faults(exported / "sdmx" / "structure.xml", tmp_path / "observations.csv")


def test_sdmx_data_equals_the_snapshot(exported: Path, snapshot: PublishedSnapshot) -> None:
    with (exported / "sdmx" / "observations.csv").open(encoding="utf-8", newline="") as file:
        data = list(csv.DictReader(file))
    units = {("CNY", "4"): "万元", ("CNY", "0"): "元"}
    with sdmx.CODES_FILE.open(encoding="utf-8") as file:
        codes = [line.split(",") for line in file.read().splitlines()]
    units |= {(c[2], "0"): c[1] for c in codes if c[0] == "UNIT_MEASURE" and c[2] not in ("", "CNY")}
    exported_rows = [
        (
            r["BODY"], int(r["TIME_PERIOD"]), sdmx.decode_id(r["INDICATOR"]), sdmx.decode_id(r["APPLICANT"]),
            Decimal(r["OBS_VALUE"]), units[r["UNIT_MEASURE"], r["UNIT_MULT"]], r["OBS_STATUS"], r["PROVENANCE"],
            r["REPORT"], r["CELL"],
        )
        for r in data
    ]  # fmt: skip
    names = [
        "body_id", "year", "indicator", "applicant", "value", "unit", "obs_status", "provenance", "report_id", "cell",
    ]  # fmt: skip
    breaks = {
        (row["body_id"], row["year"], row["indicator"], row["applicant"])
        for row in snapshot.rows("growth")
        if row["basis"] == "reported" and row["prior_basis"] == "series_broken"
    }
    rows = [tuple(row[n] for n in names) for row in snapshot.rows("observations")]
    expected_rows = [(*row[:6], "B" if row[6] == "A" and row[:4] in breaks else row[6], *row[7:]) for row in rows]
    assert exported_rows == expected_rows
    assert {row[2] for row in exported_rows if row[6] == "B"} == {
        "review.total", "litigation.total", "disclosed.normative_documents",
    }  # fmt: skip
    assert {"simulated", "transcribed"} <= {r["PROVENANCE"] for r in data}
    assert {r["STRUCTURE_ID"] for r in data} == {"OGI:OGI(1.0)"}


def test_sdmx_totals_and_rates_equal_the_snapshot(exported: Path, snapshot: PublishedSnapshot) -> None:
    for source, dimension in zip(sdmx.SOURCES[1:], ("INDICATOR", "RATE"), strict=True):
        data = pd.read_csv(exported / "sdmx" / source.file, dtype=str, keep_default_na=False)
        rows = list(snapshot.rows(source.table))
        assert [sdmx.decode_id(code) for code in data["BODY"]] == [row["body_id"] for row in rows]
        assert [sdmx.decode_id(code) for code in data[dimension]] == [row[dimension.lower()] for row in rows]
        assert data["OBS_VALUE"].tolist() == [csv_text(row[source.measure]) or "NaN" for row in rows]


def test_sdmx_bodies_have_the_superior_that_compiles_them(exported: Path, snapshot: PublishedSnapshot) -> None:
    tree = etree.parse(exported / "sdmx" / "structure.xml")
    elements = tree.xpath("//s:Hierarchy//s:HierarchicalCode", namespaces={"s": NAMESPACES["str"]})
    superiors = {sdmx.decode_id(e.get("id")): sdmx.decode_id(e.getparent().get("id")) for e in elements}
    assert superiors == {r["body_id"]: r["parent"] or "H_BODY" for r in snapshot.rows("bodies")}
    assert len(set(superiors.values())) > 3


def test_every_sdmx_code_has_names_in_both_languages(exported: Path) -> None:
    tree = etree.parse(exported / "sdmx" / "structure.xml")
    namespaces = {"s": NAMESPACES["str"], "c": NAMESPACES["com"]}
    elements = tree.xpath("//s:Codelist | //s:Codelist/s:Code | //s:Concept | //s:Dataflow", namespaces=namespaces)
    assert len(elements) > 150
    for element in elements:
        names = element.findall("c:Name", namespaces)
        assert [n.get("{http://www.w3.org/XML/1998/namespace}lang") for n in names] == ["zh", "en"]
        assert all(n.text for n in names), element.get("id")


def test_sdmx_status_is_o_for_missing_and_m_for_not_applicable(snapshot: PublishedSnapshot, tmp_path: Path) -> None:
    changed_snapshot = with_statuses(snapshot, tmp_path, {0: ("M", None), 1: ("L", None), 2: ("E", Decimal("1.5"))})
    (tmp_path / "out").mkdir()
    export("sdmx", changed_snapshot, tmp_path / "out")
    data = pd.read_csv(tmp_path / "out" / "observations.csv", dtype=str, keep_default_na=False)
    statuses_and_values = list(zip(data["OBS_STATUS"], data["OBS_VALUE"], strict=True))
    assert statuses_and_values[:3] == [("O", "NaN"), ("M", "NaN"), ("E", "1.5")]
    assert conformance_faults(tmp_path / "out" / "structure.xml", tmp_path / "out" / "observations.csv") == []
    structures = read_sdmx(tmp_path / "out" / "structure.xml").structures or ()
    (codes,) = [s for s in structures if isinstance(s, Codelist) and s.id == "CL_OBS_STATUS"]
    assert {c.id for c in codes} == {"A", "B", "I", "E", "O", "M"}


def with_statuses(
    snapshot: PublishedSnapshot, folder: Path, statuses: dict[int, tuple[str, Decimal | None]]
) -> PublishedSnapshot:
    """Return a copy of the snapshot with other (status, value) in the observations of the first file, by row."""
    shutil.copytree(snapshot.folder, folder / "snapshot")
    first_file, *_ = sorted((folder / "snapshot" / "observations").glob("*.parquet"))
    rows = pq.ParquetFile(first_file).read().to_pylist()
    for i, (code, value) in statuses.items():
        rows[i] |= {"obs_status": code, "value": value}
    pq.write_table(pa.Table.from_pylist(rows, schema("observations")), first_file)
    return PublishedSnapshot(folder / "snapshot", snapshot.id)


@given(st.text())
def test_sdmx_id_is_valid_and_decodes_to_the_original(own_id: str) -> None:
    assert sdmx.decode_id(sdmx.encode_id(own_id)) == own_id
    assert re.fullmatch(r"[A-Za-z0-9_@$-]*", sdmx.encode_id(own_id))


# Frictionless


def validate_package(folder: Path) -> Report:
    """Return the report of frictionless about the data package in a folder."""
    report: Report = validate(folder / "datapackage.json")
    return report


def test_package_is_valid_for_frictionless(exported: Path, snapshot: PublishedSnapshot) -> None:
    report = validate_package(exported / "frictionless")
    assert report.valid, report.flatten(["name", "type", "note"])
    assert (report.stats["errors"], report.stats["warnings"]) == (0, 0)
    assert report.stats["tasks"] == len(dictionary())
    package = json.loads((exported / "frictionless" / "datapackage.json").read_text(encoding="utf-8"))
    foreign_keys = {r["name"]: [f["fields"] for f in r["schema"].get("foreignKeys", ())] for r in package["resources"]}
    assert ["report_id"] in foreign_keys["cells"]
    assert ["body_id"] in foreign_keys["observations"]
    primary_keys = {r["name"]: r["schema"].get("primaryKey") for r in package["resources"]}
    assert primary_keys["cells"] == list(key("cells"))
    # A primary key must not be null (SQL, Table Schema). Some lines of the crosswalk have no indicator.
    assert {t: columns is None for t, columns in primary_keys.items()} == {
        t: any(c.null_count for c in snapshot.table(t, key(t)).columns) for t in primary_keys
    }
    assert primary_keys["crosswalk"] is None


def test_package_schema_follows_the_data_dictionary(exported: Path) -> None:
    package = json.loads((exported / "frictionless" / "datapackage.json").read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    for table, lines in dictionary().items():
        description, table_schema = descriptions()[table], resources[table]["schema"]
        assert resources[table]["title"] == f"{description['zh']} / {description['en']}"
        expected_keys = [
            (line["column"], target, target_column)
            for line in lines
            for target, _, target_column in [line["references"].partition(".")]
            if target and key(target) == (target_column,)
        ]
        foreign_keys = table_schema.get("foreignKeys", [])
        references = [
            (f["fields"][0], f["reference"].get("resource", table), f["reference"]["fields"][0]) for f in foreign_keys
        ]
        assert references == expected_keys, table
        for line, field in zip(lines, table_schema["fields"], strict=True):
            constraints = field.get("constraints", {})
            assert constraints.get("required", False) == (not line["nullable"]), (table, line["column"])
            assert constraints.get("enum") == allowed_values(line), (table, line["column"])
    fields = {table: [f["fields"] for f in resources[table]["schema"].get("foreignKeys", ())] for table in resources}
    # `total_id` is not the key of compiled, so no foreign key can refer to it.
    assert ["total_id"] not in fields["observations"]
    assert ["parent"] in fields["due"]


@pytest.mark.parametrize(
    ("table", "original", "faulty", "error_type"),
    [
        ("observations", ",2019,", ",2O19,", "type-error"),
        ("observations", "411200,411200,2019,", "411299,411200,2019,", "foreign-key"),
        ("reports", "2019/411200.html,", "2024/320800.html,", "primary-key"),
        ("reports", ",simulated,", ",invented,", "constraint-error"),
        ("reports", ",loaded,", ",,", "constraint-error"),
    ],
)
def test_frictionless_finds_a_fault(
    exported: Path, tmp_path: Path, table: str, original: str, faulty: str, error_type: str
) -> None:
    folder = tmp_path / "package"
    shutil.copytree(exported / "frictionless", folder)
    path = folder / f"{table}.csv"
    content = path.read_text(encoding="utf-8")
    assert original in content
    path.write_text(content.replace(original, faulty, 1), encoding="utf-8")
    types = {t for _, t in validate_package(folder).flatten(["name", "type"])}
    assert error_type in types
    assert types & {"hash-count", "byte-count"}  # the changed file is detected too


def test_package_data_equals_the_snapshot(exported: Path, snapshot: PublishedSnapshot) -> None:
    package = Package(exported / "frictionless" / "datapackage.json")
    for table in dictionary():
        resource = package.get_resource(table)
        assert isinstance(resource, TableResource)
        package_rows = [row.to_dict() for row in resource.read_rows()]
        for package_row, row in zip(package_rows, snapshot.rows(table), strict=True):
            assert {name: as_type_of(value, row[name]) for name, value in package_row.items()} == row, table


def as_type_of(value: Any, snapshot_value: Any) -> Any:
    """Return a value of the package in the type of the snapshot's value.

    In a text column with nulls, frictionless reads an empty text as null.
    """
    if isinstance(snapshot_value, float):
        return float(value)
    return "" if value is None and snapshot_value == "" else value


def test_csv_quotes_fields_by_rfc_4180_and_changes_no_value(tmp_path: Path) -> None:
    values = ["=1+1", "a,b", 'say "x"', "two\nlines", "return\r", " space ", "", "三门峡"]
    write_csv(tmp_path / "a.csv", ["h"] * 8, [values])
    expected = 'h,h,h,h,h,h,h,h\n=1+1,"a,b","say ""x""","two\nlines","return\r", space ,,三门峡\n'
    assert (tmp_path / "a.csv").read_bytes() == expected.encode()
    texts = [
        csv_text(v) for v in (None, True, Decimal("1384.000000"), Decimal("-0.500000"), Decimal("1E+3"), ["a", "中"], 7)
    ]
    assert texts == ["", "true", "1384", "-0.5", "1000", '["a", "中"]', "7"]


# Parquet


def test_parquet_equals_the_snapshot_for_pyarrow_duckdb_and_pandas(exported: Path, snapshot: PublishedSnapshot) -> None:
    for table in dictionary():
        path = exported / "parquet" / f"{table}.parquet"
        expected = snapshot.table(table)
        assert pq.read_table(path).cast(expected.schema).equals(expected)
        with duckdb.connect() as connection:
            relation = connection.read_parquet(str(path))
            assert relation.columns == expected.column_names
            assert [
                dict(zip(expected.column_names, r, strict=True)) for r in relation.fetchall()
            ] == expected.to_pylist()
        pd.testing.assert_frame_equal(pd.read_parquet(path), expected.to_pandas())


def test_exported_dictionary_describes_every_column(exported: Path) -> None:
    page = (exported / "parquet" / "dictionary.md").read_text(encoding="utf-8")
    lines = pd.read_csv(exported / "parquet" / "dictionary.csv", dtype=str, keep_default_na=False)
    assert [tuple(r) for r in lines[["table", "column", "type", "zh", "en"]].itertuples(index=False)] == [
        (table, x["column"], x["type"], x["zh"], x["en"]) for table, columns in dictionary().items() for x in columns
    ]
    for table, columns in dictionary().items():
        names = pq.read_schema(exported / "parquet" / f"{table}.parquet").names
        assert names == [x["column"] for x in columns]
        assert f"\n## {table}\n" in page
    assert page.count("\n| `") == len(lines)


# Output folder


def test_export_replaces_only_an_earlier_export(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def export(format_name: str, folder: Path = out, *, replace: bool = False) -> int:
        return ogi_here(built, "export", format_name, str(folder), *["--replace"] * replace).returncode

    out.mkdir()
    assert export("parquet") == 0  # an empty folder may be used
    before = contents(out)
    assert export("sdmx") == 2
    assert contents(out) == before
    assert export("sdmx", replace=True) == 0
    assert sorted(contents(out)) == ["observations.csv", "quality.md", "rates.csv", "structure.xml", "totals.csv"]
    (out / "论文.docx").write_bytes(b"x")
    assert export("sdmx", replace=True) == 2
    assert (out / "论文.docx").is_file()
    assert export("sdmx", out / "论文.docx", replace=True) == 2
    for data_folder in ("raw/x", "curated", "versions/x", "."):
        assert export("sdmx", built / "data" / data_folder, replace=True) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["out"]  # no temporary folder is left


def test_export_of_an_outdated_snapshot_writes_nothing(ready: Path, tmp_path: Path) -> None:
    data = Data(ready / "data")
    record = data.current.resolve() / "snapshot.json"
    content = json.loads(record.read_text(encoding="utf-8"))
    for file in [f for f in content["files"] if f.startswith("growth/")]:
        (data.current / file).unlink()
        del content["files"][file]
    record.write_text(json.dumps(content), encoding="utf-8")
    result = ogi_here(ready, "export", "parquet", str(tmp_path / "out"))
    assert result.returncode == 3
    assert "growth" in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["ready"]
    path = next((data.current / "bodies").glob("*.parquet"))
    pq.write_table(pq.read_table(path).drop_columns(["name"]), path)
    with pytest.raises(OutdatedSnapshot, match="bodies: name"):
        PublishedSnapshot(data.current.resolve(), "x").table("bodies")


def test_export_without_published_data_exits_3(project: Path) -> None:
    result = ogi_here(project, "export", "sdmx", "out")
    assert result.returncode == 3
    assert "ogi run" in result.stderr
    assert not (project / "out").exists()
    assert ogi_here(project, "export", "xls", "out").returncode == 2


# Query


def test_query_writes_csv_json_and_parquet(built: Path, tmp_path: Path) -> None:
    statement = (
        "SELECT body_id, year, value, provenance FROM observations WHERE indicator = 'applications.new' ORDER BY ALL"
    )
    for suffix in ("csv", "json", "parquet"):
        result = ogi_here(built, "query", statement, "--format", suffix, "-o", str(tmp_path / f"a.{suffix}"))
        assert result.returncode == 0, result.stderr
        assert result.stdout == ""
        assert "已写入" in result.stderr
    data = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert len(data) > 200
    assert isinstance(data[0]["value"], Decimal)
    for suffix in ("csv", "json"):
        printed = ogi_here(built, "query", statement, "--format", suffix).stdout
        assert (tmp_path / f"a.{suffix}").read_text(encoding="utf-8") == printed
    assert len(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))) == len(data)
    assert len(list(tmp_path.iterdir())) == 3
    named_query = [
        "query",
        "headline",
        "-p",
        "body=411200",
        "--format",
        "parquet",
        "-o",
        str(tmp_path / "h.parquet"),
    ]
    assert ogi_here(built, *named_query).returncode == 0
    assert pq.read_table(tmp_path / "h.parquet").num_rows > 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--format", "parquet"], 2),
        (["-o", "x.csv"], 2),
        (["--format", "csv", "-o", "data/raw/manifest.csv"], 2),
        (["--format", "csv", "-o", "data/curated/current/snapshot.json"], 2),
        (["--format", "csv", "-o", "data/versions/x.csv"], 2),
        (["--format", "csv", "-o", "no/such/folder/x.csv"], 3),
    ],
)
def test_query_refuses_an_invalid_output(built: Path, arguments: list[str], code: int) -> None:
    before = contents(built)
    result = ogi_here(built, "query", "SELECT 1 AS one", *arguments)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert contents(built) == before


def test_query_reports_a_type_that_parquet_cannot_store(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    result = ogi_here(built, "query", "SELECT INTERVAL 1 DAY AS d", "--format", "parquet", "-o", str(path))
    assert result.returncode == 2
    assert "查询出错" in result.stderr
    assert not path.exists()


def test_every_unit_of_the_indicators_has_an_sdmx_code() -> None:
    with (ROOT / "pipeline" / "reference" / "indicators.csv").open(encoding="utf-8") as file:
        units = {line["unit"] for line in pd.read_csv(file).to_dict("records")}
    with sdmx.CODES_FILE.open(encoding="utf-8") as file:
        units_with_code = {
            line["ours"] for line in pd.read_csv(file).to_dict("records") if line["list"] == "UNIT_MEASURE"
        }
    assert units <= units_with_code
