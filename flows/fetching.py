"""Everything that we ask of other people's servers: one choke point for feeds, articles, robots.txt and webhooks.

The address is checked on the socket that connects, on every hop; sizes are counted on the wire and decoded; one deadline
lies around all of it; a body that is cut off is seen; each host is asked by one connection, at a pace.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import socket
import ssl
import time
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias, TypeVar
from urllib.parse import SplitResult, urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from isal import isal_zlib
from multidict import CIMultiDictProxy
from yarl import URL

from extractors.model import FetchedPage
from extractors.urls import UrlError, checked
from flows.robots import (
    EVERYTHING,
    MAX_ROBOTS,
    Robots,
    read_robots,
    read_tdmrep,
    reserved_by_file,
    reserved_in_page,
)

log = logging.getLogger(__name__)

AGENT = "depesche"
Kind = Literal["feed", "article", "robots"]
Answer = TypeVar("Answer")


class Fault(StrEnum):
    """Why a request brought nothing. The set is closed: every caller can name what it does about each."""

    URL = "url"
    ADDRESS = "address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    DEADLINE = "deadline"
    TOO_LARGE = "too large"
    ENCODING = "encoding"
    TRUNCATED = "truncated"
    PROTOCOL = "protocol"
    REDIRECT = "redirect"
    REFUSED = "refused"
    NOT_FOUND = "not found"
    GONE = "gone"
    BUSY = "busy"
    SERVER = "server error"
    HELD = "held"
    LATE = "late"
    BUDGET = "budget"
    ROBOTS = "robots"
    RESERVED = "reserved"
    FILE = "a file"


UNREACHED = frozenset({Fault.DNS, Fault.CONNECT})
"""Nobody was asked: the network is away, theirs or ours."""

AWAY = UNREACHED | {Fault.TLS, Fault.DEADLINE, Fault.SERVER, Fault.BUSY}
"""It says nothing about what was asked for: the house is away."""


class FetchError(Exception):
    """A request brought nothing usable. `retry_after` in seconds; `permanent`: asking again is pointless."""

    def __init__(
        self,
        kind: Fault,
        message: str = "",
        *,
        retry_after: float | None = None,
        permanent: bool = False,
        status: int = 0,
    ) -> None:
        super().__init__(f"{kind}: {message}" if message else str(kind))
        self.kind = kind
        self.message = message
        self.retry_after = retry_after
        self.permanent = permanent
        self.status = status

    @property
    def away(self) -> bool:
        """Whether the house is away; so it is where its robots.txt cannot be read, which is said with a time to wait."""
        return self.kind in AWAY or (self.kind == Fault.ROBOTS and self.retry_after is not None)


class NoContact(ValueError):
    """Nothing is fetched before the User-Agent says how to reach whoever runs this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing is new since the validators we sent; the ones to send next time."""

    url: str
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str = ""
    max_age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a receiver of a webhook answered; redirects are not followed. `retry_after` in seconds."""

    status: int
    body: bytes = b""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much, how long, how often. Seconds and bytes."""

    deadline: float = 30.0
    wire: int = 5 << 20
    body: int = 10 << 20
    redirects: int = 5
    concurrency: int = 20
    page_spacing: float = 5.0
    pages_per_hour: int = 400
    allow: tuple[str, ...] = ()
    """exact host:port pairs that may be reached although they are not public or on another port"""
    robots: bool = True
    tdm_reason: str = ""


def limits_from(
    *,
    deadline_seconds: float,
    wire_megabytes: float,
    body_megabytes: float,
    page_spacing_seconds: float,
    concurrency: int,
    allow: tuple[str, ...],
    robots: bool,
    tdm_reason: str,
    **_: object,
) -> Limits:
    """The section `fetching` of the settings, as `limits_from(**settings.fetching.model_dump())`."""
    return Limits(
        deadline=deadline_seconds,
        wire=int(wire_megabytes * (1 << 20)),
        body=int(body_megabytes * (1 << 20)),
        page_spacing=page_spacing_seconds,
        concurrency=concurrency,
        allow=allow,
        robots=robots,
        tdm_reason=tdm_reason,
    )


# --- what may be asked ------------------------------------------------------------------------------------------------

_NOT_PUBLIC = tuple(
    ipaddress.ip_network(net)
    for net in (
        "100.64.0.0/10",  # carriers' NAT
        "192.88.99.0/24",  # 6to4 relays
        "64:ff9b:1::/48",  # NAT64 of one's own network: any IPv4 address in disguise, as are the next ones
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "::/96",  # IPv4-compatible
        "fec0::/10",  # site-local
        "3fff::/20",  # documentation
    )
)


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""The whole of IPv4 as names tell it where there is none (RFC 6052, DNS64): the address within it decides."""


