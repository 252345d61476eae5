"""Where an act is whose sentence does not say so: what an article told before, by rows that are right nearly always.

The judge weighs the places of other sentences by how near they are and how often they are told. It does not know who
was there. A row does: who spoke in a town goes on speaking there, a summit is where it was said to be. Who began to speak on
a day goes on that day, and what follows at once is of it, too (`day_row`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractors.actors import Mention, name_of
from extractors.events.attaching.around import Around
from extractors.events.lexicon import occasion
from extractors.events.proposing.candidates import SAID
from extractors.events.proposing.meeting_words import names_meeting
from extractors.events.reading import Reading
from extractors.events.settling.own_people import asks_own_people
from extractors.events.tables import WORDINGS, pattern, rows
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Sentence
from extractors.model import Place, Precision, When
from extractors.ontology import EventType
from extractors.places import AT, PlaceMention, named
from extractors.places.gazetteer import capitals
from extractors.speech.lexicon import lexicon
from extractors.when import clause_of

BY_WORDS = SAID | {EventType.CONCEDE, EventType.STATE}
"""acts that are done by speaking, or while somebody speaks"""
_AT_MEETINGS = BY_WORDS | {EventType.SANCTION}
"""acts that are done at meetings, and are none"""
TOWNS = frozenset({"city", "venue"})
"""kinds of places in which somebody speaks; a country is too wide to be a scene"""
_PEOPLE = frozenset({"person", "pronoun", "description"})
"""kinds of mentions that may stand for a person"""
_GOES_ON = 12
"""sentences for which who spoke in a town is taken to speak there; beyond it the report has moved on"""
_THERE = frozenset({"dort", "wo"})
_TOWARDS = AT | {"nach"}
SAYS = frozenset({"say", "promise", "urge", "blame", "report", "narrate"})
"""rows of verbs with which somebody is told to speak, and not to think"""
_NOUNS = frozenset({"NN", "NNA"})
_OF_OCCASIONS = 20
"""sentences in which a summit, once told, is the one that is spoken of"""
_THE = frozenset({"dem", "der", "den", "diesem", "dieser", "diesen"})
_AT_OR_AFTER = frozenset({"bei", "auf", "nach", "während"})
_HELD_AT = frozenset({"bei", "beim", "auf", "am"})
_VISIT = re.compile(r"(?:[Bb]esuch|[Rr]eise|[Vv]isite)(?:e?s)?$")
_EARLIER = frozenset({"bereits", "schon", "zuvor", "davor", "damals"})
_UPON = AT | {"über", "gegen", "nach"}
_BEFORE_A_NAME = frozenset({"APPR", "APPRART", "ART", "ADJA"})
_NAME_BEHIND = 4
"""tokens between a meeting and the name of its town: "Gespräche an der polnischen Grenze" """
_TO_COME = re.compile(r"(?:nächst|kommend|geplant|bevorstehend|künftig|möglich)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`finds` says where an act is that names no place, None if the row does not hold; `test` is a text of which it says `place`."""

    name: str
    finds: Callable[[Around, Proposal], Place | None]
    test: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Afar:
    """Words of what is said online, to a paper or on the telephone, for which no town is told. `wire`: who meets so meets nowhere."""

    name: str
    words: re.Pattern[str]
    test: str
    wire: bool = False


@functools.cache
def afar() -> tuple[Afar, ...]:
    """Raises BrokenRuleError."""
    found = rows(WORDINGS, "afar", needed={"name", "words", "test"}, allowed={"wire": ()})
    return tuple(
        Afar(name=row["name"], words=pattern(row), test=row["test"], wire=bool(row.get("wire"))) for row in found
    )


def place_before(around: Around, p: Proposal) -> Place | None:
    """Where an act is of which its own words do not say where."""
    found = place_row(around, p)
    return None if found is None else found[1]


def place_row(around: Around, p: Proposal) -> tuple[str, Place] | None:
    """The name of the first row that holds, and the place that it tells."""
    return next(((row.name, place) for row in ROWS if (place := row.finds(around, p)) is not None), None)


# --- who spoke somewhere ---------------------------------------------------------------------------------------------


