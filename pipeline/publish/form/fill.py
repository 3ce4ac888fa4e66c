"""A statutory form filled from the published data: one list of cells that every format is written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

from pipeline.core.form import Form
from pipeline.core.messages import say
from pipeline.storage.database import rows

SIMULATED = ("simulated", "mixed")
TITLE = "{body}{year}年政府信息公开工作年度报告"
# The growth that the prose tells is that of another figure.
GROWTHS = {"disclosed.items_growth": "disclosed.items", "applications.growth": "applications.new"}
TWO_PLACES = Decimal("0.01")

CELLS = """
    SELECT
        x."table", x."row", CASE WHEN x."column" = '*' THEN c.applicant ELSE x."column" END AS "column", c.indicator,
        c.compiled, c.compiled_provenance, c.reported, c.reported_provenance, c.reported_status, c.members_missing
    FROM crosswalk AS x
    INNER JOIN city_year AS c ON c.indicator = x.indicator AND (x."column" = '*' OR c.applicant = 'total')
    WHERE (x.form = $form OR x.form = '*') AND x.relation <> 'part' AND c.body_id = $body AND c.year = $year"""
GROWTH = """
    SELECT indicator, growth_percent, provenance FROM growth
    WHERE body_id = $body AND year = $year AND basis = $basis AND applicant = 'total' AND growth_percent IS NOT NULL"""
VAGUE = """
    SELECT DISTINCT o.indicator FROM observations AS o
    INNER JOIN coverage AS c ON c.body_id = o.body_id AND c.year = o.year AND c.status = 'loaded'
    WHERE c.city_id = $body AND o.year = $year AND o.obs_status = 'E'"""
MEMBERS = """
    SELECT body_id, body, status FROM coverage WHERE city_id = $body AND year = $year ORDER BY body_id"""
REPORT = """
    SELECT report_id, form, provenance FROM reports
    WHERE body_id = $body AND year = $year AND status = 'loaded'"""
EDITED = """
    SELECT "table", "row", "column", value, FALSE AS approximate FROM edited WHERE report_id = $report
    UNION ALL
    SELECT 'narrative', "row", 'value', CASE WHEN count(DISTINCT value) = 1 THEN max(value) END, bool_or(approximate)
    FROM figures WHERE report_id = $report AND scope = 'whole' GROUP BY "row\""""


@dataclass(frozen=True)
class FormCell:
    """A place of the form; `value` is None where it is not known, `missing` names reporting members not in the sum."""

    address: str
    value: Decimal | None = None
    provenance: str = ""
    missing: tuple[str, ...] = ()
    approximate: bool = False

    @property
    def text(self) -> str:
        """As it is printed in a table: digits alone, blank where nothing is known."""
        return "" if self.value is None else printed(self.value)


