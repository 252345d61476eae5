"""`depesche demo`: a whole monitoring cycle against the bundled newsroom, without internet, as real Prefect flow runs."""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flows.alerts import wording
from flows.cli import OK, UsageError

if TYPE_CHECKING:
    from flows.newsroom import Newsroom
    from flows.runs import RunReport

EPILOG = """\
examples:
  depesche demo                  a fortnight of invented diplomacy: polled, read, coded, told; then look around
  depesche demo --keep           leave the Prefect UI and the newsroom up afterwards until Ctrl-C
  depesche demo --no-prefect     the same steps without Prefect, in half a minute

Everything it makes lies in ./.demo and is made anew each time.
"""

HOME = Path(".demo")
CONTACT = 'contact = "demo@depesche.example"\n'
"""The first line of a demo's settings, by which its folder is known."""

LEAD = "genf-gespraeche-auftakt-101.html"
PASSES = (
    (datetime.fromisoformat("2028-01-10T12:30+01:00"), "what the feeds hold when we come becomes one digest."),
    (datetime.fromisoformat("2028-01-10T15:45+01:00"), "the lead story breaks."),
    (datetime.fromisoformat("2028-01-14T10:05+01:00"), "a report that will be revised twice."),
    (datetime.fromisoformat("2028-01-14T14:45+01:00"), "its second version."),
    (datetime.fromisoformat("2028-01-24T05:00+01:00"), "the fortnight is over; the last night."),
)
STEP = timedelta(hours=6)
"""between the passes that are told, the newsroom is polled at least this often: a feed not heard of for longer has a gap"""
DAY = 4
"""passes that share a desk: what a host may be asked in a day counts anew with the next"""
MORNING = range(7, 13)
"""hours in Berlin, into one of which a pass of each day falls: after it the day's digest is sent"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep", action="store_true", help="leave server and newsroom up until Ctrl-C")
    parser.add_argument("--no-prefect", action="store_true", help="run the steps without Prefect")
    parser.add_argument("--home", type=Path, default=HOME, help="folder for what the demo makes (default ./.demo)")


def run(args: argparse.Namespace) -> int:
    from flows.desk import CLOCK
    from flows.newsroom import Newsroom

    if args.config is not None:
        raise UsageError(f"the demo makes settings of its own ({args.home}/depesche.toml): leave --config out")
    if not replaceable(args.home):
        raise UsageError(f"{args.home}: it is not empty and no demo made it; name a folder that may be made anew")
    shutil.rmtree(args.home, ignore_errors=True)
    args.home.mkdir(parents=True)
    with Newsroom() as room:
        # The newsroom's days are a fortnight of 2028: only a desk that lives in them sees a version follow another.
        CLOCK.set(room.now)
        say(f"The newsroom of the demo serves an invented fortnight at {room.url}")
        settings_for(room, args.home)
        if args.no_prefect:
            return cycle(room, args, without_prefect)
        say("Starting a Prefect server (about ten seconds) …")
        return cycle(room, args, with_prefect, ui=connected(args.home))


def replaceable(home: Path) -> bool:
    """Whether nothing is lost when the folder is made anew: it is not there, empty, or an earlier demo's."""
    if not home.exists():
        return True
    if not home.is_dir():
        return False
    ours = home / "depesche.toml"
    return not any(home.iterdir()) or (ours.is_file() and ours.read_text("utf-8").startswith(CONTACT))


def say(text: str) -> None:
    print(text, flush=True)


def settings_for(room: Newsroom, home: Path) -> None:
    """Settings as an operator would write them, for the newsroom's feeds; named to this process and its children."""
    feeds = [
        f'[[feed]]\nname = "{name}"\npublisher = "{name.removesuffix("-ausland").removesuffix("-inland")}"\nurl = "{url}"\n'
        for name, url in room.feeds.items()
    ]
    (home / "feeds.toml").write_text("\n".join(feeds), "utf-8")
    (home / "depesche.toml").write_text(
        f"""{CONTACT}database = "sqlite:///{home}/depesche.sqlite"
feeds = "{home}/feeds.toml"

[fetching]
allow = ["{room.url.removeprefix("http://")}"]  # the newsroom; nothing else on this machine may be reached
page_spacing_seconds = 0
feed_interval_minutes = 0

[channels.file]
kind = "file"
path = "{home}/alerts.txt"
operators = true
""",
        "utf-8",
    )
    os.environ["DEPESCHE_CONFIG"] = str(home / "depesche.toml")


def connected(home: Path) -> str:
    """Start a server and point Prefect's client at it, before Prefect is imported; returns the address of the UI."""
    from flows.local_server import environment, running

    # Prefect sends its last log lines at exit. What is registered first ends last: the server outlives them.
    stack = ExitStack()
    atexit.register(stack.close)
    url = stack.enter_context(running(home / "prefect"))
    os.environ.update(environment(PREFECT_API_URL=f"{url}/api", PREFECT_LOGGING_LEVEL="WARNING"))
    return url


