"""Meetings that seem to be announced and are not: their words ask, deny, tell what has been, or do not say who meets.

Rows of what a pattern sees stand in `extractors/data/meetings.toml` (`[[unlikely]]`); those that look at the clause stand here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from extractors.events.attaching.denials import is_what_somebody_leaves
from extractors.events.meetings.announcing import doubt, meets
from extractors.events.meetings.heralding import GOES_ON, by_itself, denies, is_moved, is_reported
from extractors.events.meetings.sides import topics
from extractors.events.meetings.spoken import (
    AFTER,
    AGREES,
    AHEAD,
    HOLDS,
    TAKES_PLACE,
    THEREAT,
    aside,
    has_attribute,
    is_over,
    speaks_ahead,
    told_as_past,
    words_around,
)
from extractors.events.proposing.meeting_words import names_meeting, on_a_day_unknown
from extractors.events.reading import Reading
from extractors.events.telling import Coded
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Sentence, Token
from extractors.model import When
from extractors.when import clause_of

_REPORTED = re.compile(r"\b(hätten|würden)\b", re.IGNORECASE)
_CLOSING = " \n\"'“”«»‹›)"
_IMPERSONAL = frozenset({"verhandeln", "beraten", "sprechen", "reden", "diskutieren"})
NOTHING_AHEAD = "no day, and nothing speaks ahead"
"""the row of what is not to come, but may be going on"""
OFF = frozenset({"called off", "let burst", "off the table"})
"""rows of what was to be and will not"""
_ELSEWHERE = frozenset({"going on", "called off"})
"""rows of words that may speak of something else in another clause than that which announces"""
TOLD_AFTER = "told after it"
"""the row of what is not to come because it has been"""
_SPEAKS = frozenset({"sprechen", "reden"})
_OF_IT = frozenset(
    "ende abschluss schluss ausklang ergebnis ergebnisse ausgang verlauf protokoll nachgang auswertung folgen".split()
)
"""what comes of a meeting, or is the last of it"""
_OVER, _TO = frozenset({"über"}), frozenset({"zu", "zum", "zur"})
_SPEECH = re.compile(r"\w*(?:[Ee]rklärung|[Rr]ede|[Dd]ebatte|[Bb]ericht|[Pp]ressekonferenz|Stellungnahme)")
_NO_ENVOY = re.compile(
    r"(?i)[\w-]*(?:lieferung|konvoi|transport|gas|öl|panzer|rakete|drohne|haubitze|kampfjet|soldat|truppen?|bataillon|schiff|flugzeug|arzt|"
    r"helfer|flüchtling|urlauber|tourist|sportler|mannschaft)"
)
_LEADS = 4
"""tokens before a noun in which what leads to it stands"""
_GUESSED = 0.5
"""confidence from which one stands whose sides its own words do not both name"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` of a meeting that is not announced, though its words seem to; `test` is a text of which the row says so."""

    name: str
    holds: Callable[[Reading, Coded], bool]
    test: str


def not_to_come(read: Reading, one: Coded) -> str:
    """The row by which what seems to be announced is not; "" where none says so."""
    if is_moved(one.proposal):
        return ""
    return next((row.name for row in ROWS if row.holds(read, one)), "") or _doubt(read, one)


def unsure(read: Reading, one: Coded) -> str:
    """The row by which nobody knows who would meet."""
    return next((row.name for row in UNSURE if row.holds(read, one)), "")


def _doubt(read: Reading, one: Coded) -> str:
    p = one.proposal
    words, sentence, clause = words_around(read, p), p.seen.sentence, p.clause
    if p.seen.said is not None or (clause is not None and is_reported(sentence, clause)):
        # In reported speech the plural has no other form: "sie hätten einen Besuch verabredet" is not in doubt.
        words = _REPORTED.sub("", words)
    whole = read.document.text[sentence.start : sentence.end]
    apart = has_attribute(p) or (clause is not None and on_a_day_unknown(sentence, clause, p.anchor))
    row = doubt(words, aside=aside(p) or is_what_somebody_leaves(p), apart=apart, sentence=whole)
    row = row or next(filter(OFF.__contains__, map(doubt, _relative_clauses(read, p))), "")
    if row in _ELSEWHERE and by_itself(p) and clause is not None and clause.kind == "main":
        # "Er führt derzeit den Vorsitz und will nach Kiew reisen", "der Rat, der auf Eis liegt, soll tagen": another clause tells it.
        row = doubt(" ".join(sentence.tokens[i].text for i in clause.tokens))
    return row


def _relative_clauses(read: Reading, p: Proposal) -> Iterator[str]:
    """What relative clauses behind a word tell of it: "vor dem Besuch, der dann abgesagt wurde"."""
    sentence = p.seen.sentence
    for one in sentence.clauses:
        if one.kind == "relative" and p.anchor < min(one.tokens, default=0) and one is not p.clause:
            yield read.document.text[one.start : one.end]


def _afterwards(read: Reading, one: Coded) -> bool:
    return not by_itself(one.proposal) and told_as_past(one.proposal) and aside(one.proposal, AFTER)


