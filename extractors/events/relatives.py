"""Who acts upon whom in a relative clause whose pronoun is no subject: "Moskau, dem Polen Wortbruch vorwirft"."""

from __future__ import annotations

from collections.abc import Container
from types import MappingProxyType

from extractors.actors import Mention
from extractors.events.beside import only_attributes
from extractors.events.reading import Reading
from extractors.language import Clause, Sentence
from extractors.language.morphology import gender

_NO_SUBJECTS = MappingProxyType({"dem": "dat", "denen": "dat", "den": "obj"})
"""pronouns that are no subject, with the slot of a row that they fill"""
_WITH_ARTICLE = frozenset(
    "Iran Irak Libanon Sudan Südsudan Jemen Kosovo Vatikan Niger Tschad Kongo Kreml Westen".split()
)
"""names before which "den" is an article"""
_STATE = 3
"""letters in the code of a state"""


def pronoun(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[int, str] | None:
    """The pronoun of a relative clause that is no subject, with its slot. The parser may take it for an article ("der Plan, den
    Kiew ablehnt"), but most names of states and towns have none."""
    tokens = sentence.tokens
    for i in clause.tokens:
        word = tokens[i].text.lower()
        opens = 1 < i < max(clause.verbs) and tokens[i - 1].text == ","
        if not opens or not (word in _NO_SUBJECTS or (word == "der" and _is_feminine(sentence, i - 2))):
            continue
        behind = tokens[i + 1]
        if tokens[i].tag == "PRELS" or behind.tag == "ART" or _is_a_state(reading, sentence, i + 1):
            return None if behind.text in _WITH_ARTICLE else (i, _NO_SUBJECTS.get(word, "dat"))
    return None


def _is_a_state(reading: Reading, sentence: Sentence, i: int) -> bool:
    named = reading.at_token(sentence, i)
    return any(m.kind in ("name", "metonym") and len(m.code) == _STATE for m in named)


def _is_feminine(sentence: Sentence, noun: int) -> bool:
    """Whether "der" behind a noun is a dative: "die Regierung", "die Ukraine"."""
    token = sentence.tokens[noun]
    if token.tag == "NN":
        return gender(token.lemma) == "f"
    return token.tag == "NE" and noun > 0 and sentence.tokens[noun - 1].text.lower() in ("die", "der")


def who_acts(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[Mention, ...]:
    """Who is named right behind the pronoun."""
    found = pronoun(reading, sentence, clause)
    if found is None or clause.voice == "passive":
        return ()
    behind = sentence.tokens[found[0]].end
    named = reading.named(sentence, behind, clause.end)
    return tuple(m for m in named[:1] if only_attributes(sentence, behind, m.start))


def who_is_meant(reading: Reading, sentence: Sentence, clause: Clause, slots: Container[str]) -> tuple[Mention, ...]:
    """Whom the pronoun stands for, or whose thing it is, where a verb has whom it befalls in that slot."""
    found = pronoun(reading, sentence, clause)
    if found is None or found[1] not in slots or not who_acts(reading, sentence, clause):
        return ()
    return reading.at_token(sentence, found[0] - 2)
