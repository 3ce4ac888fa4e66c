"""催报: who is due, received, sent back or clean, with a list to copy and a notice to print for each body."""

from __future__ import annotations

from collections import Counter
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pipeline.desk.pages import Place, render
from pipeline.job.collection import list_members, overdue
from pipeline.publish.return_notice import open_problems, render_notice


def show(request: Request) -> Response:
    """Show all members with how far each is."""
    place = Place(request)
    members = list_members(place.data, place.register, place.city_id, place.year)
    counts = Counter(member.status for member in members)
    late = overdue(members)
    return render(place, "due.html", members=members, counts=counts, late=late, today=date.today(), date=date)


def show_notice(request: Request) -> Response:
    """Show the printable notice that sends a report back, with all its open problems."""
    place = Place(request)
    members = list_members(place.data, place.register, place.city_id, place.year)
    member = next((m for m in members if m.body.body_id == request.path_params["body"] and m.report_id), None)
    if member is None or not place.is_published:
        raise HTTPException(404)
    found = open_problems(place.data, member.report_id, place.lang)
    texts = [*([member.reason] if member.reason else []), *found["error"], *found["warning"]]
    report = place.say("report.annual", year=place.year)
    return HTMLResponse(render_notice(place.city.name, member.body.name, report, texts, place.lang))
