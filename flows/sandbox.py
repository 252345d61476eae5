"""Warm child processes for untrusted bytes, with limits on CPU time, wall time and memory.

A parser that meets a hostile document may burn, bloat or crash: here it does so in a child that holds no secret, no
connection and no environment, and that is replaced. Requests and answers are frames on two pipes; answers are JSON that
the parent validates, never pickle.

    frame = 4 bytes length of the head | 4 bytes length of the body | head (JSON) | body (bytes)
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import logging
import os
import re
import select
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Self, TypeVar

if TYPE_CHECKING:
    from extractors.feeds import ParsedFeed
    from extractors.model import Article, FetchedPage

log = logging.getLogger(__name__)

_FRAME = struct.Struct(">II")
MAX_HEAD = 1 << 20
MAX_BODY = 64 << 20
PIECE = 1 << 16
"""bytes of an answer that are asked for at least: all of it, mostly"""

Handler = Callable[[dict[str, Any], bytes], bytes]
"""What runs in the child: (payload, body) → the answer as JSON. A ValueError of its module is an answer too."""

OPERATIONS: Mapping[str, str] = MappingProxyType(
    {
        "parse_feed": "flows.sandbox:_parse_feed",
        "extract_article": "flows.sandbox:_extract_article",
    }
)
"""name → module:function. A Sandbox can be given more."""


class Trouble(StrEnum):
    """What befell a document. The set is closed."""

    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    CRASH = "crash"
    ERROR = "error"
    MACHINE = "machine"
    """none of the document's doing: no child could be started, it was killed from outside, its own code was not there"""
    TOO_LARGE = "too large"


class SandboxError(ValueError):
    """The document could not be read within the limits. It costs only itself: the child has been replaced."""

    def __init__(self, kind: Trouble, message: str = "") -> None:
        super().__init__(f"{kind}: {message}" if message else str(kind))
        self.kind = kind
        self.message = message


