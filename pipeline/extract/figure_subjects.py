"""Find the body or territory that a figure counts for, if that is not the report's own."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.core.text import normalize
from pipeline.extract.figure_bodies import NAME_ENDS

_SUBJECT = re.compile(
    rf"(?P<body>[一-龥]{{1,20}}?(?:{NAME_ENDS}))(?:年度?|20\d\d年?度?|全年度?|本年度?|今年|当年|年内|共计|总共|共|累计|合计|"
    r"已|均|依法|依规|主动|新|实际|单独|直接|分别|一共|全部|及时|妥善){0,5}$"
)
_SENTENCE_SUBJECT = re.compile(r"^(?:20\d\d年度?,?|今年,?|全年,?)?(?P<body>[一-龥]{2,16}?(?:局|办公室|管委会|委员会))")
_WHOLE_JURISDICTION = re.compile(
    r"(?:^|.*[^一-龥])?.*(?:全|我|本)[市县区省州旗盟局委办厅院镇乡](?:各.*|.*系统)?$|"
    r".*(?:我|本)(?:部门|单位|机关|街道?|管委会|景区|办公室|办事处)$|.*本级政府$|^各|全.各|"
    r".*[及和与含](?:各|其)?(?:下属|所属|直属|基层|二级|派出)(?:各|事业)?(?:单位|部门|机构)$"
)
_ADVERBS = re.compile("^(?:年度?|月|日|其中|此外|另外|同时|目前|今年|全年|截至|期间|由)+")
_GOVERNMENT = re.compile("^[市县区省州旗]?(?:人民)?政府$")
_ALL_MEMBERS = re.compile("各[级地县区市乡镇]|全[市县区省州]各?")
_PREPOSITION = re.compile("^[按根在为由依围贯结认严对向经我全本各]")
MAX_CLAUSE_CHARS = 40


class OtherBody(NamedTuple):
    """The scope of a figure that may count for another body, and that body's printed name; both may be ''."""

    scope: str
    name: str


NO_OTHER_BODY = OtherBody("", "")
NAMED = "named"  # the scope of a figure with a named body where the report's own is unknown

# Words for a territory above the one of the report's body, by the end of its name; 在全省率先 counts nothing there.
_NATION = re.compile("(?<![在居列])(?:全国|我国|全球|各省)(?!率先|首|第|前)")
_PROVINCE = re.compile("(?<![在居列])(?:全|我|本)省(?!率先|首|第|前|直|级)")
_CITY = re.compile("(?<![在居列])(?:全|我)市(?!率先|首|第|前|直|级)")
_COUNTY = re.compile("(?<![在居列])(?:全|我)[县区](?!率先|首|第|前|直|级)")
_OF_PROVINCE = re.compile("^[^市县区盟旗]{1,8}省(?!.{1,8}[市县区州盟旗])")


def is_wider_territory(clause: str, body: str | None) -> bool:
    """Return whether the words before a figure name a territory that is wider than the body's."""
    name = body or ""
    is_town = bool(re.search("(?:镇|乡|街道)(?:人民)?(?:政府|办事处)?$", name))
    is_county = is_town or bool(re.search("(?:县|(?<!自治)区|旗)(?:人民)?政府$", name))
    return bool(
        _NATION.search(clause)
        or (_PROVINCE.search(clause) and not _OF_PROVINCE.match(name))
        or (is_county and _CITY.search(clause))
        or (is_town and _COUNTY.search(clause))
    )


def find_other_body(words_before: str, body: str | None) -> OtherBody:
    """Return the other body that a figure counts for, judged by the words before it in its sentence.

    `body` is the report's own. Without it the scope of a figure with a named body is `NAMED`, or `uncertain` for a
    government. A wider territory (全省 in a city's report) counts as another body.
    """
    clause = words_before.rpartition(",")[2][-MAX_CLAUSE_CHARS:]
    if is_wider_territory(clause, body):
        return OtherBody("part" if body else "uncertain", "")
    subject = _SUBJECT.search(clause)
    if subject and not _ALL_MEMBERS.search(clause):
        return _judge_name(_ADVERBS.sub("", subject["body"]), body)
    sentence_subject = _SENTENCE_SUBJECT.match(words_before[:MAX_CLAUSE_CHARS])
    if (
        not sentence_subject
        or not body
        or _PREPOSITION.match(sentence_subject["body"])
        or re.search("全[市县区]", words_before)
    ):
        return NO_OTHER_BODY
    return NO_OTHER_BODY if _is_own_name(sentence_subject["body"], body) else OtherBody("uncertain", "")


def _judge_name(name: str, body: str | None) -> OtherBody:
    """Return whether a printed name is another body's: `part` if it is, `uncertain` if it may be the report's own."""
    name = name.rpartition("代表")[2]  # an office that acts for the government (政府办代表市政府)
    if not name or _WHOLE_JURISDICTION.match(name) or (body and _is_own_name(name, body)):
        return NO_OTHER_BODY
    government = re.sub("办公室$|办$", "", name)
    if not body and not _GOVERNMENT.search(government):
        return OtherBody(NAMED, name)
    if not body or _GOVERNMENT.search(government) or _is_own_name(government, body):
        return OtherBody("uncertain", name)
    return OtherBody("part", name)


def _is_own_name(name: str, body: str) -> bool:
    """Return whether a printed name is the body's, perhaps shortened: 公安局 or 市公安局 for 三门峡市公安局.

    市政府 is not enough for a city: it may be the city's own office without its counties and departments.
    """
    short_name, full_name = (normalize(n).replace("人民政府", "政府") for n in (name, body))
    if short_name in (full_name, full_name.removesuffix("政府"), full_name + "政府"):
        return True
    if _GOVERNMENT.search(short_name) or len(short_name) < 2:
        return False
    place = re.sub("(?:管理)?委员会$|管委会$|办事处$", "", full_name)
    if full_name.endswith(short_name) or place.endswith(short_name):
        return True
    return _is_abbreviation(short_name, full_name) or _is_abbreviation(full_name, short_name)


def _is_abbreviation(short_name: str, full_name: str) -> bool:
    """Return whether a name has some characters of a department's full name, in order: 发改局 for 发展和改革局."""
    if full_name.endswith("政府") or len(short_name) < 3:
        return False
    short, full = (n.replace("委员会", "委").replace("办公室", "办") for n in (short_name, full_name))
    characters = iter(full)
    return short[-1] == full[-1] and all(c in characters for c in short)
