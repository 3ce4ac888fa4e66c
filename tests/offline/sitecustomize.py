"""Laid in the path of a process and its children: any use of the network ends them with a code of its own."""

from __future__ import annotations

import os
import socket
import sys

CODE = 97
_UNIX = getattr(socket, "AF_UNIX", None)
_CALLS = frozenset(("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"))


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event in _CALLS and not (arguments and getattr(arguments[0], "family", None) == _UNIX):
        os.write(2, f"network: {event} {arguments!r}\n".encode())
        os._exit(CODE)


if __name__ == "sitecustomize":  # not where a test only asks for CODE: a hook stays for good
    sys.addaudithook(_look)
