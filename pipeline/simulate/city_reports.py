"""Simulate the reports of one city over the years: those of its members, and its own, which is their sum."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from pipeline.core.form import Form, form_of
from pipeline.raw.manifest import FIELDS
from pipeline.registry.bodies import Body
from pipeline.simulate.body_year import (
    BodyState,
    Cells,
    Value,
    merge_states,
    simulate_body_year,
    split_state,
    start_body,
    sum_by_key,
)
from pipeline.simulate.cities import City, build_city
from pipeline.simulate.documents import NOTICE, TITLE
from pipeline.simulate.markup_files import build_docx, build_html, build_text
from pipeline.simulate.pdf_file import build_pdf
from pipeline.simulate.planted_errors import (
    CODE_BY_FAULT,
    CODE_BY_TRUNCATED_FORMAT,
    FILE_FAULTS,
    PlantedError,
    draw_kind,
    failing_identities,
    plant_slip,
)
from pipeline.simulate.random_integers import draw
from pipeline.simulate.sanmenxia import SOURCE
from pipeline.simulate.sentences import make_prose_figures, write_sentences
from pipeline.simulate.template import NOTICE as NOTICE_PLACEHOLDER
from pipeline.simulate.template import TITLE as TITLE_PLACEHOLDER
from pipeline.simulate.xlsx_file import build_xlsx

# Arguments: form code, texts by placeholder, paragraphs of the prose, and the number of the shape.
Writer = Callable[[str, Mapping[str, str], Sequence[str], int], bytes]
WRITERS: Mapping[str, Writer] = {
    "html": build_html,
    "docx": build_docx,
    "xlsx": build_xlsx,
    "pdf": build_pdf,
    "txt": build_text,
}
# A multiple of the number of shapes of every format.
SHAPE_COUNT = 6
# A truncated file has this many bytes.
TRUNCATED_BYTES = 600


@dataclass(frozen=True)
class CorpusSpec:
    """The specification of a simulated corpus.

    It has the report years, the number of members per city, the file formats (keys of WRITERS), the errors per 10,000
    reports, and the random seed.
    """

    first_year: int
    last_year: int
    member_count: int
    formats: tuple[str, ...]
    errors_per_10000: int
    seed: int


@dataclass(frozen=True)
class ReportFile:
    """A simulated report as a file: its manifest line, its bytes, and the truth about it.

    `cells` holds address, true value and printed text of each cell. `figures` holds the printed figures of the prose by
    row. Both are empty where the file cannot be read.
    """

    manifest_line: Mapping[str, str]
    content: bytes
    cells: Sequence[tuple[str, Value, str]]
    figures: Mapping[str, str]
    errors: Sequence[PlantedError]


@dataclass
class _ReportContent:
    """The numbers of a report before it is written as a file.

    `cells` and `figures` are the true values; `printed_cells` and `printed_figures` are the texts, with planted slips.
    """

    body: Body
    year: int
    form: Form
    cells: Cells
    figures: Mapping[str, Value]
    printed_cells: dict[str, str] = field(default_factory=dict)
    printed_figures: dict[str, str] = field(default_factory=dict)


def draw_city(spec: CorpusSpec, code: str) -> tuple[City, Random]:
    """Return a city, and the random generator that drew it.

    Each city has its own generator, seeded by the corpus and the code, so that no city depends on those before it.
    """
    digest = hashlib.sha256(f"{spec.seed}/{code}".encode()).digest()
    rng = Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - the same seed must give the same numbers
    return build_city(code, spec.member_count, spec.first_year, spec.last_year, rng), rng


def generate_reports(spec: CorpusSpec, code: str) -> Iterator[ReportFile]:
    """Yield the reports of a city and its members, year by year, the city's own report first."""
    city, rng = draw_city(spec, code)
    simulation = _CitySimulation(spec, city, 1 << draw(2, rng), rng)
    writer = _ReportWriter(spec, rng)
    for year in range(max(spec.first_year, city.body.first_year or 0), spec.last_year + 1):
        for content in simulation.simulate_year(year):
            yield from writer.write(content)


@dataclass
class _CitySimulation:
    """The simulation of a city from year to year.

    `states` are the bodies' states and `previous_items` the items they disclosed in the previous year, by body id.
    """

    spec: CorpusSpec
    city: City
    size_factor: int
    rng: Random
    states: dict[str, BodyState] = field(default_factory=dict)
    previous_items: dict[str, int] = field(default_factory=dict)

    def simulate_year(self, year: int) -> list[_ReportContent]:
        """Return the contents of a year's reports: first the city's, then its members'."""
        self._apply_successions(year)
        form = form_of(year)
        is_last_on_form = year < self.spec.last_year and form_of(year + 1).code != form.code
        members, proses = [], []
        for body in (m for m in self.city.members if m.is_due(year)):
            if body.body_id not in self.states:
                self.states[body.body_id] = start_body(body.level, self.size_factor, self.rng)
            cells, prose = simulate_body_year(form, self.states[body.body_id], is_last_on_form, self.rng)
            proses.append(prose)
            members.append(self._make_content(body, year, cells, prose))
        city_cells = sum_by_key(m.cells for m in members)
        contents = [self._make_content(self.city.body, year, city_cells, sum_by_key(proses)), *members]
        self.previous_items = {c.body.body_id: int(c.figures["disclosed.items"]) for c in contents}
        return contents

    def _make_content(self, body: Body, year: int, cells: Cells, prose: Mapping[str, int]) -> _ReportContent:
        """Return the content of a report; `prose` are the figures that only the prose gives."""
        form = form_of(year)
        figures = make_prose_figures(form.code, cells, prose, self.previous_items.get(body.body_id))
        return _ReportContent(body, year, form, cells, figures)

    def _apply_successions(self, year: int) -> None:
        """Pass the states of bodies to their successors of that year."""
        successions = [s for s in self.city.successions if s.year == year and s.body_id in self.states]
        for successor in dict.fromkeys(s.successor for s in successions):
            incoming = [s for s in successions if s.successor == successor]
            if incoming[0].kind == "split":
                self.states[successor] = split_state(self.states[incoming[0].body_id])
            else:
                self.states[successor] = merge_states(self.states.pop(s.body_id) for s in incoming)


