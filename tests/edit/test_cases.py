from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from support.project import ogi_here

from pipeline.cli.edit import run_cases
from pipeline.edit.cases import run_case

SUM = {"coef": {"a": 1, "b": 1, "c": -1}, "op": "==", "rhs": 0, "name": "sum"}
KEYS = ["name", "operation", "status", "errors", "weight", "corrected", "imputed", "undetermined"]
Case = dict[str, Any]


def make_case(operation: str = "localize", **fields: Any) -> Case:
    """Return a case with the edit a + b == c; `fields` replace its fields."""
    return {"operation": operation, "variables": ["a", "b", "c"], "edits": [SUM], "record": {}} | fields


def run_command(tmp_path: Path, text: str, code: int = 0) -> list[Case]:
    """Run `ogi edit` on a file with this text; return the outcomes that it prints, with exact numbers."""
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    result = ogi_here(tmp_path, "edit", str(path))
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    return list(json.loads(result.stdout, parse_float=Decimal)) if code < 2 else []


@pytest.fixture
def answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """A function that returns the printed outcomes of cases.

    It does not start the program, which would take a second per call.
    """

    def run(*texts: str | Case, code: int = 0) -> list[Case]:
        path = tmp_path / "cases.json"
        path.write_text(f"[{','.join(t if isinstance(t, str) else json.dumps(t) for t in texts)}]", encoding="utf-8")
        assert run_cases(path, "zh") == code
        return list(json.loads(capsys.readouterr().out, parse_float=Decimal))

    return run


def test_each_operation_has_its_outcome(tmp_path: Path) -> None:
    cases = [
        make_case(name="一", record={"a": 1, "b": 2, "c": 4}, weights={"a": 2, "c": 2}),
        make_case("typos", record={"a": 12, "b": 3005, "c": 3026}),
        make_case("signs", record={"a": -5, "b": 5, "c": 10}),
        make_case("rounding", record={"a": 12, "b": 30, "c": 43}),
        make_case("impute", record={"a": 12, "b": 30, "c": None}),
        make_case("confront", record={"a": 12, "b": 30, "c": 43}),
    ]
    outcomes = run_command(tmp_path, json.dumps(cases))
    empty: Case = {"name": None, "errors": [], "weight": None, "corrected": {}, "imputed": {}, "undetermined": []}
    assert outcomes == [
        empty | {"name": "一", "operation": "localize", "status": "unique", "errors": [["b"]], "weight": 1},
        empty | {"operation": "typos", "status": "corrected", "corrected": {"a": 21}},
        empty | {"operation": "signs", "status": "corrected", "corrected": {"a": 5}},
        empty
        | {"operation": "rounding", "status": "corrected", "corrected": {"c": 42}, "errors": [["a"], ["b"], ["c"]]},
        empty | {"operation": "impute", "status": "imputed", "imputed": {"c": 42}},
        empty
        | {"operation": "confront", "status": "fail", "edits": [{"name": "sum", "status": "fail", "residual": -1}]},
    ]
    assert all(list(o)[:8] == KEYS for o in outcomes)


def test_status_of_imputation_and_confrontation(answer: Any) -> None:
    outcomes = answer(
        make_case("impute", record={"a": 1, "b": 2, "c": 3}),
        make_case("impute", record={"a": 1}),
        make_case("impute", record={"a": 1, "b": 1, "c": 1}),
        make_case("confront", record={"a": 1, "b": 1, "c": 2}),
        make_case("confront", record={"a": 1, "b": None}),
        make_case("confront", record={"a": 9}, edits=[SUM, {"coef": {"a": 1}, "op": "<=", "rhs": 5}]),
    )
    assert [o["status"] for o in outcomes] == ["consistent", "partial", "infeasible", "pass", "unknown", "fail"]
    assert outcomes[1]["undetermined"] == ["b", "c"]
    assert outcomes[4]["edits"] == [{"name": "sum", "status": "unknown", "residual": None}]
    assert outcomes[5]["edits"][1] == {"name": "e2", "status": "fail", "residual": 4}


