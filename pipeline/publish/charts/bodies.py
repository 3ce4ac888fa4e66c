"""Charts with a row per body: at most 28 rows, and a note on the number of the others."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pipeline.publish.charts.intervals import wilson
from pipeline.publish.charts.style import (
    GREY,
    MAX_ROWS,
    PALETTE,
    SIMULATED,
    WIDTH,
    Drawing,
    amount,
    heading,
    height,
    hollow_note,
    nothing,
    number_axis,
    row_labels,
    rows_axis,
    words,
)


def first_rows(frame: pd.DataFrame, title: str) -> tuple[pd.DataFrame, str]:
    """Return the first rows that a chart can show, and the title, which says of how many rows they are the first."""
    if len(frame) <= MAX_ROWS:
        return frame, title
    return frame.iloc[:MAX_ROWS], f"{title}（共 {len(frame):,} 行，前 {MAX_ROWS} 行）"


def pairs(
    frame: pd.DataFrame,
    label: str,
    ends: tuple[str, str],
    names: tuple[str, str],
    title: str,
    english: str,
    unit: str,
    digits: int = 0,
) -> Drawing:
    """Draw two numbers per row as two points joined by a line, with their difference.

    The rows with the largest differences are drawn. `ends` are the columns and `names` their names in the legend.
    """
    first, second = ends
    frame = frame[frame[first].notna() & frame[second].notna()].copy()
    if frame.empty:
        return nothing(title, english)
    frame["gap"] = frame[second] - frame[first]
    frame = frame.sort_values("gap", key=abs, ascending=False, kind="stable")
    frame, title = first_rows(frame, title)
    frame["row"] = row_labels(frame, label)
    frame["note"] = [
        f"{amount(a, digits)} → {amount(b, digits)}" for a, b in zip(frame[first], frame[second], strict=True)
    ]
    frame["right"] = frame[[first, second]].max(axis=1)
    top = max(1.0, float(frame["right"].max())) * 1.3
    scale = alt.Scale(domain=[-0.02 * top, top], nice=False)
    y = alt.Y("row:N", sort=None, axis=rows_axis())
    base = alt.Chart(frame).encode(y=y)
    long = pd.concat([frame[["row"]].assign(end=name, value=frame[end]) for end, name in zip(ends, names, strict=True)])
    points = alt.Chart(long).mark_point(size=70, strokeWidth=2, opacity=1).encode(
        x=alt.X("value:Q", scale=scale, axis=number_axis(unit)), y=y,
        color=alt.Color("end:N", title=None, scale=alt.Scale(domain=list(names), range=["#b7791f", "#2b6cb0"])),
        shape=alt.Shape("end:N", title=None, scale=alt.Scale(domain=list(names), range=["circle", "cross"])),
    )  # fmt: skip
    lines = base.mark_rule(color=GREY).encode(x=alt.X(f"{first}:Q", scale=scale), x2=f"{second}:Q")
    notes = base.mark_text(align="left", dx=10, fontSize=10).encode(x=alt.X("right:Q", scale=scale), text="note:N")
    return alt.layer(lines, points, notes).properties(
        title=heading(frame, title, english), width=WIDTH, height=height(len(frame))
    )


def rates(frame: pd.DataFrame, label: str, title: str, english: str) -> Drawing:
    """Draw shares with their 95 % intervals (Wilson 1927), the largest denominators first.

    Takes columns `numerator`, `denominator`, `provenance` and the named `label`.
    Rows without a denominator are omitted.
    """
    frame = frame[(frame["denominator"] > 0) & frame["numerator"].notna()].copy()
    if frame.empty:
        return nothing(title, english)
    frame, title = first_rows(frame.sort_values("denominator", ascending=False, kind="stable"), title)
    numbers = list(zip(frame["numerator"], frame["denominator"], strict=True))
    frame["percent"] = [100 * n / of for n, of in numbers]
    frame[["low", "high"]] = [wilson(n, of) for n, of in numbers]
    frame["row"] = row_labels(frame, label)
    frame["hollow"] = words(frame).isin(SIMULATED)
    frame["note"] = [f"{amount(n)}/{amount(of)}" for n, of in numbers]
    scale = alt.Scale(domain=[-2, 118], nice=False)
    axis = alt.Axis(title="%，横线为 95 % 区间（Wilson）", values=[0, 20, 40, 60, 80, 100])
    base = alt.Chart(frame).encode(y=alt.Y("row:N", sort=None, axis=rows_axis()))
    points = base.encode(x=alt.X("percent:Q", scale=scale, axis=axis)).mark_point(size=60, opacity=1, color=PALETTE[0])
    layers = [
        base.mark_rule(color=PALETTE[0]).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"),
        points.transform_filter("!datum.hollow").mark_point(size=60, filled=True, opacity=1, color=PALETTE[0]),
        points.transform_filter("datum.hollow").mark_point(size=60, fill="white", opacity=1, color=PALETTE[0]),
        base.mark_text(align="left", dx=9, fontSize=10).encode(x=alt.X("high:Q", scale=scale), text="note:N"),
    ]
    return alt.layer(*layers).properties(
        title=heading(frame, title, english, hollow_note(frame)), width=WIDTH, height=height(len(frame))
    )
