from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
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
from pipeline.publish.interchange.sdmx_structure import NAMESPACES
from pipeline.publish.interchange.snapshot_tables import OutdatedSnapshot, PublishedSnapshot
from pipeline.storage.allowed import allowed_values
from pipeline.storage.dictionary import descriptions, dictionary, key
from pipeline.storage.schema import schema
from pipeline.storage.snapshot import read_record

Exported = Callable[[str], Path]


@pytest.fixture(scope="module")
def published(built: Path) -> PublishedSnapshot:
    current = (built / "data" / "curated" / "current").resolve()
    record = read_record(current)
    assert record
    return PublishedSnapshot(current, record.id)


@pytest.fixture(scope="module")
def exported(published: PublishedSnapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one export a format."""
    folder = tmp_path_factory.mktemp("exported")
    for form in FORMATS:
        (folder / form).mkdir()
        export(form, published, folder / form)
    return folder


def test_the_command_writes_what_the_formats_say(built: Path, exported: Path, tmp_path: Path) -> None:
    for form in FORMATS:
        result = ogi_here(built, "export", form, str(tmp_path / "deep" / form))
        assert result.returncode == 0, result.stderr
        assert "已把数据版本" in result.stdout
        assert "simulated" in result.stderr
        # Made at another time in another folder: the same files, byte for byte.
        assert contents(tmp_path / "deep" / form) == contents(exported / form)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# SDMX


def conformance(structure: Path, data: Path) -> list[str]:
    """What in the data breaks its data structure definition, by what pysdmx makes of both."""
    (dataset,) = get_datasets(data, structure, validate=True)
    assert isinstance(dataset, PandasDataset)
    assert isinstance(dataset.structure, Schema)
    table, parts = dataset.data.astype(str), list(dataset.structure.components)
    found = [f"not a component: {c}" for c in set(table.columns) ^ {p.id for p in parts}]
    for part in parts:
        values = set(table[part.id])
        if part.enumeration is not None:
            found += [f"{part.id}: no code {v!r}" for v in sorted(values - {c.id for c in part.enumeration})]
        if part.role is Role.DIMENSION or (part.required and part.role is Role.ATTRIBUTE):
            found += [f"{part.id}: empty"] if values & {"", "nan", "NaN", "#N/A"} else []
        if part.id == "TIME_PERIOD":
            found += [f"no year: {v}" for v in values if not re.fullmatch(r"[0-9]{4}", v)]
    dimensions = [p.id for p in parts if p.role is Role.DIMENSION]
    return found + (["a key stands twice"] if table.duplicated(dimensions).any() else [])


def test_pysdmx_finds_the_sdmx_export_in_order(exported: Path, published: PublishedSnapshot) -> None:
    folder = exported / "sdmx"
    message = read_sdmx(folder / "structure.xml", validate=True)  # against the XML schema of SDMX-ML 3.0
    found = message.structures or ()
    lists = {s.id for s in found if isinstance(s, Codelist)}
    assert lists >= {f"CL_{n}" for n in ("BODY", "INDICATOR", "APPLICANT", "UNIT_MEASURE", "OBS_STATUS", "PROVENANCE")}
    (definition,) = [s for s in found if isinstance(s, DataStructureDefinition)]
    dimensions = [c.id for c in definition.components.dimensions]
    assert sorted(dimensions) == ["APPLICANT", "BODY", "INDICATOR", "TIME_PERIOD"]
    assert dimensions[-1] == "TIME_PERIOD"
    assert {c.id for c in definition.components.attributes} >= {"UNIT_MEASURE", "OBS_STATUS", "PROVENANCE", "REPORT"}
    assert conformance(folder / "structure.xml", folder / "observations.csv") == []
    assert published.table("observations", ["year"]).num_rows > 8000


@pytest.mark.parametrize(
    ("now", "complaint"),
    [
        (",nowhere,applications@new,total,2019,", "BODY: no code 'nowhere'"),
        (",411200,applications.new,total,2019,", "INDICATOR: no code 'applications.new'"),
        (",411200,applications@new,,2019,", "APPLICANT: empty"),
        (",411200,applications@new,total,19,", "no year: 19"),
        (",411200,applications@granted,total,2019,", "a key stands twice"),
    ],
)
def test_the_check_of_conformance_can_fail(exported: Path, tmp_path: Path, now: str, complaint: str) -> None:
    was = ",411200,applications@new,total,2019,"
    data = (exported / "sdmx" / "observations.csv").read_text(encoding="utf-8")
    assert data.count(was) == 1
    (tmp_path / "observations.csv").write_text(data.replace(was, now), encoding="utf-8")
    assert complaint in conformance(exported / "sdmx" / "structure.xml", tmp_path / "observations.csv")


def test_the_sdmx_data_is_the_snapshot(exported: Path, published: PublishedSnapshot) -> None:
    with (exported / "sdmx" / "observations.csv").open(encoding="utf-8", newline="") as file:
        data = list(csv.DictReader(file))
    units = {("CNY", "4"): "万元", ("CNY", "0"): "元"}
    with sdmx.CODES_FILE.open(encoding="utf-8") as file:
        codes = [line.split(",") for line in file.read().splitlines()]
    units |= {(c[2], "0"): c[1] for c in codes if c[0] == "UNIT_MEASURE" and c[2] not in ("", "CNY")}
    seen = [
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
    rows = [tuple(row[n] for n in names) for row in published.rows("observations")]
    assert seen == rows
    assert {"simulated", "transcribed"} <= {r["PROVENANCE"] for r in data}
    assert {r["STRUCTURE_ID"] for r in data} == {"OGI:OGI(1.0)"}


def test_every_code_has_both_languages(exported: Path) -> None:
    tree = etree.parse(exported / "sdmx" / "structure.xml")
    space = {"s": NAMESPACES["str"], "c": NAMESPACES["com"]}
    named = tree.xpath("//s:Codelist | //s:Code | //s:Concept | //s:Dataflow", namespaces=space)
    assert len(named) > 150
    for element in named:
        names = element.findall("c:Name", space)
        assert [n.get("{http://www.w3.org/XML/1998/namespace}lang") for n in names] == ["zh", "en"]
        assert all(n.text for n in names), element.get("id")


def test_missing_is_o_and_not_applicable_is_m(published: PublishedSnapshot, tmp_path: Path) -> None:
    changed = doctored(published, tmp_path, {0: ("M", None), 1: ("L", None), 2: ("E", Decimal("1.5"))})
    (tmp_path / "out").mkdir()
    export("sdmx", changed, tmp_path / "out")
    data = pd.read_csv(tmp_path / "out" / "observations.csv", dtype=str, keep_default_na=False)
    shown = list(zip(data["OBS_STATUS"], data["OBS_VALUE"], strict=True))
    assert shown[:3] == [("O", "NaN"), ("M", "NaN"), ("E", "1.5")]
    assert conformance(tmp_path / "out" / "structure.xml", tmp_path / "out" / "observations.csv") == []
    found = read_sdmx(tmp_path / "out" / "structure.xml").structures or ()
    (codes,) = [s for s in found if isinstance(s, Codelist) and s.id == "CL_OBS_STATUS"]
    assert {c.id for c in codes} == {"A", "I", "E", "O", "M"}


def doctored(
    published: PublishedSnapshot, folder: Path, status: dict[int, tuple[str, Decimal | None]]
) -> PublishedSnapshot:
    """The snapshot with other statuses and values in the first observations."""
    shutil.copytree(published.folder, folder / "snapshot")
    first, *_ = sorted((folder / "snapshot" / "observations").glob("*.parquet"))
    rows = pq.ParquetFile(first).read().to_pylist()
    for i, (code, value) in status.items():
        rows[i] |= {"obs_status": code, "value": value}
    pq.write_table(pa.Table.from_pylist(rows, schema("observations")), first)
    return PublishedSnapshot(folder / "snapshot", published.id)


@given(st.text())
def test_an_id_comes_back_from_its_sdmx_form(own: str) -> None:
    assert sdmx.decode_id(sdmx.encode_id(own)) == own
    assert re.fullmatch(r"[A-Za-z0-9_@$-]*", sdmx.encode_id(own))


# Frictionless


def checked(folder: Path) -> Report:
    report: Report = validate(folder / "datapackage.json")
    return report


def test_frictionless_finds_the_package_valid(exported: Path, published: PublishedSnapshot) -> None:
    report = checked(exported / "frictionless")
    assert report.valid, report.flatten(["name", "type", "note"])
    assert (report.stats["errors"], report.stats["warnings"]) == (0, 0)
    assert report.stats["tasks"] == len(dictionary())
    package = json.loads((exported / "frictionless" / "datapackage.json").read_text(encoding="utf-8"))
    foreign = {r["name"]: [f["fields"] for f in r["schema"].get("foreignKeys", ())] for r in package["resources"]}
    assert ["report_id"] in foreign["cells"]
    assert ["body_id"] in foreign["observations"]
    keyed = {r["name"]: r["schema"].get("primaryKey") for r in package["resources"]}
    assert keyed["cells"] == list(key("cells"))
    # A primary key has no null (SQL, Table Schema): a line of the crosswalk may name no indicator.
    assert {t: columns is None for t, columns in keyed.items()} == {
        t: any(c.null_count for c in published.table(t, key(t)).columns) for t in keyed
    }
    assert keyed["crosswalk"] is None


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
    # `total_id` is not the key of city_year, so no foreign key can refer to it.
    assert ["total_id"] not in fields["observations"]
    assert ["city_id"] in fields["coverage"]


@pytest.mark.parametrize(
    ("table", "was", "now", "kind"),
    [
        ("observations", ",2019,", ",2O19,", "type-error"),
        ("observations", "411200,411200,2019,", "411299,411200,2019,", "foreign-key"),
        ("reports", "2019/411200.html,", "2024/320800.html,", "primary-key"),
        ("reports", ",simulated,", ",invented,", "constraint-error"),
        ("reports", ",loaded,", ",,", "constraint-error"),
    ],
)
def test_frictionless_can_find_faults(
    exported: Path, tmp_path: Path, table: str, was: str, now: str, kind: str
) -> None:
    folder = tmp_path / "package"
    shutil.copytree(exported / "frictionless", folder)
    path = folder / f"{table}.csv"
    content = path.read_text(encoding="utf-8")
    assert was in content
    path.write_text(content.replace(was, now, 1), encoding="utf-8")
    types = {t for _, t in checked(folder).flatten(["name", "type"])}
    assert kind in types
    assert types & {"hash-count", "byte-count"}  # the change itself is seen too


def test_the_package_holds_the_snapshot(exported: Path, published: PublishedSnapshot) -> None:
    package = Package(exported / "frictionless" / "datapackage.json")
    for table in dictionary():
        resource = package.get_resource(table)
        assert isinstance(resource, TableResource)
        seen = [row.to_dict() for row in resource.read_rows()]
        rows = list(published.rows(table))
        for row, own in zip(seen, rows, strict=True):
            assert {n: like(v, own[n]) for n, v in row.items()} == own, table


def like(value: Any, own: Any) -> Any:
    """A value that the package reads, in the type of ours; a column that has nulls reads an empty text as null."""
    if isinstance(own, float):
        return float(value)
    return "" if value is None and own == "" else value


def test_csv_is_quoted_by_rule_and_otherwise_as_it_is(tmp_path: Path) -> None:
    values = ["=1+1", "a,b", 'say "x"', "two\nlines", "return\r", " space ", "", "三门峡"]
    write_csv(tmp_path / "a.csv", ["h"] * 8, [values])
    expected = 'h,h,h,h,h,h,h,h\n=1+1,"a,b","say ""x""","two\nlines","return\r", space ,,三门峡\n'
    assert (tmp_path / "a.csv").read_bytes() == expected.encode()
    shown = [
        csv_text(v) for v in (None, True, Decimal("1384.000000"), Decimal("-0.500000"), Decimal("1E+3"), ["a", "中"], 7)
    ]
    assert shown == ["", "true", "1384", "-0.5", "1000", '["a", "中"]', "7"]


# Parquet


def test_parquet_is_the_snapshot_for_pyarrow_duckdb_and_pandas(exported: Path, published: PublishedSnapshot) -> None:
    for table in dictionary():
        path = exported / "parquet" / f"{table}.parquet"
        own = published.table(table)
        assert pq.read_table(path).cast(own.schema).equals(own)
        with duckdb.connect() as connection:
            relation = connection.read_parquet(str(path))
            assert relation.columns == own.column_names
            assert [dict(zip(own.column_names, r, strict=True)) for r in relation.fetchall()] == own.to_pylist()
        pd.testing.assert_frame_equal(pd.read_parquet(path), own.to_pandas())


def test_the_dictionary_describes_every_column(exported: Path) -> None:
    page = (exported / "parquet" / "dictionary.md").read_text(encoding="utf-8")
    lines = pd.read_csv(exported / "parquet" / "dictionary.csv", dtype=str, keep_default_na=False)
    assert [tuple(r) for r in lines[["table", "column", "type", "zh", "en"]].itertuples(index=False)] == [
        (t, x["column"], x["type"], x["zh"], x["en"]) for t, found in dictionary().items() for x in found
    ]
    for table, found in dictionary().items():
        names = pq.read_schema(exported / "parquet" / f"{table}.parquet").names
        assert names == [x["column"] for x in found]
        assert f"\n## {table}\n" in page
    assert page.count("\n| `") == len(lines)


# Where it is written


def test_only_an_earlier_export_is_replaced(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def export(form: str, folder: Path = out, *, replace: bool = False) -> int:
        return ogi_here(built, "export", form, str(folder), *["--replace"] * replace).returncode

    out.mkdir()
    assert export("parquet") == 0  # an empty folder is as good as none
    before = contents(out)
    assert export("sdmx") == 2
    assert contents(out) == before
    assert export("sdmx", replace=True) == 0
    assert sorted(contents(out)) == ["observations.csv", "structure.xml"]
    (out / "论文.docx").write_bytes(b"x")
    assert export("sdmx", replace=True) == 2
    assert (out / "论文.docx").is_file()
    assert export("sdmx", out / "论文.docx", replace=True) == 2
    for inside in ("raw/x", "curated", "versions/x", "."):
        assert export("sdmx", built / "data" / inside, replace=True) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["out"]  # nothing is left beside it


def test_a_snapshot_of_another_version_leaves_nothing(ready: Path, tmp_path: Path) -> None:
    data = Data(ready / "data")
    record = data.current.resolve() / "snapshot.json"
    content = json.loads(record.read_text(encoding="utf-8"))
    for file in [f for f in content["files"] if f.startswith("growth/")]:
        (data.current / file).unlink()
        del content["files"][file]
    record.write_text(json.dumps(content), encoding="utf-8")
    ended = ogi_here(ready, "export", "parquet", str(tmp_path / "out"))
    assert ended.returncode == 3
    assert "growth" in ended.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["ready"]
    path = next((data.current / "bodies").glob("*.parquet"))
    pq.write_table(pq.read_table(path).drop_columns(["name"]), path)
    with pytest.raises(OutdatedSnapshot, match="bodies: name"):
        PublishedSnapshot(data.current.resolve(), "x").table("bodies")


def test_before_the_first_run(project: Path) -> None:
    result = ogi_here(project, "export", "sdmx", "out")
    assert result.returncode == 3
    assert "ogi run" in result.stderr
    assert not (project / "out").exists()
    assert ogi_here(project, "export", "xls", "out").returncode == 2


# Query


def test_query_writes_files(built: Path, tmp_path: Path) -> None:
    asked = (
        "SELECT body_id, year, value, provenance FROM observations WHERE indicator = 'applications.new' ORDER BY ALL"
    )
    for form in ("csv", "json", "parquet"):
        result = ogi_here(built, "query", asked, "--format", form, "-o", str(tmp_path / f"a.{form}"))
        assert result.returncode == 0, result.stderr
        assert result.stdout == ""
        assert "已写入" in result.stderr
    data = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert len(data) > 200
    assert isinstance(data[0]["value"], Decimal)
    for form in ("csv", "json"):
        printed = ogi_here(built, "query", asked, "--format", form).stdout
        assert (tmp_path / f"a.{form}").read_text(encoding="utf-8") == printed
    assert len(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))) == len(data)
    assert len(list(tmp_path.iterdir())) == 3
    saved = ["query", "headline", "-p", "region_code=411200", "--format", "parquet", "-o", str(tmp_path / "h.parquet")]
    assert ogi_here(built, *saved).returncode == 0
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
def test_query_writes_nothing_where_it_must_not(built: Path, arguments: list[str], code: int) -> None:
    before = contents(built)
    result = ogi_here(built, "query", "SELECT 1 AS one", *arguments)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert contents(built) == before


def test_what_parquet_cannot_hold_is_said(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    result = ogi_here(built, "query", "SELECT INTERVAL 1 DAY AS d", "--format", "parquet", "-o", str(path))
    assert result.returncode == 2
    assert "查询出错" in result.stderr
    assert not path.exists()


def test_every_unit_of_the_dictionary_has_a_code() -> None:
    with (ROOT / "pipeline" / "reference" / "indicators.csv").open(encoding="utf-8") as file:
        units = {line["unit"] for line in pd.read_csv(file).to_dict("records")}
    with sdmx.CODES_FILE.open(encoding="utf-8") as file:
        coded = {line["ours"] for line in pd.read_csv(file).to_dict("records") if line["list"] == "UNIT_MEASURE"}
    assert units <= coded
