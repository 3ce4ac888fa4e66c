"""The register of bodies: who may report in which years, at which level, under which code, for which city, and what
became of it.

It is the shipped `reference/bodies.csv` and `successions.csv`, and the files of the same names that an office may put
into its `data/raw`; these add lines and change none.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.core.model import LEVELS, ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.registry.bodies import Body, Register, Succession

__all__ = [
    "Body",
    "Register",
    "Succession",
    "load_register",
    "office_register_bytes",
    "read_register",
    "register_fingerprint",
    "register_from_bytes",
]

BODIES, SUCCESSIONS = "bodies.csv", "successions.csv"
COLUMNS = {
    BODIES: ("body_id", "name", "aliases", "level", "region_code", "parent", "first_year", "last_year"),
    SUCCESSIONS: ("body_id", "successor", "year", "kind", "note"),
}
# renamed: the same body under another name and id; replaced: another body in its place; merged: all of it went into the
# successor; split, land_moved: a part of it did.
WHOLE = ("renamed", "replaced", "merged")
KINDS = (*WHOLE, "split", "land_moved")
CODE = re.compile(r"[0-9]{6}")
SEPARATOR = re.compile(r"[\s/]")  # of ids in a list, of the words of an id
_Line = tuple[str, dict[str, str]]  # where it stands, its fields
_Files = Mapping[str, str]  # path to text; the path ends with the name of a register's file


def load_register(raw: Path | None = None) -> Register:
    """The register: the shipped one, and what `raw`, a data folder's reports, adds. Read again only where those files
    have changed.
    """
    return _register(raw, _stamps(raw)) if raw else register_from_bytes(b"")


def register_fingerprint(raw: Path) -> str:
    """A hash of what a data folder adds to the register, '' where it adds nothing."""
    files = [path for name in COLUMNS if (path := raw / name).is_file()]
    return " ".join(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)


def office_register_bytes(raw: Path) -> bytes:
    """What a data folder adds to the register, for who has the program and not the folder; b'' where it adds nothing.
    Raises ProjectFault for a file that is not UTF-8.
    """
    files = _texts(raw)
    return zlib.compress(json.dumps(files).encode()) if files else b""


@lru_cache(maxsize=4)
def register_from_bytes(files: bytes) -> Register:
    """The register: the shipped one, and what was office_register_bytes."""
    return _joined([_texts(REFERENCE), json.loads(zlib.decompress(files)) if files else {}])


@lru_cache(maxsize=4)
def _register(raw: Path, _stamps: tuple[object, ...]) -> Register:
    return register_from_bytes(office_register_bytes(raw))


def _stamps(raw: Path) -> tuple[object, ...]:
    return tuple((path, _stamp(path)) for name in COLUMNS if (path := raw / name).is_file())


def _stamp(path: Path) -> tuple[int, int, int]:
    """What changes with the file; reading it for each report would take longer than the report."""
    told = path.stat()
    return told.st_ino, told.st_mtime_ns, told.st_size


def read_register(folders: Iterable[Path]) -> Register:
    """One register of the files of several folders. Raises ProjectFault, with file and line, for a name or id that
    stands twice, an unknown level, parent, kind or body, and years that do not fit together.
    """
    return _joined([_texts(folder) for folder in folders])


def _joined(sources: Sequence[_Files]) -> Register:
    bodies: dict[str, Body] = {}
    names: dict[str, Body] = {}
    lines = list(_lines(sources, BODIES))
    for where, line in lines:
        body = _body(line, where)
        for taken, key in ((bodies, body.body_id), *((names, name) for name in (body.name, *body.aliases))):
            if key in taken or not key:
                raise ProjectFault(f"{where}: an id or a name is empty or stands twice: {key!r}")
            taken[key] = body
    for where, line in lines:
        if line["level"] not in LEVELS or (line["parent"] and line["parent"] not in bodies):
            raise ProjectFault(f"{where}: unknown level {line['level']!r} or parent {line['parent']!r}")
        if line["parent"] and not _one_province(bodies[line["body_id"]], bodies[line["parent"]]):
            raise ProjectFault(f"{where}: {line['body_id']} lies in another province than {line['parent']}")
    found = tuple(_succession(line, bodies, where) for where, line in _lines(sources, SUCCESSIONS))
    _refuse_twice_gone(found)
    return Register(bodies, names, found)


def _texts(folder: Path) -> dict[str, str]:
    """The register's files in a folder, by path."""
    return {str(path): _text(path) for name in COLUMNS if (path := folder / name).is_file()}


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProjectFault(f"{path}: not UTF-8") from error


