"""Who may take a document, and whose seat is lent when one takes long."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.sandbox.child import Child

SPARE = 1
"""Seats that are lent at a time: each is a child more, and so as much memory more."""


class Seats:
    """Who may take a document: warm children first, for to start one takes a second; then places to start one.

    One at a time, and one more for each document that takes long. Who has to wait is given the next in the order in which
    they came, whatever loop they run in.
    """

    def __init__(self, places: int) -> None:
        self._warm: list[Child] = []
        self._empty = places
        self._taken, self._long = 0, 0
        self._lendable = SPARE
        self._waiting: deque[asyncio.Future[Child | None]] = deque()
        self._turn = threading.Lock()

    @property
    def warm(self) -> tuple[Child, ...]:
        with self._turn:
            return tuple(self._warm)

    async def take(self) -> Child | None:
        """A warm child, or None for a place to start one; waits until there is either."""
        with self._turn:
            if self._free():
                return self._next()
            given: asyncio.Future[Child | None] = asyncio.get_running_loop().create_future()
            self._waiting.append(given)
        try:
            return await given
        except asyncio.CancelledError:
            if given.done() and not given.cancelled():
                self.give(given.result())
            raise

    def _free(self) -> bool:
        return self._taken <= self._long and bool(self._warm or self._empty)

    def _next(self) -> Child | None:
        self._taken += 1
        if self._warm:
            return self._warm.pop()
        self._empty -= 1
        return None

    def give(self, child: Child | None, *, long: bool = False) -> None:
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

    def _hand(self, given: asyncio.Future[Child | None], child: Child | None) -> None:
        if given.done():  # given up meanwhile
            self.give(child)
        else:
            given.set_result(child)

    def emptied(self) -> tuple[Child, ...]:
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


class Loan:
    """The seat of one document: given to others when it takes long, given back when it ends."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats
        self._long = False
        self.made = False

    def stretch(self) -> None:
        if not self.made:
            self._long = True
            self._seats.stretch()

    def make(self) -> None:
        self.made = self._seats.lend(long=self._long)

    def settle(self, child: Child | None) -> None:
        """With the child that is free now; after a loan there is none, for whoever took long is replaced."""
        if self.made:
            self._seats.repay()
        else:
            self._seats.give(child, long=self._long)
