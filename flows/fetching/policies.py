"""What publishers ask of machines: their robots.txt and tdmrep.json, asked for once a day."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import SplitResult

from flows.fetching.faults import Fault, FetchError
from flows.fetching.headers import AGENT, DAY
from flows.fetching.limits import Limits
from flows.fetching.pace import Pace
from flows.robots import EVERYTHING, Robots, read_robots, read_tdmrep, reserved_by_file

_POLICY_AGE = DAY
_UNREADABLE_AGE = 600.0


class Policies:
    """Decides what may be asked for. `read` gives a file of a host as text, None if there is none, or raises FetchError."""

    def __init__(self, limits: Limits, pace: Pace, read: Callable[[str], Awaitable[str | None]]) -> None:
        self._limits, self._pace, self._read = limits, pace, read

    async def permit(self, parts: SplitResult) -> None:
        """Raises FetchError where robots.txt forbids the page or tdmrep.json reserves it."""
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if self._limits.robots:
            robots = await self._robots(parts)
            if not robots.allows(path or "/"):
                raise FetchError(Fault.ROBOTS, "robots.txt forbids this page")
        if not self._limits.tdm_reason and reserved_by_file(await self._tdm(parts), parts.path or "/"):
            raise FetchError(Fault.RESERVED, "text and data mining is reserved (tdmrep.json)", permanent=True)

    async def _robots(self, parts: SplitResult) -> Robots:
        host, monotonic = self._pace.host(parts.netloc), self._pace.monotonic
        if host.robots is None or host.robots[0] <= monotonic():
            found: Robots | FetchError
            try:
                text = await self._read(_file(parts, "/robots.txt"))
                found, age = (EVERYTHING if text is None else read_robots(text, AGENT)), _POLICY_AGE
            except FetchError as error:
                # RFC 9309, 2.3.1.4: what cannot be read forbids everything, until it can.
                found, age = error, _UNREADABLE_AGE
            host.robots = (monotonic() + age, found)
        rules = host.robots[1]
        if isinstance(rules, FetchError):
            wait = max(0.0, host.robots[0] - monotonic())
            raise FetchError(Fault.ROBOTS, f"robots.txt cannot be read ({rules.kind})", retry_after=wait)
        return rules

    async def _tdm(self, parts: SplitResult) -> tuple[tuple[str, bool], ...]:
        host, monotonic = self._pace.host(parts.netloc), self._pace.monotonic
        if host.tdm is None or host.tdm[0] <= monotonic():
            try:
                text = await self._read(_file(parts, "/.well-known/tdmrep.json"))
                host.tdm = (monotonic() + _POLICY_AGE, read_tdmrep(text or ""))
            except FetchError:
                host.tdm = (monotonic() + _UNREADABLE_AGE, ())
        return host.tdm[1]


def _file(parts: SplitResult, path: str) -> str:
    return SplitResult(parts.scheme, parts.netloc, path, "", "").geturl()
