"""Simulate the reports of one city over the years: those of its members, and its own, which is their sum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from pipeline.core.form import form_of
from pipeline.registry.bodies import Body
from pipeline.simulate.body_state import BodyState, merge_states, split_state, start_body, sum_by_key
from pipeline.simulate.body_year import Cells, simulate_body_year
from pipeline.simulate.cities import City, build_city
from pipeline.simulate.corpus_spec import CorpusSpec
from pipeline.simulate.random_integers import draw
from pipeline.simulate.report_files import ReportContent, ReportFile, ReportWriter
from pipeline.simulate.sentences import make_prose_figures


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
    writer = ReportWriter(spec, rng)
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

    def simulate_year(self, year: int) -> list[ReportContent]:
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

    def _make_content(self, body: Body, year: int, cells: Cells, prose: Mapping[str, int]) -> ReportContent:
        """Return the content of a report; `prose` are the figures that only the prose gives."""
        form = form_of(year)
        figures = make_prose_figures(form, cells, prose, self.previous_items.get(body.body_id))
        return ReportContent(body, year, form, cells, figures)

    def _apply_successions(self, year: int) -> None:
        """Pass the states of bodies to their successors of that year."""
        successions = [s for s in self.city.successions if s.year == year and s.body_id in self.states]
        for successor in dict.fromkeys(s.successor for s in successions):
            incoming = [s for s in successions if s.successor == successor]
            if incoming[0].kind == "split":
                self.states[successor] = split_state(self.states[incoming[0].body_id])
            else:
                self.states[successor] = merge_states(self.states.pop(s.body_id) for s in incoming)
