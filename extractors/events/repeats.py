"""What an article tells twice is one event: headline, teaser and a later paragraph about one act.

Two tellings are of one act if they agree in type and in most of the parties, and if their sentences share words: those
weigh more that few sentences of the article use. How much must be shared was chosen on 1,031 articles that we coded by
reading: of 6,875 events told there it takes 249 away, of which 22 were labelled as acts of their own.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from extractors.events.reading import is_recalled
from extractors.events.telling import Coded
from extractors.language import Sentence
from extractors.model import Event
from extractors.ontology import EventType, Status

SAME, OTHER = 0.3, 0.6
"""the share of words in common from which a telling repeats another: of the same parties, status and day, and otherwise"""
_PARTIES = 0.5
_FACT = 0.2
"""how much surer a telling may be than one that also names the day, or the place"""
_KNOWN = re.compile(r"d(?:er|ie|as|em|en|es)|dies\w+|(?:sein|ihr|unser)\w*|beim|[ia]m|vom|zum", re.IGNORECASE)
"""what stands before a word for a meeting that was told before: "in dem Telefonat", "bei ihrem Gespräch" """
_MUTUAL = frozenset({EventType.CONSULT, EventType.COOPERATE})
"""types of which a noun with such a word before it speaks again"""
_ANOTHER = re.compile(
    r"(?:zwei|drit|vier|fünf|sechs|weiter|erneut|neu|letz|vorig|früher|vergangen|jüngst|nächst|damalig)", re.IGNORECASE
)
"""how adjectives begin that tell which one of several is meant"""
_BETWEEN = ("ADJ", "CARD")
_THAT = frozenset({"das", "dies", "darauf", "dazu"})
_POINTS = frozenset({"PDS", "PAV", "PROAV", "ADV"})
_TELLS = frozenset(
    "mitteilen ankündigen sagen bestätigen erklären verkünden berichten melden beschließen verständigen einigen entscheiden hervorgehen".split()
)
""" "Das kündigte sie am Mittwoch an" tells again what was told before"""
_TAGS = ("NN", "NE", "ADJ", "VV", "CARD")
"""of words that say something: names, nouns, adjectives, full verbs, numbers (STTS)"""


def once(told: Sequence[Coded]) -> list[Coded]:
    """Each act once, as the telling has it that is surest and says most; the others stand in its `again`. If it names no
    day, another's is its day. (Their places and speakers helped nobody: as many came out right as invented.)"""
    rare = _rarity([one.proposal.seen.sentence for one in told])
    kept: list[Coded] = []
    for one in sorted(told, key=_worth, reverse=True):
        k = next((k for k, other in enumerate(kept) if _repeats(one, other, rare)), None)
        if k is None:
            kept.append(one)
        elif _only_speaks_of(kept[k], one) and one.proposal.candidate is not None:
            # What speaks of it again, however surely, says less of it than the words that told it first.
            kept[k] = _with(one, kept[k])
        else:
            kept[k] = _with(kept[k], one)
    return kept


def _only_speaks_of(one: Coded, before: Coded) -> bool:
    """Whether a telling but speaks again of an act that another told before it."""
    return _order(before) < _order(one) and (_is_spoken_of_again(before, one) or _is_told_on(before, one))


def _with(one: Coded, again: Coded) -> Coded:
    event = one.event if one.event.when is not None else replace(one.event, when=again.event.when)
    return replace(one, event=event, again=(*one.again, again))


def _worth(one: Coded) -> float:
    event = one.event
    return event.confidence + _FACT * (event.when is not None) + _FACT * (event.place is not None)


def _repeats(one: Coded, other: Coded, rare: Mapping[str, float]) -> bool:
    first, second = one.event, other.event
    if first.type is not second.type or first.type is EventType.STATE or _is_by_the_other(one, other):
        return False
    if _is_of_before(one, other) or _is_of_before(other, one):
        return False
    if (first.status is Status.PLANNED) is not (second.status is Status.PLANNED):
        return False
    if len(first.parties & second.parties) < _PARTIES * len(first.parties | second.parties):
        return False
    same = first.parties == second.parties and first.status is second.status and not _on_other_days(first, second)
    before, after = sorted((one, other), key=_order)
    if same and (_is_told_on(before, after) or _is_on_condition(after)):
        return True
    return _is_spoken_of_again(one, other) or _shared(one, other, rare) >= (SAME if same else OTHER)


