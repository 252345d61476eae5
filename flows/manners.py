"""A fetcher with the manners and limits of the settings: for a pass, and for a command that asks for one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.fetching import Fetcher, Limits, Reserve

if TYPE_CHECKING:
    from flows.settings import Settings


def fetcher_of(
    settings: Settings,
    *,
    reserve: Reserve | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Fetcher:
    """Raises NoContact where the settings name nobody who could be reached.

    `reserve` keeps the distance to a host together with others; without it the fetcher keeps its own.
    """
    asked = settings.fetching
    limits = Limits(
        deadline=asked.deadline_seconds,
        wire=int(asked.wire_megabytes * (1 << 20)),
        body=int(asked.body_megabytes * (1 << 20)),
        page_spacing=asked.page_spacing_seconds,
        concurrency=asked.concurrency,
        allow=asked.allow,
        robots=asked.robots,
        tdm_reason=asked.tdm_reason,
    )
    # Without a distance there is nothing to promise to other workers.
    shared = reserve if limits.page_spacing > 0 else None
    return Fetcher(contact=settings.contact, limits=limits, reserve=shared, clock=clock)