def _is_followed(read: Reading, one: Coded) -> bool:
    return not by_itself(one.proposal) and one.event.when is not None and is_over(read, one.proposal)


def _tells_the_past(read: Reading, one: Coded) -> bool:
    p = one.proposal
    if not _is_past(read, one) or one.event.when is None or aside(p, AHEAD) or p.clause is None:
        return False
    return p.clause.predicate not in (AGREES | HOLDS) - TAKES_PLACE


def _was_done_there(read: Reading, one: Coded) -> bool:
    return _is_past(read, one) and one.proposal.candidate is not None and aside(one.proposal, THEREAT)


def _is_past(read: Reading, one: Coded) -> bool:
    """Whether a clause tells what has been, and no day to come of the meeting itself."""
    when, p = one.event.when, one.proposal
    if by_itself(p) or not told_as_past(p):
        return False
    return when is None or when.last <= read.dated.date() or _dates_another(read, p, when)


def _dates_another(read: Reading, p: Proposal, when: When) -> bool:
    """Whether a day to come is told by another clause than that of a meeting named aside ("bei einem Treffen kündigte er an, dass
    sie am Freitag …")."""
    sentence = p.seen.sentence
    clauses = [clause_of(sentence, time) for time in read.times[sentence.index] if time.when == when]
    return aside(p, THEREAT) and bool(clauses) and p.clause not in clauses


def _comes_of_it(read: Reading, one: Coded) -> bool:
    """Whether what is told is the end of a meeting, or what comes of it: "die Ergebnisse des Treffens werden am Freitag vorgestellt"."""
    return _led(one.proposal, _OF_IT) is not None


def _is_told_of(read: Reading, one: Coded) -> bool:
    """Whether somebody only tells of a meeting, on a day that is told before: "am Freitag berichtet er über das Treffen"."""
    p, when = one.proposal, one.event.when
    lead = _led(p, _OVER) or _led(p, _TO)
    if lead is None or (lead.text.lower() in _TO and not _is_speech(p, lead)):
        return False
    sentence = p.seen.sentence
    days = [time.start for time in read.times[sentence.index] if time.when is not None and time.when == when]
    return bool(days) and max(days) < sentence.tokens[p.anchor].start


def _is_speech(p: Proposal, lead: Token) -> bool:
    """Whether what stands before a word is a speech or report: "eine Regierungserklärung zum Gipfel"."""
    return lead.i > 0 and _SPEECH.fullmatch(p.seen.sentence.tokens[lead.i - 1].text) is not None


def _led(p: Proposal, words: Collection[str]) -> Token | None:
    """One of these words before a noun that names a meeting, with no more than an article and an adjective between."""
    if p.candidate is None or p.candidate.kind != "noun":
        return None
    before = p.seen.sentence.tokens[max(0, p.anchor - _LEADS) : p.anchor]
    found = next((t for t in reversed(before) if not t.tag.startswith(("ART", "ADJA", "PPOSAT", "PDAT", "CARD"))), None)
    return found if found is not None and found.text.lower() in words else None


def _speaks_to_an_audience(read: Reading, one: Coded) -> bool:
    """Whether somebody speaks before people, and with nobody: "spricht am Freitag vor Studenten"."""
    p, clause = one.proposal, one.proposal.clause
    named = p.candidate is not None and p.candidate.kind == "noun"
    if named or clause is None or clause.predicate not in _SPEAKS:
        return False
    sentence = p.seen.sentence
    heads = [sentence.tokens[head] for role in clause.roles if role.preposition == "vor" for head in role.heads]
    with_ = any(sentence.tokens[i].text.lower() in ("mit", "miteinander") for i in clause.tokens)
    people = [t for t in heads if t.tag.startswith("N") and not names_meeting(t) and not read.at_token(sentence, t.i)]
    return bool(people) and not with_


def _is_no_envoy(read: Reading, one: Coded) -> bool:
    """Whether goods, arms or people who speak for nobody travel: "am Freitag trifft ein Hilfskonvoi aus Polen in Kiew ein"."""
    p, clause = one.proposal, one.proposal.clause
    if one.event.mode != "visit" or clause is None or clause.subject is None or clause.head != p.anchor:
        return False
    return all(_NO_ENVOY.fullmatch(p.seen.sentence.tokens[head].lemma) for head in clause.subject.heads)


def _is_asked(read: Reading, one: Coded) -> bool:
    sentence = one.proposal.seen.sentence
    return read.document.text[sentence.start : sentence.end].rstrip(_CLOSING).endswith("?")


def _is_topic(read: Reading, one: Coded) -> bool:
    return one.event.parties <= topics(read, one.proposal)


def _is_impersonal(read: Reading, one: Coded) -> bool:
    p, clause = one.proposal, one.proposal.clause
    if p.candidate is None or p.candidate.kind != "verb" or clause is None:
        return False
    if clause.voice != "passive" or clause.predicate not in _IMPERSONAL:
        return False
    return not any(p.seen.sentence.tokens[i].text.lower() in ("mit", "zwischen", "von") for i in clause.tokens)


