"""The files of a compiled report: the report in each format, the workbook, and the explanation as a file of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pipeline.core.file_names import safe_file_name
from pipeline.core.model import DataFault
from pipeline.publish.form.docx import write_docx
from pipeline.publish.form.explanation import compose_explanation
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.html import write_html, write_pdf
from pipeline.publish.form.report_template import DocumentBlock, compose
from pipeline.publish.form.review_parts import CompilationReview
from pipeline.publish.form.xlsx import write_xlsx

FORMATS = ("docx", "xlsx", "html", "pdf")
TEXT_WRITERS = {"docx": write_docx, "html": write_html, "pdf": write_pdf}
PARTIAL_MARK, FAILED_MARK, REPORTED_MARK = "（不完整）", "（勾稽不符）", "（本级上报数）"
EXPLANATION = "编制说明"


def file_stem(filled: FilledForm, review: CompilationReview) -> str:
    """Return the name of the files without suffix: 洛阳市2025年政府信息公开工作年度报告, with its marks."""
    marks = PARTIAL_MARK * bool(review.missing_members) + FAILED_MARK * bool(review.blocking_failures)
    marks += REPORTED_MARK * (filled.basis == "reported")
    other_form = "" if filled.form.covers(filled.year) else f"（{filled.form.zh}）"
    return safe_file_name(f"{filled.title}{marks}{other_form}")


def write_report_files(
    filled: FilledForm, review: CompilationReview, template: str, formats: Sequence[str], signed_on: date | None = None
) -> tuple[Mapping[str, bytes], tuple[DataFault, ...]]:
    """Return the content of each file by name, and the faults of formats that this machine cannot write.

    Each of `formats`, of FORMATS, is written once. The explanation is written in the first of them that is a text, and
    is a sheet of the workbook. Raises DataFault as `compose` does.
    """
    stem, blocks, explanation = (
        file_stem(filled, review),
        compose(filled, template, signed_on),
        compose_explanation(filled, review),
    )
    contents, faults = dict[str, bytes](), list[DataFault]()
    for name in dict.fromkeys(formats):
        try:
            contents[f"{stem}.{name}"] = _write(name, filled, blocks, explanation, review)
            if name in TEXT_WRITERS and not any(EXPLANATION in other for other in contents):
                contents[f"{stem}{EXPLANATION}.{name}"] = TEXT_WRITERS[name](filled, explanation)
        except DataFault as fault:
            faults.append(fault)
    return contents, tuple(faults)


def _write(
    name: str,
    filled: FilledForm,
    blocks: Sequence[DocumentBlock],
    explanation: Sequence[DocumentBlock],
    review: CompilationReview,
) -> bytes:
    if name == "xlsx":
        return write_xlsx(filled, blocks, explanation, review)
    return TEXT_WRITERS[name](filled, blocks)
