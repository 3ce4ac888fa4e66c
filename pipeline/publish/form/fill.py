"""Fill a statutory form from the published data: one set of cells, from which every format is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

from pipeline.core.form import Form
from pipeline.core.messages import say
from pipeline.core.sentences import finding_title
from pipeline.storage.database import Row, ask

SIMULATED_PROVENANCES = frozenset(("simulated", "mixed"))
TITLE = "{body}{year}年政府信息公开工作年度报告"
GOVERNMENT = "人民政府"
# The last character of the name of a region, as in 全市: the report of a government speaks of its whole region.
REGION_ENDINGS = "省市州盟县区旗镇乡"
SIMULATED_MARK = "（模拟）"  # extraction recognises a simulated document by it
# The row of the prose that gives a growth, and the cell that grows.
CELL_BY_GROWTH_ROW = {
    "disclosed.items_growth": "narrative/disclosed.items/value",
    "applications.growth": "applications/new/total",
}
PERCENT_PRECISION = Decimal("0.01")


@dataclass(frozen=True)
class FormCell:
    """A cell of the form. `value` is None if unknown.

    `missing_members` names the members that reported, but without the figure, so that the sum lacks them. `in_doubt` is
    whether a figure behind the value is in doubt.
    """

    address: str
    value: Decimal | None = None
    provenance: str = ""
    missing_members: tuple[str, ...] = ()
    approximate: bool = False
    in_doubt: bool = False

    @property
    def text(self) -> str:
        """The value as a table prints it: digits without a unit, blank for an unknown value."""
        return "" if self.value is None else plain_number(self.value)


@dataclass(frozen=True)
class FilledForm:
    """A form with all its cells by address, in printed order.

    `basis` is `compiled`, `reported`, or `blank` for a form to fill in. `member_count` members should have reported;
    `absent_members` did not, and for `substituted_members`, which did not either, the sums of their own members count.
    `answers` are sentences about the findings on the reports behind the form that a person confirmed as printed or
    returned to the body. Figures of mixed provenance count as simulated if `may_be_simulated`: the snapshot has
    simulated reports.
    """

    form: Form
    body_id: str
    body: str
    year: int
    basis: str
    cells: Mapping[str, FormCell] = field(default_factory=dict)
    member_count: int = 0
    absent_members: tuple[str, ...] = ()
    substituted_members: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    may_be_simulated: bool = True

    @property
    def provenances(self) -> frozenset[str]:
        """The provenances of the known values."""
        return frozenset(c.provenance for c in self.cells.values() if c.value is not None)

    @property
    def is_simulated(self) -> bool:
        """Whether any value comes from simulated reports, in full or in part."""
        return self.may_be_simulated and bool(self.provenances & SIMULATED_PROVENANCES)

    @property
    def is_partial(self) -> bool:
        """Whether the form is compiled, and a member that should have reported did not."""
        return self.basis == "compiled" and bool(self.absent_members)

    @property
    def short_body(self) -> str:
        """The name of the body as titles print it: that of its region for a government, such as 洛阳市."""
        region = self.body.removesuffix(GOVERNMENT)
        return region if region[-1:] in tuple(REGION_ENDINGS) else self.body

    @property
    def scope(self) -> str:
        """The body as the subject of a sentence about its figures: 全市 for a city, 本机关 for a department."""
        return f"全{self.short_body[-1]}" if self.short_body != self.body else "本机关"

    @property
    def title(self) -> str:
        """The usual title of such a report, with the mark of simulated documents where it applies."""
        return mark_simulated(TITLE.format(body=self.short_body, year=self.year), self)

    @property
    def banner(self) -> str:
        """The warning on every page of a form with simulated values or without some members, else ''."""
        warnings = []
        if self.is_simulated:
            warnings.append(say("compile.simulated" if self.provenances == {"simulated"} else "compile.mixed", "zh"))
        if self.is_partial:
            counted = self.member_count - len(self.absent_members)
            warnings.append(say("compile.partial", "zh", expected=self.member_count, counted=counted))
        return "".join(warnings)

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes about the source of the figures and about missing members, in Chinese as the form is."""
        return self.list_notes("zh")

    def list_notes(self, lang: str) -> tuple[str, ...]:
        """Return the notes in a language. Answers of people are in Chinese."""
        comma = "、" if lang == "zh" else ", "
        doubts = sum(cell.in_doubt for cell in self.cells.values())
        doubt = (say("compile.note.doubt", lang, count=doubts),) if doubts else ()
        if self.basis == "reported":
            return (say("compile.note.reported", lang, body=self.body), *doubt, *self.answers)
        counted = self.member_count - len(self.absent_members)
        absent = say("compile.note.absent", lang, bodies=comma.join(self.absent_members)) if self.absent_members else ""
        return (
            say("compile.note.members", lang, expected=self.member_count, counted=counted, absent=absent),
            *(say("compile.note.substituted", lang, body=body) for body in self.substituted_members),
            *doubt,
            *(
                say("compile.note.partial", lang, count=count, bodies=comma.join(members))
                for members, count in self._partial_cells().items()
            ),
            *self.answers,
        )

    def _partial_cells(self) -> Mapping[tuple[str, ...], int]:
        """Return the number of known cells by the members that their sums lack."""
        counts: dict[tuple[str, ...], int] = {}
        for cell in self.cells.values():
            if cell.missing_members and cell.value is not None:
                counts[cell.missing_members] = counts.get(cell.missing_members, 0) + 1
        return counts


