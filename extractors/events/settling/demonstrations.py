"""People who demonstrate, strike or block a road: rows find them where the weights see no act, since nobody is named who could act.

"In Tiflis demonstrierten Tausende" names no party, and of such sentences the weights have seen but few. Whose people they are `crowds`
tells; where nobody is told against whom they are, they mostly demonstrate about something else: of 21 such sentences in unlabelled articles that name
Russia or the Ukraine 14. What governments protest against is no demonstration (codebook: ACCUSE), and what is shown is none either ("demonstrierte Einigkeit").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from extractors.actors import Mention
from extractors.events.beside import after_preposition, lead_of
from extractors.events.reading import Reading
from extractors.events.settling.by_row import SURE, told_by
from extractors.events.settling.crowds import CROWD, DEMONSTRATORS, EMBASSY, RALLY, whose_people
from extractors.events.weighing.features import View
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Sentence, Token
from extractors.ontology import EventType

_PREFIX = "crowd:"
_ORIGINS = ("whose people they are", "against whom")
_ANY = "demo protest streik kundgebung mahnwache straße strasse botschaft konsulat blockier koran flagge fahne".split()
"""one of these stands, in small or capital letters, wherever any row finds something: of most sentences none need be tried"""
_PROFESSIONS = re.compile(r"landwirte|spediteure|\w*(?:bauern|fahrer|arbeiter|aktivist(?:en|innen))", re.IGNORECASE)
_TAKES_PLACE = frozenset(
    "stattfinden geben kommen versammeln teilnehmen beteiligen ziehen planen abhalten veranstalten ansetzen beginnen andauern anhalten wachsen".split()
)
_STARVES = frozenset({"treten", "eintreten", "sein", "befinden", "gehen", "beginnen", "protestieren", "fortsetzen"})
_ROAD = re.compile(r"(?:\w*grenze|\w*grenzüberg[aä]ng\w*|\w*straßen?|\w*gleise|\w*häfen|\w*hafen)", re.IGNORECASE)
_CALLS = frozenset({"aufrufen", "rufen", "einladen", "mobilisieren"})
_SHOUTS = frozenset({"fordern", "verlangen", "skandieren", "werfen", "bewerfen", "stürmen", "ziehen"})
_BURNS = frozenset({"verbrennen", "anzünden", "zertreten", "zerreißen"})
_A_SIGN = re.compile(r"koran(?:s|e)?|[\w-]*(?:flagge|fahne)n?|[\w-]*puppen?", re.IGNORECASE)
_FORCES = re.compile(r"(?i)soldat|truppe|kämpfer|armee")
"""who burns what is another's in war"""
_NUMBERED = frozenset({"CARD", "PIS"})
_LINE_ENDS = frozenset(".!?…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` gives the word for what people do in a clause, None where they do not; `test` is a sentence of which the row says so."""

    name: str
    holds: Callable[[Reading, Sentence, Clause], Token | None]
    test: str


def demonstrations(read: Reading, seen: Sequence[View], told: Sequence[Proposal]) -> Iterator[tuple[Proposal, float]]:
    """What the rows find in sentences of which no protest is told, with how sure they are."""
    known = {p.seen.sentence.index for p in told if p.type is EventType.PROTEST}
    for view in seen:
        words = read.document.text[view.sentence.start : view.sentence.end].lower()
        if view.sentence.index in known or not any(word in words for word in _ANY):
            continue
        if (found := _found(read, view)) is not None:
            yield found, SURE


def people_block(p: Proposal) -> bool:
    """Whether people block a road, and no state does: "polnische Bauern blockieren die Grenze"."""
    clauses = p.seen.sentence.clauses
    return p.type is EventType.COERCE and any(_block(p.seen.sentence, clause) is not None for clause in clauses)


def _found(read: Reading, view: View) -> Proposal | None:
    sentence = view.sentence
    for clause in sentence.clauses:
        for row in ROWS:
            if (word := row.holds(read, sentence, clause)) is None:
                continue
            who, whom = whose_people(read, sentence)
            home = [code.split("-")[0] for code in who]
            whom = whom or tuple(m.code for m in _upon(read, sentence, clause, word) if m.code not in home)
            if not who or not whom:
                return None
            rule = f"{_PREFIX}{row.name}"
            return told_by(rule, EventType.PROTEST, view, clause, word, (who, whom), _ORIGINS)
    return None


def _upon(read: Reading, sentence: Sentence, clause: Clause, word: Token) -> tuple[Mention, ...]:
    """Whose border or port people block ("die ukrainische Grenze", "die Grenze zur Ukraine"), and whom demonstrators shout at."""
    found = read.in_role(sentence, clause.object) if word.i == clause.head else ()
    blocked = _block(sentence, clause) is not None
    return found or (after_preposition(read, sentence, clause.tokens, "zu") if blocked else ())


def _march(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    """ "In Tiflis demonstrierten Tausende", "in Riga wurde gestreikt"; who has an object shows something."""
    shows = clause.object is not None and clause.predicate == "demonstrieren"
    if clause.predicate not in ("demonstrieren", "protestieren", "streiken") or shows or clause.negated:
        return None
    impersonal = clause.voice == "passive" and clause.subject is None
    return sentence.tokens[clause.head] if impersonal or _is_crowd(read, sentence, clause) else None


def _take_to_the_streets(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    words = [sentence.tokens[i] for i in clause.tokens]
    street = next((t for t in words if t.text in ("Straße", "Straßen", "Strasse", "Strassen")), None)
    goes = clause.predicate in ("gehen", "ziehen", "strömen", "treiben")
    if street is None or not goes or not any(t.text == "auf" and 0 < street.i - t.i < 3 for t in words):
        return None
    return sentence.tokens[clause.head] if _is_crowd(read, sentence, clause) else None


def _rally(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    """ "In Riga gab es eine Kundgebung", and in a line without a verb "Demo vor iranischer Botschaft"."""
    noun = next((t for t in _of(sentence, clause) if t.pos == "NOUN" and RALLY.fullmatch(t.text)), None)
    if noun is None or clause.negated:
        return None
    if clause.finite and clause.predicate in _TAKES_PLACE and clause.kind in ("main", "relative"):
        return noun
    return noun if _has_no_verb(sentence) and _stands_first(sentence, noun) else None


def _starve(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    noun = next((t for t in _of(sentence, clause) if t.text.lower().startswith("hungerstreik")), None)
    if noun is None or clause.negated:
        return None
    return noun if clause.predicate in _STARVES or _has_no_verb(sentence) else None


def _before_an_embassy(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    gathers = clause.predicate in ("versammeln", "ziehen", "marschieren", "stehen")
    embassy = any(EMBASSY.search(sentence.tokens[i].text) for i in clause.tokens)
    return sentence.tokens[clause.head] if gathers and embassy and _is_crowd(read, sentence, clause) else None


def _block_a_road(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    return _block(sentence, clause)


def _block(sentence: Sentence, clause: Clause) -> Token | None:
    heads = clause.subject.heads if clause.subject is not None else ()
    people = any(_PROFESSIONS.fullmatch(sentence.tokens[head].text) for head in heads)
    road = any(_ROAD.fullmatch(sentence.tokens[i].text) for i in clause.tokens)
    return sentence.tokens[clause.head] if clause.predicate == "blockieren" and people and road else None


def _called_to(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    """ "Die Opposition rief zu Protesten auf"."""
    if clause.predicate not in _CALLS or clause.negated:
        return None
    rallies = (t for t in _of(sentence, clause) if t.pos == "NOUN" and RALLY.fullmatch(t.text))
    return next((t for t in rallies if (lead := lead_of(sentence, t.i)) and lead.text in ("zu", "zur", "zum")), None)


def _shout(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    """ "In Eriwan forderten Demonstranten den Rücktritt von Paschinjan"."""
    heads = clause.subject.heads if clause.subject is not None else ()
    people = any(DEMONSTRATORS.fullmatch(sentence.tokens[head].text) for head in heads)
    return sentence.tokens[clause.head] if clause.predicate in _SHOUTS and people and not clause.negated else None


def _burn(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    """ "Vor der türkischen Botschaft wurde ein Koran verbrannt"."""
    role = clause.subject if clause.voice == "passive" else clause.object
    signs = role is not None and any(_A_SIGN.fullmatch(sentence.tokens[head].text) for head in role.heads)
    forces = any(_FORCES.search(token.text) for token in _of(sentence, clause))
    burns = clause.predicate in _BURNS and not clause.negated
    return sentence.tokens[clause.head] if burns and signs and not forces else None


def _in_protest(read: Reading, sentence: Sentence, clause: Clause) -> Token | None:
    """ "Hafenarbeiter legten aus Protest gegen russische Tanker die Arbeit nieder"."""
    words = list(_of(sentence, clause))
    noun = next(
        (t for t in words if t.text == "Protest" and t.i and sentence.tokens[t.i - 1].text.lower() == "aus"), None
    )
    people = clause.predicate not in ("streiken", "blockieren") and _is_crowd(read, sentence, clause)
    return noun if noun is not None and people and clause.finite else None


def _of(sentence: Sentence, clause: Clause) -> Iterator[Token]:
    return (sentence.tokens[i] for i in clause.tokens)


def _is_crowd(read: Reading, sentence: Sentence, clause: Clause) -> bool:
    """Whether the subject is people: a word for them, their number, or whose people they are ("Russen"). Behind a day the parser may
    miss it ("am Sonntag Zehntausende")."""
    if clause.subject is None:
        nouns = [t for t in _of(sentence, clause) if CROWD.fullmatch(t.text)]
        return any(not t.i or not sentence.tokens[t.i - 1].tag.startswith("APP") for t in nouns)
    subject = sentence.at(clause.subject.start, clause.subject.end)
    if any(CROWD.fullmatch(t.text) or (t.tag in _NUMBERED and t.i in clause.subject.heads) for t in subject):
        return True
    return any(m.kind == "inhabitant" for t in subject for m in read.at_token(sentence, t.i))


def _has_no_verb(sentence: Sentence) -> bool:
    """Whether a line is a headline without a verb."""
    finite = any(t.tag.endswith(("FIN", "PP")) for t in sentence.tokens)
    return not finite and sentence.tokens[-1].text not in _LINE_ENDS


def _stands_first(sentence: Sentence, noun: Token) -> bool:
    """Whether nothing but attributes and a place stand before a noun."""
    return all(t.pos in ("ADJ", "DET", "NUM", "PROPN", "ADV") or t.text in ":+-–•" for t in sentence.tokens[: noun.i])


ROWS = (
    Row(name="people march", holds=_march, test="In Oslo demonstrierten am Montag Tausende gegen Belarus."),
    Row(
        name="people take to the streets",
        holds=_take_to_the_streets,
        test="Tausende gingen in Oslo gegen Belarus auf die Straße.",
    ),
    Row(name="a rally is held", holds=_rally, test="In Oslo gab es am Montag eine Kundgebung gegen Belarus."),
    Row(name="somebody starves", holds=_starve, test="In Minsk trat ein Oppositioneller in den Hungerstreik."),
    Row(
        name="before an embassy",
        holds=_before_an_embassy,
        test="In Oslo versammelten sich Hunderte vor der belarussischen Botschaft.",
    ),
    Row(
        name="people block a road",
        holds=_block_a_road,
        test="Polnische Bauern blockierten am Montag die Grenze zur Ukraine.",
    ),
    Row(
        name="people are called out",
        holds=_called_to,
        test="In Oslo rief ein Verein für Samstag zu einer Kundgebung gegen Belarus auf.",
    ),
    Row(
        name="demonstrators shout",
        holds=_shout,
        test="Vor der belarussischen Botschaft in Oslo forderten Demonstranten Neuwahlen.",
    ),
    Row(
        name="something is burnt",
        holds=_burn,
        test="In Oslo verbrannte ein Mann vor der türkischen Botschaft einen Koran.",
    ),
    Row(
        name="in protest",
        holds=_in_protest,
        test="In Oslo legten Hafenarbeiter aus Protest gegen Belarus die Arbeit nieder.",
    ),
)
