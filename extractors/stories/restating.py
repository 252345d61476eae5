"""What is only said again: a demand, threat, accusation or refusal that stands, and nothing about it is new.

The line between a repeat and news: a repeat names nobody on a side who is not there already, no issue and no detail (a kind of
weapon, a deadline, what the threat is for) that what stands does not have, and nothing was done of it meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from extractors.model import Event
from extractors.ontology import EventType, Status
from extractors.stories.acts import Act, ArticleRef
from extractors.stories.issues import DETAILS, ISSUES, Issue, about

SILENT = timedelta(days=45)
"""After so long in which nobody told of it, what is said again is news."""

SAID = frozenset({Status.PAST, Status.ONGOING})
"""Statuses in which something is said: who may demand it, or demands it no more, tells otherwise."""

_ISSUES = {row.name: row for row in ISSUES}
_DETAILS = {row.name: row for row in DETAILS}


def types_asked(event: Event) -> frozenset[EventType]:
    """The types of the acts that `restated` needs to know for an event; none where nothing of it stands for weeks."""
    rows = _issues(event)
    return frozenset({event.type}).union(*(row.ends | row.over for row in rows)) if rows else frozenset()


def both_sides(parties: Collection[str], event: Event) -> bool:
    """Whether somebody of each side of an event is among the parties of an act: no other bears on what it says again."""
    sides = {a.code for a in event.actors}, {r.code for r in event.recipients}
    return all(not side or not side.isdisjoint(parties) for side in sides)


def _issues(event: Event) -> list[Issue]:
    """The issues that an event says something of."""
    named = about(event.type, event.evidence.quote) & _ISSUES.keys() if event.status in SAID else ()
    return [_ISSUES[name] for name in sorted(named) if event.type in _ISSUES[name].types]


def restated(event: Event, article: ArticleRef, known: Iterable[Act]) -> tuple[Act, ...]:
    """The known acts that an event only says again, the oldest first; none where anything of it is new.

    Every issue that its sentence has must be one that stands: said by all of them against all of them, with all of its
    details, no longer than `SILENT` ago, and not met or carried out since.
    """
    issues = _issues(event)
    before = [act for act in known if act.first_told <= article.told_at] if issues else []
    standing = [_standing(event, article, issue, before) for issue in issues]
    if not all(standing):
        return ()
    found = {act.id: act for acts in standing for act in acts}
    return tuple(sorted(found.values(), key=lambda act: (act.first_told, act.id)))


def why(act: Act) -> str:
    """The rows by which an act was taken for what only says again what stands."""
    return f"says again: {', '.join(sorted(act.about))}"


def _standing(event: Event, article: ArticleRef, issue: Issue, known: Sequence[Act]) -> list[Act]:
    """The acts by which an issue of an event stands."""
    details = about(event.type, event.evidence.quote) - _ISSUES.keys()
    ended = max((act.first_told for act in known if _ends(act, event, issue, details)), default=None)
    return [
        act
        for act in known
        if act.type is event.type
        and issue.name in act.about
        and act.status in SAID
        and _same_sides(act, event)
        and details <= act.about
        and article.told_at - act.last_told <= SILENT
        and (ended is None or ended < act.last_told)
    ]


def _same_sides(act: Act, event: Event) -> bool:
    """Whether nobody acts or is addressed who did or was not; an addressee may be left out."""
    return {a.code for a in event.actors} <= act.actors and {r.code for r in event.recipients} <= act.recipients


def _ends(act: Act, event: Event, issue: Issue, details: frozenset[str]) -> bool:
    """Whether an act of both sides meets what an event demands, carries out what it threatens, or makes an end of it."""
    # What goes on ("hilft seit Jahren", the sanctions of years ago) does none of it.
    if act.type not in issue.ends | issue.over or act.status is not Status.PAST:
        return False
    if not both_sides(act.parties, event):
        return False
    told = {name for name in details & _DETAILS.keys() if act.type in _DETAILS[name].types}
    return act.type in issue.over or {issue.name, *told} <= act.about
