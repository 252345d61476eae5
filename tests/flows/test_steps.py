"""The whole pipeline, without Prefect, against the newsroom: nothing lost, nothing doubled, everything told once."""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError

from extractors.model import Alert, FeedEntry
from flows import doctor, health, processes, runs, steps
from flows.alerts.channels import Delivered
from flows.desk import open_desk
from flows.fetching import Fault, Fetcher, FetchError
from flows.newsroom import END, START, Newsroom, load_pieces
from flows.newsroom.pieces import Kind, Piece
from flows.sandbox import Sandbox, SandboxError, Trouble
from flows.settings import Channel, Fetching, Settings
from flows.steps.feeds import FEED_LEASE
from storage import queries
from storage.archive import Sighting, opened
from storage.engine import open_engine, reading
from storage.tables import AlertRow, ArticleRow, EventRow, FeedRow, PageRow, VersionRow

pytestmark = pytest.mark.usefixtures("quick_desks")


class Clock:
    """Time as the test says."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **kwargs: float) -> None:
        self.now += timedelta(**kwargs)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2028, 1, 10, 5, tzinfo=UTC))


@pytest.fixture
def room():
    with Newsroom() as newsroom:
        yield newsroom


def list_feeds(path: Path, feeds: Mapping[str, str]) -> None:
    rows = [f'[[feed]]\nname = "{name}"\npublisher = "haus"\nurl = "{url}"\n' for name, url in feeds.items()]
    path.write_text("\n".join(rows), "utf-8")


def only(settings: Settings, room: Newsroom, *names: str) -> list[Piece]:
    """Poll these feeds alone, for what does not need the whole fortnight; returns what their houses published."""
    assert settings.feeds is not None
    list_feeds(settings.feeds, {name: room.feeds[name] for name in names})
    return [piece for piece in load_pieces() if piece.house in names]


@pytest.fixture
def settings(room, tmp_path) -> Settings:
    list_feeds(tmp_path / "feeds.toml", room.feeds)
    return Settings(
        contact="test@depesche.example",
        database=f"sqlite:///{tmp_path}/archive.sqlite",
        feeds=tmp_path / "feeds.toml",
        fetching=Fetching(allow=(room.url.removeprefix("http://"),), page_spacing_seconds=0, feed_interval_minutes=0),
        channels={
            "hook": Channel(kind="webhook", url=room.hook_url, secret="geheim"),
            "ops": Channel(kind="file", path=tmp_path / "ops.txt", operators=True, watches=("Betrieb",)),
        },
    )


async def one_pass(settings, clock):
    async with open_desk(settings, now=clock) as desk:
        return await steps.one_pass(desk)


def told_acts(room) -> list[str]:
    return [
        alert["key"]
        for delivery in room.deliveries
        if delivery.status < 300
        for alert in delivery.json()["data"]["alerts"]
    ]


async def test_every_entry_of_the_fortnight_ends_with_exactly_one_outcome(room, settings, clock, caplog):
    room.set_time(END)
    caplog.set_level("INFO", "depesche.steps")

    report = await one_pass(settings, clock)

    readable = {piece.id for piece in load_pieces() if piece.readable}
    assert report.taken == sum(report.outcomes.values()) == len(load_pieces())
    assert report.outcomes["stored"] == len(readable)
    assert {"video page", "consent wall", "paywall teaser", "soft 404"} <= set(report.outcomes)
    # Whoever reads the log of a run sees which article it was.
    walled = next(piece for piece in load_pieces() if piece.kind is Kind.CONSENT)
    [line] = [line for line in caplog.messages if line.endswith(": consent wall")]
    assert line == f"{room.url}/hafenbote/{walled.path}: consent wall"


async def test_who_begins_with_today_leaves_out_what_is_older_and_says_so(room, settings, clock):
    clock.now = room.set_time(END)
    since = END - timedelta(days=3)
    async with open_desk(settings, now=clock) as desk:
        report = await steps.one_pass(desk, since=since)
        with reading(desk.engine) as connection:
            kept = connection.scalars(
                select(ArticleRow.published_at).where(
                    ArticleRow.outcome == "stored", ArticleRow.published_at.is_not(None)
                )
            ).all()
    assert report.taken == len(load_pieces()) == sum(report.outcomes.values())
    assert report.outcomes["older than asked"] > len(load_pieces()) / 2
    assert kept
    assert min(kept) >= since


async def test_a_second_pass_changes_nothing(room, settings, clock):
    room.set_time(END)
    await one_pass(settings, clock)
    async with open_desk(settings, now=clock) as desk:
        with reading(desk.engine) as connection:
            before = [
                connection.scalar(select(func.count()).select_from(t))
                for t in (ArticleRow, VersionRow, EventRow, AlertRow)
            ]
        report = await steps.one_pass(desk)
        with reading(desk.engine) as connection:
            after = [
                connection.scalar(select(func.count()).select_from(t))
                for t in (ArticleRow, VersionRow, EventRow, AlertRow)
            ]

    assert after == before
    assert (report.events, report.alerts_queued) == (0, 0)


async def test_what_the_feeds_hold_when_we_come_is_one_digest(room, settings, clock):
    room.set_time(END)

    report = await one_pass(settings, clock)

    assert report.alerts_queued > 20
    assert len(room.deliveries) == 1
    assert len(told_acts(room)) == report.alerts_queued


async def test_an_act_is_told_once_however_many_houses_report_it(room, settings, clock):
    room.set_time(START)
    await one_pass(settings, clock)
    clock.advance(hours=1)
    room.set_time(END)
    await one_pass(settings, clock)
    clock.advance(hours=1)
    await one_pass(settings, clock)

    keys = told_acts(room)
    assert keys
    assert [key for key, count in Counter(keys).items() if count > 1] == []


async def test_a_dead_feed_holds_up_no_other_and_is_said_aloud(room, settings, clock, tmp_path):
    only(settings, room, "n-tv", "hafenbote")
    room.set_time(END)
    room.fault("/feeds/n-tv*", "500")
    for _ in range(6):
        report = await one_pass(settings, clock)
        clock.advance(hours=7)

    assert report.state == "degraded"
    assert "feed dead" in (tmp_path / "ops.txt").read_text("utf-8")


async def test_a_receiver_that_is_down_loses_nothing(room, settings, clock):
    only(settings, room, "n-tv")
    room.set_time(END)
    room.fault("/hook*", "503", times=3)
    first = await one_pass(settings, clock)
    assert first.alerts_queued
    assert told_acts(room) == []
    for _ in range(4):
        clock.advance(minutes=10)
        async with open_desk(settings, now=clock) as desk:
            await steps.deliver(desk, digest=True)

    assert len(told_acts(room)) == first.alerts_queued


async def test_an_article_that_does_not_answer_is_tried_again_and_then_given_up(room, settings, clock):
    room.set_time(END)
    dead = next(piece for piece in only(settings, room, "n-tv") if piece.kind is Kind.DEAD)
    for _ in range(steps.entries.MOST_ATTEMPTS + 1):
        await one_pass(settings, clock)
        clock.advance(hours=12)

    async with open_desk(settings, now=clock) as desk:
        with opened(desk.engine) as archive:
            row = archive.connection.execute(
                select(ArticleRow.outcome, ArticleRow.reason).where(ArticleRow.url.contains(dead.path))
            ).one()
    assert row.outcome in ("failed", "dropped")
    assert "not found" in row.reason


async def test_a_page_for_which_the_machine_had_no_time_is_read_later(room, settings, clock, monkeypatch):
    """It ran into the wall, not into its limit of CPU: on a busy machine that is nobody's fault, and nothing may be lost."""
    pieces = only(settings, room, "n-tv")
    room.set_time(END)
    late, read = set(), Sandbox.extract_article

    async def extract(box, page):
        if page.requested_url not in late:
            late.add(page.requested_url)
            raise SandboxError(Trouble.WALL)
        return await read(box, page)

    monkeypatch.setattr(Sandbox, "extract_article", extract)
    first = await one_pass(settings, clock)
    clock.advance(minutes=10)
    second = await one_pass(settings, clock)

    assert "stored" not in first.outcomes
    assert first.outcomes["postponed: unreadable: wall"] == len(late)
    assert second.outcomes["stored"] == len({piece.id for piece in pieces if piece.readable})


