"""A simulated city over the years: the reports of its members, and its own, which is their sum."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from pipeline.core.form import Form, form_of
from pipeline.raw.manifest import FIELDS
from pipeline.registry.bodies import Body
from pipeline.simulate.chance import draw
from pipeline.simulate.documents import NOTICE, TITLE
from pipeline.simulate.errors import FILES, TOLD, TRUNCATED, Planted, broken, kind_of, plant
from pipeline.simulate.figures import Cells, State, Value, begin, parted, summed, united, year_of
from pipeline.simulate.markup import text_file, web_page, word_document
from pipeline.simulate.places import City, city
from pipeline.simulate.printed import pdf
from pipeline.simulate.sanmenxia import SOURCE
from pipeline.simulate.sentences import figures_of, sentences
from pipeline.simulate.template import NOTICE as NOTICE_PLACE
from pipeline.simulate.template import TITLE as TITLE_PLACE
from pipeline.simulate.workbook import workbook

Writer = Callable[[str, Mapping[str, str], Sequence[str], int], bytes]
WRITERS: Mapping[str, Writer] = {
    "html": web_page,
    "docx": word_document,
    "xlsx": workbook,
    "pdf": pdf,
    "txt": text_file,
}
SHAPES = 6
KEPT = 600  # bytes of a file that is cut short


@dataclass(frozen=True)
class Order:
    """What is wanted: the years, members of a city, formats, errors in 10,000 reports, and the seed."""

    first: int
    last: int
    members: int
    formats: tuple[str, ...]
    errors: int
    seed: int


@dataclass(frozen=True)
class Report:
    """A simulated report as it lies in the folder: its manifest line and bytes; `cells` are address, true value and
    printed text, and `figures` those of its prose as printed; both empty where the file cannot be read.
    """

    line: Mapping[str, str]
    content: bytes
    cells: Sequence[tuple[str, Value, str]]
    figures: Mapping[str, str]
    errors: Sequence[Planted]


@dataclass
class _Said:
    """What a report says, before it is written."""

    body: Body
    year: int
    form: Form
    cells: Cells
    figures: Mapping[str, Value]
    printed: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)


def place(order: Order, code: str) -> tuple[City, Random]:
    """A city, and the generator that has drawn it: each has its own, so that none depends on those before it."""
    digest = hashlib.sha256(f"{order.seed}/{code}".encode()).digest()
    rng = Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - simulation, and the same for the same seed
    return city(code, order.members, order.first, order.last, rng), rng


def reports(order: Order, code: str) -> Iterator[Report]:
    """The reports of a city and its members, year by year."""
    found, rng = place(order, code)
    factor = 1 << draw(2, rng)
    states: dict[str, State] = {}
    before: dict[str, int] = {}
    for year in range(max(order.first, found.body.first_year or 0), order.last + 1):
        _succeed(found, year, states)
        said = _year(found, year, order, factor, states, before, rng)
        before = {s.body.body_id: int(s.figures["disclosed.items"]) for s in said}
        for one in said:
            yield from _written(one, order, rng)


def _succeed(found: City, year: int, states: dict[str, State]) -> None:
    """Hand on what a body leaves to its successors of that year."""
    lines = [s for s in found.successions if s.year == year and s.body_id in states]
    for successor in dict.fromkeys(s.successor for s in lines):
        into = [s for s in lines if s.successor == successor]
        if into[0].kind == "split":
            states[successor] = parted(states[into[0].body_id])
        else:
            states[successor] = united(states.pop(s.body_id) for s in into)


def _year(
    found: City, year: int, order: Order, factor: int, states: dict[str, State], before: Mapping[str, int], rng: Random
) -> list[_Said]:
    form = form_of(year)
    last_on_form = year < order.last and form_of(year + 1).code != form.code
    said, proses = [], []
    for body in (m for m in found.members if m.is_due(year)):
        if body.body_id not in states:
            states[body.body_id] = begin(body.level, factor, rng)
        cells, prose = year_of(form, states[body.body_id], last_on_form, rng)
        proses.append(prose)
        said.append(_Said(body, year, form, cells, figures_of(form.code, cells, prose, before.get(body.body_id))))
    whole = summed(s.cells for s in said)
    told = figures_of(form.code, whole, summed(proses), before.get(found.body.body_id))
    return [_Said(found.body, year, form, whole, told), *said]


def _written(said: _Said, order: Order, rng: Random) -> Iterator[Report]:
    """The report as a file, with an error where one falls on it; a fault may bring a second file."""
    said.printed = {a: str(v) for a, v in said.cells.items()}
    said.told = {r: str(v) for r, v in said.figures.items()}
    suffix = order.formats[draw(len(order.formats) - 1, rng)]
    kind = kind_of(rng) if draw(9999, rng) < order.errors else ""
    if kind in FILES:
        yield from _faulty(kind, said, suffix, order, rng)
    else:
        planted = _slip(kind, said, rng) if kind else []
        yield _report(said, said.body.name, suffix, "", planted, order, rng)


def _slip(kind: str, said: _Said, rng: Random) -> list[Planted]:
    """Print something else, and say what."""
    cells, told = plant(kind, said.form, said.printed, said.told, rng)
    changes = [(a, said.printed[a], text) for a, text in cells.items()]
    changes += [(f"narrative/{r}/value", said.told[r], text) for r, text in told.items()]
    said.printed |= cells
    said.told |= told
    expected = broken(said.form, said.printed, said.told)
    return [Planted(kind, cell, true, printed, expected) for cell, true, printed in changes]


def _faulty(kind: str, said: _Said, suffix: str, order: Order, rng: Random) -> Iterator[Report]:
    """The report with a fault of its file; one of nobody's and one that stands twice are a second file."""
    fault = Planted(kind, "", "", "", TOLD.get(kind, "") or TRUNCATED[suffix])
    name = said.body.name
    if kind in ("unregistered", "duplicate"):
        yield _report(said, name, suffix, "", [fault] if kind == "duplicate" else [], order, rng)
        name = f"{name}筹备组" if kind == "unregistered" else name
        yield _report(said, name, suffix, f"-{kind}", [fault], order, rng)
        return
    report = _report(said, name, suffix, "", [fault], order, rng)
    content = {"empty": b"", "truncated": cut(report.content, suffix), "checksum": report.content}[kind]
    digest = hashlib.sha256(content + (b"?" if kind == "checksum" else b"")).hexdigest()
    lost = kind != "checksum"
    cells, figures = ((), {}) if lost else (report.cells, report.figures)
    yield Report({**report.line, "sha256": digest}, content, cells, figures, report.errors)


def cut(content: bytes, suffix: str) -> bytes:
    """The beginning of a file: of a text whole lines, before any table."""
    return content[:KEPT].rpartition(b"\n")[0] if suffix in ("html", "txt") else content[:KEPT]


def _report(
    said: _Said, name: str, suffix: str, mark: str, errors: Sequence[Planted], order: Order, rng: Random
) -> Report:
    words = {"name": name, "year": said.year}
    prose = sentences(said.form.code, said.told, name, said.year, rng)
    texts = said.printed | {TITLE_PLACE: TITLE.format(**words), NOTICE_PLACE: NOTICE.format(**words)}
    content = WRITERS[suffix](said.form.code, texts, prose, draw(SHAPES - 1, rng))
    values = (
        f"{said.year}/{said.body.body_id}{mark}.{suffix}", name, said.body.region_code, said.body.level,
        str(said.year), "simulated", SOURCE.format(seed=order.seed), hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    cells = [(a, v, said.printed[a]) for a, v in said.cells.items()]
    return Report(dict(zip(FIELDS, values, strict=True)), content, cells, said.told, errors)
