"""Which times and places of an act's sentence are another act's: rows that are right nearly always.

The judge weighs every time and place that a sentence names; what a row says of is not offered to it at all. Of an act whose own
words stand in the stretch that a row looks at ("seit dem Überfall im Februar") the row says nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractors.events.attaching.scenes import BY_WORDS, TOWNS, says
from extractors.events.attaching.standing import left
from extractors.events.beside import lead_of
from extractors.events.lexicon import occasion
from extractors.events.proposing.candidates import SAID
from extractors.events.reading import Reading, above
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Sentence, Token
from extractors.language.clauses import PAST_TENSES
from extractors.ontology import EventType
from extractors.places import PlaceMention
from extractors.when import TimeExpression, is_denied

TIME, PLACE = "time", "place"
_FAR = 12
"""tokens between "seit" and a time that belongs to it"""
_AFTER = 8
_LEADS = 2
"""tokens before a time in which "bis" stands: "bis zum Jahresende" """
_FIRST = re.compile(
    r"^(?:erstmals|erstmalig|(?:erst|zweit|dritt|viert|fünft|sechst|siebt|siebent|acht|neunt|zehnt|elft|zwölft)e[nrsm]?)$",
    re.IGNORECASE,
)
"""what is counted since a time, too: "das neunte Paket seit Februar" """
_MOST = re.compile(r"\w{3}ste[nrsm]?$")
_NOT_MOST = re.compile(r"^(?:jüngst|nächst|ernst|fest|bewusst|selbst|best|faschist|kommunist|terrorist)", re.IGNORECASE)
_OF_TIME = re.compile(
    r"^(?:Anfang|Beginn|Mitte|Ende|Jahr|Monat|Woche|Tag|Nacht|Abend|Morgen|Mittag|Vormittag|Nachmittag|Stunde|Herbst|Sommer|"
    r"Winter|Frühjahr|Frühling)\w*|\w+(?:stunden|beginn|anfang|ende|wechsel)$"
)
_OTHER_TIME = frozenset({"nachdem", "bevor", "ehe", "seit", "seitdem"})
_AT_ONCE = frozenset("kurz unmittelbar direkt gleich stunden minuten".split())
"""before "nachdem": what follows so soon is of the same day"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` says of the first token of a time or place whether it is another act's; `test` is a sentence of which the row says so."""

    name: str
    of: frozenset[str]
    holds: Callable[[Reading, Proposal, int, str], bool]
    test: str


def of_another(reading: Reading, p: Proposal, start: int, fact: str) -> str:
    """The row that gives a time or place of an act's sentence to another act; "" where none does."""
    first = p.seen.sentence.first_from(start)
    if first is None:
        return ""
    return next((row.name for row in ROWS if fact in row.of and row.holds(reading, p, first.i, fact)), "")


def _since(reading: Reading, sentence: Sentence, at: int) -> int | None:
    """Where the "seit" stands that opens the phrase a time closes ("seit dem Beginn des Krieges im Februar")."""
    earlier = [time.end for time in reading.times[sentence.index] if time.start < sentence.tokens[at].start]
    for token in reversed(sentence.tokens[max(0, at - _FAR) : at]):
        if token.text.lower() == "seit":
            return token.i if token.tag == "APPR" else None
        if token.text in (",", ";", ":", "–") or token.tag.startswith("V") or token.end in earlier:
            return None
    return None


def _goes_on(sentence: Sentence, at: int) -> bool:
    """ "Seit Juli, als Moskau die Stadt eroberte": what was then is told as well."""
    return any(one.marker == "als" and one.start > sentence.tokens[at].start for one in sentence.clauses)


