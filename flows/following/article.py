"""An article from its events to all that is followed: acts, meetings, demands and its story."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from extractors.model import Article, Grade
from flows.following.demands import follow_demands
from flows.following.meetings import ChangedMeeting, follow_meetings
from flows.following.stories import follow_story
from flows.following.tying import Followed, follow_acts, keep_acts
from flows.judging import Coded
from storage.archive import Archive, Kept, Made


@dataclass(frozen=True, slots=True, kw_only=True)
class Followup:
    """What became of an article's events: the story that they go on with, and the meetings that they upset."""

    story: str
    changes: tuple[ChangedMeeting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an article came to: how its events tie in, what the archive keeps of it, and how matters went on."""

    followed: Followed
    kept: Kept
    went_on: Followup


def follow(
    archive: Archive,
    article: Article,
    coded: Coded,
    put: Callable[[Made], Kept],
    now: datetime,
    *,
    key: str,
    told_at: datetime,
) -> Outcome:
    """Tie an article's events to what is known, keep it, and go on with what it tells of: all in one transaction.

    The same for one that is new and one that is read again. `put` is the archive's verb that keeps what was made of the
    article; `told_at` is when it counts as told if it has no time of its own.
    """
    followed = follow_acts(archive, article, coded.events, key=key, told_at=told_at)
    told = coded.grade > Grade.NOT
    kept = put(
        Made(
            assessments=coded.assessments,
            events=coded.events,
            quotes=coded.quotes,
            links=followed.links,
            introduced=coded.introduced,
            marks=followed.ref.fingerprint if told else (),
        )
    )
    went_on = Followup(story="")
    if kept.stored and told:
        went_on = keep(archive, article, followed, kept.article_id, now, before=kept.as_before)
    return Outcome(followed=followed, kept=kept, went_on=went_on)


def keep(
    archive: Archive,
    article: Article,
    followed: Followed,
    article_id: int,
    now: datetime,
    *,
    before: Collection[str] = frozenset(),
) -> Followup:
    """Keep what changed: acts, meetings, demands and the story.

    Events in `before` were followed when the article was read before. They make no step of a meeting or a demand again:
    it would stand there twice, or, as a recode knows what came later, at another one.
    """
    keep_acts(archive, followed, now)
    changes = follow_meetings(archive, followed, article_id, now, before)
    follow_demands(archive, followed, article_id, now, before)
    story = follow_story(archive, article, followed, article_id, now)
    return Followup(story=story, changes=tuple(changes))
