"""A file of the inbox in words: its body, kind and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.core.kind import split_report_part
from pipeline.core.report_names import report_name
from pipeline.desk.pages import Place


@dataclass(frozen=True)
class ItemWords:
    """The words on a file. `name` is the body with year, kind and quarter, as far as they are known.

    `read` says how many numbers it gives, of an annual report also on which form. `can_have_quarter` means that a
    person may state a quarter: the report is of a kind with quarters, or it could not be read. `subject_label` names
    the subject that tells a report from others of its body and period, such as the code of a website; it is '' for a
    kind without. `quarter` and `subject` are the known ones, 0 and '' without.
    """

    name: str
    read: str
    can_have_quarter: bool
    quarter: int = 0
    subject_label: str = ""
    subject: str = ""


def describe(place: Place, row: Mapping[str, Any]) -> ItemWords:
    """Return the words on a file of the inbox, given the row of its receipt."""
    kinds = place.register.kinds
    code, quarter, subject = split_report_part(row["part"])
    kind = kinds.get(code)
    if kind is None:
        name = f"{row['body']} {row['year'] or ''}".rstrip() if row["body"] else ""
        read = place.say("desk.inbox.form", form=row["form"], cells=row["cells"]) if row["form"] else ""
        unread = row["form"] is None and any(own.has_quarters for own in kinds.values())
        return ItemWords(name, read, unread)
    facts = {"body": row["body"] or "", "year": row["year"] or place.say("extract.unknown"), "kind": code}
    name = report_name(facts | {"quarter": quarter, "subject": subject}, place.lang).strip()
    read, label = place.say("desk.inbox.numbers", cells=row["cells"]), kind.attributes.get(kind.subject, ("",))[0]
    return ItemWords(name, read, kind.has_quarters, quarter, label, subject)
