"""Operates the whole service for a while with faults, and counts what became of it: nothing lost, nothing twice, nothing silent.

    python benchmarks/operation.py --minutes 45 --home /tmp/operation           PostgreSQL, all faults
    python benchmarks/operation.py --minutes 4 --faults feeds,server --home /tmp/short
    python benchmarks/operation.py --minutes 10 --database sqlite --faults worker --json --home /tmp/small

A PostgreSQL for archive and Prefect, a Prefect server on it, `depesche serve-flows` with a pass every minute, and `depesche
newsroom` whose clock takes its fortnight through the whole time. Faults, each at its share of the time: feeds that fail, are
garbage or slow; the server killed and started again; the worker killed in the middle of a pass with all its runs, and started
again after ten seconds (as systemd does); PostgreSQL stopped as in a crash in the middle of a pass; no worker for so long
that the dead man's switch must fire. Exit code 1 where something was lost, told twice, left behind, or not said.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

FAULTS = ("feeds", "server", "worker", "database", "silence")
DEAD_MAN, ZOMBIES = "depesche: dead man's switch", "depesche: zombie runs"
TROUBLE = "depesche: trouble in a run"
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
BACK_AFTER = 10
"""Seconds after which a killed worker is started again: RestartSec of the systemd unit."""


# The world


@dataclass
class Child:
    """A process of ours that can be killed with all that it started."""

    words: list[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.words, env=dict(self.env), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        """SIGKILL to it and all below it, as when the machine goes."""
        if self.process is None:
            return
        family = _family(self.process.pid)
        for one in family:
            _quietly(one.kill)
        self.process.wait()
        psutil.wait_procs(family, timeout=10)

    @property
    def megabytes(self) -> int:
        family = _family(self.process.pid) if self.process else []
        return sum(_quietly(lambda one=one: one.memory_info().rss) or 0 for one in family) // 2**20  # type: ignore[misc]


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _quietly(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except psutil.NoSuchProcess:
        return None


class Database:
    """Where archive and Prefect keep their things: two databases of one PostgreSQL, or two SQLite files."""

    def __init__(self, kind: str, home: Path, binaries: Path | None = None) -> None:
        self.kind, self.home = kind, home
        if kind == "sqlite":
            self.archive = f"sqlite:///{home}/depesche.sqlite"
            self.prefect = f"sqlite+aiosqlite:///{home}/prefect.sqlite"
            return
        from flows.local_server import free_port

        self.binaries = binaries or full_postgresql()
        # Postgres does not run as root, and its owner must be able to reach its folder.
        self.user = "postgres" if os.getuid() == 0 else ""
        self.data = Path(tempfile.mkdtemp(prefix="operation-pg-"))
        if self.user:
            shutil.chown(self.data, self.user)
        port = free_port()
        self._run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(self.data / "data"))
        self._control("start", "-o", f"-h 127.0.0.1 -p {port} -k {self.data} -c max_connections=200")
        where = f"postgres@127.0.0.1:{port}"
        self._create(f"postgresql://{where}/postgres")
        self.archive, self.prefect = f"postgresql://{where}/depesche", f"postgresql+asyncpg://{where}/prefect"

    def _create(self, url: str) -> None:
        from sqlalchemy import create_engine, text

        from storage.engine import normalised

        engine = create_engine(normalised(url), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("depesche", "prefect"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()

    def restart(self, mode: str) -> None:
        """`immediate`: as in a crash, without a checkpoint; pg_ctl keeps the options of the start."""
        if self.kind == "postgresql":
            self._control("restart", "-m", mode)

    def stop(self) -> None:
        if self.kind == "postgresql":
            self._control("stop", "-m", "fast")
            shutil.rmtree(self.data, ignore_errors=True)

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", str(self.data / "data"), "-w", "-l", str(self.data / "log"), *words)

    def _run(self, tool: str, *words: str) -> None:
        user = ["runuser", "-u", self.user, "--"] if self.user else []
        command = [*user, str(self.binaries / tool), *words]
        subprocess.run(command, cwd=self.data, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)


def full_postgresql() -> Path:
    """The binaries of a PostgreSQL with pg_trgm, which Prefect's server asks for."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        raise SystemExit(
            "no PostgreSQL under /usr/lib/postgresql (Debian: apt install postgresql); or name --postgres BIN"
        )
    return found[-1].parent


