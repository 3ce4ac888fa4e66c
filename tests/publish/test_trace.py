"""Every published number can be traced to its cells, and every cell to the numbers that depend on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.project import ogi_here

from pipeline.core.paths import SQL, Data
from pipeline.publish.trace import trace_down, trace_up
from pipeline.storage.database import connect, rows


def query(folder: Path, sql: str) -> list[dict[str, Any]]:
    """Return the rows of a statement on the published snapshot of a project."""
    with connect(Data(folder / "data")) as connection:
        return rows(connection, sql)


def test_every_observation_is_the_sum_of_its_cells(built: Path) -> None:
    """The cells that an observation names exist, and their values add up to its value."""
    contradictions = query(
        built,
        """
        WITH cell_addresses AS (
            SELECT body_id, year, indicator, applicant, report_id, value, obs_status,
                unnest(string_split(cell, '+')) AS address
            FROM observations
        ),
        published_values AS (
            SELECT report_id, concat("table", '/', "row", '/', "column") AS address, value FROM edited
            UNION ALL
            SELECT report_id, concat('narrative/', "row", '/value'), max(value) FROM figures WHERE scope = 'whole'
            GROUP BY report_id, "row" HAVING count(DISTINCT value) = 1
        )
        SELECT n.body_id, n.year, n.indicator, n.applicant
        FROM cell_addresses AS n
        LEFT JOIN published_values AS s ON s.report_id = n.report_id AND s.address = n.address
        GROUP BY n.body_id, n.year, n.indicator, n.applicant, n.value
        HAVING count(s.address) <> count(*) OR (n.value IS NOT NULL AND sum(s.value) <> n.value)
            OR (n.value IS NULL AND count(s.value) = count(*))""",
    )
    assert contradictions == []
    assert query(built, "SELECT count(*) AS n FROM observations")[0]["n"] > 8000


def test_every_cell_is_part_of_an_observation(built: Path) -> None:
    """The crosswalk has an indicator for each cell, and an observation of this indicator names the cell."""
    unused_cells = query(
        built,
        """
        WITH cell_indicators AS (
            SELECT c.report_id, concat(c."table", '/', c."row", '/', c."column") AS address, x.indicator
            FROM cells AS c
            INNER JOIN reports AS r ON r.report_id = c.report_id
            LEFT JOIN crosswalk AS x
                ON (x.form = r.form OR x.form = '*') AND x."table" = c."table" AND x."row" = c."row"
                AND (x."column" = c."column" OR x."column" = '*')
        )
        SELECT d.* FROM cell_indicators AS d LEFT JOIN observations AS o
            ON o.report_id = d.report_id AND o.indicator = d.indicator
            AND list_contains(string_split(o.cell, '+'), d.address)
        WHERE d.indicator IS NULL OR o.report_id IS NULL""",
    )
    assert unused_cells == []


def test_compiled_figure_is_the_sum_of_the_members_that_it_counts(built: Path) -> None:
    contradictions = query(
        built,
        """
        SELECT c.body_id, c.year, c.indicator, c.applicant
        FROM compiled AS c
        LEFT JOIN contributors AS b ON b.body_id = c.body_id AND b.year = c.year
        LEFT JOIN observations AS o
            ON o.body_id = b.contributor AND o.year = c.year AND o.indicator = c.indicator AND o.applicant = c.applicant
        WHERE c.compiled IS NOT NULL
        GROUP BY c.body_id, c.year, c.indicator, c.applicant, c.compiled, c.members_counted
        HAVING sum(o.value) <> c.compiled
            OR count(DISTINCT b.member) FILTER (WHERE o.value IS NOT NULL) <> c.members_counted""",
    )
    assert contradictions == []


def test_total_id_refers_to_the_total_of_each_member_figure(built: Path) -> None:
    """The id names the key of the parent's total, which is the sum of these figures and of those for absent members."""
    contradictions = query(
        built,
        """
        SELECT c.total_id
        FROM compiled AS c
        LEFT JOIN observations AS o ON o.total_id = c.total_id
        LEFT JOIN bodies AS b ON b.body_id = o.body_id
        WHERE c.compiled IS NOT NULL AND c.members_substituted = 0
        GROUP BY c.total_id, c.body_id, c.year, c.indicator, c.applicant, c.compiled, c.members_counted
        HAVING sum(o.value) <> c.compiled OR count(o.value) <> c.members_counted
            OR c.total_id <> concat(c.year, '/', c.body_id, '/', c.indicator, '/', c.applicant)
            OR NOT bool_and(b.parent = c.body_id)""",
    )
    assert contradictions == []
    figures_with_wrong_total = """
        SELECT o.* FROM observations AS o
        LEFT JOIN compiled AS c ON c.total_id = o.total_id
        INNER JOIN bodies AS b ON b.body_id = o.body_id
        INNER JOIN indicators AS i ON i.indicator = o.indicator
        WHERE i.additive = 'yes' AND o.value IS NOT NULL AND (c.compiled IS NULL) = (b.parent IS NOT NULL)"""
    assert query(built, figures_with_wrong_total) == []
    growth_with_total = """
        SELECT o.total_id FROM observations AS o
        INNER JOIN indicators AS i ON i.indicator = o.indicator AND i.additive = 'no'
        WHERE o.total_id IS NOT NULL"""
    assert query(built, growth_with_total) == []
    assert query(built, "SELECT count(DISTINCT total_id) AS n FROM observations")[0]["n"] > 250


