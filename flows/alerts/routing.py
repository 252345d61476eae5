"""When and where an alert goes: channels, quiet hours, back-off, parking. Pure; the outbox groups and holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from extractors.model import Alert

GIVE_UP_AFTER = timedelta(hours=72)
"""A delivery is tried until it is this old, not a number of times: a weekend's outage loses nothing."""

LEAST_ATTEMPTS = 8
"""So often it is tried however old it is, for over half an hour: it may have been old when it first could be."""

GONE_ANSWERS, GONE_FOR = 3, timedelta(hours=1)
FAILING_FOR = timedelta(hours=24)

_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What one channel wants; `flows.settings.Channel` describes each field."""

    channel: str
    watches: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    """each with its type, as CONSULT/visit"""
    statuses: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    scores: tuple[float, float] = (-10.0, 10.0)
    """of least to most"""
    per_hour: int = 10
    quiet: tuple[time, time] | None = None
    alarms: frozenset[str] = frozenset()

    def takes(self, alert: Alert) -> bool:
        if alert.watch in self.watches and not alert.act:
            return True  # the Lage tells no act, which could have a type or parties
        return (
            (not self.watches or alert.watch in self.watches)
            and (not self.types or alert.type in self.types)
            and (not self.modes or f"{alert.type}/{alert.mode}" in self.modes)
            and (not self.statuses or alert.status in self.statuses)
            and self.parties <= set(alert.parties)
            and self.scores[0] <= alert.score <= self.scores[1]
        )

    def wakes(self, alerts: Iterable[Alert]) -> bool:
        """Whether one of them is to be heard in quiet hours, too; what is for the digest is not."""
        return any(alert.type in self.alarms and not alert.digest for alert in alerts)


def channels_for(alert: Alert, routes: Iterable[Route]) -> tuple[str, ...]:
    return tuple(route.channel for route in routes if route.takes(alert))


def quiet_until(now: datetime, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours if `now` lies in them, as an aware time; None outside them.

    The end is reckoned on the wall clock, so that a night in which the clocks change ends at the same hour.
    """
    if quiet is None or quiet[0] == quiet[1]:
        return None
    start, end = quiet
    local = now.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    over_midnight = start > end
    inside = clock >= start or clock < end if over_midnight else start <= clock < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and clock >= start else local.date()
    until = datetime.combine(day, end, tzinfo=zone)
    # In the hour that comes twice the first end may be over, and the quiet goes on until the second.
    return until if until.astimezone(UTC) > now else until.replace(fold=1)


def retry_at(
    now: datetime, queued_at: datetime, attempt: int, *, retry_after: float | None = None, spread: float = 0.5
) -> datetime | None:
    """When to try again, or None when the delivery is too old and becomes a dead letter.

    Doubling from 15 seconds to an hour, ± 20 % by `spread` (0 to 1); what the other side asked for is a lower bound.
    """
    if now - queued_at >= GIVE_UP_AFTER and attempt >= LEAST_ATTEMPTS:
        return None
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * float(2 ** min(attempt - 1, 10))) * (0.8 + 0.4 * spread)
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=retry_after))
    return now + wait


def park_reason(*, gone: int, failing_since: datetime | None, now: datetime) -> str:
    """Why a channel should be parked, or empty: it said three times over an hour that it is gone, or failed for a day."""
    if failing_since is None:
        return ""
    lasted = now - failing_since
    if gone >= GONE_ANSWERS and lasted >= GONE_FOR:
        return f"answered 410 (gone) {gone} times over {lasted.total_seconds() / 3600:.1f} h"
    if lasted >= FAILING_FOR:
        return f"has failed for {lasted.total_seconds() / 3600:.0f} h"
    return ""