@dataclass
class Site:
    """`depesche newsroom`, steered over HTTP."""

    child: Child
    url: str
    feeds: Mapping[str, str]
    hook: str

    def ask(self, method: str, what: str, **wish: Any) -> Any:
        return asked(f"{self.url}/_newsroom/{what}", method, wish or None)

    def fault(self, path: str, kind: str, **fields: Any) -> None:
        self.ask("POST", "faults", path=path, kind=kind, **fields)

    def heal(self) -> None:
        self.ask("DELETE", "faults")


def asked(url: str, method: str = "GET", body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


@dataclass
class World:
    """All that runs, and what we saw of it."""

    home: Path
    minutes: float
    database: Database
    site: Site
    server: Child
    worker: Child
    api: str
    silent: float
    began: float = field(default_factory=time.monotonic)
    seen: list[str] = field(default_factory=list)
    killed: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """runs that were under way when their worker was killed: id to name and time"""
    late: list[int] = field(default_factory=list)
    waiting: list[dict[str, float]] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    restarts: Counter[str] = field(default_factory=Counter)
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    """when the server was killed, and when it answered again"""
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, what: str, body: Any = None) -> Any:
        """Ask the server, and again while it is busy or just restarted: that it does not answer us at once is no finding."""
        ends = time.monotonic() + 120
        while True:
            try:
                return asked(f"{self.api}/{what}", "GET" if body is None else "POST", body)
            except (OSError, http.client.HTTPException) as error:  # an HTTPError is an OSError
                refused = isinstance(error, urllib.error.HTTPError) and error.code < 500
                if refused or time.monotonic() > ends:
                    raise
                time.sleep(2)

    def say(self, what: str) -> None:
        line = f"{(time.monotonic() - self.began) / 60:5.1f} min  {what}"
        self.seen.append(line)
        print(line, file=sys.stderr, flush=True)

    def until(self, share: float) -> None:
        time.sleep(max(0.0, self.began + self.minutes * 60 * share - time.monotonic()))

    def start_server(self) -> None:
        from flows.local_server import healthy

        self.server.start()
        port = int(self.api.split(":")[2].split("/")[0])
        ends = time.monotonic() + 120
        while not healthy(port) and time.monotonic() < ends:
            time.sleep(0.5)

    def runs(self, *states: str, name: str = "") -> list[dict[str, Any]]:
        """Runs that have or had their turn, newest first."""
        found: list[dict[str, Any]] = []
        wish: dict[str, Any] = {"state": {"type": {"any_": list(states)}}} if states else {}
        while len(rows := self.ask("flow_runs/filter", _page(wish, len(found)))) == 200:
            found += rows
        names = {one["id"]: one["name"] for one in self.ask("deployments/filter", {})}
        told = [run | {"of": names.get(run["deployment_id"], "?")} for run in (*found, *rows)]
        return [run for run in told if run["state_name"] != "Scheduled" and name in ("", run["of"])]

    def under_way(self, name: str, *, within: float = 150) -> bool:
        """Wait until a run of that flow is a few seconds old."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            if any(
                run["total_run_time"] > 3 or run["estimated_run_time"] > 3 for run in self.runs("RUNNING", name=name)
            ):
                return True
            time.sleep(1)
        return False


def _page(wish: dict[str, Any], offset: int) -> dict[str, Any]:
    return {"limit": 200, "offset": offset, "sort": "EXPECTED_START_TIME_DESC", "flow_runs": wish}


# The faults


def heal(world: World) -> None:
    world.site.heal()
    world.say("feeds healed")


def feeds_fail(world: World) -> None:
    world.site.fault("/feeds/n-tv*", "500")
    world.say("feeds of n-tv answer 500")


def feeds_garbage(world: World) -> None:
    world.site.heal()
    world.site.fault("/feeds/hafenbote*", "garbage")
    world.site.fault("/feeds/deutschlandfunk*", "reset", times=4)
    world.say("feeds of hafenbote are garbage, four requests of deutschlandfunk are reset")


def feeds_slow(world: World) -> None:
    world.site.heal()
    world.site.fault("/feeds/tagesschau*", "late", delay=4)
    world.site.fault("/feeds/n-tv*", "429", retry_after="90")
    world.say("feeds of tagesschau take 4 s, n-tv answers 429")


def kill_server(world: World) -> None:
    held = slowed(world)
    killed = datetime.now(UTC)
    world.server.kill()
    world.restarts["server"] += 1
    world.say(f"server killed ({held}), back in 40 s")
    world.site.heal()
    time.sleep(40)
    world.start_server()
    world.outages.append((killed, datetime.now(UTC)))


def kill_worker(world: World, *, away: float = BACK_AFTER) -> None:
    held = slowed(world)
    cut = {
        run["id"]: (run["name"], datetime.now(UTC))
        for run in world.runs("RUNNING", "PENDING")
        if run["id"] not in world.killed
    }
    world.worker.kill()
    world.killed = cut | world.killed
    world.restarts["worker"] += 1
    world.say(f"worker killed ({held}; {len(cut)} runs cut off), back in {away:.0f} s")
    world.site.heal()
    time.sleep(away)
    world.worker.start()


def silence(world: World) -> None:
    """Longer than the switch waits, shorter than twice that: it must fire once."""
    kill_worker(world, away=world.silent * 60 * 1.5)
    world.say("worker is back")


def crash_database(world: World) -> None:
    held = slowed(world)
    world.database.restart("immediate")
    world.restarts["database"] += 1
    world.say(f"database stopped as in a crash and started again ({held})")
    world.site.heal()


def restart_database(world: World) -> None:
    world.database.restart("fast")
    world.restarts["database"] += 1
    world.say("database restarted")


def slowed(world: World) -> str:
    """Let a pass take long, so that the fault hits it in the middle."""
    world.site.fault("/*", "late", delay=1.5)
    return "in the middle of a pass" if world.under_way("ingest") else "between passes"


PLAN: tuple[tuple[float, str, Callable[[World], None]], ...] = (
    (0.05, "feeds", feeds_fail),
    (0.10, "server", kill_server),
    (0.16, "feeds", feeds_garbage),
    (0.22, "worker", kill_worker),
    (0.30, "database", crash_database),
    (0.35, "feeds", feeds_slow),
    (0.39, "feeds", heal),
    (0.41, "server", kill_server),
    (0.48, "silence", silence),
    (0.84, "worker", kill_worker),
    (0.93, "database", restart_database),
)


def operate(world: World, faults: frozenset[str]) -> None:
    watching = threading.Thread(target=watch, args=(world,), daemon=True)
    watching.start()
    for share, kind, fault in PLAN:
        if kind in faults:
            world.until(share)
            fault(world)
    world.until(0.95)
    heal(world)
    world.until(1.0)
    settle(world)
    world.over.set()
    watching.join()


def settle(world: World) -> None:
    """Until one more pass has begun and ended well, when no killed worker has a feed or an entry any more: what then is left is
    left behind."""
    from flows.steps.entries import LEASE
    from flows.steps.feeds import FEED_LEASE

    lease = max(LEASE, FEED_LEASE)
    since = max([datetime.now(UTC), *(at + lease for _, at in world.killed.values())]).isoformat()
    ends = time.monotonic() + (lease + timedelta(minutes=4)).total_seconds()
    while time.monotonic() < ends:
        last = [run for run in world.runs("COMPLETED", name="ingest") if run["start_time"] > since[:19]]
        late = [run for run in world.runs("SCHEDULED") if run["state_name"] == "Late"]
        if last and not late and not world.runs("RUNNING", "PENDING", name="ingest") and not backlog(world):
            return
        time.sleep(2)


def watch(world: World) -> None:
    """Every ten seconds: runs that are late, the oldest thing that waits, the server's memory."""
    while not world.over.wait(10):
        try:
            world.late.append(sum(run["state_name"] == "Late" for run in world.runs("SCHEDULED")))
            world.waiting.append(waits(world))
        except (OSError, urllib.error.URLError, _no_database()):
            continue
        world.memory.append(world.server.megabytes)


