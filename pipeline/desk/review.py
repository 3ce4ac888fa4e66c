"""核对: a queue of culprits; the original next to the form, the cell marked in both; decide, and take it back."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.decisions import ANSWERS, Decision, read_decisions
from pipeline.core.form import forms
from pipeline.core.sentences import finding_title, label, number
from pipeline.desk.originals import draw_original, draw_picture
from pipeline.desk.pages import Place, form_fields, go_to, render
from pipeline.job.collection import list_members
from pipeline.job.decide import DecisionChange, DecisionRequest, plan_change, record_change
from pipeline.job.plan import decisions_file
from pipeline.job.queue import QueuedReport, list_queue
from pipeline.publish.drawn_table import CellContent, draw_table
from pipeline.storage.database import Row, ask, connect


def show(request: Request) -> Response:
    """Show all reports with open problems, and the decisions that were made."""
    place = Place(request)
    queue = _queue(place) if place.is_published else []
    return render(place, "review.html", queue=queue, decisions=_decisions(place))


def _queue(place: Place) -> list[QueuedReport]:
    members = list_members(place.data, place.register, place.city_id, place.year)
    with connect(place.data) as connection:
        known = {row["report_id"] for row in ask(connection, "desk_reports", {"year": place.year})}
        reports = [member.report_id for member in members if member.report_id in known]
        return list_queue(connection, reports, place.lang)


def _decisions(place: Place) -> list[tuple[str, str, Decision]]:
    """Return the decisions on the members and year: the body's name, what was decided, and the decision."""
    path = decisions_file(place.data)
    found = [d for d in read_decisions(path) if d.year == place.year] if path.is_file() else []
    return [(place.register.bodies[d.body_id].name, _decided(d, place), d) for d in found if _is_of(place, d)]


def _is_of(place: Place, decision: Decision) -> bool:
    body = place.register.bodies.get(decision.body_id)
    return body is not None and place.city_id in (body.body_id, body.parent)


def _decided(decision: Decision, place: Place) -> str:
    form = next((code for code, form in forms().items() if form.covers(place.year)), None)
    cell = decision.cell
    title = finding_title(cell, form, place.lang) if decision.is_answer else label(cell, form, place.lang)
    return f"{title}：{place.say(f'decide.{decision.operation}', now=number(decision.decided_value))}"


def show_report(request: Request) -> Response:
    """Show one report: its problems with what can be done, the form with marked cells, and the original."""
    place, report_id = Place(request), request.query_params.get("report", "")
    if not place.is_published:
        raise HTTPException(404)
    with connect(place.data) as connection:
        reports = ask(connection, "decide_cell", {"report": report_id, "cell": ""})
        if not reports:
            raise HTTPException(404)
        queue = list_queue(connection, [report_id], place.lang)
        cells = ask(connection, "desk_cells", {"report": report_id})
    items = queue[0].items if queue else ()
    body = place.register.bodies.get(reports[0]["body_id"])
    marks = {cell: "wrong" if item.accept else "doubted" for item in reversed(items) for cell in item.cells}
    contents = {row["cell"]: CellContent(row["raw"], marks.get(row["cell"], "")) for row in cells}
    contents |= _implied(items, contents)
    form = forms().get(reports[0]["form"] or "")
    return render(
        place,
        "review_report.html",
        report_id=report_id,
        body=body.name if body else report_id,
        items=items,
        tables=[(_title(t, place.lang), draw_table(t, contents)) for t in form.printed_tables] if form else [],
        next_report=_next(place, report_id),
    )


def _title(table: object, lang: str) -> str:
    return str(getattr(table, "zh" if lang == "zh" else "en"))


def _implied(items: tuple[object, ...], contents: Mapping[str, CellContent]) -> dict[str, CellContent]:
    """Return the contents of the wrong cells with their implied numbers."""
    implied = {cell: value for item in items for cell, value in getattr(item, "implied", {}).items()}
    nothing = CellContent("")
    return {
        cell: CellContent(contents.get(cell, nothing).text, "wrong", f"→ {value}") for cell, value in implied.items()
    }


def _next(place: Place, report_id: str) -> str:
    """Return the next report of the queue, '' if there is no other."""
    others = [report.report_id for report in _queue(place) if report.report_id != report_id]
    return others[0] if others else ""


async def decide(request: Request) -> Response:
    """Record a decision on a cell or on findings, or take one back."""
    place, fields = Place(request), await form_fields(request)
    names = (name.strip() for name in fields.get("findings", "").split("\n"))
    findings = tuple(filter(None, names)) if fields.get("operation") in ANSWERS else ()
    texts = {name: fields.get(name, "").strip() for name in ("value", "reason", "evidence")}
    wanted = DecisionRequest(
        report=fields.get("report", ""),
        operation=fields.get("operation", ""),
        cell="" if findings else fields.get("cell", ""),
        findings=findings,
        decided_by=fields.get("who", "").strip(),
        **texts,
    )
    await run_in_threadpool(_record, place, wanted)
    place.desk.worker.want_run()
    return go_to(place, "review/report", place.say("desk.review.recorded"), report=wanted.report)


def _record(place: Place, wanted: DecisionRequest) -> None:
    with connect(place.data) as connection:
        change = plan_change(connection, wanted)
    record_change(place.data.decisions, decisions_file(place.data), change)


async def undo(request: Request) -> Response:
    """Take a decision back."""
    place, fields = Place(request), await form_fields(request)
    where = (fields.get("body_id", ""), place.year, fields.get("cell", ""))
    change = DecisionChange((), frozenset([where]), None)
    await run_in_threadpool(record_change, place.data.decisions, decisions_file(place.data), change)
    place.desk.worker.want_run()
    return go_to(place, "review", place.say("desk.review.undone"))


def show_original(request: Request) -> Response:
    """Show the tables of the original file, redrawn, with the cells marked that `cell` names."""
    place, report_id = Place(request), request.query_params.get("report", "")
    wanted = request.query_params.getlist("cell")
    with connect(place.data) as connection:
        cells = ask(connection, "desk_cells", {"report": report_id})
    marked = {(row["grid"], row["grid_row"], row["grid_column"]) for row in cells if row["cell"] in wanted}
    original = draw_original(_path(place, report_id, cells), marked)
    return render(place, "original.html", original=original, report_id=report_id, has_picture=_has_picture(report_id))


def _has_picture(report_id: str) -> bool:
    """Return whether the pages of a file can be shown as pictures; its name is as it was sent."""
    return report_id.lower().endswith((".pdf", ".png", ".jpg", ".jpeg"))


def show_picture(request: Request) -> Response:
    """Show a page of a PDF or a scan as a picture."""
    place, report_id = Place(request), request.query_params.get("report", "")
    page = request.query_params.get("page", "1")
    with connect(place.data) as connection:
        cells = ask(connection, "desk_cells", {"report": report_id})
    content, kind = draw_picture(_path(place, report_id, cells), int(page) if page.isdigit() else 1)
    return Response(content, media_type=kind)


def _path(place: Place, report_id: str, cells: list[Row]) -> str:
    """Return the path of a published report. Raises HTTPException (404) for an unknown one."""
    if not cells:
        raise HTTPException(404)
    return str(place.data.raw / report_id)
