"""Test the sentences about findings: names of both sides of a rule, and of many cells."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.core.cell_names import cells_name
from pipeline.core.form import forms
from pipeline.core.messages import LANGUAGES, message_lines
from pipeline.core.sentences import sentence, sides_wording
from pipeline.core.soft_findings import SOFT_EDITS

FORM = forms()["2021"]
SIDES = {"place": "applications/new/total", "lhs": Decimal(130), "rhs": Decimal(150), "difference": Decimal(-20)}
# Their sides have other names: prose and table; or they have no sides.
WITHOUT_EQUATION = {"check.narrative.scope", "check.regulations.zero", "check.table.repeated"}


def equations(lang: str) -> list[str]:
    """Return the wordings of all rules with two sides."""
    of_forms = [i.zh if lang == "zh" else i.en for form in forms().values() for i in form.identities]
    families = ("year", "peer", "report", "regulations", "city", "narrative", "table")
    checks = {code: lines[lang] for code, lines in message_lines().items() if code.startswith("check.")}
    named = {c: w for c, w in checks.items() if c.count(".") == 2 and c.split(".")[1] in families}
    soft = {f"check.{name}" for name in SOFT_EDITS}
    return of_forms + [wording for code, wording in named.items() if code not in WITHOUT_EQUATION | soft]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_names_both_of_its_sides(lang: str) -> None:
    unnamed = sides_wording("", SIDES, "2021", lang).split("130")[0]
    for rule in equations(lang):
        assert not sides_wording(rule, SIDES, "2021", lang).startswith(unnamed), rule


def test_sides_have_the_names_and_units_of_the_rule() -> None:
    failed = SIDES | {"identity": "app.row_total", "note": ""}
    assert sentence(failed, "2021", "zh").endswith(
        "：总计应等于六类申请人之和。现在总计是 130，六类申请人之和是 150，相差 20。"
        "请核对，改正有误的一处；都没有错的，请说明。"
    )
    prose = failed | {"identity": "narrative.share", "note": "占100%"}
    assert "（原文：“占100%”）" in sentence(prose, "2021", "zh")
    assert "原文" not in sentence(failed | {"note": "占100%"}, "2021", "zh")
    money = SIDES | {"place": "proactive/fees/amount"}
    assert "130 万元" in sides_wording("甲应等于乙", money, "2021", "zh")


def test_sides_without_a_name_are_the_prose_and_the_table_or_two_sides() -> None:
    assert sides_wording("口径可能不同", SIDES, "2021", "zh") == "一边是 130，另一边是 150，相差 20"
    prose = SIDES | {"identity": "narrative.scope"}
    assert sides_wording("口径可能不同", prose, "2021", "zh") == "正文是 130，表中是 150，相差 20"


def test_whole_rows_are_named_before_single_cells() -> None:
    row = [f"applications/granted/{column}" for column in FORM.tables["applications"].columns]
    name = cells_name(FORM, [*row, "applications/new/total"], "zh")
    assert name == "「（一）予以公开」一行、「一、本年新收政府信息公开申请数量」的总计（共 8 格）"
    many = [f"applications/{row}/total" for row in FORM.tables["applications"].rows]
    assert cells_name(FORM, many, "zh").endswith(f"等 {len(many)} 格")
