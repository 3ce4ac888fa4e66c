"""Zipped documents opened with care: few members, a bound on what they inflate to, and XML without entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import cached_property

from lxml import etree

from pipeline.core.model import DataFault, Document

MAX_MEMBERS = 2_000
MAX_DIRECTORY = MAX_MEMBERS * 200  # bytes of the archive's own list; it is looked at before the list is built
MAX_INFLATED = 64 * 1024 * 1024
SIGNATURE = b"PK\x03\x04"
_END, _END_LENGTH, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_CHUNK = 64 * 1024


class Package:
    """The members of a zipped document. All that is read from one package together stays under `MAX_INFLATED` bytes,
    counted while inflating: what an archive says of itself is not believed.
    """

    def __init__(self, data: bytes) -> None:
        """Raises DataFault for a damaged archive, one with more members than any document has, and one with two members
        of a name, which two programs would read as two documents.
        """
        _check_directory(data)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise DataFault("read.broken_zip") from error
        named = self._archive.namelist()
        if len({name.lower().replace("\\", "/") for name in named}) < len(named):
            raise DataFault("read.broken_zip")
        self._left = MAX_INFLATED

    @cached_property
    def names(self) -> frozenset[str]:
        """The members' names."""
        return frozenset(self._archive.namelist())

    def read(self, name: str) -> bytes:
        """A member's content, b"" where there is none. Raises DataFault for a damaged, locked or huge one."""
        if name not in self.names:
            return b""
        parts = []
        try:
            with self._archive.open(name) as member:
                while part := member.read(_CHUNK):
                    self._left -= len(part)
                    if self._left < 0:
                        raise DataFault("read.inflated", limit=MAX_INFLATED // 2**20)
                    parts.append(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
            raise DataFault("read.broken_zip") from error
        except RuntimeError as error:  # zipfile's word for a member that needs a password
            raise DataFault("read.locked") from error
        return b"".join(parts)

    def xml(self, name: str) -> etree._Element:
        """A member as XML. Raises DataFault for one that is missing, damaged or declares a document type."""
        return parse_xml(self.read(name))

    def measure(self) -> None:
        """Inflate everything once, for a library that would do so without a bound. Raises DataFault as `read`."""
        for name in sorted(self.names):
            self.read(name)
        self._left = MAX_INFLATED


def names(data: bytes) -> frozenset[str]:
    """The members' names of what may be an archive; none for what cannot be opened as one."""
    try:
        return Package(data).names if data.startswith(SIGNATURE) else frozenset()
    except DataFault:
        return frozenset()


def declares(data: bytes, mimetype: str) -> bool:
    """Whether an archive says of itself, as OpenDocument's do, that it is of a type."""
    if not data.startswith(SIGNATURE):
        return False
    try:
        return Package(data).read("mimetype").strip() == mimetype.encode()
    except DataFault:
        return False


def sniff(data: bytes) -> bool:
    """Whether the bytes open like an archive; asked last, when no reader of a zipped format has taken them."""
    return data.startswith(SIGNATURE)


def refuse(data: bytes) -> Document:
    """Say what is wrong with an archive that holds no document we know. Always raises DataFault."""
    Package(data)
    raise DataFault("read.unsupported", format="ZIP")


def parse_xml(content: bytes) -> etree._Element:
    """XML as office programs write it: it never declares entities, so a file that does is refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DataFault("read.broken_zip") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DataFault("read.broken_zip")
    return root


def _check_directory(data: bytes) -> None:
    at = data.rfind(_END, max(0, len(data) - _END_LENGTH - _LONGEST_COMMENT))
    if at < 0 or at + _END_LENGTH > len(data):
        raise DataFault("read.broken_zip")
    if int.from_bytes(data[at + 12 : at + 16], "little") > MAX_DIRECTORY:
        raise DataFault("read.too_many_members", limit=MAX_MEMBERS)
