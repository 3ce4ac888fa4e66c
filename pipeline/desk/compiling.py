"""汇总: the city's table: compiled, reported, last year and change; what does not balance and because of whom."""

from __future__ import annotations

from urllib.parse import quote

import duckdb
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.form import form_of
from pipeline.core.model import DataFault, ProjectFault
from pipeline.core.sentences import number
from pipeline.desk.pages import Place, render
from pipeline.publish.form.fill import FilledForm, fill_form
from pipeline.publish.form.report_files import FORMATS, file_stem, write_report_files
from pipeline.publish.form.report_template import read_template
from pipeline.publish.form.review import review_form
from pipeline.publish.form.review_parts import CompilationReview
from pipeline.publish.form.review_text import review_sections
from pipeline.storage.database import connect

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
FILES = (*MEDIA_TYPES, "explanation")


def show(request: Request) -> Response:
    """Show the compiled table with its review."""
    place = Place(request)
    if not place.is_published:
        return render(place, "compile.html", notes=(), review=None, sections=(), fault="", files=FILES, rows=())
    try:
        with connect(place.data) as connection:
            filled, review = _review(connection, place)
    except DataFault as fault:
        text = place.say(fault.code, **fault.values)
        return render(place, "compile.html", notes=(), review=None, sections=(), fault=text, files=FILES, rows=())
    rows = [(filled.form.label(row.address, place.lang), row) for row in review.rows if row.value is not None]
    sections = review_sections(review, place.lang)
    return render(
        place,
        "compile.html",
        notes=[*([filled.banner] if filled.banner else []), *filled.list_notes(place.lang)],
        review=review,
        sections=sections,
        fault="",
        files=FILES,
        rows=rows,
        number=number,
    )


def _review(connection: duckdb.DuckDBPyConnection, place: Place) -> tuple[FilledForm, CompilationReview]:
    try:
        form = form_of(place.year)
    except ProjectFault as fault:
        raise DataFault("compile.no_form", year=place.year) from fault
    body = {"body_id": place.city.body_id, "name": place.city.name}
    filled = fill_form(connection, body, place.year, form, "compiled")
    if not filled.provenances:
        raise DataFault("desk.compile.nothing", body=place.city.name, year=place.year)
    return filled, review_form(connection, filled)


def download(request: Request) -> Response:
    """Send a file of the compiled report; its name says if it is incomplete or does not balance."""
    place, wanted = Place(request), request.query_params.get("format", "")
    if wanted not in FILES or not place.is_published:
        raise HTTPException(404)
    suffix = "docx" if wanted == "explanation" else wanted
    assert suffix in FORMATS
    with connect(place.data) as connection:
        filled, review = _review(connection, place)
        files, faults = write_report_files(filled, review, read_template(None), [suffix])
    stem = file_stem(filled, review)
    names = [name for name in files if name.startswith(stem) and (name == f"{stem}.{suffix}") == (wanted == suffix)]
    if not names:
        raise faults[0] if faults else HTTPException(404)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(names[0])}"}
    return Response(files[names[0]], media_type=MEDIA_TYPES[suffix], headers=headers)
