"""What events add up to: acts, meetings, stories and demands, with the way each came."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Big, Code, Count, Id


class ActRow(Base):
    """What several articles report. `uid` is given once and kept; a merged act points to where it went."""

    __tablename__ = "acts"
    __table_args__ = (
        Index(None, "day_last"),
        Index(None, "updated_at"),
        Index(
            "ix_acts_merged_into",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    uid: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    mode: Mapped[Code]
    status: Mapped[Code]
    title: Mapped[Code]
    parties: Mapped[Code]
    """codes, sorted, separated by blanks"""
    day_first: Mapped[date | None]
    day_last: Mapped[date | None]
    place: Mapped[Code]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    merged_into: Mapped[str | None]
    merge_reason: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None]
    """what linking remembers of the act, as earlier versions kept it"""
    memory: Mapped[bytes | None]
    """the same, compressed"""


class MeetingRow(Base):
    """A meeting that was announced, and where it stands now. `sequence` counts what a calendar must learn."""

    __tablename__ = "meetings"
    __table_args__ = (Index(None, "day_first"),)

    id: Mapped[Id]
    uid: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    """announced, confirmed, moved, held, cancelled or overdue"""
    title: Mapped[Code]
    parties: Mapped[Code]
    format: Mapped[Code]
    day_first: Mapped[date | None]
    day_last: Mapped[date | None]
    precision: Mapped[Code]
    place: Mapped[Code]
    country: Mapped[Code]
    outcome: Mapped[Code]
    sequence: Mapped[Count]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    merged_into: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None]


class MeetingChangeRow(Base):
    """One step in the life of a meeting, with the sentence that says so."""

    __tablename__ = "meeting_changes"
    __table_args__ = (Index(None, "meeting_id"), Index(None, "event_uid"))

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(Big, ForeignKey("meetings.id"))
    at: Mapped[datetime]
    state: Mapped[str]
    day_first: Mapped[date | None]
    day_last: Mapped[date | None]
    place: Mapped[Code]
    event_uid: Mapped[Code]
    article_id: Mapped[int | None] = mapped_column(Big, ForeignKey("articles.id"))
    quote: Mapped[Code]
    reason: Mapped[Code]


class StoryRow(Base):
    """A running matter: articles that belong together."""

    __tablename__ = "stories"
    __table_args__ = (Index(None, "updated_at"),)

    id: Mapped[Id]
    uid: Mapped[str] = mapped_column(unique=True)
    title: Mapped[Code]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    merged_into: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None]


class StoryArticleRow(Base):
    """Why an article belongs to a story."""

    __tablename__ = "story_articles"
    __table_args__ = (Index(None, "article_id"), {"sqlite_with_rowid": False})

    story_id: Mapped[int] = mapped_column(Big, ForeignKey("stories.id"), primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    reason: Mapped[Code]


class DemandRow(Base):
    """Who demanded what of whom, and how it was answered so far."""

    __tablename__ = "demands"
    __table_args__ = (Index(None, "updated_at"),)

    id: Mapped[Id]
    uid: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    """open, refused, conceded, conditioned or withdrawn"""
    demanders: Mapped[Code]
    addressees: Mapped[Code]
    content: Mapped[Code]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    merged_into: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None]


class DemandChangeRow(Base):
    """A demand, or an answer to it, in the words of an article."""

    __tablename__ = "demand_changes"
    __table_args__ = (Index(None, "demand_id"), Index(None, "event_uid"))

    id: Mapped[Id]
    demand_id: Mapped[int] = mapped_column(Big, ForeignKey("demands.id"))
    at: Mapped[datetime]
    day: Mapped[date | None]
    state: Mapped[str]
    by: Mapped[Code]
    event_uid: Mapped[Code]
    article_id: Mapped[int | None] = mapped_column(Big, ForeignKey("articles.id"))
    quote: Mapped[Code]
    reason: Mapped[Code]
