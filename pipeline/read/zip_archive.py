"""Open zipped documents safely: limited members, a limit on the inflated size, and XML without entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import cached_property

from lxml import etree

from pipeline.core.model import DataFault, Document

MAX_MEMBERS = 2_000
# Size of the archive's directory, about 200 bytes per member; checked before zipfile builds its list of members.
MAX_DIRECTORY_BYTES = MAX_MEMBERS * 200
MAX_INFLATED_BYTES = 64 * 1024 * 1024
SIGNATURE = b"PK\x03\x04"
_END_SIGNATURE, _END_BYTES, _MAX_COMMENT_BYTES = b"PK\x05\x06", 22, 65_535  # of the record that ends the directory
_CHUNK_BYTES = 64 * 1024


class ZipPackage:
    """The members of a zipped document.

    All reads of one package together may inflate at most `MAX_INFLATED_BYTES`. The bytes are counted while inflating,
    because the sizes that an archive declares may be false.
    """

    def __init__(self, data: bytes) -> None:
        """Open an archive.

        Raises DataFault if it is damaged or has more members than any document. It also raises DataFault for two
        members with one name, which two programs would read as two documents.
        """
        check_directory(data)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise DataFault("read.broken_zip") from error
        names = self._archive.namelist()
        if len({name.lower().replace("\\", "/") for name in names}) < len(names):
            raise DataFault("read.broken_zip")
        self._bytes_left = MAX_INFLATED_BYTES

    @cached_property
    def member_names(self) -> frozenset[str]:
        """The names of all members."""
        return frozenset(self._archive.namelist())

    def read_member(self, name: str) -> bytes:
        """Return a member's content, b"" if missing. Raises DataFault if it is damaged, encrypted or too large."""
        if name not in self.member_names:
            return b""
        content = inflate(self._archive, name, self._bytes_left, MAX_INFLATED_BYTES)
        self._bytes_left -= len(content)
        return content

    def read_xml(self, name: str) -> etree._Element:
        """Return the root of an XML member. Raises DataFault if it is missing, damaged or declares a document type."""
        return parse_xml(self.read_member(name))

    def check_inflated_size(self) -> None:
        """Inflate every member once, for a library that later does so without a limit.

        Raises DataFault as `read_member` does. The limit of later reads starts again.
        """
        for name in sorted(self.member_names):
            self.read_member(name)
        self._bytes_left = MAX_INFLATED_BYTES


def inflate(archive: zipfile.ZipFile, member: str | zipfile.ZipInfo, most: int, limit: int) -> bytes:
    """Return the content of a member, of at most `most` bytes.

    The bytes are counted while inflating, because the size that an archive declares may be false. Raises DataFault if
    there are more, naming the `limit` that is exceeded, or if the member is damaged or encrypted.
    """
    chunks, count = [], 0
    try:
        with archive.open(member) as content:
            while chunk := content.read(_CHUNK_BYTES):
                count += len(chunk)
                if count > most:
                    raise DataFault("read.inflated", limit=limit // 2**20)
                chunks.append(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise DataFault("read.broken_zip") from error
    except RuntimeError as error:  # zipfile raises it for a member that needs a password
        raise DataFault("read.locked") from error
    return b"".join(chunks)


def list_member_names(data: bytes) -> frozenset[str]:
    """Return the names of an archive's members; none if the bytes cannot be opened as an archive."""
    try:
        return ZipPackage(data).member_names if data.startswith(SIGNATURE) else frozenset()
    except DataFault:
        return frozenset()


def has_mimetype(data: bytes, mimetype: str) -> bool:
    """Return whether the bytes are an archive that declares this type in a member `mimetype`, as OpenDocument does."""
    if not data.startswith(SIGNATURE):
        return False
    try:
        return ZipPackage(data).read_member("mimetype").strip() == mimetype.encode()
    except DataFault:
        return False


def is_zip(data: bytes) -> bool:
    """Return whether the bytes begin like an archive. Call it after the predicates of all zipped formats."""
    return data.startswith(SIGNATURE)


def refuse_zip(data: bytes) -> Document:
    """Raise the DataFault that fits an archive without a readable document; never return."""
    ZipPackage(data)
    raise DataFault("read.unsupported", format="ZIP")


def parse_xml(content: bytes) -> etree._Element:
    """Return the root of XML as office programs write it.

    Raises DataFault if it is damaged or declares a document type: office programs never declare entities.
    """
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


def check_directory(data: bytes) -> None:
    """Raise DataFault if the archive has no directory, or one larger than any document's."""
    at = data.rfind(_END_SIGNATURE, max(0, len(data) - _END_BYTES - _MAX_COMMENT_BYTES))
    if at < 0 or at + _END_BYTES > len(data):
        raise DataFault("read.broken_zip")
    if int.from_bytes(data[at + 12 : at + 16], "little") > MAX_DIRECTORY_BYTES:
        raise DataFault("read.too_many_members", limit=MAX_MEMBERS)
