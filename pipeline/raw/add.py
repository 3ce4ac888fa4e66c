"""`ogi add`: a report into `data/raw`, with its line in the manifest."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.raw.file_state import sha256
from pipeline.raw.manifest import FIELDS, put_aside, renew
from pipeline.registry.load import Body, load_register
from pipeline.report import read_report
from pipeline.runtime.child_process import Guard


def add_report(
    data: Data,
    file: Path,
    *,
    body: str | None,
    year: int | None,
    provenance: str,
    source: str,
    replace: bool,
    lang: str,
) -> tuple[str, str, int]:
    """Register a report; returns its id, body and year. What the document does not say must be given.

    Raises click.UsageError where body or year stay unknown, the document cannot be read, or another file is in the way.
    """
    try:
        with Guard() as guard:
            extraction = guard.call(read_report, file, data.raw, True)
    except DataFault as fault:
        raise click.UsageError(
            say("extract.fault", lang, path=file, why=say(fault.code, lang, **fault.values))
        ) from fault
    found = _body(data, body or extraction.body or "", lang)
    told = year or extraction.year
    if told is None:
        raise click.UsageError(say("add.year", lang))
    report_id = _place(data, file, found, told, replace, lang)
    digest = sha256(data.raw / report_id)
    # A document that calls itself simulated is registered as what it is, whatever is asked.
    provenance = "simulated" if extraction.simulated else provenance
    values = (report_id, found.name, found.region_code, found.level, str(told), provenance, source, digest)
    renew(data.manifest, [dict(zip(FIELDS, values, strict=True))])
    return report_id, found.name, told


def _body(data: Data, name: str, lang: str) -> Body:
    found = load_register(data.raw).find(name)
    if found is None:
        raise click.UsageError(say("register.unknown", lang, body=name) if name else say("add.body", lang))
    return found


def _place(data: Data, file: Path, body: Body, year: int, replace: bool, lang: str) -> str:
    """Copy the file to its place, unless it lies in `data/raw` already; returns its path below that."""
    if file.resolve().is_relative_to(data.raw.resolve()):
        return file.resolve().relative_to(data.raw.resolve()).as_posix()
    suffix = file.suffix.lower()  # it tells a person what the file is; the reader looks at the bytes
    report_id = f"{year}/{body.body_id}{suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ''}"
    target = data.raw / report_id
    if target.exists() and sha256(target) != sha256(file) and not replace:
        raise click.UsageError(say("add.exists", lang, path=target))
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and sha256(target) != sha256(file):
        put_aside(data, report_id)
    shutil.copyfile(file, target)
    return report_id
