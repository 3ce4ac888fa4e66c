"""End a process that uses the network with EXIT_CODE. Python imports this module at start, because of its name."""

from __future__ import annotations

import os
import socket
import sys

EXIT_CODE = 97
_UNIX_FAMILY = getattr(socket, "AF_UNIX", None)
_NETWORK_EVENTS = frozenset(("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"))


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Print a network event and end the process; Unix sockets are allowed."""
    if event in _NETWORK_EVENTS and not (arguments and getattr(arguments[0], "family", None) == _UNIX_FAMILY):
        os.write(2, f"network: {event} {arguments!r}\n".encode())
        os._exit(EXIT_CODE)


if __name__ == "sitecustomize":  # not in a test that imports EXIT_CODE: a hook cannot be removed
    sys.addaudithook(_refuse_network)
