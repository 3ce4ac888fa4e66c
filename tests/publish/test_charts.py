"""Test that charts fit the page for one body and for 3,000, and show nothing that the data do not say."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pipeline as ogi
from pipeline.publish import charts
from pipeline.publish.charts.growth import _steps
from pipeline.publish.charts.series import _with_predecessors

pytestmark = pytest.mark.slow

MAX_HEIGHT = 700
MAX_WIDTH = 1100
BREAKS = pd.DataFrame({"year": [2019, 2021], "form": ["2019", "2021"]})
Draw = Callable[[pd.DataFrame], Any]


def figures(bodies: int) -> pd.DataFrame:
    """Return figures of the same kind for a number of bodies over eight years; every other body is simulated."""
    rng = random.Random(7)
    rows = []
    for number in range(bodies):
        size = 1 + int(rng.lognormvariate(3, 1.4))
        for year in range(2016, 2024) if bodies < 100 else (2023,):
            granted = rng.randint(0, size)
            rows.append({
                "body": f"第{number}县人民政府", "year": year, "value": size, "numerator": granted, "denominator": size,
                "basis": "reported", "unit": "件", "series": 1 if year < 2019 else 2, "kind": f"第{number % 5}类",
                "group": f"第{number % 20}组", "parent": f"第{number}市", "loaded": granted, "expected": size,
                "status": rng.choice(("loaded", "absent", "quarantined")), "before": granted,
                "members": f"第{number}县", "label": f"第{number}县 {year}", "change": granted - size / 2,
                "members_counted": granted, "members_expected": size,
                "provenance": ("published", "simulated")[number % 2],
            })  # fmt: skip
    return pd.DataFrame(rows)


DRAWINGS: dict[str, Draw] = {
    "series": lambda f: charts.series(f, BREAKS, "序列", "x"),
    "shares": lambda f: charts.shares(f, BREAKS, "kind", "构成", "x"),
    "rates": lambda f: charts.rates(f, "label", "比率", "x"),
    "pairs": lambda f: charts.pairs(f, "label", ("before", "value"), ("前", "后"), "两数", "x", "件"),
    "funnel": lambda f: charts.funnel(f, "漏斗图", "x"),
    "distribution": lambda f: charts.distribution(f, "件", "分布", "x"),
    "waterfall": lambda f: charts.waterfall(f, 1000.0, "件", "增减", "x"),
    "states": lambda f: charts.states(f, "报告", "x"),
    "coverage": lambda f: charts.coverage(f, "覆盖", "x"),
    "bars": lambda f: charts.bars(f, "label", "value", "kind", "条", "x"),
}


def svg(drawing: Any) -> str:
    """Return a chart as SVG."""
    return str(drawing._repr_mimebundle_()["image/svg+xml"])


def size(text: str) -> tuple[float, float]:
    match = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    assert match
    return float(match[1]), float(match[2])


def points_outside(text: str) -> Iterator[str]:
    """Yield the points that are outside the frame of a chart with one frame."""
    frame = re.search(r'class="background" aria-hidden="true" d="M0.5,0.5h([\d.]+)v([\d.]+)', text)
    assert frame
    width, height = map(float, frame.groups())
    for marks in re.findall(r'class="mark-symbol role-mark.*?</g>', text):
        for x, y in re.findall(r'transform="translate\(([-\d.]+),([-\d.]+)\)"', marks):
            if not (0 <= float(x) <= width and 0 <= float(y) <= height):
                yield f"{x},{y}"


@pytest.mark.parametrize("bodies", [1, 40, 3000])
@pytest.mark.parametrize("name", DRAWINGS)
def test_chart_fits_the_page_and_has_all_points_in_its_frame(name: str, bodies: int) -> None:
    text = svg(DRAWINGS[name](figures(bodies)))
    width, height = size(text)
    assert height <= MAX_HEIGHT
    assert width <= MAX_WIDTH
    assert list(points_outside(text)) == []
    assert "模拟" in text
    assert text == svg(DRAWINGS[name](figures(bodies)))


@pytest.mark.parametrize("name", DRAWINGS)
def test_chart_without_figures_says_so(name: str) -> None:
    assert "没有数据" in svg(DRAWINGS[name](figures(1).iloc[:0]))


def test_number_of_omitted_rows_is_in_the_title() -> None:
    assert "共 3,000 行，前 28 行" in svg(DRAWINGS["rates"](figures(3000)))


def test_axis_of_small_counts_has_whole_numbers() -> None:
    frame = pd.DataFrame({"label": ["甲"], "value": [1], "kind": ["乙"], "provenance": ["published"]})
    texts = re.findall(r"<text[^>]*>(\d[^<]*)</text>", svg(DRAWINGS["bars"](frame)))
    assert texts == ["0", "1"]


def test_line_is_interrupted_where_the_series_breaks_or_a_year_is_missing() -> None:
    frame = pd.DataFrame(
        {"line": "甲", "year": [2017, 2018, 2019, 2023], "series": [1, 1, 2, 2], "value": [1, 2, 3, 4]}
    )
    assert list(_with_predecessors(frame)["joined"]) == [False, True, False, False]
    broken = figures(1)
    assert "口径改变" in svg(DRAWINGS["series"](broken))
    assert "口径改变" not in svg(DRAWINGS["series"](broken.assign(series=1)))


def test_incomplete_sums_show_their_members() -> None:
    frame = figures(1).assign(basis="compiled", members_counted=3, members_expected=7)
    assert "（3/7）" in svg(DRAWINGS["series"](frame))


def test_steps_of_the_waterfall_add_up_to_the_total() -> None:
    frame = figures(60).query("year == 2023")
    frame.loc[frame.index[:3], "change"] = None
    steps = _steps(frame, frame[frame["change"].notna()], 500.0)
    assert len(steps) == 14
    assert steps[0][1] == 500.0
    assert [end for *_, end in steps[:-1]] == [start for _, start, _ in steps[1:]]
    assert steps[-1][2] == pytest.approx(frame["value"].sum())


def test_intervals_are_those_of_the_saved_query(built: Path) -> None:
    ranking = ogi.open(built / "data").query("ranking", measure="granted_share")
    assert len(ranking) >= 6
    for row in ranking.to_dict("records"):
        assert charts.wilson(row["numerator"], row["denominator"]) == pytest.approx((row["low"], row["high"]), abs=0.02)


def test_interval_of_no_and_of_all_cases_stays_within_0_and_100() -> None:
    assert charts.wilson(0, 1) == pytest.approx((0, 79.35), abs=0.01)
    assert charts.wilson(1, 1) == pytest.approx((20.65, 100), abs=0.01)
