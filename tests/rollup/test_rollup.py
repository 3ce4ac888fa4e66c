"""Test the roll-up: the crosswalk, years rolled up alone, and the published figures of the shipped data."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import Data
from pipeline.registry.load import load_register
from pipeline.rollup import roll_up
from pipeline.rollup.models import models
from pipeline.rollup.registers import check_series, register_table
from pipeline.storage.database import connect
from pipeline.storage.draft import Draft
from pipeline.storage.partition import TableFiles, stem_of, table_of
from pipeline.storage.schema import conform, table_from_rows
from pipeline.storage.snapshot import published
from pipeline.storage.switch import switch

REFERENCE = ROOT / "pipeline" / "reference"


def read_reference(name: str) -> list[dict[str, str]]:
    """Return the lines of a CSV file in `reference/`."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def query_database(built: Path, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a statement on the published database."""
    with connect(Data(built / "data")) as connection:
        return connection.execute(sql).fetchall()


def test_crosswalk_maps_every_cell_of_every_form() -> None:
    lines_by_cell: Counter[tuple[str, str, str, str]] = Counter()
    for line in read_reference("crosswalk.csv"):
        extending = [form.code for form in forms().values() if form.extends and form.extends == line["form"]]
        for code in forms() if line["form"] == "*" else [line["form"], *extending]:
            lines_by_cell[code, line["table"], line["row"], line["column"]] += 1
            assert (line["indicator"] == "") == (line["relation"] == "checked")
    for form in forms().values():
        for table in form.tables.values():
            for row, column in table.cells:
                assert (
                    lines_by_cell[form.code, table.code, row, column] or lines_by_cell[form.code, table.code, row, "*"]
                ), (
                    row,
                    column,
                )


def test_crosswalk_and_indicators_name_each_other() -> None:
    mapped_indicators = {line["indicator"] for line in read_reference("crosswalk.csv")} - {""}
    indicators = [line["indicator"] for line in read_reference("indicators.csv")]
    assert mapped_indicators == set(indicators)
    assert len(indicators) == len(set(indicators))
    assert not [name for name in indicators if "/" in name], "/ separates the parts of total_id"


@pytest.mark.slow
def test_year_rolled_up_alone_equals_the_same_year_of_a_full_roll_up(built: Path, tmp_path: Path) -> None:
    """Compare the files by name, because a file is named by its content.

    A model that depends on the previous year without declaring it would give other rows for a year rolled up alone.
    """
    data = Data(built / "data")
    record = published(data)
    assert record
    for year in map(int, record.years):
        folder = tmp_path / str(year) / "data"
        draft = Draft(Data(folder), "draft")
        marts = {model.name: model.looks_back for model in models() if model.folder == "rollup"}
        # A run adopts all files except the marts of this year. The marts of later years do not exist yet.
        names = [n for n in record.files if "/" in n and not (table_of(n) in marts and stem_of(n) >= str(year))]
        draft.adopt(data.current, names)
        roll_up(draft, Data(folder), {year}, set(), lambda _table, _stems: None)
        for table in (*marts, "findings"):
            expected = TableFiles(data.current).names(table).get(str(year))
            assert draft.files.names(table).get(str(year)) == expected, (year, table)


def test_marts_of_a_following_year_that_do_not_look_back_are_kept(built: Path, tmp_path: Path) -> None:
    """The figures of the next year do not depend on this year; only growth, checks and the like do."""
    data, record = Data(built / "data"), published(Data(built / "data"))
    assert record
    draft = Draft(Data(tmp_path / "data"), "draft")
    draft.adopt(data.current, [name for name in record.files if "/" in name])
    written: list[str] = []
    before = {table: draft.files.names(table) for table in ("observations", "growth", "findings")}
    for path in draft.files.paths("growth", ["2024"]):
        path.unlink()
    for path in draft.files.paths("observations", ["2024"]):
        path.rename(path.with_name(f"2024-kept{path.suffix}"))
    roll_up(draft, Data(tmp_path / "data"), {2023}, {2024}, lambda table, _: written.append(table))
    assert draft.files.names("observations")["2024"] == "observations/2024-kept.parquet"
    assert draft.files.names("observations")["2023"] == before["observations"]["2023"]
    assert draft.files.names("growth") == before["growth"]
    assert draft.files.names("findings") == before["findings"]
    assert {"observations", "growth", "findings"} <= set(written)


