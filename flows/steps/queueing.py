"""What is told of an article that was kept: alerts go into the outbox in the transaction that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypedDict

from extractors.model import Alert, Article, Event
from extractors.ontology import Status
from extractors.stories.meetings import State
from extractors.stories.moving import says_moved
from flows import following, health
from flows.alerts.routing import channels_for
from flows.alerts.watches import NewAct, Upset, alerts_for, alerts_of_upset
from flows.desk import Desk
from flows.judging import Coded
from flows.steps.feeds import BASELINE
from storage.archive import Archive, Claimed, Kept

LATE = "read late"
"""Why an entry is read again that an older reader of ours could not read, from the bytes that were kept of it."""

BEHIND = timedelta(hours=36)
"""After so long an alert says that it was read late. A day without an hour may be a day off."""


def _surest(followed: following.Followed, of: Collection[str]) -> list[NewAct]:
    """Each of these acts once, as its surest event tells it."""
    best: dict[str, Event] = {}
    act_of = followed.act_of
    for event in followed.events:
        act = act_of[event.id]
        if act in of and (act not in best or event.confidence > best[act].confidence):
            best[act] = event
    return [NewAct(act=act, event=event) for act, event in best.items()]


class _Manner(TypedDict):
    """How all that an article tells is told."""

    story: str
    baseline: bool
    late: bool
    language: str


def queue(
    desk: Desk,
    archive: Archive,
    claimed: Claimed,
    article: Article,
    coded: Coded,
    followed: following.Followed,
    kept: Kept,
    went_on: following.Followup,
) -> int:
    """Queue alerts in the transaction that keeps the article; returns how many. What a late worker finds again is not queued again."""
    if kept.outcome != "stored" or not followed.events:
        return 0
    # While a publisher's pages read oddly, what they seem to say waits in the digest for someone to look at it.
    late = claimed.why == LATE
    baseline = claimed.why == BASELINE or late or health.doubtful(archive, health.host_of(claimed.url))
    behind = late or (claimed.text_digest is None and _behind(article, desk.now()))
    how = _Manner(story=went_on.story, baseline=baseline, late=behind, language=desk.language)
    fresh = _surest(followed, followed.fresh)

    def told(acts: Sequence[NewAct]) -> list[Alert]:
        return [alert for each in coded.assessments for alert in alerts_for(article, each, acts, desk.watches, **how)]

    def of_upset(one: Upset) -> list[Alert]:
        return [
            alert for each in coded.assessments for alert in alerts_of_upset(article, each, one, desk.watches, **how)
        ]

    def put(alerts: Sequence[Alert], channels: Sequence[str], *, pressing: bool = False) -> int:
        article = kept.article_id
        return archive.outbox.queue(alerts, channels, desk.now(), article_id=article, pressing=pressing)

    queued, upset = 0, [_upset(change, followed) for change in went_on.changes]
    for change, one in zip(went_on.changes, upset, strict=True):
        for alert in of_upset(one):
            if channels := _told_of(archive, change, alert.watch) & {route.channel for route in desk.routes}:
                queued += put([alert], sorted(channels), pressing=True)
    news, others = _parted(told(fresh), {one.new.act for one in upset})
    alike = groupby(news, lambda alert: channels_for(alert, desk.routes))
    queued += sum(put(list(some), channels) for channels, some in alike)
    for alert in [*others, *told(_acts_further(followed, fresh)), *_new_to_its_dossier(archive, followed, told)]:
        queued += put(*_for_the_others(archive, alert, channels_for(alert, desk.routes)))
    return queued


def _parted(alerts: Iterable[Alert], acts: Collection[str]) -> tuple[list[Alert], list[Alert]]:
    """Alerts that are news to everybody, and those of these acts, which whoever was told of a meeting has just heard."""
    parted: tuple[list[Alert], list[Alert]] = [], []
    for alert in alerts:
        parted[alert.act in acts].append(alert)
    return parted


def _upset(change: following.Change, followed: following.Followed) -> Upset:
    event = next(event for event in followed.events if event.id == change.event)
    put_off = change.kind is State.CANCELLED and says_moved(event) is not None  # and nobody knows to when
    act = followed.act_of[event.id]
    return Upset(
        new=NewAct(act=act, event=event),
        # A new act is told by this, and not once more when it is carried out; of a known one its key is taken.
        key=act if act in followed.fresh else f"{change.after.uid}:{change.after.sequence}",
        kind=(State.MOVED if put_off else change.kind).value,
        when=change.before.when,
        place=change.before.place,
    )


def _told_of(archive: Archive, change: following.Change, watch: str) -> frozenset[str]:
    """The channels that were told of the meeting for a watch, as any of the acts that its reports told."""
    acts = archive.tracking.acts_told_by({step.event for step in change.before.history if step.event})
    return archive.outbox.heard([name for act in acts for name in _names(archive, watch, act)]) or frozenset()


def _names(archive: Archive, watch: str, act: str) -> Iterable[str]:
    """The keys under which an act may have been told for a watch."""
    for uid in archive.tracking.names_of(act):
        yield f"{watch}:{uid}"
        yield from (f"{watch}:{uid}:{status}" for status in Status)


def _behind(article: Article, now: datetime) -> bool:
    """Whether the article is old by its own times, as after an outage of its house or of ours."""
    stated = max(filter(None, (article.published_at, article.stand)), default=now)
    return now - stated >= BEHIND


def _new_to_its_dossier(
    archive: Archive, followed: following.Followed, told: Callable[[Sequence[NewAct]], list[Alert]]
) -> list[Alert]:
    """Alerts for known acts of which only articles told that the alert's dossier did not take as core, another's did."""
    before = {act.id: {report.article for report in act.reports} - {followed.ref.article} for act in followed.acts}
    alerts = told(_surest(followed, before.keys() - followed.fresh))
    taken = archive.takers(set().union(*(before[alert.act] for alert in alerts)))
    return [alert for alert in alerts if not any(alert.dossier in taken[article] for article in before[alert.act])]


def _acts_further(followed: following.Followed, fresh: Sequence[NewAct]) -> list[NewAct]:
    """Acts that the article tells otherwise than they were, or than it tells them most surely; the surest first.

    Who wants deeds alone hears nothing of a plan, and is told when it is carried out.
    """
    surest = {new.act: new.event for new in fresh}
    act_of = followed.act_of
    told = [
        NewAct(act=act_of[event.id], event=event)
        for event in followed.events
        if event.id in followed.further
        or (act_of[event.id] in surest and event.status is not surest[act_of[event.id]].status)
    ]
    return sorted(told, key=lambda new: -new.event.confidence)


def _for_the_others(archive: Archive, alert: Alert, channels: Sequence[str]) -> tuple[list[Alert], Sequence[str]]:
    """The alert for those of the channels that were never told of its act for its watch; the first that tells it keeps its key."""
    heard = archive.outbox.heard([*_names(archive, alert.watch, alert.act)])
    if heard is None:
        return [alert], channels
    others = [channel for channel in channels if channel not in heard]
    return ([replace(alert, key=f"{alert.key}:{alert.status}")], others) if others else ([], ())
