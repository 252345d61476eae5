"""Whose words an act is where no words are reported: who fears or names it stands for it, by rows that are right nearly always.

"Der Westen befürchtet einen Angriff" tells of no attack but of what the West expects. The judge weighs who speaks by words of speech, and
here there are none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors.events.reading import Reading
from extractors.events.weighing.judge import Proposal
from extractors.ontology import EventType

_FEARS = frozenset({"fürchten", "befürchten"})
_NAMES = frozenset({"nennen", "bezeichnen"})
_RECKONS = "rechnen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` where the subject of an act's clause, which is active, stands for the act. `test` is a sentence of which the row says so, of an
    act of `type` and the `speaker`."""

    name: str
    holds: Callable[[Proposal], bool]
    type: EventType
    test: str
    speaker: str


def vouched(reading: Reading, p: Proposal) -> tuple[str, str] | None:
    """The row by which somebody stands for an act that is told by a noun, and his code."""
    clause = p.clause
    if clause is None or clause.voice != "active" or clause.negated or (p.candidate and p.candidate.kind == "verb"):
        return None
    row = next((row.name for row in ROWS if row.holds(p)), "")
    subject = reading.in_role(p.seen.sentence, clause.subject) if row else ()
    return (row, subject[0].code) if subject else None


def _is_feared(p: Proposal) -> bool:
    assert p.clause is not None
    return p.clause.predicate in _FEARS and _is_object(p)


def _is_reckoned_with(p: Proposal) -> bool:
    assert p.clause is not None
    return p.clause.predicate == _RECKONS and _behind(p, "mit")


def _is_named(p: Proposal) -> bool:
    assert p.clause is not None
    return p.clause.predicate in _NAMES and _is_object(p)


def _is_object(p: Proposal) -> bool:
    """Whether the word of an act is the object, or a further one of it, and no attribute."""
    role = p.clause.object if p.clause is not None else None
    return role is not None and p.anchor in role.heads


def _behind(p: Proposal, preposition: str) -> bool:
    """Whether the word of an act stands behind a preposition, with nothing but its own adjectives and numbers between."""
    tokens, k = p.seen.sentence.tokens, p.anchor - 1
    while k > 0 and tokens[k].tag in ("ART", "ADJA", "CARD", "PIAT"):
        k -= 1
    return k >= 0 and tokens[k].text.lower() == preposition


ROWS = (
    Row(
        name="who fears it",
        holds=_is_feared,
        type=EventType.ASSAULT,
        test="Die NATO befürchtet einen russischen Angriff auf die Ukraine.",
        speaker="NATO",
    ),
    Row(
        name="who reckons with it",
        holds=_is_reckoned_with,
        type=EventType.ASSAULT,
        test="Die NATO rechnet mit russischen Angriffen auf die Ukraine.",
        speaker="NATO",
    ),
    Row(
        name="who names it",
        holds=_is_named,
        type=EventType.SUPPORT,
        test="Erdogan bezeichnete die Unterstützung der USA für Kiew als Fehler.",
        speaker="TUR",
    ),
)
"""the first that holds. In articles labelled by us seven of seven such acts, of whom the weights believe nobody, have this speaker."""
