"""Request one address over HTTP: within listed hosts, to public addresses only, with limits of time and size.

Whether an address is public is tested before the connection is made, and again on the connection itself, because a name
server may answer differently the second time. A connection serves one request, so every request is tested.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import httpx

from pipeline.collect.addresses import require_public, resolve
from pipeline.collect.archive import Reply
from pipeline.core.model import DataFault

USER_AGENT = f"ogi/{version('ogi')} (reads annual reports on open government information)"
MAX_BYTES = 20 * 2**20  # the limit of the readers
MAX_HEADERS = 200
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 10.0, 20.0, 120.0
HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "identity",  # the archive keeps what the server has
    "Connection": "close",
}


@dataclass
class Client:
    """An HTTP client. Proxies and certificates are those of the user's environment (`HTTPS_PROXY`, `SSL_CERT_FILE`).

    With `allow_private`, hosts of the local network may be visited, if they are listed.
    """

    allow_private: bool = False
    total_seconds: float = TOTAL_SECONDS
    max_bytes: int = MAX_BYTES
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        limits = httpx.Limits(max_keepalive_connections=0)
        self._http = httpx.Client(headers=HEADERS, timeout=timeout, limits=limits, follow_redirects=False)

    def close(self) -> None:
        """Close the client."""
        self._http.close()

    def get(self, url: str, conditions: Mapping[str, str]) -> Reply:
        """Return the response to a GET request. Raises DataFault if there is none, or if it exceeds a limit."""
        deadline = _Deadline(self.total_seconds)
        guard = _Guard(urlsplit(url).hostname or "", self.allow_private, deadline)
        try:
            with deadline, self._http.stream("GET", url, headers=conditions, extensions={"trace": guard.trace}) as sent:
                return self._reply(sent, deadline)
        except httpx.TimeoutException as error:
            raise DataFault("collect.slow", seconds=int(READ_SECONDS)) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            if deadline.is_over:
                raise DataFault("collect.slow", seconds=int(self.total_seconds)) from error
            raise DataFault("collect.broken", error=_first_line(error)) from error

    def _reply(self, sent: httpx.Response, deadline: _Deadline) -> Reply:
        length = sent.headers.get("content-length", "")
        too_large = DataFault("collect.too_large", limit=self.max_bytes // 2**20)
        if length.isdecimal() and int(length[:20]) > self.max_bytes:
            raise too_large
        content = bytearray()
        for chunk in sent.iter_raw():
            content += chunk
            if len(content) > self.max_bytes:
                raise too_large
        if deadline.is_over:  # the end of the connection was ours
            raise DataFault("collect.slow", seconds=int(self.total_seconds))
        headers = [(k.decode("latin-1"), _decode(v)) for k, v in sent.headers.raw[:MAX_HEADERS]]
        return Reply(sent.status_code, sent.reason_phrase, tuple(headers), bytes(content))


class _Deadline:
    """A limit on the whole exchange: the connection is shut down when it is over, whatever the server sends."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._stream: Any = None
        self._end = time.monotonic() + seconds
        self._timer = Timer(seconds, self._stop)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, stream: Any) -> None:
        """Watch a connection, which may be the encrypted one over an earlier one."""
        self._stream = stream

    def _stop(self) -> None:
        self.is_over = True
        connection = self._stream.get_extra_info("socket") if self._stream is not None else None
        if connection is not None:
            with suppress(OSError):  # it ended by itself meanwhile
                connection.shutdown(2)


@dataclass
class _Guard:
    """The tests on a connection, called by httpcore's `trace` extension. A proxy of the user has another host name."""

    host: str
    allow_private: bool
    deadline: _Deadline
    is_direct: bool = True

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Test a connection before it is made and when it is made. Raises DataFault for an address that is private."""
        if event == "connection.connect_tcp.started":
            self.is_direct = info["host"].strip("[]").lower() == self.host
            if self.is_direct and not self.allow_private:
                require_public(self.host, resolve(self.host, info["port"]))
        elif event == "connection.connect_tcp.complete":
            self.deadline.watch(info["return_value"])
            if self.is_direct and not self.allow_private:
                address = info["return_value"].get_extra_info("server_addr")
                require_public(self.host, [str(address[0])])
        elif event.endswith("start_tls.complete"):
            self.deadline.watch(info["return_value"])


def _decode(value: bytes) -> str:
    """Return the text of a header. Portals write addresses in UTF-8, although the standard is Latin-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]


@contextmanager
def open_client(allow_private: bool) -> Iterator[Client]:
    """Yield a client, and close it at the end."""
    client = Client(allow_private)
    try:
        yield client
    finally:
        client.close()
