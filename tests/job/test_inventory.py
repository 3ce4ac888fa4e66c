"""Compare the inventory with and without a scan cache after every kind of change to the data folder."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from support.project import fresh

from pipeline.core.decisions import Decision
from pipeline.core.model import ProjectFault
from pipeline.core.paths import Data
from pipeline.core.project_csv import Note
from pipeline.job.inventory import Partition, read_inventory, unused_decisions
from pipeline.raw.file_state import RawFiles
from pipeline.raw.manifest import MANIFEST_COLUMNS, read_entries, read_lines, update_manifest
from pipeline.registry.load import load_register

SEEDS = range(6)
ODD_LINES = ('a"b', "x", "../y,b,411200", "a\0b,c")
DECISION = Decision("411200", 2019, "applications/new/total", "1", None, "r", "e", "w")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Data:
    """Return the shipped data. The cache trusts files at once; `test_file_state` tests the clock's resolution."""
    monkeypatch.setattr("pipeline.raw.file_state.CLOCK_RESOLUTION_NS", -(10**18))
    return Data(fresh(tmp_path) / "data")


def inventory(data: Data) -> dict[int, Partition]:
    """Read the inventory of a data folder, by report year."""
    return read_inventory(data, load_register(data.raw), (DECISION,))


def content(partitions: dict[int, Partition]) -> object:
    """Return the comparable content of an inventory. Faults are compared as text: a fault equals only itself."""
    return {
        year: (p.digest, p.duplicates, p.decisions, [(e.source, repr(e.fault)) for e in p.entries])
        for year, p in partitions.items()
    }


def assert_cache_has_no_influence(data: Data) -> None:
    """Check that the inventory is the same after the scan cache is deleted."""
    cached = content(inventory(data))
    data.scan_cache.unlink(missing_ok=True)
    assert cached == content(inventory(data))


def _any_file(data: Data, rng: random.Random) -> Path:
    """Return a random HTML report."""
    return rng.choice(sorted(p for p in data.raw.rglob("*.html") if p.is_file()))


def _change_lines(data: Data, change: Callable[[list[str], int], object], rng: random.Random) -> None:
    """Apply `change` to the lines of the manifest and the index of a random line after the header."""
    lines = data.manifest.read_text(encoding="utf-8").rstrip("\n").split("\n")
    change(lines, rng.randrange(1, len(lines)))
    data.manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _set_field(number: int, value: str) -> Callable[[list[str], int], None]:
    """Return a change that sets the 0-based field of a manifest line."""

    def change(lines: list[str], at: int) -> None:
        fields = lines[at].split(",")
        fields[number : number + 1] = [value] if len(fields) > number else []
        lines[at] = ",".join(fields)

    return change


def _move_up(lines: list[str], at: int) -> None:
    lines.insert(1, lines.pop(at))


