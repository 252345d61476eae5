"""The coding scheme: event types, statuses, quad classes and scores, after PLOVER 2.0 and CAMEO.

Definitions are our own; the numbers are PLOVER's and CAMEO's published scores.
"""

from __future__ import annotations

import enum
from types import MappingProxyType


class EventType(enum.StrEnum):
    """PLOVER's sixteen event types, and STATE: a public statement with no act of the others."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    CONCEDE = "CONCEDE"
    COOPERATE = "COOPERATE"
    AID = "AID"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"
    STATE = "STATE"


class Status(enum.StrEnum):
    """How the text speaks of the act; PLOVER calls these auxiliary modes."""

    PAST = "past"
    ONGOING = "ongoing"
    PLANNED = "planned"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"
    HISTORICAL = "historical"


DOUBTED = frozenset({Status.NEGATED, Status.HYPOTHETICAL})
"""An act that is told so and no more is not said to be, or to come."""


class Quad(enum.IntEnum):
    """PLOVER's quad classes; NEUTRAL holds STATE alone."""

    NEUTRAL = 0
    VERBAL_COOPERATION = 1
    MATERIAL_COOPERATION = 2
    VERBAL_CONFLICT = 3
    MATERIAL_CONFLICT = 4


_QUAD = MappingProxyType(
    {
        EventType.AGREE: Quad.VERBAL_COOPERATION,
        EventType.CONSULT: Quad.VERBAL_COOPERATION,
        EventType.SUPPORT: Quad.VERBAL_COOPERATION,
        EventType.CONCEDE: Quad.VERBAL_COOPERATION,
        EventType.COOPERATE: Quad.MATERIAL_COOPERATION,
        EventType.AID: Quad.MATERIAL_COOPERATION,
        EventType.RETREAT: Quad.MATERIAL_COOPERATION,
        EventType.REQUEST: Quad.VERBAL_CONFLICT,
        EventType.ACCUSE: Quad.VERBAL_CONFLICT,
        EventType.REJECT: Quad.VERBAL_CONFLICT,
        EventType.THREATEN: Quad.VERBAL_CONFLICT,
        EventType.PROTEST: Quad.MATERIAL_CONFLICT,
        # PLOVER's summary table prints 3, its section on SANCTION 4; we follow the section.
        EventType.SANCTION: Quad.MATERIAL_CONFLICT,
        EventType.MOBILIZE: Quad.MATERIAL_CONFLICT,
        EventType.COERCE: Quad.MATERIAL_CONFLICT,
        EventType.ASSAULT: Quad.MATERIAL_CONFLICT,
        EventType.STATE: Quad.NEUTRAL,
    }
)

_PLOVER_SCORE = MappingProxyType(
    {
        EventType.AGREE: 2.5,
        EventType.CONSULT: 2.5,
        EventType.SUPPORT: 5.0,
        EventType.CONCEDE: 4.5,
        EventType.COOPERATE: 9.5,
        EventType.AID: 10.0,
        EventType.RETREAT: 6.5,
        EventType.REQUEST: 0.0,
        # Printed as 3 in the manual; its place among the conflict types says that the sign was lost.
        EventType.ACCUSE: -3.0,
        EventType.REJECT: -2.0,
        EventType.THREATEN: -3.5,
        EventType.PROTEST: -5.0,
        EventType.SANCTION: -6.0,
        EventType.MOBILIZE: -5.5,
        EventType.COERCE: -7.0,
        EventType.ASSAULT: -9.0,
        EventType.STATE: 0.0,
    }
)