def _no_database() -> type[Exception]:
    from sqlalchemy.exc import DBAPIError

    return DBAPIError


# What became of it


def verdict(world: World) -> dict[str, Any]:
    told = runs_told(world) | zombies_told(world) | archive_told(world) | alerts_told(world) | automations_told(world)
    told |= {
        "minutes": world.minutes,
        "database": world.database.kind,
        "restarts": dict(world.restarts),
        "most_runs_late_at_once": max(world.late, default=0),
        "runs_late_at_the_end": world.late[-1] if world.late else 0,
        "longest_wait_seconds": {
            name: round(max((one.get(name, 0) for one in world.waiting), default=0)) for name in ("entry", "alert")
        },
        "backlog_at_the_end": backlog(world),
        "server_megabytes": [world.memory[0], max(world.memory), world.memory[-1]] if world.memory else [],
        "megabytes": sizes(world),
        "timeline": world.seen,
    }
    told["wrong"] = wrong(world, told)
    return told


def runs_told(world: World) -> dict[str, Any]:
    runs = world.runs()
    found = Counter(f"{run['of']} {run['state_name']}" for run in runs)
    took = sorted(run["total_run_time"] for run in runs if run["of"] == "ingest" and run["start_time"])
    delays = sorted(_seconds(run["expected_start_time"], run["start_time"]) for run in runs if run["start_time"])
    return {
        "runs": dict(sorted(found.items())),
        "ingest_seconds_p50_p95_max": [round(_at(took, share), 1) for share in (0.5, 0.95, 1)],
        "start_delay_seconds_p50_p95": [round(_at(delays, share), 1) for share in (0.5, 0.95)],
    }


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def _seconds(first: str, last: str) -> float:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


