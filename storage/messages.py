"""Messages: alerts of the outbox that go to a channel together, from their first claim to their end.

They are delivered at least once. A message is put together when it is first claimed; from then on its alerts are only
tried as that message, under the same key, by whichever worker claims it next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, and_, func, or_, select, update

from extractors.model import WITHDRAWN, Alert
from storage.channels import OPEN, Channels, parked, unsent
from storage.statements import Turn, alone, among, in_pieces, locked
from storage.tables import ActRow, AlertRow, DeliveryRow, EventRow

ALERT = TypeAdapter(Alert)

DIGEST, HELD, GROUP, LATER = "digest", "held", "group:", "later:"
"""Bundles; behind the last two stands the group, of which the one is due and the other is snoozed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """Alerts that go to a channel together. `key` is its idempotency key: the same in every attempt.

    `bundle` says why they are together: empty for a single alert, one of the names above, or a name of the caller's.
    """

    key: str
    token: str
    channel: str
    bundle: str
    alerts: tuple[Alert, ...]
    attempts: int
    queued_at: datetime
    """when its first alert was queued; retries are bounded by age"""

    @property
    def of_group(self) -> bool:
        """Whether it is about acts as they came: no digest, nothing that was held, and nothing for operators."""
        return self.bundle.startswith(GROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A delivery that was given up."""

    id: int
    channel: str
    alert: Alert
    error: str
    attempts: int
    queued_at: datetime
    ended_at: datetime


class Messages(Channels):
    """The verbs about messages on their way; `Outbox` has them."""

    def claim(
        self,
        worker: str,
        limit: int,
        now: datetime,
        *,
        lease: timedelta,
        digest: bool = False,
        of: Collection[str] | None = None,
    ) -> tuple[Queued, ...]:
        """Take up to `limit` messages that are due; nobody else gets them until `now + lease`.

        Alerts for the next digest are left alone; with `digest` only they are taken, one message for each channel. A
        digest that was put together is a message like any other: it does not wait for the next one to be tried again.
        Parked channels get nothing; with `of` only these get something.
        """
        # One claim at a time: two that each hold a part of one message would tear it in two.
        alone(self.connection, Turn.MESSAGES)
        messages: list[Queued] = []
        while len(messages) < limit:
            first = self.connection.execute(locked(self.connection, self._due(now, digest, of), skip=True)).first()
            if first is None:
                break
            messages.append(self._assemble(first, f"{worker}/{(now + lease).isoformat()}", now, lease))
        return tuple(messages)

    def _due(self, now: datetime, digest: bool, of: Collection[str] | None) -> Select[Any]:
        asked = select(DeliveryRow.__table__).where(*_claimable(now, digest))
        if of is not None:
            asked = asked.where(DeliveryRow.channel.in_(of))
        return asked.order_by(DeliveryRow.next_at, DeliveryRow.id).limit(1)

    def waiting(self, now: datetime, *, digest: bool = False) -> dict[str, datetime]:
        """By channel, since when there has been something that could be claimed."""
        asked = select(DeliveryRow.channel, func.min(DeliveryRow.next_at)).where(*_claimable(now, digest))
        return {row[0]: row[1] for row in self.connection.execute(asked.group_by(DeliveryRow.channel))}

    def _assemble(self, first: Any, token: str, now: datetime, lease: timedelta) -> Queued:
        if first.message is not None:
            mine = DeliveryRow.message == first.message
        elif first.bundle:
            mine = and_(DeliveryRow.channel == first.channel, DeliveryRow.bundle == first.bundle, *unsent())
        else:
            mine = DeliveryRow.id == first.id
        asked = select(DeliveryRow.id).where(mine, DeliveryRow.state.in_(OPEN)).order_by(DeliveryRow.id)
        ids = list(self.connection.scalars(locked(self.connection, asked)))
        key = first.message or self._message_key(ids, first.channel)
        self.connection.execute(
            update(DeliveryRow)
            .where(among(self.connection, DeliveryRow.id, ids))
            .values(
                message=key,
                state="inflight",
                lease_owner=token,
                lease_until=now + lease,
                attempts=DeliveryRow.attempts + 1,
            )
        )
        return self._message(key, token, first)

    def _message_key(self, delivery_ids: Sequence[int], channel: str) -> str:
        """From the keys of all its alerts: the same wherever the archive came from, and another where one more came with them.

        Of a message that begins as one before the backup did a receiver would drop what is new.
        """
        asked = select(AlertRow.key).join(DeliveryRow, DeliveryRow.alert_id == AlertRow.id)
        keys = self.connection.scalars(asked.where(among(self.connection, DeliveryRow.id, delivery_ids)))
        return "msg_" + hashlib.sha256("\x1f".join([*sorted(keys), channel]).encode()).hexdigest()[:24]

    def _message(self, key: str, token: str, first: Any) -> Queued:
        rows = self.connection.execute(
            select(AlertRow.alert, DeliveryRow.queued_at, DeliveryRow.attempts)
            .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
            .where(DeliveryRow.message == key, DeliveryRow.lease_owner == token)
            .order_by(DeliveryRow.id)
        ).all()
        return Queued(
            key=key,
            token=token,
            channel=first.channel,
            bundle=first.bundle,
            alerts=tuple(ALERT.validate_python(row.alert) for row in rows),
            attempts=max(row.attempts for row in rows),
            queued_at=min(row.queued_at for row in rows),
        )

    def extend(self, message: Queued, now: datetime, *, lease: timedelta) -> bool:
        """Have it until `now + lease`. False if the lease ran out and the message is someone else's."""
        held = update(DeliveryRow).where(*_held(message)).values(lease_until=now + lease)
        return self.connection.execute(held).rowcount > 0

    def delivered(self, message: Queued, now: datetime) -> bool:
        """The channel took it. False if the lease ran out and the message is someone else's (it may go twice)."""
        ours = self._end(message, state="delivered", ended_at=now, error=None)
        self.works(message.channel, now)
        return ours

    def retry(self, message: Queued, at: datetime, error: str) -> bool:
        """Try it again at `at`."""
        return self._end(message, state="pending", next_at=at, error=error)

    def dead(self, message: Queued, error: str, now: datetime) -> bool:
        """Give it up: it is listed as a dead letter until someone replays it."""
        return self._end(message, state="dead", ended_at=now, error=error)

    def hold(self, message: Queued, until: datetime) -> bool:
        """Keep it back (quiet hours, a busy channel): all that was held for a channel goes as one message at `until`."""
        return self._end(
            message, state="pending", next_at=until, bundle=HELD, message=None, attempts=DeliveryRow.attempts - 1
        )

    def defer(self, message: Queued, until: datetime) -> bool:
        """Leave it for later as the message that it is: it was tried before, and keeps its key."""
        return self._end(message, state="pending", next_at=until, attempts=DeliveryRow.attempts - 1)

    def to_digest(self, message: Queued) -> bool:
        """Put its alerts into the channel's next digest instead (throttled)."""
        return self._end(message, state="pending", bundle=DIGEST, message=None, attempts=DeliveryRow.attempts - 1)

    def withdraw(self, message: Queued, keys: Collection[str], now: datetime) -> Queued:
        """Tell these alerts of it to nobody; returns the message without them."""
        theirs = DeliveryRow.alert_id.in_(select(AlertRow.id).where(AlertRow.key.in_(keys)))
        self._end(message, theirs, state="withdrawn", ended_at=now)
        return replace(message, alerts=tuple(alert for alert in message.alerts if alert.key not in keys))

    def rejected(self, message: Queued) -> frozenset[str]:
        """The keys of its alerts whose act has no believed report left, and lost one of them to a reviewer."""
        asserting = [alert for alert in message.alerts if alert.act and alert.change != WITHDRAWN]
        acts = sorted({alert.act for alert in asserting})
        gone = {uid for some in in_pieces(acts) for uid in self._disbelieved(some)}
        return frozenset(alert.key for alert in asserting if alert.act in gone)

    def _disbelieved(self, acts: Sequence[str]) -> Iterable[str]:
        believed = func.count().filter(EventRow.known_to.is_(None))
        corrected = func.count().filter(EventRow.ended_by == "correction")
        asked = (
            select(ActRow.uid)
            .join(EventRow, EventRow.act_id == ActRow.id)
            .where(ActRow.uid.in_(acts))
            .group_by(ActRow.uid)
            .having(and_(believed == 0, corrected > 0))
        )
        return self.connection.scalars(asked)

    def told_since(self, channel: str, since: datetime, *, but: str = "") -> int:
        """Messages about acts that a channel got since then or is getting now, digests and held ones aside.

        `but` is the key of one that does not count.
        """
        told = or_(
            and_(DeliveryRow.state == "delivered", DeliveryRow.ended_at > since), DeliveryRow.state == "inflight"
        )
        asked = select(func.count(DeliveryRow.message.distinct())).where(
            DeliveryRow.channel == channel, told, DeliveryRow.bundle.startswith(GROUP), DeliveryRow.message != but
        )
        return self.connection.scalar(asked) or 0

    def _end(self, sent: Queued, /, *only: Any, **changes: Any) -> bool:
        done = self.connection.execute(
            update(DeliveryRow).where(*_held(sent), *only).values(lease_owner=None, lease_until=None, **changes)
        )
        return done.rowcount > 0

    def dead_letters(self, *, channel: str | None = None, limit: int | None = 100) -> tuple[DeadLetter, ...]:
        """Deliveries that were given up, newest first."""
        asked = (
            select(DeliveryRow.__table__, AlertRow.alert)
            .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
            .where(DeliveryRow.state == "dead")
            .order_by(DeliveryRow.id.desc())
            .limit(limit)
        )
        if channel is not None:
            asked = asked.where(DeliveryRow.channel == channel)
        return tuple(
            DeadLetter(
                id=row.id,
                channel=row.channel,
                alert=ALERT.validate_python(row.alert),
                error=row.error or "",
                attempts=row.attempts,
                queued_at=row.queued_at,
                ended_at=row.ended_at,
            )
            for row in self.connection.execute(asked)
        )

    def replay(self, now: datetime, *, ids: Sequence[int] | None = None, channel: str | None = None) -> int:
        """Queue dead letters again (all, some, or a channel's), with their old keys; returns how many.

        Their age counts from now: they would otherwise be given up at once again.
        """
        asked = update(DeliveryRow).where(DeliveryRow.state == "dead")
        if ids is not None:
            asked = asked.where(DeliveryRow.id.in_(ids))
        if channel is not None:
            asked = asked.where(DeliveryRow.channel == channel)
        done = self.connection.execute(
            asked.values(state="pending", next_at=now, queued_at=now, attempts=0, ended_at=None, error=None)
        )
        return done.rowcount


def _held(message: Queued) -> tuple[Any, ...]:
    """Its deliveries, while it is still the worker's that claimed it."""
    return (
        DeliveryRow.message == message.key,
        DeliveryRow.lease_owner == message.token,
        DeliveryRow.state == "inflight",
    )


def _claimable(now: datetime, digest: bool) -> tuple[Any, ...]:
    ready = or_(
        and_(DeliveryRow.state == "pending", DeliveryRow.next_at <= now),
        and_(DeliveryRow.state == "inflight", DeliveryRow.lease_until <= now),
    )
    told = or_(DeliveryRow.bundle != DIGEST, DeliveryRow.message.is_not(None))
    return ready, DeliveryRow.bundle == DIGEST if digest else told, DeliveryRow.channel.not_in(parked())
