"""Two parties over time: acts, reports and scores a day, week or month, gaps as gaps."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from extractors.ontology import SYMMETRIC, EventType, Quad, goldstein, modes, plover_score, quad
from extractors.stories.dyads import HAPPENED
from storage import pairs
from storage.queries.health import gap_days, gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A stretch of time in a dyad's series, cut to the days that were asked for.

    Scores are means over acts, not over reports; None for no act that scores. Statements are counted and do not score, as in
    the Lage, nor do claims that were told apart; nor does what both do to others: joint sanctions say nothing bad of those
    who impose them.
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
    statuses: Collection[str] = HAPPENED,
    directed: bool = False,
    min_confidence: float = 0.0,
    claims: Collection[int] = (),
) -> tuple[Point, ...]:
    """What passed between two parties, by day, week (Monday to Sunday) or month, without holes.

    The first and the last stretch are as long as the period has days of theirs.
    `directed` counts only what the first does to the second; otherwise what either does and what they do together.
    An act that was told of several times scores as its surest report has it, to the hundredth, and among equals as the
    oldest. What a reviewer confirmed is surest.
    The `claims`, as `dyad_claims` finds them, do not score: an act scores as another report than these has it.
    """
    one, other = pairs.between(actor, recipient)
    way = pairs.THERE if actor == one else pairs.BACK
    values = {"one": one, "other": other, "ways": way if directed else pairs.DEALINGS, "claims": json.dumps([*claims])}
    stretches = _stretches(since, until, step)
    sums = _sums(connection, stretches, statuses, values | {"surety": pairs.hundredths(min_confidence)})
    silent = gap_days(gaps(connection, since, until), since, until)
    return tuple(
        _point(first, last, sums.get(at, _Sums()), any(first <= day <= last for day in silent))
        for at, (first, last) in enumerate(stretches)
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    """The acts of a stretch with the sums of their scores, in tenths."""

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


# The index of `pairs` that is read here holds no types. It holds Goldstein's values, and those of mutual acts and of
# statements belong to no other type.
_TENTHS = {kind.value: round(goldstein(kind) * 10) for kind in EventType}
_MUTUAL = {_TENTHS[kind] for kind in SYMMETRIC}
_STATEMENT = _TENTHS[EventType.STATE]
assert all((_TENTHS[kind] in _MUTUAL) == (kind in SYMMETRIC) for kind in EventType)
assert [kind for kind in EventType if _TENTHS[kind] == _STATEMENT] == [EventType.STATE]

_ONE_WAY = pairs.THERE | pairs.BACK
_SCORES = f"""goldstein <> {_STATEMENT}
    AND (way & {_ONE_WAY} <> 0 OR goldstein IN ({", ".join(map(str, sorted(_MUTUAL)))}))"""
"""Whether a row scores, in SQL: no statement, and done by one to the other, or by both as equals."""

# An act scores as its surest report has it. Databases find a greatest number quickly, and a first row slowly. So each report
# is one number of eight bytes: how sure it is in the first, 0 to 100; in the next five how far its event is from the last that
# could be, so that of equals the oldest is greatest; and in the two below PLOVER's score and Goldstein's, in tenths and from
# 0 to 200 here (-10 to 10). These take the greatest of an act's apart again. A claim has none.
_REPORT = f"""CASE WHEN event_id IN ({{listed}}) THEN NULL
    ELSE (CAST(surety AS bigint) * {1 << 40} + {(1 << 40) - 1} - event_id) * 65536
        + CASE WHEN {_SCORES} THEN plover + 100 ELSE 255 END * 256 + goldstein + 100 END"""
_PLOVER, _GOLDSTEIN = "(surest / 256 % 256 - 100)", "(surest % 256 - 100)"
_SCORED = "surest / 256 % 256 <> 255"
# A subquery has one column here, and so the five sums of a stretch are one text.
_SERIES = f"""
SELECT {{at}}, (
    SELECT count(*) || ' ' || sum(told) || ' ' || sum(CASE WHEN {_SCORED} THEN 1 ELSE 0 END)
        || ' ' || sum(CASE WHEN {_SCORED} THEN {_PLOVER} ELSE 0 END)
        || ' ' || sum(CASE WHEN {_SCORED} THEN {_GOLDSTEIN} ELSE 0 END)
    FROM (
        SELECT count(*) AS told, max({_REPORT}) AS surest FROM pairs
        WHERE one = :one AND other = :other AND day BETWEEN {{first}} AND {{until}}
            AND way & :ways <> 0 AND surety >= :surety AND status IN ({{statuses}})
        GROUP BY coalesce(act_id, -event_id)
    ) AS acts
)
FROM {{stretches}}
"""
_DIALECTS = {
    "sqlite": {
        "stretches": "json_each(:stretches) AS stretch",
        "at": "stretch.key",
        "first": "json_extract(stretch.value, '$[0]')",
        "until": "json_extract(stretch.value, '$[1]')",
        "listed": "SELECT value FROM json_each(:claims)",
    },
    "postgresql": {
        "stretches": "jsonb_array_elements(CAST(:stretches AS jsonb)) WITH ORDINALITY AS stretch (value, at)",
        "at": "stretch.at - 1",
        "first": "CAST(stretch.value ->> 0 AS integer)",
        "until": "CAST(stretch.value ->> 1 AS integer)",
        "listed": "SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(:claims AS jsonb))",
    },
}


def _sums(
    connection: Connection, stretches: Sequence[tuple[date, date]], statuses: Collection[str], values: Mapping[str, Any]
) -> dict[int, _Sums]:
    """The sums by the number of the stretch, where it has acts. Each is a subquery, in which acts are told apart."""
    asked = _SERIES.format(statuses=_numbers(statuses), **_DIALECTS[connection.dialect.name])
    days = json.dumps([(first.toordinal(), last.toordinal()) for first, last in stretches])
    rows = connection.execute(text(asked), {**values, "stretches": days})
    return {at: _Sums(*map(int, told.split())) for at, told in rows if told is not None}


def _numbers(statuses: Collection[str]) -> str:
    return ", ".join(map(str, sorted(pairs.STATUSES.index(str(status)) for status in statuses))) or "NULL"


NEAR = timedelta(days=13)
"""before the last day of a stretch: in these two weeks, as in the Lage's, others may confirm what a side bears"""
_GIFTS = ", ".join(str(_TENTHS[kind]) for kind in EventType if quad(kind) is Quad.MATERIAL_COOPERATION)
_BETWEEN = """
WHERE one = :one AND other = :other AND day BETWEEN :since AND :until AND surety >= :surety AND status IN ({statuses})"""
# The rule is that of `extractors.stories.dyads.claims`. Where each did it to the other nobody's own cause can be told apart.
_CLAIMS = f"""
SELECT pairs.event_id, way & {_ONE_WAY} AS way, goldstein, plover, day
FROM pairs JOIN event_actors AS said
    ON said.event_id = pairs.event_id AND said.role = 'speaker' AND said.code IN (:one, :other)
{_BETWEEN} AND (plover < 0 OR goldstein IN ({_GIFTS})) AND (
    way & {_ONE_WAY} = {pairs.THERE} AND said.code = CASE WHEN plover < 0 THEN :other ELSE :one END
    OR way & {_ONE_WAY} = {pairs.BACK} AND said.code = CASE WHEN plover < 0 THEN :one ELSE :other END)
"""
_HEARD = f"""
SELECT DISTINCT way & {_ONE_WAY}, goldstein, plover, day FROM pairs
{_BETWEEN} AND plover < 0 AND event_id NOT IN ({{listed}}) ORDER BY day
"""


