"""The targets: each takes any bytes and may end in nothing but a result that holds, or a DataFault."""

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

from fuzz.grids import grid_of
from fuzz.invariants import check_document, check_extraction, check_figures, check_texts
from fuzz.packed import pack
from fuzz.watch import watched
from pipeline.cli.edit import parse_number, to_json
from pipeline.core.decisions import read_decisions
from pipeline.core.model import DataFault, Document, Paragraph, ProjectFault, Source
from pipeline.core.paths import Data
from pipeline.edit.cases import run_case
from pipeline.extract import extract
from pipeline.extract.figures import extract_figures
from pipeline.job.inventory import read_inventory
from pipeline.read import docx, html, mht, office, read_bytes, sheet, text, zip_archive
from pipeline.read.encoding import decode
from pipeline.read.pdf import pages as pdf_pages
from pipeline.registry.load import load_register
from pipeline.runtime.tools import soffice

T = TypeVar("T")
SLOW = 1.0  # seconds; a slower input is told
_OCR = "pipeline.read.scan.pages"


@dataclass(frozen=True)
class Target:
    """A function of bytes, and how its inputs are best changed: `markup`, `words`, `lines`, or '' for bytes alone."""

    run: Callable[[bytes], object]
    style: str = ""


class Differs(AssertionError):
    """The same bytes were read in two ways."""


def attempt(function: Callable[[], T], *folders: Path) -> T | DataFault | ProjectFault:
    """What a call gives, or the fault it ends in, watched."""
    try:
        with watched(*folders):
            return function()
    except (DataFault, ProjectFault) as fault:
        return fault


def twice(function: Callable[[], T], *folders: Path) -> T | None:
    """A result that a second call gives as well; None for a fault, which must be the same too."""
    first, second = attempt(function, *folders), attempt(function, *folders)
    if repr(first) != repr(second) if isinstance(first, Exception) else first != second:
        raise Differs(f"{first!r} != {second!r}")
    return None if isinstance(first, DataFault | ProjectFault) else first


def document(reader: Callable[[bytes], Document], data: bytes) -> Document | None:
    """A document read twice, checked."""
    found = twice(lambda: reader(data))
    if found is not None:
        check_document(found)
    return found


def whole(data: bytes) -> None:
    """A file's bytes to the Extraction, as `ogi run` reads them."""
    found = document(_reading(read_bytes), data)
    if found is None:
        return
    taken = twice(lambda: extract(found, load_register()))
    if taken is not None:
        check_extraction(taken, found)


def _reading(reader: Callable[[bytes], Document]) -> Callable[[bytes], Document]:
    """The reader on a machine without OCR and LibreOffice, which are other programs and take seconds."""

    def read(data: bytes) -> Document:
        modules: dict[str, Any] = sys.modules  # None in it for what cannot be imported
        models = {_OCR: modules[_OCR]} if _OCR in modules else {}
        vars(office)["soffice"], modules[_OCR] = _not_here, None
        try:
            return reader(data)
        finally:
            vars(office)["soffice"] = soffice
            modules.pop(_OCR)
            modules |= models

    return read


def _not_here() -> None:
    return None


def _decoded(reader: Callable[[str], Document], data: bytes) -> Document:
    return reader(data.decode("utf-8", "replace").replace("\0", ""))


def _decode(data: bytes) -> None:
    found = twice(lambda: decode(data))
    if found is not None:
        check_texts(found)
        assert "\0" not in found


def _flat(reader: Callable[[bytes], Document], is_format: Callable[[bytes], bool], flat: bytes) -> None:
    data = pack(flat)
    if attempt(lambda: is_format(data)) is True:
        document(reader, data)


def _old_sheet(data: bytes) -> None:
    if attempt(lambda: sheet.detect_format(data)) == "xls":
        document(sheet.read, data)


def _archive(data: bytes) -> None:
    def everything() -> list[str]:
        package = zip_archive.ZipPackage(data)
        package.check_inflated_size()
        return [package.read_xml(n).tag for n in sorted(package.member_names) if n.endswith(".xml")]

    attempt(lambda: zip_archive.list_member_names(data))
    twice(everything)


def _office(data: bytes) -> None:
    kind = attempt(lambda: office.detect_format(data))
    if kind in ("", "xml", "doc"):
        twice(lambda: (office.is_office_file(data), sheet.detect_format(data)))


def _grid(data: bytes) -> None:
    found = Document(tuple(grid_of(data)), "text", "text")
    taken = twice(lambda: extract(found, load_register()))
    if taken is not None:
        check_extraction(taken, found)


def _narrative(data: bytes) -> None:
    lines = data.decode("utf-8", "replace").splitlines()
    paragraphs = tuple(Paragraph(x) for x in lines if x.strip())
    found = twice(lambda: extract_figures(paragraphs, 2019, "三门峡市人民政府"))
    if found is not None:
        check_figures(found, paragraphs)


@cache
def _folder() -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """A project with one report; the folder is removed when the process ends."""
    kept = tempfile.TemporaryDirectory(prefix="ogi-fuzz-")
    root = Path(kept.name)
    (root / "data" / "raw" / "2019").mkdir(parents=True)
    (root / "data" / "raw" / "2019" / "411200.html").write_bytes(b"<table>")
    (root / "secret.html").write_bytes(b"<table>")
    return kept, root


def _manifest(data: bytes) -> None:
    project = Data(_folder()[1] / "data")
    project.manifest.write_bytes(data)
    found = twice(lambda: _listed(project), project.raw, project.scan_cache) or []
    for source, fault in found:
        check_texts(source)
        inside = (project.root / source.path).resolve().is_relative_to(project.raw) if fault == "None" else True
        assert inside, source


def _listed(project: Data) -> list[tuple[Source, str]]:
    partitions = read_inventory(project, load_register(project.raw), ()).values()
    return [(e.source, repr(e.fault)) for partition in partitions for e in partition.entries]


def _decisions(data: bytes) -> None:
    path = _folder()[1] / "decisions.csv"
    path.write_bytes(data)
    for decision in twice(lambda: read_decisions(path), path) or ():
        assert decision.decided_value is None or decision.decided_value.is_finite(), decision
        check_texts(decision)


def _cases(data: bytes) -> None:
    try:
        cases = json.loads(data.decode("utf-8-sig"), parse_float=parse_number, parse_int=parse_number)
    except (ValueError, RecursionError):
        return
    if isinstance(cases, list):
        twice(lambda: to_json([run_case(c) for c in cases]))


TARGETS: Mapping[str, Target] = {
    "html": Target(partial(document, partial(_decoded, html.read)), "markup"),
    "text": Target(partial(document, partial(_decoded, text.read)), "words"),
    "docx": Target(partial(_flat, docx.read, docx.is_docx), "markup"),
    "sheet": Target(partial(_flat, sheet.read, sheet.is_workbook), "markup"),
    "xls": Target(_old_sheet),
    "mht": Target(partial(document, mht.read), "markup"),
    "zipped": Target(_archive),
    "pdf": Target(partial(document, _reading(pdf_pages.read)), "lines"),
    "decode": Target(_decode),
    "office": Target(_office),
    "grid": Target(_grid, "words"),
    "narrative": Target(_narrative, "words"),
    "extract": Target(whole, "markup"),
    "manifest": Target(_manifest, "lines"),
    "decisions": Target(_decisions, "lines"),
    "cases": Target(_cases, "lines"),
}


def timed(target: Target, data: bytes) -> float:
    """Run a target; the seconds of computing it took, whatever else the machine does."""
    begun = time.process_time()
    target.run(data)
    return time.process_time() - begun
