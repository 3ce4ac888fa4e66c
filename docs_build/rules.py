"""The page of all rules: the identities of the forms, the checks between reports, findings of reading, quarantine."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from docs_build.finding_examples import check_examples, edit_example
from docs_build.markdown import code, first_comment, page, table, text
from docs_build.reader_findings import READER_FINDINGS, example_sentence
from pipeline.core.form import Form, forms
from pipeline.core.identity import Identity
from pipeline.core.messages import LANGUAGES, say
from pipeline.core.paths import MESSAGES, SQL
from pipeline.rollup.models import checks_with_sources

LEAD = """Every rule that a report is tested on. The code is the column `identity` of the table `findings`. An
error makes the command end with exit code 1, a warning does not. A rule is unknown, not failed, where a cell that it
needs has no value.

An example marked *shipped* is a finding of the shipped data. An example marked *simulated* has one number changed, or
invented places and notes."""
EDITS = """## Edits of the forms

An edit is printed on the form. It is an entry under `identities` of `pipeline/forms/<form>.yaml`. Edits of one form are
tested exactly, and located errors come from them. [Forms and cells](forms.md) lists the addresses.
"""
CHECKS = """## Checks between years, bodies and prose

A check is one SELECT in `sql/checks`. It is tested when reports are rolled up, and by `ogi check`.
"""
READING = """## Findings of reading, registration and decisions

These findings need no arithmetic. The reader, the comparison with `data/raw/manifest.csv`, or the decisions make them.
"""
QUARANTINE = """## Reasons for quarantine

A report with one of these faults is not loaded. The code is the column `reason_code` of the table `reports`.
"""
QUARANTINE_GROUPS = ("read", "manifest", "register", "report")
ELLIPSES = dict.fromkeys(("label", "place", "note", "form", "cells", "unit"), "…")
NO_TABLE = "extract.no_table"


def rules_page() -> str:
    """Return the page."""
    sections = [EDITS]
    for form in (form for form in forms().values() if form.identities and not form.extends):
        sections.append(f"### Form {form.code}\n")
        sections += [section for identity in form.identities for section in _edit_sections(form, identity)]
    checks = [_check_sections(m.name, m.identity) for m in checks_with_sources() if m.folder == "checks"]
    sections += [CHECKS, *(section for check in sorted(checks) for section in check)]
    sections += [READING, _reader_findings(), QUARANTINE, _quarantine_reasons()]
    return page("Rules", LEAD, sections)


def _edit_sections(form: Form, identity: Identity) -> Iterator[str]:
    equation = f"{' + '.join(identity.left)} {identity.relation} {' + '.join(identity.right)}"
    count = sum(instance.identity is identity for instance in form.instances)
    places = "1 place" if count == 1 else f"{count} places"
    lines = f", per {identity.each} of {code(identity.table)}" if identity.each else ""
    rows = f" ({', '.join(map(code, identity.rows))})" if identity.rows else ""
    zh, en = edit_example(form, identity.id)
    yield f"#### {identity.id}, form {form.code}\n"
    yield f"Severity *{identity.severity}*. {code(equation)}{lines}{rows}, at {places}.\n"
    yield f"Source: {text(identity.source)}.\n"
    yield _sentences(identity.zh, identity.en, "simulated", zh, en)


def _check_sections(name: str, identity: str) -> list[str]:
    is_shipped, zh, en = check_examples()[identity]
    heading = f"### {identity}\n"
    comment = text(first_comment(SQL / "checks" / f"{name}.sql"))
    summary = f"Severity *warning*. `sql/checks/{name}.sql`: {comment}\n"
    wording = f"check.{identity}"
    origin = "shipped" if is_shipped else "simulated"
    return [heading, summary, _sentences(say(wording, "zh"), say(wording, "en"), origin, zh, en)]


def _sentences(zh: str, en: str, origin: str, zh_example: str, en_example: str) -> str:
    examples = f"- Example, *{origin}*: {text(zh_example)}\n- The same in English: {text(en_example)}\n"
    return f"- {text(zh)}\n- {text(en)}\n{examples}"


def _reader_findings() -> str:
    rows = [
        (code(name), severity, *(text(say(name, lang, **ELLIPSES)) for lang in LANGUAGES),
         *(text(example_sentence(name, lang)) for lang in LANGUAGES))
        for name, (severity, _, _) in READER_FINDINGS.items()
    ]  # fmt: skip
    return table(("code", "severity", "中文", "English", "示例（模拟）", "example (simulated)"), rows)


def _quarantine_reasons() -> str:
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        lines = [
            line
            for line in csv.DictReader(file)
            if line["code"].partition(".")[0] in QUARANTINE_GROUPS or line["code"] == NO_TABLE
        ]
    rows = [(code(line["code"]), text(line["zh"]), text(line["en"])) for line in lines]
    return table(("code", "中文", "English"), rows)
