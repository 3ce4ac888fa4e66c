"""The statutory forms, read from `forms/*.yaml`: one file per form, and one file of prose figures for all forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipeline.core.form_file import load_form, load_prose_tables
from pipeline.core.form_parts import Block, Form, Label, Table
from pipeline.core.model import ProjectFault
from pipeline.core.paths import FORMS

__all__ = [
    "Block", "Form", "Label", "Table", "are_tables_due", "form_of", "form_without_tables", "forms",
]  # fmt: skip
PROSE_FILE = "narrative.yaml"


@cache
def forms(folder: Path = FORMS) -> Mapping[str, Form]:
    """Return the forms of a folder by code, in order of their years; each applies until the next one begins.

    Forms that no year prescribes come first, so that the last form is the current one. Raises ProjectFault, with file
    and key, for anything unknown and for two forms of one year.
    """
    prose = load_prose_tables(folder / PROSE_FILE)
    files = sorted(path for path in folder.glob("*.yaml") if path.name != PROSE_FILE)
    ordered = sorted((load_form(path, prose) for path in files), key=lambda form: form.first_year or 0)
    years = [form.first_year for form in ordered if form.first_year is not None]
    if len(set(years)) != len(years):
        raise ProjectFault("form.same_year", years=", ".join(map(str, years)))
    last_years = dict(zip(years, (*(year - 1 for year in years[1:]), None), strict=True))
    return {form.code: replace(form, last_year=last_years.get(form.first_year or 0)) for form in ordered}


def form_of(year: int) -> Form:
    """Return the form prescribed for a report year. Raises ProjectFault for a year before the first form."""
    for form in forms().values():
        if form.covers(year):
            return form
    raise ProjectFault("form.none", year=year)


def form_without_tables() -> Form:
    """Return the form of reports without statutory tables."""
    return next(form for form in forms().values() if not form.printed_tables)


def are_tables_due(year: int) -> bool:
    """Return whether a form is prescribed for a report year: its reports must have statutory tables."""
    return any(form.covers(year) for form in forms().values())
