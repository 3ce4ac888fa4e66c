"""Charts of rates against size and of distributions, for any number of bodies, and the interval of a share."""

from __future__ import annotations

from math import sqrt

import altair as alt
import pandas as pd

from pipeline.publish.charts.style import (
    GREY,
    PALETTE,
    SIMULATED,
    WIDTH,
    Drawing,
    amount,
    apart,
    heading,
    hollow_note,
    nothing,
    number_axis,
    words,
)

NORMAL_95 = 1.959964
NORMAL_998 = 3.090232
MAX_NAMES = 8


def wilson(numerator: float, denominator: float) -> tuple[float, float]:
    """Return the 95 % interval of a share in percent, with the score method of Wilson (1927)."""
    share, square = numerator / denominator, NORMAL_95**2
    centre = share + square / (2 * denominator)
    half = NORMAL_95 * sqrt(max(0.0, share * (1 - share)) / denominator + square / (4 * denominator**2))
    low, high = ((centre + sign * half) / (1 + square / denominator) for sign in (-1, 1))
    return max(0.0, 100 * low), min(100.0, 100 * high)


def funnel(frame: pd.DataFrame, title: str, english: str) -> Drawing:
    """Draw shares against their denominators, with the limits within which chance alone keeps 95 % and 99.8 %.

    The limits are around the share of all bodies together, with the normal approximation of the binomial distribution
    (Spiegelhalter 2005), cut off at 0 and 100 %. Bodies outside 99.8 % are named, at most 8. Takes columns `body`,
    `numerator`, `denominator` and `provenance`.
    """
    frame = frame[(frame["denominator"] > 0) & frame["numerator"].notna()].copy()
    if frame.empty:
        return nothing(title, english)
    overall = float(frame["numerator"].sum() / frame["denominator"].sum())
    frame["percent"] = 100 * frame["numerator"] / frame["denominator"]
    frame["hollow"] = words(frame).isin(SIMULATED)
    spread = (overall * (1 - overall) / frame["denominator"]) ** 0.5
    frame["score"] = (frame["percent"] / 100 - overall).abs() / spread.where(spread > 0)
    top = min(100.0, max(5.0, float(frame["percent"].max()), 100 * overall)) * 1.06
    y = alt.Scale(domain=[-top / 40, top], nice=False)
    limits = _limits(overall, float(frame["denominator"].max()), top)
    note = f"{title}：全部合计 {100 * overall:.1f} %，{len(frame):,} 个机关"
    layers = alt.layer(*_limit_lines(limits, y), *_funnel_points(frame, y))
    return layers.properties(title=heading(frame, note, english, hollow_note(frame)), width=WIDTH, height=340)


def _limits(overall: float, largest: float, top: float) -> pd.DataFrame:
    sizes = [1.03 * largest * (step / 120) ** 2 for step in range(1, 121)]
    lines = [("合计", 0.0, 1), ("95 %", NORMAL_95, 1), ("95 %", NORMAL_95, -1), ("99.8 %", NORMAL_998, 1),
             ("99.8 %", NORMAL_998, -1)]  # fmt: skip
    limits = pd.DataFrame([(size, *line) for line in lines for size in sizes], columns=["size", "name", "z", "side"])
    spread = (overall * (1 - overall) / limits["size"]) ** 0.5
    return limits.assign(limit=(100 * (overall + limits["side"] * limits["z"] * spread)).clip(0, min(100, top)))


def _limit_lines(limits: pd.DataFrame, scale: alt.Scale) -> list[alt.Chart]:
    names = ["合计", "95 %", "99.8 %"]
    dashes = alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 2]])
    lines = alt.Chart(limits).mark_line(color=GREY).encode(
        x=_size_axis(limits["size"].max()),
        y=alt.Y("limit:Q", scale=scale, axis=number_axis(None, percent=True)),
        detail="side:N",
        strokeDash=alt.StrokeDash("name:N", title="界限", scale=dashes),
    )  # fmt: skip
    return [lines]


def _size_axis(largest: float, column: str = "size") -> alt.X:
    scale = alt.Scale(type="sqrt", domain=[0, largest], nice=False)
    axis = alt.Axis(title="分母（件，平方根刻度）", format=",d", tickMinStep=1, tickCount=6)
    return alt.X(f"{column}:Q", scale=scale, axis=axis)


