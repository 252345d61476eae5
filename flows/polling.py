"""When to ask a feed again, and how: pure decisions over what is known of it. Times are aware, waits are timedeltas."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from storage.polling import CLOCK_STEP, GAP

DAILY = timedelta(hours=24)
"""A feed is asked without validators once a day: some servers answer 304 for ever, whatever is new."""
SLOWEST = timedelta(hours=1)
LONGEST_RETRY_AFTER = timedelta(hours=24)
MOVED_TIMES, MOVED_DAYS = 3, 2
GONE_TIMES, GONE_AFTER = 3, timedelta(hours=24)
GONE_WAIT = timedelta(days=7)
"""A feed that is gone is asked again so much later: 410 is said for good, and by servers that were set up wrongly."""


def conditional(unconditional_at: datetime | None, now: datetime) -> bool:
    """Whether the validators may be sent; False once a day, and when a feed was never read in full.

    `unconditional_at` is when the feed last answered in full to a request without validators; by a clock that was ahead it
    says nothing.
    """
    return unconditional_at is not None and -CLOCK_STEP <= now - unconditional_at < DAILY


def rhythm(published: Iterable[datetime | None]) -> timedelta | None:
    """The middle time between two entries of a window, by their dates; None if they do not tell.

    A window is what a feed listed at once. Entries of one minute are one: agencies publish in bursts.
    """
    minutes = sorted({when.replace(second=0, microsecond=0) for when in published if when is not None})
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(minutes)]
    return timedelta(seconds=statistics.median(gaps)) if len(gaps) >= 4 else None


def interval(
    least: timedelta,
    *,
    rhythm: timedelta | None = None,
    max_age: int | None = None,
    failures: int = 0,
    reached: bool = True,
) -> timedelta:
    """How long to leave a feed alone.

    `least` is the settings' interval, which nothing undercuts. A feed with a slow rhythm is asked half as often as it
    publishes, at least hourly; `max_age` (seconds) is respected up to that hour; each failure doubles, up to 6 hours, or that hour where nobody was
    `reached`: it burdens nobody, and the network that is away may be ours.
    """
    wait = least
    if rhythm is not None:
        wait = max(wait, min(rhythm / 2, SLOWEST))
    if max_age is not None:
        wait = max(wait, min(timedelta(seconds=max_age), SLOWEST))
    if failures:
        longest = timedelta(hours=6) if reached else SLOWEST
        wait = min(max(wait, timedelta(minutes=1)) * 2 ** min(failures, 10), max(wait, longest))
    return wait


def next_due(now: datetime, wait: timedelta, *, retry_after: float | None = None, jitter: float = 0.0) -> datetime:
    """When to ask again. `retry_after` in seconds is the server's word, never undercut and capped at a day.

    `jitter` from 0 to 1 spreads the feeds over a tenth of their wait, always later.
    """
    due = wait * (1 + 0.1 * jitter)
    if retry_after is not None:
        due = max(due, min(timedelta(seconds=retry_after), LONGEST_RETRY_AFTER))
    return now + due


def silent_after(least: timedelta) -> timedelta:
    """Not heard of for longer, a feed has a gap. `least` is the time that the settings leave it alone."""
    return max(GAP, least * 1.1 + GAP / 2)


def moved(seen: Sequence[tuple[datetime, str]], target: str, now: datetime) -> bool:
    """Whether a permanent redirect is to be believed: the same address three times, on two days (301s get pulled back).

    `seen` are the earlier sightings (when, where to), oldest first; only the unbroken run at their end counts.
    """
    run = [when for when, where in _run(seen, target)] + [now]
    return len(run) >= MOVED_TIMES and len({when.date() for when in run}) >= MOVED_DAYS


def _run(seen: Sequence[tuple[datetime, str]], target: str) -> list[tuple[datetime, str]]:
    run: list[tuple[datetime, str]] = []
    for sighting in reversed(seen):
        if sighting[1] != target:
            break
        run.append(sighting)
    return run


def gone(times: Sequence[datetime], now: datetime) -> bool:
    """Whether a 410 is to be believed: the third in a row, over at least a day. `times`: those before this one."""
    return len(times) + 1 >= GONE_TIMES and now - times[0] >= GONE_AFTER


def silent(newest: datetime | None, rhythm: timedelta | None, now: datetime) -> bool:
    """Whether a feed that answers has been without a new entry for too long: 72 hours, or 20 of its own rhythms."""
    if newest is None:
        return False
    return now - newest >= max(timedelta(hours=72), 20 * rhythm if rhythm is not None else timedelta())
