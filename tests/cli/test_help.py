"""Test help and wrong usage: commands grouped by their users, texts in the user's language, columns aligned."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest
from support.project import ROOT, ogi_here, ogi_in

from pipeline.cli.localize import MODULES, display_width, wrap
from pipeline.cli.main import COMMANDS, GROUPS
from pipeline.cli.options import InputFile
from pipeline.core.messages import message_lines, say
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.job.inventory import read_inventory
from pipeline.read import read
from pipeline.registry.load import load_register

HELPS = [["--help"], ["--version"], [], *([name, "--help"] for name in COMMANDS)]
WRONG_USAGES = [
    ["statuz"],
    ["--lang", "fr"],
    ["--wat"],
    ["check"],
    ["check", "missing.html", "--html", "file.txt"],
    ["edit", "missing.json"],
    ["edit", "folder"],
    ["add", "file.txt", "--year", "x", "--source", "y"],
    ["add", "file.txt", "--year", "3000", "--source", "y"],
    ["remove"],
    ["compile", "--year", "2019"],
    ["compile", "--city", "411200", "--year", "2019", "--basis", "both"],
    ["compile", "--city", "411200", "--year", "2019", "--template", "missing.md"],
    ["explain"],
    ["export"],
    ["export", "docx", "out"],
    ["query", "-p"],
    ["query", "headline", "--format", "csv", "-o", "folder"],
    ["run", "--quiet=3"],
    ["run", "--wait", "soon"],
    ["run", "--keep", "0"],
    ["simulate", "file.txt"],
    ["simulate", "--seed", "1.5"],
    ["status", "a", "b"],
    ["status", "--data", "missing"],
    ["run", "--data", "folder", "--decisions", "missing.csv"],
]
RUN_ALL = """
import contextlib, io, json, sys
from pipeline.cli import main
outputs = []
for arguments in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        try:
            main.ogi(arguments, prog_name="ogi")
        except SystemExit as exit:
            outputs.append([exit.code, out.getvalue()])
print(json.dumps(outputs))
"""
# Words of ASCII letters in Chinese output: names of programs, formats and codes, and what the user typed.
CODES = frozenset(
    "ogi zh en docx xlsx html pdf txt csv json parquet table DOCX XLSX HTML PDF CSV JSON SQL Dask GeoJSON sdmx "  # noqa: SIM905
    "frictionless duckdb sqlite markdown excel Excel Word ZIP add "
    "published transcribed compiled reported total simulated data raw manifest index site x "
    "s3 file tcp dask scheduler statuz fr both a b folder missing md soon headline disclosed items "
    "explain export".split()
)
# Texts of click that ogi cannot print: it has no such options, or they are defects of the program.
NEVER_PRINTED = re.compile(
    r"deprecat|%\(prog\)s|version and exit|Do you want|Confirm the action|Could not determine|No options defined|"
    r"declaration|defined twice|must be an iterable|Boolean option|start character|Choice\(|match the format|UUID|"
    r"\{len_type\}",
    re.IGNORECASE,
)


def run_in(folder: Path, lang: str, calls: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Return the exit code and output of each call of `ogi`, all in one child process."""
    locale = {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": locale, "PYTHONUTF8": "1", "COLUMNS": "100"}
    environment.pop("OGI_DATA", None)
    result = subprocess.run(
        [sys.executable, "-c", RUN_ALL], cwd=folder, env=environment, input=json.dumps(calls), capture_output=True,
        text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    outputs: list[tuple[int, str]] = [(code, text) for code, text in json.loads(result.stdout)]
    return outputs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a file and a folder."""
    (tmp_path / "file.txt").write_text("没有表格", encoding="utf-8")
    (tmp_path / "folder" / "raw").mkdir(parents=True)
    return tmp_path


def english_words(text: str) -> set[str]:
    """Return the words of ASCII letters in an output, except options, commands, codes and names of files."""
    text = re.sub(r"--?[a-z][a-z-]*|\b[\w/]+\.(?:html|json|csv|txt|md|parquet)\b|data/\w+|\w+://", " ", text)
    return set(re.findall(r"[A-Za-z]+", text)) - CODES - set(COMMANDS)


def test_chinese_help_and_errors_have_no_english_word(folder: Path) -> None:
    outputs = run_in(folder, "zh", [*HELPS, *WRONG_USAGES])
    found = {
        " ".join(call): english_words(text) for call, (_, text) in zip([*HELPS, *WRONG_USAGES], outputs, strict=True)
    }
    assert {call: words for call, words in found.items() if words} == {}
    codes = [code for code, _ in outputs]
    assert set(codes[len(HELPS) :]) == {2}, list(zip(WRONG_USAGES, codes[len(HELPS) :], strict=True))
    assert all(re.search("[\u4e00-\u9fff]", text) for _, text in outputs)


def test_english_help_and_errors_have_no_chinese_character(folder: Path) -> None:
    outputs = run_in(folder, "en", [*HELPS, *WRONG_USAGES])
    assert [text for _, text in outputs if re.search("[\u3000-\uffef]", text.replace("三门峡", ""))] == []
    errors = "\n".join(text for _, text in outputs)
    for part in (
        "Usage: ogi check [OPTIONS] FILE_OR_FOLDER...",
        "Did you mean 'status'?",
        "'x' is not a valid integer.",
        "Missing argument 'BODY'",
        "Missing option '--city'",
        "Try 'ogi add --help' for help.",
        "Show this message",
    ):
        assert part in errors


def texts_of_click() -> Iterator[str]:
    """Yield the texts that the modules of click pass through gettext."""
    for module in MODULES:
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


def test_every_text_that_click_prints_has_a_line() -> None:
    lines = {line["en"] for code, line in message_lines().items() if code.startswith("click.")}
    # click names the type of a path and a required option by other means.
    texts = {" ".join(text.split()) for text in texts_of_click()} - {"file", "directory", "path"} | {"required"}
    assert len(texts) > 40
    assert {text for text in texts - lines if not NEVER_PRINTED.search(text)} == set()
    assert lines - texts == set()


def test_missing_file_is_not_blamed_on_permissions_and_the_other_way_round(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests may run as root, who may read everything, so the system's answer is replaced."""
    missing = folder / "missing.html"
    with pytest.raises(click.BadParameter, match=r"missing\.html") as error:
        InputFile().convert(str(missing), None, None)
    assert not re.search("权限|permission", error.value.message)
    assert "不存在" in fault_sentence(missing)
    assert "权限" not in fault_sentence(missing)

    def refuse(path: object, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", refuse)
        with pytest.raises(click.BadParameter) as refused:
            InputFile().convert(str(folder / "file.txt"), None, None)
        assert re.search("权限|permission", refused.value.message)
        assert not re.search("不存在|does not exist", refused.value.message)
        sentence = fault_sentence(folder / "file.txt")
        assert "没有权限" in sentence
        assert "不存在" not in sentence


def fault_sentence(path: Path) -> str:
    """Return the Chinese message for a file that cannot be read."""
    with pytest.raises(DataFault) as fault:
        read(path)
    return say(fault.value.code, "zh", **fault.value.values)


def test_listed_file_that_may_not_be_read_is_not_reported_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Data(tmp_path / "data")
    data.raw.mkdir(parents=True)
    header = (ROOT / "data" / "raw" / "manifest.csv").read_text(encoding="utf-8").splitlines()[0]
    lines = [f"{name}.html,三门峡市人民政府,411200,city,2019,published,公报," for name in ("refused", "missing")]
    data.manifest.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    (data.raw / "refused.html").write_text("x", encoding="utf-8")
    monkeypatch.setattr("pipeline.raw.file_state.sha256", lambda _: "")
    entries = [e for p in read_inventory(data, load_register(data.raw), ()).values() for e in p.entries]
    sentences = {e.source.report_id: say(e.fault.code, "zh", **e.fault.values) for e in entries if e.fault}
    assert "没有权限" in sentences["refused.html"]
    assert "不存在" in sentences["missing.html"]


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "a/b"), "不存在，请检查名称和路径（a/b）", "does not exist"),
        (PermissionError(errno.EACCES, "Permission denied"), "没有权限", "permission denied"),
        (OSError(errno.ENOSPC, "No space left"), "磁盘已满", "disk is full"),
        (OSError("first line\nsecond line"), "系统报告 first line。", "reports first line."),
    ],
)
def test_error_of_the_system_is_explained_in_both_languages(error: OSError, zh: str, en: str) -> None:
    assert zh in say("query.disk", "zh", error=error)
    assert en in say("query.disk", "en", error=error)


