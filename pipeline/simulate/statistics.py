"""A member's cells on the form of 2014, drawn at random in small numbers; every identity of the form holds."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from pipeline.core.form import Form
from pipeline.simulate.chance import allot, draw

Cells = dict[str, int]
TABLE = "statistics"
# The most that a body of weight 100 may have; what is not named here is 0 or follows from other cells.
MOST = {
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
# How often an application is answered in each way, and refused on each ground.
ANSWERS = {
    "answered.already_public": 20,
    "answered.granted": 45,
    "answered.partly_granted": 5,
    "answered.refused": 8,
    "answered.not_this_body": 12,
    "answered.not_exist": 6,
    "answered.to_be_supplemented": 2,
    "answered.other_channel": 2,
}
GROUNDS = {
    "refused.trade_secret": 1,
    "refused.privacy": 3,
    "refused.not_government_information": 4,
    "refused.other_law": 2,
}
# Shares of the items disclosed that went by each channel, from and to percent; an item may go by several.
CHANNELS = {"website": (80, 95), "weibo": (5, 20), "wechat": (25, 45), "other": (0, 5)}


def statistics(form: Form, items: int, carried: int, weight: int, rng: Random) -> Cells:
    """All cells of the form by address. `items` were disclosed; `carried` applications were left to the next year."""
    cells = dict.fromkeys(form.tables[TABLE].rows, 0)
    cells |= {row: draw(most * weight // 100, rng) for row, most in MOST.items()}
    cells |= _disclosure(items, weight, rng)
    cells |= _applications(cells, carried, rng)
    cells |= _organisation(cells, rng)
    for kind in ("review", "litigation"):
        cells[f"{kind}.total"] = sum(cells[f"{kind}.{result}"] for result in ("upheld", "corrected", "other"))
    return {f"{TABLE}/{row}/value": value for row, value in cells.items()}


def _disclosure(items: int, weight: int, rng: Random) -> Cells:
    issued = draw(weight // 5, rng)
    channels = {f"channel.{c}": items * (low + draw(high - low, rng)) // 100 for c, (low, high) in CHANNELS.items()}
    documents = {"disclosed.normative_documents": draw(issued, rng), "disclosed.normative_documents_issued": issued}
    return {"disclosed.items": items, **documents, **channels}


def _applications(cells: Mapping[str, int], carried: int, rng: Random) -> Cells:
    """What was received and not carried over was concluded, and answered once."""
    ways = {row: cells[row] for row in ("received.in_person", "received.fax", "received.online", "received.letter")}
    ways["received.online"] += carried
    concluded = sum(ways.values()) - carried
    extended = draw(concluded // 10, rng)
    answers = _shares(concluded, ANSWERS, rng)
    totals = {"received.total": sum(ways.values()), "concluded.total": concluded, "answered.total": concluded}
    pace = {"concluded.on_time": concluded - extended, "concluded.extended": extended}
    return {**ways, **totals, **pace, **answers, **_shares(answers["answered.refused"], GROUNDS, rng)}


def _shares(count: int, weights: Mapping[str, int], rng: Random) -> Cells:
    return dict(zip(weights, allot(count, list(weights.values()), rng), strict=True))


def _organisation(cells: Mapping[str, int], rng: Random) -> Cells:
    full_time = 1 + draw(1, rng)
    led = {f"response.{k}_by_leaders": draw(cells[f"response.{k}"], rng) for k in ("press_conferences", "interviews")}
    people = {"staff_full_time": full_time, "staff": full_time + cells["staff_part_time"]}
    return {**led, **people, "offices": 1, "trained": cells["trainings"] * (20 + draw(40, rng))}
