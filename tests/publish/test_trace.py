"""Every published number can be followed to cells, and every cell to the numbers it enters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.project import ogi_here

from pipeline.core.paths import SQL, Data
from pipeline.publish.trace import trace_down, trace_up
from pipeline.storage.database import connect, rows


def ask(folder: Path, sql: str) -> list[dict[str, Any]]:
    with connect(Data(folder / "data")) as connection:
        return rows(connection, sql)


def test_every_observation_is_the_sum_of_its_cells(built: Path) -> None:
    """For all of them: the cells that an observation names exist, and their values add up to it."""
    wrong = ask(
        built,
        """
        WITH named AS (
            SELECT body_id, year, indicator, applicant, report_id, value, obs_status,
                unnest(string_split(cell, '+')) AS address
            FROM observations
        ),
        said AS (
            SELECT report_id, concat("table", '/', "row", '/', "column") AS address, value FROM edited
            UNION ALL
            SELECT report_id, concat('narrative/', "row", '/value'), max(value) FROM figures WHERE scope = 'whole'
            GROUP BY report_id, "row" HAVING count(DISTINCT value) = 1
        )
        SELECT n.body_id, n.year, n.indicator, n.applicant
        FROM named AS n LEFT JOIN said AS s ON s.report_id = n.report_id AND s.address = n.address
        GROUP BY n.body_id, n.year, n.indicator, n.applicant, n.value
        HAVING count(s.address) <> count(*) OR (n.value IS NOT NULL AND sum(s.value) <> n.value)
            OR (n.value IS NULL AND count(s.value) = count(*))""",
    )
    assert wrong == []
    assert ask(built, "SELECT count(*) AS n FROM observations")[0]["n"] > 8000


def test_every_cell_enters_an_indicator_or_is_said_to_be_compared_only(built: Path) -> None:
    """For all cells of all reports: the crosswalk gives an indicator, and an observation that names the cell exists."""
    lost = ask(
        built,
        """
        WITH due AS (
            SELECT c.report_id, concat(c."table", '/', c."row", '/', c."column") AS address, x.indicator
            FROM cells AS c
            INNER JOIN reports AS r ON r.report_id = c.report_id
            LEFT JOIN crosswalk AS x
                ON (x.form = r.form OR x.form = '*') AND x."table" = c."table" AND x."row" = c."row"
                AND (x."column" = c."column" OR x."column" = '*')
        )
        SELECT d.* FROM due AS d LEFT JOIN observations AS o
            ON o.report_id = d.report_id AND o.indicator = d.indicator
            AND list_contains(string_split(o.cell, '+'), d.address)
        WHERE d.indicator IS NULL OR o.report_id IS NULL""",
    )
    assert lost == []


def test_every_compiled_figure_is_the_sum_of_the_members_that_it_counts(built: Path) -> None:
    wrong = ask(
        built,
        """
        SELECT c.body_id, c.year, c.indicator, c.applicant
        FROM city_year AS c
        LEFT JOIN bodies AS b ON b.parent = c.body_id
        LEFT JOIN observations AS o
            ON o.body_id = b.body_id AND o.year = c.year AND o.indicator = c.indicator AND o.applicant = c.applicant
        WHERE c.compiled IS NOT NULL
        GROUP BY c.body_id, c.year, c.indicator, c.applicant, c.compiled, c.members_counted
        HAVING sum(o.value) <> c.compiled OR count(o.value) <> c.members_counted""",
    )
    assert wrong == []


def test_total_id_leads_from_every_member_to_the_row_that_sums_it(built: Path) -> None:
    """And only from them: a city's own figures lead nowhere, and the words of the id are those of the row."""
    wrong = ask(
        built,
        """
        SELECT c.total_id
        FROM city_year AS c
        LEFT JOIN observations AS o ON o.total_id = c.total_id
        LEFT JOIN bodies AS b ON b.body_id = o.body_id
        WHERE c.compiled IS NOT NULL
        GROUP BY c.total_id, c.body_id, c.year, c.indicator, c.applicant, c.compiled, c.members_counted
        HAVING sum(o.value) <> c.compiled OR count(o.value) <> c.members_counted
            OR c.total_id <> concat(c.year, '/', c.body_id, '/', c.indicator, '/', c.applicant)
            OR NOT bool_and(b.parent = c.body_id)""",
    )
    assert wrong == []
    astray = """
        SELECT o.* FROM observations AS o
        LEFT JOIN city_year AS c ON c.total_id = o.total_id
        INNER JOIN bodies AS b ON b.body_id = o.body_id
        INNER JOIN indicators AS i ON i.indicator = o.indicator
        WHERE i.additive = 'yes' AND o.value IS NOT NULL AND (c.compiled IS NULL) = (b.parent IS NOT NULL)"""
    assert ask(built, astray) == []
    assert ask(built, "SELECT count(DISTINCT total_id) AS n FROM observations")[0]["n"] > 250


