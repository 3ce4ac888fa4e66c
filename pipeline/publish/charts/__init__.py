"""Charts of the published data for notebooks: one look, one place. Importing it sets Altair's theme and SVG output.

Each function takes a data frame, as `ogi.open().query(...)` returns it, a Chinese and an English title, and returns an
Altair chart. All charts mark simulated figures, are at most 700 pixels high for any number of bodies, and need no
network. They need the extra `charts`, which the group `notebooks` includes.
"""

from pipeline.publish.charts.bodies import pairs, rates
from pipeline.publish.charts.growth import waterfall
from pipeline.publish.charts.intervals import distribution, funnel, wilson
from pipeline.publish.charts.series import series
from pipeline.publish.charts.shares import shares
from pipeline.publish.charts.style import PROVENANCE, marked, nothing, use_style
from pipeline.publish.charts.tables import table
from pipeline.publish.charts.tiles import bars, coverage, states

__all__ = [
    "PROVENANCE", "bars", "coverage", "distribution", "funnel", "marked", "nothing", "pairs", "rates",
    "series", "shares", "states", "table", "waterfall", "wilson",
]  # fmt: skip

use_style()
