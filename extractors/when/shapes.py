"""What a time is to us: where it stands, what it is reckoned from, and the days it spans."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from extractors.model import Precision, When


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A stretch that tells a time. `when` is None where we refuse; then `reason` says why.

    `start` and `end` count characters of the text that was read; prepositions stand outside.
    """

    start: int
    end: int
    words: str
    when: When | None
    rule: str
    reason: str = ""
    looks: str = ""
    """the row that says whether it is back or ahead (`directions`), where its words leave that open; "" where none does"""


class Direction(enum.Enum):
    """Where from the article's date the clause looks."""

    BACK = -1
    OPEN = 0
    FORWARD = 1
    PRESENT = 2
    """forward by its tense alone: of a month far ahead it is more often the last one, "Anfang März schließt die Bank ihre Büros" in July"""


class Refused(ValueError):
    """The expression cannot be dated from the sentence; the message is the reason that is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What an expression is resolved against: the article's time and the direction of the clause."""

    dated: datetime
    direction: Direction

    @property
    def day(self) -> date:
        return self.dated.date()

    @property
    def forward(self) -> bool:
        return self.direction in (Direction.FORWARD, Direction.PRESENT)


Span = tuple[date, date, Precision]
