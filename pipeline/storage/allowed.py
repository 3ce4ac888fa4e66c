"""The allowed values of columns, as the data dictionary lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.core.form import Form, forms

APPLICANT_TABLE = "applications"  # its columns are the kinds of applicant


def allowed_values(line: Mapping[str, str]) -> list[str] | list[int] | None:
    """Return the values that a column may have besides null, or None if any value is allowed.

    `line` is a line of `columns.csv`. Its field `allowed` separates values by ` | `; `{forms}`, `{tables}` and
    `{applicants}` stand for the codes that the files of `forms/` define.
    """
    if not line["allowed"]:
        return None
    sets = _sets_from_forms(forms().values())
    values = [value for item in line["allowed"].split(" | ") for value in sets.get(item, [item])]
    return [int(value) for value in values] if line["type"].startswith("int") else values


def _sets_from_forms(known_forms: Iterable[Form]) -> dict[str, list[str]]:
    """Return the codes of all forms, of their printed tables, and of the kinds of applicant, without duplicates."""
    in_order = list(known_forms)
    tables = [table for form in in_order for table in form.printed_tables]
    applicants = [column for table in tables if table.code == APPLICANT_TABLE for column in table.columns]
    return {
        "{forms}": [form.code for form in in_order],
        "{tables}": list(dict.fromkeys(table.code for table in tables)),
        "{applicants}": list(dict.fromkeys(applicants)),
    }
