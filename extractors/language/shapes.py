"""What the reader of German hands to the coders: documents, sentences, tokens, clauses and their roles.

Offsets count characters of the text that was read; token indices count within the sentence. Nothing of it is ever changed;
tokens, clauses and roles are not frozen, as hundreds are made of an article and that would take twice as long.
"""

from __future__ import annotations

import enum
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from extractors.model import PartKind


class Origin(enum.StrEnum):
    """Who says so: the trained parser, the repair by case and agreement, or patterns without a parser."""

    PARSE = "parse"
    REPAIR = "repair"
    PATTERN = "pattern"


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Token:
    """One word or mark. `head` is the index of the governor within the sentence; the root governs itself."""

    i: int
    start: int
    end: int
    text: str
    lemma: str
    tag: str
    """STTS, by HanTa"""
    pos: str
    """coarse, as in Universal Dependencies"""
    dep: str
    head: int
    case: tuple[str, ...] = ()
    """the cases its noun phrase can stand in, of nom, acc, dat, gen; empty where there is none"""
    origin: Origin = Origin.PARSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A name found by the trained model: PER, LOC, ORG or OTH."""

    start: int
    end: int
    label: str
    text: str


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Role:
    """What stands in a role of a clause: its head words, and the stretch they span with their attributes.

    `heads` are token indices: more than one where the role is coordinated. `preposition` is lower-case, "" for none.
    """

    name: str
    """subject, object, recipient (dative), genitive, agent (von/durch of a passive), oblique, predicative"""
    heads: tuple[int, ...]
    start: int
    end: int
    preposition: str = ""
    origin: Origin = Origin.PARSE


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Clause:
    """One predicate with what belongs to it."""

    index: int
    predicate: str
    """lemma with its particle ("zusagen"); for copulas the predicative and "sein" ("bereit sein")"""
    head: int
    """token index of the full verb or predicative"""
    verbs: tuple[int, ...]
    """token indices of all verb forms and the particle"""
    roles: tuple[Role, ...] = ()
    voice: str = "active"
    """active or passive"""
    mood: str = "indicative"
    """indicative, konjunktiv1 or konjunktiv2"""
    tense: str = "present"
    """present, preterite, perfect, pluperfect or future"""
    modal: str = ""
    """lemma of the modal verb, "" for none"""
    negated: bool = False
    kind: str = "main"
    """main, relative, complement, infinitive, conditional, temporal, purpose, causal or adverbial"""
    marker: str = ""
    """the subordinating word ("dass", "wenn", "um"), lower-case"""
    finite: bool = True
    parent: int | None = None
    start: int
    end: int
    tokens: tuple[int, ...] = ()
    """indices of the tokens that belong to this clause and not to one inside it"""

    def role(self, name: str) -> Role | None:
        # Asked for hundreds of times an article: a generator takes four times as long.
        for role in self.roles:
            if role.name == name:
                return role
        return None

    @property
    def subject(self) -> Role | None:
        """The grammatical subject; in the passive that is who undergoes the act."""
        return self.role("subject")

    @property
    def object(self) -> Role | None:
        return self.role("object")

    @property
    def recipient(self) -> Role | None:
        """The dative object."""
        return self.role("recipient")

    @property
    def agent(self) -> Role | None:
        """Who acts in a passive ("von Moskau", "durch die NATO")."""
        return self.role("agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence within one part of an article; never over a line break."""

    start: int
    end: int
    index: int
    part: PartKind
    tokens: tuple[Token, ...]
    clauses: tuple[Clause, ...] = ()
    entities: tuple[Entity, ...] = ()
    line: int = 0
    """number of the line (headline, teaser, subhead, paragraph) it stands in"""

    def children(self, i: int) -> tuple[Token, ...]:
        return tuple([token for token in self.tokens if token.head == i and token.i != i])

    def clause_of(self, i: int) -> Clause | None:
        """The innermost clause a token belongs to."""
        for clause in self.clauses:
            if i in clause.tokens:
                return clause
        return None

    def first_from(self, start: int) -> Token | None:
        """The first token that begins at a character of the text or behind it."""
        at = bisect_left(self.tokens, start, key=lambda token: token.start)
        return self.tokens[at] if at < len(self.tokens) else None

    def before(self, end: int) -> tuple[Token, ...]:
        """The tokens that end at a character of the text or before it."""
        return self.tokens[: bisect_right(self.tokens, end, key=lambda token: token.end)]

    def at(self, start: int, end: int) -> tuple[Token, ...]:
        """Tokens that overlap a stretch of the text."""
        return tuple([token for token in self.tokens if token.start < end and start < token.end])


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that has been read."""

    text: str
    sentences: tuple[Sentence, ...]
    parsed: bool = field(default=True)
    """False where the weights are missing and patterns served"""

    def sentence_at(self, offset: int) -> Sentence | None:
        return next(iter(self.between(offset, offset + 1)), None)

    def between(self, start: int, end: int) -> tuple[Sentence, ...]:
        """The sentences that a stretch of the text touches."""
        first = bisect_right(self.sentences, start, key=lambda s: s.end)
        last = bisect_left(self.sentences, end, key=lambda s: s.start)
        return self.sentences[first:last]
