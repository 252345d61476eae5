"""Dyads over time: how often and how well two parties dealt with each other, with gaps told apart from silence."""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.model import Event
from extractors.ontology import SYMMETRIC, EventType, Quad, Status

HAPPENED = frozenset({Status.PAST, Status.ONGOING})
"""what counts by default: a plan, a fear and a denial are no deeds, history happened in another week"""
STEADY = 0.75
"""points of PLOVER's scale by which a week's mean must change for an arrow"""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dyad:
    """Who towards whom. Of acts done together both directions get one."""

    actor: str
    recipient: str

    def __str__(self) -> str:
        return f"{self.actor}→{self.recipient}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report of an act: its event, the day it counts for, and the act's id (an act counts once)."""

    act: str
    event: Event
    day: date
    reviewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Days on which we did not listen (a dead feed): no count of theirs is a zero."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A week of a dyad. `count` is None where all of it is a gap; the score is a mean, −10 to 10, of what is more than a claim."""

    count: int | None
    plover: float | None = None
    claims: int = 0
    """acts of the count that nobody tells but a side in its own cause: they do not score"""
    acts: tuple[str, ...] = ()
    """ids of the acts behind the point, in order of day"""
    heard: float = 1.0
    """share of the days on which we listened"""


def dyads_of(event: Event) -> tuple[Dyad, ...]:
    """The directed pairs an event speaks of.

    Participants of a joint act are paired in both directions; a party towards itself is no dyad. Who agrees to what another
    asks, or promises it something, acts towards it: those who agree with each other are all actors.
    """
    actors = sorted({a.code for a in event.actors})
    recipients = sorted({r.code for r in event.recipients})
    if event.type in SYMMETRIC and not (event.type is EventType.AGREE and recipients):
        parties = sorted({*actors, *recipients})
        return tuple(Dyad(actor=a, recipient=b) for a in parties for b in parties if a != b)
    return tuple(Dyad(actor=a, recipient=b) for a in actors for b in recipients if a != b)


def claims(dyad: Dyad, event: Event) -> bool:
    """Whether a side of the dyad says it in its own cause: that it did the other good, or that the other does it ill.

    Its own word is the deed where the deed is said: a promise is one by whoever gives it, a withdrawal is not.
    """
    if event.speaker is None:
        return False
    said_by, score = event.speaker.code, event.plover_score
    boasts = said_by == dyad.actor and event.quad is Quad.MATERIAL_COOPERATION
    return boasts or (said_by == dyad.recipient and score < 0)


def week_of(day: date) -> tuple[date, date]:
    """The Monday and the Sunday of a day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _point(week: tuple[date, date], told: Sequence[Told], scoring: Sequence[Told], gaps: Sequence[Gap]) -> Point:
    """A dyad's week, of events that are the dyad's. A statement, and what is not among the `scoring`, counts but does not score."""
    first, last = week
    heard, acts = _heard(first, last, gaps), _surest(first, last, told)
    if not acts:
        return Point(count=0 if heard > 0 else None, heard=heard)
    more = _surest(first, last, scoring)
    scores = [one.event.plover_score for one in more if one.event.type is not EventType.STATE]
    mean = round(sum(scores) / len(scores), 3) if scores else None
    return Point(
        count=len(acts), plover=mean, claims=len(acts) - len(more), acts=tuple(one.act for one in acts), heard=heard
    )


def _scoring(dyad: Dyad, told: Sequence[Told]) -> list[Told]:
    """What is more than a claim. An attack that only the attacked report is one where nobody else tells of any."""
    seen = frozenset(one.event.type for one in told if not claims(dyad, one.event))
    return [
        one for one in told if not claims(dyad, one.event) or (one.event.plover_score < 0 and one.event.type in seen)
    ]


def _surest(first: date, last: date, told: Sequence[Told]) -> list[Told]:
    """Of each act in these days the surest report, a reviewer's word before all others, in the order in which acts were told."""
    by_act: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        if first <= one.day <= last:
            by_act[one.act].append(one)
    acts = sorted(by_act, key=lambda act: (min(one.day for one in by_act[act]), act))
    # An event's id is reckoned from its sentence: only where an act is told twice is it asked for.
    return [those[0] if len(those := by_act[act]) == 1 else min(those, key=_how_sure) for act in acts]


def _how_sure(told: Told) -> tuple[object, ...]:
    return not told.reviewed, -told.event.confidence, told.day, told.event.id


def _heard(first: date, last: date, gaps: Sequence[Gap]) -> float:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sum(not any(gap.first <= day <= gap.last for gap in gaps) for day in days) / len(days)


# --- the weekly Lage --------------------------------------------------------------------------------------------------


class Arrow(enum.StrEnum):
    """Where a dyad went in a week. NEW: nothing before to compare with; UNHEARD: we did not listen, and say so."""

    NEW = "∗"
    UP = "↑"
    DOWN = "↓"
    STEADY = "→"
    QUIET = "·"
    UNHEARD = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A dyad's week: the arrow, both weeks' points, and the acts that moved it most."""

    dyad: Dyad
    arrow: Arrow
    week: Point
    before: Point
    acts: tuple[str, ...] = ()


def situation(told: Sequence[Told], day: date, *, gaps: Sequence[Gap] = ()) -> tuple[Situation, ...]:
    """The Lage of the week that holds `day`: every dyad that was heard of in it or the week before, busiest first; of those
    with as many acts the one first whose gravest is furthest from nothing."""
    first, last = week_of(day)
    before = first - timedelta(days=7)
    near = [t for t in told if before <= t.day <= last]
    silent = [gap for gap in gaps if gap.last >= before and gap.first <= last]
    by_dyad: dict[Dyad, list[Told]] = defaultdict(list)
    for t in near:
        for dyad in dyads_of(t.event) if t.event.status in HAPPENED else ():
            by_dyad[dyad].append(t)
    rows, weight = [], {}
    for dyad in sorted(by_dyad):
        scoring = _scoring(dyad, by_dyad[dyad])
        old, new = (_point(week_of(monday), by_dyad[dyad], scoring, silent) for monday in (before, first))
        scores = {t.act: abs(t.event.plover_score) for t in _surest(first, last, scoring)}
        weight[dyad] = max(scores.values(), default=0.0)
        movers = _movers([t for t in by_dyad[dyad] if t.act in new.acts], scores)
        rows.append(Situation(dyad=dyad, arrow=_arrow(old, new), week=new, before=old, acts=movers))
    return tuple(sorted(rows, key=lambda row: (-(row.week.count or 0), -weight[row.dyad], row.dyad)))


def _arrow(before: Point, week: Point) -> Arrow:
    if week.count is None or (week.heard < 0.5 and not week.count):
        return Arrow.UNHEARD
    if not week.count:
        return Arrow.QUIET
    if week.plover is None:  # statements and claims only
        return Arrow.STEADY
    if before.plover is None:
        return Arrow.NEW
    change = week.plover - before.plover
    return Arrow.STEADY if abs(change) < STEADY else Arrow.UP if change > 0 else Arrow.DOWN


def _movers(told: Sequence[Told], scores: Mapping[str, float]) -> tuple[str, ...]:
    """The three acts whose `scores` lie furthest from nothing, claims last; of equals those told most, then most surely."""
    times = Counter(t.act for t in told)
    sure: dict[str, float] = defaultdict(float)
    for t in told:
        sure[t.act] = max(sure[t.act], t.event.confidence)
    return tuple(sorted(times, key=lambda act: (-scores.get(act, 0.0), -times[act], -sure[act], act))[:3])
