"""Test that a kind of report is read from its files, and that anything unknown in them is refused."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.kinds import KIND, PHRASES, describe_kind

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


def with_changed(path: str, value: object) -> dict[str, object]:
    """Return a copy of the made kind's description with another value at a path such as `tables/cost/unit`."""
    description = deepcopy(KIND)
    *keys, last = path.split("/")
    part: Any = description
    for key in keys:
        part = part[int(key)] if isinstance(part, list) else part[key]
    part[int(last) if isinstance(part, list) else last] = value
    return description


PROSE: dict[str, object] = {"defaults": {"topic": ""}, "contexts": [{"words": "培训", "sets": {"topic": "training"}}]}
RATE = dict(KIND["ratios"][0])  # type: ignore[index]
ENTRIES = {"days": {"zh": "x", "en": "x", "columns": {"date": ["日期"]}, "needs": ["date"]}}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("period", "month", "kind.period"),
        ("colour", "red", "form.keys"),
        ("titles", ["(培训"], "phrases.pattern"),
        ("titles", [".{0,3}"], "kind.any_text"),
        ("owed/levels", ["planet"], "kind.name"),
        ("subject", "place", "kind.name"),
        ("lasting", {"topic": "document"}, "kind.name"),
        ("entries", ENTRIES | {"days": ENTRIES["days"] | {"needs": ["place"]}}, "kind.name"),
        ("entries", ENTRIES | {"days": ENTRIES["days"] | {"needs": []}}, "kind.name"),
        ("contexts", [{"words": "培训", "sets": {"topic": "training"}}], "kind.name"),
        ("skipped_when", {"span": "other"}, "kind.name"),
        ("skipped", "x*", "kind.any_text"),
        ("skipped", "{checks}去年", "kind.name"),
        ("names", {"n": "[0-9]+"}, "kind.name"),
        ("identities/0/id", "training.pass_rate", "form.identity_twice"),
        ("ratios", [RATE, RATE | {"zh": "x"}], "form.identity_twice"),
        ("ratios/0/severity", "fatal", "kind.name"),
        ("ratios/0/table", "pupils", "form.no_cell"),
        ("ratios/0/rate", "rate", "form.no_cell"),
        ("listings", [{key: RATE[key] for key in ("severity", "zh", "en", "source")}
            | {"id": "l", "totals": ["training/city/all"], "parts": []}], "form.no_cell"),
    ],
)  # fmt: skip
def test_anything_unknown_is_refused(path: str, value: object, code: str) -> None:
    with pytest.raises(ProjectFault) as fault:
        parse_kind(files(with_changed(path, value)), "training")
    assert fault.value.code == code


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("titles", "政务公开培训情况", "kind.list"),
        ("titles", [["政务公开培训情况"]], "kind.text"),
        ("zh", {"a": "b"}, "kind.text"),
        ("tables", ["cost"], "project.mapping"),
        ("tables/cost/blocks", {"rows": {}}, "kind.list"),
        ("tables/cost/columns/value", "金额", "project.mapping"),
        ("tables/cost/blocks/0/rows/rooms/zh", ["场地费"], "kind.text"),
        ("owed/first_year", "twenty", "kind.number"),
        ("owed", "city", "project.mapping"),
        ("ratios/0/rate", ["pass_rate"], "kind.text"),
        ("entries", {"days": {"columns": {"date": "日期"}}}, "kind.list"),
        ("defaults", {"topic": ["a"]}, "kind.text"),
        ("names", {"held": ["举办", "开展"]}, "kind.text"),
    ],
)
def test_value_of_another_shape_is_refused_with_its_place(path: str, value: object, code: str) -> None:
    with pytest.raises(ProjectFault) as fault:
        parse_kind(files(with_changed(path, value)), "training")
    assert fault.value.code == code
    assert path.split("/")[0] in str(fault.value)


@pytest.mark.parametrize(
    "text", ["kind: [training", "kind: a: b", "kind: training\nkind: training", "a: &x [*x]", "\x00", "[" * 5000]
)
def test_broken_yaml_is_refused(text: str) -> None:
    with pytest.raises(ProjectFault) as fault:
        parse_kind({"kind.yaml": text}, "training")
    assert fault.value.code == "kind.unreadable"


def test_name_stands_for_a_part_of_a_pattern() -> None:
    words = files({"names": {"held": "(?:举办|开展)"}, "skipped": "{held}前"})
    line = "sessions,value,,{held}会议{is}{n}次,举办会议3次,3\n"
    prose = parse_kind(words | {"phrases.csv": PHRASES + line}, "training").prose
    assert prose.skipped
    assert prose.skipped.search("开展前")
    assert prose.phrases[-1].pattern.search("开展会议3次")


