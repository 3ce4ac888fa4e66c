"""The score sheet: points by the rubric, unknown is not zero, ranks, evidence, the workbook, the command."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from support.project import ogi_here

from pipeline.core.model import ProjectFault
from pipeline.publish.score.rubric import SHIPPED, Item, read_rubric
from pipeline.publish.score.score import BodyScore, ItemScore, _rank

TEXTS = {"zh": "项", "en": "item"}


def item(each: str | None = None, points: str = "10") -> Item:
    return Item("error", Decimal(points), Decimal(each) if each else None, TEXTS, TEXTS)


def body(name: str, *scores: tuple[str, str | None]) -> BodyScore:
    """Return the score of a body from (possible points, points)."""
    items = tuple(ItemScore(item(points=p), None, Decimal(got) if got else None, ()) for p, got in scores)
    return BodyScore(name, name, "county", "published", items)


@pytest.mark.parametrize(
    ("each", "problems", "points"), [(None, 0, 10), (None, 1, 0), ("2.5", 1, 7.5), ("2.5", 9, 0), ("3", None, None)]
)
def test_points_of_an_item(each: str | None, problems: int | None, points: float | None) -> None:
    assert item(each).score(problems) == points


def test_unknown_item_counts_neither_for_nor_against() -> None:
    score = body("a", ("20", "15"), ("10", None))
    assert [score.points, score.possible, score.percent] == [15, 20, 75]
    assert body("b", ("10", None)).percent == 0


def test_equal_scores_share_a_rank() -> None:
    ranked = _rank([body("c", ("10", "5")), body("a", ("10", "9")), body("b", ("20", "18")), body("d", ("10", "1"))])
    assert [(s.body, s.rank) for s in ranked] == [("a", 1), ("b", 1), ("c", 3), ("d", 4)]


def test_shipped_rubric_gives_a_hundred_points() -> None:
    rubric = read_rubric()
    assert sum(i.points for i in rubric.items) == 100
    assert len({i.measure for i in rubric.items}) == len(rubric.items)
    assert all(i.why["zh"] and i.why["en"] for i in rubric.items)


@pytest.mark.parametrize(
    "content",
    [
        "", "zh: 表\nitems: []", "zh: 表\nitems:\n- {measure: errors, points: 1, zh: 项}", "items: [1]", "zh: [", "- 1",
        "zh: 表\nitems:\n- {measure: error, points: -1, zh: 项}",
        "zh: 表\nitems:\n- {measure: error, points: x, zh: 项}",
        "zh: 表\nitems:\n- {measure: error, points: 1}", "zh: 表\nitems:\n- {measure: error, points: .nan, zh: 项}",
        "!!python/object/apply:os.system [true]",
    ],
)  # fmt: skip
def test_rubric_that_is_not_valid_names_the_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rubric.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ProjectFault, match=r"rubric\.yaml"):
        read_rubric(path)


@pytest.mark.slow
def test_command_ranks_the_members_with_evidence(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheets"
    options = ["--city", "411200", "--year", "2019", "--lang", "en"]
    result = ogi_here(built, "score", *options, "--json", "--out", str(out))
    assert result.returncode == 0, result.stderr
    rows = json.loads(result.stdout)
    assert {row["body_id"] for row in rows} >= {"411200", "411202", "411200-finance"}
    ranks = [row["rank"] for row in rows]
    assert ranks == sorted(ranks)
    late = [item for item in rows[0]["items"] if item["measure"] == "late"]
    assert late[0]["points"] is None, "these reports have no date of publication"
    section = next(i for i in rows[0]["items"] if i["measure"] == "structure.section")
    assert section["problems"] == len(section["evidence"])
    absent = next((row for row in rows if row["provenance"] is None), None)
    if absent:
        assert (absent["points"], absent["possible"]) == (0, 20)
    (path,) = out.iterdir()
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book.sheetnames == ["Ranking", "Evidence", "Rubric"]
    assert book["Ranking"].max_row == 3 + len(rows)
    again = ogi_here(built, "score", *options, "--out", str(out))
    assert again.returncode == 0, "the same data give the same bytes"


@pytest.mark.slow
def test_changed_rubric_changes_the_points(built: Path, tmp_path: Path) -> None:
    rubric = tmp_path / "own.yaml"
    rubric.write_text(
        "zh: 我市评分表\nitems:\n- {measure: structure.section, points: 6, each: 1, zh: 齐全}\n", encoding="utf-8"
    )
    result = ogi_here(built, "score", "--city", "411200", "--year", "2019", "--rubric", str(rubric), "--json")
    assert result.returncode == 0, result.stderr
    assert {row["possible"] for row in json.loads(result.stdout)} <= {0, 6}
    missing = ogi_here(built, "score", "--city", "411200", "--year", "2019", "--rubric", str(tmp_path / "no.yaml"))
    assert missing.returncode == 2
    assert SHIPPED.is_file()
