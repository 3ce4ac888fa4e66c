"""The waterfall of a compiled figure: from the previous year's total over the changes of the members to this year's."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pipeline.publish.charts.style import (
    GREY,
    ROW_HEIGHT,
    WIDTH,
    Drawing,
    amount,
    heading,
    nothing,
    number_axis,
    rows_axis,
)

MAX_MEMBERS = 12
KINDS = ["合计", "增加", "减少"]


def waterfall(frame: pd.DataFrame, prior: float | None, unit: str, title: str, english: str) -> Drawing:
    """Draw the change of a compiled figure by member: the 12 largest changes, and all others together.

    Takes the answer of the saved query `contributions` for one body, year and indicator, and the compiled figure of the
    previous year. The members without a comparable figure in both years are one bar, so that the bars add up.
    """
    if frame.empty or prior is None or pd.isna(prior):
        return nothing(title, english)
    compared = frame[frame["change"].notna()]
    if compared.empty:
        return nothing(title, english, "两年口径不同，不可比")
    steps = _steps(frame, compared, float(prior))
    year = int(frame["year"].iloc[0])
    table = pd.DataFrame(steps, columns=["step", "start", "end"])
    table["change"] = table["end"] - table["start"]
    table["kind"] = [KINDS[1] if change > 0 else KINDS[2] for change in table["change"]]
    total = float(frame["value"].sum())
    ends = [(f"{year - 1} 年汇总", prior), (f"{year} 年汇总", total)]
    first, last = (pd.DataFrame([{"step": n, "start": 0.0, "end": v, "change": v, "kind": KINDS[0]}]) for n, v in ends)
    return _draw(pd.concat([first, table, last], ignore_index=True), heading(frame, title, english), unit)


def _steps(frame: pd.DataFrame, compared: pd.DataFrame, prior: float) -> list[tuple[str, float, float]]:
    """Return label, start and end of each change: the largest ones, the others, those without a counterpart."""
    ordered = compared.sort_values("change", key=abs, ascending=False, kind="stable")
    changed = ordered[ordered["change"] != 0]
    shown, others = changed.iloc[:MAX_MEMBERS], changed.iloc[MAX_MEMBERS:]
    changes = list(zip(shown["members"], shown["change"], strict=True))
    if len(others):
        changes.append((f"其余 {len(others):,} 个成员", float(others["change"].sum())))
    rest = float(frame["value"].sum()) - prior - sum(change for _, change in changes)
    if rest:
        changes.append(("只有一年有数的成员", rest))
    steps, level = [], prior
    for name, change in changes:
        steps.append((str(name), level, level + change))
        level += change
    return steps


def _draw(table: pd.DataFrame, title: alt.TitleParams, unit: str) -> Drawing:
    low, high = table[["start", "end"]].min(axis=1), table[["start", "end"]].max(axis=1)
    inner = table["kind"] != KINDS[0]
    # A change of 1 % of the total is visible only if the axis does not begin at 0; the bars of the totals are then cut.
    floor = max(0.0, float(low[inner].min()) - 0.6 * float(high.max() - low[inner].min())) if inner.any() else 0.0
    top = floor + (float(high.max()) - floor) * 1.12
    table = table.assign(left=low.clip(floor), right=high)
    table["note"] = [
        amount(c) if k == KINDS[0] else f"{c:+,.0f}" for c, k in zip(table["change"], table["kind"], strict=True)
    ]
    scale = alt.Scale(domain=[floor, max(top, floor + 1)], nice=False)
    axis = number_axis(unit if not floor else f"{unit}（刻度不从 0 起）")
    base = alt.Chart(table).encode(y=alt.Y("step:N", sort=None, axis=rows_axis()))
    colours = alt.Scale(domain=KINDS, range=[GREY, "#2f855a", "#c43c39"])
    bars = base.mark_bar(height=13).encode(
        x=alt.X("left:Q", scale=scale, axis=axis), x2="right:Q", color=alt.Color("kind:N", title=None, scale=colours)
    )
    notes = base.mark_text(align="left", dx=5, fontSize=10).encode(x=alt.X("right:Q", scale=scale), text="note:N")
    return alt.layer(bars, notes).properties(title=title, width=WIDTH, height=ROW_HEIGHT * len(table))
