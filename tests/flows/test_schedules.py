"""The schedules over both changes of the clock in Europe/Berlin: nothing is missed, nothing runs twice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from flows.settings import Settings

pytestmark = pytest.mark.prefect

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = datetime(2022, 3, 27, tzinfo=BERLIN), datetime(2022, 10, 30, tzinfo=BERLIN)


@pytest.fixture(scope="module")
def planned() -> dict[str, object]:
    """The schedule of each deployment that has one, as it is registered."""
    from flows.serve import deployments

    return {
        made.name: made.schedules[0].schedule for made in deployments(Settings(contact="a@b.example")) if made.schedules
    }


def runs(schedule: object, day: datetime) -> list[datetime]:
    """The runs of three days around a change of the clock, in UTC."""
    first = (day - timedelta(days=1)).astimezone(UTC)
    last = datetime(day.year, day.month, day.day, tzinfo=BERLIN) + timedelta(days=2)
    from prefect.server.schemas.schedules import CronSchedule

    asked = CronSchedule(cron=schedule.cron, timezone=schedule.timezone)  # type: ignore[attr-defined]
    found: list[datetime] = []
    while not found or found[-1] < last.astimezone(UTC):  # it makes at most a thousand at once
        since = found[-1] + timedelta(seconds=1) if found else first
        found += [at.astimezone(UTC) for at in asyncio.run(asked.get_dates(1000, start=since))]
    return [at for at in found if at < last.astimezone(UTC)]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 71), (AUTUMN, 73)], ids=["spring", "autumn"])
@pytest.mark.parametrize(("name", "minutes"), [("ingest", 10), ("notify", 1)])
def test_what_runs_through_the_day_misses_no_turn_and_takes_none_twice(planned, name, minutes, day, hours):
    found = runs(planned[name], day)
    assert len(found) == hours * 60 // minutes
    assert {(later - earlier).total_seconds() for earlier, later in pairwise(found)} == {minutes * 60}


@pytest.mark.parametrize("day", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize(("name", "clock"), [("tend", "03:20"), ("digest", "07:00")])
def test_what_runs_once_a_day_runs_once_on_each_day_at_its_hour(planned, name, clock, day):
    local = [at.astimezone(BERLIN) for at in runs(planned[name], day)]
    assert [f"{at:%H:%M}" for at in local] == [clock] * 3
    assert len({at.date() for at in local}) == 3


@pytest.mark.parametrize("day", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_the_week_is_told_on_the_monday_after(planned, day):
    [at] = runs(planned["lage"], day)
    assert f"{at.astimezone(BERLIN):%a %H:%M}" == "Mon 07:30"
