"""What was read in an article and what was made of it: versions, assessments, events with their roles and pairs, quotes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Big, Code, Digest, Id, Ref, Small


class CoderRow(Base):
    """A version of our rules and data, as it stands on every assessment and event."""

    __tablename__ = "coders"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)


class VersionRow(Base):
    """One reading of an article, keyed by `stand` and text. `text` is compressed and expires; the rest stays."""

    __tablename__ = "versions"
    __table_args__ = (
        UniqueConstraint("article_id", "key"),
        Index(
            "ix_versions_text",
            "kept_at",
            sqlite_where=text("text IS NOT NULL"),
            postgresql_where=text("text IS NOT NULL"),
        ),
        Index(
            "ix_versions_coder",
            "coder_id",
            sqlite_where=text("text IS NOT NULL"),
            postgresql_where=text("text IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(Big, ForeignKey("articles.id"))
    number: Mapped[Small]
    key: Mapped[Digest]
    url: Mapped[str | None]
    """where the last redirect ended, if that is not the article's URL"""
    headline: Mapped[str]
    kicker: Mapped[Code]
    byline: Mapped[Code]
    dateline: Mapped[Code]
    extractor: Mapped[Code]
    published_at: Mapped[datetime | None]
    stand: Mapped[datetime | None]
    fetched_at: Mapped[datetime]
    kept_at: Mapped[datetime]
    length: Mapped[int]
    text_digest: Mapped[Digest]
    text: Mapped[bytes | None]
    marks: Mapped[bytes | None]
    """the text's fingerprint, four bytes a mark: copies are recognised by it"""
    layout: Mapped[Code]
    """the kinds of the text's lines, one letter each (h, t, s, p), or parts as JSON where lines do not tell"""
    coder_id: Mapped[int | None] = mapped_column(Big, ForeignKey("coders.id"))


class AssessmentRow(Base):
    """What a dossier made of an article; reasons only where it was not simply beside the matter."""

    __tablename__ = "assessments"
    __table_args__ = (
        Index(
            "ix_assessments_dossier",
            "dossier",
            "grade",
            "article_id",
            sqlite_where=text("grade > 0"),
            postgresql_where=text("grade > 0"),
        ),
        {"sqlite_with_rowid": False},
    )

    article_id: Mapped[int] = mapped_column(Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    dossier: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[float]
    grade: Mapped[Small]
    rule_grade: Mapped[Small]
    coder_id: Mapped[int | None] = mapped_column(Big, ForeignKey("coders.id"))
    reasons: Mapped[list[Any] | None]
    sentences: Mapped[list[Any] | None]


class EventRow(Base):
    """Who did what to whom, as one version of an article says it. `uid` is the hash of the coding."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "uid"),
        Index(None, "version_id"),
        Index(None, "type", "id"),
        Index(None, "day", "id"),
        Index(None, "act_id"),
        *(
            Index(
                f"ix_events_{name}",
                name,
                sqlite_where=text(f"{name} IS NOT NULL"),
                postgresql_where=text(f"{name} IS NOT NULL"),
            )
            for name in ("place", "country")
        ),
    )

    id: Mapped[Id]
    uid: Mapped[str]
    version_id: Mapped[int] = mapped_column(Big, ForeignKey("versions.id"))
    article_id: Mapped[int] = mapped_column(Big, ForeignKey("articles.id"))
    type: Mapped[str]
    mode: Mapped[str | None]
    status: Mapped[str]
    day: Mapped[date | None]
    """first day of the event's own time, or else the day of the report"""
    when_first: Mapped[date | None]
    when_last: Mapped[date | None]
    when_precision: Mapped[str | None]
    when_words: Mapped[str | None]
    when_rule: Mapped[str | None]
    place: Mapped[str | None]
    country: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    start: Mapped[int]
    end: Mapped[int]
    quote: Mapped[str]
    rule: Mapped[str]
    confidence: Mapped[float]
    score: Mapped[float]
    """PLOVER's score of type and mode"""
    sides: Mapped[str] = mapped_column(server_default="")
    """who acts and who is acted upon, as `storage.sides` writes it"""
    speaker: Mapped[str] = mapped_column(server_default="")
    """the code of who speaks; nothing: nobody"""
    coder_id: Mapped[int | None] = mapped_column(Big, ForeignKey("coders.id"))
    act_id: Mapped[int | None] = mapped_column(Big, ForeignKey("acts.id"))
    act_reasons: Mapped[str | None]
    copied: Mapped[bool] = mapped_column(server_default=text("false"))
    """the report is a copy (an agency's, say) and corroborates nothing"""
    known_from: Mapped[datetime]
    known_to: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    """version, recode, correction or review"""
    correction_id: Mapped[Ref | None]
    """the correction that made this row, or that shadows it"""


class EventActorRow(Base):
    """The roles of an event: `role` is actor, recipient or speaker; `n` keeps their order."""

    __tablename__ = "event_actors"
    __table_args__ = (Index(None, "code", "event_id"), {"sqlite_with_rowid": False})

    event_id: Mapped[int] = mapped_column(Big, ForeignKey("events.id"), primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    code: Mapped[str]
    name: Mapped[str | None]
    office: Mapped[str | None]
    origin: Mapped[str | None]


class PairRow(Base):
    """Two parties (in alphabetical order) of an event that is believed; derived, see `storage.pairs`.

    `way` is a set of bits, `type` and `status` are numbers, `day` is a proleptic ordinal, scores are in tenths: a million of
    rows are read at once. The index holds all that a series over time asks for.
    """

    __tablename__ = "pairs"
    __table_args__ = (
        Index(
            "ix_pairs_day",
            *("one", "other", "day", "act_id", "way", "status", "plover", "goldstein", "surety"),
        ),
        {"sqlite_with_rowid": False},
    )

    one: Mapped[str] = mapped_column(primary_key=True)
    other: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(Big, ForeignKey("events.id"), primary_key=True, autoincrement=False)
    way: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[int | None]
    type: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[int] = mapped_column(SmallInteger)
    plover: Mapped[int] = mapped_column(SmallInteger)
    goldstein: Mapped[int] = mapped_column(SmallInteger)
    surety: Mapped[int] = mapped_column(SmallInteger)
    """the event's confidence in hundredths; of what a reviewer confirmed or changed, all of them"""
    act_id: Mapped[Ref | None]
    copied: Mapped[bool]


class QuoteRow(Base):
    """Reported speech in a version: spans in its text, speaker, cue, addressee and the chain of sources."""

    __tablename__ = "quotes"
    __table_args__ = (Index(None, "speaker_code", "version_id"), {"sqlite_with_rowid": False})

    version_id: Mapped[int] = mapped_column(Big, ForeignKey("versions.id"), primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str]
    speaker_code: Mapped[str]
    spans: Mapped[list[Any]]
    rule: Mapped[Code]


class IntroductionRow(Base):
    """Whom the newest version of an article introduces into an office, and no table of ours has; `storage.people` counts them.

    `house` is as `storage.people.house_of` names it. `day` is a proleptic ordinal, so that both databases can calculate with
    it. The rows outlive the text, as events do.
    """

    __tablename__ = "introductions"
    __table_args__ = (Index(None, "name", "day"), {"sqlite_with_rowid": False})

    article_id: Mapped[int] = mapped_column(Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    office: Mapped[str]
    house: Mapped[str]
    day: Mapped[int]
    quote: Mapped[str]
