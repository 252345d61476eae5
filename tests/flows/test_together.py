"""Articles that no dossier takes are kept several in one transaction: with the promises of those that are kept alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select
from tiny_site import Clock, TinySite, idle, settings_for, talks

from flows import steps
from flows.desk import open_desk
from flows.newsroom import Newsroom
from flows.runs import RunReport
from storage import keeping as storage
from storage.archive import Archive
from storage.engine import reading
from storage.tables import ArticleRow

pytestmark = pytest.mark.usefixtures("quick_desks", "nothing_is_sampled")


class Killed(BaseException):
    """What no handler of ours catches."""


class World:
    """A site of twelve articles, one of which is of the matter, and an archive that outlives its desks."""

    def __init__(self, folder: Path, room: Newsroom, site: TinySite, clock: Clock) -> None:
        self.room, self.site, self.clock = room, site, clock
        self.settings = settings_for(folder, room, database=f"sqlite:///{folder}/archive.sqlite")
        self.commits = 0

    async def read(self, worker: str = "one") -> RunReport:
        """A worker reads what is due."""
        async with open_desk(self.settings, now=self.clock) as desk:
            await steps.poll_feeds(desk, desk.feeds)
            self.commits = 0
            event.listen(desk.engine, "commit", self._committed)
            return await steps.read_entries(replace(desk, worker=worker))

    def _committed(self, _: Any) -> None:
        self.commits += 1

    async def rows(self) -> list[Any]:
        async with open_desk(self.settings, now=self.clock) as desk:
            with reading(desk.engine) as connection:
                asked = select(ArticleRow.url, ArticleRow.outcome, ArticleRow.grade, ArticleRow.lease_owner)
                return list(connection.execute(asked.order_by(ArticleRow.url)))

    def watched(self, monkeypatch: pytest.MonkeyPatch, of: Any, name: str, seen: Callable[..., None]) -> None:
        """Let `seen` look at what a verb of ours was given, after it was done."""
        honest = getattr(of, name)

        def watched(*args: Any, **kwargs: Any) -> Any:
            done = honest(*args, **kwargs)
            seen(*args, **kwargs)
            return done

        monkeypatch.setattr(of, name, watched)


@pytest.fixture
def world(tmp_path):
    clock, site = Clock(), TinySite()
    with Newsroom(site=site, clock=clock) as room:
        site.publish(*(idle(n) for n in range(1, 12)), talks(1))
        yield World(tmp_path, room, site, clock)


async def test_they_take_one_transaction_and_an_article_of_the_matter_one_of_its_own(world):
    report = await world.read()

    assert report.outcomes == {"stored": 12}
    assert len(report.matches) == 1
    assert world.commits == 4, "two claims, the articles of the matter and the others"
    assert {(row.outcome, row.lease_owner) for row in await world.rows()} == {("stored", None)}


async def test_an_article_of_the_matter_does_not_wait_for_the_others(world, monkeypatch):
    kept: list[str] = []
    world.watched(monkeypatch, Archive, "keep_article", lambda *_, **__: kept.append("alone"))
    world.watched(monkeypatch, Archive, "keep_rejected", lambda *_, **__: kept.append("together"))
    await world.read()

    assert kept == ["alone", "together"]


@pytest.mark.parametrize(
    ("in_a_row", "told"),
    [
        (16, "read A, read B, read C, judge A, judge B, judge C"),
        (2, "read A, read B, judge A, judge B, read C, judge C"),
    ],
)
async def test_articles_are_judged_in_a_row_and_at_once_when_nothing_more_is_being_read(monkeypatch, in_a_row, told):
    """Where pages of three houses are read at a time, no article waits for a page that has not come."""
    done: list[str] = []
    turns = {name: asyncio.Event() for name in "ABC"}

    async def extract(_, name):
        await turns[name].wait()
        done.append(f"read {name}")
        return name

    async def judge(_, name):
        done.append(f"judge {name}")
        return RunReport(kind="ingest", started_at=Clock()(), finished_at=Clock()())

    monkeypatch.setattr(steps.entries, "extract_entry", extract)
    monkeypatch.setattr(steps.entries, "judge_entry", judge)
    monkeypatch.setattr(steps.entries, "IN_A_ROW", in_a_row)
    tray = steps.entries.Tray(desk=None)
    async with asyncio.timeout(10), asyncio.TaskGroup() as houses:
        walks = {name: houses.create_task(tray.read(name)) for name in "ABC"}
        await asyncio.sleep(0)
        for name, turn in turns.items():
            turn.set()
            while not any(one.endswith(f"read {name}") for one in done):
                await asyncio.sleep(0)
    assert all(walk.done() for walk in walks.values())
    assert ", ".join(done) == told
    assert len(tray.reports) == 3


async def test_no_more_lie_together_than_so_many_and_no_longer_than_so_long(world, monkeypatch):
    sizes: list[int] = []
    world.watched(monkeypatch, Archive, "keep_rejected", lambda _, read: sizes.append(len(read)))
    monkeypatch.setattr(steps.entries, "TOGETHER", 4)
    await world.read()
    assert sizes == [4, 4, 3]

    sizes.clear()
    world.site.publish(*(idle(n) for n in range(20, 26)))
    world.clock.advance(hours=1)
    world.watched(
        monkeypatch,
        steps.entries,
        "_judged",
        lambda *_: world.clock.advance(seconds=steps.entries.TOGETHER_SECONDS / 2),
    )
    await world.read()
    assert sizes == [3, 3]


async def test_one_that_breaks_costs_only_itself(world, monkeypatch):
    honest = storage._stored

    def stored(row, article, *args, **more):
        if "Nummer 5 " in article.headline:
            raise IndexError("a rule of ours")
        return honest(row, article, *args, **more)

    monkeypatch.setattr(storage, "_stored", stored)
    report = await world.read()

    assert report.outcomes == {"stored": 11, "broken: IndexError": 1}
    assert report.taken == 12


async def test_who_is_killed_between_statement_and_commit_leaves_each_to_be_read_again(world, monkeypatch):
    with monkeypatch.context() as patch:

        def kill(*_, **__):
            raise Killed

        world.watched(patch, Archive, "keep_rejected", kill)
        with pytest.raises(Killed):
            await world.read("one")
    left = [row for row in await world.rows() if row.outcome == "pending"]
    assert len(left) == 11, "none of those that were to be kept together is half kept"
    assert {row.lease_owner.split("/")[0] for row in left} == {"one"}
    assert (await world.read("other")).taken == 0, "a lease is respected"

    world.clock.now += steps.entries.LEASE
    report = await world.read("other")

    assert report.outcomes == {"stored": 11}
    assert [row.outcome for row in await world.rows()] == ["stored"] * 12


async def test_what_another_worker_took_over_meanwhile_stays_his(world, monkeypatch):
    """The lease of one of those that wait runs out, and it is kept by another: told once, counted once."""

    def takes_over(archive, _):
        first = select(func.min(ArticleRow.id)).where(ArticleRow.outcome == "pending").scalar_subquery()
        archive.connection.execute(
            ArticleRow.__table__.update().where(ArticleRow.id == first).values(lease_owner="other")
        )

    world.watched(monkeypatch, steps.entries, "_crowded", takes_over)
    report = await world.read()

    assert report.outcomes == {"stored": 11, "taken over by another worker": 1}
    assert [row.lease_owner for row in await world.rows() if row.outcome == "pending"] == ["other"]


async def test_one_text_at_many_addresses_is_seen_among_those_that_are_kept_together(world):
    wall = idle(99)
    world.site.publish(*(replace(wall, path=f"/wand/{n}") for n in range(7)))
    report = await world.read()

    assert report.outcomes == {
        "stored": 12 + steps.entries.SAME_TEXT - 1,
        steps.entries.QUARANTINED: 7 - steps.entries.SAME_TEXT + 1,
    }


async def test_what_has_not_changed_is_not_judged_again(world, monkeypatch):
    await world.read()
    judged: list[str] = []
    world.watched(monkeypatch, steps.entries, "grade", lambda article, _: judged.append(article.headline))
    world.clock.advance(hours=30)
    report = await world.read()

    assert report.outcomes == {"unchanged": 12}
    assert not judged
