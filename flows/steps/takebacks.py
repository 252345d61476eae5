"""Whoever was told of an act hears that it is told no longer, or that a reviewer corrected it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from extractors.model import CORRECTED, WITHDRAWN, Article, Event, Grade
from extractors.ontology import Status
from flows.alerts import takebacks
from flows.alerts.routing import GIVE_UP_AFTER
from flows.alerts.takebacks import Takeback
from flows.desk import Desk
from flows.following import Followed
from flows.judging import Coded
from storage.archive import Archive, Kept, opened
from storage.engine import reading
from storage.reviewing import Correction, Review

RESTLESS = 5
"""Versions of an article beyond which it is a ticker, or as good as one: what it leaves out it does not take back."""

LEFT_OUT = 3
"""Sentences that told something and are gone at once, from which a version is another text and no correction."""

SHORTER, CUT = 0.8, 500
"""The share of its length, and the characters less, from which a version is the same text cut short, and no correction."""


def names(archive: Archive, watch: str, act: str) -> Iterable[str]:
    """The keys under which an act may have been told for a watch."""
    for uid in archive.tracking.names_of(act):
        yield f"{watch}:{uid}"
        yield from (f"{watch}:{uid}:{status}" for status in Status)


def of_version(
    desk: Desk,
    archive: Archive,
    article: Article,
    coded: Coded,
    followed: Followed,
    kept: Kept,
    ended: Mapping[str, Sequence[Event]],
    *,
    doubtful: bool,
    but: Collection[str],
) -> int:
    """Queue what of `ended` neither the new version of an article nor anybody else tells any more; returns the alerts.

    Acts in `but` are left out: they were told of already. What may be no correction waits for the digest: if the
    house's pages read oddly (`doubtful`), if the version is of another matter (or a wall), is cut short, or is one of a
    ticker.
    """
    if not ended:
        return 0
    statuses = archive.tracking.statuses(ended)
    of_the_matter = any(each.grade is Grade.CORE and not each.followed for each in coded.assessments)
    digest = doubtful or not of_the_matter or kept.version > RESTLESS or _cut_short(archive, article, kept, ended)
    queued = 0
    for act in sorted(ended.keys() - but):
        if not any(takebacks.stands(event, statuses[act]) for event in ended[act]):
            fallen = takebacks.fallen(act, ended[act], followed.events, article.text)
            queued += _put(desk, archive, fallen, digest=digest) if fallen is not None else 0
    return queued


def _cut_short(archive: Archive, article: Article, kept: Kept, ended: Mapping[str, Sequence[Event]]) -> bool:
    """Whether a version is a shorter text than the one before, or has little of it."""
    before = archive.versions.length_of(kept.replaced) if kept.replaced is not None else 0
    now = len(article.text)
    left_out = [quote for quote in quotes(ended) if quote not in article.text]
    return len(left_out) >= LEFT_OUT or (now < SHORTER * before and now <= before - CUT)


def quotes(ended: Mapping[str, Sequence[Event]]) -> frozenset[str]:
    """The sentences in which something was told."""
    return frozenset(event.evidence.quote for events in ended.values() for event in events)


def ended_by(archive: Archive, kept: Kept) -> Mapping[str, list[Event]]:
    """What the version before said, by act."""
    ended: dict[str, list[Event]] = defaultdict(list)
    for act, event in archive.tracking.told_last(kept.replaced) if kept.replaced is not None else ():
        ended[act].append(event)
    return ended


def of_reviewers(desk: Desk) -> int:
    """Queue what reviewers lately called wrong or coded otherwise; returns the alerts.

    Not when they say it, but as part of a run: whoever clicked the wrong button has a moment to take that back, and the room
    need not know who is told what.
    """
    with reading(desk.engine) as connection:
        verdicts = Review(connection).verdicts(desk.now() - GIVE_UP_AFTER)
    if not verdicts:  # a run a minute, and hardly ever one: nobody is to wait for its transaction
        return 0
    with opened(desk.engine) as archive:
        return sum(_judged(desk, archive, correction, act) for correction, act in verdicts)


def _judged(desk: Desk, archive: Archive, correction: Correction, act: str) -> int:
    """Queue what a reviewer said of an act, but for one of several reports that was wrong."""
    if correction.changed is not None:
        key = f"{act}:{CORRECTED}:{correction.id}"
        one = Takeback(act=act, change=CORRECTED, reason="changed", key=key, now=correction.changed)
    elif takebacks.stands(correction.machine, archive.tracking.statuses([act])[act]):
        return 0
    else:
        one = Takeback(act=act, change=WITHDRAWN, reason="wrong", key=f"{act}:{WITHDRAWN}")
    return _put(desk, archive, replace(one, comment=correction.comment), sent=True)


def _put(desk: Desk, archive: Archive, one: Takeback, *, digest: bool = False, sent: bool = False) -> int:
    """Queue it for the channels that were told of the act; with `sent` only for those that have it, or may have it."""
    queued = 0
    known = {route.channel for route in desk.routes}
    for watch in desk.watches:
        told = archive.outbox.tellings(names(archive, watch.name, one.act), sent=sent)
        channels = known & {channel for _, heard in told for channel in heard}
        if channels:
            alert = takebacks.alert_of(told[0][0], one, digest=digest, language=desk.language)
            queued += archive.outbox.queue([alert], sorted(channels), desk.now(), pressing=True)
    return queued
