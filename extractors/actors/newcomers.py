"""Whom an article introduces into an office and no table has: "der neue estnische Außenminister Ingmar Gausewitz".

One article may be wrong, or read wrongly; what several say is known over articles (`storage.people`, `learned`). Therefore only
offices count of which a state or an organisation has one, or a few, and that speak for it: each is a row with a test. Where our
newsrooms are, federal states have ministers, too: there only offices count that the federation alone has. Parties' politicians,
members of parliament, mayors, companies' and private people are in no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.actors.hits import Hit
from extractors.actors.lexicon import lexicon, noun, single
from extractors.actors.phrases import FORMER_WORDS
from extractors.language import Document, Token
from extractors.model import Introduction

STATE, BODY, FEDERATION = "state", "body", "federation"
_FEDERATIONS = frozenset({"DEU", "AUT", "CHE"})
"""states of our newsrooms: a minister of theirs is often a federal state's"""
_STATE_LETTERS = 3
_BEFORE = re.compile(r"(?:Ex|Alt)-|(?:Amts)?[Vv]orgänger")
"""words for whoever held an office before"""
_DEPUTY = re.compile(r"[Ss]tellvertretende[rnms]?")
_RANKS = frozenset({"vize", "interims", "chef"})
"""what may stand before a title with a hyphen and is no actor"""
_FULL = 2
"""words of a full name"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Titles, as `title_of` gives them, that a state, a body or a federation has; `test` introduces somebody by one of them."""

    name: str
    of: str
    titles: re.Pattern[str]
    phrase: bool = False
    """whether the office must say of what it is: "Sprecher des Kreml" """
    test: str


ROWS = (
    Row(
        name="head of state",
        of=STATE,
        titles=re.compile(
            r"(?:vize|übergangs|interims)?(?:staats)?präsident(?:in)?|staatschef(?:in)?|staatsoberhaupt|könig(?:in)?|kronprinz"
            r"|emir|machthaber"
        ),
        test="Der neue armenische Präsident Pavle Malenka empfing die Gäste.",
    ),
    Row(
        name="head of government",
        of=STATE,
        titles=re.compile(r"(?:vize)?(?:regierungschef(?:in)?|ministerpräsident(?:in)?|premier|kanzler(?:in)?)"),
        test="Estlands Ministerpräsidentin Annika Kirkelund empfing die Gäste.",
    ),
    Row(
        name="minister",
        of=STATE,
        titles=re.compile(r"\w*minister(?:in)?|chefdiplomat(?:in)?"),
        test="Der neue estnische Außenminister Ingmar Gausewitz empfing die Gäste.",
    ),
    Row(
        name="speaks for a government",
        of=STATE,
        titles=re.compile(r"(?:vize)?(?:regierungs|kreml|außenamts|\w*ministeriums|armee|militär)sprecher(?:in)?"),
        test="Die polnische Regierungssprecherin Irmtraud Ostrowar wies das zurück.",
    ),
    Row(
        name="speaks for a part of a government",
        of=STATE,
        titles=re.compile(r"sprecher(?:in)?"),
        phrase=True,
        test="Die Sprecherin des polnischen Außenministeriums Irmtraud Ostrowar wies das zurück.",
    ),
    Row(
        name="speaks for a state abroad",
        of=STATE,
        titles=re.compile(r"botschafter(?:in)?|sonderbotschafter|(?:sonder)?gesandte[rn]?|chefunterhändler(?:in)?"),
        test="Der kanadische Botschafter Ruprecht Halvestad wurde einbestellt.",
    ),
    Row(
        name="commands or guards",
        of=STATE,
        titles=re.compile(
            r"generalstabschef|oberbefehlshaber|oberkommandierende[rn]?|(?:armee|heeres|luftwaffen|marine|militär|geheimdienst)chef"
            r"|sicherheitsberater(?:in)?"
        ),
        test="Der italienische Generalstabschef Ruprecht Halvestad besuchte die Truppe.",
    ),
    Row(
        name="presides over a parliament",
        of=STATE,
        titles=re.compile(r"parlamentspräsident(?:in)?|parlamentschef(?:in)?"),
        test="Die armenische Parlamentspräsidentin Annika Kirkelund empfing die Gäste.",
    ),
    Row(
        name="leads an organisation",
        of=BODY,
        titles=re.compile(
            r"(?:vize)?generalsekretär(?:in)?|(?:kommissions|rats|parlaments)präsident(?:in)?|\w*kommissar(?:in)?"
            r"|außenbeauftragte[rn]?|chefdiplomat(?:in)?|sondergesandte[rn]?|sonderbotschafter"
        ),
        test="Die neue EU-Außenbeauftragte Annika Kirkelund empfing die Gäste.",
    ),
    Row(
        name="of the federation alone",
        of=FEDERATION,
        titles=re.compile(
            r"bundes(?:präsident|kanzler|\w*minister)(?:in)?|(?:vize)?kanzler(?:in)?|(?:außen|verteidigungs)minister(?:in)?"
            r"|regierungssprecher(?:in)?|botschafter(?:in)?"
        ),
        test="Der deutsche Verteidigungsminister Ruprecht Halvestad besuchte die Truppe.",
    ),
)


