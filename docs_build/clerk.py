"""A clerk at the desk of ogi, in a browser: hands files in, sends them back, decides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

WHO = "王某"
POLL_MILLISECONDS = 200


class ListedFile(NamedTuple):
    """A line of the inbox: its state, the body and year, and what was found."""

    state: str
    body: str
    finding: str


class Clerk:
    """A clerk at an open desk. `base` is the address of the desk with city and year."""

    def __init__(self, page: Page, base: str) -> None:
        """Sit down at an open desk."""
        self.page, self.base = page, base

    def go(self, tab: str) -> None:
        """Open a tab of the year."""
        self.page.goto(f"{self.base}/{tab}")

    def hand_in(self, folder: Path) -> str:
        """Upload the files of a folder, and wait for their receipts. Return what the page says about the others."""
        self.go("inbox")
        self.page.set_input_files("#files", sorted(folder.iterdir()))
        self.page.wait_for_selector("#progress[aria-busy=false]", state="attached")
        notice = self.page.inner_text("#progress")
        self.page.wait_for_selector("#list table.list")
        while self.page.locator("#list .mark.waiting").count():  # the policy of the page forbids to wait by a script
            self.page.wait_for_timeout(POLL_MILLISECONDS)
        return notice

    def list_inbox(self) -> Mapping[str, ListedFile]:
        """Return the lines of the inbox by the name of the file."""
        self.go("inbox")
        lines = [line.locator("td").all_inner_texts() for line in self.page.locator("#list tbody tr").all()]
        return {texts[1].strip(): ListedFile(texts[0].strip(), texts[2].strip(), texts[3].strip()) for texts in lines}

    def open_item(self, name: str) -> None:
        """Open the receipt of a file."""
        self.go("inbox")
        self.page.click(f"td.name a:text-is('{name}')")

    def read_problems(self, name: str) -> list[str]:
        """Return the errors and questions of a file, as its receipt shows them."""
        self.open_item(name)
        return self.page.locator("ol.error li, ol.warning li").all_inner_texts()

    def press(self, action: str) -> None:
        """Press the button of an action of the inbox."""
        self.page.click(f"form[action*='/{action}?'] button:not(.quiet) >> nth=0")

    def claim(self, name: str, body: str) -> None:
        """Say whose report a file is, with the full name of the body."""
        self.open_item(name)
        self.page.fill("form[action*='/whose?'] input[name=body]", body)
        self.press("whose")

    def send_back(self, name: str) -> None:
        """Send a file back, with the reason that the desk proposes."""
        self.open_item(name)
        if not self.page.input_value("textarea[name=reason]").strip():
            self.page.fill("textarea[name=reason]", "请按通知重新报送。")
        self.page.fill("form[action*='/return?'] input[name=who]", WHO)
        self.press("return")

    def decide(self, operation: str, reason: str, evidence: str) -> None:
        """Decide the open problem of a report: `accept`, `confirm` or `return`."""
        self.page.check(f"details[open] input[value={operation}]")
        for field, text in (("reason", reason), ("evidence", evidence), ("who", WHO)):
            self.page.fill(f"details[open] input[name={field}]", text)
        self.page.click("details[open] form button:not([type=button])")

    def wait_for_run(self) -> None:
        """Wait until the desk has published what was accepted."""
        self.go("run")
        self.page.wait_for_selector("#state > p")
