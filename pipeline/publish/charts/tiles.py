"""Tiles per body and year, and bars per label: at most 28 rows."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pipeline.publish.charts.bodies import first_rows
from pipeline.publish.charts.style import (
    PALETTE,
    STATE_COLOURS,
    STATES,
    WIDTH,
    Drawing,
    heading,
    height,
    marked,
    nothing,
    number_axis,
    rows_axis,
    words,
)


def states(frame: pd.DataFrame, title: str, english: str) -> Drawing:
    """Draw a tile per body and year. Takes columns `body`, `year`, `status` and `provenance`, as `coverage` has them.

    A tile is coloured by the provenance of the loaded report; another report is quarantined, or absent.
    """
    if frame.empty:
        return nothing(title, english)
    names, title = first_rows(frame.drop_duplicates("body"), title)
    frame = frame[frame["body"].isin(names["body"])].copy()
    loaded = words(frame).where(frame["status"] == "loaded")
    frame["state"] = loaded.fillna(frame["status"].map(STATES)).fillna("未报")
    return (
        alt.Chart(frame)
        .mark_rect(stroke="white")
        .encode(
            x=alt.X("year:O", title="年度", axis=alt.Axis(labelAngle=0, domain=False, ticks=False)),
            y=alt.Y("body:N", sort=None, axis=rows_axis()),
            color=alt.Color("state:N", title="数据性质", scale=STATE_COLOURS),
        )
        .properties(title=heading(frame, title, english), width=_years_width(frame, 60), height=height(len(names)))
    )


def coverage(frame: pd.DataFrame, title: str, english: str) -> Drawing:
    """Draw the share of reports that are loaded, by parent and year, with `n/N` in each tile.

    Takes columns `parent`, `year`, `loaded`, `expected`, `provenance`; the parents in their order, the first 28.
    """
    if frame.empty:
        return nothing(title, english)
    names, title = first_rows(frame.drop_duplicates("parent"), title)
    frame = frame[frame["parent"].isin(names["parent"])].copy()
    frame["share"] = frame["loaded"] / frame["expected"]
    frame["label"] = [
        marked(f"{n}/{of}", p) for n, of, p in zip(frame["loaded"], frame["expected"], frame["provenance"], strict=True)
    ]
    base = alt.Chart(frame).encode(
        x=alt.X("year:O", title="年度", axis=alt.Axis(labelAngle=0, domain=False, ticks=False)),
        y=alt.Y("parent:N", sort=None, axis=rows_axis()),
    )
    scale = alt.Scale(domain=[0, 1], scheme="blues")
    tiles = base.mark_rect(stroke="white").encode(
        color=alt.Color("share:Q", scale=scale, legend=None)  # the tiles have n/N as text
    )
    colour = alt.condition("datum.share > 0.5", alt.value("white"), alt.value("#333333"))
    labels = base.mark_text(fontSize=10).encode(text="label:N", color=colour)
    size = {"width": _years_width(frame, 96), "height": height(len(names))}
    return alt.layer(tiles, labels).properties(title=heading(frame, title, english), **size)


def _years_width(frame: pd.DataFrame, pixels: int) -> int:
    return min(900, pixels * frame["year"].nunique())


def bars(
    frame: pd.DataFrame, label: str, value: str, colour: str, title: str, english: str, unit: str = "条",
    order: Sequence[str] = (), palette: Sequence[str] = (),
) -> Drawing:  # fmt: skip
    """Draw a stacked bar per label, in the order of the frame. `label`, `value` and `colour` name its columns."""
    if frame.empty:
        return nothing(title, english)
    names, title = first_rows(frame.drop_duplicates(label), title)
    frame = frame[frame[label].isin(names[label])].copy()
    order = list(order or dict.fromkeys(frame[colour]))
    frame["rank"] = frame[colour].map({name: number for number, name in enumerate(order)})
    scale = alt.Scale(domain=order, range=list(palette or PALETTE)[: len(order)])
    return (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X(f"{value}:Q", axis=number_axis(unit)),
            y=alt.Y(f"{label}:N", sort=None, axis=rows_axis()),
            color=alt.Color(f"{colour}:N", title=None, scale=scale),
            order=alt.Order("rank:Q"),
        )
        .properties(title=heading(frame, title, english), width=WIDTH, height=height(len(names)))
    )
