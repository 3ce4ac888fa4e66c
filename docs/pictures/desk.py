"""Make the pictures of the clerk's guide at the desk: `uv run --group dev python docs/pictures/desk.py`.

It plays the January of `docs_build/january.py` in Chromium, and prints the seconds that the machine needs per step.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from docs_build.january import write_january

PICTURES = Path(__file__).resolve().parent
ROOT = PICTURES.parent.parent
WIDTH, HEIGHT, COLORS = 1100, 760, 48
BASE = "/410300/2024"
MILLISECONDS = 240_000  # that the desk may need for a step
WHO = "王某"


def start_ogi(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start `ogi` in a folder; its output can be read."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "zh_CN.UTF-8", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "pipeline.cli", *arguments]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def prepare(folder: Path) -> None:
    """Write the files, and publish the reports of last year."""
    write_january(folder / "一月")
    for arguments in (("init", "洛阳市", "--members", "一月/部门.txt"), ("add", "一月/上年年报.zip"), ("run",)):
        started = time.monotonic()
        output, _ = start_ogi(folder, *arguments).communicate()
        print(f"ogi {arguments[0]}: {time.monotonic() - started:.1f} s")
        assert "洛阳市" in output or "17" in output, output


@contextmanager
def open_desk(folder: Path) -> Iterator[Page]:
    """Start the desk, and yield the page of a browser that was opened with its address."""
    desk = start_ogi(folder, "desk", "--no-browser")
    assert desk.stdout
    address = next(found[0] for line in desk.stdout if (found := re.search(r"http://[\w.:/?=-]+", line)))
    try:
        with sync_playwright() as play:
            program = shutil.which("chromium") or shutil.which("google-chrome")
            # In another locale, Chromium cannot open files with Chinese names.
            environment: dict[str, str | float | bool] = {**os.environ, "LC_ALL": "C.UTF-8"}
            browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"], env=environment)
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN")
            page.set_default_timeout(MILLISECONDS)
            page.goto(address)
            yield page
            browser.close()
    finally:
        desk.terminate()
        desk.wait()


class Clerk:
    """A clerk at the desk: goes to tabs, hands in files, decides, and takes pictures."""

    def __init__(self, page: Page) -> None:
        """Sit down at an open desk."""
        self.page = page
        self.origin = page.url.split("/410300")[0].rstrip("/")

    def go(self, tab: str) -> None:
        """Open a tab of the year."""
        self.page.goto(f"{self.origin}{BASE}/{tab}")

    def take(self, name: str, height: int = HEIGHT) -> None:
        """Write the top of the page as a PNG file in this folder, with few colours."""
        self.page.set_viewport_size({"width": WIDTH, "height": height})
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(
            PICTURES / f"desk-{name}.png", optimize=True
        )
        print(f"desk-{name}.png: {(PICTURES / f'desk-{name}.png').stat().st_size // 1024} kB")

    def hand_in(self, folder: Path) -> None:
        """Upload the files of a folder, and wait for their receipts."""
        self.go("inbox")
        started = time.monotonic()
        self.page.set_input_files("#files", sorted(folder.iterdir()))
        self.page.wait_for_selector("#list table.list")
        while self.page.inner_text("#progress") or self.page.locator("#list .mark.waiting").count():
            self.page.wait_for_timeout(200)
        print(f"{len(list(folder.iterdir()))} files: {time.monotonic() - started:.1f} s")

    def open_item(self, name: str) -> None:
        """Open the receipt of a file."""
        self.go("inbox")
        self.page.click(f"td.name a:text-is('{name}')")

    def press(self, action: str) -> None:
        """Press the button of an action of the inbox."""
        self.page.click(f"form[action*='/{action}?'] button:not(.quiet) >> nth=0")

    def wait_for_run(self) -> None:
        """Wait until the desk has published what was accepted."""
        started = time.monotonic()
        self.go("run")
        self.page.wait_for_selector("#state > p")
        print(f"run: {time.monotonic() - started:.1f} s")


def receive(clerk: Clerk, files: Path) -> None:
    """收件: hand in, look at the receipts, accept, claim, replace and send back."""
    clerk.hand_in(files)
    clerk.take("inbox", 1180)
    clerk.press("accept")
    clerk.open_item("教育局.docx")
    clerk.take("claim", 900)
    for name in ("教育局.docx", "水利局.docx", "洛龙区年报.xlsx", "瀍河区2024年报.docx"):
        send_back(clerk, name)
    for name in ("老城区年报.docx", "西工区.xlsx"):
        clerk.open_item(name)
        clerk.press("accept")
    clerk.open_item("孟津区（改）.docx")
    clerk.take("version", 1060)
    clerk.press("replace")


def send_back(clerk: Clerk, name: str) -> None:
    """Send a file back, with the reason that the desk proposes."""
    clerk.open_item(name)
    if not clerk.page.input_value("textarea[name=reason]").strip():
        clerk.page.fill("textarea[name=reason]", "请按通知重新报送。")
    clerk.page.fill("form[action*='/return?'] input[name=who]", WHO)
    clerk.press("return")


def review(clerk: Clerk) -> None:
    """核对: look at the queue and at one report, and accept its proposal."""
    clerk.go("review")
    clerk.take("review", 620)
    clerk.page.click("h2 a:has-text('老城区')")
    clerk.page.wait_for_selector("#original table, #original img")
    clerk.take("review-report", 900)
    clerk.page.check("details[open] input[value=accept]")
    for field, text in (("reason", "合计多加了 10"), ("evidence", "办件系统导出表"), ("who", WHO)):
        clerk.page.fill(f"details[open] input[name={field}]", text)
    clerk.page.click("details[open] form button")


def main() -> None:
    """Play the January, and take the pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        prepare(folder)
        with open_desk(folder) as page:
            clerk = Clerk(page)
            receive(clerk, folder / "一月" / "收到")
            clerk.wait_for_run()
            clerk.take("run", 520)
            clerk.go("due")
            clerk.take("due", 900)
            review(clerk)
            clerk.hand_in(folder / "一月" / "补交")
            clerk.press("accept")
            clerk.wait_for_run()
            clerk.go("inbox")
            clerk.take("inbox-late", 620)
            clerk.go("compile")
            clerk.take("compile", 900)
            clerk.page.goto(f"{clerk.origin}{BASE}/data?q=missing&p_body=410300&p_year=2024")
            clerk.take("data", 700)


if __name__ == "__main__":
    main()
