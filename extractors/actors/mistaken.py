"""Words that seem to point to an actor and mean somebody else: "die Verbündeten" of Moskau, "das Land" Brandenburg, a pronoun for a stranger.

Each row looks at one word for which an actor was found, and says that it does not mean him. Better nobody than somebody else.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from extractors.actors.hits import Hit
from extractors.actors.lexicon import noun, single
from extractors.actors.pronouns import AGED
from extractors.language import Entity, Sentence, Token

_ALLIES = ("verbündete", "verbündeten", "alliierte", "alliierten", "bündnispartner", "bündnispartnern")
_ONE = re.compile(r"k?ein(?:en|em|es|er)?|(?:mein|dein|sein|ihr|unser)em|dem|des")
"""what stands before a single ally; "ihre", "seinen" and "den Verbündeten" may be many"""
_NOT_OF_THE_WEST = frozenset({"RUS", "BLR", "CHN", "PRK", "IRN", "SYR", "VEN", "SEP", "WAG", "SRB", "HAM", "HEZ"})
_ALLIANCES = frozenset({"bündnis", "bündnisses", "allianz"})
_OF_STATES = ("militär", "verteidigungs", "nato", "atlantik", "nordatlantik", "beistands")
"""beginnings of words for an alliance of states"""
_OPENS = frozenset("„»")
_ENEMIES = ("kriegsgegner", "kontrahent", "kontrahenten")
_MANY = frozenset({"die", "beide", "beiden", "beider", "zwischen"})
_LANDS = frozenset(
    "Brandenburg Brandenburgs Sachsen Sachsens Sachsen-Anhalt Sachsen-Anhalts Thüringen Thüringens Bayern Bayerns Hessen Hessens "
    "Niedersachsen Niedersachsens Mecklenburg-Vorpommern Mecklenburg-Vorpommerns Nordrhein-Westfalen Nordrhein-Westfalens "
    "Schleswig-Holstein Schleswig-Holsteins Rheinland-Pfalz Saarland Saarlands Baden-Württemberg Baden-Württembergs "
    "Tirol Tirols Kärnten Kärntens Burgenland Burgenlands Steiermark Vorarlberg Vorarlbergs Niederösterreich Oberösterreich".split()
)
"""federal states, which are a "Land" too"""
SENTENCES = 3
"""how many sentences the rows look at, the word's own included"""
_LEADS = frozenset({"übernehmen", "beanspruchen", "innehaben", "abgeben"})
_MARKS = frozenset('„“”"»«')
_REPORTS = frozenset({"konjunktiv1", "konjunktiv2"})
_SOMEBODY = frozenset({"ein", "eine"})
_PERSONAL = frozenset({"er", "ihm", "ihn", "sein", "seine", "seinen", "seiner", "seinem", "seines"})