def zombies_told(world: World) -> dict[str, Any]:
    """Runs whose worker was killed: how they ended, and how long that took."""
    ends, waits = Counter[str](), []
    for key, (_, at) in world.killed.items():
        run = world.ask(f"flow_runs/{key}")
        ends[run["state_name"]] += 1
        if run["state_type"] in ENDED:
            waits.append(_seconds(at.isoformat(), run["state"]["timestamp"]))
    open_now = [run["name"] for run in world.runs("RUNNING", "PENDING") if run["total_run_time"] > 120]
    return {
        "cut_off": len(world.killed),
        "cut_off_ended_as": dict(ends),
        "cleared_after_seconds": [round(wait) for wait in sorted(waits)],
        "zombies_at_the_end": open_now,
    }


def archive_told(world: World) -> dict[str, Any]:
    from flows.newsroom.fortnight import Fortnight

    now = datetime.fromisoformat(world.site.ask("GET", "clock")["now"])
    out = [piece for piece in Fortnight().pieces if piece.version(now) is not None]
    outcomes = Counter({str(name or "none"): n for name, n in rows(world, _OUTCOMES)})
    known = {url.split("/", 3)[3] for (url,) in rows(world, "SELECT url FROM articles")}
    accounts = [row[0] for row in rows(world, "SELECT accounts FROM runs WHERE accounts IS NOT NULL")]
    accounts = [json.loads(one) if isinstance(one, str) else one for one in accounts]
    return {
        "published": len(out),
        "published_and_unknown": [
            piece.path
            for piece in out
            if not {f"{piece.house}/{path}" for path in (piece.path, piece.old_path)} & known
        ],
        "articles": dict(outcomes),
        "articles_twice": rows(world, _TWICE)[0][0],
        "entries_in": sum(one["entries"] for one in accounts),
        "entries_out": sum(sum(one["out"].values()) for one in accounts),
        "entries_dropped": sum(sum(one["dropped"].values()) for one in accounts),
        "events": rows(world, "SELECT count(*) FROM events WHERE known_to IS NULL")[0][0],
        "events_twice": rows(world, _EVENTS_TWICE)[0][0],
        "incidents": dict(Counter(kind for (kind,) in rows(world, "SELECT kind FROM incidents"))),
    }


