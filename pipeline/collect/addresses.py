"""Addresses of web pages: one spelling for each, and which network addresses are public."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from pipeline.core.model import DataFault

MAX_CHARS = 2_000
PORTS = {"http": 80, "https": 443}
_SAFE = "/%:=&?~+!$,;'@()*[]"
_NAT64 = 0x0064FF9B << 96  # the prefix 64:ff9b::/96 of IPv4 addresses behind IPv6 (RFC 6052)


def normalize(url: str, base: str = "") -> str | None:
    """Return an address in one spelling, without its fragment; None if it is no http address that can be visited.

    A relative address is joined to `base`. Names and passwords in an address are refused.
    """
    try:
        parts = urlsplit(urljoin(base, url.strip().replace("\\", "/")))  # as browsers do
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in PORTS or not host or parts.username is not None or parts.password is not None:
        return None
    name = f"[{host}]" if ":" in host else host
    netloc = name if port in (None, PORTS[parts.scheme]) else f"{name}:{port}"
    address = urlunsplit((parts.scheme, netloc, quote(parts.path or "/", _SAFE), quote(parts.query, _SAFE), ""))
    return address if len(address) <= MAX_CHARS and address.isprintable() else None


def host_of(url: str) -> str:
    """Return `host:port` of a normal address."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}"


def require_public(host: str, addresses: list[str]) -> None:
    """Raise DataFault if one of the network addresses of a host is not public: loopback, private, of the link."""
    if wrong := [address for address in addresses if not is_public(address)]:
        raise DataFault("collect.private", host=host, address=wrong[0])


def resolve(host: str, port: int) -> list[str]:
    """Return the network addresses of a host. Raises DataFault if it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DataFault("collect.no_host", host=host) from error
    return sorted({str(entry[4][0]) for entry in found})


def is_public(text: str) -> bool:
    """Return whether a network address is one of the public internet, also if it holds an IPv4 address."""
    address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or _nat64(address) or address
    return address.is_global and not address.is_multicast


def _nat64(address: IPv6Address) -> IPv4Address | None:
    value = int(address)
    return IPv4Address(value & 0xFFFFFFFF) if value >> 32 == _NAT64 >> 32 else None