def _lines(sources: Iterable[_Files], name: str) -> Iterator[_Line]:
    """The lines of the files of that name."""
    for path, text in ((path, text) for files in sources for path, text in files.items() if Path(path).name == name):
        rows = csv.reader(io.StringIO(text, newline=""))
        if tuple(next(rows, ())) != COLUMNS[name]:
            raise ProjectFault(f"{path}: the columns must be {','.join(COLUMNS[name])}")
        yield from (_line(row, name, f"{path}:{rows.line_num}") for row in rows if row)


def _line(row: list[str], name: str, where: str) -> _Line:
    if len(row) != len(COLUMNS[name]):
        raise ProjectFault(f"{where}: {len(row)} fields, not {len(COLUMNS[name])}")
    return where, dict(zip(COLUMNS[name], (field.strip() for field in row), strict=True))


def _body(line: Mapping[str, str], where: str) -> Body:
    aliases = tuple(a for a in line["aliases"].split("|") if a)
    try:
        first, last = (int(line[y]) if line[y] else None for y in ("first_year", "last_year"))
    except ValueError as error:
        raise ProjectFault(f"{where}: {line['body_id']}: {error}") from error
    if SEPARATOR.search(line["body_id"]):
        raise ProjectFault(f"{where}: an id may have no blank and no /: {line['body_id']!r}")
    if not CODE.fullmatch(line["region_code"]):
        raise ProjectFault(f"{where}: {line['body_id']}: no region code {line['region_code']!r}")
    if first and last and first > last:
        raise ProjectFault(f"{where}: {line['body_id']}: ends before it begins")
    return Body(line["body_id"], line["name"], aliases, line["level"], line["region_code"], line["parent"], first, last)


def _succession(line: Mapping[str, str], bodies: Mapping[str, Body], where: str) -> Succession:
    said = ",".join(line.values())
    if line["kind"] not in KINDS or not {line["body_id"], line["successor"]} <= bodies.keys():
        raise ProjectFault(f"{where}: {said}: an unknown kind or body")
    try:
        found = Succession(line["body_id"], line["successor"], int(line["year"]), line["kind"], line["note"])
    except ValueError as error:
        raise ProjectFault(f"{where}: {said}: {error}") from error
    before, after = bodies[found.body_id], bodies[found.successor]
    if not before.reports(found.year - 1) or not after.reports(found.year):
        raise ProjectFault(f"{where}: {said}: one of the two does not report then")
    if not _one_province(before, after):
        raise ProjectFault(f"{where}: {said}: the two lie in different provinces")
    if found.kind in WHOLE and before.last_year != found.year - 1:
        raise ProjectFault(f"{where}: {said}: the body must end in {found.year - 1} in bodies.csv")
    return found


def _one_province(a: Body, b: Body) -> bool:
    """What is rolled up never looks beyond a province: snapshots are cut by it."""
    return a.region_code[:2] == b.region_code[:2]


def _refuse_twice_gone(lines: Iterable[Succession]) -> None:
    """A body that is renamed or replaced twice would be counted twice."""
    whole = Counter(s.body_id for s in lines if s.kind in WHOLE)
    twice = sorted(b for b, count in whole.items() if count > 1)
    if twice:
        raise ProjectFault(f"{SUCCESSIONS}: {', '.join(twice)}: went whole into two bodies")
