"""Test the help of `ogi`: its commands are grouped by their users."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from support.project import ROOT, ogi_in

from pipeline.cli.main import GROUPS
from pipeline.core.messages import say


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
