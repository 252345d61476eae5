"""The tension of the last month as a picture, for where the reading room is not: Prefect's artifact."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from extractors.model import SURE
from flows.web import charts, pages
from storage import deeds, queries, room_queries
from storage.deeds import Tension
from storage.engine import reading

DAYS, FEWEST = 30, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """`url` is a data: URI, so that nothing is fetched to show it."""

    url: str
    told: str


def picture(engine: Engine, zone: ZoneInfo, now: datetime) -> Picture | None:
    """The last 30 days up to the newest act, as the reading room's overview has them; None for an archive without acts."""
    with reading(engine) as connection:
        latest = room_queries.latest_day(connection)
        if latest is None:
            return None
        until = pages.today(now.astimezone(zone).date(), latest)
        since = until - timedelta(days=DAYS - 1)
        days = deeds.tension(connection, since, until, min_confidence=SURE)
        silent = queries.gap_days(queries.gaps(connection, since, until), since, until)
    first = next((place for place, day in enumerate(days) if day.acts), 0)
    days = days[min(first, DAYS - FEWEST) :]  # an archive that is young has no empty half
    return Picture(url=_data(drawn(days, silent)), told=_told(days))


def drawn(days: Sequence[Tension], silent: frozenset[date]) -> str:
    """The SVG; days on which a feed was not heard of have a ground of their own."""
    above = tuple(charts.Bar(value=round(day.cooperation, 2)) for day in days)
    below = tuple(charts.Bar(value=round(day.conflict, 2)) for day in days)
    return charts.picture(
        [f"{day.day:%d.%m.}" for day in days],
        [
            charts.Series(name="cooperation", tone="cooperation", bars=above),
            charts.Series(name="conflict", tone="conflict", bars=below),
        ],
        title="Tension by day",
        gaps=[place for place, day in enumerate(days) if day.day in silent],
    )


def _told(days: Sequence[Tension]) -> str:
    acts, unsure = sum(day.acts for day in days), sum(day.unsure for day in days)
    left_out = f" (less certain ones left out: {unsure})" if unsure else ""
    return (
        f"{days[0].day} to {days[-1].day}: {acts} acts{left_out}; sums of their PLOVER scores by day, "
        "cooperation above, conflict below"
    )


def _data(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
