"""Tables for notebooks, with Chinese headings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.publish.charts.style import PROVENANCE
from pipeline.storage.dictionary import chinese_headings

MAX_DECIMALS = 2


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame for display: Chinese headings, provenance in words, short numbers, — for null."""
    shown = {name: [_text(name, value) for value in frame[name]] for name in frame.columns}
    return pd.DataFrame(shown).rename(columns=dict(chinese_headings()))


def _text(name: str, value: Any) -> str:
    if isinstance(value, list | np.ndarray):
        return "、".join(map(str, value))
    if value is None or pd.isna(value):
        return "—"
    if name.endswith("provenance"):
        return PROVENANCE.get(value, str(value))
    if isinstance(value, str | bool) or name == "year":
        return str(value)
    return f"{value:,.{MAX_DECIMALS}f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