async def test_a_day_without_memory_for_a_child_loses_no_page(room, settings, clock, monkeypatch):
    pieces = only(settings, room, "n-tv")
    room.set_time(END)

    async def extract(box, page):
        raise SandboxError(Trouble.MACHINE)

    with monkeypatch.context() as broken:
        broken.setattr(Sandbox, "extract_article", extract)
        for _ in range(12):
            await one_pass(settings, clock)
            clock.advance(hours=5.5)
    last = await one_pass(settings, clock)

    assert last.outcomes["stored"] == len({piece.id for piece in pieces if piece.readable})


async def test_a_page_that_never_ends_is_given_up(room, settings, clock, monkeypatch):
    only(settings, room, "n-tv")
    room.set_time(END)

    async def extract(box, page):
        raise SandboxError(Trouble.WALL)

    monkeypatch.setattr(Sandbox, "extract_article", extract)
    reports = []
    for _ in range(steps.entries.MOST_ATTEMPTS):
        reports.append(await one_pass(settings, clock))
        clock.advance(hours=12)

    told = [{name: n for name, n in report.outcomes.items() if "wall" in name} for report in reports]
    assert {frozenset(one) for one in told[:-1]} == {frozenset({"postponed: unreadable: wall"})}
    assert told[-1] == {"unreadable: wall": told[0]["postponed: unreadable: wall"]}


