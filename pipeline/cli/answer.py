"""The answer of a query as a table for people, or as CSV, JSON or Parquet for programs."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.cli.extract import plain_value
from pipeline.cli.terminal import echo, write
from pipeline.core.files import write_atomically
from pipeline.core.messages import message_lines, say, visible
from pipeline.core.model import PROVENANCES
from pipeline.core.sentences import number, separator
from pipeline.core.text import escape_formula
from pipeline.publish.interchange.csv_format import csv_lines, excel_text
from pipeline.storage.dictionary import chinese_headings

FORMATS = ("table", "csv", "json", "parquet")
UNLIMITED_WIDTH = 100_000
STATUSES = ("loaded", "blank", "quarantined", "absent", "unknown")
DOUBTS = ("certified", "explained", "located", "unresolved")
TRANSLATED = frozenset({*PROVENANCES, "mixed", *STATUSES, *DOUBTS})
OF_KINDS = {
    "over_the_year": ("flow", "stock", "rate"),
    "origin": ("printed", "derived", "decided"),
    "status": ("missing",),
}


@dataclass(frozen=True)
class AnswerTarget:
    """The format and language of an answer, and the file that it is written to; without a file it is printed.

    The format `parquet` needs a file, the format `table` has none. `excel` makes CSV that Excel opens unchanged.
    """

    format: str
    lang: str
    output: Path | None
    excel: bool = False

    def write_rows(self, names: list[str], rows: list[tuple[Any, ...]]) -> None:
        """Print or write rows with these column names."""
        if self.format == "table":
            _print_table(names, rows, self.lang)
            return
        answer = _to_csv(names, rows, excel=self.excel) if self.format == "csv" else _to_json(names, rows)
        if self.output:
            self._write_file(answer.encode(), len(rows))
        elif sys.stdout.isatty():
            echo(answer, nl=False)
        else:
            write(answer)

    def write_table(self, table: pa.Table) -> None:
        """Write a table as a Parquet file."""
        self._write_file(_to_parquet(table), table.num_rows)

    def _write_file(self, content: bytes, rows: int) -> None:
        if self.output is None:
            raise ValueError(f"{self.format} needs a file")
        write_atomically(self.output, content)
        echo(say("query.written", self.lang, path=self.output, rows=rows), err=True)


def _print_table(names: list[str], rows: list[tuple[Any, ...]], lang: str) -> None:
    """Print a table at its full width, because nothing may be cut off; on a narrower terminal, one line per field."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    headings = [_heading(name, lang) for name in names]
    texts = [[_text(n, v, lang) for n, v in zip(names, row, strict=True)] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for i, heading in enumerate(headings):
        numeric = any(isinstance(row[i], (int, float, Decimal)) for row in rows)
        table.add_column(Text(heading), justify="right" if numeric else "left", no_wrap=True)
    for row in texts:
        table.add_row(*(Text(visible(text)) for text in row))
    width = Console(file=sys.stdout, width=UNLIMITED_WIDTH, highlight=False).measure(table).maximum
    if sys.stdout.isatty() and width > Console().width:
        _print_fields(headings, texts)
    else:
        Console(file=sys.stdout, width=width, highlight=False).print(table)
    echo(say("query.rows", lang, rows=len(rows)))


def _print_fields(headings: list[str], texts: list[list[str]]) -> None:
    for row in texts:
        echo("\n".join(f"{h}：{v}" for h, v in zip(headings, row, strict=True) if v) + "\n")


def _heading(name: str, lang: str) -> str:
    """Return the heading of a column: of one of the tables, else of a query; the name itself for that of a person."""
    own = say(f"column.{name}", lang) if f"column.{name}" in message_lines() else name
    return chinese_headings().get(name, own) if lang == "zh" else name


def _text(name: str, value: Any, lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say(f"code.{value}".lower(), lang)
    if isinstance(value, list):
        return separator(lang).join(map(str, value))
    if value in OF_KINDS.get(name, ()):
        return say(f"code.{value}", lang)
    if name.endswith(("provenance", "in_doubt")) or name == "status":
        return say(f"code.{value}", lang) if value in TRANSLATED else str(value)
    if isinstance(value, Decimal) and value.as_tuple().exponent == -1:
        return f"{value:,}"
    is_plain = name.endswith("year") or isinstance(value, str) or not isinstance(value, (int, float, Decimal))
    return str(value) if is_plain else number(value)


def _to_csv(names: list[str], rows: list[tuple[Any, ...]], *, excel: bool) -> str:
    if excel:
        return "".join(csv_lines(names, ([excel_text(value) for value in row] for row in rows), excel=True))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if v is None else escape_formula(v) if isinstance(v, str) else v for v in row])
    return text.getvalue()


def _to_parquet(table: pa.Table) -> bytes:
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    return content.getvalue()


def _to_json(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    records = [{n: plain_value(v) for n, v in zip(names, row, strict=True)} for row in rows]
    return json.dumps(records, ensure_ascii=False, indent=1, default=str) + "\n"
