"""A desk for tests: its application in this process, and a client that has its token."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from pipeline.core.paths import Data
from pipeline.desk.app import create_app
from pipeline.desk.pages import Desk
from pipeline.desk.worker import Worker
from support.project import ROOT

PORT, TOKEN = 8765, "token-of-the-test"
SECONDS_TO_EXAMINE = 120


@contextmanager
def running_desk(data: Data) -> Iterator[str]:
    """Start a desk in its own process, as a person does; yield its address, which has the token."""
    command = [sys.executable, "-m", "pipeline.cli", "desk", "--data", str(data.root), "--no-browser", "--lang", "zh"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        yield found[0]
        process.terminate()


@dataclass
class DeskClient:
    """A client of a desk. `post` sends the token that forms repeat."""

    client: TestClient
    desk: Desk

    def get(self, path: str) -> str:
        """Return the text of a page."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return str(answer.text)

    def post(self, path: str, fields: dict[str, str] | None = None, *, status: int = 200) -> str:
        """Send a form; return the text of the page that follows."""
        separator = "&" if "?" in path else "?"
        answer = self.client.post(f"{path}{separator}csrf={TOKEN}", data=fields or {})
        assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
        return str(answer.text)

    def upload(self, city: str, year: int, files: list[Path]) -> None:
        """Hand in files as the form of the inbox does."""
        parts = [("file", (path.name, path.read_bytes())) for path in files]
        address = f"/upload?city={city}&year={year}&csrf={TOKEN}"
        assert self.client.post(address, files=parts).status_code == 200

    def wait(self) -> None:
        """Wait until every file of the inbox has its receipt and no run is wanted."""
        from pipeline.job.inbox import list_receipts

        deadline = time.monotonic() + SECONDS_TO_EXAMINE
        while time.monotonic() < deadline:
            state = self.desk.worker.run_state
            waiting = [r for r in list_receipts(self.desk.data) if "zh" not in (r.stored or {})]
            if not (waiting or state.is_running or state.is_wanted):
                return
            time.sleep(0.05)
        raise AssertionError("the desk is still busy")


@contextmanager
def open_desk(data: Data, year: int, lang: str = "zh") -> Iterator[DeskClient]:
    """Yield a client that was opened with the token."""
    desk = Desk(data, TOKEN, lang, year, Worker(data))
    with TestClient(create_app(desk, PORT), base_url=f"http://127.0.0.1:{PORT}") as client:
        client.get(f"/?token={TOKEN}")
        yield DeskClient(client, desk)