def public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    >>> public("93.184.216.34"), public("127.0.0.1"), public("::ffff:10.0.0.1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    if ip.version == _NAT64.version and ip in _NAT64:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    in_list = any(ip.version == net.version and ip in net for net in _NOT_PUBLIC)
    return ip.is_global and not ip.is_multicast and not in_list


@lru_cache(maxsize=16_384)  # ten thousand feeds are asked again and again
def allowed_url(url: str, allow: frozenset[tuple[str, int]]) -> SplitResult:
    """The parts of a URL that this process may ask for; raises FetchError. No name is resolved here."""
    try:
        parts = checked(url)
    except UrlError as error:
        raise FetchError(Fault.URL, error.reason, permanent=True) from None
    host, port = parts.hostname or "", port_of(parts)
    if (host, port) in allow:
        return parts
    if port not in (80, 443):
        raise FetchError(Fault.URL, f"port {port}", permanent=True)
    # An address rather than a name. In any but its plain spelling (127.1, 0x7f000001) it is a trick, and not `public`.
    numeric = ":" in host or re.fullmatch(r"(?:0x[0-9a-f]*|[0-9]+)", host.rpartition(".")[2])
    if numeric and not public(host):
        raise FetchError(Fault.ADDRESS, f"{host} is not a public address", permanent=True)
    return parts


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def pairs(allow: tuple[str, ...]) -> frozenset[tuple[str, int]]:
    """`host:port` texts of the settings as pairs; raises ValueError naming the one that is none."""
    found = set()
    for text in allow:
        host, _, port = text.strip().lower().rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536 or "*" in host or "/" in host:
            raise ValueError(f"{text!r} is not an exact host:port pair such as 'alerts.intern:8080'")
        found.add((host.strip("[]"), int(port)))
    return frozenset(found)


def redacted(url: str) -> str:
    """A URL for logs: without credentials, and without the values of parameters that hold secrets."""
    url = re.sub(r"//[^/?#@]*@", "//***@", url[:500])
    return re.sub(r"(?i)([?&](?:[\w-]*(?:token|secret|passw\w*|key|sig|signature|auth|code))=)[^&#]*", r"\1***", url)


class _Doorkeeper(AbstractResolver):
    """Resolves names and refuses those that lead, with any of their addresses, to a place that is not public.

    `open_socket` then looks at the address that is really being connected to: whatever the name said before or says
    now, no other socket is opened.
    """

    def __init__(self, allow: frozenset[tuple[str, int]]) -> None:
        self._allow = allow
        self._excepted: set[tuple[str, int]] = {pair for pair in allow if _is_address(pair[0])}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        try:
            infos = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        except (socket.gaierror, UnicodeError) as error:
            raise FetchError(Fault.DNS, f"{host}: {error}") from None
        addresses = [(info[0], str(info[4][0])) for info in infos if info[0] in (socket.AF_INET, socket.AF_INET6)]
        if (host, port) in self._allow:
            self._excepted.update((address, port) for _, address in addresses)
        else:
            for _, address in addresses:
                if not public(address):
                    raise FetchError(Fault.ADDRESS, f"{host} leads to {address}, which is not public")
        if not addresses:
            raise FetchError(Fault.DNS, f"{host} has no address")
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST
            )
            for kind, address in addresses
        ]  # fmt: skip

    def open_socket(self, info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        family, kind, proto, _, address = info
        host, port = str(address[0]), int(str(address[1]))
        if (host, port) not in self._excepted and (not public(host) or port not in (80, 443)):
            raise OSError(f"{host}:{port} is not a public address")
        return socket.socket(family=family, type=kind, proto=proto)

    async def close(self) -> None:
        pass


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


# --- headers ----------------------------------------------------------------------------------------------------------

DAY = 86_400.0
DEFAULT_WAIT = {429: 900.0, 503: 300.0}
"""seconds to leave a host alone that says it is busy, and not for how long"""


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, at most a day; None if it says nothing sensible.

    >>> retry_after("99999999999", datetime(2022, 1, 10, tzinfo=UTC))
    86400.0
    """
    if not value:
        return None
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,20}", value):
        return min(float(value), DAY)
    try:
        until = parsedate_to_datetime(value)
        wait = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(wait, DAY) if wait >= 0 else None


def max_age(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds for which a server calls its answer fresh, at most a day; None if it does not say (RFC 9111, 4.2.1)."""
    directives = {
        name.strip().lower(): value.strip().strip('"')
        for name, _, value in (part.partition("=") for part in headers.get("cache-control", "")[:1000].split(","))
    }
    if "no-cache" in directives or "no-store" in directives:
        return 0
    age = headers.get("age", "0")
    spent = int(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0
    if re.fullmatch(r"[0-9]{1,12}", directives.get("max-age", "")):
        return max(0, min(int(directives["max-age"]) - spent, int(DAY)))
    expires = headers.get("expires")
    if not expires:
        return None
    wait = retry_after(expires, now)
    return int(wait) if wait is not None else 0


# --- bodies -----------------------------------------------------------------------------------------------------------

_END_TAGS = re.compile(rb"</(?:rss|feed|(?:[A-Za-z]+:)?RDF|html|body|channel)\s*>", re.IGNORECASE)


def _endless(body: bytes) -> bool:
    """Whether a document lacks its end. Of what is packed or of wide characters nobody can tell before it is unpacked."""
    head = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"{", b"[")):
        return not body.rstrip().endswith((b"}", b"]"))
    readable = not head.startswith(b"\x1f\x8b") and b"\x00" not in head
    return readable and b"<" in head and not _END_TAGS.search(body[-2000:])


