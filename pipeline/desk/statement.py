"""Read what a person states about a file of the inbox: whose report it is, on which period, and about what."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.core.file_names import is_portable_name
from pipeline.core.model import DataFault
from pipeline.job.check import Statement

QUARTERS = ("1", "2", "3", "4")
FIRST_YEAR, LAST_YEAR = 2008, 2100
NAMES = ("suggested", "body", "year", "quarter", "subject")


def read_statement(fields: Mapping[str, str]) -> Statement:
    """Return the statement in the fields of a form. Raises DataFault for a year, quarter or subject that is none."""
    texts = {name: fields.get(name, "").strip() for name in NAMES}
    year, quarter, subject = texts["year"], texts["quarter"], texts["subject"]
    if year and not (year.isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR):
        raise DataFault("desk.inbox.year_wrong", year=year)
    if quarter and quarter not in QUARTERS:
        raise DataFault("desk.inbox.quarter_wrong", quarter=quarter)
    if subject and not is_portable_name(subject):
        raise DataFault("add.bad_subject", subject=subject)
    return Statement(
        body=texts["suggested"] or texts["body"] or None,
        year=int(year) if year else None,
        quarter=int(quarter) if quarter else None,
        subject=subject or None,
    )
