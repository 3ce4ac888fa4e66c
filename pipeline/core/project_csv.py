"""The CSV files that people edit: read as Excel and WPS save them, and written back in the same form.

A file may be UTF-8, GB 18030 or UTF-16, with commas, semicolons or tabs. Columns are found by name, in any order;
further columns are kept and not used. Blank rows and empty columns are ignored. `core.project_update` writes the files.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from pipeline.core.csv_form import FileForm, decode
from pipeline.core.model import FilePlace, ProjectFault

# `text`: a name or a sentence. `code`: an id or a word of a list. `whole`: a whole number. `number`: a decimal number.
# `printed`: copied from a report, so that no character of it may change.
Kind = Literal["text", "code", "whole", "number", "printed"]
Note = tuple[str, Mapping[str, object]]
"""The code of a message about a project file, and the values of its placeholders."""
Warn = Callable[[Note], object]

MAX_RECORD_CHARACTERS = 100_000
DELIMITERS = ",;\t"
_WHOLE = re.compile(r"([0-9]+)\.0*")
_WITH_SEPARATORS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


@dataclass(frozen=True)
class Layout:
    """The columns of a project file: the kind of each by name. `optional` ones may be missing.

    `old_names` has the present name of each column that had another name in an earlier version. With `is_sorted`, the
    file is kept in the order of its keys.
    """

    columns: Mapping[str, Kind]
    optional: frozenset[str] = frozenset()
    old_names: Mapping[str, str] = field(default_factory=dict)
    is_sorted: bool = True


class Row(NamedTuple):
    """A line: its place for messages, and the field of each column of the layout, '' if it is missing."""

    place: FilePlace
    values: dict[str, str]


@dataclass(frozen=True)
class ProjectCsv:
    """A project file. `names` are the columns as understood, '' for one that is not used.

    `records` has the text of every record after the header. A record has several lines if a quoted field has.
    """

    path: Path
    layout: Layout
    form: FileForm
    header: str
    names: tuple[str, ...]
    first_line: int
    records: list[str]
    has_quotes: bool = False

    def rows(self) -> Iterator[Row]:
        """Yield the records that are not blank. Raises ProjectFault for a record with too many fields."""
        for line, record in self.numbered_records():
            yield Row(FilePlace(str(self.path), line), self.values(record, line))

    def numbered_records(self) -> Iterator[tuple[int, str]]:
        """Yield the first line and the text of each record that is not blank."""
        line, blank = self.first_line, f'{self.form.delimiter} \t"'
        for record in self.records:
            if record and (record[0] not in blank or record.strip(blank)):
                yield line, record
            line += 1 + record.count("\n") if self.has_quotes else 1

    def values(self, record: str, line: int) -> dict[str, str]:
        """Return the fields of a record by column. Raises ProjectFault if there are more fields than columns."""
        fields = self.split(record)
        if len(fields) > len(self.names) and (surplus := [f for f in fields[len(self.names) :] if f.strip()]):
            place = FilePlace(str(self.path), line)
            raise ProjectFault("project.fields", place=place, surplus=", ".join(surplus), count=len(self.names))
        placed = zip(self.layout.columns.items(), self._place(fields), strict=True)
        return {name: clean(kind, text) for (name, kind), text in placed}

    def fields(self, record: str) -> list[str]:
        """Return the text of a record for each column of the layout, '' if it is missing."""
        return self._place(self.split(record))

    def _place(self, fields: list[str]) -> list[str]:
        count = len(self.layout.columns)
        if self._is_in_order:
            return fields if len(fields) == count else (fields + [""] * count)[:count]
        return [fields[i] if i is not None and i < len(fields) else "" for i in self._positions]

    def split(self, record: str) -> list[str]:
        """Return all fields of a record as the file has them."""
        return split(record, self.form.delimiter)

    @cached_property
    def _positions(self) -> list[int | None]:
        return [self.names.index(name) if name in self.names else None for name in self.layout.columns]

    @cached_property
    def _is_in_order(self) -> bool:
        return self._positions == list(range(len(self.layout.columns)))


def read_project_csv(path: Path, layout: Layout) -> ProjectCsv:
    """Read a file. Raises ProjectFault as `decode` and `parse` do, and if there is no file."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ProjectFault("project.missing", path=path) from error
    return parse(path, *decode(path, content), layout)


