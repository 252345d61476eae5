"""Two parties over time: acts, reports and scores a day, week or month, gaps as gaps."""

from __future__ import annotations

import bisect
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, text
from sqlalchemy.orm import aliased

from extractors.ontology import SYMMETRIC, EventType, Status, goldstein
from storage import pairs
from storage.queries.health import gap_days, gaps
from storage.queries.selecting import known_on, sure
from storage.statements import named_rows
from storage.tables import (
    EventActorRow,
    EventRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A stretch of time in a dyad's series, cut to the days that were asked for.

    Scores are means over acts, not over reports; None for no act that scores. Statements are counted and do not score, as in
    the Lage; nor does what both do to others: joint sanctions say nothing bad of those who impose them.
    `gap` says that a feed was not heard of in part of it: few acts may then mean that we did not hear of them.
    """

    first: date
    last: date
    acts: int
    reports: int
    plover: float | None
    goldstein: float | None
    gap: bool


def dyad_series(
    connection: Connection,
    actor: str,
    recipient: str,
    *,
    since: date,
    until: date,
    step: str = "day",
    statuses: Sequence[str] = (Status.PAST, Status.ONGOING),
    directed: bool = False,
    min_confidence: float = 0.0,
    as_known_on: datetime | None = None,
) -> tuple[Point, ...]:
    """What passed between two parties, by day, week (Monday to Sunday) or month, without holes.

    The first and the last stretch are as long as the period has days of theirs.
    `directed` counts only what the first does to the second; otherwise what either does and what they do together.
    An act that was told of several times counts as it was last told. What a reviewer confirmed is sure.
    """
    wanted = _Series(
        parties=(actor, recipient),
        since=since,
        until=until,
        statuses=tuple(pairs.STATUSES.index(str(status)) for status in statuses),
        directed=directed,
        surety=pairs.hundredths(min_confidence),
    )
    stretches = _stretches(since, until, step)
    if as_known_on is None and actor != recipient:
        sums = _pair_sums(connection, wanted, stretches)
    else:
        sums = _known_sums(connection, wanted, stretches, as_known_on)
    silent = gap_days(gaps(connection), since, until)
    return tuple(
        _point(first, last, sums.get(at, _Sums()), any(first <= day <= last for day in silent))
        for at, (first, last) in enumerate(stretches)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """What a series is asked of: statuses as numbers, surety in hundredths, as `pairs` keeps them."""

    parties: tuple[str, str]
    since: date
    until: date
    statuses: tuple[int, ...]
    directed: bool
    surety: int


@dataclass(frozen=True, slots=True)
class _Sums:
    """The acts of a stretch with the sums of their scores, in tenths: whole numbers come out the same on every way."""

    acts: int = 0
    reports: int = 0
    scored: int = 0
    plover: int = 0
    goldstein: int = 0


def _stretches(since: date, until: date, step: str) -> tuple[tuple[date, date], ...]:
    """The days, weeks or months from one day to another, the first and the last of them cut to these days."""
    found = []
    first = since
    while first <= until:
        following = _following(bucket(first, step), step)
        found.append((first, min(following - timedelta(days=1), until)))
        first = following
    return tuple(found)


def _point(first: date, last: date, sums: _Sums, gap: bool) -> Point:
    return Point(
        first=first,
        last=last,
        acts=sums.acts,
        reports=sums.reports,
        plover=round(sums.plover / (10 * sums.scored), 3) if sums.scored else None,
        goldstein=round(sums.goldstein / (10 * sums.scored), 3) if sums.scored else None,
        gap=gap,
    )


_TENTHS = {kind.value: round(goldstein(kind) * 10) for kind in EventType}
# Goldstein's value names a type of mutual acts, and a statement: no other type has it, and it stands in the index.
_MUTUAL = {_TENTHS[kind] for kind in SYMMETRIC}
_STATEMENT = _TENTHS[EventType.STATE]
assert all((_TENTHS[kind] in _MUTUAL) == (kind in SYMMETRIC) for kind in EventType)
assert [kind for kind in EventType if _TENTHS[kind] == _STATEMENT] == [EventType.STATE]

_SCORES = f"goldstein <> {_STATEMENT} AND (way & {pairs.THERE | pairs.BACK} <> 0 OR goldstein IN ({', '.join(map(str, sorted(_MUTUAL)))}))"
_NO_SCORE = 255
"""Stands for the PLOVER score of what does not score; scores are 0 to 200 here."""
# An act's last report decides what it counts for. Its number comes before its scores in one whole number, so that the
# greatest of them is the last report's: databases find a greatest number quickly, and a last row slowly.
_LAST = f"max(event_id * 65536 + CASE WHEN {_SCORES} THEN plover + 100 ELSE {_NO_SCORE} END * 256 + goldstein + 100)"
_SCORED = f"last / 256 % 256 <> {_NO_SCORE}"
_SERIES = """
SELECT {at}, (
    SELECT count(*) || ' ' || sum(told) || ' ' || sum(CASE WHEN {scored} THEN 1 ELSE 0 END)
        || ' ' || sum(CASE WHEN {scored} THEN last / 256 % 256 - 100 ELSE 0 END)
        || ' ' || sum(CASE WHEN {scored} THEN last % 256 - 100 ELSE 0 END)
    FROM (
        SELECT count(*) AS told, {last} AS last FROM pairs
        WHERE one = :one AND other = :other AND day BETWEEN {first} AND {until}
            AND way & :ways <> 0 AND surety >= :surety AND status IN ({statuses})
        GROUP BY coalesce(act_id, -event_id)
    ) AS acts
)
FROM {stretches}
"""
_DIALECTS = {
    "sqlite": {
        "stretches": "json_each(:stretches) AS stretch",
        "at": "stretch.key",
        "first": "json_extract(stretch.value, '$[0]')",
        "until": "json_extract(stretch.value, '$[1]')",
    },
    "postgresql": {
        "stretches": "jsonb_array_elements(CAST(:stretches AS jsonb)) WITH ORDINALITY AS stretch (value, at)",
        "at": "stretch.at - 1",
        "first": "CAST(stretch.value ->> 0 AS integer)",
        "until": "CAST(stretch.value ->> 1 AS integer)",
    },
}


def _pair_sums(connection: Connection, wanted: _Series, stretches: Sequence[tuple[date, date]]) -> dict[int, _Sums]:
    """From the rows of pairs, a stretch at a time, so that only its own acts are told apart."""
    one, other = pairs.between(*wanted.parties)
    ways = pairs.DEALINGS
    if wanted.directed:
        ways = pairs.THERE if wanted.parties[0] == one else pairs.BACK
    days = [(first.toordinal(), last.toordinal()) for first, last in stretches]
    asked = _SERIES.format(
        last=_LAST,
        scored=_SCORED,
        statuses=", ".join(map(str, wanted.statuses)) or "NULL",
        **_DIALECTS[connection.dialect.name],
    )
    values = {"one": one, "other": other, "ways": ways, "surety": wanted.surety, "stretches": json.dumps(days)}
    rows = connection.execute(text(asked), values)
    return {at: _Sums(*map(int, told.split())) for at, told in rows if told is not None}


def _known_sums(
    connection: Connection, wanted: _Series, stretches: Sequence[tuple[date, date]], on: datetime | None
) -> dict[int, _Sums]:
    """The same of what was believed then; no rows of pairs are kept of it."""
    places = {first: at for at, (first, _) in enumerate(stretches)}
    starts = sorted(places)
    acts: dict[int, dict[int, Any]] = defaultdict(dict)
    reports: Counter[int] = Counter()
    for row in _known_rows(connection, wanted, on):
        at = places[starts[bisect.bisect_right(starts, row.day) - 1]]
        acts[at][row.act_id if row.act_id is not None else -row.id] = row
        reports[at] += 1
    return {at: _added(tuple(told.values()), reports[at]) for at, told in acts.items()}


def _added(told: Sequence[Any], reports: int) -> _Sums:
    scored = [row for row in told if row.type != EventType.STATE and (row.towards or row.type in SYMMETRIC)]
    return _Sums(
        acts=len(told),
        reports=reports,
        scored=len(scored),
        plover=sum(round(row.score * 10) for row in scored),
        goldstein=sum(_TENTHS[row.type] for row in scored),
    )


def _known_rows(connection: Connection, wanted: _Series, on: datetime | None) -> Sequence[Any]:
    one, other = aliased(EventActorRow), aliased(EventActorRow)
    sides = [and_(one.role == "actor", other.role == "recipient")]
    if not wanted.directed:
        sides += [
            and_(one.role == "recipient", other.role == "actor"),
            and_(one.role == "actor", other.role == "actor"),
        ]
    towards = func.max(case((one.role != other.role, 1), else_=0)).label("towards")
    asked = (
        select(EventRow.id, EventRow.day, EventRow.type, EventRow.score, EventRow.act_id, towards)
        .join(one, one.event_id == EventRow.id)
        .join(other, other.event_id == EventRow.id)
        .where(one.code == wanted.parties[0], other.code == wanted.parties[1], or_(*sides), *known_on(on))
        .where(EventRow.day.between(wanted.since, wanted.until))
        .where(EventRow.status.in_([pairs.STATUSES[number] for number in wanted.statuses]))
        .where(sure(wanted.surety / 100 - 1e-8))  # a hair less, as `pairs` has it
        .group_by(EventRow.id)
        .order_by(EventRow.id)
    )
    return named_rows(connection.execute(asked).all())


def bucket(day: date, step: str) -> date:
    """The first day of the day, week or month that holds this day."""
    if step == "day":
        return day
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "month":
        return day.replace(day=1)
    raise ValueError(f"a series goes by day, week or month, not by {step!r}")


def _following(first: date, step: str) -> date:
    days = {"day": 1, "week": 7, "month": 32}[step]
    return bucket(first + timedelta(days=days), step)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCount:
    """Two parties and how many events fell between them: as sure as was asked for, and less."""

    one: str
    other: str
    events: int
    unsure: int


# Which pairs there are is found by steps in their index, and the days of each lie side by side there: a twentieth of the time
# that it takes to pair the parties of all events of these days.
_PAIRS = """
WITH RECURSIVE firsts (one) AS (
    SELECT min(one) FROM pairs
    UNION ALL
    SELECT (SELECT min(one) FROM pairs WHERE one > firsts.one) FROM firsts WHERE one IS NOT NULL
), known (one, other) AS (
    SELECT one, (SELECT min(other) FROM pairs WHERE pairs.one = firsts.one) FROM firsts WHERE one IS NOT NULL
    UNION ALL
    SELECT one, (SELECT min(other) FROM pairs WHERE pairs.one = known.one AND pairs.other > known.other)
    FROM known WHERE other IS NOT NULL
)
"""
_OF_DAYS = f"""
pairs.one = known.one AND pairs.other = known.other AND day BETWEEN :since AND :until AND way & {pairs.DEALINGS} <> 0
"""
_COUNTED = f"""{_PAIRS}
SELECT one, other, (
    SELECT sum(CASE WHEN surety >= :surety THEN 1 ELSE 0 END) || ' ' || count(*) FROM pairs WHERE {_OF_DAYS}
)
FROM known WHERE other IS NOT NULL AND (:party = '' OR one = :party OR other = :party)
"""
_UNSURE = f"{_PAIRS} SELECT count(DISTINCT event_id) FROM known JOIN pairs ON {_OF_DAYS} WHERE surety < :surety"


def top_dyads(
    connection: Connection,
    *,
    since: date,
    until: date,
    party: str = "",
    limit: int = 20,
    offset: int = 0,
    min_confidence: float = 0.0,
) -> tuple[PairCount, ...]:
    """The pairs (of a `party`) between which most events fell, those with most sure ones first; each pair in alphabetical order.

    As in a dyad's series: two recipients of a third party's act have nothing to do with each other.
    """
    values = {"party": party, **_days(since, until, min_confidence)}
    found = []
    for one, other, counted in connection.execute(text(_COUNTED), values):
        if counted is not None:
            certain, every = map(int, counted.split())
            found.append(PairCount(one=one, other=other, events=certain, unsure=every - certain))
    found.sort(key=lambda it: (-it.events, -it.unsure, it.one, it.other))
    return tuple(found[offset : offset + limit])


def unsure_dealings(connection: Connection, *, since: date, until: date, min_confidence: float) -> int:
    """How many events between any two parties are less certain: each once, however many pairs it brings together."""
    return connection.scalar(text(_UNSURE), _days(since, until, min_confidence)) or 0


def _days(since: date, until: date, least: float) -> dict[str, int]:
    return {"since": since.toordinal(), "until": until.toordinal(), "surety": pairs.hundredths(least)}