class Body:
    """Collects a body, decoding as it comes, and stops at the limits."""

    def __init__(self, encoding: str, limits: Limits) -> None:
        if encoding not in _ENCODINGS:
            raise FetchError(Fault.ENCODING, encoding[:40])
        self._encoding = encoding
        self._limits = limits
        self._parts: list[bytes] = []
        self._size = 0
        self._wire = 0
        self._stream: _Stream | None = None

    def add(self, chunk: bytes) -> None:
        self._wire += len(chunk)
        if self._wire > self._limits.wire:
            raise FetchError(Fault.TOO_LARGE, f"more than {self._limits.wire} bytes on the wire")
        if self._encoding in _AS_IT_IS:
            self._keep(chunk)
        else:
            self._decode(chunk)
        if self._size > self._limits.body:
            raise FetchError(Fault.TOO_LARGE, f"more than {self._limits.body} bytes decoded")

    def _keep(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)

    def _decode(self, chunk: bytes) -> None:
        while chunk:
            if self._stream is None:
                self._stream = _decoder(self._encoding, chunk)
            elif self._stream.eof:
                if self._encoding == "deflate" or chunk[:2] != b"\x1f\x8b":
                    return  # padding behind the stream
                self._stream = _decoder(self._encoding, chunk)
            try:
                self._keep(self._stream.decompress(chunk, self._limits.body + 1 - self._size))
            except _BROKEN as error:
                raise FetchError(Fault.ENCODING, str(error)) from None
            if self._size > self._limits.body:
                return
            chunk = self._stream.unused_data if self._stream.eof else b""

    def finished(self) -> bytes:
        if self._stream is not None and not self._stream.eof:
            raise FetchError(Fault.TRUNCATED, "the compressed stream has no end")
        return b"".join(self._parts)


