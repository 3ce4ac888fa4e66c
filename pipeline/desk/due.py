"""催报: who is due, received, sent back or clean, with a list to copy and a notice to print for each body."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import groupby
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pipeline.core.report_names import report_name, title_name
from pipeline.core.sentences import period_name
from pipeline.desk.pages import Place, render
from pipeline.job.collection import Member, list_members, overdue
from pipeline.job.kind_collection import KindMember, list_kind_members, overdue_reports
from pipeline.publish.return_notice import open_problems, render_notice


def show(request: Request) -> Response:
    """Show all members with how far each is, and the reports of other kinds that they gave or owe."""
    place, today = Place(request), date.today()
    members = list_members(place.data, place.register, place.city_id, place.year)
    others = _list_others(place)
    return render(
        place,
        "due.html",
        members=members,
        counts=Counter(member.status for member in members),
        late=overdue(members),
        kinds=[_of_kind(list(own), today, place.lang) for _, own in groupby(others, key=lambda o: o.kind.code)],
        today=today,
        date=date,
    )


def _list_others(place: Place) -> list[KindMember]:
    return list_kind_members(place.data, place.register, place.city_id, place.year, place.lang)


def _of_kind(reports: list[KindMember], today: date, lang: str) -> dict[str, Any]:
    """Return the reports of a kind for the page: its name, each report with its state, and the names to copy."""
    kind = reports[0].kind
    is_ahead = [report.member.status == "due" and report.last_day >= today for report in reports]
    rows = [
        (report, "ahead" if ahead else report.member.status, _period(report, lang))
        for report, ahead in zip(reports, is_ahead, strict=True)
    ]
    return {
        "code": kind.code,
        "name": kind.zh if lang == "zh" else kind.en,
        "counts": Counter(state for _, state, _ in rows),
        "rows": rows,
        "late": [report_name(report.facts, lang) for report in overdue_reports(reports, today)],
    }


def _period(report: KindMember, lang: str) -> str:
    """Return the period of a report, and its subject if a body has several reports in a period."""
    return " ".join(text for text in (period_name(report.year, report.quarter, lang), report.subject) if text)


def show_notice(request: Request) -> Response:
    """Show the printable notice that sends a report back, with all its open problems."""
    place, body = Place(request), request.path_params["body"]
    member, name = _find_report(place, body, request.query_params.get("report", ""))
    if member is None or not place.is_published:
        raise HTTPException(404)
    found = open_problems(place.data, member.report_id, place.lang)
    texts = [*([member.reason] if member.reason else []), *found["error"], *found["warning"]]
    return HTMLResponse(render_notice(place.city.name, member.body.name, name, texts, place.lang))


def _find_report(place: Place, body_id: str, report_id: str) -> tuple[Member | None, str]:
    """Return a report of a body and its name without that of the body: the annual one if `report_id` is empty."""
    if report_id:
        found = [o for o in _list_others(place) if (o.member.body.body_id, o.member.report_id) == (body_id, report_id)]
        return (found[0].member, title_name(found[0].facts, place.lang)) if found else (None, "")
    members = list_members(place.data, place.register, place.city_id, place.year)
    member = next((m for m in members if m.body.body_id == body_id and m.report_id), None)
    return member, place.say("report.annual", year=place.year)