async def test_a_matter_is_followed_from_announcement_to_its_end(room, settings, clock):
    for moment in (START, START + timedelta(days=1, hours=8), START + timedelta(days=3), END):
        room.set_time(moment)
        clock.now = moment
        await one_pass(settings, clock)

    async with open_desk(settings, now=clock) as desk:
        with reading(desk.engine) as connection:
            told = queries.with_changes(connection, queries.meetings(connection))
            acts = queries.acts(connection, limit=500)
            demands = queries.demands(connection)
    lives = [[change.state for change in changes] for _, changes in told]
    assert any(life[0] == "announced" and life[-1] == "held" for life in lives)
    assert max(act.reports for act in acts) >= 3
    assert {state for demand, _ in demands for state in [demand.state]} > {"open"}


async def test_what_there_is_no_time_for_is_left_to_the_next_pass(room, settings, clock, monkeypatch):
    """The first pass over full feeds takes longer than one may: cut off, it would end as failed, with no story, and tell nothing."""
    pieces = only(settings, room, "n-tv")
    room.set_time(END)
    fetch_entry = steps.entries.fetch_entry

    async def slowly(*args, **kwargs):
        done = await fetch_entry(*args, **kwargs)
        clock.advance(seconds=1)
        return done

    monkeypatch.setattr(steps.entries, "fetch_entry", slowly)
    async with open_desk(settings, now=clock) as desk:
        await steps.poll_feeds(desk, desk.feeds)
        first = await steps.read_entries(desk, until=clock() + timedelta(seconds=10))
        clock.advance(minutes=10)
        rest = await steps.read_entries(desk, until=clock() + timedelta(minutes=10))

    left = first.outcomes["postponed: no time left in this pass"]
    assert left > 0
    assert first.taken - left == 10
    assert first.taken == sum(first.outcomes.values())
    assert not {name for name in rest.outcomes if "no time" in name}
    assert first.taken - left + rest.taken >= len(pieces)


