"""What the words around a time say of it: that something was said or ends then, or comes round. Whether it is back or ahead says
`directions`."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from extractors.language import Clause, Sentence, Token
from extractors.when.shapes import TimeExpression
from extractors.when.words import MONTHS, WEEKDAYS

_RECURS = re.compile(r"\b[Jj]ähr(?:t|e|te|en|ten)\b")
_NOT_THEN = frozenset({"statt", "anstatt", "anstelle", "bis"})
_ISSUES = frozenset("Update Erstmeldung Originalmeldung Meldung Stand Ursprungsmeldung Aktualisierung".split())
"""what an issue of the report itself is called: "Update vom 16. Oktober" dates no act"""
_ENDING = frozenset({"enden", "auslaufen", "ablaufen"})
_ENDS = tuple(f"{verb}d" for verb in sorted(_ENDING))
# What the present tense of these tells has been said: "Man werde helfen, sagt X am Dienstag".
SPEAKING = frozenset(
    "sagen erklären betonen mitteilen fordern warnen kritisieren berichten bekräftigen melden bezeichnen nennen meinen "
    "schreiben twittern zitieren verkünden versichern heißen behaupten ankündigen äußern".split()
)
_DAYS = WEEKDAYS.keys() | MONTHS.keys()
_AS_PLANNED = frozenset("wie geplant vorgesehen angekündigt vereinbart ursprünglich".split())
_BEHIND = 8
"""tokens behind a day in which "sondern" sets it right"""
SEGMENT_ENDS = frozenset({",", ";", ":", "–", "-", "(", ")", "„", "“", '"', "»", "«"})


def clause_around(sentence: Sentence, i: int) -> Clause | None:
    """The clause a token belongs to; where the parse has none, the narrowest finite one around it, or the first."""
    clause = sentence.clause_of(i)
    if clause is not None:
        return _behind_the_comma(sentence, clause, i) or clause
    at = sentence.tokens[i].start
    around = [one for one in sentence.clauses if one.finite and one.start <= at < one.end]
    finite = around or [one for one in sentence.clauses if one.finite]
    return min(finite, key=lambda one: one.end - one.start) if finite else None


def _behind_the_comma(sentence: Sentence, clause: Clause, i: int) -> Clause | None:
    """ "kündigte an, am Freitag mit Macron zu sprechen": the infinitive's clause, where the parse has its words beside the main verb."""
    last = max(clause.verbs, default=0)
    behind = sentence.tokens[last + 1 :]
    if not clause.finite or i <= last or behind[0].text != ",":
        return None
    end = next((t.i for t in behind[1:] if t.text in SEGMENT_ENDS), len(sentence.tokens))
    ends = (c for c in sentence.clauses if c.kind == "infinitive" and c.parent == clause.index and i < c.head < end)
    return next(
        (c for c in ends if sentence.tokens[c.head - 1].tag == "PTKZU" or sentence.tokens[c.head].tag == "VVIZU"), None
    )


def clause_of(sentence: Sentence, time: TimeExpression) -> Clause | None:
    """The clause in which a time stands; None where the parse has none."""
    first = sentence.first_from(time.start)
    return sentence.clause_of(first.i) if first is not None else None


def tells_when_said(sentence: Sentence, time: TimeExpression, today: date) -> bool:
    """Whether a time is that of the saying and not of what is said: "…, wie das Ministerium am Mittwoch mitteilte", "nach
    Angaben vom Mittwoch".

    What is said today was not said on a day to come ("sagte sie vor dem Gipfel in der kommenden Woche"), nor for one ("für Freitag").
    """
    first = sentence.first_from(time.start)
    at = first.i if first is not None else 0
    if any(token.text.rstrip(":") in _ISSUES for token in sentence.tokens[max(0, at - 2) : at]):
        return True
    if time.when is not None and time.when.first > today:
        return False
    before = sentence.tokens[at - 1].text.lower() if at else ""
    if before in ("für", "ab", "vom"):
        return before == "vom"
    clause = clause_of(sentence, time)
    if clause is None or clause.predicate not in SPEAKING or clause.tense not in ("preterite", "perfect", "present"):
        return False
    return clause.voice == "active" and clause.modal == ""


def tells_end(sentence: Sentence, time: TimeExpression) -> bool:
    """Whether something that goes on is over by then, as its clause or attribute says: "das Treffen, das am Donnerstag endet",
    "das am Freitag auslaufende Abkommen"; or is no longer to begin then: "am Freitag statt am Donnerstag", "sie beraten bis
    Sonntag"."""
    first = sentence.first_from(time.start)
    behind = sentence.first_from(time.end)
    if behind is not None and behind.text.startswith(_ENDS):
        return True
    at = first.i if first is not None else 0
    if any(token.text.lower() in _NOT_THEN for token in sentence.tokens[max(0, at - 2) : at]):
        return True
    clause = clause_of(sentence, time)
    return clause is not None and clause.predicate in _ENDING


def recurs(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause tells that something comes round by the year, so that it happened years ago."""
    return any(_RECURS.fullmatch(sentence.tokens[verb].text) for verb in clause.verbs)


def is_denied(sentence: Sentence, at: int) -> bool:
    """Whether "sondern" sets a time right that stands behind "nicht": "nicht schon am Freitag, sondern erst am Montag"."""
    lead = at - 1
    while lead >= 0 and _leads(sentence.tokens[lead]):
        lead -= 1
    behind = [token.text for token in sentence.tokens[at + 1 : at + _BEHIND]]
    corrected = any(one == "," and two == "sondern" for one, two in pairwise(behind))
    return corrected and lead >= 0 and sentence.tokens[lead].text.lower() == "nicht"


def _leads(token: Token) -> bool:
    """Whether a word may stand between "nicht" and the day: "nicht wie geplant am Freitag"."""
    return token.tag in ("ADV", "APPR", "APPRART", "ART") or token.text.lower() in _AS_PLANNED


def only_moves(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause denies but a time, and tells another: "nicht am Freitag, sondern erst am Montag"."""
    days = (token.i for token in sentence.at(clause.start, clause.end) if token.text.lower() in _DAYS)
    return clause.negated and any(is_denied(sentence, k) for k in days)