def test_growth_and_rates_follow_from_published_figures(built: Path) -> None:
    wrong = ask(
        built,
        """
        SELECT g.* FROM growth AS g
        LEFT JOIN observations AS o
            ON g.basis = 'reported' AND o.body_id = g.body_id AND o.year = g.year AND o.indicator = g.indicator
            AND o.applicant = g.applicant
        LEFT JOIN city_year AS c
            ON g.basis = 'compiled' AND c.body_id = g.body_id AND c.year = g.year AND c.indicator = g.indicator
            AND c.applicant = g.applicant
        WHERE coalesce(o.value, c.compiled) IS DISTINCT FROM g.value""",
    )
    assert wrong == []
    loose = ask(
        built,
        """
        WITH terms AS (
            SELECT r.body_id, r.basis, r.year, r.rate, t.part,
                sum(t.sign * CASE WHEN r.basis = 'reported' THEN o.value ELSE c.compiled END) AS value
            FROM rates AS r
            INNER JOIN rate_terms AS t ON t.rate = r.rate
            LEFT JOIN observations AS o
                ON o.body_id = r.body_id AND o.year = r.year AND o.indicator = t.indicator AND o.applicant = 'total'
            LEFT JOIN city_year AS c
                ON c.body_id = r.body_id AND c.year = r.year AND c.indicator = t.indicator AND c.applicant = 'total'
            GROUP BY r.body_id, r.basis, r.year, r.rate, t.part
        )
        SELECT r.* FROM rates AS r
        INNER JOIN terms AS n ON n.body_id = r.body_id AND n.basis = r.basis AND n.year = r.year AND n.rate = r.rate
            AND n.part = 'numerator'
        INNER JOIN terms AS d ON d.body_id = r.body_id AND d.basis = r.basis AND d.year = r.year AND d.rate = r.rate
            AND d.part = 'denominator'
        WHERE n.value <> r.numerator OR d.value <> r.denominator
            OR (r.percent IS NOT NULL AND abs(r.percent - 100.0 * r.numerator / r.denominator) > 0.00006)
            OR (r.percent IS NULL AND r.numerator IS NOT NULL AND r.denominator > 0)""",
    )
    assert loose == []


def test_totals_are_never_summed_with_their_parts(built: Path) -> None:
    """Conservation: what all members received is what each kind of applicant sent, and the city is not a member."""
    (row,) = ask(
        built,
        """
        SELECT sum(CASE WHEN applicant = 'total' THEN compiled END) AS total,
            sum(CASE WHEN applicant <> 'total' THEN compiled END) AS parts, max(members_expected) AS members
        FROM city_year WHERE body_id = '411200' AND year = 2019 AND indicator = 'applications.new'""",
    )
    assert (row["total"], row["parts"], row["members"]) == (265, 265, 28)
    assert ask(built, "SELECT DISTINCT level FROM coverage ORDER BY level") == [
        {"level": "county"},
        {"level": "department"},
        {"level": "zone"},
    ]


def test_the_tree_of_a_city_figure_reaches_printed_text(built: Path) -> None:
    with connect(Data(built / "data")) as connection:
        found = trace_down(connection, "411200", 2019, "disclosed.items", "total")
    members = found["compiled"]["members"]
    assert sum(m["value"] for m in members) == found["compiled"]["compiled"] == 129790
    assert len(members) == 28
    for member in members:
        (cell,) = member["cells"]
        assert str(int(member["value"])) in cell["raw"]
    assert found["reported"]["cells"][0]["raw"] == "主动公开政府信息129790条"
    assert {g["basis"]: g["growth_percent"] for g in found["growth"]}["compiled"] > 79


def test_indicators_of_several_cells_and_derived_cells_are_shown(built: Path) -> None:
    with connect(Data(built / "data")) as connection:
        lawsuits = trace_down(connection, "321300", 2024, "litigation.total", "total")
        derived = trace_down(connection, "411200", 2019, "applications.carried_out", "natural_person")
    assert [c["value"] for c in lawsuits["reported"]["cells"]] == [52, 25]
    (cell,) = derived["reported"]["cells"]
    assert (cell["raw"], cell["value"], cell["published"], cell["derived"]) == ("", None, 0, True)


def test_a_cell_leads_up_to_sums_growth_and_rates(built: Path) -> None:
    with connect(Data(built / "data")) as connection:
        member = ask(built, "SELECT report_id FROM reports WHERE body_id = '411202' AND year = 2019")[0]["report_id"]
        found = trace_up(connection, member, "applications/granted/total")
        prior = ask(built, "SELECT report_id FROM reports WHERE body_id = '411202' AND year = 2018")[0]["report_id"]
        before = trace_up(connection, prior, "statistics/received.total/value")
    (observation,) = found
    entered = {(e["table"], e.get("basis"), e["body_id"], e["year"]) for e in observation["enters"]}
    assert ("city_year", "compiled", "411200", 2019) in entered
    assert ("growth", "compiled", "411200", 2019) in entered
    assert ("rates", "compiled", "411200", 2019) in entered
    assert ("rates", "reported", "411202", 2019) in entered
    later = {(e["table"], e.get("basis"), e["body_id"], e["year"]) for e in before[0]["enters"]}
    assert ("growth", "reported", "411202", 2019) in later