async def test_a_house_that_is_asked_once_an_hour_does_not_hold_a_pass_beyond_its_own(room, settings, clock):
    """The pass waited an hour for the second page: each was cut off, ended as failed, and told nothing of what it had read."""
    only(settings, room, "n-tv")
    room.set_time(END)
    spaced = settings.fetching.model_copy(update={"page_spacing_seconds": 3600})
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        clock.advance(seconds=seconds)

    async with open_desk(settings.model_copy(update={"fetching": spaced}), now=clock) as desk:
        desk.fetcher.pace.sleep = wait
        await steps.poll_feeds(desk, desk.feeds)
        until = clock() + timedelta(minutes=7)
        read = await steps.read_entries(desk, until=until)
        with reading(desk.engine) as connection:
            attempts = Counter(connection.scalars(select(ArticleRow.attempts).where(ArticleRow.due_at.is_not(None))))

    assert waited == []
    assert read.outcomes["postponed: no time left in this pass"] == read.taken - 1 > 1
    assert set(attempts) == {0}, "nobody was asked: it was no attempt"


def away(*_: object, **__: object) -> None:
    raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("database or disk is full"))


async def test_a_full_disk_is_no_failure_of_the_feeds_that_were_being_asked(settings, clock, monkeypatch):
    """They went on behind the pass that had ended, met its closed connections, and were put off as if they had not answered."""
    first, window = [], steps.feeds._Asking._window

    def full(asking, *args, **kwargs):
        if not first:
            first.append(asking.feed.url)
            away()
        return window(asking, *args, **kwargs)

    monkeypatch.setattr(steps.feeds._Asking, "_window", full)
    with pytest.raises(OperationalError):
        await one_pass(settings, clock)
    with reading(open_engine(settings.database_url)) as connection:
        rows = list(connection.execute(select(FeedRow.url, FeedRow.outcome, FeedRow.failures)))
    assert len(rows) > 1
    assert {(row.outcome, row.failures) for row in rows if row.url not in first} <= {("new", 0), ("unchanged", 0)}


async def test_a_full_disk_leaves_nobody_at_work_behind_the_pass(settings, clock, monkeypatch):
    """Pages of other houses were read on, by nobody's account, while the next try was reading too."""
    ended: list[str] = []

    async def fetch_entry(_, claimed, **__):
        if claimed.url.startswith("https://one."):
            await asyncio.sleep(0)
            away()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(claimed.url)

    monkeypatch.setattr(steps.entries, "fetch_entry", fetch_entry)
    urls = [f"https://{host}.example/1" for host in ("one", "two", "three")]
    async with open_desk(settings, now=clock) as desk:
        with opened(desk.engine) as archive:
            announced = (
                FeedEntry(feed_url="https://one.example/feed", guid=url, url=url, headline=url) for url in urls
            )
            archive.add_window(
                "https://one.example/feed", [Sighting(stem=one.url, entry=one) for one in announced], clock()
            )
        with pytest.raises(OperationalError):
            await steps.read_entries(desk)
        assert sorted(ended) == sorted(urls[1:])


async def test_what_a_pass_that_is_told_to_end_has_not_begun_is_read_by_the_next_one_at_once(
    room, settings, clock, monkeypatch
):
    """After each restart up to fifty entries waited ten minutes for the end of their lease, and so did what they had to tell."""
    only(settings, room, "n-tv")
    room.set_time(END)
    under_way, fetch_entry = asyncio.Event(), steps.entries.fetch_entry

    async def hangs(*_, **__):
        under_way.set()
        await asyncio.Event().wait()

    async with open_desk(settings, now=clock) as desk:
        await steps.poll_feeds(desk, desk.feeds)
        monkeypatch.setattr(steps.entries, "fetch_entry", hangs)
        told_to_end = asyncio.create_task(steps.read_entries(desk))
        await under_way.wait()
        with reading(desk.engine) as connection:
            taken = connection.scalar(select(func.count()).where(ArticleRow.lease_owner.is_not(None)))
            reasons = Counter(connection.scalars(select(ArticleRow.due_reason)))
        told_to_end.cancel()
        with suppress(asyncio.CancelledError):
            await told_to_end
        monkeypatch.setattr(steps.entries, "fetch_entry", fetch_entry)
        with reading(desk.engine) as connection:
            assert Counter(connection.scalars(select(ArticleRow.attempts))) == {0: taken - 1, 1: 1}
            assert Counter(connection.scalars(select(ArticleRow.due_reason))) == reasons
        again = await steps.read_entries(desk)

    assert again.taken == taken - 1 > 1


