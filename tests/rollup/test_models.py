"""Test the models: the SQL files of the roll-up, their order, their checks, and the refusal of wrong files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import SQL
from pipeline.rollup.models import models


def test_models_run_after_the_models_that_they_read() -> None:
    order = [m.name for m in models()]
    for model in models():
        assert all(order.index(r) < order.index(model.name) for r in model.reads if r in order)
    assert {p.stem for d in ("steps", "rollup", "publish", "checks") for p in (SQL / d).glob("*.sql")} == set(order)


def test_check_contains_its_identity_which_no_form_has() -> None:
    checks = [model for model in models() if model.folder == "checks"]
    statutory = {identity.id for form in forms().values() for identity in form.identities}
    for check in checks:
        assert f"'{check.identity}' AS identity" in check.sql
        assert check.identity not in statutory
    assert len(checks) > 9


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-- One row per thing\nSELECT * FROM nowhere", "nowhere"),
        ("SELECT 1", "One row"),
        ("-- One row per thing\nSELECT 1; SELECT 2", "one SELECT"),
        ("-- One row per thing\nDROP TABLE cells", "one SELECT"),
        ("-- One row per thing\n-- Looks back one year.\nSELECT * FROM sums", "must look back too"),
    ],
)
def test_wrong_sql_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    shutil.copytree(SQL, tmp_path / "sql")
    (tmp_path / "sql" / "rollup" / "wrong.sql").write_text(text, encoding="utf-8")
    with pytest.raises(ProjectFault, match=message):
        models(tmp_path / "sql")
