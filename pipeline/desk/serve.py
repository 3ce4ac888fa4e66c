"""Start the desk: on a free port of this machine, with a new token, in the browser."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from datetime import date

import uvicorn

from pipeline.core.paths import Data
from pipeline.desk.app import create_app
from pipeline.desk.pages import Desk
from pipeline.desk.worker import Worker

ADDRESS = "127.0.0.1"
FIRST_PORT, PORTS = 8765, 20
TOKEN_BYTES = 24


def serve(data: Data, lang: str, port: int, opened: Callable[[str], object]) -> None:
    """Serve a desk until it is interrupted. `opened` is called with the address that has the token.

    `port` 0 takes the first free one. Raises OSError if the port is taken.
    """
    listening = _listen(port)
    chosen = listening.getsockname()[1]
    desk = Desk(data, secrets.token_urlsafe(TOKEN_BYTES), lang, date.today().year - 1, Worker(data))
    config = uvicorn.Config(
        create_app(desk, chosen),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    opened(f"http://{ADDRESS}:{chosen}/?token={desk.token}")
    uvicorn.Server(config).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    """Return a socket that listens on the port, or on the first free one if it is 0. Raises OSError."""
    wanted = [port] if port else [*range(FIRST_PORT, FIRST_PORT + PORTS), 0]
    for number in wanted:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listening.bind((ADDRESS, number))
        except OSError:
            listening.close()
            if number == wanted[-1]:
                raise
            continue
        return listening
    raise OSError
