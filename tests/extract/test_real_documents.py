"""Read the real documents, the variants of one report, and the renderings of page text, next to their truth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.real_documents import Reading, Score, real_documents, score_cells, take

pytestmark = pytest.mark.slow

NO_FORM_THERE = {"q_form.pdf"}  # it has no form field, so that a person sees a blank too
MIN_CELLS_RIGHT, MIN_BODIES_RIGHT, MIN_FIGURES_RIGHT = 0.97, 0.95, 0.95


@pytest.fixture(scope="module")
def readings(shared: Path) -> list[tuple[str, Reading, dict[str, Any]]]:
    """Return the name, reading and truth of each real document."""
    return [(path.stem, take(path), truth) for path, truth in real_documents(shared)]


def test_cells_of_real_documents_are_right_or_named(readings: list[tuple[str, Reading, dict[str, Any]]]) -> None:
    score = Score()
    for name, reading, truth in readings:
        score_cells(name, reading, truth["cells"], score)
    assert score.silent == []
    assert score.right >= MIN_CELLS_RIGHT * score.total


def test_no_real_document_is_taken_for_another_body_or_year(
    readings: list[tuple[str, Reading, dict[str, Any]]],
) -> None:
    bodies = [(r.body, truth["body"], "who.body" in r.questions) for _, r, truth in readings]
    assert [found for found, body, is_asked in bodies if found not in (None, body) and not is_asked] == []
    assert sum(found == body for found, body, _ in bodies) >= MIN_BODIES_RIGHT * len(bodies)
    assert [r.year for _, r, truth in readings] == [truth["year"] for _, _, truth in readings]


def test_figures_of_real_documents_are_right_and_none_is_false(
    readings: list[tuple[str, Reading, dict[str, Any]]],
) -> None:
    right, wanted, wrong = 0, 0, []
    for name, reading, truth in readings:
        expected = {row: Decimal(str(v)) for row, v in truth.get("figures", {}).items() if v is not None}
        wanted += len(expected)
        right += sum(value in reading.figures.get(row, set()) for row, value in expected.items())
        wrong += [(name, row, values) for row, values in reading.figures.items() if values - {expected.get(row)}]
    assert wrong == []
    assert right >= MIN_FIGURES_RIGHT * wanted


def test_no_variant_is_silently_wrong(shared: Path) -> None:
    folder = shared / "variants"
    truth: Mapping[str, object] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["cells"]
    score = Score()
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".json", ".md") and path.name not in NO_FORM_THERE:
            score_cells(path.name, take(path), truth, score)
    assert score.silent == []


def test_every_rendering_of_page_text_is_read(shared: Path) -> None:
    truth = json.loads((shared / "real" / "renderings-truth.json").read_text(encoding="utf-8"))["cells"]
    for path in sorted((shared / "real" / "renderings").iterdir()):
        score = Score()
        score_cells(path.name, take(path), truth, score)
        assert score.right == score.total, path.name
