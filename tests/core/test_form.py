"""The forms: their cells and identities, the form of a year, and the faults that the loader refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.core.form import form_of, forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import FORMS


def copy_with_change(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """Copy the forms and replace the first occurrence of a text in one file; return the folder of the copy."""
    folder = tmp_path / "forms"
    shutil.copytree(FORMS, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_each_form_has_its_cells_and_identities() -> None:
    counts = {code: {table.code: len(table.cells) for table in form.printed_tables} for code, form in forms().items()}
    assert counts == {
        "2021-other": {"proactive": 10, "applications": 161, "review_litigation": 15},
        "prose": {},
        "2014": {"statistics": 58},
        "2019": {"proactive": 22, "applications": 161, "review_litigation": 15},
        "2021": {"proactive": 10, "applications": 175, "review_litigation": 15},
    }
    applications = [x for x in forms()["2021"].instances if x.identity.table == "applications"]
    assert len(applications) == 39  # 25 rows, 7 balances, 7 sums of outcomes


@pytest.mark.parametrize("name", ["sanmenxia-2019", "suqian-2023", "huaian-2024"])
def test_form_has_the_addresses_of_the_verified_figures(shared: Path, name: str) -> None:
    truth = json.loads((shared / "truth" / f"{name}.json").read_text(encoding="utf-8"))
    form = forms()[truth["form"]]
    assert set(form.addresses(form.printed_tables)) == set(truth["cells"])


@pytest.mark.parametrize(
    ("year", "code"), [(2014, "2014"), (2018, "2014"), (2019, "2019"), (2020, "2019"), (2031, "2021")]
)
def test_form_follows_from_the_year(year: int, code: str) -> None:
    assert form_of(year).code == code


def test_year_before_2014_has_no_form() -> None:
    with pytest.raises(ProjectFault, match="2013"):
        form_of(2013)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("2019.yaml", "    each: row\n", "    eahc: row\n", "unknown keys"),  # codespell:ignore eahc
        ("2019.yaml", "is: total = natural_person", "is: total = natural_persn", "natural_persn"),
        ("2019.yaml", "granted: {zh", "granted: {zh_label", "unknown keys"),
        ("2019.yaml", "is: new + carried_in = handled", "is: new + carried_in = new", "twice"),
        ("2019.yaml", "is: new + carried_in = handled + carried_out", "is: new + carried_in", "not an equation"),
        ("2019.yaml", "rows: [regulations, normative_documents]", "rows: [regulation]", "unknown table"),
        ("2019.yaml", "refused.*", "refsed.*", "refsed"),
        ("2019.yaml", "severity: error", "severity: fatal", "severity"),
        ("2019.yaml", "columns: [projects, amount]", "columns: [projects, amont]", "amont"),  # codespell:ignore amont
        ("2019.yaml", "columns: [projects, amount]", "columns: [projects]", "unused"),
        ("2019.yaml", "en: Disclosed in all, unit: 件", "en: Disclosed in all", "without a unit"),
        ("2019.yaml", "id: app.balance", "id: app.row_total", "twice"),
        ("2014.yaml", "within: review.total", "within: reviews.total", "reviews.total"),
        ("narrative.yaml", "layout: prose", "layout: prosa", "prosa"),
        ("2021-other.yaml", 'extends: "2021"', 'extends: "2020"', "no form 2020"),
        ("2021-other.yaml", "  applications:", "  application:", "unknown keys"),
        ("2021-other.yaml", "other.fee_unpaid", "other.fees_unpaid", "no block with the rows"),
        ("2021-other.yaml", "rows: [other.no_correction, other.fee_unpaid, other.other]", "rows: []", "no block"),
        ("2021-other.yaml", "rows: [", "row: [", "unknown keys"),
    ],
)
def test_loader_refuses_a_faulty_form(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    with pytest.raises(ProjectFault, match=message):
        forms(copy_with_change(tmp_path, name, old, new))


def test_loader_refuses_an_identity_that_repeats_another(tmp_path: Path) -> None:
    repeated = (
        "identities:\n  - {id: again, table: applications, each: column, is: handled + carried_out = new + carried_in,"
    )
    repeated += " severity: error, zh: x, en: x, source: x}\n"
    folder = copy_with_change(tmp_path, "2019.yaml", "identities:\n", repeated)
    with pytest.raises(ProjectFault, match="twice"):
        forms(folder)