_Stream: TypeAlias = "zlib._Decompress | isal_zlib.Decompress"
_BROKEN: tuple[type[Exception], ...] = (zlib.error, isal_zlib.error)  # type: ignore[assignment]  # its stub calls the class an instance
_AS_IT_IS = frozenset({"", "identity", "none", "binary", "8bit", "utf-8", "utf8"})
"""With what servers say who took the header for one about characters: browsers read these, too."""
_ENCODINGS = _AS_IT_IS | {"gzip", "x-gzip", "deflate"}
"""We never ask for others; and `gzip, gzip, gzip …` is a bomb in wrapping paper."""
_PLAIN_GZIP = b"\x1f\x8b\x08\x00"


def _decoder(encoding: str, beginning: bytes) -> _Stream:
    """isal inflates in less than half of zlib's time, but trips over optional fields of a header that comes in pieces."""
    if encoding == "deflate":
        # Without the zlib header, as some servers mean it, where the method is not where that has it.
        return zlib.decompressobj(15 if beginning[0] & 0x0F == 8 else -15)
    return isal_zlib.decompressobj(31) if beginning.startswith(_PLAIN_GZIP) else zlib.decompressobj(31)


# --- pace -------------------------------------------------------------------------------------------------------------

Reserve = Callable[[str, float], Awaitable[float]]
"""(host, seconds between two pages) → seconds to wait before one's turn, which is then reserved. Workers that share a
database can share turns by giving the Fetcher one that keeps them there."""


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0
    held_until: float = 0.0
    pages: deque[float] = field(default_factory=deque)
    robots: tuple[float, Robots | FetchError] | None = None
    tdm: tuple[float, tuple[tuple[str, bool], ...]] | None = None

    def busy(self, now: float) -> bool:
        """Whether something would be lost by forgetting this host: a pause, a turn, a budget, a request under way."""
        return self.lock.locked() or max(self.held_until, self.next_at) > now or bool(self.pages)


