"""Of what our table has as places, what names none in its sentence: an actor, a person, how far something reaches."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extractors.language import Sentence
from extractors.language.visiting import is_visited
from extractors.places.finding import DISTANT, LOCATIVE, NEEDS_AT, SETTLEMENTS, PlaceMention, distance
from extractors.places.gazetteer import capitals

_STRIKES = frozenset({"angreifen", "beschießen", "attackieren", "bombardieren", "überziehen"})
_WEAPONS = re.compile(r"(?:[Dd]rohne|[Rr]akete|[Bb]ombe|[Mm]arschflugkörper|[Aa]rtillerie)n?$")
# "die Regierung in Kiew" names an actor; "die Botschaft in Wien" is in Wien as well, and so are ministers who meet there.
_BODIES = re.compile(
    r"(?:regierung|führung|ministerium|präsidialamt|außenamt|machthaber|regime|staatsführung|zentrale)(?:s|n|en|in|es)?$"
)
_TITLES = re.compile(
    r"(?:präsident|kanzler|premier|minister|regierungschef|staatschef|bürgermeister|gouverneur|parlament|könig)"
    r"(?:s|n|en|in|es)?$"
)

_TOLD = frozenset(
    "Angaben Berichten Berichte Meldungen Informationen Erkenntnissen Darstellung Nachrichten Kreisen".split()
)
"""what is told from somewhere of what is elsewhere: "nach Angaben aus Kiew" """


def refusal(sentence: Sentence, mention: PlaceMention) -> str:
    """The row that says that something is no place in its sentence; "" where it is one."""
    kind = BORDER if mention.kind == "border" else CAPITAL if _is_capital_alone(mention) else OTHER
    return next((row.name for row in ROWS if kind in row.of and row.refuses(sentence, mention)), "")


def _is_capital_alone(mention: PlaceMention) -> bool:
    return mention.kind == "city" and not mention.preposition and mention.place.name in capitals()


def _in_order(sentence: Sentence, mention: PlaceMention) -> bool:
    before = [token.text.lower() for token in sentence.tokens[max(0, mention.first - 2) : mention.first]]
    return mention.kind == "country" and before in (["nach", "der"], ["nach", "dem"])


def _is_an_extent(sentence: Sentence, mention: PlaceMention) -> bool:
    before = [token.text.lower() for token in sentence.tokens[max(0, mention.first - 1) : mention.first]]
    behind = [token.text.lower() for token in sentence.tokens[mention.last + 1 : mention.last + 2]]
    return before == ["bis"] or (before == ["von"] and behind == ["bis"])


def _measures(sentence: Sentence, mention: PlaceMention) -> bool:
    """From there a distance is told."""
    tokens, last = sentence.tokens, mention.last + 1
    if last >= len(tokens) or not DISTANT.match(tokens[last].text):
        return False
    unit = distance(tokens, last)
    return unit is not None and unit < mention.first


def _is_nowhere(sentence: Sentence, mention: PlaceMention) -> bool:
    """Without a preposition that puts something there: of what is an actor as often as a place."""
    return mention.kind in NEEDS_AT and mention.preposition not in LOCATIVE


def _genitive(sentence: Sentence, mention: PlaceMention) -> bool:
    """The preposition is another noun's."""
    last = sentence.tokens[mention.last].text
    return mention.kind == "country" and last.endswith("s") and last[:-1] == mention.place.name.split()[-1]


def _without_preposition(sentence: Sentence, mention: PlaceMention) -> bool:
    return not mention.preposition


def _is_government(sentence: Sentence, mention: PlaceMention) -> bool:
    """Of a capital; not "die Hauptstadt Kiew", "der Beschuss Kiews", "besuchte Kiew", and not "die ukrainische Hauptstadt", which no
    government is called."""
    if sentence.tokens[mention.last].text == "Hauptstadt":
        return False
    before = sentence.tokens[mention.first - 1].text.lower() if mention.first else ""
    town = before in SETTLEMENTS or before in ("beschuss", "belagerung", "zentrum", "bombardierung", "einnahme")
    return not town and not is_visited(sentence, mention.first) and not _is_struck(sentence, mention.first)


def _is_struck(sentence: Sentence, i: int) -> bool:
    """ "Russland griff Kiew mit Drohnen an", "Kiew wurde mit Raketen beschossen": weapons fall on the town, and on no government."""
    clause = sentence.clause_of(i)
    if clause is None or clause.predicate not in _STRIKES:
        return False
    if not any(_WEAPONS.search(sentence.tokens[k].text) for k in clause.tokens):
        return False
    is_subject = clause.subject is not None and i in clause.subject.heads
    return is_subject == (clause.voice == "passive")


