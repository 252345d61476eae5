"""Who may ask a server of ours that knows no password: nobody whose page is another's, whatever name it points here.

A browser that is let near Prefect's server sends it what any open page wants. CORS only keeps a page from reading answers: a
POST without a content type goes through (Prefect reads it), WebSockets know no CORS at all, and a page that points its own
name at 127.0.0.1 ("DNS rebinding") is of the same origin. What gives all three away are two headers that no page can choose:
by which name the server is asked, and which origin asks.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

TOLD = (
    b"This server answers to addresses, to names without a dot, and to the hosts of PREFECT_SERVER_CORS_ALLOWED_ORIGINS; "
    b"and to pages of its own. See docs/operate.md.\n"
)


def guarded(app: Any, origins: Iterable[str] = ()) -> Any:
    """The ASGI application, refused to foreign names and pages. `origins` are where else its pages are, as https://prefect.example;
    one that is "*" lets all of them in."""
    listed = tuple(filter(None, (origin.strip() for origin in origins)))
    if "*" in listed:
        return app
    names = frozenset(filter(None, map(_host_of, listed)))

    async def guard(scope: Message, receive: Any, send: Send) -> None:
        refused = refusal(*_asked(scope), names=names) if scope["type"] in ("http", "websocket") else 0
        if refused:
            await _refuse(scope, send, refused)
        else:
            await app(scope, receive, send)

    return guard


FOREIGN_NAME, FOREIGN_PAGE = 421, 403
"""What is answered to who asks by a name that is not ours (Misdirected Request), and to pages of others."""


def refusal(host: str, origin: str, *, names: frozenset[str] = frozenset()) -> int:
    """The status with which a request is refused, by its headers Host and Origin; 0 for one that is not. `names` are our hosts.

    An address cannot be pointed elsewhere, and a name without a dot is nobody's on the Internet.

    >>> refusal("127.0.0.1:4200", ""), refusal("prefect:4200", ""), refusal("evil.example:4200", "")
    (0, 0, 421)
    >>> refusal("localhost:4200", "http://localhost:4200"), refusal("localhost:4200", "https://evil.example")
    (0, 403)
    """
    name = _host_of(f"//{host}")
    if name and name not in names and "." in name and not name.endswith(".localhost") and not _is_address(name):
        return FOREIGN_NAME
    own = bool(host) and origin.lower().partition("://")[2] == host.lower()
    return 0 if not origin or own or _host_of(origin) in names else FOREIGN_PAGE


def _host_of(address: str) -> str:
    """The host of an address, without its port; nothing where none can be read."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _asked(scope: Message) -> tuple[str, str]:
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return headers.get(b"host", ""), headers.get(b"origin", "")


async def _refuse(scope: Message, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(TOLD)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": TOLD})