def test_decimals_are_exact(answer: Any) -> None:
    tax = {"coef": {"a": 0.6, "b": -1}, "op": "==", "rhs": 0.1}
    long = "12345678901234567890.123456789012345678901234567890"
    outcomes = answer(
        make_case("confront", edits=[tax], record={"a": 0.5, "b": 0.2}),
        make_case("confront", edits=[tax], record={"a": 0.5, "b": 0.3}),
        make_case("impute", edits=[tax], record={"a": 0.7}),
        make_case("impute", edits=[tax], record={"b": 0.2}),
        make_case("localize", edits=[tax], record={"a": 0.5, "b": 0.2}),
        make_case("localize", edits=[tax], record={"a": 0.5, "b": 0.3}, weights={"a": 0.5, "b": 1.25}),
        make_case("rounding", record={"a": 0.1, "b": 0.2, "c": 0.31}),
        json.dumps(make_case("impute", record={"a": "long", "b": 0})).replace('"long"', long),
    )
    assert [o["status"] for o in outcomes[:2]] == ["pass", "fail"]
    assert outcomes[1]["edits"][0]["residual"] == Decimal("-0.1")
    assert outcomes[2]["imputed"] == {"b": Decimal("0.32")}
    assert outcomes[3]["imputed"] == {"a": Decimal("0.5")}
    assert outcomes[4]["status"] == "consistent"
    assert (outcomes[5]["errors"], outcomes[5]["weight"]) == ([["a"]], Decimal("0.5"))
    assert outcomes[6]["corrected"] == {"c": Decimal("0.3")}
    assert outcomes[7]["imputed"] == {"c": Decimal(long)}


@pytest.mark.parametrize("digits", [18, 30, 59])
def test_long_numbers_are_exact(digits: int, answer: Any) -> None:
    """A difference of one in the last of many digits counts as a difference."""
    one, two = 10**digits, 10**digits + 1
    equal = {"coef": {"a": 1, "b": -1}, "op": "==", "rhs": 0}
    large = {"coef": {"a": two, "b": -two}, "op": "==", "rhs": 0}
    small = f"0.{'0' * digits}1"
    outcomes = answer(
        make_case("confront", edits=[equal], record={"a": one, "b": two}),
        make_case("confront", edits=[large], record={"a": two, "b": one}),
        make_case("localize", edits=[equal], record={"a": one, "b": two}),
        make_case("impute", edits=[equal], record={"a": two}),
        make_case("typos", edits=[equal], record={"a": one, "b": two}),
        make_case("rounding", edits=[equal], record={"a": one, "b": two}),
        make_case("signs", edits=[equal], record={"a": two, "b": -two}),
        json.dumps(make_case("impute", record={"a": one, "b": "small"})).replace('"small"', small),
    )
    assert outcomes[0]["edits"][0]["residual"] == -1
    assert outcomes[1]["edits"][0]["residual"] == two
    assert outcomes[2]["status"] == "tied"
    assert outcomes[3]["imputed"] == {"b": two}
    assert outcomes[4]["status"] == "tied"
    assert outcomes[5]["corrected"] == {"a": two}
    assert outcomes[6]["errors"] == [["a"], ["b"]]
    assert str(outcomes[7]["imputed"]["c"]) == f"{one}{small[1:]}"


def test_null_and_absent_variables_are_missing_values(answer: Any) -> None:
    with_null, absent = answer(make_case(record={"a": 1, "b": None, "c": 4}), make_case(record={"a": 1, "c": 4}))
    assert with_null == absent
    assert with_null["status"] == "consistent"


def test_weights_right_side_and_name_are_optional(answer: Any) -> None:
    base = make_case(record={"a": 1, "b": 2, "c": 4})
    unnamed = {"coef": {"a": 1, "b": 1, "c": -1}, "op": "=="}
    first, *others = answer(base, base | {"weights": None}, base | {"weights": {}}, base | {"edits": [unnamed]})
    assert first["status"] == "tied"
    assert others == [first] * 3
    assert answer(make_case(edits=[]))[0]["status"] == "consistent"
    assert (
        answer(make_case(edits=[{"coef": {"a": 0, "b": 2}, "op": "==", "rhs": 4}], record={"b": 2}))[0]["weight"] == 0
    )


