"""When a story that somebody laid to sleep is heard all the same. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from extractors.model import Alert
from extractors.ontology import EventType, Quad, Status, quad
from flows.alerts.wording import DESPITE, NEW_CLASS, QUADS, SO_FAR

REAL = frozenset({Status.PAST, Status.ONGOING, Status.PLANNED})
"""What is denied or only possible wakes nobody."""


def wakes(alert: Alert, told: Collection[str]) -> bool:
    """Whether the act is of another of PLOVER's quad classes than all that its story told, by the types of those.

    Who lays a story to sleep knows what it is about: one more demand is more of that, the first sanction is not. What is
    for the digest wakes nobody, nor does a statement, which is no act.
    """
    if alert.digest or not alert.act or alert.status not in REAL:
        return False
    return quad(EventType(alert.type)) not in {Quad.NEUTRAL, *_quads(told)}


def woken(alert: Alert, told: Collection[str], *, language: str = "de") -> Alert:
    """The alert with the reason for which it is heard, first in its title and last of its facts."""
    names, despite = QUADS[language], DESPITE[language]
    reason = NEW_CLASS[language].format(names[quad(EventType(alert.type))])
    known = [names[one] for one in sorted(_quads(told)) if one is not Quad.NEUTRAL]
    if known:
        reason = f"{reason}; {SO_FAR[language]}: {', '.join(known)}"
    lines = alert.body.split("\n")
    at = len(alert.facts)
    return replace(
        alert,
        title=f"{despite}: {alert.title}",
        body="\n".join([*lines[:at], f"{despite}: {reason}", *lines[at:]]),
        facts=(*alert.facts, (despite, reason)),
    )


def _quads(types: Collection[str]) -> set[Quad]:
    return {quad(EventType(one)) for one in types if one}
