"""Servers that lie, move, hang, go away or are busy, and networks that fail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tiny_site import BEGIN, Clock, Page, TinySite, desk_for, idle, settings_for, talks, told

from flows import steps
from flows.newsroom import Newsroom
from storage.tables import ArticleRow, FeedRow


async def test_a_feed_that_answers_304_for_ever_is_said_aloud_after_three_days(world):
    world.site.publish(*map(idle, range(1, 4)))
    await world.passes()
    await world.passes(11, hours=6)
    assert "feed silent" not in world.kinds()
    await world.passes(2, hours=6)

    assert "feed silent" in world.kinds()
    assert "feed silent" in (world.folder / "ops.txt").read_text("utf-8")


async def test_a_feed_that_publishes_weekly_is_not_silent_after_three_days(world):
    world.site.publish(*(idle(n, published=BEGIN - timedelta(days=7 * (8 - n))) for n in range(1, 8)))
    await world.passes()
    await world.passes(5, hours=20)

    assert "feed silent" not in world.kinds(open_only=False)


async def test_a_lying_etag_is_found_out_within_a_day(world):
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(idle(2))

    def lie(path: str) -> None:
        world.room.fault(path, "304")

    plain = 0
    for _ in range(13):
        lie("/feed/alle.xml")
        before = len(world.room.asked("/feed/alle.xml"))
        await world.passes(hours=2)
        request = world.room.asked("/feed/alle.xml")[before]
        if "if-none-match" not in request.headers:
            plain += 1
            world.room.heal()
            await world.passes(minutes=70)
            break

    assert plain == 1
    assert world.count(ArticleRow) == 2


async def test_a_move_for_good_is_believed_after_three_sightings_on_two_days_and_told_once(world):
    world.site.publish(idle(1))
    target = f"{world.room.url}/feed/neu.xml"
    await world.passes()
    world.site.feeds["neu"] = world.site.feeds["alle"]
    world.room.fault("/feed/alle.xml", "redirect", status=301, location=target, times=1)
    await world.passes()
    await world.passes(hours=2)
    assert "feed moved" not in world.kinds()

    world.room.fault("/feed/alle.xml", "redirect", status=301, location=target)
    await world.passes(2, hours=2)
    assert "feed moved" not in world.kinds()
    await world.passes(2, hours=12)
    world.room.forget()
    await world.passes(2, hours=2)

    assert "feed moved" in world.kinds()
    assert world.asked("/feed/alle.xml") == 0
    assert world.asked("/feed/neu.xml") == 2
    assert (world.folder / "ops.txt").read_text("utf-8").count("Betrieb: feed moved") == 1
    [(kind, message)] = world.incidents(open_only=False)
    assert (kind, target in message) == ("feed moved", True), "the logbook keeps that it moved, and where to"
    assert world.rows(FeedRow.url, FeedRow.moved_to) == [(world.feed, target)], "both addresses are kept"


async def test_a_feed_that_moves_to_the_address_of_another_is_said_to_be_there_twice(world):
    """The list refuses two rows of one address when it is read; a redirect comes later."""
    world.site.feeds = {"alle": [idle(1)], "neu": [idle(1)]}
    world.site.pages = {idle(1).path: idle(1)}
    await world.passes()
    world.room.fault("/feed/alle.xml", "redirect", status=301, location=f"{world.room.url}/feed/neu.xml")
    await world.passes(4, hours=13)

    [(_, message)] = [one for one in world.incidents(open_only=False) if one[0] == "feed moved"]
    assert "haus-0/neu-0 is there, too: take one of them out of the list" in message


async def test_a_feed_that_moved_back_is_found_again(world):
    world.site.publish(idle(1))
    await world.passes()
    world.room.fault("/feed/alle.xml", "redirect", status=301, location=f"{world.room.url}/feed/alle2.xml")
    world.site.feeds["alle2"] = world.site.feeds["alle"]
    await world.passes(4, hours=13)
    assert "feed moved" in world.kinds()
    world.room.heal()
    del world.site.feeds["alle2"]
    world.site.publish(idle(2))
    await world.passes(8, hours=7)

    assert world.count(ArticleRow) == 2
    assert "feed moved" not in world.kinds(), "the redirect was withdrawn"


async def test_a_feed_that_is_sent_back_to_its_own_address_lives_there_again(world):
    """That it had moved was trouble for ever, and its own address was told as a new one."""
    world.site.publish(idle(1))
    await world.passes()
    world.room.fault("/feed/alle.xml", "redirect", status=301, location=f"{world.room.url}/feed/neu.xml")
    world.site.feeds["neu"] = world.site.feeds["alle"]
    await world.passes(4, hours=13)
    assert "feed moved" in world.kinds()
    world.room.heal()
    world.room.fault("/feed/neu.xml", "redirect", status=301, location=world.feed)
    await world.passes()

    assert "feed moved" not in world.kinds()
    assert world.rows(FeedRow.moved_to) == [("",)]


async def test_a_redirect_to_an_error_page_changes_no_address_and_heals_itself(world):
    world.site.publish(idle(1))
    await world.passes()
    world.site.revise(Page(path="/wartung", headline="Wartung", markup="<!doctype html><html><h1>Wartung</h1></html>"))
    world.room.fault("/feed/alle.xml", "redirect", status=302, location=f"{world.room.url}/wartung", times=6)
    world.site.publish(idle(2))
    report = await world.passes(6, hours=7)
    assert report.feeds[0].outcome == "unreadable"
    assert "feed dead" in world.kinds()
    await world.passes(1, hours=7)

    assert world.count(ArticleRow) == 2
    assert "feed dead" not in world.kinds()


async def test_a_feed_that_is_gone_is_left_alone_after_the_third_410_over_a_day(world):
    world.site.publish(idle(1))
    await world.passes()
    world.room.fault("/feed/alle.xml", "500", times=4)
    await world.passes(4, hours=7)
    world.room.fault("/feed/alle.xml", "410")
    await world.passes(3, hours=7)
    before = world.asked("/feed/alle.xml")
    await world.passes(1, hours=13)
    assert world.asked("/feed/alle.xml") == before + 1, "failures of another kind are no 410"
    await world.passes(4, hours=13)

    assert world.asked("/feed/alle.xml") == before + 1
    assert any("gone" in message for _, message in world.incidents())
    assert world.count(ArticleRow) == 1

    # A server that was set up wrongly over a weekend: nothing ever asked that feed again.
    world.room.heal()
    world.site.publish(idle(2))
    await world.passes(10, hours=13)
    assert world.count(ArticleRow) == 2
    assert "feed dead" not in world.kinds()


@pytest.mark.parametrize(
    ("status", "asked", "quiet", "over"),
    [
        ("429", "3600", {"minutes": 58}, {"minutes": 61}),
        ("429", "99999999999", {"hours": 23.9}, {"hours": 24.1}),
        ("503", "Mon, 10 Jan 2028 09:00:00 GMT", {"minutes": 118}, {"minutes": 121}),
        ("503", "bald", {"minutes": 4}, {"minutes": 20}),
        ("429", "-5", {"minutes": 14}, {"minutes": 20}),
    ],
)
async def test_a_busy_host_is_asked_nothing_before_its_time_not_even_after_a_restart(world, status, asked, quiet, over):
    world.site.feeds["zwei"] = []
    world.site.publish(idle(1))
    await world.passes()
    at = world.clock.now
    world.room.fault("/feed/*", status, retry_after=asked)
    report = await world.passes(hours=0)
    assert {feed.outcome for feed in report.feeds} >= {"busy"}
    world.room.heal()
    world.room.forget()
    world.clock.now = at + timedelta(**quiet)
    await world.restart()
    await world.passes(seconds=0)
    assert world.room.requests == []
    world.clock.now = at + timedelta(**over)
    await world.restart()
    await world.passes(seconds=0)
    assert world.asked("/feed/*") >= 1


async def test_a_server_that_hangs_holds_up_no_other(tmp_path):
    clock = Clock()
    good, bad = TinySite(), TinySite()
    good.publish(*map(idle, range(1, 6)))
    bad.publish(idle(50))
    with Newsroom(site=good, clock=clock) as room, Newsroom(site=bad, clock=clock) as other:
        other.fault("/feed/*", "late", delay=30)
        settings = settings_for(tmp_path, room, other)
        async with desk_for(settings, clock) as desk:
            reports = await steps.poll_feeds(desk, desk.feeds)

    outcome = {"alle-0" if report.url.startswith(room.url) else "alle-1": report for report in reports}
    assert outcome["alle-0"].outcome == "read"
    assert outcome["alle-0"].seconds < outcome["alle-1"].seconds
    assert outcome["alle-1"].outcome == "deadline"
    assert outcome["alle-1"].seconds < 10


@pytest.mark.parametrize("fault", ["500", "reset"])
async def test_what_was_announced_before_a_house_went_down_for_a_day_is_read_when_it_is_back(world, fault):
    """It was given up after eight tries, which took four hours, and what the feed went on to say of it was skipped."""
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(talks(1))
    world.room.fault("/m/*", fault)
    await world.passes(40, minutes=30)
    world.room.fault("/feed/*", fault)
    await world.passes(8, minutes=30)
    world.room.heal()
    await world.passes(8, minutes=30)

    assert told(world.room), world.rows(ArticleRow.url, ArticleRow.outcome, ArticleRow.reason, ArticleRow.due_at)


async def test_after_an_outage_of_the_network_feeds_are_asked_within_an_hour_or_so(world):
    """Nobody was asked meanwhile, and yet each was left alone for twice as long each time, up to six hours."""
    world.changes = {"fetching": world.unhurried().model_copy(update={"feed_interval_minutes": 5})}
    world.site.publish(idle(1))
    await world.passes()
    world.room.fault("/*", "reset")
    await world.passes(30, minutes=30)
    world.room.heal()
    world.site.publish(talks(1))
    await world.passes(5, minutes=15)

    assert told(world.room)


async def test_what_befalls_all_feeds_at_once_is_one_message_for_the_operators(world):
    """A night without network was a message for each feed: with hundreds of them what else was wrong drowned."""
    for n in range(12):
        world.site.feeds[f"ressort-{n}"] = []
    world.site.publish(idle(1))
    await world.passes()
    world.room.fault("/*", "reset")
    await world.passes(8, hours=7)

    told = (world.folder / "ops.txt").read_text("utf-8")
    assert told.count("failures in a row") == 13
    assert told.count("\n--- ") + told.startswith("--- ") == 1


@pytest.mark.parametrize("login", ["http://10.0.0.1/login", "http://login.example:8443/"])
async def test_a_network_that_leads_all_to_its_login_page_costs_no_article(world, login):
    """A laptop in a hotel: each article announced meanwhile was given up at once, and for good."""
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(talks(1), talks(2))
    for number in (1, 2):
        world.room.fault(f"/m/{number}", "redirect", location=login)
    report = await world.passes(minutes=10)
    assert {name for name in report.outcomes if name.startswith("postponed")}
    world.room.heal()
    await world.passes(2, hours=1)

    assert world.count(ArticleRow, ArticleRow.outcome == "stored") == 3
    assert len(told(world.room)) == 2
