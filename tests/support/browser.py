"""A browser for the tests of the site: the machine's own Chromium, headless and offline."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser. Skips the test where there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as play:
        # The tests' machines run as root, for whom Chromium has no sandbox; the pages are our own.
        opened = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page of a site, with all that went wrong on it and all that it asked of a network."""

    page: Page
    site: Path
    faults: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, route: str) -> Page:
        """Go to a route and wait until it is drawn."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.site.as_uri()}/index.html#/{route}")
        self.page.wait_for_selector("main[data-ready] h1")
        return self.page

    def turn(self, route: str) -> Page:
        """Go on to another route, as by a link of the site, which loads nothing again."""
        drawn = self.page.locator("main").get_attribute("data-ready")
        self.page.evaluate("route => { location.hash = `#/${route}` }", route)
        self.page.wait_for_selector(f"main[data-ready]:not([data-ready='{drawn}']) h1")
        return self.page

    def settle(self) -> None:
        """Wait until the page shows what the address names."""
        self.page.wait_for_timeout(80)
        self.page.wait_for_selector("main[data-ready] h1")


def visit(opened: Browser, site: Path, *, width: int = 1280) -> Visit:
    """A page in a context of its own (nothing remembered), which may load nothing but files and records every fault."""
    context = opened.new_context(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", accept_downloads=True
    )
    found = Visit(context.new_page(), site)

    def guard(route: Route, request: Request) -> None:
        if request.url.startswith(("file:", "blob:", "about:", "data:")):
            route.continue_()
        else:
            found.outside.append(request.url)
            route.abort()

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.faults.append(message.text)

    def raised(error: Error) -> None:
        found.faults.append(str(error))

    def failed(request: Request) -> None:
        found.faults.append(f"not loaded: {request.url}")

    context.route("**/*", guard)
    found.page.on("console", heard)
    found.page.on("pageerror", raised)
    found.page.on("requestfailed", failed)
    return found
