"""Who may use the desk: only a browser on this machine that was opened with the token.

The address that `ogi desk` prints has a random token; the first page stores it in a cookie. A page of another site can
neither read the token nor send a form: Host and Origin are checked, the cookie is `SameSite=Strict`, and each form
repeats the token. No page may load anything from elsewhere.
"""

from __future__ import annotations

import hmac
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_REQUEST_BYTES = 220 * 2**20  # a ZIP archive of a year, with its form
MAX_FORM_BYTES = 2**20
SAFE_METHODS = ("GET", "HEAD")
STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# The pages of the site have styles inside them.
SITE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:"
NOTICE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # a page with its styles inside, without scripts
HEADERS = {
    "x-content-type-options": "nosniff",
    # `no-referrer` would make browsers send `Origin: null` with a form.
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class OnlyThisDesk:
    """Refuse each request that does not come from a page of this desk; add the headers that protect its pages."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        """Protect `app`, which listens on `port` of this machine."""
        self._app, self._token, self._port = app, token, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if refusal := self._refusal(scope, headers):
            await PlainTextResponse(refusal, 403)(scope, receive, _with_headers(send, scope["path"]))
        elif scope["path"] == "/" and "token" in parse_qs(scope["query_string"].decode("latin-1")):
            await self._welcome(scope, receive, send)
        else:
            limited = _limited(receive, MAX_REQUEST_BYTES if scope["path"] == "/upload" else MAX_FORM_BYTES)
            await self._app(scope, limited, _with_headers(send, scope["path"]))

    @property
    def cookie(self) -> str:
        """The name of the cookie; desks on other ports have others."""
        return f"ogi-{self._port}"

    def _refusal(self, scope: Scope, headers: Headers) -> str | None:
        """Return why a request is refused, None if it is not."""
        hosts = {f"127.0.0.1:{self._port}", f"localhost:{self._port}"}
        if headers.get("host") not in hosts:
            return "Host"
        origin = headers.get("origin")
        if origin is not None and (urlsplit(origin).netloc not in hosts or urlsplit(origin).scheme != "http"):
            return "Origin"
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return "Sec-Fetch-Site"
        if scope["method"] not in SAFE_METHODS and not self._is_token(
            headers.get("x-ogi-token") or _query(scope, "csrf")
        ):
            return "CSRF"
        given = _query(scope, "token") if scope["path"] == "/" else ""
        return None if self._is_token(given) or self._is_token(self._cookie_of(headers)) else "Token"

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), self._token.encode())

    def _cookie_of(self, headers: Headers) -> str:
        morsel = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        return str(morsel.value) if morsel else ""

    async def _welcome(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Store the token in a cookie and go to the address without it, so that it is in no history."""
        response = RedirectResponse("/", 303)
        response.set_cookie(self.cookie, self._token, httponly=True, samesite="strict")
        await response(scope, receive, _with_headers(send, "/"))


class TooLarge(Exception):
    """The body of a request is larger than allowed."""


def _query(scope: Scope, name: str) -> str:
    text: str = scope["query_string"].decode("latin-1")
    return parse_qs(text).get(name, [""])[0]


def _limited(receive: Receive, most: int) -> Receive:
    """Return a `receive` that raises TooLarge once the body has more than `most` bytes."""
    count = 0

    async def limited() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > most:
            raise TooLarge
        return message

    return limited


def _with_headers(send: Send, path: str) -> Send:
    policy = SITE_POLICY if path.startswith("/site/") else NOTICE_POLICY if "/notice/" in path else STRICT_POLICY

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            added: list[tuple[bytes, Any]] = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
            message = {
                **message,
                "headers": [*message["headers"], *added, (b"content-security-policy", policy.encode())],
            }
        await send(message)

    return send_with_headers
