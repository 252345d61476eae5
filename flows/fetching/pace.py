"""How often each host is asked: the pauses that it asked for, turns of its pages, and a budget of them an hour."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from flows.fetching.faults import Fault, FetchError
from flows.fetching.headers import DAY
from flows.fetching.limits import Limits
from flows.robots import Robots

Reserve = Callable[[str, float, float], Awaitable[float]]
"""(host, seconds between two pages, most seconds) → seconds to wait before one's turn, which is then reserved; nothing is
where it comes later than that. Workers that share a database can share turns by giving the Fetcher one that keeps them there."""

MOST_HOSTS = 20_000


@dataclass(slots=True)
class Host:
    """What is remembered of a host (name and port). Times are those of `Pace.monotonic`."""

    name: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """one request at a time"""
    next_at: float = 0.0
    held_until: float = 0.0
    pages: deque[float] = field(default_factory=deque)
    robots: tuple[float, Robots | FetchError] | None = None
    """until when it holds, and what robots.txt says or why it cannot be read"""
    tdm: tuple[float, tuple[tuple[str, bool], ...]] | None = None
    """until when it holds, and the rows of tdmrep.json"""

    def busy(self, now: float) -> bool:
        """Whether something would be lost by forgetting this host: a pause, a turn, a budget, a request under way."""
        return self.lock.locked() or max(self.held_until, self.next_at) > now or bool(self.pages)


class Pace:
    """The hosts that were asked, and when each may be asked again; `monotonic` and `sleep` measure and wait."""

    def __init__(
        self,
        limits: Limits,
        *,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        reserve: Reserve | None,
    ) -> None:
        self.monotonic, self.sleep = monotonic, sleep
        self.hosts: dict[str, Host] = {}
        self._limits = limits
        self._reserve = reserve or self._own_turn

    def host(self, name: str) -> Host:
        found = self.hosts.get(name)
        if found is None:
            if len(self.hosts) >= MOST_HOSTS:  # feeds can name as many as they like
                now = self.monotonic()
                self.hosts = {known: host for known, host in self.hosts.items() if host.busy(now)}
            found = self.hosts[name] = Host(name)
        return found

    def hold(self, host: Host, seconds: float) -> None:
        """Leave a host alone for so long, a day at most."""
        host.held_until = max(host.held_until, self.monotonic() + min(seconds, DAY))

    def refuse_if_held(self, host: Host) -> None:
        """Raises FetchError while a host is left alone."""
        wait = host.held_until - self.monotonic()
        if wait > 0:
            raise FetchError(Fault.HELD, f"{host.name} asked to be left alone", retry_after=wait)

    async def turn(self, host: Host, most: float = math.inf) -> None:
        """Wait until the next page of this host may be asked for. Raises FetchError where the hour's pages are spent, or the
        turn comes in more than `most` seconds.
        """
        self._spend(host)
        delay = host.robots[1].delay if host.robots and isinstance(host.robots[1], Robots) else 0.0
        wait = await self._reserve(host.name, max(self._limits.page_spacing, delay), most)
        if wait > most:
            host.pages.pop()
            raise FetchError(Fault.LATE, f"the next page of {host.name} comes too late")
        if wait > 0:
            await self.sleep(wait)

    async def _own_turn(self, name: str, spacing: float, most: float) -> float:
        host, now = self.host(name), self.monotonic()
        turn = max(now, host.next_at)
        if turn - now <= most:
            host.next_at = turn + spacing
        return turn - now

    def _spend(self, host: Host) -> None:
        now = self.monotonic()
        while host.pages and host.pages[0] <= now - 3600:
            host.pages.popleft()
        if len(host.pages) >= self._limits.pages_per_hour:
            wait = host.pages[0] + 3600 - now
            raise FetchError(Fault.BUDGET, f"{host.name} gave us {len(host.pages)} pages this hour", retry_after=wait)
        host.pages.append(now)
