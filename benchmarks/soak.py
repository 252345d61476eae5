"""Operates the service for some time with faults, and counts what became of it: nothing lost, nothing twice, no memory gained.

    python benchmarks/soak.py --hours 24 --home /tmp/soak

The hours are simulated and go as fast as they can, without Prefect (under Prefect: benchmarks/operation.py). The newsroom,
and a press of a dozen houses with 2,880 articles a day; a pass every ten minutes; feeds, pages, the webhook and the children
that parse are at fault by turns, and the worker starts anew every six hours. Exit code 1 if an article or alert is lost or
doubled, or memory grows by more than a tenth after the warm-up.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import signal
import sqlite3
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.machine import children


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, required=True)
    args = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    if args.hours < WARM + 6:
        parser.error(f"--hours: at least {WARM + 6}, or the memory says nothing")
    args.home.mkdir(parents=True, exist_ok=True)
    os.chdir(args.home)
    found = asyncio.run(simulate(args.hours, random.Random(args.seed)))
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return int(not found["ok"])


HOUSES, EVERY = 12, timedelta(minutes=6)
WINDOW = 60
REVISED_AFTER = timedelta(minutes=50)
PASS = timedelta(minutes=10)
ANEW = 6
"""After so many hours the worker ends and another begins."""
WARM, MOST_GROWTH = 4, 0.10
"""Hours of warm-up; growth is the last three hours' memory against that of the three after it."""

STATES = ("Frankreich", "Polen", "Italien", "Portugal", "Spanien", "Kanada", "Japan", "Norwegen")
CITIES = ("Paris", "Warschau", "Rom", "Lissabon", "Madrid", "Ottawa", "Tokio", "Oslo")


@dataclass
class Press:
    """The houses' clock: they publish by it from `since` to `until`."""

    since: datetime
    until: datetime
    clock: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.clock = self.since

    def __call__(self) -> datetime:
        return self.clock

    def out(self, now: datetime) -> int:
        """So many articles each house has published."""
        return max(0, int((min(now, self.until) - self.since) / EVERY))


@dataclass
class House:
    """A house of the press as a site. Every twentieth article is of the matter, every tenth is revised."""

    press: Press
    number: int

    def feed_paths(self) -> Mapping[str, str]:
        return {f"presse-{self.number}": "/presse.xml"}

    def answer(self, path: str, *, base: str, now: datetime) -> Any:
        from flows.newsroom.answers import Answer

        if path == "/presse.xml":
            return Answer(body=self.window(base, now), content_type="application/rss+xml")
        number = path.removeprefix("/artikel/").removesuffix(".html")
        if not number.isdigit() or int(number) >= self.press.out(now):
            return None
        at = self.press.since + int(number) * EVERY
        revised = int(number) % 10 == 0 and now >= at + REVISED_AFTER
        return Answer(body=printed(self.number, int(number), at, revised=revised))

    def window(self, base: str, now: datetime) -> bytes:
        last = self.press.out(now)
        items = "".join(
            f"<item><title>{told(self.number, n)[0]}</title><link>{base}/artikel/{n}.html</link>"
            f"<pubDate>{format_datetime(self.press.since + n * EVERY)}</pubDate></item>"
            for n in range(last - 1, max(0, last - WINDOW) - 1, -1)
        )
        return f"<rss version='2.0'><channel><title>Presse {self.number}</title>{items}</channel></rss>".encode()


def of_the_matter(house: int, number: int) -> bool:
    return (number * HOUSES + house) % 20 == 0


def told(house: int, number: int) -> tuple[str, str]:
    """Headline and first paragraphs."""
    k = (number * HOUSES + house) // 20
    state, city, day = STATES[k % 8], CITIES[k % 8], 1 + k // 8
    if of_the_matter(house, number):
        when = f"am {1 + day % 9}. Januar"
        said = f"Der russische Außenminister hat {when} in {city} mit {state} über die Ukraine verhandelt."
        more = f"Russland fordert von der NATO den Verzicht auf eine Aufnahme der Ukraine; {state} lehnte das ab."
        last = f"Die Delegationen trafen sich in {city}; über Sicherheitsgarantien sprachen sie lange."
        return f"Russland und {state} beraten in {city} über die Ukraine", f"{said}</p><p>{more}</p><p>{last}"
    return (
        f"Stadtrat billigt Plan {number} für die Brücke {house}",
        f"Der Stadtrat hat am Abend über die Brücke Nummer {house}-{number} beraten und die Pläne gebilligt.",
    )


