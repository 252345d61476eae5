"""What people said of it: corrections of events, answers to alerts, samples to look at, and what was learned of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Big, Code, Id, Ref


class CorrectionRow(Base):
    """A reviewer's word on an event, anchored to the article and the evidence span so that it outlives a recode."""

    __tablename__ = "corrections"
    __table_args__ = (Index(None, "article_id"),)

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(Big, ForeignKey("articles.id"))
    version_id: Mapped[Ref]
    event_uid: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    quote: Mapped[str]
    verdict: Mapped[str]
    """right, wrong or changed"""
    machine: Mapped[dict[str, Any]]
    """the event as the machine had it"""
    changed: Mapped[dict[str, Any] | None]
    """the event as the reviewer has it"""
    author: Mapped[str]
    comment: Mapped[Code]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    attached: Mapped[bool] = mapped_column(server_default=text("true"))
    """false: after a recode no event overlaps the span, and someone has to look"""


class LabelRow(Base):
    """An answer to an alert: right, wrong or not my matter. Training data for the relevance model."""

    __tablename__ = "labels"

    id: Mapped[Id]
    article_id: Mapped[int | None] = mapped_column(Big, ForeignKey("articles.id"))
    alert_key: Mapped[Code]
    dossier: Mapped[Code]
    label: Mapped[str]
    author: Mapped[Code]
    at: Mapped[datetime]


class SampleRow(Base):
    """A rejected article that somebody is to look at in a week (`2031-W10`): what was missed is else never seen."""

    __tablename__ = "samples"
    __table_args__ = ({"sqlite_with_rowid": False},)

    week: Mapped[str] = mapped_column(primary_key=True)
    dossier: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)


class RefitRow(Base):
    """What the answers made of a dossier's relevance model, promoted or not, with the figures that decided.

    `base` is the version of the dossier that it was fitted on: it holds for no other.
    """

    __tablename__ = "refits"
    __table_args__ = (Index(None, "dossier", "id"),)

    id: Mapped[Id]
    dossier: Mapped[str]
    base: Mapped[str]
    at: Mapped[datetime]
    answers: Mapped[int]
    promoted: Mapped[bool]
    figures: Mapped[dict[str, Any]]
    weights: Mapped[bytes | None]
    """compressed JSON, of a promoted one"""


class HolderRow(Base):
    """What an operator said of an office holder whom no table has. Of one name and code the last word counts, and a refusal
    ends all that was said of the name before."""

    __tablename__ = "holders"

    id: Mapped[Id]
    name: Mapped[str]
    verdict: Mapped[str]
    """confirmed or refused"""
    code: Mapped[Code]
    office: Mapped[Code]
    since: Mapped[date | None]
    until: Mapped[date | None]
    author: Mapped[str]
    at: Mapped[datetime]
