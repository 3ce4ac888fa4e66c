"""Write the prose of a simulated report: each figure in one of several phrasings, in agreement with the tables."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import TypeVar

from pipeline.core.form import Form
from pipeline.simulate.body_year import Cells, Value
from pipeline.simulate.random_integers import draw

V = TypeVar("V", int, Value)
# A phrasing names the rows of its figures; {name} and {year} are the body and the year of the report.
ITEMS = (
    "{year}年，{name}主动公开政府信息{disclosed.items}条。",
    "{year}年，本机关共主动公开政府信息{disclosed.items}条。",
    "全年主动公开{disclosed.items}条政府信息。",
)
ITEMS_WITH_GROWTH = "{year}年，本机关主动公开政府信息{disclosed.items}条，同比{way}{disclosed.items_growth}%。"
RECEIVED = (
    "收到政府信息公开申请{applications.received}件，办结{applications.handled}件。",
    "共收到{applications.received}件政府信息公开申请，办结{applications.handled}件。",
)
BALANCE = (
    "收到政府信息公开申请{applications.received}件，上年结转{applications.carried_in}件，"
    "办结{applications.handled}件，结转下年度{applications.carried_out}件。",
    "本年度收到政府信息公开申请{applications.received}件，上年度结转申请{applications.carried_in}件，"
    "办结{applications.handled}件，结转至下年度继续办理{applications.carried_out}件。",
    "共收到{applications.received}件政府信息公开申请，上年结转{applications.carried_in}件，办结{applications.handled}件，"
    "结转下年度继续办理{applications.carried_out}件。",
)
DISPUTES = (
    "因政府信息公开引起行政复议{review.total}起、行政诉讼{litigation.total}起。",
    "因政府信息公开工作被申请行政复议{review.total}件，被提起行政诉讼{litigation.total}件。",
    "全年发生政府信息公开行政复议案件{review.total}件、行政诉讼案件{litigation.total}件。",
)
NO_DISPUTES = "全年未发生因政府信息公开引起的行政复议、行政诉讼。"
TRAININGS = (
    "组织政府信息公开培训{trainings}次，{trained}人次参加。",
    "举办政府信息公开培训班{trainings}期，培训{trained}人次。",
    "全年开展政务公开培训{trainings}次，参训{trained}人次。",
)
# The prose figures that repeat cells, by a table of the form and by row: each is the sum of the cells listed.
REPEATED_CELLS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "statistics": {
        "disclosed.items": ("statistics/disclosed.items/value",),
        "applications.received": ("statistics/received.total/value",),
        "applications.handled": ("statistics/concluded.total/value",),
        "review.total": ("statistics/review.total/value",),
        "litigation.total": ("statistics/litigation.total/value",),
        "trainings": ("statistics/trainings/value",),
        "trained": ("statistics/trained/value",),
    },
    "applications": {
        "applications.received": ("applications/new/total",),
        "applications.carried_in": ("applications/carried_in/total",),
        "applications.handled": ("applications/handled/total",),
        "applications.carried_out": ("applications/carried_out/total",),
        "review.total": ("review_litigation/review/total",),
        "litigation.total": (
            "review_litigation/litigation_direct/total",
            "review_litigation/litigation_after_review/total",
        ),
    },
}


def make_prose_figures(
    form: Form, cells: Cells, prose_only: Mapping[str, int], previous_items: int | None
) -> dict[str, Value]:
    """Return all figures of the prose by row: those that repeat cells, those in `prose_only`, and the growth.

    `previous_items` are the items disclosed in the previous year, None or 0 where there is no growth to report.
    """
    figures: dict[str, Value] = dict(sum_repeated_cells(form, cells))
    figures |= prose_only
    growth = format_growth(int(figures["disclosed.items"]), previous_items) if previous_items else ""
    return figures | ({"disclosed.items_growth": Decimal(growth)} if growth else {})


def sum_repeated_cells(form: Form, cells: Mapping[str, V]) -> dict[str, V | int]:
    """Return the prose figures that repeat cells, by row."""
    (repeated,) = (rows for table, rows in REPEATED_CELLS.items() if form.has_table(table))
    return {row: sum(cells[a] for a in addresses) for row, addresses in repeated.items()}


def format_growth(current: int, previous: int) -> str:
    """Return the growth in percent, to one decimal, rounded half up, with a minus sign if negative; '' for 0.0."""
    tenths = (2000 * abs(current - previous) + previous) // (2 * previous)
    sign = "-" if current < previous else ""
    return f"{sign}{tenths // 10}.{tenths % 10}" if tenths else ""


def write_sentences(form: Form, figures: Mapping[str, str], name: str, year: int, rng: Random) -> list[str]:
    """Return the paragraphs of the prose, each in a phrasing drawn at random.

    `figures` are the texts to print by row; `name` and `year` are those of the report.
    """
    growth = figures.get("disclosed.items_growth", "")
    has_disputes = (figures["review.total"], figures["litigation.total"]) != ("0", "0")
    phrasings = [
        ITEMS_WITH_GROWTH if growth else _draw_phrasing(ITEMS, rng),
        _draw_phrasing(BALANCE if form.has_table("applications") else RECEIVED, rng),
        _draw_phrasing(DISPUTES, rng) if has_disputes else NO_DISPUTES,
        _draw_phrasing(TRAININGS, rng),
    ]
    texts = {**figures, "disclosed.items_growth": growth.removeprefix("-"), "name": name, "year": str(year)}
    return [_fill(text, texts | {"way": "下降" if growth.startswith("-") else "增长"}) for text in phrasings]


def _draw_phrasing(phrasings: tuple[str, ...], rng: Random) -> str:
    return phrasings[draw(len(phrasings) - 1, rng)]


def _fill(phrasing: str, texts: Mapping[str, str]) -> str:
    """Replace the names in braces by their texts."""
    for key, text in texts.items():  # str.format would read the dots of the row codes as attributes
        phrasing = phrasing.replace(f"{{{key}}}", text)
    return phrasing
