"""The messages: both languages have the same placeholders, and every code in the program has a message."""

from __future__ import annotations

import csv
import re
from string import Formatter

import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.messages import language, say
from pipeline.core.paths import SQL

with (ROOT / "pipeline" / "core" / "messages.csv").open(encoding="utf-8", newline="") as file:
    LINES = list(csv.DictReader(file))


def placeholders(text: str) -> set[str]:
    """Return the names of the placeholders in a message."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["code"])
def test_both_languages_have_the_same_placeholders(line: dict[str, str]) -> None:
    assert line["zh"]
    assert line["en"]
    assert placeholders(line["zh"]) == placeholders(line["en"])


def test_no_code_occurs_twice() -> None:
    """The second line would silently replace the first."""
    codes = [line["code"] for line in LINES]
    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_every_code_in_the_program_has_a_message() -> None:
    codes = {line["code"] for line in LINES}
    source = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "pipeline").rglob("*.py"))
    used = set(re.findall(r'(?:DataFault|ProjectFault)\(\s*"([a-z_.0-9]+)"', source)) | set(
        re.findall(r'say\("([a-z_.]+)"', source)
    )
    used |= {f"help.{c}" for c in re.findall(r'_help\("(\w+)"\)', source)}
    used |= set(re.findall(r'Finding\(\s*"((?:extract|source)\.\w+)"', source))
    used |= {f"run.stage.{s}" for s in re.findall(r'progress\.stage\("(\w+)"', source)}
    assert len(used) > 100
    assert not re.findall(r"ProjectFault\(\s*f?[\"'][^\"']*[^a-z_.0-9\"']", source)  # no text without a code
    assert used <= codes


def test_every_check_has_a_message() -> None:
    codes = {line["code"] for line in LINES}
    matches = {
        re.search(r"'([a-z_.]+)' AS identity", p.read_text(encoding="utf-8")) for p in (SQL / "checks").glob("*.sql")
    }
    assert {f"check.{match.group(1)}" for match in matches if match} <= codes
    assert None not in matches
    assert len({code.split(".")[0] for code in codes}) > 5
    assert forms()


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (["run"], {"LANG": "zh_CN.UTF-8"}, "zh"),
        (["run"], {"LANG": "en_US.UTF-8"}, "en"),
        (["run"], {"LANG": "C.UTF-8"}, "zh"),
        (["run", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang=en", "run"], {}, "en"),
        (["run"], {}, "zh"),
        (["run"], {"LC_ALL": "de_DE", "LANG": "zh_CN"}, "en"),
    ],
)
def test_language_follows_from_arguments_then_environment(
    arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    assert language(arguments, environment) == expected


def test_unknown_code_raises() -> None:
    with pytest.raises(KeyError):
        say("no.such", "zh")