_ACCEPT = {
    "feed": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "*/*;q=0.1",
    "article": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    "robots": "text/plain, application/json;q=0.9, */*;q=0.1",
}
_FILE = re.compile(r"(?:audio|video|image|font)/|application/(?:pdf|zip|gzip|msword|vnd\.)", re.IGNORECASE)
"""What a feed of podcasts or of press offices leads to; nobody needs its megabytes to see that it is no page."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_POLICY_AGE = DAY
MOST_HOSTS = 20_000
_UNREADABLE_AGE = 600.0


class Fetcher:
    """Fetches, with manners. An async context manager; one for each process is enough.

    `contact` is a mail address or a page that says who asks; without one NoContact is raised. `clock` says what time
    it is, `monotonic` and `sleep` measure and wait; tests give their own.
    """

    def __init__(
        self,
        *,
        contact: str,
        limits: Limits | None = None,
        reserve: Reserve | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.user_agent = user_agent(contact)
        self._limits = limits or Limits()
        self._allow = pairs(self._limits.allow)
        self._clock, self._monotonic, self._sleep = clock, monotonic, sleep
        self._reserve = reserve or self._own_turn
        self._hosts: dict[str, _Host] = {}
        self._slots = asyncio.Semaphore(self._limits.concurrency)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        doorkeeper = _Doorkeeper(self._allow)
        connector = aiohttp.TCPConnector(
            resolver=doorkeeper,
            socket_factory=doorkeeper.open_socket,
            limit=0,  # our own semaphore counts, and the lock of each host
            ttl_dns_cache=60,
            keepalive_timeout=75,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=min(10.0, self._limits.deadline)),
            headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate"},
            auto_decompress=False,
            trust_env=False,
            read_bufsize=1 << 16,
            max_field_size=1 << 16,  # a content security policy may be longer than the 8 kB of the client's own limit
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(
        self,
        url: str,
        *,
        kind: Kind = "feed",
        etag: str | None = None,
        last_modified: str | None = None,
        truncated_ok: bool = False,
        until: datetime | None = None,
    ) -> FetchedPage | NotModified:
        """Ask for a feed, an article or a policy file; raises FetchError.

        A document without its end tag is `truncated`; one without a length either raises, unless `truncated_ok`.
        Whose turn comes after `until`, because others of its host took so long, is not asked for.

        An article waits for its turn at the host (that wait is outside the deadline) and is subject to robots.txt and
        TDM reservation.
        """
        parts = allowed_url(url, self._allow)
        host = self._host(parts.netloc)
        self._refuse_if_held(parts.netloc, host)
        if kind == "article":
            async with host.lock:
                await self._permitted(parts)
            await self._turn(parts.netloc, host)
        async with host.lock:  # one request at a time for each host
            self._refuse_if_held(parts.netloc, host)
            async with self._slots:
                if until is not None and self._clock() >= until:
                    raise FetchError(Fault.LATE, "its turn came too late")
                sent = _validators(etag, last_modified)
                page = await self._in_time(self._follow(url, kind, sent, truncated_ok=truncated_ok))
        if log.isEnabledFor(logging.DEBUG):
            log.debug("fetched", extra={"url": redacted(url), "unchanged": isinstance(page, NotModified)})
        return page

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Deliver a body to a webhook, with the same checks of the address; raises FetchError if there is no answer."""
        parts = allowed_url(url, self._allow)
        async with self._slots:
            return await self._in_time(self._post(parts.geturl(), body, headers))

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        asked = self._opened.post(_as_sent(url), data=body, headers=headers, allow_redirects=False)
        try:
            async with asked as response:
                reply = Body("", Limits(wire=1 << 16, body=1 << 16))
                try:
                    async for chunk in response.content.iter_any():
                        reply.add(chunk)
                except FetchError:
                    response.close()  # the status is the answer; nobody reads a long speech
                wait = retry_after(response.headers.get("Retry-After"), self._clock())
                return Reply(status=response.status, body=reply.finished()[: 1 << 16], retry_after=wait)
        except _CLIENT_ERRORS as error:
            raise _fault_of(error) from None

    def hold(self, url: str, seconds: float) -> None:
        """Leave the host of a URL alone for so long: as it asked for in an earlier life of this process."""
        host = self._host(allowed_url(url, self._allow).netloc)
        host.held_until = max(host.held_until, self._monotonic() + min(seconds, DAY))

    def held_for(self, url: str) -> float:
        """Seconds for which the host of a URL asked to be left alone; 0 if it did not."""
        try:
            netloc = allowed_url(url, self._allow).netloc
        except FetchError:
            return 0.0
        return max(0.0, self._host(netloc).held_until - self._monotonic())

    @property
    def deadline(self) -> timedelta:
        """The longest that one request takes."""
        return timedelta(seconds=self._limits.deadline)

    # --- one request and the ones it leads to

    @property
    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the Fetcher is used outside its `async with`")
        return self._session

    async def _in_time(self, request: Coroutine[Any, Any, Answer]) -> Answer:
        """One deadline around all of it: names, connections, redirects, bodies."""
        try:
            async with asyncio.timeout(self._limits.deadline):
                return await request
        except TimeoutError:
            raise FetchError(Fault.DEADLINE, f"nothing complete within {self._limits.deadline:g} s") from None

    async def _follow(
        self, url: str, kind: Kind, headers: Mapping[str, str], *, truncated_ok: bool
    ) -> FetchedPage | NotModified:
        requested, permanent = url, True
        for _ in range(self._limits.redirects + 1):
            parts = allowed_url(url, self._allow)
            try:
                answer = await self._once(parts, kind, headers, truncated_ok=truncated_ok)
            except _CLIENT_ERRORS as error:
                raise _fault_of(error) from None
            if not isinstance(answer, _Redirect):
                moved = url if permanent and url != requested else ""
                return _named(answer, requested, url, moved)
            permanent = permanent and answer.permanent
            url = self._redirected(url, answer.location)
            target = allowed_url(url, self._allow)
            # Without the lock of that host: two hosts that redirect to each other would wait for each other.
            self._refuse_if_held(target.netloc, self._host(target.netloc))
            if kind == "article":
                await self._permitted(target)
        raise FetchError(Fault.REDIRECT, f"more than {self._limits.redirects} redirects")

    def _redirected(self, url: str, location: str) -> str:
        try:
            target = urljoin(url, location.strip())
        except ValueError:
            raise FetchError(Fault.REDIRECT, "malformed location") from None
        if url.startswith("https:") and target.startswith("http:"):
            raise FetchError(Fault.REDIRECT, "from https to http")
        return target

    async def _once(
        self, parts: SplitResult, kind: Kind, headers: Mapping[str, str], *, truncated_ok: bool
    ) -> FetchedPage | NotModified | _Redirect:
        text = parts._replace(fragment="").geturl()
        sent = {"Accept": _ACCEPT[kind], **headers}
        async with self._opened.get(_as_sent(text), headers=sent, allow_redirects=False) as response:
            now, status = self._clock(), response.status
            if status in _REDIRECTS and response.headers.get("Location"):
                return _Redirect(response.headers["Location"], status in _PERMANENT)
            if status == 304 and headers:
                return _not_modified(text, response.headers, headers, now)
            if status != 200:
                raise self._fault(parts.netloc, status, response.headers, now)
            if kind == "article" and _FILE.match(said := response.headers.get("Content-Type", "").strip()):
                response.close()
                raise FetchError(Fault.FILE, said[:60], permanent=True)
            body = await self._body(response)
            truncated = kind != "robots" and _endless(body)
            if truncated and not truncated_ok and _open_ended(response):
                raise FetchError(Fault.TRUNCATED, "neither a length nor an end tag")
            return self._page(kind, text, response.headers, body, now, truncated=truncated)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        declared = response.headers.get("Content-Length", "")
        if declared.isdecimal() and int(declared) > self._limits.wire:
            raise FetchError(Fault.TOO_LARGE, f"{declared[:20]} bytes announced")
        body = Body(response.headers.get("Content-Encoding", "").strip().lower(), self._limits)
        try:
            async for chunk in response.content.iter_any():
                body.add(chunk)
        except FetchError:
            response.close()
            raise
        return body.finished()

    def _page(
        self,
        kind: Kind,
        url: str,
        headers: CIMultiDictProxy[str],
        body: bytes,
        now: datetime,
        *,
        truncated: bool,
    ) -> FetchedPage:
        reserved = reserved_in_page(_lowered(headers), body) if kind == "article" else ""
        if reserved and not self._limits.tdm_reason:
            raise FetchError(Fault.RESERVED, f"text and data mining is reserved ({reserved})", permanent=True)
        return FetchedPage(
            url=url,
            body=body,
            fetched_at=now,
            content_type=headers.get("Content-Type", "")[:200],
            # What may be cut off must not answer 304 next time.
            etag=None if truncated else _validator(headers.get("ETag")),
            last_modified=None if truncated else _validator(headers.get("Last-Modified")),
            max_age=max_age(_lowered(headers), now),
            truncated=truncated,
            reserved=reserved,
        )

    def _fault(self, netloc: str, status: int, headers: CIMultiDictProxy[str], now: datetime) -> FetchError:
        if status in (429, 503):
            asked = retry_after(headers.get("Retry-After"), now)
            wait = asked if asked is not None else DEFAULT_WAIT[status]
            host = self._host(netloc)
            host.held_until = max(host.held_until, self._monotonic() + wait)
            return FetchError(Fault.BUSY, f"status {status}", retry_after=wait, status=status)
        if status == 410:
            return FetchError(Fault.GONE, "status 410", permanent=True, status=status)
        if status == 404:
            return FetchError(Fault.NOT_FOUND, "status 404", status=status)
        if status >= 500:
            return FetchError(Fault.SERVER, f"status {status}", status=status)
        if 400 <= status < 500:
            return FetchError(Fault.REFUSED, f"status {status}", status=status)
        return FetchError(Fault.PROTOCOL, f"status {status}", status=status)

    # --- pace

    def _host(self, netloc: str) -> _Host:
        found = self._hosts.get(netloc)
        if found is None:
            if len(self._hosts) >= MOST_HOSTS:  # feeds can name as many as they like
                now = self._monotonic()
                self._hosts = {name: host for name, host in self._hosts.items() if host.busy(now)}
            found = self._hosts[netloc] = _Host()
        return found

    def _refuse_if_held(self, netloc: str, host: _Host) -> None:
        wait = host.held_until - self._monotonic()
        if wait > 0:
            raise FetchError(Fault.HELD, f"{netloc} asked to be left alone", retry_after=wait)

    async def _turn(self, netloc: str, host: _Host) -> None:
        """Wait until the next page of this host may be asked for."""
        self._spend(netloc, host)
        delay = host.robots[1].delay if host.robots and isinstance(host.robots[1], Robots) else 0.0
        wait = await self._reserve(netloc, max(self._limits.page_spacing, delay))
        if wait > 0:
            await self._sleep(wait)

    async def _own_turn(self, netloc: str, spacing: float) -> float:
        host, now = self._host(netloc), self._monotonic()
        turn = max(now, host.next_at)
        host.next_at = turn + spacing
        return turn - now

    def _spend(self, netloc: str, host: _Host) -> None:
        now = self._monotonic()
        while host.pages and host.pages[0] <= now - 3600:
            host.pages.popleft()
        if len(host.pages) >= self._limits.pages_per_hour:
            wait = host.pages[0] + 3600 - now
            raise FetchError(Fault.BUDGET, f"{netloc} gave us {len(host.pages)} pages this hour", retry_after=wait)
        host.pages.append(now)

    # --- what the publisher asks of machines

    async def _permitted(self, parts: SplitResult) -> None:
        """Raises FetchError where robots.txt forbids the page or tdmrep.json reserves it."""
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if self._limits.robots:
            robots = await self._robots(parts)
            if not robots.allows(path or "/"):
                raise FetchError(Fault.ROBOTS, "robots.txt forbids this page")
        if not self._limits.tdm_reason and reserved_by_file(await self._tdm(parts), parts.path or "/"):
            raise FetchError(Fault.RESERVED, "text and data mining is reserved (tdmrep.json)", permanent=True)

    async def _robots(self, parts: SplitResult) -> Robots:
        host = self._host(parts.netloc)
        if host.robots is None or host.robots[0] <= self._monotonic():
            found: Robots | FetchError
            try:
                text = await self._policy(parts, "/robots.txt")
                found, age = (EVERYTHING if text is None else read_robots(text, AGENT)), _POLICY_AGE
            except FetchError as error:
                # RFC 9309, 2.3.1.4: what cannot be read forbids everything, until it can.
                found, age = error, _UNREADABLE_AGE
            host.robots = (self._monotonic() + age, found)
        rules = host.robots[1]
        if isinstance(rules, FetchError):
            wait = max(0.0, host.robots[0] - self._monotonic())
            raise FetchError(Fault.ROBOTS, f"robots.txt cannot be read ({rules.kind})", retry_after=wait)
        return rules

    async def _tdm(self, parts: SplitResult) -> tuple[tuple[str, bool], ...]:
        host = self._host(parts.netloc)
        if host.tdm is None or host.tdm[0] <= self._monotonic():
            try:
                text = await self._policy(parts, "/.well-known/tdmrep.json")
                host.tdm = (self._monotonic() + _POLICY_AGE, read_tdmrep(text or ""))
            except FetchError:
                host.tdm = (self._monotonic() + _UNREADABLE_AGE, ())
        return host.tdm[1]

    async def _policy(self, parts: SplitResult, path: str) -> str | None:
        """A policy file of a host; None if it has none (any 4xx but 429). Raises FetchError if that cannot be known."""
        url = SplitResult(parts.scheme, parts.netloc, path, "", "").geturl()
        try:
            page = await self._in_time(self._follow(url, "robots", {}, truncated_ok=True))
        except FetchError as error:
            if error.kind in (Fault.NOT_FOUND, Fault.GONE, Fault.REFUSED):
                return None
            raise
        return page.body[:MAX_ROBOTS].decode("utf-8-sig", "replace") if isinstance(page, FetchedPage) else None


