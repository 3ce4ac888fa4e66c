"""Read and write project files as Excel and WPS save them."""

from __future__ import annotations

import codecs
import csv
import io
import re
import threading
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.core.decisions import Decision, read_decisions, update_decisions
from pipeline.core.model import NOT_COLLECTED, DataFault, ProjectFault
from pipeline.core.project_csv import Layout, Note, clean, read_project_csv
from pipeline.core.project_update import locked_file, update_lines
from pipeline.raw.file_state import RawFiles
from pipeline.raw.manifest import MANIFEST_COLUMNS, read_entries, read_lines, update_manifest
from pipeline.registry.load import load_register

FORMS = {
    "Excel, CSV UTF-8": (codecs.BOM_UTF8, "utf-8", ",", "\r\n"),
    "WPS, CSV": (b"", "gb18030", ",", "\r\n"),
    "Excel, Unicode text": (codecs.BOM_UTF16_LE, "utf-16-le", "\t", "\r\n"),
    "big-endian": (codecs.BOM_UTF16_BE, "utf-16-be", ";", "\n"),
    "without a mark": (b"", "utf-16-le", ",", "\r\n"),
    "list separator ;": (codecs.BOM_UTF8, "utf-8", ";", "\r\n"),
    "editor": (b"", "utf-8", ",", "\n"),
    "old Mac": (b"", "utf-8", "\t", "\r"),
}
LINE = ("2019/411200.html", "三门峡市人民政府", "411200", "city", "2019", "published", "网站, 首页", "")
OTHER = ("2019/411202.html", "湖滨区人民政府", "411202", "county", "2019", "published", "网站", "")
HEADERS = {
    "manifest.csv": MANIFEST_COLUMNS,
    "bodies.csv": ("body_id", "name", "aliases", "level", "region_code", "parent", "first_year", "last_year"),
    "population.csv": ("code", "year", "population", "source"),
}


