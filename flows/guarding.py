"""Who may ask a server of ours, Prefect's or the reading room: nobody whose page is another's, whatever name it points here.

A browser that is let near such a server sends it what any open page wants. CORS only keeps a page from reading answers: a
POST without a content type goes through (Prefect reads it), WebSockets know no CORS at all, and a page that points its own
name at 127.0.0.1, or at an address of the house ("DNS rebinding"), is of the same origin. What gives all three away are two
headers that no page can choose: by which name the server is asked, and which origin asks.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

ANY = "*"
"""A name that lets all of them in."""


def guarded(app: Any, names: Collection[str] = (), *, setting: str) -> Any:
    """The ASGI application, refused to foreign names and pages. `names` are our hosts, beside those that nobody can have
    pointed here; with ANY among them nothing is refused. `setting` is where they stand, for who is refused."""
    if ANY in names:
        return app
    ours = frozenset(names)
    told = (
        f"This server answers to addresses, to names without a dot, and to the hosts of {setting}; "
        "and to pages of its own. See docs/operate.md.\n"
    ).encode()

    async def guard(scope: Message, receive: Any, send: Send) -> None:
        refused = refusal(*_asked(scope), names=ours) if scope["type"] in ("http", "websocket") else 0
        if refused:
            await _refuse(scope, send, refused, told)
        else:
            await app(scope, receive, send)

    return guard


def names_of(origins: Iterable[str]) -> frozenset[str]:
    """The hosts of origins such as https://prefect.example; of "*" it is ANY.

    >>> sorted(names_of([" https://prefect.example:8443", "*", ""]))
    ['*', 'prefect.example']
    """
    listed = {origin.strip() for origin in origins}
    return frozenset(filter(None, (origin if origin == ANY else in_letters(_host_of(origin)) for origin in listed)))


def in_letters(name: str) -> str:
    """A host's name as browsers ask by it; as it is where none could.

    >>> in_letters("Prüfstand.Example.")
    'xn--prfstand-75a.example'
    """
    try:
        return name.strip().rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return name


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
    return FOREIGN_PAGE if is_foreign(origin, host, names=names) else 0


def is_foreign(origin: str, host: str, *, names: frozenset[str] = frozenset()) -> bool:
    """Whether a page of another origin than our own asks; a proxy may ask in its readers' place by an address of ours."""
    own = bool(host) and origin.lower().partition("://")[2] == host.lower()
    return bool(origin) and not own and _host_of(origin) not in names


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


async def _refuse(scope: Message, send: Send, status: int, told: bytes) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": told})
