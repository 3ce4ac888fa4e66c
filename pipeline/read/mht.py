"""Read web archives (.mht, also saved as .doc by some programs): a mail message whose first HTML part is the page."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from pipeline.core.model import DataFault, Document
from pipeline.read import html
from pipeline.read.encoding import decode

_MAIL_HEADER = re.compile(rb"\s*(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)
DETECTION_BYTES = 4096
MAX_PARTS = 1_000


def is_web_archive(data: bytes) -> bool:
    """Return whether the bytes begin like a mail message with several parts or a page."""
    head = data[:DETECTION_BYTES]
    return bool(_MAIL_HEADER.match(head)) and (b"multipart/" in head.lower() or b"text/html" in head.lower())


def read(data: bytes) -> Document:
    """Return the Document of an archive's page. Raises DataFault if it has no page or more than `MAX_PARTS` parts."""
    if data.lower().count(b"content-type:") > MAX_PARTS:
        raise DataFault("read.too_many_members", limit=MAX_PARTS)
    try:
        pages = [part for part in message_from_bytes(data).walk() if part.get_content_type() == "text/html"]
        content = _decode_payload(pages[0]) if pages else b""
    except (RecursionError, ValueError, LookupError) as error:
        raise DataFault("read.broken_mht") from error
    if not content.strip():
        raise DataFault("read.broken_mht")
    return replace(html.read(decode(content)), format="mht")


def _decode_payload(part: Message) -> bytes:
    """Return the content of a part with its transfer encoding undone, b"" if it has none."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