def mark_simulated(title: str, filled: FilledForm) -> str:
    """Return the title, with the mark in front if the form is simulated and the title lacks it."""
    return SIMULATED_MARK + title if filled.is_simulated and not title.startswith(SIMULATED_MARK) else title


def plain_number(value: Decimal) -> str:
    """Return a number without thousands separators and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def fill_form(
    connection: duckdb.DuckDBPyConnection, body: Mapping[str, Any], year: int, form: Form, basis: str
) -> FilledForm:
    """Return the form of a body and report year.

    `body` has the keys `body_id` and `name`. `basis` is `compiled` (the sum over the members) or `reported` (the body's
    own figures). Values come from the indicators that are comparable with a cell. For `reported`, the values of the
    body's own report replace them if it uses this form. Computed growths and the identities of the prose then fill
    cells that are still unknown.
    """
    place: Row = {"body": body["body_id"], "year": year}
    members = ask(connection, "form_members", place)
    absent = {m["body_id"]: m["body"] for m in members if m["status"] != "loaded" and not m["is_substituted"]}
    replaced = tuple(m["body"] for m in members if m["is_substituted"])
    names = {m["body_id"]: m["body"] for m in members if m["body_id"] not in absent}
    cells = {c.address: c for c in _comparable_cells(connection, place, form, basis, names)}
    if basis == "reported":
        cells |= {c.address: c for c in _own_cells(connection, place, form)}
    comparison = ask(connection, "form_comparison", {**place, "form": form.code, "basis": basis})
    cells |= {c.address: c for c in _growth_cells(cells, comparison) if _is_unknown(cells, c.address)}
    cells |= {c.address: c for c in _prose_cells(form, cells) if _is_unknown(cells, c.address)}
    ordered = {a: cells.get(a, FormCell(a)) for a in form.addresses()}
    answers = tuple(map(_answer_note, ask(connection, "form_answers", {**place, "basis": basis})))
    return FilledForm(
        form,
        body["body_id"],
        body["name"],
        year,
        basis,
        ordered,
        len(members),
        tuple(absent.values()),
        replaced,
        answers,
        ask(connection, "simulated_reports")[0]["reports"] > 0,
    )


def _answer_note(finding: Row) -> str:
    """Return the note about an answered finding: body, place and rule, and the words of the person who answered."""
    title = finding_title(f"{finding['identity']}@{finding['place']}", finding["form"], "zh")
    words = {name: finding[name] for name in ("reason", "evidence")}
    note = say(f"answer.short.{finding['answer']}", "zh", title=title, who=finding["decided_by"], **words)
    return say("compile.note.answer", "zh", body=finding["body"], note=note)


def _is_unknown(cells: Mapping[str, FormCell], address: str) -> bool:
    return address not in cells or cells[address].value is None


def _comparable_cells(
    connection: duckdb.DuckDBPyConnection, place: Row, form: Form, basis: str, names: Mapping[str, str]
) -> Iterable[FormCell]:
    """Yield the cells that the crosswalk equates with one indicator. `names` has the reporting members by id."""
    approximate = ask(connection, "form_approximate_indicators", place) if basis == "compiled" else []
    approximate_indicators = {row["indicator"] for row in approximate}
    for row in ask(connection, "form_cells", {**place, "form": form.code}):
        missing = tuple(names[m] for m in (row["members_missing"] or "").split() if m in names)
        yield FormCell(
            f"{row['table']}/{row['row']}/{row['column']}",
            row[basis],
            row[f"{basis}_provenance"] or "",
            missing if basis == "compiled" else (),
            row["indicator"] in approximate_indicators or (basis == "reported" and row["reported_status"] == "E"),
            bool(row["in_doubt"] if basis == "compiled" else row["reported_in_doubt"]),
        )


def _own_cells(connection: duckdb.DuckDBPyConnection, place: Row, form: Form) -> Iterable[FormCell]:
    """Yield the published cells of the body's own report, if the report uses this form."""
    for report in ask(connection, "form_report", place):
        if report["form"] == form.code:
            doubts = {row["cell"] for row in ask(connection, "form_doubts", {"report": report["report_id"]})}
            for row in ask(connection, "form_report_values", {"report": report["report_id"]}):
                address = f"{row['table']}/{row['row']}/{row['column']}"
                marks = {"approximate": row["approximate"], "in_doubt": address in doubts}
                yield FormCell(address, row["value"], report["provenance"], **marks)


