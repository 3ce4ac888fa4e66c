"""Score the reports of the members of a body on a year by a rubric, and rank the bodies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb

from pipeline.core.messages import say
from pipeline.core.paths import Data
from pipeline.job.check import Statement, check
from pipeline.job.structure import audit_files
from pipeline.publish.check_page import sentences_by_kind, structure_sentence
from pipeline.publish.score.rubric import Item, Rubric
from pipeline.report import ProcessedReport
from pipeline.storage.database import ask

REPORTED = ("loaded", "blank", "quarantined")


@dataclass(frozen=True)
class ItemScore:
    """The outcome of an item: the number of problems and the points, None if unknown, and the evidence in words."""

    item: Item
    problems: int | None
    points: Decimal | None
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class BodyScore:
    """The score of a body: its items in the order of the rubric, and its rank, 1 for the best; equal scores share it.

    `provenance` is that of its report, None without one.
    """

    body_id: str
    body: str
    level: str
    provenance: str | None
    items: tuple[ItemScore, ...]
    rank: int = 0

    @property
    def points(self) -> Decimal:
        """The points of the known items."""
        return sum((i.points for i in self.items if i.points is not None), Decimal(0))

    @property
    def possible(self) -> Decimal:
        """The most that the known items can give."""
        return sum((i.item.points for i in self.items if i.points is not None), Decimal(0))

    @property
    def percent(self) -> Decimal:
        """The points in percent of the possible ones, to a tenth."""
        return round(100 * self.points / self.possible, 1) if self.possible else Decimal(0)


@dataclass
class _Evidence:
    """The problems of a body by measure: sentences, None if unknown; a measure without an entry has none."""

    sentences: dict[str, list[str] | None] = field(default_factory=dict)

    def score(self, item: Item) -> ItemScore:
        sentences = self.sentences.get(item.measure, [])
        problems = None if sentences is None else len(sentences)
        return ItemScore(item, problems, item.score(problems), tuple(sentences or ()))


def score_bodies(
    connection: duckdb.DuckDBPyConnection, data: Data, body: str, year: int, rubric: Rubric, lang: str
) -> list[BodyScore]:
    """Return the scores of the members of a body on a year, best first; a compiled report is scored with them.

    The reports are tested as printed, with the answers of people: a number that a person explained costs nothing.
    """
    rows = ask(connection, "score_bodies", {"body": body, "year": year})
    with_file = [row for row in rows if row["status"] in REPORTED and row["path"]]
    paths = [data.root / row["path"] for row in with_file]
    statements = {path: Statement(row["body"], year) for path, row in zip(paths, with_file, strict=True)}
    reports = check(paths, data, statements)
    for report, structure in zip(reports, audit_files(paths, data.raw), strict=True):
        report.structure = structure
    by_body = dict(zip((row["body_id"] for row in with_file), reports, strict=True))
    scores = [_score(row, by_body.get(row["body_id"]), rubric, lang) for row in rows]
    return _rank(scores)


def _score(row: Mapping[str, Any], report: ProcessedReport | None, rubric: Rubric, lang: str) -> BodyScore:
    evidence = _evidence(row, report, rubric, lang)
    items = tuple(evidence.score(item) for item in rubric.items)
    return BodyScore(row["body_id"], row["body"], row["level"], row["provenance"], items)


def _evidence(row: Mapping[str, Any], report: ProcessedReport | None, rubric: Rubric, lang: str) -> _Evidence:
    """Return the problems of a body. A body without a readable report is known only by that."""
    found: dict[str, list[str] | None] = {item.measure: None for item in rubric.items}
    if report is None:
        return _Evidence(found | {"not_reported": [say("score.not_reported", lang)]})
    found |= {"not_reported": [], "late": _lateness(row, lang)}
    if report.fault:
        return _Evidence(found | {"unreadable": [say(report.fault.code, lang, **report.fault.values)]})
    sentences = sentences_by_kind(report, lang)
    found |= {"unreadable": [], "error": sentences["error"], "warning": sentences["warning"]}
    for identity, findings in groupby(report.structure, key=lambda finding: finding.identity):
        outcomes = list(findings)
        failed = [structure_sentence(finding, lang) for finding in outcomes if finding.status == "fail"]
        found[identity] = None if outcomes[0].status == "unknown" else failed
    return _Evidence(found)


def _lateness(row: Mapping[str, Any], lang: str) -> list[str] | None:
    if row["timeliness"] in (None, "unknown"):
        return None
    return [say("score.late", lang, date=row["published_on"], days=row["days_late"])] if row["days_late"] > 0 else []


def _rank(scores: Sequence[BodyScore]) -> list[BodyScore]:
    """Return the scores from the best to the worst, with their ranks."""
    ordered = sorted(scores, key=lambda score: (-score.percent, score.body_id))
    return [replace(score, rank=1 + sum(other.percent > score.percent for other in ordered)) for score in ordered]