class Refused(ValueError):
    """The operation itself says that the document is not what it should be; `name` is its exception, `reason` why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildLimits:
    """What one document may cost. `memory` is of the child as a whole."""

    cpu_seconds: int = 8
    wall_seconds: float = 10.0
    turn_seconds: float = 0.25
    """after which the next child is asked for the documents that wait; most take a hundredth of it, and a busy machine must
    not be given one more process to be busy with"""
    seat_seconds: float = 0.5
    """of CPU after which one more child may take the seat of a document"""
    patience_seconds: float = 2.0
    """of CPU after which its child must take what others leave, which on a busy machine is next to nothing"""
    memory_megabytes: int = 512
    answer_megabytes: int = 16
    documents: int = 5000
    """after which a child is replaced as a matter of course"""
    start_seconds: float = 60.0


class Sandbox:
    """A few warm children. Use as a context manager, `async with` or `with`; safe to use from many tasks and threads.

    The loop of whoever asks writes and reads the pipes; a thread is needed only to start a child, which takes a second.
    A second child is asked only when the first has been busy with one document for longer than pages usually take: two that
    take turns find nothing as they left it, and a page costs a tenth more. A document that takes long holds up no other
    one: one more child may take its seat meanwhile, and then its own gets the time that nobody else wants.

    `operations` adds to OPERATIONS: name → "module:function" of a Handler. `warm` names the ones whose modules a child
    imports before it takes its first document; `folders` are searched for modules beside our own packages.
    """

    def __init__(
        self,
        *,
        children: int = 2,
        limits: ChildLimits | None = None,
        operations: Mapping[str, str] | None = None,
        warm: tuple[str, ...] = ("parse_feed", "extract_article"),
        folders: tuple[Path, ...] = (),
    ) -> None:
        self._limits = limits or ChildLimits()
        self._operations = {**OPERATIONS, **(operations or {})}
        for name, target in self._operations.items():
            if not re.fullmatch(r"[\w.]+:\w+", target):
                raise ValueError(f"operation {name!r}: {target!r} is not module:function")
        self._warm = tuple(name for name in warm if name in self._operations)
        self._folders = (Path(__file__).resolve().parents[1], *folders)
        self._seats = _Seats(children)
        self._children = children
        self._busy: set[_Child] = set()
        self._threads: ThreadPoolExecutor | None = None
        self.replaced = 0
        """children lost to trouble so far"""

    def __enter__(self) -> Self:
        self._threads = ThreadPoolExecutor(self._children + SPARE, thread_name_prefix="sandbox")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
            self._threads = None
        for child in self._seats.emptied():
            child.stop()
        for child in tuple(self._busy):
            child.kill()  # whoever waits for its answer sees it end, and cleans up

    @property
    def idle(self) -> tuple[_Child, ...]:
        """The children that wait for a document."""
        return self._seats.warm

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)

    # --- the operations

    async def parse_feed(
        self,
        feed_url: str,
        body: bytes,
        *,
        content_type: str = "",
        zone: str = "Europe/Berlin",
        now: datetime | None = None,
        base: str = "",
    ) -> ParsedFeed:
        """`extractors.feeds.parse_feed` in a child; raises FeedError or SandboxError."""
        return feed_of(await self.call("parse_feed", feed_payload(feed_url, content_type, zone, now, base), body))

    async def extract_article(self, page: FetchedPage) -> Article:
        """`extractors.articles.extract_article` in a child; raises NotAnArticle or SandboxError."""
        return article_of(await self.call("extract_article", page_payload(page), page.body))

    async def call(self, name: str, payload: Mapping[str, object], body: bytes = b"") -> bytes:
        """The JSON that an operation answers. Raises SandboxError, or the operation's own refusal."""
        if self._threads is None:
            raise RuntimeError("the Sandbox is used outside its `with`")
        target = self._operations[name]
        if len(body) > MAX_BODY:
            raise SandboxError(Trouble.TOO_LARGE, f"{len(body)} bytes")
        child, loan = await self._seats.take(), _Loan(self._seats)
        try:
            if child is None:
                child = await self._started(self._threads)
            self._busy.add(child)
            turn = asyncio.get_running_loop().call_later(self._limits.turn_seconds, loan.stretch)
            try:
                return await child.ask(target, payload, body, slow=loan.make)
            finally:
                turn.cancel()
                self._busy.discard(child)
        except SandboxError as error:
            self.replaced += 1
            log.warning("sandbox: %s in %s of %d bytes; child replaced", error, name, len(body))
            if child is not None:
                child.stop()
                child = None
            raise
        finally:
            # Also after a refusal, which is an answer, or when we were interrupted.
            if child is not None and (child.tired or not child.usable or loan.made):
                child.stop()
                child = None
            loan.settle(child)

    async def _started(self, threads: ThreadPoolExecutor) -> _Child:
        warm = [self._operations[name] for name in self._warm]
        starting = threads.submit(_Child, self._limits, warm, self._folders)
        try:
            return await asyncio.wrap_future(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(_unwanted)
            raise


def _unwanted(starting: Future[_Child]) -> None:
    """End a child for which nobody waits any more once it has started."""
    if not starting.cancelled() and starting.exception() is None:
        starting.result().stop()


KEPT = 32 << 20
"""bytes that a child keeps of what a page took, for the next one takes as much: to give them back and be given them anew is
a twentieth of the time that reading takes"""

SPARE = 1
"""Seats that are lent at a time: each is a child more, and so as much memory more."""


class _Seats:
    """Who may take a document: warm children first, for to start one takes a second; then places to start one.

    One at a time, and one more for each document that takes long. Who has to wait is given the next in the order in which
    they came, whatever loop they run in.
    """

    def __init__(self, places: int) -> None:
        self._warm: list[_Child] = []
        self._empty = places
        self._taken, self._long = 0, 0
        self._lendable = SPARE
        self._waiting: deque[asyncio.Future[_Child | None]] = deque()
        self._turn = threading.Lock()

    @property
    def warm(self) -> tuple[_Child, ...]:
        with self._turn:
            return tuple(self._warm)

    async def take(self) -> _Child | None:
        """A warm child, or None for a place to start one; waits until there is either."""
        with self._turn:
            if self._free():
                return self._next()
            given: asyncio.Future[_Child | None] = asyncio.get_running_loop().create_future()
            self._waiting.append(given)
        try:
            return await given
        except asyncio.CancelledError:
            if given.done() and not given.cancelled():
                self.give(given.result())
            raise

    def _free(self) -> bool:
        return self._taken <= self._long and bool(self._warm or self._empty)

    def _next(self) -> _Child | None:
        self._taken += 1
        if self._warm:
            return self._warm.pop()
        self._empty -= 1
        return None

    def give(self, child: _Child | None, *, long: bool = False) -> None:
        """Back from a document, which may have been one that took long."""
        with self._turn:
            self._taken -= 1
            self._long -= long
            if child is None:
                self._empty += 1
            else:
                self._warm.append(child)
        self._serve()

    def stretch(self) -> None:
        """A document takes long."""
        with self._turn:
            self._long += 1
        self._serve()

    def _serve(self) -> None:
        while True:
            with self._turn:
                if not (self._waiting and self._free()):
                    return
                given, child = self._waiting.popleft(), self._next()
            if _running() is given.get_loop():
                self._hand(given, child)
                continue
            try:
                given.get_loop().call_soon_threadsafe(self._hand, given, child)
            except RuntimeError:  # that loop has ended, and nobody waits in it
                self.give(child)

    def _hand(self, given: asyncio.Future[_Child | None], child: _Child | None) -> None:
        if given.done():  # given up meanwhile
            self.give(child)
        else:
            given.set_result(child)

    def emptied(self) -> tuple[_Child, ...]:
        """The warm children, whose places are empty from now on."""
        with self._turn:
            found = tuple(self._warm)
            self._warm.clear()
            self._empty += len(found)
        return found

    def lend(self, *, long: bool) -> bool:
        """A place for somebody else while one takes long; False if there are too many such already."""
        with self._turn:
            if not self._lendable:
                return False
            self._lendable -= 1
        self.give(None, long=long)
        return True

    def repay(self) -> None:
        with self._turn:
            self._lendable += 1


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class _Loan:
    """The seat of one document: given to others when it takes long, given back when it ends."""

    def __init__(self, seats: _Seats) -> None:
        self._seats = seats
        self._long = False
        self.made = False

    def stretch(self) -> None:
        if not self.made:
            self._long = True
            self._seats.stretch()

    def make(self) -> None:
        self.made = self._seats.lend(long=self._long)

    def settle(self, child: _Child | None) -> None:
        """With the child that is free now; after a loan there is none, for whoever took long is replaced."""
        if self.made:
            self._seats.repay()
        else:
            self._seats.give(child, long=self._long)


class _Wait(NamedTuple):
    """What must be waited for, and how long: that a pipe can be read or written, or without one only the time."""

    pipe: int | None
    write: bool
    seconds: float


_Told = TypeVar("_Told")
_Steps = Generator[_Wait, bool, _Told]
"""A talk with a child, up to each wait; it is told whether the wait was rewarded. Who waits how is for others to know."""


class _Child:
    """One child process and the two pipes to it."""

    def __init__(self, limits: ChildLimits, warm: list[str], folders: tuple[Path, ...]) -> None:
        self._limits = limits
        self._asked = 0
        self._demoted = False
        self._slow: Callable[[], None] | None = None
        self.usable = True
        try:
            self._process = self._begun(folders)
        except OSError as error:
            raise SandboxError(Trouble.MACHINE, f"no child could be started: {error.strerror}") from None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        _widen(self._to)
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        try:
            self._demoted = True  # starting takes long, and is no fault
            _at_once(self._exchange({"op": "warm", "payload": warm}, b"", limits.start_seconds))
            self._demoted = False
        except SandboxError as error:
            self.stop()
            raise SandboxError(Trouble.MACHINE, f"no child could be started: {error}") from None

    def _begun(self, folders: tuple[Path, ...]) -> subprocess.Popen[bytes]:
        limits = self._limits
        return subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", "flows.sandbox", str(limits.cpu_seconds), str(limits.memory_megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            close_fds=True,
            # Ctrl-C is for us; we end the child. A session of its own would do as well, but Linux shares the processor out
            # among sessions first (sched_autogroup), and then a low priority within its own means nothing to the others.
            process_group=0,
            cwd="/",
            env={
                "PATH": "/usr/bin:/bin",
                "LANG": "C.UTF-8",
                "PYTHONPATH": os.pathsep.join(map(str, folders)),
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
                "MALLOC_MMAP_THRESHOLD_": str(KEPT),
                "MALLOC_TRIM_THRESHOLD_": str(KEPT),
            },
        )

    @property
    def tired(self) -> bool:
        # Without privileges nobody gets a priority back.
        return self._demoted or self._asked >= self._limits.documents

    async def ask(
        self, target: str, payload: Mapping[str, object], body: bytes, *, slow: Callable[[], None] | None = None
    ) -> bytes:
        """`slow` is called once if the document takes long."""
        self._asked += 1
        self._slow = slow
        self._began = _cpu_seconds(self._process.pid)
        self.usable = False
        talk = self._exchange({"op": target, "payload": payload}, body, self._limits.wall_seconds)
        head, answer = await _in_loop(talk)
        self.usable = True
        if "trouble" in head:
            raise SandboxError(Trouble(head["trouble"]), str(head.get("reason", ""))[:200])
        if "refused" in head:
            _raise_refused(str(head["refused"]), str(head.get("reason", ""))[:500], str(head.get("detail", ""))[:500])
        return answer

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _exchange(
        self, head: Mapping[str, object], body: bytes, seconds: float
    ) -> _Steps[tuple[dict[str, Any], bytes]]:
        until = time.monotonic() + seconds
        raw = json.dumps(head).encode()
        yield from self._write((_FRAME.pack(len(raw), len(body)) + raw, body), until)
        came = yield from self._read(b"", _FRAME.size, until)
        head_size, body_size = _FRAME.unpack(came[: _FRAME.size])
        if head_size > MAX_HEAD or body_size > self._limits.answer_megabytes << 20:
            raise SandboxError(Trouble.TOO_LARGE, "answer")
        start, end = _FRAME.size + head_size, _FRAME.size + head_size + body_size
        answer = yield from self._read(came, end, until)
        try:
            found = json.loads(answer[_FRAME.size : start])
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or len(answer) > end:
            raise SandboxError(Trouble.CRASH, "the child speaks gibberish")
        return found, answer[start:]

    def _write(self, parts: Iterable[bytes], until: float) -> _Steps[None]:
        """All in one go where there is room: the child need not wake for the head alone."""
        views = [memoryview(part) for part in parts if part]
        while views:
            try:
                sent = os.writev(self._to, views)
                while views and sent >= len(views[0]):
                    sent -= len(views.pop(0))
                views[:1] = [view[sent:] for view in views[:1]]
            except BlockingIOError:
                yield from self._wait(self._to, until, write=True)
            except BrokenPipeError:
                raise (yield from self._died()) from None

    def _read(self, came: bytes, size: int, until: float) -> _Steps[bytes]:
        """What has come already and more, until it is so long. An answer is never there before one has waited for it."""
        parts, missing = [came], size - len(came)
        while missing > 0:
            yield from self._wait(self._from, until, write=False)
            data = os.read(self._from, max(PIECE, min(missing, 1 << 20)))
            if not data:
                raise (yield from self._died())
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)

    def _wait(self, pipe: int, until: float, *, write: bool) -> _Steps[None]:
        while (left := until - time.monotonic()) > 0:
            if (yield _Wait(pipe, write, left if self._demoted else min(left, self._limits.seat_seconds))):
                return
            if not self._demoted:
                self._judge_patience()
        raise SandboxError(Trouble.WALL, "no answer in time")

    def _judge_patience(self) -> None:
        """By its own time, not by the clock: on a busy machine everything takes long."""
        now = _cpu_seconds(self._process.pid)
        used = now - self._began if now < float("inf") else now
        if self._slow is not None and used >= self._limits.seat_seconds:
            self._slow()
            self._slow = None
        if used >= self._limits.patience_seconds:
            self._demote()

    def _demote(self) -> None:
        """A document that takes this long must not hold up others: it gets what they leave of the processor."""
        self._demoted = True
        with contextlib.suppress(OSError):  # it has just ended
            if hasattr(os, "SCHED_IDLE"):
                # Nice 19 is little less than the others have where the whole service is niced: it took a tenth from them.
                os.sched_setscheduler(self._process.pid, os.SCHED_IDLE, os.sched_param(0))
            else:
                os.setpriority(os.PRIO_PROCESS, self._process.pid, 19)

    def _died(self) -> _Steps[SandboxError]:
        until = time.monotonic() + 2
        while (status := self._process.poll()) is None:
            if time.monotonic() > until:
                return SandboxError(Trouble.CRASH, "the child closed its pipe")
            yield _Wait(None, write=False, seconds=0.005)
        # SIGXCPU is ours; SIGKILL comes from the kernel when the machine is short of memory.
        kinds = {-24: Trouble.CPU, -9: Trouble.MACHINE, _EXIT_MEMORY: Trouble.MEMORY}
        return SandboxError(kinds.get(status, Trouble.CRASH), f"exit status {status}")