INVALID_CASES: dict[str, Case | str] = {
    "not a case": "7",
    "a list": "[]",
    "null": "null",
    "no operation": {"variables": [], "edits": [], "record": {}},
    "unknown operation": make_case("guess"),
    "operation is a list": make_case() | {"operation": ["localize"]},
    "operation is an object": make_case() | {"operation": {}},
    "no variables": make_case(variables=None),
    "variable is a number": make_case(variables=["a", "b", "c", 1]),
    "duplicate variable": make_case(variables=["a", "b", "c", "a"]),
    "unknown variable in the record": make_case(record={"z": 1}),
    "unknown variable in an edit": make_case(edits=[{"coef": {"z": 1}, "op": "==", "rhs": 0}]),
    "unknown variable in the weights": make_case(weights={"z": 1}),
    "no record": make_case(record=None),
    "edits are an object": make_case(edits={}),
    "edit is a text": make_case(edits=["a + b == c"]),
    "no coefficients": make_case(edits=[{"coef": {}, "op": "==", "rhs": 0}]),
    "coefficients are a list": make_case(edits=[{"coef": ["a"], "op": "==", "rhs": 0}]),
    "operator !=": make_case(edits=[SUM | {"op": "!="}]),
    "operator =": make_case(edits=[SUM | {"op": "="}]),
    "operator is a list": make_case(edits=[SUM | {"op": ["=="]}]),
    "right side is null": make_case(edits=[SUM | {"rhs": None}]),
    "right side is a text": make_case(edits=[SUM | {"rhs": "0"}]),
    "value is a boolean": make_case(record={"a": True}),
    "value is a text": make_case(record={"a": "1"}),
    "NaN": '{"operation": "localize", "variables": ["a"], "edits": [], "record": {"a": NaN}}',
    "infinity": '{"operation": "localize", "variables": ["a"], "edits": [], "record": {"a": -Infinity}}',
    "infinite weight": json.dumps(make_case(weights={"a": "?"})).replace('"?"', "Infinity"),
    "too large": make_case(record={"a": 10**61}),
    "much too large": json.dumps(make_case(record={"a": "?"})).replace('"?"', "1e999999"),
    "exponent beyond the range of Decimal": json.dumps(make_case(record={"a": "?"})).replace(
        '"?"', "1e99999999999999999999"
    ),
    "61 decimals": json.dumps(make_case(record={"a": "?"})).replace('"?"', "1e-61"),
    "value with a million decimals": json.dumps(make_case(record={"a": "?"})).replace('"?"', "1e-1000100"),
    "coefficient with a million decimals": json.dumps(make_case(edits=[SUM | {"coef": {"a": "?"}}])).replace(
        '"?"', "1e-1000100"
    ),
    "exponent below the range of Decimal": json.dumps(make_case(record={"a": "?"})).replace(
        '"?"', "1e-99999999999999999999"
    ),
    "ten thousand digits": json.dumps(make_case(record={"a": "?"})).replace('"?"', "9" * 10_000),
    "ten thousand decimals": json.dumps(make_case(record={"a": "?"})).replace('"?"', "0." + "3" * 10_000),
    "weight 0": make_case(weights={"a": 0}),
    "negative weight": make_case(weights={"a": -0.5}),
    "weight is null": make_case(weights={"a": None}),
    "weights are a list": make_case(weights=[1, 1, 1]),
    "params are a list": make_case(params=[]),
    "unknown parameter": make_case(params={"tolerance": 1}),
    "parameter of another operation": make_case(params={"flip": ["a"]}),
    "parameter without meaning": make_case("impute", params={"fixate": ["a"]}),
    "fixate is a text": make_case(params={"fixate": "a"}),
    "fixate names an unknown variable": make_case(params={"fixate": ["z"]}),
    "fixate holds a number": make_case(params={"fixate": [1]}),
    "flip is true": make_case("signs", params={"flip": True}),
    "swap is an object": make_case("signs", params={"swap": {"a": "b"}}),
    "swap of one variable": make_case("signs", params={"swap": [["a"]]}),
    "swap of three variables": make_case("signs", params={"swap": [["a", "b", "c"]]}),
    "swap with itself": make_case("signs", params={"swap": [["a", "a"]]}),
    "negative eps": make_case(params={"eps": -1}),
    "eps is a text": make_case(params={"eps": "1"}),
    "integer is a number": make_case(params={"integer": 1}),
    "integer names an unknown variable": make_case(params={"integer": ["z"]}),
    "maxdist is 0": make_case("typos", params={"maxdist": 0}),
    "maxdist is a decimal": json.dumps(make_case("typos", params={"maxdist": 1.5})),
    "distance of one text": {"operation": "distance", "record": {"a": "1"}},
    "distance of null": {"operation": "distance", "record": {"a": "1", "b": None}},
    "distance of long texts": {"operation": "distance", "record": {"a": "1", "b": "1" * 201}},
    "distance with a parameter": {"operation": "distance", "record": {"a": "1", "b": "2"}, "params": {"eps": 1}},
    "too many variables": make_case(variables=[f"x{i}" for i in range(5001)]),
    "nested lists": json.dumps(make_case(record={"a": "?"})).replace('"?"', "[" * 700 + "]" * 700),
}


