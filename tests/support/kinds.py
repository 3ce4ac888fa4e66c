"""A made kind of report, two tables and four rows of prose, as an office would describe it: only data."""

from __future__ import annotations

from pathlib import Path

import yaml

KIND: dict[str, object] = {
    "kind": "training",
    "zh": "政务公开培训情况季报",
    "en": "Quarterly report on training",
    "source": "本市规定（模拟）",
    "period": "quarter",
    "titles": ["政务公开培训情况"],
    "owed": {"levels": ["city"], "first_year": 2020, "source": "本市规定（模拟）"},
    "tables": {
        "training": {
            "zh": "培训人次",
            "en": "People trained",
            "unit": "人次",
            "columns": {"officials": {"zh": "领导干部", "en": "officials"}, "staff": {"zh": "工作人员", "en": "staff"},
                "all": {"zh": "合计", "en": "all"}},
            "blocks": [{"rows": {"city": {"zh": "市级", "en": "city"}, "counties": {"zh": "县级", "en": "counties"}}}],
        },
        "cost": {
            "zh": "费用",
            "en": "Cost",
            "columns": {"value": {"zh": "金额", "en": "amount"}},
            "unit": "元",
            "blocks": [{"rows": {"rooms": {"zh": "场地费", "en": "rooms"}, "books": {"zh": "资料费", "en": "books"}}}],
        },
        "training_text": {
            "zh": "正文",
            "en": "Prose",
            "columns": {"value": {"zh": "数值", "en": "value"}},
            "blocks": [{"rows": {
                "sessions": {"zh": "培训场次", "en": "sessions", "unit": "次"},
                "tested": {"zh": "参加测试人数", "en": "people tested", "unit": "人次"},
                "passed": {"zh": "测试合格人数", "en": "people who passed", "unit": "人次"},
                "pass_rate": {"zh": "测试合格率", "en": "pass rate", "unit": "%"},
            }}],
        },
    },
    "identities": [
        {"id": "training.row", "table": "training", "each": "row", "is": "all = officials + staff", "severity": "error",
            "zh": "合计等于领导干部与工作人员之和", "en": "all equal officials and staff", "source": "本表"},
    ],
    "ratios": [
        {"id": "training.pass_rate", "table": "training_text", "rate": "pass_rate", "part": "passed", "whole": "tested",
            "severity": "error", "zh": "合格率等于合格人数除以测试人数", "en": "the rate is passed by tested",
            "source": "本表"},
    ],
}  # fmt: skip
PHRASES = (
    "row,column,when,pattern,example,value\n"
    "sessions,value,,(?:举办|开展)培训{is}{n}(?:场|次),本季度举办培训12场,12\n"
    "tested,value,,参加测试{is}{n}人,参加测试50人,50\n"
    "passed,value,,(?<!不)合格{is}{n}人,合格40人,40\n"
    "pass_rate,value,,合格率{is}{n}%,合格率80%,80\n"
)


def describe_kind(raw: Path) -> None:
    """Write the description of the made kind where an office puts it, below `data/raw`."""
    folder = raw / "kinds" / "training"
    folder.mkdir(parents=True)
    text = yaml.safe_dump(KIND, allow_unicode=True, sort_keys=False)
    (folder / "kind.yaml").write_text(text, encoding="utf-8")
    (folder / "phrases.csv").write_text(PHRASES, encoding="utf-8")


def training_report(quarter: str, people: tuple[tuple[int, int, int], ...], tested: int, passed: int, rate: str) -> str:
    """Return a report of the made kind as a web page; `people` are the rows of its first table."""
    title = f"三门峡市2021年第{quarter}季度政务公开培训情况（模拟）"
    head = "<tr><th>层级</th><th>领导干部</th><th>工作人员</th><th>合计</th></tr>"
    lines = zip(("市级", "县级"), people, strict=True)
    rows = "".join(f"<tr><td>{name}</td>{''.join(f'<td>{n}</td>' for n in numbers)}</tr>" for name, numbers in lines)
    cost = "<tr><td>场地费</td><td>300</td></tr><tr><td>资料费</td><td>50</td></tr>"
    return (
        f"<html><meta charset='utf-8'><title>{title}</title><h1>{title}</h1>"
        f"<p>本季度举办培训12场。参加测试{tested}人，合格{passed}人，合格率{rate}%。</p>"
        f"<table>{head}{rows}</table><table>{cost}</table></html>"
    )