_OUTCOMES = "SELECT outcome, count(*) FROM articles GROUP BY outcome"
_TWICE = "SELECT count(*) FROM (SELECT key FROM articles GROUP BY key HAVING count(*) > 1) AS twice"
_EVENTS_TWICE = "SELECT count(*) FROM (SELECT uid FROM events WHERE known_to IS NULL GROUP BY version_id, uid HAVING count(*) > 1) AS t"


def rows(world: World, statement: str) -> list[Any]:
    from sqlalchemy import text

    from storage.engine import open_engine

    engine = open_engine(world.database.archive)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]
    finally:
        engine.dispose()


def waits(world: World) -> dict[str, float]:
    """Seconds that the longest waiting entry and the longest waiting alert have been due."""
    from sqlalchemy import func, select

    from storage.archive import opened
    from storage.engine import open_engine
    from storage.tables import ArticleRow

    engine, now = open_engine(world.database.archive), datetime.now(UTC)
    try:
        with opened(engine) as archive:
            entry = archive.connection.scalar(select(func.min(ArticleRow.due_at)))
            alert = archive.outbox.oldest_pending(now)
    finally:
        engine.dispose()
    return {
        name: max(0.0, (now - since).total_seconds()) for name, since in (("entry", entry), ("alert", alert)) if since
    }


def backlog(world: World) -> dict[str, float]:
    """What has been due for longer than two passes take."""
    return {name: round(seconds) for name, seconds in waits(world).items() if seconds > 120}


def alerts_told(world: World) -> dict[str, Any]:
    delivered = world.site.ask("GET", "deliveries")
    ours = [one for one in delivered if one["path"] == "/hook" and 200 <= one["status"] < 300]
    ids = Counter(one["headers"]["webhook-id"] for one in ours)
    keys = Counter(alert["key"] for one in ours for alert in json.loads(one["body"])["data"]["alerts"])
    states = dict(rows(world, "SELECT state, count(*) FROM deliveries GROUP BY state"))
    oncall = Counter(json.loads(one["body"])["text"] for one in delivered if one["path"] == "/hook/oncall")
    return {
        "deliveries": states,
        "messages_received": len(ids),
        "messages_received_twice": sum(n > 1 for n in ids.values()),
        "alerts_received": len(keys),
        "alerts_received_twice": sum(n > 1 for n in keys.values()),
        "told_on_call": dict(Counter(text.split("\n")[0][:60] for text in oncall.elements())),
    }


def automations_told(world: World) -> dict[str, Any]:
    """How often each of our automations fired, from the server's own events."""
    wish = {"filter": {"event": {"name": ["prefect.automation.triggered"]}}, "limit": 50}
    answer = world.ask("events/filter", wish)
    found = answer["events"]
    while answer.get("next_page"):
        answer = world.ask(answer["next_page"].removeprefix(f"{world.api}/"))
        found += answer["events"]
    named = Counter(event["resource"]["prefect.resource.name"] for event in found)
    taken = [_about(event) for event in found if event["resource"]["prefect.resource.name"] == ZOMBIES]
    return {
        "fired": dict(named),
        "fired_for": [_why(event) for event in found],
        "taken_for_zombies": [run for run in taken if not excused(world, run)],
    }


