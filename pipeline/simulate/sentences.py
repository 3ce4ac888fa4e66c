"""The prose of a simulated report: one of several phrasings for each figure, which agree with its tables."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from pipeline.simulate.chance import draw
from pipeline.simulate.figures import Cells, Value

# A phrasing names the figures that it gives; {name} and {year} are the report's.
ITEMS = (
    "{year}年，{name}主动公开政府信息{disclosed.items}条。",
    "{year}年，本机关共主动公开政府信息{disclosed.items}条。",
    "全年主动公开{disclosed.items}条政府信息。",
)
GROWN = "{year}年，本机关主动公开政府信息{disclosed.items}条，同比{way}{disclosed.items_growth}%。"
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
# The figures that repeat cells of the tables: each is the sum of the cells named.
REPEATED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "2014": {
        "disclosed.items": ("statistics/disclosed.items/value",),
        "applications.received": ("statistics/received.total/value",),
        "applications.handled": ("statistics/concluded.total/value",),
        "review.total": ("statistics/review.total/value",),
        "litigation.total": ("statistics/litigation.total/value",),
        "trainings": ("statistics/trainings/value",),
        "trained": ("statistics/trained/value",),
    },
    "2019": {
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


def figures_of(form: str, cells: Cells, prose: Mapping[str, int], before: int | None) -> dict[str, Value]:
    """All figures of the prose; `before` are the items of the year before, where there is one to compare with."""
    repeated = REPEATED["2014" if form == "2014" else "2019"]
    found: dict[str, Value] = {row: sum(cells[a] for a in named) for row, named in repeated.items()}
    found |= prose
    grown = growth(int(found["disclosed.items"]), before) if before else ""
    return found | ({"disclosed.items_growth": Decimal(grown)} if grown else {})


def growth(now: int, before: int) -> str:
    """Growth in percent to one decimal, half up, with its sign; '' where there is none to speak of."""
    tenths = (2000 * abs(now - before) + before) // (2 * before)
    sign = "-" if now < before else ""
    return f"{sign}{tenths // 10}.{tenths % 10}" if tenths else ""


def sentences(form: str, figures: Mapping[str, str], name: str, year: int, rng: Random) -> list[str]:
    """The paragraphs, each in one of its phrasings, of figures as they are to be printed."""
    grown = figures.get("disclosed.items_growth", "")
    disputes = (figures["review.total"], figures["litigation.total"]) != ("0", "0")
    chosen = [
        GROWN if grown else _one(ITEMS, rng),
        _one(RECEIVED if form == "2014" else BALANCE, rng),
        _one(DISPUTES, rng) if disputes else NO_DISPUTES,
        _one(TRAININGS, rng),
    ]
    words = {**figures, "disclosed.items_growth": grown.removeprefix("-"), "name": name, "year": str(year)}
    return [_filled(text, words | {"way": "下降" if grown.startswith("-") else "增长"}) for text in chosen]


def _one(phrasings: tuple[str, ...], rng: Random) -> str:
    return phrasings[draw(len(phrasings) - 1, rng)]


def _filled(text: str, words: Mapping[str, str]) -> str:
    for key, word in words.items():  # the codes have dots, which str.format takes for attributes
        text = text.replace(f"{{{key}}}", word)
    return text