def _at_once(talk: _Steps[_Told]) -> _Told:
    """A talk for which a thread waits."""
    try:
        wait = next(talk)
        while True:
            poll = select.poll()  # select() cannot watch descriptors above 1023
            if wait.pipe is not None:
                poll.register(wait.pipe, select.POLLOUT if wait.write else select.POLLIN)
            wait = talk.send(bool(poll.poll(wait.seconds * 1000)))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


async def _in_loop(talk: _Steps[_Told]) -> _Told:
    """A talk for which nobody else has to wait."""
    try:
        wait = next(talk)
        while True:
            wait = talk.send(await _rewarded(wait))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


async def _rewarded(wait: _Wait) -> bool:
    loop = asyncio.get_running_loop()
    told: asyncio.Future[bool] = loop.create_future()
    timer = loop.call_later(wait.seconds, _tell, told, False)
    watch, leave = (loop.add_writer, loop.remove_writer) if wait.write else (loop.add_reader, loop.remove_reader)
    if wait.pipe is not None:
        watch(wait.pipe, _tell, told, True)
    try:
        return await told
    finally:
        timer.cancel()
        if wait.pipe is not None:
            leave(wait.pipe)


def _tell(told: asyncio.Future[bool], rewarded: bool) -> None:
    if not told.done():
        told.set_result(rewarded)