def test_texts_of_yaml_need_no_quotes() -> None:
    text = files(with_changed("tables/cost/zh", "HERE"))["kind.yaml"]
    for word in ("no", "2021", "2021-13-45", "1e3", "null"):
        kind = parse_kind({"kind.yaml": text.replace("HERE", word), "phrases.csv": PHRASES}, "training")
        assert kind.form.tables["cost"].zh == word


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("labels", "code,spelling\nnothing,词\n", "kind.name"),
        ("labels", "code,spelling\ncity,市本级,市直\n", "kind.columns"),
        ("labels", "code,spelling\ncity\n", "kind.columns"),
        ("labels", 'code,spelling\ncity,"市本级\n', "kind.unreadable"),
        ("labels", "", "kind.columns"),
        ("labels", "code,spelling\ncity,(市(本级|直)|市级)部门\n", "kind.choice"),
        ("labels", "code,spelling\ncity,市本级|市直\n", "kind.choice"),
        ("indicators", "row,measure,annual\nsessions,mean,\n", "kind.name"),
        ("indicators", "row,measure\nsessions,flow\n", "kind.columns"),
        ("phrases", PHRASES + "sessions,value,,培训{n}次,培训3次,three\n", "kind.number"),
        ("phrases", PHRASES + "sessions,value,topic=,培训{n}次,培训3次,3\n", "kind.name"),
        ("phrases", PHRASES + "{topic}.sessions,value,,培训{n}次,培训3次,3\n", "kind.name"),
        ("phrases", PHRASES + "sessions,value,,{words:topic}{n}次,培训3次,3\n", "kind.name"),
        ("phrases", PHRASES + "sessions,value,,,培训3次,3\n", "kind.any_text"),
    ],
)
def test_wrong_line_of_a_csv_file_is_refused(name: str, text: str, code: str) -> None:
    with pytest.raises(ProjectFault) as fault:
        parse_kind(files() | {f"{name}.csv": text}, "training")
    assert fault.value.code == code


def test_dimension_that_no_word_sets_is_refused_in_a_pattern() -> None:
    line = "sessions,value,,{words:topic}{n}次,培训3次,3\n"
    assert parse_kind(files(PROSE) | {"phrases.csv": PHRASES + line}, "training").prose.phrases
    with pytest.raises(ProjectFault):
        parse_kind(files(PROSE | {"contexts": []}) | {"phrases.csv": PHRASES + line}, "training")


def test_spelling_with_choices_means_several() -> None:
    kind = parse_kind(files() | {"labels.csv": "code,spelling\ncity,(市本级|市直)(单位|)(个)\n"}, "training")
    assert kind.spellings["city"] == ("市本级单位(个)", "市本级(个)", "市直单位(个)", "市直(个)")


@pytest.mark.parametrize("code", ["inspection", "2021", ANNUAL_REPORT])
def test_code_that_is_taken_is_refused(code: str) -> None:
    own = {f"/raw/kinds/{code}/{name}": text for name, text in files({"kind": code}).items()}
    shipped = {f"/kinds/inspection/{name}": text for name, text in files({"kind": "inspection"}).items()}
    with pytest.raises(ProjectFault, match=code):
        parse_kinds([shipped, own])


def test_code_that_could_not_be_told_from_its_quarter_is_refused() -> None:
    described = {f"/raw/kinds/a-Q1/{name}": text for name, text in files({"kind": "a-Q1"}).items()}
    with pytest.raises(ProjectFault, match="a-Q1"):
        parse_kinds([described])


def test_table_of_another_form_is_refused(tmp_path: Path) -> None:
    tables = {"applications": KIND["tables"]["cost"]}  # type: ignore[index]
    described = files({"tables": tables, "identities": [], "ratios": []})
    with pytest.raises(ProjectFault):
        parse_kinds([{str(tmp_path / "training" / name): text for name, text in described.items()}])


def test_part_of_the_year_tells_reports_apart() -> None:
    assert report_part(ANNUAL_REPORT, 0, "") == ""
    assert report_part("inspection", 2, "") == "inspection-Q2"
    assert report_part("website_annual", 0, "4112000001") == "website_annual-4112000001"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("lessons,value,,培训{n}场,培训12场,12", "lessons, value"),
        ("sessions,number,,培训{n}场,培训12场,12", "sessions, number"),
        ("{topic}.held,value,,培训{n}场,培训12场,12", "{topic}.held, value"),
    ],
)
def test_phrase_for_no_cell_is_refused_with_its_row_and_column(line: str, name: str) -> None:
    described = files(PROSE) | {"phrases.csv": f"row,column,when,pattern,example,value\n{line}\n"}
    with pytest.raises(ProjectFault) as refused:
        parse_kind(described, "training")
    assert (refused.value.code, refused.value.values["name"]) == ("kind.name", name)


def test_fault_of_an_edit_names_the_edit_and_what_is_lacking() -> None:
    with pytest.raises(ProjectFault) as refused:
        parse_kind(files({"ratios": [RATE | {"part": "finished"}]}), "training")
    assert refused.value.values["cell"] == "finished"
    identity = {name: value for name, value in dict(KIND["identities"][0]).items() if name != "source"}  # type: ignore[index]
    with pytest.raises(ProjectFault) as refused:
        parse_kind(files({"identities": [identity]}), "training")
    assert "training.row" in str(refused.value.values["where"])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("kind.yml", "kind.file"),
        ("Kind.yaml", "kind.file"),
        ("phrase.csv", "kind.file"),
        ("phrases.csv", "kind.no_description"),
        ("", "kind.no_description"),
    ],
)
def test_folder_that_would_not_be_read_is_refused(tmp_path: Path, name: str, code: str) -> None:
    folder = tmp_path / "kinds" / "training"
    folder.mkdir(parents=True)
    if name:
        (folder / name).write_text("", encoding="utf-8")
    with pytest.raises(ProjectFault) as refused:
        load_register(tmp_path)
    assert refused.value.code == code


def test_other_files_next_to_a_kind_are_left_alone(tmp_path: Path) -> None:
    describe_kind(tmp_path)
    for name in ("README.md", "._kind.yaml", "~$phrases.csv", "Thumbs.db"):
        (tmp_path / "kinds" / "training" / name).write_text("x", encoding="utf-8")
    (tmp_path / "kinds" / ".ipynb_checkpoints").mkdir()
    assert "training" in load_register(tmp_path).kinds
