"""Sentences for the clerk about findings: which cell, which edit fails, what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.core.form import Form, forms
from pipeline.core.messages import say
from pipeline.core.places import place_name
from pipeline.core.soft_findings import SOFT_EDITS, soft_message

# Findings of these kinds have their own message; the others have a rule with a name.
WITHOUT_EQUATION = ("extract", "source", "decision", "who", "formula")


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


_ADDRESSES = re.compile(r" ?\[[a-z_]+/[^\]\[]*\]")
_IN_WORKBOOK = re.compile(r"[^\s+\]]+!\$?[A-Z]{1,3}\d+")


def without_addresses(text: str) -> str:
    """Return a sentence without the addresses behind its labels, for people who know the form and not its codes.

    The address in a workbook, which a person can go to, is kept in brackets.
    """

    def keep_places(match: re.Match[str]) -> str:
        places = _IN_WORKBOOK.findall(match[0])
        return f"（{'、'.join(places)}）" if places else ""

    return _ADDRESSES.sub(keep_places, text)


def form_name(form_code: str, lang: str) -> str:
    """Return the name of a form in a sentence: that of its first year, or else its own."""
    form = forms()[form_code]
    if not form.is_prescribed:
        return form.zh if lang == "zh" else form.en
    return say("form.of", lang, form=form_code)


def sentence(finding: Mapping[str, Any], form_code: str | None, lang: str) -> str:
    """Return the sentence for a failed finding, a row of table `findings`."""
    identity, where = finding["identity"], label(finding["place"], form_code, lang)
    if identity.startswith("answer."):
        return say(identity, lang, label=finding_title(finding["place"], form_code, lang), note=finding["note"])
    if identity.split(".")[0] in WITHOUT_EQUATION:
        form = form_name(finding["note"], lang) if finding["note"] in forms() else ""
        count = len(finding.get("cells") or ())
        return say(identity, lang, label=where, place=where, note=finding["note"], form=form, count=count)
    if identity in SOFT_EDITS:
        code, numbers = soft_message(finding)
        return say(code, lang, label=where, **{k: v if isinstance(v, str) else number(v) for k, v in numbers.items()})
    if finding["lhs"] is None and finding["rhs"] is None:
        return say(
            "identity.note", lang, label=where, rule=rule_wording(identity, form_code, lang), note=finding["note"]
        )
    values = {name: number(finding[name]) for name in ("lhs", "rhs", "difference")}
    return say("identity.fail", lang, label=where, rule=rule_wording(identity, form_code, lang), **values)


def finding_title(name: str, form_code: str | None, lang: str) -> str:
    """Return the place of a finding, and its rule if the rule has a name. `name` is `identity@place`."""
    identity, _, place = name.partition("@")
    where = label(place, form_code, lang)
    if identity.split(".")[0] in WITHOUT_EQUATION:
        return where
    return say("identity.title", lang, label=where, rule=rule_wording(identity, form_code, lang))


def rule_wording(identity_id: str, form_code: str | None, lang: str) -> str:
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


def separator(lang: str) -> str:
    """Return the separator of the parts of a sentence."""
    return "；" if lang == "zh" else "; "