def test_explain_in_words_and_as_json(built: Path) -> None:
    tree = ogi_here(built, "explain", "三门峡市", "2019", "新收", "--data", "data")
    assert tree.returncode == 2
    assert "applications.new（本年新收申请）" in tree.stderr
    found = ogi_here(built, "explain", "三门峡市", "2019", "本年新收申请")
    assert found.returncode == 0, found.stderr
    assert "汇总 265 件：应报 28 个机关，计入 28 个（模拟 simulated）" in found.stdout
    assert "第 1 页第 2 表第 4 行第 10 列" in found.stdout
    as_json = json.loads(ogi_here(built, "explain", "411200", "2019", "applications.new", "--json").stdout)
    assert as_json["compiled"]["compiled"] == as_json["reported"]["value"] == 265
    english = ogi_here(built, "explain", "2019/411200.html", "applications/new/total", "--lang", "en")
    assert "applications.new total = 265" in english.stdout
    assert ogi_here(built, "explain", "nowhere", "2019", "applications.new").returncode == 2
    assert ogi_here(built, "explain", "411200", "1999", "applications.new").returncode == 2
    assert ogi_here(built, "explain", "2019/411200.html", "no/such/cell").returncode == 2
    assert ogi_here(built, "explain", "411200").returncode == 2


QUERIES = sorted((SQL / "queries").glob("*.sql"))
# What an analyst asks -> a line of the answer for the shipped data, by parameters.
ANSWERS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "applicants": ({"body": "411200"}, {"applicant": "total", "value": 265}),
    "carry": ({"body": "321300"}, {"year": 2024, "carried_out_before": 121, "carried_in": 121, "gap": 0}),
    "changes": ({}, {"cell": "applications/carried_out/natural_person", "published_value": 0, "operation": "derive"}),
    "comparable": ({}, {"form": "2014", "row": "concluded.total", "indicator": "applications.handled"}),
    "failures": ({}, {"identity": "narrative.share", "lhs": 100, "rhs": 70.63}),
    "growth": ({"basis": "compiled", "year": "2019"}, {"value": 129790, "prior": 72508, "growth_percent": 79.0009}),
    "headline": ({"region_code": "411200", "year": "2019"}, {"compiled": 129790, "difference": 0}),
    "members": ({"region_code": "411200", "year": "2019"}, {"body": "渑池县人民政府", "value": 13904}),
    "outcomes": ({"body": "321300", "year": "2024"}, {"outcome": "予以公开", "value": 1431, "percent": 40.64}),
    "prose": ({"body": "321300", "year": "2023"}, {"value": 3607, "scope": "taken_up"}),
    "ranking": ({"group": "411200/county", "year": "2019"}, {"body": "渑池县人民政府", "place": 1, "percentile": 100}),
    "rates": ({"body": "321300", "year": "2024", "rate": "granted_share"}, {"percent": 54.02, "numerator": 1902}),
    "reconciliation": ({}, {"body": "三门峡市人民政府", "year": 2019, "differs": 0, "equal": 206}),
    "records": ({"year": "2024"}, {"body": "宿迁市人民政府", "warnings": 3, "errors": 0}),
    "regions": ({"name": "陕", "year": "2014"}, {"code": "411222", "name": "陕县", "parent_name": "三门峡市"}),
    "rules": ({"year": "2024"}, {"identity": "year.carry", "passes": 7, "fails": 0}),
    "series": ({"body": "321300"}, {"year": 2024, "value": 3525, "form": "2021", "form_changed": False}),
    "successions": ({}, {"year": 2015, "body": "陕县人民政府", "successor": "陕州区人民政府", "kind": "replaced"}),
}
EMPTY = {"differences", "missing", "proposals", "quarantined"}


def test_every_query_is_answered_here() -> None:
    assert {q.stem for q in QUERIES} == set(ANSWERS) | EMPTY
    assert len(QUERIES) >= 12


@pytest.mark.parametrize("path", QUERIES, ids=lambda p: p.stem)
def test_a_query_answers_what_it_says(built: Path, path: Path) -> None:
    sql = path.read_text(encoding="utf-8")
    assert sql.startswith("-- ")
    assert " / " in sql.splitlines()[0]  # both languages
    given, line = ANSWERS.get(path.stem, ({}, {}))
    with connect(Data(built / "data")) as connection:
        wanted = dict.fromkeys(connection.extract_statements(sql)[0].named_parameters)
        everything = rows(connection, sql, wanted | ({"lang": "en"} if "lang" in wanted else {}))
        found = rows(connection, sql, wanted | ({"lang": "zh"} if "lang" in wanted else {}) | given)
    plain = [
        {k: float(v) if not isinstance(v, (str, bool, list, type(None))) else v for k, v in r.items()} for r in found
    ]
    assert (path.stem in EMPTY) == (not everything)
    assert not line or any(all(row[k] == v for k, v in line.items()) for row in plain), plain[:5]
