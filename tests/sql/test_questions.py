"""Compare the answers to the questions of `docs/guide/questions.md` with those of pandas, from the Parquet files."""

from __future__ import annotations

import json
import math
import re
import shlex
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from support.corrupted import make_project
from support.project import ROOT, current_snapshot, ogi_here

Rows = list[dict[str, Any]]

PAGE = (ROOT / "docs" / "guide" / "questions.md").read_text(encoding="utf-8")
QUESTIONS = {int(n): command for n, command in re.findall(r"^### (\d+)\..*?^\$ (.*?)$", PAGE, re.DOTALL | re.MULTILINE)}
SHARES = ("granted_share", "refused_share", "unable_share", "not_processed_share", "other_share")
REFUSED = "applications.refused."
LEAST_CHANGE, LEAST_DENOMINATOR, LEAST_PEERS = 10, 10, 5


class Tables:
    """The published tables as data frames, and the parameters of the command."""

    def __init__(self, project: Path, parameters: dict[str, str]) -> None:
        self.snapshot = current_snapshot(project)
        self.body = parameters.get("body")
        self.year = parameters.get("year")
        self.parameters = parameters
        bodies = self["bodies"].set_index("body_id")
        self.names = bodies["name"].to_dict()
        self.levels = bodies["level"].to_dict()
        self.parents = bodies["parent"].to_dict()
        self.lineages = bodies["lineage"].to_dict()

    def __getitem__(self, table: str) -> pd.DataFrame:
        return _table(self.snapshot / table)

    def of_all_kinds(self, table: str) -> pd.DataFrame:
        """Return a table of the annual reports together with that of the other kinds of report."""
        return pd.concat([self[table], self[f"kind_{table}"]])

    def totals(self, indicator: str) -> pd.DataFrame:
        """Return the observations of an indicator for all kinds of applicant together."""
        o = self["observations"]
        return o[(o["indicator"] == indicator) & (o["applicant"] == "total")]

    def values(self) -> dict[tuple[str, int, str], float | None]:
        """Return the totals by body, year and indicator."""
        o = self["observations"]
        o = o[o["applicant"] == "total"]
        return {
            (r["body_id"], r["year"], r["indicator"]): r["value"]
            for r in _records(o[["body_id", "year", "indicator", "value"]])
        }

    def chosen(self, rows: Iterable[dict[str, Any]], *, cities: bool = False, members: bool = False) -> Rows:
        """Return the rows of the body (`members`: or of its members) and year that the command asks for."""
        return [
            row
            for row in rows
            if (self.year is None or row["year"] == int(self.year))
            and (
                self.levels.get(row["id"]) == "city" or not cities
                if self.body is None
                else row["id"] == self.body or (members and self.parents.get(row["id"]) == self.body)
            )
        ]

    def english(self, indicator: str) -> str:
        """Return the English name of an indicator."""
        i = self["indicators"]
        return str(i.loc[i["indicator"] == indicator, "en"].iloc[0])

    def terms(self, rate: str, part: str) -> list[tuple[str, int]]:
        """Return the indicators of a part of a rate, with their signs."""
        t = self["rate_terms"]
        t = t[(t["rate"] == rate) & (t["part"] == part)]
        return list(zip(t["indicator"], t["sign"], strict=True))

    def reported_rates(self, rate: str) -> Rows:
        """Return numerator, denominator and percentage per report, from the observations."""
        values, rows = self.values(), []
        for body, year in sorted({key[:2] for key in values}):
            keys = {
                part: [((body, year, name), sign) for name, sign in self.terms(rate, part)]
                for part in ("numerator", "denominator")
            }
            if not all(any(key in values for key, _ in terms) for terms in keys.values()):
                continue
            parts = {part: _signed_sum(values, terms) for part, terms in keys.items()}
            above, below = parts["numerator"], parts["denominator"]
            if above is None or below is None:
                parts = {"numerator": None, "denominator": None}
            percent = 100 * above / below if above is not None and below and above >= 0 else None
            rows.append({"id": body, "body": self.names[body], "year": year, **parts, "percent": percent})
        return rows

    def parts(self, indicator: str, body: str, year: int) -> Rows:
        """Return the figures that a total adds up: those of the members, or of the members of a silent member."""
        own = _by_body_and_year(self.snapshot, indicator)
        rows: Rows = []
        for member, status in self.due_below.get((body, year), []):
            if status != "loaded":
                rows += self.parts(indicator, member, year)
            elif (figure := own.get((member, year))) and figure["value"] is not None:
                rows.append(figure)
        return rows

    @cached_property
    def due_below(self) -> dict[tuple[str, int], list[tuple[str, str]]]:
        """Return the members that should report, with the status of their report, by superior and year."""
        below: dict[tuple[str, int], list[tuple[str, str]]] = {}
        for row in _records(self["due"][self["due"]["parent"].notna()]):
            below.setdefault((row["parent"], row["year"]), []).append((row["body_id"], row["status"]))
        return below

    def expected_lineages(self, body: str, year: int) -> list[str]:
        """Return the lineage of each body that should be in a total, with repetitions."""
        lineages: list[str] = []
        for member, status in self.due_below.get((body, year), []):
            below = self.expected_lineages(member, year) if status != "loaded" else []
            lineages += [self.lineages[member], *below]
        return lineages


