from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from support.project import ogi_here

from pipeline.cli.edit import show_cases
from pipeline.edit.cases import outcome

SUM = {"coef": {"a": 1, "b": 1, "c": -1}, "op": "==", "rhs": 0, "name": "sum"}
KEYS = ["name", "operation", "status", "errors", "weight", "corrected", "imputed", "undetermined"]
Case = dict[str, Any]


def case(operation: str = "localize", **given: Any) -> Case:
    return {"operation": operation, "variables": ["a", "b", "c"], "edits": [SUM], "record": {}} | given


def ran(tmp_path: Path, text: str, code: int = 0) -> list[Case]:
    """What `ogi edit` prints, its numbers exact."""
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    result = ogi_here(tmp_path, "edit", str(path))
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    return list(json.loads(result.stdout, parse_float=Decimal)) if code < 2 else []


@pytest.fixture
def answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """The outcomes as printed, without the second that the program takes to start."""

    def run(*texts: str | Case, code: int = 0) -> list[Case]:
        path = tmp_path / "cases.json"
        path.write_text(f"[{','.join(t if isinstance(t, str) else json.dumps(t) for t in texts)}]", encoding="utf-8")
        assert show_cases(path, "zh") == code
        return list(json.loads(capsys.readouterr().out, parse_float=Decimal))

    return run


def test_each_operation(tmp_path: Path) -> None:
    cases = [
        case(name="一", record={"a": 1, "b": 2, "c": 4}, weights={"a": 2, "c": 2}),
        case("typos", record={"a": 12, "b": 3005, "c": 3026}),
        case("signs", record={"a": -5, "b": 5, "c": 10}),
        case("rounding", record={"a": 12, "b": 30, "c": 43}),
        case("impute", record={"a": 12, "b": 30, "c": None}),
        case("confront", record={"a": 12, "b": 30, "c": 43}),
    ]
    found = ran(tmp_path, json.dumps(cases))
    empty: Case = {"name": None, "errors": [], "weight": None, "corrected": {}, "imputed": {}, "undetermined": []}
    assert found == [
        empty | {"name": "一", "operation": "localize", "status": "unique", "errors": [["b"]], "weight": 1},
        empty | {"operation": "typos", "status": "corrected", "corrected": {"a": 21}},
        empty | {"operation": "signs", "status": "corrected", "corrected": {"a": 5}},
        empty
        | {"operation": "rounding", "status": "corrected", "corrected": {"c": 42}, "errors": [["a"], ["b"], ["c"]]},
        empty | {"operation": "impute", "status": "imputed", "imputed": {"c": 42}},
        empty
        | {"operation": "confront", "status": "fail", "edits": [{"name": "sum", "status": "fail", "residual": -1}]},
    ]
    assert all(list(o)[:8] == KEYS for o in found)


def test_statuses_of_imputation_and_confrontation(answer: Any) -> None:
    found = answer(
        case("impute", record={"a": 1, "b": 2, "c": 3}),
        case("impute", record={"a": 1}),
        case("impute", record={"a": 1, "b": 1, "c": 1}),
        case("confront", record={"a": 1, "b": 1, "c": 2}),
        case("confront", record={"a": 1, "b": None}),
        case("confront", record={"a": 9}, edits=[SUM, {"coef": {"a": 1}, "op": "<=", "rhs": 5}]),
    )
    assert [o["status"] for o in found] == ["consistent", "partial", "infeasible", "pass", "unknown", "fail"]
    assert found[1]["undetermined"] == ["b", "c"]
    assert found[4]["edits"] == [{"name": "sum", "status": "unknown", "residual": None}]
    assert found[5]["edits"][1] == {"name": "e2", "status": "fail", "residual": 4}


def test_decimals_are_exact(answer: Any) -> None:
    tax = {"coef": {"a": 0.6, "b": -1}, "op": "==", "rhs": 0.1}
    long = "12345678901234567890.123456789012345678901234567890"
    found = answer(
        case("confront", edits=[tax], record={"a": 0.5, "b": 0.2}),
        case("confront", edits=[tax], record={"a": 0.5, "b": 0.3}),
        case("impute", edits=[tax], record={"a": 0.7}),
        case("impute", edits=[tax], record={"b": 0.2}),
        case("localize", edits=[tax], record={"a": 0.5, "b": 0.2}),
        case("localize", edits=[tax], record={"a": 0.5, "b": 0.3}, weights={"a": 0.5, "b": 1.25}),
        case("rounding", record={"a": 0.1, "b": 0.2, "c": 0.31}),
        json.dumps(case("impute", record={"a": "long", "b": 0})).replace('"long"', long),
    )
    assert [o["status"] for o in found[:2]] == ["pass", "fail"]
    assert found[1]["edits"][0]["residual"] == Decimal("-0.1")
    assert found[2]["imputed"] == {"b": Decimal("0.32")}
    assert found[3]["imputed"] == {"a": Decimal("0.5")}
    assert found[4]["status"] == "consistent"
    assert (found[5]["errors"], found[5]["weight"]) == ([["a"]], Decimal("0.5"))
    assert found[6]["corrected"] == {"c": Decimal("0.3")}
    assert found[7]["imputed"] == {"c": Decimal(long)}


