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
from pipeline.registry.load import load_register
from pipeline.rollup import models, roll_up
from pipeline.rollup.models import COMPARING
from pipeline.storage import load
from pipeline.storage.database import connect
from pipeline.storage.partition import Part

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


def test_what_is_made_of_a_part_does_not_depend_on_what_is_made_with_it(built: Path, tmp_path: Path) -> None:
    """All files of a snapshot are named by their content. A table that looks at the year before and is not among those
    that compare would come out otherwise where it is made for its own part alone.
    """
    whole = (built / "data" / "curated" / "current").resolve()
    found, parts = models(), [Part(int(s[:4]), s[5:]) for s in load.files(whole, "reports")]
    assert set(COMPARING) <= {m.name for m in found if m.kind == "rollup"}
    made = [m for m in found if m.kind == "rollup"]
    for part in parts:
        folder = tmp_path / part.stem
        shutil.copytree(whole, folder, ignore=shutil.ignore_patterns("ogi.duckdb", "snapshot.json"))
        for model in made:
            stems = [part.stem] if model.compares else [p.stem for p in parts if p != part.before]
            for path in (load.files(folder, model.name).get(stem) for stem in stems):
                if path:
                    path.unlink()
        roll_up(folder, tmp_path, found, [part], [part], load_register(built / "data" / "raw"), lambda _: None)
        for model in made:
            name = load.names(whole, model.name).get(part.stem)
            assert load.names(folder, model.name).get(part.stem) == name, (part, model.name)


def test_models_follow_what_they_read() -> None:
    order = [m.name for m in models()]
    for model in models():
        assert all(order.index(r) < order.index(model.name) for r in model.reads if r in order)
    assert {p.stem for d in ("rollup", "publish", "checks") for p in (SQL / d).glob("*.sql")} == set(order)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-- One row a thing\nSELECT * FROM nowhere", "nowhere"),
        ("SELECT 1", "One row"),
        ("-- One row a thing\nSELECT 1; SELECT 2", "one SELECT"),
        ("-- One row a thing\nDROP TABLE cells", "one SELECT"),
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
