"""The published data in Python: `ogi.open()` gives queries as data frames and explanations of single numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.publish.trace_text import cell_text, number_text, trace_cell, trace_number
from pipeline.storage.database import connect, lost_files_reported, rows
from pipeline.storage.saved_queries import prepare
from pipeline.storage.snapshot import DATABASE

ENVIRONMENT_VARIABLE = "OGI_DATA"
YEARS = "SELECT min(year) AS first, max(year) AS last FROM reports WHERE status = 'loaded'"


class Explanation(str):
    """A text of several lines that a notebook or a console shows as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@contextmanager
def _said_in(lang: str) -> Iterator[None]:
    """Raise a DataFault as a ValueError with its message, because a notebook shows only the text of an error."""
    try:
        yield
    except DataFault as fault:
        raise ValueError(say(fault.code, lang, **fault.values)) from fault


class Dataset:
    """The published data, opened read-only by `open`. `connection` is the DuckDB connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, lang: str) -> None:
        self.connection = connection
        self.lang = lang

    def query(self, text: str, **parameters: object) -> pd.DataFrame:
        """Return the rows of a saved query, or of a single SELECT, as a data frame; decimals become floats.

        Bodies, indicators, rates and levels are given by id, name or alias, as in `ogi query`; a SELECT takes values
        as `$name`. Raises ValueError, with similar names, for an unknown query, parameter or name, and for a
        statement that does not only read.
        """
        with _said_in(self.lang), lost_files_reported(self.connection):
            sql, values = prepare(self.connection, text, parameters, self.lang)
            return self.connection.execute(sql, values).df()

    def explain(self, *asked: str | int, applicant: str = "total") -> Explanation:
        """Return where a number comes from, or which numbers a cell is part of, as `ogi explain` prints it.

        Takes body, year and indicator, or report and cell. Raises ValueError for an unknown name or cell.
        """
        with _said_in(self.lang):
            if len(asked) == 2:
                report, cell = map(str, asked)
                return Explanation(cell_text(report, cell, trace_cell(self.connection, report, cell)))
            body, year, indicator = asked
            trace = trace_number(self.connection, str(body), int(year), str(indicator), applicant)
            return Explanation(number_text(trace, self.lang))

    @property
    def form_breaks(self) -> pd.DataFrame:
        """The forms that began within the years of the data: `year`, the first year, and `form`."""
        (span,) = rows(self.connection, YEARS)
        first, last = span["first"] or 0, span["last"] or 0
        begun = [(f.first_year, code) for code, f in forms().items() if f.first_year and first < f.first_year <= last]
        return pd.DataFrame(begun, columns=["year", "form"])


def open_data(folder: Path | str | None = None, lang: str = "zh") -> Dataset:
    """Open the published data of a folder, read-only. In programs it is `ogi.open`.

    Without a folder, it is the one that the environment variable OGI_DATA names, else `data` in the working directory
    or in the nearest of its parents with published data. `lang`, zh or en, is the language of names in the answers.
    Raises FileNotFoundError where nothing is published.

    Example::

        import pipeline as ogi

        data = ogi.open()
        data.query("headline", body="三门峡市", year=2019)  # a saved query
        data.query("SELECT * FROM growth WHERE year = $year", year=2019)
        data.explain("湖滨区", 2019, "applications.new")  # a number, down to the printed cells
        data.explain("2019/411202.html", "applications/new/total")  # a cell, up to the totals
    """
    return Dataset(connect(_published_folder(folder)), lang)


def _published_folder(folder: Path | str | None) -> Data:
    """Return the first candidate with published data; else the first one."""
    candidates = [Data(path) for path in _candidates(folder)]
    return next((data for data in candidates if (data.current / DATABASE).is_file()), candidates[0])


def _candidates(folder: Path | str | None) -> Iterator[Path]:
    given = folder or os.environ.get(ENVIRONMENT_VARIABLE)
    if given:
        yield Path(given)
        return
    for parent in (Path.cwd(), *Path.cwd().parents):
        yield parent / "data"
