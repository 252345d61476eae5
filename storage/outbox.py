"""The outbox: alerts wait here, from the transaction that made them until their channel has taken them.

At least once, with a key that stays the same: a message is put together when it is first claimed, and what was put
together is only ever tried as that same message, by whoever claims it next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Select, and_, bindparam, func, literal, or_, select, update

from extractors.model import Alert
from storage.channels import OPEN, Channels, parked
from storage.statements import Turn, alone, among, locked, prepared, table, upsert
from storage.tables import ActRow, AlertRow, DeliveryRow, EventRow

_ALERT = TypeAdapter(Alert)
MOST_NAMES = 1000
"""in one statement, whose parameters are limited"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Alerts that go to a channel together. `key` is its idempotency key: the same in every attempt.

    `bundle` says why they are together: empty for a single alert, "group:…", "digest", "held", "later:…" (snoozed), or a
    name of the caller's.
    """

    key: str
    token: str
    channel: str
    bundle: str
    alerts: tuple[Alert, ...]
    attempts: int
    queued_at: datetime
    """when its first alert was queued; retries are bounded by age"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert as it was queued, and what people did about it."""

    alert: Alert
    article_id: int | None
    created_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    snoozed_until: datetime | None = None


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


class Outbox(Channels):
    """The verbs about alerts on their way and about their channels; reached as `archive.outbox`."""

    def queue(
        self,
        alerts: Sequence[Alert],
        channels: Sequence[str],
        now: datetime,
        *,
        article_id: int | None = None,
        together: str = "",
        pressing: bool = False,
    ) -> int:
        """Queue alerts for channels; returns how many alerts were new. A key that is known is never queued again.

        Alerts of one group that are due together go together. Those of a group that someone snoozed wait until that is
        over, unless they are `pressing`: what was told before is no longer true. Those without a group go with what else is due under the name `together`, or each alone.
        """
        each: dict[str, Alert] = {}
        for alert in alerts:
            each.setdefault(alert.key, alert)
        if not each:
            return 0
        told = [_alert_values(alert, now, article_id) for alert in each.values()]
        added = {row.key: row.id for row in self.connection.execute(_added(self.connection), told)}
        new = [alert for key, alert in each.items() if key in added]
        if new and channels:
            groups = set() if pressing else {alert.group for alert in new if alert.group}
            snoozed = self._snoozed(groups, now)
            self.connection.execute(
                _to_deliver(self.connection),
                [
                    _delivery_values(added[alert.key], alert, channel, now, together, snoozed=snoozed.get(alert.group))
                    for alert in new
                    for channel in channels
                ],
            )
        return len(new)

    def heard(self, keys: Sequence[str]) -> frozenset[str] | None:
        """The channels for which one of these alerts was, sent or not; None where no such alert was ever queued."""
        rows = self.connection.execute(_heard(self.connection), {"keys": keys}).all()
        return frozenset(row.channel for row in rows if row.channel is not None) if rows else None

    def tellings(self, keys: Iterable[str], *, sent: bool = False) -> list[tuple[Alert, frozenset[str]]]:
        """Those of the alerts that were ever queued, the newest first, each with the channels for which it was.

        With `sent` only the channels that have it, or may have: what still waits may yet be withdrawn.
        """
        asked = _tellings(self.connection)
        if sent:
            asked = asked.where(DeliveryRow.state != "withdrawn", DeliveryRow.attempts > 0)
        found: dict[int, tuple[Alert, set[str]]] = {}
        for row in self.connection.execute(asked, {"keys": sorted(keys)}):
            found.setdefault(row.id, (_ALERT.validate_python(row.alert), set()))[1].add(row.channel)
        return [(alert, frozenset(channels)) for alert, channels in found.values()]

    def asleep(self, groups: Collection[str], now: datetime) -> dict[str, frozenset[str]]:
        """Those of the groups that somebody wants to hear nothing of for a while, and of which types their alerts were."""
        found: dict[str, frozenset[str]] = {}
        for group in self._snoozed(groups, now):
            told = self.connection.scalars(select(AlertRow.alert).where(AlertRow.group == group))
            found[group] = frozenset(_ALERT.validate_python(one).type for one in told)
        return found

    def wake(self, group: str, now: datetime) -> None:
        """End the silence of a group; what it told meanwhile is due, as one message."""
        silent = AlertRow.group == group, AlertRow.snoozed_until > now
        self.connection.execute(update(AlertRow).where(*silent).values(snoozed_until=now))
        self._wake_at(group, now)

    def _wake_at(self, group: str, at: datetime) -> None:
        waits = DeliveryRow.bundle == _later(group), DeliveryRow.message.is_(None), DeliveryRow.state == "pending"
        self.connection.execute(update(DeliveryRow).where(*waits).values(next_at=at))

    def _snoozed(self, groups: Collection[str], now: datetime) -> dict[str, datetime]:
        """Those of the groups that somebody wants to hear nothing of for a while, and until when."""
        if not groups:
            return {}
        asked = {"of": sorted(groups), "now": now}
        return {row[0]: row[1] for row in self.connection.execute(_snoozed_now(self.connection), asked)}

    def claim(
        self,
        worker: str,
        limit: int,
        now: datetime,
        *,
        lease: timedelta,
        digest: bool = False,
        of: Collection[str] | None = None,
    ) -> tuple[Message, ...]:
        """Take up to `limit` messages that are due; nobody else gets them until `now + lease`.

        Alerts for the next digest are left alone; with `digest` only they are taken, one message for each channel. A
        digest that was put together is a message like any other: it does not wait for the next one to be tried again.
        Parked channels get nothing; with `of` only these get something.
        """
        # One claim at a time: two that each hold a part of one message would tear it in two.
        alone(self.connection, Turn.MESSAGES)
        messages: list[Message] = []
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

    def _assemble(self, first: Any, token: str, now: datetime, lease: timedelta) -> Message:
        if first.message is not None:
            mine = DeliveryRow.message == first.message
        elif first.bundle:
            waiting = and_(DeliveryRow.message.is_(None), DeliveryRow.state == "pending")
            mine = and_(DeliveryRow.channel == first.channel, DeliveryRow.bundle == first.bundle, waiting)
        else:
            mine = DeliveryRow.id == first.id
        asked = select(DeliveryRow.id).where(mine, DeliveryRow.state.in_(OPEN)).order_by(DeliveryRow.id)
        ids = list(self.connection.scalars(locked(self.connection, asked)))
        key = first.message or self._message_key(first.id, first.channel)
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

    def _message_key(self, delivery_id: int, channel: str) -> str:
        """From the first alert's key, so that it is the same wherever the archive came from."""
        asked = select(AlertRow.key).join(DeliveryRow, DeliveryRow.alert_id == AlertRow.id)
        alert = self.connection.execute(asked.where(DeliveryRow.id == delivery_id)).scalar_one()
        return "msg_" + hashlib.sha256(f"{alert}\x1f{channel}".encode()).hexdigest()[:24]

    def _message(self, key: str, token: str, first: Any) -> Message:
        rows = self.connection.execute(
            select(AlertRow.alert, DeliveryRow.queued_at, DeliveryRow.attempts)
            .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
            .where(DeliveryRow.message == key, DeliveryRow.lease_owner == token)
            .order_by(DeliveryRow.id)
        ).all()
        return Message(
            key=key,
            token=token,
            channel=first.channel,
            bundle=first.bundle,
            alerts=tuple(_ALERT.validate_python(row.alert) for row in rows),
            attempts=max(row.attempts for row in rows),
            queued_at=min(row.queued_at for row in rows),
        )

    def delivered(self, message: Message, now: datetime) -> bool:
        """The channel took it. False if the lease ran out and the message is someone else's (it may go twice)."""
        ours = self._end(message, state="delivered", ended_at=now, error=None)
        self.works(message.channel, now)
        return ours

    def retry(self, message: Message, at: datetime, error: str) -> bool:
        """Try it again at `at`."""
        return self._end(message, state="pending", next_at=at, error=error)

    def dead(self, message: Message, error: str, now: datetime) -> bool:
        """Give it up: it is listed as a dead letter until someone replays it."""
        return self._end(message, state="dead", ended_at=now, error=error)

    def hold(self, message: Message, until: datetime) -> bool:
        """Keep it back (quiet hours, a busy channel): all that was held for a channel goes as one message at `until`."""
        return self._end(
            message, state="pending", next_at=until, bundle="held", message=None, attempts=DeliveryRow.attempts - 1
        )

    def defer(self, message: Message, until: datetime) -> bool:
        """Leave it for later as the message that it is: it was tried before, and keeps its key."""
        return self._end(message, state="pending", next_at=until, attempts=DeliveryRow.attempts - 1)

    def rejected(self, message: Message) -> frozenset[str]:
        """The keys of its alerts whose act no report is believed of any more since a reviewer called it wrong."""
        asserting = [alert for alert in message.alerts if alert.act and alert.change != "withdrawn"]
        acts = sorted({alert.act for alert in asserting})
        gone = {uid for at in range(0, len(acts), MOST_NAMES) for uid in self._disbelieved(acts[at : at + MOST_NAMES])}
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

    def withdraw(self, message: Message, keys: Collection[str], now: datetime) -> Message:
        """Tell these alerts of it to nobody; returns the message without them."""
        theirs = DeliveryRow.alert_id.in_(select(AlertRow.id).where(AlertRow.key.in_(keys)))
        self._end(message, theirs, state="withdrawn", ended_at=now)
        return replace(message, alerts=tuple(alert for alert in message.alerts if alert.key not in keys))

    def told_since(self, channel: str, since: datetime, *, but: str = "") -> int:
        """Messages about acts that a channel got since then or is getting now, digests and held ones aside.

        `but` is the key of one that does not count.
        """
        told = or_(
            and_(DeliveryRow.state == "delivered", DeliveryRow.ended_at > since), DeliveryRow.state == "inflight"
        )
        asked = select(func.count(DeliveryRow.message.distinct())).where(
            DeliveryRow.channel == channel, told, DeliveryRow.bundle.startswith("group:"), DeliveryRow.message != but
        )
        return self.connection.scalar(asked) or 0

    def calm(self, article_ids: Sequence[int]) -> int:
        """Let what these articles told and nobody was sent yet wait for the digest; returns the deliveries."""
        theirs = select(AlertRow.id).where(AlertRow.article_id.in_(article_ids))
        return self.connection.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.alert_id.in_(theirs),
                DeliveryRow.state == "pending",
                DeliveryRow.message.is_(None),
                DeliveryRow.bundle != "digest",
            )
            .values(bundle="digest")
        ).rowcount

    def to_digest(self, message: Message) -> bool:
        """Put its alerts into the channel's next digest instead (throttled)."""
        return self._end(message, state="pending", bundle="digest", message=None, attempts=DeliveryRow.attempts - 1)

    def _end(self, sent: Message, /, *only: Any, **changes: Any) -> bool:
        done = self.connection.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.message == sent.key,
                DeliveryRow.lease_owner == sent.token,
                DeliveryRow.state == "inflight",
                *only,
            )
            .values(lease_owner=None, lease_until=None, **changes)
        )
        return done.rowcount > 0

    # Afterwards

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
                alert=_ALERT.validate_python(row.alert),
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

    def acknowledge(self, key: str, author: str, now: datetime) -> bool:
        """Note that someone has it; False for an unknown key. The first acknowledgement stands."""
        done = self.connection.execute(
            update(AlertRow)
            .where(AlertRow.key == key)
            .values(
                # A bare value in a function has no type of ours: SQLite would keep it as text, which nobody can read back.
                acknowledged_at=func.coalesce(AlertRow.acknowledged_at, literal(now, AlertRow.acknowledged_at.type)),
                acknowledged_by=func.coalesce(AlertRow.acknowledged_by, author),
            )
        )
        return done.rowcount == 1

    def snooze(self, key: str, until: datetime) -> bool:
        """Send no more alerts of this alert's group until then, to nobody; False for an unknown key."""
        changed = update(AlertRow).where(AlertRow.key == key).values(snoozed_until=until).returning(AlertRow.group)
        group = self.connection.scalar(changed)
        if group:
            self._wake_at(group, until)
        return group is not None

    def alert(self, key: str) -> Alert | None:
        told = self.told(key)
        return None if told is None else told.alert

    def told(self, key: str) -> Told | None:
        """An alert and what people did about it; None for an unknown key."""
        row = self.connection.execute(select(AlertRow.__table__).where(AlertRow.key == key)).one_or_none()
        if row is None:
            return None
        return Told(
            alert=_ALERT.validate_python(row.alert),
            article_id=row.article_id,
            created_at=row.created_at,
            acknowledged_at=row.acknowledged_at,
            acknowledged_by=row.acknowledged_by or "",
            snoozed_until=row.snoozed_until,
        )

    def counts(self, channel: str | None = None) -> dict[str, int]:
        """Deliveries by state, to all channels or to one."""
        asked = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        if channel is not None:
            asked = asked.where(DeliveryRow.channel == channel)
        return {row[0]: row[1] for row in self.connection.execute(asked)}

    def oldest_pending(self, now: datetime) -> datetime | None:
        """Since when the delivery has been due that waits longest; None if nothing is due.

        Not since it was queued: what quiet hours held, or what is tried again, waited as it should.
        """
        return self.connection.scalar(
            select(func.min(DeliveryRow.next_at)).where(
                DeliveryRow.state.in_(OPEN),
                DeliveryRow.bundle != "digest",
                DeliveryRow.next_at <= now,
                DeliveryRow.channel.not_in(parked()),
            )
        )

    def oldest_for_digest(self) -> datetime | None:
        """Since when the alert has waited that waits longest for a digest; None if none does."""
        return self.connection.scalar(
            select(func.min(DeliveryRow.queued_at)).where(
                DeliveryRow.state == "pending",
                DeliveryRow.bundle == "digest",
                DeliveryRow.message.is_(None),
                DeliveryRow.channel.not_in(parked()),
            )
        )


