"""Fingerprints of code and rules: they decide what must be built again after an update of ogi.

The extraction fingerprint covers only the code and rules that decide the rows of a report. So a new page, query or
message does not cause every report to be read again.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.core.paths import EXPECTATIONS, MESSAGES, PACKAGE, REFERENCE, SQL
from pipeline.storage.dictionary import LOADED, dictionary

EXTRACTION_FOLDERS = ("core", "registry", "read", "extract", "edit", "forms", "kinds")
EXTRACTION_FILES = ("report.py", "job/batches.py", "runtime/child_process.py", "runtime/memory_limit.py",
                    "runtime/tools.py", "storage/load.py", "storage/schema.py")  # fmt: skip
EXTRACTION_REFERENCE = (
    "bodies.csv", "successions.csv", "regions.csv", "functions.csv", "labels.csv", "phrases.csv", "scopes.csv",
)  # fmt: skip
ROLLUP_FOLDERS = ("storage", "rollup", "validate")
ROLLUP_SQL = ("steps", "rollup", "publish", "checks", "job", "assertions", "assertions/steps")


def extraction_fingerprint() -> str:
    """Return a hash of the code and rules that decide a report's rows in the loaded tables."""
    columns = [(line["table"], line["column"], line["type"]) for table in LOADED for line in dictionary()[table]]
    return _hash([*_contents(extraction_files(), PACKAGE), ("columns", repr(columns).encode())])


def extraction_files() -> list[Path]:
    """Return the files whose content is in the extraction fingerprint."""
    files = [path for folder in EXTRACTION_FOLDERS for path in (PACKAGE / folder).rglob("*.*")]
    files = [path for path in files if path.suffix in (".py", ".yaml") or path.is_relative_to(PACKAGE / "kinds")]
    files = [path for path in files if path.is_file()]
    return files + [PACKAGE / name for name in EXTRACTION_FILES] + [REFERENCE / name for name in EXTRACTION_REFERENCE]


def rollup_fingerprint() -> str:
    """Return a hash of the code and rules that decide the marts and whether a snapshot is valid."""
    code = [path for folder in ROLLUP_FOLDERS for path in (PACKAGE / folder).rglob("*.py")]
    code += [path for path in REFERENCE.glob("*.csv") if path.name not in (*EXTRACTION_REFERENCE, "decisions.csv")]
    code += (PACKAGE / "forms").glob("*.yaml")  # they decide the identities and the allowed values
    code += (PACKAGE / "kinds").glob("*/*")
    sql = [path for folder in ROLLUP_SQL for path in (SQL / folder).glob("*.sql")]
    suites = EXPECTATIONS.glob("*.json")
    hashed = (_contents(files, root) for files, root in ((code, PACKAGE), (sql, SQL), (suites, EXPECTATIONS)))
    return _hash([*(file for files in hashed for file in files), ("rule names", _rule_names())])


def combine(fingerprints: Mapping[str, str]) -> str:
    """Return the id that follows from named fingerprints, 16 hexadecimal digits."""
    return _hash((name, value.encode()) for name, value in sorted(fingerprints.items()))[:16]


def _contents(files: Iterable[Path], root: Path) -> Iterator[tuple[str, bytes]]:
    return ((path.relative_to(root).as_posix(), path.read_bytes()) for path in sorted(files))


def _rule_names() -> bytes:
    """Return the messages that are data: the names of the SQL checks in the table `identities`."""
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        return repr([line for line in csv.reader(file) if line[0].startswith("check.")]).encode()


def _hash(items: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in items:
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