async def test_a_pass_lasts_from_before_its_first_poll(room, settings):
    seconds = itertools.count()

    def ticking() -> datetime:
        return START + timedelta(seconds=next(seconds))

    async with open_desk(settings, now=ticking) as desk:
        before = ticking()
        report = await steps.one_pass(desk)

    assert report.started_at == before + timedelta(seconds=1)
    assert report.finished_at > report.started_at


async def test_feeds_of_a_worker_of_whom_nothing_is_known_are_polled_again_after_three_minutes(settings, clock):
    """Found in 45 minutes of operation: after a kill five of six feeds stood still for ten minutes."""
    async with open_desk(settings, now=clock) as desk:
        urls = [feed.url for feed in desk.feeds]
        with opened(desk.engine) as archive:
            taken = archive.feeds.due(urls, "killed", clock(), lease=steps.feeds.FEED_LEASE)
        clock.advance(minutes=2)
        early = await steps.poll_feeds(desk, desk.feeds)
        clock.advance(minutes=1)
        again = await steps.poll_feeds(desk, desk.feeds)

    assert len(taken) == len(urls)
    assert {report.outcome for report in early} == {"not due"}
    assert {report.outcome for report in again} == {"read"}


async def test_feeds_of_a_worker_that_was_killed_on_this_machine_are_polled_at_once(settings, clock):
    """They waited for the end of their lease, though the next pass could know that nobody holds them."""
    async with open_desk(settings, now=clock) as desk:
        urls = [feed.url for feed in desk.feeds]
        with opened(desk.engine) as archive:
            taken = archive.feeds.due(urls, lessee_of(process_that_ended()), clock(), lease=steps.feeds.FEED_LEASE)
        again = await steps.poll_feeds(desk, desk.feeds)

    assert len(taken) == len(urls)
    assert {report.outcome for report in again} == {"read"}


async def test_feeds_of_a_worker_that_runs_are_its_own(settings, clock):
    async with open_desk(settings, now=clock) as desk:
        with opened(desk.engine) as archive:
            archive.feeds.due([feed.url for feed in desk.feeds], processes.lessee("w"), clock(), lease=FEED_LEASE)
        told = await steps.poll_feeds(desk, desk.feeds)

    assert {report.outcome for report in told} == {"not due"}


def process_that_ended() -> int:
    """The number of a process that has ended, and has been waited for."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def lessee_of(number: int) -> str:
    return processes.lessee("w").replace(f" {os.getpid()}@", f" {number}@")


def test_a_worker_has_ended_only_where_its_number_means_what_it_means_here(monkeypatch):
    """Another machine's, another container's or an earlier start's number may be somebody else here, or nobody."""
    number = process_that_ended()
    assert processes.ended(lessee_of(number))
    for alive in (os.getpid(), os.getppid()):
        assert not processes.ended(lessee_of(alive))
    assert not processes.ended("w")
    assert not processes.ended(lessee_of(number).replace("pid:[", "pid:[9"))
    monkeypatch.setattr(processes, "_BOOT", Path("/nowhere"))
    assert processes.lessee("w") == "w"
    assert not processes.ended(f"w {number}@")


def test_a_runs_story_tells_its_moment_in_utc_wherever_its_clock_stands():
    begun = datetime.fromisoformat("2028-01-10T15:45+01:00")
    told = runs.markdown(runs.RunReport(kind="ingest", started_at=begun, finished_at=begun))
    assert told.startswith("# ingest 2028-01-10 14:45 UTC")


def test_a_run_counts_the_feeds_that_it_asked():
    """Twenty minutes after a pass it said that it had looked at all six feeds, of which one was due."""
    outcomes = ["read", "unchanged", "dead", "not due", "held", runs.NO_TIME]
    feeds = tuple(runs.FeedReport(name=told, url=told, outcome=told) for told in outcomes)
    told = runs.RunReport(kind="ingest", started_at=START, finished_at=START, feeds=feeds)
    assert told.sentence.startswith("3 feeds (1 failed), 0 articles")
    assert told.state == "degraded"


