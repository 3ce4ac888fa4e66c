"""The text of an examination of edits, for `ogi edit --examine`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pipeline.core.form import Form, forms
from pipeline.core.messages import say
from pipeline.core.sentences import form_name
from pipeline.edit.cases import Outcome
from pipeline.edit.edits import EditSet
from pipeline.edit.examine import Consequence, Examination
from pipeline.edit.examine_cases import examine_case, examine_set, json_number
from pipeline.edit.implied import ImpliedEquality
from pipeline.edit.linear_edit import Edit, Number
from pipeline.edit.review import edit_name, form_edit_set

# Redundant edits of one variable that are listed; with more, they are only counted.
MAX_BOUNDS_LISTED = 5
# Edits that give the reason; with more, the others are only counted.
MAX_REASONS_LISTED = 12
Describe = Callable[[Edit], str]


@dataclass(frozen=True)
class Report:
    """An examination as JSON and as an object, with the words for its edits and variables."""

    title: str
    outcome: Outcome
    examination: Examination | None
    describe: Describe
    name_variable: Callable[[str], str]

    def lines(self, lang: str) -> Iterator[str]:
        """Yield the lines of the report; a kind of edit that was not found has no line."""
        size = {name: self.outcome.get(name, 0) for name in ("edits", "variables")}
        yield say("examine.title", lang, name=self.title, **size)
        if self.examination is None:
            code = "examine.refused" if self.outcome["status"] == "refused" else "examine.limit"
            yield "  " + say(code, lang, reason=self.outcome.get("error", ""))
            return
        yield from self._contradiction_lines(self.examination, lang)
        yield from self._edit_lines("examine.never_fail", self.examination.never_fail, lang)
        if not self.examination.contradictions:
            yield from self._redundant_lines(self.examination.redundant, lang)
            yield from self._consequence_lines("examine.impossible", self.examination.impossible, lang)
            yield from self._consequence_lines("examine.equalities", self.examination.equalities, lang)
            yield from self._value_lines(self.examination, lang)
        if unused := [self.name_variable(v) for v in self.examination.unused]:
            yield "  " + say("examine.unused", lang, count=len(unused))
            yield from (f"    {name}" for name in unused)

    def _contradiction_lines(self, examination: Examination, lang: str) -> Iterator[str]:
        if not examination.contradictions:
            yield "  " + say("examine.consistent", lang)
        for edits in examination.contradictions:
            yield from self._edit_lines("examine.contradiction", edits, lang)

    def _edit_lines(self, code: str, edits: Sequence[Edit], lang: str) -> Iterator[str]:
        if edits:
            yield "  " + say(code, lang, count=len(edits))
            yield from (f"    {self.describe(e)}" for e in edits)

    def _redundant_lines(self, redundant: Sequence[Consequence], lang: str) -> Iterator[str]:
        """Yield the redundant edits; many edits of one variable each are only counted."""
        bounds = [c for c in redundant if len(c.edit.coef) == 1]
        listed = redundant if len(bounds) <= MAX_BOUNDS_LISTED else [c for c in redundant if len(c.edit.coef) > 1]
        yield from self._consequence_lines("examine.redundant", listed, lang)
        if len(bounds) > MAX_BOUNDS_LISTED:
            yield "  " + say("examine.bounds", lang, count=len(bounds))

    def _consequence_lines(self, code: str, consequences: Sequence[Consequence], lang: str) -> Iterator[str]:
        if consequences:
            yield "  " + say(code, lang, count=len(consequences))
        for consequence in consequences:
            yield f"    {self.describe(consequence.edit)}"
            yield "      " + say("examine.because", lang, count=len(consequence.edits))
            yield from (f"        {self.describe(e)}" for e in consequence.edits[:MAX_REASONS_LISTED])
            if (left_out := len(consequence.edits) - MAX_REASONS_LISTED) > 0:
                yield "        " + say("examine.more", lang, count=left_out)

    def _value_lines(self, examination: Examination, lang: str) -> Iterator[str]:
        """Yield the variables with one value, and the implied equalities."""
        if examination.fixed:
            yield "  " + say("examine.fixed", lang, count=len(examination.fixed))
            yield from (f"    {self.name_variable(v)} = {_number_text(x)}" for v, x in examination.fixed.items())
        if examination.implied:
            yield "  " + say("examine.implied", lang, count=len(examination.implied))
            yield from (f"    {self._implied_text(implied, lang)}" for implied in examination.implied)

    def _implied_text(self, implied: ImpliedEquality, lang: str) -> str:
        """Return an implied equality, with the edits that give it where they are two."""
        named = {self.name_variable(v): c for v, c in implied.coef.items()}
        text = f"{sum_text(named)} == {_number_text(implied.rhs)}"
        return say("examine.from", lang, text=text, edits=", ".join(implied.edits)) if implied.edits else text


def examine_forms(codes: Sequence[str], lang: str) -> list[Report]:
    """Return the reports of the edits of some forms."""
    reports = []
    for code in codes:
        form, edit_set = forms()[code], form_edit_set(code)
        every_cell = EditSet(form.addresses(), edit_set.edits, edit_set.decimal_places)
        outcome, examination = examine_set(code, every_cell)
        texts = edit_texts(form, lang)
        reports.append(
            Report(
                form_name(code, lang),
                outcome,
                examination,
                lambda e, texts=texts: texts[e.name],  # type: ignore[misc]
                lambda v, form=form: form.label(v, lang),  # type: ignore[misc]
            )
        )
    return reports


def edit_texts(form: Form, lang: str) -> dict[str, str]:
    """Return the wording of each edit of a form with its place, by the edit's name."""
    texts = {f"{a} >= 0": say("examine.not_negative", lang, label=form.label(a, lang)) for a in form.addresses()}
    for instance in form.instances:
        wording = instance.identity.zh if lang == "zh" else instance.identity.en
        texts[edit_name(instance)] = say("examine.rule", lang, rule=wording, label=form.label(instance.place, lang))
    return texts


def examine_cases(cases: Sequence[Any]) -> list[Report]:
    """Return the reports of sets of edits from JSON."""
    results = [examine_case(case) for case in cases]
    return [
        Report(str(outcome["name"] or number), outcome, examination, edit_text, str)
        for number, (outcome, examination) in enumerate(results, start=1)
    ]


def edit_text(edit: Edit) -> str:
    """Return an edit as a formula: `e1: a + 2 b <= 5`."""
    return f"{edit.name}: {sum_text(edit.coef)} {edit.op} {_number_text(edit.rhs)}"


def sum_text(coef: Mapping[str, Number] | Mapping[str, Fraction]) -> str:
    """Return a sum as text: `a - 2 b`; `0` without variables."""
    numbers = {v: Fraction(c) for v, c in coef.items()}
    factors = {v: "" if abs(c) == 1 else f"{_number_text(abs(c))} " for v, c in numbers.items()}
    text = " ".join(f"{'-' if c < 0 else '+'} {factors[v]}{v}" for v, c in numbers.items())
    return text.removeprefix("+ ") or "0"


def _number_text(number: Number | Fraction) -> str:
    """Return a number as a decimal, or as a fraction where no decimal is exact."""
    exact = json_number(Fraction(number))
    return exact if isinstance(exact, str) else f"{exact:f}"
