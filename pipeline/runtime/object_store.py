"""A store of files behind a URL: a bucket (`s3://bucket/prefix`) or a folder (`file:///path`), reached by fsspec.

Credentials come from the environment or from the service's own configuration files (for S3 the AWS files), never from
the URL, because URLs are logged.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.core.files import write_atomically
from pipeline.core.model import DataFault

MAX_ERROR_CHARACTERS = 300  # of a service's message
CONCURRENT_FILES = 8  # more hardly help, and a service may limit them
# Errors that are not OSErrors, of libraries that only some URLs load.
_LIBRARY_ERRORS = (
    ("botocore.exceptions", "BotoCoreError"), ("botocore.exceptions", "ClientError"), ("aiohttp", "ClientError"),
)  # fmt: skip


class Store:
    """The files below a URL. Every method raises DataFault if access is denied or the connection breaks."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._system, root = _open(url)
        self._root = root.rstrip("/")

    def read(self, path: str, max_bytes: int) -> bytes:
        """Return the content of a file. Raises DataFault for one that is missing or larger than `max_bytes`."""
        with self._translated_errors(path), self._system.open(f"{self._root}/{path}", "rb") as file:
            content: bytes = file.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise DataFault("store.too_large", path=path, limit=max_bytes // 2**20)
        return content

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of every file by path."""
        self._system.invalidate_cache()
        try:
            with self._translated_errors(""):
                files = self._system.find(self._root, detail=True)
        except DataFault as fault:
            if fault.code != "store.missing":
                raise
            return {}
        return {name.removeprefix(f"{self._root}/"): details["size"] for name, details in files.items()}

    def put(self, local: Path, path: str) -> None:
        """Copy a file to the store. Readers see the complete file or none."""
        if self._is_folder():
            self.write(path, local.read_bytes())
            return
        with self._translated_errors(path):
            self._system.put_file(str(local), f"{self._root}/{path}")

    def write(self, path: str, content: bytes) -> None:
        """Write a file; readers see the old content or the new one."""
        target = f"{self._root}/{path}"
        with self._translated_errors(path):
            if self._is_folder():
                Path(target).parent.mkdir(parents=True, exist_ok=True)
                write_atomically(Path(target), content)
            else:  # an object of a bucket appears when it is complete
                self._system.pipe_file(target, content)

    def _is_folder(self) -> bool:
        protocol = self._system.protocol
        return "file" in ((protocol,) if isinstance(protocol, str) else protocol)

    @contextmanager
    def _translated_errors(self, path: str) -> Iterator[None]:
        """Turn errors of the store into DataFaults."""
        try:
            yield
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise DataFault("store.missing", url=self.url, path=path) from error
        except PermissionError as error:
            raise DataFault("store.denied", url=self.url, error=_first_line(error)) from error
        except _with_library_errors(OSError) as error:
            denied = "Credentials" in type(error).__name__
            raise DataFault(
                f"store.{'denied' if denied else 'broken'}", url=self.url, error=_first_line(error)
            ) from error


def _open(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and the path in it. Raises DataFault."""
    scheme, _, rest = url.partition("://")
    if "::" in url or "?" in rest or "@" in rest.partition("/")[0]:  # it may hold keys, so it is not repeated
        raise DataFault("store.url", error=f"{scheme}://…")
    try:
        import fsspec
    except ImportError as error:
        raise DataFault("store.extra") from error
    try:
        system, root = fsspec.url_to_fs(url)
    except ImportError as error:
        raise DataFault("store.extra") from error
    except _with_library_errors(ValueError) as error:
        raise DataFault("store.url", error=_first_line(error)) from error
    return system, root


def _with_library_errors(own: type[Exception]) -> tuple[type[Exception], ...]:
    """Return this error type and the error types of the loaded libraries."""
    loaded = ((sys.modules.get(module), name) for module, name in _LIBRARY_ERRORS)
    return own, *(getattr(module, name) for module, name in loaded if module)


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0][:MAX_ERROR_CHARACTERS] if lines else type(error).__name__
