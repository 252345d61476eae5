"""Who acts upon whom in clauses with the verb at the end: "Moskau, dem Polen Wortbruch vorwirft", "weil die EU Moskau kritisierte"."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from types import MappingProxyType

from extractors.actors import Mention
from extractors.events.beside import only_attributes
from extractors.events.reading import Reading
from extractors.events.tables import ends
from extractors.language import Clause, Sentence, agreement
from extractors.language.morphology import gender

_NO_SUBJECTS = MappingProxyType({"dem": "dat", "denen": "dat", "den": "obj"})
"""pronouns that are no subject, with the slot of a row that they fill"""
_EITHER = frozenset({"das", "die", "welches", "welche"})
"""pronouns that may be the subject or the object: behind what is only said or done, they are the object of words"""
SAID_OF = "of a thing"
"""the slot of those, in acts that are words alone"""
_SAYS = ("resolution", "entwurf", "schreiben", "urteil", "gesetz")
"""ends of nouns for what has words of its own: "eine Resolution, die Moskau verurteilt" """
_WITH_ARTICLE = frozenset(
    "Iran Irak Libanon Sudan Südsudan Jemen Kosovo Vatikan Niger Tschad Kongo Kreml Westen Ukraine Türkei Schweiz Slowakei Mongolei "
    "USA Niederlande Niederlanden Emirate Emiraten Philippinen Malediven Vereinigten Vereinten".split()
)
"""names before which "den", "dem" or "der" is an article"""
_OPENS = frozenset({"KOUS", "PRELS", "PRELAT", "ADV", "PWAV"})
"""what stands before who is named first in a clause with its verb at the end"""
_STATE = 3
"""letters in the code of a state"""


def pronoun(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[int, str] | None:
    """The pronoun of a relative clause that is no subject, with its slot. The parser may take it for an article ("der Plan, den
    Kiew ablehnt"), but most names of states and towns have none."""
    tokens = sentence.tokens
    if any(tokens[k].tag in ("VVIZU", "PTKZU") for k in clause.tokens):
        # "Die Bereitschaft, Moskau zu drohen": no relative clause has an infinitive with "zu".
        return None
    last = max(clause.verbs)
    for i in clause.tokens:
        if not (1 < i < last and tokens[i - 1].text == ","):
            continue
        word = tokens[i].text.lower()
        if word in _EITHER and tokens[i].tag == "PRELS" and _is_a_thing(sentence, clause, i - 2):
            return i, SAID_OF
        if word not in _NO_SUBJECTS and not (word == "der" and _is_feminine(sentence, i - 2)):
            continue
        behind = tokens[i + 1]
        if tokens[i].tag == "PRELS" or behind.tag == "ART" or _is_a_state(reading, sentence, i + 1):
            return None if behind.text in _WITH_ARTICLE else (i, _NO_SUBJECTS.get(word, "dat"))
    return None


def _is_a_state(reading: Reading, sentence: Sentence, i: int) -> bool:
    named = reading.at_token(sentence, i)
    return any(m.kind in ("name", "metonym") and len(m.code) == _STATE for m in named)


def _is_a_thing(sentence: Sentence, clause: Clause, i: int) -> bool:
    """Whether the noun before the comma, or the one whose genitive stands there, is for what is said or done, and the verb can be
    of one: "die Reise, die Paris verurteilte", "das Vorgehen Kiews, das …"."""
    tokens, verb = sentence.tokens, next((k for k in clause.verbs if sentence.tokens[k].tag.endswith("FIN")), None)
    noun = next((t for t in reversed(tokens[max(0, i - 2) : i + 1]) if t.tag == "NN"), None)
    if noun is None or verb is None or agreement.of_verb(tokens[verb].text.lower()) == agreement.MANY:
        return False
    word = noun.text.lower()
    return word.endswith(ends("thing")) and not word.endswith(_SAYS)


def _is_feminine(sentence: Sentence, noun: int) -> bool:
    """Whether "der" behind a noun is a dative: "die Regierung", "die Ukraine"."""
    token = sentence.tokens[noun]
    if token.tag == "NN":
        return gender(token.lemma) == "f"
    return token.tag == "NE" and noun > 0 and sentence.tokens[noun - 1].text.lower() in ("die", "der")


def who_acts(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[Mention, ...]:
    """Who is named right behind the pronoun, or first of two."""
    both = two_named(reading, sentence, clause)
    if both:
        return both[:1]
    found = pronoun(reading, sentence, clause)
    if found is None or clause.voice == "passive":
        return ()
    behind = sentence.tokens[found[0]].end
    named = reading.named(sentence, behind, clause.end)
    return tuple(m for m in named[:1] if only_attributes(sentence, behind, m.start))


def who_is_meant(reading: Reading, sentence: Sentence, clause: Clause, slots: Iterable[str]) -> tuple[Mention, ...]:
    """Whom the pronoun stands for, or whose thing it is, where a verb has whom it befalls in that slot."""
    found = pronoun(reading, sentence, clause)
    if found is None or found[1] not in (*slots, SAID_OF) or not who_acts(reading, sentence, clause):
        return ()
    return reading.at_token(sentence, found[0] - 2)


def behind_who_acts(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[Mention, ...]:
    """Who is named right behind a pronoun that is surely the subject: "der Minister, der Moskau Wortbruch vorwarf", "die Minister, die
    Moskau Wortbruch vorwarfen"."""
    tokens = sentence.tokens
    for i in clause.tokens:
        if tokens[i].tag != "PRELS" or not 1 < i < max(clause.verbs) or tokens[i - 1].text != ",":
            continue
        noun, word = tokens[i - 2], tokens[i].text.lower()
        many = word == "die" and agreement.of_verb(tokens[max(clause.verbs)].text.lower()) == agreement.MANY
        sure = noun.tag == "NN" and (many or (word == "der" and gender(noun.lemma) == "m"))
        named = reading.named(sentence, tokens[i].end, clause.end)[:1] if sure and clause.voice == "active" else ()
        return tuple(m for m in named if m.start == tokens[i + 1].start and _is_bare_name(m))
    return ()


def two_named(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[Mention, ...]:
    """Who acts and who bears it, where two are named right beside each other before a verb at the end: "weil die EU Moskau
    kritisierte". The parser may take both for one name. A first that "der" or "dem" shows to be a dative is the second."""
    tokens, verb = sentence.tokens, min(clause.verbs)
    last = clause.voice == "active" and any(tokens[k].tag.endswith("FIN") for k in clause.verbs)
    opened = last and (bool(clause.marker) or clause.kind == "relative")
    inside = [m for m in reading.named(sentence, clause.start, tokens[verb].start) if m.end <= tokens[verb].start]
    for first, second in itertools.pairwise(inside if opened else ()):
        at, behind = sentence.at(first.start, first.end), sentence.at(first.end, second.start)
        before = tokens[at[0].i - 1] if at[0].i else None
        article = before is not None and before.tag == "ART"
        outer = tokens[at[0].i - 2] if article and at[0].i > 1 else before
        if first.code == second.code or outer is None or outer.tag not in _OPENS:
            continue
        if all(token.tag == "ART" and token.text.lower() != "der" for token in behind) and _is_bare_name(second):
            shown = before.text.lower() if article and before is not None else ""
            dative = shown == "dem" or (shown == "der" and gender(at[-1].lemma) == "f")
            return (second, first) if dative else (first, second)
    return ()


def _is_bare_name(mention: Mention) -> bool:
    return mention.kind in ("name", "metonym", "person") and mention.code != ""
