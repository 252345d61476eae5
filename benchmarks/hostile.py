"""Hostile inputs, servers and links against the product: each ends as we require, within its limits.

    python benchmarks/hostile.py [--fast] [--deadline 6] [--json]
    python benchmarks/hostile.py --feeds FOLDER            every file there as a feed: read or refused, none in over a second

120 inputs go through the sandbox as tests/hostile/inputs.py wants them, 52 routes of tests/hostile/server.py and 32 evil
links through the Fetcher. An audit hook sees every connection that this process opens; a canary on loopback sees what a
child opens. How much a poisoned feed delays the others is measured in pairs, so that it can be told on a busy machine too.
`--fast` leaves that out, and the inputs of over 1 MB. Exit code 1 if anything is not as required.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.util
import json
import logging
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors.articles import NotAnArticle
from extractors.feeds import FeedError, ParsedFeed, identity
from extractors.model import Article, FetchedPage
from flows.fetching import Fetcher, FetchError, Limits, public
from flows.local_server import free_port
from flows.robots import reserved_in_page
from flows.sandbox import ChildLimits, Sandbox, SandboxError

HERE = Path(__file__).resolve().parent.parent / "tests" / "hostile"
LONGEST_INPUT, LONGEST_SLACK = 10.5, 0.5
MOST_CHILD, MOST_PARENT = 512, 100
MOST_DELAY = 0.10
LONGEST_FILE = 1.0
ACTIVE = re.compile(r"<\s*/?\s*(?:script|img|svg|iframe|math|style|form|base|meta|object|a|p|button)\b", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def module(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"hostile_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


@dataclass(kw_only=True)
class Row:
    name: str
    outcome: str
    seconds: float
    wrong: list[str]
    child_megabytes: int = 0


class Canary(threading.Thread):
    """Listens on loopback and counts who comes: nobody should."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.hits = 0

    def run(self) -> None:
        while True:
            self._listener.accept()[0].close()
            self.hits += 1


# --- inputs -----------------------------------------------------------------------------------------------------------


async def inputs(fast: bool) -> list[Row]:
    corpus = module("inputs")
    canary = Canary()
    canary.start()
    rows = []
    async with Sandbox(children=1, limits=ChildLimits()) as sandbox:
        for name, case in corpus.CASES.items():
            if not (fast and case.big):
                rows.append(await one_input(sandbox, name, case, corpus.build, canary))
    return rows


async def one_input(sandbox: Sandbox, name: str, case: Any, build: Any, canary: Canary) -> Row:
    body = build(name, f"http://127.0.0.1:{canary.port}")
    hits, began = canary.hits, time.monotonic()
    got: ParsedFeed | Article | None = None
    try:
        if len(body) > (10 << 20):
            outcome = "reject: too large"  # the Fetcher hands on no more
        elif case.kind == "feed":
            got = await sandbox.parse_feed("https://example.test/feed.xml", body)
            outcome = f"ok: {len(got.entries)} entries"
        else:
            page = FetchedPage(url="https://example.test/a", body=body, fetched_at=datetime.now(UTC))
            got = await sandbox.extract_article(page)
            outcome = f"ok: {len(got.text)} characters"
    except (FeedError, NotAnArticle) as error:
        outcome = f"reject: {error}"
    except SandboxError as error:
        outcome = f"limit: {error}"
    seconds = time.monotonic() - began
    wrong = list(complaints(case, got, body))
    if seconds > LONGEST_INPUT:
        wrong.append(f"{seconds:.1f} s")
    if canary.hits > hits:
        wrong.append("the canary was hit")
    used = child_memory(sandbox)
    if used > MOST_CHILD:
        wrong.append(f"child {used} MB")
    return Row(name=name, outcome=outcome[:60], seconds=seconds, wrong=wrong, child_megabytes=used)


def child_memory(sandbox: Sandbox) -> int:
    """The most that the idle child ever held, in MB; 0 if it has just been replaced (its limit held then)."""
    return max((most_memory(str(child.pid)) for child in sandbox.idle), default=0)


