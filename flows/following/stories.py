"""Follows stories: which one an article goes on with, and which have grown into one."""

from __future__ import annotations

from datetime import datetime

from extractors.model import Article
from extractors.stories import matters
from flows.following.tying import Followed
from storage import recalling, tracking
from storage.archive import Archive


def follow_story(archive: Archive, article: Article, followed: Followed, article_id: int, now: datetime) -> str:
    """Put the article into a story, known or new; returns the story's id."""
    ids = [act.id for act in followed.acts]
    told = matters.features(
        article, key=followed.ref.article, events=followed.events, acts=ids, told_at=followed.ref.told_at
    )
    # A new version stays where it is, also when its story has been closed since.
    near = tuple(recalling.stories_with(archive.connection, article_id)) or recalling.open_stories(
        archive.connection, followed.ref.told_at
    )
    known = {story.id: story for story in near}
    found = matters.assign(told, known.values())
    story = matters.begin(told) if found.new else matters.join(known[found.story], told, found)
    kept = tracking.Story(uid=story.id, title=story.title, detail=recalling.dumped(story))
    archive.tracking.tell_story(kept, article_id, found.reason, now)
    return story.id


def merge_stories(archive: Archive, now: datetime) -> int:
    """Make stories one that have grown into one; returns how many were merged into others."""
    open_ones = {story.id: story for story in recalling.open_stories(archive.connection, now)}
    told = matters.merges(tuple(open_ones.values()))
    for gone, into, reason in told:
        open_ones[into] = story = matters.merged(open_ones[into], open_ones[gone], reason)
        archive.tracking.merge_stories(gone, into, now)
        archive.tracking.save_story(
            tracking.Story(uid=story.id, title=story.title, detail=recalling.dumped(story)), now
        )
    return len(told)
