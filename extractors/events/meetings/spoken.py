"""How the words around a word for a meeting speak of it: of what has been, of what is to come, or only in passing."""

from __future__ import annotations

import itertools
import re

from extractors.events.attaching.worded import INTENDS, PLANNED
from extractors.events.beside import lead_of
from extractors.events.proposing.meeting_words import of_another_meeting, on_a_day_unknown
from extractors.events.reading import Reading, above
from extractors.events.weighing.judge import Proposal
from extractors.language.clauses import PAST_TENSES

HOLDS = frozenset(
    "vorbereiten stattfinden planen ansetzen anberaumen einberufen anstehen bevorstehen vorsehen folgen beginnen".split()
)
TAKES_PLACE = frozenset({"stattfinden", "beginnen", "folgen"})
"""of those what has been where it is told as past: "hat begonnen", not "war angesetzt" """
AGREES = frozenset(
    "zusagen versprechen vereinbaren verabreden einigen verständigen übereinkommen ankündigen anberaumen".split()
)
"""what the sides do to a meeting that will take place, whenever it is"""
_AWAITED = frozenset({"erwarten", "einladen"})
_AT = frozenset("bei beim auf vor nach zu zum zur während anlässlich".split())
_TO = frozenset({"zu", "zum", "zur"})
AHEAD, AFTER = frozenset({"vor"}), frozenset({"nach"})
THEREAT = frozenset("bei beim auf nach zu zum zur während".split())
_TO_COME = re.compile(rf"{PLANNED.pattern}|\b(heutig|morgig)", re.IGNORECASE)
ATTRIBUTES = 2
"""tokens before a noun in which its attribute stands"""
_BEFORE = 4
"""tokens before a noun in which its preposition stands"""


def told_as_past(p: Proposal) -> bool:
    """Whether the clause of an act tells what has been; "wollte reisen" does not."""
    clause = p.clause
    if clause is None or clause.tense not in PAST_TENSES:
        return False
    return clause.tense == "pluperfect" or clause.modal not in INTENDS


_BEGINS = frozenset({"ein", "eine", "einen", "das", "den", "kein", "keine"})
"""articles of no genitive"""


def aside(p: Proposal, at: frozenset[str] = _AT) -> bool:
    """Whether a meeting is only named as the time or place of something else ("beim Gipfel", "vor dem Treffen")."""
    if p.candidate is None or p.candidate.kind != "noun":
        return False
    before = p.seen.sentence.tokens[max(0, p.anchor - _BEFORE) : p.anchor]
    # "Nach seinen Worten ein Treffen": behind a noun such an article begins another phrase.
    starts = [two.i for one, two in itertools.pairwise(before) if one.tag in ("NN", "NE") and two.text in _BEGINS]
    return any(t.text.lower() in at for t in before if not starts or t.i > starts[-1]) and not _comes_to_it(p)


def _comes_to_it(p: Proposal) -> bool:
    """Whether the clause tells that a meeting comes about, of which the preposition is the verb's: "kommt es zu dem Treffen"."""
    clause = p.clause
    if clause is None or clause.predicate != "kommen":
        return False
    it = clause.subject is not None and any(
        p.seen.sentence.tokens[i].text.lower() == "es" for i in clause.subject.heads
    )
    return it and any(role.preposition in _TO and p.anchor in role.heads for role in clause.roles)


def has_attribute(p: Proposal) -> bool:
    """Whether an adjective before the word says that it is to come: "der bevorstehende Gipfel"."""
    before = p.seen.sentence.tokens[max(0, p.anchor - ATTRIBUTES) : p.anchor]
    return any(token.tag == "ADJA" and _TO_COME.match(token.text) for token in before)


def words_around(read: Reading, p: Proposal) -> str:
    """The words of the clause that carries an act and of those that govern it; a semicolon parts two statements."""
    sentence, clause = p.seen.sentence, p.clause
    own = (clause, *above(sentence, clause)) if clause is not None else ()
    if not own:
        return read.document.text[sentence.start : sentence.end]
    parts = [token for token in sentence.tokens if token.text == ";"]
    start = max((t.end for t in parts if t.i < p.anchor), default=sentence.start)
    end = min((t.start for t in parts if t.i > p.anchor), default=sentence.end)
    return " ".join(read.document.text[max(c.start, start) : min(c.end, end)] for c in own)


def speaks_ahead(read: Reading, p: Proposal) -> bool:
    """Whether the words around an act speak of what is to come, where no day does: "reisen mit dem Zug nach Kiew" need not."""
    clause = p.clause
    own = (clause, *above(p.seen.sentence, clause)) if clause is not None else ()
    if any(c.tense == "future" or c.modal in INTENDS or c.predicate in HOLDS | AGREES for c in own):
        return True
    if clause is not None and (
        clause.kind == "purpose" or (clause.voice == "passive" and clause.predicate in _AWAITED)
    ):
        return True
    if clause is not None and on_a_day_unknown(p.seen.sentence, clause, p.anchor):
        return True
    return aside(p, AHEAD) or bool(_TO_COME.search(words_around(read, p)))


def is_over(read: Reading, p: Proposal) -> bool:
    """Whether something else follows a meeting that has no day of its own ("nach dem Gipfel mit Putin trifft er am Montag …")."""
    sentence, clause = p.seen.sentence, p.clause
    if p.candidate is None or p.candidate.kind != "noun" or clause is None or clause.head == p.anchor:
        return False
    lead = lead_of(sentence, p.anchor)
    if lead is None or lead.text.lower() not in AFTER:
        return False
    times = (t for t in read.times[sentence.index] if t.when is not None and t.start > sentence.tokens[p.anchor].start)
    return not any(of_another_meeting(sentence, clause.head, t.start) for t in times)
