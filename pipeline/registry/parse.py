"""Parse the files of the register of bodies, and refuse lines that are malformed or contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.core.csv_form import FileForm
from pipeline.core.file_names import is_portable_name
from pipeline.core.model import LEVELS, FilePlace, ProjectFault
from pipeline.core.project_csv import Layout, Note, Row, Warn, parse, without_repeats
from pipeline.registry.bodies import Body, Register, Succession
from pipeline.registry.governments import NATION, governments
from pipeline.registry.population import parse_population

BODIES, SUCCESSIONS, POPULATION = "bodies.csv", "successions.csv", "population.csv"
LAYOUTS = {
    BODIES: Layout(
        {
            "body_id": "code", "name": "text", "aliases": "text", "level": "code", "region_code": "code",
            "parent": "code", "first_year": "whole", "last_year": "whole",
        },
        is_sorted=False,
    ),
    SUCCESSIONS: Layout({"body_id": "code", "successor": "code", "year": "whole", "kind": "code", "note": "text"}),
    POPULATION: Layout({"code": "code", "year": "whole", "population": "whole", "source": "text"}),
}  # fmt: skip
COLUMNS = {name: tuple(layout.columns) for name, layout in LAYOUTS.items()}
# `renamed`: the same body under another name and id. `replaced`: another body in its place. `merged`: the successor
# took over all of the body. `split` and `land_moved`: the successor took over a part of it.
WHOLE_BODY_KINDS = ("renamed", "replaced", "merged")
KINDS = (*WHOLE_BODY_KINDS, "split", "land_moved")
REGION_CODE = re.compile(r"[0-9]{6}")
# Characters that separate the ids of a list and the words of an id.
ID_SEPARATOR = re.compile(r"[\s/]")
# Path to text; each path ends with the name of one of the files.
RegisterFiles = Mapping[str, str]


def parse_register(sources: Sequence[RegisterFiles]) -> Register:
    """Build a register from the files of several folders, in their order. Equal lines count once and are noted.

    Raises ProjectFault, with file and line, for an empty or duplicate name or id, an unknown level, parent, kind or
    body, and a malformed region code. It is also raised for a body that is below itself, for links between provinces,
    and for years that contradict each other.
    """
    notes: list[Note] = []
    rows = list(_parse_rows(sources, BODIES, notes.append))
    bodies, names = _index_bodies(rows)
    known = {**governments().by_code, **bodies}
    for row in rows:
        _check_body(row, known)
    successions = tuple(_parse_succession(row, known) for row in _parse_rows(sources, SUCCESSIONS, notes.append))
    _check_single_end(successions)
    population = tuple(parse_population(_parse_rows(sources, POPULATION, notes.append)))
    return Register(bodies, names, successions, population, tuple(notes), tuple(sources))


def _check_body(row: Row, known: Mapping[str, Body]) -> None:
    """Raise ProjectFault for a body whose level or parent contradicts what is known of the others."""
    place, line = row.place, row.values
    body_id, level, parent_id = line["body_id"], line["level"], line["parent"]
    if (official := governments().by_code.get(body_id)) and official.level != level:
        raise ProjectFault("register.official", place=place, id=body_id, name=official.name, level=official.level)
    if level not in LEVELS:
        raise ProjectFault("register.level", place=place, level=level, levels=", ".join(LEVELS))
    parent = known.get(parent_id)
    if parent_id and parent is None:
        raise ProjectFault("register.parent", place=place, parent=parent_id)
    if parent and not _is_in_same_province(known[body_id], parent):
        raise ProjectFault("register.province", place=place, body=known[body_id].name, parent=parent.name)
    if circle := _find_circle(body_id, known):
        raise ProjectFault("register.circle", place=place, circle=" → ".join(circle))


def _find_circle(body_id: str, known: Mapping[str, Body]) -> list[str]:
    """Return the names of the bodies from a body up to itself, [] if its parents do not lead back to it."""
    above = [body_id]
    while (parent := known[above[-1]].parent) in known and parent not in above:
        above.append(parent)
    return [known[b].name for b in (*above, body_id)] if parent == body_id else []


def _index_bodies(rows: Iterable[Row]) -> tuple[dict[str, Body], dict[str, Body]]:
    """Return the bodies by id, and by every name and alias. Raises ProjectFault for an empty or duplicate one."""
    bodies: dict[str, Body] = {}
    names: dict[str, Body] = {}
    places: dict[str, FilePlace] = {}
    for row in rows:
        body = _parse_body(row)
        places.setdefault(body.body_id, row.place)
        for index, key in ((bodies, body.body_id), *((names, name) for name in (body.name, *body.aliases))):
            if not key:
                raise ProjectFault("register.empty", place=row.place)
            if key in index:
                raise ProjectFault("register.twice", place=row.place, name=key, first=places[index[key].body_id])
            index[key] = body
    return bodies, names


def _parse_rows(sources: Iterable[RegisterFiles], name: str, warn: Warn) -> Iterator[Row]:
    """Yield the lines of all files called `name`. Raises ProjectFault as `parse` does."""
    texts = ((Path(path), text) for files in sources for path, text in files.items() if Path(path).name == name)
    rows = (row for path, text in texts for row in parse(path, text, FileForm(), LAYOUTS[name]).rows())
    yield from without_repeats(rows, warn)


def _parse_body(row: Row) -> Body:
    """Return the body of a line. Raises ProjectFault for a malformed year, id or region code."""
    place, line = row.place, row.values
    aliases = tuple(a for a in line["aliases"].split("|") if a)
    first, last = (_parse_year(row, line[name]) for name in ("first_year", "last_year"))
    if ID_SEPARATOR.search(line["body_id"]) or (line["body_id"] and not is_portable_name(line["body_id"])):
        raise ProjectFault("register.id", place=place, id=line["body_id"])
    if not REGION_CODE.fullmatch(line["region_code"]):
        raise ProjectFault("register.region", place=place, id=line["body_id"], region=line["region_code"])
    if first and last and first > last:
        raise ProjectFault("register.years", place=place, first=first, last=last)
    official = governments().by_code.get(line["body_id"])
    parent = line["parent"] or (official.parent if official else "")
    return Body(line["body_id"], line["name"], aliases, line["level"], line["region_code"], parent, first, last)


def _parse_year(row: Row, text: str) -> int | None:
    """Return a year, None for an empty field. Raises ProjectFault for anything else."""
    if text and not (text.isascii() and text.isdecimal()):
        raise ProjectFault("register.year", place=row.place, id=row.values["body_id"], year=text)
    return int(text) if text else None


def _parse_succession(row: Row, bodies: Mapping[str, Body]) -> Succession:
    """Return the succession of a line. Raises ProjectFault if it contradicts the bodies."""
    place, line = row.place, row.values
    if line["kind"] not in KINDS:
        raise ProjectFault("succession.kind", place=place, kind=line["kind"], kinds=", ".join(KINDS))
    if unknown := [body for body in (line["body_id"], line["successor"]) if body not in bodies]:
        raise ProjectFault("succession.body", place=place, body=", ".join(unknown))
    year = _parse_year(row, line["year"])
    if year is None:
        raise ProjectFault("register.year", place=place, id=line["body_id"], year="")
    succession = Succession(line["body_id"], line["successor"], year, line["kind"], line["note"])
    before, after = bodies[succession.body_id], bodies[succession.successor]
    if not before.is_due(year - 1) or not after.is_due(year):
        values = {"before": before.name, "after": after.name, "last": year - 1, "year": year}
        raise ProjectFault("succession.not_due", place=place, **values)
    if not _is_in_same_province(before, after):
        raise ProjectFault("succession.province", place=place, before=before.name, after=after.name)
    if succession.kind in WHOLE_BODY_KINDS and before.last_year != year - 1:
        raise ProjectFault("succession.end", place=place, before=before.name, last=year - 1)
    return succession


def _is_in_same_province(a: Body, b: Body) -> bool:
    """Return whether two bodies lie in one province, or one of them is the nation."""
    return a.region_code[:2] == b.region_code[:2] or NATION.region_code in (a.region_code, b.region_code)


def _check_single_end(successions: Iterable[Succession]) -> None:
    """Raise ProjectFault for a body that two successors took over whole: it would be counted twice."""
    successors: dict[str, str] = {}
    for s in successions:
        if s.kind not in WHOLE_BODY_KINDS:
            continue
        if first := successors.get(s.body_id):
            values = {"body": s.body_id, "first": first, "second": s.successor}
            raise ProjectFault("succession.twice", file=SUCCESSIONS, **values)
        successors[s.body_id] = s.successor
