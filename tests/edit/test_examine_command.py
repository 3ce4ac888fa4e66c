"""`ogi edit --examine`: its text in both languages, its JSON and its exit codes."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from support.project import ogi_here

from pipeline.cli.edit import print_reports
from pipeline.cli.edit_report import edit_text, examine_cases, examine_forms
from pipeline.core.form import forms
from pipeline.edit.edits import Edit
from pipeline.edit.examine_cases import examine_case

SUM = {"name": "sum", "coef": {"a": 1, "b": 1, "c": -1}, "op": "==", "rhs": 0}
LIMITS = [{"name": v, "coef": {v: 1}, "op": ">=", "rhs": 0} for v in "abc"]
CONSISTENT = {"name": "total", "variables": ["a", "b", "c", "d"], "edits": [SUM, *LIMITS]}
CONTRADICTORY = CONSISTENT | {
    "name": "一",
    "edits": [SUM, {"coef": {"a": 2}, "op": ">", "rhs": 1}, {"coef": {"a": 1}, "op": "<", "rhs": 0.5}],
}


def run(tmp_path: Path, cases: Any, *options: str) -> Any:
    path = tmp_path / "sets.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    return ogi_here(tmp_path, "edit", "--examine", str(path), *options)


def test_text_names_each_edit_with_its_reasons(tmp_path: Path) -> None:
    result = run(tmp_path, [CONSISTENT], "--lang", "en")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "total: 4 edits, 4 variables",
        "  No edits contradict each other.",
        "  Redundant edits: they follow from others (1):",
        "    c: c >= 0",
        "      because of these edits (3):",
        "        sum: a + b - c == 0",
        "        a: a >= 0",
        "        b: b >= 0",
        "  Variables in no edit (1):",
        "    d",
    ]


def test_contradiction_gives_exit_code_1(tmp_path: Path) -> None:
    result = run(tmp_path, [CONSISTENT, CONTRADICTORY], "--lang", "zh")
    assert result.returncode == 1
    assert "这 2 条规则不能同时成立" in result.stdout
    assert "e2: 2 a > 1\n    e3: a < 0.5" in result.stdout


def test_json_has_the_examination(tmp_path: Path) -> None:
    result = run(tmp_path, [CONSISTENT, CONTRADICTORY], "--json")
    assert result.returncode == 1
    first, second = json.loads(result.stdout)
    assert first["redundant"] == [{"edit": "c", "follows_from": ["sum", "a", "b"]}]
    assert (first["status"], first["edits"], first["variables"], first["unused"]) == ("consistent", 4, 4, ["d"])
    assert (second["name"], second["status"], second["contradictions"]) == ("一", "contradictory", [["e2", "e3"]])


def test_forms_are_examined_by_default(tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "edit", "--examine", "--json")
    assert result.returncode == 0, result.stderr
    assert [r["name"] for r in json.loads(result.stdout)] == list(forms())
    result = ogi_here(tmp_path, "edit", "--examine", "--form", "2021", "--lang", "zh")
    assert result.returncode == 0
    assert "「一、本年新收政府信息公开申请数量」总计：本年新收加上年结转应等于办理总计加结转下年" in result.stdout
    assert "「规章」本年制发件数" in result.stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_of_forms_has_no_codes(lang: str) -> None:
    text = "\n".join(line for report in examine_forms(tuple(forms()), lang) for line in report.lines(lang))
    assert not [form.code for form in forms().values() for a in form.addresses() if a in text]
    assert not [i.id for form in forms().values() for i in form.identities if i.id in text]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--json",),
        ("--form", "2021"),
        ("--examine", "--form", "1999"),
        ("--examine", "--form", "2021", "sets.json"),
    ],
)
def test_wrong_usage_gives_exit_code_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "sets.json").write_text("[]", encoding="utf-8")
    result = ogi_here(tmp_path, "edit", *arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "case", [7, {}, {"variables": ["a"], "edits": 1}, CONSISTENT | {"variables": ["a"]}, CONSISTENT | {"edits": [{}]}]
)
def test_invalid_set_is_refused(case: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert print_reports(examine_cases([case]), False, "en") == 1
    assert "Not examined: " in capsys.readouterr().out
    assert examine_case(case)[0]["error"]


def test_whole_numbers_and_fractions(capsys: pytest.CaptureFixture[str]) -> None:
    between = [{"coef": {"a": 1}, "op": op, "rhs": rhs} for op, rhs in ((">", 2), ("<", 3))]
    case = {"variables": ["a"], "edits": between, "params": {"integer": True}}
    assert examine_case(case)[0]["status"] == "contradictory"
    assert examine_case(case | {"params": {"integer": False}})[0]["status"] == "consistent"
    fixed = {"variables": ["a"], "edits": [{"coef": {"a": 3}, "op": "==", "rhs": 1}]}
    print_reports(examine_cases([fixed]), False, "en")
    assert "a = 1/3" in capsys.readouterr().out


def test_large_sets_are_examined_or_given_up_in_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"x{i}" for i in range(400)]
    sets = [
        [{"coef": {a: 1, b: 1}, "op": ">=", "rhs": 1} for a, b in pairwise(names)],
        [{"coef": {a: 1, b: -1}, "op": "<", "rhs": 0} for a, b in pairwise([*names, names[0]])],
        [{"coef": {a: 1, b: 1, c: 1}, "op": "==", "rhs": 1} for a, b, c in zip(*[iter(names)] * 3, strict=False)],
        [{"coef": dict.fromkeys(names[i : i + 40], 1 + i % 3), "op": "<=", "rhs": i} for i in range(350)],
    ]
    start = process_time()
    for edits in sets:
        outcome, _ = examine_case({"variables": names, "edits": edits})
        assert outcome["status"] in ("consistent", "contradictory", "limit")
    assert process_time() - start < 60
    assert capsys.readouterr().out == ""


def test_edit_is_shown_as_a_formula() -> None:
    assert edit_text(Edit({"a": 2, "b": -1}, "<", 5, "e1")) == "e1: 2 a - b < 5"
    assert edit_text(Edit({"b": -1}, ">=", 0, "e2")) == "e2: - b >= 0"
    assert edit_text(Edit({}, "==", 0, "e3")) == "e3: 0 == 0"
