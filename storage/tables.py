"""The tables of the archive, as typed mappings; what each column means stands beside it.

Times are knowledge: `known_from`/`known_to` of an event say from when to when the archive believed it. A row with
`known_to` empty is what we believe today; nothing is overwritten, so "as known on" is a WHERE clause.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A point in time: `timestamptz` in PostgreSQL, whole microseconds since 1970 (UTC) in SQLite.

    SQLite's text form would take 26 bytes instead of 7 in every column and index. Naive times are refused.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value.isoformat()}")
        if dialect.name == "postgresql":
            return value.astimezone(UTC)
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return EPOCH + int(value) * MICROSECOND


_Json = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_Big = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(_Big, primary_key=True)]
Ref = Annotated[int, mapped_column(_Big)]
Digest = Annotated[bytes, mapped_column(LargeBinary)]
Code = Annotated[str, mapped_column(Text, server_default="")]
Small = Annotated[int, mapped_column(SmallInteger, server_default="0")]
Count = Annotated[int, mapped_column(Integer, server_default="0")]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy's own attribute
        str: Text,
        datetime: Instant,
        bytes: LargeBinary,
        dict[str, Any]: _Json,
        list[Any]: _Json,
    }


class FeedRow(Base):
    """A feed and how it behaves. `rhythm` is the observed seconds between new entries."""

    __tablename__ = "feeds"

    id: Mapped[Id]
    url: Mapped[str] = mapped_column(unique=True)
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
    feed_id: Mapped[int] = mapped_column(_Big, ForeignKey("feeds.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str]


class IntakeRow(Base):
    """How many entries of a feed were new to us on a day (UTC); the base of "this feed has gone quiet"."""

    __tablename__ = "intake"
    __table_args__ = ({"sqlite_with_rowid": False},)

    feed_id: Mapped[int] = mapped_column(_Big, ForeignKey("feeds.id"), primary_key=True, autoincrement=False)
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
    feed_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("feeds.id"))
    headline: Mapped[Code]
    teaser: Mapped[str | None]
    """the feed's teaser, until the article has been read"""
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

    article_id: Mapped[int] = mapped_column(_Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    feed_id: Mapped[int] = mapped_column(_Big, ForeignKey("feeds.id"), primary_key=True, autoincrement=False)
    first_seen: Mapped[datetime]


class AliasRow(Base):
    """Another name of an article: a guid that is not its URL, a former or redirected stem. Never its identity."""

    __tablename__ = "aliases"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[Digest] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(_Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    first_seen: Mapped[datetime]


class PageRow(Base):
    """The bytes a server gave us, compressed, once for each content. They go first when retention comes."""

    __tablename__ = "pages"

    id: Mapped[Id]
    digest: Mapped[Digest] = mapped_column(unique=True)
    url: Mapped[str]
    content_type: Mapped[Code]
    size: Mapped[int]
    body: Mapped[bytes]
    fetched_at: Mapped[datetime] = mapped_column(index=True)
    failed: Mapped[bool]
    """kept because it could not be read"""


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
    article_id: Mapped[int] = mapped_column(_Big, ForeignKey("articles.id"))
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
    page_id: Mapped[Ref | None]
    coder_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("coders.id"))


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

    article_id: Mapped[int] = mapped_column(_Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    dossier: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[float]
    grade: Mapped[Small]
    rule_grade: Mapped[Small]
    coder_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("coders.id"))
    reasons: Mapped[list[Any] | None]
    sentences: Mapped[list[Any] | None]


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
    version_id: Mapped[int] = mapped_column(_Big, ForeignKey("versions.id"))
    article_id: Mapped[int] = mapped_column(_Big, ForeignKey("articles.id"))
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
    coder_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("coders.id"))
    act_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("acts.id"))
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

    event_id: Mapped[int] = mapped_column(_Big, ForeignKey("events.id"), primary_key=True, autoincrement=False)
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
    event_id: Mapped[int] = mapped_column(_Big, ForeignKey("events.id"), primary_key=True, autoincrement=False)
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

    version_id: Mapped[int] = mapped_column(_Big, ForeignKey("versions.id"), primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str]
    speaker_code: Mapped[str]
    spans: Mapped[list[Any]]
    rule: Mapped[Code]


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
    __table_args__ = (Index(None, "meeting_id"),)

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(_Big, ForeignKey("meetings.id"))
    at: Mapped[datetime]
    state: Mapped[str]
    day_first: Mapped[date | None]
    day_last: Mapped[date | None]
    place: Mapped[Code]
    event_uid: Mapped[Code]
    article_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("articles.id"))
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
    """Why an article belongs to a story, and whether it is a copy of another."""

    __tablename__ = "story_articles"
    __table_args__ = (Index(None, "article_id"), {"sqlite_with_rowid": False})

    story_id: Mapped[int] = mapped_column(_Big, ForeignKey("stories.id"), primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(_Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    reason: Mapped[Code]
    copy_of: Mapped[Ref | None]


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
    __table_args__ = (Index(None, "demand_id"),)

    id: Mapped[Id]
    demand_id: Mapped[int] = mapped_column(_Big, ForeignKey("demands.id"))
    at: Mapped[datetime]
    day: Mapped[date | None]
    state: Mapped[str]
    by: Mapped[Code]
    event_uid: Mapped[Code]
    article_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("articles.id"))
    quote: Mapped[Code]
    reason: Mapped[Code]


class CorrectionRow(Base):
    """A reviewer's word on an event, anchored to the article and the evidence span so that it outlives a recode."""

    __tablename__ = "corrections"
    __table_args__ = (Index(None, "article_id"),)

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(_Big, ForeignKey("articles.id"))
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
    article_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("articles.id"))
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
    article_id: Mapped[int] = mapped_column(_Big, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    put_at: Mapped[datetime]


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


class AlertRow(Base):
    """Something worth telling, once. `acknowledged_at` and `snoozed_until` quieten its group."""

    __tablename__ = "alerts"
    __table_args__ = (Index(None, "group", "id"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    group: Mapped[Code]
    article_id: Mapped[int | None] = mapped_column(_Big, ForeignKey("articles.id"))
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
    alert_id: Mapped[int] = mapped_column(_Big, ForeignKey("alerts.id"))
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
    """Small facts about the archive itself: when it was last backed up, which index it has."""

    __tablename__ = "notes"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    at: Mapped[datetime]
