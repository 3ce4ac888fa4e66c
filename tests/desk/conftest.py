"""Fixtures for the tests of the desk in a browser. A test module has the fixture `data`, the folder that is served."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from support.browser import browser
from support.desk import running_desk

from pipeline.core.paths import Data

MILLISECONDS = 120_000  # that reading and a run may take on a loaded machine


@pytest.fixture
def address(data: Data) -> Iterator[str]:
    """The address of a desk in its own process."""
    with running_desk(data) as found:
        yield found


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, address: str) -> Iterator[Page]:
    """A page that was opened with the token, without any network but this machine; its faults fail the test."""
    faults: list[str] = []
    with browser() as opened:
        context = opened.new_context(viewport={"width": request.param, "height": 900})
        context.route(re.compile(r"^(?!http://127\.0\.0\.1)"), lambda route: route.abort())
        shown = context.new_page()
        shown.set_default_timeout(MILLISECONDS)
        shown.on("pageerror", lambda error: faults.append(str(error)))
        shown.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        shown.on("request", lambda r: None if "//127.0.0.1:" in r.url else faults.append(r.url))
        shown.goto(address)
        yield shown
    assert [fault for fault in faults if "favicon" not in fault and "404" not in fault] == []
