"""核对: a queue of culprits; the original next to the form, the cell marked in both; decide, and take it back."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.decisions import ANSWERS
from pipeline.core.model import ANNUAL_REPORT
from pipeline.core.report_names import report_name
from pipeline.desk.decided import list_decisions
from pipeline.desk.pages import Place, form_fields, go_to, render
from pipeline.desk.report_page import read_page
from pipeline.job.collection import list_members
from pipeline.job.decide import DecisionChange, DecisionRequest, plan_change, record_change
from pipeline.job.kind_collection import list_kind_members
from pipeline.job.plan import decisions_file
from pipeline.job.queue import QueuedReport, list_queue
from pipeline.storage.database import Row, ask, connect


def show(request: Request) -> Response:
    """Show all reports with open problems, and the decisions that were made."""
    place = Place(request)
    queue = _queue(place) if place.is_published else []
    return render(place, "review.html", queue=queue, decisions=list_decisions(place))


def _queue(place: Place) -> list[QueuedReport]:
    """Return the reports of the members with open problems: the annual ones, and those of other kinds."""
    members = list_members(place.data, place.register, place.city_id, place.year)
    others = list_kind_members(place.data, place.register, place.city_id, place.year, place.lang)
    listed = [member.report_id for member in (*members, *(other.member for other in others)) if member.report_id]
    with connect(place.data) as connection:
        return list_queue(connection, listed, place.lang)


def show_report(request: Request) -> Response:
    """Show one report: its problems with what can be done, its numbers with marked cells, and the original."""
    place, report_id = Place(request), request.query_params.get("report", "")
    if not place.is_published:
        raise HTTPException(404)
    with connect(place.data) as connection:
        reports = ask(connection, "decide_cell", {"report": report_id, "cell": ""})
        if not reports:
            raise HTTPException(404)
        queue = list_queue(connection, [report_id], place.lang)
        items = queue[0].items if queue else ()
        page = read_page(connection, reports[0] | {"report_id": report_id}, items, place.lang)
    return render(
        place,
        "review_report.html",
        report_id=report_id,
        title=_title(place, reports[0], report_id),
        items=list(zip(items, page.choices, strict=True)),
        page=page,
        next_report=_next(place, report_id),
    )


def _title(place: Place, report: Row, report_id: str) -> str:
    """Return the body of a report and its year, for other kinds than the annual one with period and kind."""
    body = place.register.bodies.get(report["body_id"])
    name = body.name if body else report_id
    if report["kind"] == ANNUAL_REPORT:
        return f"{name} {place.year}"
    return report_name(report | {"body": name}, place.lang)


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
