"""The workers that `benchmarks/crash.py` kills: a process that polls, reads and delivers, and dies at the stage that it was told.

Three kinds: nothing but the archive's verbs and HTTP; the real steps; the real flows.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import mmap
import os
import random
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.crash_world import HOOK_SECONDS

LEASE = timedelta(seconds=2)
SPEED = 120
"""With --steps a second is two minutes for the worker, so that its leases end within the test."""


class Stage:
    """Writes where the worker is into a file that outlives it, and kills it where it was told to."""

    def __init__(self, path: Path, kill_at: str, after: int) -> None:
        with path.open("w+b") as file:
            file.truncate(64)  # zeros: no stage yet
            self.memory = mmap.mmap(file.fileno(), 64)
        self.kill_at, self.after = kill_at, after
        self.verb = ""

    def __call__(self, name: str) -> None:
        self.memory[:] = name.encode().ljust(64)[:64]
        if name == self.kill_at:
            self.after -= 1
            if self.after <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(random.uniform(0, 0.001))

    def watch(self) -> None:
        """Tell the stage after each verb of the archive and before each commit."""
        from sqlalchemy import Engine, event

        from storage.archive import Archive
        from storage.outbox import Outbox

        verbs = ("add_window", "claim_entries", "keep_article", "keep_rejected")
        for of, names in ((Archive, verbs), (Outbox, ("claim", "delivered"))):
            for name in names:
                setattr(of, name, self._told(getattr(of, name), name))
        event.listen(Engine, "commit", lambda _: self(f"commit {self.verb}"))

    def _told(self, verb: Callable[..., Any], name: str) -> Callable[..., Any]:
        def told(*args: Any, **kwargs: Any) -> Any:
            done = verb(*args, **kwargs)
            self.verb = name
            self(name)
            return done

        return told


def work(args: argparse.Namespace) -> int:
    """A worker: polls, reads and delivers until everything there is has been done, or it is killed."""
    from storage.engine import open_engine, upgrade

    engine = open_engine(args.url, busy_seconds=args.busy)
    stage = Stage(Path(args.stage), args.kill_at, args.kill_after)
    stage.watch()
    troubles = 0
    while True:
        try:
            upgrade(engine)
            stage("ready")
            if args.flows:
                return asyncio.run(work_flows(args, engine, stage))
            return asyncio.run(work_steps(args, engine, stage)) if args.steps else work_verbs(args, engine, stage)
        except Exception as error:
            # A database that is away, locked or full: nothing is lost by trying again.
            if not _is_database_trouble(error):
                raise
            troubles += 1
            print(f"{type(error).__name__}: {str(error)[:120]}", file=sys.stderr)
            if troubles > 3000:
                return 75
            engine.dispose()
            time.sleep(0.1)


def _is_database_trouble(error: BaseException) -> bool:
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, BaseExceptionGroup):
        return all(_is_database_trouble(one) for one in error.exceptions)
    return isinstance(error, DBAPIError | sqlite3.Error)


def ask(port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HOOK_SECONDS if method == "POST" else 5)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("ETag"), answer.read()
    finally:
        connection.close()


def work_verbs(args: argparse.Namespace, engine: Any, stage: Stage) -> int:
    """The pipeline in small: nothing but the archive's verbs and HTTP."""
    worker = f"w{os.getpid()}"
    idle_since = time.monotonic()
    while True:
        done = _poll(args.port, engine, stage, worker) + _read(args.port, engine, stage, worker)
        done += _deliver(args.port, engine, stage, worker)
        if done:
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > LEASE.total_seconds() + 0.5 and not open_work(engine):
            return 0
        else:
            time.sleep(0.02)


def read_articles(engine: Any) -> int:
    from sqlalchemy import text

    from storage.engine import reading

    with reading(engine) as connection:
        return int(connection.scalar(text("SELECT count(*) FROM articles WHERE outcome = 'stored'")) or 0)


def open_work(engine: Any) -> int:
    from sqlalchemy import text

    from storage.engine import reading

    with reading(engine) as connection:
        return int(
            connection.scalar(
                text(
                    "SELECT (SELECT count(*) FROM articles WHERE due_at IS NOT NULL AND outcome = 'pending')"
                    " + (SELECT count(*) FROM deliveries WHERE state IN ('pending', 'inflight'))"
                )
            )
            or 0
        )


def _poll(port: int, engine: Any, stage: Stage, worker: str) -> int:
    from extractors.model import FeedEntry
    from storage.archive import Sighting, opened
    from storage.polling import Poll, Validators

    url = f"http://127.0.0.1:{port}/feed"
    now = datetime.now(UTC)
    with opened(engine) as archive:
        due = archive.feeds.due([url], worker, now, lease=LEASE)
    if not due:
        return 0
    stage("fetch feed")
    status, etag, body = ask(port, "GET", "/feed", headers={"If-None-Match": due[0].etag} if due[0].etag else {})
    later = now + timedelta(milliseconds=50)
    with opened(engine) as archive:
        if status == 304:
            archive.feeds.polled(url, Poll(outcome="unchanged", next_due=later), now)
            return 0
        entries = re.findall(r"<title>([^<]*)</title><link>(.*?)</link><guid>(.*?)</guid>", body.decode())
        sightings = [
            Sighting(stem=link, entry=FeedEntry(feed_url=url, guid=guid, url=link, headline=title), publisher="welt")
            for title, link, guid in reversed(entries)
        ]
        archive.feeds.polled(url, Poll(outcome="new", next_due=later), now)
        return archive.add_window(url, sightings, now, validators=Validators(etag=etag)).new


