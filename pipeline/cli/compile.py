"""`ogi compile`: the statutory form of a city and year from the published data, as files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from rapidfuzz import process

from pipeline.cli.export import inside_data
from pipeline.cli.terminal import echo
from pipeline.core.form import Form, form_of, forms
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode, ProjectFault
from pipeline.core.paths import Data
from pipeline.publish.form.fill import FilledForm, fill
from pipeline.publish.form.prose import Block, compose, read_template
from pipeline.storage.database import connect, rows

FORMATS = ("docx", "xlsx", "html", "pdf")
CITIES = "SELECT body_id, name, aliases, region_code FROM bodies WHERE parent IS NULL ORDER BY body_id"
YEARS = "SELECT DISTINCT year FROM city_year WHERE body_id = $body AND {basis} IS NOT NULL ORDER BY year"
SUGGESTED = 5


def show_compiled(
    data: Data, lang: str, city: str, year: int, *, formats: Sequence[str], out: Path, basis: str, form: str | None,
    template: Path | None, replace: bool,
) -> int:  # fmt: skip
    """Write the form in each format and say so; returns the exit code."""
    try:
        with connect(data) as connection:
            filled = _filled(connection, city, year, basis, form)
    except FileNotFoundError:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    except DataFault as fault:
        return _refuse(fault, lang)
    try:
        blocks = compose(filled, read_template(template))
        files = _files(filled, blocks, formats, lang)
        _write(data, out, files, replace=replace)
    except DataFault as fault:
        return _refuse(fault, lang)
    except OSError as error:
        echo(say("compile.disk", lang, error=error), err=True)
        return ExitCode.NOTHING
    return _tell(filled, out, files, lang)


def _refuse(fault: DataFault, lang: str) -> int:
    echo(say(fault.code, lang, **fault.values), err=True)
    return ExitCode.USAGE


def _tell(filled: FilledForm, out: Path, files: Mapping[str, bytes], lang: str) -> int:
    known = sum(c.value is not None for c in filled.cells.values() if not c.address.startswith("narrative/"))
    count = sum(len(t.cells) for t in filled.form.printed)
    for name in files:
        echo(say("compile.done", lang, path=out / name))
    echo(say("compile.cells", lang, body=filled.body, year=filled.year, known=known, count=count))
    for note in filled.notes:
        echo(note)
    if filled.banner:
        echo(filled.banner, err=True)
    return ExitCode.OK


def _filled(connection: duckdb.DuckDBPyConnection, city: str, year: int, basis: str, form: str | None) -> FilledForm:
    body = _city(connection, city)
    filled = fill(connection, body, year, _form(year, form), basis)
    if not filled.provenances:
        found = [str(r["year"]) for r in rows(connection, YEARS.format(basis=basis), {"body": body["body_id"]})]
        code = "compile.no_compiled" if basis == "compiled" else "compile.no_reported"
        raise DataFault(code, body=body["name"], year=year, years="、".join(found) or "—")
    return filled


def _city(connection: duckdb.DuckDBPyConnection, text: str) -> Mapping[str, Any]:
    """A city by id, code, name or alias."""
    cities = rows(connection, CITIES)
    for row in cities:
        if text in (row["body_id"], row["region_code"], row["name"], *(row["aliases"] or "").split("|")):
            return row
    close = [name for name, *_ in process.extract(text, [c["name"] for c in cities], limit=SUGGESTED)]
    raise DataFault("compile.city", text=text, close="、".join(close))


def _form(year: int, code: str | None) -> Form:
    """The form to fill: the prescribed one, or another of those with the three tables."""
    try:
        prescribed = form_of(year)
    except ProjectFault as fault:
        raise DataFault("compile.no_form", year=year) from fault
    if not _has_tables(prescribed):
        raise DataFault("compile.form", year=year, form=prescribed.code)
    return forms()[code] if code else prescribed


def _has_tables(form: Form) -> bool:
    return any(t.code == "applications" for t in form.printed)


def _files(filled: FilledForm, blocks: Sequence[Block], formats: Sequence[str], lang: str) -> Mapping[str, bytes]:
    """The bytes of each file by its name. A PDF that was not asked for by name may be left out."""
    mark = "-simulated" if filled.simulated else ""
    stem = f"{filled.body_id}-{filled.year}-form{filled.form.code}-{filled.basis}{mark}"
    found: dict[str, bytes] = {}
    for name in dict.fromkeys(formats or FORMATS):
        try:
            found[f"{stem}.{name}"] = _writer(name)(filled, blocks)
        except DataFault as fault:
            if formats or fault.code != "compile.pdf":
                raise
            echo(say(fault.code, lang, **fault.values), err=True)
    return found


def _writer(name: str) -> Callable[[FilledForm, Sequence[Block]], bytes]:
    if name == "docx":
        from pipeline.publish.form.docx import write_docx

        return write_docx
    if name == "xlsx":
        from pipeline.publish.form.xlsx import write_xlsx

        return write_xlsx
    from pipeline.publish.form.html import write_html, write_pdf

    return write_html if name == "html" else write_pdf


def _write(data: Data, out: Path, files: Mapping[str, bytes], *, replace: bool) -> None:
    """All files or none; one that somebody has edited since is kept unless it may be replaced."""
    if inside_data(data, out.resolve()):
        raise DataFault("compile.inside", path=out)
    if out.exists() and not out.is_dir():
        raise DataFault("compile.file", path=out)
    edited = [n for n, b in files.items() if (out / n).exists() and (out / n).read_bytes() != b]
    if edited and not replace:
        raise DataFault("compile.exists", paths="、".join(str(out / n) for n in edited))
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        fresh = out / f".{name}.{os.getpid()}.new"
        try:
            fresh.write_bytes(content)
            fresh.replace(out / name)
        finally:
            fresh.unlink(missing_ok=True)
