"""The findings that need no arithmetic: severity, and a simulated place and note for the example of each."""

from __future__ import annotations

from pipeline.core.sentences import sentence

FORM = "2021"  # of the examples
# Severity, place and note by code. `tests/project/test_reference_pages.py` compares codes and severities with the code.
READER_FINDINGS = {
    "extract.unplaced": ("error or warning", "page 2, table 2, line 9", "“其他情形” 12 0 12"),
    "extract.lost": ("error", "表三!D24:J24", "“（六）其他” 3 0 0 0 0 0 3"),
    "extract.twice": ("error", "applications/new/total", "265 | 256"),
    "extract.text": ("error", "applications/new/business", "见附件"),
    "extract.unit": ("error", "applications/new/business", "3000元"),
    "extract.not_whole": ("error", "applications/new/business", "1.234"),
    "extract.negative": ("error", "applications/new/business", "-3"),
    "extract.blank_table": ("error", "applications", "175/175"),
    "extract.other_year": ("warning", "page 4, table 5", "附件：2022年主动公开政府信息情况表"),
    "extract.by_sums": ("warning", "review_litigation", "15"),
    "extract.missing": ("error", "review_litigation", "15/15"),
    "extract.unread": ("warning", "proactive/penalties/decisions", "35"),
    "extract.unread_line": ("warning", "page 1, table 1", "1111"),
    "extract.note": ("warning", "proactive/penalties/decisions", "1"),
    "extract.gap": ("warning", "proactive/fees/amount", "1 234.56"),
    "extract.several": ("error", "proactive/licensing/decisions", "214 ⏎ 211"),
    "extract.unsure": ("error", "proactive/penalties/decisions", "㉑"),
    "extract.shown": ("error", "proactive/penalties/decisions", "26万 | 26"),
    "extract.rounded": ("warning", "proactive/fees/amount", "12.35 | 12.3456"),
    "extract.merged": ("error", "proactive/penalties/decisions+proactive/compulsion/decisions", "26"),
    "extract.broken_figure": ("warning", "applications.received", "收到申请1368 45件"),
    "extract.doubtful": ("warning", "applications", "3/175"),
    "extract.uncalculated": ("error", "document", "=SUM(D7:I7) (34)"),
    "extract.other_table": ("warning", "page 4, table 5", "经费支出 (12)"),
    "extract.no_tables": ("error", "document", "6"),
    "extract.before_tables": ("warning", "document", "6"),
    "extract.elsewhere": ("warning", "document", "http://www.example.gov.cn/2022/table.html"),
    "extract.script": ("warning", "document", "app.js"),
    "extract.script_read": ("warning", "document", "<script>"),
    "extract.picture": ("warning", "document", "image1.png"),
    "extract.picture_read": ("warning", "document", "image1.png | image2.png"),
    "extract.scan": ("warning", "document", ""),
    "extract.garbled": ("warning", "document", "1 | 2"),
    "extract.unruled": ("warning", "page 1", "3"),
    "extract.part": ("warning", "document", "chunk.rtf"),
    "who.body": ("warning", "document", "三门峡市人民政府 | 湖滨区人民政府"),
    "who.several": ("error", "document", "湖滨区人民政府 2022 | 湖滨区人民政府 2021"),
    "who.year": ("warning", "document", "2024 | 2023"),
    "who.quarter": ("warning", "document", "上半年"),
    "source.sha256": ("error", "raw/2024/320800.html", "0c83681c93df | ec2334dd9cd9"),
    "kind.conflict": ("warning", "document", "39 | 40"),
    "kind.unread_table": ("warning", "page 1, table 2", "地区 (9)"),
    "kind.unread_columns": ("warning", "page 1, table 1", "扣分, 备注"),
    "kind.unread_sum": ("warning", "page 1, table 1", "20 19 1 95%"),
    "kind.share": ("error", "document", "1000"),
    "kind.fraction": ("warning", "document", "0.95"),
    "kind.unread": ("warning", "document", "30家网站有错别字"),
    "who.subject": ("warning", "document", "政府网站标识码"),
    "source.subject": ("error", "raw/2021/411200-website_annual-4112000001.html", "4112000001 | 4112000002"),
    "source.quarter": ("error", "raw/2021/411200-inspection-Q1.html", "1 | 2"),
    "source.year": ("error", "raw/2024/320800.html", "2024 | 2023"),
    "source.body": ("error", "raw/2024/320800.html", "淮安市人民政府 | 宿迁市人民政府"),
    "source.body_year": ("warning", "raw/2024/320800.html", "2024 | 2008-2022"),
    "source.form": ("warning", "raw/2024/320800.html", "2024 | 2019"),
    "source.rows": ("warning", "raw/2024/320800.html", "2021-other"),
    "formula.range": ("warning", "applications/granted/total", "表三!J7 =SUM(D7:H7) → =SUM(D7:I7)"),
    "decision.stale": ("error", "applications/new/total", "was '265', printed '256', 张三: 与原件核对"),
    "decision.unmatched": ("error", "applications/new/total", "was '265', printed '', 张三: 与原件核对"),
    "answer.stale": (
        "error",
        "app.row_total@applications/new/total",
        "was '265 | 256 (265, 250, 6)', now '', 张三: 原件如此",
    ),
    "answer.unmatched": (
        "error",
        "year.carry@applications/carried_in/total",
        "was '2 | 3 (2)', now '', 张三: 原件如此",
    ),
}


def example_sentence(code: str, lang: str) -> str:
    """Return the sentence of a simulated finding."""
    _, place, note = READER_FINDINGS[code]
    return sentence({"identity": code, "place": place, "note": note}, FORM, lang)
