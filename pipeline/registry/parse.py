"""Parse the files of the register of bodies, and refuse lines that are malformed or contradict each other."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.core.model import LEVELS, ProjectFault
from pipeline.registry.bodies import Body, Register, Succession
from pipeline.registry.governments import NATION, governments
from pipeline.registry.population import parse_population

BODIES, SUCCESSIONS, POPULATION = "bodies.csv", "successions.csv", "population.csv"
COLUMNS = {
    BODIES: ("body_id", "name", "aliases", "level", "region_code", "parent", "first_year", "last_year"),
    SUCCESSIONS: ("body_id", "successor", "year", "kind", "note"),
    POPULATION: ("code", "year", "population", "source"),
}
# `renamed`: the same body under another name and id. `replaced`: another body in its place. `merged`: the successor
# took over all of the body. `split` and `land_moved`: the successor took over a part of it.
WHOLE_BODY_KINDS = ("renamed", "replaced", "merged")
KINDS = (*WHOLE_BODY_KINDS, "split", "land_moved")
REGION_CODE = re.compile(r"[0-9]{6}")
# Characters that separate the ids of a list and the words of an id.
ID_SEPARATOR = re.compile(r"[\s/]")
# Path to text; each path ends with BODIES or SUCCESSIONS.
RegisterFiles = Mapping[str, str]
_Line = tuple[str, dict[str, str]]  # `path:line` for messages, and the fields by column


def parse_register(sources: Sequence[RegisterFiles]) -> Register:
    """Build a register from the files of several folders, in their order.

    Raises ProjectFault, with file and line, for an empty or duplicate name or id, an unknown level, parent, kind or
    body, and a malformed region code. It is also raised for a body that is below itself, for links between provinces,
    and for years that contradict each other.
    """
    lines = list(_parse_lines(sources, BODIES))
    bodies, names = _index_bodies(lines)
    for where, line in lines:
        if (official := governments().by_code.get(line["body_id"])) and official.level != line["level"]:
            raise ProjectFault(f"{where}: {line['body_id']} is the id of {official.name}, {official.level}")
        parent = bodies.get(line["parent"]) or governments().by_code.get(line["parent"])
        if line["level"] not in LEVELS or (line["parent"] and parent is None):
            raise ProjectFault(f"{where}: unknown level {line['level']!r} or parent {line['parent']!r}")
        if parent and not _is_in_same_province(bodies[line["body_id"]], parent):
            raise ProjectFault(f"{where}: {line['body_id']} lies in another province than {line['parent']}")
        if _is_below_itself(line["body_id"], bodies):
            raise ProjectFault(f"{where}: {line['body_id']} is its own parent, or a parent of its parent")
    known = {**governments().by_code, **bodies}
    successions = tuple(_parse_succession(line, known, where) for where, line in _parse_lines(sources, SUCCESSIONS))
    _check_single_end(successions)
    population = tuple(parse_population(_parse_lines(sources, POPULATION)))
    return Register(bodies, names, successions, population)


def _is_below_itself(body_id: str, bodies: Mapping[str, Body]) -> bool:
    """Return whether the parents of a registered body lead back to it. Governments have no parent below them."""
    above, parent = set[str](), bodies[body_id].parent
    while parent in bodies and parent not in above:
        above.add(parent)
        parent = bodies[parent].parent
    return body_id in above


def _index_bodies(lines: Iterable[_Line]) -> tuple[dict[str, Body], dict[str, Body]]:
    """Return the bodies by id, and by every name and alias. Raises ProjectFault for an empty or duplicate one."""
    bodies: dict[str, Body] = {}
    names: dict[str, Body] = {}
    for where, line in lines:
        body = _parse_body(line, where)
        for index, key in ((bodies, body.body_id), *((names, name) for name in (body.name, *body.aliases))):
            if key in index or not key:
                raise ProjectFault(f"{where}: an id or a name is empty or occurs twice: {key!r}")
            index[key] = body
    return bodies, names


def _parse_lines(sources: Iterable[RegisterFiles], name: str) -> Iterator[_Line]:
    """Yield the lines of all files called `name`, empty lines left out. Raises ProjectFault for other columns."""
    for path, text in ((path, text) for files in sources for path, text in files.items() if Path(path).name == name):
        rows = csv.reader(io.StringIO(text, newline=""))
        if tuple(next(rows, ())) != COLUMNS[name]:
            raise ProjectFault(f"{path}: the columns must be {','.join(COLUMNS[name])}")
        yield from (_parse_line(row, name, f"{path}:{rows.line_num}") for row in rows if row)


def _parse_line(row: list[str], name: str, where: str) -> _Line:
    """Return the fields of a row by column. Raises ProjectFault if there are too many or too few."""
    if len(row) != len(COLUMNS[name]):
        raise ProjectFault(f"{where}: {len(row)} fields, not {len(COLUMNS[name])}")
    return where, dict(zip(COLUMNS[name], (field.strip() for field in row), strict=True))


def _parse_body(line: Mapping[str, str], where: str) -> Body:
    """Return the body of a line. Raises ProjectFault for a malformed year, id or region code."""
    aliases = tuple(a for a in line["aliases"].split("|") if a)
    try:
        first, last = (int(line[y]) if line[y] else None for y in ("first_year", "last_year"))
    except ValueError as error:
        raise ProjectFault(f"{where}: {line['body_id']}: {error}") from error
    if ID_SEPARATOR.search(line["body_id"]):
        raise ProjectFault(f"{where}: an id may have no blank and no /: {line['body_id']!r}")
    if not REGION_CODE.fullmatch(line["region_code"]):
        raise ProjectFault(f"{where}: {line['body_id']}: no region code {line['region_code']!r}")
    if first and last and first > last:
        raise ProjectFault(f"{where}: {line['body_id']}: ends before it begins")
    official = governments().by_code.get(line["body_id"])
    parent = line["parent"] or (official.parent if official else "")
    return Body(line["body_id"], line["name"], aliases, line["level"], line["region_code"], parent, first, last)


def _parse_succession(line: Mapping[str, str], bodies: Mapping[str, Body], where: str) -> Succession:
    """Return the succession of a line. Raises ProjectFault if it contradicts the bodies."""
    text = ",".join(line.values())
    if line["kind"] not in KINDS or not {line["body_id"], line["successor"]} <= bodies.keys():
        raise ProjectFault(f"{where}: {text}: an unknown kind or body")
    try:
        succession = Succession(line["body_id"], line["successor"], int(line["year"]), line["kind"], line["note"])
    except ValueError as error:
        raise ProjectFault(f"{where}: {text}: {error}") from error
    before, after = bodies[succession.body_id], bodies[succession.successor]
    if not before.is_due(succession.year - 1) or not after.is_due(succession.year):
        raise ProjectFault(f"{where}: {text}: one of the two does not report then")
    if not _is_in_same_province(before, after):
        raise ProjectFault(f"{where}: {text}: the two lie in different provinces")
    if succession.kind in WHOLE_BODY_KINDS and before.last_year != succession.year - 1:
        raise ProjectFault(f"{where}: {text}: the body must end in {succession.year - 1} in bodies.csv")
    return succession


def _is_in_same_province(a: Body, b: Body) -> bool:
    """Return whether two bodies lie in one province, or one of them is the nation."""
    return a.region_code[:2] == b.region_code[:2] or NATION.region_code in (a.region_code, b.region_code)


def _check_single_end(successions: Iterable[Succession]) -> None:
    """Raise ProjectFault for a body that two successors took over whole: it would be counted twice."""
    ends = Counter(s.body_id for s in successions if s.kind in WHOLE_BODY_KINDS)
    duplicates = sorted(b for b, count in ends.items() if count > 1)
    if duplicates:
        raise ProjectFault(f"{SUCCESSIONS}: {', '.join(duplicates)}: two successors took over the whole body")