def title_of(office: str) -> str:
    """The title in an office, without its actor, its ending and what stands behind it; "" where somebody else's or no office is told.

    >>> title_of("US-Außenministers"), title_of("Vize-Präsidenten"), title_of("Sprecherin des Kreml")
    ('außenminister', 'vizepräsident', 'sprecherin')
    >>> title_of("IHK-Präsident"), title_of("SPD-Generalsekretär"), title_of("Ex-Außenminister"), title_of("Saar-Minister")
    ('', '', '', '')
    """
    *before, last = (office.split() or [""])[0].split("-")
    ranks = [piece.lower() for piece in before if piece.lower() in _RANKS]
    found = noun(last[:1].upper() + last[1:])
    if found is None or not all(piece.lower() in _RANKS or _is_actor(piece) for piece in before):
        return ""
    ending, low = found.ending.lstrip("*"), last.lower()
    return "".join(ranks) + low[: low.rfind(ending) + len(ending)]


def _is_actor(piece: str) -> bool:
    entry = single(piece)
    return entry is not None and entry.party is None and not entry.people


def row_of(code: str, office: str) -> Row | None:
    """The row that has an office; None for one that does not speak for a state or an organisation."""
    of = FEDERATION if code in _FEDERATIONS else STATE if len(code) == _STATE_LETTERS else BODY
    title, phrase = title_of(office), len(office.split()) > 1
    if not title or "-" in code or any(_of_party(word) for word in office.split()):
        return None
    return next((r for r in ROWS if r.of == of and r.titles.fullmatch(title) and (phrase or not r.phrase)), None)


def _of_party(word: str) -> bool:
    entry = single(word)
    return entry is not None and entry.party is not None


def newcomers(document: Document, taught: Sequence[Iterable[Hit]]) -> tuple[Introduction, ...]:
    """Whom a document introduces, each name once; `taught` are the people whom each sentence names or introduces.

    A name of which the document says two things is left out.
    """
    found: dict[str, Introduction] = {}
    codes: dict[str, set[str]] = {}
    for sentence, hits in zip(document.sentences, taught, strict=True):
        for hit in hits:
            if hit.kind != "person" or hit.origin != "taught" or len(hit.person.split()) < _FULL or not hit.codes:
                continue
            code = hit.codes[0]
            codes.setdefault(hit.person, set()).update(hit.codes)
            office = _office(sentence.tokens, hit)
            if formerly(sentence.tokens, hit.first) or row_of(code, office) is None:
                continue
            if not has(hit.person, code):
                quote = document.text[sentence.start : sentence.end]
                told = Introduction(name=hit.person, code=code, office=office, quote=quote)
                found.setdefault(hit.person, told)
    return tuple(one for name, one in found.items() if len(codes[name]) == 1)


def _office(tokens: Sequence[Token], hit: Hit) -> str:
    """The office of somebody who is introduced, with its rank: "stellvertretender Außenminister" is told as "Vize-Außenminister"."""
    title = (hit.office.split() or [""])[0]
    at = next((k for k in range(hit.first, min(hit.last + 1, len(tokens))) if tokens[k].text == title), hit.first)
    return f"Vize-{hit.office}" if deputises(tokens, at) else hit.office


def deputises(tokens: Sequence[Token], at: int) -> bool:
    """Whether the attributes before a title say that it is a deputy's: "der stellvertretende polnische Außenminister"."""
    while at > 0 and tokens[at - 1].tag in ("ADJA", "ADJD"):
        at -= 1
        if _DEPUTY.fullmatch(tokens[at].text):
            return True
    return False


def formerly(tokens: Sequence[Token], at: int) -> bool:
    """Whether what stands before a title or a name says that an office is over, or was another's time: "der damalige Minister X"."""
    words = [token.text for token in tokens[max(at - 2, 0) : at + 1]]
    return any(FORMER_WORDS.fullmatch(word) or _BEFORE.match(word) for word in words)


def has(name: str, code: str = "") -> bool:
    """Whether our tables have a name, or, with a code, somebody of that actor with the surname: another spelling, or a family."""
    words = tuple(name.split())
    phrases = lexicon().phrases
    if any(entry.people and phrase == words for phrase, entry in phrases.get(words[0], ()) if len(phrase) > 1):
        return True
    called = (person for _, entry in phrases.get(words[-1], ()) for person in entry.people)
    return any(term.code.split("-")[0] == code for person in called for term in person.terms) if code else False
