"""Questions that only the reading room asks: acts as lines of a list, the tension by day, who took part. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from extractors.model import BERLIN, Actor
from extractors.ontology import EventType, Status
from storage import coding, deeds, pairs, queries
from storage.queries import ArticleLine, sure, takes_part
from storage.statements import among
from storage.tables import (
    ActRow,
    ArticleRow,
    CorrectionRow,
    EventActorRow,
    EventRow,
    PairRow,
    StoryArticleRow,
    StoryRow,
    VersionRow,
)
from storage.tracking import Story

STRAY = timedelta(days=3)
"""An article that is by more than this the latest has a wrong date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """An act in a list: as the surest of its reports tells it, and how many tell it.

    `reports` counts articles, `copies` those of them that copy another, `houses` the publishers with a report of their own.
    """

    uid: str
    type: EventType
    mode: str
    status: Status
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    speaker: Actor | None
    day: date | None
    day_last: date | None
    place: str
    event: str
    """the uid of the event that it is told by"""
    quote: str
    score: float
    confidence: float
    """of the surest report"""
    reviewed: bool
    """a reviewer confirmed or changed some report: that is sure, whatever the machine said"""
    article_id: int
    publisher: str
    updated_at: datetime
    told_at: datetime | None
    """what the latest report calls its time: the publisher's stand, or when it was published"""
    reports: int
    copies: int
    houses: int

    def surer_than(self, least: float) -> bool:
        return self.reviewed or self.confidence >= least


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFilter:
    """Which acts are asked for; whatever is empty does not limit. Days are inclusive."""

    types: Sequence[str] = ()
    statuses: Sequence[str] = ()
    party: str = ""
    other: str = ""
    since: date | None = None
    until: date | None = None
    uids: Sequence[str] = ()
    min_confidence: float = 0.0
    """of some report that fits in all else; what a reviewer confirmed is sure"""
    deeds: bool = False
    """only what `deeds.tension` counts, and on the days on which it does"""
    between: bool = False
    """only what the series of the dyad of `party` and `other` counts: what one does to the other, and both together"""
    news_since: datetime | None = None
    """only acts that something was learned of at or after this time"""
    by_day: bool = False
    """in the order of the acts' own days, the latest first, instead of what was last learned of"""


def act_lines(connection: Connection, wanted: ActFilter = ActFilter(), *, limit: int = 30) -> tuple[ActLine, ...]:
    """Acts that something was last learned of, newest first. Acts that nobody believes in any more are left out."""
    return _lines(connection, connection.execute(_listed(connection, wanted).limit(limit)).all())


@dataclass(frozen=True, slots=True, kw_only=True)
class ActList:
    """A stretch of a list of acts. `unsure` is how many it leaves out for their confidence alone, between those it holds.

    The stretches of a list together leave out what the whole list does.
    """

    lines: tuple[ActLine, ...]
    more: bool
    unsure: int


def act_list(connection: Connection, wanted: ActFilter, *, limit: int, offset: int = 0) -> ActList:
    """Acts as `act_lines` has them, with the number of those left out."""
    before = min(offset, 1)  # where the stretch before ended
    asked = _listed(connection, wanted).limit(before + limit + 1).offset(offset - before)
    rows = connection.execute(asked).all()
    shown = rows[before : before + limit]
    more = len(rows) > before + limit
    unsure = 0
    if wanted.min_confidence > 0:
        left_out = _listed(connection, replace(wanted, min_confidence=0.0), but=wanted).order_by(None)
        if before and rows:
            left_out = left_out.where(_after(wanted, rows[0]))
        if more:
            left_out = left_out.where(~_after(wanted, shown[-1]), *_as_late_as(wanted, shown[-1]))
        unsure = connection.scalar(select(func.count()).select_from(left_out.subquery())) or 0
    return ActList(lines=_lines(connection, shown), more=more, unsure=unsure)