async def test_the_table_of_feeds_says_when_each_is_due(settings, clock):
    async with open_desk(settings, now=clock) as desk:
        for _ in range(2):  # in the second pass none is
            report = await steps.one_pass(desk)
            due = {row["feed"]: row["due"] for row in runs.feed_rows(report.feeds)}
            with reading(desk.engine) as connection:
                kept = connection.execute(select(FeedRow.url, FeedRow.next_due)).all()
            told = {feed.url: due[runs.escaped(feed.name)] for feed in report.feeds}
            assert told == {row.url: f"{row.next_due:%Y-%m-%d %H:%M} UTC" for row in kept}


async def test_a_run_says_what_conditional_requests_spared(settings, clock):
    async with open_desk(settings, now=clock) as desk:
        first = await steps.one_pass(desk)
        clock.advance(hours=1)
        second = await steps.one_pass(desk)

    feeds = len(first.feeds)
    sent = sum(feed.size for feed in first.feeds)
    assert sent > 0
    assert f"0 of {feeds} feeds sent nothing, as nothing was new (304); the others sent {sent / 1000:.1f} kB." in (
        runs.markdown(first)
    )
    assert f"{feeds} of {feeds} feeds sent nothing, as nothing was new (304); the others sent 0.0 kB." in (
        runs.markdown(second)
    )
    assert {row["kB"] for row in runs.feed_rows(second.feeds)} == {"0.0"}


async def test_the_week_is_told_as_its_lage_once(room, settings, clock):
    """The Monday's run delivered what the digest had held, and no Lage at all."""
    settings = settings.model_copy(update={"room_url": "https://room.example"})
    for hours in (6, 48, 120, 162):
        clock.now = room.set_time(START + timedelta(hours=hours))
        await one_pass(settings, clock)
    clock.now = datetime(2028, 1, 17, 6, 30, tzinfo=UTC)
    before = len(room.deliveries)

    async with open_desk(settings, now=clock) as desk:
        first, again = await steps.digest(desk, period="week"), await steps.digest(desk, period="week")

    [told] = [data for one in room.deliveries[before:] if "Lage:" in str(data := one.json()["data"])]
    assert [alert["key"] for alert in told["alerts"]] == ["Lage:2028-01-10:2028-01-17"]
    assert told["title"].startswith("Lage der Woche 10.01. bis 16.01.2028: ")
    assert " (neu): " in told["text"]
    assert "    „" in told["text"]
    assert "ansteht" in told["text"]
    assert told["text"].endswith("https://room.example/lage?week=2028-01-10")
    assert (first.alerts_queued, again.alerts_queued) == (1, 0)


async def test_a_lage_of_nothing_says_so(settings, clock):
    async with open_desk(settings, now=clock) as desk:
        report = await steps.digest(desk, period="week")

    assert report.notes[1] == "Lage der Woche 03.01. bis 09.01.2028: nichts bekannt"


async def test_a_channel_that_was_out_of_the_settings_is_told_about_and_works_again(room, settings, clock):
    """It stayed parked for ever, without a word: what waited for it waited on."""
    alert = Alert(key="w:1", watch="w", title="Akt", body="…")
    without = settings.model_copy(update={"channels": {"ops": settings.channels["ops"]}})
    async with open_desk(without, now=clock) as desk:
        with opened(desk.engine) as archive:
            archive.outbox.queue([alert], ["hook"], clock())
        await steps.deliver(desk)
        clock.advance(minutes=15)
        await steps.deliver(desk)
        await steps.deliver(desk)
        with opened(desk.engine) as archive:
            assert [(one.kind, one.subject) for one in archive.log.incidents()] == [("channel parked", "hook")]
    assert room.deliveries == []
    clock.advance(hours=2)
    async with open_desk(settings, now=clock) as desk:
        await steps.deliver(desk)

    assert [one.json()["data"]["title"] for one in room.deliveries] == ["Akt"]