# Changes that a folder can undergo between two runs. The inventory must show each one that matters.
CHANGES: dict[str, Callable[[Data, random.Random], object]] = {
    "content": lambda d, r: _any_file(d, r).write_bytes(r.randbytes(20)),
    "file removed": lambda d, r: _any_file(d, r).unlink(),
    "unlisted file": lambda d, r: (d.raw / f"stray{r.randrange(3)}.html").write_bytes(b"x"),
    "file replaced": lambda d, r: (
        (d.raw / "stray0.html").rename(_any_file(d, r)) if (d.raw / "stray0.html").exists() else 0
    ),
    "link": lambda d, r: (d.raw / f"link{r.randrange(9)}.html").symlink_to(_any_file(d, r)) if r.random() < 0.1 else 0,
    "line removed": lambda d, r: _change_lines(d, lambda x, i: x.pop(i), r),
    "line twice": lambda d, r: _change_lines(d, lambda x, i: x.append(x[i]), r),
    "line moved": lambda d, r: _change_lines(d, _move_up, r),
    "blank line": lambda d, r: _change_lines(d, lambda x, i: x.insert(i, ""), r),
    "odd line": lambda d, r: _change_lines(d, lambda x, i: x.insert(i, r.choice(ODD_LINES)), r),
    "path": lambda d, r: _change_lines(d, _set_field(0, r.choice(read_lines(d.manifest))["path"]), r),
    "body": lambda d, r: _change_lines(d, _set_field(1, r.choice(["某局", "宿迁市人民政府", ""])), r),
    "code": lambda d, r: _change_lines(d, _set_field(2, r.choice(["321300", "9"])), r),
    "year": lambda d, r: _change_lines(d, _set_field(4, r.choice(["2018", "2019", "2031", "x"])), r),
    "source": lambda d, r: _change_lines(d, _set_field(6, f"https://example.org/{r.random()}"), r),
    "quotes": lambda d, r: _change_lines(d, _set_field(6, '"a, ""b"""'), r),
    "two lines": lambda d, r: _change_lines(d, _set_field(6, '"a\nb"'), r),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_noticed(data: Data, change: str) -> None:
    inventory(data)
    for seed in SEEDS:
        CHANGES[change](data, random.Random(seed))
        assert_cache_has_no_influence(data)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_sequence_of_changes_is_noticed(data: Data, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(25):
        for name in rng.choices(sorted(CHANGES), k=rng.randrange(3)):
            CHANGES[name](data, rng)
        inventory(data) if rng.random() < 0.5 else assert_cache_has_no_influence(data)


def test_unchanged_files_are_not_read(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(inventory(data))
    monkeypatch.setattr("pipeline.raw.file_state.sha256", lambda path: pytest.fail(f"read {path}"))
    assert content(inventory(data)) == before


def test_only_the_digest_of_the_changed_year_differs(data: Data) -> None:
    before = inventory(data)
    (data.raw / "2019" / "411202.html").write_bytes(b"other")
    after = inventory(data)
    assert {year for year in before if before[year].digest != after[year].digest} == {2019}


def test_decision_without_a_report_is_reported_as_unused(data: Data) -> None:
    assert unused_decisions(inventory(data), (DECISION,)) == []
    lines = data.manifest.read_text(encoding="utf-8").split("\n")
    records = [record for record in lines if not record.startswith("2019/411200.")]
    data.manifest.write_text("\n".join(records), encoding="utf-8")
    assert unused_decisions(inventory(data), (DECISION,)) == [DECISION]
    assert tuple(records[0].split(",")) == MANIFEST_COLUMNS


def test_two_reports_of_one_body_and_year_are_duplicates(data: Data) -> None:
    (data.raw / "2019" / "second.html").write_bytes((data.raw / "2019" / "411202.html").read_bytes())
    (line,) = [line for line in read_lines(data.manifest) if line["path"] == "2019/411202.html"]
    update_manifest(data.manifest, [line | {"path": "2019/second.html"}])
    assert inventory(data)[2019].duplicates == {"2019/411202.html", "2019/second.html"}


def test_file_changed_within_the_resolution_of_the_clock_is_noticed(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.raw.file_state.CLOCK_RESOLUTION_NS", 10**19)
    monkeypatch.setattr("pipeline.raw.file_state._state", lambda _: "1:1:1:1")  # a stopped clock
    before = content(inventory(data))
    (data.raw / "2019" / "411202.html").write_bytes(b"other")
    assert content(inventory(data)) != before


def test_link_that_now_leads_out_of_the_folder_is_noticed(data: Data) -> None:
    (data.raw / "linked").mkdir()
    file = data.raw / "2019" / "411202.html"
    file.rename(data.raw / "linked" / "x")
    file.symlink_to(data.raw / "linked" / "x")
    inventory(data)
    (data.raw / "linked").rename(data.root / "out")
    (data.raw / "linked").symlink_to(data.root / "out")  # the report keeps its path and its content
    assert_cache_has_no_influence(data)
    faults = [(e.source.report_id, e.fault and e.fault.code) for e in inventory(data)[0].entries]
    assert faults == [("2019/411202.html", "manifest.path")]


def test_file_name_that_is_not_utf_8_is_listed_with_a_readable_name(data: Data) -> None:
    Path(f"{data.raw}/2019/\udcff.html").write_bytes(b"x")
    (entry,) = [e for e in inventory(data)[0].entries if e.fault and e.fault.code == "manifest.unlisted"]
    assert entry.source.report_id == "2019/\\xff.html"


def test_two_lines_joined_by_a_nul_are_one_record(data: Data) -> None:
    header, *lines = data.manifest.read_text(encoding="utf-8").rstrip("\n").split("\n")
    pair = [line for line in lines if line.startswith("2019/4112")][:2]
    other_lines = [line for line in lines if line not in pair]
    data.manifest.write_text("\n".join([header, "\0".join(pair), *other_lines]), encoding="utf-8")
    inventory(data)
    data.manifest.write_text("\n".join([header, *pair, *other_lines]), encoding="utf-8")
    assert_cache_has_no_influence(data)


@pytest.mark.parametrize("limit", [1000, 10**9])  # field size limits of the csv module, which a library may set
def test_unclosed_quote_is_reported_with_its_line(data: Data, limit: int) -> None:
    text = data.manifest.read_text(encoding="utf-8")
    data.manifest.write_text(text + '"' + text.partition("\n")[2] * 20, encoding="utf-8")
    previous_limit = csv.field_size_limit(limit)
    try:
        with pytest.raises(ProjectFault, match=rf"manifest\.csv:{text.count(chr(10)) + 1}: is a quote opened"):
            inventory(data)
    finally:
        csv.field_size_limit(previous_limit)


def test_quote_that_swallows_the_last_lines_is_reported(data: Data) -> None:
    text = data.manifest.read_text(encoding="utf-8")
    data.manifest.write_text(text.replace("\n2019", '\n"2019', 1), encoding="utf-8")
    with pytest.raises(ProjectFault, match=r"manifest\.csv:\d+: is a quote opened"):
        inventory(data)


def test_fault_names_the_line_of_the_file(data: Data) -> None:
    lines = data.manifest.read_text(encoding="utf-8").split("\n")
    data.manifest.write_text("\n".join([lines[0], "", *lines[1:3], "x,某局"]), encoding="utf-8")
    faults = [e.fault for p in inventory(data).values() for e in p.entries if e.fault]
    (fault,) = [fault for fault in faults if fault.code == "manifest.line"]
    assert fault.values["line"] == 5


def test_unreadable_line_survives_an_update_of_the_manifest(data: Data) -> None:
    before = data.manifest.read_text(encoding="utf-8") + f'2019/x.html,"{"x" * 200_000}"\n'
    data.manifest.write_text(before, encoding="utf-8")
    with pytest.raises(ProjectFault, match="longer than"):
        update_manifest(data.manifest, [])
    assert data.manifest.read_text(encoding="utf-8") == before


def test_manifest_that_wps_saved_is_the_same_inventory(data: Data) -> None:
    """Otherwise every report would be read again because a clerk opened the list of reports."""
    before = content(inventory(data))
    header, *lines = data.manifest.read_text(encoding="utf-8").rstrip("\n").split("\n")
    resaved = [",".join([*(f"{x}.0" if x.isdigit() else x for x in line.split(",")), "", ""]) for line in lines]
    rows = [f"{header},,", *resaved, resaved[3], ",,,,,,,,,"]
    data.manifest.write_bytes("\r\n".join(rows).encode("gb18030"))
    notes: list[Note] = []
    after = read_inventory(data, load_register(data.raw), (DECISION,), notes.append)
    assert content(after) == before
    assert [(code, values["place"]) for code, values in notes] == [
        ("project.repeated", (str(data.manifest), len(lines) + 2))
    ]


class CaseInsensitiveFiles(RawFiles):
    """The files of a folder on Windows, where `A.HTML` opens `a.html`."""

    def contains(self, path: str) -> bool:
        """Return whether there is a file of this name in any letters."""
        return path.casefold() in {name.casefold() for name in self.states}

    def sha256(self, path: str) -> str:
        """Return the hash of the file of this name in any letters."""
        return super().sha256(next((name for name in self.states if name.casefold() == path.casefold()), path))


def test_file_in_other_letters_is_listed_on_windows_only(data: Data) -> None:
    text = data.manifest.read_text(encoding="utf-8")
    data.manifest.write_text(text.replace("2019/411202.html", "2019/411202.HTML", 1), encoding="utf-8")

    def faults(files: RawFiles) -> list[tuple[str, str]]:
        return [(e.source.report_id, e.fault.code) for e in read_entries(data.manifest, files) if e.fault]

    assert faults(CaseInsensitiveFiles(data.raw)) == []
    assert faults(RawFiles(data.raw)) == [
        ("2019/411202.HTML", "read.missing"), ("2019/411202.html", "manifest.unlisted"),
    ]  # fmt: skip
