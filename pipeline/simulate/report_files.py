"""Write simulated reports as files, with errors planted into some of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from pipeline.core.form import Form
from pipeline.raw.manifest import MANIFEST_COLUMNS
from pipeline.registry.bodies import Body
from pipeline.simulate.body_year import Cells, Value
from pipeline.simulate.corpus_spec import CorpusSpec
from pipeline.simulate.documents import NOTICE, TITLE
from pipeline.simulate.markup_files import build_docx, build_html, build_text
from pipeline.simulate.pdf_file import build_pdf
from pipeline.simulate.planted_errors import (
    CODE_BY_FAULT,
    CODE_BY_TRUNCATED_FORMAT,
    FILE_FAULTS,
    PlantedError,
    draw_kind,
    failing_identities,
    plant_slip,
)
from pipeline.simulate.random_integers import draw
from pipeline.simulate.sanmenxia import SOURCE
from pipeline.simulate.sentences import write_sentences
from pipeline.simulate.template import NOTICE as NOTICE_PLACEHOLDER
from pipeline.simulate.template import TITLE as TITLE_PLACEHOLDER
from pipeline.simulate.xlsx_file import build_xlsx

# Arguments: form code, texts by placeholder, paragraphs of the prose, and the number of the shape.
Writer = Callable[[str, Mapping[str, str], Sequence[str], int], bytes]
WRITERS: Mapping[str, Writer] = {
    "html": build_html,
    "docx": build_docx,
    "xlsx": build_xlsx,
    "pdf": build_pdf,
    "txt": build_text,
}
# A multiple of the number of shapes of every format.
SHAPE_COUNT = 6
# A truncated file has this many bytes.
TRUNCATED_BYTES = 200


@dataclass(frozen=True)
class ReportFile:
    """A simulated report as a file: its manifest line, its bytes, and the truth about it.

    `cells` holds address, true value and printed text of each cell. `figures` holds the printed figures of the prose by
    row. Both are empty where the file cannot be read.
    """

    manifest_line: Mapping[str, str]
    content: bytes
    cells: Sequence[tuple[str, Value, str]]
    figures: Mapping[str, str]
    errors: Sequence[PlantedError]


@dataclass
class ReportContent:
    """The numbers of a report before it is written as a file.

    `cells` and `figures` are the true values; `printed_cells` and `printed_figures` are the texts, with planted slips.
    """

    body: Body
    year: int
    form: Form
    cells: Cells
    figures: Mapping[str, Value]
    printed_cells: dict[str, str] = field(default_factory=dict)
    printed_figures: dict[str, str] = field(default_factory=dict)


@dataclass
class ReportWriter:
    """Writes report contents as files and plants errors into some of them."""

    spec: CorpusSpec
    rng: Random

    def write(self, content: ReportContent) -> Iterator[ReportFile]:
        """Yield the report as a file, with an error if one is drawn; some file faults add a second file."""
        content.printed_cells = {a: str(v) for a, v in content.cells.items()}
        content.printed_figures = {r: str(v) for r, v in content.figures.items()}
        suffix = self.spec.formats[draw(len(self.spec.formats) - 1, self.rng)]
        kind = draw_kind(self.rng) if draw(9999, self.rng) < self.spec.errors_per_10000 else ""
        if kind in FILE_FAULTS:
            yield from self._write_with_fault(kind, content, suffix)
        else:
            errors = self._plant_slip(kind, content) if kind else []
            yield self._make_file(content, suffix, errors)

    def _plant_slip(self, kind: str, content: ReportContent) -> list[PlantedError]:
        """Change the printed texts of `content` by a slip; return one error per changed text."""
        form, cells, figures = content.form, content.printed_cells, content.printed_figures
        new_cells, new_figures = plant_slip(kind, form, cells, figures, self.rng)
        changes = [(a, cells[a], text) for a, text in new_cells.items()]
        changes += [(f"narrative/{r}/value", figures[r], text) for r, text in new_figures.items()]
        cells |= new_cells
        figures |= new_figures
        expected = failing_identities(form, cells, figures)
        return [PlantedError(kind, cell, true, printed, expected) for cell, true, printed in changes]

    def _write_with_fault(self, kind: str, content: ReportContent, suffix: str) -> Iterator[ReportFile]:
        """Yield the report with a fault of its file.

        An unregistered body and a duplicate are a second file next to the correct one.
        """
        error = PlantedError(kind, "", "", "", CODE_BY_FAULT.get(kind, "") or CODE_BY_TRUNCATED_FORMAT[suffix])
        if kind in ("unregistered", "duplicate"):
            yield self._make_file(content, suffix, [error] if kind == "duplicate" else [])
            name = f"{content.body.name}筹备组" if kind == "unregistered" else content.body.name
            yield self._make_file(content, suffix, [error], name=name, path_ending=f"-{kind}")
            return
        file = self._make_file(content, suffix, [error])
        new_bytes = {"empty": b"", "truncated": truncate(file.content, suffix), "checksum": file.content}[kind]
        digest = hashlib.sha256(new_bytes + (b"?" if kind == "checksum" else b"")).hexdigest()
        is_readable = kind == "checksum"
        cells, figures = (file.cells, file.figures) if is_readable else ((), {})
        yield ReportFile({**file.manifest_line, "sha256": digest}, new_bytes, cells, figures, file.errors)

    def _make_file(
        self,
        content: ReportContent,
        suffix: str,
        errors: Sequence[PlantedError],
        *,
        name: str = "",
        path_ending: str = "",
    ) -> ReportFile:
        """Return the report as a file in the format `suffix`.

        `name` replaces the name of the body, and `path_ending` is added to its id in the path.
        """
        body, year, form = content.body, content.year, content.form
        name = name or body.name
        prose = write_sentences(form, content.printed_figures, name, year, self.rng)
        texts = content.printed_cells | {
            TITLE_PLACEHOLDER: TITLE.format(name=name, year=year),
            NOTICE_PLACEHOLDER: NOTICE.format(name=name, year=year),
        }
        file_bytes = WRITERS[suffix](form.code, texts, prose, draw(SHAPE_COUNT - 1, self.rng))
        values = (
            f"{year}/{body.body_id}{path_ending}.{suffix}", name, body.region_code, body.level, str(year), "simulated",
            SOURCE.format(seed=self.spec.seed), hashlib.sha256(file_bytes).hexdigest(),
        )  # fmt: skip
        cells = [(a, v, content.printed_cells[a]) for a, v in content.cells.items()]
        manifest_line = dict(zip(MANIFEST_COLUMNS, values, strict=True))
        return ReportFile(manifest_line, file_bytes, cells, content.printed_figures, errors)


def truncate(content: bytes, suffix: str) -> bytes:
    """Return the beginning of a file: whole lines before any table for text formats, TRUNCATED_BYTES for others."""
    start = content[:TRUNCATED_BYTES]
    return start.rpartition(b"\n")[0] if suffix in ("html", "txt") else start
