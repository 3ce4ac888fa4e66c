"""`data/archive`: every response as it came, in WARC files (ISO 28500), and the list of visits.

One file has one response and appears whole or not at all. `visits.jsonl` has a line per visit; the last line of an
address counts. A kill can cut the last line, which is then dropped, so that the visit is repeated.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.collect.addresses import host_of
from pipeline.core.files import write_atomically
from pipeline.core.model import DataFault

# Headers about the transfer. The archive keeps the content without the frames of the transfer.
TEXT_MARKS = (b"<", b"{", b"[")  # of a page or data that a server did not compress
MAX_STORED_BYTES = 20 * 2**20  # of a response; see `client`
_OF_THE_TRANSFER = frozenset({"transfer-encoding", "connection", "keep-alive", "trailer"})


@dataclass(frozen=True)
class Reply:
    """A response: its status with the reason, its headers, and its content as it was sent, perhaps compressed."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    content: bytes

    def header(self, name: str) -> str:
        """Return a header, '' if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True)
class Visit:
    """A request and its outcome. `at` is the time in UTC (ISO 8601); `warc` is the file below the archive.

    `is_unchanged` means that the server confirmed the content of an earlier visit, or sent the same again. A visit that
    failed has the code of its `fault`, and the values of the message.
    """

    url: str
    at: str
    status: int = 0
    sha256: str = ""
    warc: str = ""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    location: str = ""
    is_unchanged: bool = False
    fault: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def data_fault(self) -> DataFault | None:
        """The fault of a visit that failed."""
        return DataFault(self.fault, **dict(self.values)) if self.fault else None


class Archive:
    """The archive of a data folder. Threads may add visits at the same time; processes may not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._list = folder / "visits.jsonl"
        self._lock = Lock()
        self.visits: dict[str, Visit] = {visit.url: visit for visit in self._read()}

    def add(self, visit: Visit, reply: Reply | None = None) -> Visit:
        """Record a visit and keep its response, unless the earlier visit had the same content; return the record."""
        if reply is not None:
            visit = self._keep(visit, reply)
        line = json.dumps(asdict(visit), ensure_ascii=False) + "\n"
        with self._lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._list.open("a", encoding="utf-8", newline="\n") as file:
                file.write(line)
            self.visits[visit.url] = visit
        return visit

    def content(self, visit: Visit, max_bytes: int) -> bytes:
        """Return the content of a visit, decompressed. Raises DataFault if it is damaged or exceeds `max_bytes`."""
        try:
            with (self.folder / visit.warc).open("rb") as file:
                record = next(r for r in ArchiveIterator(file) if r.rec_type == "response")
                encoding = str(record.http_headers.get_header("content-encoding") or "").strip().lower()
                content = bytes(record.raw_stream.read(2 * MAX_STORED_BYTES))
        except (OSError, ArchiveLoadFailed, StopIteration, AttributeError) as error:
            raise DataFault("collect.archive", path=self.folder / visit.warc) from error
        return _unpack(content, encoding, max_bytes)

    def _read(self) -> Iterator[Visit]:
        """Yield the visits, and cut a last line that a kill left incomplete, so that the next line is whole."""
        if not self._list.is_file():
            return
        content = self._list.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            write_atomically(self._list, content[:whole])
        names = {field.name for field in fields(Visit)}
        for line in content[:whole].splitlines():
            stored = json.loads(line)
            values = tuple((key, value) for key, value in stored.pop("values"))
            yield Visit(**{key: value for key, value in stored.items() if key in names}, values=values)

    def _keep(self, visit: Visit, reply: Reply) -> Visit:
        earlier = self.visits.get(visit.url)
        digest = sha256(reply.content).hexdigest()
        facts = {
            "content_type": reply.header("content-type").partition(";")[0].strip().lower(),
            "etag": reply.header("etag"),
            "last_modified": reply.header("last-modified"),
        }
        stored = {**asdict(visit), "values": visit.values, **facts, "status": reply.status, "sha256": digest}
        if earlier and (earlier.sha256, earlier.status, earlier.location) == (digest, reply.status, visit.location):
            return Visit(**{**stored, "warc": earlier.warc, "is_unchanged": True})
        name = f"{host_of(visit.url).replace(':', '_')}/{_name(visit)}.warc.gz"
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, _warc(visit, reply), durable=False)
        return Visit(**{**stored, "warc": name})


def _unpack(content: bytes, encoding: str, max_bytes: int) -> bytes:
    """Return a content without its compression.

    Raises DataFault for another compression, for a content that is cut, and for one that exceeds `max_bytes`.
    """
    if encoding in ("", "identity"):
        unpacked, is_whole = content[: max_bytes + 1], True
    elif encoding in ("gzip", "x-gzip", "deflate"):
        unpacked, is_whole = _inflate(content, max_bytes)
    else:
        raise DataFault("collect.encoding", encoding=encoding[:40])
    if len(unpacked) > max_bytes:
        raise DataFault("collect.too_large", limit=max_bytes // 2**20)
    if not is_whole:
        raise DataFault("collect.cut")
    return unpacked


def _inflate(content: bytes, max_bytes: int) -> tuple[bytes, bool]:
    """Return the content, at most one byte more than `max_bytes`, and whether the end of the compression was there.

    A server that says that it compressed, and did not, sends the content itself.
    """
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # gzip or zlib; raw deflate
        unpacker = zlib.decompressobj(window)
        try:
            unpacked = unpacker.decompress(content, max_bytes + 1)
        except zlib.error:
            continue
        if unpacker.eof or len(unpacked) > max_bytes:
            return unpacked, unpacker.eof
    return content[: max_bytes + 1], content.lstrip().startswith(TEXT_MARKS)


def now() -> str:
    """Return the time in UTC, ISO 8601 to the microsecond; such texts sort by time."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _name(visit: Visit) -> str:
    """Return a file name of a visit: its time, and a hash of its address."""
    time = "".join(c for c in visit.at if c.isdigit())
    return f"{time}-{sha256(visit.url.encode()).hexdigest()[:16]}"


def _warc(visit: Visit, reply: Reply) -> bytes:
    """Return a WARC file with the response of a visit."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    headers = [(key, value) for key, value in reply.headers if key.lower() not in _OF_THE_TRANSFER]
    http = StatusAndHeaders(f"{reply.status} {reply.reason}".strip(), headers, protocol="HTTP/1.1")
    record = writer.create_warc_record(
        visit.url, "response", payload=io.BytesIO(reply.content), http_headers=http,
        warc_headers_dict={"WARC-Date": visit.at},
    )  # fmt: skip
    writer.write_record(record)
    return file.getvalue()
