"""Words that point back: "der Minister", "sein Amtskollege", "das Bündnis", "das Land", "er". Refused when unclear.

Each word is of one kind by its form and by what stands before it; the first row of that kind that finds somebody says who is meant, and
its name is told with the event (`depesche explain`). Where he is found and is not meant, a row of `mistaken` says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extractors.actors import descriptions, houses, pronouns
from extractors.actors.descriptions import ARTICLES, LANDS, modified
from extractors.actors.hits import Hit
from extractors.actors.lexicon import noun
from extractors.actors.mistaken import SENTENCES, Pointed, mistaken
from extractors.actors.pairs import PAIRS, both, counted, pair
from extractors.actors.phrases import EMBASSIES
from extractors.actors.spoken import Memory, Word
from extractors.language import Document, Token
from extractors.language.marks import stretches, within

LEAST = 0.6
"""A pointer whose best reading scores less is refused."""
_OF_NEWS = frozenset({"laut", "vom"})
"""what stands before a body that says something, without an article: "laut Verteidigungsministerium", "vom Generalstab" """
_POSSESSIVES = ("sein", "ihr")
_COUNTRY = frozenset(
    {"land", "landes", "staat", "staates", "regierung", "armee", "volk", "präsident", "hauptstadt", "heimat", "büro"}
)
_NEIGHBOUR = "nachbarland"
_ALLIANCE = frozenset({"bündnis", "bündnisses", "allianz", "militärallianz"})
_ALLIES = frozenset(
    {"verbündete", "verbündeten", "alliierte", "alliierten", "bündnispartner", "bündnispartnern", "bündnisstaaten"}
)
_REBELS = frozenset({"rebellen", "aufständische", "aufständischen", "aufständischer"})
_COUNCIL = frozenset({"sicherheitsrat", "sicherheitsrats", "sicherheitsrates"})
_FORCES = frozenset(
    "soldat soldaten truppen geheimdienst geheimdienste heer luftwaffe marine nationalgarde küstenwache notenbank kriegskabinett "
    "präsidialverwaltung justizministerium energieministerium wirtschaftsministerium".split()
)
"""bodies that several states have, so that only one that was named with its state is meant"""
_MEMBERS = frozenset(
    "mitgliedstaaten mitgliedsstaaten mitgliedsländer mitgliedsländern mitgliederstaaten mitgliedern".split()
)
_BODY = frozenset(
    "regierung armee außenministerium verteidigungsministerium parlament präsidialamt militär generalstab führung "
    "ministerium streitkräfte innenministerium finanzministerium".split()
)
_WORDS = (
    PAIRS
    | _MEMBERS
    | _ALLIANCE
    | _ALLIES
    | _REBELS
    | _COUNTRY
    | _BODY
    | _FORCES
    | EMBASSIES
    | houses.WORDS
    | {"sicherheitsrat", "sicherheitsrates"}
)
"""nouns that may point, besides offices"""
_OF_A_KIND = re.compile(
    r"(?:christ|sozial)demokratischen?|christ(?:lich)?-?sozialen?|(?:rechts|links|national|islamisch-|religiös-|liberal)?konservativen?"
    r"|(?:rechts|links)?liberalen?|(?:rechts|links)?(?:populistischen?|nationalen?|extremen?)|rechten?|linken?|grünen?|parteilosen?"
    r"|sozialistischen?|republikanischen?|\d\d-jährigen?"
)
"""of a party, or of an age"""
_POINTING = frozenset({"PPER", "PIS", "PDS", "PRELS", "PPOSAT"})
ANY = "any"
"""of rows that look at each word, whatever its kind is"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`finds` whom a word of kind `of` means, None where it is unclear; in `test` the row reads its last `word` as `told`."""

    name: str
    of: str
    finds: Callable[[Word], Hit | None]
    test: str
    word: str
    told: str