def text_of(rows: list[tuple[str, ...]], delimiter: str = ",") -> str:
    """Return rows as CSV with line feeds."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write(path: Path, text: str, form: str = "editor") -> Path:
    """Write a text with commas and line feeds in the form of a program."""
    mark, encoding, delimiter, line_end = FORMS[form]
    rows = [tuple(row) for row in csv.reader(io.StringIO(text))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(mark + text_of(rows, delimiter).replace("\n", line_end).encode(encoding))
    return path


def read_manifest(folder: Path) -> tuple[list[tuple[str, ...]], list[Note]]:
    """Return the fields of each entry of a manifest, with the code of its fault at the end, and the notes."""
    notes: list[Note] = []
    entries = read_entries(folder / "manifest.csv", RawFiles(folder), notes.append)
    facts = [(*map(str, (s.body, s.region_code, s.level, s.year)), f.code if f else "") for s, f in entries]
    return facts, notes


@pytest.mark.parametrize("form", FORMS)
def test_file_of_any_program_is_read_and_written_back_as_it_came(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "manifest.csv", text_of([MANIFEST_COLUMNS, LINE]), form)
    optional = NOT_COLLECTED._asdict() | dict.fromkeys(("kind", "quarter", "subject"), "")
    assert read_lines(path) == [dict(zip(MANIFEST_COLUMNS, LINE, strict=True)) | optional]
    before = path.read_bytes()
    update_manifest(path, [])
    assert path.read_bytes() == before
    update_manifest(path, [dict(zip(MANIFEST_COLUMNS, OTHER, strict=True))])
    expected = write(tmp_path / "expected.csv", text_of([MANIFEST_COLUMNS, LINE, OTHER]), form)
    assert path.read_bytes() == expected.read_bytes()


def test_fields_as_a_spreadsheet_changes_them_are_understood(tmp_path: Path) -> None:
    line = "2019/411200.html,三门峡市人民政府,４１１２００,city,2019.0,published,网站,,,\n"
    formula = '"=""2019/411202.html""",湖滨区人民政府,"=""411202""",county,２０１９,published,网站,,,\n'
    apostrophe = "2018/411202.html,湖滨区人民政府,'411202,county,'2018,published,网站,,,\n"
    header = ",".join(MANIFEST_COLUMNS) + ",,\n"
    for name in ("2019/411200.html", "2019/411202.html", "2018/411202.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    blank = ",,,,,,,,,\n"
    write(tmp_path / "manifest.csv", f"\n{blank}{header}{blank}\n{line}{blank}{formula}{apostrophe}{blank}")
    assert read_manifest(tmp_path)[0] == [
        ("湖滨区人民政府", "411202", "county", "2018", ""),
        ("三门峡市人民政府", "411200", "city", "2019", ""),
        ("湖滨区人民政府", "411202", "county", "2019", ""),
    ]


@pytest.mark.parametrize(
    ("kind", "text", "meaning"),
    [
        ("whole", "2,275,000.00", "2275000"), ("whole", "2018.5", "2018.5"), ("whole", " ２０１８ ", "2018"),
        ("code", "411200.0", "411200"), ("code", "411200－ｘ", "411200-x"), ("code", '="011200"', "011200"),
        ("number", "1,234.50", "1234.50"), ("number", "8.0", "8.0"), ("number", "－8", "-8"), ("number", "1,2", "1,2"),
        ("text", " 甲局（筹）\u3000", "甲局（筹）"), ("text", "1,234", "1,234"), ("printed", " ８,0 ", " ８,0 "),
    ],
)  # fmt: skip
def test_field_is_read_as_it_was_meant(kind: str, text: str, meaning: str) -> None:
    assert clean(kind, text) == meaning  # type: ignore[arg-type]


def test_columns_are_found_by_name_and_further_ones_kept(tmp_path: Path) -> None:
    header = "备注,Year,sha256,path,BODY,region_code,level,source,provenance"
    text = f"{header}\n问过王姐,2019,,2019/411200.html,三门峡市人民政府,411200,city,网站,published\n"
    path = write(tmp_path / "manifest.csv", text, "WPS, CSV")
    (line,) = read_lines(path)
    assert (line["year"], line["body"], line["source"]) == ("2019", "三门峡市人民政府", "网站")
    update_manifest(path, [line | {"sha256": "ab"}, dict(zip(MANIFEST_COLUMNS, OTHER, strict=True))])
    assert path.read_bytes().decode("gb18030").split("\r\n") == [
        header,
        "问过王姐,2019,ab,2019/411200.html,三门峡市人民政府,411200,city,网站,published",
        ",2019,,2019/411202.html,湖滨区人民政府,411202,county,网站,published",
        "",
    ]


def test_repeated_line_counts_once_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "2019").mkdir()
    (tmp_path / "2019" / "411200.html").write_text("x", encoding="utf-8")
    write(tmp_path / "manifest.csv", text_of([MANIFEST_COLUMNS, LINE, LINE]))
    facts, ((code, values),) = read_manifest(tmp_path)
    assert facts == [("三门峡市人民政府", "411200", "city", "2019", "")]
    assert (code, values["place"].line, values["first"].line) == ("project.repeated", 3, 2)  # type: ignore[attr-defined]


def test_two_lines_that_differ_are_both_refused_with_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "2019").mkdir()
    (tmp_path / "2019" / "411200.html").write_text("x", encoding="utf-8")
    other = (LINE[0], "湖滨区人民政府", "411202", *LINE[3:])
    path = write(tmp_path / "manifest.csv", text_of([MANIFEST_COLUMNS, LINE, other]))
    facts, notes = read_manifest(tmp_path)
    assert [fact[-1] for fact in facts] == ["manifest.twice", "manifest.twice"]
    assert notes == []
    update_manifest(path, [])
    assert len(read_lines(path)) == 2  # none of them is lost


@pytest.mark.parametrize(
    ("name", "lines", "kept"),
    [
        ("bodies.csv", "411200-river,三门峡市河务局,,department,411200,411200,2018.0,\n" * 2, "bodies"),
        ("population.csv", '411200,2019,"2,275,000",统计年鉴\n' * 2, "population"),
    ],
)
def test_repeated_line_of_the_register_counts_once(tmp_path: Path, name: str, lines: str, kept: str) -> None:
    write(tmp_path / name, ",".join(HEADERS[name]) + "\n" + lines, "WPS, CSV")
    register = load_register(tmp_path)
    assert len(getattr(register, kept)) == len(getattr(load_register(), kept)) + 1
    ((code, values),) = register.notes
    assert (code, str(values["place"].path), values["place"].line) == ("project.repeated", str(tmp_path / name), 3)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"path,body\n", r"manifest\.csv: the columns must be path,.* Missing: region_code, level"),
        (b"path," * 2 + ",".join(MANIFEST_COLUMNS[1:]).encode(), "occur twice .*: path"),
        ((",".join(MANIFEST_COLUMNS) + "\na,b\n" + "x" * 100_001).encode(), r"manifest\.csv:3: .* longer than"),
        ((",".join(MANIFEST_COLUMNS) + "\n三门峡市三门峡市").encode() + b"\xff", r"manifest\.csv:2: .* damaged"),
        (codecs.BOM_UTF16_LE + b"a\0\0\xd8b\0", r"manifest\.csv:1: .* damaged"),
        (b"", "the columns must be"),
    ],
)
def test_file_that_is_no_table_is_refused_with_place_and_advice(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "manifest.csv").write_bytes(content)
    with pytest.raises(ProjectFault, match=message) as fault:
        read_manifest(tmp_path)
    chinese = fault.value.in_language("zh")
    assert re.search("[。：]", chinese)
    assert "must" not in chinese