def _growth_cells(cells: Mapping[str, FormCell], comparison: Iterable[Row]) -> Iterable[FormCell]:
    """Yield the growths of the prose, against the figure of the year before that `form_comparison.sql` chooses."""
    rows = {f"{row['table']}/{row['row']}/{row['column']}": row for row in comparison}
    for prose_row, address in CELL_BY_GROWTH_ROW.items():
        cell, row = cells.get(address), rows.get(address)
        if cell and row and cell.value is not None and row["prior"]:
            percent = (100 * (cell.value - row["prior"]) / row["prior"]).quantize(PERCENT_PRECISION, ROUND_HALF_UP)
            yield replace(
                cell,
                address=f"narrative/{prose_row}/value",
                value=percent,
                provenance=_join_provenances(cell.provenance, row["prior_provenance"]),
            )


def _join_provenances(first: str, second: str) -> str:
    """Return the provenance of a figure from two others: `mixed` if one of them is simulated, in full or in part."""
    return "mixed" if first != second and {first, second} & SIMULATED_PROVENANCES else first


def _prose_cells(form: Form, cells: Mapping[str, FormCell]) -> Iterable[FormCell]:
    """Yield the figures of the prose that an identity equates with a sum of known cells."""
    for instance in form.instances:
        terms = [cells.get(a, FormCell(a)) for a in instance.right]
        if instance.place.startswith("narrative/") and instance.identity.relation == "=":
            values = [t.value for t in terms if t.value is not None]
            if len(values) == len(terms):
                missing = tuple(dict.fromkeys(m for t in terms for m in t.missing_members))
                total = sum(values, Decimal(0))
                yield replace(terms[0], address=instance.place, value=total, missing_members=missing)
