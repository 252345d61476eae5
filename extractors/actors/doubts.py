"""What names no actor after all: a capital as a town, a namesake, a side of the compass, a word of a longer name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

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
    "einfluss angriffe erwartungen erkenntnisse".split()
)
_PLACE_NOUNS = frozenset(
    "stadt hauptstadt großstadt metropole raum großraum region gebiet oblast bezirk vorort vororte vororten stadtteil "
    "zentrum innenstadt straßen himmel norden süden osten westen umgebung umland stadtrand flughafen bahnhof einnahme "
    "eroberung belagerung provinz kilometer straße straßen einwohner bewohner altstadt nordosten südosten westen rand "
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


def _of_the_state(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "Die Kiewer Führung", "nach Moskauer Angaben": what is of a capital and speaks for the state, not "der Kiewer Bürgermeister"."""
    if hit.noun is not None:
        return hit.noun.kind == "body" and hit.noun.word.lower().endswith(_GOVERNS)
    after = tokens[hit.last + 1].text.lower() if hit.last + 1 < len(tokens) else ""
    return after in _TOLD_BY


def is_actor(sentence: Sentence, hit: Hit, units: Sequence[Hit]) -> bool:
    """Whether what was found names an actor in its sentence; `units`: all that was found there."""
    tokens = sentence.tokens
    if hit.origin == "city":
        return _of_the_state(tokens, hit)
    if _is_sent_by_somebody(hit) or _is_excepted(tokens, hit) or _is_told_by_names(tokens, hit, units):
        return False
    if _of_the_same_family(sentence, hit):
        return False
    # "Zuvor hatte Außenminister Sergej Lawrow Kiew gedroht": a name that ends with what we know is told to its end.
    behind_person = any(other.last == hit.first - 1 and other.kind == "person" for other in units)
    alone = hit.kind in ("name", "metonym", "inhabitant") and hit.first == hit.last
    if alone and not behind_person and _part_of_person(sentence, hit):
        return False
    if hit.capital:
        return (behind_person or not _first_name_before(tokens, hit)) and _capital_acts(sentence, hit)
    text = tokens[hit.first].text
    if text in _PARTY_WORDS and hit.last + 1 < len(tokens):
        # "Grüne Woche", "Union Berlin", "Linke Gruppen": a word of a longer name, or an adjective.
        after = tokens[hit.last + 1]
        return not (after.tag in ("NN", "NE") and after.text[:1].isupper())
    if text in ("Westen", "Westens"):
        return _is_the_west(tokens, hit)
    if hit.codes == ("WEST",) and hit.kind == "adjective" and hit.noun is None:
        return _political_west(tokens, hit)
    if text == "Wagner":
        return not _first_name_before(tokens, hit)
    return True


_MEMBERS = re.compile(r"-(?:mitglied\w*|staat(?:en)?|länder[ns]?|land)$", re.IGNORECASE)


def _is_told_by_names(tokens: Sequence[Token], hit: Hit, units: Sequence[Hit]) -> bool:
    """ "Die NATO-Staaten Polen und Litauen", "das EU-Land Ungarn": which of them the names say that follow."""
    if _MEMBERS.search(tokens[hit.last].text) is None:
        return False
    return any(other.first == hit.last + 1 and other.kind == "name" for other in units)


