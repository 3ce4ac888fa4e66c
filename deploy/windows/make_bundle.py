"""Make `ogi-windows.zip`, from which Windows installs without the internet: run this on a computer that has it.

`uv run python deploy/windows/make_bundle.py [FOLDER]` writes the wheels of ogi and of the packages in `uv.lock` for
64-bit Windows to FOLDER/ogi-windows, with the scripts of this folder, and packs them. `UV_DEFAULT_INDEX` and
`PIP_INDEX_URL` name a mirror.
To install Python too, put `python-3.12.x-amd64.exe` from python.org into FOLDER/ogi-windows and pack again.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PYTHON_VERSIONS = ("3.11", "3.12", "3.13")
SCRIPTS = ("*.bat", "*.ps1")


def export_requirements(target: Path) -> Path:
    """Write the locked packages of every system, without ogi itself."""
    options = ("--locked", "--no-dev", "--no-emit-project", "--no-hashes", "--extra", "ocr")
    subprocess.run(["uv", "export", "--quiet", *options, "--output-file", target], cwd=ROOT, check=True)
    return target


def select_windows(requirements: Path, python_version: str) -> Path:
    """Write those that Windows needs. `pip download` would select those of the system that it runs on."""
    target = requirements.with_name(f"requirements-{python_version}.txt")
    platform = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", python_version)
    options = ("--quiet", "--no-deps", "--no-header", "--no-annotate", "--only-binary", ":all:")
    subprocess.run(
        ["uv", "pip", "compile", *options, *platform, requirements, "--output-file", target], cwd=ROOT, check=True
    )
    return target


def download(requirements: Path, wheelhouse: Path, python_version: str) -> None:
    """Download the wheels for a version of Python on Windows; only what is not there yet."""
    platform = ("--platform", "win_amd64", "--python-version", python_version, "--only-binary", ":all:")
    pip = ("uv", "run", "--quiet", "--isolated", "--no-project", "--with", "pip", "python", "-m", "pip")
    options = ("download", "--quiet", "--no-deps", "--requirement", str(requirements), "--dest", str(wheelhouse))
    subprocess.run([*pip, *options, *platform], check=True)


def make_bundle(folder: Path, python_versions: tuple[str, ...] = PYTHON_VERSIONS) -> Path:
    """Write the bundle and return the archive."""
    bundle = folder / "ogi-windows"
    wheelhouse = bundle / "wheelhouse"
    wheelhouse.mkdir(parents=True, exist_ok=True)
    subprocess.run(["uv", "build", "--quiet", "--wheel", "--out-dir", wheelhouse], cwd=ROOT, check=True)
    requirements = export_requirements(bundle / "requirements.txt")
    for version in python_versions:
        download(select_windows(requirements, version), wheelhouse, version)
    for script in (path for pattern in SCRIPTS for path in HERE.glob(pattern)):
        shutil.copyfile(script, bundle / script.name)
    return Path(shutil.make_archive(str(bundle), "zip", folder, bundle.name))


if __name__ == "__main__":
    archive = make_bundle(Path(sys.argv[1] if len(sys.argv) > 1 else "dist"))
    sys.stdout.write(f"{archive}\n")
