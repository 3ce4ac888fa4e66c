"""Load: what was taken from the reports to Parquet, one file a part and table, named by its content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.core.messages import say
from pipeline.core.model import Source
from pipeline.report import Intake
from pipeline.storage.partition import Part
from pipeline.storage.schema import BASE, from_rows, schema, to_parquet

# `observations` follows from the others by SQL.
LOADED = tuple(t for t in BASE if t != "observations")
# What decides whether the rows of a report in an earlier snapshot still hold, besides the engine and the decisions.
IDENTITY = ("report_id", "body", "region_code", "level", "year", "sha256", "recorded_sha256", "provenance", "source")

Tables = dict[str, pa.Table]


def tables_of(intakes: Sequence[Intake]) -> Tables:
    """The rows of the loaded tables for these reports."""
    rows: dict[str, list[dict[str, Any]]] = {t: [] for t in LOADED}
    for intake in intakes:
        rows["reports"].append(_report(intake))
        if intake.fault is None and intake.extraction:
            base = {"report_id": intake.source.report_id, "provenance": intake.source.provenance}
            rows["cells"] += [base | _fields(c) for c in intake.extraction.cells]
            rows["figures"] += [
                base | _fields(f) | {"named_body": f.named_body or None} for f in intake.extraction.figures
            ]
            rows["findings"] += [
                base | _fields(f) | {"difference": _difference(f)} for f in dict.fromkeys(intake.findings)
            ]
            rows["derived"] += [base | _fields(d) for d in intake.derived]
            rows["proposals"] += [base | _fields(p) for p in intake.proposals]
            rows["decisions"] += [_fields(d) for d in intake.decisions]
    return {table: from_rows(table, found) for table, found in rows.items()}


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _difference(finding: Any) -> Any:
    return None if finding.lhs is None or finding.rhs is None else finding.lhs - finding.rhs


def _report(intake: Intake) -> dict[str, Any]:
    source, fault = intake.source, intake.fault
    taken, body = intake.extraction, intake.body
    return {
        **{name: getattr(source, name) or None for name in ("body", "region_code", "level", "provenance", "source")},
        **{name: getattr(source, name) or None for name in ("recorded_sha256", "sha256")},
        "report_id": source.report_id,
        "path": source.path,
        "year": source.year or None,
        "body_id": body.body_id if body else None,
        "parent": body.parent or None if body else None,
        "form": taken.form if taken and not fault else None,
        "format": taken.format if taken else None,
        "reader": taken.reader if taken else None,
        "status": "quarantined" if fault else "loaded",
        "reason_code": fault.code if fault else None,
        "reason_zh": say(fault.code, "zh", **fault.values) if fault else None,
        "reason_en": say(fault.code, "en", **fault.values) if fault else None,
    }


def unchanged(earlier: Tables, sources: Iterable[Source]) -> set[str]:
    """The loaded reports of an earlier snapshot whose manifest line and bytes are still the same."""
    wanted = {tuple(getattr(s, name) or None for name in IDENTITY) for s in sources}
    good = earlier["reports"].filter(pc.equal(earlier["reports"]["status"], "loaded"))
    return {r["report_id"] for r in good.select(IDENTITY).to_pylist() if tuple(r[n] for n in IDENTITY) in wanted}


def of_reports(tables: Tables, wanted: Iterable[str]) -> Tables:
    """The rows of these reports."""
    chosen = pa.array(sorted(wanted), pa.string())
    return {name: rows.filter(pc.is_in(rows["report_id"], chosen)) for name, rows in tables.items()}


def together(found: Sequence[Tables]) -> Tables:
    """The rows of all."""
    return {table: pa.concat_tables([f[table] for f in found]) for table in LOADED}


def files(folder: Path, table: str) -> dict[str, Path]:
    """The files of a table in a snapshot by stem: `2019-41` for a part, the table's name for a register."""
    return {stem: folder / table / name for stem, name in names(folder, table).items()}


def names(folder: Path, table: str) -> dict[str, str]:
    """The names of the files by stem: of very many, to make paths takes longer than to list them."""
    try:
        found = sorted(name for name in os.listdir(folder / table) if name.endswith(".parquet"))  # noqa: PTH208
    except FileNotFoundError:
        return {}
    return {name.rpartition("-")[0]: name for name in found}


def read_part(folder: Path, part: Part) -> Tables | None:
    """The loaded tables of a part in a snapshot, without the findings that compare reports; None where there is none.
    A table without a file has no rows.
    """
    found = {table: names(folder, table).get(part.stem) for table in LOADED}
    if not found["reports"]:
        return None
    return {t: pq.read_table(folder / t / name) if name else schema(t).empty_table() for t, name in found.items()}


def write(folder: Path, table: str, stem: str, data: pa.Table) -> Path:
    """Write `folder/table/stem-<hash>.parquet`; the hash is of the content, so no name stands for two contents, and a
    file that is there already, which an earlier snapshot may share, is left alone.
    """
    content = to_parquet(table, data)
    path = folder / table / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(content)
    return path