_CLIENT_ERRORS = (aiohttp.ClientError, aiohttp.http_exceptions.HttpProcessingError, ssl.SSLError, OSError, ValueError)


def _fault_of(error: Exception) -> FetchError:
    """The many exceptions of a client as ours. Its messages may quote a URL: only its own words are kept."""
    if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
        raise error  # the deadline's, and for it to say so
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        # "certificate has expired" and the like: OpenSSL's words, which quote at most the host.
        why = getattr(error.certificate_error, "verify_message", "")
        return FetchError(Fault.TLS, str(why or type(error.certificate_error).__name__)[:200])
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return FetchError(Fault.TLS, type(error).__name__)
    if isinstance(error, aiohttp.ClientConnectorError):
        refused = "not a public address" in str(error.os_error)
        return FetchError(Fault.ADDRESS if refused else Fault.CONNECT, str(error.os_error)[:200])
    if isinstance(error, aiohttp.InvalidURL):
        return FetchError(Fault.URL, "malformed", permanent=True)
    if isinstance(error, aiohttp.ClientPayloadError):
        cut = "not completed" in str(error) or "ContentLength" in str(error)
        return FetchError(Fault.TRUNCATED if cut else Fault.PROTOCOL, type(error).__name__)
    if isinstance(error, aiohttp.ServerTimeoutError):
        return FetchError(Fault.CONNECT, "no connection in time")
    if isinstance(error, aiohttp.ServerDisconnectedError | OSError):
        return FetchError(Fault.CONNECT, "the server hung up")
    return FetchError(Fault.PROTOCOL, type(error).__name__)


