"""Test the plan of a run: the id of the snapshot depends on everything that can change the published data."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.paths import Data
from pipeline.job.plan import make_plan


def test_newly_installed_tool_changes_the_snapshot_id(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_plan(Data(ready / "data")).id
    monkeypatch.setattr("pipeline.job.plan.installed_tools", lambda: ())
    assert make_plan(Data(ready / "data")).id != before
