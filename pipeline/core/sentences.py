"""Findings in the words of the clerk: which cell, what does not hold, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.core.form import Form, forms
from pipeline.core.messages import say


def number(value: Decimal | int | float | None) -> str:
    """A number with thousands marks and no needless zeros; '?' where there is none."""
    if value is None:
        return "?"
    text = f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, (Decimal, float)) else f"{value:,}"
    return text or "0"


def label(at: str, form: str | None, lang: str) -> str:
    """A cell's address as printed labels with the address; a table by its title; anything else as it is."""
    known = forms().get(form or "")
    if known is None:
        return at
    if at in known.tables:
        return known.tables[at].zh if lang == "zh" else known.tables[at].en
    parts = [known.label(a, lang) for a in at.split("+") if _is_cell(a, known)]
    return f"{' + '.join(parts)} [{at}]" if parts else at


def sentence(finding: Mapping[str, Any], form: str | None, lang: str) -> str:
    """What a failed finding says. `finding` has the columns of the table of findings."""
    identity, where = finding["identity"], label(finding["place"], form, lang)
    if identity.split(".")[0] in ("extract", "source", "decision", "who"):
        return say(identity, lang, label=where, place=finding["place"], note=finding["note"])
    values = {name: number(finding[name]) for name in ("lhs", "rhs", "difference")}
    return say("identity.fail", lang, label=where, rule=_rule(identity, form, lang), **values)


def _rule(identity: str, form: str | None, lang: str) -> str:
    known = forms().get(form or "")
    for rule in known.identities if known else ():
        if rule.id == identity:
            return rule.zh if lang == "zh" else rule.en
    return say(f"check.{identity}", lang)


def _is_cell(address: str, form: Form) -> bool:
    parts = address.split("/")
    if len(parts) != 3 or parts[0] not in form.tables:
        return False
    table = form.tables[parts[0]]
    return parts[1] in table.rows and parts[2] in table.columns


def problems(
    proposals: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]], form: str | None, lang: str
) -> dict[str, list[str]]:
    """What is wrong with one report, a sentence each, by severity: first what proposals tell, then the failures that no
    proposal accounts for. One wrong cell is one sentence, however many identities it breaks.
    """
    told = {identity for p in proposals for identity in p["identities"]}
    failed = {f"{f['identity']}@{f['place']}": f for f in findings if f["status"] == "fail"}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for proposal in proposals:
        groups.setdefault(proposal["anchor"], []).append(proposal)
    culprits = [proposal_sentence(g, form, lang, failed) for g in groups.values()]
    found: dict[str, list[str]] = {"error": culprits, "warning": []}
    for name, f in failed.items():
        if name not in told:
            found[f["severity"]].append(sentence(f, form, lang))
    return found


def proposal_sentence(
    group: Sequence[Mapping[str, Any]],
    form: str | None,
    lang: str,
    failed: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """What the proposals of one group say; each has the columns of the table of proposals. `failed` are the findings by
    `identity@place`, for both sides of each.
    """
    first = group[0]
    rules = dict.fromkeys(_broken(identity, form, lang, failed or {}) for identity in first["identities"])
    listed = ("；" if lang == "zh" else "; ").join(rules)
    code = f"proposal.{first['level']}"
    if first["level"] == "unresolved":
        where = label(first["cell"], form, lang)
        return say(code, lang, label=where, rules=listed, alternatives=_alternatives(first, form, lang))
    changes = _changes(group, form, lang)
    return say(code, lang, changes=changes, slip=say(f"slip.{first['operation']}", lang), rules=listed)


def _broken(name: str, form: str | None, lang: str, failed: Mapping[str, Mapping[str, Any]]) -> str:
    rule, finding = _rule(name.partition("@")[0], form, lang), failed.get(name)
    if finding is None:
        return rule
    sides = {side: number(finding[side]) for side in ("lhs", "rhs", "difference")}
    return say("proposal.sides", lang, rule=rule, **sides)


def _changes(group: Sequence[Mapping[str, Any]], form: str | None, lang: str) -> str:
    """What each cell prints and should be; cells of one row under its label."""
    known = forms()[form or ""]
    order = {a: i for i, a in enumerate(known.addresses())}
    group = sorted(group, key=lambda p: order[p["cell"]])
    parts = [p["cell"].split("/") for p in group]
    table, row, _ = parts[0]
    comma = "；" if lang == "zh" else "; "
    if len(group) == 1 or any(p[:2] != [table, row] for p in parts):
        return comma.join(_change("proposal.change", p, lang, label=label(p["cell"], form, lang)) for p in group)
    labels = known.tables[table]
    columns = [labels.columns[p[2]] for p in parts]
    each = [
        _change("proposal.moved", p, lang, column=c.zh if lang == "zh" else c.en)
        for p, c in zip(group, columns, strict=True)
    ]
    name = labels.rows[row].zh if lang == "zh" else labels.rows[row].en
    return say("proposal.row", lang, row=name, changes=comma.join(each))


def _change(code: str, proposal: Mapping[str, Any], lang: str, **names: str) -> str:
    was = proposal["printed_text"] or say("proposal.blank", lang)
    return say(code, lang, was=was, implied=number(proposal["implied"]), **names)


def _alternatives(proposal: Mapping[str, Any], form: str | None, lang: str) -> str:
    """The ways to mend it, by labels."""
    told = []
    for alternative in proposal["alternatives"]:
        pairs = [change.split("=") for change in alternative.split("; ")]
        each = [say("proposal.alternative", lang, label=label(a, form, lang), implied=v) for a, v in pairs]
        told.append(say("proposal.and", lang).join(each))
    if not told:
        return say("proposal.nothing", lang)
    return say("proposal.alternatives", lang, list=say("proposal.or", lang).join(told))
