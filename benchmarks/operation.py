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
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from benchmarks.operation_told import backlog, verdict, waits
from benchmarks.operation_world import Child, Database, Site, World, asked

FAULTS = ("feeds", "server", "worker", "database", "silence")
BACK_AFTER = 10
"""Seconds after which a killed worker is started again: RestartSec of the systemd unit."""


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
    feeds = {feed["feed"]: feed["url"] for feed in told["feeds"]}
    return Site(child=child, url=told["url"], feeds=feeds, hook=told["hook"])


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
