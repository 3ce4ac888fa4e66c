"""SDMX 3.0: `observations.csv` (SDMX-CSV 2.0) and `structure.xml` (SDMX-ML 3.0), which defines it.

The components follow the dictionary's columns of `observations`: its key are the dimensions, `value` is the measure,
the rest are attributes of the observation.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.core.paths import REFERENCE
from pipeline.publish.interchange.sdmx_structure import FLOW, Codelist, Component, Words, structure
from pipeline.publish.interchange.source import Published, text, write_csv
from pipeline.storage.dictionary import dictionary, key

TABLE = "observations"
CODES = REFERENCE / "sdmx_codes.csv"
# Columns that SDMX knows by another name (its cross-domain concepts); any other is its name in capitals.
NAMES = {
    "body_id": "BODY", "year": "TIME_PERIOD", "region_code": "REF_AREA", "value": "OBS_VALUE", "unit": "UNIT_MEASURE",
    "report_id": "REPORT",
}  # fmt: skip
ROLES = {"TIME_PERIOD": "TimeDimension", "OBS_VALUE": "Measure"}
# The order of components: the time dimension is the last one (SDMX-ML 3.0, DimensionListType).
ORDER = ("Dimension", "TimeDimension", "Measure", "Attribute")
UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
ESCAPED = re.compile(r"@|\$([0-9A-F]+)\$")
MISSING = "NaN"  # SDMX-CSV 2.0: a number of which it is known that there is none


def encoded(own: str) -> str:
    """Our id as an SDMX id (IDType: letters, digits, _ @ $ -): a dot is @, another character its code point in $."""
    return UNSAFE.sub(lambda m: "@" if m[0] == "." else f"${ord(m[0]):X}$", own)


def decoded(code: str) -> str:
    """Our id of which `encoded` made this SDMX id."""
    return ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else ".", code)


def write(published: Published, folder: Path) -> None:
    """`observations.csv` and `structure.xml`."""
    parts = components(published)
    header = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *(c.id for c in parts))
    rows = (("dataflow", FLOW, "I", *(_field(c, row[c.column]) for c in parts)) for row in published.rows(TABLE))
    write_csv(folder / "observations.csv", header, rows)
    (folder / "structure.xml").write_bytes(structure(published.id, parts))


def components(published: Published) -> Sequence[Component]:
    """The components in the order of the CSV's columns."""
    lists = _codelists(published)
    found = []
    for line in dictionary()[TABLE]:
        name = NAMES.get(line["column"], line["column"].upper())
        role = ROLES.get(name, "Dimension" if line["column"] in key(TABLE) else "Attribute")
        # An amount in 万元 is one in yuan with a multiplier (SDMX cross-domain concept UNIT_MULT).
        for part in (name, "UNIT_MULT") if name == "UNIT_MEASURE" else (name,):
            listed = lists.get(part)
            words = listed.words if listed else {"zh": line["zh"], "en": line["en"]}
            found.append(Component(part, role, line["column"], words, listed))
    return sorted(found, key=lambda c: ORDER.index(c.role))


def _field(component: Component, value: Any) -> str:
    if component.codelist is None:
        return MISSING if component.role == "Measure" and value is None else text(value)
    code = component.codelist.code(value or "")
    if code is None:
        raise ProjectFault(f"{CODES.name}: CL_{component.id} has no code for {value!r}")
    return code


def _codelists(published: Published) -> dict[str, Codelist]:
    """The code lists by component: of `sdmx_codes.csv`, of the registers and of the forms."""
    with CODES.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    registered = {
        "BODY": [(r["body_id"], r["name"], f"{r['level']} {r['body_id']}") for r in published.rows("bodies")],
        "INDICATOR": [(r["indicator"], r["zh"], r["en"]) for r in published.rows("indicators")],
        "APPLICANT": _applicants(published),
    }
    found = {}
    for line in lines:
        if not line["code"]:  # it names the list
            own = [(x["ours"], x["code"], x["zh"], x["en"]) for x in lines if x["list"] == line["list"] and x["code"]]
            own += [(ours, encoded(ours), zh, en) for ours, zh, en in registered.get(line["list"], ())]
            codes = {ours: (code, {"zh": zh, "en": en}) for ours, code, zh, en in own}
            found[line["list"]] = Codelist(line["list"], _words(line), codes)
    return found


def _words(line: dict[str, str]) -> Words:
    return {"zh": line["zh"], "en": line["en"]}


def _applicants(published: Published) -> Iterator[tuple[str, str, str]]:
    """The columns of the tables whose cells are counted by kind of applicant, as the forms label them."""
    by_kind = {r["table"] for r in published.rows("crosswalk") if r["column"] == "*"}
    tables = [t for form in forms().values() for t in form.tables.values() if t.code in by_kind]
    labels = {label.code: label for t in tables for label in t.columns.values()}
    yield from ((label.code, label.zh, label.en) for label in labels.values())
