"""Work on the inbox: examine its files, accept them into `data/raw`, or send them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pipeline.core.messages import LANGUAGES
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.job.accept import Acceptance, Accepted, accept
from pipeline.job.check import Statement
from pipeline.job.receipt import Receipt
from pipeline.job.receive import PlaceAndYear, receive
from pipeline.raw import inbox
from pipeline.raw.file_state import sha256
from pipeline.raw.inbox import InboxItem
from pipeline.raw.incoming import IncomingFile
from pipeline.raw.returns import Return, record_return

NOT_EXAMINED: Mapping[str, Any] = {
    "status": "", "body_id": None, "body": None, "year": None, "part": "", "form": None, "cells": 0, "errors": 0,
    "warnings": 0, "reason_code": None, "status_reason": None, "suggestions": [], "earlier": None, "differences": [],
    "changes": [], "sentences": {},
}  # fmt: skip
OTHER_YEAR = "receive.other_year"
Words = Callable[[Receipt, str], Mapping[str, Any]]  # a receipt as a row in a language


@dataclass(frozen=True)
class ItemReceipt:
    """A file of the inbox with its stored receipt, by language; None while it has not been examined."""

    item: InboxItem
    stored: Mapping[str, Any] | None

    def row(self, lang: str) -> Mapping[str, Any]:
        """Return the receipt as a row, with an empty status if it has not been examined."""
        return {**NOT_EXAMINED, "file": self.item.name, **(self.stored or {}).get(lang, {})}


def list_receipts(data: Data) -> list[ItemReceipt]:
    """Return all files of the inbox with their receipts."""
    return [ItemReceipt(item, inbox.read_receipt(data, item.key)) for item in inbox.items(data)]


def examine(
    data: Data,
    items: Sequence[InboxItem],
    year: int | None,
    words: Words,
    said: Statement | None = None,
    *,
    are_first: bool = False,
) -> list[Receipt]:
    """Examine files of the inbox at once, which is much faster than one by one, and store their receipts.

    `year` is the report year that is collected. `said` is what a person states about all of them; without, an earlier
    statement on each applies. With `are_first`, they count before the other files of the inbox. Raises ProjectFault.
    """
    taken = {} if are_first else _ready_files(data, items)
    statements = {item.path: said or _earlier_statement(data, item) for item in items}
    receipts = receive([item.file for item in items], data, statements, year, taken)
    for item, receipt in zip(items, receipts, strict=True):
        rows = {lang: dict(words(receipt, lang)) for lang in LANGUAGES}
        inbox.write_receipt(data, item.key, rows | {"said": asdict(statements[item.path])})
    return receipts


def accept_items(
    data: Data, items: Sequence[InboxItem], year: int | None, words: Words, *, replace_registered: bool = False
) -> list[Accepted]:
    """Register files of the inbox and drop them there; keep those, with new receipts, that cannot be registered.

    The files are examined again, because reports and bodies may have been registered since their receipts were written.
    With `replace_registered` they count before the registered reports and before the other files of the inbox.
    """
    receipts = examine(data, items, year, words, are_first=replace_registered)
    accepted = accept(receipts, data, Acceptance(replace=replace_registered))
    for item, result in zip(items, accepted, strict=True):
        if result.report_id:
            inbox.drop(data, item.key)
            _forget_receipts(data, result.receipt)
    return accepted


def _earlier_statement(data: Data, item: InboxItem) -> Statement:
    return Statement(**(inbox.read_receipt(data, item.key) or {}).get("said", {}))


def return_item(data: Data, item: InboxItem, reason: str, returned_by: str, year: int) -> None:
    """Send a file back: move it to `data/returned`, and record the return with today's date.

    `year` is the report year that is collected: the body still owes this report.

    Raises DataFault without a reason or name.
    """
    if not reason.strip() or not returned_by.strip():
        raise DataFault("inbox.return_needs")
    row = ItemReceipt(item, inbox.read_receipt(data, item.key)).row("zh")
    body_id, body, part = (str(row[name] or "") for name in ("body_id", "body", "part"))
    words = (sha256(item.path), reason.strip(), returned_by.strip(), date.today().isoformat())
    record_return(data, Return(body_id, body, str(year), item.name, *words, part))
    inbox.move_to_returned(data, item, str(year))


def _ready_files(data: Data, items: Sequence[InboxItem]) -> Mapping[PlaceAndYear, IncomingFile]:
    """Return the files of the inbox besides `items` that are ready, by the place and year of their receipts."""
    keys = {item.key for item in items}
    found: dict[PlaceAndYear, IncomingFile] = {}
    for other in list_receipts(data):
        row = other.row("zh")
        if other.item.key not in keys and row["status"] == "ready" and row["body_id"] and row["year"]:
            found.setdefault(((row["body_id"], row["part"]), row["year"]), other.item.file)
    return found


def _forget_receipts(data: Data, accepted: Receipt) -> None:
    """Let the other files of a body and part of the year be examined again: its registered report has changed."""
    for other in list_receipts(data):
        row = other.row("zh")
        if accepted.body and (row["body_id"], row["part"]) == accepted.place(accepted.body):
            _forget(data, other)


def examine_for_year(data: Data, year: int) -> None:
    """Let the files be examined again that were returned because reports on another year than this were collected."""
    for other in list_receipts(data):
        row = other.row("zh")
        if row["reason_code"] == OTHER_YEAR and row["year"] == year:
            _forget(data, other)


def _forget(data: Data, receipt: ItemReceipt) -> None:
    """Drop a receipt; the statement of a person stays."""
    if receipt.stored:
        inbox.write_receipt(data, receipt.item.key, {"said": receipt.stored.get("said", {})})