def _widen(pipe: int) -> None:
    """Room for a whole page: with the usual 64 kB parent and child wake each other for every piece of it."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):  # a user's share of memory for pipes may be used up
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)


def _cpu_seconds(pid: int) -> float:
    """The CPU time that a process has used so far; infinite where the system does not say.

    The number is Linux's for the clock of another process: clock_getcpuclockid(3), which Python does not have.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except (OSError, OverflowError):
        return float("inf")


def _raise_refused(name: str, reason: str, detail: str) -> NoReturn:
    if name == "FeedError":
        from extractors.feeds import FeedError

        raise FeedError(reason)
    if name == "NotAnArticle":
        from extractors.articles import NotAnArticle, Reason

        if reason in set(Reason):
            raise NotAnArticle(Reason(reason), detail)
    raise Refused(name, reason)


# --- what goes to and fro ---------------------------------------------------------------------------------------------

_adapters: dict[Any, Any] = {}


def adapter(kind: Any) -> Any:
    """pydantic's TypeAdapter of a type, made once: making one takes milliseconds, and pydantic itself tenths."""
    if kind not in _adapters:
        from pydantic import TypeAdapter

        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def feed_payload(
    feed_url: str, content_type: str, zone: str, now: datetime | None, base: str = ""
) -> dict[str, object]:
    return {
        "feed_url": feed_url,
        "content_type": content_type,
        "zone": zone,
        "now": now.isoformat() if now is not None else None,
        "base": base,
    }