@pytest.mark.parametrize("name", INVALID_CASES)
def test_invalid_case_is_refused_and_others_are_answered(name: str, answer: Any) -> None:
    valid = make_case(record={"a": 1, "b": 2, "c": 3})
    before, refused, after = answer(valid, INVALID_CASES[name], valid, code=1)
    assert before == after
    assert before["status"] == "consistent"
    assert refused["status"] == "refused"
    assert refused["error"]
    assert len(refused["error"]) < 300
    assert list(refused)[:8] == KEYS


def test_each_parameter_has_its_effect(answer: Any) -> None:
    wrong = {"a": 12, "b": 30, "c": 43}
    limit = {"coef": {"a": 1}, "op": "<", "rhs": 13}
    outcomes = answer(
        make_case(record=wrong, params={"fixate": ["a", "c"]}),
        make_case(record=wrong, params={"eps": 1}),
        make_case(record={"a": 13, "b": 30, "c": 43}, edits=[SUM, limit], params={"integer": True, "fixate": ["c"]}),
        make_case("typos", record={"a": 12, "b": 3005, "c": 3026}, params={"fixate": ["a"]}),
        make_case("typos", record={"a": 12, "b": 30, "c": 79}, params={"maxdist": 2, "fixate": ["a", "b"]}),
        make_case("typos", record=wrong, params={"eps": 1}),
        make_case("rounding", record=wrong, params={"fixate": ["b", "c"]}),
        make_case("rounding", record={"a": 12, "b": 30, "c": 49}, params={"eps": 7, "fixate": ["a", "b"]}),
        make_case("impute", record={}, edits=[limit, limit | {"op": ">", "rhs": 11}], params={"integer": ["a"]}),
        make_case("confront", record=wrong, params={"eps": 1, "integer": None}),
    )
    assert [o["status"] for o in outcomes] == [
        "unique", "consistent", "unique", "invalid", "corrected", "consistent", "corrected", "corrected", "partial",
        "pass",
    ]  # fmt: skip
    assert outcomes[0]["errors"] == [["b"]]
    assert outcomes[2]["errors"] == [["a", "b"]]
    assert [o["corrected"] for o in outcomes[4:8:2]] == [{"c": 42}, {"a": 13}]
    assert outcomes[7]["corrected"] == {"c": 42}
    assert outcomes[8]["imputed"] == {"a": 12}


def test_exchange_weighs_as_much_as_its_heavier_variable(answer: Any) -> None:
    case = make_case("signs", edits=[SUM | {"coef": {"c": 1, "a": -1, "b": 1}}], record={"a": 3, "b": 13, "c": 10})
    swap = {"flip": ["c"], "swap": [["b", "a"], ["a", "b"]]}
    outcomes = answer(
        case,
        case | {"params": {"fixate": ["c"]}},
        case | {"params": swap},
        case | {"params": swap, "weights": {"c": 2}},
        case | {"params": swap, "weights": {"b": 2}},
        case | {"params": swap | {"fixate": ["a"]}},
    )
    assert [o["corrected"] for o in outcomes] == [
        {"c": -10}, {"a": -3, "b": -13}, {}, {"a": 13, "b": 3}, {"c": -10}, {"c": -10},
    ]  # fmt: skip
    assert outcomes[2]["errors"] == [["c"], ["a", "b"]]


def test_edit_without_variables_holds_or_fails_for_every_record(answer: Any) -> None:
    always, never = {"coef": {"a": 0}, "op": "<=", "rhs": 1}, {"coef": {"a": 0, "b": 0}, "op": ">", "rhs": 0}
    record = {"a": 1, "b": 2, "c": 3}
    assert answer(make_case("confront", edits=[always, SUM, never], record=record))[0]["edits"] == [
        {"name": "e1", "status": "pass", "residual": -1},
        {"name": "sum", "status": "pass", "residual": 0},
        {"name": "e3", "status": "fail", "residual": 0},
    ]
    for operation, status in {"localize": "infeasible", "impute": "infeasible", "signs": "invalid"}.items():
        outcomes = answer(*(make_case(operation, edits=[SUM, e], record=record) for e in (always, never)))
        assert [o["status"] for o in outcomes] == ["consistent", status]