def _is_word(sentence: Sentence, mention: PlaceMention) -> bool:
    """An article before a city's name makes it a common noun."""
    tokens = sentence.tokens
    if mention.kind != "city" or mention.first != mention.last or mention.first == 0:
        return False
    before = tokens[mention.first - 1]
    return before.tag == "ART" and before.text.lower() in ("den", "die", "der") and tokens[mention.first].tag == "NN"


def _names_actor(sentence: Sentence, mention: PlaceMention) -> bool:
    tokens, k = sentence.tokens, mention.first - 1
    while k >= 0 and tokens[k].tag in ("ART", "ADJA", "NE") and mention.first - k < 4:
        k -= 1
    if k < 1 or tokens[k].text.lower() not in ("in", "von"):
        return False
    owner = tokens[k - 1].text.lower()
    return bool(_BODIES.search(owner) or (tokens[k].text.lower() == "von" and _TITLES.search(owner)))


def _is_told_from(sentence: Sentence, mention: PlaceMention) -> bool:
    """From there somebody tells of what happened, perhaps elsewhere."""
    before = [token.text for token in sentence.tokens[max(0, mention.first - 2) : mention.first]]
    return len(before) > 1 and before[1] == "aus" and before[0] in _TOLD


def _inside_person(sentence: Sentence, mention: PlaceMention) -> bool:
    return any(
        entity.label == "PER" and entity.start <= mention.start and mention.end <= entity.end
        and entity.end - entity.start > mention.end - mention.start + 2
        for entity in sentence.entities
    )  # fmt: skip


BORDER, CAPITAL, OTHER = "border", "capital", "other"
"""what a row looks at: a border, a capital without a preposition, and whatever else is in the table"""
_EVERYTHING, _BORDERS, _CAPITALS, _OTHERS = (
    frozenset({BORDER, CAPITAL, OTHER}),
    frozenset({BORDER}),
    frozenset({CAPITAL}),
    frozenset({OTHER}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`refuses` says of a place in its sentence that it is none; `of` tells what the row looks at. `test` is a sentence whose last `word` this
    row refuses, and no other."""

    name: str
    of: frozenset[str]
    refuses: Callable[[Sentence, PlaceMention], bool]
    test: str
    word: str


ROWS = (
    Row(
        name="one after another",
        of=_EVERYTHING,
        refuses=_in_order,
        test="Nach der Ukraine zahlt auch Malta.",
        word="Ukraine",
    ),
    Row(
        name="how far something reaches",
        of=_EVERYTHING,
        refuses=_is_an_extent,
        test="Es regnet von Lissabon bis Riga.",
        word="Riga",
    ),
    Row(
        name="how far away something is",
        of=_EVERYTHING,
        refuses=_measures,
        test="Die 30 Kilometer von Odessa entfernte Stadt ist leer.",
        word="Odessa",
    ),
    Row(
        name="an actor, as nothing is put there",
        of=_EVERYTHING,
        refuses=_is_nowhere,
        test="Malta zahlt.",
        word="Malta",
    ),
    Row(
        name="whose something is",
        of=_EVERYTHING,
        refuses=_genitive,
        test="In Portugals Augen ist das falsch.",
        word="Portugals",
    ),
    Row(
        name="from where something is told",
        of=_EVERYTHING,
        refuses=_is_told_from,
        test="Nach Angaben aus Lissabon regnet es.",
        word="Lissabon",
    ),
    Row(
        name="a border at which nothing is put",
        of=_BORDERS,
        refuses=_without_preposition,
        test="Die Grenze bleibt zu.",
        word="Grenze",
    ),
    Row(
        name="a government, as nothing is put in its town",
        of=_CAPITALS,
        refuses=_is_government,
        test="Lissabon zahlt.",
        word="Lissabon",
    ),
    Row(
        name="a common noun",
        of=_OTHERS,
        refuses=_is_word,
        test="Das Dorf liegt in den Bergen.",
        word="Bergen",
    ),
    Row(
        name="in the name of who governs",
        of=_OTHERS,
        refuses=_names_actor,
        test="Das sagte die Regierung in Lissabon.",
        word="Lissabon",
    ),
    Row(
        name="in a person's name",
        of=_OTHERS,
        refuses=_inside_person,
        test="Am Abend sang Ingrid Bergen im Chor.",
        word="Bergen",
    ),
)
