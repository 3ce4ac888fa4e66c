"""Define the placeholders in the patterns of every `phrases.csv`, as regular expressions.

Group `n` is the figure. In a comparison, `up` and `down` are the words for growth and fall, and `base_year` is the year
with which it compares.
"""

from __future__ import annotations

from pipeline.core.text import NUMBER

# A number does not begin inside another one, nor after its decimal point or thousands separator; 数百 is not 百.
_NUMBER_START = r"(?<![\d零〇一二两三四五六七八九十百千万亿])(?<!\d[.,])(?!(?<=[数几上])[十百千])"
_UP, _DOWN = "增长|增加|上升|提高|提升|上涨|增幅", "减少|下降|降低|下滑|回落|降幅"
_LAST_YEAR, _NEXT_YEAR = "(?:上年度?|上一年度?|去年)", "(?:下年度?|下一年度?|次年度?|明年|来年)"
_CASE = "(?:事项|案件|事件|书|件)?"
_APPLICATION = (
    f"(?:各类|各种|书面|有效|的)*(?:(?:政府)?信息(?:依申请)?公开|依申请公开(?:政府信息)?|依申请信息公开|政务公开)?"
    f"(?<!复议)(?<!许可)(?<!依)(?<!依法)申请(?:公开)?(?:政府信息)?(?!人){_CASE}"
    f"|(?:(?:政府|政务)?信息)?依法?申请(?!人)(?:公开)?(?:(?:政府|政务)?信息)?(?:公开)?(?:申请)?{_CASE}"
    f"|(?:关于|有关)(?:政府)?信息公开(?:和不予公开)?的?申请{_CASE}"
)
_ORGANISATIONS = (
    "公民、?(?:和|或)?法人(?:、|和|或|或者|以及)其他(?:社会)?组织|(?:单位|组织|机构)(?:、|和|或|或者|及|以及)(?:公民|个人)|"
    "社会公众|公众|群众|市民|公民|申请人"
)
_COMPARISON = (
    f"(?:同比|(?:[比较同与和]|相比)(?:{_LAST_YEAR}|前一?年|(?P<base_year>20\\d\\d)年度?)(?:同期)?(?:相比)?),?"
    f"(?:(?:{_UP}|{_DOWN}|多|少)了?(?:{NUMBER})(?:件次|件|宗|条|份)[,、]?(?:同比)?)?"
)
PLACEHOLDERS = {
    "{n}": f"(?:将|接|大)?(?P<n>{_NUMBER_START}{NUMBER})",
    "{x}": f"(?:{NUMBER})",
    "{growth}": f"{_COMPARISON}(?:(?P<up>{_UP})|(?P<down>{_DOWN}))了?(?:率|幅)?(?:为|达到|达)?(?P<n>{NUMBER})%",
    "{info}": (
        r"(?:[市县区镇乡]?(?:人民)?政府(?:\([^()\d]{0,20}\)))?(?:本(?:单位|部门|机关|局|级))?"
        r"(?:各类|各项|各种|法定|相关|有关|公开|的)*(?:政府|政务)?信息"
    ),
    # A list that names the kinds of information: 规划、统计、预算等信息.
    "{list}": (
        r"(?:[^,;:()\d]{1,60}等(?:各类|各项|各种|方面|多类)*(?:政府|政务)?(?:信息|事项)"
        r"|[^,;:()\d]{1,30}信息、[^,;:()\d]{1,60}等)"
    ),
    "{public}": r"(?:向[^,;:\d]{1,8})?",
    "{items}": "(?:条次|条|件|篇|则|份|项)(?!次)",
    "{cases}": "(?:件次|件|宗|起|例|条|份|个|项)(?!次)",
    "{times}": "(?:场次|班次|次|场|期|班|批|轮|个)(?![人次数])",
    "{is}": "(?:总数|总量|数量|数|量)?(?:共计|共有|总计|合计|累计|均为|共|计|为|达到|达)?",
    "{got}": "(?:收到|新收|受理|接收|接到)(?:到|了)?",
    "{from}": f"(?:任何|有关)?(?:{_ORGANISATIONS}|(?<=任何)(?:单位|个人|组织|人))?(?:提出|提交|递交)?的?",
    "{ask}": f"(?:{_APPLICATION})",
    "{last}": _LAST_YEAR,
    "{next}": _NEXT_YEAR,
    "{end}": "(?:案件|申请|案|情况|情形|事件|事项|现象|问题|的|发生|等){0,4}",
}


def fill_placeholders(pattern: str) -> str:
    """Return a pattern with the regular expression of each placeholder in it."""
    for placeholder, meaning in PLACEHOLDERS.items():
        pattern = pattern.replace(placeholder, meaning)
    return pattern
