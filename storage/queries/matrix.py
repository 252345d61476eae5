"""Who does what to whom: how many acts of each to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection, String, case, cast, func, select

from storage import sides
from storage.queries.selecting import EventFilter, all_selected, all_with_words, sure
from storage.statements import among
from storage.tables import EventRow


class Dealing(NamedTuple):
    """Reports that count alike: of one type, with the same sides. `certain`: as sure as was asked for."""

    type: str
    certain: bool
    actors: frozenset[str]
    recipients: frozenset[str]
    acts: tuple[str, ...]
    """the number of the act of each report that tells it so"""


def dealings(connection: Connection, wanted: EventFilter) -> tuple[Dealing, ...]:
    """The reports that fit, by what they count as, in no order; less certain ones too, whatever the filter's limit.

    They are put together here, and come from the database in two long texts: to group them there takes twice as long,
    and to hand over a row for each longer still.
    """
    every = replace(wanted, min_confidence=0.0)
    if wanted.text:
        those = select(EventRow.id).where(among(connection, EventRow.id, all_with_words(connection, every)))
    else:
        those = all_selected(connection, every)
    certain = case((sure(wanted.min_confidence), f" {_CERTAIN} "), else_=" - ")
    each = those.with_only_columns((EventRow.type + certain + EventRow.sides).label("line"), EventRow.act_id)
    row = each.where(EventRow.act_id.is_not(None)).subquery().c
    texts = select(
        func.aggregate_strings(row.line, _BETWEEN), func.aggregate_strings(cast(row.act_id, String), _BETWEEN)
    )
    lines, numbers = connection.execute(texts).one()
    acts: dict[str, list[str]] = defaultdict(list)
    if lines is not None:
        for line, act in zip(lines.split(_BETWEEN), numbers.split(_BETWEEN), strict=True):
            acts[line].append(act)
    return tuple(_dealing(line, reported) for line, reported in acts.items())


_BETWEEN, _CERTAIN = "\n", "+"


def _dealing(line: str, acts: Sequence[str]) -> Dealing:
    """Of a line such as "AID + aUSA rUKR"; what is less certain has a minus."""
    kind, mark, parties = line.split(" ", 2)
    return Dealing(kind, mark == _CERTAIN, *sides.read(parties), tuple(acts))


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

    @property
    def doers(self) -> tuple[str, ...]:
        """Who acts, those with most acts first."""
        return _most(self.acting)

    @property
    def bearers(self) -> tuple[str, ...]:
        """Who is acted upon, likewise."""
        return _most(self.bearing)


def _most(counted: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(counted, key=lambda code: (-counted[code], code)))


def matrix(told: Iterable[Dealing], *, types: Collection[str] = ()) -> Matrix:
    """The matrix of these reports, or of those of some types."""
    cells: dict[tuple[str, str], set[str]] = defaultdict(set)
    acting: dict[str, set[str]] = defaultdict(set)
    bearing: dict[str, set[str]] = defaultdict(set)
    certain: set[str] = set()
    doubted: set[str] = set()
    for each in told:
        if types and each.type not in types:
            continue
        if each.actors and each.recipients:
            (certain if each.certain else doubted).update(each.acts)
        if not each.certain:
            continue
        for who in each.actors:
            acting[who].update(each.acts)
            for whom in each.recipients:
                cells[who, whom].update(each.acts)
        for whom in each.recipients:
            bearing[whom].update(each.acts)
    doers, bearers = {who for who, _ in cells}, {whom for _, whom in cells}
    return Matrix(
        cells={pair: len(acts) for pair, acts in cells.items()},
        acting={who: len(acts) for who, acts in acting.items() if who in doers},
        bearing={whom: len(acts) for whom, acts in bearing.items() if whom in bearers},
        unsure=len(doubted - certain),
    )


def kinds(told: Iterable[Dealing]) -> dict[str, int]:
    """By type, how many acts of somebody to somebody there are, the most first."""
    acts: dict[str, set[str]] = defaultdict(set)
    for each in told:
        if each.certain and each.actors and each.recipients:
            acts[each.type].update(each.acts)
    return {kind: len(those) for kind, those in sorted(acts.items(), key=lambda it: (-len(it[1]), it[0]))}
