"""The sentences and the table of a brief. A sentence whose number is unknown is not printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from pipeline.core.messages import say
from pipeline.core.sentences import number
from pipeline.publish.brief.facts import BriefFacts, BriefFigure
from pipeline.publish.form.review_parts import FailedIdentity
from pipeline.publish.form.review_text import signed

PERCENT_PRECISION = Decimal("0.1")
MAX_CAUSES = 2
# Columns of the table; `members` if members are missing, so that only those with figures in both years are compared.
COLUMNS = {
    "all": ("indicator", "prior", "value", "change", "percent"),
    "members": ("indicator", "value", "same_prior", "same_value", "percent"),
}


class Limits(NamedTuple):
    """How many missing bodies, bodies with errors, changes and failed identities a page lists."""

    missing: int
    problems: int
    changes: int
    failures: int


def section_texts(facts: BriefFacts, limits: Limits, lang: str) -> Mapping[str, str]:
    """Return the text of each section by name; a section without anything to say is left out."""
    texts = {
        "figures": _figures_text(facts, lang),
        "reports": _reports_text(facts, limits.missing, lang),
        "problems": _problems_text(facts, limits.problems, lang),
        "changes": _changes_text(facts.changes[: limits.changes], lang),
        "balance": _balance_text(facts, limits.failures, lang),
    }
    return {name: say(f"brief.{name}", lang) + text for name, text in texts.items() if text}


def figure_rows(facts: BriefFacts, lang: str) -> Sequence[tuple[str, ...]]:
    """Return the rows of the table of headline figures; the first one has the headings. Unknown is blank."""
    kind = "members" if any(figure.members for figure in facts.headlines) else "all"
    headings = tuple(say(f"brief.column.{name}", lang) for name in COLUMNS[kind])
    return [headings, *(_figure_texts(figure, kind, lang) for figure in facts.headlines)]


def _figure_texts(figure: BriefFigure, kind: str, lang: str) -> tuple[str, ...]:
    name = say("brief.figure", lang, name=figure.names[lang], unit=say(f"site.unit.{figure.unit}", lang))
    change, percent = signed(figure.change), percent_text(figure)
    if kind == "all":
        return name, _number(figure.prior), _number(figure.value), change, percent
    base = _number(figure.base) if figure.prior is not None else ""
    return name, _number(figure.value), _number(figure.prior), base, percent


def _number(value: Decimal | None) -> str:
    """Return a figure for the table; blank for an unknown one."""
    return "" if value is None else number(value)


def percent_text(figure: BriefFigure) -> str:
    """Return the change in percent with one decimal; '' if it is unknown or the figure of the year before is 0."""
    if figure.change is None or not figure.prior:
        return ""
    if not figure.change:
        return "0%"
    return f"{(100 * figure.change / figure.prior).quantize(PERCENT_PRECISION, ROUND_HALF_UP):+,}%"


def _figures_text(facts: BriefFacts, lang: str) -> str:
    """Return the sentence about the table, '' if there are no figures."""
    if not facts.headlines:
        return ""
    members = max((figure.members or 0 for figure in facts.headlines), default=0)
    return say("brief.same_members" if members else "brief.compared", lang, count=members)


def _reports_text(facts: BriefFacts, most: int, lang: str) -> str:
    missing = {name: status for name, status in facts.statuses.items() if status != "loaded"}
    received = len(facts.statuses) - len(missing)
    sentence = say("brief.received", lang, received=received, due=len(facts.statuses))
    if not missing:
        return sentence
    words = (say("brief.missing_body", lang, body=b, state=say(f"brief.state.{s}", lang)) for b, s in missing.items())
    return _join(lang, sentence, say("brief.missing", lang, bodies=_list(words, most, len(missing), lang)))


def _problems_text(facts: BriefFacts, most: int, lang: str) -> str:
    errors, warnings = (sum(pair[i] for pair in facts.problems.values()) for i in (0, 1))
    if not errors:
        return say("brief.no_errors", lang, warnings=warnings) if warnings else say("brief.no_problems", lang)
    erring = {name: pair[0] for name, pair in facts.problems.items() if pair[0]}
    words = (say("brief.problem_body", lang, body=name, count=count) for name, count in erring.items())
    return say("brief.errors", lang, errors=errors, warnings=warnings, bodies=_list(words, most, len(erring), lang))


def _changes_text(changes: Sequence[BriefFigure], lang: str) -> str:
    """Return the largest changes as a sentence, '' if there are none."""
    words = [
        say(
            "brief.change", lang, name=figure.names[lang], prior=number(figure.prior), value=number(figure.base),
            change=percent_text(figure) or signed(figure.change),
        )
        for figure in changes
    ]  # fmt: skip
    return say("brief.change_list", lang, changes=("；" if lang == "zh" else "; ").join(words)) if words else ""


def _balance_text(facts: BriefFacts, most: int, lang: str) -> str:
    """Return the failed identities of the compiled table, and its largest discrepancy from the reported figures."""
    review = facts.review
    if not any(row.value is not None for row in review.rows):
        return ""
    failures = [_failure_words(facts, failure, lang) for failure in review.failures]
    words = _list(failures, most, len(failures), lang, "others")
    sentences = [say("brief.failures" if failures else "brief.balanced", lang, count=len(failures), failures=words)]
    if review.discrepancies:
        row = review.discrepancies[0]
        sentences.append(
            say(
                "brief.discrepancies", lang, count=len(review.discrepancies), cell=review.form.label(row.address, lang),
                gap=signed(row.gap),
            )
        )  # fmt: skip
    return _join(lang, *sentences)


def _failure_words(facts: BriefFacts, failure: FailedIdentity, lang: str) -> str:
    """Return the place of a failed identity, its difference, and the first bodies that cause it."""
    bodies = ("、" if lang == "zh" else ", ").join(cause.body for cause in failure.causes[:MAX_CAUSES])
    place, difference = facts.review.form.label(failure.place, lang), signed(failure.difference)
    code = "brief.failure_caused" if bodies else "brief.failure"
    return say(code, lang, place=place, difference=difference, bodies=bodies)


def _list(words: Iterable[str], most: int, total: int, lang: str, others: str = "bodies") -> str:
    """Return up to `most` words, and how many more there are; only their number if `most` is 0."""
    shown = ("、" if lang == "zh" else ", ").join(list(words)[:most])
    if total <= most:
        return shown
    return shown + say(f"brief.{'more' if shown else 'all'}_{others}", lang, count=total - most if shown else total)


def _join(lang: str, *sentences: str) -> str:
    return ("" if lang == "zh" else " ").join(sentences)
