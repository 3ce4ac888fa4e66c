from __future__ import annotations

from collections import Counter

import pytest

from pipeline.registry.body_names import recognise
from pipeline.registry.load import load_register
from pipeline.registry.lookup import add_reporting_bodies, find_body, find_candidates


@pytest.mark.parametrize(
    ("name", "body_id", "official_name", "level", "parent"),
    [
        ("洛阳市人民政府", "410300", "洛阳市人民政府", "city", "410000"),
        ("洛阳市", "410300", "洛阳市人民政府", "city", "410000"),
        ("嵩县人民政府", "410325", "嵩县人民政府", "county", "410300"),
        ("河南省洛阳市嵩县", "410325", "嵩县人民政府", "county", "410300"),
        ("洛阳市教育局", "410300-education", "洛阳市教育局", "department", "410300"),
        ("洛阳市教体局", "410300-education", "洛阳市教体局", "department", "410300"),
        ("洛阳市人民政府办公室", "410300-government-office", "洛阳市人民政府办公室", "department", "410300"),
        ("重庆市大足区", "500111", "大足区人民政府", "county", "500000"),
        ("北京市人民政府", "110000", "北京市人民政府", "city", "100000"),
        ("河南省人民政府", "410000", "河南省人民政府", "province", "100000"),
        ("济源市人民政府", "419001", "济源市人民政府", "county", "410000"),
        ("大兴安岭地区行政公署", "232700", "大兴安岭地区行政公署", "city", "230000"),
    ],
)
def test_name_gives_the_body(name: str, body_id: str, official_name: str, level: str, parent: str) -> None:
    (body,) = recognise(name)
    assert (body.body_id, body.name, body.level, body.parent) == (body_id, official_name, level, parent)
    assert body.recognised == ("-" in body_id)


@pytest.mark.parametrize(
    ("name", "level", "region"),
    [
        ("潜江市熊口管理区", "zone", "429005"),
        ("洛阳高新技术产业开发区管理委员会", "zone", "410300"),
        ("长春市南关区永吉街道办事处", "township", "220102"),
        ("上海市黄浦区人民政府打浦桥街道", "township", "310101"),
        ("绥阳县小关乡人民政府", "township", "520323"),
        ("嵩县城关镇", "township", "410325"),
        ("栾川县地质灾害防治中心", "department", "410324"),
    ],
)
def test_part_of_a_known_place_is_recognised(name: str, level: str, region: str) -> None:
    (body,) = recognise(name)
    assert (body.level, body.region_code, body.recognised) == (level, region, True)
    assert recognise(name) == recognise(name.removeprefix("上海市").removeprefix("长春市"))


@pytest.mark.parametrize(
    "name", ["区统计局", "城关镇人民政府", "某某局", "本单位", "", "沐阳县人民政府", "洛阳市的报告"]
)
def test_name_without_a_known_place_is_not_guessed(name: str) -> None:
    assert recognise(name) == ()


def test_shared_name_has_all_candidates_and_the_code_tells_them_apart() -> None:
    assert [body.region_code for body in recognise("鼓楼区")] == ["320106", "320302", "350102", "410204"]
    register = load_register()
    assert find_body(register, "鼓楼区人民政府") is None
    body = find_body(register, "鼓楼区人民政府", "410204")
    assert body is not None
    assert body.name == "开封市鼓楼区人民政府"


def test_year_prefers_the_region_of_that_year() -> None:
    assert [body.body_id for body in recognise("陕县", 2014)] == ["411222"]
    (body,) = recognise("淮安市楚州区", 2010)
    assert body.name == "淮安区人民政府"  # the same code today


def test_reporting_body_brings_all_bodies_above_it_and_their_members() -> None:
    register = load_register()
    (education,) = find_candidates(register, "洛阳市教育局")
    bodies = add_reporting_bodies(register, [education]).bodies
    due = [b for b in bodies.values() if b.is_due(2024)]
    assert Counter(b.parent for b in due if b.level == "county") == {"410300": 14, "410000": 1}  # 济源市
    assert Counter(b.parent for b in due if b.level == "city") == {"410000": 17, "100000": 4}
    assert sum(b.level == "province" for b in due) == 27
    order = list(bodies)
    assert order[0] == "100000"
    assert all(order.index(b.parent) < order.index(b.body_id) for b in bodies.values() if b.parent)
    assert "411200-education" not in bodies  # another city's registered department
