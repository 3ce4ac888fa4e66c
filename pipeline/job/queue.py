"""The queue of problems for a person: one item per wrong cell or failed finding, with the possible decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipeline.core.model import ANNUAL_REPORT
from pipeline.core.problems import answer_mark, problem_groups, proposal_sentence
from pipeline.core.report_names import report_name
from pipeline.core.sentences import number, sentence
from pipeline.edit.match_answers import finding_name
from pipeline.storage.database import Row, ask


@dataclass(frozen=True)
class QueueItem:
    """A problem of a published report. `cells` are the addresses to look at, the accused ones first.

    `accept` is the cell whose proposal can be accepted, '' if there is no implied number; `implied` are the numbers by
    cell. `findings` are the names of the failed findings that an answer would confirm or return. `answer` is the answer
    that was given, '' without one.
    """

    report_id: str
    severity: str
    sentence: str
    cells: tuple[str, ...]
    accept: str
    implied: Mapping[str, str]
    findings: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class QueuedReport:
    """A report with open problems: errors first. `title` is its body, and for other kinds also period and kind."""

    report_id: str
    body_id: str
    title: str
    items: tuple[QueueItem, ...]

    @property
    def errors(self) -> int:
        """The number of errors."""
        return sum(item.severity == "error" for item in self.items)


def list_queue(connection: duckdb.DuckDBPyConnection, reports: Sequence[str], lang: str) -> list[QueuedReport]:
    """Return the given reports that have open problems, those with most errors first."""
    chosen = {"reports": list(reports)}
    proposals, failures = ask(connection, "status_proposals", chosen), ask(connection, "status_failures", chosen)
    rows = _by_report([*proposals, *failures])
    queue = []
    for report_id, of_report in rows.items():
        own = (_of_report(proposals, report_id), _of_report(failures, report_id))
        items = tuple(
            sorted(_items(*own, lang), key=lambda item: (item.severity != "error", item.cells, item.sentence))
        )
        body_id, title = _body(connection, report_id), report_title(of_report[0], lang)
        queue += [QueuedReport(report_id, body_id, title, items)] if items else []
    return sorted(queue, key=lambda report: (-report.errors, -len(report.items), report.report_id))


def report_title(report: Row, lang: str) -> str:
    """Return the body of an annual report, and the name of another report, given a row of `all_reports`."""
    return str(report["body"]) if report["kind"] == ANNUAL_REPORT else report_name(report, lang)


def _body(connection: duckdb.DuckDBPyConnection, report_id: str) -> str:
    return str(ask(connection, "decide_cell", {"report": report_id, "cell": ""})[0]["body_id"])


def _items(proposals: Sequence[Row], failures: Sequence[Row], lang: str) -> Iterator[QueueItem]:
    failed = {finding_name(row["identity"], row["place"]): row for row in failures}
    for group in problem_groups(proposals, lambda row: str(row["anchor"])):
        yield _proposal_item(group, failed, lang)
    explained = {name for row in proposals for name in row["identities"]}
    for name, row in failed.items():
        if name not in explained and row["answer"] != "confirmed":
            yield _finding_item(name, row, lang)


def _proposal_item(group: Sequence[Row], failed: Mapping[str, Row], lang: str) -> QueueItem:
    names = tuple(dict.fromkeys(name for row in group for name in row["identities"] if name in failed))
    answers = {failed[name]["answer"] for name in names}
    suspects = [cell for row in group for cell in (row["cell"], *row["suspects"])]
    implied = {row["cell"]: number(row["implied"]) for row in group if row["implied"] is not None}
    return QueueItem(
        report_id=group[0]["report_id"],
        severity="error",
        sentence=proposal_sentence(group, group[0]["form"], lang, failed),
        cells=tuple(dict.fromkeys(suspects)),
        accept=group[0]["cell"] if implied else "",
        implied=implied,
        findings=names,
        answer="returned" if answers == {"returned"} else "",
    )


def _finding_item(name: str, row: Row, lang: str) -> QueueItem:
    cells = tuple(row["cells"] or ()) or ((row["place"],) if row["place"].count("/") == 2 else ())
    text = sentence(row, row["form"], lang) + answer_mark(row, lang)
    return QueueItem(row["report_id"], row["severity"], text, cells, "", {}, (name,), row["answer"] or "")


def _of_report(rows: Sequence[Row], report_id: str) -> list[Row]:
    return [row for row in rows if row["report_id"] == report_id]


def _by_report(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["report_id"], []).append(row)
    return found
