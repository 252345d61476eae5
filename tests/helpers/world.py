"""A site, its server, a clock and an archive, for tests in which time goes by."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from tiny_site import Clock, TinySite, settings_for

from flows import steps
from flows.desk import Desk, fetcher_among_workers, open_desk
from flows.newsroom import Newsroom
from flows.runs import RunReport
from flows.settings import Fetching
from storage.engine import reading
from storage.runs import Logbook

FULL = bool(os.environ.get("DEPESCHE_FULL_SIZE"))
"""Storms at the size that the promises name; without it smaller, for the tests' time."""


class World:
    """A site, its server, a clock and an archive; `passes` lets time go by."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.site = folder, Clock(), TinySite()
        self.room = Newsroom(site=self.site, clock=self.clock)
        self.rooms, self.sites = [self.room], [self.site]
        self.changes: dict[str, Any] = {}
        self.open = AsyncExitStack()
        self.desk: Desk | None = None

    async def passes(self, times: int = 1, **wait: float) -> RunReport:
        """So many passes, each after a wait; returns the last report. The settings are those of the first pass."""
        if self.desk is None:
            settings = settings_for(self.folder, *self.rooms, **{"database": "sqlite://", **self.changes})
            self.desk = await self.open.enter_async_context(open_desk(settings, now=self.clock))
        for _ in range(times):
            self.clock.advance(**(wait or {"hours": 2}))
            report = await steps.one_pass(self.desk)
        return report

    async def restart(self) -> None:
        """Another process: what the fetcher remembers is gone, the archive stays."""
        fetcher = await self.open.enter_async_context(
            fetcher_among_workers(settings_for(self.folder, self.room), self.desk.engine, self.clock)
        )
        self.desk = replace(self.desk, fetcher=fetcher)

    def rows(self, *columns: Any, where: Any = ()) -> Sequence[Any]:
        with reading(self.desk.engine) as connection:
            return connection.execute(select(*columns).where(*where)).all()

    def count(self, table: Any, *where: Any) -> int:
        with reading(self.desk.engine) as connection:
            return connection.scalar(select(func.count()).select_from(table).where(*where))

    def incidents(self, *, open_only: bool = True) -> list[tuple[str, str]]:
        with reading(self.desk.engine) as connection:
            return [(one.kind, one.message) for one in Logbook(connection).incidents(open_only=open_only)]

    def kinds(self, *, open_only: bool = True) -> set[str]:
        return {kind for kind, _ in self.incidents(open_only=open_only)}

    def asked(self, path: str) -> int:
        return len(self.room.asked(path))

    def houses(self, number: int) -> list[TinySite]:
        """So many sites, each on a host of its own: one host gives no more than its budget of pages an hour."""
        while len(self.rooms) < number:
            self.sites.append(TinySite(feeds={}))
            self.rooms.append(self.open.enter_context(Newsroom(site=self.sites[-1], clock=self.clock)))
        return self.sites

    def unhurried(self) -> Fetching:
        """As the settings of the tests, with room for a thousand pages of one host."""
        allow = tuple(room.url.removeprefix("http://") for room in self.rooms)
        return Fetching(allow=allow, page_spacing_seconds=0, feed_interval_minutes=0, deadline_seconds=10)

    @property
    def feed(self) -> str:
        return f"{self.room.url}/feed/alle.xml"