def parse(path: Path, text: str, form: FileForm, layout: Layout) -> ProjectCsv:
    """Return a file's text as records.

    Raises ProjectFault if a column is missing or occurs twice, a record is too long, or a quote is not closed.
    """
    records = text.split("\n")
    start = next((number for number, record in enumerate(records) if record.strip(f"{DELIMITERS} ")), 0)
    _check_length(path, records[start : start + 1], start + 1)
    delimiter = max(DELIMITERS, key=lambda d: len(layout.columns.keys() & set(_names(records[start], d, layout))))
    names = _names(records[start], delimiter, layout)
    _check_names(path, names, layout)
    body = records[start + 1 :]
    has_quotes = '"' in text
    if has_quotes and any(record.count('"') % 2 for record in body):
        body = list(_join_quoted_lines(path, body, delimiter, start + 2))
    _check_length(path, body, start + 2)
    form = form.with_delimiter(delimiter)
    return ProjectCsv(path, layout, form, records[start], names, start + 2, body, has_quotes)


def split(record: str, delimiter: str) -> list[str]:
    """Return the fields of a record."""
    return next(csv.reader([record], delimiter=delimiter), []) if '"' in record else record.split(delimiter)


def without_repeats(rows: Iterable[Row], warn: Warn) -> Iterator[Row]:
    """Yield the rows, one for rows that are equal in all columns. The others are reported: nothing is lost."""
    first_places: dict[tuple[str, ...], FilePlace] = {}
    for row in rows:
        first = first_places.setdefault(tuple(row.values.values()), row.place)
        if first is row.place:
            yield row
        else:
            warn(("project.repeated", {"place": row.place, "first": first}))


def clean(kind: Kind, text: str) -> str:
    """Return a field as it was meant.

    Excel's `="411200"` is 411200. In codes and numbers, full-width characters are folded and a leading apostrophe is
    dropped; `2018.0` and `2,018` are the whole number 2018. A printed text keeps its blanks.
    """
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    if kind == "printed":
        return text
    return text.strip() if kind == "text" or (text.isascii() and text.isalnum()) else _fold(kind, text)


@lru_cache(maxsize=100_000)
def _fold(kind: Kind, text: str) -> str:
    """Return a code or number with ASCII characters, and a whole number without decimals and separators."""
    text = unicodedata.normalize("NFKC", text).strip().lstrip("'‘’").strip()
    if kind != "code" and _WITH_SEPARATORS.fullmatch(text):
        text = text.replace(",", "")
    whole = _WHOLE.fullmatch(text) if kind != "number" else None
    return whole[1] if whole else text


def _names(header: str, delimiter: str, layout: Layout) -> tuple[str, ...]:
    """Return the columns of a header as the layout calls them, '' for one that it does not have."""
    printed = (unicodedata.normalize("NFKC", name).strip().lower() for name in split(header, delimiter))
    known = (layout.old_names.get(name, name) for name in printed)
    return tuple(name if name in layout.columns else "" for name in known)


def _check_names(path: Path, names: tuple[str, ...], layout: Layout) -> None:
    if missing := [name for name in layout.columns if name not in names and name not in layout.optional]:
        raise ProjectFault("project.columns", path=path, missing=", ".join(missing), columns=",".join(layout.columns))
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise ProjectFault("project.column_twice", path=path, columns=", ".join(twice))


def _check_length(path: Path, records: list[str], first_line: int) -> None:
    """Raise ProjectFault for a record that is too long to be one line of a table."""
    long = next((number for number, record in enumerate(records) if len(record) > MAX_RECORD_CHARACTERS), None)
    if long is not None:
        place = FilePlace(str(path), first_line + sum(1 + record.count("\n") for record in records[:long]))
        raise ProjectFault("project.long", place=place, limit=MAX_RECORD_CHARACTERS)


def _join_quoted_lines(path: Path, lines: list[str], delimiter: str, first_line: int) -> Iterator[str]:
    """Yield the records. Raises ProjectFault if a quote is opened and not closed."""
    reader, last = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter), 0
    try:
        for _ in reader:
            record = "\n".join(lines[last : reader.line_num])
            is_open = reader.line_num == len(lines) > last + 1 and record.count('"') % 2
            if is_open or len(record) > MAX_RECORD_CHARACTERS:
                raise csv.Error
            yield record
            last = reader.line_num
    except csv.Error as error:
        raise ProjectFault("project.quote", place=FilePlace(str(path), first_line + last)) from error
