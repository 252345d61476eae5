"""Which words name a meeting or call, and whether what stands beside them is told of another meeting."""

from __future__ import annotations

from extractors.events.beside import lead_of
from extractors.events.lexicon import lexicon
from extractors.language import Clause, Sentence, Token
from extractors.ontology import EventType

_OF_TIME = frozenset("am im um ab".split())
_ASIDE = frozenset({"vor", "nach", "seit"})
_BEFORE = 4
"""tokens before a word for a meeting in which its preposition stands"""
_FOR_IT = frozenset({"für", "zu", "zum"})
_WHEN_AND_WHERE = frozenset({"Termin", "Datum", "Zeitpunkt", "Ort"})
_UNKNOWN = frozenset({"offen", "unklar", "unbekannt"})


def of_another_meeting(sentence: Sentence, anchor: int, start: int) -> bool:
    """Whether what begins at `start` is told of a meeting before or after that of the anchor: "nach Besuchen in Sofia und Prag
    trifft er in Ankara Erdogan". It reaches to the next verb, comma or second preposition."""
    leads = set[str]()
    for token in reversed([t for t in sentence.tokens if t.start < start]):
        if token.tag.startswith(("V", "$,")) or len(leads) > 1:
            return False
        if token.tag.startswith("APP") and token.text.lower() not in _OF_TIME:
            leads.add(token.text.lower())
        if token.i != anchor and names_meeting(token):
            before = sentence.tokens[max(0, token.i - _BEFORE) : token.i]
            return any(t.text.lower() in _ASIDE for t in before)
    return False


def on_a_day_unknown(sentence: Sentence, clause: Clause, anchor: int) -> bool:
    """Whether not the meeting that a noun names is denied or open, but when or where it will be: "ein Termin für das Treffen steht noch
    nicht fest"."""
    lead = lead_of(sentence, anchor)
    if lead is None or not lead.i or lead.text.lower() not in _FOR_IT:
        return False
    unknown = clause.negated or any(token.text.lower() in _UNKNOWN for token in sentence.tokens[anchor:])
    return unknown and sentence.tokens[lead.i - 1].text in _WHEN_AND_WHERE


def names_meeting(token: Token) -> bool:
    return any(row.type is EventType.CONSULT for row in lexicon().nouns_of(token.lemma))


def is_call(token: Token) -> bool:
    return any(row.mode == "phone" for row in lexicon().nouns_of(token.lemma))
