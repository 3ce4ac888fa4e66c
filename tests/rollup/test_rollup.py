from __future__ import annotations

import csv
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import SQL, Data
from pipeline.rollup import roll_up
from pipeline.rollup.models import models
from pipeline.storage.database import connect
from pipeline.storage.draft import Draft
from pipeline.storage.partition import TableFiles, stem_of, table_of
from pipeline.storage.snapshot import published

REFERENCE = ROOT / "pipeline" / "reference"


def lines(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(built: Path, sql: str) -> list[tuple[object, ...]]:
    with connect(Data(built / "data")) as connection:
        return connection.execute(sql).fetchall()


def test_crosswalk_maps_every_cell_of_every_form() -> None:
    mapped: Counter[tuple[str, str, str, str]] = Counter()
    for line in lines("crosswalk.csv"):
        for form in forms() if line["form"] == "*" else [line["form"]]:
            mapped[form, line["table"], line["row"], line["column"]] += 1
            assert (line["indicator"] == "") == (line["relation"] == "checked")
    for known in forms().values():
        for table in known.tables.values():
            for row, column in table.cells:
                assert mapped[known.code, table.code, row, column] or mapped[known.code, table.code, row, "*"], (
                    row,
                    column,
                )


def test_crosswalk_and_indicators_name_each_other() -> None:
    used = {line["indicator"] for line in lines("crosswalk.csv")} - {""}
    known = [line["indicator"] for line in lines("indicators.csv")]
    assert used == set(known)
    assert len(known) == len(set(known))
    assert not [name for name in known if "/" in name], "the / parts the words of total_id"


def test_a_year_alone_is_rolled_up_as_with_all_others(built: Path, tmp_path: Path) -> None:
    """All files are named by their content. A model that depends on the year before, and does not say so, would give
    other rows where its year is rolled up alone.
    """
    data = Data(built / "data")
    record = published(data)
    assert record
    for year in map(int, record.years):
        folder = tmp_path / str(year) / "data"
        draft = Draft(Data(folder), "draft")
        marts = {model.name: model.looks_back for model in models() if model.folder == "rollup"}
        # What a run adopts: everything but the marts of this year; those of later years do not exist yet.
        names = [n for n in record.files if "/" in n and not (table_of(n) in marts and stem_of(n) >= str(year))]
        draft.adopt(data.current, names)
        roll_up(draft, Data(folder), {year}, set(), lambda _: None)
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
    roll_up(draft, Data(tmp_path / "data"), {2023}, {2024}, written.append)
    assert draft.files.names("observations")["2024"] == "observations/2024-kept.parquet"
    assert draft.files.names("observations")["2023"] == before["observations"]["2023"]
    assert draft.files.names("growth") == before["growth"]
    assert draft.files.names("findings") == before["findings"]
    assert {"observations", "growth", "findings"} <= set(written)


def test_a_check_is_named_after_its_identity() -> None:
    checks = [model for model in models() if model.folder == "checks"]
    statutory = {identity.id for form in forms().values() for identity in form.identities}
    for check in checks:
        assert f"'{check.identity}' AS identity" in check.sql
        assert check.identity not in statutory
    assert len(checks) > 9


@pytest.mark.parametrize(("changed", "following"), [({2024}, set()), (set(), {2024})])
def test_findings_of_checks_that_no_longer_hold_are_removed(
    built: Path, tmp_path: Path, changed: set[int], following: set[int]
) -> None:
    """The year before disappears, and with it all findings about both years."""
    data, record = Data(built / "data"), published(Data(built / "data"))
    assert record
    draft = Draft(Data(tmp_path / "data"), "draft")
    draft.adopt(data.current, [n for n in record.files if "/" in n and stem_of(n) != "2023"])
    roll_up(draft, Data(tmp_path / "data"), changed, following, lambda _: None)
    before, after = (
        {row["identity"] for row in files.read("findings", "2024").to_pylist()}
        for files in (TableFiles(data.current), draft.files)
    )
    assert before - after == {"year.carry", "year.in_force"}
    assert not after - before


def test_models_follow_what_they_read() -> None:
    order = [m.name for m in models()]
    for model in models():
        assert all(order.index(r) < order.index(model.name) for r in model.reads if r in order)
    assert {p.stem for d in ("steps", "rollup", "publish", "checks") for p in (SQL / d).glob("*.sql")} == set(order)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-- One row per thing\nSELECT * FROM nowhere", "nowhere"),
        ("SELECT 1", "One row"),
        ("-- One row per thing\nSELECT 1; SELECT 2", "one SELECT"),
        ("-- One row per thing\nDROP TABLE cells", "one SELECT"),
        ("-- One row per thing\n-- Looks back one year.\nSELECT * FROM sums", "must look back too"),
    ],
)
def test_a_wrong_sql_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    shutil.copytree(SQL, tmp_path / "sql")
    (tmp_path / "sql" / "rollup" / "wrong.sql").write_text(text, encoding="utf-8")
    with pytest.raises(ProjectFault, match=says):
        models(tmp_path / "sql")