def _speaks_on(around: Around, p: Proposal) -> Place | None:
    """ "Macron sagte in Oslo …. Er forderte …": there. What is "dort" is where the row for that word says, or nowhere."""
    read, sentence = around.reading, p.seen.sentence
    elsewhere = _at_places(read, sentence) or _from_afar(read, sentence) or _points_there(p) is not None
    who = None if elsewhere else _who_speaks(read, p)
    if who is None:
        return None
    for other in _before(read, sentence):
        place = next((place for name, place in _scenes(around, other) if name == who.name), None)
        if place is not None or any(one.kind in TOWNS for one in _at_places(read, other)):
            return place
    return None


DAY_BEFORE = "who spoke on a day goes on that day"


_TOLD = frozenset({"preterite", "perfect"})
AT_ONCE = "what follows at once is of the same day"
TOO = "who does so, too, does so on that day"
_FOLLOWS = re.compile(
    r"(?:Prompt|Umgehend|Im Anschluss|Anschließend|(?:Kurz |Unmittelbar |Direkt )?[Dd](?:anach|arauf)|Wenig später)\b"
)


def day_row(around: Around, p: Proposal) -> tuple[str, When] | None:
    """The day of an act that a sentence before its own tells, and the row that says so."""
    told = ((DAY_BEFORE, day_before), (AT_ONCE, day_at_once), (TOO, day_too))
    return next(((name, day) for name, of in told if (day := of(around, p)) is not None), None)


def day_at_once(around: Around, p: Proposal) -> When | None:
    """The one day of the sentence before, where an act follows on it: "Am Montag stimmte Ankara zu. Prompt dankte Oslo". Of ten acts
    that our labels and the gold set tell with such words, wherever they stand, seven are of that day, and none of another."""
    read, sentence = around.reading, p.seen.sentence
    follows = _FOLLOWS.match(read.document.text[sentence.start : sentence.end])
    return _day_right_before(read, sentence) if follows else None


def day_too(around: Around, p: Proposal) -> When | None:
    """The one day of the sentence before, which tells such an act of somebody else: "Am Montag kam Maduro. Auch Lula traf ein"."""
    read, sentence = around.reading, p.seen.sentence
    if sentence.tokens[0].text != "Auch" or not sentence.index:
        return None
    like = any(one.type is p.type for one in around.seen[sentence.index - 1].candidates)
    return _day_right_before(read, sentence) if like else None


def _day_right_before(read: Reading, sentence: Sentence) -> When | None:
    """The one day, not to come, of the sentence before one that tells of the past and no time."""
    clause = sentence.clause_of(0)
    if not sentence.index or read.times[sentence.index] or clause is None or clause.tense not in _TOLD or clause.modal:
        return None
    days = {time.when for time in read.times[sentence.index - 1] if time.when is not None}
    day = days.pop() if len(days) == 1 else None
    return day if day is not None and day.precision is Precision.DAY and day.last <= read.dated.date() else None


def day_before(around: Around, p: Proposal) -> When | None:
    """The day on which who acts by words began to speak: "sagte Macron am Montag …. Er forderte …". Of 72 that our labels and
    reports tell 58 are right, 4 wrong, and 10 have none there."""
    read, sentence = around.reading, p.seen.sentence
    who = None if read.times[sentence.index] else _who_speaks(read, p)
    if who is None:
        return None
    for other in _before(read, sentence):
        day = next((day for name, day in _spoken(read, other) if name == who.name), None)
        if day is not None or any(time.when for time in read.times[other.index]):
            return day
    return None


def _before(read: Reading, sentence: Sentence) -> Iterator[Sentence]:
    """The sentences before one, the nearest first."""
    yield from reversed(read.document.sentences[max(0, sentence.index - _GOES_ON) : sentence.index])


def _spoken(read: Reading, sentence: Sentence) -> Iterator[tuple[str, When]]:
    """Who speaks on which day that has come, by the clauses of a sentence."""
    for time in read.times[sentence.index]:
        clause = clause_of(sentence, time)
        if time.when is None or time.when.precision is not Precision.DAY or time.when.last > read.dated.date():
            continue
        if clause is not None and says(clause):
            for mention in _subjects(read, sentence, clause):
                yield mention.name, time.when


def _is_recalled(clause: Clause | None) -> bool:
    """What somebody had said was said elsewhere."""
    return clause is not None and clause.tense == "pluperfect"


def _at_places(read: Reading, sentence: Sentence) -> list[PlaceMention]:
    return [one for one in read.places[sentence.index] if one.preposition in AT]


