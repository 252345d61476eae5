"""A running matter as a timeline: who was the first to tell which act, and what is new since a day. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from extractors.stories import matters
from flows.web.wording import Words
from storage.room_queries import ActLine, StoryMember, acts_of, doubtful_of
from storage.tracking import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEntry:
    """An article in a story's timeline, with the acts that no article before it told."""

    member: StoryMember
    fresh: tuple[ActLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """A running matter as a timeline, the latest day first. With `since` only what is new from then on."""

    story: Story
    since: date | None
    days: tuple[tuple[date | None, tuple[StoryEntry, ...]], ...]
    articles: int
    copies: int
    houses: int
    acts: int
    unsure: int
    """acts that do not count because no article tells them surely enough"""
    left_out: int
    """articles since then that bring nothing new"""
    earlier: int
    """articles that are counted and too old to be shown"""


def story_page(
    story: Story,
    members: Sequence[StoryMember],
    acts: Mapping[str, ActLine],
    *,
    most: int,
    since: date | None = None,
    w: Words,
) -> StoryPage:
    """`members` in the order of telling, of which so many are shown, the latest; `acts` are the lines of theirs."""
    begun = _begun(since, w)
    since_then = [
        member for member in members if begun is None or (member.told_at is not None and member.told_at >= begun)
    ]
    lately = since_then[-most:]
    shown = lately if begun is None else _new_since(story, lately, members, begun)
    fresh = _first_told(members)
    entries = [
        StoryEntry(member=member, fresh=tuple(acts[uid] for uid in sorted(fresh[member.article.id]) if uid in acts))
        for member in reversed(shown)
    ]
    by_day = itertools.groupby(entries, key=lambda entry: _day_of(entry.member, w))
    return StoryPage(
        story=story,
        since=since,
        days=tuple((day, tuple(told)) for day, told in by_day),
        articles=len(members),
        copies=sum(member.copy for member in members),
        houses=len({member.article.publisher for member in members if not member.copy}),
        acts=len(acts_of(members)),
        unsure=len(doubtful_of(members)),
        left_out=len(lately) - len(shown),
        earlier=len(since_then) - len(lately),
    )


def _begun(since: date | None, w: Words) -> datetime | None:
    return None if since is None else datetime.combine(since, time(), w.zone)


def _new_since(
    story: Story, lately: Sequence[StoryMember], members: Sequence[StoryMember], begun: datetime
) -> list[StoryMember]:
    """Those of late that are no copies and tell what none told before."""
    known = matters.Story(
        id=story.uid,
        title=story.title,
        words=(),
        parties=frozenset(),
        members=tuple(_as_member(member) for member in members if member.told_at is not None),
    )
    # "Since" is from the day's first moment on, and `new_since` is after a moment.
    new = {member.article for member in matters.new_since(known, begun - timedelta(microseconds=1))}
    return [member for member in lately if str(member.article.id) in new]


def _as_member(member: StoryMember) -> matters.Member:
    assert member.told_at is not None
    return matters.Member(
        article=f"{member.article.id}",
        publisher=member.article.publisher,
        told_at=member.told_at,
        title=member.article.headline,
        reason=member.reason,
        acts=member.acts,
        copy_of="another" if member.copy else "",
    )


def _first_told(members: Sequence[StoryMember]) -> dict[int, frozenset[str]]:
    """By article the acts that it was the first to tell."""
    known: set[str] = set()
    found = {}
    for member in members:
        found[member.article.id] = member.acts - known
        known |= member.acts
    return found


def _day_of(member: StoryMember, w: Words) -> date | None:
    return None if member.told_at is None else member.told_at.astimezone(w.zone).date()
