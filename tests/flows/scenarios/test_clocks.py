"""A clock that was ahead, and long outages: nothing waits for a time that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from tiny_site import idle, talks, told

from flows import steps
from flows.settings import Schedule
from storage.archive import opened
from storage.runs import DAY_OF_PASSES, Accounts
from storage.tables import AlertRow, ArticleRow, DeliveryRow, FeedRow, MeetingChangeRow, MeetingRow, RunRow, VersionRow


async def test_a_clock_that_was_ahead_makes_no_feed_wait_for_it(world):
    world.site.publish(idle(1))
    await world.passes()
    await world.passes(hours=6)
    before = world.asked("/feed/alle.xml")
    world.clock.advance(hours=-5)
    world.site.publish(idle(2))
    await world.passes(minutes=1)

    assert world.asked("/feed/alle.xml") == before + 1
    assert world.count(ArticleRow) == 2
    assert "clock step" in world.kinds(open_only=False)


async def test_a_feed_that_a_clock_ahead_only_put_off_is_asked_when_it_is_right(world):
    """Its house asked to be left alone for an hour, in answer to another feed: it was not asked before that hour of next year."""
    world.site.publish(idle(1))
    world.site.publish(idle(2), feed="zweite")
    await world.passes()
    world.room.fault("/feed/alle.xml", "429", retry_after="3600")
    await world.passes(days=365)
    assert world.rows(FeedRow.outcome, where=[FeedRow.url.like("%zweite.xml")]) == [("new",)], "nobody asked it"
    world.room.heal()
    world.clock.advance(days=-365)
    await world.restart()
    before = world.asked("/feed/zweite.xml")
    await world.passes(2, hours=1)

    assert world.asked("/feed/zweite.xml") == before + 2


@pytest.mark.parametrize("ahead", [{"hours": 5}, {"days": 365}])
async def test_nothing_that_was_met_while_the_clock_was_ahead_waits_for_it(world, ahead):
    """An article that could not be read then, and an alert that could not be delivered, waited until that time came."""
    world.site.publish(idle(1))
    await world.passes()
    then = world.clock() + timedelta(**ahead)
    world.site.publish(talks(1, published=then), talks(2, published=then))
    world.room.fault("/m/1", "500")
    world.room.fault("/hook", "500")
    await world.passes(**ahead)
    assert told(world.room) == []
    world.room.heal()
    world.clock.advance(**{unit: -length for unit, length in ahead.items()})
    await world.passes(minutes=1)
    await world.passes(minutes=10)

    assert world.count(ArticleRow, ArticleRow.outcome == "stored") == 3
    assert len(told(world.room)) == world.count(DeliveryRow, DeliveryRow.channel == "hook") > 1


async def test_what_was_too_old_by_a_clock_that_was_ahead_is_read_when_it_is_right(world):
    """New entries looked a year old then, and were noted and never read; what could not be read was tried for a year."""
    world.site.publish(idle(1))
    await world.passes()
    now = world.clock()
    world.site.publish(talks(1, published=now), idle(2, published=now - timedelta(days=30)))
    await world.passes(days=365)
    assert world.count(ArticleRow, ArticleRow.reason == "too old") == 2
    world.clock.advance(days=-365)
    await world.passes(2, minutes=10)

    assert world.rows(ArticleRow.outcome, where=[ArticleRow.url.like("%/m/1")]) == [("stored",)]
    assert len(told(world.room)) == 1
    assert world.count(ArticleRow, ArticleRow.reason == "too old") == 1, "what is old by the right clock, too"
    assert world.count(ArticleRow, ArticleRow.first_seen > world.clock()) == 0


async def test_a_night_that_a_clock_ahead_believed_in_takes_nothing_along(world):
    """One pass and one night on a clock a year ahead: texts, alerts and logbook went for good, and meetings were overdue."""
    world.site.publish(idle(1))
    await world.passes()
    soon = "Die nächste Runde ist für den 20. Januar in Paris angekündigt, teilte der Kreml der NATO mit."
    world.site.publish(talks(0, body=(*talks(0).body, soon)))
    await world.passes()
    await steps.tend(world.desk)
    kept = {table: world.count(table) for table in (AlertRow, DeliveryRow, MeetingChangeRow, RunRow)}
    texts = world.count(VersionRow, VersionRow.text.is_not(None))
    assert texts
    assert world.count(MeetingRow, MeetingRow.state == "announced")

    world.clock.advance(days=365)
    report = await steps.tend(world.desk)
    assert any("nothing is let go" in note for note in report.notes)
    assert "clock step" in world.kinds(open_only=False)
    world.clock.advance(days=-365, minutes=10)
    await steps.tend(world.desk)

    assert world.count(VersionRow, VersionRow.text.is_not(None)) == texts
    for table, before in kept.items():
        assert world.count(table) >= before
    assert world.count(MeetingRow, MeetingRow.state == "overdue") == 0


async def test_after_an_outage_of_a_year_what_is_old_goes_a_night_later(world):
    world.site.publish(talks(1))
    await world.passes()
    await steps.tend(world.desk)
    world.clock.advance(days=400)
    await steps.tend(world.desk)
    assert world.count(VersionRow, VersionRow.text.is_not(None)) == 1
    world.clock.advance(days=1)
    await steps.tend(world.desk)
    assert world.count(VersionRow, VersionRow.text.is_not(None)) == 0


async def test_where_nights_are_planned_for_each_month_what_is_old_goes(world):
    """Each of them took the month since the last for a clock that is ahead: nothing ever went. One that is ahead still is seen."""
    world.changes["schedule"] = Schedule(tend="20 3 1 * *")
    world.site.publish(talks(1))
    await world.passes()
    await steps.tend(world.desk)
    for _ in range(13):
        world.clock.advance(days=31)
        assert not any("nothing is let go" in note for note in (await steps.tend(world.desk)).notes)
    assert world.count(VersionRow, VersionRow.text.is_not(None)) == 0
    world.clock.advance(days=38)
    assert any("nothing is let go" in note for note in (await steps.tend(world.desk)).notes)


@pytest.mark.parametrize(
    ("cron", "days"),
    [
        ("", 8),
        ("20 3 * * *", 8),
        ("0 */6 * * *", 8),
        ("20 3 * * mon-fri", 10),
        ("20 3 * * 7", 14),
        ("20 3 1,15 * *", 24),
        ("20 3 1 * mon", 14),
        ("20 3 31 * *", 68),
        ("20 3 29 2 *", 1468),
    ],
)
def test_a_night_comes_a_week_after_it_was_due_or_the_clock_may_be_ahead(cron, days):
    from prefect.server.schemas.schedules import CronSchedule

    within = Schedule(tend=cron).night_within
    assert within.days == days
    if cron:
        dates = CronSchedule(cron=cron)._get_dates_generator(n=16, start=datetime(2028, 1, 10, tzinfo=UTC))
        assert timedelta(0) <= within - timedelta(days=7) - max(b - a for a, b in pairwise(dates)) < timedelta(days=1)


async def test_a_clock_that_is_right_again_is_trouble_for_a_day_and_not_for_a_year(world):
    world.site.publish(idle(1), talks(1))
    await world.passes()
    await world.passes(days=365)
    world.clock.advance(days=-365)
    for n in range(4):
        world.site.publish(idle(2 + n))
        await world.passes()
    assert "clock step" in world.kinds()
    assert world.rows(FeedRow.new_at)[0].new_at <= world.clock()
    for _ in range(DAY_OF_PASSES):
        with opened(world.desk.engine) as archive:
            archive.log.keep_run("ingest", Accounts(entries=0), world.clock(), world.clock(), state="completed")
    await world.passes()
    assert "clock step" not in world.kinds()
    world.site.publish(idle(9))
    await world.passes(3, hours=25)
    assert "nothing matches" in world.kinds(), "what was read on the wrong clock is no match of today"