def _who_speaks(read: Reading, p: Proposal) -> Mention | None:
    """The person who acts by speaking: the subject of the act's clause, or whose words tell the act."""
    sentence = p.seen.sentence
    if p.type not in BY_WORDS or _is_recalled(p.clause):
        return None
    by_name = next((m for m in _subjects(read, sentence, p.clause) if m.code in p.parties[0]), None)
    if by_name is not None:
        return by_name
    speaker = _speaker(read, sentence.tokens[p.anchor].start)
    return speaker if speaker is not None and speaker.code in p.parties[0] else None


def _subjects(read: Reading, sentence: Sentence, clause: Clause | None) -> Iterator[Mention]:
    """The people who are the subject of a clause."""
    if clause is None or clause.subject is None:
        return
    heads = [sentence.tokens[k] for k in clause.subject.heads]
    for mention in read.mentions[sentence.index]:
        if _is_person(mention) and any(t.start < mention.end and mention.start < t.end for t in heads):
            yield mention


def _is_person(mention: Mention) -> bool:
    return mention.kind in _PEOPLE and " " in mention.name and mention.name != name_of(mention.code)


def _speaker(read: Reading, at: int) -> Mention | None:
    """The person whose words stand somewhere."""
    for quote in read.quotes:
        if quote.speaker is not None and any(start <= at < end for start, end in quote.spans):
            sentence = read.document.sentence_at(quote.speaker[0])
            named = read.named(sentence, *quote.speaker) if sentence is not None else ()
            return next((mention for mention in named if _is_person(mention)), None)
    return None


def _scenes(around: Around, sentence: Sentence) -> Iterator[tuple[str, Place]]:
    """Who speaks in which town, by the clauses of a sentence."""
    for one in _at_places(around.reading, sentence):
        clause = sentence.clause_of(one.first)
        if clause is None or not _is_scene(around, sentence, clause, one):
            continue
        if says(clause) and not _of_something_else(sentence, clause, one):
            for mention in _subjects(around.reading, sentence, clause):
                yield mention.name, one.place


def _is_scene(around: Around, sentence: Sentence, clause: Clause, one: PlaceMention) -> bool:
    """Whether somebody may speak there: in a town, or in a country that he visits ("bei einem Besuch in Finnland")."""
    if one.kind == "country":
        return any(_VISIT.search(sentence.tokens[k].text) for k in clause.tokens)
    return one.kind in TOWNS and (one.start, one.end) not in around.in_names


def says(clause: Clause) -> bool:
    """Whether the verb of a clause tells that somebody speaks."""
    return any(SAYS & {*verb.names} for verb in lexicon().verbs.get(clause.predicate, ()))


def _of_something_else(sentence: Sentence, clause: Clause, one: PlaceMention) -> bool:
    """Whether a town is where that is which somebody speaks of: "äußerte Kritik an der Gewalt in Oslo"."""
    objects = {k for role in clause.roles if role.name == "object" for k in role.heads}
    token = sentence.tokens[sentence.tokens[one.last].head]
    while token.tag in _NOUNS and token.i not in objects and token.i > sentence.tokens[token.head].i:
        token = sentence.tokens[token.head]
    return token.i in objects


def from_afar(read: Reading, p: Proposal) -> bool:
    """Whether somebody acts by words that he wrote, or said to a paper or on the telephone: no town is told for those."""
    return p.type in BY_WORDS and _from_afar(read, p.seen.sentence)


def by_wire(read: Reading, p: Proposal) -> bool:
    """Whether a verb tells that people confer by telephone or video: they are in several places ("beraten am Montag per Video")."""
    clause, candidate = p.clause, p.candidate
    if p.type is not EventType.CONSULT or clause is None or candidate is None or candidate.kind != "verb":
        return False
    words = read.document.text[clause.start : clause.end]
    return any(row.wire and row.words.search(words) for row in afar())


def _from_afar(read: Reading, sentence: Sentence) -> bool:
    words = read.document.text[sentence.start : sentence.end]
    return any(row.words.search(words) for row in afar())


# --- the occasion at which something is done -------------------------------------------------------------------------


def _at_the_occasion(around: Around, p: Proposal) -> Place | None:
    """ "Beim Gipfel forderte Macron …", of a summit that was said to be in Oslo: there."""
    read, sentence, clause = around.reading, p.seen.sentence, p.clause
    if p.type not in _AT_MEETINGS or clause is None or _is_recalled(clause) or _at_places(read, sentence):
        return None
    told = (_gathering(sentence, k) for k in clause.tokens if _is_where(sentence, k))
    kind = next((kind for kind in told if kind), "")
    if not kind or _from_afar(read, sentence):
        return None
    before = range(max(0, sentence.index - _OF_OCCASIONS), sentence.index)
    places = (one for at in reversed(before) for one in _places_of(read, read.document.sentences[at], kind))
    return next(places, None)


