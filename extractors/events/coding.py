"""From an article to its events: read, propose, judge, attach, and say what an event rests on."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.events.announced import announced, announcements, retold
from extractors.events.around import Around
from extractors.events.candidates import candidates, completed
from extractors.events.directions import domestic
from extractors.events.features import views
from extractors.events.judge import Judge, Proposal, judge, keep_features, proposals
from extractors.events.network import heard
from extractors.events.reading import Reading, reading
from extractors.events.repeats import once
from extractors.events.standing import left_open
from extractors.events.telling import Coded, coder, told
from extractors.language import Document
from extractors.model import Article
from extractors.ontology import EventType

__all__ = ["Coded", "coded", "coder"]
_STATEMENTS = 4


def coded(
    article: Article, document: Document | None = None
) -> tuple[Reading, tuple[Proposal, ...], tuple[Coded, ...]]:
    """The reading, all proposals and the events kept, in the order of the text."""
    read, known = reading(article, document), judge()
    seen = heard(read, views(read, tuple(completed(read, c) for c in candidates(read))))
    around = Around(read, seen)
    proposed = proposals(seen, known)
    kept = [
        (p, value)
        for p, features in zip(proposed, keep_features(proposed), strict=True)
        if (value := known.keep.probability(features)) >= _threshold(known, p)
        and not domestic(*p.parties)
        and not (p.type is EventType.REJECT and left_open(p.seen.sentence, p.clause))
    ]
    events = [Coded(event=told(around, known, p, value), proposal=p) for p, value in _few_statements(kept)]
    planned = [one for one in events if announced(one.event)]
    ahead_ = announcements(around, known, planned)
    events = once([one for one in events if not announced(one.event) and not retold(one, ahead_)]) + ahead_
    return read, proposed, tuple(sorted(events, key=lambda one: (one.event.evidence.start, one.event.type)))


def _threshold(known: Judge, p: Proposal) -> float:
    return known.statements if p.type is EventType.STATE else known.threshold


def _few_statements(kept: Sequence[tuple[Proposal, float]]) -> list[tuple[Proposal, float]]:
    """Statements are many and say little: the surest few of an article."""
    surest = sorted((value for p, value in kept if p.type is EventType.STATE), reverse=True)[:_STATEMENTS]
    return [(p, value) for p, value in kept if p.type is not EventType.STATE or value in surest]