def feed_of(answer: bytes) -> ParsedFeed:
    from extractors.feeds import ParsedFeed

    return _valid(ParsedFeed, answer)  # type: ignore[no-any-return]


def page_payload(page: FetchedPage) -> dict[str, object]:
    """A page without its body, which travels beside it."""
    return {
        "url": page.url,
        "requested_url": page.requested_url,
        "fetched_at": page.fetched_at.isoformat(),
        "content_type": page.content_type,
        "truncated": page.truncated,
        "reserved": page.reserved,
    }


def page_from(payload: Mapping[str, Any], body: bytes) -> FetchedPage:
    from extractors.model import FetchedPage

    return FetchedPage(**{**payload, "fetched_at": datetime.fromisoformat(payload["fetched_at"]), "body": body})


def article_of(answer: bytes) -> Article:
    from extractors.model import Article

    return _valid(Article, answer)  # type: ignore[no-any-return]


def _valid(kind: Any, answer: bytes) -> Any:
    """The answer as the type it should be. The child may have been taken over by what it read: nothing is taken on
    trust."""
    from pydantic import ValidationError

    try:
        return adapter(kind).validate_json(answer)
    except ValidationError:
        raise SandboxError(Trouble.CRASH, "the child's answer is not what it should be") from None


# --- in the child -----------------------------------------------------------------------------------------------------

