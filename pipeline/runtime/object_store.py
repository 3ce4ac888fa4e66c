"""A place for files that is reached by a URL: a bucket (`s3://bucket/prefix`) or a folder (`file:///path`), by fsspec.

Who may enter is told by the environment or the service's own configuration files (for S3 those of AWS), never by the
URL, which stands in logs.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.core.model import DataFault

LETTERS = 300  # of what a service says
TOGETHER = 8  # files under way: more hardly help, and a service may count them
# What libraries raise that is no OSError; they are loaded only for the URLs that need them.
_RAISED = (("botocore.exceptions", "BotoCoreError"), ("botocore.exceptions", "ClientError"), ("aiohttp", "ClientError"))


class Store:
    """The files below a URL. Everything raises DataFault where access is denied or the connection breaks."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._system, root = _opened(url)
        self._root = root.rstrip("/")

    def read(self, path: str, most: int) -> bytes:
        """The content of a file. Raises DataFault for one that is missing or larger than `most` bytes."""
        with self._told(path), self._system.open(f"{self._root}/{path}", "rb") as file:
            content: bytes = file.read(most + 1)
        if len(content) > most:
            raise DataFault("store.too_large", path=path, limit=most // 2**20)
        return content

    def sizes(self) -> dict[str, int]:
        """Every file by path, with its bytes."""
        self._system.invalidate_cache()
        try:
            with self._told(""):
                found = self._system.find(self._root, detail=True)
        except DataFault as fault:
            if fault.code != "store.missing":
                raise
            return {}
        return {name.removeprefix(f"{self._root}/"): told["size"] for name, told in found.items()}

    def put(self, local: Path, path: str) -> None:
        """Copy a file to the store; readers see it whole or not at all."""
        self._place(path, lambda to: self._system.put_file(str(local), to))

    def write(self, path: str, content: bytes) -> None:
        """Write a file; readers see the one before or this one."""
        self._place(path, lambda to: self._system.pipe_file(to, content))

    def _place(self, path: str, write: Callable[[str], object]) -> None:
        """An object appears when all of it is there; in a folder the same is done by renaming."""
        target = f"{self._root}/{path}"
        with self._told(path):
            if not self._is_folder():
                write(target)
                return
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            beside = Path(target).with_name(f".{Path(target).name}.new")
            write(str(beside))
            shutil.move(beside, target)

    def _is_folder(self) -> bool:
        protocol = self._system.protocol
        return "file" in ((protocol,) if isinstance(protocol, str) else protocol)

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        """Faults of the store in our words."""
        try:
            yield
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise DataFault("store.missing", url=self.url, path=path) from error
        except PermissionError as error:
            raise DataFault("store.denied", url=self.url, error=_first(error)) from error
        except _faults(OSError) as error:
            denied = "Credentials" in type(error).__name__
            raise DataFault(f"store.{'denied' if denied else 'broken'}", url=self.url, error=_first(error)) from error


def _opened(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it. Raises DataFault."""
    scheme, _, rest = url.partition("://")
    if "::" in url or "?" in rest or "@" in rest.partition("/")[0]:  # what may hold keys is not repeated
        raise DataFault("store.url", error=f"{scheme}://…")
    try:
        import fsspec
    except ImportError as error:
        raise DataFault("store.extra") from error
    try:
        system, root = fsspec.url_to_fs(url)
    except ImportError as error:
        raise DataFault("store.extra") from error
    except _faults(ValueError) as error:
        raise DataFault("store.url", error=_first(error)) from error
    return system, root


def _faults(own: type[Exception]) -> tuple[type[Exception], ...]:
    """This kind, and what the libraries that are loaded raise."""
    loaded = ((sys.modules.get(module), name) for module, name in _RAISED)
    return own, *(getattr(module, name) for module, name in loaded if module)


def _first(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0][:LETTERS] if lines else type(error).__name__
