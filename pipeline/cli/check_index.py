"""The index of several checked files: a page, a notice per body, and a summary on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.paths import Data
from pipeline.core.report_names import report_name
from pipeline.job.missing import find_collector, list_missing, list_missing_quarters
from pipeline.job.receipt import Receipt
from pipeline.publish.check_index import CheckIndex, notice_of, render_index, summary_line
from pipeline.publish.receipt_text import receipt_line
from pipeline.report import ProcessedReport

PAGE_SUFFIX, NOTICE_SUFFIX, INDEX = ".check.html", ".notice.html", "index.html"
MAX_STEM_BYTES = 255 - len(" (999)") - len(NOTICE_SUFFIX)  # 255 are those of a file name on common file systems


def write_index(receipts: Sequence[Receipt], data: Data, folder: Path | None, lang: str) -> None:
    """Print what became of each file, and write the index page and the notices to the folder. Raises OSError."""
    found = find_collector(data, receipts)
    missing = [body.name for body in list_missing(data, receipts, *found)] if found else []
    missing += [report_name(quarter, lang) for quarter in list_missing_quarters(data, receipts)]
    names = page_names([r.report for r in receipts if r.report])
    pages = {
        r.file.name: names[r.report.source.report_id] + PAGE_SUFFIX for r in receipts if r.report and not r.report.fault
    }
    index = CheckIndex(receipts, pages, missing, found[0].name if found else "")
    for receipt in receipts:
        if receipt.status != "ready":
            echo(receipt_line(receipt, lang))
    echo(summary_line(index, lang), bold=True)
    if folder is not None:
        notices = _write_notices(index, folder, names, lang)
        (folder / INDEX).write_text(render_index(index, notices, lang), encoding="utf-8")
        echo(say("check.index_page", lang, path=folder / INDEX))


def _write_notices(index: CheckIndex, folder: Path, names: Mapping[str, str], lang: str) -> dict[str, str]:
    """Write the notice of each report to correct; return the names of the notices by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    notices: dict[str, str] = {}
    for receipt in index.receipts:
        text = notice_of(receipt, index.sender, lang)
        if text and receipt.report:
            notices[receipt.file.name] = names[receipt.report.source.report_id] + NOTICE_SUFFIX
            (folder / notices[receipt.file.name]).write_text(text, encoding="utf-8")
    return notices


def page_names(reports: Sequence[ProcessedReport]) -> dict[str, str]:
    """Return the name of the page about each report without its suffix, by report id: that of its file.

    It is cut so that file systems take it; files of one name in several folders get a number.
    """
    names: dict[str, str] = {}
    for report in reports:
        encoded = Path(report.source.path).name.encode(errors="surrogateescape")
        name = stem = encoded[:MAX_STEM_BYTES].decode(errors="ignore")
        number = 1
        while name in names.values():
            number += 1
            name = f"{stem} ({number})"
        names[report.source.report_id] = name
    return names