@dataclass
class _ReportWriter:
    """Writes report contents as files and plants errors into some of them."""

    spec: CorpusSpec
    rng: Random

    def write(self, content: _ReportContent) -> Iterator[ReportFile]:
        """Yield the report as a file, with an error if one is drawn; some file faults add a second file."""
        content.printed_cells = {a: str(v) for a, v in content.cells.items()}
        content.printed_figures = {r: str(v) for r, v in content.figures.items()}
        suffix = self.spec.formats[draw(len(self.spec.formats) - 1, self.rng)]
        kind = draw_kind(self.rng) if draw(9999, self.rng) < self.spec.errors_per_10000 else ""
        if kind in FILE_FAULTS:
            yield from self._write_with_fault(kind, content, suffix)
        else:
            errors = self._plant_slip(kind, content) if kind else []
            yield self._make_file(content, suffix, errors)

    def _plant_slip(self, kind: str, content: _ReportContent) -> list[PlantedError]:
        """Change the printed texts of `content` by a slip; return one error per changed text."""
        form, cells, figures = content.form, content.printed_cells, content.printed_figures
        new_cells, new_figures = plant_slip(kind, form, cells, figures, self.rng)
        changes = [(a, cells[a], text) for a, text in new_cells.items()]
        changes += [(f"narrative/{r}/value", figures[r], text) for r, text in new_figures.items()]
        cells |= new_cells
        figures |= new_figures
        expected = failing_identities(form, cells, figures)
        return [PlantedError(kind, cell, true, printed, expected) for cell, true, printed in changes]

    def _write_with_fault(self, kind: str, content: _ReportContent, suffix: str) -> Iterator[ReportFile]:
        """Yield the report with a fault of its file.

        An unregistered body and a duplicate are a second file next to the correct one.
        """
        error = PlantedError(kind, "", "", "", CODE_BY_FAULT.get(kind, "") or CODE_BY_TRUNCATED_FORMAT[suffix])
        if kind in ("unregistered", "duplicate"):
            yield self._make_file(content, suffix, [error] if kind == "duplicate" else [])
            name = f"{content.body.name}筹备组" if kind == "unregistered" else content.body.name
            yield self._make_file(content, suffix, [error], name=name, path_ending=f"-{kind}")
            return
        file = self._make_file(content, suffix, [error])
        new_bytes = {"empty": b"", "truncated": truncate(file.content, suffix), "checksum": file.content}[kind]
        digest = hashlib.sha256(new_bytes + (b"?" if kind == "checksum" else b"")).hexdigest()
        is_readable = kind == "checksum"
        cells, figures = (file.cells, file.figures) if is_readable else ((), {})
        yield ReportFile({**file.manifest_line, "sha256": digest}, new_bytes, cells, figures, file.errors)

    def _make_file(
        self,
        content: _ReportContent,
        suffix: str,
        errors: Sequence[PlantedError],
        *,
        name: str = "",
        path_ending: str = "",
    ) -> ReportFile:
        """Return the report as a file in the format `suffix`.

        `name` replaces the name of the body, and `path_ending` is added to its id in the path.
        """
        body, year, form = content.body, content.year, content.form
        name = name or body.name
        prose = write_sentences(form.code, content.printed_figures, name, year, self.rng)
        texts = content.printed_cells | {
            TITLE_PLACEHOLDER: TITLE.format(name=name, year=year),
            NOTICE_PLACEHOLDER: NOTICE.format(name=name, year=year),
        }
        file_bytes = WRITERS[suffix](form.code, texts, prose, draw(SHAPE_COUNT - 1, self.rng))
        values = (
            f"{year}/{body.body_id}{path_ending}.{suffix}", name, body.region_code, body.level, str(year), "simulated",
            SOURCE.format(seed=self.spec.seed), hashlib.sha256(file_bytes).hexdigest(),
        )  # fmt: skip
        cells = [(a, v, content.printed_cells[a]) for a, v in content.cells.items()]
        manifest_line = dict(zip(FIELDS, values, strict=True))
        return ReportFile(manifest_line, file_bytes, cells, content.printed_figures, errors)


def truncate(content: bytes, suffix: str) -> bytes:
    """Return the beginning of a file: whole lines before any table for text formats, TRUNCATED_BYTES for others."""
    start = content[:TRUNCATED_BYTES]
    return start.rpartition(b"\n")[0] if suffix in ("html", "txt") else start
