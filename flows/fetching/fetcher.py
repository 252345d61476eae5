"""Asks, and follows redirects: at each host's pace, within the limits, and where its policies permit it."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Literal, Self, TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from extractors.model import FetchedPage
from extractors.urls import redacted
from flows.fetching.addresses import Doorkeeper, allowed_url, pairs
from flows.fetching.bodies import Body, endless
from flows.fetching.faults import CLIENT_ERRORS, Fault, FetchError, fault_of
from flows.fetching.headers import (
    DEFAULT_WAIT,
    lowered,
    max_age,
    retry_after,
    user_agent,
    validator,
    validators,
)
from flows.fetching.limits import Limits
from flows.fetching.pace import Pace, Reserve
from flows.fetching.policies import Policies
from flows.robots import MAX_ROBOTS, reserved_in_page

log = logging.getLogger(__name__)

Kind = Literal["feed", "article", "robots"]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing is new since the validators we sent, which stay in use.

    Others that it may send are not kept: of a server that mixes them up, entries never seen would count as known.
    """

    url: str
    fetched_at: datetime
    moved_to: str = ""
    max_age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a receiver of a webhook answered; redirects are not followed. `retry_after` in seconds.

    Its status is the answer: who took a message and then says something without an end has taken it.
    """

    status: int
    retry_after: float | None = None


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
        self._clock = clock
        self.pace = Pace(self._limits, monotonic=monotonic, sleep=sleep, reserve=reserve)
        self._policies = Policies(self._limits, self.pace, self._policy)
        self._slots = asyncio.Semaphore(self._limits.concurrency)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        doorkeeper = Doorkeeper(self._allow)
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

        An article waits for its turn at the host (that wait is outside the deadline, and not begun where it would last
        beyond `until`) and is subject to robots.txt and TDM reservation.
        """
        parts = allowed_url(url, self._allow)
        host = self.pace.host(parts.netloc)
        self.pace.refuse_if_held(host)
        if kind == "article":
            async with host.lock:
                await self._policies.permit(parts)
            left = math.inf if until is None else (until - self._clock()).total_seconds()
            await self.pace.turn(host, left)
        async with host.lock:
            self.pace.refuse_if_held(host)
            async with self._slots:
                if until is not None and self._clock() >= until:
                    raise FetchError(Fault.LATE, "its turn came too late")
                sent = validators(etag, last_modified)
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
                wait = retry_after(response.headers.get("Retry-After"), self._clock())
                return Reply(status=response.status, retry_after=wait)
        except CLIENT_ERRORS as error:
            raise fault_of(error) from None

    def hold(self, url: str, seconds: float) -> None:
        """Leave the host of a URL alone for so long: as it asked for in an earlier life of this process."""
        self.pace.hold(self.pace.host(allowed_url(url, self._allow).netloc), seconds)

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
            except CLIENT_ERRORS as error:
                raise fault_of(error) from None
            if not isinstance(answer, _Redirect):
                moved = url if permanent and url != requested else ""
                return _named(answer, requested, url, moved)
            permanent = permanent and answer.permanent
            url = self._redirected(url, answer.location)
            target = self._led_to(url)
            # Without the lock of that host: two hosts that redirect to each other would wait for each other.
            self.pace.refuse_if_held(self.pace.host(target.netloc))
            if kind == "article":
                await self._policies.permit(target)
        raise FetchError(Fault.REDIRECT, f"more than {self._limits.redirects} redirects")

    def _led_to(self, url: str) -> SplitResult:
        """The parts of a URL that a redirect names. Its refusal is for now: a hotel's network leads everything to its login."""
        try:
            return allowed_url(url, self._allow)
        except FetchError as error:
            raise FetchError(error.kind, error.message) from None

    def _redirected(self, url: str, location: str) -> str:
        try:
            target = urljoin(url, location.strip())
            before, then = urlsplit(url).scheme, urlsplit(target).scheme  # in small letters, however they are written
        except ValueError:
            raise FetchError(Fault.REDIRECT, "malformed location") from None
        if before == "https" and then == "http":
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
                return _not_modified(text, response.headers, now)
            if status != 200:
                raise self._fault(parts.netloc, status, response.headers, now)
            if kind == "article" and _FILE.match(said := response.headers.get("Content-Type", "").strip()):
                response.close()
                raise FetchError(Fault.FILE, said[:60], permanent=True)
            body = await self._body(response)
            truncated = kind != "robots" and endless(body)
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
        reserved = reserved_in_page(lowered(headers), body) if kind == "article" else ""
        if reserved and not self._limits.tdm_reason:
            raise FetchError(Fault.RESERVED, f"text and data mining is reserved ({reserved})", permanent=True)
        return FetchedPage(
            url=url,
            body=body,
            fetched_at=now,
            content_type=headers.get("Content-Type", "")[:200],
            # What may be cut off must not answer 304 next time.
            etag=None if truncated else validator(headers.get("ETag")),
            last_modified=None if truncated else validator(headers.get("Last-Modified")),
            max_age=max_age(lowered(headers), now),
            truncated=truncated,
            reserved=reserved,
        )

    def _fault(self, netloc: str, status: int, headers: CIMultiDictProxy[str], now: datetime) -> FetchError:
        if status in (429, 503):
            asked = retry_after(headers.get("Retry-After"), now)
            wait = asked if asked is not None else DEFAULT_WAIT[status]
            self.pace.hold(self.pace.host(netloc), wait)
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

    async def _policy(self, url: str) -> str | None:
        """A policy file of a host; None if it has none (any 4xx but 429). Raises FetchError if that cannot be known."""
        try:
            page = await self._in_time(self._follow(url, "robots", {}, truncated_ok=True))
        except FetchError as error:
            if error.kind in (Fault.NOT_FOUND, Fault.GONE, Fault.REFUSED):
                return None
            raise
        return page.body[:MAX_ROBOTS].decode("utf-8-sig", "replace") if isinstance(page, FetchedPage) else None


def _as_sent(url: str) -> URL:
    """The URL as it was checked, byte for byte, unless it holds what has to be escaped."""
    return URL(url, encoded=url.isascii())


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str
    permanent: bool


def _not_modified(url: str, headers: CIMultiDictProxy[str], now: datetime) -> NotModified:
    return NotModified(url=url, fetched_at=now, max_age=max_age(lowered(headers), now))


def _open_ended(response: aiohttp.ClientResponse) -> bool:
    """Whether the body ended with the connection: then nobody knows whether that was the end."""
    headers = response.headers
    return "Content-Length" not in headers and "chunked" not in headers.get("Transfer-Encoding", "").lower()


def _named(page: FetchedPage | NotModified, requested: str, url: str, moved: str) -> FetchedPage | NotModified:
    if isinstance(page, FetchedPage):
        return replace(page, requested_url=requested, url=url, moved_to=moved)
    return replace(page, url=url, moved_to=moved)
