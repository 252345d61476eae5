"""Where an announced meeting is held, as a sentence right behind tells: "wollen sich am Donnerstag treffen. Das Treffen soll in Genf
stattfinden".

What a sentence that tells the meeting says itself goes first; a town that the coder believed of another sentence may be where somebody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from extractors.actors import name_of
from extractors.events.meetings.heralding import SURE
from extractors.events.proposing.meeting_words import is_call, names_meeting
from extractors.events.reading import Reading
from extractors.events.telling import Coded
from extractors.language import Clause, Sentence
from extractors.language.clauses import PAST_TENSES
from extractors.model import Place
from extractors.places import named as place_of

_REACH = 2
"""sentences behind in which it may be told"""
_KNOWN = frozenset({"das", "die", "der", "dieses", "diese", "dieser", "ihr", "ihre"})
_HELD = frozenset(
    "stattfinden planen ansetzen anberaumen vorsehen führen abhalten beginnen einberufen austragen erfolgen steigen".split()
)
_SETS = frozenset({"planen", "ansetzen", "anberaumen", "vorsehen", "einberufen"})
_THERE = frozenset({"in", "im", "auf", "bei"})
_NOUNS = frozenset(
    {"Ort", "Tagungsort", "Treffpunkt", "Austragungsort", "Schauplatz", "Verhandlungsort", "Veranstaltungsort"}
)
_IS_TO_BE = frozenset(
    {"sein", "werden", "vorsehen", "planen", "wählen", "auswählen", "vereinbaren", "festlegen", "bestimmen"}
)
_SAYS_WHOSE = frozenset({"der", "des", "von", "zwischen", "mit"})
_UNKNOWN = re.compile(r"\b(?:unklar|offen|nicht|unbekannt|möglich\w*|könnten?|vielleicht|oder|ob)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`tells` of a clause that it says where the meeting is held that was told before; in `test` the second sentence does."""

    name: str
    tells: Callable[[Reading, Sentence, Clause], bool]
    test: str


def with_its_place(read: Reading, one: Coded) -> Coded:
    """A meeting in the one town that a sentence right behind tells for it, where its own sentence names none."""
    own = read.places[one.proposal.seen.sentence.index]
    if one.event.mode in ("visit", "phone") or any(found.place == one.event.place for found in own):
        return one
    place, row = next(_told(read, one), (None, ""))
    return one if place is None else replace(one, event=replace(one.event, place=place), placed=row)


def _told(read: Reading, one: Coded) -> Iterator[tuple[Place, str]]:
    at = one.proposal.seen.sentence.index
    for sentence in read.document.sentences[at + 1 : at + 1 + _REACH]:
        for clause in sentence.clauses:
            row = next((row for row in ROWS if row.tells(read, sentence, clause)), None)
            place = (
                _only_town(read, sentence, clause) if row is not None and _of_it(read, one, sentence, clause) else None
            )
            if place is not None and row is not None:
                yield place, row.name


def _of_it(read: Reading, one: Coded, sentence: Sentence, clause: Clause) -> bool:
    """Whether nobody else is named in a clause, and no other day."""
    named = {m.code for m in read.named(sentence, clause.start, clause.end) if m.score >= SURE and m.kind != "metonym"}
    days = [t.when for t in read.times[sentence.index] if t.when is not None and clause.start <= t.start < clause.end]
    when = one.event.when
    alike = when is None or all(day.first <= when.last and when.first <= day.last for day in days)
    return alike and named <= one.event.parties


def _only_town(read: Reading, sentence: Sentence, clause: Clause) -> Place | None:
    """The one town of a clause; a capital that stands without a preposition is taken for its state else ("Ort ist Riga")."""
    there = [f.place for f in read.places[sentence.index] if clause.start <= f.start < clause.end]
    capitals = [m for m in read.named(sentence, clause.start, clause.end) if m.kind == "metonym"]
    there += [place for m in capitals if (place := place_of(read.document.text[m.start : m.end])) is not None]
    towns = {place.name: place for place in there if place.country and name_of(place.country) != place.name}
    return next(iter(towns.values())) if len(towns) == 1 else None


def _is_held_there(read: Reading, sentence: Sentence, clause: Clause) -> bool:
    """ "Das Treffen soll in Genf stattfinden", "die Gespräche sind in Genf geplant"."""
    if clause.predicate not in _HELD or not _is_to_come(read, clause) or clause.subject is None:
        return False
    return any(_is_the_meeting(sentence, head) for head in clause.subject.heads) and any(
        found.preposition in _THERE for found in read.places[sentence.index] if clause.start <= found.start < clause.end
    )


def _is_the_meeting(sentence: Sentence, head: int) -> bool:
    """Whether a word is "das Treffen" of which was told, and does not say whose it is."""
    tokens = sentence.tokens
    before = next((t for t in reversed(tokens[:head]) if t.tag != "ADJA"), None)
    after = tokens[head + 1].text if head + 1 < len(tokens) else ""
    known = before is not None and before.text.lower() in _KNOWN and after not in _SAYS_WHOSE
    return known and names_meeting(tokens[head]) and not is_call(tokens[head])


def _is_named_as_its_town(read: Reading, sentence: Sentence, clause: Clause) -> bool:
    """ "Ort des Treffens ist Genf", "als Treffpunkt wurde Genf vereinbart"."""
    if (
        clause.predicate.rpartition(" ")[2] not in _IS_TO_BE
        or clause.negated
        or _UNKNOWN.search(read.document.text, clause.start, clause.end)
    ):
        return False
    return any(sentence.tokens[k].text in _NOUNS for k in clause.tokens)


def _is_to_come(read: Reading, clause: Clause) -> bool:
    if clause.negated or clause.kind == "conditional" or _UNKNOWN.search(read.document.text, clause.start, clause.end):
        return False
    # "Ist in Genf geplant": the parse takes it for a perfect tense.
    ahead = clause.modal in ("sollen", "wollen") or clause.tense not in PAST_TENSES or clause.predicate in _SETS
    return ahead and (clause.mood != "konjunktiv2" or clause.modal == "sollen")


ROWS = (
    Row(
        name="it is held there",
        tells=_is_held_there,
        test="Die Außenminister Finnlands und Polens wollen am Freitag beraten. Das Treffen soll in Riga stattfinden.",
    ),
    Row(
        name="named as its town",
        tells=_is_named_as_its_town,
        test="Die Außenminister Finnlands und Polens wollen am Freitag beraten. Ort des Treffens ist Riga.",
    ),
)
