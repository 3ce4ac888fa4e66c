"""Recognise reports that have no statutory tables: those for years before 2014, and those whose tables are pictures.

Such a report gives its figures in its prose. Another document without tables is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.core.form import are_tables_due
from pipeline.core.model import Document, Figure, Finding
from pipeline.core.text import normalize
from pipeline.extract.left_out import refuse

MIN_SIGNS = 2
# A report names itself, at the latest in its opening sentence: 《…政府信息公开工作年度报告》.
_NAME = re.compile(r"(?:信息|政务)公开(?:工作)?(?:情况)?(?:20\d\d年)?(?:年?度)?(?:工作)?(?:报告|年报)")
_HEADING = re.compile(
    r"^[(]?[一二三四五六七八九十\d][)、.)](?P<name>总体情况|概述|工作概述|政府信息公开工作概述|"
    "(?:政府信息)?主动公开(?:政府信息)?(?:的?情况)?|(?:政府信息)?依申请公开(?:政府信息)?(?:的?情况)?|"
    "收到和处理政府信息公开申请情况|政府信息公开行政复议、?(?:和)?行政诉讼情况|(?:政府信息公开)?行政复议(?:和|、)行政诉讼情况|"
    "存在的主要问题及改进情况)"
)
MAX_HEADING_CHARS = 40
TABLE_FINDINGS = ("extract.no_tables", "extract.before_tables")


def require_report(document: Document, figures: Sequence[Figure]) -> None:
    """Raise DataFault unless the document is a report on the disclosure of information.

    The signs are its name, the headings of a report, and rows of figures; two different ones are enough.
    """
    signs = {figure.row for figure in figures}
    for text in (document.title, *(paragraph.text for paragraph in document.paragraphs)):
        if len(signs) >= MIN_SIGNS:
            return
        signs |= _find_signs(text)
    if len(signs) < MIN_SIGNS:
        raise refuse(document, has_sign=bool(signs))


def _find_signs(text: str) -> set[str]:
    """Return the signs of a report in a paragraph: its name, and the name of a heading."""
    beginning = "".join(normalize(text[:400]).split())
    heading = _HEADING.match(beginning[:MAX_HEADING_CHARS])
    return ({"name"} if _NAME.search(beginning) else set()) | ({heading["name"]} if heading else set())


def report_no_tables(figures: Sequence[Figure], year: int | None) -> Finding:
    """Return the finding for a report without statutory tables: an error if its year requires them, or is unknown."""
    note = str(len(figures))
    if year is None or are_tables_due(year):
        return Finding("extract.no_tables", "document", "fail", "error", note=note)
    return Finding("extract.before_tables", "document", "fail", "warning", note=note)
