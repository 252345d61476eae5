"""Which two parties an event brings together: rows derived from events and their actors, so that a dyad is quick to ask.

Only what is believed today has rows. Whoever changes what is believed of an article renews its rows, in the same
transaction; `checking.check` compares.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    collate,
    delete,
    func,
    insert,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from extractors.ontology import EventType, Status, goldstein
from storage.statements import prepared, table
from storage.tables import EventActorRow, EventRow, PairRow, VersionRow

TOGETHER, THERE, BACK, ADDRESSED = 4, 1, 2, 8
"""Bits of `way`: both act; the first acts on the second; the second on the first; a third party acts on both."""
DEALINGS = TOGETHER | THERE | BACK
"""What two parties have to do with each other: two recipients of a third party's act have nothing."""

# Numbers in the database: append, never reorder.
TYPES: tuple[str, ...] = (
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
    "STATE",
)
STATUSES: tuple[str, ...] = ("past", "ongoing", "planned", "hypothetical", "negated", "historical")
assert set(TYPES) == {kind.value for kind in EventType}
assert set(STATUSES) == {status.value for status in Status}


_COLUMNS = (
    "one",
    "other",
    "event_id",
    "way",
    "day",
    "type",
    "status",
    "plover",
    "goldstein",
    "surety",
    "act_id",
    "copied",
)


def renew(connection: Connection, article_id: int, *, fresh: bool = False) -> None:
    """Bring the rows of an article's events up to date; a `fresh` one has none yet."""
    ours = {"article": article_id}
    if not fresh:
        connection.execute(_forgotten(connection), ours)
    connection.execute(_renewed(connection), ours)


def _events_of_article() -> Select[Any]:
    versions = select(VersionRow.id).where(VersionRow.article_id == bindparam("article"))
    return select(EventRow.id).where(EventRow.version_id.in_(versions))


@prepared
def _forgotten(connection: Connection) -> Any:
    one, other = aliased(EventActorRow), aliased(EventActorRow)
    keys = (
        select(one.code, other.code, one.event_id)
        .join(other, and_(other.event_id == one.event_id, _before(connection, one.code, other.code)))
        .where(one.event_id.in_(_events_of_article()))
    )
    rows = table(PairRow)
    return delete(rows).where(tuple_(rows.c.one, rows.c.other, rows.c.event_id).in_(keys))


@prepared
def _renewed(connection: Connection) -> Any:
    return _filled(wanted(connection).where(EventRow.id.in_(_events_of_article())))


def renew_all(connection: Connection) -> None:
    """Make all rows anew, after a migration or from a backup that had none."""
    connection.execute(delete(PairRow))
    connection.execute(_filled(wanted(connection)))


def _filled(rows: Select[Any]) -> Any:
    return insert(table(PairRow)).from_select(list(_COLUMNS), rows)


def wanted(connection: Connection) -> Select[Any]:
    """The rows that there should be, computed from the events."""
    one, other = aliased(EventActorRow), aliased(EventActorRow)
    ways = (
        (and_(one.role == "actor", other.role == "recipient"), THERE),
        (and_(one.role == "recipient", other.role == "actor"), BACK),
        (and_(one.role == "actor", other.role == "actor"), TOGETHER),
        (and_(one.role == "recipient", other.role == "recipient"), ADDRESSED),
    )
    way: Any = sum(func.max(case((condition, bit), else_=0)) for condition, bit in ways)
    return (
        select(
            one.code,
            other.code,
            EventRow.id,
            way,
            _ordinal(connection),
            _number(EventRow.type, TYPES),
            _number(EventRow.status, STATUSES),
            cast(func.round(EventRow.score * 10), Integer),
            case({kind.value: round(goldstein(kind) * 10) for kind in EventType}, value=EventRow.type),
            _surety(connection),
            EventRow.act_id,
            EventRow.copied,
        )
        .select_from(EventRow)
        .join(one, one.event_id == EventRow.id)
        .join(other, and_(other.event_id == EventRow.id, _before(connection, one.code, other.code)))
        .where(EventRow.known_to.is_(None), one.role != "speaker", other.role != "speaker")
        .group_by(one.code, other.code, EventRow.id)
    )


def _before(connection: Connection, one: Any, other: Any) -> Any:
    """The order of codes that `between` has, whatever the database's language is."""
    if connection.dialect.name == "postgresql":
        return collate(one, "C") < collate(other, "C")
    return one < other


def _ordinal(connection: Connection) -> Any:
    """The day as `date.toordinal` counts it."""
    if connection.dialect.name == "postgresql":
        return literal_column("(events.day - DATE '0001-01-01') + 1")
    return literal_column("CAST(julianday(events.day) - 1721424.5 AS INTEGER)")


def _surety(connection: Connection) -> Any:
    """The confidence in whole hundredths, rounded down: what is just below a floor stays below it. 100 if reviewed."""
    # A hair more, for 0.29 * 100 is 28.999999999999996. SQLite's CAST cuts off, PostgreSQL's rounds.
    hundredths = EventRow.confidence * 100 + 1e-6
    if connection.dialect.name == "postgresql":
        hundredths = func.floor(hundredths)
    return case((EventRow.correction_id.is_not(None), 100), else_=cast(hundredths, Integer))


def hundredths(confidence: float) -> int:
    """A floor of confidence as `surety` knows it.

    >>> hundredths(0.29), hundredths(0.5)
    (29, 50)
    """
    return round(confidence * 100)


def _number(column: Any, names: Iterable[str]) -> Any:
    return case({name: number for number, name in enumerate(names)}, value=column)


def between(one: str, other: str) -> tuple[str, str]:
    """The pair as its rows name it."""
    return (one, other) if one < other else (other, one)


def differing(connection: Connection) -> int:
    """How many rows there are and should not be, or should be and are not; looks at all of them."""
    kept = select(*(PairRow.__table__.c[name] for name in _COLUMNS))
    there, due = kept.except_(wanted(connection)).subquery(), wanted(connection).except_(kept).subquery()
    counts = (connection.scalar(select(func.count()).select_from(rows)) or 0 for rows in (there, due))
    return sum(counts)