async def test_what_waits_for_a_channel_of_another_machine_is_left_to_that(room, settings, clock):
    """Whichever of the two came first took it: parked, told about, put off by an hour, and so with each message."""
    without = settings.model_copy(update={"channels": {"ops": settings.channels["ops"]}})
    async with open_desk(without, now=clock) as one, open_desk(settings, now=clock) as other:
        for n in range(3):
            with opened(one.engine) as archive:
                archive.outbox.queue([Alert(key=f"w:{n}", watch="w", title="Akt", body="…")], ["hook"], clock())
            clock.advance(minutes=1)
            await steps.deliver(one)
            await steps.deliver(other)
        with opened(one.engine) as archive:
            assert archive.log.incidents(open_only=False) == ()

    assert len(room.deliveries) == 3


async def test_a_channel_that_was_taken_out_for_good_is_no_trouble_after_a_day(settings, clock):
    without = settings.model_copy(update={"channels": {"ops": settings.channels["ops"]}})
    async with open_desk(without, now=clock) as desk:
        with opened(desk.engine) as archive:
            archive.outbox.queue([Alert(key="w:1", watch="w", title="Akt", body="…")], ["hook"], clock())
        clock.advance(minutes=15)
        await steps.deliver(desk)
        clock.advance(hours=25)
        health.check(desk)
        with opened(desk.engine) as archive:
            assert [one.kind for one in archive.log.incidents() if one.kind == "channel parked"] == []


async def test_a_dry_run_does_not_tell_the_outside_monitor_that_we_live(settings, clock):
    settings = settings.model_copy(update={"heartbeat_url": "https://ping.example/x"})
    async with open_desk(settings, dry_run=True, now=clock) as desk:
        assert desk.heartbeat_url == ""


@pytest.mark.parametrize(("used", "free", "kinds"), [(66, 24, []), (90, 9, ["disk"]), (0, 0, [])])
async def test_what_a_file_system_keeps_for_others_is_neither_free_nor_used(
    settings, clock, monkeypatch, used, free, kinds
):
    usage = SimpleNamespace(total=252, used=used, free=free)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: usage)
    async with open_desk(settings, now=clock) as desk:
        assert [one.kind for one in health.check(desk)] == kinds
        (told,) = [one for one in doctor.examine(settings, quick=True) if one.name == "disk"]
        assert (told.verdict is doctor.Verdict.WRONG) == bool(kinds)


async def test_what_is_older_than_the_settings_say_goes_in_one_night_however_much_it_is(settings, clock):
    """A thousand went in a night: with more pages a day that could not be read than that, the archive grew for ever."""
    pages = [
        {
            "digest": number.to_bytes(16),
            "url": f"https://haus.example/{number}",
            "content_type": "",
            "size": 1,
            "body": b"x",
            "fetched_at": clock() - timedelta(days=15 if number < 2500 else 13),
            "failed": True,
        }
        for number in range(2510)
    ]
    async with open_desk(settings, now=clock) as desk:
        with opened(desk.engine) as archive:
            archive.connection.execute(insert(PageRow), pages)
        report = await steps.tend(desk)
        with reading(desk.engine) as connection:
            assert connection.scalar(select(func.count()).select_from(PageRow)) == 10

    assert "2500 pages expired" in report.notes


