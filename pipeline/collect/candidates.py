"""Write the files of a found page to a folder, under names that say what they are, for the readers.

A page whose tables are pictures or frames becomes a web archive (MHT) with these parts, because a report is one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from pipeline.collect.archive import Archive
from pipeline.collect.client import MAX_BYTES
from pipeline.collect.found import FoundPage, WebFile
from pipeline.collect.page import FILES
from pipeline.core.model import DataFault
from pipeline.raw.incoming import clean_name
from pipeline.read import decode

MIN_PICTURE_BYTES = 2_000  # smaller ones are ornaments
_SUFFIX = re.compile(rf"\.({FILES})$", re.IGNORECASE)
_SUFFIX_IN_ADDRESS = re.compile(rf"\.({FILES})(?=$|[?#&])", re.IGNORECASE)
_SUFFIX_OF_TYPE = {
    "application/pdf": "pdf", "application/msword": "doc", "application/vnd.ms-excel": "xls", "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "image/jpeg": "jpg", "image/png": "png",
}  # fmt: skip
_BOUNDARY = "----ogi-part"


def write_candidates(found: FoundPage, archive: Archive, folder: Path) -> list[tuple[Path, WebFile]]:
    """Write the page and each attachment; return their paths with the files. Raises DataFault for a damaged archive."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    if found.page:
        content = archive.content(found.page.visit, MAX_BYTES)
        parts = [(address, file, archive.content(file.visit, MAX_BYTES)) for address, file in found.parts]
        parts = [part for part in parts if len(part[2]) >= MIN_PICTURE_BYTES or not _is_picture(part[1])]
        data, suffix = (_web_archive(content, parts), "mht") if parts else (content, "html")
        written.append((_write(folder / "0", found.title, suffix, data), found.page))
    for number, file in enumerate(found.attachments, start=1):
        content = archive.content(file.visit, MAX_BYTES)
        title = found.title if found.page is None else file.text or found.title
        written.append((_write(folder / str(number), title, _suffix(file), content), file))
    return written


def _write(folder: Path, title: str, suffix: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / (clean_name(_SUFFIX.sub("", title)) + (f".{suffix}" if suffix else ""))
    path.write_bytes(content)
    return path


def _suffix(file: WebFile) -> str:
    """Return the suffix that the text, the address or the media type of a file gives; the readers look at the bytes."""
    match = _SUFFIX.search(file.text) or _SUFFIX_IN_ADDRESS.search(file.url)
    return match[1].lower() if match else _SUFFIX_OF_TYPE.get(file.visit.content_type, "")


def _is_picture(file: WebFile) -> bool:
    return file.visit.content_type.startswith("image/")


def _web_archive(page: bytes, parts: Iterable[tuple[str, WebFile, bytes]]) -> bytes:
    """Return a page with its parts as one file; the same parts give the same bytes."""
    archive = EmailMessage(policy=SMTP)
    archive["MIME-Version"] = "1.0"
    archive.make_related(boundary=_BOUNDARY)
    archive.attach(_part("text", "html", _text(page), ""))
    for address, file, content in parts:
        kind, _, subtype = (file.visit.content_type or "application/octet-stream").partition("/")
        archive.attach(_part(kind, subtype, content, address))
    return archive.as_bytes()


def _text(page: bytes) -> bytes:
    """Return a page in UTF-8, its bytes if its encoding is unknown."""
    try:
        return decode(page).encode("utf-8")
    except DataFault:
        return page


def _part(kind: str, subtype: str, content: bytes, location: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part.set_content(content, maintype=kind, subtype=subtype)
    if location:
        part["Content-Location"] = location
    return part