def _listed(connection: Connection, wanted: ActFilter, *, but: ActFilter | None = None) -> Any:
    """The acts in their order; `but` leaves out what another filter would let through."""
    order: tuple[Any, ...] = (ActRow.day_last.desc().nulls_last(), ActRow.id.desc())
    if not wanted.by_day:
        order = (ActRow.updated_at.desc(), ActRow.id.desc())
    asked: Any = (
        select(ActRow.id, ActRow.uid, ActRow.updated_at, ActRow.day_last)
        .where(ActRow.merged_into.is_(None), _told(wanted))
        .order_by(*order)
    )
    if (rare := _rare_acts(connection, wanted)) is not None:
        asked = asked.where(among(connection, ActRow.id, rare))
    if wanted.uids:
        asked = asked.where(ActRow.uid.in_(wanted.uids))
    if wanted.news_since is not None:
        asked = asked.where(ActRow.updated_at >= wanted.news_since)
    return asked if but is None else asked.where(~_told(but))


def _as_late_as(wanted: ActFilter, row: Any) -> list[Any]:
    """What follows from not coming after an act, said so that an index leads to it."""
    if not wanted.by_day:
        return [ActRow.updated_at >= row.updated_at]
    return [ActRow.day_last >= row.day_last] if row.day_last is not None else []


def _after(wanted: ActFilter, row: Any) -> Any:
    """The condition that an act comes after another one in the list."""
    if not wanted.by_day:
        return or_(ActRow.updated_at < row.updated_at, and_(ActRow.updated_at == row.updated_at, ActRow.id < row.id))
    undated = ActRow.day_last.is_(None)
    if row.day_last is None:
        return and_(undated, ActRow.id < row.id)
    # Coalesced, so that its negation is true and not unknown for acts without a day.
    earlier = func.coalesce(ActRow.day_last < row.day_last, false())
    same_day = func.coalesce(ActRow.day_last == row.day_last, false())
    return or_(undated, earlier, and_(same_day, ActRow.id < row.id))


FEW = 3000
"""Reports of a party or a pair up to which its acts are named, instead of looking for them among all acts."""


def _rare_acts(connection: Connection, wanted: ActFilter) -> list[int] | None:
    """The acts of a party or a pair that is seldom told of; None where it often is, or none is asked for."""
    codes = sorted({*filter(None, (wanted.party, wanted.other))})
    if not codes:
        return None
    acts: Any
    if len(codes) > 1:
        acts = select(PairRow.act_id).where(PairRow.one == codes[0], PairRow.other == codes[1])
    else:
        # Each event once: who says what they themselves do stands in it twice, and cut off it would seem to be all.
        who = select(EventActorRow.event_id).where(EventActorRow.code == codes[0]).distinct().limit(FEW)
        acts = select(EventRow.act_id).where(EventRow.id.in_(who))
    found = connection.scalars(acts.limit(FEW)).all()
    return None if len(found) >= FEW else sorted({act for act in found if act is not None})


def merged_into(connection: Connection, uid: str) -> tuple[tuple[str, str], ...]:
    """The acts that were merged into this one, as (uid, reason)."""
    asked = select(ActRow.uid, ActRow.merge_reason).where(ActRow.merged_into == uid).order_by(ActRow.id)
    return tuple((row.uid, row.merge_reason or "") for row in connection.execute(asked))


def _told(wanted: ActFilter) -> Any:
    """Some report of the act, in its coding of today, is what was asked for."""
    conditions = [EventRow.act_id == ActRow.id, EventRow.known_to.is_(None)]
    # Not the act's own parties: a report may name more, and a reviewer others.
    conditions += [takes_part(party) for party in filter(None, (wanted.party, wanted.other))]
    if wanted.types:
        conditions.append(EventRow.type.in_([str(each) for each in wanted.types]))
    if wanted.statuses:
        conditions.append(EventRow.status.in_([str(each) for each in wanted.statuses]))
    if wanted.between:
        conditions += _dealings(wanted)
    if wanted.min_confidence > 0:
        conditions.append(sure(wanted.min_confidence))
    days = wanted.since or date.min, wanted.until or date.max
    if wanted.deeds:
        conditions += deeds.conditions(EventRow)
    elif days != _EVER:
        conditions.append(EventRow.day.between(*days))
    told = exists().where(*conditions)
    return and_(told, *deeds.counted_within(*days)) if wanted.deeds and days != _EVER else told


