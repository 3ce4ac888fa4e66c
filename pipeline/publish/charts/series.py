"""Charts of series over the years, with their breaks."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pipeline.publish.charts.breaks import break_note, form_rules, year_axis
from pipeline.publish.charts.style import (
    PALETTE,
    SIMULATED,
    Drawing,
    amount,
    apart,
    counted,
    heading,
    hollow_note,
    nothing,
    number_axis,
    words,
)

MAX_LINES = 6
MAX_LABELS = 24
BASES = {"compiled": "汇总", "reported": "上报"}


def series(frame: pd.DataFrame, breaks: pd.DataFrame, title: str, english: str) -> Drawing:
    """Draw the answer of the saved query `series` about one indicator: a line per body and basis.

    A line is interrupted where the series breaks or a year is missing. Simulated figures are hollow, and （n/N） says
    how many members a compiled figure counts. The bodies with the most years are drawn, then those with the largest
    figures, up to 6 lines. `breaks` is `form_breaks` of the data set.
    """
    frame = frame[frame["value"].notna()].reset_index(drop=True)
    if frame.empty:
        return nothing(title, english)
    frame = _with_predecessors(_longest_lines(frame))
    frame["hollow"] = words(frame).isin(SIMULATED)
    frame["label"] = _labels(frame)
    layers = alt.layer(*form_rules(frame, breaks), *_lines(frame))
    note = break_note(frame, breaks)
    return layers.properties(title=heading(frame, title, english, note, hollow_note(frame)), width=400, height=220)


def _longest_lines(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.assign(line=frame["body"] + "·" + frame["basis"].map(BASES))
    ranked = frame.groupby("line")["value"].agg(["count", "max"]).sort_values(["count", "max"], ascending=False)
    return frame[frame["line"].isin(ranked.index[:MAX_LINES])]


def _with_predecessors(frame: pd.DataFrame) -> pd.DataFrame:
    """Return each figure with the previous one of its line, and whether the two are joined."""
    frame = frame.sort_values(["line", "year"])
    before = frame.groupby("line")[["value", "year", "series"]].shift()
    joined = (frame["series"] == before["series"]) & (frame["year"] - before["year"] == 1)
    return frame.assign(value_before=before["value"], year_before=before["year"], joined=joined)


def _labels(frame: pd.DataFrame) -> pd.Series[str]:
    """Return the label of each point: none that covers another, and of very many points only those of the last year."""
    texts = [amount(row["value"]) + counted(row) for _, row in frame.iterrows()]
    wanted = frame[["year", "value"]].assign(place=range(len(frame)), text=texts, size=[len(text) for text in texts])
    wanted = wanted.sort_values(["size", "value"], ascending=False, kind="stable")
    if len(wanted) > MAX_LABELS:
        wanted = wanted[wanted["year"] == wanted["year"].max()]
    places = list(zip(wanted["year"], wanted["value"], strict=True))
    drawn = wanted.loc[apart(places, 1, 0.06 * float(frame["value"].max()), MAX_LABELS)]
    kept = dict(zip(drawn["place"], drawn["text"], strict=True))
    return pd.Series([kept.get(place, "") for place in range(len(frame))], frame.index)


def _lines(frame: pd.DataFrame) -> list[alt.Chart]:
    top = max(1.0, float(frame["value"].max())) * 1.3
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=number_axis(str(frame["unit"].iloc[0])))
    colour = alt.Color("line:N", title="机关与口径", scale=alt.Scale(range=PALETTE))
    points = alt.Chart(frame).encode(x=year_axis(frame), y=y, color=colour)
    lines = points.transform_filter("datum.joined").mark_rule(strokeWidth=2)
    labels = points.transform_filter("datum.label !== ''").encode(text="label:N")
    return [
        lines.encode(x2="year_before:Q", y2="value_before:Q"),
        labels.mark_text(dy=-13, fontSize=10, stroke="white", strokeWidth=3),
        points.transform_filter("datum.hollow").mark_point(size=110, fill="white", opacity=1, strokeWidth=2),
        points.transform_filter("!datum.hollow").mark_point(size=45, filled=True, opacity=1),
        labels.mark_text(dy=-13, fontSize=10),
    ]
