"""Statements that somebody does not make: "hat den Angriff bis heute nicht verurteilt", "übte keine Kritik".

They are told as denied and never as made. What somebody refuses by a word of negation is REJECT and has rows of its own (codebook,
section 2), and a word of negation that stands in what is said denies that ("warf Kiew vor, Zusagen nicht zu halten").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extractors.events.proposing.candidates import Candidate
from extractors.language import Clause, Sentence
from extractors.ontology import EventType

_SAID = frozenset({EventType.ACCUSE, EventType.REQUEST, EventType.THREATEN, EventType.SUPPORT, EventType.REJECT})
_NOT = frozenset({"nicht", "nie", "niemals", "keinesfalls", "keineswegs"})
_NEVER = frozenset({"nie", "niemals"})
_BUT_NOW = frozenset({"zuvor", "so", "vorher", "mehr"})
"""what makes of "never" that it is said now: "nie zuvor hat er so scharf kritisiert" """
_NONE = re.compile(r"kein(?:e[nmrs]?|erlei)?")
_HOW = frozenset({"öffentlich", "ausdrücklich", "offen", "direkt", "explizit", "namentlich"})
"""how it is said, between the word of negation and the verb"""
_ENDS = frozenset({".", "!", "?", ";", ",", "“", "”", '"', "»", "«"})
_LEADS = frozenset({"zu", "zum", "zur", "um"})
"""what somebody is asked for or to: "forderte Minsk nicht zum Abzug auf" """
_TIMES = frozenset({"ersten", "wiederholten", "zweiten", "dritten", "letzten", "einzigen", "Spaß", "Selbstzweck"})
_MAKES = frozenset(
    "üben äußern erheben aussprechen richten stellen vorbringen geben kommen erteilen zeigen ausstoßen verlauten".split()
)
"""verbs that say a noun's act: "übte keine Kritik", not "die Kritik verstummt nicht" """
_WORDS = frozenset({"Wort", "Silbe"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`says_no`: whether the word of negation at a token of a clause is of this kind. `test` is a sentence that the row reads."""

    name: str
    says_no: Callable[[Candidate, Clause, Sentence, int], bool]
    test: str


def _of_the_verb(candidate: Candidate, clause: Clause, sentence: Sentence, k: int) -> bool:
    tokens = sentence.tokens
    word, after = tokens[k].text.lower(), tokens[k + 1].text.lower() if k + 1 < len(tokens) else ""
    if word in _NEVER:
        return after not in _BUT_NOW
    behind = k + 1 + (after in _HOW)
    return word in _NOT and (
        behind >= len(tokens) or tokens[behind].text in _ENDS or behind in (clause.head, *clause.verbs)
    )


def _of_what_is_asked(candidate: Candidate, clause: Clause, sentence: Sentence, k: int) -> bool:
    tokens, last = sentence.tokens, max(clause.head, *clause.verbs)
    if tokens[k].text.lower() not in _NOT or not k + 1 < last or tokens[k + 1].text.lower() not in _LEADS:
        return False
    return not any(t.text in _TIMES for t in tokens[k + 1 : last])


def _of_what_is_threatened(candidate: Candidate, clause: Clause, sentence: Sentence, k: int) -> bool:
    tokens = sentence.tokens
    if candidate.type is not EventType.THREATEN or tokens[k].text.lower() not in _NOT or k + 1 >= len(tokens):
        return False
    return tokens[k + 1].text.lower() == "mit"


def _of_the_thing(candidate: Candidate, clause: Clause, sentence: Sentence, k: int) -> bool:
    if not _NONE.fullmatch(sentence.tokens[k].text.lower()):
        return False
    noun = next((t.i for t in sentence.tokens[k + 1 : k + 4] if t.tag in ("NN", "NE")), None)
    if candidate.kind == "noun":
        return noun == candidate.anchor
    return clause.object is not None and noun in clause.object.heads


def _with_no_word(candidate: Candidate, clause: Clause, sentence: Sentence, k: int) -> bool:
    tokens = sentence.tokens
    if not _NONE.fullmatch(tokens[k].text.lower()) or not 0 < k < len(tokens) - 1:
        return False
    return tokens[k - 1].text.lower() == "mit" and tokens[k + 1].text in _WORDS


ROWS = (
    Row(name="not said", says_no=_of_the_verb, test="China hat den Angriff Russlands bis heute nicht verurteilt."),
    Row(name="not asked for", says_no=_of_what_is_asked, test="Wien forderte Russland nicht zum Abzug auf."),
    Row(
        name="not threatened with",
        says_no=_of_what_is_threatened,
        test="Wien hat Russland nicht mit Sanktionen gedroht.",
    ),
    Row(name="no such words", says_no=_of_the_thing, test="Wien warf Russland keinen Wortbruch vor."),
    Row(name="with no word", says_no=_with_no_word, test="Wien kritisierte Russland mit keinem Wort."),
)


def unsaid(type_: EventType, candidate: Candidate, sentence: Sentence) -> Row | None:
    """The row under which a statement is told as not made; None where none is."""
    clause = candidate.clause
    if type_ not in _SAID or candidate.type is not type_ or clause is None or clause.kind == "conditional":
        return None
    if candidate.trigger is None or candidate.trigger.negated or any(t.text == "sondern" for t in sentence.tokens):
        return None
    if not _is_of_the_clause(candidate, clause):
        return None
    near = [k for k in clause.tokens if not _is_parted(sentence, k, clause.head)]
    return next((row for row in ROWS for k in near if row.says_no(candidate, clause, sentence, k)), None)


def _is_of_the_clause(candidate: Candidate, clause: Clause) -> bool:
    """Whether the clause's verb is the act, or says the noun that is."""
    if candidate.kind == "verb":
        return candidate.anchor == clause.head
    if candidate.kind != "noun" or clause.predicate not in _MAKES:
        return False
    return any(candidate.anchor in role.heads for role in clause.roles if role.name in ("object", "subject"))


def _is_parted(sentence: Sentence, k: int, head: int) -> bool:
    """Whether a comma or colon stands between a word and the verb: then it is in what is said."""
    return any(t.text in (",", ":") for t in sentence.tokens[min(k, head) : max(k, head)])
