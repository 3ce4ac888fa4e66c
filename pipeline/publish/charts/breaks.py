"""The axis of years, and the lines where a form begins or a series breaks."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from pipeline.publish.charts.style import GREY

MAX_TICKS = 12
RED = "#c43c39"


def year_axis(frame: pd.DataFrame, column: str = "year") -> alt.X:
    """Return the axis of the years of a frame; at most 12 of them have a label."""
    first, last = int(frame["year"].min()), int(frame["year"].max())
    step = 1 + (last - first) // MAX_TICKS
    axis = alt.Axis(format="d", values=list(range(first, last + 1, step)), grid=False, title="年度")
    return alt.X(f"{column}:Q", scale=alt.Scale(domain=[first - 0.6, last + 0.6], nice=False), axis=axis)


def form_rules(frame: pd.DataFrame, breaks: pd.DataFrame) -> list[alt.Chart]:
    """Return a vertical line with a label where a form begins, between the first and the last year of a frame.

    The line is red where an indicator of the frame counts otherwise than before.
    """
    inside = breaks[(breaks["year"] > frame["year"].min()) & (breaks["year"] <= frame["year"].max())]
    if inside.empty:
        return []
    broken = broken_years(frame, breaks)
    colours = [RED if year in broken else GREY for year in inside["year"]]
    lines = pd.DataFrame({"x": inside["year"] - 0.5, "text": inside["form"] + " 表式", "colour": colours})
    base = alt.Chart(lines).encode(x=year_axis(frame, "x"), color=alt.Color("colour:N", scale=None))
    text: Any = {"fontSize": 10, "baseline": "top", "dy": 4}
    labels = (base.mark_text(**text, stroke="white", strokeWidth=3), base.mark_text(**text))
    return [
        base.mark_rule(strokeDash=[3, 3]),
        *(label.encode(text="text:N", y=alt.value(0)) for label in labels),
    ]


def broken_years(frame: pd.DataFrame, breaks: pd.DataFrame) -> set[int]:
    """Return the first years of the forms with which a series of the frame breaks; none without a column `series`."""
    if "series" not in frame:
        return set()
    keys = [name for name in ("line", "body", "reason") if name in frame]
    ordered = frame.dropna(subset=["series"]).sort_values("year").reset_index(drop=True)
    before = ordered.groupby(keys)[["year", "series"]].shift()
    changed = ordered[before["series"].notna() & (before["series"] != ordered["series"])]
    spans = list(zip(before["year"].loc[changed.index], changed["year"], strict=True))
    return {year for year in breaks["year"] if any(first < year <= last for first, last in spans)}


def break_note(frame: pd.DataFrame, breaks: pd.DataFrame) -> str:
    """Return what the vertical lines of a chart mean, an empty text where it has none."""
    if not ((breaks["year"] > frame["year"].min()) & (breaks["year"] <= frame["year"].max())).any():
        return ""
    return "竖线：新表式；红线：口径改变，前后不可比" if broken_years(frame, breaks) else "竖线：新表式"
