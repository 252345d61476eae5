"""Words that our tables know, or the article has taught, and that are left aside before anything is made of them.

"Der EU-Kandidat Moldau" is Moldova alone, "im westlichen Teil" tells where something is, and "in Rostock" is a town though the article
speaks of somebody called so. Each row looks at one word that was found; what no row leaves aside is joined with what belongs to it
(`phrases`), and then doubted (`doubts`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from extractors.actors.hits import Hit
from extractors.actors.lexicon import lexicon, towns
from extractors.language import Token

_MEMBER_HEADS = frozenset(
    "staat land mitglied mitgliedsstaat mitgliedstaat mitgliedsland partner partnerland nachbar nachbarland kandidat "
    "beitrittskandidat bündnispartner nachbarn mitglieds-".split()
)
_LIES = re.compile(
    r"(Teile?n?|Landesteile?n?|Regionen|Region|Gebiete?n?s?|Gegend|Grenz\w*|Ufers?|Vororte?n?|Vorstadt|Provinz(en)?|Oblast|Nachbar\w*|Ende|Rand"
    r"|Flanke|Richtung|Städte?n?|Stadt\w*|Bezirke?n?s?|Hälfte|Außenbezirke?n?|Küste|Front\w*|Landesgrenze|Rayons?|Bundes\w+|Nordatlantik)$"
)
"""nouns that a side of the compass tells the place of"""
_NOTHING = MappingProxyType[int, Hit]({})

TAUGHT, ADJECTIVE, COMPOUND, UNIT, JOINED = "taught", "adjective", "compound", "unit", "joined"
"""what is looked at: a name that the article has taught, an adjective, a compound, what may be joined with what belongs to it, and what
was"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`holds` of a hit of kind `of`, among those that begin at other tokens, where nothing is made of it; `test` is a text whose last `word` is
    so left aside."""

    name: str
    of: str
    holds: Callable[[Sequence[Token], Hit, Mapping[int, Hit]], bool]
    test: str
    word: str


@dataclass(frozen=True, slots=True)
class Aside:
    """What a sentence has that was left aside, each with the row that says so."""

    told: dict[int, tuple[Hit, str]] = field(default_factory=dict)

    def leaves(self, of: str, tokens: Sequence[Token], hit: Hit, others: Mapping[int, Hit] = _NOTHING) -> bool:
        """Whether a row leaves something aside."""
        for row in ROWS:
            if row.of == of and row.holds(tokens, hit, others):
                self.told[hit.first] = (hit, row.name)
                return True
        return False


def _is_town(tokens: Sequence[Token], hit: Hit, others: Mapping[int, Hit]) -> bool:
    return hit.last > 0 and tokens[hit.last - 1].tag == "APPR" and tokens[hit.last].text in towns()


def _tells_where(tokens: Sequence[Token], hit: Hit, others: Mapping[int, Hit]) -> bool:
    """Of the political West alone: "die westliche Ukraine", "im westlichen Teil"."""
    if not tokens[hit.first].text.lower().startswith("westlich"):
        return False
    after = next((token.text for token in tokens[hit.last + 1 : hit.last + 2]), "")
    return after in lexicon().phrases or bool(_LIES.match(after))


def _is_of_a_capital(tokens: Sequence[Token], hit: Hit, others: Mapping[int, Hit]) -> bool:
    return hit.capital


def _is_of_a_member(tokens: Sequence[Token], hit: Hit, others: Mapping[int, Hit]) -> bool:
    """The member is meant whose name follows, and not the alliance."""
    body = hit.noun is not None and hit.noun.kind == "body"
    if not body and (hit.kind != "compound" or hit.noun is not None):
        return False
    head, after = tokens[hit.last].text.split("-")[-1].lower(), others.get(hit.last + 1)
    return head in _MEMBER_HEADS and after is not None and after.kind == "name"


def _is_named_behind(tokens: Sequence[Token], hit: Hit, others: Mapping[int, Hit]) -> bool:
    after = others.get(hit.last + 1)
    return hit.kind == "inhabitant" and after is not None and after.kind == "person"


ROWS = (
    Row(
        name="a town, though somebody is called so",
        of=TAUGHT,
        holds=_is_town,
        test="Der estnische Minister Jaak Rostock sprach. Es regnet in Rostock.",
        word="Rostock",
    ),
    Row(
        name="where something is",
        of=ADJECTIVE,
        holds=_tells_where,
        test="Im westlichen Teil regnet es.",
        word="westlichen",
    ),
    Row(
        name="called after a capital",
        of=COMPOUND,
        holds=_is_of_a_capital,
        test="Seine Moskau-Reise fällt aus.",
        word="Moskau-Reise",
    ),
    Row(
        name="a member whose name follows",
        of=UNIT,
        holds=_is_of_a_member,
        test="Der EU-Beitrittskandidat Moldau zahlt.",
        word="EU-Beitrittskandidat",
    ),
    Row(
        name="a person whose name follows",
        of=JOINED,
        holds=_is_named_behind,
        test="Der Norweger Jens Stoltenberg sang.",
        word="Norweger",
    ),
)
