"""Pages within a page: frames, and tables that a script or a template holds until a browser shows them.

Nothing is loaded: the content of a frame comes from the page itself or from the archive that contains it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from lxml import etree

from pipeline.read.encoding import decode

FRAME_TAGS = frozenset({"iframe", "frame", "object", "embed"})
RESERVE_TAGS = frozenset({"script", "template", "noscript"})
MAX_DEPTH, MAX_INNER_PAGES = 3, 50  # of pages within pages; of one file, whose frames may show one page many times
MAX_SCRIPT_CHARS = 2_000_000
MIN_DATA_NUMBERS, MIN_DATA_WORDS = 20, 10  # in a script with the data of a table
MAX_SHELL_CHARS = 200  # a page with less text is only the frame that its scripts fill
_DATA_ADDRESS = re.compile(r"data:(?P<type>[\w/+.-]*)[^,]{0,100}?(?P<base64>;base64)?,", re.IGNORECASE)
_MARKUP_START = re.compile(r"<(?:!doctype\s+html|html|body|div|p|h\d|table|tr)\b", re.IGNORECASE)
_MARKUP_END = re.compile(r"</\s?(?:table|tr|td)\s?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^ux]))", re.DOTALL)
_ESCAPED_LETTERS = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "\f", "\n": ""}
_JOINT = re.compile(r"""(["'`])\s*(?:\+|,)\s*\1""")  # between the pieces of a text that a script puts together
_NUMBER = re.compile(r"""["':\[,\s]\d[\d.,]*["'\],}\s]""")
_WORD = re.compile(r"[\u4e00-\u9fff]{2,}")


class Content(NamedTuple):
    """The content of an address: its media type (`text/html`, `image/png`), '' if unknown, and its bytes."""

    media_type: str
    data: bytes


Parts = Mapping[str, Content]  # by address: the files that a web archive keeps with its page


def has_content(address: str, parts: Parts) -> bool:
    """Return whether the content of an address is in the page (`data:`) or its archive."""
    return address[:5].lower() == "data:" or address in parts


def load_content(address: str, parts: Parts) -> bytes:
    """Return the content of an address for which `has_content` is true, b"" if it is damaged."""
    content = _find_content(address, parts)
    return content.data if content is not None else b""


def _find_content(address: str, parts: Parts) -> Content | None:
    """Return the content of an address, None if it is elsewhere or damaged."""
    return _decode_address(address) if address[:5].lower() == "data:" else parts.get(address)


def _decode_address(address: str) -> Content | None:
    match = _DATA_ADDRESS.match(address[:200])
    if match is None:
        return None
    data = unquote_to_bytes(address[match.end() :])
    if match["base64"]:
        try:
            data = base64.b64decode(b"".join(data.split()), validate=False)
        except (binascii.Error, ValueError):
            return None
    return Content(match["type"].lower(), data)


def get_frame_address(frame: etree._Element) -> str:
    """Return the address of a frame's page, '' if it has none."""
    address = (frame.get("src") or frame.get("data") or "").strip()
    return "" if address.lower().startswith(("about:", "javascript:", "#")) else address


def find_frame_page(frame: etree._Element, parts: Parts) -> str | None:
    """Return the page that a frame shows if it is in the page or its archive, else None."""
    if "srcdoc" in frame.attrib:
        return str(frame.get("srcdoc"))
    content = _find_content(get_frame_address(frame), parts)
    return decode(content.data) if content is not None and "html" in content.media_type else None


def find_markup(element: etree._Element) -> str:
    """Return the web page text with a table that a script, a template or a `noscript` holds, '' if it holds none."""
    if element.tag != "script":
        if next(element.iter("table"), None) is None:
            return ""
        return "".join(str(etree.tostring(child, encoding="unicode", method="html")) for child in element)
    script = _get_script(element)
    if "<" not in script and "\\u003c" not in script.lower() and "\\x3c" not in script.lower():
        return ""
    text = _JOINT.sub("", _ESCAPE.sub(_replace_escape, script))
    start, ends = _MARKUP_START.search(text), [match.end() for match in _MARKUP_END.finditer(text)]
    return text[start.start() : ends[-1]] if start and ends else ""


def has_data(element: etree._Element) -> bool:
    """Return whether a script holds many numbers and Chinese words, as the data of a table does."""
    script = _get_script(element) if element.tag == "script" else ""
    if len(_NUMBER.findall(script)) < MIN_DATA_NUMBERS:
        return False
    return len(_WORD.findall(_ESCAPE.sub(_replace_escape, script))) >= MIN_DATA_WORDS


def name_script(element: etree._Element) -> str:
    """Return the name of a script or template in a message: its id or address, else its tag."""
    return element.get("id") or element.get("src") or f"<{element.tag}>"


def _get_script(element: etree._Element) -> str:
    return "".join(element.itertext())[:MAX_SCRIPT_CHARS]


def _replace_escape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED_LETTERS.get(match[3], match[3])
