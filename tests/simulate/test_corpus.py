"""A simulated corpus: what is read of it is what was printed, its errors are told, and without errors all balances."""

from __future__ import annotations

import csv
import filecmp
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest
from support.project import ogi_in, run_here

from pipeline.cli.extract import failures
from pipeline.core.form import forms
from pipeline.core.model import DataFault, Extraction, Paragraph
from pipeline.core.paths import Data
from pipeline.extract import extract
from pipeline.extract.figures import extract_figures
from pipeline.raw.manifest import lines
from pipeline.read import read_bytes
from pipeline.registry.load import register
from pipeline.report import read_report
from pipeline.simulate.chance import draw
from pipeline.simulate.corpus import errors, make, refuse_others
from pipeline.simulate.country import WRITERS, Order, cut
from pipeline.simulate.errors import FILES, TRUNCATED, WEIGHTS
from pipeline.simulate.places import city, codes
from pipeline.simulate.sentences import BALANCE, DISPUTES, GROWN, ITEMS, RECEIVED, TRAININGS, growth, sentences
from pipeline.storage.database import connect

ORDER = Order(2018, 2022, 6, tuple(WRITERS), 7000, 20)
CITIES = ["110000", "130100", "140100"]
Truth = dict[str, dict[str, str]]


def made(folder: Path, order: Order = ORDER, processes: int = 1) -> Path:
    make(folder / "data", order, CITIES, processes)
    return folder


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus in which most reports have an error."""
    return made(tmp_path_factory.mktemp("wrong"))


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus without errors, published."""
    folder = made(tmp_path_factory.mktemp("right"), replace(ORDER, errors=0))
    assert run_here(folder) == 0
    return folder


@pytest.fixture(scope="module")
def taken(wrong: Path) -> dict[str, Extraction | str]:
    """What is read of each report, or why nothing is."""
    return dict(read_all(wrong))


def read_all(folder: Path) -> Iterator[tuple[str, Extraction | str]]:
    raw = folder / "data" / "raw"
    for line in lines(raw / "manifest.csv"):
        try:
            yield line["path"], read_report(raw / line["path"], raw)
        except DataFault as fault:
            yield line["path"], fault.code


