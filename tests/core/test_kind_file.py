"""Test that a kind of report is read from its files, and that anything unknown in them is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from support.kinds import KIND, PHRASES

from pipeline.core.kind import report_part
from pipeline.core.kind_file import parse_kind
from pipeline.core.kinds import get_form, parse_kinds
from pipeline.core.model import ANNUAL_REPORT, ProjectFault
from pipeline.registry.load import load_register


def files(changes: dict[str, object] | None = None) -> dict[str, str]:
    """Return the files of the made kind with some keys of its description replaced."""
    description = yaml.safe_dump(KIND | (changes or {}), allow_unicode=True, sort_keys=False)
    return {"kind.yaml": description, "phrases.csv": PHRASES}


def test_shipped_kinds_are_known_with_their_forms() -> None:
    kinds = load_register().kinds
    assert {"inspection", "website_annual", "website_supervision"} <= kinds.keys()
    assert [kinds[code].has_quarters for code in ("inspection", "website_annual")] == [True, False]
    for kind in kinds.values():
        assert kind.source
        assert get_form(kind.code).code == kind.code
        assert {ratio.rate for ratio in kind.ratios} <= set(kind.form.addresses())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"period": "month"}, "kind.period"),
        ({"colour": "red"}, "form.keys"),
        ({"titles": ["(培训"]}, "phrases.pattern"),
        ({"owed": {"levels": ["planet"], "first_year": 2020, "source": "x"}}, "kind.name"),
        ({"subject": "place"}, "kind.name"),
        ({"lasting": {"topic": "document"}}, "kind.name"),
        ({"entries": {"days": {"zh": "x", "en": "x", "columns": {"date": ["日期"]}, "needs": ["place"]}}}, "kind.name"),
    ],
)  # fmt: skip
def test_anything_unknown_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ProjectFault) as fault:
        parse_kind(files(changes), "training")
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("csv", "code"),
    [
        ({"labels": "code,spelling\nnothing,词\n"}, "kind.name"),
        ({"indicators": "row,measure,annual\nsessions,mean,\n"}, "kind.name"),
        ({"indicators": "row,measure\nsessions,flow\n"}, "kind.columns"),
    ],
)
def test_wrong_line_of_a_csv_file_is_refused(csv: dict[str, str], code: str) -> None:
    with pytest.raises(ProjectFault) as fault:
        parse_kind(files() | {f"{name}.csv": text for name, text in csv.items()}, "training")
    assert fault.value.code == code


@pytest.mark.parametrize("code", ["inspection", "2021", ANNUAL_REPORT])
def test_code_that_is_taken_is_refused(code: str) -> None:
    own = {f"/raw/kinds/{code}/{name}": text for name, text in files({"kind": code}).items()}
    shipped = {f"/kinds/inspection/{name}": text for name, text in files({"kind": "inspection"}).items()}
    with pytest.raises(ProjectFault, match=code):
        parse_kinds([shipped, own])


def test_table_of_another_form_is_refused(tmp_path: Path) -> None:
    tables = {"applications": KIND["tables"]["cost"]}  # type: ignore[index]
    described = files({"tables": tables, "identities": [], "ratios": []})
    with pytest.raises(ProjectFault):
        parse_kinds([{str(tmp_path / "training" / name): text for name, text in described.items()}])


def test_part_of_the_year_tells_reports_apart() -> None:
    assert report_part(ANNUAL_REPORT, 0, "") == ""
    assert report_part("inspection", 2, "") == "inspection-Q2"
    assert report_part("website_annual", 0, "4112000001") == "website_annual-4112000001"
