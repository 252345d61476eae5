"""What feeds announce and what became of it: feeds, hosts, articles with their names, pages."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Big, Code, Count, Digest, Id, Ref, Small


class FeedRow(Base):
    """A feed and how it behaves. `rhythm` is the observed seconds between new entries."""

    __tablename__ = "feeds"

    id: Mapped[Id]
    url: Mapped[str] = mapped_column(unique=True)
    # Nobody fills or reads it: the list of feeds knows the house. An empty text a feed is not worth that every archive is upgraded
    # for it; the next schema that needs to touch this table drops it.
    publisher: Mapped[Code]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_digest: Mapped[Digest | None]
    next_due: Mapped[datetime | None] = mapped_column(index=True)
    rhythm: Mapped[float | None]
    polled_at: Mapped[datetime | None]
    ok_at: Mapped[datetime | None]
    """last answer that could be used, 304 included"""
    new_at: Mapped[datetime | None]
    """last time an entry was new to us"""
    unconditional_at: Mapped[datetime | None]
    """last full answer to a request without validators"""
    outcome: Mapped[Code]
    failures: Mapped[Count]
    """failed polls in a row"""
    error: Mapped[Code]
    moved_to: Mapped[str | None]
    gone_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class GapRow(Base):
    """A stretch of time of which a feed may have told us less than it published: a gap, not a zero."""

    __tablename__ = "gaps"
    __table_args__ = (Index(None, "until"),)

    id: Mapped[Id]
    feed_id: Mapped[int] = mapped_column(Big, ForeignKey("feeds.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str]


class IntakeRow(Base):
    """How many entries of a feed were new to us on a day (Berlin's, as those of events); the base of "this feed has gone quiet"."""

    __tablename__ = "intake"
    __table_args__ = ({"sqlite_with_rowid": False},)

    feed_id: Mapped[int] = mapped_column(Big, ForeignKey("feeds.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    new: Mapped[Count]


class HostRow(Base):
    """Manners across workers: before `next_at` no one asks this host for a page."""

    __tablename__ = "hosts"

    host: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]


class ArticleRow(Base):
    """One publisher's URL stem: what a feed announced and what became of it. Kept for ever, so kept small.

    `key` is the first 16 bytes of the stem's SHA-256. `due_at` is when there is something to do (empty: nothing).
    """

    __tablename__ = "articles"
    __table_args__ = (
        Index(
            "ix_articles_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index("ix_articles_fetched", "fetched_at", sqlite_where=text("grade > 0"), postgresql_where=text("grade > 0")),
    )

    id: Mapped[Id]
    key: Mapped[Digest] = mapped_column(unique=True)
    url: Mapped[str]
    publisher: Mapped[Code]
    feed_id: Mapped[int | None] = mapped_column(Big, ForeignKey("feeds.id"))
    headline: Mapped[Code]
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    first_seen: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    stand: Mapped[datetime | None]
    text_digest: Mapped[Digest | None]
    length: Mapped[int | None]
    """characters of the text, kept or not: a median that falls says that a template changed"""
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(server_default="pending")
    """pending, stored, unchanged, dropped or failed"""
    reason: Mapped[str | None]
    grade: Mapped[Small]
    version_id: Mapped[Ref | None]
    """the current version, if one is kept"""
    versions: Mapped[Small]
    due_at: Mapped[datetime | None]
    due_reason: Mapped[str | None]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[Small]


class SightingRow(Base):
    """A further feed that announced an article; the first one stands in `articles.feed_id`."""

    __tablename__ = "sightings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    article_id: Mapped[int] = mapped_column(Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    feed_id: Mapped[int] = mapped_column(Big, ForeignKey("feeds.id"), primary_key=True, autoincrement=False)
    first_seen: Mapped[datetime]


class AliasRow(Base):
    """Another name of an article, never its identity.

    `kind` is guid (one that is not its URL), stem (a former or redirected one) or title (a headline that it had before).
    """

    __tablename__ = "aliases"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[Digest] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    first_seen: Mapped[datetime]


class PageRow(Base):
    """The bytes of a page that could not be read, compressed, once for each content. They go first when retention comes."""

    __tablename__ = "pages"
    __table_args__ = (Index(None, "article_id"),)

    id: Mapped[Id]
    digest: Mapped[Digest] = mapped_column(unique=True)
    url: Mapped[str]
    content_type: Mapped[Code]
    size: Mapped[int]
    body: Mapped[bytes]
    fetched_at: Mapped[datetime] = mapped_column(index=True)
    article_id: Mapped[Ref | None]
    """whose page it is: a redirect may have led to another address than the article's"""
