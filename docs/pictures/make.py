"""Makes the pictures of the guides: `uv run python docs/pictures/make.py` (needs Chromium and Poppler's pdftoppm)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WIDTH = 1000


def ogi(folder: Path, *arguments: str) -> None:
    """Run `ogi` in the project; a doubtful report (exit code 1) is what some pictures show."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "zh_CN.UTF-8"}
    done = subprocess.run([sys.executable, "-m", "pipeline.cli", *arguments], cwd=folder, env=environment, check=False)
    if done.returncode > 1:
        raise SystemExit(done.returncode)


def screenshot(page: str, name: str, height: int, wait: int = 4000) -> None:
    """A page as a PNG file; `wait` gives its scripts that many milliseconds."""
    with tempfile.TemporaryDirectory() as profile:
        options = [f"--user-data-dir={profile}", f"--window-size={WIDTH},{height}", f"--virtual-time-budget={wait}"]
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *options]
        subprocess.run([*command, f"--screenshot={HERE / name}", page], check=True, stderr=subprocess.DEVNULL)


def main() -> None:
    """Make them all."""
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        shutil.copytree(ROOT / "data" / "raw", project / "data" / "raw")
        shutil.copytree(ROOT / "docs" / "examples", project / "examples")
        ogi(project, "run", "--quiet")
        ogi(project, "check", "examples/hubin-2019.html", "--html", "checks")
        screenshot((project / "checks" / "hubin-2019.html.check.html").as_uri(), "check.png", 1480)
        ogi(project, "site", "--out", "site")
        screenshot((project / "site" / "index.html").as_uri(), "site.png", 1100)
        ogi(project, "compile", "--city", "411200", "--year", "2019", "--format", "pdf", "--out", "forms")
        (pdf,) = (project / "forms").glob("*.pdf")
        subprocess.run(["pdftoppm", "-r", "60", "-png", "-singlefile", str(pdf), str(HERE / "form")], check=True)


if __name__ == "__main__":
    main()