@pytest.mark.parametrize("digits", [18, 30, 59])
def test_long_numbers_are_exact(digits: int, answer: Any) -> None:
    """A difference of one in the last of many digits is a difference."""
    one, two = 10**digits, 10**digits + 1
    same = {"coef": {"a": 1, "b": -1}, "op": "==", "rhs": 0}
    large = {"coef": {"a": two, "b": -two}, "op": "==", "rhs": 0}
    small = f"0.{'0' * digits}1"
    found = answer(
        case("confront", edits=[same], record={"a": one, "b": two}),
        case("confront", edits=[large], record={"a": two, "b": one}),
        case("localize", edits=[same], record={"a": one, "b": two}),
        case("impute", edits=[same], record={"a": two}),
        case("typos", edits=[same], record={"a": one, "b": two}),
        case("rounding", edits=[same], record={"a": one, "b": two}),
        case("signs", edits=[same], record={"a": two, "b": -two}),
        json.dumps(case("impute", record={"a": one, "b": "small"})).replace('"small"', small),
    )
    assert found[0]["edits"][0]["residual"] == -1
    assert found[1]["edits"][0]["residual"] == two
    assert found[2]["status"] == "tied"
    assert found[3]["imputed"] == {"b": two}
    assert found[4]["status"] == "tied"
    assert found[5]["corrected"] == {"a": two}
    assert found[6]["errors"] == [["a"], ["b"]]
    assert str(found[7]["imputed"]["c"]) == f"{one}{small[1:]}"


def test_null_values_and_absent_variables_are_missing(answer: Any) -> None:
    with_null, absent = answer(case(record={"a": 1, "b": None, "c": 4}), case(record={"a": 1, "c": 4}))
    assert with_null == absent
    assert with_null["status"] == "consistent"


def test_defaults(answer: Any) -> None:
    given = case(record={"a": 1, "b": 2, "c": 4})
    unnamed = {"coef": {"a": 1, "b": 1, "c": -1}, "op": "=="}
    first, *others = answer(given, given | {"weights": None}, given | {"weights": {}}, given | {"edits": [unnamed]})
    assert first["status"] == "tied"
    assert others == [first] * 3
    assert answer(case(edits=[]))[0]["status"] == "consistent"
    assert answer(case(edits=[{"coef": {"a": 0, "b": 2}, "op": "==", "rhs": 4}], record={"b": 2}))[0]["weight"] == 0


