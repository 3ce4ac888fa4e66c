"""Test the files in `deploy/`: their commands exist, run in a new project, and systemd accepts them."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from support.project import ROOT

from pipeline.cli.main import ogi

pytestmark = pytest.mark.slow

DEPLOY = ROOT / "deploy"


def ogi_arguments(text: str) -> list[list[str]]:
    """Return the arguments of each call of `.venv/bin/ogi` in a text."""
    return [m.split() for m in re.findall(r"\.venv/bin/ogi ([\w .-]+?)(?: >>|\n|$)", text)]


def test_units_and_cron_line_name_existing_commands_and_options() -> None:
    service, timer = (configparser.ConfigParser(strict=False, interpolation=None) for _ in range(2))
    service.optionxform = timer.optionxform = str  # type: ignore[assignment,method-assign]
    service.read(DEPLOY / "ogi.service", encoding="utf-8")
    timer.read(DEPLOY / "ogi.timer", encoding="utf-8")
    assert timer["Timer"]["Unit"] == "ogi.service"
    assert service["Service"]["SuccessExitStatus"] == "1"
    for name in ("ogi.service", "ogi.cron"):
        (arguments,) = ogi_arguments((DEPLOY / name).read_text(encoding="utf-8"))
        command = ogi.get_command(click.Context(ogi), arguments[0])
        assert command is not None
        options = {option for parameter in command.params for option in parameter.opts}
        assert {argument for argument in arguments if argument.startswith("--")} <= options


@pytest.mark.skipif(sys.platform == "win32", reason="cron runs a shell command")
def test_cron_line_runs_in_a_project_without_a_snapshot(project: Path) -> None:
    line = (DEPLOY / "ogi.cron").read_text(encoding="utf-8").splitlines()[-1]
    command = line.split(maxsplit=5)[5]
    program = project / ".venv" / "bin" / "ogi"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m pipeline.cli "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    result = subprocess.run(["sh", "-c", command], env=os.environ | {"OGI": str(project)}, check=False, timeout=300)
    assert result.returncode == 0
    lines = (project / "data" / "ogi.log").read_text(encoding="utf-8").splitlines()
    events = [json.loads(text) for text in lines if text.startswith("{")]
    assert events[-1]["stage"] == "end"


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is missing on this machine")
    for name in ("ogi.service", "ogi.timer"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/srv/ogi/.venv/bin/ogi", "/bin/true"), encoding="utf-8")
    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "ogi.service"), str(tmp_path / "ogi.timer")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
