"""The page of the statutory forms and their cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docs_build.markdown import code, page, table, text
from pipeline.core.form import Form, Table, forms

LEAD = """The cells of each form, from `pipeline/forms/*.yaml`. The address of a cell is `table/row/column`. Code,
Parquet, SQL and JSON use these codes. [Rules](rules.md) lists the identities of each form."""
HEAD = ("address", "标签", "label", "unit")


def forms_page() -> str:
    """Return the page: one row per cell, by form and table; the table of the prose, which all forms share, once."""
    sections = [section for form in forms().values() for section in _form_sections(form)]
    prose = next(t for form in forms().values() for t in form.tables.values() if t.layout == "prose")
    return page(
        "Forms and cells", LEAD, [*sections, "## All forms: figures of the prose\n", _cells(prose, prose.cells)]
    )


def _form_sections(form: Form) -> Iterator[str]:
    yield f"## Form {form.code}\n"
    yield f"{text(form.zh)}; {text(form.en)}. {_report_years(form)}. Source: {text(form.source)}.\n"
    for printed in form.printed_tables:
        own_cells = _own_cells(form, printed)
        if own_cells:
            yield f"### {form.code}: {text(printed.zh)}\n"
            yield f"{code(printed.code)}: {text(printed.en)}, {len(printed.cells)} cells.{_shared(form)}\n"
            yield _cells(printed, own_cells)


def _own_cells(form: Form, printed: Table) -> tuple[tuple[str, str], ...]:
    """Return the cells of a table that the form which this one extends lacks; all of them if it extends none."""
    shared = forms()[form.extends].tables[printed.code].cells if form.extends else ()
    return tuple(cell for cell in printed.cells if cell not in shared)


def _shared(form: Form) -> str:
    return f" The others are those of form {form.extends}." if form.extends else ""


def _report_years(form: Form) -> str:
    """Return the report years for which a form is prescribed."""
    if not form.is_prescribed:
        return "No report year prescribes it"
    return (
        f"Report years {form.first_year} to {form.last_year}"
        if form.last_year
        else f"Report years {form.first_year} and later"
    )


def _cells(form_table: Table, cells: Sequence[tuple[str, str]]) -> str:
    rows = []
    for row, column in cells:
        labels = (form_table.rows[row], form_table.columns[column])
        zh, en = (text(" · ".join(getattr(label, lang) for label in labels)) for lang in ("zh", "en"))
        rows.append((code(f"{form_table.code}/{row}/{column}"), zh, en, text(form_table.units[row, column])))
    return table(HEAD, rows)
