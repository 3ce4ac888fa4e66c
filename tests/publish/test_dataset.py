"""Test `ogi.open`: queries as data frames, explanations, and where the data are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.project import ogi_here

import pipeline as ogi


def test_saved_query_takes_names_and_gives_numbers(built: Path) -> None:
    data = ogi.open(built / "data", lang="en")
    frame = data.query("headline", body="三门峡市", year=2019)
    applications = frame[frame["indicator"] == "New applications"].iloc[0]
    assert (applications["compiled"], applications["members_counted"]) == (265.0, 28)
    assert len(data.query("rates", rate="granted_share", year="2024", basis="reported")) == 3


def test_statement_takes_parameters_of_their_types(built: Path) -> None:
    sql = "SELECT $value + 1 AS next, count(*) AS bodies FROM bodies WHERE name = $name"
    frame = ogi.open(built / "data").query(sql, value=1, name="湖滨区人民政府")
    assert frame.to_dict("records") == [{"next": 2, "bodies": 1}]


@pytest.mark.parametrize(
    ("text", "parameters", "message"),
    [
        ("hedline", {}, "hedline"),
        ("headline", {"body": "三门峡县"}, "三门峡市人民政府"),
        ("headline", {"bodies": "x"}, "level"),
        ("DROP TABLE cells", {}, "只能查询"),
    ],
)
def test_unknown_name_and_statement_that_writes_are_refused(
    built: Path, text: str, parameters: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ogi.open(built / "data").query(text, **parameters)


def test_explanations_are_those_of_the_command(built: Path) -> None:
    data = ogi.open(built / "data")
    for asked in (("湖滨区", 2019, "applications.new"), ("2019/411202.html", "applications/new/total")):
        printed = ogi_here(built, "explain", *map(str, asked), "--lang", "zh").stdout
        assert repr(data.explain(*asked)) == printed
    with pytest.raises(ValueError, match="nobody"):
        data.explain("2019/411202.html", "applications/new/nobody")


def test_form_breaks_are_the_forms_that_began_within_the_data(built: Path) -> None:
    breaks = ogi.open(built / "data").form_breaks
    assert breaks.to_dict("records") == [{"year": 2019, "form": "2019"}, {"year": 2021, "form": "2021"}]


def test_data_are_found_above_the_working_directory(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OGI_DATA", raising=False)
    monkeypatch.chdir(built / "data" / "raw")
    assert len(ogi.open().query("quarantined")) == 0
    monkeypatch.setenv("OGI_DATA", str(built))
    with pytest.raises(FileNotFoundError):
        ogi.open()