def true_cells(folder: Path) -> Truth:
    found: Truth = defaultdict(dict)
    for path in sorted((folder / "data" / "truth" / "cells").glob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            found[row["path"]]["/".join(row[c] for c in ("table", "row", "column"))] = row["printed"]
    return found


def true_figures(folder: Path) -> Truth:
    found: Truth = defaultdict(dict)
    for row in pq.read_table(folder / "data" / "truth" / "figures.parquet").to_pylist():
        found[row["path"]][row["row"]] = row["printed"]
    return found


def test_every_cell_is_read_as_it_was_printed(wrong: Path, taken: dict[str, Extraction | str]) -> None:
    truth, figures = true_cells(wrong), true_figures(wrong)
    read = {path: t for path, t in taken.items() if isinstance(t, Extraction)}
    assert set(read) == set(truth) == set(figures)
    for path, extraction in read.items():
        assert {c.address: c.raw for c in extraction.cells} == truth[path], path
        said = [(f.row, str(f.value)) for f in extraction.figures if f.scope == "whole"]
        assert sorted(said) == sorted(figures[path].items()), path
    assert {e.form for e in read.values()} == set(forms())
    assert {path.rpartition(".")[2] for path in read} == set(WRITERS)


def test_every_error_is_of_a_kind_and_is_told_as_expected(wrong: Path, taken: dict[str, Extraction | str]) -> None:
    planted: dict[str, list[dict[str, str]]] = defaultdict(list)
    for error in errors(wrong / "data"):
        planted[error["path"]].append(error)
    assert {e["kind"] for found in planted.values() for e in found} == set(WEIGHTS)
    for path, what in taken.items():
        kinds = {e["kind"] for e in planted[path]}
        expected = {word for e in planted[path] for word in e["expected"].split()}
        if isinstance(what, str):
            assert {what} == expected, path
        elif not kinds & set(FILES):
            assert {f.identity for f in failures(what)} == expected, (path, kinds)


def test_errors_stand_where_they_are_said_to(wrong: Path) -> None:
    cells, figures = true_cells(wrong), true_figures(wrong)
    told = [e for e in errors(wrong / "data") if e["cell"]]
    for error in told:
        table, row, _ = error["cell"].split("/")
        printed = figures[error["path"]][row] if table == "narrative" else cells[error["path"]][error["cell"]]
        assert printed == error["printed"] != error["true"]
    differing = 0
    for path in sorted((wrong / "data" / "truth" / "cells").glob("*.parquet")):
        rows = pq.read_table(path).to_pylist()
        differing += sum(r["printed"] == "" or Decimal(r["printed"]) != r["value"] for r in rows)
    assert differing == sum(not e["cell"].startswith("narrative") for e in told)


def test_the_job_publishes_it_and_quarantines_exactly_the_faulty_files(wrong: Path) -> None:
    assert run_here(wrong) == 1
    with connect(Data(wrong / "data")) as connection:
        found = dict(
            connection.execute("SELECT report_id, reason_code FROM reports WHERE status = 'quarantined'").fetchall()
        )
        sums = "SELECT report_id FROM findings WHERE identity = 'source.sha256'"
        changed = {path for (path,) in connection.execute(sums).fetchall()}
        misprinted = connection.execute("SELECT percent FROM rates WHERE numerator < 0").fetchall()
    faults = [e for e in errors(wrong / "data") if e["kind"] in FILES]
    expected = {e["path"]: e["expected"] for e in faults if e["kind"] != "checksum"}
    assert found == expected
    assert changed == {e["path"] for e in faults if e["kind"] == "checksum"} != set()
    assert set(misprinted) == {(None,)}  # a number below 0 makes a rate unknown and keeps nothing back


def test_without_errors_everything_balances(right: Path) -> None:
    def ask(sql: str) -> list[tuple[object, ...]]:
        return connection.execute(sql).fetchall()

    with connect(Data(right / "data")) as connection:
        assert ask("SELECT identity, report_id FROM findings WHERE status = 'fail'") == []
        differing = ask("SELECT DISTINCT status, indicator FROM city_year WHERE status != 'equal'")
        equal = ask("SELECT body_id FROM city_year WHERE status = 'equal' AND compiled > 0")
        kinds = {kind for (kind,) in ask("SELECT kind FROM successions WHERE note = '模拟'")}
        passed = {identity for (identity,) in ask("SELECT DISTINCT identity FROM findings WHERE status = 'pass'")}
    assert differing == [("not_compiled", "disclosed.items_growth")]  # a growth is not summed
    assert len(equal) > 500
    assert kinds >= {"renamed", "merged", "split"}
    assert passed >= {
        "city.compile",
        "year.carry",
        "year.in_force",
        "year.items",
        "narrative.growth",
        "narrative.balance",
        "app.handled",
    }


def test_every_document_and_line_says_that_it_is_simulated(right: Path, taken: dict[str, Extraction | str]) -> None:
    assert all(what.simulated and what.titled for what in taken.values() if isinstance(what, Extraction))
    listed = lines(right / "data" / "raw" / "manifest.csv")
    assert {(line["provenance"], line["source"]) for line in listed} == {
        ("simulated", "由 pipeline/simulate 生成，种子 20"),
    }


def test_the_bytes_depend_on_the_seed_and_not_on_the_processes(wrong: Path, tmp_path: Path) -> None:
    two = made(tmp_path / "two", processes=2)
    other = made(tmp_path / "other", replace(ORDER, seed=6))
    assert contents(two) == contents(wrong)
    assert contents(other) != contents(wrong)


def contents(folder: Path) -> dict[str, bytes]:
    below = [folder / "data" / name for name in ("raw", "truth")]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for b in below for p in b.rglob("*") if p.is_file()}


def test_a_corpus_is_made_again_but_nothing_else_is_overwritten(tmp_path: Path) -> None:
    order = replace(ORDER, first=2021, members=2, formats=("txt",), errors=0)
    made(tmp_path, order)
    before = contents(tmp_path)
    made(tmp_path, order)
    assert contents(tmp_path) == before
    stray = tmp_path / "data" / "raw" / "2021" / "年报.html"
    stray.write_bytes(b"real")
    with pytest.raises(DataFault, match=r"simulate\.taken"):
        made(tmp_path, order)
    stray.unlink()
    manifest = tmp_path / "data" / "raw" / "manifest.csv"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("simulated", "published", 1), encoding="utf-8")
    with pytest.raises(DataFault, match=r"simulate\.taken"):
        made(tmp_path, order)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DataFault, match=r"simulate\.taken"):
        refuse_others(tmp_path / "mine")


