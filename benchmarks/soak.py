"""Operates the service for some minutes with faults, and counts what became of it: runs by state, nothing lost, nothing twice.

    python benchmarks/soak.py --minutes 10 --home /tmp/soak

A Prefect server, `flows.serve` with ingest every minute, and the newsroom with a moving clock and failing feeds. After three
tenths of the time the server is killed and started again, after six tenths the process that serves the flows and its runs.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--stay", type=float, default=0, help="minutes that the server stays up afterwards")
    args = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    args.home.mkdir(parents=True, exist_ok=True)
    os.chdir(args.home)
    print(json.dumps(operate(args.minutes, args.stay), indent=1))


def operate(minutes: float, stay: float) -> dict[str, Any]:
    from flows.local_server import environment, free_port
    from flows.newsroom import END, START, Newsroom

    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    speed = (END - START).total_seconds() / (minutes * 60)
    with Newsroom(speed=speed) as room:
        write_settings(room)
        env = environment(
            PREFECT_API_URL=url, PREFECT_HOME=str(Path("prefect").resolve()), DEPESCHE_CONFIG="depesche.toml"
        )
        server = start_server(port, env)
        serve = start([sys.executable, "-m", "flows.serve"], env)
        print(f"server {url}", file=sys.stderr, flush=True)
        began = time.monotonic()

        def until(share: float) -> None:
            time.sleep(max(0.0, began + minutes * 60 * share - time.monotonic()))

        until(0.15)
        room.fault("/feeds/n-tv*", "500")
        until(0.3)
        end(server)
        time.sleep(20)
        server = start_server(port, env)
        until(0.45)
        room.heal()
        room.fault("/feeds/hafenbote*", "garbage")
        until(0.6)
        end(serve)
        time.sleep(10)
        serve = start([sys.executable, "-m", "flows.serve"], env)
        until(0.8)
        room.heal()
        until(1.0)
        told = {"minutes": minutes} | runs(url) | archive(Path("archive.sqlite"), room)
        print(json.dumps(told, indent=1), file=sys.stderr, flush=True)
        time.sleep(stay * 60)
        end(serve)
        end(server)
    return told


def write_settings(room: Any) -> None:
    rows = [f'[[feed]]\nname = "{name}"\npublisher = "haus"\nurl = "{url}"\n' for name, url in room.feeds.items()]
    Path("feeds.toml").write_text("\n".join(rows), "utf-8")
    Path("depesche.toml").write_text(
        f"""contact = "soak@depesche.example"
database = "sqlite:///archive.sqlite"
feeds = "feeds.toml"
[fetching]
allow = ["{room.url.removeprefix("http://")}"]
page_spacing_seconds = 0
feed_interval_minutes = 0
[schedule]
ingest = "* * * * *"
[channels.hook]
kind = "webhook"
url = "{room.hook_url}"
secret = "geheim"
""",
        "utf-8",
    )


def start(words: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """A process with a group of its own, so that it can be killed with its children."""
    log = Path(f"{words[2].replace('.', '-')}.log").open("ab")  # noqa: SIM115  the child's own
    return subprocess.Popen(words, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)


def start_server(port: int, env: dict[str, str]) -> subprocess.Popen[bytes]:
    from flows.local_server import healthy

    words = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = start(words, env | {"PREFECT_API_URL": ""})
    ends = time.monotonic() + 120
    while not healthy(port) and time.monotonic() < ends:
        time.sleep(0.5)
    return server


def end(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def runs(api: str) -> dict[str, Any]:
    found: Counter[str] = Counter()
    for offset in range(0, 2000, 200):
        body = json.dumps({"limit": 200, "offset": offset}).encode()
        asked = urllib.request.Request(f"{api}/flow_runs/filter", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            rows = json.loads(answer.read())
        found.update(
            f"{row['name'].split()[-1]} {row['state_name']}" for row in rows if row["state_name"] != "Scheduled"
        )
        if len(rows) < 200:
            break
    return {"runs": dict(sorted(found.items()))}


def archive(path: Path, room: Any) -> dict[str, Any]:
    with sqlite3.connect(path) as connection:
        one = connection.execute
        outcomes = dict(one("SELECT outcome, count(*) FROM articles GROUP BY outcome").fetchall())
        twice = one("SELECT count(*) FROM (SELECT key FROM articles GROUP BY key HAVING count(*) > 1)").fetchone()[0]
        states = dict(one("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall())
        events = one("SELECT count(*) FROM events").fetchone()[0]
    told = Counter(delivery.headers["webhook-id"] for delivery in room.deliveries if 200 <= delivery.status < 300)
    return {
        "articles": outcomes,
        "articles_twice": twice,
        "events": events,
        "deliveries": states,
        "messages_received": len(told),
        "messages_received_twice": sum(count > 1 for count in told.values()),
    }


if __name__ == "__main__":
    main()
