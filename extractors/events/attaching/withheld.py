"""What only the sentence of an act may tell: rows under which no time, place or speaker of another sentence is offered to it.

"Vor einigen Tagen" is no day that another sentence tells, and an attack on a whole state is in no town. The judge weighs the others
(`attaching`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extractors.events.attaching.apart import PLACE, TIME, of_another
from extractors.events.reading import Reading, Said
from extractors.events.weighing.judge import Proposal
from extractors.ontology import EventType

SPEAKER = "speaker"
_TO_COME = re.compile(r"\b(?:kommend|nächst)")
_ROUGHLY = frozenset({"vaguely-ago", "vaguely-hence", "counted-before", "days-later"})
_UPON = frozenset({"gegen", "auf"})
_WITHIN = frozenset({"in", "im"})
_WORDS = ("main-", "before-")
_ELSEWHERE = re.compile(
    r"\b(?:in|über|auf|aus|bei) (?:rund |etwa |fast |mehr als |mindestens )?"
    r"(?:\d+|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|einigen|mehreren|vielen|verschiedenen|zahlreichen|Dutzenden) "
    r"(?:\w+ )?\w*(?:[Ss]tädten|[Oo]rten|[Oo]rtschaften|[Dd]örfern|[Rr]egionen|[Gg]ebieten|[Bb]ezirken|[Ll]andesteilen)\b"
    r"|\bim (?:\w+ (?:und|sowie) )?(?:Nord|Süd)?(?:[Oo]sten|[Ww]esten|Norden|Süden)\b"
)
"""several places, or a part of the land"""
_SUMMED = re.compile(
    r"\b(?:[Ii]nsgesamt|landesweit|mehrfach|wiederholt|regelmäßig|in diesem (?:Jahr|Monat)|auf das Land"
    r"|in den (?:vergangenen|letzten) (?:\w+ )?(?:Stunden|Tagen|Wochen|Monaten))\b"
)
"""what is added up over days or over the land"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where it `holds` of an act no time, place or speaker (`of`) that its sentence does not tell is its own; `test` is a sentence of which
    the row says so, of an act of `type`."""

    name: str
    of: str
    holds: Callable[[Reading, Proposal], bool]
    type: EventType
    test: str


def withheld(reading: Reading, p: Proposal, fact: str) -> str:
    """The row under which a fact of other sentences is not offered to an act; "" where it is."""
    return next((row.name for row in ROWS if row.of == fact and row.holds(reading, p)), "")


def _is_told_roughly(reading: Reading, p: Proposal) -> bool:
    """Whether the clause of an act tells its time, if too roughly to date it ("vor einigen Tagen", "in den kommenden Tagen"):
    then no other sentence tells it."""
    clause = p.clause
    return clause is not None and any(
        time.when is None
        and clause.start <= time.start < clause.end
        and (time.rule in _ROUGHLY or (time.rule == "vague-units" and _TO_COME.search(time.words) is not None))
        for time in reading.times[p.seen.sentence.index]
    )


def _is_upon_a_state(reading: Reading, p: Proposal) -> bool:
    """Whether an attack is told of as one on a whole state: "der Krieg gegen die Ukraine" is in no town that another sentence names."""
    sentence = p.seen.sentence
    of = p.type is EventType.ASSAULT and (p.candidate is None or p.candidate.kind != "verb")
    places = reading.places[sentence.index] if of else ()
    return any(one.kind == "country" and one.preposition in _UPON for one in places)


def _is_in_a_house(reading: Reading, p: Proposal) -> bool:
    """Whether the clause of an act names the very house: "würdigte ihn in einer Rede im Schloss Bellevue" is not in the town around it."""
    clause, here = p.clause, reading.places[p.seen.sentence.index]
    inside = [one for one in here if clause is not None and clause.start <= one.start < clause.end]
    houses = [one for one in inside if one.kind == "venue" and one.preposition in _WITHIN]
    return any(not of_another(reading, p, one.start, PLACE) for one in houses)


def _is_elsewhere(reading: Reading, p: Proposal) -> bool:
    """Whether the clause of an act puts it in several places, or in a part of the land ("in mehreren Städten", "im Osten"): then it is not
    in the one that another sentence names. Of seven such places none was labelled."""
    text = p.clause and reading.document.text[p.clause.start : p.clause.end]
    return bool(text and _ELSEWHERE.search(text))


def _is_summed_up(reading: Reading, p: Proposal) -> bool:
    """Whether attacks are added up ("in den vergangenen 24 Stunden", "insgesamt"): then they were not in the one town that another sentence
    names. Of seven such places of labelled attacks in 788 articles five were wrong."""
    sentence = p.seen.sentence
    if p.type is not EventType.ASSAULT or any(token.text.lower() == "dort" for token in sentence.tokens):
        return False
    return _SUMMED.search(reading.document.text[sentence.start : sentence.end]) is not None


def _is_background(reading: Reading, p: Proposal) -> bool:
    """Whether the newsroom recalls an act: in the pluperfect, outside what anybody is said to say ("Kiew hatte das abgelehnt
    und erklärte, …"). Of such acts 55 of 58 have no speaker in our core articles, 744 of 797 in the others and our reports."""
    clause = p.clause
    if p.candidate is None or p.candidate.kind != "verb" or clause is None:
        return False
    at = p.seen.sentence.tokens[p.anchor].start
    told = clause.tense == "pluperfect" and clause.kind == "main"
    return told and not any(said.start <= at < said.end or _goes_with_words(said, at) for said in reading.said)


def _goes_with_words(said: Said, at: int) -> bool:
    """Whether a word is what brings somebody's words in a clause of their own ("hatte geklagt, die Hilfe komme spät"). Of such in
    the pluperfect six of six have a speaker in our labels; with "zu" or "dass" one of 29."""
    return said.cue is not None and said.cue[0] <= at < said.cue[1] and said.rule.startswith(_WORDS)


ROWS = (
    Row(
        name="its time is told roughly",
        of=TIME,
        holds=_is_told_roughly,
        type=EventType.CONSULT,
        test="Macron traf Putin vor einigen Tagen in Genf.",
    ),
    Row(
        name="upon a whole state",
        of=PLACE,
        holds=_is_upon_a_state,
        type=EventType.ASSAULT,
        test="Der russische Krieg gegen die Ukraine dauert an.",
    ),
    Row(
        name="in a house that is named",
        of=PLACE,
        holds=_is_in_a_house,
        type=EventType.CONSULT,
        test="Steinmeier traf Selenskyj im Schloss Bellevue.",
    ),
    Row(
        name="in several places, or a part of the land",
        of=PLACE,
        holds=_is_elsewhere,
        type=EventType.ASSAULT,
        test="Russland griff in mehreren Städten Kraftwerke der Ukraine an.",
    ),
    Row(
        name="added up",
        of=PLACE,
        holds=_is_summed_up,
        type=EventType.ASSAULT,
        test="Russland griff die Ukraine in den vergangenen Tagen mehrfach mit Drohnen an.",
    ),
    Row(
        name="recalled by the newsroom",
        of=SPEAKER,
        holds=_is_background,
        type=EventType.REJECT,
        test="Moskau hatte die Forderung der Ukraine zurückgewiesen.",
    ),
)