@dataclass(frozen=True, slots=True)
class Pointed:
    """A word (token `i` of the last of `sentences`) for which `hit` was found. `hits`: who is meant in each of these sentences."""

    sentences: Sequence[Sentence]
    hits: Sequence[Sequence[Hit]]
    i: int
    hit: Hit

    @property
    def sentence(self) -> Sentence:
        return self.sentences[-1]

    @property
    def low(self) -> str:
        return self.sentence.tokens[self.i].text.lower()

    def word(self, away: int) -> str:
        """The word so many tokens behind, "" outside the sentence."""
        k = self.i + away
        return self.sentence.tokens[k].text if 0 <= k < len(self.sentence.tokens) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` where a word does not mean who was found for it; `test` is a text whose `word` the row so refuses."""

    name: str
    holds: Callable[[Pointed], bool]
    test: str
    word: str


def mistaken(pointed: Pointed) -> str:
    """The row that says that a word does not mean who was found for it; "" where none does."""
    return next((row.name for row in ROWS if row.holds(pointed)), "")


def _one_enemy(p: Pointed) -> bool:
    """ "Kriegsgegner Russland", "der Kriegsgegner": one of the two, and only the reader knows which."""
    if p.low not in _ENEMIES or len(p.hit.codes) < 2:
        return False
    return p.word(-1).lower() not in _MANY or _names_behind(p)


def _names_behind(p: Pointed) -> bool:
    return p.i + 1 < len(p.sentence.tokens) and p.sentence.tokens[p.i + 1].tag == "NE"


def _one_ally(p: Pointed) -> bool:
    if p.low not in _ALLIES:
        return False
    k = p.i - 1
    while k >= 0 and (p.sentence.tokens[k].tag in ("ADJA", "ADV") or p.sentence.tokens[k].text == "und"):
        k -= 1
    before = p.sentence.tokens[k] if k >= 0 else None
    if before is None:
        return False
    return _ONE.fullmatch(before.text.lower()) is not None or (before.text == "den" and _names_behind(p))


def _allies_of_others(p: Pointed) -> bool:
    """Whose allies they are the subject of their clause tells, or a genitive behind them."""
    if p.low not in _ALLIES:
        return False
    clause = p.sentence.clause_of(p.i)
    heads = clause.subject.heads if clause is not None and clause.subject is not None else ()
    owners = [hit for hit in p.hits[-1] if any(hit.first <= head <= hit.last for head in heads) or hit.first == p.i + 1]
    return bool(owners) and all(code in _NOT_OF_THE_WEST for hit in owners for code in hit.codes)


def _another_alliance(p: Pointed) -> bool:
    """ "Das Bündnis »Halle hilft«", "Bündnis 90": an alliance that bears a name, here or right before, is none of states."""
    if p.low not in _ALLIANCES:
        return False
    spans = [(sentence.tokens, len(sentence.tokens)) for sentence in p.sentences[:-1]] + [(p.sentence.tokens, p.i + 1)]
    return any(_bears_a_name(tokens, k) for tokens, end in spans for k in range(end))


def _bears_a_name(tokens: Sequence[Token], k: int) -> bool:
    low = tokens[k].text.lower()
    if low.endswith(("bündnis", "bündnisses")) and low not in _ALLIANCES:
        return not low.startswith(_OF_STATES)
    behind = tokens[k + 1] if k + 1 < len(tokens) else None
    if low not in _ALLIANCES or behind is None:
        return False
    return behind.tag == "CARD" or behind.text in _OPENS or (behind.tag == "NE" and single(behind.text) is None)


def _national_council(p: Pointed) -> bool:
    return p.low.startswith("sicherheitsrat") and p.word(-1).lower().startswith("national")


def _federal_land(p: Pointed) -> bool:
    if p.low not in ("land", "landes") or p.sentence.tokens[p.i - 1].tag == "PPOSAT":
        return False
    texts = [token.text for token in p.sentence.tokens[: p.i]]
    texts += [token.text for sentence in p.sentences[:-1] for token in sentence.tokens]
    return not _LANDS.isdisjoint(texts)


def _takes_the_lead(p: Pointed) -> bool:
    """ "Paris übernahm die Führung": to lead is nobody who leads."""
    clause = p.sentence.clause_of(p.i)
    if p.low != "führung" or clause is None:
        return False
    if clause.predicate in _LEADS:
        return clause.object is None or p.i in clause.object.heads
    behind = [
        c for c in p.sentence.clauses if c.parent == clause.index and c.kind == "relative" and p.i + 3 in c.tokens
    ]
    return p.word(1) == "," and any(c.predicate in _LEADS for c in behind)


def _both_of_a_party(p: Pointed) -> bool:
    """ "Muster und Beispiel (beide SPD)": what stands in brackets tells of those before them."""
    return p.low in ("beide", "beiden") and p.word(-1) == "("


def _strangers_among_both(p: Pointed) -> bool:
    """ "Muster und Beispiel drehten dort. Die beiden …": people whom no table has."""
    if p.low not in ("beide", "beiden") or p.hit.kind != "description" or len(p.sentences) < 2:
        return False
    sentence, hits = p.sentences[-2], p.hits[-2]
    return any(entity.label == "PER" and not _is_known(sentence, hits, entity) for entity in sentence.entities)


def _strangers(sentence: Sentence, hits: Sequence[Hit]) -> Iterator[int]:
    """The subjects of a sentence that name a man, or may do so, of whom nobody knows whose he is."""
    people = [entity for entity in sentence.entities if entity.label == "PER" and not _is_known(sentence, hits, entity)]
    yield from sorted(
        head for head in _subjects(sentence) if any(_names_a_man(sentence, head, entity) for entity in people)
    )


def _names_a_man(sentence: Sentence, head: int, entity: Entity) -> bool:
    """Whether a word is of a name, or the title before it, that is no woman's by its title."""
    before = sentence.before(entity.start)
    title = noun(before[-1].text) if before else None
    named = entity.start <= sentence.tokens[head].start < entity.end
    return (named or (title is not None and before[-1].i == head)) and (title is None or title.gender != "f")


def _is_known(sentence: Sentence, hits: Sequence[Hit], entity: Entity) -> bool:
    tokens = sentence.tokens
    return any(tokens[hit.first].start < entity.end and entity.start < tokens[hit.last].end for hit in hits)


def _is_he(p: Pointed) -> bool:
    return p.hit.kind == "pronoun" and not p.hit.female and p.low in _PERSONAL


def _is_quoted(p: Pointed) -> bool:
    return sum(token.text in _MARKS for token in p.sentence.tokens[: p.i]) % 2 == 1


def _tells(p: Pointed) -> bool:
    """ "Putin sei stark, gibt er zu bedenken": who is named in the words that somebody says has not said them."""
    if p.i < 3 or p.sentence.tokens[p.i - 1].tag != "VVFIN" or p.word(-2) not in {",", *_MARKS}:
        return False
    told = p.sentence.clause_of(p.i - 3)
    return told is not None and (p.word(-2) in _MARKS or told.kind == "complement" or told.mood in _REPORTS)


def _a_stranger_between(p: Pointed) -> bool:
    """The subject of the sentence before, or of this one before the pronoun, is somebody whom no table has.

    Not so in his own words („Er …", sagte Gausewitz), and not where he does something with who is meant ("Gausewitz bat ihn").
    """
    if not _is_he(p) or _is_quoted(p):
        return False
    since = max((hit.last for hit in p.hits[-1] if hit.last < p.i and hit.codes == p.hit.codes), default=-1)
    if _tells(p):
        since = -1
    own = p.sentence.clause_of(p.i) if p.low in ("ihn", "ihm") else None
    for head in _strangers(p.sentence, p.hits[-1]):
        if since < head < p.i and (own is None or p.sentence.clause_of(head) is not own):
            return True
    return since < 0 and len(p.sentences) > 1 and next(_strangers(p.sentences[-2], p.hits[-2]), None) is not None


def _somebody_between(p: Pointed) -> bool:
    """ "Ein Reporter wurde festgenommen. Der 38-Jährige …": somebody of whom the sentences since have told, by no name or by one that no
    table has."""
    if not AGED.fullmatch(p.sentence.tokens[p.i].text):
        return False
    told = zip(reversed(p.sentences), reversed(p.hits), strict=True)
    since = [*itertools.takewhile(lambda one: not any(hit.codes == p.hit.codes for hit in one[1]), told)]
    tokens = [(sentence.tokens, head) for sentence, _ in since for head in _subjects(sentence)]
    unnamed = any(head and of[head].tag == "NN" and of[head - 1].text.lower() in _SOMEBODY for of, head in tokens)
    return unnamed or any(next(_strangers(sentence, hits), None) is not None for sentence, hits in since)


def _subjects(sentence: Sentence) -> Iterator[int]:
    return (head for clause in sentence.clauses if clause.subject is not None for head in clause.subject.heads)


def _told_by_a_stranger(p: Pointed) -> bool:
    """ "Er habe nichts gewusst, sagte Gausewitz": who says so of himself stands behind."""
    clause = p.sentence.clause_of(p.i)
    if not _is_he(p) or _is_quoted(p) or clause is None or clause.mood not in _REPORTS:
        return False
    tellers = [head for head in _strangers(p.sentence, p.hits[-1]) if head > p.i]
    return any("VVFIN" in (p.sentence.tokens[k].tag for k in range(max(head - 2, 0), head)) for head in tellers)


ROWS = (
    Row(
        name="one enemy",
        holds=_one_enemy,
        test="Russland und die Ukraine rüsten auf. Der Kriegsgegner ist im Vorteil.",
        word="Kriegsgegner",
    ),
    Row(
        name="one ally",
        holds=_one_ally,
        test="Die Nato tagt in Oslo. Oslo bat dort einen wichtigen Verbündeten um Rat.",
        word="Verbündeten",
    ),
    Row(
        name="allies of others",
        holds=_allies_of_others,
        test="Die Nato tagt in Oslo. Russland setzt dort auf seine Verbündeten.",
        word="Verbündeten",
    ),
    Row(
        name="another alliance",
        holds=_another_alliance,
        test="Die Nato tagt in Oslo. Dagegen protestiert das Bündnis »Halle gegen Raketen«.",
        word="Bündnis",
    ),
    Row(
        name="a national council",
        holds=_national_council,
        test="Die UN berieten in New York. Das begrüßte ein Sprecher des Nationalen Sicherheitsrates.",
        word="Sicherheitsrates",
    ),
    Row(
        name="a federal state",
        holds=_federal_land,
        test="Deutschland zahlt. Thüringen nahm tausend Menschen auf. Mehr könne das Land nicht.",
        word="Land",
    ),
    Row(
        name="to lead",
        holds=_takes_the_lead,
        test="Norwegen will mehr tun. Bei den Hilfen hat Norwegen die Führung übernommen.",
        word="Führung",
    ),
    Row(
        name="both of a party",
        holds=_both_of_a_party,
        test="Russland und die Ukraine verhandeln. Das begrüßten Ines Muster und Ole Kranz (beide parteilos).",
        word="beide",
    ),
    Row(
        name="strangers among both",
        holds=_strangers_among_both,
        test="Ingmar Gausewitz und Ines Muster filmten in der Ukraine, ehe Russland angriff. Die beiden sind Dänen.",
        word="beiden",
    ),
    Row(
        name="a stranger between",
        holds=_a_stranger_between,
        test="Emmanuel Macron sprach in Lyon. Ingmar Gausewitz hörte die Rede. Er widersprach laut.",
        word="Er",
    ),
    Row(
        name="somebody between",
        holds=_somebody_between,
        test="Emmanuel Macron sprach in Lyon. Ein Reporter hörte die Rede. Der 38-Jährige widersprach laut.",
        word="38-Jährige",
    ),
    Row(
        name="told by a stranger",
        holds=_told_by_a_stranger,
        test="Emmanuel Macron sprach in Lyon. Davon habe er nichts gewusst, sagte Gausewitz.",
        word="er",
    ),
)