@cache
def _table(folder: Path) -> pd.DataFrame:
    frame = pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))], ignore_index=True)
    for column in frame.columns:
        values = frame[column].dropna()
        if len(values) and type(values.iloc[0]).__name__ == "Decimal":
            frame[column] = frame[column].astype(float)
    return frame


@cache
def _by_body_and_year(snapshot: Path, indicator: str) -> dict[tuple[str, int], dict[str, Any]]:
    o = _table(snapshot / "observations")
    chosen = o[(o["indicator"] == indicator) & (o["applicant"] == "total")]
    return {(row["body_id"], row["year"]): row for row in _records(chosen)}


def _records(frame: pd.DataFrame) -> Rows:
    return [{str(k): _plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    return None if not isinstance(value, (str, list)) and pd.api.types.is_scalar(value) and pd.isna(value) else value


def _signed_sum(
    values: dict[tuple[str, int, str], float | None], terms: list[tuple[tuple[str, int, str], int]]
) -> float | None:
    known = [(values.get(key), sign) for key, sign in terms]
    return None if any(v is None for v, _ in known) else sum(v * sign for v, sign in known if v is not None)


def real_reports(t: Tables) -> Rows:
    r = t["reports"]
    return _records(r[r["status"] == "loaded"].groupby(["year", "provenance"]).size().reset_index(name="reports"))


def reporting_members(t: Tables) -> Rows:
    d = t["due"][t["due"]["parent"].notna()]
    d = d.assign(id=d["parent"], is_loaded=d["status"] == "loaded")
    grouped = d.groupby(["id", "year"]).agg(members_expected=("id", "size"), members_reported=("is_loaded", "sum"))
    return t.chosen(_records(grouped.reset_index()))


def missing_bodies(t: Tables) -> Rows:
    """List the absent bodies of `due`, and all bodies of a superior in the years in which none of them reported."""
    due, bodies = t["due"], t["bodies"]
    absent = due[due["status"] != "loaded"].rename(columns={"body_id": "id"})
    rows = _records(absent[["id", "body", "level", "year", "status"]])
    for parent, years in due.groupby("parent")["year"]:
        for year in set(range(years.min(), years.max())) - set(years):
            existing = (bodies["first_year"].fillna(0) <= year) & (bodies["last_year"].fillna(9999) >= year)
            rows += [
                {"id": b["body_id"], "body": b["name"], "level": b["level"], "year": year, "status": "absent"}
                for b in _records(bodies[existing & (bodies["parent"] == parent)])
            ]
    return [row | {"body_id": row["id"]} for row in t.chosen(rows, members=True)]


def quarantined_reports(t: Tables) -> Rows:
    r = t.of_all_kinds("reports").query("status == 'quarantined'")
    return _records(r[["path", "body", "year"]].assign(reason=r["reason_en"]))


def one_lineage(t: Tables) -> Rows:
    (body,) = (k for k, name in t.names.items() if name == "陕州区人民政府")
    o = t.totals("applications.new")
    o = o[o["body_id"].map(t.lineages) == t.lineages[body]]
    return _records(o[["year", "value"]].assign(body=o["body_id"].map(t.names)))


def levels(t: Tables) -> Rows:
    o = t.totals("applications.new")
    o = o.assign(level=o["body_id"].map(t.levels))
    grouped = o.groupby(["year", "level"]).agg(bodies=("body_id", "size"), applications=("value", "sum"))
    return _records(grouped.reset_index())


def functions(t: Tables) -> Rows:
    o = t.totals("applications.new").merge(t["bodies"][["body_id", "function"]], on="body_id")
    o = o[(o["year"] == 2019) & o["function"].notna()]
    return _records(o.groupby("function").agg(bodies=("value", "size"), applications=("value", "sum")).reset_index())


def provinces(t: Tables) -> Rows:
    own = {(r["body_id"], r["year"]): r["value"] for r in _records(t.totals("applications.new"))}
    rows = []
    for body, year in t.due_below:
        is_municipality = t.levels.get(body) == "city" and t.levels.get(t.parents[body]) == "nation"
        if t.levels.get(body) != "province" and not is_municipality:
            continue
        row = {"id": body, "region_code": body, "year": year}
        members = [
            own.get((member, year)) is not None
            if status == "loaded"
            else bool(t.parts("applications.new", member, year))
            for member, status in t.due_below[body, year]
        ]
        parts = t.parts("applications.new", body, year)
        if (value := own.get((body, year))) is not None:
            rows.append(row | {"value": value, "basis": "reported"})
        elif parts:
            counts = {"members_counted": sum(members), "members_expected": len(members)}
            rows.append(row | {"value": _sum(parts), "basis": "compiled"} | counts)
    return t.chosen(rows)


def _sum(parts: Rows) -> float:
    return round(math.fsum(part["value"] for part in parts), 6)


def differences(t: Tables) -> Rows:
    """Compare the cities only: no city has members that lack a report but have members of their own."""
    o, due = t["observations"], t["due"]
    additive = set(t["indicators"].query("additive == 'yes'")["indicator"])
    o = o[o["indicator"].isin(additive) & o["value"].notna()]
    loaded = due[(due["status"] == "loaded") & due["parent"].notna()][["parent", "body_id", "year"]]
    keys = ["parent", "year", "indicator", "applicant"]
    parts = loaded.merge(o, on=["body_id", "year"]).groupby(keys)["value"].agg(["sum", "size"]).reset_index()
    both = parts.merge(o.rename(columns={"body_id": "parent"}), on=keys).round({"sum": 6})
    both = both[both["sum"] != both["value"]]
    counts = due.groupby(["parent", "year"]).size().to_dict()
    rows = [
        {
            "id": r["parent"], "body": t.names[r["parent"]], "year": r["year"], "indicator": t.english(r["indicator"]),
            "applicant": r["applicant"], "unit": r["unit"], "compiled": r["sum"], "reported": r["value"],
            "difference": r["sum"] - r["value"], "members_counted": r["size"],
            "members_expected": counts[r["parent"], r["year"]],
            "status": "differs" if r["size"] == counts[r["parent"], r["year"]] else "members_missing",
        }
        for r in _records(both)
    ]  # fmt: skip
    return t.chosen(rows, cities=True)


def compiled_growth(t: Tables) -> Rows:
    """Compare sums over the same lineages, each complete in both years, and over forms that count alike."""
    indicator, rows = t.parameters["indicator"], []
    for body, year in t.due_below:
        if not (parts := t.parts(indicator, body, year)):
            continue
        before = t.parts(indicator, body, year - 1)
        prior = _sum(before) if before else None
        if before and len({part["series"] for part in (*parts, *before)}) > 1:
            basis = "series_broken"
        elif before:
            is_same = _complete_lineages(t, body, year, parts) == _complete_lineages(t, body, year - 1, before)
            basis = "same" if is_same else "members_differ"
        else:
            basis = "missing"
        growth = 100 * (_sum(parts) / prior - 1) if prior and basis == "same" else None
        row = {"id": body, "body": t.names[body], "year": year, "value": _sum(parts), "prior": prior}
        if prior is not None or t.body:
            rows.append(row | {"growth_percent": growth, "prior_basis": basis})
    return t.chosen(rows)


def _complete_lineages(t: Tables, body: str, year: int, parts: Rows) -> dict[str, bool]:
    """Return the lineages in a total, with whether all their bodies are in it."""
    present = [t.lineages[part["body_id"]] for part in parts]
    expected = t.expected_lineages(body, year)
    return {lineage: present.count(lineage) == expected.count(lineage) for lineage in set(present)}


def compared_cells(t: Tables) -> Rows:
    x = t["crosswalk"]
    x = x[x["indicator"] == t.parameters["indicator"]]
    return _records(x[["indicator", "form", "table", "row", "column", "series", "relation", "note"]])


def contributions(t: Tables) -> Rows:
    values: dict[tuple[str, int, str], float] = {}
    for body, year in t.due_below:
        for part in t.parts("applications.new", body, year):
            key = (body, year, t.lineages[part["body_id"]])
            values[key] = values.get(key, 0) + part["value"]
    years = {key[:2] for key in values}
    keys = set(values) | {(p, y + 1, k) for p, y, k in values if (p, y + 1) in years}
    rows = []
    for body, year, lineage in keys:
        value, prior = values.get((body, year, lineage)), values.get((body, year - 1, lineage))
        change = None if value is None or prior is None else value - prior
        total = sum(v for key, v in values.items() if key[:2] == (body, year - 1))
        points = 100 * change / total if change is not None and total else None
        rows.append(
            {"id": body, "year": year, "prior": prior, "value": value, "change": change, "percentage_points": points}
        )
    return t.chosen(rows, cities=True)


def jumps(t: Tables) -> Rows:
    """Compare a figure with that of the year before, or with the sum of the bodies that were merged or renamed."""
    additive = set(t["indicators"].query("additive == 'yes'")["indicator"])
    o = t["observations"]
    known = o[(o["applicant"] == "total") & o["value"].notna() & o["indicator"].isin(additive)]
    figures = {(r["body_id"], r["year"], r["indicator"]): r for r in _records(known)}
    first_years = t["bodies"].set_index("body_id")["first_year"].fillna(0).to_dict()
    absorbed: dict[tuple[str, int], set[str]] = {}
    split: set[tuple[str, int]] = set()
    for s in _records(t["successions"]):
        if s["kind"] in ("split", "land_moved"):
            split |= {(s["body_id"], s["year"]), (s["successor"], s["year"])}
        else:
            absorbed.setdefault((s["successor"], s["year"]), set()).add(s["body_id"])
    rows = []
    for (body, year, indicator), figure in figures.items():
        others = absorbed.get((body, year), set())
        existed = first_years[body] < year
        before = [figures.get((b, year - 1, indicator)) for b in (others | {body} if existed else others)]
        alike = [b for b in before if b is not None and b["series"] == figure["series"]]
        if (body, year) in split or not before or len(alike) < len(before):
            continue
        value, prior = figure["value"], _sum(alike)
        if abs(value - prior) >= LEAST_CHANGE:
            row = {"id": body, "body": t.names[body], "year": year, "indicator": t.english(indicator)}
            rows.append(row | {"prior": prior, "value": value})
    return t.chosen(rows, members=True)


def carried(t: Tables) -> Rows:
    values = t.values()
    columns = ("carried_in", "new", "handled", "carried_out")
    rows = []
    for body, year in sorted({key[:2] for key in values if key[2] == "applications.new"}):
        flows = {name: values.get((body, year, f"applications.{name}")) for name in columns}
        before, carried_in = values.get((body, year - 1, "applications.carried_out")), flows["carried_in"]
        gap = None if before is None or carried_in is None else carried_in - before
        rows.append({"id": body, "year": year, "body": t.names[body], **flows, "gap": gap})
    return t.chosen(rows)


def outcomes(t: Tables) -> Rows:
    rows: Rows = []
    for rate in SHARES:
        rows += [{**row, "value": row["numerator"]} for row in t.reported_rates(rate)]
    frame = pd.DataFrame(rows).dropna(subset=["numerator", "denominator"])
    for (body, year), group in frame.groupby(["id", "year"]):
        rest = group["denominator"].iloc[0] - group["numerator"].sum()
        if rest:
            denominator = group["denominator"].iloc[0]
            percent = 100 * rest / denominator if denominator else None
            rows.append({"id": body, "year": year, "body": t.names[body], "value": rest, "percent": percent})
    chosen = t.chosen(rows, cities=True)
    shares = pd.DataFrame(chosen).groupby(["id", "year"])["percent"].sum()
    assert (((shares - 100).abs() < 1e-6) | (shares == 0)).all()
    return [{k: row[k] for k in ("year", "body", "value", "percent")} for row in chosen]


def refusals(t: Tables) -> Rows:
    o = t["observations"]
    o = o[(o["applicant"] == "total") & o["indicator"].str.startswith(REFUSED)]
    sums = o.groupby(["body_id", "year"])["value"].agg(lambda v: v.sum(skipna=False)).to_dict()
    rows = [
        {
            "id": r["body_id"], "body": t.names[r["body_id"]], "year": r["year"], "reason": t.english(r["indicator"]),
            "value": r["value"], "percent": _share(r["value"], sums[r["body_id"], r["year"]]),
        }
        for r in _records(o)
    ]  # fmt: skip
    return t.chosen(rows, cities=True)


def applicants(t: Tables) -> Rows:
    o = t["observations"]
    o = o[o["indicator"] == "applications.new"]
    totals = {(r["body_id"], r["year"]): r["value"] for r in _records(t.totals("applications.new"))}
    rows = [
        {
            "id": r["body_id"], "body": t.names[r["body_id"]], "year": r["year"], "applicant": r["applicant"],
            "value": r["value"], "percent": _share(r["value"], totals[r["body_id"], r["year"]]),
        }
        for r in _records(o)
    ]  # fmt: skip
    return t.chosen(rows, cities=True)


def _share(value: float | None, total: float | None) -> float | None:
    return 100 * value / total if value is not None and total and not math.isnan(total) else None


def ranking(t: Tables) -> Rows:
    """Rank the bodies of a level in their city, their province and the nation."""
    level = t.parameters["level"]
    superiors = t["bodies"].set_index("body_id")[["city", "province"]]
    groups: dict[tuple[str, int], Rows] = {}
    for row in t.reported_rates(t.parameters["measure"]):
        if t.levels[row["id"]] == level and row["percent"] is not None and row["denominator"] >= LEAST_DENOMINATOR:
            for superior in {*superiors.loc[row["id"]].dropna(), "100000"} - {row["id"]}:
                groups.setdefault((superior, row["year"]), []).append(row)
    ranked = []
    for (superior, year), peers in groups.items():
        for row in peers if len(peers) >= LEAST_PEERS else []:
            low, high = _wilson(row["percent"] / 100, row["denominator"])
            place = 1 + sum(peer["percent"] > row["percent"] + 1e-9 for peer in peers)
            shown = {k: row[k] for k in ("body", "numerator", "denominator")}
            group = {"id": superior, "peer_group": f"{superior}/{level}", "year": year, "n": len(peers)}
            ranked.append(shown | group | {"place": place, "low": low, "high": high})
    return t.chosen(ranked)


def _wilson(share: float, n: float) -> tuple[float, float]:
    """Return the interval in percent: the shares whose distance from the observed one is 1.96 standard errors."""
    z = 1.96
    # (share - x)^2 = z^2 x (1 - x) / n, as a quadratic equation in x.
    a, b, c = 1 + z * z / n, -(2 * share + z * z / n), share * share
    root = math.sqrt(max(b * b - 4 * a * c, 0))
    return 100 * (-b - root) / (2 * a), 100 * (-b + root) / (2 * a)


def rates(t: Tables) -> Rows:
    return t.chosen(t.reported_rates(t.parameters["rate"]))


def doubts(t: Tables) -> Rows:
    o = t["observations"][t["observations"]["in_doubt"].notna()]
    contributors = t["contributors"].rename(columns={"body_id": "parent", "contributor": "body_id"})
    o = o.merge(contributors[["parent", "body_id", "year"]], on=["body_id", "year"], how="left")
    return [
        {
            "year": r["year"], "body": t.names[r["body_id"]], "indicator": t.english(r["indicator"]),
            "value": r["value"], "in_doubt": r["in_doubt"], "implied": r["implied"],
            "total_of": t.names.get(r["parent"]),
        }
        for r in _records(o)
    ]  # fmt: skip


def corrections(t: Tables) -> Rows:
    """Published values of cells that are not the printed ones, from the decisions and the derived cells."""
    cells = _records(t.of_all_kinds("cells"))
    printed = {(r["report_id"], f"{r['table']}/{r['row']}/{r['column']}"): r["value"] for r in cells}
    reports = t.of_all_kinds("reports").set_index("report_id")
    decided = t.of_all_kinds("decisions").query("status == 'applied'").rename(columns={"decided_value": "value"})
    decided["cell"] = decided["cell"].str.split(":").str[-1]
    columns = ["report_id", "cell", "value"]
    published = pd.concat([t.of_all_kinds("derived")[columns], decided[columns]])
    return [
        {
            "body": reports.loc[r["report_id"], "body"], "year": reports.loc[r["report_id"], "year"], "cell": r["cell"],
            "printed_value": printed.get((r["report_id"], r["cell"])), "published_value": r["value"],
        }
        for r in _records(published)
        if r["value"] is not None
    ]  # fmt: skip


def prose_findings(t: Tables) -> Rows:
    f = t["findings"].merge(t["reports"][["report_id", "body", "year"]], on="report_id")
    f = f[
        f["identity"].str.startswith("narrative.") & (f["lhs"].round(6) != f["rhs"].round(6)) & (f["status"] == "fail")
    ]
    return _records(f[["year", "body", "identity", "note"]].assign(prose=f["lhs"], tables=f["rhs"]))


def printed_numbers(t: Tables) -> Rows:
    c = t["cells"].merge(t["reports"][["report_id", "body_id"]], on="report_id")
    c = c[(c["body_id"] == "321300") & (c["table"] == "applications") & (c["row"] == "new") & (c["column"] == "total")]
    return _records(c[["value", "raw", "report_id", "grid", "grid_row", "grid_column"]])


ANSWERS: dict[int, Callable[[Tables], Rows]] = dict(
    enumerate(
        (
            real_reports, reporting_members, missing_bodies, quarantined_reports, one_lineage, levels, functions,
            provinces, differences, compiled_growth, compiled_growth, compared_cells, contributions, jumps, carried,
            outcomes, refusals, applicants, ranking, rates, rates, doubts, corrections, prose_findings, printed_numbers,
        ),
        start=1,
    )
)  # fmt: skip


def test_page_has_25_questions_in_order() -> None:
    assert list(QUESTIONS) == list(ANSWERS) == list(range(1, 26))
    assert len(re.findall(r"^### ", PAGE, re.MULTILINE)) == 25


@pytest.mark.parametrize("number", ANSWERS)
def test_answer_is_that_of_pandas(built: Path, number: int) -> None:
    compare(built, number, shlex.split(QUESTIONS[number])[1:])


@pytest.mark.slow
def test_answers_on_other_data_are_those_of_pandas(tmp_path: Path) -> None:
    """The corpus has errors, doubts, decisions, successions and quarantined reports; ask about all bodies and years."""
    project = make_project(tmp_path / "project")
    for number, command in QUESTIONS.items():
        arguments = re.sub(r" -p (body|year)=\S+", "", command)
        assert compare(project, number, shlex.split(arguments)[1:]), number


def compare(project: Path, number: int, arguments: list[str]) -> int:
    """Compare the rows in any order, in the columns that pandas computes; return their number."""
    result = ogi_here(project, *arguments, "--format", "json")
    assert result.returncode == 0, result.stderr
    answer: Rows = json.loads(result.stdout)
    parameters = dict(value.split("=") for flag, value in pairwise(arguments) if flag == "-p")
    expected = [{k: v for k, v in row.items() if k != "id"} for row in ANSWERS[number](Tables(project, parameters))]
    columns = sorted({column for row in expected for column in row})
    if columns and answer:
        assert set(columns) <= set(answer[0])
    assert _comparable(answer, columns) == _comparable(expected, columns)
    return len(answer)


def _comparable(rows: Rows, columns: list[str]) -> list[list[str]]:
    return sorted([_rounded(row.get(column)) for column in columns] for row in rows)


def _rounded(value: Any) -> str:
    """Return a text that is equal for equal numbers; saved queries round to two decimals."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return str(value)
    return f"{round(float(value) + 1e-9, 2) + 0.0:.2f}"