_MODE_SCORE = MappingProxyType(
    {
        (EventType.CONSULT, "visit"): 4.0,
        (EventType.CONSULT, "third-party"): 1.0,
        (EventType.CONSULT, "multilateral"): 4.0,
        (EventType.CONSULT, "phone"): 1.5,
        (EventType.RETREAT, "withdraw"): 8.0,
        (EventType.RETREAT, "release"): 6.5,
        (EventType.RETREAT, "disarm"): 10.0,
        (EventType.RETREAT, "ceasefire"): 7.5,
        (EventType.RETREAT, "access"): 6.5,
        (EventType.RETREAT, "resign"): 4.5,
        (EventType.REQUEST, "assist"): 0.5,
        (EventType.REQUEST, "change"): -1.0,
        (EventType.REQUEST, "yield"): -1.0,
        (EventType.REQUEST, "meet"): 0.0,
        (EventType.ACCUSE, "disapprove"): -2.0,
        (EventType.ACCUSE, "investigate"): -3.5,
        (EventType.ACCUSE, "allege"): -3.5,
        (EventType.REJECT, "assist"): -1.5,
        (EventType.REJECT, "change"): -2.0,
        (EventType.REJECT, "yield"): -2.0,
        (EventType.REJECT, "meet"): -2.0,
        (EventType.THREATEN, "restrict"): -3.0,
        (EventType.THREATEN, "relations"): -3.5,
        (EventType.THREATEN, "expel"): -3.5,
        (EventType.THREATEN, "territory"): -4.0,
        (EventType.THREATEN, "violence"): -3.5,
        (EventType.SANCTION, "convict"): -6.0,
        (EventType.SANCTION, "expel"): -5.5,
        (EventType.SANCTION, "withdraw"): -6.0,
        (EventType.SANCTION, "discontinue"): -6.0,
        (EventType.MOBILIZE, "troops"): -6.5,
        (EventType.MOBILIZE, "weapons"): -6.5,
        (EventType.COERCE, "seize"): -7.0,
        (EventType.COERCE, "restrict"): -7.0,
        (EventType.COERCE, "arrest"): -7.0,
        (EventType.COERCE, "deport"): -7.0,
        (EventType.COERCE, "cyber"): -7.0,
        (EventType.ASSAULT, "aerial"): -9.5,
        (EventType.ASSAULT, "drone"): -9.5,
        (EventType.ASSAULT, "heavy-weapons"): -9.5,
        (EventType.ASSAULT, "destroy"): -8.5,
        (EventType.ASSAULT, "targeted"): -9.5,
        # Ours: PLOVER has no statements.
        (EventType.STATE, "optimistic"): 0.0,
        (EventType.STATE, "pessimistic"): 0.0,
        (EventType.STATE, "deny"): 0.0,
        (EventType.STATE, "confirm"): 0.0,
    }
)

# CAMEO's root categories: the Goldstein value of the root (or the middle of its range) and the root's code.
_GOLDSTEIN = MappingProxyType(
    {
        EventType.AGREE: ("03", 4.0),
        EventType.CONSULT: ("04", 1.0),
        EventType.SUPPORT: ("05", 3.5),
        EventType.CONCEDE: ("08", 5.0),
        EventType.COOPERATE: ("06", 6.0),
        EventType.AID: ("07", 7.0),
        EventType.RETREAT: ("08", 7.0),
        EventType.REQUEST: ("10", -5.0),
        EventType.ACCUSE: ("11", -2.0),
        EventType.REJECT: ("12", -4.0),
        EventType.THREATEN: ("13", -6.0),
        EventType.PROTEST: ("14", -6.5),
        EventType.SANCTION: ("16", -4.0),
        EventType.MOBILIZE: ("15", -7.2),
        EventType.COERCE: ("17", -7.0),
        EventType.ASSAULT: ("19", -10.0),
        EventType.STATE: ("01", 0.0),
    }
)

SYMMETRIC = frozenset({EventType.CONSULT, EventType.AGREE, EventType.COOPERATE})
"""Types whose equal participants all go into `actors`."""


def quad(type_: EventType) -> Quad:
    return _QUAD[type_]


def plover_score(type_: EventType, mode: str = "") -> float:
    """PLOVER's conflict–cooperation score, −10 to 10: of the mode where it has one, of the type otherwise."""
    return _MODE_SCORE.get((type_, mode), _PLOVER_SCORE[type_])


def modes(type_: EventType) -> tuple[str, ...]:
    """The modes we code for a type. Equal names mean different things under different types."""
    return tuple(mode for of, mode in _MODE_SCORE if of is type_)


def goldstein(type_: EventType) -> float:
    """CAMEO's Goldstein value of the type's root category, −10 to 10."""
    return _GOLDSTEIN[type_][1]


def cameo_root(type_: EventType) -> str:
    """CAMEO's two-digit root code."""
    return _GOLDSTEIN[type_][0]


def plover_export_type(type_: EventType, status: Status) -> EventType:
    """PLOVER codes an announced meeting as AGREE; we keep CONSULT with its status and map on export."""
    if type_ is EventType.CONSULT and status is Status.PLANNED:
        return EventType.AGREE
    return type_
