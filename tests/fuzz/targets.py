"""The targets of the fuzzer: each takes any bytes, and must end in a valid result or a DataFault."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from fuzz.grids import parse_grids
from fuzz.invariants import check_document, check_extraction, check_figures, check_texts
from fuzz.packed import pack
from fuzz.side_effects import forbid_side_effects
from pipeline.cli.edit import parse_number, to_json
from pipeline.collect.addresses import normalize
from pipeline.collect.lists import read_list
from pipeline.collect.page import Page
from pipeline.collect.titles import FIRST_YEAR
from pipeline.core.decisions import read_decisions
from pipeline.core.model import DataFault, Document, Paragraph, ProjectFault, Source
from pipeline.core.paths import Data
from pipeline.edit.cases import run_case
from pipeline.edit.examine_cases import examine_case
from pipeline.extract import extract
from pipeline.extract.figures import extract_figures
from pipeline.job.inventory import partitions_by_year
from pipeline.raw.file_state import RawFiles
from pipeline.raw.manifest import read_entries
from pipeline.read import docx, html, mht, office, read_bytes, sheet, text, zip_archive
from pipeline.read.encoding import decode
from pipeline.read.pdf import pages as pdf_pages
from pipeline.registry.load import load_register
from pipeline.runtime.tools import soffice

T = TypeVar("T")
_OCR = "pipeline.read.scan.pages"
PORTAL = "http://www.example.gov.cn/zfxxgk/list.html"


@dataclass(frozen=True)
class Target:
    """A function of bytes, and the style of changes to its inputs: `markup`, `words`, `lines`, or '' for bytes."""

    run: Callable[[bytes], object]
    style: str = ""


class DifferentResults(AssertionError):
    """Two calls with the same bytes had different results."""


def call_without_side_effects(function: Callable[[], T], *folders: Path) -> T | DataFault | ProjectFault:
    """Return the result of a call, or its fault, with side effects forbidden; it may read below `folders`."""
    try:
        with forbid_side_effects(*folders):
            return function()
    except (DataFault, ProjectFault) as fault:
        return fault


def call_twice(function: Callable[[], T], *folders: Path) -> T | None:
    """Return the result of two equal calls, None for a fault. Raises DifferentResults if the calls differ."""
    first, second = call_without_side_effects(function, *folders), call_without_side_effects(function, *folders)
    if repr(first) != repr(second) if isinstance(first, Exception) else first != second:
        raise DifferentResults(f"{first!r} != {second!r}")
    return None if isinstance(first, DataFault | ProjectFault) else first


def check_reader(reader: Callable[[bytes], Document], data: bytes) -> Document | None:
    """Read bytes twice and check the document; return it, None for a fault."""
    document = call_twice(lambda: reader(data))
    if document is not None:
        check_document(document)
    return document


def run_extraction(data: bytes) -> None:
    """Read and extract a file as `ogi run` does, and check the result."""
    document = check_reader(_without_tools(read_bytes), data)
    if document is None:
        return
    extraction = call_twice(lambda: extract(document, load_register()))
    if extraction is not None:
        check_extraction(extraction, document)


def _without_tools(reader: Callable[[bytes], Document]) -> Callable[[bytes], Document]:
    """Return the reader as on a machine without OCR and LibreOffice, which are slow and start other programs."""

    def read(data: bytes) -> Document:
        modules: dict[str, Any] = sys.modules  # None marks a module that cannot be imported
        models = {_OCR: modules[_OCR]} if _OCR in modules else {}
        vars(office)["soffice"], modules[_OCR] = _find_nothing, None
        try:
            return reader(data)
        finally:
            vars(office)["soffice"] = soffice
            modules.pop(_OCR)
            modules |= models

    return read


def _find_nothing() -> None:
    return None


def _read_decoded(reader: Callable[[str], Document], data: bytes) -> Document:
    """Decode bytes and read the text."""
    return reader(data.decode("utf-8", "replace").replace("\0", ""))


def _run_decode(data: bytes) -> None:
    """Decode bytes; the text has no NUL."""
    text = call_twice(lambda: decode(data))
    if text is not None:
        check_texts(text)
        assert "\0" not in text


def _read_packed(reader: Callable[[bytes], Document], is_format: Callable[[bytes], bool], flat_text: bytes) -> None:
    """Pack a flat text, and read it if it has the format of the reader."""
    data = pack(flat_text)
    if call_without_side_effects(lambda: is_format(data)) is True:
        check_reader(reader, data)


def _read_xls(data: bytes) -> None:
    """Read a file that is detected as XLS."""
    if call_without_side_effects(lambda: sheet.detect_format(data)) == "xls":
        check_reader(sheet.read, data)


def _read_archive(data: bytes) -> None:
    """Read all XML members of an archive."""

    def read_all() -> list[str]:
        package = zip_archive.ZipPackage(data)
        package.check_inflated_size()
        return [package.read_xml(n).tag for n in sorted(package.member_names) if n.endswith(".xml")]

    call_without_side_effects(lambda: zip_archive.list_member_names(data))
    call_twice(read_all)


def _detect_office(data: bytes) -> None:
    """Detect the format of an office file."""
    kind = call_without_side_effects(lambda: office.detect_format(data))
    if kind in ("", "xml", "doc"):
        call_twice(lambda: (office.is_office_file(data), sheet.detect_format(data)))


def _extract_grids(data: bytes) -> None:
    """Extract the grids of a text; see `grids`."""
    document = Document(tuple(parse_grids(data)), "text", "text")
    extraction = call_twice(lambda: extract(document, load_register()))
    if extraction is not None:
        check_extraction(extraction, document)


def _extract_narrative(data: bytes) -> None:
    """Extract the figures of prose, one paragraph per line."""
    lines = data.decode("utf-8", "replace").splitlines()
    paragraphs = tuple(Paragraph(x) for x in lines if x.strip())
    figures = call_twice(lambda: extract_figures(paragraphs, 2019, "三门峡市人民政府"))
    if figures is not None:
        check_figures(figures, paragraphs)


@cache
def _project_folder() -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """Create a project with one report. The folder is removed when the process ends."""
    temporary_folder = tempfile.TemporaryDirectory(prefix="ogi-fuzz-")
    root = Path(temporary_folder.name)
    (root / "data" / "raw" / "2019").mkdir(parents=True)
    (root / "data" / "raw" / "2019" / "411200.html").write_bytes(b"<table>")
    (root / "secret.html").write_bytes(b"<table>")
    return temporary_folder, root


def _read_manifest(data: bytes) -> None:
    """Read the inventory with these bytes as manifest; no accepted path leads out of the raw folder."""
    project = Data(_project_folder()[1] / "data")
    project.manifest.write_bytes(data)
    entries = call_twice(lambda: _list_entries(project), project.raw) or []
    for source, fault in entries:
        check_texts(source)
        is_inside = (project.root / source.path).resolve().is_relative_to(project.raw) if fault == "None" else True
        assert is_inside, source


def _list_entries(project: Data) -> list[tuple[Source, str]]:
    """Return source and fault of each entry of the inventory."""
    entries = read_entries(project.manifest, RawFiles(project.raw))
    partitions = partitions_by_year(entries, load_register(project.raw), ())
    return [(e.source, repr(e.fault)) for partition in partitions.values() for e in partition.entries]


def _read_decisions(data: bytes) -> None:
    """Read a file of decisions."""
    path = _project_folder()[1] / "decisions.csv"
    path.write_bytes(data)
    for decision in call_twice(lambda: read_decisions(path), path) or ():
        assert decision.decided_value is None or decision.decided_value.is_finite(), decision
        check_texts(decision)


def _run_cases(data: bytes) -> None:
    """Run the cases of a JSON file and examine their edits, as `ogi edit` does."""
    try:
        cases = json.loads(data.decode("utf-8-sig"), parse_float=parse_number, parse_int=parse_number)
    except (ValueError, RecursionError):
        return
    if isinstance(cases, list):
        call_twice(lambda: to_json([run_case(c) for c in cases]))
        call_twice(lambda: to_json([examine_case(c)[0] for c in cases]))


def _read_portal(data: bytes) -> None:
    """Read a list and a page of a portal; every address is one that may be visited, in its normal spelling."""
    listed = call_twice(lambda: read_list(PORTAL, data))
    page = call_twice(lambda: _list_page(data)) or []
    addresses = (
        [link.url for link in listed.entries] + [*listed.next_pages, *listed.frames, *listed.data] if listed else []
    )
    for url in (*addresses, *page):
        assert url.startswith(("http://", "https://")), url
        assert normalize(url) == url, url


def _list_page(data: bytes) -> list[str]:
    """Return all addresses of a page; its title and date are read too."""
    page = Page(PORTAL, data.decode("utf-8", "replace").replace("\0", ""))
    check_texts(page.title)
    assert page.published_on is None or page.published_on.year >= FIRST_YEAR
    links = (link.url for link in (*page.links(), *page.attachments()))
    return [*links, *page.frames(), *([page.next_address] if page.next_address else [])]


TARGETS: Mapping[str, Target] = {
    "html": Target(partial(check_reader, partial(_read_decoded, html.read)), "markup"),
    "text": Target(partial(check_reader, partial(_read_decoded, text.read)), "words"),
    "docx": Target(partial(_read_packed, docx.read, docx.is_docx), "markup"),
    "sheet": Target(partial(_read_packed, sheet.read, sheet.is_workbook), "markup"),
    "xls": Target(_read_xls),
    "mht": Target(partial(check_reader, mht.read), "markup"),
    "zipped": Target(_read_archive),
    "pdf": Target(partial(check_reader, _without_tools(pdf_pages.read)), "lines"),
    "decode": Target(_run_decode),
    "office": Target(_detect_office),
    "grid": Target(_extract_grids, "words"),
    "narrative": Target(_extract_narrative, "words"),
    "extract": Target(run_extraction, "markup"),
    "portal": Target(_read_portal, "markup"),
    "manifest": Target(_read_manifest, "lines"),
    "decisions": Target(_read_decisions, "lines"),
    "cases": Target(_run_cases, "lines"),
}


def measure_seconds(target: Target, data: bytes) -> float:
    """Run a target; return its CPU seconds, which do not depend on other programs."""
    start = time.process_time()
    target.run(data)
    return time.process_time() - start