def _why(event: Mapping[str, Any]) -> str:
    """Which automation fired when, and the run or deployment that it was about."""
    return f"{event['occurred'][11:19]} {event['resource']['prefect.resource.name']} {_about(event)[-12:]}"


def _about(event: Mapping[str, Any]) -> str:
    """The id of the run or deployment that an automation fired for."""
    return "".join(event["payload"].get("triggering_labels", {}).values()).rpartition(".")[2]


UNWEIGHED = timedelta(seconds=60)
"""How long before its kill the server may have heard of an end that its automations had not yet weighed."""


def excused(world: World, run: str) -> bool:
    """Whether the zombie automation had a reason to fire for a run: its worker was killed, or it was under way while the server
    was away, or had just ended: the server forgets what it had heard and not yet weighed, and does not hear of the rest."""
    if run in world.killed:
        return True
    told = world.ask(f"flow_runs/{run}")
    began, ended = (datetime.fromisoformat(at) for at in (told["start_time"], told["state"]["timestamp"]))
    return any(began <= back and killed - UNWEIGHED <= ended for killed, back in world.outages)


def sizes(world: World) -> dict[str, float]:
    if world.database.kind == "sqlite":
        return {
            name: round((world.home / f"{name}.sqlite").stat().st_size / 1e6, 1) for name in ("depesche", "prefect")
        }
    asked_for = "SELECT datname, pg_database_size(datname) FROM pg_database WHERE datname IN ('depesche', 'prefect')"
    return {name: round(size / 1e6, 1) for name, size in rows(world, asked_for)}


def wrong(world: World, told: Mapping[str, Any]) -> list[str]:
    """What must not be, by name."""
    must = 1 if any("worker is back" in line for line in world.seen) else 0
    checks = {
        "articles lost": told["published_and_unknown"],
        "articles twice": told["articles_twice"],
        "events twice": told["events_twice"],
        "in is not out + dropped": told["entries_in"] - told["entries_out"] - told["entries_dropped"],
        "alerts told twice": told["alerts_received_twice"],
        "zombies": told["zombies_at_the_end"],
        "a cut off run never ended": told["cut_off"] - len(told["cleared_after_seconds"]),
        "crashes told to nobody": max(0, told["cut_off_ended_as"].get("Crashed", 0) - told["fired"].get(TROUBLE, 0)),
        "ended runs taken for zombies": told["taken_for_zombies"],
        "runs late at the end": told["runs_late_at_the_end"],
        "backlog": told["backlog_at_the_end"],
        f"dead man's switch fired not {must} times": told["fired"].get(DEAD_MAN, 0) - must,
    }
    return [f"{name}: {found}" for name, found in checks.items() if found]


# Setting it up


