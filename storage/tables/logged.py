"""What the service notes of itself: runs, incidents, small facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Code, Id


class RunRow(Base):
    """One pass of a flow, and its accounts."""

    __tablename__ = "runs"
    __table_args__ = (Index(None, "kind", "started_at"),)

    id: Mapped[Id]
    kind: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    state: Mapped[str]
    accounts: Mapped[dict[str, Any] | None]
    note: Mapped[Code]


class IncidentRow(Base):
    """A failure that would be silent otherwise. Open until closed; seen again it only counts."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "uq_incidents_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject: Mapped[str]
    message: Mapped[str]
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(server_default="1")
    """how often it was seen while it was open"""
    closed_at: Mapped[datetime | None]


class NoteRow(Base):
    """A small fact that outlives a pass, by its name; see `storage.notes`."""

    __tablename__ = "notes"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    at: Mapped[datetime]
