"""Charts of the parts of a total over the years."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pipeline.publish.charts.breaks import break_note, form_rules, year_axis
from pipeline.publish.charts.style import PALETTE, SIMULATED, Drawing, amount, heading, nothing, words

MAX_PANELS = 4
MAX_PANELS_OF_MANY_YEARS = 2
MANY_YEARS = 6
PANEL_WIDTH = 400
BAR = 0.32  # half the width of a bar, in years
SMALLEST_LABELLED = 6  # percent: the label of a smaller part does not fit


def shares(
    frame: pd.DataFrame, breaks: pd.DataFrame, category: str, title: str, english: str, order: list[str] | None = None
) -> Drawing:
    """Draw the parts of a total over the years, in percent: a panel per body, for the 2 to 4 largest.

    Takes columns `year`, `body`, `value`, `provenance` and the named `category`. A part that is unknown is left out.
    The number above a bar is the sum of the known parts.
    """
    frame = frame[frame["value"].notna()].reset_index(drop=True)
    frame = frame.assign(total=frame.groupby(["body", "year"])["value"].transform("sum"))
    frame = frame[frame["total"] > 0]
    if frame.empty:
        return nothing(title, english)
    order = order or list(frame.groupby(category)["value"].sum().sort_values(ascending=False).index)
    frame = _stacked(frame.assign(rank=frame[category].map({name: rank for rank, name in enumerate(order)})))
    panels = MAX_PANELS if frame["year"].nunique() < MANY_YEARS else MAX_PANELS_OF_MANY_YEARS
    bodies = frame.groupby("body")["total"].max().sort_values(ascending=False, kind="stable").index[:panels]
    frame = frame[frame["body"].isin(bodies)]
    drawn = [_panel(frame[frame["body"] == body], breaks, category, order) for body in bodies]
    return alt.hconcat(*drawn, title=heading(frame, title, english, break_note(frame, breaks)))


def _stacked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the parts with the places of their bars and labels."""
    frame = frame.sort_values(["body", "year", "rank"])
    frame["share"] = 100 * frame["value"] / frame["total"]
    frame["end"] = frame.groupby(["body", "year"])["share"].cumsum()
    frame["start"] = frame["end"] - frame["share"]
    frame["middle"] = (frame["start"] + frame["end"]) / 2
    frame["left"], frame["right"] = frame["year"] - BAR, frame["year"] + BAR
    frame["percent"] = [f"{share:.0f} %" if share >= SMALLEST_LABELLED else "" for share in frame["share"]]
    frame["hollow"] = words(frame).isin(SIMULATED)
    frame["sum"] = [amount(t) + ("（模拟）" if h else "") for t, h in zip(frame["total"], frame["hollow"], strict=True)]
    return frame


def _panel(rows: pd.DataFrame, breaks: pd.DataFrame, category: str, order: list[str]) -> Drawing:
    ticks = alt.Axis(title="%", values=[0, 25, 50, 75, 100])
    y = alt.Y("start:Q", scale=alt.Scale(domain=[0, 118], nice=False), axis=ticks)
    colour = alt.Color(f"{category}:N", title=None, sort=order, scale=alt.Scale(domain=order, range=PALETTE))
    opacity = alt.condition("datum.hollow", alt.value(0.65), alt.value(1))
    bars = alt.Chart(rows).mark_rect(stroke="white").encode(
        x=year_axis(rows, "left"), x2="right:Q", y=y, y2="end:Q", color=colour, opacity=opacity
    )  # fmt: skip
    inside = alt.Chart(rows).mark_text(fontSize=10, color="white")
    above = alt.Chart(rows.drop_duplicates("year")).mark_text(fontSize=10, dy=-7)
    texts = [
        inside.encode(x=year_axis(rows), y="middle:Q", text="percent:N"),
        above.encode(x=year_axis(rows), y=alt.datum(100), text="sum:N"),
    ]
    years = int(rows["year"].max() - rows["year"].min() + 1)
    width = min(PANEL_WIDTH, 60 + 70 * years)
    layers = alt.layer(bars, *texts, *form_rules(rows, breaks))
    return layers.properties(title=str(rows["body"].iloc[0]), width=width, height=280)
