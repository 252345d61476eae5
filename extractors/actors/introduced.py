"""Names that an article introduces beside an office: "X Y, Sprecher des Generalstabs", "X Y ist Präsident von Z".

Each row looks at one office in its sentence, whose state is told, and tells the name of who holds it; what it tells holds for the
rest of the article.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extractors.actors.hits import Hit
from extractors.actors.lexicon import compound, noun, single
from extractors.actors.phrases import unknown_name
from extractors.language import Sentence, Token

_FULL = 2
"""words of a name that needs nothing more to be one"""
_MOST = 4
_SCORE = 0.85
_NAMES = frozenset({"NE", "NN", "FM", "XY"})
_NO_NAME_BEHIND = frozenset({"ART", "ADJA", "APPRART", "PPOSAT", "CARD"})
"""what stands before a noun that is the first word of no name"""
_ATTRIBUTES = frozenset({"ART", "ADJA"})
_NOMINATIVE = frozenset({"der", "die", "ein", "eine"})
_IS = frozenset({"ist", "wird", "wurde", "bleibt"})
_CALLED = frozenset({"heißt", "ist"})
_MEANWHILE = frozenset({"ADV", "ADJA", "APPR", "APPRART", "CARD"})
_BETWEEN = 5
"""tokens that may stand between "ist" and an office"""
_CLOSES = frozenset({",", ".", "(", "–", "-", ":"})
_PURPOSE = 5
"""tokens of what an office is for, "für" and its comma included"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`find` tells the name of who holds an office, "" where nobody is introduced; `test` is a sentence that the row reads."""

    name: str
    find: Callable[[Sequence[Token], Hit], Sequence[str]]
    test: str


def introduced(sentence: Sentence, hits: Sequence[Hit]) -> list[Hit]:
    """The people whom a sentence introduces, as hits that teach who they are."""
    learned: list[Hit] = []
    for hit in hits:
        if hit.kind != "office" or hit.origin == "topic":
            continue
        name = " ".join(next((name for row in ROWS if (name := row.find(sentence.tokens, hit))), ()))
        if name:
            private = hit.origin == "former office" and "-" not in hit.codes[0]
            codes = tuple(f"{code}-CIV" for code in hit.codes) if private else hit.codes
            learned.append(
                replace(hit, codes=codes, name=name, person=name, kind="person", origin="taught", score=_SCORE)
            )
    return learned


def _before_comma(tokens: Sequence[Token], hit: Hit) -> Sequence[str]:
    at = _before_attributes(tokens, hit.first - 1)
    if at < 1 or tokens[at].text != ",":
        return ()
    name = _ends_at(tokens, at)
    return name if len(name) >= _FULL or (name and at == 1 and _is_closed(tokens, hit.last + 1)) else ()


def _after_comma(tokens: Sequence[Token], hit: Hit) -> Sequence[str]:
    return _at_comma(tokens, hit.last + 1)


def _after_purpose(tokens: Sequence[Token], hit: Hit) -> Sequence[str]:
    """ "Für Afrika", "für die Ukraine": what an office is for stands between it and the name."""
    at = hit.last + 1
    if at >= len(tokens) or tokens[at].text != "für":
        return ()
    return _at_comma(tokens, next((k for k in range(at + 2, at + _PURPOSE) if _is(tokens, k, ",")), len(tokens)))


def _is(tokens: Sequence[Token], k: int, word: str) -> bool:
    return k < len(tokens) and tokens[k].text == word


def _at_comma(tokens: Sequence[Token], at: int) -> Sequence[str]:
    """The name between commas, or the one that closes a stretch."""
    if at + 2 >= len(tokens) or tokens[at].text != ",":
        return ()
    name = unknown_name(tokens, at + 1)
    end = at + 1 + len(name)
    if len(name) >= _FULL and (_is_closed(tokens, end) or tokens[end].tag.startswith("V")):
        return name
    # One word alone between commas, and no list: "der Präsident Estlands, X, sprach".
    alone = end + 1 < len(tokens) and tokens[end].text == "," and tokens[end + 1].tag.startswith("V")
    return name if alone else ()


def _is_one(tokens: Sequence[Token], hit: Hit) -> Sequence[str]:
    at = hit.first - 1
    while at > hit.first - _BETWEEN and at > 0 and tokens[at].text not in _IS:
        # "Seit Mai": a noun may stand behind a preposition alone.
        dated = tokens[at].tag == "NN" and tokens[at - 1].tag.startswith(("APPR", "CARD"))
        if not (dated or tokens[at].tag in _MEANWHILE or tokens[at].text in _NOMINATIVE):
            return ()
        at -= 1
    name = _ends_at(tokens, at) if at > 0 and tokens[at].text in _IS else ()
    return name if len(name) >= _FULL else ()


def _is_called(tokens: Sequence[Token], hit: Hit) -> Sequence[str]:
    at = hit.last + 1
    name = unknown_name(tokens, at + 1) if at < len(tokens) and tokens[at].text in _CALLED else ()
    return name if len(name) >= _FULL and _is_closed(tokens, at + 1 + len(name)) else ()


def _before_attributes(tokens: Sequence[Token], at: int) -> int:
    """Where what precedes the article and the adjectives of a noun stands."""
    while at > 0 and tokens[at].tag in _ATTRIBUTES and tokens[at].text != ",":
        at -= 1
    return at


def _ends_at(tokens: Sequence[Token], at: int) -> Sequence[str]:
    """The words of an unknown name that ends right before a token."""
    first = at
    while first > 0 and tokens[first - 1].tag in _NAMES and tokens[first - 1].text[:1].isupper():
        first -= 1
    name = [token.text for token in tokens[first:at]]
    bare = first == 0 or tokens[first - 1].tag not in _NO_NAME_BEHIND
    known = any(noun(word) or compound(word) or single(word) for word in name)
    proper = len(name) >= _FULL or all(token.tag == "NE" for token in tokens[first:at])
    return name if bare and proper and len(name) <= _MOST and not known else ()


def _is_closed(tokens: Sequence[Token], end: int) -> bool:
    return end >= len(tokens) or tokens[end].text in _CLOSES


ROWS = (
    Row(
        name="before a comma",
        find=_before_comma,
        test="Ingmar Gausewitz, der neue Außenminister Estlands, trat vor die Presse.",
    ),
    Row(
        name="after a comma",
        find=_after_comma,
        test="Der Außenminister Estlands, Ingmar Gausewitz, trat vor die Presse.",
    ),
    Row(
        name="after what the office is for",
        find=_after_purpose,
        test="Der estnische Beauftragte für die Arktis, Ingmar Gausewitz, trat vor die Presse.",
    ),
    Row(name="is one", find=_is_one, test="Ingmar Gausewitz ist seit Mai Außenminister von Estland."),
    Row(name="is called", find=_is_called, test="Der neue estnische Außenminister heißt Ingmar Gausewitz."),
)