def printed(house: int, number: int, at: datetime, *, revised: bool) -> bytes:
    headline, said = told(house, number)
    filler = " ".join(f"Die {n}. Vorlage {house}-{number} kostet {n + number} Millionen Euro." for n in range(2, 14))
    filler = "" if of_the_matter(house, number) else f"<p>{filler}</p>"
    later = "<p>Am späten Abend wurde die Sitzung fortgesetzt.</p>" if revised else ""
    return (
        f"<!doctype html><html lang='de'><head><meta charset='utf-8'><title>{headline}</title>"
        f"<meta property='article:published_time' content='{at.isoformat()}'></head>"
        f"<body><article><h1>{headline}</h1><p>{said}</p>{filler}{later}</article></body></html>"
    ).encode()


FEED_FAULTS = ("500", "garbage", "cut", "reset", "late", "empty", "html", "429", "loop")
PAGE_FAULTS = ("500", "cut", "reset", "503", "garbage")
HOOK_FAULTS = ("500", "429", "reset", "late")


@dataclass
class Receiver:
    """What came to the webhook: how often each message, and in which messages each alert."""

    messages: Counter[str] = field(default_factory=Counter)
    alerts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    late: int = 0
    """so many messages may have been taken so late that the sender did not hear of it"""

    def take(self, room: Any) -> None:
        for delivery in room.deliveries:
            if delivery.status == 204:
                message = delivery.headers["webhook-id"]
                self.messages[message] += 1
                for alert in delivery.json()["data"]["alerts"]:
                    self.alerts[alert["key"]].add(message)


def disturb(rooms: Sequence[Any], chance: random.Random, hook: Receiver) -> None:
    """The faults of one hour: feeds of three houses, pages of one for some requests, the webhook for some messages."""
    for room in chance.sample(rooms, 3):
        room.fault(chance.choice(sorted(room.feeds.values())), chance.choice(FEED_FAULTS), delay=2)
    chance.choice(rooms[1:]).fault("/artikel/*", chance.choice(PAGE_FAULTS), times=chance.randint(3, 12))
    kind, times = chance.choice(HOOK_FAULTS), chance.randint(1, 4)
    rooms[0].fault("/hook", kind, delay=2, times=times)
    hook.late += times * (kind == "late")


async def simulate(hours: int, chance: random.Random) -> dict[str, Any]:
    from flows.newsroom import START, Newsroom
    from flows.settings import load

    Path("archive.sqlite").unlink(missing_ok=True)
    press = Press(since=START, until=START + timedelta(hours=hours))
    began, memory, passes, hook = time.monotonic(), list[float](), 0, Receiver()
    with contextlib.ExitStack() as stack:
        rooms = [stack.enter_context(Newsroom(clock=press))]
        rooms += [stack.enter_context(Newsroom(site=House(press, n), clock=press)) for n in range(HOUSES)]
        write_settings(*rooms, deadline=1)
        settings = load(Path("depesche.toml"))
        # The day, then calm hours in which everything that was put off comes to its end.
        for _ in range(0, hours + 24, ANEW):
            passes += await shift(settings, press, rooms, chance, memory, hook)
        ports = {room.port: n for n, room in enumerate(rooms[1:])}
    found = {"hours": hours, "passes": passes, "seconds": round(time.monotonic() - began, 1)}
    return judged(found | {"memory_mb": [round(one, 1) for one in memory]}, press, ports, memory[:hours], hook)


async def shift(
    settings: Any,
    press: Press,
    rooms: Sequence[Any],
    chance: random.Random,
    memory: list[float],
    hook: Receiver,
) -> int:
    """Six hours of one worker; returns its passes."""
    from flows import steps
    from flows.desk import open_desk

    passes = 0
    async with open_desk(settings, now=press) as desk:
        # What hosts ask for is counted by a clock that nobody sets; here that is simulated too.
        desk.fetcher.pace.monotonic = lambda: press.clock.timestamp()
        for _ in range(ANEW):
            for room in rooms:
                room.heal()
            if press.clock < press.until:
                disturb(rooms, chance, hook)
            for _ in range(int(timedelta(hours=1) / PASS)):
                press.clock += PASS
                await steps.one_pass(desk)
                passes += 1
                if press.clock < press.until and chance.random() < 0.05:
                    kill_a_reader()
            await steps.digest(desk)
            memory.append(resident())
            hook.take(rooms[0])
            for room in rooms:
                room.forget()
    return passes


