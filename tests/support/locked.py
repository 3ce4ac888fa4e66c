"""The packages that `uv.lock` installs, and their licences by the metadata of the installed packages."""

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
# Weak copyleft licences. A package with one needs a line with a reason in `benchmarks/dependencies.csv`.
WITH_REASON = frozenset(("MPL-1.1", "MPL-2.0"))
# SPDX names for the names of licences in the metadata of packages.
_SPDX_NAMES = {
    "apache software license": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license": "Apache-2.0",
    "bsd license": "BSD-3-Clause", "3-clause bsd license": "BSD-3-Clause", "mit license": "MIT",
    "bsd-3-clause, apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}  # fmt: skip


@cache
def packages() -> Mapping[str, list[dict[str, Any]]]:
    """Return the packages of the lock file by name; a package may be locked in several versions."""
    versions: dict[str, list[dict[str, Any]]] = {}
    for package in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]:
        versions.setdefault(package["name"], []).append(package)
    return versions


def direct() -> Mapping[str, tuple[str, ...]]:
    """Return the names of the declared packages by extra; those without an extra under ''."""
    (ogi,) = packages()["ogi"]
    declared = {"": ogi["dependencies"], **ogi["optional-dependencies"]}
    # A package that is locked in one version per Python is listed several times.
    return {extra: tuple(dict.fromkeys(d["name"] for d in dependencies)) for extra, dependencies in declared.items()}


def closure(names: Iterable[str]) -> set[str]:
    """Return the packages and all their dependencies on any system."""
    closure_names: set[str] = set()
    names_to_add = list(names)
    while names_to_add:
        name = names_to_add.pop()
        if name not in closure_names:
            closure_names.add(name)
            names_to_add += [d["name"] for p in packages()[name] for d in _dependencies(p)]
    return closure_names


def _dependencies(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the dependencies of a package, and those of the extras that it requires of other packages.

    The extras are looked up in every locked version: a superfluous package does no harm, a missing one does.
    """
    dependencies = list(package.get("dependencies", ()))
    for dependency in [d for d in dependencies if d.get("extra")]:
        for version in packages()[dependency["name"]]:
            optional = version.get("optional-dependencies", {})
            dependencies += [d for extra in dependency["extra"] for d in optional.get(extra, ())]
    return dependencies


@cache
def notes() -> Mapping[str, Mapping[str, str]]:
    """Return the lines of `benchmarks/dependencies.csv` by package."""
    with (ROOT / "benchmarks" / "dependencies.csv").open(encoding="utf-8", newline="") as file:
        return {line["package"]: line for line in csv.DictReader(file)}


def installed(name: str) -> Distribution | None:
    """Return the installed package, None if it is not installed."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def licence(name: str) -> str:
    """Return the licence in `benchmarks/dependencies.csv`, else in the metadata of the package, else ''."""
    if written := notes().get(name, {}).get("licence"):
        return written
    package = installed(name)
    if package is None:
        return ""
    metadata = package.metadata
    classes = [c.rpartition("::")[2].strip() for c in metadata.get_all("Classifier", []) if c.startswith("License ::")]
    licences = [x for x in (metadata["License-Expression"], metadata["License"], *classes) if x and x != "OSI Approved"]
    return next((spdx for x in licences if (spdx := _spdx(x))), licences[0].splitlines()[0] if licences else "")


def _spdx(printed: str) -> str:
    """Return the SPDX expression for a printed licence, '' for one that is not accepted."""
    text = _SPDX_NAMES.get(printed.strip().lower(), printed.strip())
    return text if set(terms(text)) <= PERMISSIVE | WITH_REASON else ""


def terms(expression: str) -> list[str]:
    """Return the licences in an SPDX expression."""
    return [t for t in re.split(r"\s+(?:AND|OR)\s+|[()]", expression) if t]