def test_growth_and_rates_follow_from_published_figures(built: Path) -> None:
    contradictions = query(
        built,
        """
        SELECT g.* FROM growth AS g
        LEFT JOIN observations AS o
            ON g.basis = 'reported' AND o.body_id = g.body_id AND o.year = g.year AND o.indicator = g.indicator
            AND o.applicant = g.applicant
        LEFT JOIN compiled AS c
            ON g.basis = 'compiled' AND c.body_id = g.body_id AND c.year = g.year AND c.indicator = g.indicator
            AND c.applicant = g.applicant
        WHERE coalesce(o.value, c.compiled) IS DISTINCT FROM g.value""",
    )
    assert contradictions == []
    rate_contradictions = query(
        built,
        """
        WITH terms AS (
            SELECT r.body_id, r.basis, r.year, r.rate, t.part,
                sum(t.sign * CASE WHEN r.basis = 'reported' THEN o.value ELSE c.compiled END) AS value
            FROM rates AS r
            INNER JOIN rate_terms AS t ON t.rate = r.rate
            LEFT JOIN observations AS o
                ON o.body_id = r.body_id AND o.year = r.year AND o.indicator = t.indicator AND o.applicant = 'total'
            LEFT JOIN compiled AS c
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
    assert rate_contradictions == []


def test_totals_are_never_summed_with_their_parts(built: Path) -> None:
    """The total of all members equals the sum over the kinds of applicants, and the city is not a member."""
    (row,) = query(
        built,
        """
        SELECT sum(CASE WHEN applicant = 'total' THEN compiled END) AS total,
            sum(CASE WHEN applicant <> 'total' THEN compiled END) AS parts, max(members_expected) AS members
        FROM city_year WHERE body_id = '411200' AND year = 2019 AND indicator = 'applications.new'""",
    )
    assert (row["total"], row["parts"], row["members"]) == (265, 265, 28)
    assert query(built, "SELECT DISTINCT level FROM due WHERE parent = '411200' ORDER BY level") == [
        {"level": "county"},
        {"level": "department"},
        {"level": "zone"},
    ]


def test_city_figure_is_traced_down_to_printed_text(built: Path) -> None:
    with connect(Data(built / "data")) as connection:
        trace = trace_down(connection, "411200", 2019, "disclosed.items", "total")
    members = trace["compiled"]["members"]
    assert sum(m["value"] for m in members) == trace["compiled"]["compiled"] == 129790
    assert len(members) == 28
    for member in members:
        (cell,) = member["cells"]
        assert str(int(member["value"])) in cell["raw"]
    assert trace["reported"]["cells"][0]["raw"] == "主动公开政府信息129790条"
    assert {g["basis"]: g["growth_percent"] for g in trace["growth"]}["compiled"] > 79


def test_trace_has_all_cells_of_an_indicator_and_marks_derived_cells(built: Path) -> None:
    with connect(Data(built / "data")) as connection:
        lawsuits = trace_down(connection, "321300", 2024, "litigation.total", "total")
        derived = trace_down(connection, "411200", 2019, "applications.carried_out", "natural_person")
    assert [c["value"] for c in lawsuits["reported"]["cells"]] == [52, 25]
    (cell,) = derived["reported"]["cells"]
    assert (cell["raw"], cell["value"], cell["published"], cell["derived"]) == ("", None, 0, True)


def test_cell_is_traced_up_to_totals_growths_and_rates(built: Path) -> None:
    with connect(Data(built / "data")) as connection:
        report = query(built, "SELECT report_id FROM reports WHERE body_id = '411202' AND year = 2019")[0]["report_id"]
        observations = trace_up(connection, report, "applications/granted/total")
        prior_report = query(built, "SELECT report_id FROM reports WHERE body_id = '411202' AND year = 2018")[0][
            "report_id"
        ]
        prior_observations = trace_up(connection, prior_report, "statistics/received.total/value")
    (observation,) = observations
    dependents = {(e["table"], e.get("basis"), e["body_id"], e["year"]) for e in observation["enters"]}
    assert ("compiled", "compiled", "411200", 2019) in dependents
    assert ("growth", "compiled", "411200", 2019) in dependents
    assert ("rates", "compiled", "411200", 2019) in dependents
    assert ("rates", "reported", "411202", 2019) in dependents
    prior_dependents = {(e["table"], e.get("basis"), e["body_id"], e["year"]) for e in prior_observations[0]["enters"]}
    assert ("growth", "reported", "411202", 2019) in prior_dependents


def test_explain_prints_sentences_or_json(built: Path) -> None:
    ambiguous = ogi_here(built, "explain", "三门峡市", "2019", "新收", "--data", "data")
    assert ambiguous.returncode == 2
    assert "applications.new（本年新收申请）" in ambiguous.stderr
    explained = ogi_here(built, "explain", "三门峡市", "2019", "本年新收申请")
    assert explained.returncode == 0, explained.stderr
    assert "汇总 265 件：应报 28 个机关，计入 28 个（模拟 simulated）" in explained.stdout
    assert "第 1 页第 2 表第 4 行第 10 列" in explained.stdout
    as_json = json.loads(ogi_here(built, "explain", "411200", "2019", "applications.new", "--json").stdout)
    assert as_json["compiled"]["compiled"] == as_json["reported"]["value"] == 265
    english = ogi_here(built, "explain", "2019/411200.html", "applications/new/total", "--lang", "en")
    assert "applications.new total = 265" in english.stdout
    assert ogi_here(built, "explain", "nowhere", "2019", "applications.new").returncode == 2
    assert ogi_here(built, "explain", "411200", "1999", "applications.new").returncode == 2
    assert ogi_here(built, "explain", "2019/411200.html", "no/such/cell").returncode == 2
    assert ogi_here(built, "explain", "411200").returncode == 2


QUERIES = sorted((SQL / "queries").glob("*.sql"))
# By query: its parameters, and values that one row of the result for the shipped data has.
EXPECTED_ROWS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "applicants": ({"body": "411200"}, {"applicant": "total", "value": 265}),
    "carry": ({"body": "321300"}, {"year": 2024, "carried_out_before": 121, "carried_in": 121, "gap": 0}),
    "changes": ({}, {"cell": "applications/carried_out/natural_person", "published_value": 0, "operation": "derive"}),
    "contributions": (
        {"body": "411200", "year": "2019", "indicator": "disclosed.items"},
        {"members": "渑池县人民政府", "prior": 8272, "value": 13904, "percentage_points": 7.77},
    ),
    "coverage": ({"body": "320800", "year": "2024"}, {"body": "金湖县人民政府", "status": "absent"}),
    "comparable": ({}, {"form": "2014", "row": "concluded.total", "indicator": "applications.handled"}),
    "differences": (
        {"body": "320800"},
        {"compiled": 95, "reported": 3119, "status": "members_missing", "members_counted": 1},
    ),
    "failures": ({}, {"identity": "narrative.share", "lhs": 100, "rhs": 70.63}),
    "growth": ({"basis": "compiled", "year": "2019"}, {"value": 129790, "prior": 72508, "growth_percent": 79.0009}),
    "headline": ({"body": "411200", "year": "2019"}, {"compiled": 129790, "difference": 0}),
    "jumps": ({"body": "321300"}, {"year": 2024, "prior": 309, "value": 88, "change": -221}),
    "members": ({"body": "411200", "year": "2019"}, {"body": "渑池县人民政府", "value": 13904}),
    "missing": ({"year": "2024", "body": "320800"}, {"body": "金湖县人民政府", "status": "absent"}),
    "outcomes": (
        {"body": "321300", "year": "2024"},
        {"outcome": "予以公开比例（含部分公开）", "value": 1902, "percent": 54.02},
    ),
    "prose": ({"body": "321300", "year": "2023"}, {"value": 3607, "scope": "taken_up"}),
    "places": ({"level": "county", "year": "2024"}, {"region": "洪泽区", "basis": "reported"}),
    "ranking": (
        {"body": "411200", "level": "county", "year": "2019", "measure": "granted_share"},
        {"body": "渑池县人民政府", "place": 1, "denominator": 19},
    ),
    "refusals": ({"body": "320800"}, {"year": 2024, "value": 31, "percent": 17.42}),
    "rates": ({"body": "321300", "year": "2024", "rate": "granted_share"}, {"percent": 54.02, "numerator": 1902}),
    "reconciliation": ({}, {"body": "三门峡市人民政府", "year": 2019, "differs": 0, "equal": 206}),
    "records": ({"year": "2024"}, {"body": "宿迁市人民政府", "warnings": 3, "errors": 0}),
    "regions": ({"name": "陕", "year": "2014"}, {"code": "411222", "name": "陕县", "parent_name": "三门峡市"}),
    "rules": ({"year": "2024"}, {"identity": "year.carry", "passes": 7, "fails": 0}),
    "series": ({"body": "321300"}, {"year": 2024, "value": 3525, "form": "2021", "series_changed": False}),
    "timeliness": ({"body": "411200", "year": "2019"}, {"reports": 28, "unknown": 28, "in_time": 0, "late": 0}),
    "successions": ({}, {"year": 2015, "body": "陕县人民政府", "successor": "陕州区人民政府", "kind": "replaced"}),
}
# The shipped reports were not collected from websites, so none has an address and a date of publication.
# No report of another kind is shipped either.
OF_OTHER_KINDS = {"bulletins", "compared", "entries", "owed", "supervision"}
QUERIES_WITHOUT_ROWS = OF_OTHER_KINDS | {"answers", "collected", "doubts", "late", "proposals", "quarantined"}


def test_every_query_has_an_expected_row() -> None:
    assert {q.stem for q in QUERIES} == set(EXPECTED_ROWS) | QUERIES_WITHOUT_ROWS
    assert len(QUERIES) >= 12


@pytest.mark.parametrize("path", QUERIES, ids=lambda p: p.stem)
def test_query_returns_the_expected_row(built: Path, path: Path) -> None:
    sql = path.read_text(encoding="utf-8")
    assert sql.startswith("-- ")
    assert " / " in sql.splitlines()[0]  # both languages
    parameters, expected_row = EXPECTED_ROWS.get(path.stem, ({}, {}))
    with connect(Data(built / "data")) as connection:
        defaults = dict.fromkeys(connection.extract_statements(sql)[0].named_parameters)
        all_rows = rows(connection, sql, defaults | ({"lang": "en"} if "lang" in defaults else {}))
        chosen_rows = rows(connection, sql, defaults | ({"lang": "zh"} if "lang" in defaults else {}) | parameters)
    comparable_rows = [
        {k: float(v) if not isinstance(v, (str, bool, list, type(None))) else v for k, v in r.items()}
        for r in chosen_rows
    ]
    assert (path.stem in QUERIES_WITHOUT_ROWS) == (not all_rows)
    assert not expected_row or any(all(row[k] == v for k, v in expected_row.items()) for row in comparable_rows), (
        comparable_rows[:5]
    )