REFUSED: dict[str, Case | str] = {
    "not a case": "7",
    "a list": "[]",
    "null": "null",
    "no operation": {"variables": [], "edits": [], "record": {}},
    "unknown operation": case("guess"),
    "operation no name": case() | {"operation": ["localize"]},
    "operation an object": case() | {"operation": {}},
    "no variables": case(variables=None),
    "a variable no name": case(variables=["a", "b", "c", 1]),
    "a variable twice": case(variables=["a", "b", "c", "a"]),
    "an unknown variable in the record": case(record={"z": 1}),
    "an unknown variable in an edit": case(edits=[{"coef": {"z": 1}, "op": "==", "rhs": 0}]),
    "an unknown variable in the weights": case(weights={"z": 1}),
    "no record": case(record=None),
    "edits an object": case(edits={}),
    "an edit no object": case(edits=["a + b == c"]),
    "no coefficients": case(edits=[{"coef": {}, "op": "==", "rhs": 0}]),
    "coefficients of nothing": case(edits=[{"coef": {"a": 0}, "op": "==", "rhs": 0}]),
    "coefficients a list": case(edits=[{"coef": ["a"], "op": "==", "rhs": 0}]),
    "greater": case(edits=[SUM | {"op": ">="}]),
    "less": case(edits=[SUM | {"op": "<"}]),
    "an operator that is a list": case(edits=[SUM | {"op": ["=="]}]),
    "right side null": case(edits=[SUM | {"rhs": None}]),
    "right side a text": case(edits=[SUM | {"rhs": "0"}]),
    "a truth": case(record={"a": True}),
    "a text": case(record={"a": "1"}),
    "NaN": '{"operation": "localize", "variables": ["a"], "edits": [], "record": {"a": NaN}}',
    "infinity": '{"operation": "localize", "variables": ["a"], "edits": [], "record": {"a": -Infinity}}',
    "infinite weight": json.dumps(case(weights={"a": "?"})).replace('"?"', "Infinity"),
    "too large": case(record={"a": 10**61}),
    "much too large": json.dumps(case(record={"a": "?"})).replace('"?"', "1e999999"),
    "an exponent beyond numbers": json.dumps(case(record={"a": "?"})).replace('"?"', "1e99999999999999999999"),
    "a tiny one": json.dumps(case(record={"a": "?"})).replace('"?"', "1e-61"),
    "a number next to nothing": json.dumps(case(record={"a": "?"})).replace('"?"', "1e-1000100"),
    "a coefficient next to nothing": json.dumps(case(edits=[SUM | {"coef": {"a": "?"}}])).replace('"?"', "1e-1000100"),
    "an exponent below numbers": json.dumps(case(record={"a": "?"})).replace('"?"', "1e-99999999999999999999"),
    "ten thousand digits": json.dumps(case(record={"a": "?"})).replace('"?"', "9" * 10_000),
    "ten thousand decimals": json.dumps(case(record={"a": "?"})).replace('"?"', "0." + "3" * 10_000),
    "weight 0": case(weights={"a": 0}),
    "weight below 0": case(weights={"a": -0.5}),
    "weight null": case(weights={"a": None}),
    "weights a list": case(weights=[1, 1, 1]),
    "too many variables": case(variables=[f"x{i}" for i in range(5001)]),
    "a nest": json.dumps(case(record={"a": "?"})).replace('"?"', "[" * 700 + "]" * 700),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_understood_is_refused_and_the_others_are_answered(what: str, answer: Any) -> None:
    sound = case(record={"a": 1, "b": 2, "c": 3})
    before, refused, after = answer(sound, REFUSED[what], sound, code=1)
    assert before == after
    assert before["status"] == "consistent"
    assert refused["status"] == "refused"
    assert refused["error"]
    assert len(refused["error"]) < 300
    assert list(refused)[:8] == KEYS


def test_names_are_given_back(answer: Any) -> None:
    nest = json.dumps(case(name="?")).replace('"?"', "[" * 700 + "]" * 700)
    found = answer(
        case(name="\ud800"), case(name=7), case(name="a\u2028b"), nest, nest.replace("localize", "guess"), code=1
    )
    assert [o["name"] for o in found] == ["\ud800", 7, "a\u2028b", None, None]
    assert [o["status"] for o in found] == ["consistent"] * 4 + ["refused"]
    edit = json.dumps(SUM | {"name": "?"}).replace('"?"', "[" * 700 + "]" * 700)
    assert answer(json.dumps(case("confront", edits=["?"])).replace('"?"', edit))[0]["edits"][0]["name"] == "e1"


def test_a_refused_case_ends_with_1(tmp_path: Path) -> None:
    found = ran(tmp_path, json.dumps([case("guess"), case(name="\ud800", record={"a": 1, "b": 2, "c": 3})]), code=1)
    assert [o["name"] for o in found] == [None, "\ud800"]
    assert [o["status"] for o in found] == ["refused", "consistent"]


@pytest.mark.parametrize(
    "text", ["", "{", "cases", '{"operation": "localize"}', "7", "null", '"[]"', "[" * 100_000, "[1,]", "[NULL]"]
)
def test_a_file_that_is_no_list_ends_with_2(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    assert show_cases(path, "zh") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert str(path) in told.err


def test_no_json_on_the_command_line(tmp_path: Path) -> None:
    ran(tmp_path, "{", code=2)
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe[\x00]")
    assert ogi_here(tmp_path, "edit", "binary.json").returncode == 2
    assert ogi_here(tmp_path, "edit", "nothing.json").returncode == 2


def test_an_empty_list_is_answered_with_one(tmp_path: Path) -> None:
    assert ran(tmp_path, "\ufeff[]") == []


def many(operation: str, edits: list[Case], variables: int, **record: int | None) -> Case:
    names = [f"x{i}" for i in range(variables)]
    return {"operation": operation, "variables": names, "edits": edits, "record": dict.fromkeys(names, 12) | record}


def same(a: int, b: int, rhs: int = 0) -> Case:
    return {"coef": {f"x{a}": 1, f"x{b}": -1}, "op": "==", "rhs": rhs}


@pytest.mark.parametrize("operation", ["localize", "typos", "signs", "rounding", "impute", "confront"])
def test_hostile_cases_end_soon(operation: str) -> None:
    cases = {
        "100,000 edits": many(operation, [same(i % 5000, (i + 1) % 5000, i % 2) for i in range(100_000)], 5000),
        "a ring": many(operation, [same(i % 1000, (i + 1) % 1000, i % 2) for i in range(5000)], 1000),
        "few variables": many(operation, [same(i % 17, (i + 1) % 17, 9) for i in range(5000)], 17),
        "5,000 parts": many(operation, [SUM | {"coef": {f"x{i}": 1}, "rhs": 21} for i in range(5000)], 5000),
        "a chain": many(operation, [same(i, i + 1) for i in range(2000)], 2001, x0=21, x7=None, x9=None),
        "all missing": many(operation, [same(i, i + 1) for i in range(2000)], 2001) | {"record": {}},
    }
    for what, given in cases.items():
        start = process_time()
        found = outcome(given)
        assert process_time() - start < 10, what
        assert found["status"] != "refused" or what == "100,000 edits"