def test_the_country_has_no_name_or_id_twice_and_lies_in_all_provinces() -> None:
    found = codes(2024)
    assert len(found) >= 333
    assert len({code[:2] for code in found[:31]}) == len({code[:2] for code in found}) == 31
    places = [city(code, 40, 2016, 2024, Random(1)) for code in found]
    bodies = [b for place in places for b in (place.body, *place.members)]
    names = Counter(name for b in bodies for name in (b.name, *b.aliases))
    assert max(names.values()) == 1
    assert not names.keys() & register().names.keys()
    assert max(Counter(b.body_id for b in bodies).values()) == 1
    assert not {b.body_id for b in bodies} & register().bodies.keys()
    links = [s for place in places for s in place.successions]
    by_id = {b.body_id: b for b in bodies}
    assert all(by_id[s.body_id].reports(s.year - 1) and by_id[s.successor].first_year == s.year for s in links)
    assert ("513425-1981", "513402", 2021, "replaced") in {(s.body_id, s.successor, s.year, s.kind) for s in links}


@pytest.mark.parametrize("form", sorted(forms()))
def test_every_phrasing_is_read_as_it_is_meant(form: str) -> None:
    rng, seen = Random(7), set()
    rows = ["disclosed.items", "applications.received", "applications.handled", "review.total", "litigation.total"]
    rows += ["trainings", "trained"]
    rows += [] if form == "2014" else ["applications.carried_in", "applications.carried_out"]
    for _ in range(200):
        figures = {row: str(draw(3, rng) and draw(99999, rng)) for row in rows}
        figures |= {"disclosed.items_growth": f"{draw(400, rng) - 200}.5"} if draw(1, rng) else {}
        said = sentences(form, figures, "甲市乙局", 2020, rng)
        seen |= {text[:4] for text in said}
        read = extract_figures([Paragraph(text) for text in said], 2020, "甲市乙局")
        assert sorted((f.row, str(f.value)) for f in read) == sorted(figures.items()), said
        assert {f.scope for f in read} == {"whole"}, said
    phrasings = (*ITEMS, GROWN, *(RECEIVED if form == "2014" else BALANCE), *DISPUTES, *TRAININGS)
    assert len(seen) >= len({p.replace("{year}", "2020")[:4] for p in phrasings})


@pytest.mark.parametrize("suffix", list(WRITERS))
def test_a_file_cut_short_is_quarantined_with_the_expected_code(right: Path, suffix: str) -> None:
    files = sorted((right / "data" / "raw").glob(f"*/*.{suffix}"))
    assert len({path.parent.name for path in files}) > 1
    for path in files[::5]:
        with pytest.raises(DataFault) as caught:
            read_cut(cut(path.read_bytes(), suffix))
        assert caught.value.code == TRUNCATED[suffix], path


def read_cut(content: bytes) -> Extraction:
    return extract(read_bytes(content), register())


def test_growth_is_rounded_half_up() -> None:
    assert [growth(now, 2000) for now in (2000, 2001, 1999, 2003, 3000, 4321)] == [
        "",
        "0.1",
        "-0.1",
        "0.2",
        "50.0",
        "116.1",
    ]


def test_the_command_makes_a_corpus_and_refuses_what_it_cannot_make(tmp_path: Path) -> None:
    told = ogi_in(tmp_path, "simulate", "c", "--reports", "40", "--members", "4", "--years", "2020-2021")
    assert told.returncode == 0, told.stderr
    with (tmp_path / "c" / "raw" / "manifest.csv").open(encoding="utf-8") as file:
        assert 40 <= len(list(csv.DictReader(file))) < 60
    assert filecmp.dircmp(tmp_path / "c" / "raw", tmp_path / "c" / "truth").left_only
    for wrong in (["d", "--years", "2013"], ["d", "--formats", "doc"], ["d", "--cities", "999"], ["--cities", "3"]):
        assert ogi_in(tmp_path, "simulate", *wrong).returncode == 2
    assert ogi_in(tmp_path, "simulate", ".").returncode == 2
    assert not (tmp_path / "d").exists()