def resolve(
    document: Document, named: Sequence[Sequence[Hit]], *, refused: list[tuple[int, Hit, str]] | None = None
) -> list[list[Hit]]:
    """For each sentence the pointing words that could be resolved, as hits of kind pronoun or description.

    To `refused` those are added that mean somebody else, each with its sentence and the row that says so (`mistaken`).
    """
    memory, marks = Memory(), stretches(document.text)
    everywhere = {code for hits in named for hit in hits for code in hit.codes}
    found: list[list[Hit]] = []
    known: list[Sequence[Hit]] = []
    full: list[houses.Named] = []
    for sentence, hits in zip(document.sentences, named, strict=True):
        taken = {k: hit for hit in hits for k in range(hit.first, hit.last + 1)}
        pointed: list[Hit] = []
        literal = [one for one in marks if one.start < sentence.end and sentence.start < one.end]
        for token in sentence.tokens:
            if token.i in taken:
                hit = descriptions.countryman(sentence, taken[token.i], memory)
                if hit is not None:
                    pointed.append(hit)
                continue
            if not _may_point(token):
                continue
            earlier = sorted((hit for hit in (*hits, *pointed) if hit.last < token.i), key=lambda hit: hit.first)
            word = Word(sentence=sentence, i=token.i, earlier=earlier, memory=memory, everywhere=everywhere, full=full,
                        literal=within(literal, token.start))  # fmt: skip
            hit = _meant(word)
            if hit is None or hit.score < LEAST:
                continue
            lately = slice(max(sentence.index + 1 - SENTENCES, 0), sentence.index + 1)
            row = mistaken(Pointed(document.sentences[lately], (*known[lately], (*hits, *pointed)), token.i, hit))
            if not row:
                pointed.append(hit)
            elif refused is not None:
                refused.append((sentence.index, hit, row))
        found.append(pointed)
        known.append((*hits, *pointed))
        memory.add(sentence, sorted((*hits, *pointed), key=lambda hit: hit.first), literal)
        full += houses.named(sentence.index, sentence.tokens, hits)
    return found


def _may_point(token: Token) -> bool:
    if token.tag in _POINTING or token.text in PAIRS or pronouns.AGED.fullmatch(token.text):
        return True
    if not token.text[:1].isupper():
        return False
    low = token.text.lower()
    return (
        noun(token.text) is not None or low in _WORDS or low.removesuffix("s") in _WORDS or low.startswith(_NEIGHBOUR)
    )


def _meant(word: Word) -> Hit | None:
    """Who is meant by a word, with the name of the row that says so; of houses their own."""
    for kind in (ANY, kind_of(word)):
        for row in _BY_KIND.get(kind, ()):
            hit = row.finds(word)
            if hit is not None:
                return hit if hit.row else replace(hit, row=row.name)
    return None


def kind_of(w: Word) -> str:
    """The kind of a word that may point, whose rows say whom it means; "" of one that does not."""
    token = w.sentence.tokens[w.i]
    if token.tag == "PPER" and w.low in ("er", "ihm", "ihn"):
        return "he"
    if token.tag == "PPER" and w.low == "sie":
        return "she"
    if (w.low == "dieser" and token.tag in ("PDS", "PRELS")) or (w.low == "der" and token.tag == "PDS" and w.i == 0):
        return "the latter"
    if w.i == 0 and token.tag == "PPOSAT" and w.low.startswith("sein"):
        return "his"
    if w.before in ARTICLES and pronouns.AGED.fullmatch(token.text):
        return "aged"
    if not token.text[:1].isupper() or w.i == 0:
        return ""
    alone = next((kind for kind, words in _ALONE.items() if w.low in words), "")
    if alone:
        return alone
    if w.before.startswith(_POSSESSIVES) and w.sentence.tokens[w.i - 1].tag == "PPOSAT" and w.low in _COUNTRY:
        return "own country"
    if w.before in ARTICLES and w.body in EMBASSIES:
        return "embassy"
    described = w.before in ARTICLES or (w.before in _OF_NEWS and w.low in _BODY)
    if not described and _is_of_a_kind(w):
        return "office"
    return _kind_described(w) if described and not modified(w.sentence, w.i) else ""


