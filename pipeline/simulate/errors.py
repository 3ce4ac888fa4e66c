"""Errors that are planted into simulated reports: slips of the hand in cells and prose, and faults of whole files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random

from pipeline.core.form import Form
from pipeline.core.identity import Instance
from pipeline.simulate.chance import draw, pick

Printed = Mapping[str, str]
Changes = dict[str, str]
FILES = ("truncated", "empty", "unregistered", "checksum", "duplicate")
# What ogi says of a file fault; a truncated file differs by its format.
TOLD = {
    "empty": "read.empty",
    "unregistered": "register.unknown",
    "checksum": "source.sha256",
    "duplicate": "report.duplicate",
}
TRUNCATED = {
    "html": "extract.no_table",
    "txt": "extract.no_table",
    "docx": "read.broken_zip",
    "xlsx": "read.broken_zip",
    "pdf": "read.pdf_broken",
}


@dataclass(frozen=True)
class Planted:
    """A cell of a report that is printed wrongly, or a fault of its file (`cell` is ''). `expected` is what should be
    said of the report: the identities that fail, the finding, or the code of its quarantine; '' where nothing can be.
    """

    kind: str
    cell: str
    true: str
    printed: str
    expected: str


def plant(kind: str, form: Form, printed: Printed, figures: Printed, rng: Random) -> tuple[Changes, Changes]:
    """What is printed otherwise for a slip of that kind, of the cells and of the prose; nothing where the report has
    no place for it.
    """
    if kind != "prose":
        return SLIPS[kind](form, printed, rng), {}
    named = {
        row: text for row, text in figures.items() if row not in ("disclosed.items_growth", "trainings", "trained")
    }
    return {}, _one(named, lambda text: _substituted(text, rng), rng)


def broken(form: Form, printed: Printed, figures: Printed) -> str:
    """The identities that fail on what is printed, of those whose cells are all known."""
    said = {**printed, **{f"narrative/{row}/value": text for row, text in figures.items()}}
    failed = [i.identity.id for i in form.instances if _fails(i, said)]
    return " ".join(dict.fromkeys(failed))


def _fails(instance: Instance, said: Printed) -> bool:
    if not all(said.get(a) for a in (*instance.left, *instance.right)):
        return False
    left, right = (sum(Decimal(said[a]) for a in side) for side in (instance.left, instance.right))
    return left < right if instance.identity.relation == ">=" else left != right


def _one(printed: Printed, change: Callable[[str], str], rng: Random) -> Changes:
    """One of the numbers above 0 changed, the others left."""
    addresses = [a for a, text in printed.items() if text.isdigit() and text != "0"]
    for _ in range(8 if addresses else 0):
        address = addresses[draw(len(addresses) - 1, rng)]
        changed = change(printed[address])
        if changed != printed[address] and (len(changed) == 1 or changed[:1] != "0"):
            return {address: changed}
    return {}


def _substituted(text: str, rng: Random) -> str:
    at = draw(len(text) - 1, rng)
    return text[:at] + str((int(text[at]) + 1 + draw(8, rng)) % 10) + text[at + 1 :]


def _dropped(text: str, rng: Random) -> str:
    at = draw(len(text) - 1, rng)
    return text[:at] + text[at + 1 :] or text


def _doubled(text: str, rng: Random) -> str:
    at = draw(len(text) - 1, rng)
    return text[:at] + text[at] + text[at:]


def _swapped(text: str, rng: Random) -> str:
    at = draw(max(0, len(text) - 2), rng)
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def _in_cell(change: Callable[[str, Random], str]) -> Callable[[Form, Printed, Random], Changes]:
    return lambda _, printed, rng: _one(printed, lambda text: change(text, rng), rng)


def _rows(form: Form, printed: Printed) -> list[list[str]]:
    """The addresses of each row of several cells that are not all alike."""
    found: dict[tuple[str, str], list[str]] = {}
    for table in form.printed:
        for row, column in table.cells:
            found.setdefault((table.code, row), []).append(f"{table.code}/{row}/{column}")
    return [row for row in found.values() if len({printed[a] for a in row}) > 1]


def _exchanged(form: Form, printed: Printed, rng: Random) -> Changes:
    """Two neighbouring cells of a row."""
    rows = _rows(form, printed)
    pairs = [(a, b) for row in rows for a, b in pairwise(row) if printed[a] != printed[b]]
    if not pairs:
        return {}
    one, other = pairs[draw(len(pairs) - 1, rng)]
    return {one: printed[other], other: printed[one]}


def _shifted(form: Form, printed: Printed, rng: Random) -> Changes:
    """A row moved to the right by one, its first cell left blank."""
    rows = _rows(form, printed)
    if not rows:
        return {}
    row = rows[draw(len(rows) - 1, rng)]
    moved = dict(zip(row, ["", *(printed[a] for a in row)], strict=False))
    return {a: text for a, text in moved.items() if text != printed[a]}


def _forgotten(_: Form, printed: Printed, rng: Random) -> Changes:
    totals = {a: t for a, t in printed.items() if "total" in a.split("/")[-1] or a.split("/")[1].endswith(".total")}
    return _one(totals, lambda _text: "", rng)


def _factor(form: Form, printed: Printed, rng: Random) -> Changes:
    """An amount in 元 where 万元 is due."""
    units = {f"{t.code}/{r}/{c}": unit for t in form.printed for (r, c), unit in t.units.items()}
    amounts = [a for a, text in printed.items() if units[a] == "万元" and Decimal(text)]
    if not amounts:
        return {}
    address = amounts[draw(len(amounts) - 1, rng)]
    return {address: str(int(Decimal(printed[address]) * 10000))}


def _zero_blank(_: Form, printed: Printed, rng: Random) -> Changes:
    zeros = [a for a, text in printed.items() if text == "0"]
    return {zeros[draw(len(zeros) - 1, rng)]: ""} if zeros else {}


SLIPS: Mapping[str, Callable[[Form, Printed, Random], Changes]] = {
    "digit": _in_cell(_substituted),
    "dropped": _in_cell(_dropped),
    "doubled": _in_cell(_doubled),
    "swapped": _in_cell(_swapped),
    "exchanged": _exchanged,
    "shifted": _shifted,
    "forgotten": _forgotten,
    "factor": _factor,
    "sign": _in_cell(lambda text, _: f"-{text}"),
    "zero_blank": _zero_blank,
}
# How often each kind is planted.
WEIGHTS = {**dict.fromkeys(SLIPS, 3), "prose": 3, **dict.fromkeys(FILES, 1)}


def kind_of(rng: Random) -> str:
    """One of the kinds."""
    return list(WEIGHTS)[pick(list(WEIGHTS.values()), rng)]
