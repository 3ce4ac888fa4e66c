"""Simulate the cells of a body on the form of 2014: small random numbers for which every identity of the form holds."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from pipeline.core.form import Form
from pipeline.simulate.random_integers import allot_cases, draw

Cells = dict[str, int]
TABLE = "statistics"
# The maximum of a row for a body of weight 100. A row that is not listed is 0 or follows from other rows.
ROW_MAXIMUMS = {
    "channel.gazette": 40,
    "response.topics": 20,
    "response.press_conferences": 5,
    "response.interviews": 5,
    "response.interpretations": 60,
    "response.social_media": 20,
    "response.other": 10,
    "received.in_person": 10,
    "received.online": 20,
    "received.letter": 10,
    "review.upheld": 4,
    "review.other": 2,
    "litigation.upheld": 3,
    "reading_points": 8,
    "staff_part_time": 20,
    "meetings": 6,
    "trainings": 5,
}
# Weights of the kinds of answer, and of the grounds of a refusal.
ANSWER_WEIGHTS = {
    "answered.already_public": 20,
    "answered.granted": 45,
    "answered.partly_granted": 5,
    "answered.refused": 8,
    "answered.not_this_body": 12,
    "answered.not_exist": 6,
    "answered.to_be_supplemented": 2,
    "answered.other_channel": 2,
}
REFUSAL_WEIGHTS = {
    "refused.trade_secret": 1,
    "refused.privacy": 3,
    "refused.not_government_information": 4,
    "refused.other_law": 2,
}
# Percentage of the disclosed items per channel, minimum and maximum; an item may use several channels.
CHANNEL_PERCENTAGES = {"website": (80, 95), "weibo": (5, 20), "wechat": (25, 45), "other": (0, 5)}


def simulate_statistics(form: Form, items: int, carried_over: int, weight: int, rng: Random) -> Cells:
    """Return all cells of the form by address, for a body of this weight.

    `items` is the number of items disclosed; `carried_over` is the number of applications left to the next year.
    """
    cells = dict.fromkeys(form.tables[TABLE].rows, 0)
    cells |= {row: draw(maximum * weight // 100, rng) for row, maximum in ROW_MAXIMUMS.items()}
    cells |= _disclosure_rows(items, weight, rng)
    cells |= _application_rows(cells, carried_over, rng)
    cells |= _organisation_rows(cells, rng)
    for kind in ("review", "litigation"):
        cells[f"{kind}.total"] = sum(cells[f"{kind}.{result}"] for result in ("upheld", "corrected", "other"))
    return {f"{TABLE}/{row}/value": value for row, value in cells.items()}


def _disclosure_rows(items: int, weight: int, rng: Random) -> Cells:
    """Return the rows on disclosed items, their channels and normative documents.

    `items` is the number of disclosed items, `weight` the size of the body, which limits the number of documents.
    """
    issued = draw(weight // 5, rng)
    channels = {
        f"channel.{c}": items * (low + draw(high - low, rng)) // 100 for c, (low, high) in CHANNEL_PERCENTAGES.items()
    }
    documents = {"disclosed.normative_documents": draw(issued, rng), "disclosed.normative_documents_issued": issued}
    return {"disclosed.items": items, **documents, **channels}


def _application_rows(cells: Mapping[str, int], carried_over: int, rng: Random) -> Cells:
    """Return the rows on applications: those received and not carried over are concluded, each with one answer."""
    ways = {row: cells[row] for row in ("received.in_person", "received.fax", "received.online", "received.letter")}
    ways["received.online"] += carried_over
    concluded = sum(ways.values()) - carried_over
    extended = draw(concluded // 10, rng)
    answers = _allot_rows(concluded, ANSWER_WEIGHTS, rng)
    totals = {"received.total": sum(ways.values()), "concluded.total": concluded, "answered.total": concluded}
    deadlines = {"concluded.on_time": concluded - extended, "concluded.extended": extended}
    refusals = _allot_rows(answers["answered.refused"], REFUSAL_WEIGHTS, rng)
    return {**ways, **totals, **deadlines, **answers, **refusals}


def _allot_rows(count: int, weights: Mapping[str, int], rng: Random) -> Cells:
    """Divide `count` cases over rows by weight."""
    return dict(zip(weights, allot_cases(count, list(weights.values()), rng), strict=True))


def _organisation_rows(cells: Mapping[str, int], rng: Random) -> Cells:
    """Return the rows on events led by the heads of the body, on staff, offices and people trained."""
    full_time = 1 + draw(1, rng)
    led = {f"response.{k}_by_leaders": draw(cells[f"response.{k}"], rng) for k in ("press_conferences", "interviews")}
    people = {"staff_full_time": full_time, "staff": full_time + cells["staff_part_time"]}
    return {**led, **people, "offices": 1, "trained": cells["trainings"] * (20 + draw(40, rng))}
