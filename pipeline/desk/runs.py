"""运行: run the job and follow it; the ledger, the snapshots that are kept, and the way back."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.model import DataFault
from pipeline.desk.pages import Place, form_fields, go_to, render
from pipeline.job.ledger import read_runs
from pipeline.job.run import roll_back
from pipeline.storage.snapshot import kept, published

MAX_RUNS_SHOWN = 20


def show(request: Request) -> Response:
    """Show the run in progress, the last runs and the snapshots."""
    place = Place(request)
    return render(
        place,
        "run.html",
        runs=read_runs(place.data)[-MAX_RUNS_SHOWN:][::-1],
        snapshots=list(kept(place.data)),
        current=published(place.data),
        state=place.desk.worker.run_state,
    )


def show_state(request: Request) -> Response:
    """Show only the run in progress, which the page asks for again until it ends."""
    place, state = Place(request), Place(request).desk.worker.run_state
    response = render(place, "run_state.html", state=state)
    if not (state.is_running or state.is_wanted):
        response.headers["HX-Refresh"] = "true"  # load the page again, with the new snapshot and the ledger
    return response


def start(request: Request) -> Response:
    """Start a run, or let one follow the run in progress."""
    place = Place(request)
    place.desk.worker.want_run()
    return go_to(place, "run")


async def go_back(request: Request) -> Response:
    """Publish an earlier snapshot again."""
    place, fields = Place(request), await form_fields(request)
    try:
        record = await run_in_threadpool(roll_back, place.data, fields.get("snapshot") or None, None)
    except LookupError as error:
        raise DataFault("rollback.none", kept="、".join(record.id for record in kept(place.data))) from error
    return go_to(place, "run", place.say("rollback.done", snapshot=record.id))
