"""The desk: what one pass of the pipeline works with, opened as the settings say."""

from __future__ import annotations

import math
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from extractors.feeds import Feed, FeedListError, load_feeds
from extractors.model import Holder
from extractors.relevance import BrokenDossier, Dossier, load_dossier
from flows import learning
from flows.alerts.channels import AppriseChannel, Channel, ConsoleChannel, FileChannel, WebhookChannel
from flows.alerts.links import Links
from flows.alerts.routing import Route
from flows.alerts.watches import TOLD, Watch
from flows.fetching import Fetcher
from flows.manners import fetcher_of
from flows.sandbox import Sandbox
from flows.settings import Settings, SettingsError
from storage.archive import opened
from storage.engine import open_engine, reading, upgrade
from storage.people import People
from storage.upkeep import Retention

CLOCK: ContextVar[Callable[[], datetime]] = ContextVar("depesche_clock", default=lambda: datetime.now(UTC))
"""What a desk takes for the time where nobody says otherwise. The demo sets the newsroom's, for flows too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one pass works with: open handles, plain values, and the clock."""

    engine: Engine
    fetcher: Fetcher
    sandbox: Sandbox
    feeds: tuple[Feed, ...]
    dossiers: tuple[Dossier, ...]
    """as the answers to alerts have taught them"""
    watches: tuple[Watch, ...]
    routes: tuple[Route, ...]
    channels: Mapping[str, Channel]
    operators: tuple[str, ...]
    """names of the channels that also get what operators must know"""
    heartbeat_url: str
    zone: ZoneInfo
    language: str
    feed_interval: timedelta
    max_age: timedelta
    """what a feed dates older than this when we first see it is noted and not fetched"""
    retention: Retention
    worker: str
    now: Callable[[], datetime]
    digest_within: timedelta = timedelta(days=2)
    """no alert waits longer for the digest, if that runs as planned"""
    night_within: timedelta = timedelta(days=8)
    """a night that comes longer after the one before comes after an outage, or on a clock that is ahead"""
    shipped: tuple[Dossier, ...] = ()
    """the dossiers as they ship, from which each refit starts"""
    holders: tuple[Holder, ...] = ()
    """people in office whom no table has, as the archive knew them when the pass began"""
    room_url: str = ""
    """public address of the reading room; empty where there is none"""
    links: Links | None = None
    """makes the links by which alerts are answered; None without a secret and a public address"""

    def is_over(self, until: datetime | None) -> bool:
        """Whether a pass that may last until then has no time left; None: there is no limit."""
        return until is not None and self.now() >= until

    def feeds_named(self, names: Sequence[str], *, dossier: str = "") -> tuple[Feed, ...]:
        """All feeds, or those with these names, or of those the ones worth following for a dossier.

        Raises ValueError for a name that no feed, or no dossier that is read, has.
        """
        unknown = set(names) - {feed.id for feed in self.feeds}
        if unknown:
            raise ValueError(f"no feed is named {', '.join(sorted(unknown))}; 'depesche feeds list' shows the names")
        known = [one.name for one in self.dossiers]
        if dossier and dossier not in known:
            raise ValueError(f"no dossier that is read is named {dossier!r}; there are: {', '.join(known)}")
        wanted = [feed for feed in self.feeds if not names or feed.id in names]
        return tuple(feed for feed in wanted if not dossier or not feed.dossiers or dossier in feed.dossiers)


@asynccontextmanager
async def open_desk(
    settings: Settings, *, dry_run: bool = False, telling: bool = False, now: Callable[[], datetime] | None = None
) -> AsyncIterator[Desk]:
    """Open everything that a pass needs. `dry_run` keeps and tells nothing: its archive lives in memory.

    `telling` is for what only delivers: it has no feeds and dossiers, and a file of them that is broken does not stop it.
    """
    now = now or CLOCK.get()
    shipped = () if telling else dossiers_of(settings)
    engine = open_archive("sqlite://" if dry_run else settings.database_url)
    try:
        async with fetcher_among_workers(settings, engine, now) as fetcher, Sandbox() as sandbox:
            yield Desk(
                engine=engine,
                fetcher=fetcher,
                sandbox=sandbox,
                feeds=() if telling else feeds_of(settings, frozenset(dossier.name for dossier in shipped)),
                dossiers=learning.taught(engine, shipped),
                shipped=shipped,
                holders=() if telling else known_holders(engine),
                watches=watches_of(settings),
                routes=routes_of(settings),
                channels={} if dry_run else channels_of(settings, fetcher),
                operators=tuple(name for name, channel in settings.channels.items() if channel.operators),
                heartbeat_url="" if dry_run else settings.heartbeat_url,
                zone=ZoneInfo(settings.schedule.timezone),
                language=settings.language,
                feed_interval=timedelta(minutes=settings.fetching.feed_interval_minutes),
                max_age=timedelta(days=settings.fetching.max_age_days),
                retention=retention_of(settings),
                worker=f"{socket.gethostname()}-{os.getpid()}",
                now=now,
                digest_within=settings.schedule.digest_within,
                night_within=settings.schedule.night_within,
                room_url=settings.room_url,
                links=links_of(settings),
            )
    finally:
        engine.dispose()


