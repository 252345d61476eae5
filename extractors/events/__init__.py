"""Codes events: who did what to whom, when, where, in whose words, each with the sentence that says so.

    events = code_events(article)
    explanation = explain(article)

Rows of `data/triggers.toml` see candidates; a fitted judge weighs them (judge.py); attaching.py finds status, time,
place and speaker.
"""

from __future__ import annotations

from extractors.events.coding import coded, coder
from extractors.events.explaining import Competitor, Explained, Explanation, NoActor, explain
from extractors.events.facts import Fact
from extractors.events.lexicon import BrokenRuleError
from extractors.language import Document
from extractors.model import Article, Event, Holder

__all__ = [
    "BrokenRuleError",
    "Competitor",
    "Explained",
    "Explanation",
    "Fact",
    "NoActor",
    "code_events",
    "coder",
    "explain",
]


def code_events(
    article: Article, *, document: Document | None = None, holders: tuple[Holder, ...] = ()
) -> tuple[Event, ...]:
    """The events of an article, in the order of its text. Pass the document where it has been read already.

    `holders` are people in office whom no table has and other articles have introduced.
    """
    return tuple(one.event for one in coded(article, document, holders=holders)[2])
