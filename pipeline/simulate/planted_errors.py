"""Plant errors into simulated reports: slips of the hand in cells and prose, and faults of whole files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random

from pipeline.core.form import Form
from pipeline.core.identity import Instance
from pipeline.extract.domain import MAY_BE_NEGATIVE
from pipeline.simulate.random_integers import draw, pick_index

# Printed texts by address or by row of the prose.
Texts = Mapping[str, str]
# The texts that a slip changes.
Changes = dict[str, str]
FILE_FAULTS = ("truncated", "empty", "unregistered", "checksum", "duplicate")
# The code with which ogi reports a fault of a file.
CODE_BY_FAULT = {
    "empty": "read.empty",
    "unregistered": "register.unknown",
    "checksum": "source.sha256",
    "duplicate": "report.duplicate",
}
# The code for a truncated file, by its format.
CODE_BY_TRUNCATED_FORMAT = {
    "html": "extract.no_table",
    "txt": "extract.no_table",
    "docx": "read.broken_zip",
    "xlsx": "read.broken_zip",
    "pdf": "read.pdf_broken",
}
# Rows of the prose into which no slip is planted.
PROSE_ROWS_WITHOUT_SLIPS = ("disclosed.items_growth", "trainings", "trained")
# How often a random slip is tried until it gives another plausible number.
MAX_TRIES = 8


@dataclass(frozen=True)
class PlantedError:
    """A cell of a report that is printed wrongly, or a fault of its file (`cell` is ''); a line of `errors.csv`.

    `true` and `printed` are the texts of the cell. `expected` is the report that ogi should give: the identities that
    fail, the finding, or the code of its quarantine; '' where the error cannot be detected.
    """

    kind: str
    cell: str
    true: str
    printed: str
    expected: str


def plant_slip(kind: str, form: Form, cells: Texts, figures: Texts, rng: Random) -> tuple[Changes, Changes]:
    """Return the changed texts of cells and of prose figures for a slip of this kind.

    Both are empty where the report has no place for such a slip.
    """
    if kind != "prose":
        return SLIPS[kind](form, cells, rng), {}
    candidates = {row: text for row, text in figures.items() if row not in PROSE_ROWS_WITHOUT_SLIPS}
    return {}, _change_one(candidates, lambda text: _substitute_digit(text, rng), rng)


def failing_identities(form: Form, cells: Texts, figures: Texts) -> str:
    """Return the ids of the identities that fail on the printed texts, separated by spaces.

    An identity with a blank or missing cell does not fail. A negative number is also a finding of its own.
    """
    texts = {**cells, **{f"narrative/{row}/value": text for row, text in figures.items()}}
    failed = [i.identity.id for i in form.instances if _fails(i, texts)]
    negative = (a for a, text in cells.items() if text.startswith("-") and not a.endswith(MAY_BE_NEGATIVE))
    failed += ["extract.negative" for _ in negative]
    return " ".join(dict.fromkeys(failed))


def _fails(instance: Instance, texts: Texts) -> bool:
    """Return whether an identity fails at one place."""
    if not all(texts.get(a) for a in (*instance.left, *instance.right)):
        return False
    left, right = (sum(Decimal(texts[a]) for a in side) for side in (instance.left, instance.right))
    return left < right if instance.identity.relation == ">=" else left != right


def _change_one(texts: Texts, change: Callable[[str], str], rng: Random) -> Changes:
    """Change one of the numbers above 0; return nothing if no try gives another number without leading zero."""
    addresses = [a for a, text in texts.items() if text.isdigit() and text != "0"]
    for _ in range(MAX_TRIES if addresses else 0):
        address = addresses[draw(len(addresses) - 1, rng)]
        changed = change(texts[address])
        if changed != texts[address] and (len(changed) == 1 or changed[:1] != "0"):
            return {address: changed}
    return {}


def _substitute_digit(text: str, rng: Random) -> str:
    """Replace one digit by another."""
    i = draw(len(text) - 1, rng)
    return text[:i] + str((int(text[i]) + 1 + draw(8, rng)) % 10) + text[i + 1 :]


def _drop_digit(text: str, rng: Random) -> str:
    """Leave out one digit; a single digit stays."""
    i = draw(len(text) - 1, rng)
    return text[:i] + text[i + 1 :] or text


def _double_digit(text: str, rng: Random) -> str:
    """Write one digit twice."""
    i = draw(len(text) - 1, rng)
    return text[:i] + text[i] + text[i:]


def _swap_digits(text: str, rng: Random) -> str:
    """Exchange two neighbouring digits."""
    i = draw(max(0, len(text) - 2), rng)
    return text[:i] + text[i + 1 : i + 2] + text[i : i + 1] + text[i + 2 :]


def _slip_in_one_cell(change: Callable[[str, Random], str]) -> Callable[[Form, Texts, Random], Changes]:
    """Return a slip that changes the text of one cell."""
    return lambda _, cells, rng: _change_one(cells, lambda text: change(text, rng), rng)


def _rows_with_different_cells(form: Form, cells: Texts) -> list[list[str]]:
    """Return the addresses of each printed row whose texts are not all equal."""
    rows: dict[tuple[str, str], list[str]] = {}
    for table in form.printed_tables:
        for row, column in table.cells:
            rows.setdefault((table.code, row), []).append(f"{table.code}/{row}/{column}")
    return [row for row in rows.values() if len({cells[a] for a in row}) > 1]


def _exchange_neighbours(form: Form, cells: Texts, rng: Random) -> Changes:
    """Exchange two neighbouring cells of a row."""
    rows = _rows_with_different_cells(form, cells)
    pairs = [(a, b) for row in rows for a, b in pairwise(row) if cells[a] != cells[b]]
    if not pairs:
        return {}
    first, second = pairs[draw(len(pairs) - 1, rng)]
    return {first: cells[second], second: cells[first]}


def _shift_row(form: Form, cells: Texts, rng: Random) -> Changes:
    """Shift a row to the right by one cell; its first cell becomes blank."""
    rows = _rows_with_different_cells(form, cells)
    if not rows:
        return {}
    row = rows[draw(len(rows) - 1, rng)]
    shifted = dict(zip(row, ["", *(cells[a] for a in row)], strict=False))
    return {a: text for a, text in shifted.items() if text != cells[a]}


def _forget_total(_: Form, cells: Texts, rng: Random) -> Changes:
    """Leave one total blank."""
    totals = {a: t for a, t in cells.items() if "total" in a.split("/")[-1] or a.split("/")[1].endswith(".total")}
    return _change_one(totals, lambda _text: "", rng)


def _write_yuan(form: Form, cells: Texts, rng: Random) -> Changes:
    """Write one amount in 元 instead of 万元."""
    units = {f"{t.code}/{r}/{c}": unit for t in form.printed_tables for (r, c), unit in t.units.items()}
    amounts = [a for a, text in cells.items() if units[a] == "万元" and Decimal(text)]
    if not amounts:
        return {}
    address = amounts[draw(len(amounts) - 1, rng)]
    return {address: str(int(Decimal(cells[address]) * 10000))}


def _blank_zero(_: Form, cells: Texts, rng: Random) -> Changes:
    """Leave one zero blank."""
    zeros = [a for a, text in cells.items() if text == "0"]
    return {zeros[draw(len(zeros) - 1, rng)]: ""} if zeros else {}


SLIPS: Mapping[str, Callable[[Form, Texts, Random], Changes]] = {
    "digit": _slip_in_one_cell(_substitute_digit),
    "dropped": _slip_in_one_cell(_drop_digit),
    "doubled": _slip_in_one_cell(_double_digit),
    "swapped": _slip_in_one_cell(_swap_digits),
    "exchanged": _exchange_neighbours,
    "shifted": _shift_row,
    "forgotten": _forget_total,
    "factor": _write_yuan,
    "sign": _slip_in_one_cell(lambda text, _: f"-{text}"),
    "zero_blank": _blank_zero,
}
# How often each kind of error is planted, relative to the others.
KIND_WEIGHTS = {**dict.fromkeys(SLIPS, 3), "prose": 3, **dict.fromkeys(FILE_FAULTS, 1)}


def draw_kind(rng: Random) -> str:
    """Draw a kind of error by its weight."""
    return list(KIND_WEIGHTS)[pick_index(list(KIND_WEIGHTS.values()), rng)]
