"""What happened, day by day: a deed counts once, however many articles tell it on however many days. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, union_all
from sqlalchemy.orm import aliased

from extractors.model import Precision
from extractors.ontology import EventType
from extractors.stories.dyads import HAPPENED
from storage.queries import StoredEvent, sure, takes_part
from storage.tables import ActRow, EventRow


def conditions(row: Any) -> list[Any]:
    """That a row of events is a deed: believed, past or under way, and neither a statement nor a copy."""
    happened = row.status.in_(sorted(status.value for status in HAPPENED)), row.type != EventType.STATE.value
    return [row.known_to.is_(None), row.copied.is_(False), *happened]


def _best_dated(row: Any) -> tuple[Any, ...]:
    """Reports of a deed in the order of how well they date it; the first one tells its day.

    First those that name a day, then those that name a longer time, then the others, of which only the report's own day
    is known. Among equals the surest.
    """
    named = case((row.when_precision == Precision.DAY.value, 0), (row.when_first.is_not(None), 1), else_=2)
    return named, *surest(row)


def surest(row: Any) -> tuple[Any, ...]:
    """Reports in the order of how sure they are: first a reviewer's word, then by confidence, among equals the oldest."""
    return row.correction_id.is_(None), row.confidence.desc(), row.id


def days_of(connection: Connection, acts: Sequence[int]) -> dict[int, tuple[date, date]]:
    """The first and the last day of deeds, by the row of the act, as the report tells them that dates it best."""
    place = func.row_number().over(partition_by=EventRow.act_id, order_by=_best_dated(EventRow)).label("place")
    placed = (
        select(EventRow.act_id, EventRow.day, func.coalesce(EventRow.when_last, EventRow.day).label("last"), place)
        .where(EventRow.act_id.in_(acts), *conditions(EventRow))
        .subquery()
    )
    rows = connection.execute(select(placed.c.act_id, placed.c.day, placed.c.last).where(placed.c.place == 1))
    return {row.act_id: (row.day, row.last) for row in rows}


def dating(told: Sequence[StoredEvent]) -> StoredEvent | None:
    """The report on whose day a deed counts, of all of its reports; None where none is of a deed."""
    return min(filter(_is_deed, told), key=_how_dated, default=None)


def _is_deed(stored: StoredEvent) -> bool:
    """What `conditions` asks of a row."""
    event = stored.event
    return (
        stored.known_to is None and not stored.copied and event.status in HAPPENED and event.type is not EventType.STATE
    )


def _how_dated(stored: StoredEvent) -> tuple[Any, ...]:
    """What `_best_dated` asks of a row."""
    when = stored.event.when
    named = 2 if when is None else int(when.precision is not Precision.DAY)
    return named, not stored.reviewed, -stored.event.confidence, stored.row


def counted_within(since: date, until: date) -> list[Any]:
    """The conditions, for a question about acts, that an act counts on one of these days."""
    row = aliased(EventRow)
    day = select(row.day).where(row.act_id == ActRow.id, *conditions(row)).order_by(*_best_dated(row)).limit(1)
    # Those that some report tells on one of the days are few, and found by an index.
    return [ActRow.id.in_(_told(since, until)), day.correlate(ActRow).scalar_subquery().between(since, until)]


def _told(since: date, until: date, party: str = "") -> Any:
    """Acts with a report of one of these days; of a `party` those in which a report of any day has it take part."""
    row = aliased(EventRow)
    told = select(row.act_id).where(*conditions(row), row.act_id.is_not(None), row.day.between(since, until))
    if not party:
        return told
    row = aliased(EventRow)
    return select(row.act_id).where(row.act_id.in_(told), takes_part(party, row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tension:
    """A day's deeds: how many, and the sums of their PLOVER scores above and below nothing.

    `unsure` is how many more there are that no report is sure enough of.
    """

    day: date
    acts: int = 0
    cooperation: float = 0.0
    conflict: float = 0.0
    unsure: int = 0


def tension(
    connection: Connection, since: date, until: date, *, party: str = "", min_confidence: float = 0.0
) -> tuple[Tension, ...]:
    """What happened day by day; a day without acts has a row too.

    An act counts once: on the day of the report that dates it best, with the score of the surest. With a `party` only
    reports in which it takes part have a score; any report may tell the day.
    """
    score: Any = EventRow.score if min_confidence <= 0 else case((sure(min_confidence), EventRow.score))
    once = union_all(_acts(since, until, party, score), _untied(since, until, party, score)).subquery()
    rows = connection.execute(
        select(
            once.c.day,
            func.count(once.c.score).label("acts"),
            func.sum(case((once.c.score > 0, once.c.score), else_=0.0)).label("cooperation"),
            func.sum(case((once.c.score < 0, once.c.score), else_=0.0)).label("conflict"),
            (func.count() - func.count(once.c.score)).label("unsure"),
        ).group_by(once.c.day)
    )
    found = {
        row.day: Tension(
            day=row.day, acts=row.acts, cooperation=row.cooperation, conflict=row.conflict, unsure=row.unsure
        )
        for row in rows
    }
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    return tuple(found.get(day) or Tension(day=day) for day in days)


def _acts(since: date, until: date, party: str, score: Any) -> Any:
    """Each act that counts on one of these days, with its day and score, by all of its reports, whatever their days."""
    theirs = case((takes_part(party), 1), else_=0) if party else literal(1)
    reports = (
        select(
            EventRow.act_id,
            EventRow.day,
            score.label("score"),
            theirs.label("theirs"),
            func.row_number().over(partition_by=EventRow.act_id, order_by=_best_dated(EventRow)).label("place"),
            func.row_number()
            .over(partition_by=EventRow.act_id, order_by=(theirs.desc(), *surest(EventRow)))
            .label("surest"),
        )
        .where(*conditions(EventRow), EventRow.act_id.in_(_told(since, until, party)))
        .subquery()
    )
    day = func.max(case((reports.c.place == 1, reports.c.day)))
    return (
        select(day.label("day"), func.max(case((reports.c.surest == 1, reports.c.score))).label("score"))
        .group_by(reports.c.act_id)
        .having(day.between(since, until), func.max(reports.c.theirs) == 1)
    )


def _untied(since: date, until: date, party: str, score: Any) -> Any:
    """The same of what is tied to no act."""
    asked = select(EventRow.day, score.label("score")).where(
        *conditions(EventRow), EventRow.act_id.is_(None), EventRow.day.between(since, until)
    )
    return asked.where(takes_part(party)) if party else asked
