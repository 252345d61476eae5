"""Who demonstrates: the people of a state, and not the state whose embassy they stand before or against whom they march.

The codebook (section 4) tells them as the state's people ("RUS-CIV"). The weights have seen but few such acts, and take whoever
the sentence names for those who act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.actors import Mention
from extractors.actors.lexicon import states
from extractors.events.beside import after_preposition
from extractors.events.reading import Reading
from extractors.events.weighing.features import Parties
from extractors.events.weighing.judge import Proposal
from extractors.language import Sentence
from extractors.ontology import EventType

_PEOPLE = "-CIV"
_BY_STATES = frozenset({"boykottieren", "einlegen", "einbestellen"})
"""verbs at which it is governments that protest"""
_EMBASSY = re.compile(r"(?:[Bb]otschaft|[Kk]onsulat|[Vv]ertretung)(?:e[ns]?|s|en)?$")
_THERE = frozenset({"in", "im", "an", "am", "vor", "auf"})
_NOT_THEIRS = frozenset({"für", "wegen", "mit", "über", "zu", "zur", "zum", "vor", "an", "in", "im", "aus", "nach"})
"""what stands before those who do not demonstrate themselves"""


def people_protest(read: Reading, p: Proposal) -> Parties | None:
    """The people who demonstrate and against whom; None where somebody else is known to, or nobody can be named."""
    if p.type is not EventType.PROTEST or (p.clause is not None and p.clause.predicate in _BY_STATES):
        return None
    against = _against(read, p.seen.sentence)
    who = next(_crowds(read, p, {m.code for m in against}), "")
    if not who or (who,) == p.parties[0]:
        return None
    home = who.split("-")[0]
    whom = [m.code for m in against] or [code for code in p.parties[1] if code != home]
    return (who,), tuple(dict.fromkeys(code for code in whom if code != who))


def _against(read: Reading, sentence: Sentence) -> tuple[Mention, ...]:
    """Who stands behind "gegen", or whose embassy is named."""
    found = after_preposition(read, sentence, range(len(sentence.tokens)), "gegen")
    return found or tuple(m for m in read.mentions[sentence.index] if m.code and _is_of_embassy(sentence, m))


def _is_of_embassy(sentence: Sentence, mention: Mention) -> bool:
    behind = [t for t in sentence.tokens if t.start >= mention.start][:2]
    return any(_EMBASSY.search(token.text) for token in behind)


def _crowds(read: Reading, p: Proposal, against: set[str]) -> Iterator[str]:
    """Whose people they may be, the likeliest first: those whom the words name, else those of the place."""
    sentence = p.seen.sentence
    for mention in read.mentions[sentence.index]:
        before = next(
            (t.text.lower() for t in reversed(sentence.before(mention.start)) if t.tag not in ("ART", "ADJA")), ""
        )
        if mention.code not in against and before not in _NOT_THEIRS:
            yield from _people_of(mention.code)
    for place in read.places[sentence.index]:
        if place.preposition in _THERE and place.place.country:
            yield from _people_of(place.place.country)


def _people_of(code: str) -> Iterator[str]:
    if code in states():
        yield f"{code}{_PEOPLE}"
    elif "-" in code:
        yield code
