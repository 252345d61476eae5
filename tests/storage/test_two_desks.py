"""Two workers on one archive, in SQLite and PostgreSQL: nothing is done or told twice. Here for the databases."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import archive_matter as matter
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from tiny_site import Clock, TinySite, idle, settings_for, talks, told

from flows import steps
from flows.desk import open_desk
from flows.newsroom import Newsroom
from storage import queries
from storage.archive import Archive, Made, opened
from storage.engine import reading
from storage.reviewing import NotThere
from storage.tables import AlertRow, ArticleRow, VersionRow

pytestmark = pytest.mark.usefixtures("quick_desks")


async def test_two_workers_poll_fetch_and_tell_everything_once(url, tmp_path):
    clock, site = Clock(), TinySite(feeds={"a": [], "b": [], "c": []})
    with Newsroom(site=site, clock=clock) as room:
        for name in site.feeds:
            site.publish(idle(1), feed=name)
        settings = settings_for(tmp_path, room, database=url)
        async with open_desk(settings, now=clock) as one, open_desk(settings, now=clock) as other:
            desks = [replace(one, worker="one"), replace(other, worker="other")]
            await asyncio.gather(*map(steps.one_pass, desks))
            polled = {path: len(room.asked(path)) for path in site.feed_paths().values()}
            clock.advance(hours=2)
            for n, name in enumerate(site.feeds):
                site.publish(*(talks(2 * n + k) for k in range(2)), talks(7), feed=name)
            await asyncio.gather(*map(steps.one_pass, desks))
            with reading(one.engine) as connection:
                articles, versions, alerts = (
                    connection.scalar(select(func.count()).select_from(row))
                    for row in (ArticleRow, VersionRow, AlertRow)
                )

        assert polled == dict.fromkeys(polled, 1)
        assert {len(room.asked(f"/m/{n}")) for n in (*range(6), 7)} == {1}
        assert (articles, versions) == (8, 7)
        assert 0 < len(told(room)) == len(set(told(room))) <= alerts


async def test_two_workers_that_read_one_act_at_once_tell_it_once(url, tmp_path):
    """In two threads: each is in the middle of its transaction while the other begins."""
    clock, site = Clock(), TinySite(feeds={"a": [], "b": []})
    with Newsroom(site=site, clock=clock) as room:
        for name in site.feeds:
            site.publish(idle(1, path=f"/{name}/0"), feed=name)
        settings = settings_for(tmp_path, room, database=url)
        async with open_desk(settings, now=clock) as desk:
            await steps.one_pass(desk)
            clock.advance(hours=2)
            for name in site.feeds:
                site.publish(talks(1, path=f"/{name}/1"), feed=name)
            await steps.poll_feeds(desk, desk.feeds)
        together = threading.Barrier(2, timeout=30)

        def work(name: str) -> None:
            async def read() -> None:
                async with open_desk(settings, now=clock) as desk:
                    together.wait()
                    await steps.read_entries(replace(desk, worker=name), limit=1)
                    await steps.read_entries(replace(desk, worker=name))

            asyncio.run(read())

        threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "other")]
        for thread in threads:
            thread.start()
        await asyncio.to_thread(lambda: [thread.join() for thread in threads])
        async with open_desk(settings, now=clock) as desk:
            await steps.deliver(desk)
            await steps.digest(desk)
            with reading(desk.engine) as connection:
                reports = connection.scalar(select(func.count()).where(ArticleRow.grade == 2))

        assert reports == 2
        titles = [alert["title"] for one in room.deliveries for alert in one.json()["data"]["alerts"]]
        assert titles
        assert len(titles) == len(set(titles))


def in_the_middle_of(
    engine: Engine, first: Callable[[Archive], object], second: Callable[[Archive], object]
) -> list[str]:
    """The second begins while the first is not committed yet; says what it came to."""
    came: list[str] = []
    begun = threading.Event()

    def late() -> None:
        begun.set()
        try:
            with opened(engine) as archive:
                second(archive)
            came.append("done")
        except NotThere:
            came.append("not there")

    thread = threading.Thread(target=late)
    with opened(engine) as archive:
        first(archive)
        thread.start()
        begun.wait(10)
        time.sleep(0.3)  # SQLite lets it begin only now; PostgreSQL has let it read
    thread.join(30)
    return came


def test_a_form_that_is_sent_twice_corrects_once(engine: Engine) -> None:
    """A double click, or two reviewers: else the changed event would be there twice, in every list and figure."""
    article = matter.article()
    was = matter.refusal(article)
    changed = replace(was, recipients=())
    with opened(engine) as archive:
        archive.keep_article(
            matter.claim_one(archive), article, Made(assessments=[matter.assessment()], events=[was]), matter.NOW
        )

    def correct(archive: Archive) -> object:
        return archive.review.correct(was.id, "changed", "Ada", matter.NOW, changed=changed)

    def withdraw(archive: Archive) -> None:
        archive.review.withdraw(1, matter.NOW)

    assert in_the_middle_of(engine, correct, correct) == ["not there"]
    with reading(engine) as connection:
        assert [each.event for each in queries.events(connection)] == [changed]
    assert in_the_middle_of(engine, withdraw, withdraw) == ["done"]
    with reading(engine) as connection:
        assert [each.event for each in queries.events(connection)] == [was]


def test_two_feeds_that_list_the_same_in_another_order_do_not_wait_for_each_other(engine: Engine) -> None:
    """PostgreSQL ended one of two such polls as deadlocked, and with it the pass."""
    errors: list[DBAPIError] = []
    together = threading.Barrier(2)

    def poll(feed: str, numbers: list[int]) -> None:
        for day in range(6):
            for fetch in ("new", "retitled"):
                together.wait()
                window = [matter.sighting(day * 1000 + n, feed=feed, fetch=fetch) for n in numbers]
                try:
                    with opened(engine) as archive:
                        archive.add_window(feed, window, matter.NOW + day * matter.MINUTE)
                except DBAPIError as error:
                    errors.append(error)

    numbers = list(range(200))
    threads = [
        threading.Thread(target=poll, args=(matter.FEED, numbers)),
        threading.Thread(target=poll, args=(f"{matter.FEED}/2", numbers[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
