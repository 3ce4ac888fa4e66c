"""核对: the original file of a report, next to its numbers."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.model import ANNUAL_REPORT
from pipeline.desk.originals import draw_original, draw_picture
from pipeline.desk.pages import Place, render
from pipeline.storage.database import Row, ask, connect


def show_original(request: Request) -> Response:
    """Show the original file, redrawn, with the cells and numbers of the prose marked that `cell` names."""
    place, report_id = Place(request), request.query_params.get("report", "")
    wanted = request.query_params.getlist("cell")
    kind, cells = _read(place, report_id)
    named = [row for row in cells if row["cell"] in wanted]
    marked = {(row["grid"], row["grid_row"], row["grid_column"]) for row in named if row["grid"] is not None}
    spans: dict[int, list[tuple[int, int]]] = {}
    for row in named:
        if row["start"] is not None:
            spans.setdefault(row["grid_row"], []).append((row["start"], row["end"]))
    original = draw_original(str(place.data.raw / report_id), marked, None if kind == ANNUAL_REPORT else spans)
    return render(place, "original.html", original=original, report_id=report_id, has_picture=_has_picture(report_id))


def show_picture(request: Request) -> Response:
    """Show a page of a PDF or a scan as a picture."""
    place, report_id = Place(request), request.query_params.get("report", "")
    page = request.query_params.get("page", "1")
    _read(place, report_id)
    content, kind = draw_picture(str(place.data.raw / report_id), int(page) if page.isdigit() else 1)
    return Response(content, media_type=kind)


def _has_picture(report_id: str) -> bool:
    """Return whether the pages of a file can be shown as pictures; its name is as it was sent."""
    return report_id.lower().endswith((".pdf", ".png", ".jpg", ".jpeg"))


def _read(place: Place, report_id: str) -> tuple[str | None, list[Row]]:
    """Return the kind and the cells of a published report.

    Raises HTTPException (404) for an unknown report, and for an annual one without cells.
    """
    with connect(place.data) as connection:
        reports = ask(connection, "decide_cell", {"report": report_id, "cell": ""})
        cells = ask(connection, "desk_cells", {"report": report_id})
    if not reports or (reports[0]["kind"] == ANNUAL_REPORT and not cells):
        raise HTTPException(404)
    return reports[0]["kind"], cells
