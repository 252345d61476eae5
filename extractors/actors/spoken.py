"""Who has been spoken of in an article so far, the latest last; what pointing words are read against."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from extractors.actors.hits import Hit
from extractors.actors.houses import Named
from extractors.language import Sentence

_MEDIA = "-MED"


@dataclass(slots=True)
class Memory:
    """Who has been spoken of, the latest last."""

    people: list[tuple[int, Hit, bool]] = field(default_factory=list)
    """sentence, who, whether as the subject"""
    states: list[tuple[int, Hit, bool]] = field(default_factory=list)
    bodies: list[tuple[int, Hit]] = field(default_factory=list)
    """ministries, armies, parliaments that were named with their state"""

    def add(self, sentence: Sentence, hits: Iterable[Hit]) -> None:
        subjects = {
            head
            for clause in sentence.clauses
            for role in clause.roles
            if role.name == "subject"
            for head in role.heads
        }
        for hit in hits:
            subject = any(hit.first <= head <= hit.last for head in subjects)
            if hit.noun is not None and hit.noun.kind == "body" and hit.codes:
                self.bodies.append((sentence.index, hit))
            if hit.kind in ("person", "office", "pronoun") and hit.codes:
                self.people.append((sentence.index, hit, subject))
            elif hit.kind in ("name", "metonym", "adjective") and hit.codes and hit.origin not in ("topic",):
                self.states.append((sentence.index, hit, subject))


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word (token `i` of a sentence) that may point to somebody, with what it is read against."""

    sentence: Sentence
    i: int
    earlier: Sequence[Hit]
    """who was named in its sentence before it"""
    memory: Memory
    everywhere: Collection[str]
    """the codes that the article names anywhere"""
    full: Sequence[Named]
    """the houses that the sentences before named in full"""

    @property
    def low(self) -> str:
        return self.sentence.tokens[self.i].text.lower()

    @property
    def body(self) -> str:
        """Without the ending of a genitive."""
        return self.low.removesuffix("s")

    @property
    def before(self) -> str:
        return self.sentence.tokens[self.i - 1].text.lower() if self.i else ""


def meant(i: int, source: Hit, kind: str, score: float) -> Hit:
    """Somebody who was spoken of, as what a word (token `i`) means."""
    return replace(
        source, first=i, last=i, core=i, kind=kind, origin="coreference", score=score, noun=None, capital=False, row=""
    )


def recent(entries: Sequence[tuple[int, Hit, bool]], index: int, reach: int) -> list[tuple[int, Hit, bool]]:
    return [entry for entry in entries if index - entry[0] < reach]


def subject_hits(sentence: Sentence, i: int, earlier: Sequence[Hit]) -> list[Hit]:
    clause = sentence.clause_of(i)
    subject = clause.subject if clause is not None else None
    heads = subject.heads if subject is not None else ()
    return [hit for hit in earlier if any(hit.first <= head <= hit.last for head in heads)]


def is_person(hit: Hit) -> bool:
    return hit.kind in ("person", "office", "pronoun")


def of_state(hit: Hit) -> bool:
    return (
        bool(hit.codes)
        and hit.origin not in ("topic", "place")
        and not any(code.endswith(_MEDIA) for code in hit.codes)
        and all(len(code.split("-")[0]) == 3 for code in hit.codes)
    )
