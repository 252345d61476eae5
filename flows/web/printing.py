"""The static copy: follows the room's own links from the overview on and writes what it finds as files.

Links become relative, so that the copy can lie anywhere and be opened from a disk. Forms are left out; what a form would
have found is not in the copy.
"""

from __future__ import annotations

import asyncio
import posixpath
import re
from collections import deque
from dataclasses import dataclass, replace
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from flows.guarding import ANY
from flows.web.app import Room, create_app
from flows.web.downloads import DOWNLOADS

_LINK = re.compile(r'(?<=\s)(href|src)="(/[^"]*)"')
_LEFT_OUT = ("/search", "/login", "/logout", "/review", "/health")
_NARROWER = re.compile(
    r"&until=[\d-]+&(?:between=1&status|directed)=|[?&]directed=1&.*\b(?:order|unsure)=|[?&]until=.*\border=|[?&]order=.*\buntil="
)
"""Lists that only narrow others of the copy: one figure of a stretch, a direction's in another order or with what is unsure, and some
days' in another order."""
FIRST = ("/", "/static/room.css", "/static/favicon.svg", *(path for path, _, _, _ in DOWNLOADS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What was written; `left` are pages that were linked and not written."""

    pages: int
    files: int
    left: int

    def sentence(self, folder: Path) -> str:
        more = f"; {self.left} more pages are linked and not in it (--most)" if self.left else ""
        return f"{self.pages} pages and {self.files} files in {folder}{more}"


def print_room(room: Room, folder: Path, *, most: int = 2000) -> Printed:
    """Write at most `most` pages into the folder, the nearest to the overview first."""
    app = create_app(replace(room, printed=True, token="", hosts=frozenset({ANY})))
    return asyncio.run(_print(app, folder, most))


async def _print(app: Any, folder: Path, most: int) -> Printed:
    waiting = deque(FIRST)
    known = set(FIRST)
    texts: dict[str, str] = {}
    files: set[str] = set()
    while waiting and len(texts) < most:
        target = waiting.popleft()
        status, media, body = await _get(app, target)
        if status != 200:
            continue
        if not media.startswith("text/html"):
            _write(folder / file_of(target), body)
            files.add(target)
            continue
        text = body.decode()
        texts[target] = text
        for link in links(text):
            if link not in known:
                known.add(link)
                waiting.append(link)
    written = {*texts, *files, *FIRST}
    for target, text in texts.items():
        _write(folder / file_of(target), localised(text, target, written).encode())
    return Printed(pages=len(texts), files=len(files), left=len(waiting))


def links(text: str) -> list[str]:
    """The room's own addresses on a page that the copy is to have, without fragments; headlines cannot add any, as they are
    escaped."""
    found = [urldefrag(unescape(address)).url for _, address in _LINK.findall(text)]
    return [each for each in dict.fromkeys(found) if not each.startswith(_LEFT_OUT) and not _NARROWER.search(each)]


def localised(text: str, target: str, written: set[str]) -> str:
    """The page with links to other files of the copy; what is not in it is no link any more."""
    here = posixpath.dirname(file_of(target))

    def relative(found: re.Match[str]) -> str:
        address, fragment = urldefrag(unescape(found[2]))
        if address not in written:
            return 'data-left-out=""'
        path = posixpath.relpath(file_of(address), here or ".")
        return f'{found[1]}="{escape(path + (f"#{fragment}" if fragment else ""))}"'

    return _LINK.sub(relative, text)


def file_of(target: str) -> str:
    """Where an address lies in the copy.

    >>> file_of("/"), file_of("/acts/act_1"), file_of("/acts?offset=30"), file_of("/acts.atom")
    ('index.html', 'acts/act_1.html', 'acts-offset-30.html', 'acts.atom')
    >>> file_of("/?unsure=1"), file_of("/calendar.ics?party=UKR")
    ('index-unsure-1.html', 'calendar-party-UKR.ics')
    """
    parts = urlsplit(target)
    path = "/".join(_safe(unquote(piece)) for piece in (parts.path.strip("/") or "index").split("/"))
    asked = f"-{_safe(parts.query)}" if parts.query else ""
    stem, ending = posixpath.splitext(path)
    if ending in (".css", ".svg", ".atom", ".ics", ".jsonl", ".csv", ".tsv", ".gexf"):
        return f"{stem}{asked}{ending}"
    return f"{path}{asked}.html"


def _safe(text: str) -> str:
    """A name that every file system takes and that stays inside the folder."""
    cleaned = re.sub(r"[^\w.-]+", "-", text)
    return cleaned if cleaned.strip(".") else "-"


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


async def _get(app: Any, target: str) -> tuple[int, str, bytes]:
    """Ask the application itself; no socket is opened."""
    parts = urlsplit(target)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 0),
    }
    sent: list[dict[str, Any]] = []

    asked = [{"type": "http.request", "body": b"", "more_body": False}]
    leaves: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def receive() -> dict[str, Any]:
        # While a file is sent, the application waits for a reader that leaves; ours never does.
        return asked.pop() if asked else await leaves

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = dict(sent[0]["headers"])
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], headers.get(b"content-type", b"").decode(), body