def most_memory(process: str) -> int:
    """The most memory that a process ever held, in MB. getrusage counts what was there before exec, too."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) >> 10


def complaints(case: Any, got: ParsedFeed | Article | None, body: bytes) -> list[str]:
    """What is not as the case wants it."""
    want = dict(case.want)
    if case.expect == "ok" and got is None:
        return ["should be read"]
    if case.expect == "reject" and got is not None:
        return ["should be refused"]
    policy = want.pop("policy", None)
    found = [] if policy is None or reserved_in_page({}, body) else [f"policy {policy} not seen"]
    text = texts(got)
    # A plain text may hold what looks like a tag only if the feed escaped it twice, which none of these does.
    checks = {
        "entries": lambda n: isinstance(got, ParsedFeed) and len(got.entries) == n,
        "min_entries": lambda n: isinstance(got, ParsedFeed) and len(got.entries) >= n,
        "distinct_articles": lambda n: isinstance(got, ParsedFeed) and len(set(map(identity, got.entries))) == n,
        "title": lambda title: isinstance(got, ParsedFeed) and got.entries[0].headline == title,
        "min_chars": lambda n: isinstance(got, Article) and len(got.text) >= n,
        "text": lambda words: words in text,
        "must_not_contain": lambda words: words not in text,
        "no_canary_hit": lambda _: True,  # looked at by the caller, for every input
        "no_active_html": lambda _: not ACTIVE.search(text),
        "no_active_markup": lambda _: not CONTROL.search(text),  # what is active in a sink, the sink escapes
        "no_fetch_of_non_public": lambda _: True,  # links() asks for each of them
    }
    return found + [f"{key} {value}" for key, value in want.items() if not checks[key](value)]


def texts(got: ParsedFeed | Article | None) -> str:
    if isinstance(got, ParsedFeed):
        return "\n".join(f"{entry.headline}\n{entry.teaser}\n{entry.url}" for entry in got.entries)
    return got.text if got is not None else ""


BURN = """
def burn(payload, body):
    while True:
        pass
"""


@dataclass(frozen=True, kw_only=True)
class Delay:
    """By how much the others take longer, as shares of their own time: the middle of all rounds, and where it lies for 19 in 20."""

    middle: float
    least: float
    most: float
    rounds: int

    def __str__(self) -> str:
        return f"{self.middle:+.1%} ({self.least:+.1%} to {self.most:+.1%}, {self.rounds} rounds)"

    @property
    def decided(self) -> bool:
        return self.most <= MOST_DELAY or self.least > MOST_DELAY


def delay_of(ratios: list[float]) -> Delay:
    found = sorted(ratio - 1 for ratio in ratios)
    n = len(found)
    # Order statistics around the median, by the normal approximation of the binomial.
    away = 0.98 * n**0.5
    low, high = max(0, int(n / 2 - away)), min(n - 1, int(n / 2 + away))
    return Delay(middle=statistics.median(found), least=found[low], most=found[high], rounds=n)


class Others:
    """Feeds that go through the sandbox meanwhile, and two processes that burn: the poisoned child, and one outside the sandbox.

    They are stopped and go on by signals, so that each round has every state within a second or two: what else the machine
    does hits all of them alike. The one outside shows what a delay looks like, two rounds alone what is chance.
    """

    STATES = ("alone", "again", "poisoned", "outside")
    FEEDS, LEAST, MOST = 24, 40, 400
    """feeds of a round, and the fewest and most rounds"""

    def __init__(self, sandbox: Sandbox, poisoned: int, outside: int) -> None:
        self._sandbox = sandbox
        self._pids = {"poisoned": poisoned, "outside": outside}
        self._feed = module("server").FEED
        self._random = random.Random(4)

    async def seconds(self, state: str, *, at_once: bool) -> float:
        for name, pid in self._pids.items():
            os.kill(pid, signal.SIGCONT if name == state else signal.SIGSTOP)
        began = time.monotonic()
        if at_once:
            await asyncio.gather(*(self._one() for _ in range(self.FEEDS)))
        else:
            for _ in range(self.FEEDS):
                await self._one()
        return time.monotonic() - began

    async def _one(self) -> None:
        await self._sandbox.parse_feed("https://example.test/feed.xml", self._feed)

    async def compared(self, *, at_once: bool) -> dict[str, Delay]:
        """Rounds until it is clear on which side of the promise it lies."""
        ratios: dict[str, list[float]] = {state: [] for state in self.STATES[1:]}
        while True:
            order = self._random.sample(self.STATES, len(self.STATES))
            took = {state: await self.seconds(state, at_once=at_once) for state in order}
            for state, found in ratios.items():
                found.append(took[state] / took["alone"])
            told = {state: delay_of(found) for state, found in ratios.items()}
            rounds = told["poisoned"].rounds
            if rounds >= self.MOST or (rounds >= self.LEAST and told["poisoned"].decided):
                return told


async def delays() -> dict[str, dict[str, Delay]]:
    """How a feed that burns its time delays the others, when they come one after another and all at once."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "poisoned_feed.py").write_text(BURN, "utf-8")
        limits = ChildLimits(cpu_seconds=3600, wall_seconds=3600.0)
        async with Sandbox(
            operations={"burn": "poisoned_feed:burn"}, folders=(Path(folder),), limits=limits
        ) as sandbox:
            await sandbox.parse_feed("https://example.test/f", module("server").FEED)
            (child,) = sandbox.idle  # which will take the next document
            poisoned = asyncio.create_task(sandbox.call("burn", {}))
            outside = await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass")
            try:
                await asyncio.sleep(0.2)
                others = Others(sandbox, child.pid, outside.pid)
                while os.sched_getscheduler(child.pid) != os.SCHED_IDLE:
                    await others.seconds("poisoned", at_once=True)  # the others' children start, too
                return {
                    "one after another": await others.compared(at_once=False),
                    "all at once": await others.compared(at_once=True),
                }
            finally:
                outside.kill()
                os.kill(child.pid, signal.SIGKILL)
                await asyncio.gather(poisoned, outside.wait(), return_exceptions=True)


