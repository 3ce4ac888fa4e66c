"""The review of a filled form in sentences and tables, for screens and for the explanation that goes with a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.sentences import number, rule_wording
from pipeline.publish.form.causes import Cause
from pipeline.publish.form.review_parts import ComparedCell, CompilationReview, DoubtfulCell, FailedIdentity, MemberGap

MAX_LISTED_CELLS = 6  # blank cells of one table
MAX_DOUBTS = 30
MAX_DISCREPANCIES = 20
CHANGE_COLUMNS = ("cell", "prior", "value", "change", "percent")
DISCREPANCY_COLUMNS = ("cell", "compiled", "reported", "gap")
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Section:
    """A part of the review: its title, sentences, and a table of texts whose first row has the headings."""

    title: str
    lines: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


def review_sections(review: CompilationReview, lang: str) -> tuple[Section, ...]:
    """Return the parts of a review: identities, members, doubts, changes, and differences from the reported figures."""
    identities = [line for failure in review.failures for line in _failure_lines(review, failure, lang)]
    doubts = [_doubt_line(doubt, lang) for doubt in review.doubts[:MAX_DOUBTS]]
    if len(review.doubts) > MAX_DOUBTS:
        doubts.append(say("compile.review.more_doubts", lang, count=len(review.doubts) - MAX_DOUBTS))
    none = [say("compile.review.none", lang)]
    sections = [
        Section(
            say("compile.review.identities", lang),
            tuple(identities or [say("compile.review.identities_hold", lang)]),
        )
    ]
    if review.basis == "compiled":
        sections += [
            Section(say("compile.review.members", lang), tuple(_member_lines(review, lang))),
            Section(say("compile.review.doubts", lang), tuple(doubts or none)),
        ]
    sections.append(_change_section(review, lang))
    if any(row.compiled is not None and row.reported is not None for row in review.rows):
        sections.append(_discrepancy_section(review, lang))
    return tuple(sections)


def _failure_lines(review: CompilationReview, failure: FailedIdentity, lang: str) -> Iterator[str]:
    """Yield the sentence about a failed identity, and who causes it."""
    difference = failure.difference
    yield say(
        "compile.review.total" if len(failure.left_cells) == 1 else "compile.review.balance",
        lang,
        place=review.form.label(failure.place, lang),
        left=number(failure.left),
        right=number(failure.right),
        amount=number(abs(difference)),
        direction=say(f"compile.review.{'more' if difference > 0 else 'less'}", lang),
        rule=rule_wording(failure.identity, review.form.code, lang),
    )
    if failure.causes:
        separator = "、" if lang == "zh" else ", "
        yield "    " + say(
            "compile.review.causes", lang, causes=separator.join(_cause_text(cause, lang) for cause in failure.causes)
        )
    elif review.basis == "reported":
        yield "    " + say("compile.review.cause_own", lang, body=review.body)
    if failure.confirmed:
        yield "    " + say("compile.review.confirmed", lang)
    elif failure.severity != "error":
        yield "    " + say("compile.review.warning", lang)


def _cause_text(cause: Cause, lang: str) -> str:
    code = "compile.review.cause_blank" if cause.blank_cells else "compile.review.cause"
    return say(code, lang, body=cause.body, difference=signed(cause.difference), count=len(cause.blank_cells))


def _member_lines(review: CompilationReview, lang: str) -> Iterator[str]:
    """Yield a sentence per gap, those that hold the form back first."""
    if not review.missing_members:
        yield say("compile.review.all_members", lang, count=review.member_count)
    others = [gap for gap in review.gaps if gap not in review.missing_members]
    for gap in (*review.missing_members, *others):
        yield _gap_line(review, gap, lang)


def _gap_line(review: CompilationReview, gap: MemberGap, lang: str) -> str:
    table = review.form.tables.get(gap.place)
    names = [review.form.label(address, lang) for address in gap.cells[:MAX_LISTED_CELLS]]
    cells = ("、" if lang == "zh" else "; ").join(names)
    if len(gap.cells) > MAX_LISTED_CELLS:
        cells += (
            say("compile.review.more_cells", lang) if lang == "zh" else f" {say('compile.review.more_cells', lang)}"
        )
    return say(
        f"compile.review.{gap.state}",
        lang,
        body=gap.body,
        path=gap.path,
        reason=(gap.reason or {}).get(lang) or "",
        table=(table.zh if lang == "zh" else table.en) if table else "",
        count=len(gap.cells),
        cells=cells,
    )


def _doubt_line(doubt: DoubtfulCell, lang: str) -> str:
    form = forms()[doubt.form]
    known = set(form.addresses())
    names = [form.label(address, lang) if address in known else address for address in doubt.cell.split("+")]
    return say(
        "compile.review.doubt" if doubt.implied is None else "compile.review.doubt_implied",
        lang,
        body=doubt.body,
        cell=" + ".join(names),
        value=say("compile.review.unknown_value", lang) if doubt.value is None else number(doubt.value),
        implied=number(doubt.implied),
    )


def _change_section(review: CompilationReview, lang: str) -> Section:
    """Return the largest changes, and the source of the figures of the year before."""
    bases = {row.prior_basis for row in review.rows if row.prior is not None}
    lines = [
        say(f"compile.review.prior_{basis}", lang, body=review.body)
        for basis in ("reported", "compiled")
        if basis in bases
    ]
    if not bases:
        lines.append(say("compile.review.no_prior", lang))
    elif not review.changes:
        lines.append(say("compile.review.no_change", lang))
    rows = [change_texts(review, row, lang) for row in review.changes]
    return Section(say("compile.review.changes", lang), tuple(lines), _with_headings(CHANGE_COLUMNS, rows, lang))


def _discrepancy_section(review: CompilationReview, lang: str) -> Section:
    rows = [
        (review.form.label(row.address, lang), number(row.compiled), number(row.reported), signed(row.gap))
        for row in review.discrepancies[:MAX_DISCREPANCIES]
    ]
    hidden = len(review.discrepancies) - len(rows)
    lines = [] if rows else [say("compile.review.none", lang)]
    lines += [say("compile.review.more_lines", lang, count=hidden)] if hidden else []
    title = say("compile.review.discrepancies", lang)
    return Section(title, tuple(lines), _with_headings(DISCREPANCY_COLUMNS, rows, lang))


def _with_headings(columns: Sequence[str], rows: Sequence[tuple[str, ...]], lang: str) -> tuple[tuple[str, ...], ...]:
    headings = tuple(say(f"compile.column.{column}", lang) for column in columns)
    return (headings, *rows) if rows else ()


def change_texts(review: CompilationReview, row: ComparedCell, lang: str) -> tuple[str, ...]:
    """Return a cell, both figures, the change and the change in percent as texts."""
    place = review.form.label(row.address, lang)
    return place, number(row.prior), number(row.value), signed(row.change), percent_text(row)


def percent_text(row: ComparedCell) -> str:
    """Return the change in percent of the figure of the year before, with one decimal; '' if that is 0 or unknown."""
    if row.change is None or not row.prior:
        return ""
    percent = (100 * row.change / row.prior).quantize(TENTH, ROUND_HALF_UP)
    return f"{percent:+,}%" if row.change else "0%"


def signed(value: Decimal | None) -> str:
    """Return a difference with its sign, without trailing zeros; '' for None."""
    if value is None:
        return ""
    text = f"{value:+,.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("+0", "-0") else text


def section_lines(section: Section, lang: str) -> Iterator[str]:
    """Yield the sentences of a section, then its table as lines for a screen."""
    yield from section.lines
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    for cell, *texts in section.rows[1:]:
        parts = (f"{heading} {text}" for heading, text in zip(section.rows[0][1:], texts, strict=True) if text)
        yield cell + colon + comma.join(parts)
