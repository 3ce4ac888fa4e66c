"""收件: files come in, each gets a receipt; accept it, send it back, or say whose it is."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.core.paths import Data
from pipeline.desk.item_words import describe
from pipeline.desk.pages import Place, form_fields, go_to, render
from pipeline.desk.statement import QUARTERS, read_statement
from pipeline.job.inbox import ItemReceipt, accept_items, examine, examine_for_year, list_receipts, return_item
from pipeline.publish.receipt_text import receipt_row
from pipeline.raw import inbox
from pipeline.raw.inbox import InboxItem
from pipeline.raw.incoming import clean_name, is_of_the_system, list_incoming

MAX_FILES_PER_REQUEST = 2_000
YEAR_DIGITS = 4
ORDER = ("", "unknown", "version", "returned", "ready", "duplicate", "ignored")


async def upload(request: Request) -> Response:
    """Store the files of a form, archives unpacked, let the worker examine them, and name the skipped files."""
    place = Place(request)
    place.city_id, place.year = request.query_params.get("city", ""), _year_of(request) or place.desk.year
    skipped: list[str] = []
    async with request.form(max_files=MAX_FILES_PER_REQUEST, max_fields=10) as form:
        for part in form.getlist("file"):
            if isinstance(part, UploadFile):
                skipped += await run_in_threadpool(_store, place.data, part)
    place.desk.worker.look_at_inbox(place.year)
    notice = place.say("desk.inbox.skipped", names="、".join(skipped)) if skipped else ""
    if request.headers.get("x-ogi-token"):  # the script of the page, which updates the list itself
        return JSONResponse({"notice": notice})
    return go_to(place, "inbox", notice)


def _year_of(request: Request) -> int:
    text = request.query_params.get("year", "")
    return int(text) if text.isdigit() and len(text) == YEAR_DIGITS else 0


def _store(data: Data, part: UploadFile) -> list[str]:
    """Store an uploaded file, or the members of an archive; return the names of files of the system, which are not."""
    name = part.filename or "_"
    if is_of_the_system(name):
        return [name]
    with TemporaryDirectory(prefix="ogi-") as folder:
        path = Path(folder) / "in" / clean_name(name)
        path.parent.mkdir()
        with path.open("wb") as file:
            shutil.copyfileobj(part.file, file)
        skipped = []
        for incoming in list_incoming([path], Path(folder) / "out"):
            shown = name if incoming.path == path else incoming.name.replace(path.name, name, 1)
            if incoming.path.is_file():
                inbox.put(data, shown, incoming.path.read_bytes())
            else:
                skipped.append(shown)
        return skipped


def show(request: Request) -> Response:
    """Show the inbox."""
    place = Place(request)
    examine_for_year(place.data, place.year)
    place.desk.worker.look_at_inbox(place.year)
    return render(place, "inbox.html", **_listing(place))


def show_list(request: Request) -> Response:
    """Show only the list, which the page asks for again while files are examined."""
    place = Place(request)
    return render(place, "inbox_list.html", **_listing(place))


def _listing(place: Place) -> dict[str, Any]:
    receipts = sorted(list_receipts(place.data), key=lambda r: ORDER.index(r.row("zh")["status"]))
    shown = [(receipt.item.key, receipt.row(place.lang)) for receipt in receipts]
    rows = [(key, row, describe(place, row).name) for key, row in shown]
    counts = Counter(row["status"] for _, row in shown)
    clean = sum(_is_clean(row) for _, row in shown)
    return {"rows": rows, "counts": counts, "clean": clean, "fault": place.desk.worker.fault}


def _is_clean(row: Mapping[str, Any]) -> bool:
    return row["status"] == "ready" and not row["errors"] and not row["warnings"]


def _item(place: Place) -> InboxItem:
    item = inbox.find(place.data, place.request.path_params["key"])
    if item is None:
        raise HTTPException(404)
    return item


def show_item(request: Request) -> Response:
    """Show one receipt with all problems and differences."""
    place = Place(request)
    item = _item(place)
    receipt = ItemReceipt(item, inbox.read_receipt(place.data, item.key))
    names = sorted(body.name for body in place.register.bodies.values() if body.is_due(place.year))
    row = receipt.row(place.lang)
    described = describe(place, row)
    return render(place, "inbox_item.html", key=item.key, row=row, names=names, described=described, quarters=QUARTERS)


async def act(request: Request) -> Response:
    """Accept a file, replace the registered report with it, send it back, drop it, or state whose it is."""
    place, fields = Place(request), await form_fields(request)
    action = request.path_params["action"]
    if action not in ACTIONS:
        raise HTTPException(404)
    notice = await run_in_threadpool(ACTIONS[action], place, _item(place), fields)
    place.desk.worker.look_at_inbox(place.year)
    return go_to(place, "inbox", notice)


def _accept(place: Place, item: InboxItem, _fields: Mapping[str, str], *, replace_registered: bool = False) -> str:
    (accepted,) = accept_items(place.data, [item], place.year, receipt_row, replace_registered=replace_registered)
    if not accepted.report_id:
        return place.say("desk.inbox.not_accepted", file=item.name)
    place.desk.worker.want_run()
    return place.say("desk.inbox.accepted", file=item.name)


def _replace(place: Place, item: InboxItem, fields: Mapping[str, str]) -> str:
    return _accept(place, item, fields, replace_registered=True)


def _return(place: Place, item: InboxItem, fields: Mapping[str, str]) -> str:
    return_item(place.data, item, fields.get("reason", ""), fields.get("who", ""), place.year)
    return place.say("desk.inbox.returned", file=item.name)


def _drop(place: Place, item: InboxItem, _fields: Mapping[str, str]) -> str:
    inbox.drop(place.data, item.key)
    return place.say("desk.inbox.dropped", file=item.name)


def _state(place: Place, item: InboxItem, fields: Mapping[str, str]) -> str:
    """Record whose report it is and on which period, and examine it again."""
    examine(place.data, [item], place.year, receipt_row, read_statement(fields))
    return ""


ACTIONS: Mapping[str, Callable[[Place, InboxItem, Mapping[str, str]], str]] = {
    "accept": _accept,
    "replace": _replace,
    "return": _return,
    "drop": _drop,
    "whose": _state,
}


def accept_ready(request: Request) -> Response:
    """Accept all files that are ready, without errors and without questions."""
    place = Place(request)
    items = [receipt.item for receipt in list_receipts(place.data) if _is_clean(receipt.row("zh"))]
    accepted = accept_items(place.data, items, place.year, receipt_row) if items else []
    count = sum(bool(result.report_id) for result in accepted)
    if count:
        place.desk.worker.want_run()
    return go_to(place, "inbox", place.say("desk.inbox.accepted_many", count=count))
