"""Sentences for the clerk about findings: which cell, which edit fails, what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.core.cell_names import cells_name
from pipeline.core.form import Form, forms
from pipeline.core.kinds import find_form, get_form
from pipeline.core.messages import say
from pipeline.core.places import place_name
from pipeline.core.soft_findings import SOFT_EDITS, soft_message
from pipeline.core.units import MONEY

# Findings of these kinds have their own message; the others have a rule with a name.
WITHOUT_EQUATION = ("extract", "source", "decision", "who", "formula", "kind")
# Rules about the prose; the `note` of their findings is its sentence.
OF_PROSE = "narrative."


def number(value: Decimal | int | float | None) -> str:
    """Return a number with thousands separators and without trailing zeros; '?' for None."""
    if value is None:
        return "?"
    text = f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, (Decimal, float)) else f"{value:,}"
    return text or "0"


def label(place: str, form_code: str | None, lang: str) -> str:
    """Return the labels and addresses of the cells in `place`, a table's title, or else the place itself.

    `place` is as in `findings.place`: addresses joined by `+`, the code of a table, a list or an attribute, or text.
    """
    form = find_form(form_code)
    if named := (form.tables.get(place) or form.lists.get(place)) if form else None:
        return named.zh if lang == "zh" else named.en
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
    form = get_form(form_code)
    if not form.is_prescribed:
        return form.zh if lang == "zh" else form.en
    return say("form.of", lang, form=form_code)


def period_name(year: int | str, quarter: int | None, lang: str) -> str:
    """Return the name of a year, or of a quarter of it; a quarter of None or 0 is the whole year."""
    return say("period.quarter" if quarter else "period.year", lang, year=year, quarter=quarter)


def sentence(finding: Mapping[str, Any], form_code: str | None, lang: str) -> str:
    """Return the sentence for a failed finding, a row of table `findings`."""
    identity, where = finding["identity"], label(finding["place"], form_code, lang)
    if identity.startswith("answer."):
        return say(identity, lang, label=finding_title(finding["place"], form_code, lang), note=finding["note"])
    if identity.split(".")[0] in WITHOUT_EQUATION:
        return _reader_sentence(finding, where, form_code, lang)
    if identity in SOFT_EDITS:
        code, values = soft_message(finding)
        units = dict.fromkeys(("lhs", "rhs", "implied"), _unit(finding["place"], form_code))
        texts = {k: v if isinstance(v, str) else number(v) + units.get(k, "") for k, v in values.items()}
        return say(code, lang, label=where, **texts)
    if finding["lhs"] is None and finding["rhs"] is None:
        return say(
            "identity.note", lang, label=where, rule=rule_wording(identity, form_code, lang), note=finding["note"]
        )
    rule = rule_wording(identity, form_code, lang)
    is_quoted = finding["note"] and identity.startswith(OF_PROSE)
    quote = say("identity.quote", lang, text=finding["note"]) if is_quoted else ""
    sides = sides_wording(rule, finding, form_code, lang)
    return say("identity.fail", lang, label=where, rule=rule, sides=sides, quote=quote)


def _reader_sentence(finding: Mapping[str, Any], where: str, form_code: str | None, lang: str) -> str:
    """Return the sentence for a finding of the readers, whose `note` is what is printed."""
    identity, note = finding["identity"], finding["note"]
    code = f"{identity}.unstated" if identity.startswith("who.") and note == "?" else identity
    return say(
        code, lang, label=where, place=where,
        note=note.replace(" | ", say("cells.next", lang)),
        form=form_name(note, lang) if note in forms() else "",
        cells=_named_cells(finding, form_code, lang),
        unit=_printed_unit(finding["place"], form_code) or say("unit.of_the_form", lang),
    )  # fmt: skip


# The words between the two sides in the wording of a rule: 总计应等于各类结果之和.
_RELATION = {
    "zh": re.compile("应?(?:等于|不少于)"),
    "en": re.compile(" (?:should )?(?:equals?|is at least|is|are|sum to|reports?) "),
}


def sides_wording(rule: str, finding: Mapping[str, Any], form_code: str | None, lang: str) -> str:
    """Return both sides of a failed rule with their numbers, each by its name in the rule's wording."""
    unit = _unit(finding["place"], form_code)
    lhs, rhs = (number(finding[side]) + unit for side in ("lhs", "rhs"))
    difference = number(None if finding["difference"] is None else abs(finding["difference"]))
    difference = say("identity.points", lang, number=difference) if unit == "%" else difference + unit
    left, *right = _RELATION[lang].split(rule, maxsplit=1)
    if not right:
        code = "identity.prose" if finding.get("identity", "").startswith(OF_PROSE) else "identity.unequal"
        return say(code, lang, lhs=lhs, rhs=rhs, difference=difference)
    return say("identity.sides", lang, left=left, right=right[0], lhs=lhs, rhs=rhs, difference=difference)


def _unit(place: str, form_code: str | None) -> str:
    """Return the unit of a cell behind a number, where it is not a count: %, 万元. Otherwise ''."""
    unit = _printed_unit(place, form_code)
    return {"%": "%"}.get(unit, f" {unit}" if unit in MONEY else "")


def _printed_unit(place: str, form_code: str | None) -> str:
    """Return the unit of a cell, '' for another place."""
    form = find_form(form_code)
    if not form or not _is_cell(place, form):
        return ""
    table, row, column = place.split("/")
    return form.tables[table].units[row, column]


def _named_cells(finding: Mapping[str, Any], form_code: str | None, lang: str) -> str:
    """Return the names of the cells that a finding is about, if it is about cells of the report's form."""
    form = find_form(form_code)
    cells = finding.get("cells")
    cells = [address for address in (() if cells is None else cells) if form and _is_cell(address, form)]
    return cells_name(form, cells, lang) if form and cells else ""


def finding_title(name: str, form_code: str | None, lang: str) -> str:
    """Return the place of a finding, and its rule if the rule has a name. `name` is `identity@place`."""
    identity, _, place = name.partition("@")
    where = label(place, form_code, lang)
    if identity.split(".")[0] in WITHOUT_EQUATION:
        return where
    return say("identity.title", lang, label=where, rule=rule_wording(identity, form_code, lang))


def rule_wording(identity_id: str, form_code: str | None, lang: str) -> str:
    """Return the wording of an identity of the form, or of a check of the same name."""
    form = find_form(form_code)
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
