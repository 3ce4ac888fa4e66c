"""Test that the generated pages are current and complete, and that every link of the documentation leads to a file."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.project import ROOT

from docs_build.pages import FOLDER, PAGES
from docs_build.reader_findings import READER_FINDINGS
from pipeline.cli.main import COMMANDS
from pipeline.core.form import forms
from pipeline.core.paths import MESSAGES, SQL
from pipeline.storage.dictionary import dictionary


# The examples of the rules take ten seconds: all checks run twice on the shipped reports.
@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n == "rules.md" else ()) for n in PAGES])
def test_generated_page_is_current(name: str) -> None:
    committed = (FOLDER / name).read_text(encoding="utf-8")
    assert committed == PAGES[name](), "the page is out of date: run `uv run python -m docs_build`"


def headings(name: str) -> set[str]:
    """Return the texts of the headings of a generated page."""
    page = (FOLDER / name).read_text(encoding="utf-8")
    return set(re.findall(r"^#+ (.+)$", page, re.MULTILINE))


def first_columns(name: str) -> set[str]:
    """Return the code spans that begin the rows of the tables of a generated page."""
    page = (FOLDER / name).read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))


def test_pages_have_every_table_column_and_view() -> None:
    views = {path.stem for path in (SQL / "publish").glob("*.sql")}
    assert set(dictionary()) | views <= headings("tables.md")
    assert {line["column"] for lines in dictionary().values() for line in lines} <= first_columns("tables.md")


def test_pages_have_every_identity_check_and_cell() -> None:
    edits = {
        f"{identity.id}, form {form.code}"
        for form in forms().values()
        for identity in form.identities
        if not form.extends
    }
    checks = {path.stem.replace("_", ".", 1) for path in (SQL / "checks").glob("*.sql")}
    assert edits | checks <= headings("rules.md")
    assert {address for form in forms().values() for address in form.addresses()} <= first_columns("forms.md")


def test_pages_have_every_command_and_message() -> None:
    assert {f"ogi {name}" for name in COMMANDS} <= headings("commands.md")
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        assert {line["code"] for line in csv.DictReader(file)} <= first_columns("messages.md")


def made_findings() -> Iterator[tuple[str, str]]:
    """Yield code and severity of each finding that the code makes under a fixed code."""
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                match node.args[:4]:
                    case [ast.Constant(value=str(code)), _, _, ast.Constant(value=str(severity))]:
                        yield code, severity
                    case [ast.Constant(value=str(code)), *_]:
                        yield code, "error or warning"


def test_page_of_rules_has_every_finding_of_reading_with_its_severity() -> None:
    severities = {code: severity for code, (severity, _, _) in READER_FINDINGS.items()}
    made = dict(made_findings())
    assert len(made) > 8
    assert {code: severities.get(code) for code in made} == made
    # The code of these is not written in one piece where the finding is made.
    doubts = {f"extract.{name}" for name in ("unread", "note", "gap", "several", "unsure", "shown", "rounded")}
    others = {
        "extract.unplaced",
        "extract.lost",
        "who.body",
        "who.year",
        "who.quarter",
        "who.subject",
        "decision.stale",
        "decision.unmatched",
    }
    others |= {"answer.stale", "answer.unmatched", "formula.range"}
    units = {"extract.unit", "extract.text", "extract.negative", "extract.not_whole"}
    assert set(severities) - set(made) == doubts | others | units


def linking_files() -> list[Path]:
    """Return the Markdown files of the project that a person reads."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data" / "curated").glob("*.md")])


def heading_anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(link: str, folder: Path) -> bool:
    """Return whether a relative link names no file, or no heading of a page."""
    name, _, anchor = link.partition("#")
    target = folder / name
    return not target.exists() or (bool(anchor) and anchor not in heading_anchors(target))


def missing_targets(path: Path) -> list[str]:
    """Return the relative links of a file that lead to no file or heading."""
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    links = re.findall(r"(?<!\\)\]\(([^)\s]+)\)", text)
    relative = [link for link in links if not re.match(r"[a-z]+:|#", link)]
    return [link for link in relative if leads_nowhere(link, path.parent)]


@pytest.mark.parametrize("path", linking_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file(path: Path) -> None:
    assert missing_targets(path) == []


def test_dead_link_is_noticed(tmp_path: Path) -> None:
    links = "[a](a.md#a-b-c) [b](b.md#c) [d](https://d) `[e](e.md)` [f](#f) [g](a.md#g)"
    (tmp_path / "a.md").write_text(f"# A b, c\n{links}", encoding="utf-8")
    assert missing_targets(tmp_path / "a.md") == ["b.md#c", "a.md#g"]


def test_navigation_has_every_page() -> None:
    listed = set(re.findall(r"[\w./-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    assert listed == {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}


def test_examples_of_editing_run() -> None:
    page = (FOLDER / "python.md").read_text(encoding="utf-8")
    examples = [e for e in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if e.startswith("from pipeline.edit ")]
    assert examples
    for example in examples:
        exec(example, {})
