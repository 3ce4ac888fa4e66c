"""Load the register of bodies: the shipped files and the files that an office adds in its `data/raw`.

The register says who reports in which years, at which level, under which region code and for which city, and what
became of each body. An office puts `bodies.csv` and `successions.csv` into its `data/raw`, in the same columns as the
shipped `reference/` files. These files can add lines and cannot change shipped ones.
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
    "Body", "Register", "Succession",
    "load_register", "office_register_bytes", "read_register", "register_fingerprint", "register_from_bytes",
]  # fmt: skip

BODIES, SUCCESSIONS = "bodies.csv", "successions.csv"
COLUMNS = {
    BODIES: ("body_id", "name", "aliases", "level", "region_code", "parent", "first_year", "last_year"),
    SUCCESSIONS: ("body_id", "successor", "year", "kind", "note"),
}
# `renamed`: the same body under another name and id. `replaced`: another body in its place. `merged`: the successor
# took over all of the body. `split` and `land_moved`: the successor took over a part of it.
WHOLE_BODY_KINDS = ("renamed", "replaced", "merged")
KINDS = (*WHOLE_BODY_KINDS, "split", "land_moved")
REGION_CODE = re.compile(r"[0-9]{6}")
# Characters that separate the ids of a list and the words of an id.
ID_SEPARATOR = re.compile(r"[\s/]")
_Line = tuple[str, dict[str, str]]  # `path:line` for messages, and the fields by column
_Files = Mapping[str, str]  # path to text; the path ends with BODIES or SUCCESSIONS


def load_register(raw: Path | None = None) -> Register:
    """Return the shipped register, plus the files in the folder `raw` if it is given.

    The result is cached until one of the files in `raw` changes. Raises ProjectFault as `read_register` does.
    """
    return _load_office_register(raw, _stamp_files(raw)) if raw else register_from_bytes(b"")


def register_fingerprint(raw: Path) -> str:
    """Return the names and SHA-256 hashes of the register files in `raw`, '' where there are none."""
    files = [path for name in COLUMNS if (path := raw / name).is_file()]
    return " ".join(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)


def office_register_bytes(raw: Path) -> bytes:
    """Return the register files in `raw` as bytes for a process that cannot read the folder; b'' where there are none.

    Raises ProjectFault for a file that is not UTF-8.
    """
    files = _read_files(raw)
    return zlib.compress(json.dumps(files).encode()) if files else b""


@lru_cache(maxsize=4)
def register_from_bytes(office_files: bytes) -> Register:
    """Return the shipped register plus the files of `office_register_bytes`.

    Raises ProjectFault as `read_register` does.
    """
    return _build_register([_read_files(REFERENCE), json.loads(zlib.decompress(office_files)) if office_files else {}])


@lru_cache(maxsize=4)
def _load_office_register(raw: Path, _stamps: tuple[object, ...]) -> Register:
    """Return the register with the files in `raw`; `_stamps` is the part of the cache key that changes with them."""
    return register_from_bytes(office_register_bytes(raw))


def _stamp_files(raw: Path) -> tuple[object, ...]:
    """Return the path and the stamp of each register file in `raw`."""
    return tuple((path, _stamp_file(path)) for name in COLUMNS if (path := raw / name).is_file())


def _stamp_file(path: Path) -> tuple[int, int, int]:
    """Return inode, modification time and size, which change with the file.

    Reading the file once per report would take longer than reading the report.
    """
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def read_register(folders: Iterable[Path]) -> Register:
    """Build one register from the files of several folders.

    Raises ProjectFault, with file and line, for an empty or duplicate name or id, an unknown level, parent, kind or
    body, a region code that is malformed or in another province, and years that contradict each other.
    """
    return _build_register([_read_files(folder) for folder in folders])


def _build_register(sources: Sequence[_Files]) -> Register:
    """Build a register from the texts of several folders. Raises ProjectFault as `read_register` does."""
    lines = list(_parse_lines(sources, BODIES))
    bodies, names = _index_bodies(lines)
    for where, line in lines:
        if line["level"] not in LEVELS or (line["parent"] and line["parent"] not in bodies):
            raise ProjectFault(f"{where}: unknown level {line['level']!r} or parent {line['parent']!r}")
        if line["parent"] and not _is_in_same_province(bodies[line["body_id"]], bodies[line["parent"]]):
            raise ProjectFault(f"{where}: {line['body_id']} lies in another province than {line['parent']}")
    successions = tuple(_parse_succession(line, bodies, where) for where, line in _parse_lines(sources, SUCCESSIONS))
    _check_single_end(successions)
    return Register(bodies, names, successions)


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


def _read_files(folder: Path) -> dict[str, str]:
    """Return the texts of the register files in a folder, by path. Raises ProjectFault for one that is not UTF-8."""
    return {str(path): _read_text(path) for name in COLUMNS if (path := folder / name).is_file()}


def _read_text(path: Path) -> str:
    """Return the file's text without a byte order mark. Raises ProjectFault if it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProjectFault(f"{path}: not UTF-8") from error


def _parse_lines(sources: Iterable[_Files], name: str) -> Iterator[_Line]:
    """Yield the lines of all files called `name`, empty lines left out. Raises ProjectFault for other columns."""
    for path, text in ((path, text) for files in sources for path, text in files.items() if Path(path).name == name):
        rows = csv.reader(io.StringIO(text, newline=""))
        if tuple(next(rows, ())) != COLUMNS[name]:
            raise ProjectFault(f"{path}: the columns must be {','.join(COLUMNS[name])}")
        yield from (_parse_line(row, name, f"{path}:{rows.line_num}") for row in rows if row)


def _parse_line(row: list[str], name: str, where: str) -> _Line:
    """Return the fields of a row by column. Raises ProjectFault where there are too many or too few."""
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
    return Body(line["body_id"], line["name"], aliases, line["level"], line["region_code"], line["parent"], first, last)


def _parse_succession(line: Mapping[str, str], bodies: Mapping[str, Body], where: str) -> Succession:
    """Return the succession of a line. Raises ProjectFault where it contradicts the bodies."""
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
    """Return whether two bodies lie in one province: snapshots are cut by province, and no roll-up crosses one."""
    return a.region_code[:2] == b.region_code[:2]


def _check_single_end(successions: Iterable[Succession]) -> None:
    """Raise ProjectFault for a body that two successors took over whole: it would be counted twice."""
    ends = Counter(s.body_id for s in successions if s.kind in WHOLE_BODY_KINDS)
    duplicates = sorted(b for b, count in ends.items() if count > 1)
    if duplicates:
        raise ProjectFault(f"{SUCCESSIONS}: {', '.join(duplicates)}: two successors took over the whole body")
