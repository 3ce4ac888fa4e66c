"""The look of every chart: fonts, colours, number formats, sizes, and the mark of simulated figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

Drawing = Any  # a chart of Altair: the types that its methods return differ from release to release
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, SimHei, sans-serif"
WIDTH = 520
MAX_ROWS = 28  # of a chart with one row per body: with titles and axes, it is at most 700 pixels high
ROW_HEIGHT = 20
PROVENANCE = {"published": "公布", "transcribed": "转录", "simulated": "模拟", "mixed": "含模拟"}
SIMULATED = ("模拟", "含模拟")
STATES = {**PROVENANCE, "quarantined": "隔离", "absent": "未报"}
STATE_COLOURS = alt.Scale(
    domain=list(STATES.values()), range=["#1b6e3c", "#2b6cb0", "#f0a04b", "#d9772b", "#b83232", "#e5e5e5"]
)
PALETTE = ["#2b6cb0", "#2f855a", "#c43c39", "#8e6bb0", "#b7791f", "#7a8fa6", "#d977a0", "#4fb0ae", "#9ac5a5", "#c9c9c9"]
GREY = "#777777"


def use_style() -> None:
    """Set Altair's theme and draw charts as SVG, which needs no script and no network."""
    alt.renderers.enable("svg")
    alt.data_transformers.disable_max_rows()
    alt.theme.register("ogi", enable=True)(_theme)


def _theme() -> alt.theme.ThemeConfig:
    texts: Any = {"labelFont": FONT, "titleFont": FONT, "labelLimit": 420, "titleFontWeight": "normal"}
    title: Any = {"font": FONT, "subtitleFont": FONT, "anchor": "start", "subtitleColor": GREY, "offset": 12}
    axis: Any = {**texts, "gridColor": "#eeeeee"}
    return {"config": {"font": FONT, "axis": axis, "legend": texts, "header": texts, "title": title,
                       "text": {"font": FONT}, "view": {"stroke": "#dddddd"}}}  # fmt: skip


def heading(frame: pd.DataFrame, title: str, english: str, *notes: str) -> alt.TitleParams:
    """Return the title of a chart; below it the English title, the provenance of its figures, and other notes."""
    return alt.TitleParams(title, subtitle=[english, *filter(None, (provenance_note(frame), *notes))])


def provenance_note(frame: pd.DataFrame) -> str:
    """Return how many rows of a frame have which provenance, an empty text for a frame without that column."""
    if "provenance" not in frame:
        return ""
    counts = words(frame).value_counts()
    parts = [f"{word} {counts[word]}" for word in PROVENANCE.values() if word in counts]
    parts += [] if set(SIMULATED) & set(counts.index) else ["模拟 0"]
    return f"数据性质（行数）：{'、'.join(parts)}"


def hollow_note(frame: pd.DataFrame) -> str:
    """Return the meaning of hollow points, for a chart that has them; an empty text where nothing is simulated."""
    return "空心：模拟或含模拟" if words(frame).isin(SIMULATED).any() else ""


def words(frame: pd.DataFrame) -> pd.Series[str]:
    """Return the Chinese word of the column `provenance` of each row."""
    return frame["provenance"].map(PROVENANCE).fillna("—")


def marked(label: str, provenance: str | None) -> str:
    """Return a label with the mark of simulated figures where they are."""
    word = PROVENANCE.get(str(provenance), "")
    return f"{label}（{word}）" if word in SIMULATED else label


def row_labels(frame: pd.DataFrame, label: str) -> list[str]:
    """Return the label of each row, with the mark of simulated figures; equal labels are numbered."""
    texts = pd.Series([marked(text, p) for text, p in zip(frame[label], frame["provenance"], strict=True)], dtype=str)
    numbers = texts.groupby(texts).cumcount() + 1
    return [text if number == 1 else f"{text}（{number}）" for text, number in zip(texts, numbers, strict=True)]


def amount(value: float | None, digits: int = 0) -> str:
    """Return a number for a label, with thousands separated; — for one that is unknown."""
    return "—" if value is None or pd.isna(value) else f"{value:,.{digits}f}"


def counted(row: pd.Series[Any]) -> str:
    """Return （n/N） of a compiled figure whose members are not all counted, else an empty text."""
    n, expected = row.get("members_counted"), row.get("members_expected")
    if n is None or pd.isna(n) or expected is None or pd.isna(expected) or n >= expected:
        return ""
    return f"（{n:.0f}/{expected:.0f}）"


def apart(places: Sequence[tuple[float, float]], width: float, tall: float, limit: int) -> list[bool]:
    """Return which labels of points to draw, so that none covers another: the earlier ones are preferred.

    `width` and `tall` are the size of a label in the units of the places; at most `limit` are drawn.
    """
    drawn: list[tuple[float, float]] = []
    answer = []
    for x, y in places:
        is_free = all(abs(x - a) >= width or abs(y - b) >= tall for a, b in drawn)
        answer.append(is_free and len(drawn) < limit)
        if answer[-1]:
            drawn.append((x, y))
    return answer


def height(rows: int) -> int:
    """Return the height in pixels of a chart with a row per body."""
    return max(2, min(rows, MAX_ROWS)) * ROW_HEIGHT


def number_axis(title: str | None, percent: bool = False) -> alt.Axis:
    """Return an axis of whole numbers or of percentages, with real numbers as labels."""
    if percent:
        return alt.Axis(title=title, labelExpr="datum.label + ' %'", format=",~r", tickCount=6)
    whole = "datum.value % 1 ? '' : format(datum.value, ',d')"  # the axis of a single item has a tick at 0.5
    return alt.Axis(title=title, labelExpr=whole, tickMinStep=1, tickCount=6)


def rows_axis() -> alt.Axis:
    """Return an axis with one text per row, all shown."""
    return alt.Axis(title=None, labelOverlap=False, ticks=False, domain=False)


def nothing(title: str, english: str, reason: str = "没有数据") -> Drawing:
    """Return a chart with a text in place of figures: 没有数据 (no figures), or another reason."""
    return (
        alt.Chart(pd.DataFrame({"text": [reason]}))
        .mark_text(fontSize=14, color=GREY)
        .encode(text="text:N")
        .properties(title=alt.TitleParams(title, subtitle=english), width=WIDTH, height=60)
    )