def _claimable(now: datetime, digest: bool) -> tuple[Any, ...]:
    ready = or_(
        and_(DeliveryRow.state == "pending", DeliveryRow.next_at <= now),
        and_(DeliveryRow.state == "inflight", DeliveryRow.lease_until <= now),
    )
    told = or_(DeliveryRow.bundle != "digest", DeliveryRow.message.is_not(None))
    return ready, DeliveryRow.bundle == "digest" if digest else told, DeliveryRow.channel.not_in(parked())


@prepared
def _added(connection: Connection) -> Any:
    alerts = table(AlertRow)
    return upsert(connection, alerts).on_conflict_do_nothing().returning(alerts.c.id, alerts.c.key)


@prepared
def _to_deliver(connection: Connection) -> Any:
    return upsert(connection, table(DeliveryRow)).on_conflict_do_nothing()


@prepared
def _heard(_: Connection) -> Any:
    alerts, deliveries = table(AlertRow), table(DeliveryRow)
    both = alerts.join(deliveries, deliveries.c.alert_id == alerts.c.id, isouter=True)
    asked = select(alerts.c.id, deliveries.c.channel).select_from(both)
    return asked.where(alerts.c.key.in_(bindparam("keys", expanding=True)))


@prepared
def _tellings(_: Connection) -> Any:
    alerts, deliveries = table(AlertRow), table(DeliveryRow)
    both = alerts.join(deliveries, deliveries.c.alert_id == alerts.c.id)
    asked = select(alerts.c.id, alerts.c.alert, deliveries.c.channel).select_from(both)
    return asked.where(alerts.c.key.in_(bindparam("keys", expanding=True))).order_by(alerts.c.id.desc())


