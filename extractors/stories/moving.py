"""Words that give a meeting which was announced another day, or another town."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.model import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A row of words that give a meeting another day or another town; `test` is a sentence that has them."""

    name: str
    words: re.Pattern[str]
    test: str
    later: bool = False
    """only where the day is later than the one that was known: alone they may speak of any meeting"""


def _moved(name: str, words: str, test: str, *, later: bool = False) -> Moved:
    return Moved(name=name, words=re.compile(words, re.IGNORECASE), test=test, later=later)


MOVED = (
    _moved("put off", r"verschoben|verschieb|vertagt", "Die Runde in Oslo wird auf Freitag verschoben."),
    _moved("moved", r"verleg", "Oslo und Rom verlegen ihre Runde nach Bern."),
    _moved("new day", r"neuer termin", "Ein neuer Termin ist der 4. Mai."),
    _moved("instead", r"statt (?:wie|in) |stattdessen (?:am|in) ", "Statt in Oslo tagen beide in Bern."),
    _moved("not there", r"nicht (?:mehr )?in \w+, sondern ", "Sie tagen nicht in Oslo, sondern in Bern."),
    _moved("now", r"\b(?:nun|jetzt) (?:am|erst|in) ", "Beide kommen nun am Freitag zusammen."),
    _moved(
        "made up for", r"nachgeholt|nachzuholen|\bholen\b.*\bnach\b", "Die Runde wird am 4. Mai nachgeholt.", later=True
    ),
    _moved(
        "once called off", r"\babgesagte[nrs]?\b", "Die abgesagte Runde ist nun für den 4. Mai geplant.", later=True
    ),
    _moved("not before", r"\berst am ", "Beide kommen erst am 4. Mai zusammen.", later=True),
)


def says_moved(event: Event) -> Moved | None:
    """The row by which a sentence says that a meeting was moved."""
    return next((row for row in MOVED if row.words.search(event.evidence.quote)), None)
