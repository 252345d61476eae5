"""The channels that alerts go to: which of them take what they are sent, and which are parked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from storage.statements import record, upsert
from storage.tables import ChannelRow, DeliveryRow

OPEN = ("pending", "inflight")
"""The states of a delivery that has not ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """A channel's health: `failures` and `gone` (answers 410) are counted in a row."""

    name: str
    parked_at: datetime | None = None
    reason: str = ""
    failures: int = 0
    failing_since: datetime | None = None
    gone: int = 0
    ok_at: datetime | None = None


class Channels:
    """The verbs about channels; `Outbox` has them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def channel(self, name: str) -> ChannelState:
        row = self.connection.execute(select(ChannelRow.__table__).where(ChannelRow.name == name)).one_or_none()
        return ChannelState(name=name) if row is None else _channel_state(row)

    def channels(self) -> tuple[ChannelState, ...]:
        rows = self.connection.execute(select(ChannelRow.__table__).order_by(ChannelRow.name))
        return tuple(_channel_state(row) for row in rows)

    def troubles(self) -> Mapping[str, str]:
        """By channel, what was said last when something that still waits for it was not taken."""
        tried = DeliveryRow.state.in_(OPEN), DeliveryRow.error.is_not(None)
        rows = select(DeliveryRow.channel, DeliveryRow.error).where(*tried).order_by(DeliveryRow.next_at)
        return {row.channel: str(row.error) for row in self.connection.execute(rows)}

    def works(self, name: str, now: datetime) -> None:
        """A channel took something."""
        self._channel(name, failures=0, failing_since=None, gone=0, ok_at=now)

    def failed(self, name: str, now: datetime, *, gone: bool = False) -> ChannelState:
        """A channel did not take something; `gone`: it answered 410. Returns how it stands now."""
        state = self.channel(name)
        state = replace(
            state,
            failures=state.failures + 1,
            failing_since=state.failing_since or now,
            gone=state.gone + 1 if gone else 0,
        )
        self._channel(name, failures=state.failures, failing_since=state.failing_since, gone=state.gone)
        return state

    def park_channel(self, name: str, reason: str, now: datetime) -> None:
        """Send nothing more to a channel; what waits for it goes on waiting."""
        self._channel(name, parked_at=now, reason=reason)

    def unpark_channel(self, name: str, now: datetime) -> None:
        """Let a channel work again. The age of what waited for it counts from now, as after `replay`."""
        waited = DeliveryRow.channel == name, DeliveryRow.state.in_(OPEN)
        self.connection.execute(update(DeliveryRow).where(*waited).values(queued_at=now))
        self.connection.execute(update(DeliveryRow).where(*waited, DeliveryRow.next_at < now).values(next_at=now))
        self._channel(name, parked_at=None, reason=None, failures=0, failing_since=None, gone=0)

    def _channel(self, name: str, **changes: Any) -> None:
        self.connection.execute(
            upsert(self.connection, ChannelRow)
            .values(name=name, **changes)
            .on_conflict_do_update(index_elements=["name"], set_=changes)
        )


def unsent() -> tuple[Any, ...]:
    """Of deliveries that are in no message yet."""
    return DeliveryRow.state == "pending", DeliveryRow.message.is_(None)


def parked() -> Select[Any]:
    """The names of channels that get nothing."""
    return select(ChannelRow.name).where(ChannelRow.parked_at.is_not(None))


def _channel_state(row: Any) -> ChannelState:
    return record(ChannelState, row, reason=row.reason or "")
