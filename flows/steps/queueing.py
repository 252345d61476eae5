"""What is told of an article that was kept: alerts go into the outbox in the transaction that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypedDict

from extractors.model import RESTORED, WITHDRAWN, Alert, Article, Assessment, Event
from extractors.ontology import DOUBTED
from extractors.stories.moving import says_moved
from extractors.stories.states import State
from flows import following, health
from flows.alerts import waking
from flows.alerts.routing import channels_for
from flows.alerts.watches import NewAct, Upset, alerts_for, alerts_of_upset, said_again
from flows.desk import Desk
from flows.judging import Coded
from flows.steps import takebacks
from flows.steps.feeds import BASELINE
from storage.archive import Archive, Claimed

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """An article, and who may want to hear what it tells."""

    desk: Desk
    archive: Archive
    article: Article
    article_id: int
    assessments: Sequence[Assessment]
    how: _Manner
    said: frozenset[str]
    """the sentences in which the version before told something: what is read in them now is our reading, and no news"""

    def of(self, acts: Sequence[NewAct]) -> list[Alert]:
        news = [new for new in acts if new.event.evidence.quote not in self.said]
        again = [new for new in acts if new.event.evidence.quote in self.said]
        told = ((news, self.how), (again, _Manner(**{**self.how, "baseline": True})))
        made = (
            alerts_for(self.article, each, some, self.desk.watches, **how)
            for each in self.assessments
            for some, how in told
        )
        return [alert for alerts in made for alert in alerts]

    def of_upset(self, one: Upset) -> list[Alert]:
        made = (alerts_of_upset(self.article, each, one, self.desk.watches, **self.how) for each in self.assessments)
        return [alert for alerts in made for alert in alerts]

    def put(self, alerts: Sequence[Alert], channels: Collection[str], *, pressing: bool = False) -> int:
        """Queue alerts for channels; returns how many were new."""
        now, channels = self.desk.now(), sorted(channels)
        if not pressing and channels:
            alerts = self._rousing(alerts, now)
        return self.archive.outbox.queue(alerts, channels, now, article_id=self.article_id, pressing=pressing)

    def _rousing(self, alerts: Sequence[Alert], now: datetime) -> list[Alert]:
        """The alerts; one that is heard though its story sleeps wakes that, and says why."""
        asleep = self.archive.outbox.asleep({alert.group for alert in alerts}, now)
        told = []
        for alert in alerts:
            known = asleep.get(alert.group)
            if known is not None and waking.wakes(alert, known):
                self.archive.outbox.wake(alert.group, now)
                alert = waking.woken(alert, known, language=self.desk.language)
                del asleep[alert.group]
            told.append(alert)
        return told

    def put_where_it_is_wanted(self, alerts: Iterable[Alert]) -> int:
        alike = groupby(alerts, lambda alert: channels_for(alert, self.desk.routes))
        return sum(self.put(list(some), channels) for channels, some in alike)

    def as_repeat(self, alert: Alert, followed: following.Followed) -> Alert:
        """The alert of an act that only says again what stands: a repeat, if messages told its channels of that."""
        acts = followed.restated[alert.act]
        names = [name for act in acts for name in takebacks.names(self.archive, alert.watch, act)]
        taken_back = (f"{alert.watch}:{act}:{WITHDRAWN}" for act in acts)
        told = self.archive.outbox.tellings([*names, *taken_back])
        fallen = {one.act for one, _ in told if one.change == WITHDRAWN}
        told = [(one, heard) for one, heard in told if one.act not in fallen]
        messages = frozenset().union(*(heard for one, heard in told if not one.digest))
        since = next(act.since for act in followed.acts if act.id == alert.act)
        if since is None or not messages or not messages.issuperset(channels_for(alert, self.desk.routes)):
            return alert
        return said_again(alert, told[-1][0], since, self.desk.language)

    def put_for_the_others(self, alerts: Iterable[Alert]) -> int:
        """Queue each alert for the channels that want it and were never told of its act."""
        routes = self.desk.routes
        return sum(self.put(*_for_the_others(self.archive, one, channels_for(one, routes))) for one in alerts)

    def put_upset(self, change: following.ChangedMeeting, one: Upset) -> int:
        """Queue what befalls a meeting for the channels that were told of it."""
        known = {route.channel for route in self.desk.routes}
        told = ((alert, _told_of(self.archive, change, alert.watch) & known) for alert in self.of_upset(one))
        return sum(self.put([alert], channels, pressing=True) for alert, channels in told if channels)

    def put_restored(self, acts: Sequence[NewAct]) -> int:
        """Queue what is reported after all for the channels that were told that it was taken back."""
        if not acts:
            return 0
        back = {act.act: Upset(new=act, key=f"{act.act}:{RESTORED}", kind=RESTORED) for act in acts}
        told = self.archive.outbox.tellings(
            f"{watch.name}:{act}:{WITHDRAWN}" for watch in self.desk.watches for act in back
        )
        known, queued = {route.channel for route in self.desk.routes}, 0
        for withdrawn, heard in told:
            alerts = [alert for alert in self.of_upset(back[withdrawn.act]) if alert.watch == withdrawn.watch]
            queued += self.put(alerts, heard & known, pressing=True)
        return queued


def queue(
    desk: Desk,
    archive: Archive,
    claimed: Claimed,
    article: Article,
    coded: Coded,
    came_to: following.Outcome,
) -> int:
    """Queue alerts in the transaction that keeps the article; returns how many. A late worker queues none."""
    followed, kept, went_on = came_to.followed, came_to.kept, came_to.went_on
    if not kept.stored or not (followed.events or kept.replaced):
        return 0
    # While a publisher's pages read oddly, what they seem to say waits in the digest for someone to look at it.
    doubtful = health.doubtful(archive, health.host_of(claimed.url))
    told = {act for change in went_on.changes for act in _acts_of(archive, change)}
    ended = takebacks.ended_by(archive, kept)
    queued = takebacks.of_version(desk, archive, article, coded, followed, kept, ended, doubtful=doubtful, but=told)
    if not followed.events:
        return queued
    late = claimed.why == LATE
    baseline = claimed.why == BASELINE or late or doubtful
    behind = late or (claimed.text_digest is None and _behind(article, desk.now()))
    telling = _Telling(
        desk=desk,
        archive=archive,
        article=article,
        article_id=kept.article_id,
        assessments=coded.assessments,
        how=_Manner(story=went_on.story, baseline=baseline, late=behind, language=desk.language),
        said=takebacks.quotes(ended),
    )
    upset = [_upset(change, followed) for change in went_on.changes]
    queued += sum(map(telling.put_upset, went_on.changes, upset))
    queued += telling.put_restored(_told_again(followed))
    fresh = _surest(followed, followed.fresh)
    told_now, heard = _parted(telling.of(fresh), {one.new.act for one in upset})
    news, again = _parted(told_now, followed.restated.keys())
    queued += telling.put_where_it_is_wanted(news)
    queued += telling.put_where_it_is_wanted(telling.as_repeat(alert, followed) for alert in again)
    further = telling.of(_acts_further(followed, fresh))
    return queued + telling.put_for_the_others([*heard, *further, *_new_to_its_dossier(archive, followed, telling.of)])


def _told_again(followed: following.Followed) -> list[NewAct]:
    """The known acts that the article says to be, or to come."""
    sure = [event for event in followed.events if event.status not in DOUBTED]
    return _surest(replace(followed, events=tuple(sure)), {act.id for act in followed.acts} - followed.fresh)


def _parted(alerts: Iterable[Alert], acts: Collection[str]) -> tuple[list[Alert], list[Alert]]:
    """Alerts of other acts, and those of these."""
    parted: tuple[list[Alert], list[Alert]] = [], []
    for alert in alerts:
        parted[alert.act in acts].append(alert)
    return parted


def _upset(change: following.ChangedMeeting, followed: following.Followed) -> Upset:
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


def _told_of(archive: Archive, change: following.ChangedMeeting, watch: str) -> frozenset[str]:
    """The channels that were told of the meeting for a watch, as any of the acts that its reports told."""
    acts = _acts_of(archive, change)
    return archive.outbox.heard([name for act in acts for name in takebacks.names(archive, watch, act)]) or frozenset()


def _acts_of(archive: Archive, change: following.ChangedMeeting) -> Sequence[str]:
    return archive.tracking.acts_told_by({step.event for step in change.before.history if step.event})


def _behind(article: Article, now: datetime) -> bool:
    """Whether the article is old by its own times, as after an outage of its house or of ours."""
    stated = max(filter(None, (article.published_at, article.stand)), default=now)
    return now - stated >= BEHIND


def _new_to_its_dossier(
    archive: Archive, followed: following.Followed, told: Callable[[Sequence[NewAct]], list[Alert]]
) -> list[Alert]:
    """Alerts for known acts that are new to the alert's dossier: it took no article that told them as core."""
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
    """The alert, and the channels that its watch never told of its act; where others were told it has another key."""
    heard = archive.outbox.heard([*takebacks.names(archive, alert.watch, alert.act)])
    if heard is None:
        return [alert], channels
    others = [channel for channel in channels if channel not in heard]
    return ([replace(alert, key=f"{alert.key}:{alert.status}")], others) if others else ([], ())
