"""Write the files of one January at the office of 洛阳市: `uv run python -m docs_build.january FOLDER`.

All numbers are simulated, and every report says so. The folder gets the reports of last year as a ZIP (`上年年报.zip`),
the files that the members hand in (`收到`, with their slips), and what comes later (`补交`).
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random

import docx

from pipeline.core.form import form_of
from pipeline.registry.governments import governments
from pipeline.simulate.body_state import SERVICE_ROWS, BodyState
from pipeline.simulate.body_year import simulate_body_year
from pipeline.simulate.documents import NOTICE, TITLE
from pipeline.simulate.report_files import WRITERS
from pipeline.simulate.sentences import make_prose_figures, write_sentences
from pipeline.simulate.template import NOTICE as NOTICE_PLACEHOLDER
from pipeline.simulate.template import TITLE as TITLE_PLACEHOLDER

CITY, CITY_CODE, YEAR, SEED = "洛阳市", "410300", 2024, 2024
DEPARTMENTS = ("洛阳市教育局", "洛阳市财政局", "洛阳市水利局")
NEW_BUREAU, MISSPELT, TEMPLATE = "洛阳市数据局", "洛阳市交育局", "政府信息公开工作年度报告（样表）"
DECISIONS = tuple(f"proactive/{row}/decisions" for row in ("licensing", "penalties", "compulsion"))
COMPARED = ("applications/new/total", "proactive/normative_documents/issued")
COUNTY_WEIGHTS, DEPARTMENT_WEIGHTS, MIN_APPLICATIONS = (150, 400), (60, 100), 12
FEES = "proactive/fees/amount"
ARCHIVE_DATE = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Report:
    """A report before it is written: the printed name, the year, the texts of its cells and its sentences."""

    name: str
    year: int
    cells: Mapping[str, str]
    prose: Sequence[str]

    def write(self, suffix: str) -> bytes:
        """Return the report as a file of this format."""
        names = {"name": self.name, "year": self.year}
        texts = dict(self.cells) | {
            TITLE_PLACEHOLDER: TITLE.format(**names),
            NOTICE_PLACEHOLDER: NOTICE.format(**names),
        }
        return WRITERS[suffix](form_of(self.year).code, texts, self.prose, 0)


def member_names() -> list[str]:
    """Return the names of the members of the city that have to report."""
    counties = [body.name for body in governments().members_of(CITY_CODE) if body.is_due(YEAR)]
    return [*counties, *DEPARTMENTS]


def simulate_years(name: str) -> tuple[Report, Report]:
    """Return the correct reports of a body for last year and for this year; they differ as years of an office do."""
    return next(reports for attempt in count() if _are_alike(*(reports := _simulate_reports(name, attempt))))


def _simulate_reports(name: str, attempt: int) -> tuple[Report, Report]:
    rng = Random(f"{SEED} {name} {attempt}")  # noqa: S311  # simulated numbers, no secrets
    weight = rng.randrange(*(DEPARTMENT_WEIGHTS if name.startswith(CITY) else COUNTY_WEIGHTS))
    state = BodyState(weight, 10 * weight, {}, weight // 10, dict.fromkeys(SERVICE_ROWS, 0))
    amounts = {address: weight * rng.randrange(2, 9) for address in DECISIONS}
    last = _simulate_report(name, YEAR - 1, state, amounts, rng)
    amounts = {address: value * rng.randrange(90, 115) // 100 for address, value in amounts.items()}
    return last, _simulate_report(name, YEAR, state, amounts, rng)


def _simulate_report(name: str, year: int, state: BodyState, amounts: Mapping[str, int], rng: Random) -> Report:
    """Simulate a report; `amounts` are the numbers of its decisions, from which the fees follow."""
    form, items_before = form_of(year), state.items
    cells, prose_only = simulate_body_year(form, state, is_last_on_form=False, rng=rng)
    cells |= amounts
    cells[FEES] = Decimal(amounts[DECISIONS[0]]).scaleb(-1)
    figures = make_prose_figures(form, cells, prose_only, items_before if year == YEAR else None)
    prose = write_sentences(form, {row: str(value) for row, value in figures.items()}, name, year, rng)
    return Report(name, year, {address: str(value) for address, value in cells.items()}, prose)


def _are_alike(last: Report, this: Report) -> bool:
    """Return whether the numbers of two years are plausible next to each other."""
    pairs = [(int(last.cells[address]), int(this.cells[address])) for address in COMPARED]
    return all(4 * before > 3 * now > 2 * before for before, now in pairs) and pairs[0][1] >= MIN_APPLICATIONS


def change_total(report: Report) -> Report:
    """Return the report with 10 more applications in the grand total of the handled ones."""
    address = "applications/handled/total"
    return replace(report, cells={**report.cells, address: str(int(report.cells[address]) + 10)})


def shift_row(report: Report) -> Report:
    """Return the report with the granted applications one column too far to the right."""
    row = [address for address in report.cells if address.startswith("applications/granted/")]
    shifted = dict(zip(row, ["", *(report.cells[address] for address in row)], strict=False))
    return replace(report, cells={**report.cells, **shifted})


def blank_tables(report: Report) -> Report:
    """Return the report without any number in its tables."""
    return replace(report, cells=dict.fromkeys(report.cells, ""))


def write_fees_in_yuan(report: Report) -> Report:
    """Return the report with its fees in 元 instead of 万元."""
    return replace(report, cells={**report.cells, FEES: str(int(Decimal(report.cells[FEES]) * 10000))})


def change_penalties(report: Report) -> Report:
    """Return a second version of the report: three more penalties."""
    address = "proactive/penalties/decisions"
    return replace(report, cells={**report.cells, address: str(int(report.cells[address]) + 3)})


def write_document(*paragraphs: str) -> bytes:
    """Return a Word document that is no report."""
    document, out = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(out)
    return out.getvalue()


def write_gbk_zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP whose names are GBK bytes without a mark, as Windows programs in Chinese write them."""
    out, swapped = io.BytesIO(), {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(files):
            encoded = name.encode("gbk")
            stand_in = f"{number:03}".ljust(len(encoded), "_")
            assert len(stand_in) == len(encoded)
            swapped[stand_in.encode()] = encoded
            archive.writestr(zipfile.ZipInfo(stand_in, ARCHIVE_DATE), content, zipfile.ZIP_DEFLATED)
    data = out.getvalue()
    for stand_in_bytes, encoded in swapped.items():
        data = data.replace(stand_in_bytes, encoded)
    return data


def received_files(years: Mapping[str, tuple[Report, Report]]) -> dict[str, bytes]:
    """Return the files that the members hand in by the deadline, by name. 栾川县 hands in nothing."""
    this = {name: reports[1] for name, reports in years.items()}
    blank, district = blank_tables(this["瀍河回族区人民政府"]), this["孟津区人民政府"]
    in_archive = (("嵩县", "docx"), ("汝阳县", "xlsx"), ("宜阳县", "pdf"))
    return {
        "老城区年报.docx": change_total(this["老城区人民政府"]).write("docx"),
        "西工区.xlsx": shift_row(this["西工区人民政府"]).write("xlsx"),
        "瀍河区2024年报.docx": blank.write("docx"),
        "涧西区2024.pdf": this["涧西区人民政府"].write("pdf"),
        "偃师区政府信息公开年报.docx": write_fees_in_yuan(this["偃师区人民政府"]).write("docx"),
        "孟津区.docx": district.write("docx"),
        "孟津区（改）.docx": change_penalties(district).write("docx"),
        "洛龙区年报.xlsx": years["洛龙区人民政府"][0].write("xlsx"),
        "新安县.html": this["新安县人民政府"].write("html"),
        "洛宁县.docx": this["洛宁县人民政府"].write("docx"),
        "伊川县.txt": this["伊川县人民政府"].write("txt"),
        "三个县.zip": write_gbk_zip(
            (f"{n}年报.{suffix}", this[f"{n}人民政府"].write(suffix)) for n, suffix in in_archive
        ),
        "教育局.docx": misspell(this["洛阳市教育局"]).write("docx"),
        "财政局.xlsx": this["洛阳市财政局"].write("xlsx"),
        "水利局.docx": write_document("洛阳市水利局2024年部门预算（模拟）", "收入 100 万元，支出 90 万元。"),
        "数据局.docx": this[NEW_BUREAU].write("docx"),
        "年报样表.docx": replace(blank, name=TEMPLATE, prose=[]).write("docx"),
        "关于报送年报的通知.docx": write_document(
            "关于报送2024年政府信息公开工作年度报告的通知（模拟）", "各县区、各部门：请于1月20日前报送。"
        ),
        "~$城区年报.docx": bytes(162),
        "Thumbs.db": bytes(100),
    }


def misspell(report: Report) -> Report:
    """Return the report of 洛阳市教育局 with its name misspelt."""
    return replace(report, name=MISSPELT, prose=[text.replace(report.name, MISSPELT) for text in report.prose])


def late_files(years: Mapping[str, tuple[Report, Report]]) -> dict[str, bytes]:
    """Return the files that come after the reminders and the returned reports, by name."""
    names = {"西工区": "xlsx", "瀍河回族区": "docx", "洛龙区": "xlsx", "栾川县": "docx"}
    files = {f"{name}（补）.{suffix}": years[f"{name}人民政府"][1].write(suffix) for name, suffix in names.items()}
    return files | {f"{name}（补）.docx": years[f"洛阳市{name}"][1].write("docx") for name in ("教育局", "水利局")}


def write_january(folder: Path) -> None:
    """Write all files of the January below a folder."""
    years = {name: simulate_years(name) for name in (*member_names(), NEW_BUREAU)}
    for name, files in (("收到", received_files(years)), ("补交", late_files(years))):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file_name, content in files.items():
            (folder / name / file_name).write_bytes(content)
    last = ((f"{name}2023年年报.docx", years[name][0].write("docx")) for name in member_names())
    (folder / "上年年报.zip").write_bytes(write_gbk_zip(last))
    (folder / "部门.txt").write_text("\n".join((*DEPARTMENTS, "")), encoding="utf-8")


if __name__ == "__main__":
    write_january(Path(sys.argv[1]))
    print(f"已写好 {sys.argv[1]}（全部是模拟数据）")
