"""The routes of the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.core.model import DataFault, ProjectFault
from pipeline.desk import compiling, due, inbox, query, review, review_original, runs
from pipeline.desk.pages import ASSETS, Desk, Place, render
from pipeline.desk.security import OnlyThisDesk, TooLarge

HERE = "/{city:str}/{year:int}"


def create_app(desk: Desk, port: int) -> Starlette:
    """Return the application of a desk that listens on `port` of this machine."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        desk.worker.start()
        yield
        desk.worker.stop()

    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(OnlyThisDesk, token=desk.token, port=port)],
        exception_handlers={
            HTTPException: _show_http_error,
            DataFault: _show_fault,
            ProjectFault: _show_project_fault,
            TooLarge: _show_too_large,
        },
        lifespan=lifespan,
    )
    app.state.desk = desk
    return app


def _routes() -> list[Route | Mount]:
    return [
        Route("/", go_to_first_tab, name="root"),
        Mount("/assets", StaticFiles(directory=ASSETS)),
        Route("/upload", inbox.upload, methods=["POST"]),
        *(Route(f"{HERE}{path}", handler, methods=methods) for path, handler, methods in _PAGES),
        Route("/site/{path:path}", query.site_file),
    ]


_PAGES = (
    ("/inbox", inbox.show, ["GET"]),
    ("/inbox/list", inbox.show_list, ["GET"]),
    ("/inbox/accept", inbox.accept_ready, ["POST"]),
    ("/inbox/{key:str}", inbox.show_item, ["GET"]),
    ("/inbox/{key:str}/{action:str}", inbox.act, ["POST"]),
    ("/due", due.show, ["GET"]),
    ("/due/notice/{body:str}", due.show_notice, ["GET"]),
    ("/review", review.show, ["GET"]),
    ("/review/report", review.show_report, ["GET"]),
    ("/review/decide", review.decide, ["POST"]),
    ("/review/undo", review.undo, ["POST"]),
    ("/review/original", review_original.show_original, ["GET"]),
    ("/review/picture", review_original.show_picture, ["GET"]),
    ("/compile", compiling.show, ["GET"]),
    ("/compile/file", compiling.download, ["GET"]),
    ("/data", query.show, ["GET"]),
    ("/data/csv", query.download, ["GET"]),
    ("/data/site", query.build_site, ["POST"]),
    ("/run", runs.show, ["GET"]),
    ("/run/state", runs.show_state, ["GET"]),
    ("/run/start", runs.start, ["POST"]),
    ("/run/roll-back", runs.go_back, ["POST"]),
)


def go_to_first_tab(request: Request) -> Response:
    """Go to the inbox of the most likely city; explain how to start if there is none."""
    place = Place(request)
    if not place.cities:
        return render(place, "start.html")
    return RedirectResponse(f"/{place.cities[0].body_id}/{place.desk.year}/inbox", 303)


def _show_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _error_page(request, "desk.error.page", status)


def _show_fault(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, DataFault)
    return _error_page(request, fault.code, 400, **fault.values)


def _show_project_fault(request: Request, fault: Exception) -> Response:
    return _error_page(request, "run.project", 500, error=fault)


def _show_too_large(_request: Request, _fault: Exception) -> Response:
    return PlainTextResponse("413", 413)


def _error_page(request: Request, code: str, status: int, **values: object) -> Response:
    request.scope["path_params"] = {}
    place = Place(request)
    return render(place, "error.html", status, message=place.say(code, **values))