def test_columns_are_aligned_by_the_width_of_characters(folder: Path) -> None:
    ((_, text),) = run_in(folder, "zh", [["simulate", "--help"]])
    rows = [re.match(r"  (--?\S+(?:, --\w+)?(?: \S+)?)  +", line) for line in text.splitlines()]
    assert len({display_width(row.group()) for row in rows if row}) == 1
    assert sum(row is not None for row in rows) > 8


@pytest.mark.parametrize("width", [12, 20, 33, 50])
def test_chinese_lines_break_between_characters_and_not_before_punctuation(width: int) -> None:
    text = "汇总数（compiled）或该市自己报告的数（reported） [默认 compiled]；读入 JSON 案例，输出“JSON”结果。"
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(display_width(line) <= width + 2 for line in lines)
    assert not any(line[0] in "，。；）”" or line[-1] in "（“[" for line in lines)


def test_every_command_is_in_exactly_one_group() -> None:
    modules = [p.stem for p in (ROOT / "pipeline" / "cli").glob("*.py") if "\ndef command(" in p.read_text("utf-8")]
    assert len(modules) > 10
    assert Counter(name for names in GROUPS.values() for name in names) == Counter(modules)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_lists_the_commands_under_the_heading_of_their_group(tmp_path: Path, lang: str) -> None:
    lines = ogi_in(tmp_path, "--help", "--lang", lang).stdout.splitlines()
    starts = [lines.index(say(f"help.group.{group}", lang) + ":") for group in GROUPS]
    assert starts == sorted(starts)
    for start, end, names in zip(starts, [*starts[1:], len(lines)], GROUPS.values(), strict=True):
        listed = [line.split()[0] for line in lines[start + 1 : end] if line[:2] == "  " and line[2:3].strip()]
        assert listed == list(names)


def test_ledger_that_may_not_be_read_is_not_called_damaged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "runs.parquet")

    monkeypatch.setattr("pipeline.cli.history.read_revisions", refuse)
    result = ogi_here(folder, "history", "--data", "folder")
    assert result.returncode == 3
    assert "没有权限" in result.stderr
    assert "损坏" not in result.stderr
