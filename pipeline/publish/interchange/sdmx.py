"""SDMX 3.0: a file per dataflow (SDMX-CSV 2.0) and `structure.xml` (SDMX-ML 3.0), which defines their columns.

The dataflows are the figures of the bodies, the totals of their superiors, and the rates. The components follow the
dictionary's columns of the table: the key gives the dimensions, one column is the measure, the others are attributes of
the observation. A hierarchy has the superior of each body.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.publish.interchange.csv_format import csv_text, write_csv
from pipeline.publish.interchange.dataset import LocalizedText
from pipeline.publish.interchange.sdmx_structure import (
    Codelist,
    Component,
    Dataflow,
    structure_message,
)
from pipeline.publish.interchange.snapshot_tables import TITLE, PublishedSnapshot
from pipeline.storage.dictionary import descriptions, dictionary, key

OBSERVATIONS = "observations"
TOTALS = "compiled"
CODES_FILE = REFERENCE / "sdmx_codes.csv"
# Columns that have another name among the cross-domain concepts of SDMX; any other is its name in capitals.
COMPONENT_IDS = {
    "body_id": "BODY", "body": "BODY_NAME", "year": "TIME_PERIOD", "region_code": "REF_AREA", "unit": "UNIT_MEASURE",
    "report_id": "REPORT",
}  # fmt: skip
ROLES = {"TIME_PERIOD": "TimeDimension", "OBS_VALUE": "Measure"}
# The order of components: the time dimension is the last dimension (SDMX-ML 3.0, DimensionListType).
ROLE_ORDER = ("Dimension", "TimeDimension", "Measure", "Attribute")
ESCAPED_CHARACTER = re.compile(r"[^A-Za-z0-9_-]")
ESCAPE = re.compile(r"@|\$([0-9A-F]+)\$")
NORMAL, BREAK = "A", "B"  # statuses of observations
ObservationKey = tuple[str, int, str, str]  # body, year, indicator, kind of applicant
NO_VALUE = "NaN"  # SDMX-CSV 2.0: a numeric value that is intentionally missing


def encode_id(own_id: str) -> str:
    """Return one of our ids as an SDMX id (IDType: letters, digits, _ @ $ -).

    A dot becomes @, any other character its hexadecimal code point between two $.
    """
    return ESCAPED_CHARACTER.sub(lambda m: "@" if m[0] == "." else f"${ord(m[0]):X}$", own_id)


def decode_id(code: str) -> str:
    """Return our id for an SDMX id that `encode_id` made."""
    return ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else ".", code)


@dataclass(frozen=True)
class Source:
    """The table of a dataflow: the id of the flow, the table, the column with the measure, and the name of the file."""

    flow_id: str
    table: str
    measure: str
    file: str


SOURCES = (
    Source("OGI", OBSERVATIONS, "value", "observations.csv"),
    Source("OGI_TOTALS", TOTALS, "compiled", "totals.csv"),
    Source("OGI_RATES", "rates", "percent", "rates.csv"),
)


def export(snapshot: PublishedSnapshot, folder: Path) -> None:
    """Write a file per dataflow and `structure.xml`.

    Raises OutdatedSnapshot for a missing table or column, and ProjectFault for a value without an SDMX code.
    """
    codelists = _codelists(snapshot)
    flows = [Dataflow(s.flow_id, _flow_names(s), components(s, codelists)) for s in SOURCES]
    for source, flow in zip(SOURCES, flows, strict=True):
        header = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *(c.id for c in flow.components))
        rows = (
            ("dataflow", flow.reference, "I", *(_field(c, row[c.column]) for c in flow.components))
            for row in _rows(snapshot, source)
        )
        write_csv(folder / source.file, header, rows)
    (folder / "structure.xml").write_bytes(structure_message(snapshot.id, flows))


def _flow_names(source: Source) -> LocalizedText:
    """Return the title of the data set, with the description of the table except for the main flow."""
    texts = descriptions()[source.table]
    return TITLE if source.table == OBSERVATIONS else {lang: f"{TITLE[lang]}: {texts[lang]}" for lang in TITLE}


def _rows(snapshot: PublishedSnapshot, source: Source) -> Iterator[dict[str, Any]]:
    """Yield the rows of a dataflow; observations with marked breaks in series."""
    if source.table != OBSERVATIONS:
        return snapshot.rows(source.table)
    breaks = _series_breaks(snapshot)
    return (_mark_break(row, breaks) for row in snapshot.rows(OBSERVATIONS))


def _series_breaks(snapshot: PublishedSnapshot) -> set[ObservationKey]:
    """Return the keys of the observations that their forms count otherwise than the year before."""
    growths = snapshot.rows("growth")
    return {_key(row) for row in growths if row["basis"] == "reported" and row["prior_basis"] == "series_broken"}


def _key(row: Mapping[str, Any]) -> ObservationKey:
    return row["body_id"], row["year"], row["indicator"], row["applicant"]


def _mark_break(row: dict[str, Any], breaks: set[ObservationKey]) -> dict[str, Any]:
    """Return an observation with the status of a time series break, if it is one and has no other status to state."""
    is_break = row["obs_status"] == NORMAL and _key(row) in breaks
    return row | {"obs_status": BREAK} if is_break else row


def components(source: Source, codelists: Mapping[str, Codelist]) -> Sequence[Component]:
    """Return the components of a dataflow in the order of the columns of its file."""
    ids = COMPONENT_IDS | {source.measure: "OBS_VALUE"}
    column_components = []
    for line in dictionary()[source.table]:
        main_id = ids.get(line["column"], line["column"].upper())
        role = ROLES.get(main_id, "Dimension" if line["column"] in key(source.table) else "Attribute")
        # An amount in 万元 is one in yuan with a multiplier (SDMX cross-domain concept UNIT_MULT).
        for component_id in (main_id, "UNIT_MULT") if main_id == "UNIT_MEASURE" else (main_id,):
            codelist = codelists.get(component_id)
            names = codelist.names if codelist else _names(line)
            column_components.append(Component(component_id, role, line["column"], names, codelist))
    return sorted(column_components, key=lambda c: ROLE_ORDER.index(c.role))


def _field(component: Component, value: Any) -> str:
    """Return the text of a value in `observations.csv`. Raises ProjectFault if the code list has no code for it."""
    if component.codelist is None:
        return NO_VALUE if component.role == "Measure" and value is None else csv_text(value)
    code = component.codelist.code(value or "")
    if code is None:
        raise ProjectFault("sdmx.no_code", file=CODES_FILE.name, list=f"CL_{component.id}", value=str(value))
    return code


def _codelists(snapshot: PublishedSnapshot) -> dict[str, Codelist]:
    """Return the code lists by component id, from `sdmx_codes.csv`, the registers and the forms."""
    with CODES_FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    bodies = list(snapshot.rows("bodies"))
    register_entries = {
        "BODY": [(r["body_id"], r["name"], f"{r['level']} {r['body_id']}") for r in bodies],
        "RATE": dict.fromkeys((r["rate"], r["zh"], r["en"]) for r in snapshot.rows("rate_terms")),
        "INDICATOR": [(r["indicator"], r["zh"], r["en"]) for r in snapshot.rows("indicators")],
        "APPLICANT": _applicants(snapshot),
    }
    codelists = {}
    for line in lines:
        if not line["code"]:  # a line without a code names its list
            list_id = line["list"]
            entries = [(x["ours"], x["code"], x["zh"], x["en"]) for x in lines if x["list"] == list_id and x["code"]]
            entries += [(own_id, encode_id(own_id), zh, en) for own_id, zh, en in register_entries.get(list_id, ())]
            codes = {value: (code, {"zh": zh, "en": en}) for value, code, zh, en in entries}
            codelists[list_id] = Codelist(list_id, _names(line), codes)
    parents = {encode_id(r["body_id"]): encode_id(r["parent"]) for r in bodies if r["parent"]}
    return codelists | {"BODY": replace(codelists["BODY"], parents=parents)}


def _names(line: dict[str, str]) -> LocalizedText:
    return {"zh": line["zh"], "en": line["en"]}


def _applicants(snapshot: PublishedSnapshot) -> Iterator[tuple[str, str, str]]:
    """Yield code, Chinese and English label of each kind of applicant, as the forms label their columns."""
    tables_by_applicant = {r["table"] for r in snapshot.rows("crosswalk") if r["column"] == "*"}
    tables = [t for form in forms().values() for t in form.tables.values() if t.code in tables_by_applicant]
    labels = {label.code: label for t in tables for label in t.columns.values()}
    yield from ((label.code, label.zh, label.en) for label in labels.values())
