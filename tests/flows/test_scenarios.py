"""What feeds, servers and clocks do over time: each scenario is a promise, kept in simulated time."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from tiny_site import BEGIN, Clock, Page, TinySite, desk_for, idle, settings_for, summit, talks, told

from extractors.articles import NotAnArticle, Reason
from extractors.model import Alert
from flows import health, steps
from flows.desk import Desk, fetcher_of, open_desk
from flows.newsroom import Newsroom
from flows.runs import RunReport
from flows.sandbox import Sandbox
from flows.settings import Channel, Fetching
from flows.surviving import DEADLY
from storage.archive import opened
from storage.engine import SchemaError, reading
from storage.runs import DAY_OF_PASSES, Accounts
from storage.tables import (
    ActRow,
    AlertRow,
    AliasRow,
    ArticleRow,
    DeliveryRow,
    EventRow,
    FeedRow,
    GapRow,
    MeetingChangeRow,
    MeetingRow,
    RunRow,
    SightingRow,
    VersionRow,
)
from storage.versions import MOST_TEXTS

FULL = bool(os.environ.get("DEPESCHE_FULL_SIZE"))
"""Storms at the size that the promises name; without it smaller, for the tests' time."""


class World:
    """A site, its server, a clock and an archive; `passes` lets time go by."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.site = folder, Clock(), TinySite()
        self.room = Newsroom(site=self.site, clock=self.clock)
        self.rooms, self.sites = [self.room], [self.site]
        self.changes: dict[str, Any] = {}
        self.open = AsyncExitStack()
        self.desk: Desk | None = None

    async def passes(self, times: int = 1, **wait: float) -> RunReport:
        """So many passes, each after a wait; returns the last report. The settings are those of the first pass."""
        if self.desk is None:
            settings = settings_for(self.folder, *self.rooms, **{"database": "sqlite://", **self.changes})
            self.desk = await self.open.enter_async_context(open_desk(settings, now=self.clock))
        for _ in range(times):
            self.clock.advance(**(wait or {"hours": 2}))
            report = await steps.one_pass(self.desk)
        return report

    async def restart(self) -> None:
        """Another process: what the fetcher remembers is gone, the archive stays."""
        fetcher = await self.open.enter_async_context(
            fetcher_of(settings_for(self.folder, self.room), self.desk.engine, now=self.clock)
        )
        self.desk = replace(self.desk, fetcher=fetcher)

    def rows(self, *columns: Any, where: Any = ()) -> Sequence[Any]:
        with reading(self.desk.engine) as connection:
            return connection.execute(select(*columns).where(*where)).all()

    def count(self, table: Any, *where: Any) -> int:
        with reading(self.desk.engine) as connection:
            return connection.scalar(select(func.count()).select_from(table).where(*where))

    def incidents(self, *, open_only: bool = True) -> list[tuple[str, str]]:
        with opened(self.desk.engine) as archive:
            return [(one.kind, one.message) for one in archive.log.incidents(open_only=open_only)]

    def kinds(self, *, open_only: bool = True) -> set[str]:
        return {kind for kind, _ in self.incidents(open_only=open_only)}

    def asked(self, path: str) -> int:
        return len(self.room.asked(path))

    def houses(self, number: int) -> list[TinySite]:
        """So many sites, each on a host of its own: one host gives no more than its budget of pages an hour."""
        while len(self.rooms) < number:
            self.sites.append(TinySite(feeds={}))
            self.rooms.append(self.open.enter_context(Newsroom(site=self.sites[-1], clock=self.clock)))
        return self.sites

    def unhurried(self) -> Fetching:
        """As the settings of the tests, with room for a thousand pages of one host."""
        allow = tuple(room.url.removeprefix("http://") for room in self.rooms)
        return Fetching(allow=allow, page_spacing_seconds=0, feed_interval_minutes=0, deadline_seconds=10)

    @property
    def feed(self) -> str:
        return f"{self.room.url}/feed/alle.xml"


@pytest.fixture
async def world(tmp_path):
    world = World(tmp_path)
    with world.room:
        async with world.open:
            yield world


async def test_s01_a_window_that_overlaps_is_no_gap_and_nothing_is_fetched_twice(world):
    world.site.publish(*map(idle, range(1, 21)))
    await world.passes()
    world.site.publish(*map(idle, range(21, 36)))
    await world.passes(minutes=70)

    assert world.count(ArticleRow, ArticleRow.text_digest.is_not(None)) == 35
    again = world.room.asked("/a/1")[1:]
    assert all("if-none-match" in request.headers for request in again)
    assert "feed gap" not in world.kinds(open_only=False)


async def test_s02_a_window_of_which_nothing_is_known_is_said_aloud_and_drawn_as_a_gap(world):
    world.site.publish(*map(idle, range(1, 6)), window=5)
    await world.passes()
    world.site.publish(*map(idle, range(20, 25)), window=5)
    await world.passes()

    assert "feed gap" in world.kinds()
    assert [row.reason for row in world.rows(GapRow.reason)] == ["the window rolled over"]
    world.site.publish(idle(25), window=5)
    await world.passes()
    assert "feed gap" not in world.kinds()


@pytest.mark.parametrize(("hours", "gaps"), [(27, []), (40, ["nobody asked"] * 2)])
async def test_a_feed_that_its_settings_ask_daily_has_a_gap_only_when_it_was_not_asked(world, hours, gaps):
    await world.passes()
    daily = tuple(replace(feed, interval_minutes=1440) for feed in world.desk.feeds)
    world.desk = replace(world.desk, feeds=daily)
    world.site.publish(idle(1))
    await world.passes()
    await world.passes(hours=hours)
    await world.passes(hours=hours)

    assert [row.reason for row in world.rows(GapRow.reason)] == gaps


async def test_s03_s04_a_guid_that_changes_makes_no_second_article_and_its_history_is_kept(world):
    world.site.publish(idle(1))
    await world.passes()
    for guid in ("http://haus/1", "https://haus/1", "g3"):
        world.site.feeds["alle"] = []
        world.site.publish(talks(1, guid=guid))
        await world.passes()

    assert world.count(ArticleRow) == 2
    assert len(told(world.room)) == len(set(told(world.room))) > 0
    assert world.count(AliasRow, AliasRow.kind == "guid") == 3


async def test_s05_a_guid_that_is_reused_hides_no_article(world):
    world.site.publish(idle(1))
    await world.passes()
    for n in (1, 2):
        world.site.publish(talks(n, guid="immer-gleich"))
        await world.passes()

    assert world.count(ArticleRow, ArticleRow.grade == 2) == 2
    assert len({key.split(":")[1] for key in told(world.room)}) >= 2


async def test_s06_an_article_alerts_once_at_its_first_version_that_matches(world):
    page = idle(9, published=BEGIN)
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(page)
    await world.passes(hours=1)
    assert told(world.room) == []
    match = talks(1, path=page.path)
    world.site.revise(match)
    await world.passes(hours=2)
    first = list(told(world.room))
    world.site.revise(replace(match, body=(*match.body, "Am Rande ging es auch um das Wetter in der Stadt.")))
    await world.passes(3, hours=2)

    assert first
    assert told(world.room) == first
    assert world.count(ArticleRow) == 2
    assert world.count(VersionRow) == 2


async def test_s07_a_live_ticker_is_one_article_and_at_most_one_alert_an_act_and_few_texts(world):
    page = talks(1, path="/ticker")
    world.site.publish(idle(1))
    await world.passes()
    for n in range(1, 81):
        text = (*page.body, f"Meldung {n}: Die Gespräche dauern noch an.")
        world.site.feeds["alle"] = world.site.feeds["alle"][:1]
        world.site.publish(replace(page, body=text, updated=world.clock.now + timedelta(minutes=7)))
        await world.passes(minutes=7)

    assert world.count(ArticleRow) == 2
    assert [key for key, count in Counter(told(world.room)).items() if count > 1] == []
    assert len(told(world.room)) <= 2
    assert world.asked("/ticker") <= 80 / 2 + 1, "no more often than every ten minutes"
    # The other article's text is kept where its address, and so the port, makes it one of the sample.
    kept = VersionRow.text.is_not(None), VersionRow.article_id == select(func.max(ArticleRow.id)).scalar_subquery()
    numbers = [row.number for row in world.rows(VersionRow.number, where=kept)]
    newest = max(row.number for row in world.rows(VersionRow.number))
    assert newest > 30
    assert len(numbers) == MOST_TEXTS
    assert {1, newest} < set(numbers), "the first and the last stay"


async def test_a_new_headline_in_the_feed_is_read_once_and_a_cache_that_flaps_between_two_is_not(world):
    page = idle(1)
    world.site.publish(page)
    await world.passes()
    await world.passes(hours=300)  # the last rung of the ladder
    again = replace(page, listed="Stadtrat verwirft den Plan")
    asked = []
    for shown in (again, page, again, page):
        world.site.feeds["alle"] = [shown]
        await world.passes(hours=2)
        asked.append(world.asked(page.path))

    assert asked == [3, 3, 3, 3]
    assert world.count(ArticleRow) == 1


async def test_a_feed_that_heads_an_article_otherwise_than_its_page_is_not_read_again_for_it(world):
    world.site.publish(idle(1, listed="Thema des Tages: der Stadtrat"))
    await world.passes()
    await world.passes(2, hours=300)

    assert world.asked("/a/1") == 2, "the ladder's last rung only"


async def test_an_article_that_is_gone_is_not_asked_for_as_long_as_its_feed_lists_it(world):
    world.site.publish(idle(1))
    await world.passes()
    world.room.fault("/a/1", "410")
    await world.passes(6, minutes=20)

    assert world.asked("/a/1") == 2
    [row] = world.rows(ArticleRow.outcome, ArticleRow.reason)
    assert tuple(row) == ("stored", "re-check dropped: gone")


async def test_an_article_that_was_given_up_is_read_when_its_feed_says_that_it_changed(world):
    world.site.publish(idle(99))
    await world.passes()
    world.room.fault("/a/1", "500")
    world.site.publish(idle(1))
    await world.passes(14, hours=6)
    asked = world.asked("/a/1")
    [row] = world.rows(ArticleRow.reason, where=(ArticleRow.outcome == "failed",))
    assert row.reason == "given up: server error"
    world.room.heal()
    await world.passes(2)
    assert world.asked("/a/1") == asked
    world.site.feeds["alle"] = []
    world.site.publish(idle(1, updated=world.clock.now + timedelta(hours=1)))
    await world.passes()

    assert world.asked("/a/1") == asked + 1
    assert world.count(ArticleRow, ArticleRow.outcome == "stored") == 2


async def test_s07b_a_feed_that_calls_all_of_its_entries_changed_each_time_has_none_of_them_read_again(world):
    pages = [idle(n) for n in range(1, 9)]
    for _ in range(6):
        world.site.publish(*(replace(page, updated=world.clock() + timedelta(minutes=11)) for page in pages))
        world.site.feeds["alle"] = world.site.feeds["alle"][-8:]
        await world.passes(minutes=11)

    asked = [world.asked(page.path) for page in pages]
    assert max(asked) <= 3, "when it is new, and on the ladder after a quarter of an hour and after an hour"


async def test_s08_an_article_in_three_feeds_is_fetched_and_told_once(world):
    world.site.feeds |= {"inland": [], "ausland": []}
    world.site.publish(idle(1))
    await world.passes()
    for feed in ("alle", "inland", "ausland"):
        world.site.publish(talks(1), feed=feed)
    await world.passes()

    assert world.count(ArticleRow) == 2
    assert world.asked("/m/1") == 1
    assert world.count(SightingRow) == 2
    assert len(told(world.room)) == len(set(told(world.room))) > 0


async def test_s09_an_agency_text_at_four_houses_is_one_act_told_once_with_its_reports_counted(world):
    world.site.feeds = {name: [idle(n, path=f"/{name}/0")] for n, name in enumerate("abcd")}
    world.site.pages = {pages[0].path: pages[0] for pages in world.site.feeds.values()}
    await world.passes()
    for name in "abcd":
        page = talks(1, path=f"/{name}/1")
        world.site.publish(replace(page, body=(*page.body, "Quelle: dpa")), feed=name)
    await world.passes()

    acts = world.rows(
        EventRow.act_id, func.count(EventRow.article_id.distinct()).label("n"), where=(EventRow.known_to.is_(None),)
    )
    assert world.count(ActRow) >= 1
    assert acts[0].n == 4
    assert len(told(world.room)) == len(set(told(world.room)))
    told_acts = {key.split(":")[1] for key in told(world.room)}
    assert len(told_acts) <= 2


def told_as(world: World, hook: int = 0) -> list[tuple[str, str]]:
    """Type and status of the alerts that a hook took, in order."""
    told = [delivery.json()["data"]["alerts"] for delivery in world.rooms[hook].deliveries if delivery.status < 300]
    return [(alert["type"], alert["status"]) for alerts in told for alert in alerts]


def sanctions(n: int, sentence: str) -> Page:
    of = talks(n)
    return replace(of, body=(*of.body, sentence))


FEARED = "Die EU erwägt, weitere Sanktionen gegen Russland zu verhängen."
DECIDED = "Die EU hat weitere Sanktionen gegen Russland beschlossen."


async def test_what_was_feared_is_told_when_it_is_decided_and_once(world):
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(sanctions(1, FEARED))
    await world.passes()
    assert ("SANCTION", "hypothetical") in world.rows(EventRow.type, EventRow.status)
    assert ("SANCTION", "past") not in told_as(world)
    world.site.publish(sanctions(2, DECIDED))
    await world.passes()
    world.site.publish(sanctions(3, DECIDED))
    await world.passes()

    assert told_as(world).count(("SANCTION", "past")) == 1
    assert world.count(ActRow, ActRow.type == "SANCTION") == 1


async def test_who_wants_deeds_alone_is_told_when_a_plan_is_carried_out_and_others_once(world):
    other = world.open.enter_context(Newsroom(site=TinySite(feeds={}), clock=world.clock))
    world.rooms.append(other)
    both = {
        name: Channel(kind="webhook", url=room.hook_url, secret="geheim", statuses=statuses)
        for name, room, statuses in (("all", world.room, ()), ("deeds", other, ("past",)))
    }
    world.changes = {"channels": both}
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(sanctions(1, "Die EU wird weitere Sanktionen gegen Russland verhängen."))
    await world.passes()
    world.site.publish(sanctions(2, DECIDED))
    await world.passes()
    world.site.publish(sanctions(3, DECIDED))
    await world.passes()

    assert [one for one in told_as(world) if one[0] == "SANCTION"] == [("SANCTION", "planned")]
    assert [one for one in told_as(world, 1) if one[0] == "SANCTION"] == [("SANCTION", "past")]


async def test_s10_a_feed_that_answers_304_for_ever_is_said_aloud_after_three_days(world):
    world.site.publish(*map(idle, range(1, 4)))
    await world.passes()
    await world.passes(11, hours=6)
    assert "feed silent" not in world.kinds()
    await world.passes(2, hours=6)

    assert "feed silent" in world.kinds()
    assert "feed silent" in (world.folder / "ops.txt").read_text("utf-8")


async def test_s10b_a_feed_that_publishes_weekly_is_not_silent_after_three_days(world):
    world.site.publish(*(idle(n, published=BEGIN - timedelta(days=7 * (8 - n))) for n in range(1, 8)))
    await world.passes()
    await world.passes(5, hours=20)

    assert "feed silent" not in world.kinds(open_only=False)


async def test_s11_a_lying_etag_is_found_out_within_a_day(world):
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


async def test_s12_a_cache_that_flaps_between_two_windows_changes_nothing(world):
    old, new = list(map(idle, range(1, 21))), [*map(idle, range(5, 24)), talks(1)]
    world.site.publish(*old, *new, window=40)
    world.site.feeds["alle"] = old
    await world.passes()
    world.site.feeds["alle"] = new
    await world.passes()
    keys, versions = told(world.room), world.count(VersionRow)
    for window in (old, new, old, new):
        world.site.feeds["alle"] = window
        await world.passes()

    assert told(world.room) == keys
    assert world.count(ArticleRow) == 24
    assert world.count(VersionRow) == versions
    assert "feed gap" not in world.kinds(open_only=False)


async def test_s13_a_move_for_good_is_believed_after_three_sightings_on_two_days_and_told_once(world):
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


async def test_s13b_a_feed_that_moved_back_is_found_again(world):
    world.site.publish(idle(1))
    await world.passes()
    world.room.fault("/feed/alle.xml", "redirect", status=301, location=f"{world.room.url}/feed/alle2.xml")
    world.site.feeds["alle2"] = world.site.feeds["alle"]
    await world.passes(4, hours=13)
    world.room.heal()
    del world.site.feeds["alle2"]
    world.site.publish(idle(2))
    await world.passes(8, hours=7)

    assert world.count(ArticleRow) == 2


@pytest.mark.parametrize("matter", [True, False])
async def test_s13c_an_article_that_moved_is_one_article_whichever_address_comes_first(world, matter):
    old = talks(1) if matter else idle(1)
    new = replace(old, path="/neu/1")
    world.site.pages[new.path] = new
    world.site.publish(old)
    world.room.fault(old.path, "redirect", status=301, location=f"{world.room.url}{new.path}")
    await world.passes()
    world.site.publish(new)
    await world.passes()
    assert world.count(ArticleRow) == 1, "the address it led to is known"

    short = replace(new, path="/kurz/1")
    world.room.fault(short.path, "redirect", status=302, location=f"{world.room.url}{new.path}")
    world.site.publish(short)
    report = await world.passes()
    assert report.outcomes[steps.entries.ELSEWHERE] == 1
    assert world.count(ArticleRow, ArticleRow.outcome.in_(("stored", "unchanged"))) == 1


async def test_s14_a_redirect_to_an_error_page_changes_no_address_and_heals_itself(world):
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


async def test_s15_a_feed_that_is_gone_is_left_alone_after_the_third_410_over_a_day(world):
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
async def test_s16_a_busy_host_is_asked_nothing_before_its_time_not_even_after_a_restart(
    world, status, asked, quiet, over
):
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


async def test_s17_a_server_that_hangs_holds_up_no_other(tmp_path):
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


def several(sites: Sequence[TinySite], feeds: int, entries: int, matches: int) -> None:
    """So many feeds with so many entries each over the sites; of the entries so many tell an act of their own."""
    pages = [summit(n) if n < matches else idle(n) for n in range(feeds * entries)]
    for feed in range(feeds):
        mine = [replace(page, path=f"/{feed}{page.path}") for page in pages[feed::feeds]]
        sites[feed % len(sites)].publish(*mine, feed=f"ressort-{feed}", window=entries)


async def test_s18_what_feeds_hold_at_the_first_look_is_one_digest(world):
    feeds, entries, matches = (30, 33, 120) if FULL else (10, 12, 30)
    several(world.houses(3), feeds, entries, matches)
    world.changes = {"fetching": world.unhurried()}
    report = await world.passes()

    assert report.outcomes == {"stored": feeds * entries}
    assert world.count(ArticleRow, ArticleRow.grade == 2) == matches
    assert report.alerts_queued >= matches // 3, "several tell one act"
    assert len(world.room.deliveries) == 1
    assert len(told(world.room)) == len(set(told(world.room))) == report.alerts_queued


async def test_s19_after_three_days_down_few_messages_come_and_the_rest_in_a_digest(world):
    sites, entries = world.houses(2), 40 if FULL else 8
    several(sites, 10, 1, 0)
    world.changes = {"fetching": world.unhurried()}
    await world.passes()
    several(sites, 10, entries, 10 * entries)
    report = await world.passes(hours=72)
    first = len(world.room.deliveries)
    for _ in range(5):
        world.clock.advance(minutes=10)
        await steps.deliver(world.desk)
    within_an_hour = len(world.room.deliveries)
    await steps.digest(world.desk)

    assert world.count(ArticleRow, ArticleRow.grade == 2) == 10 * entries
    assert report.alerts_queued > 20
    assert 1 <= first <= within_an_hour <= 10
    assert len(world.room.deliveries) <= within_an_hour + 1
    assert len(told(world.room)) == len(set(told(world.room))) == report.alerts_queued
    assert world.rows(DeliveryRow.state, where=(DeliveryRow.state != "delivered",)) == []


async def test_s19b_a_backlog_is_a_few_messages_an_hour_and_the_rest_a_digest(world):
    world.site.publish(idle(1))
    hook = Channel(kind="webhook", url=world.room.hook_url, secret="geheim", per_hour=3)
    world.changes = {"channels": {"hook": hook}}
    await world.passes()
    alerts = [Alert(key=f"w:{n}", watch="w", title=f"Akt {n}", body="…", group=f"story-{n}") for n in range(40)]
    with opened(world.desk.engine) as archive:
        archive.outbox.queue(alerts, ["hook"], world.clock())
    await steps.deliver(world.desk)
    assert len(world.room.deliveries) == 3
    world.clock.advance(minutes=61)
    with opened(world.desk.engine) as archive:
        archive.outbox.queue([replace(alerts[0], key="w:new")], ["hook"], world.clock())
    await steps.deliver(world.desk)
    assert len(world.room.deliveries) == 4
    await steps.digest(world.desk)

    assert len(world.room.deliveries) == 5
    assert len(told(world.room)) == len(set(told(world.room))) == 41


async def test_s20_an_empty_feed_deletes_nothing_and_is_told_at_the_third_time(world):
    world.site.publish(*map(idle, range(1, 6)))
    await world.passes()
    held, world.site.feeds["alle"] = world.site.feeds["alle"], []
    await world.passes(2)
    assert "feed empty" not in world.kinds()
    await world.passes()
    assert "feed empty" in world.kinds()
    world.site.feeds["alle"] = held
    await world.passes()

    assert world.count(ArticleRow, ArticleRow.text_digest.is_not(None)) == 5
    assert world.kinds() == set()


async def test_s21_a_changed_layout_is_said_aloud_its_pages_are_kept_and_its_alerts_wait(world):
    long = tuple(f"{text} Das ist der {n}. Absatz." for n in range(6) for text in idle(1).body)
    world.site.publish(*(idle(n, body=(*long, f"Nummer {n}.")) for n in range(1, 21)), window=60)
    await world.passes()
    world.site.publish(*(idle(n) for n in range(21, 31)), window=60)
    await world.passes()
    assert "extraction" in world.kinds()
    world.site.publish(talks(1), window=60)
    await world.passes(minutes=70)

    assert told(world.room) == []
    assert world.count(DeliveryRow, DeliveryRow.bundle == "digest", DeliveryRow.channel == "hook") >= 1
    world.site.publish(*(idle(n, body=(*long, f"Nummer {n}.")) for n in range(31, 45)), window=60)
    await world.passes()
    assert "extraction" not in world.kinds()


async def test_s21c_a_house_that_calls_itself_otherwise_than_our_list_is_watched_all_the_same(world):
    def named(page: Page, body: tuple[str, ...]) -> Page:
        said = "".join(f"<p>{text}</p>" for text in body)
        head = f"<title>{page.headline}</title><meta property='og:site_name' content='Nordpost'>"
        return replace(
            page, markup=f"<html><head>{head}</head><article><h1>{page.headline}</h1>{said}</article></html>"
        )

    world.site.publish(*(named(page, page.body) for page in map(idle, range(1, 21))), window=60)
    await world.passes()
    world.site.publish(*(named(idle(n), ()) for n in range(21, 27)), window=60)
    await world.passes()
    assert "extraction" in world.kinds()
    page = talks(1)
    world.site.publish(named(page, page.body), window=60)
    await world.passes(minutes=70)

    assert told(world.room) == []


def blinded(monkeypatch, reason: Reason = Reason.NO_TEXT) -> None:
    """The reader can read none of the pages of the matter."""
    honest = Sandbox.extract_article

    async def blind(self, page):
        if "/m/" in page.url:
            raise NotAnArticle(reason)
        return await honest(self, page)

    monkeypatch.setattr(Sandbox, "extract_article", blind)


@pytest.mark.parametrize("reason", [Reason.NO_TEXT, Reason.PAYWALL])
@pytest.mark.parametrize("listed", ["/m/1", "/kurz/1"])
async def test_s21b_what_the_old_reader_could_not_read_the_repaired_one_reads_from_what_was_kept(world, listed, reason):
    """Whatever it took the page for, and wherever a redirect had led."""
    world.site.publish(idle(1))
    await world.passes()
    await steps.tend(world.desk)
    page = talks(1)
    world.site.pages[page.path] = page
    if listed != page.path:
        world.room.fault(listed, "redirect", status=302, location=f"{world.room.url}{page.path}")
    world.site.publish(replace(page, path=listed))
    with pytest.MonkeyPatch.context() as blindly:
        blinded(blindly, reason)
        await world.passes()
        await steps.tend(world.desk)
        world.site.feeds["alle"] = []
        del world.site.pages["/m/1"]
        await world.passes(2, hours=13)
    assert world.count(ArticleRow, ArticleRow.outcome == "stored") == 1
    asked, seen = world.asked("/m/1"), world.rows(ArticleRow.first_seen)

    with pytest.MonkeyPatch.context() as repaired:
        repaired.setattr(steps.passes, "reader", lambda: "repaired")
        report = await steps.tend(world.desk)
        assert any("older reader" in note for note in report.notes)
        report = await world.passes()

        assert report.outcomes == {"stored": 1}
        assert world.asked("/m/1") == asked, "read from the kept bytes"
        assert world.count(ArticleRow, ArticleRow.outcome == "stored", ArticleRow.grade == 2) == 1
        assert world.rows(ArticleRow.first_seen) == seen
        assert told(world.room) == []
        await steps.digest(world.desk)
        assert told(world.room)
        assert "Nachgelesen: " in str(world.room.deliveries[-1].json())
        assert not any("older reader" in note for note in (await steps.tend(world.desk)).notes)


async def test_s22_one_text_under_five_addresses_is_quarantined(world):
    world.site.publish(idle(99))
    await world.passes()
    page = talks(1)
    world.site.publish(*(replace(page, path=f"/w/{n}") for n in range(7)))
    report = await world.passes()

    assert report.outcomes["quarantined: the text of other pages"] == 3
    assert "same text" in world.kinds()
    assert told(world.room) == [], "what the first four seemed to say waits for someone to look at it"
    assert world.count(DeliveryRow, DeliveryRow.bundle == "digest", DeliveryRow.channel == "hook") >= 1


async def test_s23_a_date_in_the_future_delays_nothing(world):
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(talks(1, published=datetime(2099, 1, 1, tzinfo=BEGIN.tzinfo)))
    await world.passes()

    assert told(world.room)
    [row] = world.rows(ArticleRow.published_at, where=(ArticleRow.grade == 2,))
    assert row.published_at is None or row.published_at.year < 2099 or row.published_at.year == 2099
    assert "feed gap" not in world.kinds(open_only=False)


@pytest.mark.parametrize("stated", ["", "2099-01-01T00:00:00+00:00"])
async def test_s23b_a_page_that_states_no_time_that_can_be_has_the_feeds(world, stated):
    page = talks(1)
    said = "".join(f"<p>{text}</p>" for text in page.body)
    meta = f"<meta property='article:published_time' content='{stated}'>" if stated else ""
    head = f"<title>{page.headline}</title>{meta}"
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(
        replace(page, markup=f"<html><head>{head}</head><article><h1>{page.headline}</h1>{said}</article></html>")
    )
    await world.passes()

    [row] = world.rows(VersionRow.published_at, VersionRow.stand)
    assert (row.published_at, row.stand) == (page.published, None)
    days = {row.when_first for row in world.rows(EventRow.when_first)}
    assert page.published.date() in days, "'am Montag' is counted from then"


async def test_s24_a_clock_that_was_ahead_makes_no_feed_wait_for_it(world):
    world.site.publish(idle(1))
    await world.passes()
    await world.passes(hours=6)
    before = world.asked("/feed/alle.xml")
    world.clock.advance(hours=-5)
    world.site.publish(idle(2))
    await world.passes(minutes=1)

    assert world.asked("/feed/alle.xml") == before + 1
    assert world.count(ArticleRow) == 2
    assert "clock step" in world.kinds() or "clock step" in world.kinds(open_only=False)


@pytest.mark.parametrize("ahead", [{"hours": 5}, {"days": 365}])
async def test_s24b_nothing_that_was_met_while_the_clock_was_ahead_waits_for_it(world, ahead):
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


async def test_s24b_what_was_too_old_by_a_clock_that_was_ahead_is_read_when_it_is_right(world):
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


async def test_s24c_a_night_that_a_clock_ahead_believed_in_takes_nothing_along(world):
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


async def test_s24d_after_an_outage_of_a_year_what_is_old_goes_a_night_later(world):
    world.site.publish(talks(1))
    await world.passes()
    await steps.tend(world.desk)
    world.clock.advance(days=400)
    await steps.tend(world.desk)
    assert world.count(VersionRow, VersionRow.text.is_not(None)) == 1
    world.clock.advance(days=1)
    await steps.tend(world.desk)
    assert world.count(VersionRow, VersionRow.text.is_not(None)) == 0


async def test_s24e_a_clock_that_is_right_again_is_trouble_for_a_day_and_not_for_a_year(world):
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
            archive.log.finish_run(archive.log.start_run("ingest", world.clock()), Accounts(entries=0), world.clock())
    await world.passes()
    assert "clock step" not in world.kinds()
    world.site.publish(idle(9))
    await world.passes(3, hours=25)
    assert "nothing matches" in world.kinds(), "what was read on the wrong clock is no match of today"


async def test_s25_two_days_of_intake_without_a_match_are_told_with_the_counts(world):
    world.site.publish(*map(idle, range(1, 6)))
    await world.passes()
    for n in range(6, 16):
        world.site.publish(idle(n))
        await world.passes(hours=5)

    [message] = [message for kind, message in world.incidents() if kind == "nothing matches"]
    assert "articles read in 48 hours" in message
    assert "canary" not in world.kinds()
    world.site.publish(talks(1))
    await world.passes()
    assert "nothing matches" not in world.kinds()


async def test_s26_the_heartbeat_follows_a_good_pass_only(world):
    world.site.publish(idle(1))
    world.site.revise(Page(path="/herzschlag", headline="", markup="ok"))
    world.changes = {"heartbeat_url": f"{world.room.url}/herzschlag"}
    await world.passes()
    assert world.asked("/herzschlag") == 1
    world.room.fault("/feed/*", "500")
    await world.passes()
    assert world.asked("/herzschlag") == 1


async def test_s27_a_receiver_in_trouble_loses_nothing_and_one_that_is_gone_is_parked(world):
    world.site.publish(idle(1))
    hook = Channel(kind="webhook", url=world.room.hook_url, secret="geheim")
    gone = Channel(kind="webhook", url=f"{world.room.hook_url}/weg", secret="geheim")
    ops = Channel(kind="file", path=world.folder / "ops.txt", operators=True, watches=("Betrieb",))
    world.changes = {"channels": {"hook": hook, "weg": gone, "ops": ops}}
    await world.passes()
    world.room.fault("/hook/weg", "410")
    world.room.fault("/hook", "500", times=2)
    world.site.publish(talks(1), talks(2))
    report = await world.passes()
    world.room.fault("/hook", "429", retry_after="60", times=1)
    await world.passes()
    world.room.fault("/hook", "reset", times=1)
    await world.passes(4)

    keys = [
        key
        for d in world.room.deliveries
        if d.path == "/hook" and d.status == 204
        for key in (a["key"] for a in d.json()["data"]["alerts"])
    ]
    assert len(keys) == len(set(keys)) == report.alerts_queued
    assert "channel parked" in world.kinds()
    assert "channel parked" in (world.folder / "ops.txt").read_text("utf-8")


async def test_s27b_of_what_a_flaky_receiver_took_only_what_it_did_not_say_comes_twice_under_its_old_key(world):
    chance, wanted = random.Random(27), 40
    fates = ["500"] * 25 + ["429"] * 10 + ["late"] * 7 + ["reset"] * 5 + [""] * 53
    chance.shuffle(fates)
    hook = Channel(kind="webhook", url=world.room.hook_url, secret="geheim", per_hour=1000)
    world.site.publish(idle(1))
    fetching = world.unhurried().model_copy(update={"deadline_seconds": 0.4})
    world.changes = {"channels": {"hook": hook}, "fetching": fetching}
    await world.passes()
    alerts = [Alert(key=f"w:{n}", watch="w", title=f"Akt {n}", body="…", group=f"akt-{n}") for n in range(wanted)]
    with opened(world.desk.engine) as archive:
        archive.outbox.queue(alerts, ["hook"], world.clock())
    unheard = 0
    for fate in fates:
        world.room.heal()
        if fate:
            world.room.fault("/hook", fate, delay=0.8, times=1)
        world.clock.advance(minutes=40)
        report = await steps.deliver(world.desk, limit=1)
        # On a busy machine any answer may be late.
        unheard += report.delivery_trouble and fate in ("late", "")

    taken = Counter(d.headers["webhook-id"] for d in world.room.deliveries if d.status == 204)
    keys = {
        key: d.headers["webhook-id"] for d in world.room.deliveries for key in (d.json()["data"]["alerts"][0]["key"],)
    }
    assert set(told(world.room)) == {alert.key for alert in alerts}
    assert world.count(DeliveryRow, DeliveryRow.state != "delivered") == 0
    assert len(set(keys.values())) == len(taken) == wanted, "one key for each alert, however often it was sent"
    assert 0 < taken.total() - wanted <= unheard
    assert world.kinds() == set()


async def test_s27c_a_receiver_that_does_not_answer_holds_up_no_other_channel(world):
    dead = Channel(kind="webhook", url=f"{world.room.hook_url}/stumm", secret="geheim")
    hook = Channel(kind="webhook", url=world.room.hook_url, secret="geheim")
    world.site.publish(idle(1))
    fetching = world.unhurried().model_copy(update={"deadline_seconds": 0.3})
    world.changes = {"channels": {"stumm": dead, "hook": hook}, "fetching": fetching}
    await world.passes()
    world.room.fault("/hook/stumm", "late", delay=1.0)
    alerts = [Alert(key=f"w:{n}", watch="w", title=f"Akt {n}", body="…", group=f"akt-{n}") for n in range(6)]
    with opened(world.desk.engine) as archive:
        archive.outbox.queue(alerts, ["stumm"], world.clock())
        archive.outbox.queue([replace(alerts[0], key="w:gut")], ["hook"], world.clock())
    report = await steps.deliver(world.desk)

    assert told(world.room) == ["w:gut"]
    assert (report.delivered, report.delivery_trouble) == (1, 1), "asked once in a run, and not once for each message"
    assert world.count(DeliveryRow, DeliveryRow.channel == "stumm", DeliveryRow.state == "pending") == 6


@pytest.mark.parametrize(("fault", "long"), [("cut", False), ("cut", True), ("clipped", True), ("unsized", True)])
async def test_s28b_a_page_that_breaks_off_is_tried_again_and_never_an_article(world, fault, long):
    more = tuple(f"Im {n}. Absatz steht, was die Delegationen von Frage {n} halten." for n in range(40 * long))
    page = talks(1)
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(replace(page, body=(*page.body, *more)))
    world.room.fault("/m/1", fault)
    outcomes: Counter[str] = Counter()
    for _ in range(12):
        outcomes.update((await world.passes(hours=5)).outcomes)

    assert sum(count for outcome, count in outcomes.items() if outcome.startswith("postponed")) >= 3
    assert [outcome for outcome in outcomes if outcome.startswith("given up")]
    assert world.count(VersionRow) == 0


async def test_s28c_a_page_whose_server_never_sends_its_end_is_read_after_three_tries_and_marked(world):
    page = talks(1)
    said = "".join(f"<p>{text}</p>" for text in page.body)
    whole = f"<html><title>{page.headline}</title><article><h1>{page.headline}</h1>{said}</article>"
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(replace(page, markup=f"{whole}<!--{'x' * len(whole)}--></html>"[: 2 * len(whole)]))
    world.room.fault("/m/1", "unsized")
    outcomes: Counter[str] = Counter()
    for _ in range(4):
        outcomes.update((await world.passes(hours=5)).outcomes)

    assert outcomes["postponed: truncated"] == 3
    assert [row.extractor.endswith("+truncated") for row in world.rows(VersionRow.extractor)] == [True]


async def test_s28_half_a_page_is_never_an_article(world):
    world.site.publish(idle(1))
    await world.passes()
    world.site.publish(talks(1))
    world.room.fault("/m/1", "cut", times=2)
    report = await world.passes()
    assert report.outcomes["postponed: truncated"] == 1
    assert world.count(VersionRow) == 0
    await world.passes(2, hours=2)

    [row] = world.rows(ArticleRow.outcome, where=(ArticleRow.grade == 2,))
    assert row.outcome == "stored"
    assert told(world.room)


async def test_an_article_that_breaks_the_coder_costs_only_itself(world, monkeypatch):
    world.site.publish(idle(1), idle(2))
    honest = steps.entries.beside

    def beside(article, dossiers):
        if "Nummer 1" in article.headline:
            raise IndexError("a rule of ours")
        return honest(article, dossiers)

    monkeypatch.setattr(steps.entries, "beside", beside)
    report = await world.passes()

    assert report.outcomes == {"broken: IndexError": 1, "stored": 1}
    assert "article broken" in world.kinds()


async def test_an_upgrade_under_a_running_pass_ends_it_and_costs_no_article(world, monkeypatch):
    """Of a newer schema we hear as of a mistake of ours: PostgreSQL calls a column that is gone one in the statement."""
    await world.passes()
    world.site.publish(*(talks(n) for n in range(3)))
    honest = steps.entries.code

    def upgraded(article, graded, holders):
        with opened(world.desk.engine) as archive:
            archive.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
            archive.connection.exec_driver_sql(
                "CREATE TRIGGER IF NOT EXISTS newer BEFORE INSERT ON versions BEGIN SELECT RAISE(ABORT, 'a newer rule'); END"
            )
        return honest(article, graded, holders)

    monkeypatch.setattr(steps.entries, "code", upgraded)
    with pytest.raises(SchemaError, match="written by a newer version"):
        await world.passes()

    assert world.count(ArticleRow, ArticleRow.outcome == "pending") == 3
    assert world.kinds() == set()


def test_a_layout_is_judged_against_the_month_before():
    usual = [3000] * 20
    assert list(health._layout_findings({"haus": [500] * 10 + usual}))
    assert list(health._layout_findings({"haus": [0, 0, 0] + [3000] * 7 + usual}))
    assert not list(health._layout_findings({"haus": [1500] * 10 + usual}))
    assert not list(health._layout_findings({"haus": [500] * 10 + [3000] * 5})), "too little to compare with"
    assert not list(health._layout_findings({"haus": ([0] * 4 + [3000] * 6) * 3})), "a house that always has such pages"


@pytest.mark.parametrize("fault", ["500", "reset"])
async def test_s32_what_was_announced_before_a_house_went_down_for_a_day_is_read_when_it_is_back(world, fault):
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


async def test_s33_after_an_outage_of_the_network_feeds_are_asked_within_an_hour_or_so(world):
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


async def test_s34_what_befalls_all_feeds_at_once_is_one_message_for_the_operators(world):
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


class Killed(BaseException):
    """What no handler of ours catches."""


async def test_s35_an_article_at_which_every_pass_ends_is_given_up_and_the_others_are_read(world, monkeypatch):
    """The longest take hundreds of megabytes: a small machine killed each pass at it, every ten minutes, for ever."""
    honest, tried = steps.entries.code, []

    def deadly(article, graded, holders):
        if len(article.text) < 40_000:
            return honest(article, graded)
        tried.append(article.url)
        raise Killed

    monkeypatch.setattr(steps.entries, "code", deadly)
    page = talks(1)
    world.site.publish(replace(page, body=(*page.body, *(f"{n}. {page.body[0]}" for n in range(500)))))
    for _ in range(DEADLY):
        with pytest.raises(Killed):
            await world.passes()
    world.site.publish(talks(2))
    await world.passes()

    assert len(tried) == DEADLY
    assert [row.outcome for row in world.rows(ArticleRow.outcome)] == ["failed", "stored"]
    assert told(world.room)
    [message] = [message for kind, message in world.incidents() if kind == "article broken"]
    assert "processes ended while they coded it" in message


@pytest.mark.parametrize(("status", "lines"), [("202", 0), ("204", 0), ("404", 1)])
async def test_s36_a_monitor_that_thanks_in_its_own_way_has_heard_us(world, caplog, status, lines):
    world.room.fault("/ping", status)
    world.changes = {"heartbeat_url": f"{world.room.url}/ping"}
    await world.passes()

    assert world.asked("/ping") == 1
    assert len([line for line in caplog.messages if line.startswith("heartbeat: ")]) == lines
