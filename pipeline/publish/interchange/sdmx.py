"""SDMX 3.0: `observations.csv` (SDMX-CSV 2.0) and `structure.xml` (SDMX-ML 3.0), which defines its columns.

The components follow the dictionary's columns of `observations`: the key gives the dimensions, `value` is the measure,
the other columns are attributes of the observation.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.publish.interchange.csv_format import csv_text, write_csv
from pipeline.publish.interchange.sdmx_structure import (
    FLOW_REFERENCE,
    Codelist,
    Component,
    LocalizedText,
    structure_message,
)
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.storage.dictionary import dictionary, key

TABLE = "observations"
CODES_FILE = REFERENCE / "sdmx_codes.csv"
# Columns that have another name among the cross-domain concepts of SDMX; any other is its name in capitals.
COMPONENT_IDS = {
    "body_id": "BODY", "year": "TIME_PERIOD", "region_code": "REF_AREA", "value": "OBS_VALUE", "unit": "UNIT_MEASURE",
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


def export(snapshot: PublishedSnapshot, folder: Path) -> None:
    """Write `observations.csv` and `structure.xml`.

    Raises OutdatedSnapshot for a missing table or column, and ProjectFault for a value without an SDMX code.
    """
    columns = components(snapshot)
    header = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *(c.id for c in columns))
    breaks = _series_breaks(snapshot)
    rows = (
        ("dataflow", FLOW_REFERENCE, "I", *(_field(c, row[c.column]) for c in columns))
        for row in (_mark_break(row, breaks) for row in snapshot.rows(TABLE))
    )
    write_csv(folder / "observations.csv", header, rows)
    (folder / "structure.xml").write_bytes(structure_message(snapshot.id, columns))


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


def components(snapshot: PublishedSnapshot) -> Sequence[Component]:
    """Return the components in the order of the columns of `observations.csv`."""
    codelists = _codelists(snapshot)
    column_components = []
    for line in dictionary()[TABLE]:
        main_id = COMPONENT_IDS.get(line["column"], line["column"].upper())
        role = ROLES.get(main_id, "Dimension" if line["column"] in key(TABLE) else "Attribute")
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
        raise ProjectFault(f"{CODES_FILE.name}: CL_{component.id} has no code for {value!r}")
    return code


def _codelists(snapshot: PublishedSnapshot) -> dict[str, Codelist]:
    """Return the code lists by component id, from `sdmx_codes.csv`, the registers and the forms."""
    with CODES_FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    register_entries = {
        "BODY": [(r["body_id"], r["name"], f"{r['level']} {r['body_id']}") for r in snapshot.rows("bodies")],
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
    return codelists


def _names(line: dict[str, str]) -> LocalizedText:
    return {"zh": line["zh"], "en": line["en"]}


def _applicants(snapshot: PublishedSnapshot) -> Iterator[tuple[str, str, str]]:
    """Yield code, Chinese and English label of each kind of applicant, as the forms label their columns."""
    tables_by_applicant = {r["table"] for r in snapshot.rows("crosswalk") if r["column"] == "*"}
    tables = [t for form in forms().values() for t in form.tables.values() if t.code in tables_by_applicant]
    labels = {label.code: label for t in tables for label in t.columns.values()}
    yield from ((label.code, label.zh, label.en) for label in labels.values())