def _goes_on(read: Reading, one: Coded) -> bool:
    return one.event.when is None and one.event.evidence.rule in GOES_ON


def _nothing_speaks_ahead(read: Reading, one: Coded) -> bool:
    return one.event.when is None and not by_itself(one.proposal) and not speaks_ahead(read, one.proposal)


def _is_open(read: Reading, one: Coded) -> bool:
    p, clause = one.proposal, one.proposal.clause
    if clause is None or aside(p) or on_a_day_unknown(p.seen.sentence, clause, p.anchor):
        return False
    return _leaves_open(p.seen.sentence, clause)


def _leaves_open(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause denies or asks what it tells, or makes it hang on something else; "wenn" may tell when it is."""
    ifs = (c for c in sentence.clauses if c.kind == "conditional" and c.parent == clause.index)
    return denies(sentence, clause) or clause.marker == "ob" or any(c.marker != "wenn" for c in ifs)


def _is_guessed(read: Reading, one: Coded) -> bool:
    """Whether others than its own words name the sides of what is not sure: who is named elsewhere was taken for one."""
    candidate = one.proposal.candidate
    both = candidate is not None and meets(candidate.parties)
    return one.event.confidence < _GUESSED and not both and not _names_its_host(read, one)


def _names_its_host(read: Reading, one: Coded) -> bool:
    """Whether the words of a visit name the guest, and where to: a place in another state."""
    p, place = one.proposal, one.event.place
    if p.candidate is None or p.candidate.mode != "visit" or place is None or not p.candidate.parties:
        return False
    there = any(found.place == place for found in read.places[p.seen.sentence.index])
    return there and bool(place.country) and place.country not in p.candidate.parties


def _meets_nobody(read: Reading, one: Coded) -> bool:
    """Whether those told cannot meet; whoever visits needs a host, a body's people too ("Guterres besucht ein Lager")."""
    event = one.event
    return not meets(event.parties) or (event.mode == "visit" and len(event.parties) < 2)


ROWS = (
    Row(
        name=TOLD_AFTER,
        holds=_afterwards,
        test="„Wir werden am Freitag liefern“, sagte Scholz nach einem Gespräch mit Selenskyj in Kiew.",
    ),
    Row(
        name="something follows it",
        holds=_is_followed,
        test="Nach dem geplanten Gipfel mit Putin wird Macron am Freitag eine Rede in Lyon halten.",
    ),
    Row(
        name="told as past",
        holds=_tells_the_past,
        test="Macron sagte am Montag zum Treffen mit Scholz, am Freitag werde geliefert.",
    ),
    Row(
        name="something was done there",
        holds=_was_done_there,
        test="Beim Treffen mit Macron in Paris versprach Scholz, dass Berlin am Freitag zahlt.",
    ),
    Row(
        name="what comes of it",
        holds=_comes_of_it,
        test="Die Ergebnisse des Treffens von Scholz und Macron sollen am Freitag veröffentlicht werden.",
    ),
    Row(
        name="only told of",
        holds=_is_told_of,
        test="Am Freitag will Scholz über das Treffen mit Putin berichten.",
    ),
    Row(
        name="said to an audience",
        holds=_speaks_to_an_audience,
        test="Scholz sprach am Dienstag mit Macron. Am Freitag spricht er vor Gewerkschaftern in Köln.",
    ),
    Row(
        name="no envoy travels",
        holds=_is_no_envoy,
        test="Am Freitag trifft eine Lieferung Gas aus Katar in Deutschland ein.",
    ),
    Row(
        name="asked",
        holds=_is_asked,
        test="Wird Scholz am Freitag Macron in Paris treffen?",
    ),
    Row(
        name="they are only spoken of",
        holds=_is_topic,
        test="Am Freitag wollen die Minister über Spanien und Portugal beraten.",
    ),
    Row(
        name="nobody is said to meet",
        holds=_is_impersonal,
        test="Bei der Nato soll am Freitag über die Lage beraten werden.",
    ),
    Row(
        name="goes on, on no day",
        holds=_goes_on,
        test="Der Dialog zwischen Moskau und Kiew soll fortgesetzt werden.",
    ),
    Row(
        name=NOTHING_AHEAD,
        holds=_nothing_speaks_ahead,
        test="Macron und Scholz nehmen den Zug zum Gipfel in Kiew.",
    ),
    Row(
        name="denied, asked or on a condition",
        holds=_is_open,
        test="Scholz wird Putin am Freitag nicht in Moskau treffen.",
    ),
)
"""the first that holds says so; what none of them sees a pattern may (`announcing.doubt`)"""

UNSURE = (
    Row(
        name="its words do not say who meets",
        holds=_is_guessed,
        test="Vor einer geplanten Konferenz will Moldau wissen, was Russland plant.",
    ),
)

NOBODY = Row(
    name="nobody to meet",
    holds=_meets_nobody,
    test="Am Freitag soll UN-Generalsekretär António Guterres ein Lager besuchen.",
)
"""of what is left where its sides are told"""
