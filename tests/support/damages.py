"""Documents with one fault that a page shows to a person: a struck number, a hidden row, the table of another year.

Each has the truth for every cell of the form: the number that a person reads, or None where the document prints none
for this cell, body and year. `benchmarks/accuracy.py` counts a number that ogi reads in the place of None as invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from pipeline.core.form import forms
from pipeline.core.model import Extraction
from pipeline.simulate.render import render_html_table
from support.mutations import as_html, as_text
from support.offices import shipped
from support.table_changes import Tables, tables_of

Truth = Mapping[str, Decimal | None]
ADDRESS = "applications/granted/natural_person"
MARK = "\ue000"  # in the place of the damaged number until its tags are inserted
OTHER_REPORT = "2024/321300.html"  # the second report in a file


def damaged_documents(report: Extraction) -> Iterator[tuple[str, bytes, Truth]]:
    """Yield name, content and truth of each damaged document of a report."""
    texts = {c.address: c.raw for c in report.cells}
    truth = {c.address: c.value for c in report.cells}
    number = texts[ADDRESS]
    for name, damaged in MARKED_NUMBERS.items():
        content = _page(report, {**texts, ADDRESS: MARK}).replace(MARK, damaged(number))
        yield name, content.encode(), truth
    yield "hidden row", _hide_row(_page(report, texts)).encode(), truth
    page = _page(report, texts)
    yield "other unit in the line above", page.replace("<table>", "<p>单位：元</p><table>", 1).encode(), truth
    yield "second report in the file", (page + _page(other := shipped(OTHER_REPORT), _texts(other))).encode(), truth
    heading = f"<h2>{report.year}年收到和处理政府信息公开申请情况</h2>"
    last_year = page.replace(heading, heading.replace(str(report.year), str((report.year or 0) - 1)))
    assert last_year != page
    yield "table of last year", last_year.encode(), _without(truth, "applications/")
    yield from _changed_tables(report, texts, truth)


def _changed_tables(report: Extraction, texts: Mapping[str, str], truth: Truth) -> Iterator[tuple[str, bytes, Truth]]:
    """Yield the documents with changed tables, each as a web page and as text with tabs."""
    form = forms()[report.form]
    tables = tables_of(form, texts)
    labels = {row: label.zh for row, label in form.tables["applications"].rows.items()}
    new = labels["new"]
    changes: dict[str, tuple[Tables, Truth]] = {
        "blank template": (tables_of(form, dict.fromkeys(texts, "")), dict.fromkeys(truth)),
        "turned label": (_relabel(tables, new, new.replace("本年", "上年")), _without(truth, "applications/new/")),
        "label lost": (_relabel(tables, labels["not_processed.repeat"], ""), truth),
        "column left out": (
            _drop_column(tables, 7),
            {a: None if a.endswith("/legal_service") else v for a, v in truth.items()},
        ),
    }
    for name, (changed, known) in changes.items():
        for render in (as_html, as_text):
            yield name, render(changed), known


def _texts(report: Extraction) -> dict[str, str]:
    return {c.address: c.raw for c in report.cells}


def _page(report: Extraction, texts: Mapping[str, str]) -> str:
    """Return the report as a web page; each table has a heading, that of the applications with the year."""
    lines = [f"<h1>{report.body}{report.year}年政府信息公开工作年度报告</h1>"]
    for code, cells in tables_of(forms()[report.form], texts).items():
        title = re.sub(r"^\S、", "", forms()[report.form].tables[code].zh)
        lines.append(
            f"<h2>{report.year if code == 'applications' else ''}{'年' * (code == 'applications')}{title}</h2>"
        )
        lines += render_html_table(cells)
    return "<html><body>" + "\n".join(lines) + "</body></html>"


def _hide_row(page: str) -> str:
    """Put a hidden row with other numbers in front of the row of licences."""
    row = re.search(r"<tr><td[^>]*>行政许可</td>.*?</tr>", page)
    assert row
    hidden = re.sub(r">\d[\d,.]*<", ">987654<", row[0]).replace("<tr>", "<tr style='display:none'>")
    return page[: row.start()] + hidden + page[row.start() :]


def _relabel(tables: Tables, old: str, new: str) -> Tables:
    cells = [replace(c, text=new) if c.text == old else c for c in tables["applications"]]
    assert cells != tables["applications"]
    return {**tables, "applications": cells}


def _drop_column(tables: Tables, column: int) -> Tables:
    """Leave out a column of the applications, with its header."""
    cells = []
    for c in tables["applications"]:
        if c.column <= column < c.column + c.colspan:
            if c.colspan == 1:
                continue
            cells.append(replace(c, colspan=c.colspan - 1))
        else:
            cells.append(replace(c, column=c.column - 1) if c.column > column else c)
    return {**tables, "applications": cells}


def _without(truth: Truth, prefix: str) -> Truth:
    return {a: None if a.startswith(prefix) else v for a, v in truth.items()}


# How the page shows the number, by name of the fault. A person reads the number in each.
MARKED_NUMBERS: Mapping[str, Callable[[str], str]] = {
    "struck number before the number": lambda n: f"<s>35</s>{n}",
    "number struck by style": lambda n: f"<span style='text-decoration:line-through'>99</span>{n}",
    "raised note mark": lambda n: f"{n}<sup>1</sup>",
    "note mark in brackets": lambda n: f"{n}〔1〕",
    "hidden digits": lambda n: f"{n}<span style='display:none'>7</span>",
    "white digits": lambda n: f"<span style='color:#fff'>7</span>{n}",
    "line break within the number": lambda n: f"{n[:1]}<br>{n[1:]}",
    "number in two paragraphs": lambda n: f"<p>{n[:1]}</p><p>{n[1:]}</p>",
    "gap within the number": lambda n: f"{n[:1]}　{n[1:]}",
    "number in a form field": lambda n: f"<input value='{n}'>",
}
