"""What `uv.lock` would install, and under which licences, by the metadata of what is installed."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PERMISSIVE = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 MIT-CMU PSF-2.0 Unlicense Zlib".split()  # noqa: SIM905
)
# Weak copyleft: a package of ours needs a line with a reason in `benchmarks/dependencies.csv`.
WITH_REASON = frozenset(("MPL-1.1", "MPL-2.0"))
# What packages call their licence without a name of SPDX's.
_CALLED = {
    "apache software license": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license": "Apache-2.0",
    "bsd license": "BSD-3-Clause", "3-clause bsd license": "BSD-3-Clause", "mit license": "MIT",
    "bsd-3-clause, apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}  # fmt: skip


@cache
def packages() -> Mapping[str, list[dict[str, Any]]]:
    """The packages of the lock by name; one may stand in several versions."""
    found: dict[str, list[dict[str, Any]]] = {}
    for package in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]:
        found.setdefault(package["name"], []).append(package)
    return found


def direct() -> Mapping[str, tuple[str, ...]]:
    """The declared packages by extra; the runtime's own under ''."""
    (ogi,) = packages()["ogi"]
    declared = {"": ogi["dependencies"], **ogi["optional-dependencies"]}
    # A package that is locked in a version for each Python stands there more than once.
    return {extra: tuple(dict.fromkeys(d["name"] for d in found)) for extra, found in declared.items()}


def closure(names: Iterable[str]) -> set[str]:
    """The packages with all that they need on any system."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [d["name"] for p in packages()[name] for d in _needed(p)]
    return found


def _needed(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a package needs. What its extras need is looked for with all of them: too much is better than too little."""
    needed = list(package.get("dependencies", ()))
    for other in [d for d in needed if d.get("extra")]:
        for found in packages()[other["name"]]:
            needed += [d for extra in other["extra"] for d in found.get("optional-dependencies", {}).get(extra, ())]
    return needed


@cache
def notes() -> Mapping[str, Mapping[str, str]]:
    """The lines of the hand-written file by package."""
    with (ROOT / "benchmarks" / "dependencies.csv").open(encoding="utf-8", newline="") as file:
        return {line["package"]: line for line in csv.DictReader(file)}


def installed(name: str) -> Distribution | None:
    """The package where it is installed."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def licence(name: str) -> str:
    """The package's licence: the hand-written one, else what its metadata says; '' where neither tells."""
    if written := notes().get(name, {}).get("licence"):
        return written
    found = installed(name)
    if found is None:
        return ""
    said = found.metadata
    classes = [c.rpartition("::")[2].strip() for c in said.get_all("Classifier", []) if c.startswith("License ::")]
    named = [x for x in (said["License-Expression"], said["License"], *classes) if x and x != "OSI Approved"]
    return next((known for x in named if (known := _spdx(x))), named[0].splitlines()[0] if named else "")


def _spdx(printed: str) -> str:
    text = _CALLED.get(printed.strip().lower(), printed.strip())
    return text if set(terms(text)) <= PERMISSIVE | WITH_REASON else ""


def terms(expression: str) -> list[str]:
    """The licences that an expression of SPDX's names."""
    return [t for t in re.split(r"\s+(?:AND|OR)\s+|[()]", expression) if t]
