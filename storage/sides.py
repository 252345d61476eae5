"""Who takes part in an event, as two texts in its own row: a year of events is counted by party without reading their
roles.

The roles of an event never change. Whoever inserts them writes this with them; `checking.check` compares.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, text


class Sides(NamedTuple):
    """The codes of who acts and of who is acted upon."""

    actors: frozenset[str]
    recipients: frozenset[str]


def written(actors: Iterable[str], recipients: Iterable[str]) -> str:
    """Each code once, with the first letter of its role, in order.

    >>> written(["RUS", "BLR"], ["NATO"])
    'aBLR aRUS rNATO'
    """
    return " ".join([*sorted({f"a{code}" for code in actors}), *sorted({f"r{code}" for code in recipients})])


@lru_cache(maxsize=10_000)
def read(told: str) -> Sides:
    """What such a text tells; a few thousand come again and again.

    >>> sorted(read("aBLR aRUS rNATO").actors)
    ['BLR', 'RUS']
    """
    return Sides(*(frozenset(each[1:] for each in told.split() if each[0] == letter) for letter in "ar"))


_IN_ORDER = {
    "sqlite": "group_concat(who, ' ')",
    "postgresql": """string_agg(who, ' ' ORDER BY who COLLATE "C")""",
}
_SIDES = """coalesce((
    SELECT {in_order} FROM (
        SELECT DISTINCT substr(role, 1, 1) || code AS who FROM event_actors
        WHERE event_id = events.id AND role <> 'speaker' ORDER BY who
    ) AS parties
), '')"""
_SPEAKER = "coalesce((SELECT max(code) FROM event_actors WHERE event_id = events.id AND role = 'speaker'), '')"


def _due(connection: Connection) -> tuple[str, str]:
    """What the two texts of an event should be, in SQL."""
    return _SIDES.format(in_order=_IN_ORDER[connection.dialect.name]), _SPEAKER


def fill(connection: Connection) -> None:
    """Write the texts of all events; for the migration that brought them."""
    sides, speaker = _due(connection)
    connection.execute(text(f"UPDATE events SET sides = {sides}, speaker = {speaker}"))


def differing(connection: Connection) -> int:
    """How many events have other texts than their roles tell; looks at all of them."""
    sides, speaker = _due(connection)
    return connection.scalar(text(f"SELECT count(*) FROM events WHERE sides <> {sides} OR speaker <> {speaker}")) or 0