@prepared
def _snoozed_now(_: Connection) -> Any:
    alerts = table(AlertRow)
    theirs = alerts.c.group.in_(bindparam("of", expanding=True))
    until = select(alerts.c.group, func.max(alerts.c.snoozed_until))
    return until.where(theirs, alerts.c.snoozed_until > bindparam("now")).group_by(alerts.c.group)


def _alert_values(alert: Alert, now: datetime, article_id: int | None) -> dict[str, Any]:
    return {
        "key": alert.key,
        "group": alert.group,
        "article_id": article_id,
        "alert": _ALERT.dump_python(alert, mode="json", exclude_defaults=True),
        "created_at": now,
    }


def _delivery_values(
    alert_id: int,
    alert: Alert,
    channel: str,
    now: datetime,
    together: str,
    *,
    snoozed: datetime | None,
) -> dict[str, Any]:
    if snoozed is not None:
        bundle, due = _later(alert.group), snoozed
    elif alert.digest:
        bundle, due = "digest", now
    elif alert.group:
        bundle, due = f"group:{alert.group}", now
    else:
        bundle, due = together, now
    values = {"alert_id": alert_id, "channel": channel, "bundle": bundle, "state": "pending"}
    return values | {"queued_at": now, "next_at": due}


def _later(group: str) -> str:
    """What a snoozed group's alerts wait together as."""
    return f"later:{group}"
