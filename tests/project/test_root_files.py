"""Test the files about the project: version, citation, licences, hooks, and the links of the guides at the root."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import yaml
from support.project import ROOT

from pipeline.core.model import PROVENANCES
from pipeline.raw.manifest import read_lines

GUIDES = ("CONTRIBUTING.md", "SECURITY.md")


def read_yaml(name: str) -> Any:
    """Return the content of a YAML file at the root."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def settings() -> dict[str, Any]:
    """Return the content of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_version_and_date_are_the_same_everywhere() -> None:
    heading = re.search(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heading
    version, date = heading.groups()
    citation = read_yaml("CITATION.cff")
    locked = {p["name"]: p["version"] for p in tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]}
    assert {settings()["project"]["version"], citation["version"], locked["ogi"]} == {version}
    assert str(citation["date-released"]) == date


def test_citation_has_the_required_fields_and_the_licence_of_the_code() -> None:
    citation = read_yaml("CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["license"] == settings()["project"]["license"]


def test_data_licence_names_every_provenance_and_its_terms() -> None:
    text = (ROOT / "data" / "LICENSE").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^(\w+)\n((?:    .+\n)+)", text, re.MULTILINE))
    assert set(sections) == set(PROVENANCES)
    assert "CC0-1.0" in sections["simulated"]
    assert "data/raw/manifest.csv" in sections["transcribed"]
    shipped = {line["provenance"] for line in read_lines(ROOT / "data" / "raw" / "manifest.csv")}
    assert shipped == {"transcribed", "simulated"}, "the licence says that no published report is shipped"


def test_types_of_the_package_are_visible_to_its_users() -> None:
    assert (ROOT / "pipeline" / "py.typed").read_bytes() == b""
    wheel = settings()["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["pipeline"]
    assert not {"exclude", "only-include", "include"} & set(wheel)


def test_hooks_run_the_tools_of_this_project() -> None:
    repositories = read_yaml(".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    hooks = repositories[0]["hooks"]
    assert all(hook["language"] == "system" for hook in hooks)
    tools = [re.match(r"uv run --group dev (ruff format|ruff check|codespell)\b", hook["entry"]) for hook in hooks]
    assert [tool and tool[1] for tool in tools] == ["ruff format", "ruff check", "codespell"]


@pytest.mark.parametrize("name", GUIDES)
def test_guide_names_only_files_that_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    paths = re.findall(r"\]\(([^)#:]+)\)", text)
    paths += re.findall(r"`((?:pipeline|sql|expectations|tests|benchmarks|docs|data)/[\w./]*)`", text)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
