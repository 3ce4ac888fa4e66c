"""Open an address: its visit, and the page that it is. Pages that only send the reader on are followed."""

from __future__ import annotations

from pipeline.collect.archive import Visit
from pipeline.collect.client import MAX_BYTES
from pipeline.collect.page import Page
from pipeline.collect.portals import Portal
from pipeline.collect.visitor import Visitor
from pipeline.core.model import DataFault
from pipeline.read import decode
from pipeline.read.html import is_html

OK = 200
MAX_STEPS = 3  # pages that only send the reader on


def open_page(visitor: Visitor, url: str, portal: Portal) -> tuple[Visit, Page | None]:
    """Return the visit of an address and its page, None for a file or data.

    Raises DataFault if the address cannot be downloaded, also for a status other than 200.
    """
    for _ in range(MAX_STEPS):
        visit = visit_successfully(visitor, url, portal)
        page = _page_of(visitor, visit)
        further = page.next_address if page else None
        if further is None or further in (url, visit.url):
            break
        url = further
    return visit, page


def visit_successfully(visitor: Visitor, url: str, portal: Portal, *, is_final: bool = False) -> Visit:
    """Return the visit of an address. Raises DataFault as `Visitor.visit`, and for a status other than 200."""
    visit = visitor.visit(url, portal, is_final)
    if visit.status != OK:
        raise DataFault("collect.status", status=visit.status)
    return visit


def _page_of(visitor: Visitor, visit: Visit) -> Page | None:
    content = visitor.archive.content(visit, MAX_BYTES)
    try:
        text = decode(content)
        return Page(visit.url, text) if is_html(text) else None
    except DataFault:  # a file, whose reader says later if it is damaged
        return None
