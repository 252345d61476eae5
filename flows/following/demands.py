"""Follows demands: who asks what of whom, and what is answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from extractors.stories import demands
from flows.following.tying import Followed
from storage import recalling, tracking
from storage.archive import Archive


def follow_demands(
    archive: Archive, followed: Followed, article_id: int, now: datetime, before: Collection[str]
) -> None:
    """Keep what the events say of demands, but for those in `before`."""
    speaking = [event for event in followed.events if demands.speaks(event) and event.id not in before]
    if not speaking:
        return
    known = recalling.known_demands(archive.connection, speaking, followed.ref)
    for demand in demands.ledger([(event, followed.ref) for event in speaking], tuple(known.values())):
        had = len(known[demand.uid].entries) if demand.uid in known else 0
        if len(demand.entries) > had:
            _save_demand(archive, demand, demand.entries[had:], article_id, now)


def _save_demand(
    archive: Archive, demand: demands.Demand, new: Sequence[demands.Entry], article_id: int, now: datetime
) -> None:
    archive.tracking.save_demand(
        tracking.Demand(
            uid=demand.uid,
            state=demand.answer.value,
            demanders=tuple(sorted(demand.demanders)),
            addressees=tuple(sorted(demand.addressees)),
            content=demand.content,
            detail=recalling.dumped(demand),
        ),
        [
            tracking.Change(
                at=entry.at,
                state=entry.answer.value,
                by=" ".join(sorted(entry.by)),
                event=entry.event,
                article_id=article_id,
                quote=entry.quote,
                reason=entry.reason,
            )
            for entry in new
        ],
        now,
    )
