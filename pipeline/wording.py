"""Findings in the words of the clerk: which cell, what does not hold, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.form import Form, forms
from pipeline.messages import say


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