async def test_what_is_wrong_on_one_machine_is_not_over_because_another_is_well(settings, clock, monkeypatch):
    """Two that share an archive closed each other's incidents, and opened them anew with a message in every pass."""
    free = {"eins": 1, "zwei": 80}
    async with open_desk(settings.model_copy(update={"channels": {}}), now=clock) as desk:
        here = {name: replace(desk, worker=f"{name}-1") for name in free}
        here["zwei"] = replace(here["zwei"], feeds=desk.feeds[:1])
        with opened(desk.engine) as archive:
            health.loud(desk, archive, "feed dead", desk.feeds[1].url, "…", clock())
        for _ in range(6):
            for name, each in here.items():
                usage = SimpleNamespace(used=100 - free[name], free=free[name])
                monkeypatch.setattr(health.shutil, "disk_usage", lambda _, usage=usage: usage)
                clock.advance(minutes=1)
                health.check(each)
        with opened(desk.engine) as archive:
            found = archive.log.incidents(open_only=False)
            assert {(one.kind, one.times) for one in found} == {("feed dead", 1), ("disk", 6)}
            assert all(one.closed_at is None for one in found)
        free["eins"] = 80
        clock.advance(hours=25)
        health.check(here["zwei"])
        with opened(desk.engine) as archive:
            assert archive.log.incidents() == (), "nobody has seen it for a day"


async def test_an_incident_ends_however_many_others_are_open(settings, clock):
    async with open_desk(settings, now=clock) as desk:
        with opened(desk.engine) as archive:
            for kind, number in (("outbox stuck", 1), ("dead letter", 120), ("feed dead", 120)):
                for n in range(number):
                    archive.log.raise_event(kind, f"{kind} {n}", "…", clock())
        clock.advance(hours=25)
        health.check(desk)
        with opened(desk.engine) as archive:
            assert archive.log.incidents() == ()


async def test_a_pass_that_has_no_time_left_leaves_feeds_to_the_next_one(settings, clock):
    """Polls had no end: with hundreds of feeds, and a few in each batch that do not answer, every pass was cut off."""
    async with open_desk(settings, now=clock) as desk:
        left = await steps.poll_feeds(desk, desk.feeds, until=clock())
        assert {report.outcome for report in left} == {runs.NO_TIME}
        assert steps.polled(desk, left, clock()).state == "completed"
        asked = await steps.poll_feeds(desk, desk.feeds, until=clock() + timedelta(minutes=1))
        assert {report.outcome for report in asked} == {"read"}


@pytest.mark.parametrize(("deadline", "asked"), [(30, 5), (120, 1)])
async def test_a_house_that_hangs_outlasts_no_lease_of_its_feeds(room, settings, clock, monkeypatch, deadline, asked):
    """Its feeds are asked one after another, and each takes a whole deadline: 25 took longer than a pass may."""

    async def hangs(*_, **__):
        clock.advance(seconds=deadline)
        raise FetchError(Fault.DEADLINE)

    monkeypatch.setattr(Fetcher, "_follow", hangs)
    slow = settings.fetching.model_copy(update={"deadline_seconds": deadline})
    began = clock()
    async with open_desk(settings.model_copy(update={"fetching": slow}), now=clock) as desk:
        told = await steps.poll_feeds(desk, desk.feeds)
        with reading(desk.engine) as connection:
            rows = list(connection.execute(select(FeedRow.next_due, FeedRow.lease_owner)))

    assert clock() - began <= FEED_LEASE
    outcomes = Counter(feed.outcome for feed in told)
    assert outcomes == Counter({Fault.DEADLINE: asked, runs.NO_TIME: len(told) - asked})
    assert {row.lease_owner for row in rows} == {None}
    assert sum(row.next_due is None for row in rows) == outcomes[runs.NO_TIME], "as before: nobody asked them"


async def test_a_channel_that_takes_its_time_does_not_hold_a_run_beyond_its_own(settings, clock):
    """A minute's run with a channel that takes twenty seconds for each message was cut off, and failed each minute."""

    class Slow:
        limit = 0

        async def send(self, *_: object) -> Delivered:
            clock.advance(seconds=20)
            return Delivered()

    async with open_desk(settings, now=clock) as desk:
        desk = replace(desk, channels={"hook": Slow()})
        with opened(desk.engine) as archive:
            alerts = [Alert(key=f"w:{n}", watch="w", title="Akt", body="…") for n in range(5)]
            archive.outbox.queue(alerts, ["hook"], clock())
        told = [await steps.deliver(desk, until=clock() + timedelta(seconds=30)) for _ in range(3)]

    assert [report.delivered for report in told] == [2, 2, 1]