def build(args: argparse.Namespace, stack: contextlib.ExitStack) -> World:
    """Start everything; what `stack` closes has ended."""
    from flows.local_server import environment, free_port

    home, port = args.home, free_port()
    database = Database(args.database, home, args.postgres)
    stack.callback(database.stop)
    api = f"http://127.0.0.1:{port}/api"
    env = environment(
        PYTHONPATH=str(ROOT), PREFECT_API_URL=api, PREFECT_HOME=str(home / "prefect"), PREFECT_SERVER_API_PORT=str(port),
        DEPESCHE_CONFIG=str(home / "depesche.toml"), DEPESCHE_DATABASE=database.archive,
    )  # fmt: skip
    server_env = env | {"PREFECT_API_URL": "", "PREFECT_SERVER_DATABASE_CONNECTION_URL": database.prefect}
    python = sys.executable
    serve = [python, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    depesche = [python, "-c", "import sys; from flows.cli import main; sys.exit(main())"]
    world = World(
        home=home,
        minutes=args.minutes,
        database=database,
        site=open_site([*depesche, "newsroom"], env, home, args.minutes),
        server=Child(serve, server_env, home / "server.log"),
        worker=Child([*depesche, "serve-flows"], env, home / "worker.log"),
        api=api,
        silent=args.silent,
    )
    for child in (world.site.child, world.server, world.worker):
        stack.callback(child.kill)
    write_settings(world)
    world.start_server()
    make_block(world, env)
    world.worker.start()
    await_deployments(world)
    world.began = time.monotonic()
    world.say(f"server {api}")
    return world


def await_deployments(world: World, *, within: float = 90) -> None:
    """A worker that cannot even start is no fault of operation."""
    ends = time.monotonic() + within
    while not asked(f"{world.api}/deployments/filter", "POST", {}):
        if time.monotonic() > ends or (world.worker.process and world.worker.process.poll() is not None):
            raise SystemExit(f"serve-flows did not start:\n{world.worker.log.read_text()[-2000:]}")
        time.sleep(1)


def open_site(words: list[str], env: Mapping[str, str], home: Path, minutes: float) -> Site:
    from flows.newsroom import END, START

    speed = (END - START).total_seconds() / (minutes * 60)
    child = Child([*words, "--json", "--speed", f"{speed:.3f}"], env, home / "newsroom.log")
    child.start()
    ends = time.monotonic() + 30
    while time.monotonic() < ends and not child.log.read_text().strip():
        time.sleep(0.1)
    told = json.loads(child.log.read_text().splitlines()[0])
    return Site(child=child, url=told["url"], feeds=told["feeds"], hook=told["hook"])


def write_settings(world: World) -> None:
    feeds = [
        f'[[feed]]\nname = "{name}"\npublisher = "haus"\nurl = "{url}"\n' for name, url in world.site.feeds.items()
    ]
    (world.home / "feeds.toml").write_text("\n".join(feeds), "utf-8")
    (world.home / "depesche.toml").write_text(
        f"""contact = "operation@depesche.example"
feeds = "{world.home}/feeds.toml"
[fetching]
allow = ["{world.site.url.removeprefix("http://")}"]
page_spacing_seconds = 0
feed_interval_minutes = 0
[schedule]
ingest = "* * * * *"
silent_minutes = {world.silent}
notify_block = "custom-webhook/oncall"
[channels.hook]
kind = "webhook"
url = "{world.site.hook}"
secret = "geheim"
operators = true
per_hour = 1000
""",
        "utf-8",
    )


_BLOCK = """
import sys
from prefect.blocks.notifications import CustomWebhookNotificationBlock as Webhook
Webhook(name="oncall", url=sys.argv[1], secrets={}, json_data={"text": "{{subject}}\\n{{body}}"}, allow_private_urls=True).save(
    "oncall", overwrite=True
)
"""


def make_block(world: World, env: Mapping[str, str]) -> None:
    """The notification block that an operator makes in the UI."""
    done = subprocess.run(
        [sys.executable, "-c", _BLOCK, f"{world.site.hook}/oncall"], env=dict(env), capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-2000:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--faults", default=",".join(FAULTS), help=f"of {', '.join(FAULTS)}; none: as planned nothing")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--postgres", type=Path, metavar="BIN", help="folder of initdb and pg_ctl")
    parser.add_argument("--silent", type=float, default=10, help="minutes after which the dead man's switch fires")
    parser.add_argument("--home", type=Path, required=True, help="a folder that is made anew; its path should be short")
    parser.add_argument("--json", action="store_true", help="accepted for likeness: the result always is JSON")
    args = parser.parse_args()
    if unknown := set(args.faults.split(",")) - {*FAULTS, "none"}:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    shutil.rmtree(args.home, ignore_errors=True)
    args.home.mkdir(parents=True)
    os.chdir(args.home)
    args.home = args.home.resolve()
    with contextlib.ExitStack() as stack:
        world = build(args, stack)
        operate(world, frozenset(args.faults.split(",")))
        told = verdict(world)
    print(json.dumps(told, indent=1, ensure_ascii=False))
    return 1 if told["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