def _gathering(sentence: Sentence, at: int) -> str:
    """What kind of gathering a noun is: "EU-Gipfel" is a summit; "" where it is none."""
    token = sentence.tokens[at]
    return occasion(token.text, "gathering") if token.tag == "NN" else ""


def _is_where(sentence: Sentence, at: int) -> bool:
    """Whether a known occasion is that at or after which something is done: "beim Gipfel", "nach dem zweiten Treffen"."""
    k = at - 1
    while k > 0 and sentence.tokens[k].tag in ("ADJA", "CARD"):
        if _TO_COME.match(sentence.tokens[k].text):
            return False
        k -= 1
    word = sentence.tokens[k].text.lower() if k >= 0 else ""
    if word == "beim":
        return True
    return word in _THE and k > 0 and sentence.tokens[k - 1].text.lower() in _AT_OR_AFTER


def _places_of(read: Reading, sentence: Sentence, kind: str) -> Iterator[Place]:
    """The places of such an occasion that a sentence tells: "der Gipfel in Oslo", "in Oslo begann der Gipfel"."""
    for one in _at_places(read, sentence):
        clause = sentence.clause_of(one.first)
        if one.kind in TOWNS and clause is not None and any(_gathering(sentence, k) == kind for k in clause.tokens):
            yield one.place


def _at_a_named_meeting(around: Around, p: Proposal) -> Place | None:
    """ "Er traf sie auf der Osloer Konferenz", "am Rande der Münchner Sicherheitskonferenz": in the town that it is named after."""
    sentence, clause = p.seen.sentence, p.clause
    if p.type not in BY_WORDS | {EventType.CONSULT} or clause is None or _is_recalled(clause):
        return None
    named = (
        one
        for one in around.reading.places[sentence.index]
        if one.first in clause.tokens and one.last > one.first and one.preposition in _HELD_AT
    )
    return next((one.place for one in named if _gathering(sentence, one.last)), None)


def _where_it_is_named_again(around: Around, p: Proposal) -> Place | None:
    """ "Das brachte die Verhandlungsrunde, sagte er nach den Gesprächen in Oslo": there, if both words may mean one meeting."""
    sentence, candidate = p.seen.sentence, p.candidate
    if p.type is not EventType.CONSULT or candidate is None or candidate.kind != "noun":
        return None
    for one in _at_places(around.reading, sentence):
        noun = next((t for t in reversed(sentence.tokens[: one.first]) if t.tag not in _BEFORE_A_NAME), None)
        if noun is not None and noun.i > p.anchor and names_meeting(noun) and noun.i + _NAME_BEHIND >= one.first:
            return one.place
    return None


# --- who speaks somewhere in the next sentence ------------------------------------------------------------------------


def _speaks_there_next(around: Around, p: Proposal) -> Place | None:
    """ "Macron fordert Panzer für Kiew. Das sagte er am Montag in Oslo": there; but what he said before was said elsewhere."""
    read, sentence = around.reading, p.seen.sentence
    if p.clause is None or any(sentence.tokens[k].text.lower() in _EARLIER for k in p.clause.tokens):
        return None
    behind = read.document.sentences[sentence.index + 1 : sentence.index + 2]
    towns = [one for one in _at_places(read, sentence) if one.kind in TOWNS]
    who = None if towns or _from_afar(read, sentence) else _who_speaks(read, p)
    if who is None or not behind or _from_afar(read, behind[0]):
        return None
    return next((place for name, place in _scenes(around, behind[0]) if name == who.name), None)


# --- "die Hauptstadt" ---------------------------------------------------------------------------------------------------


def _in_the_capital(around: Around, p: Proposal) -> Place | None:
    """ "Der Kreml beriet über Kiew. Die Ukraine rechnet mit Angriffen auf die Hauptstadt": the capital of one of both."""
    sentence = p.seen.sentence
    if p.type is not EventType.ASSAULT or not any(_is_the_capital(sentence, k) for k in range(len(sentence.tokens))):
        return None
    parties = {code for side in p.parties for code in side}
    towns = [
        place
        for k in range(sentence.index, -1, -1)
        for place in _capitals_named(around.reading.document.sentences[k])
        if place.country in parties
    ]
    return towns[0] if towns else None


