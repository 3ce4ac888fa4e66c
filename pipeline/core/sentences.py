"""Sentences for the clerk about findings and proposals: which cell, which edit fails, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.core.form import Form, forms
from pipeline.core.messages import say
from pipeline.core.places import place_name
from pipeline.core.soft_findings import SOFT_EDITS, soft_message

# The checks that a report which repeats the one of the year before fails as well.
CONTINUATIONS = frozenset(("year.carry", "year.in_force", "year.items"))


def number(value: Decimal | int | float | None) -> str:
    """Return a number with thousands separators and without trailing zeros; '?' for None."""
    if value is None:
        return "?"
    text = f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, (Decimal, float)) else f"{value:,}"
    return text or "0"


def label(place: str, form_code: str | None, lang: str) -> str:
    """Return the labels and addresses of the cells in `place`, a table's title, or else the place itself.

    `place` is as in `findings.place`: addresses joined by `+`, a table's code, or text.
    """
    form = forms().get(form_code or "")
    if form and place in form.tables:
        return form.tables[place].zh if lang == "zh" else form.tables[place].en
    parts = [form.label(address, lang) for address in place.split("+") if form and _is_cell(address, form)]
    return f"{' + '.join(parts)} [{place}]" if parts else place_name(place, lang)


def form_name(form_code: str, lang: str) -> str:
    """Return the name of a form in a sentence: that of its first year, or else its own."""
    form = forms()[form_code]
    if not form.is_prescribed:
        return form.zh if lang == "zh" else form.en
    return say("form.of", lang, form=form_code)


def sentence(finding: Mapping[str, Any], form_code: str | None, lang: str) -> str:
    """Return the sentence for a failed finding, a row of table `findings`."""
    identity, where = finding["identity"], label(finding["place"], form_code, lang)
    if identity.split(".")[0] in ("extract", "source", "decision", "who"):
        form = form_name(finding["note"], lang) if finding["note"] in forms() else ""
        count = len(finding.get("cells") or ())
        return say(identity, lang, label=where, place=where, note=finding["note"], form=form, count=count)
    if identity in SOFT_EDITS:
        code, numbers = soft_message(finding)
        return say(code, lang, label=where, **{k: v if isinstance(v, str) else number(v) for k, v in numbers.items()})
    if finding["lhs"] is None and finding["rhs"] is None:
        return say("identity.note", lang, label=where, rule=_rule(identity, form_code, lang), note=finding["note"])
    values = {name: number(finding[name]) for name in ("lhs", "rhs", "difference")}
    return say("identity.fail", lang, label=where, rule=_rule(identity, form_code, lang), **values)


def _rule(identity_id: str, form_code: str | None, lang: str) -> str:
    """Return the wording of an identity of the form, or of a check of the same name."""
    form = forms().get(form_code or "")
    for identity in form.identities if form else ():
        if identity.id == identity_id:
            return identity.zh if lang == "zh" else identity.en
    return say(f"check.{identity_id}", lang)


def _is_cell(address: str, form: Form) -> bool:
    parts = address.split("/")
    if len(parts) != 3 or parts[0] not in form.tables:
        return False
    table = form.tables[parts[0]]
    return parts[1] in table.rows and parts[2] in table.columns


def problems(
    proposals: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]], form_code: str | None, lang: str
) -> dict[str, list[str]]:
    """Return the sentences about one report by severity: its proposals, then the failed findings without a proposal.

    One wrong cell is one sentence, however many identities it breaks. A report that repeats the one of the year before
    does not continue it either; that is one sentence too.
    """
    explained = {identity for proposal in proposals for identity in proposal["identities"]}
    failed = {
        f"{finding['identity']}@{finding['place']}": finding for finding in findings if finding["status"] == "fail"
    }
    if any(finding["identity"] == "report.repeated_year" for finding in failed.values()):
        failed = {name: finding for name, finding in failed.items() if finding["identity"] not in CONTINUATIONS}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for proposal in proposals:
        groups.setdefault(proposal["anchor"], []).append(proposal)
    errors = [proposal_sentence(group, form_code, lang, failed) for group in groups.values()]
    sentences: dict[str, list[str]] = {"error": errors, "warning": []}
    for name, finding in failed.items():
        if name not in explained:
            sentences[finding["severity"]].append(sentence(finding, form_code, lang))
    return sentences


def proposal_sentence(
    group: Sequence[Mapping[str, Any]],
    form_code: str | None,
    lang: str,
    failed: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """Return the sentence for the proposals of one group, rows of table `proposals` with the same anchor.

    `failed` are the failed findings by `identity@place`; the sentence then names both sides of each.
    """
    first = group[0]
    broken = dict.fromkeys(_broken_rule(identity, form_code, lang, failed or {}) for identity in first["identities"])
    rules = _separator(lang).join(broken)
    code = f"proposal.{first['level']}"
    if first["level"] == "unresolved":
        where = label(first["cell"], form_code, lang)
        return say(code, lang, label=where, rules=rules, alternatives=_alternatives(first, form_code, lang))
    changes = _changes(group, forms()[form_code or ""], lang)
    return say(code, lang, changes=changes, slip=say(f"slip.{first['operation']}", lang), rules=rules)


def _separator(lang: str) -> str:
    """Return the separator of the parts of a sentence."""
    return "；" if lang == "zh" else "; "


def _broken_rule(name: str, form_code: str | None, lang: str, failed: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the wording of a broken rule, named `identity@place`, with its two sides if its finding is known."""
    rule, finding = _rule(name.partition("@")[0], form_code, lang), failed.get(name)
    if finding is None:
        return rule
    sides = {side: number(finding[side]) for side in ("lhs", "rhs", "difference")}
    return say("proposal.sides", lang, rule=rule, **sides)


def _changes(group: Sequence[Mapping[str, Any]], form: Form, lang: str) -> str:
    """Return what each cell of the group prints and should print."""
    order = {address: i for i, address in enumerate(form.addresses())}
    group = sorted(group, key=lambda proposal: order[proposal["cell"]])
    if len(group) > 1 and len({proposal["cell"].rpartition("/")[0] for proposal in group}) == 1:
        return _row_changes(group, form, lang)
    return _separator(lang).join(
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
    return say("proposal.row", lang, row=row.zh if lang == "zh" else row.en, changes=_separator(lang).join(changes))


def _change(code: str, proposal: Mapping[str, Any], lang: str, **labels: str) -> str:
    """Return one cell's change; `labels` fill the message's own placeholders."""
    printed = proposal["printed_text"] or say("proposal.blank", lang)
    return say(code, lang, was=printed, implied=number(proposal["implied"]), **labels)


def _alternatives(proposal: Mapping[str, Any], form_code: str | None, lang: str) -> str:
    """Return a sentence with the possible corrections of an unresolved proposal, or the advice to check its cells."""
    options = []
    for alternative in proposal["alternatives"]:
        changes = [change.split("=") for change in alternative.split("; ")]
        parts = [
            say("proposal.alternative", lang, label=label(address, form_code, lang), implied=value)
            for address, value in changes
        ]
        options.append(say("proposal.and", lang).join(parts))
    if not options:
        return say("proposal.nothing", lang)
    return say("proposal.alternatives", lang, list=say("proposal.or", lang).join(options))
