"""Several workers on one PostgreSQL do the whole pipeline, and what was done twice is counted: polls, pages, articles, alerts.

    python benchmarks/workers.py --workers 4 --seconds 90

Each worker is a process that makes one pass after the other, all begin at once, and the newsroom's fortnight goes by
meanwhile. Feeds may be polled every 20 s and pages fetched every 0.2 s from the one host: the distances that its log shows
are what the workers kept together. Exit code 1 where something was done twice or too soon.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.machine import postgresql

POLL_SECONDS, PAGE_SECONDS = 20.0, 0.2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        return asyncio.run(work(float(args.work)))
    with tempfile.TemporaryDirectory(prefix="workers-") as name, postgresql(Path(name) / "pg") as server:
        told = measure(Path(name), server.get_uri(), args.workers, args.seconds)
    print(json.dumps(told, indent=1))
    return 1 if told["wrong"] else 0


async def work(until: float) -> int:
    """One worker: passes until the time is over. Prints what it did."""
    from flows import steps
    from flows.desk import open_desk
    from flows.settings import load

    passes, outcomes, delivered = 0, Counter[str](), 0
    async with open_desk(load()) as desk:
        while time.time() < until:
            report = await steps.one_pass(desk)
            passes += 1
            outcomes.update(report.outcomes)
            delivered += report.delivered
            await asyncio.sleep(0.5)
    print(json.dumps({"passes": passes, "read": outcomes.total(), "delivered": delivered}))
    return 0


def measure(folder: Path, database: str, workers: int, seconds: float) -> dict[str, Any]:
    from flows.newsroom import END, START, Newsroom

    with Newsroom() as room:
        settings_file(folder, room, database)
        env = {**os.environ, "DEPESCHE_CONFIG": str(folder / "depesche.toml")}
        migrate(database)
        began = time.time()
        words = [sys.executable, __file__, "--work", str(began + seconds)]
        started = [subprocess.Popen(words, env=env, stdout=subprocess.PIPE, cwd=folder) for _ in range(workers)]
        while time.time() < began + seconds:
            # All is out after three quarters of the time.
            room.set_time(START + (END - START) * min(1.0, (time.time() - began) / (0.75 * seconds)))
            stamp(room)
            time.sleep(0.05)
        did = [json.loads(process.communicate(timeout=120)[0]) for process in started]
        stamp(room)
        return verdict(room, database, did)


STAMPS: list[float] = []
"""Real time of each request in the newsroom's log, to a twentieth of a second: its own clock is the fortnight's."""


def stamp(room: Any) -> None:
    STAMPS.extend([time.monotonic()] * (len(room.requests) - len(STAMPS)))


def migrate(database: str) -> None:
    from flows.desk import open_archive

    open_archive(database).dispose()


def settings_file(folder: Path, room: Any, database: str) -> None:
    feeds = [f'[[feed]]\nname = "{name}"\npublisher = "haus"\nurl = "{url}"\n' for name, url in room.feeds.items()]
    (folder / "feeds.toml").write_text("\n".join(feeds), "utf-8")
    (folder / "depesche.toml").write_text(
        f"""contact = "workers@depesche.example"
database = "{database}"
feeds = "{folder}/feeds.toml"
[fetching]
allow = ["{room.url.removeprefix("http://")}"]
page_spacing_seconds = {PAGE_SECONDS}
feed_interval_minutes = {POLL_SECONDS / 60}
[channels.hook]
kind = "webhook"
url = "{room.hook_url}"
secret = "geheim"
per_hour = 1000
""",
        "utf-8",
    )


def verdict(room: Any, database: str, did: list[dict[str, int]]) -> dict[str, Any]:
    from sqlalchemy import text

    from flows.desk import open_archive

    engine = open_archive(database)
    with engine.connect() as connection:
        count = {name: connection.execute(text(asked)).scalar() for name, asked in _COUNTS.items()}
    engine.dispose()
    ours = [one for one in room.deliveries if 200 <= one.status < 300]
    keys = Counter(alert["key"] for one in ours for alert in one.json()["data"]["alerts"])
    logged = list(zip(STAMPS, room.requests, strict=True))
    polls = {
        path: [at for at, seen in logged if seen.path == path] for path in {s.path for _, s in logged} if _feed(path)
    }
    pages = [at for at, seen in logged if seen.method == "GET" and not _feed(seen.path) and seen.path != "/robots.txt"]
    told: dict[str, Any] = {
        "workers": did,
        "polls": sum(map(len, polls.values())),
        "least_seconds_between_polls_of_a_feed": round(min((b - a for ats in polls.values() for a, b in pairwise(ats)), default=0), 1),
        "pages": len(pages),
        "least_seconds_between_pages_over_ten": round(min((b - a for a, b in zip(pages, pages[10:], strict=False)), default=0), 2),
        "alerts_received": len(keys),
        "alerts_received_twice": sum(times > 1 for times in keys.values()),
        "messages_received_twice": sum(n > 1 for n in Counter(one.headers["webhook-id"] for one in ours).values()),
        **count,
    }  # fmt: skip
    told["wrong"] = wrong(told)
    return told


def _feed(path: str) -> bool:
    return path.startswith("/feeds/")


_COUNTS = {
    "articles": "SELECT count(*) FROM articles",
    "stored": "SELECT count(*) FROM articles WHERE outcome = 'stored'",
    "articles_twice": "SELECT count(*) FROM (SELECT key FROM articles GROUP BY key HAVING count(*) > 1) AS t",
    "versions_twice": "SELECT count(*) FROM (SELECT 1 FROM versions GROUP BY article_id, key HAVING count(*) > 1) AS t",
    "events": "SELECT count(*) FROM events WHERE known_to IS NULL",
    "events_twice": "SELECT count(*) FROM (SELECT 1 FROM events WHERE known_to IS NULL GROUP BY version_id, uid HAVING count(*) > 1) AS t",
    "alerts_queued": "SELECT count(*) FROM alerts",
}


def wrong(told: dict[str, Any]) -> list[str]:
    found = [name for name in told if name.endswith("_twice") and told[name]]
    # The log is read twenty times a second.
    if told["least_seconds_between_polls_of_a_feed"] < POLL_SECONDS - 0.2:
        found.append("a feed was polled too soon")
    if told["least_seconds_between_pages_over_ten"] < 10 * PAGE_SECONDS - 0.2:
        found.append("pages of one host came too fast")
    return found


if __name__ == "__main__":
    sys.exit(main())
