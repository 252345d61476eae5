"""Measures the whole, from gzipped page to stored events, beside the naive pipeline: CPU time, memory, growth, start.

    python benchmarks/speed.py [--pages DIR] [--rounds 5] [--json]

A stream of articles with 5 % relevant ones, each page once. Every measurement is a process of its own, ours and the naive
one in turn; ours runs the service's own steps, sandbox children included, against a fetcher that hands out the bytes. Cold
is a process's first pages (the newsroom's, imports and weights included); warm is the stream after them. Without --pages the
stream is the real pages of ../shared/pages, and without these pages of our own in their size (benchmarks/portal.py).
`times_naive` is warm CPU a page, by the median over the rounds. A process and its children are held on one core, another
one each round: what is asked is what a core does, and on two the same work takes more where one wakes the other.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.machine import children

RELEVANT = 0.05
WARM_UP = 12
SHARED = Path(__file__).resolve().parents[2] / "shared" / "pages"
MADE = 140
"""pages of our own that are not relevant, where there are no real ones"""
FEED_SIZE = 30
CLI = ("--version", "--help", "feeds list", "events --help")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--pages",
        type=Path,
        default=SHARED,
        help="folder of gzipped pages with manifest.jsonl (default: ../shared/pages)",
    )
    parser.add_argument("--made", action="store_true", help="pages of our own, as where that folder is missing")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", choices=("ours", "core", "naive", "poll"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        work = json.loads(sys.stdin.read())
        stay_on_core(work.get("core"))
        print(json.dumps(CHILDREN[args.child](work)))
        return
    if args.pages != SHARED and not (args.pages / "manifest.jsonl").exists():
        parser.error(f"no manifest.jsonl in {args.pages}")
    made = args.made or not (args.pages / "manifest.jsonl").exists()
    figures = measure(None if made else args.pages, args.rounds)
    print(
        json.dumps(figures, indent=1)
        if args.json
        else "\n".join(f"{name:34}{value}" for name, value in figures.items())
    )


# The stream


def stream(folder: Path | None) -> dict[str, Any]:
    """Addresses of gzipped pages: what warms up (the newsroom's), and the stream, with RELEVANT of it relevant."""
    printed = newsroom_pages()
    warm, bundled = printed[:WARM_UP], printed[WARM_UP:]
    if folder is None:
        return {"warm": dict(warm), "stream": dict(mixed(made_pages()))}
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    given = [(row["url"] or f"https://seite.example/{row['id']}", str(folder / row["file"])) for row in rows]
    # Real pages that are relevant are rare: the newsroom's relevant ones fill up.
    return {"warm": dict(warm), "stream": dict(mixed([*given, *(page for page in bundled if relevant(*page))]))}


def newsroom_pages() -> list[tuple[str, str]]:
    """The newsroom's pages, printed into files, relevant and not in turn."""
    from flows.newsroom import END, load_pieces
    from flows.newsroom.fortnight import Fortnight

    site, folder = Fortnight(), Path(tempfile.mkdtemp(prefix="speed-"))
    found = []
    for number, piece in enumerate(load_pieces()):
        answer = site.answer(f"/{piece.house}/{piece.path}", base="https://haus.example", now=END)
        if answer is not None and answer.status == 200 and piece.readable:
            path = folder / f"{number}.html.gz"
            path.write_bytes(gzip.compress(answer.body))
            # A host for each house: where all pages are one host's, they wait for each other, and half the service is
            # still cold after the warm-up.
            found.append((f"https://{piece.house}.example/{piece.path}", str(path)))
    return found


def made_pages() -> list[tuple[str, str]]:
    """Pages of our own in the size of real ones, printed into files."""
    from benchmarks.portal import printed

    folder, found = Path(tempfile.mkdtemp(prefix="speed-")), []
    for number, (url, page) in enumerate(printed(MADE)):
        path = folder / f"{number}.html.gz"
        path.write_bytes(gzip.compress(page))
        found.append((url, str(path)))
    return found


def mixed(pages: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pages that are not relevant, and as many that are as make RELEVANT of the whole, spread evenly."""
    sides: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for url, path in pages:
        sides[relevant(url, path)].append((url, path))
    wanted = max(1, round(len(sides[False]) * RELEVANT / (1 - RELEVANT)))
    if len(sides[True]) < wanted:
        raise SystemExit(f"only {len(sides[True])} relevant pages for {len(sides[False])} others")
    every = max(1, len(sides[False]) // wanted)
    out: list[tuple[str, str]] = []
    for at, page in enumerate(sides[False]):
        if at % every == 0 and at // every < wanted:
            out.append(sides[True][at // every])
        out.append(page)
    return out


def relevant(url: str, path: str) -> bool:
    from extractors.articles import NotAnArticle, extract_article
    from extractors.model import FetchedPage
    from extractors.relevance import assess, load_dossier

    page = FetchedPage(url=url, body=gzip.decompress(Path(path).read_bytes()), fetched_at=datetime.now(UTC))
    try:
        return assess(extract_article(page), load_dossier("russland-nato-ukraine")).relevant
    except NotAnArticle:
        return False


def feeds_of(urls: Sequence[str]) -> list[bytes]:
    """RSS feeds of FEED_SIZE entries that announce the addresses."""
    from xml.sax.saxutils import escape

    now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    made = []
    for at in range(0, len(urls), FEED_SIZE):
        items = "".join(
            f"<item><title>Meldung {number}</title><link>{escape(url)}</link><guid>{escape(url)}</guid>"
            f"<pubDate>{now}</pubDate><description>Was geschah.</description></item>"
            for number, url in enumerate(urls[at : at + FEED_SIZE], at)
        )
        made.append(
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()
        )
    return made


# One process each


def child_naive(work: Mapping[str, Any]) -> dict[str, Any]:
    from benchmarks import naive
    from extractors.relevance import load_dossier

    dossier, database = load_dossier("russland-nato-ukraine"), Path(work["home"]) / "naive.sqlite"

    def one(pages: Mapping[str, bytes]) -> dict[str, int]:
        return naive.run(feeds_of(list(pages)), pages, dossier, database)

    return timed(one, work, database)


def child_core(work: Mapping[str, Any]) -> dict[str, Any]:
    """Ours without the sandbox: the same steps, pages read in this process."""
    return child_ours(work, sandboxed=False)


def child_ours(work: Mapping[str, Any], *, sandboxed: bool = True) -> dict[str, Any]:
    from flows import steps
    from flows.sandbox import Sandbox

    database = Path(work["home"]) / "ours.sqlite"
    loop = asyncio.new_event_loop()
    box: Any = Sandbox() if sandboxed else InProcess()
    desk = desk_for(database, box, Library())
    loop.run_until_complete(box.__aenter__())

    def one(pages: Mapping[str, bytes]) -> dict[str, int]:
        from extractors.feeds import Feed

        feeds = feeds_of(list(pages))
        names = [f"https://haus.example/{len(pages)}-{at}.xml" for at in range(len(feeds))]
        now = dataclasses.replace(
            desk,
            fetcher=Library(pages, dict(zip(names, feeds, strict=True))),
            feeds=tuple(Feed(name=name, publisher="haus", url=name) for name in names),
        )
        report = loop.run_until_complete(steps.one_pass(now))
        return {
            "entries": report.taken,
            "stored": report.outcomes.get("stored", 0),
            "relevant": sum(match.grade == 2 for match in report.matches),
            "events": report.events,
        }

    told = timed(one, work, database)
    loop.run_until_complete(box.__aexit__(None, None, None))
    return told


def timed(one: Any, work: Mapping[str, Any], database: Path) -> dict[str, Any]:
    """Cold: the warm-up pages, everything that this process loads included. Warm: the stream."""
    warm, pages = ({url: Path(path).read_bytes() for url, path in work[name].items()} for name in ("warm", "stream"))
    one(warm)
    size, cold = settled(database), cpu()
    begun = time.monotonic()
    counts = one(pages)
    spent, wall = cpu() - cold, time.monotonic() - begun
    return counts | {
        "pages": len(pages),
        "cold_s": cold,
        "ms": spent / len(pages) * 1000,
        "wall_ms": wall / len(pages) * 1000,
        "rss_mb": peak(),
        "growth_kb": (settled(database) - size) / len(pages) / 1024,
    }


def child_poll(work: Mapping[str, Any]) -> dict[str, Any]:
    """What a feed that has not changed costs: 304 asked for with our own fetcher over HTTP, kept as a poll."""
    from flows import steps
    from flows.desk import open_desk
    from flows.newsroom import END, Newsroom
    from flows.settings import Fetching, Settings

    with Newsroom() as room:
        room.set_time(END)
        rows = [f'[[feed]]\nname = "{name}"\npublisher = "haus"\nurl = "{url}"\n' for name, url in room.feeds.items()]
        (Path(work["home"]) / "feeds.toml").write_text("\n".join(rows), "utf-8")
        settings = Settings(
            contact="bench@depesche.example",
            database=f"sqlite:///{work['home']}/poll.sqlite",  # type: ignore[arg-type]
            feeds=Path(work["home"]) / "feeds.toml",
            fetching=Fetching(
                allow=(room.url.removeprefix("http://"),), page_spacing_seconds=0, feed_interval_minutes=0
            ),
        )
        return {"poll_ms": asyncio.run(_polled(settings, open_desk, steps))}


async def _polled(settings: Any, open_desk: Any, steps: Any, times: int = 40) -> float:
    """CPU of this process a poll, median. The newsroom answers in it too: an upper bound."""
    moment = datetime.now(UTC)

    def now() -> datetime:
        return moment

    async with open_desk(settings, now=now) as desk:
        spent = []
        for _ in range(times):
            begun = time.process_time()
            told = await steps.poll_feeds(desk, desk.feeds)
            polled = sum(feed.outcome == "unchanged" for feed in told)
            if polled:
                spent.append((time.process_time() - begun) / polled * 1000)
            moment += timedelta(hours=7)
    return statistics.median(spent)


CHILDREN = {"ours": child_ours, "core": child_core, "naive": child_naive, "poll": child_poll}


class Library:
    """A fetcher that has everything: pages gzipped as they would lie on the wire, inflated as the real one does."""

    deadline = timedelta()

    def __init__(self, pages: Mapping[str, bytes] | None = None, feeds: Mapping[str, bytes] | None = None) -> None:
        self.pages, self.feeds = pages or {}, feeds or {}

    async def fetch(self, url: str, *, kind: str, **_: object) -> Any:
        from extractors.model import FetchedPage

        body = self.feeds[url] if kind == "feed" else inflated(self.pages[url])
        what = "application/rss+xml" if kind == "feed" else "text/html"
        return FetchedPage(url=url, requested_url=url, body=body, fetched_at=datetime.now(UTC), content_type=what)


def inflated(wire: bytes) -> bytes:
    from flows.fetching import Body, Limits

    body = Body("gzip", Limits())
    body.add(wire)
    return body.finished()


class InProcess:
    """The sandbox's interface without the sandbox."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def parse_feed(self, url: str, body: bytes, *, content_type: str, zone: str, now: datetime, base: str) -> Any:
        from extractors.feeds import parse_feed

        return parse_feed(url, body, content_type=content_type, zone=zone, now=now, base=base)

    async def extract_article(self, page: Any) -> Any:
        from extractors.articles import extract_article

        return extract_article(page)


def desk_for(database: Path, sandbox: Any, fetcher: Any) -> Any:
    from zoneinfo import ZoneInfo

    from extractors.relevance import load_dossier
    from flows.desk import Desk, open_archive, retention_of, watches_of
    from flows.settings import Settings

    known: dict[str, Any] = {
        "engine": open_archive(f"sqlite:///{database}"),
        "fetcher": fetcher,
        "sandbox": sandbox,
        "feeds": (),
        "dossiers": (load_dossier("russland-nato-ukraine"),),
        "watches": watches_of(Settings()),
        "routes": (),
        "channels": {},
        "operators": (),
        "heartbeat_url": "",
        "zone": ZoneInfo("Europe/Berlin"),
        "language": "de",
        "feed_interval": timedelta(0),
        "retention": retention_of(Settings()),
        "worker": "speed",
        "now": lambda: datetime.now(UTC),
    }
    # A field that the desk has gained since takes its default.
    missing = {f.name for f in dataclasses.fields(Desk) if f.default is dataclasses.MISSING} - set(known)
    if "max_age" in missing:
        known["max_age"] = timedelta(days=14)
    return Desk(**known)


# What the machine says


def cpu() -> float:
    """CPU seconds of this process, of the children that ended, and of those that live."""
    times = os.times()
    return sum(times[:4]) + sum(_ticks(pid) for pid in children())


def _ticks(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[at]) for at in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")


def peak() -> float:
    """Peak resident megabytes of this process and its living children together."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    others = [line for pid in children() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return (own + sum(int(line.split()[1]) for line in others if line.startswith("VmHWM"))) / 1024


def settled(database: Path) -> int:
    """Size in bytes once what waits in the log is in the file: else growth would hold the schema and the warm-up, too."""
    import sqlite3

    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database.stat().st_size


# All of it


def measure(folder: Path | None, rounds: int) -> dict[str, Any]:
    work = stream(folder)
    told: dict[str, list[dict[str, Any]]] = {"naive": [], "ours": [], "core": []}
    for number in range(rounds):
        for name, found in told.items():
            found.append(apart(name, {**work, "core": number}))
    figures: dict[str, Any] = {"pages": len(work["stream"]), "stream": str(folder or "made, in the size of real ones")}
    for name, found in told.items():
        for key in ("stored", "relevant", "events", "cold_s", "ms", "wall_ms", "rss_mb", "growth_kb"):
            figures[f"{name}_{key}"] = round(statistics.median(one[key] for one in found), 2)
        figures[f"{name}_articles_per_s_core"] = round(1000 / figures[f"{name}_ms"], 1)
    figures["times_naive"] = ratio(told, "ours")
    figures["times_naive_without_sandbox"] = ratio(told, "core")
    figures["unchanged_poll_ms"] = round(apart("poll", work)["poll_ms"], 2)
    return figures | {f"cli_ms: {words}": started(words) for words in CLI}


def ratio(told: Mapping[str, list[dict[str, Any]]], name: str) -> float:
    return round(statistics.median(n["ms"] / o["ms"] for n, o in zip(told["naive"], told[name], strict=True)), 2)


def apart(name: str, work: Mapping[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        words = [sys.executable, __file__, "--child", name]
        done = subprocess.run(
            words, input=json.dumps({**work, "home": home}), capture_output=True, text=True, timeout=240, check=False
        )
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def stay_on_core(number: int | None) -> None:
    """Hold this process, and those that it will start, on one core; nothing where none is asked for or the system has no such call."""
    if number is not None and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[number % len(cores)]})


def started(words: str, times: int = 5) -> float:
    """CPU milliseconds of a command from start to end, median."""
    spent = []
    for _ in range(times):
        before = os.times()
        subprocess.run([sys.executable, "-m", "flows.cli", *words.split()], capture_output=True, check=False)
        after = os.times()
        spent.append(
            (after.children_user + after.children_system - before.children_user - before.children_system) * 1000
        )
    return round(statistics.median(spent), 1)


if __name__ == "__main__":
    main()