def test_distance_counts_slips(answer: Any) -> None:
    pairs = [("1340", "1430", 1), (1340, 14300, 2), (-10, 10, 1), ("", "12", 2), ("1.5", 15, 1), ("ca", "abc", 3)]
    outcomes = answer(*({"operation": "distance", "record": {"a": a, "b": b}} for a, b, _ in pairs))
    assert [o["distance"] for o in outcomes] == [slips for *_, slips in pairs]
    assert {o["status"] for o in outcomes} == {"counted"}


def test_names_are_returned(answer: Any) -> None:
    nested = json.dumps(make_case(name="?")).replace('"?"', "[" * 700 + "]" * 700)
    outcomes = answer(
        make_case(name="\ud800"),
        make_case(name=7),
        make_case(name="a\u2028b"),
        nested,
        nested.replace("localize", "guess"),
        code=1,
    )
    assert [o["name"] for o in outcomes] == ["\ud800", 7, "a\u2028b", None, None]
    assert [o["status"] for o in outcomes] == ["consistent"] * 4 + ["refused"]
    edit = json.dumps(SUM | {"name": "?"}).replace('"?"', "[" * 700 + "]" * 700)
    assert answer(json.dumps(make_case("confront", edits=["?"])).replace('"?"', edit))[0]["edits"][0]["name"] == "e1"


def test_refused_case_gives_exit_code_1(tmp_path: Path) -> None:
    outcomes = run_command(
        tmp_path, json.dumps([make_case("guess"), make_case(name="\ud800", record={"a": 1, "b": 2, "c": 3})]), code=1
    )
    assert [o["name"] for o in outcomes] == [None, "\ud800"]
    assert [o["status"] for o in outcomes] == ["refused", "consistent"]


@pytest.mark.parametrize(
    "text", ["", "{", "cases", '{"operation": "localize"}', "7", "null", '"[]"', "[" * 100_000, "[1,]", "[NULL]"]
)
def test_file_without_list_gives_exit_code_2(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    assert run_cases(path, "zh") == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert str(path) in output.err


def test_malformed_binary_or_missing_file_gives_exit_code_2(tmp_path: Path) -> None:
    run_command(tmp_path, "{", code=2)
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe[\x00]")
    assert ogi_here(tmp_path, "edit", "binary.json").returncode == 2
    assert ogi_here(tmp_path, "edit", "nothing.json").returncode == 2


def test_empty_list_gives_an_empty_list(tmp_path: Path) -> None:
    assert run_command(tmp_path, "\ufeff[]") == []


def make_large_case(operation: str, edits: list[Case], variables: int, **record: int | None) -> Case:
    """Return a case with variables x0, x1...; each is 12 unless `record` says otherwise."""
    names = [f"x{i}" for i in range(variables)]
    return {"operation": operation, "variables": names, "edits": edits, "record": dict.fromkeys(names, 12) | record}


def difference(a: int, b: int, rhs: int = 0) -> Case:
    """Return the edit xa - xb == rhs."""
    return {"coef": {f"x{a}": 1, f"x{b}": -1}, "op": "==", "rhs": rhs}


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["localize", "typos", "signs", "rounding", "impute", "confront"])
def test_hostile_cases_end_within_ten_seconds(operation: str) -> None:
    cases = {
        "100,000 edits": make_large_case(
            operation, [difference(i % 5000, (i + 1) % 5000, i % 2) for i in range(100_000)], 5000
        ),
        "a ring": make_large_case(operation, [difference(i % 1000, (i + 1) % 1000, i % 2) for i in range(5000)], 1000),
        "few variables": make_large_case(operation, [difference(i % 17, (i + 1) % 17, 9) for i in range(5000)], 17),
        "5,000 components": make_large_case(
            operation, [SUM | {"coef": {f"x{i}": 1}, "rhs": 21} for i in range(5000)], 5000
        ),
        "a chain": make_large_case(
            operation, [difference(i, i + 1) for i in range(2000)], 2001, x0=21, x7=None, x9=None
        ),
        "all missing": make_large_case(operation, [difference(i, i + 1) for i in range(2000)], 2001) | {"record": {}},
    }
    for name, hostile in cases.items():
        for params in ({}, {"integer": True}):
            start = process_time()
            result = run_case(hostile | {"params": params})
            assert process_time() - start < 10, (name, params)
            assert result["status"] != "refused" or name == "100,000 edits"
