"""What names no actor after all: a capital as a town, a namesake, a side of the compass, a word of a longer name.

Each row looks at one name that was found in a sentence, and says that it is no actor there. The first that does tells why
(`depesche explain --dropped`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from extractors.actors.bodies import OF_THE_EU
from extractors.actors.hits import LEARNED, Hit
from extractors.actors.lexicon import noun, single
from extractors.language import Sentence, Token
from extractors.language.visiting import is_visited

_LOCATIVE = frozenset(
    "in bei nahe nach über vor hinter unter nördlich südlich östlich westlich nordöstlich nordwestlich südöstlich "
    "südwestlich ab bis unweit auf um aus richtung ins innerhalb außerhalb im beim inmitten".split()
)
# "Kritik aus Moskau", "Druck auf Kiew": the capital speaks or is spoken to.
_FROM_ACTOR = frozenset(
    "kritik signal signale druck stimmen forderung forderungen reaktion reaktionen drohung drohungen unterstützung "
    "widerspruch zusage zusagen hilfe worte töne vorwürfe befehl aussagen angaben ankündigung nachricht nachrichten "
    "antwort vorschlag vorschläge protest proteste bedenken geld waffen zustimmung ablehnung absage warnung warnungen "
    "behauptungen informationen propaganda dementi diplomaten vertreter bitte bitten appell appelle hinweise "
    "einfluss angriffe erwartungen erkenntnisse ultimatum nein ja veto lob dank spott hohn jubel empörung rüge schelte mahnung vorwurf "
    "beschwerde einladung angebot friedensplan vorstoß rückendeckung rückhalt schützenhilfe skepsis zweifel einwände gegenwind zugeständnis "
    "zugeständnisse entwarnung kampfansage glückwünsche".split()
)
_PLACE_NOUNS = frozenset(
    "stadt hauptstadt großstadt metropole raum großraum region gebiet oblast bezirk vorort vororte vororten stadtteil "
    "zentrum innenstadt straßen himmel norden süden osten westen umgebung umland stadtrand flughafen bahnhof einnahme "
    "eroberung belagerung provinz kilometer straße einwohner bewohner altstadt nordosten südosten rand "
    "nähe beschuss bombardierung angriff angriffe straßenbild universität stunde stunden autostunde autostunden minuten km".split()
)
_NAMED_AFTER = re.compile(
    r"(?:stadt|\bland|\blandes|bundesstaat|bundesstaates|polizei|anwaltschaft|gerichts?|kriminalamt(?:es|s)?|polizeidirektion|studios?"
    r"|universität|\buni|\btu|\bfu|college|kammer|theater|schauspielhaus|bühnen|gemeinde|\bort|(?:geburts|wohn|ursprungs|spiel|stand)orts?"
    r"|region|ostteil|westteil"
    r"|flughafens?|airport|s-bahn|flüchtlingsrat|diözese)$"
)
"""what carries the name of the town that it is in: "Polizei Berlin", "Drei-Millionen-Stadt Kiew", "Studio Moskau" """
_A_BYLINE = 6
"""tokens that "Von Ines Muster, Paris" has at most"""
LANDS = frozenset(
    "grenze grenzen gebiet gebiete gebieten territorium boden hauptstadt stadt städte städten dorf ort region regionen "
    "oblast halbinsel küste grenzgebiet grenzregion grenzort hafen hafenstadt ostküste luftraum osten westen süden "
    "norden großstadt provinz teilrepublik enklave exklave insel kleinstadt metropole gewässer gewässern seite "
    "gebietes gebiets stadtteil atomkraftwerk akw".split()
)
"""of which an adjective tells where they are, and not whose: "die ukrainische Grenze" """
_CLUBS = frozenset({"union", "hertha", "rapid", "austria", "spartak", "dynamo", "dinamo", "zska", "fc", "ska", "lokomotive",
                    "sparta", "legia", "steaua", "roter", "real", "atlético", "inter", "as", "lazio", "slavia"})  # fmt: skip
_A_HEADING = 3
"""tokens that "Moskau: Wetter" has, where a town says nothing"""
_PARTY_WORDS = frozenset({"Linke", "Linken", "Grüne", "Grünen", "Liberale", "Union"})
_OF_FATHERS = ("witsch", "wytsch", "vich", "wna", "vna", ".")
"""ends of patronymics, and of initials"""
_SAME_LETTERS = MappingProxyType(
    {"V": "W", "Y": "J", "E": "J", "I": "J", "A": "O", "K": "C", "Q": "C", "H": "G", "Z": "S", "É": "J"}
)
_HOUSES = re.compile(r"(?:[Hh]auptquartier|[Zz]entrale|[Hh]auptsitz)(?:e?s)?$")
_INSIDE = frozenset({"im", "am", "in", "der"})
_GOVERNS = (
    "regierung",
    "führung",
    "ministerium",
    "ministeriums",
    "außenamt",
    "außenamts",
    "kanzleramt",
    "präsidialamt",
    "kabinett",
)
"""bodies of a state that are called after its capital"""
_TOLD_BY = frozenset({"angaben", "darstellung", "lesart", "sicht", "zählung"})
_MEMBERS = re.compile(r"-(?:mitglied\w*|staat(?:en)?|länder[ns]?|land)$", re.IGNORECASE)
_EXCEPTS = frozenset({"außer", "ausgenommen", "ausnahme"})
_DIVIDES = frozenset("(/–-:|")
_COMES = frozenset({"kommen", "geben", "folgen"})
_SENT = frozenset({"diplomaten", "vertreter", "geld", "waffen", "angriffe"})
"""what comes out of a town as a train does"""
_WHENCE = frozenset({"aus", "auf"})
"""before a capital that may speak or be spoken to: "Kritik aus Moskau" """
_BESIDE = frozenset({"und", "oder", ",", "sowie"})
_FURTHER = frozenset({"nach", "bis", "aus", "entfernt"})
"""what stands behind "von Kiew" where the way from there is told"""
_BEFORE_A_SIDE = frozenset({"im", "mittleren", "fernen", "wilden", "tiefen"})
_BEHIND_A_SIDE = frozenset({"Russlands", "Deutschlands", "Europas", "des", "von"})
_THROUGH_EUROPE = re.compile(
    r"Europa-(?:(?:Rund)?[Rr]eise|[Tt]our|[Tt]ournee|[Tt]rip|[Bb]esuch|[Aa]ufenthalt)(?:e?n|e?s)?"
)
_HAS_SIDES = frozenset({"Ukraine", "Türkei", "Schweiz", "Stadt", "Insel", "Krim", "Region", "Slowakei"})
"""behind "der": of what a side of the compass is told"""

TOWN, CAPITAL, OTHER = "of a town", "capital", "other"
"""what a name is: "Moskauer", of a capital ("Moskau"), and whatever else names somebody"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`refuses` says of a name in its sentence, among all that were found there, that it is no actor; `of` tells which kinds of
    names the row looks at. `test` is a sentence whose `word` this row refuses, and no other."""

    name: str
    of: frozenset[str]
    refuses: Callable[[Sentence, Hit, Sequence[Hit]], bool]
    test: str
    word: str


def refused(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> str:
    """The row that says that what was found names no actor in its sentence; "" where it does. `units`: all that was found there."""
    kind = TOWN if hit.origin == "city" else CAPITAL if hit.capital else OTHER
    for row in ROWS:
        if kind in row.of and row.refuses(sentence, hit, units):
            return row.name
    return ""


def _word(tokens: Sequence[Token], k: int) -> str:
    """A word of a sentence, "" outside it."""
    return tokens[k].text if 0 <= k < len(tokens) else ""


def _of_no_government(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Der Kiewer Bürgermeister"; not "die Kiewer Führung", "nach Moskauer Angaben": those speak for the state."""
    if hit.noun is not None:
        return hit.noun.kind != "body" or not hit.noun.word.lower().endswith(_GOVERNS)
    return _word(sentence.tokens, hit.last + 1).lower() not in _TOLD_BY