def _as_sent(url: str) -> URL:
    """The URL as it was checked, byte for byte, unless it holds what has to be escaped."""
    return URL(url, encoded=url.isascii())


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str
    permanent: bool


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    sent = {"If-None-Match": _validator(etag), "If-Modified-Since": _validator(last_modified)}
    return {name: value for name, value in sent.items() if value}


def _validator(value: str | None) -> str | None:
    """A validator is sent back as it came; one that could not be sent is none."""
    return value if value and len(value) <= 500 and value.isprintable() and value.isascii() else None


def _not_modified(
    url: str, headers: CIMultiDictProxy[str], sent: Mapping[str, str], now: datetime
) -> NotModified:  # fmt: skip
    return NotModified(
        url=url,
        fetched_at=now,
        etag=_validator(headers.get("ETag")) or sent.get("If-None-Match"),
        last_modified=_validator(headers.get("Last-Modified")) or sent.get("If-Modified-Since"),
        max_age=max_age(_lowered(headers), now),
    )


def _lowered(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    wanted = ("cache-control", "expires", "age", "tdm-reservation")
    return {name: headers[name] for name in wanted if name in headers}


def _open_ended(response: aiohttp.ClientResponse) -> bool:
    """Whether the body ended with the connection: then nobody knows whether that was the end."""
    headers = response.headers
    return "Content-Length" not in headers and "chunked" not in headers.get("Transfer-Encoding", "").lower()


def _named(page: FetchedPage | NotModified, requested: str, url: str, moved: str) -> FetchedPage | NotModified:
    if isinstance(page, FetchedPage):
        return replace(page, requested_url=requested, url=url, moved_to=moved)
    return replace(page, url=url, moved_to=moved)


def user_agent(contact: str) -> str:
    """What we call ourselves; raises NoContact if nobody could be reached.

    >>> user_agent("redaktion@example.org").split()[1]
    '(+mailto:redaktion@example.org)'
    """
    contact = contact.strip()
    if re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", contact, re.ASCII):
        contact = f"mailto:{contact}"
    elif not re.fullmatch(r"https?://[\w.-]+\.[a-z]{2,}(?:/[!-~]*)?", contact, re.ASCII):
        raise NoContact(
            "nothing is fetched without a contact: set `contact` in depesche.toml (or DEPESCHE_CONTACT) to a mail "
            "address or a page that says who is asking, such as redaktion@example.org"
        )
    return f"{AGENT}/{version('depesche')} (+{contact})"
