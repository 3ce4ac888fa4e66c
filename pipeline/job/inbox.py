"""Work on the inbox: examine its files, accept them into `data/raw`, or send them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.core.messages import LANGUAGES
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.job.accept import Acceptance, Accepted, accept
from pipeline.job.check import Statement
from pipeline.job.receipt import Receipt
from pipeline.job.receive import BodyAndYear, receive
from pipeline.raw import inbox
from pipeline.raw.file_state import sha256
from pipeline.raw.inbox import InboxItem
from pipeline.raw.incoming import IncomingFile
from pipeline.raw.returns import Return, record_return

NOT_EXAMINED: Mapping[str, Any] = {
    "status": "", "body_id": None, "body": None, "year": None, "form": None, "cells": 0, "errors": 0, "warnings": 0,
    "reason_code": None, "reason": None, "suggestions": [], "earlier": None, "differences": [], "changes": [],
    "sentences": {},
}  # fmt: skip
Words = Callable[[Receipt, str], Mapping[str, Any]]  # a receipt as a row in a language


@dataclass(frozen=True)
class ItemReceipt:
    """A file of the inbox with its stored receipt, by language; None while it has not been examined."""

    item: InboxItem
    stored: Mapping[str, Any] | None

    def row(self, lang: str) -> Mapping[str, Any]:
        """Return the receipt as a row, with an empty status if it has not been examined."""
        return (self.stored or {}).get(lang) or {**NOT_EXAMINED, "file": self.item.name}


def list_receipts(data: Data) -> list[ItemReceipt]:
    """Return all files of the inbox with their receipts."""
    return [ItemReceipt(item, inbox.read_receipt(data, item.key)) for item in inbox.items(data)]


def examine(
    data: Data,
    item: InboxItem,
    year: int | None,
    words: Words,
    said: Statement | None = None,
    *,
    is_first: bool = False,
) -> Receipt:
    """Examine a file of the inbox and store its receipt.

    `said` is what a person states about it; without, an earlier statement applies. With `is_first`, it counts before
    the other files of the inbox. Raises ProjectFault.
    """
    stored = inbox.read_receipt(data, item.key) or {}
    said = said or Statement(**stored.get("said", {}))
    taken = {} if is_first else _ready_files(data, item)
    (receipt,) = receive([item.file], data, {item.path: said}, year, taken)
    rows = {lang: dict(words(receipt, lang)) for lang in LANGUAGES}
    inbox.write_receipt(data, item.key, rows | {"said": {"body": said.body, "year": said.year}})
    return receipt


def examine_all(data: Data, items: Sequence[InboxItem], year: int | None, words: Words) -> None:
    """Examine several files at once, which is much faster, and store their receipts. Raises ProjectFault."""
    said = {item.path: Statement(**(inbox.read_receipt(data, item.key) or {}).get("said", {})) for item in items}
    taken = _ready_files(data, items[0]) if items else {}
    receipts = receive([item.file for item in items], data, said, year, taken)
    for item, receipt in zip(items, receipts, strict=True):
        rows = {lang: dict(words(receipt, lang)) for lang in LANGUAGES}
        statement = said[item.path]
        inbox.write_receipt(data, item.key, rows | {"said": {"body": statement.body, "year": statement.year}})


def accept_item(data: Data, item: InboxItem, words: Words, *, replace_registered: bool) -> Accepted:
    """Register a file of the inbox and drop it there; keep it, with a new receipt, if it cannot be registered.

    The file is examined again, because reports and bodies may have been registered since its receipt was written.
    """
    receipt = examine(data, item, None, words, is_first=replace_registered)
    (accepted,) = accept([receipt], data, Acceptance(replace=replace_registered))
    if accepted.report_id:
        inbox.drop(data, item.key)
    return accepted


def return_item(data: Data, item: InboxItem, reason: str, returned_by: str, year: int) -> None:
    """Send a file back: move it to `data/returned`, and record the return with today's date.

    `year` is the report year that is collected: the body still owes this report.

    Raises DataFault without a reason or name.
    """
    if not reason.strip() or not returned_by.strip():
        raise DataFault("inbox.return_needs")
    row = ItemReceipt(item, inbox.read_receipt(data, item.key)).row("zh")
    body_id, body = (str(row.get(name) or "") for name in ("body_id", "body"))
    words = (sha256(item.path), reason.strip(), returned_by.strip(), date.today().isoformat())
    inbox.move_to_returned(data, item, str(year))
    record_return(data, Return(body_id, body, str(year), item.name, *words))


def _ready_files(data: Data, item: InboxItem) -> Mapping[BodyAndYear, IncomingFile]:
    """Return the other files of the inbox that are ready, by the body and year of their receipts."""
    found: dict[BodyAndYear, IncomingFile] = {}
    for other in list_receipts(data):
        row = other.row("zh")
        if other.item.key != item.key and row["status"] == "ready" and row.get("body_id") and row.get("year"):
            found.setdefault((row["body_id"], row["year"]), other.item.file)
    return found


def forget_receipts(data: Data, body_id: str) -> None:
    """Examine the files of a body again at the next look, because its registered report has changed."""
    for other in list_receipts(data):
        if other.row("zh").get("body_id") == body_id and other.stored:
            inbox.write_receipt(data, other.item.key, {"said": other.stored.get("said", {})})
