"""Read web archives (.mht, also saved as .doc by some programs): a mail message whose first HTML part is the page.

Its other parts are the pages of frames, and pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from pipeline.core.model import DataFault, Document
from pipeline.read import html
from pipeline.read.encoding import decode
from pipeline.read.html_inner import Content

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
        parts = list(message_from_bytes(data).walk())
        pages = [part for part in parts if part.get_content_type() == "text/html"]
        content = _decode_payload(pages[0]) if pages else b""
        contents = dict(_list_contents(part for part in parts if part is not pages[0])) if pages else {}
    except (RecursionError, ValueError, LookupError) as error:
        raise DataFault("read.broken_mht") from error
    if not content.strip():
        raise DataFault("read.broken_mht")
    return replace(html.read(decode(content), contents), format="mht")


def _list_contents(parts: Iterable[Message]) -> Iterator[tuple[str, Content]]:
    """Yield the pages and pictures of an archive, each by its address and by its last name, as pages name them."""
    for part in parts:
        if part.get_content_type() == "text/html" or part.get_content_maintype() == "image":
            content = Content(part.get_content_type(), _decode_payload(part))
            location = str(part.get("Content-Location") or "")
            yield f"cid:{str(part.get('Content-ID') or '').strip('<> ')}", content
            yield location, content
            yield location.rpartition("/")[2], content


def _decode_payload(part: Message) -> bytes:
    """Return the content of a part with its transfer encoding undone, b"" if it has none."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
