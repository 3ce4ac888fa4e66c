"""A browser for the tests of the site: the installed Chromium, headless and offline."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Route, sync_playwright

PROGRAM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser. Skip the test if no Chromium is installed."""
    path = next((program for name in PROGRAM_NAMES if (program := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as play:
        # Tests often run as root, for whom Chromium has no sandbox. The pages come from ogi itself.
        opened = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page of a site, with its faults (`faults`) and the URLs that it requested from a network (`outside`)."""

    page: Page
    site: Path
    faults: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, route: str) -> Page:
        """Load a route and wait until it is drawn."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.site.as_uri()}/index.html#/{route}")
        self.page.wait_for_selector("main[data-ready] h1")
        return self.page

    def turn(self, route: str) -> Page:
        """Go to another route by changing the address, as a link of the site does, without a reload."""
        previous_mark = self.page.locator("main").get_attribute("data-ready")
        self.page.evaluate("route => { location.hash = `#/${route}` }", route)
        self.page.wait_for_selector(f"main[data-ready]:not([data-ready='{previous_mark}']) h1")
        return self.page

    def settle(self) -> None:
        """Wait until the page shows the route in its address."""
        self.page.wait_for_timeout(80)
        self.page.wait_for_selector("main[data-ready] h1")


def visit(opened: Browser, site: Path, *, width: int = 1280) -> Visit:
    """Open an empty page in a new context, which may load only local files and records every fault."""
    context = opened.new_context(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", accept_downloads=True
    )
    new_visit = Visit(context.new_page(), site)

    def block_network(route: Route, request: Request) -> None:
        if request.url.startswith(("file:", "blob:", "about:", "data:")):
            route.continue_()
        else:
            new_visit.outside.append(request.url)
            route.abort()

    def record_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            new_visit.faults.append(message.text)

    def record_error(error: Error) -> None:
        new_visit.faults.append(str(error))

    def record_failure(request: Request) -> None:
        new_visit.faults.append(f"not loaded: {request.url}")

    context.route("**/*", block_network)
    new_visit.page.on("console", record_message)
    new_visit.page.on("pageerror", record_error)
    new_visit.page.on("requestfailed", record_failure)
    return new_visit