async def folder_of_feeds(folder: Path) -> list[Row]:
    """Every file below the folder (the test files of a feed library, say) through the sandbox, as if it were a feed."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc"))
    async with Sandbox(children=1) as sandbox:
        with contextlib.suppress(FeedError):
            await sandbox.parse_feed("https://example.test/feed.xml", b"")
        return [await one_file(sandbox, path, str(path.relative_to(folder))) for path in files]


async def one_file(sandbox: Sandbox, path: Path, name: str) -> Row:
    body, wrong = path.read_bytes(), []
    began = time.monotonic()
    try:
        got = await sandbox.parse_feed("https://example.test/feed.xml", body)
        outcome = f"ok: {len(got.entries)} entries"
        if any(reason == "unreadable" for reason, _ in got.dropped):
            wrong.append("an entry broke our own code")
        if ACTIVE.search(texts(got)) or CONTROL.search(texts(got)):
            outcome += ", text that looks like markup"
    except FeedError as error:
        outcome = f"reject: {error}"
    except SandboxError as error:
        outcome, wrong = f"limit: {error}", [str(error)]
    seconds = time.monotonic() - began
    if seconds > LONGEST_FILE:
        wrong.append(f"{seconds:.1f} s")
    return Row(name=name, outcome=outcome[:60], seconds=seconds, wrong=wrong)


# --- routes and links -------------------------------------------------------------------------------------------------

CONNECTED: list[tuple[str, int]] = []
ASTRAY: list[tuple[str, int]] = []
"""connections to addresses that are not public, but for the exact exception of the server"""


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        CONNECTED.append((str(arguments[1][0]), int(arguments[1][1])))


async def routes(deadline: float, port: int) -> list[Row]:
    server = module("server")
    names = [*server.plain_routes(str(port)), *server.SLOW_ROUTES, "/__log"]
    return list(
        await asyncio.gather(*(one_url(f"http://127.0.0.1:{port}{name}", name, deadline, port) for name in names))
    )


async def links(deadline: float, port: int) -> list[Row]:
    return [await one_url(url, url[:60], deadline, port) for url in module("inputs").URLS]


async def one_url(url: str, name: str, deadline: float, port: int) -> Row:
    began = time.monotonic()
    limits = Limits(deadline=deadline, allow=(f"127.0.0.1:{port}",))
    try:
        async with Fetcher(contact="redaktion@example.org", limits=limits) as fetcher:
            page = await fetcher.fetch(url)
            outcome = f"ok: {len(page.body) if isinstance(page, FetchedPage) else 0} bytes"
    except FetchError as error:
        outcome = str(error)
    seconds = time.monotonic() - began
    return Row(name=name, outcome=outcome[:60], seconds=seconds, wrong=[])


def serving(port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, str(HERE / "server.py"), str(port)])
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    return process


def network(deadline: float) -> tuple[list[Row], list[Row]]:
    port = free_port()
    with serving(port) as process:
        try:
            CONNECTED.clear()
            found = asyncio.run(routes(deadline, port))
            evil = asyncio.run(links(deadline, port))
        finally:
            process.terminate()
    for row in (*found, *evil):
        if row.seconds > deadline + LONGEST_SLACK:
            row.wrong.append(f"{row.seconds:.1f} s")
    for row in evil:
        if row.outcome.startswith("ok"):
            row.wrong.append("fetched")
    astray = [pair for pair in CONNECTED if pair != ("127.0.0.1", port) and not public(pair[0])]
    # No name is resolved without a network, so every connection went to an address that some URL spelled out.
    evil[0].wrong += [f"connected to {host}:{port}" for host, port in astray]
    ASTRAY.extend(astray)
    return found, evil


# --- report -----------------------------------------------------------------------------------------------------------


def told(title: str, rows: list[Row], quiet: bool) -> int:
    wrong = [row for row in rows if row.wrong]
    if not quiet:
        for row in rows:
            mark = "!!" if row.wrong else "  "
            print(f"{mark} {row.name[:40]:40} {row.seconds:6.2f} s  {row.outcome}  {'; '.join(row.wrong)}")
    slowest = max(rows, key=lambda row: row.seconds)
    print(
        f"{title}: {len(rows) - len(wrong)} of {len(rows)} as required; slowest {slowest.seconds:.2f} s ({slowest.name[:40]})"
    )
    return len(wrong)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fast", action="store_true", help="leave out inputs of over 1 MB")
    parser.add_argument("--deadline", type=float, default=6.0, help="seconds for each request (the product's own: 30)")
    parser.add_argument("--quiet", action="store_true", help="only the sums")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--feeds", type=Path, help="only this: the files of a folder, each as a feed")
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    if args.feeds:
        rows = asyncio.run(folder_of_feeds(args.feeds))
        kinds = Counter(row.outcome.split(":")[0] for row in rows)
        print(", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
        return int(told("files", rows, args.quiet) > 0)
    before = most_memory("self")
    sys.addaudithook(watch)
    on_routes, on_links = network(args.deadline)
    # Routes run all at once here, in a process that holds nothing else: what it gained is theirs.
    parent = (most_memory("self")) - before
    on_inputs = asyncio.run(inputs(args.fast))
    slower = {} if args.fast else asyncio.run(delays())
    for how, found in slower.items():
        if found["poisoned"].most > MOST_DELAY:
            on_inputs[0].wrong.append(f"a poisoned feed slows the others, {how}, by {found['poisoned']}")
    if parent > MOST_PARENT:
        on_routes[0].wrong.append(f"{parent} MB for all routes at once")
    parts = {"inputs": on_inputs, "routes": on_routes, "links": on_links}
    if args.json:
        print(json.dumps({title: [asdict(row) for row in rows] for title, rows in parts.items()}, indent=1))
        return int(any(row.wrong for rows in parts.values() for row in rows))
    wrong = sum(told(title, rows, args.quiet) for title, rows in parts.items())
    child = max(row.child_megabytes for row in on_inputs)
    print(
        f"largest child {child} MB; all routes at once cost the parent {parent} MB; connections astray: {len(ASTRAY)}"
    )
    for how, found in slower.items():
        print(
            f"other feeds, {how}, beside a poisoned one: {found['poisoned']}; beside a process that burns outside the sandbox: "
            f"{found['outside']}; alone, compared with alone: {found['again']}"
        )
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
