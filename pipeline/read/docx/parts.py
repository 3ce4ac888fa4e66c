"""Read the other parts of a Word file that its text refers to: embedded documents (`altChunk`) and pictures."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

from pipeline.core.model import DataFault, Document
from pipeline.read import html, mht, text
from pipeline.read.docx.xml import get_attribute
from pipeline.read.encoding import decode
from pipeline.read.left_out import LeftOut
from pipeline.read.pictures import Picture
from pipeline.read.zip_archive import ZipPackage

MAX_DEPTH, MAX_CHUNKS = 2, 20  # documents within documents; embedded documents of one file
MAX_PICTURES = 100
_PICTURE_TAGS, _RELATION_NAMES = ("blip", "imagedata"), ("embed", "id", "pict", "link")


@dataclass
class Parts:
    """The parts of a package that its main part refers to, by the id of the relation.

    `read_docx` reads an embedded DOCX. `left_out` receives the names of the parts that cannot be read.
    """

    package: ZipPackage
    targets: dict[str, str]  # a member of the package, or an address outside of it
    read_docx: Callable[[bytes], Document | None]
    left_out: LeftOut = field(default_factory=LeftOut)
    pictures: list[Picture] = field(default_factory=list)
    picture_names: set[str] = field(default_factory=set)
    chunk_count: int = 0

    def read_chunk(self, chunk: etree._Element) -> Document | None:
        """Return the embedded document that an `altChunk` refers to, None if it cannot be read."""
        name = self.targets.get(get_attribute(chunk, "id"), "")
        self.chunk_count += 1
        content = self.package.read_member(name) if self.chunk_count <= MAX_CHUNKS else b""
        try:
            document = _read_content(content, self.read_docx)
        except DataFault:
            document = None
        if document is None and "://" in name:
            self.left_out.addresses.append(name)
        elif document is None:
            self.left_out.parts.append(posixpath.basename(name) or "altChunk")
        return document

    def add_pictures(self, element: etree._Element, blocks_above: int) -> None:
        """Keep the pictures of a paragraph or table; one outside of the file is left out."""
        for name in _list_picture_names(element, self.targets):
            if name in self.package.member_names and len(self.pictures) < MAX_PICTURES:
                if name not in self.picture_names:  # a text box has its picture twice
                    load = partial(self.package.read_member, name)
                    self.pictures.append(Picture(blocks_above, posixpath.basename(name), load))
                self.picture_names.add(name)
            else:
                self.left_out.pictures.append(posixpath.basename(name) or "picture")


def read_targets(package: ZipPackage, main_part: str) -> dict[str, str]:
    """Return the member or outside address of each relation of the main part, by its id."""
    folder, name = posixpath.split(main_part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in package.member_names:
        return {}
    targets = {}
    for relation in package.read_xml(relations):
        target = get_attribute(relation, "Target")
        if get_attribute(relation, "TargetMode") != "External":
            target = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
        targets[get_attribute(relation, "Id")] = target
    return targets


def _list_picture_names(element: etree._Element, targets: dict[str, str]) -> Iterator[str]:
    """Yield the targets of the pictures in an element."""
    for picture in element.iter(*(f"{{*}}{tag}" for tag in _PICTURE_TAGS)):
        ids = (value for key, value in picture.items() if key.rpartition("}")[2] in _RELATION_NAMES)
        yield next((targets[i] for i in ids if i in targets), "")


def _read_content(content: bytes, read_docx: Callable[[bytes], Document | None]) -> Document | None:
    """Return the Document of an embedded file in one of the formats that Word embeds, None for another format.

    Raises DataFault if it is damaged.
    """
    if not content:
        return None
    if content.startswith(b"PK"):
        return read_docx(content)
    if mht.is_web_archive(content):
        return mht.read(content)
    decoded_text = decode(content)
    if decoded_text.startswith("{\\rtf") or not text.is_text(decoded_text):
        return None
    return html.read(decoded_text) if html.is_html(decoded_text) else text.read(decoded_text)
