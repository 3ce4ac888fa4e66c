"""Web archives (.mht, and what some programs save as .doc): a mail message whose first HTML part is the page."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from pipeline.core.model import DataFault, Document
from pipeline.read import html
from pipeline.read.encoding import decode

_HEAD = re.compile(rb"\s*(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)
MOST_PARTS = 1_000


def sniff(data: bytes) -> bool:
    """Whether the bytes open like a mail message with parts or a page."""
    head = data[:4096]
    return bool(_HEAD.match(head)) and (b"multipart/" in head.lower() or b"text/html" in head.lower())


def read(data: bytes) -> Document:
    """The Document of an archive's page. Raises DataFault for one without a page."""
    if data.lower().count(b"content-type:") > MOST_PARTS:
        raise DataFault("read.too_many_members", limit=MOST_PARTS)
    try:
        parts = [part for part in message_from_bytes(data).walk() if part.get_content_type() == "text/html"]
        content = _content(parts[0]) if parts else b""
    except (RecursionError, ValueError, LookupError) as error:
        raise DataFault("read.broken_mht") from error
    if not content.strip():
        raise DataFault("read.broken_mht")
    return replace(html.read(decode(content)), format="mht")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
