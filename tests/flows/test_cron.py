"""Schedules on the nights on which the clocks change, as Prefect comes to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from flows.cron import zone_of
from flows.settings import Schedule

BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)


def times(cron: str, day: date, zone: str = "Europe/Berlin") -> list[datetime]:
    """When a schedule of the settings comes on a day, as the server makes its runs."""
    from prefect.server.schemas.schedules import CronSchedule

    begin, end = (datetime.combine(each, time(), ZoneInfo(zone)) for each in (day, day + timedelta(days=1)))
    planned = CronSchedule(cron=cron, timezone=zone_of(cron, zone))

    def coming(since: datetime) -> Iterator[datetime]:
        # It gives a thousand at a time.
        found = [
            datetime.fromtimestamp(each.timestamp(), UTC)
            for each in planned._get_dates_generator(n=500, start=since, end=end)
        ]
        yield from found
        if len(found) == 500:
            yield from coming(found[-1] + timedelta(seconds=1))

    return [each for each in coming(begin.astimezone(UTC)) if each < end.astimezone(UTC)]


@pytest.mark.parametrize("day", [AUTUMN, SPRING])
@pytest.mark.parametrize(
    ("cron", "minutes"),
    [
        (Schedule().ingest, 10),
        (Schedule().notify, 1),
        ("*/10 0-23 * * *", 10),
        ("5 */1 1-31 jan-dec 0-6", 60),
        ("0,30 6-5 * * 1-7", 30),
    ],
)
def test_what_comes_in_each_hour_leaves_none_out_when_the_clocks_change(cron: str, minutes: int, day: date) -> None:
    """As a local schedule it left out the hour that comes twice: 70 minutes without a pass, and no word."""
    found = times(cron, day)
    hours = 25 if day == AUTUMN else 23
    assert len(found) == hours * 60 // minutes
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(minutes=minutes)}


@pytest.mark.parametrize("day", [AUTUMN, SPRING])
@pytest.mark.parametrize("cron", [Schedule().tend, Schedule().digest, "30 2 * * *"])
def test_what_names_an_hour_comes_once_by_the_local_clock_when_the_clocks_change(cron: str, day: date) -> None:
    (found,) = times(cron, day)
    minute, hour = map(int, cron.split()[:2])
    due = time(hour + 1 if (day, hour) == (SPRING, 2) else hour, minute)  # two o'clock is three then
    assert found.astimezone(BERLIN).time() == due


def test_the_minutes_of_a_zone_that_is_not_whole_hours_from_utc_are_its_own() -> None:
    found = times("0 * * * *", AUTUMN, "Asia/Kolkata")
    assert {each.astimezone(ZoneInfo("Asia/Kolkata")).minute for each in found} == {0}