@dataclass(frozen=True)
class FilledForm:
    """A form with all its cells by address, in printed order; of the members `absent` did not report."""

    form: Form
    body_id: str
    body: str
    year: int
    basis: str
    cells: Mapping[str, FormCell] = field(default_factory=dict)
    expected: int = 0
    absent: tuple[str, ...] = ()

    @property
    def provenances(self) -> frozenset[str]:
        """What kinds of reports stand behind the values."""
        return frozenset(c.provenance for c in self.cells.values() if c.value is not None)

    @property
    def simulated(self) -> bool:
        """Whether any value rests on simulated reports."""
        return bool(self.provenances & set(SIMULATED))

    @property
    def title(self) -> str:
        """As offices entitle it, after the mark by which simulated documents are told."""
        return marked(TITLE.format(body=self.body, year=self.year), self)

    @property
    def banner(self) -> str:
        """What is printed on every page of a form that rests on simulated reports, else ''."""
        if not self.simulated:
            return ""
        return say("compile.simulated" if self.provenances == {"simulated"} else "compile.mixed", "zh")

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the figures come from and who is missing in them, in the language of the form."""
        if self.basis == "reported":
            return (say("compile.note.reported", "zh", body=self.body),)
        counted = self.expected - len(self.absent)
        absent = say("compile.note.absent", "zh", bodies="、".join(self.absent)) if self.absent else ""
        lacking: dict[tuple[str, ...], list[FormCell]] = {}
        for cell in self.cells.values():
            if cell.missing and cell.value is not None:
                lacking.setdefault(cell.missing, []).append(cell)
        return (
            say("compile.note.members", "zh", expected=self.expected, counted=counted, absent=absent),
            *(say("compile.note.partial", "zh", count=len(c), bodies="、".join(m)) for m, c in lacking.items()),
        )


def marked(title: str, filled: FilledForm) -> str:
    """A title, which of a simulated form begins with the mark that extraction knows."""
    return f"（模拟）{title}" if filled.simulated and not title.startswith("（模拟）") else title


def printed(value: Decimal) -> str:
    """A number without thousands marks and needless zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def fill(
    connection: duckdb.DuckDBPyConnection, body: Mapping[str, Any], year: int, form: Form, basis: str
) -> FilledForm:
    """The form of a city and year; `basis` is `compiled` (its members' sum) or `reported` (its own report)."""
    at = {"body": body["body_id"], "year": year}
    members = rows(connection, MEMBERS, at)
    absent = {m["body_id"]: m["body"] for m in members if m["status"] != "loaded"}
    names = {m["body_id"]: m["body"] for m in members if m["body_id"] not in absent}
    found = {c.address: c for c in _comparable(connection, at, form, basis, names)}
    if basis == "reported":
        found |= {c.address: c for c in _own(connection, at, form)}
    found |= {c.address: c for c in _growths(connection, at, basis) if _unknown(found, c.address)}
    found |= {c.address: c for c in _prose(form, found) if _unknown(found, c.address)}
    cells = {a: found.get(a, FormCell(a)) for a in form.addresses()}
    return FilledForm(form, body["body_id"], body["name"], year, basis, cells, len(members), tuple(absent.values()))


def _unknown(found: Mapping[str, FormCell], address: str) -> bool:
    return address not in found or found[address].value is None


def _comparable(
    connection: duckdb.DuckDBPyConnection, at: dict[str, Any], form: Form, basis: str, names: Mapping[str, str]
) -> Iterable[FormCell]:
    """The cells that one indicator stands for, by the crosswalk."""
    vague = {r["indicator"] for r in rows(connection, VAGUE, at)} if basis == "compiled" else set()
    for row in rows(connection, CELLS, at | {"form": form.code}):
        missing = tuple(names[m] for m in (row["members_missing"] or "").split() if m in names)
        yield FormCell(
            f"{row['table']}/{row['row']}/{row['column']}",
            row[basis],
            row[f"{basis}_provenance"] or "",
            missing if basis == "compiled" else (),
            row["indicator"] in vague or (basis == "reported" and row["reported_status"] == "E"),
        )


def _own(connection: duckdb.DuckDBPyConnection, at: dict[str, Any], form: Form) -> Iterable[FormCell]:
    """The cells of the city's own report as published, if it is on this form."""
    for report in rows(connection, REPORT, at):
        if report["form"] == form.code:
            for row in rows(connection, EDITED, {"report": report["report_id"]}):
                address = f"{row['table']}/{row['row']}/{row['column']}"
                yield FormCell(address, row["value"], report["provenance"], approximate=row["approximate"])


def _growths(connection: duckdb.DuckDBPyConnection, at: dict[str, Any], basis: str) -> Iterable[FormCell]:
    """The growths of the prose, of the same bodies in both years."""
    found = {r["indicator"]: r for r in rows(connection, GROWTH, at | {"basis": basis})}
    for prose, indicator in GROWTHS.items():
        if indicator in found:
            percent = found[indicator]["growth_percent"].quantize(TWO_PLACES, ROUND_HALF_UP)
            yield FormCell(f"narrative/{prose}/value", percent, found[indicator]["provenance"])


def _prose(form: Form, found: Mapping[str, FormCell]) -> Iterable[FormCell]:
    """The figures of the prose that the form equates with cells of its tables."""
    for instance in form.instances:
        parts = [found.get(a, FormCell(a)) for a in instance.right]
        if instance.place.startswith("narrative/") and instance.identity.relation == "=":
            values = [p.value for p in parts if p.value is not None]
            if len(values) == len(parts):
                missing = tuple(dict.fromkeys(m for p in parts for m in p.missing))
                yield replace(parts[0], address=instance.place, value=sum(values, Decimal(0)), missing=missing)