def _is_the_capital(sentence: Sentence, at: int) -> bool:
    """Whether a word is a capital that is not named beside it, and in, on or over which something is: "auf die Hauptstadt"."""
    tokens = sentence.tokens
    if tokens[at].text != "Hauptstadt" or at < 2 or tokens[at - 1].text.lower() not in _THE | {"die"}:
        return False
    named = at + 1 < len(tokens) and tokens[at + 1].tag == "NE"
    return not named and tokens[at - 2].text.lower() in _UPON


def _capitals_named(sentence: Sentence) -> Iterator[Place]:
    """The capitals that a sentence names, whoever is meant by them."""
    for token in sentence.tokens:
        place = named(token.text) if token.text in capitals() else None
        if place is not None:
            yield place


# --- "dort" and "wo" ---------------------------------------------------------------------------------------------------


def _there(around: Around, p: Proposal) -> Place | None:
    """ "Er reiste nach Oslo. Dort traf er …", "er reiste nach Oslo, wo er … traf": there."""
    sentence, word = p.seen.sentence, _points_there(p)
    if word is None:
        return None
    before = [one for one in _reached(around, sentence) if one.last < word]
    if not before and sentence.index and sentence.tokens[word].text.lower() == "dort":
        before = _reached(around, around.reading.document.sentences[sentence.index - 1])
    return before[-1].place if before else None


def _points_there(p: Proposal) -> int | None:
    """The word of an act's clause that points to a place ("dort")."""
    tokens, clause = p.seen.sentence.tokens, p.clause
    return next((k for k in clause.tokens if tokens[k].text.lower() in _THERE), None) if clause else None


def _reached(around: Around, sentence: Sentence) -> list[PlaceMention]:
    """The places of a sentence at which somebody is or arrives."""
    return [
        one
        for one in around.reading.places[sentence.index]
        if one.preposition in _TOWARDS and (one.kind == "border" or (one.start, one.end) not in around.in_names)
    ]


def _where_they_are(around: Around, p: Proposal) -> Place | None:
    """ "Kanada rief seine Bürger auf, Belarus zu verlassen": there."""
    if not asks_own_people(p):
        return None
    mentions = around.reading.mentions[p.seen.sentence.index]
    states = (
        named(mention.name) for mention in mentions if mention.kind == "name" and mention.code not in p.parties[0]
    )
    return next((place for place in states if place is not None), None)


ROWS = (
    Row(
        name="where one's own people are",
        finds=_where_they_are,
        test="Kanada rief seine Bürger auf, Belarus zu verlassen.",
        place="Belarus",
    ),
    Row(
        name="there",
        finds=_there,
        test="Macron reiste am Montag nach Oslo. Dort traf er den norwegischen Präsidenten Store.",
        place="Oslo",
    ),
    Row(
        name="at a meeting named after its town",
        finds=_at_a_named_meeting,
        test="Scholz traf am Rande der Münchner Sicherheitskonferenz den Finnen Stubb.",
        place="München",
    ),
    Row(
        name="where the meeting is named again",
        finds=_where_it_is_named_again,
        test="Das ergab die zweite Verhandlungsrunde mit Norwegen, sagte Macron nach den Gesprächen in Oslo.",
        place="Oslo",
    ),
    Row(
        name="at the occasion told before",
        finds=_at_the_occasion,
        test="Am Montag begann in Oslo der Gipfel der EU. Beim Gipfel forderte Macron Russland zum Abzug seiner Truppen auf.",
        place="Oslo",
    ),
    Row(
        name="who spoke somewhere goes on there",
        finds=_speaks_on,
        test="Macron sagte am Montag in Oslo, Europa müsse mehr tun. Er forderte Russland zum Abzug seiner Truppen auf.",
        place="Oslo",
    ),
    Row(
        name="who speaks somewhere in the next sentence",
        finds=_speaks_there_next,
        test="Macron forderte Russland zum Abzug seiner Truppen auf. Europa müsse mehr tun, sagte Macron am Montag in Oslo.",
        place="Oslo",
    ),
    Row(
        name="in the capital that was named",
        finds=_in_the_capital,
        test="In Kiew heulten die Sirenen. Die Ukraine rechnet mit russischen Angriffen auf die Hauptstadt.",
        place="Kiew",
    ),
)
