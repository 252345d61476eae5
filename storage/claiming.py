"""What is due: entries that one worker may work on for as long as its lease lasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from storage.statements import locked, prepared, table
from storage.tables import ArticleRow

AHEAD = 2000
"""So many of the entries that have been due longest take turns by house."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An entry that one worker may work on until its lease ends. `attempts` counts this one."""

    article_id: int
    token: str
    key: str
    url: str
    publisher: str
    published_at: datetime | None
    first_seen: datetime
    fetched_at: datetime | None
    etag: str | None
    last_modified: str | None
    versions: int
    why: str
    attempts: int
    stand: datetime | None = None
    text_digest: bytes | None = None
    """of what was read of it last"""


class Claiming:
    """The verb that takes what is due; `Archive` has it."""

    connection: Connection

    def claim_entries(self, worker: str, limit: int, now: datetime, *, lease: timedelta) -> tuple[Claimed, ...]:
        """Take up to `limit` due entries, each house in its turn; nobody else gets them until `now + lease`.

        A house's pages are fetched one after the other, seconds apart: fifty of one would keep all others waiting.
        """
        asked = {"now": now, "most": limit}
        # Another worker may hold all of the first just now.
        ids = self._numbers(_due_in_turn, asked) or self._numbers(_due, asked)
        if not ids:
            return ()
        until = now + lease
        lent = {"lease_owner": f"{worker}/{until.isoformat()}", "lease_until": until}
        self.connection.execute(_lent(self.connection), {"those": ids, **lent})
        rows = self.connection.execute(_lent_out(self.connection), {"those": ids})
        return tuple(_claimed(row) for row in rows)

    def _numbers(self, which: Callable[[Connection], Any], asked: Mapping[str, Any]) -> Sequence[int]:
        return list(self.connection.scalars(which(self.connection), asked))


def _claimed(row: Any) -> Claimed:
    return Claimed(
        article_id=row.id,
        token=row.lease_owner,
        key=row.key.hex(),
        url=row.url,
        publisher=row.publisher,
        published_at=row.published_at,
        first_seen=row.first_seen,
        fetched_at=row.fetched_at,
        etag=row.etag,
        last_modified=row.last_modified,
        versions=row.versions,
        why=row.due_reason or "",
        attempts=row.attempts,
        stand=row.stand,
        text_digest=row.text_digest,
    )


# Statements that every page costs


def _free(entries: Any) -> Any:
    return and_(
        entries.c.due_at <= bindparam("now"),
        or_(entries.c.lease_until.is_(None), entries.c.lease_until <= bindparam("now")),
    )


@prepared
def _due(connection: Connection) -> Any:
    """What is due, longest due first."""
    entries = table(ArticleRow)
    asked = select(entries.c.id).where(_free(entries))
    asked = asked.order_by(entries.c.due_at, entries.c.id).limit(bindparam("most"))
    return locked(connection, asked, skip=True)


@prepared
def _due_in_turn(connection: Connection) -> Any:
    """Of what has been due longest the first of each house, then the second of each, and so on."""
    entries = table(ArticleRow)
    ahead = select(entries.c.id, entries.c.publisher, entries.c.due_at).where(_free(entries))
    longest = ahead.order_by(entries.c.due_at, entries.c.id).limit(AHEAD).subquery()
    turn = func.row_number().over(partition_by=longest.c.publisher, order_by=(longest.c.due_at, longest.c.id))
    ranked = select(longest.c.id, longest.c.due_at, turn.label("turn")).subquery()
    first = select(ranked.c.id).order_by(ranked.c.turn, ranked.c.due_at, ranked.c.id).limit(bindparam("most"))
    return locked(connection, select(entries.c.id).where(entries.c.id.in_(first), _free(entries)), skip=True)


@prepared
def _lent(_: Connection) -> Any:
    entries = table(ArticleRow)
    those = entries.c.id.in_(bindparam("those", expanding=True))
    return update(entries).where(those).values(attempts=entries.c.attempts + 1)


@prepared
def _lent_out(_: Connection) -> Any:
    entries = table(ArticleRow)
    those = entries.c.id.in_(bindparam("those", expanding=True))
    return select(entries).where(those).order_by(entries.c.due_at, entries.c.id)