@pytest.mark.parametrize(("changed", "following"), [({2024}, set()), (set(), {2024})])
def test_findings_about_a_removed_previous_year_are_removed(
    built: Path, tmp_path: Path, changed: set[int], following: set[int]
) -> None:
    """The previous year is removed, so no check can compare the two years."""
    data, record = Data(built / "data"), published(Data(built / "data"))
    assert record
    draft = Draft(Data(tmp_path / "data"), "draft")
    draft.adopt(data.current, [n for n in record.files if "/" in n and stem_of(n) != "2023"])
    roll_up(draft, Data(tmp_path / "data"), changed, following, lambda _table, _stems: None)
    before, after = (
        {row["identity"] for row in files.read("findings", "2024").to_pylist()}
        for files in (TableFiles(data.current), draft.files)
    )
    assert before - after == {"year.carry", "year.in_force"}
    assert not after - before


def test_city_of_2019_is_the_sum_of_its_members(built: Path) -> None:
    rows = query_database(
        built, "SELECT * FROM city_year WHERE body_id = '411200' AND year = 2019 AND compiled IS NOT NULL"
    )
    assert len(rows) > 198
    statement = """
        SELECT indicator, applicant, compiled, reported, difference, members_counted FROM city_year
        WHERE body_id = '411200' AND year = 2019 AND reported IS NOT NULL AND compiled IS NOT NULL"""
    for indicator, applicant, compiled, reported, difference, counted in query_database(built, statement):
        assert (compiled, difference, counted) == (reported, 0, 28), (indicator, applicant)


def test_every_statutory_cell_of_the_city_is_compiled(built: Path) -> None:
    statement = """
        SELECT count(DISTINCT f.place) FROM findings AS f
        WHERE f.identity = 'city.compile' AND f.report_id = '2019/411200.html' AND f.status = '{}'
        AND f.place NOT LIKE 'narrative/%' AND f.place NOT LIKE '%+%'"""
    # The blank carried_out/natural_person is derived, so it is compared too.
    assert query_database(built, statement.format("pass")) == [(198,)]
    assert query_database(built, statement.format("unknown")) == [(0,)]
    assert query_database(built, statement.format("fail")) == [(0,)]


def test_growth_joins_two_forms(built: Path) -> None:
    (row,) = query_database(
        built,
        """SELECT g.value, g.prior, g.change, g.growth_percent, g.comparable, g.provenance FROM growth AS g
        WHERE body_id = '411200' AND basis = 'compiled' AND year = 2019 AND indicator = 'disclosed.items'""",
    )
    assert row == (129790, 72508, 57282, Decimal("79.0009"), True, "simulated")


def test_simulated_figures_stay_marked_in_every_table(built: Path) -> None:
    for table in ("cells", "figures", "findings", "observations"):
        unmarked = f"""
            SELECT count(*) FROM {table} AS t INNER JOIN reports AS r USING (report_id)
            WHERE r.provenance = 'simulated' AND t.provenance NOT IN ('simulated', 'mixed')"""
        assert query_database(built, unmarked) == [(0,)], table
    provenances = "SELECT DISTINCT body_id, compiled_provenance FROM city_year WHERE compiled IS NOT NULL ORDER BY ALL"
    assert query_database(built, provenances) == [
        ("320800", "transcribed"),
        ("321300", "transcribed"),
        ("411200", "simulated"),
    ]
    provenances = """
        SELECT DISTINCT report_id, provenance FROM findings WHERE identity = 'city.compile' ORDER BY ALL"""
    assert query_database(built, provenances) == [("2019/411200.html", "mixed"), ("2024/320800.html", "transcribed")]


def test_two_years_of_a_real_city_carry_over(built: Path) -> None:
    statement = """
        SELECT identity, status, count(*) FROM findings
        WHERE report_id = '2024/321300.html' AND identity IN ('year.carry', 'year.in_force')
        GROUP BY ALL ORDER BY ALL"""
    assert query_database(built, statement) == [("year.carry", "pass", 7), ("year.in_force", "pass", 2)]


def test_shipped_data_has_only_the_known_contradictions(built: Path) -> None:
    statement = """
        SELECT report_id, identity, place, lhs, rhs, severity FROM findings
        WHERE status = 'fail' AND lhs IS NOT NULL ORDER BY report_id, identity, place"""
    failures = [
        (r, i, str(a).split("/")[1], float(str(x)), float(str(y)), s)
        for r, i, a, x, y, s in query_database(built, statement)
    ]
    assert failures == [
        ("2019/411200.html", "narrative.share", "disclosed.normative_documents_share", 100, 70.63, "warning"),
        ("2024/321300.html", "narrative.growth", "applications.growth", 1.05, 1.0812, "warning"),
        ("2024/321300.html", "narrative.scope", "litigation.total", 57, 77, "warning"),
        ("2024/321300.html", "narrative.scope", "review.total", 134, 170, "warning"),
    ]
    statement = "SELECT report_id, identity, severity FROM findings WHERE status = 'fail' AND lhs IS NULL"
    assert query_database(built, statement) == [("2024/320813.html", "source.rows", "warning")]