def _funnel_points(frame: pd.DataFrame, scale: alt.Scale) -> list[alt.Chart]:
    largest = float(frame["denominator"].max())
    x, y = _size_axis(1.03 * largest, "denominator"), alt.Y("percent:Q", scale=scale)
    outside = frame[frame["score"] > NORMAL_998].sort_values("score", ascending=False, kind="stable")
    places = [((d / largest) ** 0.5, p) for d, p in zip(outside["denominator"], outside["percent"], strict=True)]
    outside = outside.loc[apart(places, 0.4, 0.06 * float(frame["percent"].max()), MAX_NAMES)]
    size, opacity = (45, 0.8) if len(frame) <= 300 else (16, 0.5)
    points = alt.Chart(frame).encode(x=x, y=y)
    layers = [
        points.transform_filter("!datum.hollow").mark_point(size=size, filled=True, opacity=opacity, color=PALETTE[0]),
        points.transform_filter("datum.hollow").mark_point(size=size, opacity=opacity, color=PALETTE[0]),
    ]
    for is_right, rows in outside.groupby(outside["denominator"] > 0.4 * largest):
        text = alt.Chart(rows).mark_text(align="right" if is_right else "left", dx=-8 if is_right else 8, fontSize=10)
        layers.append(text.encode(x=x, y=y, text="body:N"))
    return layers


def distribution(frame: pd.DataFrame, unit: str, title: str, english: str) -> Drawing:
    """Draw the distribution of a measure within groups of peers: a tick per body, the median and the quartiles.

    Takes columns `group`, `value`, `provenance`, as `percentiles` has them. The scale is that of a square root, because
    a few bodies are much larger than the others. The 12 largest groups are drawn.
    """
    frame = frame[frame["value"].notna()].copy()
    if frame.empty:
        return nothing(title, english)
    groups = frame["group"].value_counts().head(12).index
    frame = frame[frame["group"].isin(groups)].copy()
    values = frame.groupby("group")["value"]
    for name, part in (("q1", 0.25), ("median", 0.5), ("q3", 0.75)):
        frame = frame.join(values.quantile(part).rename(name), on="group")
    frame = frame.join(values.size().rename("n"), on="group")
    frame = frame.join(values.max().rename("largest"), on="group")
    frame["row"] = frame["group"] + "（" + frame["n"].astype(str) + " 个）"
    scale = alt.Scale(type="sqrt", domain=[0, max(1.0, float(frame["value"].max())) * 1.7], nice=False)
    size = {"width": WIDTH, "height": 40 * max(2, frame["row"].nunique())}
    layers = alt.layer(*_distribution_layers(frame, scale, unit))
    note = "红线：中位数；浅色：中间一半；数字：下四分位 / 中位 / 上四分位"
    return layers.properties(title=heading(frame, title, english, note), **size)


def _distribution_layers(frame: pd.DataFrame, scale: alt.Scale, unit: str) -> list[alt.Chart]:
    axis = alt.Axis(title=f"{unit}（平方根刻度）", format=",~r", tickCount=6)
    y = alt.Y("row:N", sort=None, axis=alt.Axis(title=None, ticks=False, domain=False))
    groups = frame.drop_duplicates("row").copy()
    quartiles = groups[["q1", "median", "q3"]].to_numpy()
    groups["note"] = [" / ".join(amount(value, 1) for value in row) for row in quartiles]
    base, one = alt.Chart(frame).encode(y=y), alt.Chart(groups).encode(y=y)
    text = one.mark_text(align="left", dx=10, fontSize=10, color=GREY)
    return [
        one.mark_bar(height=28, color="#d5e3f0").encode(x=alt.X("q1:Q", scale=scale, axis=axis), x2="q3:Q"),
        base.mark_tick(height=16, opacity=0.5, color=PALETTE[0], thickness=1.5).encode(x=alt.X("value:Q", scale=scale)),
        one.mark_tick(height=28, color=PALETTE[2], thickness=2).encode(x=alt.X("median:Q", scale=scale)),
        text.encode(x=alt.X("largest:Q", scale=scale), text="note:N"),
    ]
