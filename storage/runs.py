"""The logbook: runs with their accounts, and failures that would be silent if nobody wrote them down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.statements import prepared, record, table, upsert
from storage.tables import IncidentRow, RunRow


class Unaccounted(RuntimeError):
    """A run cannot say what became of an entry: in is not out + dropped by reason."""


DAY_OF_PASSES = 144
"""One every ten minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What came into a run and what became of it. `out` by outcome, `dropped` by reason."""

    entries: int
    out: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    """anything else that the run wants to tell (events, alerts, bytes …); not checked"""

    def check(self) -> None:
        """Raise Unaccounted unless every entry is accounted for."""
        out, dropped = sum(self.out.values()), sum(self.dropped.values())
        if self.entries != out + dropped:
            raise Unaccounted(f"{self.entries} entries in, {out} out and {dropped} dropped: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    id: int
    kind: str
    started_at: datetime
    finished_at: datetime
    state: str
    accounts: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An operator's event: a feed is dead, the outbox is stuck, nothing matches …"""

    id: int
    kind: str
    subject: str
    message: str
    opened_at: datetime
    seen_at: datetime
    times: int
    closed_at: datetime | None = None


class Logbook:
    """The verbs about runs and incidents; reached as `archive.log`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def keep_run(
        self, kind: str, accounts: Accounts, started_at: datetime, finished_at: datetime, *, state: str, note: str = ""
    ) -> None:
        """Keep a run with its accounts. Raises Unaccounted if they do not add up."""
        accounts.check()
        told = {
            "entries": accounts.entries,
            "out": dict(accounts.out),
            "dropped": dict(accounts.dropped),
            "more": dict(accounts.more),
        }
        self.connection.execute(
            insert(RunRow).values(
                kind=kind, started_at=started_at, finished_at=finished_at, state=state, accounts=told, note=note
            )
        )

    def runs(self, *, limit: int = 20) -> tuple[Run, ...]:
        """Runs, newest first."""
        asked = select(RunRow.__table__).order_by(RunRow.started_at.desc(), RunRow.id.desc()).limit(limit)
        return tuple(record(Run, row, accounts=row.accounts or {}) for row in self.connection.execute(asked))

    def raise_event(self, kind: str, subject: str, message: str, now: datetime) -> bool:
        """Open an incident; True if it is new. One that is open already counts once more and stays one."""
        added = self.connection.execute(
            upsert(self.connection, IncidentRow)
            .values(kind=kind, subject=subject, message=message, opened_at=now, seen_at=now)
            .on_conflict_do_nothing()
            .returning(IncidentRow.id)
        ).scalar()
        if added is not None:
            return True
        self.connection.execute(
            update(IncidentRow)
            .where(IncidentRow.kind == kind, IncidentRow.subject == subject, IncidentRow.closed_at.is_(None))
            .values(seen_at=now, message=message, times=IncidentRow.times + 1)
        )
        return False

    def close_event(self, kind: str, subject: str, now: datetime) -> bool:
        """Close an incident, as its cause is gone; True if it was open."""
        asked = {"what": kind, "whose": subject, "closed_at": now}
        return self.connection.execute(_closed(self.connection), asked).rowcount > 0

    def incidents(self, *, open_only: bool = True, limit: int | None = 100) -> tuple[Incident, ...]:
        """Incidents, newest first."""
        asked = select(IncidentRow.__table__).order_by(IncidentRow.id.desc()).limit(limit)
        if open_only:
            asked = asked.where(IncidentRow.closed_at.is_(None))
        return tuple(record(Incident, row) for row in self.connection.execute(asked))

    def is_open(self, kind: str, subject: str) -> bool:
        """Whether an incident of this kind about this subject is open."""
        asked = {"what": kind, "whose": subject}
        return self.connection.execute(_open(self.connection), asked).first() is not None

    def last_finished(self, kind: str) -> datetime | None:
        """When the last run of this kind that ended well did so."""
        return self._finished(kind, 1)

    def furthest_finished(self, kind: str) -> datetime | None:
        """The latest time at which one of the last runs ended well: a clock that was ahead is remembered for a day of passes."""
        return self._finished(kind, DAY_OF_PASSES)

    def _finished(self, kind: str, most: int) -> datetime | None:
        ended = select(RunRow.finished_at).where(
            RunRow.kind == kind, RunRow.state != "failed", RunRow.finished_at.is_not(None)
        )
        last = ended.order_by(RunRow.id.desc()).limit(most).subquery()
        newest: datetime | None = self.connection.scalar(select(func.max(last.c.finished_at)))
        return newest


@prepared
def _closed(_: Connection) -> Any:
    return update(table(IncidentRow)).where(*_this_one())


@prepared
def _open(_: Connection) -> Any:
    return select(table(IncidentRow).c.id).where(*_this_one())


def _this_one() -> tuple[Any, ...]:
    incidents = table(IncidentRow).c
    return incidents.kind == bindparam("what"), incidents.subject == bindparam("whose"), incidents.closed_at.is_(None)