def _nobody_vouches(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Weber war dort": a surname of people of our tables that is too common to say who, without an office beside it that does."""
    return hit.kind == "candidate"


def _is_sent_by_somebody(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "UN-Botschafter Muster": a state's ambassador there, and nobody says which state's; but "die NATO-Botschafter" are NATO. Who
    speaks for the UN abroad is called otherwise ("Sonderbotschafter")."""
    sent = hit.office.partition("-")[2].startswith("Botschafter")
    return sent and hit.kind == "person" and hit.codes in (("UN",), ("NATO",), ("OSCE",))


def _is_excepted(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Außer Ungarn", "bis auf Ungarn", "mit Ausnahme von Ungarn": who takes no part in what the others do."""
    tokens, k = sentence.tokens, hit.first - 1
    while k >= 0 and tokens[k].tag in ("ART", "ADJA"):
        k -= 1
    word, before = _word(tokens, k).lower(), _word(tokens, k - 1).lower()
    return word in _EXCEPTS or (before, word) in (("bis", "auf"), ("ausnahme", "von"))


def _is_told_by_names(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Die NATO-Staaten Polen und Litauen", "das EU-Land Ungarn": which of them the names say that follow."""
    if _MEMBERS.search(sentence.tokens[hit.last].text) is None:
        return False
    return any(other.first == hit.last + 1 and other.kind == "name" for other in units)


def _is_where_others_meet(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Scholz und Rutte sprachen im NATO-Hauptquartier": whose house it is takes no part by that, where two are named before it."""
    if _HOUSES.search(sentence.tokens[hit.last].text) is None or not hit.first:
        return False
    named = {code for one in units if one.last < hit.first for code in one.codes}
    return sentence.tokens[hit.first - 1].text.lower() in _INSIDE and len(named) > 1


def _of_the_same_family(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Melania Trump", "Sadiq Khan": a surname that we know behind first names of somebody else.

    A first letter decides: spellings differ ("Andriy", "Andrij"), and so do patronymics ("Wladimir Wladimirowitsch").
    """
    alone = hit.first == hit.last and hit.origin in ("surname", "former office", LEARNED)
    if hit.kind != "person" or not alone or not hit.first:
        return False
    if len(hit.person.split()) == 1:
        return False
    tokens, before = sentence.tokens, sentence.tokens[hit.first - 1]
    names = [
        token.text
        for entity in sentence.entities
        if entity.label == "PER" and entity.start <= before.start and tokens[hit.last].end <= entity.end
        for token in tokens[: hit.first]
        if entity.start <= token.start
    ]
    if not names or before.tag not in ("NE", "FM") or any(not name[:1].isalpha() or single(name) for name in names):
        return False
    return not any(name.endswith(_OF_FATHERS) or _letter(name) == _letter(hit.person) for name in names)


def _letter(name: str) -> str:
    """The first letter, one for those that stand for a sound of another script."""
    return _SAME_LETTERS.get(name[0], name[0])


def _ends_a_person(hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Zuvor hatte Außenminister Sergej Lawrow Kiew gedroht": a name that ends with what we know is told to its end."""
    return any(other.last == hit.first - 1 and other.kind == "person" for other in units)


def _part_of_person(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "George Washington", "Paris Hilton": inside a longer name of a person."""
    if hit.kind not in ("name", "metonym", "inhabitant") or hit.first != hit.last or _ends_a_person(hit, units):
        return False
    start, end = sentence.tokens[hit.first].start, sentence.tokens[hit.last].end
    return any(
        entity.label == "PER"
        and entity.start <= start
        and end <= entity.end
        and entity.end - entity.start > end - start + 2
        for entity in sentence.entities
    )


def _behind_a_name(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Das Hilton Wien": the end of what somebody or something else is called."""
    return _name_before(sentence.tokens, hit) and not _ends_a_person(hit, units)


def _name_before(tokens: Sequence[Token], hit: Hit) -> bool:
    before = tokens[hit.first - 1] if hit.first else None
    return before is not None and before.tag == "NE" and before.text[:1].isupper() and single(before.text) is None


def _is_a_dateline(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Moskau: Wetter", "Moskau – Der Sprecher"; not "Moskau: Wir liefern nicht", which it says. Before a sentence the reader of German
    takes it off ("Moskau (dpa) – …")."""
    if hit.first or _word(sentence.tokens, hit.last + 1) not in _DIVIDES:
        return False
    return not _speaks(sentence.tokens, hit)


def _speaks(tokens: Sequence[Token], hit: Hit) -> bool:
    return hit.first == 0 and _word(tokens, hit.last + 1) == ":" and len(tokens) > _A_HEADING


def _of_a_place(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Die Stadt Kiew", "40 Kilometer vor": what stands before it says that a place is meant."""
    return _word(sentence.tokens, hit.first - 1).lower() in _PLACE_NOUNS


def _of_a_club(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    return _word(sentence.tokens, hit.first - 1).lower() in _CLUBS


def _bears_its_name(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Die Polizei Berlin": what is called after its town; "die Polizei Berlins" is somebody's."""
    before = _word(sentence.tokens, hit.first - 1)
    bare = before[:1].isupper() and sentence.tokens[hit.last].text == hit.name
    return bare and _NAMED_AFTER.search(before.lower()) is not None


def _signs(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Von Ines Muster, Paris": where somebody writes from."""
    tokens = sentence.tokens
    return tokens[0].text == "Von" and len(tokens) <= _A_BYLINE and _word(tokens, hit.first - 1) == ","


def _out_of_or_upon(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Er floh aus Kiew", "der Marsch auf Kiew"; not "Kritik aus Moskau", "Druck auf Kiew", "aus Moskau hieß es"."""
    tokens = sentence.tokens
    before, earlier = _word(tokens, hit.first - 1).lower(), _word(tokens, hit.first - 2).lower()
    if before not in _WHENCE or earlier in _FROM_ACTOR:
        return False
    return before == "auf" or not _says(sentence, hit)


def _says(sentence: Sentence, hit: Hit) -> bool:
    """ "Aus Moskau hieß es", "Kritik kam aus Kiew": communication, not travel."""
    clause = sentence.clause_of(hit.first)
    if clause is None:
        return False
    if clause.predicate in _COMES:
        heads = [k for role in (clause.subject, clause.object) if role is not None for k in role.heads]
        return any(sentence.tokens[k].text.lower() in _FROM_ACTOR - _SENT for k in heads)
    return clause.predicate in ("heißen", "verlauten", "sagen", "erklären", "mitteilen")


def _away_from(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Nördlich von Kiew", "von Kiew nach Warschau"; not "von Kiew gefordert"."""
    tokens = sentence.tokens
    before, earlier = _word(tokens, hit.first - 1).lower(), _word(tokens, hit.first - 2).lower()
    if before != "von":
        return False
    return earlier in _PLACE_NOUNS or earlier in _LOCATIVE or _word(tokens, hit.last + 1).lower() in _FURTHER


def _in_town(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    before = _word(sentence.tokens, hit.first - 1).lower()
    return before in _LOCATIVE and before not in _WHENCE


def _one_of_several(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "in Kiew und Lwiw" both are places, "zwischen Moskau und Kiew" both are actors."""
    tokens = sentence.tokens
    if _word(tokens, hit.first - 1).lower() not in _BESIDE:
        return False
    for k in range(hit.first - 1, max(hit.first - 9, -1), -1):
        text = tokens[k].text.lower()
        if text in ("zwischen", "mit", "gegen", "für", "gegenüber"):
            return False
        if text == "aus" and k and _comes(tokens[k - 1].text):
            return False
        if text == "aus" and (_word(tokens, k - 1).lower() in _FROM_ACTOR or _says(sentence, hit)):
            # "Kritik kam auch aus Paris und Warschau": they all speak.
            return False
        if text in _LOCATIVE or text in _PLACE_NOUNS:
            return tokens[k].tag in ("APPR", "APPRART") or text in _PLACE_NOUNS
        if tokens[k].tag not in ("NE", "KON", "$,", "ART") and text not in _BESIDE:
            return False
    return False


def _comes(word: str) -> bool:
    """ "Unterhändler aus Kiew und Moskau": whoever holds an office comes from a government."""
    head = noun(word)
    return head is not None and head.kind in ("office", "body") and not head.suffix


def _is_gone_to(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Er besuchte Kiew"; what stands behind a preposition or another town is for the rows above to say."""
    before = _word(sentence.tokens, hit.first - 1).lower()
    if before in _WHENCE or before in _BESIDE or before == "von" or _speaks(sentence.tokens, hit):
        return False
    return is_visited(sentence, hit.first)


def _of_a_longer_name(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Grüne Woche", "Union Berlin", "Linke Gruppen": a word of a longer name, or an adjective."""
    tokens = sentence.tokens
    if tokens[hit.first].text not in _PARTY_WORDS or hit.last + 1 >= len(tokens):
        return False
    after = tokens[hit.last + 1]
    return after.tag in ("NN", "NE") and after.text[:1].isupper()


def _side_of_the_compass(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Im Westen des Landes", not the political West."""
    tokens = sentence.tokens
    if tokens[hit.first].text not in ("Westen", "Westens"):
        return False
    before, after = _word(tokens, hit.first - 1).lower(), _word(tokens, hit.last + 1)
    if before in _BEFORE_A_SIDE or after in _BEHIND_A_SIDE:
        return True
    return after == "der" and before != "vom" and _word(tokens, hit.last + 2) in _HAS_SIDES


def _western_part(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Die westliche Ukraine", "die westliche Stadt"; not "westliche Waffen"."""
    if hit.codes != ("WEST",) or hit.kind != "adjective" or hit.noun is not None:
        return False
    after = sentence.tokens[hit.last + 1] if hit.last + 1 < len(sentence.tokens) else None
    if after is None or after.tag == "NE" or after.text.lower() in LANDS:
        return True
    return not after.text[:1].isupper() and after.tag != "ADJA"


def _through_europe(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Auf seiner Europa-Reise besuchte er Polen": only where no state is told is the union the host."""
    if _THROUGH_EUROPE.fullmatch(sentence.tokens[hit.last].text) is None:
        return False
    return any(code.split("-")[0] in OF_THE_EU for unit in units for code in unit.codes)


def _called_wagner(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    return sentence.tokens[hit.first].text == "Wagner" and _name_before(sentence.tokens, hit)


_TOWNS, _CAPITALS, _OTHERS = frozenset({TOWN}), frozenset({CAPITAL}), frozenset({OTHER})
_BUT_TOWNS = _CAPITALS | _OTHERS

ROWS = (
    Row(
        name="of a town, not of its state",
        of=_TOWNS,
        refuses=_of_no_government,
        test="Die Moskauer Metro fährt wieder.",
        word="Moskauer",
    ),
    Row(
        name="a common surname alone",
        of=_OTHERS,
        refuses=_nobody_vouches,
        test="Am Abend sang Gabriel im Chor.",
        word="Gabriel",
    ),
    Row(
        name="sent there by a state",
        of=_BUT_TOWNS,
        refuses=_is_sent_by_somebody,
        test="Das sagte UN-Botschafter Ole Kranz.",
        word="UN-Botschafter",
    ),
    Row(
        name="excepted",
        of=_BUT_TOWNS,
        refuses=_is_excepted,
        test="Alle außer Portugal stimmten zu.",
        word="Portugal",
    ),
    Row(
        name="told by the names behind it",
        of=_BUT_TOWNS,
        refuses=_is_told_by_names,
        test="Die EU-Staaten Portugal und Malta stimmten zu.",
        word="EU-Staaten",
    ),
    Row(
        name="a house in which others meet",
        of=_BUT_TOWNS,
        refuses=_is_where_others_meet,
        test="Polen und Malta berieten im NATO-Hauptquartier.",
        word="NATO-Hauptquartier",
    ),
    Row(
        name="another of the family",
        of=_BUT_TOWNS,
        refuses=_of_the_same_family,
        test="Am Abend sang Gisela Scholz im Chor.",
        word="Scholz",
    ),
    Row(
        name="inside a person's name",
        of=_BUT_TOWNS,
        refuses=_part_of_person,
        test="Das Haus hat Ingrid Schweden gekauft.",
        word="Schweden",
    ),
    Row(
        name="the end of another name",
        of=_CAPITALS,
        refuses=_behind_a_name,
        test="Das Hilton Wien sucht Köche.",
        word="Wien",
    ),
    Row(
        name="a dateline",
        of=_CAPITALS,
        refuses=_is_a_dateline,
        test="Wien: Regen",
        word="Wien",
    ),
    Row(
        name="behind a word for a place",
        of=_CAPITALS,
        refuses=_of_a_place,
        test="Im Raum Wien regnet es.",
        word="Wien",
    ),
    Row(
        name="a club's town",
        of=_CAPITALS,
        refuses=_of_a_club,
        test="Der FC Wien gewann.",
        word="Wien",
    ),
    Row(
        name="in the name of what is there",
        of=_CAPITALS,
        refuses=_bears_its_name,
        test="Die Polizei Wien warnt.",
        word="Wien",
    ),
    Row(
        name="where a byline is from",
        of=_CAPITALS,
        refuses=_signs,
        test="Von Ines Muster, Paris",
        word="Paris",
    ),
    Row(
        name="out of a town or upon it",
        of=_CAPITALS,
        refuses=_out_of_or_upon,
        test="Der Zug aus Wien kam spät.",
        word="Wien",
    ),
    Row(
        name="away from a town",
        of=_CAPITALS,
        refuses=_away_from,
        test="Östlich von Wien regnet es.",
        word="Wien",
    ),
    Row(
        name="in a town",
        of=_CAPITALS,
        refuses=_in_town,
        test="Es regnet in Wien.",
        word="Wien",
    ),
    Row(
        name="one of several towns",
        of=_CAPITALS,
        refuses=_one_of_several,
        test="Es regnet in Wien und Prag.",
        word="Prag",
    ),
    Row(
        name="a town that is visited or taken",
        of=_CAPITALS,
        refuses=_is_gone_to,
        test="Der Bischof besuchte Wien.",
        word="Wien",
    ),
    Row(
        name="a party's word in a longer name",
        of=_OTHERS,
        refuses=_of_a_longer_name,
        test="Am Freitag beginnt die Grüne Woche.",
        word="Grüne",
    ),
    Row(
        name="a side of the compass",
        of=_OTHERS,
        refuses=_side_of_the_compass,
        test="Im Westen Deutschlands regnet es.",
        word="Westen",
    ),
    Row(
        name="the western part of something",
        of=_OTHERS,
        refuses=_western_part,
        test="Die westliche Insel ist leer.",
        word="westliche",
    ),
    Row(
        name="a journey through Europe to one of its states",
        of=_OTHERS,
        refuses=_through_europe,
        test="Auf seiner Europa-Reise hat Biden am Freitag Polen besucht.",
        word="Europa-Reise",
    ),
    Row(
        name="somebody called Wagner",
        of=_OTHERS,
        refuses=_called_wagner,
        test="Bei BMW Wagner brennt es.",
        word="Wagner",
    ),
)
