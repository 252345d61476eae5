"""Who does what to whom: how many acts of each to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, String, func, select

from storage.queries.selecting import EventFilter, all_with_words, selected, sure
from storage.statements import among
from storage.tables import EventActorRow, EventRow


class Dealing(NamedTuple):
    """What one report tells of an act, as far as it is counted. `certain`: as sure as was asked for."""

    act: int
    type: str
    certain: bool
    actors: frozenset[str]
    recipients: frozenset[str]


def dealings(connection: Connection, wanted: EventFilter) -> tuple[Dealing, ...]:
    """The reports that fit, less certain ones too, in no order; the filter's limit is not looked at."""
    every = replace(wanted, min_confidence=0.0)
    if wanted.text:
        those = among(connection, EventRow.id, all_with_words(connection, every))
    else:
        found = selected(connection, every).order_by(None).subquery()
        those = EventRow.id.in_(select(found.c[0]))
    role = func.substr(EventActorRow.role, 1, 1, type_=String)
    told = (
        select(
            EventRow.act_id,
            EventRow.type,
            sure(wanted.min_confidence).label("certain"),
            func.aggregate_strings(role + EventActorRow.code, " ").label("named"),
        )
        .join(EventActorRow, EventActorRow.event_id == EventRow.id)
        .where(those, EventRow.act_id.is_not(None))
        .group_by(EventRow.id)
    )
    # The same few hundred casts come again and again: each is read once.
    sides = cache(_sides)
    return tuple(
        Dealing(act, kind, bool(certain), *sides(named)) for act, kind, certain, named in connection.execute(told).all()
    )


def _sides(named: str) -> tuple[frozenset[str], frozenset[str]]:
    """Who acts and who is acted upon, of those that are named with the first letter of their role."""
    roles = [(each[0], each[1:]) for each in named.split()]
    return (
        frozenset(code for role, code in roles if role == "a"),
        frozenset(code for role, code in roles if role == "r"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Numbers of acts; one with several parties counts for each of them, and once in each sum."""

    cells: Mapping[tuple[str, str], int]
    """(who, whom)"""
    acting: Mapping[str, int]
    """all that who stands in a cell did, also what names nobody whom it is done to"""
    bearing: Mapping[str, int]
    """all that was done to who stands in a cell"""
    unsure: int
    """acts of somebody to somebody that no report is sure enough of"""


def matrix(told: Iterable[Dealing], *, types: Collection[str] = ()) -> Matrix:
    """The matrix of these reports, or of those of some types."""
    cells: dict[tuple[str, str], set[int]] = defaultdict(set)
    acting: dict[str, set[int]] = defaultdict(set)
    bearing: dict[str, set[int]] = defaultdict(set)
    certain, every = set(), set()
    for each in told:
        if types and each.type not in types:
            continue
        if each.actors and each.recipients:
            every.add(each.act)
        if not each.certain:
            continue
        if each.actors and each.recipients:
            certain.add(each.act)
        for who in each.actors:
            acting[who].add(each.act)
            for whom in each.recipients:
                cells[who, whom].add(each.act)
        for whom in each.recipients:
            bearing[whom].add(each.act)
    doers, bearers = {who for who, _ in cells}, {whom for _, whom in cells}
    return Matrix(
        cells={sides: len(acts) for sides, acts in cells.items()},
        acting={who: len(acts) for who, acts in acting.items() if who in doers},
        bearing={whom: len(acts) for whom, acts in bearing.items() if whom in bearers},
        unsure=len(every - certain),
    )


def kinds(told: Iterable[Dealing]) -> dict[str, int]:
    """By type, how many acts of somebody to somebody there are, the most first."""
    acts: dict[str, set[int]] = defaultdict(set)
    for each in told:
        if each.certain and each.actors and each.recipients:
            acts[each.type].add(each.act)
    return {kind: len(those) for kind, those in sorted(acts.items(), key=lambda it: (-len(it[1]), it[0]))}
