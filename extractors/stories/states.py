"""How what is followed can stand: a meeting, and a demand. Read by those who only list the states, and so without the rest."""

from __future__ import annotations

import enum


class State(enum.StrEnum):
    """Of a meeting."""

    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    HELD = "held"
    CANCELLED = "cancelled"
    OVERDUE = "overdue"


AWAITED = (State.ANNOUNCED, State.CONFIRMED, State.MOVED)
"""of a meeting that is to come, as far as anybody has said"""
ENDED = frozenset({State.HELD, State.CANCELLED})


class Answer(enum.StrEnum):
    """To a demand: the last one is how it stands."""

    OPEN = "open"
    REFUSED = "refused"
    CONCEDED = "conceded"
    CONDITIONED = "conditioned"
    WITHDRAWN = "withdrawn"
