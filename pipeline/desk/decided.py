"""The decisions on a city, its members and a year in words, for the list in 核对."""

from __future__ import annotations

from pipeline.core.decisions import Decision, read_decisions, split_part
from pipeline.core.form import forms
from pipeline.core.kind import split_report_part
from pipeline.core.kinds import find_form
from pipeline.core.report_names import report_name
from pipeline.core.sentences import finding_title, label, number
from pipeline.desk.pages import Place
from pipeline.job.plan import decisions_file
from pipeline.registry.bodies import Body


def list_decisions(place: Place) -> list[tuple[str, str, Decision]]:
    """Return the decisions on the members and year: the name of the report, what was decided, and the decision."""
    _ = place.register.kinds  # the texts need the forms of the kinds that the office describes
    path = decisions_file(place.data)
    found = [d for d in read_decisions(path) if d.year == place.year] if path.is_file() else []
    bodies = place.register.bodies
    own = [(bodies[d.body_id], d) for d in found if d.body_id in bodies]
    return [
        (_report(body, decision, place.lang), _decided(decision, place), decision)
        for body, decision in own
        if place.city_id in (body.body_id, body.parent)
    ]


def _report(body: Body, decision: Decision, lang: str) -> str:
    """Return the body of an annual report, and the name of another report; its part if nobody describes the kind."""
    part, _ = split_part(decision.cell)
    kind, quarter, subject = split_report_part(part)
    if not part or find_form(kind) is None:
        return " ".join(text for text in (body.name, part) if text)
    facts = {"body": body.name, "year": decision.year, "kind": kind, "quarter": quarter, "subject": subject}
    return report_name(facts, lang)


def _decided(decision: Decision, place: Place) -> str:
    part, cell = split_part(decision.cell)
    annual = next((code for code, form in forms().items() if form.covers(place.year)), None)
    form = split_report_part(part)[0] if part else annual
    title = finding_title(cell, form, place.lang) if decision.is_answer else label(cell, form, place.lang)
    return f"{title}：{place.say(f'decide.{decision.operation}', now=number(decision.decided_value))}"
