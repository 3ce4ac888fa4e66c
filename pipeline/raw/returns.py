"""Reports that were sent back to their bodies: one line each in `data/returns.csv`, the files in `data/returned`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pipeline.core.paths import Data
from pipeline.core.project_csv import Layout, read_project_csv
from pipeline.core.project_update import update_lines


@dataclass(frozen=True)
class Return:
    """A report that was sent back: of a body, '' if it is not known, with the reason, and by whom and when.

    `sha256` is that of the file, which tells a corrected file from the same one; `returned_on` is a date. `part` is the
    part of the year as `report_part` writes it, '' for an annual report.
    """

    body_id: str
    body: str
    year: str
    file: str
    sha256: str
    reason: str
    returned_by: str
    returned_on: str
    part: str = ""


RETURNS = Layout(
    {name: "whole" if name == "year" else "text" for name in (field.name for field in fields(Return))},
    optional=frozenset({"part"}),  # files of earlier versions
    is_sorted=False,
)


def returns_file(data: Data) -> Path:
    """Return the path of the list of returns."""
    return data.root / "returns.csv"


def read_returns(data: Data) -> list[Return]:
    """Return the lines in their order. Raises ProjectFault for a file that cannot be read."""
    path = returns_file(data)
    return [Return(**row.values) for row in read_project_csv(path, RETURNS).rows()] if path.is_file() else []


def record_return(data: Data, line: Return) -> None:
    """Add a line. Raises as `update_lines` does."""
    update_lines(returns_file(data), RETURNS, lambda values: (values["sha256"], values["file"]), [asdict(line)])
