"""Sentences for the clerk about the problems of a report: its proposals, and the findings that none explains.

A finding that a person confirmed as printed is no problem; `answered` has its sentence. A row of table `findings`
without the column `answer` counts as not answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pipeline.core.alternative_sentences import Wording, alternatives_sentence
from pipeline.core.cell_names import column_name, row_name
from pipeline.core.form import Form
from pipeline.core.kinds import get_form
from pipeline.core.messages import say
from pipeline.core.sentences import label, number, rule_wording, sentence, separator, sides_wording

P = TypeVar("P")
MAX_RULES = 8  # that a sentence lists
NO_PLACES: Mapping[str, str] = {}
# The checks that a report which repeats the one of the year before fails as well.
CONTINUATIONS = frozenset(("year.carry", "year.in_force", "year.items"))


def problems(
    proposals: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
    form_code: str | None,
    lang: str,
    places: Mapping[str, str] = NO_PLACES,
) -> dict[str, list[str]]:
    """Return the sentences about one report by severity: its proposals, then the failed findings without a proposal.

    One wrong cell is one sentence, however many identities it breaks. A report that repeats the one of the year before
    does not continue it either; that is one sentence too. Findings confirmed as printed are left out. `places` are
    those of the cells in a workbook.
    """
    explained = {identity for proposal in proposals for identity in proposal["identities"]}
    failed = {
        f"{finding['identity']}@{finding['place']}": finding for finding in findings if finding["status"] == "fail"
    }
    if any(finding["identity"] == "report.repeated_year" for finding in failed.values()):
        failed = {name: finding for name, finding in failed.items() if finding["identity"] not in CONTINUATIONS}
    groups = problem_groups(proposals, lambda proposal: proposal["anchor"])
    errors = [proposal_sentence(group, form_code, lang, failed, places) for group in groups]
    sentences: dict[str, list[str]] = {"error": errors, "warning": []}
    for name, finding in failed.items():
        if name not in explained and finding.get("answer") != "confirmed":
            text = sentence(finding, form_code, lang) + answer_mark(finding, lang)
            sentences[finding["severity"]].append(text)
    return sentences


def problem_groups(proposals: Iterable[P], anchor: Callable[[P], str]) -> list[list[P]]:
    """Return the proposals in groups with one cause, those with the same anchor, in the order of their first."""
    groups: dict[str, list[P]] = {}
    for proposal in proposals:
        groups.setdefault(anchor(proposal), []).append(proposal)
    return list(groups.values())


def answered(findings: Iterable[Mapping[str, Any]], form_code: str | None, lang: str) -> list[str]:
    """Return a sentence per failed finding that a person confirmed as printed, with reason, evidence and name."""
    return [
        say(
            "answer.confirmed", lang, sentence=sentence(finding, form_code, lang), reason=finding["reason"],
            evidence=finding["evidence"], who=finding["decided_by"],
        )
        for finding in findings
        if finding["status"] == "fail" and finding.get("answer") == "confirmed"
    ]  # fmt: skip


def answer_mark(finding: Mapping[str, Any], lang: str) -> str:
    """Return what a person said about a finding, in brackets; '' for a finding without an answer."""
    answer = finding.get("answer")
    if answer is None:
        return ""
    return say(f"answer.mark.{answer}", lang, reason=finding["reason"], who=finding["decided_by"])


def proposal_sentence(
    group: Sequence[Mapping[str, Any]],
    form_code: str | None,
    lang: str,
    failed: Mapping[str, Mapping[str, Any]] | None = None,
    places: Mapping[str, str] = NO_PLACES,
) -> str:
    """Return the sentence for the proposals of one group, rows of table `proposals` with the same anchor.

    `failed` are the failed findings by `identity@place`; the sentence then names both sides of each. `places` are those
    of the cells in a workbook, `表三!D8`.
    """
    form = get_form(form_code or "")
    first = group[0]
    rules = _broken_rules(first["identities"], form, lang, failed or {})
    mark = _group_mark(first["identities"], failed or {}, lang)
    code = f"proposal.{first['level']}"
    if first["level"] == "unresolved":
        where = label(first["cell"].partition("/")[0], form_code, lang)
        told = alternatives_sentence(first["alternatives"], Wording(form, lang, places))
        count = len(first["identities"])
        return say(code, lang, table=where, count=count, rules=rules, alternatives=told) + mark
    changes = _changes(group, form, lang)
    return say(code, lang, changes=changes, slip=_slips(group, lang), rules=rules) + mark


def _group_mark(identities: Iterable[str], failed: Mapping[str, Mapping[str, Any]], lang: str) -> str:
    """Return the mark of the first broken rule that a person returned to the body, or whose answer is stale."""
    answers = (failed[name] for name in identities if name in failed)
    marks = (answer_mark(finding, lang) for finding in answers if finding.get("answer") in ("returned", "stale"))
    return next(marks, "")


def _slips(group: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Return what made the numbers of a group wrong; totals computed from a wrong number come last."""
    operations = dict.fromkeys(sorted((p["operation"] for p in group), key=lambda name: name == "recomputed"))
    return separator(lang).join(say(f"slip.{operation}", lang) for operation in operations)


