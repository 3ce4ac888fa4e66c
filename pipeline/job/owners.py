"""Whose report it is: the body that a document names, or the reason to ask a person, with similar names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from pipeline.core.model import DataFault, Extraction
from pipeline.core.paths import Data
from pipeline.registry.bodies import Body, Register
from pipeline.registry.load import load_register, office_bodies
from pipeline.registry.lookup import find_candidates

MIN_SIMILARITY, MAX_SUGGESTIONS = 60, 3  # of names without their place and ending, in percent
_GOVERNMENT = re.compile(r"(?:人民政府|行政公署)(?:办公室|办公厅)?$")
_PLACE_ENDINGS = ("市", "州", "盟", "县", "区", "旗")


@dataclass
class Owners:
    """The bodies whose reports a data folder takes."""

    data: Data

    @cached_property
    def register(self) -> Register:
        """The register of the data folder."""
        return load_register(self.data.raw)

    @cached_property
    def office_bodies(self) -> Mapping[str, Body]:
        """The bodies that the office itself registered; none if it registered none."""
        return office_bodies(self.data.raw)

    def find(self, extraction: Extraction, year: int | None, stated: str | None = None) -> Body:
        """Return the body of a report on a year; `stated` is the name that a person gives.

        Raises DataFault if the body is unknown, not certain, not on the list of members, or not of this office. Only a
        person may name a body that is on no list.
        """
        name = stated or extraction.body or ""
        candidates = find_candidates(self.register, name, year) if name else ()
        notes = [f.note for f in extraction.findings if f.identity == "who.body" and f.note != "?"]
        is_certain = bool(stated) or (extraction.is_body_certain and bool(name))
        if not is_certain or len(candidates) > 1:
            names = notes or [body.name for body in candidates]
            raise DataFault("add.body", candidates=" | ".join(names) or "?")
        if not candidates:
            raise DataFault("receive.unknown_body", body=name)
        if fault := self._refusal(candidates[0], is_stated=bool(stated)):
            raise fault
        return candidates[0]

    def _refusal(self, body: Body, *, is_stated: bool) -> DataFault | None:
        if self.office_bodies and not self._is_within_office(body):
            return DataFault("receive.outside", body=body.name)
        is_new = body.recognised and body.parent in self.register.bodies
        return DataFault("receive.new_body", body=body.name) if is_new and not is_stated else None

    def _is_within_office(self, body: Body) -> bool:
        parent = self.register.bodies.get(body.parent)
        return body.body_id in self.office_bodies or (parent is not None and self._is_within_office(parent))

    def suggest(self, name: str) -> tuple[str, ...]:
        """Return the registered names that are most similar to a name."""
        known = self.office_bodies or self.register.bodies
        stems = {body.name: self._stem(body.name) for body in known.values()}
        found = process.extract(
            self._stem(name), stems, scorer=fuzz.ratio, limit=MAX_SUGGESTIONS, score_cutoff=MIN_SIMILARITY
        )
        return tuple(match for _, _, match in found)

    def _stem(self, name: str) -> str:
        """Return a name without the office's city at its begin and the words for a government at its end."""
        stem = _GOVERNMENT.sub("", name)
        names = [known for body in self.office_bodies.values() for known in (body.name, *body.aliases)]
        places = [place for place in names if place.endswith(_PLACE_ENDINGS) and stem.startswith(place)]
        return stem.removeprefix(max(places, key=len, default="")) or stem