def _for_the_first_time(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """ "Erstmals seit 2014", "der größte Austausch seit Beginn des Krieges im Februar": then was the last time before."""
    sentence, since = p.seen.sentence, _since(reading, p.seen.sentence, at)
    if since is None or since < p.anchor < at or _goes_on(sentence, at):
        return False
    near = (*sentence.tokens[max(0, since - _FAR) : since], *sentence.tokens[at : at + _AFTER])
    return any(_FIRST.match(token.text) or _is_most(token) for token in near)


def _is_most(token: Token) -> bool:
    return token.tag == "ADJA" and _MOST.search(token.text) is not None and not _NOT_MOST.match(token.text)


def _since_an_occasion(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """ "Seit dem Beginn der Invasion im Februar 2022 fordert Kiew …": then was the invasion."""
    sentence, since = p.seen.sentence, _since(reading, p.seen.sentence, at)
    if since is None or since < p.anchor < at:
        return False
    return any(token.tag == "NN" and not _OF_TIME.match(token.text) for token in sentence.tokens[since + 1 : at])


def _before_or_after(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """In a clause with "nachdem", "bevor" or "seit", of what stands outside: "er reiste ab, nachdem Bern am Freitag zugesagt hatte"."""
    sentence, clause = p.seen.sentence, p.seen.sentence.clause_of(at)
    if p.candidate is None:
        return False
    own = _with_those_above(sentence, sentence.clause_of(p.anchor))
    return any(
        one.marker in _OTHER_TIME and one.index not in own and not _at_once(sentence, one)
        for one in (sentence.clauses[k] for k in _with_those_above(sentence, clause))
    )


def _in_another_clause(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """In another clause than the act's verb, where that tells a time itself: "Am Montag drohte Oslo, am Freitag lenkte Riga ein"."""
    candidate, clause = p.candidate, p.clause
    if candidate is None or clause is None or candidate.kind != "verb" or candidate.anchor not in clause.verbs:
        return False
    sentence, other = p.seen.sentence, p.seen.sentence.clause_of(at)
    if other is None or other.index == clause.index:
        return False
    days = (sentence.first_from(time.start) for time in reading.times[sentence.index] if time.when is not None)
    own = [token.i for token in days if token is not None and token.i in clause.tokens]
    return any(not any(row.holds(reading, p, k, TIME) for row in _EARLIER) for k in own)


def _until_then(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """Until when that lasts or is to be which was decided: "verlängerte die Sanktionen bis Ende Juli", "einigten sich auf einen Austausch
    bis zum Jahresende". What has been done "bis Februar" was done then."""
    sentence, clause = p.seen.sentence, p.clause
    if clause is None or clause.tense not in PAST_TENSES or clause.modal or clause.index != _index(sentence, at):
        return False
    ahead = [
        time
        for time in reading.times[sentence.index]
        if time.when is not None and sentence.first_from(time.start) == sentence.tokens[at]
    ]
    if not ahead or any(time.when is None or time.when.last < reading.dated.date() for time in ahead):
        return False
    return any(token.text.lower() == "bis" for token in sentence.tokens[max(0, at - _LEADS) : at])


def _index(sentence: Sentence, at: int) -> int | None:
    clause = sentence.clause_of(at)
    return None if clause is None else clause.index


def _told_before_of_who_acts(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """When something had happened of which a relative clause in the pluperfect tells: "der Botschafter, der am Vortag einbestellt worden
    war, wies das zurück"."""
    sentence, clause = p.seen.sentence, p.seen.sentence.clause_of(at)
    candidate, own = p.candidate, p.clause
    if clause is None or clause.kind != "relative" or clause.tense != "pluperfect":
        return False
    if candidate is None or own is None or candidate.kind != "verb" or candidate.anchor not in own.verbs:
        return False
    return clause.index not in _with_those_above(sentence, own)


def _on_another_day(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    return is_denied(p.seen.sentence, at)


def _with_those_above(sentence: Sentence, clause: Clause | None) -> frozenset[int]:
    """A clause and those that govern it."""
    return frozenset() if clause is None else frozenset((clause.index, *(one.index for one in above(sentence, clause))))


def _at_once(sentence: Sentence, clause: Clause) -> bool:
    marker = next((k for k in clause.tokens if sentence.tokens[k].text.lower() == clause.marker), 0)
    return marker > 0 and sentence.tokens[marker - 1].text.lower() in _AT_ONCE


def _after_an_occasion(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """Of a visit or meeting that is over or to come, where the clause names another: "nach seinem Besuch in Wien reist er nach Prag"."""
    sentence, clause = p.seen.sentence, p.seen.sentence.clause_of(at)
    own = _with_those_above(sentence, sentence.clause_of(p.anchor))
    if p.candidate is None or clause is None or clause.index not in own or not _on_occasion(sentence, p, at):
        return False
    facts: Sequence[TimeExpression | PlaceMention] = (
        reading.times[sentence.index] if fact == TIME else reading.places[sentence.index]
    )
    named = {token.i: one for one in facts if (token := sentence.first_from(one.start)) is not None}
    others = [one for k, one in named.items() if k != at and k in clause.tokens and not _on_occasion(sentence, p, k)]
    return bool(others) and not _is_hosts(p, named[at], others)


def _is_hosts(p: Proposal, one: TimeExpression | PlaceMention, others: Sequence[TimeExpression | PlaceMention]) -> bool:
    """Whether a place is in the state of a party, and no other one is: who acts with Kiew "nach dem Besuch in Kiew" was its guest."""
    parties = {*p.parties[0], *p.parties[1]}
    return _country(one) in parties and not any(_country(other) in parties for other in others)


def _country(one: TimeExpression | PlaceMention) -> str:
    return one.place.country if isinstance(one, PlaceMention) else ""


def _on_occasion(sentence: Sentence, p: Proposal, at: int) -> bool:
    """Whether a time or place hangs on a noun for an occasion behind "nach" or "vor" that is not the act's own word."""
    noun = _noun_before(sentence, at) or sentence.tokens[sentence.tokens[at].head]
    if noun.tag != "NN" or noun.i in (p.anchor, at) or noun.i > at or not occasion(noun.text):
        return False
    return any(t.head == noun.i and t.dep == "case" and t.text.lower() in ("nach", "vor") for t in sentence.tokens)


def _noun_before(sentence: Sentence, at: int) -> Token | None:
    """The noun right before a time or place and its preposition: "nach seinem Besuch in Wien", wherever the parse hangs it."""
    noun = sentence.tokens[at - 2] if at > 1 and sentence.tokens[at - 1].head == at else None
    return noun if noun is not None and noun.tag == "NN" else None


_OPENS, _BARE_TIMES = frozenset({"ART", "PPOSAT", "PDAT"}), frozenset({"ADV", "CARD"})
"""tags of what begins a phrase with an attribute, and of times that have no preposition there: "der gestern geschlossene Vertrag" """
_WITHIN = frozenset({"in", "bei", "mit", "während", "durch", "für"})
"""before such a phrase: what is told or happens in the course of it is of its day"""
_SPAN = re.compile(r"(?:Stunde|Tag|Woche|Monat|Jahr)(?:e?n|e)?")
_OVER = "über"
_OF_WORDS = SAID - {EventType.AGREE}

_PERSON = re.compile(r"(?:botschafter|minister|gesandt|vertreter|diplomat|kolleg|chef|führer)\w{0,4}$", re.IGNORECASE)
"""who is spoken to may be where that is done: "bestellte den Botschafter in Ankara ein"."""


def _in_what_is_spoken_of(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """Where that is which somebody asks for, blames, refuses or backs: "kritisierte die Reise nach Oslo", "sagte den Gipfel in Sotschi ab"."""
    sentence, clause, candidate = p.seen.sentence, p.clause, p.candidate
    if clause is None or candidate is None or candidate.anchor != clause.head or p.type not in _OF_WORDS:
        return False
    noun = _noun_before(sentence, at) or sentence.tokens[sentence.tokens[at].head]
    if noun.tag != "NN" or noun.i in (p.anchor, at) or noun.i > at or _PERSON.search(noun.text):
        return False
    return any(role.name == "object" and noun.i in role.heads for role in clause.roles)


def _when_it_was_done(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """The day of what somebody is accused of: "warf Minsk vor, am Sonntag Schiffe beschossen zu haben"."""
    sentence, clause, candidate = p.seen.sentence, p.seen.sentence.clause_of(at), p.candidate
    if p.type is not EventType.ACCUSE or candidate is None or candidate.kind == "noun" or at < candidate.anchor:
        return False
    if clause is None or clause.kind not in ("complement", "infinitive"):
        return False
    return any(over is p.clause for over in above(sentence, clause))


def _in_an_attribute(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """When that was done which a participle before its noun tells: "vereinbarten, den 2021 abgebrochenen Dialog wieder aufzunehmen".

    What is said in a report of Monday is said on Monday, and what happens in the course of something happens when that does.
    """
    tokens = p.seen.sentence.tokens
    led = at > 0 and tokens[at - 1].tag.startswith("APP")
    opens = at - 2 if led else at - 1
    if (
        p.candidate is None
        or opens < 0
        or tokens[opens].tag not in _OPENS
        or not (led or tokens[at].tag in _BARE_TIMES)
    ):
        return False
    if opens and tokens[opens - 1].text.lower() in _WITHIN:
        return False
    within = itertools.takewhile(lambda t: not t.tag.startswith(("V", "$", "KON")), tokens[at + 1 : at + _AFTER])
    noun = next((t for t in within if t.tag == "NN" and t.i - 1 > at and tokens[t.i - 1].tag == "ADJA"), None)
    return noun is not None and not opens < p.anchor <= noun.i


def _so_long_after(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """When something else was done, so long after it: "im Mai, drei Monate nach dem Überfall, stellten sie den Antrag"."""
    sentence = p.seen.sentence
    lead = lead_of(sentence, p.anchor)
    if p.candidate is None or p.candidate.kind != "noun" or lead is None or lead.text not in ("nach", "vor"):
        return False
    return lead.i > 1 and at < lead.i - 1 and bool(_SPAN.fullmatch(sentence.tokens[lead.i - 1].text))


def _before_since(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """When something is done for the first time since an act: "im Mai lief erstmals seit dem Einmarsch ein Schiff aus"."""
    lead = lead_of(p.seen.sentence, p.anchor)
    is_noun = p.candidate is not None and p.candidate.kind == "noun"
    return is_noun and lead is not None and lead.text.lower() == "seit" and at < lead.i


def _in_what_is_talked_over(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """Where that is which is talked over: "sprachen über den Krieg in der Ukraine"."""
    sentence = p.seen.sentence
    noun = _noun_before(sentence, at) or sentence.tokens[sentence.tokens[at].head]
    if p.type is not EventType.CONSULT or noun.tag != "NN" or noun.i in (p.anchor, at) or noun.i > at:
        return False
    return any(t.head == noun.i and t.dep == "case" and t.text.lower() == _OVER for t in sentence.tokens)


def _of_a_meeting_wished(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """Where a meeting is to be that somebody is ready for, asks for or plans: "zeigte sich zu einem Treffen in Wien bereit"."""
    sentence = p.seen.sentence
    noun = _noun_before(sentence, at) or sentence.tokens[sentence.tokens[at].head]
    if p.type is EventType.CONSULT or noun.tag != "NN" or noun.i in (p.anchor, at):
        return False
    meetings = (c for c in p.seen.candidates if c.type is EventType.CONSULT and c.anchor == noun.i)
    return any(left(c.type, c, sentence)[1] for c in meetings)


def _where_it_is_said(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """The town in which somebody tells of what is done elsewhere: "Russland habe Kraftwerke beschossen, sagte Eide in Bergen"."""
    sentence, clause, own = p.seen.sentence, p.seen.sentence.clause_of(at), p.seen.sentence.clause_of(p.anchor)
    if clause is None or own is None or clause.index == own.index or p.type in BY_WORDS or own.marker == "wo":
        return False
    if not says(clause) or not _is_in_a_town(reading, sentence, at):
        return False
    noun = _noun_before(sentence, at)
    return noun is None or not occasion(noun.text)


def _not_whither(reading: Reading, p: Proposal, at: int, fact: str) -> bool:
    """Where troops are or why they go, where the clause says whither: "verlegte in Riga stationierte Soldaten nach Oslo".

    So in all four acts in our labels and the gold set whose clause names both.
    """
    clause = p.clause
    if p.type is not EventType.MOBILIZE or clause is None:
        return False
    named = {one.first: one for one in reading.places[p.seen.sentence.index] if one.first in clause.tokens}
    whither = {k for k, one in named.items() if _is_whither(p.seen.sentence, one)}
    return bool(whither) and at in named and at not in whither


def _is_whither(sentence: Sentence, one: PlaceMention) -> bool:
    lead = sentence.tokens[one.first - 1].text.lower() if one.first else ""
    return one.preposition == "nach" or lead in ("ins", "nach")


def _is_in_a_town(reading: Reading, sentence: Sentence, at: int) -> bool:
    return any(
        one.first == at and one.kind in TOWNS and one.preposition == "in" for one in reading.places[sentence.index]
    )


_EARLIER = (
    Row(
        name="where it is said",
        of=frozenset({PLACE}),
        holds=_where_it_is_said,
        test="Russland habe erneut ukrainische Kraftwerke beschossen, sagte Eide in Bergen.",
    ),
    Row(
        name="denied, and another told",
        of=frozenset({TIME}),
        holds=_on_another_day,
        test="Macron traf Putin nicht am Freitag, sondern erst am Samstag in Genf.",
    ),
    Row(
        name="until when it lasts",
        of=frozenset({TIME}),
        holds=_until_then,
        test="Die EU hat ihre Sanktionen gegen Russland bis Ende Dezember verlängert.",
    ),
    Row(
        name="told before of who acts",
        of=frozenset({TIME}),
        holds=_told_before_of_who_acts,
        test="Der russische Gesandte, der am Montag einbestellt worden war, wies die Vorwürfe Norwegens zurück.",
    ),
    Row(
        name="for the first time since",
        of=frozenset({TIME}),
        holds=_for_the_first_time,
        test="Erstmals seit dem Gipfel im Mai 2014 traf Putin in Genf den amerikanischen Präsidenten.",
    ),
    Row(
        name="since an occasion",
        of=frozenset({TIME}),
        holds=_since_an_occasion,
        test="Seit dem Beginn der Invasion im Februar 2022 fordert die Ukraine von Deutschland Panzer.",
    ),
    Row(
        name="before or after another act",
        of=frozenset({TIME, PLACE}),
        holds=_before_or_after,
        test="Lawrow traf Wang, nachdem ein Gericht in Den Haag am Freitag Haftbefehl erlassen hatte.",
    ),
    Row(
        name="after an occasion",
        of=frozenset({TIME, PLACE}),
        holds=_after_an_occasion,
        test="Nach Gesprächen in Wien traf Blinken in Prag den ukrainischen Präsidenten Selenskyj.",
    ),
    Row(
        name="in what is spoken of",
        of=frozenset({PLACE}),
        holds=_in_what_is_spoken_of,
        test="Die Ukraine warf Russland einen Angriff in Odessa vor.",
    ),
    Row(
        name="when that was of which somebody is accused",
        of=frozenset({TIME}),
        holds=_when_it_was_done,
        test="Riga warf Russland vor, am Sonntag zwei Schiffe beschossen zu haben.",
    ),
    Row(
        name="of an attribute",
        of=frozenset({TIME}),
        holds=_in_an_attribute,
        test="Estland und Finnland vereinbarten, den 2019 abgebrochenen Dialog wieder aufzunehmen.",
    ),
    Row(
        name="so long after it",
        of=frozenset({TIME}),
        holds=_so_long_after,
        test="Im Mai 2022 stellten sie den Antrag, drei Monate nach dem russischen Überfall auf die Ukraine.",
    ),
    Row(
        name="long since it",
        of=frozenset({TIME}),
        holds=_before_since,
        test="Im Mai 2023 verließ erstmals seit dem russischen Überfall auf die Ukraine ein Frachter den Hafen.",
    ),
    Row(
        name="in what is talked over",
        of=frozenset({PLACE}),
        holds=_in_what_is_talked_over,
        test="Macron und Scholz berieten über einen raschen Frieden in der Ukraine.",
    ),
    Row(
        name="of a meeting that is wished",
        of=frozenset({PLACE}),
        holds=_of_a_meeting_wished,
        test="Selenskyj forderte Putin zu einem Treffen in Wien auf.",
    ),
)
ROWS = (
    *_EARLIER,
    Row(
        name="not whither it goes",
        of=frozenset({PLACE}),
        holds=_not_whither,
        test="Die USA verlegten Soldaten zur Abschreckung in Estland nach Polen.",
    ),
    Row(
        name="of a clause beside, with a time of its own",
        of=frozenset({TIME}),
        holds=_in_another_clause,
        test="Während Moskau am Donnerstag Tiflis drohte, forderte Erdogan am Freitag Kiew zum Einlenken auf.",
    ),
)
"""the last of what has a time of its own, by the rows before it"""