def _broken_rules(names: Sequence[str], form: Form, lang: str, failed: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the broken rules, named `identity@place`, with row or column and both sides where the finding is known."""
    rules = list(dict.fromkeys(_broken_rule(name, form, lang, failed) for name in names))
    more = say("proposal.more_rules", lang, count=len(rules)) if len(rules) > MAX_RULES else ""
    return separator(lang).join(rules[:MAX_RULES]) + more


def _broken_rule(name: str, form: Form, lang: str, failed: Mapping[str, Mapping[str, Any]]) -> str:
    identity_id, _, place = name.partition("@")
    rule, finding = rule_wording(identity_id, form.code, lang), failed.get(name)
    sides = rule if finding is None else sides_wording(rule, finding, form.code, lang)
    each = next((identity.each for identity in form.identities if identity.id == identity_id), "")
    if each == "row":
        return say("proposal.row_sides", lang, row=row_name(form, place, lang), sides=sides)
    if each == "column":
        return say("proposal.column_sides", lang, column=column_name(form, place, lang), sides=sides)
    return sides


def _changes(group: Sequence[Mapping[str, Any]], form: Form, lang: str) -> str:
    """Return what each cell of the group prints and should print."""
    order = {address: i for i, address in enumerate(form.addresses())}
    group = sorted(group, key=lambda proposal: order[proposal["cell"]])
    if len(group) > 1 and len({proposal["cell"].rpartition("/")[0] for proposal in group}) == 1:
        return _row_changes(group, form, lang)
    return separator(lang).join(
        _change("proposal.change", proposal, lang, label=label(proposal["cell"], form.code, lang)) for proposal in group
    )


def _row_changes(group: Sequence[Mapping[str, Any]], form: Form, lang: str) -> str:
    """Return the changes of a group within one row: the row's label, then each column's."""
    table_code, row_code, _ = group[0]["cell"].split("/")
    table = form.tables[table_code]
    row, columns = table.rows[row_code], [table.columns[proposal["cell"].split("/")[2]] for proposal in group]
    changes = [
        _change("proposal.moved", proposal, lang, column=column.zh if lang == "zh" else column.en)
        for proposal, column in zip(group, columns, strict=True)
    ]
    return say("proposal.row", lang, row=row.zh if lang == "zh" else row.en, changes=separator(lang).join(changes))


def _change(code: str, proposal: Mapping[str, Any], lang: str, **labels: str) -> str:
    """Return one cell's change; `labels` fill the message's own placeholders."""
    printed = proposal["printed_text"] or say("proposal.blank", lang)
    return say(code, lang, was=printed, implied=number(proposal["implied"]), **labels)