def dyad_claims(
    connection: Connection,
    one: str,
    other: str,
    *,
    since: date,
    until: date,
    step: str = "day",
    statuses: Collection[str] = HAPPENED,
    min_confidence: float = 0.0,
) -> frozenset[int]:
    """The events, by row, that are mere claims in a series of two parties.

    A claim is what one of the two says in its own cause: that it did the other good, or that the other did it ill. Of
    ill it is none if somebody else tells of the same kind in the same stretch, or in the two weeks to its end.
    """
    first, second = pairs.between(one, other)
    days = {"since": (since - NEAR).toordinal(), "until": until.toordinal()}
    values = {"one": first, "other": second, "surety": pairs.hundredths(min_confidence), **days}
    how = {"statuses": _numbers(statuses), "listed": _DIALECTS[connection.dialect.name]["listed"]}
    said = connection.execute(text(_CLAIMS.format(**how)), values).all()
    heard: dict[tuple[int, str], list[int]] = defaultdict(list)
    listed = json.dumps([claim.event_id for claim in said])
    for way, goldstein_, plover, day in connection.execute(text(_HEARD.format(**how)), {**values, "claims": listed}):
        heard[way, _kind(goldstein_, plover)].append(day)

    def witnessed(claim: Any) -> bool:
        begin = bucket(date.fromordinal(claim.day), step)
        end = min(_following(begin, step) - timedelta(days=1), until)
        others = heard[claim.way, _kind(claim.goldstein, claim.plover)]
        at = bisect_left(others, min(max(begin, since), end - NEAR).toordinal())
        return at < len(others) and others[at] <= end.toordinal()

    return frozenset(claim.event_id for claim in said if claim.plover >= 0 or not witnessed(claim))


_ILL = [(kind, mode) for kind in EventType for mode in ("", *modes(kind)) if plover_score(kind, mode) < 0]
_KINDS = {(_TENTHS[kind], round(plover_score(kind, mode) * 10)): kind for kind, mode in _ILL}
assert all(_KINDS[_TENTHS[kind], round(plover_score(kind, mode) * 10)] is kind for kind, mode in _ILL)


def _kind(goldstein_: int, plover: int) -> str:
    """The type of an ill by its scores, as the index holds no types; Goldstein's score if no type has them today."""
    return str(_KINDS.get((goldstein_, plover), goldstein_))


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
