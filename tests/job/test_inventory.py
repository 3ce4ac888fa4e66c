"""What a run knows of `data/raw` without looking is what it would find by looking."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from support.project import fresh

from pipeline.core.decisions import Decision
from pipeline.core.model import Entry, ProjectFault
from pipeline.core.paths import Data
from pipeline.job.inventory import Inventory
from pipeline.raw.file_state import Seen
from pipeline.raw.manifest import FIELDS, entry_of, lines, records, renew

SEEDS = range(6)
ODD = ('a"b', '"a', "x", "../y,b,411200", "a\0b,c")
HERE = Decision("411200", 2019, "applications/new/total", "1", None, "r", "e", "w")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Data:
    """The shipped data. Files count as left alone at once: what the grain is for, `test_seen` has."""
    monkeypatch.setattr("pipeline.raw.file_state.GRAIN", -(10**18))
    monkeypatch.setattr("pipeline.job.inventory.A_LITTLE", 10**6)
    return Data(fresh(tmp_path) / "data")


def assert_the_same(data: Data, decided: tuple[Decision, ...] = ()) -> None:
    """What is known is what is found by looking, all in all and part by part."""
    known = told(Inventory(data, "key", decided))
    data.seen.rename(data.seen.with_name("aside"))
    assert known == told(Inventory(data, "key", decided))
    data.seen.with_name("aside").rename(data.seen)


def told(inventory: Inventory) -> object:
    """All that it says; a fault is equal to itself alone."""
    first = inventory.digests, inventory.reports, [d.cell for d in inventory.orphans()]
    shares = {p: (s.digest, s.alone, [(e.source, repr(e.fault)) for e in s.entries]) for p, s in inventory.items()}
    return first, shares, inventory.reports


def _file(data: Data, seed: random.Random) -> Path:
    return seed.choice(sorted(p for p in data.raw.rglob("*.html") if p.is_file()))


def _line(data: Data, change: Callable[[list[str], int], object], seed: random.Random) -> None:
    found = data.manifest.read_text(encoding="utf-8").rstrip("\n").split("\n")
    change(found, seed.randrange(1, len(found)))
    data.manifest.write_text("\n".join(found) + "\n", encoding="utf-8")


def _fields(number: int, value: str) -> Callable[[list[str], int], None]:
    def change(found: list[str], at: int) -> None:
        fields = found[at].split(",")
        fields[number : number + 1] = [value] if len(fields) > number else []
        found[at] = ",".join(fields)

    return change


def _moved_up(found: list[str], at: int) -> None:
    found.insert(1, found.pop(at))


# What may happen to a folder between two runs; each by itself must be noticed where it matters.
CHANGES: dict[str, Callable[[Data, random.Random], object]] = {
    "content": lambda d, r: _file(d, r).write_bytes(r.randbytes(20)),
    "gone": lambda d, r: _file(d, r).unlink(),
    "stray": lambda d, r: (d.raw / f"stray{r.randrange(3)}.html").write_bytes(b"x"),
    "other file": lambda d, r: (d.raw / "stray0.html").rename(_file(d, r)) if (d.raw / "stray0.html").exists() else 0,
    "link": lambda d, r: (d.raw / f"link{r.randrange(9)}.html").symlink_to(_file(d, r)) if r.random() < 0.1 else 0,
    "line gone": lambda d, r: _line(d, lambda x, i: x.pop(i), r),
    "line twice": lambda d, r: _line(d, lambda x, i: x.append(x[i]), r),
    "line moved": lambda d, r: _line(d, _moved_up, r),
    "line blank": lambda d, r: _line(d, lambda x, i: x.insert(i, ""), r),
    "line odd": lambda d, r: _line(d, lambda x, i: x.insert(i, r.choice(ODD)), r),
    "other path": lambda d, r: _line(d, _fields(0, r.choice(lines(d.manifest))["path"]), r),
    "other body": lambda d, r: _line(d, _fields(1, r.choice(["某局", "宿迁市人民政府", ""])), r),
    "other code": lambda d, r: _line(d, _fields(2, r.choice(["321300", "9"])), r),
    "other year": lambda d, r: _line(d, _fields(4, r.choice(["2018", "2019", "2031", "x"])), r),
    "other source": lambda d, r: _line(d, _fields(6, f"https://example.org/{r.random()}"), r),
    "quoted": lambda d, r: _line(d, _fields(6, '"a, ""b"""'), r),
    "over two lines": lambda d, r: _line(d, _fields(6, '"a\nb"'), r),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_noticed(data: Data, change: str) -> None:
    Inventory(data, "key", ()).remember()
    for seed in SEEDS:
        CHANGES[change](data, random.Random(seed))
        assert_the_same(data)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_known_is_what_would_be_found_whatever_happens(data: Data, seed: int) -> None:
    chance = random.Random(seed)
    Inventory(data, "key", (HERE,)).remember()
    for _ in range(25):
        for name in chance.choices(sorted(CHANGES), k=chance.randrange(3)):
            CHANGES[name](data, chance)
        assert_the_same(data, (HERE,))
        if chance.random() < 0.5:
            Inventory(data, "key", (HERE,)).remember()


