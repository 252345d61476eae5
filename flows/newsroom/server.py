"""An HTTP server on 127.0.0.1 with a clock of its own, faults on demand, a webhook receiver, and a memory of it all.

Tests hold it as a context manager; `depesche newsroom` runs it from the command line; both steer it the same way,
in Python or over HTTP under `/_newsroom/`.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from flows.newsroom.answers import Answer, Site
from flows.newsroom.faults import Fault, FaultKind, fault_of
from flows.newsroom.fortnight import Fortnight
from flows.newsroom.pieces import END, START

_HEAD_LIMIT = 64 * 1024
_BODY_LIMIT = 8 * 1024 * 1024
_GZIP_FROM = 1024
"""bytes; real servers send shorter bodies as they are"""
_GARBAGE = bytes(range(256)) * 8
_MAINTENANCE = (
    "<!doctype html><title>Wartung</title><h1>Wir sind gleich zurück</h1><p>Bitte versuchen Sie es später.</p>"
)
_CONTROL = "/_newsroom/"
_ROBOTS = "User-agent: *\nDisallow: /gesperrt/\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRequest:
    """A request as it came, and what was answered. `at` is the newsroom's time; status 0: the connection was reset."""

    at: datetime
    method: str
    path: str
    headers: Mapping[str, str]
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A POST to `/hook` or below. Headers have lower-case names."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    """what the receiver answered; 0: the connection was reset"""

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    method: str
    target: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Newsroom:
    """Serves a site, by default the invented fortnight.

    >>> with Newsroom() as room:
    ...     moment = room.advance(hours=24)
    ...     sorted(room.feeds)
    ['deutschlandfunk', 'hafenbote', 'n-tv', 'tagesschau', 'tagesschau-ausland', 'tagesschau-inland']

    The clock stands still at `start` unless `speed` (simulated seconds for each real one) or `clock` moves it;
    `everything` sets it to the end. `port=0` takes a free one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        site: Site | None = None,
        start: datetime = START,
        speed: float = 0.0,
        everything: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._host, self._port = host, port
        self._site: Site = site or Fortnight()
        self._clock = clock
        self._start = END if everything else start
        self._speed = speed
        self._since = time.monotonic()
        self._faults: dict[str, Fault] = {}
        self._lock = threading.Lock()
        self._connections: set[asyncio.Task[None]] = set()
        self._thread: threading.Thread | None = None
        self.requests: list[SeenRequest] = []
        self.deliveries: list[Delivery] = []
        self.robots = _ROBOTS

    # -- life

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def open(self) -> Self:
        """Bind and serve in a thread of its own. Raises OSError where the port is taken."""
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.create_server((self._host, self._port), family=family, backlog=256)
        self._port = listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, args=(listener,), name="newsroom", daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """End every connection and give the port back. Closing twice is once."""
        if self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def _serve(self, listener: socket.socket) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen(listener))

    async def _listen(self, listener: socket.socket) -> None:
        server = await asyncio.start_server(self._connection, sock=listener, limit=_HEAD_LIMIT)
        await self._stop.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await server.wait_closed()

    # -- addresses

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def feeds(self) -> dict[str, str]:
        """The feeds by name, in the format that each house announces."""
        return {name: self.url + path for name, path in self._site.feed_paths().items()}

    @property
    def hook_url(self) -> str:
        return f"{self.url}/hook"

    # -- the clock

    def now(self) -> datetime:
        """The newsroom's time, in UTC."""
        if self._clock is not None:
            return self._clock()
        return self._start + timedelta(seconds=(time.monotonic() - self._since) * self._speed)

    def advance(self, *, hours: float = 0.0, days: float = 0.0) -> datetime:
        """Move the clock on; articles appear and change by it."""
        return self.set_time(self.now() + timedelta(hours=hours, days=days))

    def set_time(self, moment: datetime) -> datetime:
        if self._clock is not None:
            raise ValueError("this newsroom was given a clock; move that one")
        with self._lock:
            self._start, self._since = moment, time.monotonic()
        return moment

    # -- faults

    def fault(self, path: str, kind: str, **fields: object) -> None:
        """From now on answer `path` like this: a status code or a name of `FaultKind`, and fields of `Fault`.

        A path ending in `*` stands for all that begin like it. `times=2` heals after two requests.
        """
        with self._lock:
            self._faults[_slashed(path)] = fault_of(kind, **fields)

    def heal(self, path: str | None = None) -> None:
        """Take back the fault of a path, or all of them."""
        with self._lock:
            if path is None:
                self._faults.clear()
            else:
                self._faults.pop(_slashed(path), None)

    def _due_fault(self, path: str) -> Fault | None:
        with self._lock:
            key = next((key for key in self._faults if _matches(key, path)), None)
            if key is None:
                return None
            fault = self._faults[key]
            if fault.times is not None:
                if fault.times <= 1:
                    del self._faults[key]
                else:
                    self._faults[key] = replace(fault, times=fault.times - 1)
            return fault

    # -- memory

    def asked(self, path: str) -> list[SeenRequest]:
        """The requests for a path (or those that begin like it, with `*` at the end), oldest first."""
        return [request for request in list(self.requests) if _matches(_slashed(path), request.path)]

    def forget(self) -> None:
        self.requests.clear()
        self.deliveries.clear()

    # -- one connection

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while (request := await _read(reader)) is not None:
                    if not await self._respond(request, writer):
                        break
        except _BadRequest as error:
            writer.write(f"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nX-Why: {error}\r\n\r\n".encode())
        finally:
            self._connections.discard(task)
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _respond(self, request: _Request, writer: asyncio.StreamWriter) -> bool:
        """Answer, remember, and say whether the connection goes on."""
        # Who steers must get through, whatever `*` is at fault.
        fault = None if request.path.startswith(_CONTROL) else self._due_fault(request.path)
        if fault is not None and fault.kind is FaultKind.LATE:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.kind is FaultKind.RESET:
            self._remember(request, 0)
            _reset(writer)
            return False
        answer = _spoilt(self._answer(request), fault, request)
        kind = fault.kind if fault is not None else None
        head, body = self._message(answer, request, kind)
        status = int(head.split(b" ", 2)[1])
        sent = body[: len(body) // 2] if kind is FaultKind.CUT else body
        # Remembered before the client can have read the answer: a test that asks `room.requests` must find it.
        self._remember(request, status)
        await _send(writer, head, sent, fault)
        whole = len(sent) == len(body) and kind is not FaultKind.UNSIZED
        return whole and request.headers.get("connection", "").lower() != "close"

    def _remember(self, request: _Request, status: int) -> None:
        if request.path.startswith(_CONTROL):
            return
        self.requests.append(
            SeenRequest(at=self.now(), method=request.method, path=request.path, headers=request.headers, status=status)
        )
        if request.method == "POST" and _matches("/hook*", request.path):
            self.deliveries.append(
                Delivery(path=request.path, headers=request.headers, body=request.body, status=status)
            )

    def _answer(self, request: _Request) -> Answer:
        if request.path.startswith(_CONTROL):
            return self._control(request)
        if request.method == "POST" and _matches("/hook*", request.path):
            return Answer(status=204, content_type="")
        if request.method not in ("GET", "HEAD"):
            return Answer(status=405, headers={"Allow": "GET, HEAD"})
        if request.path == "/robots.txt":
            return Answer(body=self.robots.encode(), content_type="text/plain; charset=utf-8")
        found = self._site.answer(request.path, base=self.url, now=self.now())
        return found or Answer(status=404, body=b"<!doctype html><title>404</title><h1>Nicht gefunden</h1>")

    def _message(self, answer: Answer, request: _Request, fault: FaultKind | None) -> tuple[bytes, bytes]:
        """Head and body as they go over the wire."""
        headers = {"Date": _stamp(self.now()), "Server": "depesche-newsroom", **answer.headers}
        status, body = answer.status, answer.body
        if answer.status == HTTPStatus.OK and request.method in ("GET", "HEAD") and fault is not FaultKind.BARE:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            if answer.changed is not None:
                headers["Last-Modified"] = _stamp(answer.changed)
            if _unchanged(request.headers, headers["ETag"], answer.changed):
                status, body = 304, b""
        if status not in (204, 304) and answer.content_type:
            headers["Content-Type"] = answer.content_type
        if len(body) >= _GZIP_FROM and "gzip" in request.headers.get("accept-encoding", ""):
            body = gzip.compress(body, compresslevel=6, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        if fault in (FaultKind.CLIPPED, FaultKind.UNSIZED):
            body = body[: len(body) // 2]
        if fault is FaultKind.UNSIZED:
            headers["Connection"] = "close"
        elif status not in (204, 304):
            headers["Content-Length"] = str(len(body))
        lines = [f"HTTP/1.1 {status} {_phrase(status)}", *(f"{name}: {value}" for name, value in headers.items())]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return head, b"" if request.method == "HEAD" else body

    # -- steering over HTTP

    def _control(self, request: _Request) -> Answer:
        try:
            return Answer(
                body=json.dumps(self._steer(request), ensure_ascii=False).encode(),
                content_type="application/json; charset=utf-8",
                headers={"Cache-Control": "no-store"},
            )
        except (ValueError, KeyError, TypeError) as error:
            return Answer(status=400, body=f"{type(error).__name__}: {error}".encode(), content_type="text/plain")

    def _steer(self, request: _Request) -> Any:
        wish: dict[str, Any] = json.loads(request.body) if request.body else {}
        match request.method, request.path.removeprefix(_CONTROL):
            case "GET", "clock":
                return {"now": self.now().isoformat()}
            case "POST", "clock":
                to = datetime.fromisoformat(wish["now"]) if "now" in wish else None
                moved = self.set_time(to) if to else self.advance(**wish)
                return {"now": moved.isoformat()}
            case "GET", "faults":
                return {path: asdict(fault) for path, fault in self._faults.items()}
            case "POST", "faults":
                self.fault(wish.pop("path"), str(wish.pop("kind")), **wish)
                return {path: asdict(fault) for path, fault in self._faults.items()}
            case "DELETE", "faults":
                self.heal(wish.get("path"))
                return {}
            case "GET", "requests":
                return [asdict(seen) | {"at": seen.at.isoformat()} for seen in self.requests]
            case "GET", "deliveries":
                return [asdict(seen) | {"body": seen.body.decode(errors="replace")} for seen in self.deliveries]
            case "GET", "feeds":
                return self.feeds
        raise ValueError(f"no such control: {request.method} {request.path}")


class _BadRequest(ValueError):
    """Not HTTP/1.1, or larger than any client of ours sends."""


async def _read(reader: asyncio.StreamReader) -> _Request | None:
    """The next request of a connection; None where the client is done. Raises _BadRequest."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    except asyncio.LimitOverrunError as error:
        raise _BadRequest("head too large") from error
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    try:
        method, target, _ = first.split(" ")
        headers = {name.strip().lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        length = int(headers.get("content-length", "0"))
    except ValueError as error:
        raise _BadRequest("unreadable head") from error
    if length > _BODY_LIMIT:
        raise _BadRequest("body too large")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(length)
    path = unquote(urlsplit(target).path) or "/"
    return _Request(method=method, target=target, path=path, headers=headers, body=body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
        if len(body) > _BODY_LIMIT:
            raise _BadRequest("body too large")
    await reader.readuntil(b"\r\n")
    return body


async def _send(writer: asyncio.StreamWriter, head: bytes, body: bytes, fault: Fault | None) -> None:
    if fault is None or fault.kind is not FaultKind.SLOW:
        writer.write(head + body)
        await writer.drain()
        return
    writer.write(head)
    for start in range(0, len(body), fault.chunk):
        await writer.drain()
        await asyncio.sleep(fault.delay)
        writer.write(body[start : start + fault.chunk])
    await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the other side sees ECONNRESET rather than an end."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _spoilt(answer: Answer, fault: Fault | None, request: _Request) -> Answer:
    """The answer as a fault leaves it; faults of the wire (slow, cut) are not seen here."""
    if fault is None:
        return answer
    match fault.kind:
        case FaultKind.STATUS:
            retry = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            phrase = f"{fault.status} {_phrase(fault.status)}"
            # A body behind a 304 would be read as the next answer of the connection.
            body = b"" if fault.status in (204, 304) else phrase.encode()
            return Answer(status=fault.status, body=body, content_type="text/plain", headers=retry)
        case FaultKind.REDIRECT:
            return Answer(status=fault.status, headers={"Location": fault.location})
        case FaultKind.LOOP:
            return Answer(status=302, headers={"Location": request.target})
        case FaultKind.GARBAGE:
            return replace(answer, status=200, body=_GARBAGE)
        case FaultKind.EMPTY:
            return replace(answer, status=200, body=b"")
        case FaultKind.HTML:
            return Answer(body=_MAINTENANCE.encode())
        case FaultKind.RESERVED:
            return replace(answer, headers={**answer.headers, "TDM-Reservation": "1"})
    return answer


def _unchanged(headers: Mapping[str, str], etag: str, changed: datetime | None) -> bool:
    """If-None-Match decides; If-Modified-Since only where that is absent (RFC 9110, 13.2.2)."""
    if asked := headers.get("if-none-match"):
        return asked == "*" or etag in [tag.strip().removeprefix("W/") for tag in asked.split(",")]
    since = headers.get("if-modified-since")
    if since is None or changed is None:
        return False
    with suppress(ValueError):
        return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    return False


def _stamp(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"


def _slashed(path: str) -> str:
    """A path of ours however it was given: with or without a slash, or as a whole address."""
    return "/" + (urlsplit(path).path if "://" in path else path).lstrip("/")


def _matches(pattern: str, path: str) -> bool:
    if pattern.endswith("*"):
        return path.startswith(pattern[:-1])
    return path == pattern
