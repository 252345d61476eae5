"""What is found in one sentence before the article is asked, and what the article has taught so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from extractors.actors.lexicon import Noun, lexicon
from extractors.language import Token

LEARNED = "learned"
"""origin of who is known over articles, and not by our tables or by this article"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Tokens `first` to `last` (both included) that name an actor, before the article is asked."""

    first: int
    last: int
    codes: tuple[str, ...]
    name: str
    kind: str
    origin: str
    score: float
    office: str = ""
    noun: Noun | None = None
    person: str = ""
    """full name, where we know or have just learned it"""
    female: bool | None = None
    capital: bool = False
    home: bool = False
    """the country of the newsroom; `codes` holds the suffix only"""
    core: int = -1
    """the token that carries the code"""
    row: str = ""
    """of a word that points to somebody the row by which he is meant (`pointing`), of a title or name the one that parts them (`phrases`)"""


@dataclass(frozen=True, slots=True)
class Known:
    """What the article has taught so far: surnames and full names to hits without a place."""

    people: Mapping[str, Hit] = field(default_factory=dict)
    on: date | None = None
    whole: Mapping[str, Sequence[tuple[tuple[str, ...], Hit]]] = field(default_factory=dict)
    """full names, by their first word, of people who are known over articles"""


def short(text: str) -> str:
    """A surname without the ending of a genitive; "Gausewitz’", "Torvaldsens".

    >>> short("Torvaldsens"), short("Gausewitz’"), short("Gausewitz")
    ('Torvaldsen', 'Gausewitz', 'Gausewitz')
    """
    return text if len(text) < 4 else text.rstrip("’'").removesuffix("s")


def spelt(tokens: Sequence[Token], i: int, words: Sequence[str]) -> bool:
    """Whether a name begins at a token, its last word perhaps in the genitive."""
    told = [token.text for token in tokens[i : i + len(words)]]
    return told[:-1] == [*words[:-1]] and len(told) == len(words) and short(told[-1]) == short(words[-1])


_SURNAME_FIRST = frozenset({"CHN", "KOR", "PRK", "TWN", "VNM"})
"""states whose people are told by the first word of their name: "Kim Jong Un" """
_LEAST = 3
"""letters of a surname that stands alone; there two do"""
_WORDS = frozenset("Ab Am An Da Du Er Es Im In Ja Ob So Um Wo Zu".split())
"""words of two letters that begin sentences"""


def surnames(person: str, codes: Sequence[str]) -> Iterator[str]:
    """The words of a name that may stand for it alone, as they are and without a genitive; none that is also a place or state."""
    words = person.split()
    if not words or (len(words) == 1 and len(person) < _LEAST):
        return
    first = any(code.split("-")[0] in _SURNAME_FIRST for code in codes)
    for word in dict.fromkeys((words[-1], *words[:first])):
        entries = lexicon().phrases.get(word, ())
        known = (entry.kind for phrase, entry in entries if len(phrase) == 1)
        enough = len(word) >= _LEAST or (first and word == words[0] and len(word) > 1 and word not in _WORDS)
        if enough and all(kind in ("surname", "person") for kind in known):
            yield word
            yield short(word)
