"""Write comments into a copy of a Word document."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table, _Cell

from pipeline.core.model import DataFault
from pipeline.core.text import normalize
from pipeline.publish.annotate.note import AUTHOR, Note

# The same file and findings give the same bytes, so the time of a comment is not that of the clock.
FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def comment_docx(content: bytes, notes: Sequence[Note]) -> bytes:
    """Return the document with a comment per note.

    A note belongs to the cell at its place in its table. If that cell prints another text, it belongs to the only cell
    at that place in any table that prints the text; else the first paragraph gets the comment. Raises DataFault for a
    document that the library cannot write.
    """
    try:
        document = docx.Document(io.BytesIO(content))
    except (KeyError, ValueError, PackageNotFoundError) as error:
        raise DataFault("annotate.cannot") from error
    tables = [Table(element, document) for element in document.element.body.iter() if element.tag.endswith("}tbl")]
    for note in notes:
        cell = _find_cell(tables, note)
        runs = [run for paragraph in cell.paragraphs for run in paragraph.runs] if cell else []
        target = runs or _make_run(cell.paragraphs[0] if cell else _first_paragraph(document))
        comment = document.add_comment(target, text=note.text, author=AUTHOR, initials=AUTHOR)
        comment._comment_elm.set(_DATE, FIXED_TIME.isoformat().replace("+00:00", "Z"))
    target_file = io.BytesIO()
    document.save(target_file)
    return target_file.getvalue()


_DATE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}date"


def _first_paragraph(document: Any) -> Any:
    """Return the first paragraph outside of tables; a document without one gets one at its end."""
    return document.paragraphs[0] if document.paragraphs else document.add_paragraph()


def _make_run(paragraph: Any) -> list[Any]:
    return paragraph.runs or [paragraph.add_run()]


def _find_cell(tables: Sequence[Table], note: Note) -> _Cell | None:
    """Return the cell that a note is about, None if it is not certain."""
    own = list(_cells_at(tables[note.grid : note.grid + 1], note))
    if own and _prints(own[0], note):
        return own[0]
    others = [cell for cell in _cells_at(tables, note) if _prints(cell, note)]
    return others[0] if len(others) == 1 else None


def _cells_at(tables: Sequence[Table], note: Note) -> Iterator[_Cell]:
    """Yield the cell at the note's place in each table that has one."""
    for table in tables:
        try:
            yield table.cell(note.row, note.column)
        except IndexError:
            continue


def _prints(cell: _Cell, note: Note) -> bool:
    return normalize(cell.text).strip() == normalize(note.printed).strip()
