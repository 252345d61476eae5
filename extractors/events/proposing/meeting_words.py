"""Which words name a meeting or call, and whether what stands beside them is told of another meeting."""

from __future__ import annotations

from extractors.events.lexicon import lexicon
from extractors.language import Sentence, Token
from extractors.ontology import EventType

_OF_TIME = frozenset("am im um ab".split())
_ASIDE = frozenset({"vor", "nach", "seit"})
_BEFORE = 4
"""tokens before a word for a meeting in which its preposition stands"""


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


def names_meeting(token: Token) -> bool:
    return any(row.type is EventType.CONSULT for row in lexicon().nouns_of(token.lemma))


def is_call(token: Token) -> bool:
    return any(row.mode == "phone" for row in lexicon().nouns_of(token.lemma))