def open_archive(url: str) -> Engine:
    """The archive, its schema up to date; a folder for a new SQLite file is made."""
    engine = open_engine(url)
    upgrade(engine)
    return engine


def known_holders(engine: Engine) -> tuple[Holder, ...]:
    """The people in office whom no table has and the archive knows: for a pass, or for a stretch of a recode."""
    with reading(engine) as connection:
        return People(connection).holders()


def fetcher_among_workers(settings: Settings, engine: Engine, clock: Callable[[], datetime]) -> Fetcher:
    """A fetcher that keeps the distance to a host together with all workers of the archive."""

    async def reserve(host: str, spacing: float, most: float) -> float:
        now = datetime.now(UTC)
        within = None if math.isinf(most) else timedelta(seconds=most)
        with opened(engine) as archive:
            slot = archive.feeds.host_slot(host, now, spacing=timedelta(seconds=spacing), within=within)
        return (slot - now).total_seconds()

    return fetcher_of(settings, reserve=reserve, clock=clock)


def dossiers_of(settings: Settings) -> tuple[Dossier, ...]:
    """The dossiers as they are shipped, without what answers have taught them. Raises BrokenDossier.

    No two of one name: what is kept of an article is kept by it, so that the one would overwrite what the other found.
    """
    found: dict[str, tuple[str, Dossier]] = {}
    for path in settings.dossiers:
        dossier = load_dossier(path)
        if dossier.name in found:
            told = f"{dossier.name!r} is the name of {found[dossier.name][0]}, too"
            raise BrokenDossier(f"{path}: {told}: give it one of its own, or list it once")
        found[dossier.name] = path, dossier
    return tuple(dossier for _, dossier in found.values())


def feeds_of(settings: Settings, dossiers: frozenset[str]) -> tuple[Feed, ...]:
    """The feeds that are switched on, without those that are worth following only for other dossiers than these.

    Raises SettingsError for a list that cannot be used.
    """
    try:
        known = load_feeds(settings.feeds) if settings.feeds else load_feeds()
    except FeedListError as error:
        raise SettingsError(f"feeds: {error}") from None
    return tuple(feed for feed in known if feed.enabled and (not feed.dossiers or dossiers & set(feed.dossiers)))


def watches_of(settings: Settings) -> tuple[Watch, ...]:
    return tuple(
        Watch(
            name=watch.name,
            dossier=watch.dossier,
            types=frozenset(watch.types) or TOLD,
            statuses=frozenset(watch.statuses),
            parties=frozenset(watch.parties),
            min_confidence=watch.min_confidence,
        )
        for watch in settings.watches
    )


def retention_of(settings: Settings) -> Retention:
    kept = settings.retention
    return Retention(
        text=timedelta(days=kept.text_days),
        core_text=timedelta(days=kept.relevant_text_days),
        pages=timedelta(days=kept.raw_days),
        runs=timedelta(days=kept.runs_days),
    )


def links_of(settings: Settings) -> Links | None:
    secret = settings.signing_links
    return Links(address=settings.room_url, secret=secret) if secret and settings.room_url else None


def routes_of(settings: Settings) -> tuple[Route, ...]:
    return tuple(
        Route(
            channel=name,
            watches=frozenset(channel.watches),
            types=frozenset(str(kind) for kind in channel.types),
            modes=frozenset(channel.modes),
            statuses=frozenset(str(status) for status in channel.statuses),
            parties=frozenset(channel.parties),
            scores=(channel.least_score, channel.most_score),
            per_hour=channel.per_hour,
            quiet=channel.quiet_hours,
            alarms=frozenset(str(kind) for kind in channel.alarms),
        )
        for name, channel in settings.channels.items()
    )


def channels_of(settings: Settings, fetcher: Fetcher) -> Mapping[str, Channel]:
    """The channels by name. Raises ValueError, naming the channel, for one that cannot work."""
    found: dict[str, Channel] = {}
    for name, channel in settings.channels.items():
        try:
            if channel.kind == "console":
                found[name] = ConsoleChannel()
            elif channel.kind == "file":
                found[name] = FileChannel(channel.path)
            elif channel.kind == "apprise":
                found[name] = AppriseChannel(channel.address)
            else:
                found[name] = WebhookChannel(channel.address, channel.signing_secret, fetcher.post)
        except ValueError as error:
            raise ValueError(f"channel {name}: {error}") from None
        found[name].limit = channel.limit or found[name].limit
    return found
