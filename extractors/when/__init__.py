"""Reads German time expressions: finds them in a sentence and resolves them against the article's date.

The direction of "am Montag" or "im Juni" comes from the clause ("ist … geplant" forward, "hatte … gesagt" back).
What the text leaves open is refused, with a reason, rather than guessed.
"""

from __future__ import annotations

from extractors.when.clause import SPEAKING, clause_of, is_denied, only_moves, recurs, tells_end, tells_when_said
from extractors.when.directions import was_to_have_been
from extractors.when.finding import expressions
from extractors.when.meaning import OF_THE_STORY
from extractors.when.rows import rules
from extractors.when.shapes import TimeExpression
from extractors.when.story import from_another_day, is_then, steps_back
from extractors.when.today import ahead, behind

__all__ = [
    "OF_THE_STORY",
    "SPEAKING",
    "TimeExpression",
    "ahead",
    "behind",
    "clause_of",
    "expressions",
    "from_another_day",
    "is_denied",
    "is_then",
    "only_moves",
    "recurs",
    "rules",
    "steps_back",
    "tells_end",
    "tells_when_said",
    "was_to_have_been",
]
