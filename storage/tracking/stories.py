"""Stories and the articles that belong to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.statements import prepared, table, upsert
from storage.tables import StoryArticleRow, StoryRow
from storage.tracking.followed import Followed
from storage.tracking.records import Story


class Stories(Followed):
    """The verbs about stories."""

    def save_story(self, story: Story, now: datetime) -> Any:
        """Keep a story as it stands; returns its number and where it was merged into, if it was."""
        values = {"title": story.title, "detail": dict(story.detail) or None}
        made = {"uid": story.uid, "created_at": now, "updated_at": now}
        saved = _story_known if self.reread else _story_saved
        return self.connection.execute(saved(self.connection), made | values).one()

    def tell_story(self, story: Story, article_id: int, reason: str, now: datetime) -> None:
        """Keep a story with one article more: `save_story` and `add_to_story` in fewer statements."""
        saved = self.save_story(story, now)
        if saved.merged_into is not None:  # somebody was faster
            self.add_to_story(story.uid, article_id, reason, now)
            return
        values = {"story_id": saved.id, "article_id": article_id, "at": now, "reason": reason}
        self.connection.execute(_put_into_story(self.connection), values)

    def add_to_story(self, uid: str, article_id: int, reason: str, now: datetime) -> None:
        """Put an article into a story, and say why; a second time only the reason is renewed."""
        story_id = self._row_id(StoryRow, self._followed(StoryRow, uid))
        values = {"story_id": story_id, "article_id": article_id, "at": now, "reason": reason}
        self.connection.execute(_put_into_story(self.connection), values)
        if not self.reread:
            self.connection.execute(_story_touched(self.connection), {"which": story_id, "updated_at": now})

    def merge_stories(self, gone: str, into: str, now: datetime) -> None:
        """Make two stories one; the old uid leads to the new one, its articles move over."""
        gone, into = self._followed(StoryRow, gone), self._followed(StoryRow, into)
        if gone == into:
            return
        old, new = (self._row_id(StoryRow, uid) for uid in (gone, into))
        row = StoryArticleRow
        there = select(row.article_id).where(row.story_id == new)
        moving = update(row).where(row.story_id == old, row.article_id.not_in(there)).values(story_id=new)
        self.connection.execute(moving)
        self.connection.execute(delete(row).where(row.story_id == old))
        self.connection.execute(update(StoryRow).where(StoryRow.id == old).values(merged_into=into, updated_at=now))


@prepared
def _story_saved(connection: Connection) -> Any:
    return _story_made(connection, "title", "detail", "updated_at")


@prepared
def _story_known(connection: Connection) -> Any:
    return _story_made(connection, "title", "detail")


def _story_made(connection: Connection, *changing: str) -> Any:
    stories = table(StoryRow)
    told = upsert(connection, stories)
    changed = {name: told.excluded[name] for name in changing}
    return told.on_conflict_do_update(index_elements=["uid"], set_=changed).returning(
        stories.c.id, stories.c.merged_into
    )


@prepared
def _put_into_story(connection: Connection) -> Any:
    told = upsert(connection, table(StoryArticleRow))
    changed = {"reason": told.excluded["reason"]}
    return told.on_conflict_do_update(index_elements=["story_id", "article_id"], set_=changed)


@prepared
def _story_touched(_: Connection) -> Any:
    stories = table(StoryRow)
    return update(stories).where(stories.c.id == bindparam("which"))
