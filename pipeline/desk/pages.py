"""The common parts of all pages of the desk: the city and year of the address, the language, and the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.core.messages import LANGUAGES, say
from pipeline.core.paths import Data
from pipeline.core.sentences import without_addresses
from pipeline.desk.worker import Worker
from pipeline.job.collection import collecting_bodies, reporting_register
from pipeline.raw.manifest import read_lines
from pipeline.registry.bodies import Body, Register
from pipeline.storage.snapshot import RECORD, published

LANGUAGE_COOKIE = "ogi-lang"
TABS = ("inbox", "due", "review", "compile", "data", "run")


@dataclass(frozen=True)
class Desk:
    """A desk: its data folder, the token of its browser, its language, and the thread that works for it."""

    data: Data
    token: str
    lang: str
    year: int
    worker: Worker


class Place:
    """Where a request is: the collecting body and report year of its address, in a language."""

    def __init__(self, request: Request) -> None:
        """Read the address. Raises HTTPException (404) for an unknown body or a year that is none."""
        self.request = request
        self.desk: Desk = request.app.state.desk
        self.data = self.desk.data
        self.city_id = request.path_params.get("city", "")
        self.year = int(request.path_params.get("year", 0))
        if self.city_id and self.city_id not in self.register.bodies:
            raise HTTPException(404)

    @cached_property
    def lang(self) -> str:
        """The language: of `?lang=`, of the cookie, or of the desk."""
        given = (self.request.query_params.get("lang"), self.request.cookies.get(LANGUAGE_COOKIE))
        return next((lang for lang in given if lang in LANGUAGES), self.desk.lang)

    @cached_property
    def register(self) -> Register:
        """The bodies of the data folder."""
        return reporting_register(self.data)

    @property
    def city(self) -> Body:
        """The collecting body."""
        return self.register.bodies[self.city_id]

    @cached_property
    def cities(self) -> list[Body]:
        """All collecting bodies, the most likely first."""
        return collecting_bodies(self.data, self.register)

    @cached_property
    def years(self) -> list[int]:
        """The report years that can be chosen, the latest first."""
        found = {int(line["year"]) for line in self._lines if line["year"].isdigit()}
        return sorted(found | {self.desk.year, self.year} - {0}, reverse=True)

    @cached_property
    def other_kinds(self) -> list[str]:
        """The names of the kinds of the registered reports, without the annual one."""
        registered = {line["kind"] for line in self._lines}
        kinds = (kind for code, kind in self.register.kinds.items() if code in registered)
        return [kind.zh if self.lang == "zh" else kind.en for kind in kinds]

    @cached_property
    def _lines(self) -> list[dict[str, str]]:
        return read_lines(self.data.manifest) if self.data.manifest.is_file() else []

    def url(self, tab: str, **query: object) -> str:
        """Return the address of a tab for this city and year."""
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return f"/{self.city_id}/{self.year}/{tab}" + (f"?{text}" if text else "")

    def say(self, code: str, **values: object) -> str:
        """Return a message in the language of the request."""
        return say(code, self.lang, **values)

    @property
    def is_outdated(self) -> bool:
        """Whether reports or decisions changed since the published snapshot."""
        if not self.is_published:
            return bool(self.data.manifest.is_file() and read_lines(self.data.manifest))
        built: int = (self.data.current / RECORD).stat().st_mtime_ns
        changed = (self.data.manifest, self.data.decisions, self.data.raw / "bodies.csv")
        return any(path.is_file() and int(path.stat().st_mtime_ns) > int(built) for path in changed)

    @property
    def is_published(self) -> bool:
        """Whether there is a published snapshot."""
        return published(self.data) is not None


def render(place: Place, template: str, status: int = 200, **values: object) -> Response:
    """Return a page from a template; the choice of language is kept in a cookie."""
    text = (
        _environment()
        .get_template(template)
        .render(place=place, desk=place.desk, say=place.say, tabs=TABS, csrf=place.desk.token, **values)
    )
    response = HTMLResponse(text, status)
    if place.request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, place.lang, samesite="strict", max_age=10**8)
    return response


def go_to(place: Place, tab: str, notice: str = "", **query: str) -> Response:
    """Return a redirect to a tab that shows a notice there; `query` is the rest of the address."""
    texts = query | ({"notice": notice} if notice else {})
    return RedirectResponse(place.url(tab, **{name: quote(text) for name, text in texts.items()}), 303)


async def form_fields(request: Request) -> Mapping[str, str]:
    """Return the text fields of a form."""
    form = await request.form(max_files=0, max_fields=200)
    return {name: value for name, value in form.items() if isinstance(value, str)}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = without_addresses
    return environment


ASSETS = Path(__file__).parent / "assets"
