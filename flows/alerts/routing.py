"""When and where an alert goes: channels, quiet hours, grouping, back-off. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from extractors.model import Alert

GIVE_UP_AFTER = timedelta(hours=72)
"""A delivery is tried until it is this old, not a number of times: a weekend's outage loses nothing."""

_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What one channel wants; `flows.settings.Channel` describes each field."""

    channel: str
    watches: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    per_hour: int = 10
    quiet: tuple[time, time] | None = None

    def takes(self, alert: Alert) -> bool:
        return (
            (not self.watches or alert.watch in self.watches)
            and (not self.types or alert.type in self.types)
            and (not self.statuses or alert.status in self.statuses)
            and self.parties <= set(alert.parties)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An alert that waits for its delivery on one channel. `attempt` counts from 1."""

    delivery: int
    channel: str
    alert: Alert
    queued_at: datetime
    attempt: int = 1


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
    return datetime.combine(day, end, tzinfo=zone)


def grouped(
    waiting: Iterable[Waiting], *, sent_last_hour: Mapping[str, int], routes: Mapping[str, Route]
) -> tuple[tuple[Waiting, ...], ...]:
    """The messages to send now: alerts of one channel, watch and group go together.

    What was marked for the digest goes into one message for each channel and watch, and so does everything once a
    channel has used up its messages of the hour: joined, never dropped.
    """
    groups: dict[tuple[str, str, str], list[Waiting]] = defaultdict(list)
    for one in waiting:
        group = "" if one.alert.digest else (one.alert.group or one.alert.key)
        groups[one.channel, one.alert.watch, group].append(one)
    return tuple(_throttled(groups, sent_last_hour, routes))


def _throttled(
    groups: Mapping[tuple[str, str, str], list[Waiting]], sent: Mapping[str, int], routes: Mapping[str, Route]
) -> Iterable[tuple[Waiting, ...]]:
    left = {name: route.per_hour - sent.get(name, 0) for name, route in routes.items()}
    overflow: dict[str, list[Waiting]] = defaultdict(list)
    for (channel, _, _), members in groups.items():
        # The last message of the hour is kept for what overflows.
        if left.get(channel, 1) > 1:
            left[channel] -= 1
            yield ordered(members)
        else:
            overflow[channel].extend(members)
    yield from (ordered(members) for members in overflow.values())


def ordered(members: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """What hurts or helps most first; equal ones in the order in which they came."""
    return tuple(sorted(members, key=lambda one: (-abs(one.alert.score), one.queued_at, one.delivery)))


def retry_at(
    now: datetime, queued_at: datetime, attempt: int, *, retry_after: float | None = None, spread: float = 0.5
) -> datetime | None:
    """When to try again, or None when the delivery is too old and becomes a dead letter.

    Doubling from 15 seconds to an hour, ± 20 % by `spread` (0 to 1); what the other side asked for is a lower bound.
    """
    if now - queued_at >= GIVE_UP_AFTER:
        return None
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * float(2 ** min(attempt - 1, 10))) * (0.8 + 0.4 * spread)
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=retry_after))
    return now + wait