def _is_excepted(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "Außer Ungarn", "bis auf Ungarn", "mit Ausnahme von Ungarn": who takes no part in what the others do."""
    k = hit.first - 1
    while k >= 0 and tokens[k].tag in ("ART", "ADJA"):
        k -= 1
    if k < 0:
        return False
    word, before = tokens[k].text.lower(), tokens[k - 1].text.lower() if k else ""
    return word in ("außer", "ausgenommen", "ausnahme") or (before, word) in (("bis", "auf"), ("ausnahme", "von"))


def _is_sent_by_somebody(hit: Hit) -> bool:
    """ "UN-Botschafter Muster": a state's ambassador there, and nobody says which state's; but "die NATO-Botschafter" are NATO. Who
    speaks for the UN abroad is called otherwise ("Sonderbotschafter")."""
    sent = hit.office.partition("-")[2].startswith("Botschafter")
    return sent and hit.kind == "person" and hit.codes in (("UN",), ("NATO",), ("OSCE",))


def _part_of_person(sentence: Sentence, hit: Hit) -> bool:
    """ "George Washington", "Paris Hilton": inside a longer name of a person."""
    start, end = sentence.tokens[hit.first].start, sentence.tokens[hit.last].end
    return any(
        entity.label == "PER"
        and entity.start <= start
        and end <= entity.end
        and entity.end - entity.start > end - start + 2
        for entity in sentence.entities
    )


def _of_the_same_family(sentence: Sentence, hit: Hit) -> bool:
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


def _is_the_west(tokens: Sequence[Token], hit: Hit) -> bool:
    """The political West, not the west of a country."""
    before = tokens[hit.first - 1].text.lower() if hit.first else ""
    after = tokens[hit.last + 1].text if hit.last + 1 < len(tokens) else ""
    if before in ("im", "mittleren", "fernen", "wilden", "tiefen") or after in ("Russlands", "Deutschlands", "Europas"):
        return False
    return not (after in ("des", "von") or (after == "der" and before != "vom" and _geographic(tokens, hit.last + 2)))


def _political_west(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "westliche Waffen", not "die westliche Ukraine" or "die westliche Stadt"."""
    after = tokens[hit.last + 1] if hit.last + 1 < len(tokens) else None
    return (
        after is not None
        and after.tag != "NE"
        and after.text.lower() not in LANDS
        and (after.text[:1].isupper() or after.tag == "ADJA")
    )


def _geographic(tokens: Sequence[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].text in (
        "Ukraine",
        "Türkei",
        "Schweiz",
        "Stadt",
        "Insel",
        "Krim",
        "Region",
        "Slowakei",
    )


def _first_name_before(tokens: Sequence[Token], hit: Hit) -> bool:
    before = tokens[hit.first - 1] if hit.first else None
    return before is not None and before.tag == "NE" and before.text[:1].isupper() and single(before.text) is None


def _capital_acts(sentence: Sentence, hit: Hit) -> bool:
    """Whether a capital stands for its government here, or is just a place."""
    tokens = sentence.tokens
    before = tokens[hit.first - 1].text.lower() if hit.first else ""
    earlier = tokens[hit.first - 2].text.lower() if hit.first > 1 else ""
    after = tokens[hit.last + 1].text if hit.last + 1 < len(tokens) else ""
    if hit.first == 0 and after in ("(", "/", "–", "-", ":", "|"):
        return after == ":" and len(tokens) > _A_HEADING
    if before in _PLACE_NOUNS or before in _CLUBS or _named_after(tokens, hit) or _signs(tokens, hit):
        return False
    if before in ("aus", "auf"):
        return earlier in _FROM_ACTOR or (before == "aus" and _says(sentence, hit))
    if before == "von":
        return (
            earlier not in _PLACE_NOUNS
            and earlier not in _LOCATIVE
            and after.lower() not in ("nach", "bis", "aus", "entfernt")
        )
    if before in _LOCATIVE or before in ("raum", "stadt"):
        return False
    if before in ("und", "oder", ",", "sowie"):
        return _coordinated_acts(sentence, hit)
    return not is_visited(sentence, hit.first)


def _named_after(tokens: Sequence[Token], hit: Hit) -> bool:
    """Whether the noun before a capital bears its name; "die Polizei Berlins" is somebody's."""
    before = tokens[hit.first - 1] if hit.first else None
    return (
        before is not None
        and before.text[:1].isupper()
        and tokens[hit.last].text == hit.name
        and _NAMED_AFTER.search(before.text.lower()) is not None
    )


def _signs(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "Von Ines Muster, Paris": where somebody writes from."""
    return tokens[0].text == "Von" and len(tokens) <= _A_BYLINE and tokens[hit.first - 1].text == ","


def _says(sentence: Sentence, hit: Hit) -> bool:
    """ "Aus Moskau hieß es", "kamen aus Kiew Signale": communication, not travel."""
    clause = sentence.clause_of(hit.first)
    return clause is not None and clause.predicate in ("heißen", "verlauten", "sagen", "erklären", "mitteilen")


def _coordinated_acts(sentence: Sentence, hit: Hit) -> bool:
    """ "in Kiew und Lwiw" both are places, "zwischen Moskau und Kiew" both are actors."""
    tokens = sentence.tokens
    for k in range(hit.first - 1, max(hit.first - 9, -1), -1):
        text = tokens[k].text.lower()
        if text in ("zwischen", "mit", "gegen", "für", "gegenüber"):
            return True
        if text == "aus" and k and _comes(tokens[k - 1].text):
            return True
        if text in _LOCATIVE or text in _PLACE_NOUNS:
            return tokens[k].tag not in ("APPR", "APPRART") and text not in _PLACE_NOUNS
        if tokens[k].tag not in ("NE", "KON", "$,", "ART") and text not in ("und", ",", "sowie", "oder"):
            return True
    return True


def _comes(word: str) -> bool:
    """ "Unterhändler aus Kiew und Moskau": whoever holds an office comes from a government."""
    head = noun(word)
    return head is not None and head.kind in ("office", "body") and not head.suffix
