"""Ties the events of an article to acts: those that the archive knows, or new ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from extractors.model import BERLIN, Article, Event, When
from extractors.stories import acts, agencies, fingerprint, restating
from extractors.stories.acts import ArticleRef, Redirect
from flows.alerts import wording
from flows.alerts.wording import shortened
from storage import queries, recalling, tracking
from storage.archive import Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How an article's events tie into what is known. `fresh` are the acts that no article told before."""

    ref: ArticleRef
    events: tuple[Event, ...]
    links: tuple[tracking.Link, ...] = ()
    acts: tuple[acts.Act, ...] = ()
    fresh: frozenset[str] = frozenset()
    further: frozenset[str] = frozenset()
    """events that tell a known act as further along than it was: decided and no longer feared, done and no longer planned"""
    merges: tuple[Redirect, ...] = ()
    """known acts that a report of this article shows to be one"""
    restated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """for each fresh act that only says again what stands the acts by which that was told"""

    @property
    def act_of(self) -> Mapping[str, str]:
        """Act by event id."""
        return {link.event: link.act for link in self.links}


def reference(article: Article, key: str, told_at: datetime) -> ArticleRef:
    """What linking needs of an article. `key` is its stable key in the archive, `told_at` holds if it has no time of its own."""
    credit = f"{article.byline}\n{article.text}"
    return ArticleRef(
        article=key,
        publisher=article.publisher,
        told_at=_told_at(article, told_at),
        agencies=agencies(credit),
        fingerprint=fingerprint(article.text),
    )


def _told_at(article: Article, otherwise: datetime) -> datetime:
    """By Berlin's clock: in UTC an hour or two after midnight would still be the day before."""
    return article.dated or otherwise.astimezone(BERLIN)


def follow_acts(
    archive: Archive, article: Article, events: Sequence[Event], *, key: str, told_at: datetime
) -> Followed:
    """Tie each event to an act, known or new; call before the article is kept, and `keep` in the same transaction after.

    `told_at` is when the article counts as told if it has no time of its own.
    """
    if not events:
        # Most articles tell of no act: no fingerprint is taken of them.
        ref = ArticleRef(article=key, publisher=article.publisher, told_at=_told_at(article, told_at))
        return Followed(ref=ref, events=())
    archive.tracking.alone()
    tying = _Tying(archive, tuple(events), reference(article, key, told_at))
    for event in events:
        tying.merge(event)
        tying.tie(event)
    return tying.followed()


class _Tying:
    """An article's events as they are tied to acts, one after the other: what is known of these grows with each."""

    def __init__(self, archive: Archive, events: tuple[Event, ...], ref: ArticleRef) -> None:
        self.archive, self.events, self.ref = archive, events, ref
        self.known = recalling.known_acts(archive.connection, events, ref)
        self.marks = recalling.marks_of(archive.connection, self.known.values())
        self.before = recalling.opened_before(archive.connection, events, ref)
        self.links: list[tracking.Link] = []
        self.merges: list[Redirect] = []
        self.fresh: set[str] = set()
        self.further: set[str] = set()
        self.touched: dict[str, acts.Act] = {}
        self.restated: dict[str, frozenset[str]] = {}
        self.said: dict[str, acts.Act] | None = None

    def merge(self, event: Event) -> None:
        """Make those of the known acts one that the event shows to be one."""
        same = acts.twins(event, self.ref, [act for act in self.known.values() if act.id not in self.fresh])
        for other in same[1:]:
            reason = f"one report tells of both: {shortened(event.evidence.quote, 200)}"
            act, redirect = acts.merge(same[0], other, reason)
            same = (act, *same[1:])
            self.merges.append(redirect)
            self.known.pop(redirect.gone)
            self.touched.pop(redirect.gone, None)
            self.known[act.id] = self.touched[act.id] = act

    def tie(self, event: Event) -> None:
        """Tie the event to the act that it tells of, or to one of its own."""
        found = self._found(event)
        if found.new:
            self.fresh.add(found.act)
            act = self._opened(event)
        else:
            act = self._as_told_too(acts.absorb(self.known[found.act], event, self.ref, found), event)
            if acts.goes_on(self.known[found.act], event):
                self.further.add(event.id)
        self.known[act.id] = self.touched[act.id] = act
        title, copied = wording.headline_of(event), bool(found.copy_of)
        self.links.append(tracking.Link(event=event.id, act=act.id, reasons=found.reasons, copied=copied, title=title))

    def _opened(self, event: Event) -> acts.Act:
        """The act of an event that no known act is like; it knows which of those that stand it only says again."""
        act = acts.open_act(event, self.ref)
        again = restating.restated(event, self.ref, self._said(event))
        if not again:
            return act
        self.restated[act.id] = frozenset(uid for one in again for uid in (one.id, one.restates) if uid)
        since, first = min((one.since or one.first_told.date(), one.restates or one.id) for one in again)
        return dataclasses.replace(act, restates=first, since=since)

    def _as_told_too(self, act: acts.Act, event: Event) -> acts.Act:
        """An act that this article tells in one more sentence: what one of them tells anew is no repeat."""
        if act.id not in self.restated or restating.restated(event, self.ref, self._said(event)):
            return act
        del self.restated[act.id]
        return dataclasses.replace(act, restates="", since=None)

    def _said(self, event: Event) -> Iterable[acts.Act]:
        """What the archive knows that an event may only say again, as this article leaves it; asked once, and for few."""
        if not restating.types_asked(event):
            return ()
        if self.said is None:
            found = recalling.standing_acts(self.archive.connection, self.events, self.ref)
            gone = {redirect.gone for redirect in self.merges}
            self.said = {act.id: act for act in found if act.id not in gone}
        return {**self.said, **self.known}.values()

    def _found(self, event: Event) -> acts.Link:
        found = acts.link(event, self.ref, self.known.values(), self.marks, beside=self.events)
        told = (
            recalling.act_of_before(self.archive, found.act, self.merges, self.known, self.before)
            if found.new
            else None
        )
        if told is None:
            return found
        self.known[told.id] = told
        return dataclasses.replace(found, act=told.id, new=False, reasons=("this article told it before",))

    def _with_rows(self, link: tracking.Link) -> tracking.Link:
        """A link to an act that only says again what stands, with the rows that say so."""
        if link.act not in self.restated:
            return link
        return dataclasses.replace(link, reasons=(*link.reasons, restating.why(self.known[link.act])))

    def followed(self) -> Followed:
        return Followed(
            ref=self.ref,
            events=self.events,
            links=tuple(_led(map(self._with_rows, self.links), self.merges)),
            acts=tuple(self.touched.values()),
            fresh=frozenset(self.fresh),
            further=frozenset(self.further),
            merges=tuple(self.merges),
            restated=self.restated,
        )


