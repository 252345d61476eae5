"""What is told and to whom: alerts, their deliveries, channels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Big, Code, Count, Id


class AlertRow(Base):
    """Something worth telling, once. `snoozed_until` quietens its group; `acknowledged_at` only says that someone has it."""

    __tablename__ = "alerts"
    __table_args__ = (Index(None, "group", "id"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    group: Mapped[Code]
    article_id: Mapped[int | None] = mapped_column(Big, ForeignKey("articles.id"))
    alert: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    snoozed_until: Mapped[datetime | None]


class DeliveryRow(Base):
    """An alert on its way to one channel: pending → inflight (lease) → delivered, dead or withdrawn."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("alert_id", "channel"),
        Index(
            "ix_deliveries_open",
            "next_at",
            sqlite_where=text("state IN ('pending', 'inflight')"),
            postgresql_where=text("state IN ('pending', 'inflight')"),
        ),
        Index(None, "message"),
    )

    id: Mapped[Id]
    alert_id: Mapped[int] = mapped_column(Big, ForeignKey("alerts.id"))
    channel: Mapped[str]
    bundle: Mapped[Code]
    """what waits together: empty, group:…, digest, held, later:… or operators"""
    message: Mapped[str | None]
    """the message it was first tried in; retried only as that, so that its key stays the same"""
    state: Mapped[str]
    attempts: Mapped[Count]
    queued_at: Mapped[datetime]
    next_at: Mapped[datetime]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    error: Mapped[str | None]


class ChannelRow(Base):
    """A channel's health. A parked channel gets nothing until it is unparked; its alerts wait."""

    __tablename__ = "channels"

    name: Mapped[str] = mapped_column(primary_key=True)
    parked_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    failures: Mapped[Count]
    """failed messages in a row"""
    failing_since: Mapped[datetime | None]
    gone: Mapped[Count]
    """answers 410 in a row"""
    ok_at: Mapped[datetime | None]
