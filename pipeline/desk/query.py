"""数据: saved queries and statements that only read, as table, chart or CSV; and the pages of the site."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import duckdb
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from pipeline.core.model import DataFault
from pipeline.desk.answer_words import headings, show_in, show_value
from pipeline.desk.pages import Place, go_to, render
from pipeline.publish.interchange.csv_format import csv_lines, excel_text
from pipeline.publish.interchange.snapshot_tables import OutdatedSnapshot, PublishedSnapshot
from pipeline.publish.replace_folder import replace_folder
from pipeline.publish.site.build import write_site
from pipeline.storage.database import connect, lost_files_reported
from pipeline.storage.saved_queries import prepare, saved_queries
from pipeline.storage.snapshot import published

MAX_ROWS_SHOWN, MAX_ROWS_SENT = 500, 200_000
MAX_SECONDS = 30
MAX_BARS, MAX_LABEL_COLUMNS = 30, 3
WITHOUT_BARS = frozenset(("year", "quarter", "line", "page", "grid", "grid_row"))  # periods and places, not amounts
QUERIES_ON_KINDS = ("bulletins", "supervision", "entries", "owed", "compared")


@dataclass(frozen=True)
class Answer:
    """The answer of a query: its columns and rows. `is_cut` means that there are more rows."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    is_cut: bool


@dataclass(frozen=True)
class Bars:
    """A bar chart: the column that it shows; label, number and length in percent of each bar."""

    column: str
    rows: tuple[tuple[str, str, int], ...]


def show(request: Request) -> Response:
    """Show the saved queries, the box for a statement, and the answer of the query in the address."""
    place = Place(request)
    text = request.query_params.get("q", "")
    given = {name[2:]: value for name, value in request.query_params.items() if name.startswith("p_") and value}
    answer, fault = None, ""
    if text and place.is_published:
        try:
            answer = _ask(place, text, given, MAX_ROWS_SHOWN)
        except DataFault as error:
            fault = place.say(error.code, **error.values)
        except duckdb.Error as error:
            fault = place.say("query.failed", error=str(error).splitlines()[0])
    return render(
        place,
        "data.html",
        queries=_queries(),
        text=text,
        given=given,
        answer=answer,
        bars=_bars(answer),
        fault=fault,
        queries_on_kinds=QUERIES_ON_KINDS,
        headings=headings(place.lang),
        show=partial(show_in, place.lang),
        has_site=(place.data.root / "site" / "index.html").is_file(),
    )


def _queries() -> list[tuple[str, str]]:
    """Return the saved queries with their first line."""
    return [
        (name, path.read_text(encoding="utf-8").splitlines()[0].removeprefix("-- "))
        for name, path in saved_queries().items()
    ]


def _ask(place: Place, text: str, given: Mapping[str, Any], most: int) -> Answer:
    """Return the answer of a saved query or statement. It is stopped after `MAX_SECONDS`. Raises DataFault."""
    with connect(place.data) as connection, lost_files_reported(connection):
        sql, values = prepare(connection, text, given, place.lang)
        timer = threading.Timer(MAX_SECONDS, connection.interrupt)
        timer.start()
        try:
            result = connection.execute(sql, values)
            rows = result.fetchmany(most + 1)
        except duckdb.InterruptException as error:
            raise DataFault("desk.data.timeout", seconds=MAX_SECONDS) from error
        finally:
            timer.cancel()
        names = tuple(column[0] for column in result.description or ())
    return Answer(names, tuple(rows[:most]), len(rows) > most)


def _bars(answer: Answer | None) -> Bars | None:
    """Return a bar per row, of the first column of numbers; None without one, or for very few or many rows.

    The labels have the texts and years that are not the same in all rows.
    """
    if answer is None or not 1 < len(answer.rows) <= MAX_BARS:
        return None
    numeric = [i for i, name in enumerate(answer.names) if name not in WITHOUT_BARS and _is_numeric(answer, i)]
    if not numeric:
        return None
    values = [row[numeric[0]] for row in answer.rows]
    largest = max((abs(value) for value in values if value is not None), default=0) or 1
    varying = [i for i in range(numeric[0]) if len({row[i] for row in answer.rows}) > 1][:MAX_LABEL_COLUMNS]
    labels = [" ".join(str(row[i]) for i in varying if row[i] is not None) for row in answer.rows]
    lengths = [0 if v is None else round(100 * abs(v) / largest) for v in values]
    return Bars(answer.names[numeric[0]], tuple(zip(labels, map(show_value, values), lengths, strict=True)))


def _is_numeric(answer: Answer, column: int) -> bool:
    values = [row[column] for row in answer.rows if row[column] is not None]
    return bool(values) and all(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in values)


def download(request: Request) -> Response:
    """Send the answer as CSV that WPS and Excel open unchanged."""
    place = Place(request)
    given = {name[2:]: value for name, value in request.query_params.items() if name.startswith("p_") and value}
    try:
        answer = _ask(place, request.query_params.get("q", ""), given, MAX_ROWS_SENT)
    except duckdb.Error as error:
        raise DataFault("query.failed", error=str(error).splitlines()[0]) from error
    lines = csv_lines(answer.names, ([excel_text(value) for value in row] for row in answer.rows), excel=True)
    headers = {"content-disposition": 'attachment; filename="answer.csv"'}
    return Response("".join(lines).encode(), media_type="text/csv; charset=utf-8", headers=headers)


def build_site(request: Request) -> Response:
    """Build the site of the published snapshot in the data folder, and go there."""
    place = Place(request)
    record = published(place.data)
    if record is None:
        return go_to(place, "data", place.say("status.none"))
    snapshot = PublishedSnapshot(place.data.current.resolve(), record.id)
    site = place.data.root.resolve() / "site"
    try:
        with replace_folder(site) as folder:
            write_site(snapshot, folder, None, earlier=site)
    except OutdatedSnapshot as lack:
        raise DataFault("data.outdated", lack=lack) from lack
    return RedirectResponse("/site/index.html", 303)


def site_file(request: Request) -> Response:
    """Send a file of the site."""
    folder = (Place(request).data.root / "site").resolve()
    path = (folder / request.path_params["path"]).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream")