def test_only_the_part_that_changed_is_looked_at(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    Inventory(data, "key", ()).remember()
    looked_at: list[str] = []

    def looking(seen: Seen, record: str, number: int) -> Entry:
        looked_at.append(record.split(",")[0])
        return entry_of(seen, record, number)

    monkeypatch.setattr("pipeline.job.inventory.entry_of", looking)
    assert Inventory(data, "key", ()).reports == len(records(data.manifest)) - 2  # the header, and after the last line
    assert looked_at == []
    (data.raw / "2019" / "411202.html").write_bytes(b"other")
    Inventory(data, "key", ())
    assert set(looked_at) == {line["path"] for line in lines(data.manifest) if line["path"].startswith("2019/41")}


def test_under_another_key_only_hashes_are_believed(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Inventory(data, "key", ())
    before.remember()
    monkeypatch.setattr("pipeline.raw.file_state.sha256", lambda path: pytest.fail(f"read {path}"))
    other = Inventory(data, "other", ())
    assert other.digests == before.digests
    assert not other._known


def test_a_little_is_not_written_down(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.job.inventory.A_LITTLE", 30)  # two of the sixty lines are little
    Inventory(data, "key", ()).remember()
    written = data.seen.read_bytes()
    for number, same in ((1, True), (2, True), (3, False)):
        (data.raw / "2019" / f"41120{number + 1}.html").write_bytes(b"other")
        Inventory(data, "key", ()).remember()
        assert (data.seen.read_bytes() == written) == same


def test_a_decision_on_what_is_reported_no_more_is_an_orphan(data: Data) -> None:
    Inventory(data, "key", (HERE,)).remember()
    assert Inventory(data, "key", (HERE,)).orphans() == []
    kept = [line for line in records(data.manifest) if not line.startswith("2019/411200.")]
    data.manifest.write_text("\n".join(kept), encoding="utf-8")
    assert Inventory(data, "key", (HERE,)).orphans() == [HERE]
    assert tuple(kept[0].split(",")) == FIELDS


def test_a_file_that_was_not_left_alone_is_looked_at_again(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.raw.file_state.GRAIN", 10**19)
    monkeypatch.setattr("pipeline.raw.file_state._state", lambda _: "1:1:1:1")  # a clock that stands still
    before = Inventory(data, "key", ())
    before.remember()
    (data.raw / "2019" / "411202.html").write_bytes(b"other")
    assert Inventory(data, "key", ()).digests != before.digests


def test_a_link_that_comes_to_lead_out_is_noticed(data: Data) -> None:
    (data.raw / "there").mkdir()
    file = data.raw / "2019" / "411202.html"
    file.rename(data.raw / "there" / "x")
    file.symlink_to(data.raw / "there" / "x")
    Inventory(data, "key", ()).remember()
    (data.raw / "there").rename(data.root / "out")
    (data.raw / "there").symlink_to(data.root / "out")  # the same file, at the same path
    assert_the_same(data)
    share = next(s for p, s in Inventory(data, "key", ()).items() if p.year == 0)
    assert [(e.source.report_id, e.fault and e.fault.code) for e in share.entries] == [
        ("2019/411202.html", "manifest.path")
    ]


def test_a_line_that_looks_like_two_is_not_taken_for_them(data: Data) -> None:
    header, *rest = data.manifest.read_text(encoding="utf-8").rstrip("\n").split("\n")
    two = [line for line in rest if line.startswith("2019/4112")][:2]
    others = [line for line in rest if line not in two]
    data.manifest.write_text("\n".join([header, "\0".join(two), *others]), encoding="utf-8")
    Inventory(data, "key", ()).remember()
    data.manifest.write_text("\n".join([header, *two, *others]), encoding="utf-8")
    assert_the_same(data)


@pytest.mark.parametrize("limit", [1000, 10**9])  # of the csv module, which some library sets
def test_a_quote_that_is_never_closed_is_told(data: Data, limit: int) -> None:
    said = data.manifest.read_text(encoding="utf-8")
    data.manifest.write_text(said + '"' + said.partition("\n")[2] * 20, encoding="utf-8")
    limit = csv.field_size_limit(limit)
    try:
        with pytest.raises(ProjectFault, match=rf"manifest\.csv:{said.count(chr(10)) + 1}: is a quote opened"):
            Inventory(data, "key", ())
    finally:
        csv.field_size_limit(limit)


def test_a_fault_names_the_line_of_the_file(data: Data) -> None:
    lines_ = data.manifest.read_text(encoding="utf-8").split("\n")
    data.manifest.write_text("\n".join([lines_[0], "", *lines_[1:3], "x,某局"]), encoding="utf-8")
    faults = [e.fault for s in Inventory(data, "key", ()).values() for e in s.entries if e.fault]
    (fault,) = [f for f in faults if f.code == "manifest.line"]
    assert fault.values["line"] == 5


def test_a_line_that_cannot_be_read_is_not_lost_when_the_manifest_is_renewed(data: Data) -> None:
    before = data.manifest.read_text(encoding="utf-8") + f'2019/x.html,"{"x" * 200_000}"\n'
    data.manifest.write_text(before, encoding="utf-8")
    with pytest.raises(ProjectFault, match="longer than"):
        renew(data.manifest, [])
    assert data.manifest.read_text(encoding="utf-8") == before
