"""`data/raw/sources.csv`: the addresses that `ogi collect` visits, and the hosts that it may visit for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pipeline.collect.addresses import host_of, normalize
from pipeline.core.model import FilePlace, ProjectFault
from pipeline.core.project_csv import Layout, Row, read_project_csv

SOURCES = "sources.csv"
LAYOUT = Layout(
    {"url": "text", "kind": "code", "body": "text", "hosts": "text", "seconds": "number", "note": "text"},
    optional=frozenset({"kind", "body", "hosts", "seconds", "note"}),
    is_sorted=False,
)
Kind = Literal["list", "report"]
KINDS = ("list", "report")
DEFAULT_SECONDS, MAX_SECONDS = 1.0, 60.0  # between two requests to one host
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


@dataclass(frozen=True)
class Portal:
    """A line of the file: a list of reports or one report, and the hosts that may be visited for it.

    `body` is the name of the body to which all reports belong, None if the reports say it. `seconds` is the least time
    between two requests to one host.
    """

    url: str
    kind: Kind
    body: str | None
    other_hosts: tuple[str, ...]
    seconds: float
    note: str

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts that may be visited, each as `host:port`: that of the address, and those that the line lists."""
        listed = {f"{name}:{port}" for name in self.other_hosts for port in ((443, 80) if ":" not in name else ())}
        return frozenset({*listed, *(name for name in self.other_hosts if ":" in name), *_own_hosts(self.url)})


def read_portals(path: Path) -> list[Portal]:
    """Return the lines of `sources.csv` in their order. Raises ProjectFault for a file or a line that is not valid."""
    return [_portal(row) for row in read_project_csv(path, LAYOUT).rows()]


def _portal(row: Row) -> Portal:
    values, place = row.values, row.place
    url = normalize(values["url"])
    if url is None:
        raise ProjectFault("collect.source_url", place=place, url=values["url"])
    kind = values["kind"] or "list"
    if kind not in KINDS:
        raise ProjectFault("collect.source_kind", place=place, kind=kind)
    hosts = tuple(name.strip().lower() for name in re.split(r"[|;,\s]+", values["hosts"]) if name.strip())
    if wrong := [name for name in hosts if not _HOST.fullmatch(name)]:
        raise ProjectFault("collect.source_hosts", place=place, hosts=", ".join(wrong))
    seconds = _seconds(values["seconds"], place)
    return Portal(url, "report" if kind == "report" else "list", values["body"] or None, hosts, seconds, values["note"])


def _seconds(text: str, place: FilePlace) -> float:
    if not text:
        return DEFAULT_SECONDS
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text) or float(text) > MAX_SECONDS:
        raise ProjectFault("collect.source_seconds", place=place, seconds=text, limit=int(MAX_SECONDS))
    return float(text)


def _own_hosts(url: str) -> set[str]:
    """Return the host of an address; one with a usual port also with the other, because portals change to https."""
    host = host_of(url)
    name, port = host.rsplit(":", 1)
    return {f"{name}:80", f"{name}:443"} if port in ("80", "443") else {host}
