"""The reports of a body: each cell as printed with its page, the problems, the marks of cells, and the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from pipeline.core.form import Form, Table, forms
from pipeline.core.problems import answered, problems
from pipeline.core.sentences import number
from pipeline.publish.drawn_table import draw_table
from pipeline.publish.site.series import shortest_number
from pipeline.publish.site.shared_data import Group
from pipeline.storage.database import Row, ask

DETAILS = ("cells", "figures", "failures", "proposals", "derived", "decisions")
"""What belongs to a report, each read with the statement `site_<name>`."""

Details = Mapping[str, Sequence[Row]]
NO_CELL = -1


def reports_by_body(connection: duckdb.DuckDBPyConnection, groups: Sequence[Group]) -> dict[str, list[dict[str, Any]]]:
    """Return the reports of each body of these groups, by year, as `data/b<n>.js` has them."""
    bodies = [body for group in groups for body in group.bodies]
    reports = ask(connection, "site_reports", {"bodies": bodies})
    report_ids = [report["report_id"] for report in reports]
    details = {name: _rows_by_report(ask(connection, f"site_{name}", {"reports": report_ids})) for name in DETAILS}
    by_body: dict[str, list[dict[str, Any]]] = {body: [] for body in bodies}
    for report in reports:
        own_details = {name: rows.get(report["report_id"], []) for name, rows in details.items()}
        by_body[report["body_id"]].append(_report(report, own_details))
    return by_body


def _rows_by_report(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Return the rows by report id, in their order."""
    by_report: dict[str, list[Row]] = {}
    for row in rows:
        by_report.setdefault(row["report_id"], []).append(row)
    return by_report


def _report(report: Row, details: Details) -> dict[str, Any]:
    """Return a report for the page; what is null or empty is left out."""
    form = forms().get(report["form"] or "")
    entry = {k: v for k, v in report.items() if k not in ("report_id", "body_id") and v is not None}
    if form:
        entry |= _cells(form, details["cells"])
    if details["figures"]:
        entry["figures"] = [_figure(figure) for figure in details["figures"]]
    if details["failures"] or details["proposals"]:
        entry |= _problems(report, details)
    marks = _marks(details)
    return entry | ({"marks": marks} if marks else {})


def _figure(figure: Row) -> list[Any]:
    """Return a figure for the page: row, clause, value, whether it is approximate, scope, page."""
    value, is_approximate = shortest_number(figure["value"]), bool(figure["approximate"])
    return [figure["row"], figure["raw"], value, is_approximate, figure["scope"], figure["page"]]


def _cells(form: Form, rows: Iterable[Row]) -> dict[str, Any]:
    """Return text, page and grid of each cell in the order of the form; null where the report has no such cell."""
    by_address: dict[str, tuple[Any, Any, Any]] = {}
    for row in rows:
        places = zip(row["raws"], row["pages"], row["grids"], strict=True)
        by_address |= dict(zip(row["addresses"], places, strict=True))
    cells = [by_address.get(a, (None, None, None)) for a in form.addresses(form.printed_tables)]
    return {
        "raw": [raw for raw, _, _ in cells],
        "pages": _runs([page for _, page, _ in cells]),
        "grids": _runs([grid for _, _, grid in cells]),
    }


def _runs(values: Sequence[Any]) -> list[list[Any]]:
    """Return runs of equal neighbours as [value, length]: the cells of one table usually share their page."""
    runs: list[list[Any]] = []
    for value in values:
        if runs and runs[-1][0] == value:
            runs[-1][1] += 1
        else:
            runs.append([value, 1])
    return runs


def _problems(report: Row, details: Details) -> dict[str, Any]:
    """Return one sentence per error, warning and explained finding in both languages, and the failures of the prose."""
    zh, en = (_sentences(report["form"], details, lang) for lang in ("zh", "en"))
    return {
        **{kind: list(zip(zh[kind], en[kind], strict=True)) for kind in ("error", "warning", "answered") if zh[kind]},
        "prose": [
            [f["identity"], f["place"], f["note"], *(number(f[side]) for side in ("lhs", "rhs", "difference"))]
            for f in details["failures"]
            if f["identity"].startswith("narrative.")
        ],
    }


def _sentences(form: str | None, details: Details, lang: str) -> dict[str, list[str]]:
    sentences = problems(details["proposals"], details["failures"], form, lang)
    return sentences | {"answered": answered(details["failures"], form, lang)}


def _marks(details: Details) -> dict[str, list[str]]:
    """Return [mark, note] by address.

    The marks are `asked` (a warning), `doubted` (one of several cells is wrong), `wrong`, `derived` and `decided`. If a
    cell has several, the last of this list counts.
    """
    marks: dict[str, list[str]] = {}
    explained = {identity for proposal in details["proposals"] for identity in proposal["identities"]}
    for finding in details["failures"]:
        name = f"{finding['identity']}@{finding['place']}"
        if name not in explained and finding["answer"] != "confirmed":
            mark = "asked" if finding["severity"] == "warning" else "doubted"
            marks |= {address: [mark, ""] for address in [*finding["cells"], finding["place"]]}
    for proposal in details["proposals"]:
        marks |= _proposal_marks(proposal)
    marks |= {d["cell"]: ["derived", number(d["value"])] for d in details["derived"]}
    return marks | {
        d["cell"]: ["decided", number(d["decided_value"]) if d["decided_value"] is not None else ""]
        for d in details["decisions"]
    }


def _proposal_marks(proposal: Row) -> dict[str, list[str]]:
    """Return the mark of the wrong cell, or of each cell that an alternative of the proposal would change."""
    if proposal["implied"] is not None:
        return {proposal["cell"]: ["wrong", number(proposal["implied"])]}
    return {address: ["doubted", ""] for address in [proposal["cell"], *proposal["suspects"]]}


def form_data(form: Form) -> dict[str, Any]:
    """Return the content of `data/form-<code>.js`: addresses, labels and the tables as printed.

    A table is a list of rows; each cell is [text, rowspan, colspan, index of its address or -1 for a label].
    """
    addresses = form.addresses(form.printed_tables)
    index_by_address = {address: i for i, address in enumerate(addresses)}
    prose = next(t for t in form.tables.values() if t.layout == "prose")
    return {
        "zh": form.zh,
        "en": form.en,
        "source": form.source,
        "addresses": addresses,
        "labels": [[form.label(a, "zh"), form.label(a, "en")] for a in addresses],
        "prose": {row: [label.zh, label.en, label.unit] for row, label in prose.rows.items()},
        "tables": [{"zh": t.zh, "en": t.en, "lines": _table_rows(t, index_by_address)} for t in form.printed_tables],
    }


def _table_rows(table: Table, index_by_address: Mapping[str, int]) -> list[list[list[Any]]]:
    """Return the rows of a printed table as `form_data` describes them."""
    return [
        [[cell.text, cell.rowspan, cell.colspan, index_by_address.get(cell.address, NO_CELL)] for cell in row]
        for row in draw_table(table, {})
    ]