_EVER = date.min, date.max


def _dealings(wanted: ActFilter) -> list[Any]:
    one, other = pairs.between(wanted.party, wanted.other)
    rows = exists().where(
        PairRow.one == one,
        PairRow.other == other,
        PairRow.event_id == EventRow.id,
        PairRow.way.bitwise_and(pairs.DEALINGS) != 0,
    )
    return [rows, EventRow.status != Status.HISTORICAL.value]


def _lines(connection: Connection, acts: Sequence[Any]) -> tuple[ActLine, ...]:
    ids = [act.id for act in acts]
    counted = {row.act_id: row for row in connection.execute(_counts(ids))}
    lead_of = _leads(connection, ids)
    leads = list(lead_of.values())
    rows = {
        row.id: row
        for row in connection.execute(
            select(EventRow.__table__, ArticleRow.publisher)
            .join(ArticleRow, ArticleRow.id == EventRow.article_id)
            .where(EventRow.id.in_(leads))
        )
    }
    roles = coding.roles_of(connection, leads)
    return tuple(
        _line(act, counted[act.id], rows[lead_of[act.id]], roles[lead_of[act.id]]) for act in acts if act.id in counted
    )


def _leads(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """The report that each act is shown by: a reviewer's word, else the surest, the first of equals."""
    asked = (
        select(EventRow.act_id, EventRow.id)
        .where(EventRow.act_id.in_(ids), EventRow.known_to.is_(None))
        # The last one read stays.
        .order_by(EventRow.correction_id.is_not(None), EventRow.confidence, EventRow.id.desc())
    )
    return {row.act_id: row.id for row in connection.execute(asked)}


def _counts(ids: Sequence[int]) -> Any:
    copied = EventRow.copied.is_(True)
    return (
        select(
            EventRow.act_id,
            func.max(func.coalesce(VersionRow.stand, VersionRow.published_at)).label("told_at"),
            func.max(EventRow.confidence).label("confidence"),
            func.count(EventRow.correction_id).label("reviewed"),
            func.count(EventRow.article_id.distinct()).label("reports"),
            func.count(case((copied, EventRow.article_id)).distinct()).label("copies"),
            func.count(case((~copied, ArticleRow.publisher)).distinct()).label("houses"),
        )
        .join(ArticleRow, ArticleRow.id == EventRow.article_id)
        .join(VersionRow, VersionRow.id == EventRow.version_id)
        .where(EventRow.act_id.in_(ids), EventRow.known_to.is_(None))
        .group_by(EventRow.act_id)
    )


def _line(act: Any, counted: Any, row: Any, roles: Any) -> ActLine:
    event = coding.event_of(row, roles, "")
    return ActLine(
        uid=act.uid,
        type=event.type,
        mode=event.mode,
        status=event.status,
        actors=event.actors,
        recipients=event.recipients,
        speaker=event.speaker,
        day=row.day,
        day_last=event.when.last if event.when else row.day,
        place=event.place.name if event.place else "",
        event=row.uid,
        quote=event.evidence.quote,
        score=row.score,
        confidence=counted.confidence,
        reviewed=counted.reviewed > 0,
        article_id=row.article_id,
        publisher=row.publisher,
        updated_at=act.updated_at,
        told_at=counted.told_at,
        reports=counted.reports,
        copies=counted.copies,
        houses=counted.houses,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCount:
    """How often a party appeared in a stretch of time: as who acts, who is acted upon, who speaks."""

    code: str
    acting: int
    acted_upon: int
    speaking: int

    @property
    def told(self) -> int:
        return self.acting + self.acted_upon + self.speaking


def parties(
    connection: Connection, since: date, until: date, *, min_confidence: float = 0.0, limit: int = 50, offset: int = 0
) -> tuple[PartyCount, ...]:
    """Who took part in events of these days, most often first; events that are less certain do not count."""
    role = EventActorRow.role

    def times(name: str) -> Any:
        return func.count(case((role == name, EventRow.id)).distinct())

    asked = (
        select(
            EventActorRow.code,
            times("actor").label("acting"),
            times("recipient").label("acted_upon"),
            times("speaker").label("speaking"),
        )
        .join(EventRow, EventRow.id == EventActorRow.event_id)
        .where(EventRow.known_to.is_(None), EventRow.day.between(since, until))
        .group_by(EventActorRow.code)
        .order_by(func.count(EventRow.id.distinct()).desc(), EventActorRow.code)
        .limit(limit)
        .offset(offset)
    )
    if min_confidence > 0:
        asked = asked.where(sure(min_confidence))
    return tuple(
        PartyCount(code=row.code, acting=row.acting, acted_upon=row.acted_upon, speaking=row.speaking)
        for row in connection.execute(asked)
    )


def unsure_events(connection: Connection, since: date, until: date, *, min_confidence: float) -> int:
    """How many events of these days are less certain."""
    some = EventRow.known_to.is_(None), EventRow.day.between(since, until), ~sure(min_confidence)
    return connection.scalar(select(func.count()).select_from(EventRow).where(*some)) or 0


def partners(
    connection: Connection, code: str, since: date, until: date, *, min_confidence: float = 0.0, limit: int = 12
) -> tuple[tuple[str, int], ...]:
    """With whom a party had most to do, as (code, events); events that are less certain do not count.

    As in a dyad's series: two recipients of a third party's act have nothing to do with each other.
    """
    acting = aliased(EventActorRow)
    acts = exists().where(acting.event_id == EventRow.id, acting.code == code, acting.role == "actor")
    # From the days to the parties: a party's own events may be a fifth of all there are.
    asked = (
        select(EventActorRow.code, func.count(EventActorRow.event_id.distinct()).label("n"))
        .join(EventRow, EventRow.id == EventActorRow.event_id)
        .where(EventRow.known_to.is_(None), EventRow.day.between(since, until), takes_part(code))
        .where(EventActorRow.role != "speaker", EventActorRow.code != code, sure(min_confidence))
        .where(or_(EventActorRow.role == "actor", acts))
        .group_by(EventActorRow.code)
        .order_by(func.count(EventActorRow.event_id.distinct()).desc(), EventActorRow.code)
        .limit(limit)
    )
    return tuple((row.code, row.n) for row in connection.execute(asked))


def names_used(connection: Connection, code: str, *, most: int = 400) -> tuple[tuple[str, str, int], ...]:
    """What the articles of late call a party: (name, office, times), most often first."""
    lately = (
        select(EventActorRow.name, EventActorRow.office)
        .where(EventActorRow.code == code)
        .order_by(EventActorRow.event_id.desc())
        .limit(most)
        .subquery()
    )
    asked = (
        # An office only where it mostly goes with the name: "Unterhändler Russlands" is not what Russia is.
        select(
            lately.c.name,
            case((2 * func.count(lately.c.office) > func.count(), func.max(lately.c.office))).label("office"),
            func.count().label("n"),
        )
        .group_by(lately.c.name)
        .order_by(func.count().desc(), lately.c.name)
        .limit(12)
    )
    return tuple((row.name, row.office or "", row.n) for row in connection.execute(asked) if row.name)


def is_told_of(connection: Connection, code: str) -> bool:
    """Whether some event has this party, believed still or not."""
    return connection.scalar(select(EventActorRow.event_id).where(EventActorRow.code == code).limit(1)) is not None


def latest_day(connection: Connection, *, most: int = 200) -> date | None:
    """The day from which the latest relevant articles are, None for an empty archive.

    Of many the latest that is no more than `STRAY` after the third latest: a page with a wrong date does not move what
    the room calls today, and the two articles of a quiet last day do.
    """
    dated = func.coalesce(ArticleRow.published_at, ArticleRow.first_seen)
    asked = select(dated).where(ArticleRow.grade > 0).order_by(ArticleRow.id.desc()).limit(most)
    days = sorted(found.astimezone(BERLIN).date() for found in connection.scalars(asked))
    return max((day for day in days if len(days) <= 10 or day - days[-3] <= STRAY), default=None)


def first_day(connection: Connection, *, most: int = 50) -> date | None:
    """From when the archive listens: the third earliest day of its first relevant articles; None for an empty archive.

    Days before it are neither quiet nor gaps: nobody was there.
    """
    dated = func.coalesce(ArticleRow.published_at, ArticleRow.first_seen)
    asked = select(dated).where(ArticleRow.grade > 0).order_by(ArticleRow.id).limit(most)
    days = sorted(found.astimezone(BERLIN).date() for found in connection.scalars(asked))
    return days[2] if len(days) > 10 else days[0] if days else None


def named(connection: Connection, keys: Collection[str]) -> dict[str, tuple[str, datetime | None]]:
    """Whose article each of these stable keys is, and from when."""
    asked = select(ArticleRow.key, ArticleRow.publisher, ArticleRow.published_at).where(
        ArticleRow.key.in_([bytes.fromhex(key) for key in keys])
    )
    return {row.key.hex(): (row.publisher, row.published_at) for row in connection.execute(asked)}


def publishers(connection: Connection, *, most: int = 4000) -> tuple[str, ...]:
    """The houses of the articles of late, the ones that a feed leads to by the way included."""
    lately = select(ArticleRow.publisher).order_by(ArticleRow.id.desc()).limit(most).subquery()
    found = connection.scalars(select(lately.c.publisher).where(lately.c.publisher != "").distinct())
    return tuple(sorted(found, key=str.casefold))


# Stories


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """An article of a story: why it is there, which acts its newest version tells, and whether it only copies others."""

    article: ArticleLine
    reason: str
    acts: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    """acts that it tells, and not surely enough"""
    copy: bool = False

    @property
    def told_at(self) -> datetime | None:
        return self.article.stand or self.article.published_at or self.article.fetched_at


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story in a list: how much of it there is, and the article that was told last."""

    story: Story
    articles: int
    houses: int
    acts: int
    unsure: frozenset[str]
    """acts that do not count because no article of it tells them surely enough"""
    newest: ArticleLine | None


def story_lines(
    connection: Connection, *, min_confidence: float = 0.0, limit: int = 30, offset: int = 0
) -> tuple[StoryLine, ...]:
    """Running matters, the last changed first; acts of which no report is sure enough do not count."""
    asked = select(StoryRow.__table__).where(StoryRow.merged_into.is_(None))
    page = asked.order_by(StoryRow.updated_at.desc(), StoryRow.id.desc()).limit(limit).offset(offset)
    stories = connection.execute(page).all()
    members = _members(connection, [row.id for row in stories], min_confidence)
    return tuple(_story_line(row, members.get(row.id, ())) for row in stories)


def _story_line(row: Any, members: Sequence[StoryMember]) -> StoryLine:
    return StoryLine(
        story=queries.story_of(row),
        articles=len(members),
        houses=len({member.article.publisher for member in members if not member.copy}),
        acts=len(acts_of(members)),
        unsure=doubtful_of(members),
        newest=members[-1].article if members else None,
    )


def acts_of(members: Sequence[StoryMember]) -> frozenset[str]:
    """What these articles tell surely enough."""
    return frozenset[str]().union(*(member.acts for member in members))


def doubtful_of(members: Sequence[StoryMember]) -> frozenset[str]:
    """What none of these articles tells surely enough."""
    return frozenset[str]().union(*(member.doubtful for member in members)) - acts_of(members)


def story(
    connection: Connection, uid: str, *, min_confidence: float = 0.0
) -> tuple[Story, tuple[StoryMember, ...], str] | None:
    """A story, its articles in the order of telling, and where it went if it was merged."""
    row = connection.execute(select(StoryRow.__table__).where(StoryRow.uid == uid)).one_or_none()
    if row is None:
        return None
    members = _members(connection, [row.id], min_confidence).get(row.id, ())
    return queries.story_of(row), tuple(members), row.merged_into or ""


def _members(connection: Connection, stories: Sequence[int], least: float) -> dict[int, list[StoryMember]]:
    """The articles of stories by story, in the order of telling."""
    asked = (
        select(ArticleRow.__table__, StoryArticleRow.story_id, StoryArticleRow.reason.label("why"))
        .join(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
        .where(StoryArticleRow.story_id.in_(stories))
        .order_by(func.coalesce(ArticleRow.stand, ArticleRow.published_at, ArticleRow.fetched_at), ArticleRow.id)
    )
    rows = connection.execute(asked).all()
    told = _told_in(connection, [row.version_id for row in rows if row.version_id is not None], least)
    found: dict[int, list[StoryMember]] = defaultdict(list)
    for row in rows:
        member = StoryMember(article=queries.article_line(row), reason=row.why)
        found[row.story_id].append(replace(member, **told.get(row.version_id, {})))
    return found


def _told_in(connection: Connection, versions: Sequence[int], least: float) -> dict[int, dict[str, Any]]:
    """By version the acts that it tells, surely enough and otherwise, and whether all that it tells is copied."""
    asked = (
        select(EventRow.version_id, EventRow.copied, ActRow.uid, sure(least).label("sure"))
        .join(ActRow, ActRow.id == EventRow.act_id)
        .where(among(connection, EventRow.version_id, versions), EventRow.known_to.is_(None))
    )
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(asked):
        rows[row.version_id].append(row)
    return {
        version: {
            "acts": frozenset(row.uid for row in told if row.sure),
            "doubtful": frozenset(row.uid for row in told if not row.sure),
            "copy": all(row.copied for row in told),
        }
        for version, told in rows.items()
    }


def stories_of(connection: Connection, article_id: int) -> tuple[Story, ...]:
    """The running matters that an article belongs to."""
    asked = (
        select(StoryRow.__table__)
        .join(StoryArticleRow, StoryArticleRow.story_id == StoryRow.id)
        .where(StoryArticleRow.article_id == article_id, StoryRow.merged_into.is_(None))
        .order_by(StoryRow.id)
    )
    return tuple(queries.story_of(row) for row in connection.execute(asked))


def superseded(connection: Connection, version_id: int) -> int | None:
    """The number of a version that is not what the article says now; None for the one that is."""
    asked = (
        select(VersionRow.number)
        .join(ArticleRow, ArticleRow.id == VersionRow.article_id)
        .where(VersionRow.id == version_id, VersionRow.id != ArticleRow.version_id)
    )
    return connection.scalar(asked)


_REVIEWED = {"right": 1.0, "changed": 1.0, "wrong": 0.0}


def surest(connection: Connection, uids: Sequence[str]) -> dict[str, float]:
    """How sure events are, by uid: what a reviewer confirmed is sure, what one rejected is nothing.

    Of an event that a recode reads differently, what was last said of it. Unknown ones are left out.
    """
    row = EventRow
    asked = select(row.uid, row.confidence, CorrectionRow.verdict).join(
        CorrectionRow, CorrectionRow.id == row.correction_id, isouter=True
    )
    told: dict[str, float] = {}
    for at in range(0, len(uids), 500):
        for each in connection.execute(asked.where(row.uid.in_(uids[at : at + 500])).order_by(row.id)):
            told[each.uid] = _REVIEWED.get(each.verdict, each.confidence)
    return told
