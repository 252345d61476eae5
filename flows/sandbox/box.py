"""A few warm children and the operations that they know."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self

from flows.sandbox.child import Child, ChildLimits
from flows.sandbox.seats import SPARE, Loan, Seats
from flows.sandbox.troubles import SandboxError, Trouble
from flows.sandbox.wire import MAX_BODY, article_of, feed_of, feed_payload, page_payload

if TYPE_CHECKING:
    from extractors.feeds import ParsedFeed
    from extractors.model import Article, FetchedPage

log = logging.getLogger(__name__)

OPERATIONS: Mapping[str, str] = MappingProxyType(
    {
        "parse_feed": "flows.sandbox.inside:_parse_feed",
        "extract_article": "flows.sandbox.inside:_extract_article",
    }
)
"""name → module:function. A Sandbox can be given more."""


class Sandbox:
    """A few warm children. Use as a context manager, `async with` or `with`; safe to use from many tasks and threads.

    The loop of whoever asks writes and reads the pipes; a thread is needed only to start a child, which takes a second.
    A second child is asked only when the first has been busy with one document for longer than pages usually take: two
    that take turns spoil the processor's caches for each other, and a page costs a tenth more. A document that takes
    long holds up no other one: one more child may take its seat meanwhile, and then its own gets the time that nobody
    else wants.

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
        self._folders = (Path(__file__).resolve().parents[2], *folders)
        self._seats = Seats(children)
        self._children = children
        self._busy: set[Child] = set()
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
    def idle(self) -> tuple[Child, ...]:
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
        child, loan = await self._seats.take(), Loan(self._seats)
        try:
            if child is None:
                child = await self._started(self._threads)
            self._busy.add(child)
            try:
                return await child.ask(target, payload, body, long=loan.stretch, slow=loan.make)
            finally:
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

    async def _started(self, threads: ThreadPoolExecutor) -> Child:
        warm = [self._operations[name] for name in self._warm]
        starting = threads.submit(Child, self._limits, warm, self._folders)
        try:
            return await asyncio.wrap_future(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(_unwanted)
            raise


def _unwanted(starting: Future[Child]) -> None:
    """End a child for which nobody waits any more once it has started."""
    if not starting.cancelled() and starting.exception() is None:
        starting.result().stop()
