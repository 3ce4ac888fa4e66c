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

from docs_build.clerk import Clerk
from docs_build.january import write_january

PICTURES = Path(__file__).resolve().parent
ROOT = PICTURES.parent.parent
WIDTH, HEIGHT, COLORS = 1100, 760, 48
MILLISECONDS = 240_000  # that the desk may need for a step


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


class Photographer(Clerk):
    """A clerk at the desk who takes pictures, and says how long the machine needs."""

    def take(self, name: str, height: int = HEIGHT) -> None:
        """Write the top of the page as a PNG file in this folder, with few colours."""
        self.page.set_viewport_size({"width": WIDTH, "height": height})
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(
            PICTURES / f"desk-{name}.png", optimize=True
        )
        print(f"desk-{name}.png: {(PICTURES / f'desk-{name}.png').stat().st_size // 1024} kB")

    def hand_in(self, folder: Path) -> str:
        """Upload the files of a folder, and say how long that takes."""
        started = time.monotonic()
        notice = super().hand_in(folder)
        print(f"{len(list(folder.iterdir()))} files: {time.monotonic() - started:.1f} s")
        return notice

    def wait_for_run(self) -> None:
        """Wait until the desk has published what was accepted, and say how long that takes."""
        started = time.monotonic()
        super().wait_for_run()
        print(f"run: {time.monotonic() - started:.1f} s")


def receive(clerk: Photographer, files: Path) -> None:
    """收件: hand in, look at the receipts, accept, claim, replace and send back."""
    clerk.hand_in(files)
    clerk.take("inbox", 1180)
    clerk.press("accept")
    clerk.open_item("教育局.docx")
    clerk.take("claim", 900)
    for name in ("教育局.docx", "水利局.docx", "洛龙区年报.xlsx", "瀍河区2024年报.docx"):
        clerk.send_back(name)
    for name in ("老城区年报.docx", "西工区.xlsx"):
        clerk.open_item(name)
        clerk.press("accept")
    clerk.open_item("孟津区（改）.docx")
    clerk.take("version", 1060)
    clerk.press("replace")


def review(clerk: Photographer) -> None:
    """核对: look at the queue and at one report, and accept its proposal."""
    clerk.go("review")
    clerk.take("review", 620)
    clerk.page.click("h2 a:has-text('老城区')")
    clerk.page.wait_for_selector("#original table, #original img")
    clerk.take("review-report", 900)
    clerk.decide("accept", "合计多加了 10", "办件系统导出表")


def main() -> None:
    """Play the January, and take the pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        prepare(folder)
        with open_desk(folder) as page:
            clerk = Photographer(page, f"{page.url.split('/410300')[0]}/410300/2024")
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
            clerk.go("data?q=missing&p_body=410300&p_year=2024")
            clerk.take("data", 700)


if __name__ == "__main__":
    main()