def _read(port: int, engine: Any, stage: Stage, worker: str) -> int:
    from extractors.model import Alert, Article, Assessment, FetchedPage, Grade, PartKind
    from storage.archive import Made, Rejected, opened
    from storage.tracking import Link

    rejected = []
    with opened(engine) as archive:
        claimed = archive.claim_entries(worker, 5, datetime.now(UTC), lease=LEASE)
    for one in claimed:
        number = int(re.search(r"-(\d+)\.html", one.url)[1])  # type: ignore[index]
        stage("fetch page")
        _, _, body = ask(port, "GET", f"/artikel-{number}.html")
        now = datetime.now(UTC)
        said = re.search(r"<p>(.*?)</p>", body.decode())[1]  # type: ignore[index]
        article = Article.compose(
            url=one.url, headline=f"Artikel {number}", body=((PartKind.PARAGRAPH, said),), publisher="welt"
        )
        fetched = FetchedPage(url=one.url, body=body, fetched_at=now)
        if number % 3:
            rejected.append(Rejected(claimed=one, article=article, at=now, page=fetched))
            continue
        event = _event(article, said)
        with opened(engine) as archive:
            kept = archive.keep_article(
                one,
                article,
                Made(
                    assessments=[Assessment(dossier="harness", score=1.0, grade=Grade.CORE, coder="harness")],
                    events=[event],
                    links=[Link(event=event.id, act=f"act-{number}")],
                ),
                now,
                page=fetched,
            )
            if kept.stored:
                alert = Alert(key=f"alert-{number}", watch="w", title=article.headline, body=said)
                archive.outbox.queue([alert], ["hook"], now, article_id=kept.article_id)
    if rejected:
        with opened(engine) as archive:
            archive.keep_rejected(rejected)
    return len(claimed)


def _event(article: Any, said: str) -> Any:
    from extractors.model import Actor, Event, Evidence
    from extractors.ontology import EventType, Status

    start = article.text.index(said)
    return Event(
        type=EventType.REJECT,
        status=Status.PAST,
        actors=(Actor(code="NATO"),),
        recipients=(Actor(code="RUS"),),
        evidence=Evidence(start=start, end=start + len(said), quote=said, rule="harness"),
        coder="harness",
    )


def _deliver(port: int, engine: Any, stage: Stage, worker: str) -> int:
    from storage.archive import opened

    done = 0
    while True:
        with opened(engine) as archive:
            messages = archive.outbox.claim(worker, 1, datetime.now(UTC), lease=LEASE)
        if not messages:
            return done
        message = messages[0]
        stage("post")
        body = json.dumps({"alerts": [alert.key for alert in message.alerts]}).encode()
        try:
            status, _, _ = ask(port, "POST", "/hook", body, {"webhook-id": message.alerts[0].key})
        except (OSError, http.client.HTTPException):
            status = 0
        now = datetime.now(UTC)
        with opened(engine) as archive:
            if status == 200:
                archive.outbox.delivered(message, now)
            else:
                archive.outbox.retry(message, now + timedelta(milliseconds=100), str(status))
        done += 1


async def work_steps(args: argparse.Namespace, engine: Any, stage: Stage) -> int:
    """The real steps, with a clock that runs fast."""
    import dataclasses

    from flows import desk as desks
    from flows import steps
    from flows.settings import load

    told_of_requests(stage)
    async with desks.open_desk(load(Path(args.config)), now=fast_clock(args)) as opened_desk:
        desk = dataclasses.replace(opened_desk, engine=engine)
        idle_since = time.monotonic()
        while True:
            polls = await steps.poll_feeds(desk, desk.feeds)
            report = await steps.read_entries(desk)
            sent = await steps.deliver(desk)
            digest = await steps.deliver(desk, digest=True)
            if any(poll.new for poll in polls) or report.taken or sent.delivered or digest.delivered:
                idle_since = time.monotonic()
            elif time.monotonic() - idle_since > 6 and not open_work(engine):
                return 0
            await asyncio.sleep(0.05)


async def work_flows(args: argparse.Namespace, engine: Any, stage: Stage) -> int:
    """The real flows, each a run of the Prefect server that PREFECT_API_URL names, until all articles are read."""
    import flows.ingest
    import flows.notify
    from flows.desk import CLOCK
    from flows.digest import digest
    from flows.ingest import ingest
    from flows.notify import notify

    CLOCK.set(fast_clock(args))
    # By a clock that runs fast a pass has some seconds: too few on a busy machine, which then reads nothing for ever.
    flows.ingest.POLLING = flows.ingest.READING = flows.ingest.TELLING = flows.notify.TELLING = timedelta(days=1)
    told_of_requests(stage)
    while True:
        for flow in (ingest, notify, digest):
            state = await flow(return_state=True)
            if state.is_failed() and args.kill_at == "":
                print(f"Error: {flow.name}: {state.message}", file=sys.stderr)
        if read_articles(engine) >= args.articles and not open_work(engine):
            return 0


def fast_clock(args: argparse.Namespace) -> Callable[[], datetime]:
    base = datetime.fromisoformat(args.base)
    return lambda: base + timedelta(seconds=(time.time() - args.began) * SPEED)


def told_of_requests(stage: Stage) -> None:
    """Tell the stage before each request of the product's own fetcher and webhook."""
    from flows.alerts.channels import WebhookChannel
    from flows.fetching import Fetcher

    fetch, send = Fetcher.fetch, WebhookChannel.send

    async def fetched(self: Fetcher, url: str, **kwargs: Any) -> Any:
        stage("fetch feed" if kwargs.get("kind") == "feed" else "fetch page")
        return await fetch(self, url, **kwargs)

    async def sent(self: WebhookChannel, *rest: Any, **kwargs: Any) -> Any:
        stage("post")
        return await send(self, *rest, **kwargs)

    Fetcher.fetch = fetched  # type: ignore[method-assign]
    WebhookChannel.send = sent  # type: ignore[method-assign]
