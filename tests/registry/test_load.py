"""The register of bodies: what a data folder adds to the shipped one, and names found in prose among very many."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.project import ROOT, ogi_here, run_here

from pipeline.core.model import ProjectFault
from pipeline.registry.bodies import Body, Register
from pipeline.registry.load import BODIES, COLUMNS, SUCCESSIONS, joined, packed, register, unpacked

BODY_HEAD, SUCCESSION_HEAD = (",".join(COLUMNS[name]) + "\n" for name in (BODIES, SUCCESSIONS))
RIVER = "411200-river,三门峡市河务局,河务局,department,411200,411200,2018,\n"


def add(raw: Path, bodies: str, successions: str = "") -> Path:
    raw.mkdir(parents=True, exist_ok=True)
    (raw / BODIES).write_text(BODY_HEAD + bodies, encoding="utf-8-sig")
    if successions:
        (raw / SUCCESSIONS).write_text(SUCCESSION_HEAD + successions, encoding="utf-8")
    return raw


def test_a_data_folder_adds_bodies_and_successions(tmp_path: Path) -> None:
    assert register(tmp_path) == register()
    old = "411200-old,三门峡市治河局,,department,411200,411200,,2017\n"
    known = register(add(tmp_path, RIVER + old, "411200-old,411200-river,2018,renamed,更名\n"))
    body = known.find("河务局")
    assert body is not None
    assert (body.body_id, body.parent, body.first_year, body.last_year) == ("411200-river", "411200", 2018, None)
    assert len(known.bodies) == len(register().bodies) + 2
    assert known.lineages()["411200-river"] == "411200-old"
    assert register().find("河务局") is None


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    assert register(add(tmp_path, RIVER)).find("河务局")
    assert register(tmp_path) is register(tmp_path)
    assert register(add(tmp_path, RIVER.replace("河务局,", "河务处,"))).find("河务处")
    (tmp_path / BODIES).unlink()
    assert register(tmp_path) is register()


@pytest.mark.parametrize(
    ("bodies", "successions", "error"),
    [
        (RIVER.replace("411200-river", "411200"), "", r"raw/bodies\.csv:2: .*twice: '411200'"),
        (RIVER + "x,三门峡市民政局,,department,411200,411200,,\n", "", r"bodies\.csv:3: .*三门峡市民政局"),
        (RIVER.replace(",河务局", ",三门峡市河务局"), "", "twice"),
        (RIVER.replace("三门峡市河务局,", ","), "", "empty"),
        (RIVER.replace("411200,2018", "999999,2018"), "", r"bodies\.csv:2: unknown level"),
        (RIVER.replace("department", "bureau"), "", r"bodies\.csv:2: unknown level 'bureau'"),
        (RIVER.replace(",411200,411200", ",4112,411200"), "", r"bodies\.csv:2: .*no region code"),
        (RIVER.replace(",2018,", ",2018"), "", r"bodies\.csv:2: 7 fields"),
        (RIVER.replace("411200-river", "411200/river"), "", r"bodies\.csv:2: .*no blank and no /: '411200/river'"),
        (RIVER.replace("411200-river", "411200 river"), "", r"bodies\.csv:2: .*no blank and no /"),
        (RIVER, "411200-river,nobody,2018,merged,\n", r"successions\.csv:2: .*unknown kind or body"),
    ],
)
def test_what_contradicts_the_register_is_refused(tmp_path: Path, bodies: str, successions: str, error: str) -> None:
    with pytest.raises(ProjectFault, match=error):
        register(add(tmp_path / "raw", bodies, successions))


def test_other_columns_and_other_encodings_are_refused(tmp_path: Path) -> None:
    (tmp_path / BODIES).write_text("id,name\n", encoding="utf-8")
    with pytest.raises(ProjectFault, match="the columns must be body_id"):
        register(tmp_path)
    (tmp_path / BODIES).write_bytes((BODY_HEAD + RIVER).encode("gb18030"))
    with pytest.raises(ProjectFault, match="not UTF-8"):
        register(tmp_path)


def as_before(names: dict[str, Body], prose: str) -> dict[str, int]:
    """The mentions as they are defined: each name of the register in turn, the longest first."""
    found: dict[str, int] = {}
    for name in sorted(names, key=len, reverse=True):
        count = prose.count(name)
        if count:
            found[names[name].name] = found.get(names[name].name, 0) + count
            prose = prose.replace(name, " ")
    return found


@given(st.sets(st.text("甲乙丙 ", min_size=1, max_size=5)), st.text("甲乙丙 \n", max_size=40), st.randoms())
def test_names_are_found_as_if_all_were_tried(found: set[str], prose: str, random: Random) -> None:
    order = sorted(found)
    random.shuffle(order)
    bodies = [Body(f"b{i // 2}", order[i // 2 * 2], (), "department", "000000", "") for i in range(len(order))]
    names = dict(zip(order, bodies, strict=True))
    assert Register({}, names, ()).mentions(prose) == as_before(names, prose)


def test_a_name_may_come_to_stand_where_a_longer_one_was() -> None:
    names = {name: Body(name, name, (), "department", "000000", "") for name in ("甲 乙", "丙丙丙丙", "丁")}
    assert Register({}, names, ()).mentions("甲丙丙丙丙乙丁") == {"丙丙丙丙": 1, "甲 乙": 1, "丁": 1}


def test_very_many_names_take_no_longer(tmp_path: Path) -> None:
    lines = [f"c{i},某{chr(0x4E00 + i // 30)}市第{i}局,第{i}局,department,411200,411200,,\n" for i in range(40000)]
    known = register(add(tmp_path, "".join(lines)))
    prose = "三门峡市民政局主动公开政府信息，某一市第29999局与第31局转来的申请也已答复。" * 60
    assert known.mentions("") == {}
    begun = time.process_time()
    assert known.mentions(prose)["三门峡市民政局"] == 60
    assert time.process_time() - begun < 0.1


def test_the_job_and_the_commands_use_it(project: Path, tmp_path: Path) -> None:
    raw = project / "data" / "raw"
    report = tmp_path / "河务局2019.html"
    text = (raw / "2019" / "411200-water.html").read_text(encoding="gb18030")
    report.write_text(text.replace("三门峡市水利局", "三门峡市河务局"), encoding="gb18030")
    assert "不在登记簿中" in ogi_here(project, "add", str(report), "--source", "某网站").stderr
    add(raw, RIVER)
    assert ogi_here(project, "add", str(report), "--source", "某网站").returncode == 0
    (told,) = json.loads(ogi_here(project, "extract", str(report), "--json").stdout)
    assert told["body_id"] == "411200-river"
    assert "三门峡市河务局 2019" in ogi_here(project, "check", str(report), "--no-html").stdout
    assert run_here(project) in (0, 1)
    ids = published(project, "SELECT body_id, parent, position FROM bodies ORDER BY position DESC LIMIT 1")
    assert ids == [{"body_id": "411200-river", "parent": "411200", "position": str(len(register().bodies))}]
    (row,) = published(project, "SELECT status FROM reports WHERE body_id = '411200-river'")
    assert row == {"status": "loaded"}

    add(raw, RIVER.replace("三门峡市河务局,河务局", "三门峡市黄河局,"))
    run_here(project)
    (row,) = published(project, "SELECT status, reason_code FROM reports WHERE report_id = '2019/411200-river.html'")
    assert row == {"status": "quarantined", "reason_code": "register.unknown"}


def published(project: Path, sql: str) -> list[dict[str, str]]:
    told = ogi_here(project, "query", sql, "--format", "csv")
    return list(csv.DictReader(told.stdout.removeprefix("\ufeff").splitlines()))


def test_what_a_folder_adds_can_be_packed_and_sent(tmp_path: Path) -> None:
    assert packed(tmp_path) == b""
    assert unpacked(b"") == register()
    known = register(add(tmp_path, RIVER))
    assert known != register()
    assert unpacked(packed(tmp_path)) == known


def test_the_shipped_register_is_read_as_any_other() -> None:
    assert joined([ROOT / "pipeline" / "reference"]) == register()