def _led(links: Iterable[tracking.Link], merges: Sequence[Redirect]) -> Iterable[tracking.Link]:
    """Links to what was merged later in the same article lead to where it went."""
    return (dataclasses.replace(link, act=acts.follow(link.act, merges)) for link in links)


def keep_acts(archive: Archive, followed: Followed, now: datetime) -> None:
    """Keep what the article says of its acts, and which of them it shows to be one."""
    for redirect in followed.merges:
        archive.tracking.merge_acts(redirect.gone, redirect.into, redirect.reason, now)
    archive.tracking.update_acts({act.id: _columns(act) for act in followed.acts}, now)


def merge_acts(archive: Archive, one: str, other: str, author: str, now: datetime, *, comment: str = "") -> str:
    """Make two acts one because somebody says so; returns the id that stays, the older one's.

    Raises KeyError for an unknown act, ValueError for one and the same.
    """
    reason = f"merged by {author}" + (f"; {comment}" if comment else "")
    ids = tuple(archive.tracking.act_of(uid) for uid in (one, other))
    if ids[0] == ids[1]:
        raise ValueError("they are one act already")
    known = [_known_act(archive, uid) for uid in ids]
    if not all(act.detail for act in known):  # linked by hand or by an old version: nothing is remembered of it
        older, younger = sorted(known, key=lambda act: (act.created_at, act.uid))
        archive.tracking.merge_acts(younger.uid, older.uid, reason, now)
        return older.uid
    mine, theirs = (recalling.loaded(acts.Act, act.detail) for act in known)
    act, redirect = acts.merge(mine, theirs, reason)
    archive.tracking.merge_acts(redirect.gone, redirect.into, reason, now)
    archive.tracking.update_act(act.id, now, **_columns(act))
    return act.id


def _known_act(archive: Archive, uid: str) -> queries.Act:
    found = queries.act(archive.connection, uid)
    if found is None:
        raise KeyError(f"no act {uid}")
    return found


def _columns(act: acts.Act) -> dict[str, Any]:
    told = {"status": act.status.value, "mode": act.mode, "parties": act.parties, "place": act.place}
    return told | days_of(act.when) | {"detail": recalling.dumped(_bare(act))}


def _bare(act: acts.Act) -> acts.Act:
    """The act as it is kept: without fingerprints."""
    return dataclasses.replace(act, reports=tuple(dataclasses.replace(each, fingerprint=()) for each in act.reports))


def days_of(when: When | None) -> dict[str, Any]:
    """The columns of the days; none where nothing is said of them."""
    return {} if when is None else {"day_first": when.first, "day_last": when.last}
