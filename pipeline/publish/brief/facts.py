"""The facts of a brief: figures against the year before, reports received, open problems, and failed identities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

import duckdb

from pipeline.core.form import form_of
from pipeline.core.model import DataFault, ProjectFault
from pipeline.publish.form.fill import FilledForm, fill_form
from pipeline.publish.form.review import review_form
from pipeline.publish.form.review_parts import MIN_CHANGE, CompilationReview
from pipeline.storage.choose import choose
from pipeline.storage.database import Row, ask

# The figures for a leader, in this order; `assets/site/compared.js` shows the same.
HEADLINES = (
    "disclosed.items", "applications.new", "applications.handled", "applications.carried_out", "review.total",
    "litigation.total",
)  # fmt: skip


@dataclass(frozen=True)
class BriefFigure:
    """An indicator: the figure of the year, and the two figures that are compared. None is unknown.

    `base` is the figure itself. If members are missing, it is the sum over the `members` that have comparable figures
    in both years, and `prior` their sum of the year before; otherwise `members` is None.
    """

    names: Mapping[str, str]
    unit: str
    value: Decimal | None
    base: Decimal | None
    prior: Decimal | None
    members: int | None

    @property
    def change(self) -> Decimal | None:
        """The compared figure less that of the year before."""
        return None if self.base is None or self.prior is None else self.base - self.prior

    @property
    def weight(self) -> float:
        """The change relative to the larger figure, times the square root of that figure."""
        size = max(abs(self.base or Decimal(0)), abs(self.prior or Decimal(0)))
        return float(abs(self.change or Decimal(0))) / sqrt(size) if size else 0.0


@dataclass(frozen=True)
class BriefFacts:
    """The content of a brief. `statuses` has the status of each member's report by name.

    `problems` has the numbers of errors and warnings by the name of the body, those with most errors first.
    """

    filled: FilledForm
    review: CompilationReview
    headlines: tuple[BriefFigure, ...]
    changes: tuple[BriefFigure, ...]
    statuses: Mapping[str, str]
    problems: Mapping[str, tuple[int, int]]


def collect_facts(connection: duckdb.DuckDBPyConnection, city: str, year: int) -> BriefFacts:
    """Return the facts about a body and year. `city` is an id, a name or an alias.

    Raises DataFault for an unknown body, a year without a form, and a body without members that should report.
    """
    body = choose(connection, "body", city)
    try:
        form = form_of(year)
    except ProjectFault as fault:
        raise DataFault("compile.no_form", year=year) from fault
    place: Row = {"body": body["id"], "year": year}
    members = ask(connection, "form_members", place)
    if not members:
        raise DataFault("brief.no_members", body=body["zh"], year=year)
    filled = fill_form(connection, {"body_id": body["id"], "name": body["zh"]}, year, form, "compiled")
    figures = {row["indicator"]: _figure(row) for row in ask(connection, "brief_figures", place)}
    return BriefFacts(
        filled,
        review_form(connection, filled),
        tuple(figures[name] for name in HEADLINES if name in figures and figures[name].value is not None),
        _largest_changes(figures),
        {member["body"]: _status(member) for member in members},
        _problems(connection, {body["id"]: body["zh"]} | {m["body_id"]: m["body"] for m in members}, year),
    )


def _status(member: Row) -> str:
    return "substituted" if member["is_substituted"] else str(member["status"])


def _figure(row: Row) -> BriefFigure:
    """Return the figure: compiled, or reported if there are no members' figures."""
    value = row["compiled"] if row["compiled"] is not None else row["reported"]
    names = {"zh": row["zh"], "en": row["en"]}
    if row["prior"] is None and row["compiled"] is not None and row["members"]:
        return BriefFigure(names, row["unit"], value, row["member_value"], row["member_prior"], row["members"])
    return BriefFigure(names, row["unit"], value, value, row["prior"], None)


def _largest_changes(figures: Mapping[str, BriefFigure]) -> tuple[BriefFigure, ...]:
    """Return the figures with a large change, the largest first."""
    changed = [
        figure
        for name, figure in figures.items()
        if abs(figure.change or Decimal(0)) >= MIN_CHANGE and not name.endswith("growth")
    ]
    return tuple(sorted(changed, key=lambda figure: -figure.weight))


def _problems(
    connection: duckdb.DuckDBPyConnection, names: Mapping[str, str], year: int
) -> Mapping[str, tuple[int, int]]:
    """Return the numbers of errors and warnings by the name of the body."""
    counts = {
        names[row["body_id"]]: _counts_of_year(row, year)
        for row in ask(connection, "site_problem_series", {"bodies": list(names)})
    }
    found: Sequence[tuple[str, tuple[int, int]]] = [(name, pair) for name, pair in counts.items() if any(pair)]
    return dict(sorted(found, key=lambda item: (-item[1][0], -item[1][1])))


def _counts_of_year(row: Row, year: int) -> tuple[int, int]:
    pairs = zip(row["years"], row["errors"], row["warnings"], strict=True)
    return next(((errors, warnings) for own_year, errors, warnings in pairs if own_year == year), (0, 0))
