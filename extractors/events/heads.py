"""What headline and teaser tell that nothing beneath them does.

An article's body tells what stands above it again, and in more words: labels of an act stand there, so that the weights believe
little of a head. Where nearly nothing is beneath it (a notice, a page behind a wall), they take away what the article is about. There the
head is read once more, as though it were a body.

Counted on a third of our articles, cut off behind so many sentences of their body, against the acts that their whole text is labelled
with: 16 of 25 acts more are right behind two sentences, 12 of 24 behind four, 9 of 19 behind six, 4 of 11 behind nine; of whole
articles 4 of 40. (Gold says the same: 23 of 37, 23 of 36, 15 of 28, 13 of 25; 6 of 16.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.events.reading import Reading
from extractors.events.telling import Coded
from extractors.language import Document
from extractors.model import Article, PartKind
from extractors.ontology import EventType

FEW = 6
"""sentences beneath a head that may have left out what it tells"""
_HEAD = frozenset({PartKind.HEADLINE, PartKind.TEASER})


def is_bare(document: Document, told: Sequence[Coded]) -> bool:
    """Whether so little stands beneath a head, or so little is told at all, that the head tells what the article is about."""
    beneath = sum(sentence.part not in _HEAD for sentence in document.sentences)
    return not told or beneath <= FEW


def head_of(article: Article) -> Article | None:
    """An article's headline and teaser without what stands beneath, each where it stands in the whole; None of one without them."""
    above = tuple(part for part in article.parts if part.kind in _HEAD)
    return replace(article, text=article.text[: above[-1].end], parts=above) if above else None


def as_body(read: Reading) -> Reading:
    """A head as it was read, its sentences as those of a body: so the weights believe what they tell."""
    sentences = tuple(replace(sentence, part=PartKind.PARAGRAPH) for sentence in read.document.sentences)
    return replace(read, document=replace(read.document, sentences=sentences))


def told_above_alone(above: Sequence[Coded], told: Sequence[Coded]) -> tuple[Coded, ...]:
    """The acts of a head of types that the whole tells nowhere. Statements are left out: they are the body's."""
    known = {EventType.STATE, *(one.event.type for one in told)}
    return tuple(one for one in above if one.event.type not in known)