def cycle(room: Newsroom, args: argparse.Namespace, ingest: Callable[[], str], *, ui: str = "") -> int:
    """Passes at the moments of PASSES: what was there when we came becomes one digest, the rest is told as it breaks."""
    before = PASSES[0][0]
    for moment, told in PASSES:
        meanwhile(room, before, moment)
        before = room.set_time(moment)
        say(f"\n{moment:%d.%m.%Y %H:%M} in the newsroom: {told}")
        say(f"  {ingest()}")
    summary(args.home)
    where(args.home, ui)
    if args.keep:
        wait()
    return OK


def meanwhile(room: Newsroom, since: datetime, until: datetime) -> None:
    """The days between two passes that are told: polled on time, as on any day, and said in one line."""
    import asyncio
    import logging

    from flows.runs import merged

    stretches = max(1, -((since - until) // STEP))
    moments = [since + number * (until - since) / stretches for number in range(1, stretches)]
    told: list[RunReport] = []
    log = logging.getLogger("depesche")
    level = log.level
    # Prefect would want each line sent to a flow run, and there is none.
    log.setLevel(logging.CRITICAL)
    for first in range(0, len(moments), DAY):
        told += asyncio.run(passes_at(room, moments[first : first + DAY]))
    log.setLevel(level)
    if told:
        say(f"\nMeanwhile, four times a day, without Prefect: {len(told)} passes")
        say(f"  {merged(told).sentence}")


async def passes_at(room: Newsroom, moments: Sequence[datetime]) -> list[RunReport]:
    """A pass at each of these moments, at one desk; after one of the morning the day's digest."""
    from extractors.model import BERLIN
    from flows import steps
    from flows.desk import open_desk
    from flows.settings import load

    told = []
    async with open_desk(load()) as desk:
        for moment in moments:
            room.set_time(moment)
            told.append(await steps.one_pass(desk))
            if moment.astimezone(BERLIN).hour in MORNING:
                await steps.digest(desk)
    return told


def with_prefect() -> str:
    import asyncio

    from flows.ingest import ingest
    from flows.notify import notify

    async def both() -> str:
        state = await ingest(return_state=True)
        await notify(return_state=True)
        return f"{state.name}: {state.message}"

    return asyncio.run(both())


def without_prefect() -> str:
    import asyncio

    from flows import steps
    from flows.desk import open_desk
    from flows.settings import load

    async def one() -> str:
        async with open_desk(load()) as desk:
            report = await steps.one_pass(desk)
            return f"{report.state}: {report.sentence}"

    return asyncio.run(one())


def summary(home: Path) -> None:
    """What an analyst would look at first: articles by outcome, the lead story's events, the meetings, the alert."""
    from extractors.model import SURE, Grade
    from flows.desk import open_archive
    from storage import queries
    from storage.engine import reading

    engine = open_archive(f"sqlite:///{home}/depesche.sqlite")
    with reading(engine) as connection:
        counted = queries.outcomes_by_reason(connection)
        core = queries.articles(connection, min_grade=Grade.CORE, limit=200)
        lead = next(line for line in core if line.url.endswith(LEAD))
        told = queries.events(connection, queries.EventFilter(article_id=lead.id, min_confidence=SURE))
        calendar = queries.meetings(connection, limit=40)
    engine.dispose()
    say("\nArticles by outcome")
    for outcome, count in counted.items():
        say(f"  {count:4}  {outcome}")
    say(f"\nThe lead story: {lead.headline} ({lead.publisher})")
    for one in sorted(told, key=lambda one: one.event.evidence.start):
        say(f"  {wording.headline_of(one.event)}\n      „{one.event.evidence.quote}“")
    say("\nAnnounced meetings, and what became of them")
    for meeting in calendar:
        if meeting.day_first is not None:
            say(f"  {meeting.day_first:%d.%m.%Y}  {meeting.state:<10} {meeting.title}")
    say("\nThe alert on the lead story, as delivered")
    for line in ends(alert_on(home / "alerts.txt", lead.url).splitlines()):
        say(f"  {line}")


def ends(lines: list[str]) -> list[str]:
    """The beginning, and the end with the article and its link."""
    return lines if len(lines) <= 24 else [*lines[:20], "…", *lines[-4:]]


def alert_on(path: Path, url: str) -> str:
    """The first message in the alert file that links to the address."""
    messages = path.read_text("utf-8").split("--- ") if path.exists() else []
    return next((message.strip() for message in messages if url in message), "(none)")


def where(home: Path, ui: str) -> None:
    say("\nWhere to look")
    depesche = called()
    say(f"  the archive      {depesche} events --config {home}/depesche.toml      ({home}/depesche.sqlite)")
    say(f"  the alerts       {home}/alerts.txt")
    say(f"  the reading room {depesche} room --config {home}/depesche.toml")
    if ui:
        say(f"  the Prefect UI   {ui}   (up while the demo runs: {depesche} demo --keep)")


def called() -> str:
    """How the reader of what we print can call us: after `make demo` we are on nobody's path."""
    here = sys.argv[0]
    return here if here.endswith("bin/depesche") and not shutil.which("depesche") else "depesche"


def wait() -> None:
    say("\nNewsroom and Prefect UI stay up until Ctrl-C.")
    threading.Event().wait()
