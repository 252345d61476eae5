"""Schedules on the nights on which the clocks change, as Prefect comes to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from flows.cron import silence, zone_of
from flows.settings import Schedule, Settings

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


LEAST = timedelta(minutes=45)
LONGEST_PASS = timedelta(minutes=12)


def year(cron: str) -> list[datetime]:
    """All times of a schedule in 2027, by Prefect."""
    days = (date(2027, 1, 1) + timedelta(days=number) for number in range(365))
    return [each for day in days for each in times(cron, day)]


@pytest.mark.parametrize(
    ("cron", "pause"),
    [
        ("*/10 * * * *", timedelta(minutes=10)),
        ("*/10 6-22 * * *", timedelta(hours=8, minutes=10)),  # of the night with an hour more
        ("*/10 6-22 * * mon-fri", timedelta(hours=56, minutes=10)),
        ("*/30 0-5 * * *", timedelta(hours=18, minutes=30)),
        ("15 6,12,18 * * *", timedelta(hours=13)),
        ("0 6 * * mon,thu", timedelta(days=4, hours=1)),
    ],
)
def test_the_dead_mans_switch_lets_each_pause_of_a_schedule_go_by(cron: str, pause: timedelta) -> None:
    """By Prefect's own reckoning of a whole year: no pass that ends well is too late for it, and a dead worker is told soon
    after the longest pause."""
    found = year(cron)
    assert max(later - earlier for earlier, later in pairwise(found)) == pause
    silent = silence(cron, "Europe/Berlin", least=LEAST)
    assert pause + LONGEST_PASS < silent <= max(3 * pause, pause + LEAST)
    assert silent >= max(later - earlier for earlier, later in zip(found, found[3:], strict=False))


@pytest.mark.prefect
@pytest.mark.parametrize("cron", ["*/10 6-22 * * *", "*/10 6-22 * * mon-fri", "*/10 * * * *"])
def test_the_switch_is_the_same_whenever_the_flows_are_started(cron: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It went by the next twelve runs: who started by day was woken each night, and who started on a Friday evening had a
    switch of a week; each start of another hour gave the automation a new trigger, and the runs that it watched were forgotten."""
    from flows import operate, serve

    told = set[timedelta]()

    async def kept(_: str, *, silent: timedelta) -> tuple[str, ...]:
        told.add(silent)
        return ()

    def started(moment: datetime) -> None:
        class Then(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:
                return moment

        monkeypatch.setattr(serve, "datetime", Then)
        serve.keep_automations(Settings(schedule={"ingest": cron}))

    monkeypatch.setattr(operate, "keep_automations", kept)
    monkeypatch.setattr(serve.doctor, "CHECKS", dict.fromkeys(serve.doctor.CHECKS, lambda _: ()))
    days = (date(2026, 12, 2), date(2026, 12, 4), date(2026, 12, 5), date(2026, 12, 6), AUTUMN, SPRING)
    for day in days:
        for hour in (0, 2, 5, 7, 12, 21, 23):
            started(datetime.combine(day, time(hour, 55), BERLIN))
    assert len(told) == 1
    assert told == {silence(cron, "Europe/Berlin", least=LEAST)}
