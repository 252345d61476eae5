"""The outbox: alerts wait here, from the transaction that made them until their channel has taken them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal, select, update

from extractors.model import Alert
from storage.channels import OPEN, parked, unsent
from storage.messages import ALERT, DIGEST, GROUP, LATER, Messages
from storage.statements import prepared, table, upsert
from storage.tables import AlertRow, DeliveryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedAlert:
    """An alert as it was queued, and what people did about it."""

    alert: Alert
    article_id: int | None
    created_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    snoozed_until: datetime | None = None


class Outbox(Messages):
    """The verbs about alerts, what people do about them, and their way to the channels; reached as `archive.outbox`."""

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

        Alerts of one group that are due together go as one message. Those without a group go with what else is due
        under the name `together`, or each alone if that is empty. Those of a snoozed group wait until the snooze is
        over, unless they are `pressing`: what was told before no longer holds.
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

    def queued_since(self, since: datetime, limit: int) -> list[Mapping[str, Any]]:
        """The first alerts that were queued since then, as JSON of `Alert` without its defaults."""
        asked = select(AlertRow.alert).where(AlertRow.created_at >= since).order_by(AlertRow.id).limit(limit)
        return list(self.connection.scalars(asked))

    def heard(self, keys: Sequence[str]) -> frozenset[str] | None:
        """The channels that one of these alerts was queued for, sent or not; None if none of them was ever queued."""
        rows = self.connection.execute(_heard(self.connection), {"keys": keys}).all()
        return frozenset(row.channel for row in rows if row.channel is not None) if rows else None

    def tellings(self, keys: Iterable[str], *, sent: bool = False) -> list[tuple[Alert, frozenset[str]]]:
        """Those of these alerts that were ever queued, newest first, each with the channels that it was queued for.

        With `sent` only channels that have it, or may have it: what still waits may yet be withdrawn.
        """
        asked = _tellings(self.connection)
        if sent:
            asked = asked.where(DeliveryRow.state != "withdrawn", DeliveryRow.attempts > 0)
        found: dict[int, tuple[Alert, set[str]]] = {}
        for row in self.connection.execute(asked, {"keys": sorted(keys)}):
            found.setdefault(row.id, (ALERT.validate_python(row.alert), set()))[1].add(row.channel)
        return [(alert, frozenset(channels)) for alert, channels in found.values()]

    def asleep(self, groups: Collection[str], now: datetime) -> dict[str, frozenset[str]]:
        """The snoozed ones of these groups, each with the types of its alerts."""
        found: dict[str, frozenset[str]] = {}
        for group in self._snoozed(groups, now):
            told = self.connection.scalars(select(AlertRow.alert).where(AlertRow.group == group))
            found[group] = frozenset(ALERT.validate_python(one).type for one in told)
        return found

    def wake(self, group: str, now: datetime) -> None:
        """End the silence of a group; what it told meanwhile is due, as one message."""
        silent = AlertRow.group == group, AlertRow.snoozed_until > now
        self.connection.execute(update(AlertRow).where(*silent).values(snoozed_until=now))
        self._wake_at(group, now)

    def snooze(self, key: str, until: datetime) -> bool:
        """Send no more alerts of this alert's group until then, to nobody; False for an unknown key."""
        changed = update(AlertRow).where(AlertRow.key == key).values(snoozed_until=until).returning(AlertRow.group)
        group = self.connection.scalar(changed)
        if group:
            self._wake_at(group, until)
        return group is not None

    def _snoozed(self, groups: Collection[str], now: datetime) -> dict[str, datetime]:
        """The snoozed ones of these groups, and until when."""
        if not groups:
            return {}
        asked = {"of": sorted(groups), "now": now}
        return {row[0]: row[1] for row in self.connection.execute(_snoozed_now(self.connection), asked)}

    def _wake_at(self, group: str, at: datetime) -> None:
        waits = DeliveryRow.bundle == _later(group), *unsent()
        self.connection.execute(update(DeliveryRow).where(*waits).values(next_at=at))

    def calm(self, article_ids: Sequence[int]) -> int:
        """Move what these articles told and nobody was sent yet into the digest; returns how many deliveries."""
        theirs = select(AlertRow.id).where(AlertRow.article_id.in_(article_ids))
        return self.connection.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.alert_id.in_(theirs),
                DeliveryRow.bundle != DIGEST,
                *unsent(),
            )
            .values(bundle=DIGEST)
        ).rowcount

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

    def alert(self, key: str) -> Alert | None:
        told = self.told(key)
        return None if told is None else told.alert

    def told(self, key: str) -> QueuedAlert | None:
        """An alert and what people did about it; None for an unknown key."""
        row = self.connection.execute(select(AlertRow.__table__).where(AlertRow.key == key)).one_or_none()
        if row is None:
            return None
        return QueuedAlert(
            alert=ALERT.validate_python(row.alert),
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
                DeliveryRow.bundle != DIGEST,
                DeliveryRow.next_at <= now,
                DeliveryRow.channel.not_in(parked()),
            )
        )

    def oldest_for_digest(self) -> datetime | None:
        """Since when the alert has waited that waits longest for a digest; None if none does."""
        return self.connection.scalar(
            select(func.min(DeliveryRow.queued_at)).where(
                DeliveryRow.bundle == DIGEST,
                DeliveryRow.channel.not_in(parked()),
                *unsent(),
            )
        )


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
        "alert": ALERT.dump_python(alert, mode="json", exclude_defaults=True),
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
        bundle, due = DIGEST, now
    elif alert.group:
        bundle, due = f"{GROUP}{alert.group}", now
    else:
        bundle, due = together, now
    values = {"alert_id": alert_id, "channel": channel, "bundle": bundle, "state": "pending"}
    return values | {"queued_at": now, "next_at": due}


def _later(group: str) -> str:
    """The bundle in which a snoozed group's alerts wait."""
    return f"{LATER}{group}"
