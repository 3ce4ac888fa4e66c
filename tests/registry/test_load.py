"""Test the register of bodies: the files that a data folder adds."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from support.project import ROOT, ogi_here, run_here

from pipeline.core.model import ProjectFault
from pipeline.registry.load import (
    BODIES,
    COLUMNS,
    SUCCESSIONS,
    load_register,
    office_register_bytes,
    read_register,
    register_from_bytes,
)
from pipeline.registry.lookup import find_body

BODY_HEADER, SUCCESSION_HEADER = (",".join(COLUMNS[name]) + "\n" for name in (BODIES, SUCCESSIONS))
RIVER_OFFICE = "411200-river,三门峡市河务局,河务局,department,411200,411200,2018,\n"


def write_register(raw: Path, bodies: str, successions: str = "") -> Path:
    """Write lines of `bodies.csv` and `successions.csv` to the folder `raw`; return the folder."""
    raw.mkdir(parents=True, exist_ok=True)
    (raw / BODIES).write_text(BODY_HEADER + bodies, encoding="utf-8-sig")
    if successions:
        (raw / SUCCESSIONS).write_text(SUCCESSION_HEADER + successions, encoding="utf-8")
    return raw


def test_data_folder_adds_bodies_and_successions(tmp_path: Path) -> None:
    assert load_register(tmp_path) == load_register()
    old = "411200-old,三门峡市治河局,,department,411200,411200,,2017\n"
    register = load_register(
        write_register(tmp_path, RIVER_OFFICE + old, "411200-old,411200-river,2018,renamed,更名\n")
    )
    body = find_body(register, "河务局")
    assert body is not None
    assert (body.body_id, body.parent, body.first_year, body.last_year) == ("411200-river", "411200", 2018, None)
    assert len(register.bodies) == len(load_register().bodies) + 2
    assert register.find_lineages()["411200-river"] == "411200-old"
    assert find_body(load_register(), "河务局") is None


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    assert find_body(load_register(write_register(tmp_path, RIVER_OFFICE)), "河务局")
    assert load_register(tmp_path) is load_register(tmp_path)
    write_register(tmp_path, RIVER_OFFICE.replace("河务局,", "河务处,"))
    assert find_body(load_register(tmp_path), "河务处")
    (tmp_path / BODIES).unlink()
    assert load_register(tmp_path) is load_register()


@pytest.mark.parametrize(
    ("bodies", "successions", "error"),
    [
        (
            RIVER_OFFICE.replace("411200-river", "411200"),
            "",
            r"raw/bodies\.csv:2: 411200 is the id of 三门峡市人民政府",
        ),
        (RIVER_OFFICE + "x,三门峡市民政局,,department,411200,411200,,\n", "", r"bodies\.csv:3: .*三门峡市民政局"),
        (RIVER_OFFICE.replace(",河务局", ",三门峡市河务局"), "", "twice"),
        (RIVER_OFFICE.replace("三门峡市河务局,", ","), "", "empty"),
        (RIVER_OFFICE.replace("411200,2018", "999999,2018"), "", r"bodies\.csv:2: unknown level"),
        (RIVER_OFFICE.replace("department", "bureau"), "", r"bodies\.csv:2: unknown level 'bureau'"),
        (RIVER_OFFICE.replace(",411200,411200", ",4112,411200"), "", r"bodies\.csv:2: .*no region code"),
        (RIVER_OFFICE.replace(",2018,", ",2018,,x"), "", r"bodies\.csv:2: more fields than the 8 columns .*“x”"),
        (RIVER_OFFICE.replace("411200-river", "aux"), "", r"bodies\.csv:2: .*Windows reserves"),
        (
            "411202,湖滨区人民政府,,county,411202,a,,\na,甲局,,department,411200,b,,\nb,乙局,,department,411200,411202,,\n",
            "",
            r"bodies\.csv:2: .*湖滨区人民政府 → 甲局 → 乙局 → 湖滨区人民政府",
        ),
        (
            "411200,三门峡市人民政府,,city,411200,a,,\na,甲局,,department,411200,411202,,\n",
            "",
            r"三门峡市人民政府 → 甲局 → 湖滨区人民政府 → 三门峡市人民政府",
        ),
        (
            RIVER_OFFICE.replace("411200-river", "411200/river"),
            "",
            r"bodies\.csv:2: .*'411200/river' cannot be a file name",
        ),
        (RIVER_OFFICE.replace("411200-river", "411200 river"), "", r"bodies\.csv:2: .*cannot be a file name"),
        (
            RIVER_OFFICE.replace(",411200,2018", ",411200-river,2018"),
            "",
            r"bodies\.csv:2: .* is its own parent.*: 三门峡市河务局 → 三门峡市河务局",
        ),
        (
            RIVER_OFFICE.replace(",411200,2018", ",x,2018") + "x,三门峡市某局,,department,411200,411200-river,,\n",
            "",
            r"bodies\.csv:2: .* a parent of its parent",
        ),
        (RIVER_OFFICE, "411200-river,nobody,2018,merged,\n", r"successions\.csv:2: .*unknown kind or body"),
    ],
)
def test_line_that_contradicts_the_register_is_refused(
    tmp_path: Path, bodies: str, successions: str, error: str
) -> None:
    with pytest.raises(ProjectFault, match=error):
        load_register(write_register(tmp_path / "raw", bodies, successions))


def test_wrong_columns_and_encodings_are_refused(tmp_path: Path) -> None:
    (tmp_path / BODIES).write_text("id,name\n", encoding="utf-8")
    with pytest.raises(ProjectFault, match="the columns must be body_id"):
        load_register(tmp_path)
    (tmp_path / BODIES).write_bytes((BODY_HEADER + RIVER_OFFICE).encode() + b"\xff")
    with pytest.raises(ProjectFault, match=r"bodies\.csv:3: .* characters that cannot be read"):
        load_register(tmp_path)


@pytest.mark.slow
def test_job_and_commands_use_the_register_of_the_data_folder(project: Path, tmp_path: Path) -> None:
    raw = project / "data" / "raw"
    report = tmp_path / "河务局2019.html"
    text = (raw / "2019" / "411200-water.html").read_text(encoding="gb18030")
    report.write_text(text.replace("三门峡市水利局", "三门峡市河务局"), encoding="gb18030")
    write_register(raw, RIVER_OFFICE)
    assert ogi_here(project, "add", str(report), "--source", "某网站").returncode == 0
    (extraction,) = json.loads(ogi_here(project, "extract", str(report), "--json").stdout)
    assert extraction["body_id"] == "411200-river"
    assert "三门峡市河务局 2019" in ogi_here(project, "check", str(report), "--no-html").stdout
    assert run_here(project) in (0, 1)
    ids = query(project, "SELECT body_id, parent, recognised FROM bodies WHERE name = '三门峡市河务局'")
    assert ids == [{"body_id": "411200-river", "parent": "411200", "recognised": "False"}]
    (row,) = query(project, "SELECT status FROM reports WHERE body_id = '411200-river'")
    assert row == {"status": "loaded"}

    write_register(raw, RIVER_OFFICE.replace("三门峡市河务局,河务局", "三门峡市黄河局,"))
    run_here(project)
    (row,) = query(project, "SELECT body_id, status FROM reports WHERE report_id = '2019/411200-river.html'")
    assert row["status"] == "loaded"
    assert row["body_id"].startswith("411200-department-")  # recognised by its name


def query(project: Path, sql: str) -> list[dict[str, str]]:
    """Return the rows of an `ogi query`, as text by column."""
    result = ogi_here(project, "query", sql, "--format", "csv")
    return list(csv.DictReader(result.stdout.removeprefix("\ufeff").splitlines()))


def test_register_bytes_restore_the_register_of_a_folder(tmp_path: Path) -> None:
    assert office_register_bytes(tmp_path) == b""
    assert register_from_bytes(b"") == load_register()
    register = load_register(write_register(tmp_path, RIVER_OFFICE))
    assert register != load_register()
    assert register_from_bytes(office_register_bytes(tmp_path)) == register


def test_shipped_register_is_read_like_any_other() -> None:
    assert read_register([ROOT / "pipeline" / "reference"]) == load_register()
