"""Load the register of bodies: the shipped files and the files that an office adds in its `data/raw`.

The register says who reports in which years, at which level, under which region code and for which city, and what
became of each body. An office puts `bodies.csv` and `successions.csv` into its `data/raw`, in the same columns as the
shipped `reference/` files. These files can add lines and cannot change shipped ones.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pipeline.core.csv_form import decode
from pipeline.core.kind_paths import kind_paths, read_kind_files
from pipeline.core.paths import KINDS, REFERENCE
from pipeline.registry.bodies import Body, Register, Succession
from pipeline.registry.parse import BODIES, COLUMNS, POPULATION, SUCCESSIONS, parse_register

__all__ = [
    "BODIES", "COLUMNS", "SUCCESSIONS", "Body", "Register", "Succession",
    "load_register", "office_bodies", "office_register_bytes", "population_fingerprint", "read_register",
    "register_fingerprint", "register_from_bytes",
]  # fmt: skip


def load_register(raw: Path | None = None) -> Register:
    """Return the shipped register, plus the files in the folder `raw` if it is given.

    The result is cached until one of the files in `raw` changes. Raises ProjectFault as `parse_register` does.
    """
    return _load_office_register(raw, _stamp_files(raw)) if raw else register_from_bytes(b"")


def office_bodies(raw: Path) -> dict[str, Body]:
    """Return the bodies that the files in `raw` add to the shipped ones, by id."""
    shipped = load_register().bodies
    return {key: body for key, body in load_register(raw).bodies.items() if key not in shipped}


def register_fingerprint(raw: Path) -> str:
    """Return the names and hashes of the files in `raw` that decide whose and which report a file is, '' for none."""
    return _fingerprint(
        raw, (BODIES, SUCCESSIONS, *(p.relative_to(raw).as_posix() for p in kind_paths(raw / KINDS.name)))
    )


def population_fingerprint(raw: Path) -> str:
    """Return the name and hash of the file of populations in `raw`, '' if there is none."""
    return _fingerprint(raw, (POPULATION,))


def _fingerprint(raw: Path, names: Iterable[str]) -> str:
    files = [path for name in names if (path := raw / name).is_file()]
    return " ".join(
        f"{path.relative_to(raw).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files
    )


def office_register_bytes(raw: Path) -> bytes:
    """Return the office's register files in `raw` packed into bytes; b'' if there are none.

    `register_from_bytes` unpacks them in a process that cannot read the folder.

    Raises ProjectFault for a file that is not text.
    """
    files = _read_files(raw) | read_kind_files(raw / KINDS.name)
    return zlib.compress(json.dumps(files).encode()) if files else b""


@lru_cache(maxsize=4)
def register_from_bytes(office_files: bytes) -> Register:
    """Return the shipped register plus the files of `office_register_bytes`.

    Raises ProjectFault as `parse_register` does.
    """
    shipped = _read_files(REFERENCE) | read_kind_files(KINDS)
    return parse_register([shipped, json.loads(zlib.decompress(office_files)) if office_files else {}])


@lru_cache(maxsize=4)
def _load_office_register(raw: Path, _stamps: tuple[object, ...]) -> Register:
    """Return the register with the files in `raw`; `_stamps` is the part of the cache key that changes with them."""
    return register_from_bytes(office_register_bytes(raw))


def _stamp_files(raw: Path) -> tuple[object, ...]:
    """Return the path and the stamp of each register file in `raw`."""
    files = (*(raw / name for name in COLUMNS), *kind_paths(raw / KINDS.name))
    return tuple((path, _stamp_file(path)) for path in files if path.is_file())


def _stamp_file(path: Path) -> tuple[int, int, int]:
    """Return inode, modification time and size, which change with the file.

    Reading the file once per report would take longer than reading the report.
    """
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def read_register(folders: Iterable[Path]) -> Register:
    """Build one register from the files of several folders. Raises ProjectFault as `parse_register` does."""
    return parse_register([_read_files(folder) for folder in folders])


def _read_files(folder: Path) -> dict[str, str]:
    """Return the texts of the register files in a folder, by path. Raises ProjectFault for one that is not text."""
    paths = (folder / name for name in COLUMNS)
    return {str(path): decode(path, path.read_bytes())[0] for path in paths if path.is_file()}