_EXIT_MEMORY = 77
YOUNG = 20_000
"""objects after which the collector looks for circles: a page makes some thousands, and hardly a circle"""


def _parse_feed(payload: dict[str, Any], body: bytes) -> bytes:
    from extractors.feeds import ParsedFeed, parse_feed

    now = payload.pop("now")
    feed = parse_feed(body=body, now=datetime.fromisoformat(now) if now else None, **payload)
    return adapter(ParsedFeed).dump_json(feed)  # type: ignore[no-any-return]


def _extract_article(payload: dict[str, Any], body: bytes) -> bytes:
    from extractors.articles import extract_article
    from extractors.model import Article

    return adapter(Article).dump_json(extract_article(page_from(payload, body)))  # type: ignore[no-any-return]


def _warm(targets: list[str]) -> None:
    """Import what will be needed; what cannot be imported will say so when it is asked for."""
    from extractors.feeds import ParsedFeed

    adapter(ParsedFeed)
    for target in targets:
        with contextlib.suppress(ImportError, AttributeError):
            _handler(target)
    with contextlib.suppress(ImportError):
        import feedparser  # noqa: F401
    if "flows.sandbox:_extract_article" in targets:
        with contextlib.suppress(ImportError):
            importlib.import_module("extractors.articles")
            from extractors.model import Article

            adapter(Article)


def _handler(target: str) -> Handler:
    module, _, name = target.partition(":")
    if module == "flows.sandbox":
        handler: Handler = globals()[name]
    else:
        handler = getattr(importlib.import_module(module), name)
    return handler


def _answer(head: dict[str, Any], body: bytes) -> tuple[dict[str, object], bytes]:
    if head["op"] == "warm":
        _warm(head["payload"])
        gc.freeze()  # what was imported stays for good: no collection need look at it
        gc.set_threshold(YOUNG)
        return {}, b""
    try:
        return {}, _handler(head["op"])(head["payload"], body)
    except MemoryError:
        os._exit(_EXIT_MEMORY)  # what is left of this process is not worth trusting
    except ValueError as error:
        if hasattr(error, "reason"):
            detail = str(getattr(error, "detail", ""))
            return {"refused": type(error).__name__, "reason": str(error.reason), "detail": detail}, b""
        return {"trouble": Trouble.ERROR, "reason": type(error).__name__}, b""
    except ImportError as error:  # an upgrade under way
        return {"trouble": Trouble.MACHINE, "reason": type(error).__name__}, b""
    except Exception as error:  # noqa: BLE001 (whatever a document makes a library do)
        return {"trouble": Trouble.ERROR, "reason": type(error).__name__}, b""


def _limit(cpu_seconds: int, memory_megabytes: int) -> None:
    import resource

    for name, value in (
        (resource.RLIMIT_AS, memory_megabytes << 20),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _, most = resource.getrlimit(name)
        # Who started us may allow less, and without privileges nobody takes more.
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(name, (value, value))
    _allow_cpu(cpu_seconds)


def _allow_cpu(seconds: int) -> None:
    """So many seconds more than have been used: the kernel counts those of the whole life of a process."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(usage.ru_utime + usage.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until if most == resource.RLIM_INFINITY else min(until, most), most))


def _read_exactly(pipe: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        data = os.read(pipe, min(size, 1 << 20))
        if not data:
            os._exit(0)  # the parent is gone
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def _write_all(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def main(cpu_seconds: int, memory_megabytes: int) -> NoReturn:
    """The life of a child: take a document, answer, until the parent closes the pipe."""
    sys.setrecursionlimit(1000)
    logging.disable(logging.CRITICAL)
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # a library that prints must not print into our frames
        os.dup2(null, stream)
    _limit(cpu_seconds, memory_megabytes)
    while True:
        head_size, body_size = _FRAME.unpack(_read_exactly(incoming, _FRAME.size))
        asked = _read_exactly(incoming, head_size)
        body = _read_exactly(incoming, body_size)
        _allow_cpu(cpu_seconds)
        head, answer = _answer(json.loads(asked), body)
        raw = json.dumps(head).encode()
        _write_all(outgoing, _FRAME.pack(len(raw), len(answer)) + raw + answer)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
