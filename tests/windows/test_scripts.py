"""Test the scripts for Windows as far as they can be without it: bytes, quoting, and the names that they use."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from support.project import ROOT

from pipeline.cli.main import ogi

FOLDER = ROOT / "deploy" / "windows"
SCRIPTS = sorted(path for path in FOLDER.iterdir() if path.suffix in (".bat", ".ps1"))
BATCH_FILES = [path for path in SCRIPTS if path.suffix == ".bat"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_lines_end_as_windows_needs(path: Path) -> None:
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 3
    assert content.endswith(b"\r\n")
    assert "* -text" in (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", BATCH_FILES, ids=lambda path: path.name)
def test_batch_file_is_ascii_and_sets_utf_8(path: Path) -> None:
    lines = path.read_bytes().decode("ascii").splitlines()  # cmd.exe reads other bytes in the old code page
    assert lines[0] == "@echo off"
    commands = [line for line in lines[1:] if not line.startswith("rem ")]
    assert commands[0] == "chcp 65001 >nul"


@pytest.mark.parametrize("path", [p for p in SCRIPTS if p.suffix == ".ps1"], ids=lambda path: path.name)
def test_powershell_file_has_a_mark_and_closed_brackets(path: Path) -> None:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")  # else Windows PowerShell 5.1 reads GBK
    text = re.sub(r"'[^'\n]*'|#[^\n]*", "", content.decode("utf-8-sig"))
    assert all(text.count(opening) == text.count(closing) for opening, closing in ("()", "{}", "[]"))
    assert text.count('"') % 2 == 0


@pytest.mark.parametrize("path", BATCH_FILES, ids=lambda path: path.name)
def test_paths_are_quoted(path: Path) -> None:
    text = path.read_bytes().decode("ascii")
    for line in text.splitlines():
        if not line.startswith("rem "):
            assert "!" not in line or line == 'set "OGI_DROPPED=!cmdcmdline!"'
            for variable in re.finditer(r"%(?:~dp0|OGI%|LOCALAPPDATA%)", line):
                assert line[: variable.start()].count('"') % 2 == 1, line


@pytest.mark.parametrize("path", BATCH_FILES, ids=lambda path: path.name)
def test_files_that_a_script_calls_are_next_to_it(path: Path) -> None:
    for name in re.findall(r"%~dp0([\w.-]+\.ps1)", path.read_bytes().decode("ascii")):
        assert (FOLDER / name).is_file()


def test_dropped_names_are_passed_on_without_being_parsed() -> None:
    text = (FOLDER / "核对.bat").read_bytes().decode("ascii")
    commands = [line for line in text.splitlines() if not line.startswith("rem ")]
    assert "%*" not in text
    assert 'set "OGI_DROPPED=!cmdcmdline!"' in commands
    assert commands[-1] == "exit"  # else cmd.exe runs the rest of a name after an ampersand


@pytest.mark.parametrize(
    ("line", "files"),
    [
        (r'cmd.exe /c ""D:\公开\核对.bat" D:\a.docx"', [r"D:\a.docx"]),
        (
            r'cmd.exe /c ""D:\有 空格\核对.bat" "D:\有 空格\a b.docx" D:\c&d.pdf"',
            [r"D:\有 空格\a b.docx", r"D:\c&d.pdf"],
        ),
        (r'cmd.exe /c ""D:\核对.bat" "D:\a (1)!.docx" "', [r"D:\a (1)!.docx"]),
        (r'cmd.exe /c ""D:\核对.bat" "', []),
    ],
)
def test_command_line_is_taken_apart(line: str, files: list[str]) -> None:
    script = (FOLDER / "check.ps1").read_text(encoding="utf-8-sig")
    (pattern,) = re.findall(r"Matches\(\$rest, '([^']+)'\)", script)
    rest = line[line.index("核对.bat") + len("核对.bat") :].lstrip('"')
    assert [quoted or plain for quoted, plain in re.findall(pattern, rest)] in (files, [*files, ""])


def test_commands_and_options_exist() -> None:
    text = "\n".join(path.read_bytes().decode("utf-8-sig") for path in SCRIPTS)
    calls = re.findall(r'^(?:"%OGI%"|& \$ogi) ([a-z]+)([^\n]*)', text, re.MULTILINE)
    assert {name for name, _ in calls} == {"check", "desk"}
    for name, rest in calls:
        command = ogi.get_command(click.Context(ogi), name)
        assert command
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z]+", rest)) <= known
