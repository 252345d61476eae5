"""What a feed lists over time: windows that overlap or roll over, entries that call themselves otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tiny_site import BEGIN, idle, talks, told

from extractors.feeds.entries import MAX_ENTRIES
from storage.tables import AliasRow, ArticleRow, GapRow, SightingRow, VersionRow


async def test_a_window_that_overlaps_is_no_gap_and_nothing_is_fetched_twice(world):
    world.site.publish(*map(idle, range(1, 21)))
    await world.passes()
    world.site.publish(*map(idle, range(21, 36)))
    await world.passes(minutes=70)

    assert world.count(ArticleRow, ArticleRow.text_digest.is_not(None)) == 35
    again = world.room.asked("/a/1")[1:]
    assert all("if-none-match" in request.headers for request in again)
    assert "feed gap" not in world.kinds(open_only=False)


async def test_a_window_of_which_nothing_is_known_is_said_aloud_and_drawn_as_a_gap(world):
    world.site.publish(*map(idle, range(1, 6)), window=5)
    await world.passes()
    world.site.publish(*map(idle, range(20, 25)), window=5)
    await world.passes()

    assert "feed gap" in world.kinds()
    assert [row.reason for row in world.rows(GapRow.reason)] == ["the window rolled over"]
    world.site.publish(idle(25), window=5)
    await world.passes()
    assert "feed gap" not in world.kinds()


async def test_a_feed_that_lists_more_than_is_read_of_it_is_said_aloud(world):
    """One that begins with its oldest entries would never have shown its newest, without a word."""
    old = BEGIN - timedelta(days=60)
    many = [idle(n, published=old) for n in range(MAX_ENTRIES + 3)]
    world.site.publish(*many, window=len(many))
    await world.passes()
    (told,) = (message for kind, message in world.incidents() if kind == "feed gap")
    assert told.startswith("lists 3 entries more than are read of a feed")
    await world.passes()
    assert "feed gap" in world.kinds(), "it is not over because the feed is unchanged"
    world.site.publish(idle(8000, published=old), window=len(many) + 1)
    await world.passes()
    (again,) = (message for kind, message in world.incidents(open_only=False) if kind == "feed gap")
    assert again.startswith("lists 4 entries more"), "and it is told once"
    world.site.publish(idle(9000, published=old), window=100)
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


async def test_a_guid_that_changes_makes_no_second_article_and_its_history_is_kept(world):
    world.site.publish(idle(1))
    await world.passes()
    for guid in ("http://haus/1", "https://haus/1", "g3"):
        world.site.feeds["alle"] = []
        world.site.publish(talks(1, guid=guid))
        await world.passes()

    assert world.count(ArticleRow) == 2
    assert len(told(world.room)) == len(set(told(world.room))) > 0
    assert world.count(AliasRow, AliasRow.kind == "guid") == 3


async def test_a_guid_that_is_reused_hides_no_article(world):
    world.site.publish(idle(1))
    await world.passes()
    for n in (1, 2):
        world.site.publish(talks(n, guid="immer-gleich"))
        await world.passes()

    assert world.count(ArticleRow, ArticleRow.grade == 2) == 2
    assert len({key.split(":")[1] for key in told(world.room)}) >= 2


async def test_a_feed_that_calls_all_of_its_entries_changed_each_time_has_none_of_them_read_again(world):
    pages = [idle(n) for n in range(1, 9)]
    for _ in range(6):
        world.site.publish(*(replace(page, updated=world.clock() + timedelta(minutes=11)) for page in pages))
        world.site.feeds["alle"] = world.site.feeds["alle"][-8:]
        await world.passes(minutes=11)

    asked = [world.asked(page.path) for page in pages]
    assert max(asked) <= 3, "when it is new, and on the ladder after a quarter of an hour and after an hour"


async def test_an_article_in_three_feeds_is_fetched_and_told_once(world):
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


async def test_a_cache_that_flaps_between_two_windows_changes_nothing(world):
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


async def test_an_empty_feed_deletes_nothing_and_is_told_at_the_third_time(world):
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
