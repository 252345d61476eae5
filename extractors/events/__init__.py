"""Codes events: who did what to whom, when, where, in whose words, each with the sentence that says so.

    events = code_events(article)
    explanation = explain(article)

In the order in which an article goes through them (`coding.py` calls them; a contract in `pyproject.toml` holds that none asks a later one):

    reading      who is named, whose words they are, when and where
    proposing    rows of `data/triggers.toml` and syntax: which acts, who stands where an actor stands
    weighing     fitted weights: which are told, between whom
    settling     rows that set right whose an act is, or that it is none
    attaching    status, day, place and speaker
    telling      the event, and what it rests on
    meetings     those that are announced, a family of their own
    papers, repeats    what a paper only asks for; what is told twice
"""

from __future__ import annotations

from extractors.events.attaching.facts import Fact
from extractors.events.coding import coder, decided
from extractors.events.explaining import Competitor, Explained, Explanation, NoActor, explain
from extractors.events.lexicon import BrokenRuleError
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


def code_events(article: Article, *, holders: tuple[Holder, ...] = ()) -> tuple[Event, ...]:
    """The events of an article, in the order of its text.

    `holders` are people in office whom no table has and other articles have introduced.
    """
    return tuple(one.event for one in decided(article, holders=holders).told)
