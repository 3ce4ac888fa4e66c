"""Reports that were sent back to their bodies: one line each in `data/returns.csv`, the files in `data/returned`."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from filelock import FileLock

from pipeline.core.files import write_atomically
from pipeline.core.model import ProjectFault
from pipeline.core.paths import Data

LOCK_SECONDS = 60


@dataclass(frozen=True)
class Return:
    """A report that was sent back: of a body, '' if it is not known, with the reason, and by whom and when.

    `sha256` is that of the file, which tells a corrected file from the same one; `returned_on` is a date.
    """

    body_id: str
    body: str
    year: str
    file: str
    sha256: str
    reason: str
    returned_by: str
    returned_on: str


COLUMNS = tuple(field.name for field in fields(Return))


def returns_file(data: Data) -> Path:
    """Return the path of the list of returns."""
    return data.root / "returns.csv"


def read_returns(data: Data) -> list[Return]:
    """Return the lines in their order. Raises ProjectFault for other columns."""
    path = returns_file(data)
    if not path.is_file():
        return []
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), restval="")
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ProjectFault(f"{path}: the columns must be {','.join(COLUMNS)}")
        return [Return(**{name: line[name] for name in COLUMNS}) for line in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ProjectFault(f"{path}: {error}") from error


def record_return(data: Data, line: Return) -> None:
    """Add a line, in one step."""
    with FileLock(data.root / ".returns.lock", timeout=LOCK_SECONDS):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(astuple(known) for known in [*read_returns(data), line])
        write_atomically(returns_file(data), text.getvalue().encode())