def _is_of_before(one: Coded, other: Coded) -> bool:
    """Whether one telling recalls an act with its day, and the other tells one without: "haben erneut Gefangene ausgetauscht. Zuletzt
    hatten sie Ende Februar Gefangene ausgetauscht"."""
    if one.event.when is None or other.event.when is not None:
        return False
    recalled, told = (
        is_recalled(c.proposal.seen.sentence, c.proposal.seen.sentence.tokens[c.proposal.anchor].start)
        for c in (one, other)
    )
    return recalled and not told


def _is_by_the_other(one: Coded, other: Coded) -> bool:
    """Whether a sentence tells that two do it to each other. In two sentences one of the two is as often read the wrong way round."""
    first, second = (([a.code for a in c.event.actors], [a.code for a in c.event.recipients]) for c in (one, other))
    together = one.proposal.seen.sentence.index == other.proposal.seen.sentence.index
    return together and first != second and first == second[::-1]


def _is_spoken_of_again(one: Coded, other: Coded) -> bool:
    """Whether the later telling of a meeting or an exchange is of one that the reader knows: "in dem Telefonat", "bei dem Austausch". Of
    12 such pairs of meetings in articles that we and others labelled none was labelled as two; of 19 of all types five were."""
    first, second = one.event, other.event
    if first.type not in _MUTUAL or first.parties != second.parties or first.status is not second.status:
        return False
    return (
        not _on_other_days(first, second) and not _elsewhere(first, second) and _is_known(max(one, other, key=_order))
    )


def _is_told_on(before: Coded, one: Coded) -> bool:
    """Whether the next sentence but says who told or decided what one before told: "Das teilte der Minister am Montag mit"."""
    last, sentence = before.proposal.seen.sentence, one.proposal.seen.sentence
    first = sentence.tokens[0]
    if sentence.index != last.index + 1 or first.tag not in _POINTS or first.text.lower() not in _THAT:
        return False
    return before.event.actors == one.event.actors and any(
        clause.parent is None and clause.predicate in _TELLS for clause in sentence.clauses
    )


def _is_on_condition(one: Coded) -> bool:
    """Whether a telling but says what is so where it is: "Besucht er Paris, stehen die Straßen still"."""
    tokens = one.proposal.seen.sentence.tokens
    opens = one.proposal.anchor == 0 and tokens[0].tag.endswith("FIN")
    return opens and tokens[-1].text != "?"


def _is_known(one: Coded) -> bool:
    p = one.proposal
    if p.candidate is None or p.seen.sentence.tokens[p.anchor].tag != "NN":
        return False
    before = list(p.seen.sentence.tokens[: p.anchor])
    while before and before[-1].tag.startswith(_BETWEEN):
        if _ANOTHER.match(before.pop().text):
            return False
    return bool(before) and _KNOWN.fullmatch(before[-1].text) is not None


def _order(one: Coded) -> int:
    return one.event.evidence.start


def _elsewhere(one: Event, other: Event) -> bool:
    return one.place is not None and other.place is not None and one.place.name != other.place.name


def _on_other_days(one: Event, other: Event) -> bool:
    if one.when is None or other.when is None:
        return False
    return one.when.last < other.when.first or other.when.last < one.when.first


def _shared(one: Coded, other: Coded, rare: Mapping[str, float]) -> float:
    """The weight of the words in common, as a share of those of the sentence that has less of them."""
    first, second = (_words(c.proposal.seen.sentence) for c in (one, other))
    less = min(sum(rare[word] for word in words) for words in (first, second))
    return sum(rare[word] for word in first & second) / less if less else 0.0


def _rarity(sentences: Iterable[Sentence]) -> dict[str, float]:
    """How much a word says: the fewer of these sentences use it, the more (inverse document frequency)."""
    words = {sentence.index: _words(sentence) for sentence in sentences}
    uses = Counter(word for own in words.values() for word in own)
    return {word: math.log((len(words) + 1) / n) for word, n in uses.items()}


def _words(sentence: Sentence) -> frozenset[str]:
    return frozenset(t.lemma.lower() for t in sentence.tokens if t.tag.startswith(_TAGS) and len(t.lemma) > 1)