def test_the_city_of_2019_is_the_sum_of_its_members(built: Path) -> None:
    rows = ask(built, "SELECT * FROM city_year WHERE body_id = '411200' AND year = 2019 AND compiled IS NOT NULL")
    assert len(rows) > 198
    statement = """
        SELECT indicator, applicant, compiled, reported, difference, members_counted FROM city_year
        WHERE body_id = '411200' AND year = 2019 AND reported IS NOT NULL AND compiled IS NOT NULL"""
    for indicator, applicant, compiled, reported, difference, counted in ask(built, statement):
        assert (compiled, difference, counted) == (reported, 0, 28), (indicator, applicant)


def test_every_statutory_cell_of_the_city_is_compiled(built: Path) -> None:
    statement = """
        SELECT count(DISTINCT f.place) FROM findings AS f
        WHERE f.identity = 'city.compile' AND f.report_id = '2019/411200.html' AND f.status = '{}'
        AND f.place NOT LIKE 'narrative/%' AND f.place NOT LIKE '%+%'"""
    # The blank carried_out/natural_person is derived, so it is compared as well.
    assert ask(built, statement.format("pass")) == [(198,)]
    assert ask(built, statement.format("unknown")) == [(0,)]
    assert ask(built, statement.format("fail")) == [(0,)]


def test_growth_joins_two_forms(built: Path) -> None:
    (row,) = ask(
        built,
        """SELECT g.value, g.prior, g.change, g.growth_percent, g.comparable, g.provenance FROM growth AS g
        WHERE body_id = '411200' AND basis = 'compiled' AND year = 2019 AND indicator = 'disclosed.items'""",
    )
    assert row == (129790, 72508, 57282, Decimal("79.0009"), True, "simulated")


def test_simulated_never_loses_its_mark(built: Path) -> None:
    for table in ("cells", "figures", "findings", "observations"):
        unmarked = f"""
            SELECT count(*) FROM {table} AS t INNER JOIN reports AS r USING (report_id)
            WHERE r.provenance = 'simulated' AND t.provenance NOT IN ('simulated', 'mixed')"""
        assert ask(built, unmarked) == [(0,)], table
    assert ask(built, "SELECT DISTINCT compiled_provenance FROM city_year WHERE compiled IS NOT NULL") == [
        ("simulated",)
    ]
    mixed = "SELECT DISTINCT provenance FROM findings WHERE identity = 'city.compile'"
    assert ask(built, mixed) == [("mixed",)]


def test_two_years_of_a_real_city_carry_over(built: Path) -> None:
    statement = """
        SELECT identity, status, count(*) FROM findings
        WHERE report_id = '2024/321300.html' AND identity IN ('year.carry', 'year.in_force')
        GROUP BY ALL ORDER BY ALL"""
    assert ask(built, statement) == [("year.carry", "pass", 7), ("year.in_force", "pass", 2)]


def test_known_contradictions_and_no_others(built: Path) -> None:
    statement = """
        SELECT report_id, identity, place, lhs, rhs, severity FROM findings
        WHERE status = 'fail' ORDER BY report_id, identity, place"""
    found = [
        (r, i, str(a).split("/")[1], float(str(x)), float(str(y)), s) for r, i, a, x, y, s in ask(built, statement)
    ]
    assert found == [
        ("2019/411200.html", "narrative.share", "disclosed.normative_documents_share", 100, 70.63, "warning"),
        ("2024/321300.html", "narrative.growth", "applications.growth", 1.05, 1.0812, "warning"),
        ("2024/321300.html", "narrative.scope", "litigation.total", 57, 77, "warning"),
        ("2024/321300.html", "narrative.scope", "review.total", 134, 170, "warning"),
    ]


def test_the_database_says_the_same_from_the_project_folder(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(built)
    with duckdb.connect("data/curated/current/ogi.duckdb", read_only=True) as connection:
        (cells,) = connection.execute("SELECT count(*) FROM cells").fetchone() or (0,)
        (direct,) = connection.execute(
            "SELECT count(*) FROM read_parquet('data/curated/current/cells/*.parquet')"
        ).fetchone() or (0,)
    assert cells == direct > 5000
