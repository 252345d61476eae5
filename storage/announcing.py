"""What feeds announce: entries with their identity and their other names, a window at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, update

from extractors.model import FeedEntry
from storage import packing
from storage.polling import Polling, Validators
from storage.statements import Turn, alone, in_pieces, prepared, table, upsert
from storage.tables import AliasRow, ArticleRow, SightingRow

MADE_UP = 5
"""A feed makes its guids up if at least so many of its known entries, and at least half of them, come with a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the archive knows of a stem, for deciding what to do about an entry of a feed."""

    article_id: int
    first_seen: datetime
    fetched_at: datetime | None
    updated_at: datetime | None
    """the newest `updated_at` that a feed gave"""
    headline: str
    """as its page has it; until that was read, as the feed had it"""
    outcome: str
    reason: str
    due_at: datetime | None
    attempts: int
    """in a row that brought nothing"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An entry of a feed with its identity and what was decided: fetch it (why), drop it (why), or neither."""

    stem: str
    entry: FeedEntry
    publisher: str = ""
    fetch: str = "new"
    drop: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What was new in a feed's window; the other entries were known, or stood in it twice."""

    entries: int
    new: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    """of the new ones, those that were dropped at once, by reason"""
    rolled_over: bool = False
    """no entry was known although the feed was: it may have published more than its window holds"""