DECISION = Decision("411200", 2019, "applications/new/total", "８", Decimal(9), "理由", "第三页", "张三")


def test_decisions_of_an_office_are_read_and_kept_in_its_form(tmp_path: Path) -> None:
    header = "body_id;year;cell;was;now;reason;evidence;who;备注\n"
    text = header + '"411200";"2019.0";applications/new/total;８;9;理由;第三页;张三;电话\n'
    path = tmp_path / "decisions.csv"
    path.write_bytes(text.replace("\n", "\r\n").encode("gb18030"))
    assert read_decisions(path) == (DECISION,)
    confirmed = Decision("411200", 2018, "app.row_total@x", "1", None, "r", "e", "w", "confirm")
    update_decisions(path, [confirmed], [])
    assert path.read_bytes().decode("gb18030").split("\r\n")[:2] == [
        "body_id;year;cell;was;now;reason;evidence;who;备注;operation",
        "411200;2018;app.row_total@x;1;;r;e;w;;confirm",
    ]
    assert set(read_decisions(path)) == {DECISION, confirmed}
    update_decisions(path, [], [confirmed.place])
    assert read_decisions(path) == (DECISION,)


def test_repeated_decision_counts_once_and_a_contradiction_is_refused(tmp_path: Path) -> None:
    path, notes = tmp_path / "decisions.csv", list[Note]()
    update_decisions(path, [DECISION], [])
    text = path.read_text(encoding="utf-8-sig")
    assert path.read_bytes().startswith(codecs.BOM_UTF8)  # Excel needs it
    line = text.split("\n")[1]
    path.write_text(text + line, encoding="utf-8")
    assert read_decisions(path, notes.append) == (DECISION,)
    assert [code for code, _ in notes] == ["project.repeated"]
    path.write_text(text + line.replace(",9,", ",7,"), encoding="utf-8")
    with pytest.raises(ProjectFault, match=r"decisions\.csv:3: two decisions .* in .*decisions\.csv:2"):
        read_decisions(path)


def add_lines(manifest: Path, writer: int) -> None:
    """Add ten lines, one by one."""
    for number in range(10):
        line = dict(zip(MANIFEST_COLUMNS, LINE, strict=True)) | {"path": f"{writer}/{number}.html"}
        update_manifest(manifest, [line])


def test_writers_in_processes_and_threads_lose_no_line(tmp_path: Path) -> None:
    manifest = write(tmp_path / "manifest.csv", text_of([MANIFEST_COLUMNS]), "WPS, CSV")
    threads = [threading.Thread(target=add_lines, args=(manifest, writer)) for writer in range(3)]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        jobs = [pool.submit(add_lines, manifest, writer) for writer in (3, 4)]
        for thread in threads:
            thread.start()
        for job in jobs:
            job.result()
    for thread in threads:
        thread.join()
    assert len(read_lines(manifest)) == 50


def test_lock_that_stays_taken_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "manifest.csv", text_of([MANIFEST_COLUMNS]))
    with FileLock(tmp_path / ".manifest.csv.lock"), pytest.raises(DataFault) as fault, locked_file(path, 0.05):
        pass
    assert fault.value.code == "project.locked"


def test_damaged_file_is_not_written(tmp_path: Path) -> None:
    path, layout = tmp_path / "x.csv", Layout({"a": "text"})
    path.write_text('a\n"x\ny\n', encoding="utf-8")
    with pytest.raises(ProjectFault, match=r"x\.csv:2: is a quote opened"):
        update_lines(path, layout, lambda line: line["a"], [{"a": "z"}])
    assert path.read_text(encoding="utf-8") == 'a\n"x\ny\n'
    with pytest.raises(ProjectFault, match="no manifest or other file"):
        read_project_csv(tmp_path / "none.csv", layout)