def kill_a_reader() -> None:
    """One of the children that parse dies, as if the kernel had been short of memory."""
    for child in children():
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        return


def resident() -> float:
    """Megabytes of this process, the newsroom in it, and of two children that parse, the larger one counted twice.

    How many of them live at the moment depends on which was killed last, and says nothing of growth.
    """
    return of_process("self") + 2 * max(map(of_process, children()), default=0.0)


def of_process(process: object) -> float:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    return 0.0


def place_of(url: str, ports: Mapping[int, int]) -> tuple[int, int] | None:
    """The house and the number of an article of the press."""
    found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/artikel/(\d+)\.html", url)
    return (ports[int(found[1])], int(found[2])) if found else None


def judged(
    found: dict[str, Any], press: Press, ports: Mapping[int, int], memory: list[float], hook: Receiver
) -> dict[str, Any]:
    published = {(house, n) for house in range(HOUSES) for n in range(press.out(press.until))}
    matter = {pair for pair in published if of_the_matter(*pair)}
    with sqlite3.connect("archive.sqlite") as connection:
        rows = connection.execute("SELECT url, outcome, grade FROM articles").fetchall()
        alerts = {key for (key,) in connection.execute("SELECT key FROM alerts")}
        states = dict(connection.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall())
        incidents = dict(connection.execute("SELECT kind, count(*) FROM incidents GROUP BY kind").fetchall())
    kept = [(place_of(url, ports), outcome, grade) for url, outcome, grade in rows]
    stored = {pair for pair, outcome, _ in kept if outcome == "stored"}
    graded = {pair for pair, _, grade in kept if grade == 2}
    early, late = statistics.median(memory[WARM : WARM + 3]), statistics.median(memory[-3:])
    found |= {
        "articles_published": len(published),
        "articles_lost": len(published - stored),
        "articles_twice": sum(count > 1 for count in Counter(url for url, *_ in rows).values()),
        "of_the_matter_missed": len(matter - graded),
        "beside_the_matter_taken": len((published - matter) & graded),
        "alerts": len(alerts),
        "alerts_lost": len(alerts - set(hook.alerts)),
        "alerts_in_two_messages": sum(len(messages) > 1 for messages in hook.alerts.values()),
        "messages": len(hook.messages),
        "messages_repeated": hook.messages.total() - len(hook.messages),
        "messages_repeated_allowed": hook.late,
        "deliveries": states,
        "incidents": incidents,
        "memory_after_warm_up_mb": round(early, 1),
        "memory_at_the_end_mb": round(late, 1),
        "memory_growth": round(late / early - 1, 4),
    }
    exact = (
        "articles_lost",
        "articles_twice",
        "of_the_matter_missed",
        "beside_the_matter_taken",
        "alerts_lost",
        "alerts_in_two_messages",
    )
    found["ok"] = (
        not any(found[name] for name in exact)
        and set(states) == {"delivered"}
        and found["messages_repeated"] <= found["messages_repeated_allowed"]
        and found["memory_growth"] <= MOST_GROWTH
    )
    return found


def write_settings(*rooms: Any, deadline: int = 30) -> None:
    """The feeds of all rooms; alerts go to the first one's hook."""
    room = rooms[0]
    rows = [
        f'[[feed]]\nname = "{name}"\npublisher = "haus-{n}"\nurl = "{url}"\n'
        for n, each in enumerate(rooms)
        for name, url in each.feeds.items()
    ]
    hosts = json.dumps([each.url.removeprefix("http://") for each in rooms])
    Path("feeds.toml").write_text("\n".join(rows), "utf-8")
    Path("depesche.toml").write_text(
        f"""contact = "soak@depesche.example"
database = "sqlite:///archive.sqlite"
feeds = "feeds.toml"
[fetching]
allow = {hosts}
page_spacing_seconds = 0
feed_interval_minutes = 0
deadline_seconds = {deadline}
[channels.hook]
kind = "webhook"
url = "{room.hook_url}"
secret = "geheim"
operators = true
""",
        "utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
