"""One child process as its parent sees it: what it may cost, how it is asked, how it is waited for and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from flows.sandbox.troubles import SandboxError, Trouble
from flows.sandbox.wire import EXIT_MEMORY, FRAME, MAX_HEAD, raise_refused

PIECE = 1 << 16
"""bytes of an answer that are asked for at least: all of it, mostly"""

KEPT = 32 << 20
"""bytes that a child keeps of what a page took, for the next one takes as much: to give them back and be given them anew is
a twentieth of the time that reading takes"""


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


class _Wait(NamedTuple):
    """What must be waited for, and how long: that a pipe can be read or written, or without one only the time."""

    pipe: int | None
    write: bool
    seconds: float


_Told = TypeVar("_Told")
_Steps = Generator[_Wait, bool, _Told]
"""A talk with a child, up to each wait; it is told whether the wait was rewarded. Who waits how is for others to know."""


class Child:
    """One child process and the two pipes to it."""

    def __init__(self, limits: ChildLimits, warm: list[str], folders: tuple[Path, ...]) -> None:
        self._limits = limits
        self._asked = 0
        self._demoted = False
        self._turn = 0.0
        self._long: Callable[[], None] | None = None
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
            [
                sys.executable,
                "-P",
                "-B",
                "-m",
                "flows.sandbox.inside",
                str(limits.cpu_seconds),
                str(limits.memory_megabytes),
            ],
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
    def pid(self) -> int:
        return self._process.pid

    @property
    def tired(self) -> bool:
        # Without privileges nobody gets a priority back.
        return self._demoted or self._asked >= self._limits.documents

    async def ask(
        self,
        target: str,
        payload: Mapping[str, object],
        body: bytes,
        *,
        long: Callable[[], None] | None = None,
        slow: Callable[[], None] | None = None,
    ) -> bytes:
        """`long` is called once if there is no answer after a turn, `slow` once if the document takes a seat's time of CPU."""
        self._asked += 1
        self._turn = time.monotonic() + self._limits.turn_seconds
        self._long, self._slow = long, slow
        self._began = _cpu_seconds(self.pid)
        self.usable = False
        talk = self._exchange({"op": target, "payload": payload}, body, self._limits.wall_seconds)
        head, answer = await _in_loop(talk)
        self.usable = True
        if "trouble" in head:
            raise SandboxError(Trouble(head["trouble"]), str(head.get("reason", ""))[:200])
        if "refused" in head:
            raise_refused(str(head["refused"]), str(head.get("reason", ""))[:500], str(head.get("detail", ""))[:500])
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
        yield from self._write((FRAME.pack(len(raw), len(body)) + raw, body), until)
        came = yield from self._read(b"", FRAME.size, until)
        head_size, body_size = FRAME.unpack(came[: FRAME.size])
        if head_size > MAX_HEAD or body_size > self._limits.answer_megabytes << 20:
            raise SandboxError(Trouble.TOO_LARGE, "answer")
        start, end = FRAME.size + head_size, FRAME.size + head_size + body_size
        answer = yield from self._read(came, end, until)
        try:
            found = json.loads(answer[FRAME.size : start])
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
            if (yield _Wait(pipe, write, left if self._demoted else min(left, self._next_look()))):
                return
            if not self._demoted:
                self._look_at_turn()
                self._judge_patience()
        raise SandboxError(Trouble.WALL, "no answer in time")

    def _next_look(self) -> float:
        """Seconds until it is to be judged whether the document takes long."""
        seat = self._limits.seat_seconds
        return seat if self._long is None else min(seat, max(0.0, self._turn - time.monotonic()))

    def _look_at_turn(self) -> None:
        """An answer that is there, and that the loop was too busy to read, came in time: it was asked for first."""
        if self._long is not None and time.monotonic() >= self._turn:
            self._long()
            self._long = None

    def _judge_patience(self) -> None:
        """By its own time, not by the clock: on a busy machine everything takes long."""
        now = _cpu_seconds(self.pid)
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
                os.sched_setscheduler(self.pid, os.SCHED_IDLE, os.sched_param(0))
            else:
                os.setpriority(os.PRIO_PROCESS, self.pid, 19)

    def _died(self) -> _Steps[SandboxError]:
        until = time.monotonic() + 2
        while (status := self._process.poll()) is None:
            if time.monotonic() > until:
                return SandboxError(Trouble.CRASH, "the child closed its pipe")
            yield _Wait(None, write=False, seconds=0.005)
        # SIGXCPU is ours; SIGKILL comes from the kernel when the machine is short of memory.
        kinds = {-24: Trouble.CPU, -9: Trouble.MACHINE, EXIT_MEMORY: Trouble.MEMORY}
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