def test_findings_of_a_removed_check_are_removed(built: Path, tmp_path: Path) -> None:
    """The published snapshot has a check that no longer exists; its findings must not stay for ever."""
    data, record = Data(tmp_path / "data"), published(Data(built / "data"))
    assert record
    shutil.copytree((built / "data" / "curated" / "current").resolve(), data.versions / record.id)
    switch(data, record.id)
    files = TableFiles(data.current)
    for table, stem in (("identities", "identities"), ("findings", "2024")):
        rows = files.read(table, stem)
        line = rows.slice(0, 1).to_pylist()[0] | {"identity": "year.removed"}
        line |= {"form": "*"} if table == "identities" else {}
        files.write(table, stem, conform(table, pa.concat_tables([rows, table_from_rows(table, [line])])))
    draft = Draft(data, "draft")
    tables = [path.name for path in data.current.iterdir() if path.is_dir() and path.name != "identities"]
    draft.adopt(data.current, [name for table in tables for name in files.names(table).values()])
    roll_up(draft, data, {2024}, set(), lambda _table, _stems: None)
    findings = draft.files.read("findings", "2024")["identity"].to_pylist()
    assert "year.removed" not in findings
    assert len(findings) == files.read("findings", "2024").num_rows - 1


def test_forms_that_count_otherwise_make_no_growth(built: Path) -> None:
    growth = {
        row[0]: row[1:]
        for row in query_database(
            built,
            """SELECT indicator, series, value, prior, change, growth_percent, prior_basis, note IS NOT NULL FROM growth
            WHERE body_id = '411200' AND basis = 'compiled' AND year = 2019 AND applicant = 'total'""",
        )
    }
    for indicator in ("review.total", "litigation.total", "disclosed.normative_documents"):
        series, value, prior, change, percent, basis, has_note = growth[indicator]
        assert (series, change, percent, basis, has_note) == (2, None, None, "series_broken", True)
        assert value is not None
        assert prior is not None
    assert growth["disclosed.items"][5:] == ("same", False)


def test_parts_of_an_older_form_add_up_to_the_cell_that_took_them_in(built: Path) -> None:
    rows = query_database(
        built,
        """SELECT year, indicator, sum(value) FROM observations
        WHERE applicant = 'total' AND total_id LIKE '%/411200/%' AND indicator IN (
            'applications.granted', 'statistics.answered.granted', 'statistics.answered.already_public',
            'applications.unable.not_held', 'statistics.answered.not_this_body', 'statistics.answered.not_exist')
        GROUP BY ALL""",
    )
    sums = {(year, indicator): Decimal(str(value)) for year, indicator, value in rows}
    granted, public = (sums[2018, f"statistics.answered.{part}"] for part in ("granted", "already_public"))
    other_body, not_existing = (sums[2018, f"statistics.answered.{part}"] for part in ("not_this_body", "not_exist"))
    assert sums[2018, "applications.granted"] == granted + public == 153
    assert sums[2019, "applications.granted"] == 174  # 13.7 % more, not 72 %
    assert sums[2018, "applications.unable.not_held"] == other_body + not_existing


@pytest.mark.parametrize(
    ("indicator", "form", "series", "note"),
    [
        ("applications.new", "2019", 3, "跳过一段"),  # skips a series
        ("review.total", "2021", 1, ""),  # goes back
        ("applications.new", "2021", 2, None),  # begins without a reason
        ("litigation.total", "2019", 1, "one of its two parts"),
        ("applications.new", "2019", None, ""),
    ],
)
def test_crosswalk_with_a_wrong_series_is_refused(
    indicator: str, form: str, series: int | None, note: str | None
) -> None:
    lines = register_table("crosswalk", load_register(ROOT / "data" / "raw")).to_pylist()
    check_series(lines)
    changed = next(line for line in lines if (line["indicator"], line["form"]) == (indicator, form))
    changed |= {"series": series, "note": note}
    with pytest.raises(ProjectFault, match=f"of {indicator} in form {form}"):
        check_series(lines)