def _is_of_a_kind(w: Word) -> bool:
    """ "Der konservative Politiker", "der 69-jährige Kanzler": an adjective that tells no other from him."""
    tokens, title = w.sentence.tokens, noun(w.sentence.tokens[w.i].text)
    if w.i < 2 or title is None or title.kind != "office" or modified(w.sentence, w.i):
        return False
    return tokens[w.i - 2].text.lower() in ARTICLES and _OF_A_KIND.fullmatch(w.before) is not None


def _kind_described(w: Word) -> str:
    if w.low in LANDS:
        return "land"
    if w.low.startswith(_NEIGHBOUR):
        return "neighbour"
    if w.body in _BODY:
        return "body"
    return "forces" if w.low in _FORCES else "office"


_ALONE = {"members": _MEMBERS, "council": _COUNCIL, "alliance": _ALLIANCE, "allies": _ALLIES, "rebels": _REBELS}
"""words that point with or without an article"""

ROWS = (
    Row(
        name="so many as a sentence named",
        of=ANY,
        finds=counted,
        test="Belgien, Dänemark und Polen berieten in Riga. Es regnete. Danach zahlten die drei Länder.",
        word="Länder",
        told="BEL DNK POL",
    ),
    Row(
        name="so many as were spoken of",
        of=ANY,
        finds=pair,
        test="Blinken sprach mit Lawrow. Danach lobten die beiden Außenminister den Ton.",
        word="Außenminister",
        told="RUS USA",
    ),
    Row(
        name="the two of the sentence before",
        of=ANY,
        finds=both,
        test="Biden traf Putin. Beide schwiegen danach.",
        word="Beide",
        told="RUS USA",
    ),
    Row(
        name="a house named in full",
        of=ANY,
        finds=descriptions.house,
        test="Die EU-Kommission tagte am Freitag. Am Abend tadelte die Kommission Ungarn.",
        word="Kommission",
        told="EU",
    ),
    Row(
        name="with whom he spoke",
        of="he",
        finds=pronouns.with_him,
        test="Emmanuel Macron telefonierte mit Wolodymyr Selenskyj. Mit ihm sprach auch Olaf Scholz.",
        word="ihm",
        told="UKR",
    ),
    Row(
        name="the man spoken of",
        of="he",
        finds=pronouns.he,
        test="Emmanuel Macron sprach in Lyon. Danach flog er ab.",
        word="er",
        told="FRA",
    ),
    Row(
        name="the woman spoken of",
        of="she",
        finds=pronouns.she,
        test="Annalena Baerbock sprach in Turin. Danach flog sie ab.",
        word="sie",
        told="DEU",
    ),
    Row(
        name="all who acted before",
        of="she",
        finds=pronouns.they,
        test="Deutschland und Polen tagten in Riga. Sie forderten Geld.",
        word="Sie",
        told="DEU POL",
    ),
    Row(
        name="the body that the clause around is about",
        of="she",
        finds=pronouns.body_as_she,
        test="Die Ukraine teilte mit, dass sie zahlt.",
        word="sie",
        told="UKR",
    ),
    Row(
        name="of that age",
        of="aged",
        finds=pronouns.aged,
        test="Emmanuel Macron sprach in Lyon. Am Abend flog der 45-Jährige ab.",
        word="45-Jährige",
        told="FRA",
    ),
    Row(
        name="the man named last",
        of="the latter",
        finds=pronouns.the_latter,
        test="Scholz traf Macron. Dieser schwieg danach.",
        word="Dieser",
        told="FRA",
    ),
    Row(
        name="the only man before, or the subject",
        of="his",
        finds=pronouns.his,
        test="Emmanuel Macron sprach in Lyon. Seine Rede war lang.",
        word="Seine",
        told="FRA",
    ),
    Row(
        name="members of the union spoken of",
        of="members",
        finds=descriptions.members,
        test="Die EU berät heute. Bis Mai sollen die Mitgliedstaaten zahlen.",
        word="Mitgliedstaaten",
        told="EU",
    ),
    Row(
        name="the council of the UN",
        of="council",
        finds=descriptions.council,
        test="Die UN berieten in New York. Danach vertagte sich der Sicherheitsrat.",
        word="Sicherheitsrat",
        told="UN",
    ),
    Row(
        name="the alliance",
        of="alliance",
        finds=descriptions.alliance,
        test="Die Nato tagt in Oslo. Am Montag sprach das Bündnis mit Moldau.",
        word="Bündnis",
        told="NATO",
    ),
    Row(
        name="the allies",
        of="allies",
        finds=descriptions.allies,
        test="Die USA zahlen. Jetzt sollen auch die Verbündeten zahlen.",
        word="Verbündeten",
        told="WEST",
    ),
    Row(
        name="the separatists spoken of",
        of="rebels",
        finds=descriptions.rebels,
        test="Die Separatisten verlangen Geld. Am Montag lehnte Kiew die Forderung der Aufständischen ab.",
        word="Aufständischen",
        told="SEP",
    ),
    Row(
        name="his own country",
        of="own country",
        finds=descriptions.own_country,
        test="Emmanuel Macron sagte, sein Land werde zahlen.",
        word="Land",
        told="FRA",
    ),
    Row(
        name="the embassy named with its state",
        of="embassy",
        finds=descriptions.embassy,
        test="Die finnische Botschaft in Riga ist zu. Am Montag öffnet die Botschaft wieder.",
        word="Botschaft",
        told="FIN",
    ),
    Row(
        name="the state last spoken of",
        of="land",
        finds=descriptions.country,
        test="Norwegen zahlt. Mehr könne das Land nicht.",
        word="Land",
        told="NOR",
    ),
    Row(
        name="the other of two states",
        of="neighbour",
        finds=descriptions.neighbour,
        test="Finnland und Schweden streiten. Finnland bat das Nachbarland um Rat.",
        word="Nachbarland",
        told="SWE",
    ),
    Row(
        name="of whose the body named beside it is",
        of="body",
        finds=descriptions.body_beside,
        test="Norwegen zahlt. Finnische Diplomaten und die Armee schwiegen.",
        word="Armee",
        told="FIN",
    ),
    Row(
        name="the ministry named with its state",
        of="body",
        finds=descriptions.ministry,
        test="Das finnische Verteidigungsministerium warnte. Estland schwieg, als das Ministerium fragte.",
        word="Ministerium",
        told="FIN",
    ),
    Row(
        name="the parliament of who governs",
        of="body",
        finds=descriptions.parliament,
        test="Norwegen zahlt. Am Montag bat Emmanuel Macron das Parlament um Zustimmung.",
        word="Parlament",
        told="FRA",
    ),
    Row(
        name="a body of the state last spoken of",
        of="body",
        finds=descriptions.country,
        test="Norwegen zahlt. Mehr könne die Regierung nicht.",
        word="Regierung",
        told="NOR",
    ),
    Row(
        name="forces named with their state",
        of="forces",
        finds=descriptions.same_named,
        test="Der finnische Geheimdienst warnte. Am Montag schwieg der Geheimdienst.",
        word="Geheimdienst",
        told="FIN",
    ),
    Row(
        name="somebody of that office",
        of="office",
        finds=descriptions.office,
        test="Außenminister Sergej Lawrow sprach. Am Abend flog der Minister ab.",
        word="Minister",
        told="RUS",
    ),
)
_BY_KIND = {kind: tuple(row for row in ROWS if row.of == kind) for kind in {row.of for row in ROWS}}
