"""Work that goes on from a backup: what was told after it is told again, in a way that receivers can tell."""

from __future__ import annotations

import pytest
from tiny_site import Clock, TinySite, idle, settings_for, talks, told

from flows import steps
from flows.desk import open_desk
from flows.newsroom import Newsroom
from storage.backup import backup, restore
from storage.engine import open_engine


@pytest.mark.usefixtures("quick_desks")
async def test_from_an_older_backup_nothing_is_lost_and_what_is_told_again_has_the_key_that_it_had(tmp_path):
    clock, site = Clock(), TinySite()
    with Newsroom(site=site, clock=clock) as room:
        settings = settings_for(tmp_path, room)
        site.publish(idle(1))
        async with open_desk(settings, now=clock) as desk:
            await steps.one_pass(desk)
            site.publish(talks(1))
            clock.advance(hours=2)
            await steps.one_pass(desk)
            backup(desk.engine, tmp_path / "archive.jsonl.gz")
            before = told(room)
            site.publish(talks(2))
            clock.advance(hours=2)
            await steps.one_pass(desk)
        told_after = told(room)[len(before) :]
        ids = [each.headers["webhook-id"] for each in room.deliveries]

        again = settings_for(tmp_path, room, database=f"sqlite:///{tmp_path}/again.sqlite")
        engine = open_engine(again.database_url)
        restore(engine, tmp_path / "archive.jsonl.gz")
        engine.dispose()
        site.publish(talks(3))
        clock.advance(hours=2)
        async with open_desk(again, now=clock) as desk:
            await steps.one_pass(desk)
        then = told(room)[len(before) + len(told_after) :]

    assert before
    assert told_after
    assert not set(then) & set(before)
    assert set(told_after) < set(then)  # and what is new since
    # In one message with what is new: under the name of the first alone, receivers that know it dropped both.
    assert not set(ids) & {each.headers["webhook-id"] for each in room.deliveries[len(ids) :]}