class Announcing:
    """The verbs about what feeds announce; `Archive` has them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._looked_up: dict[bytes, Any] | None = None
        """what `seen` found, by key, once it is our turn at windows; None for what is unknown"""

    @cached_property
    def feeds(self) -> Polling:
        return Polling(self.connection)

    def wait_for_windows(self) -> None:
        """Wait for our turn at windows: what `seen` finds from now on need not be looked up again to add one."""
        # One window at a time: two feeds of a house list the same articles, each in its order, and would wait for each other.
        if self._looked_up is None:
            alone(self.connection, Turn.WINDOWS)
            self._looked_up = {}

    def seen(self, stems: Iterable[str]) -> dict[str, Seen]:
        """What is known of these stems, former and redirected ones included; unknown ones are left out."""
        by_key = {packing.digest(stem): stem for stem in stems}
        found = {}
        rows = self._known(list(by_key))
        if self._looked_up is not None:
            self._looked_up |= dict.fromkeys(by_key) | {row.asked: row for row in rows}
        for row in rows:
            found[by_key[row.asked]] = Seen(
                article_id=row.id,
                first_seen=row.first_seen,
                fetched_at=row.fetched_at,
                updated_at=row.updated_at,
                headline=row.headline,
                outcome=row.outcome,
                reason=row.reason or "",
                due_at=row.due_at,
                attempts=row.attempts,
            )
        return found

    def titled(self, titles: Iterable[tuple[int, str]]) -> frozenset[tuple[int, str]]:
        """Those of the pairs of article and headline under which the article was known before."""
        by_digest = {packing.digest(title_of(*pair)): pair for pair in titles}
        return frozenset(by_digest[digest] for digest in self._aliases("title", list(by_digest)))

    def _aliases(self, kind: str, digests: Sequence[bytes]) -> set[bytes]:
        """Those of the digests that are known of some article as names of this kind."""
        found: set[bytes] = set()
        for some in in_pieces(digests):
            asked = select(AliasRow.digest).where(AliasRow.kind == kind, AliasRow.digest.in_(some))
            found.update(self.connection.scalars(asked))
        return found

    def _known(self, keys: Sequence[bytes]) -> list[Any]:
        rows: list[Any] = []
        for some in in_pieces(keys):
            rows += self.connection.execute(_known_by_alias(self.connection), {"those": some})
            rows += self.connection.execute(_known_by_key(self.connection), {"those": some})
        return rows

    def add_window(
        self, feed_url: str, sightings: Sequence[Sighting], now: datetime, *, validators: Validators | None = None
    ) -> Window:
        """Store every entry of a feed's window and, in the same transaction, the feed's validators.

        New entries are due at once unless they say `drop`; known ones are due again where they say `fetch` a reason
        other than "new". An entry that is in work keeps its lease and its outcome.
        """
        self.wait_for_windows()
        feed_id, last_new = self.feeds.numbered(feed_url)
        firsts: dict[bytes, Sighting] = {}
        for sighting in sightings:
            firsts.setdefault(packing.digest(sighting.stem), sighting)
        known = self._found(list(firsts))
        for key, one in firsts.items():
            if key in known:
                self._see_again(known[key], one, feed_id, now)
        self._remember_guids([(known[key].id, one.entry) for key, one in firsts.items() if key in known], now)
        announced = self._announce({key: one for key, one in firsts.items() if key not in known}, feed_id, now)
        new, dropped = len(announced), Counter(one.drop for one in announced if one.drop)
        self.feeds.remember(feed_id, validators, now, new=new)
        return Window(
            entries=len(sightings),
            new=new,
            dropped=dropped,
            rolled_over=last_new is not None and new == len(firsts) > 0,
        )

    def _found(self, keys: Sequence[bytes]) -> dict[bytes, Any]:
        """The rows of those that are known. What was found before holds for this once: the window changes it."""
        before, self._looked_up = self._looked_up or {}, {}
        if all(key in before for key in keys):
            return {key: before[key] for key in keys if before[key] is not None}
        return {row.asked: row for row in self._known(keys)}

    def _announce(self, entries: Mapping[bytes, Sighting], feed_id: int, now: datetime) -> list[Sighting]:
        """Insert entries; returns them but for those with which another worker was faster."""
        if not entries:
            return []
        values = [_announcement(key, sighting, feed_id, now) for key, sighting in entries.items()]
        added = self.connection.execute(_announced(self.connection), values)
        ids = {row.key: row.id for row in added}
        named = [
            (article_id, entries[key].entry.guid) for key, article_id in ids.items() if _has_guid(entries[key].entry)
        ]
        self._keep_guids(named, now)
        return [sighting for key, sighting in entries.items() if key in ids]

    def _see_again(self, row: Any, sighting: Sighting, feed_id: int, now: datetime) -> None:
        """Note a known entry, which may be to be fetched again."""
        entry = sighting.entry
        if row.feed_id != feed_id:
            self.connection.execute(
                upsert(self.connection, SightingRow)
                .values(article_id=row.id, feed_id=feed_id, first_seen=now)
                .on_conflict_do_nothing()
            )
        changes: dict[str, Any] = {}
        if entry.updated_at is not None and (row.updated_at is None or entry.updated_at > row.updated_at):
            changes["updated_at"] = entry.updated_at
        if row.published_at is None and entry.published_at is not None:
            changes["published_at"] = entry.published_at
        again = bool(sighting.fetch) and sighting.fetch != "new" and (row.due_at is None or row.due_at > now)
        if again:
            changes |= {"due_at": now, "due_reason": sighting.fetch}
        # The page is going to be read: the title that the feed has now is the reason for it only once.
        if (again or row.fetched_at is None) and entry.headline != row.headline:
            self.add_alias(row.id, "title", title_of(row.id, entry.headline), now)
        if changes:
            self.connection.execute(update(ArticleRow).where(ArticleRow.id == row.id).values(**changes))

    def _remember_guids(self, seen: Sequence[tuple[int, FeedEntry]], now: datetime) -> None:
        """Remember the guids of known entries; none where most are new, for such a feed makes them up at each poll."""
        named = [(article_id, entry.guid) for article_id, entry in seen if _has_guid(entry)]
        digests = [packing.digest(guid) for _, guid in named]
        known = self._aliases("guid", digests)
        new = [one for one, digest in zip(named, digests, strict=True) if digest not in known]
        if len(new) < max(MADE_UP, len(named) / 2):
            self._keep_guids(new, now)

    def _keep_guids(self, named: Sequence[tuple[int, str]], now: datetime) -> None:
        if named:
            self.connection.execute(
                alias_made(self.connection), [name_values("guid", name, of, now) for of, name in named]
            )

    def add_alias(self, article_id: int, kind: str, name: str, now: datetime) -> None:
        """Remember another name of an article.

        Kind "guid", "stem" for a former or redirected URL stem, or "title" for a headline that is not the page's now.
        """
        self.connection.execute(alias_made(self.connection), name_values(kind, name, article_id, now))


def _announcement(key: bytes, sighting: Sighting, feed_id: int, now: datetime) -> dict[str, Any]:
    entry = sighting.entry
    return {
        "key": key,
        "url": entry.url,
        "publisher": sighting.publisher,
        "feed_id": feed_id,
        "headline": entry.headline,
        # Atom need not say when an entry appeared; when we first see it, the last change is what comes nearest.
        "published_at": entry.published_at or entry.updated_at,
        "updated_at": entry.updated_at,
        "first_seen": now,
        "outcome": "dropped" if sighting.drop else "pending",
        "reason": sighting.drop or None,
        "due_at": None if sighting.drop else now,
        "due_reason": None if sighting.drop else sighting.fetch or "new",
    }


def _has_guid(entry: FeedEntry) -> bool:
    """Whether its guid says more than its address."""
    return bool(entry.guid) and entry.guid != entry.url


def name_values(kind: str, name: str, article_id: int, now: datetime) -> dict[str, Any]:
    return {"kind": kind, "digest": packing.digest(name), "article_id": article_id, "first_seen": now}


def title_of(article_id: int, headline: str) -> str:
    return f"{article_id} {headline}"


# Statements that every page costs


@prepared
def _announced(connection: Connection) -> Any:
    entries = table(ArticleRow)
    return upsert(connection, entries).on_conflict_do_nothing().returning(entries.c.id, entries.c.key)


_LOOKED_UP = "id first_seen fetched_at published_at updated_at headline outcome reason due_at attempts feed_id".split()
"""what must be known of an entry that a feed tells again"""


@prepared
def _known_by_alias(_: Connection) -> Any:
    entries, names = table(ArticleRow), table(AliasRow)
    moved = names.join(entries, and_(names.c.article_id == entries.c.id, names.c.kind == "stem"))
    asked = select(names.c.digest.label("asked"), *(entries.c[name] for name in _LOOKED_UP)).select_from(moved)
    return asked.where(names.c.digest.in_(bindparam("those", expanding=True)))


@prepared
def _known_by_key(_: Connection) -> Any:
    entries = table(ArticleRow)
    asked = select(entries.c.key.label("asked"), *(entries.c[name] for name in _LOOKED_UP))
    return asked.where(entries.c.key.in_(bindparam("those", expanding=True)))


@prepared
def alias_made(connection: Connection) -> Any:
    return upsert(connection, table(AliasRow)).on_conflict_do_nothing()
