"""Make the pictures of the guides: `uv run --group dev python docs/pictures/make.py`.

It needs Chromium and Poppler's pdftoppm.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURES = Path(__file__).resolve().parent
ROOT = PICTURES.parent.parent
WIDTH = 1000
SCRIPT_MILLISECONDS = 4000  # that the scripts of a page get before the screenshot
PDF_DPI = 60


def run_ogi(folder: Path, *arguments: str) -> None:
    """Run `ogi` in a project folder. Exits if it fails. Exit code 1 is not a failure: some pictures show errors."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "zh_CN.UTF-8"}
    command = [sys.executable, "-m", "pipeline.cli", *arguments]
    result = subprocess.run(command, cwd=folder, env=environment, check=False)
    if result.returncode > 1:
        raise SystemExit(result.returncode)


def take_screenshot(page: Path, name: str, height: int) -> None:
    """Write the top `height` pixels of a page as a PNG file in this folder."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={profile}", f"--window-size={WIDTH},{height}",
            f"--virtual-time-budget={SCRIPT_MILLISECONDS}", f"--screenshot={PICTURES / name}", page.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def check_excerpt(project: Path, language: str) -> Path:
    """Check the example report; return the page without its first table, so that the red cell is near the top."""
    folder = f"checks-{language}"
    run_ogi(project, "check", "docs/examples/hubin-2019.docx", "--html", folder, "--lang", language)
    page = project / folder / "hubin-2019.docx.check.html"
    hidden = "h2:nth-of-type(2), h2:nth-of-type(2) + .scroll { display: none; }"
    page.write_text(page.read_text(encoding="utf-8").replace("</style>", f"{hidden}</style>"), encoding="utf-8")
    return page


def main() -> None:
    """Make the pictures of a checked report, of the site and of a form."""
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        shutil.copytree(ROOT / "data" / "raw", project / "data" / "raw")
        shutil.copytree(ROOT / "docs" / "examples", project / "docs" / "examples")
        run_ogi(project, "run", "--quiet")
        run_ogi(project, "check", "docs/examples/hubin-2019.docx", "--html", "checks")
        take_screenshot(project / "checks" / "hubin-2019.docx.check.html", "check.png", 1480)
        for language in ("zh", "en"):
            take_screenshot(check_excerpt(project, language), f"red-cell.{language}.png", 620)
        run_ogi(project, "site", "--out", "site")
        take_screenshot(project / "site" / "index.html", "site.png", 1100)
        run_ogi(project, "compile", "--city", "411200", "--year", "2019", "--format", "pdf", "--out", "forms")
        (pdf,) = (project / "forms").glob("*.pdf")
        command = ["pdftoppm", "-r", str(PDF_DPI), "-png", "-singlefile", str(pdf), str(PICTURES / "form")]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
