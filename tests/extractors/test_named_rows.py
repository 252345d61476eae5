"""Rows that code asks for by name: who renames one in its table hears here of whoever asks for it."""

from __future__ import annotations

import pytest

from extractors.events.attaching import statuses, withheld
from extractors.events.lexicon import lexicon
from extractors.events.meetings import days, heralding, named, recalled
from extractors.events.settling import retyped
from extractors.stories import meetings
from extractors.when import rules


@pytest.mark.parametrize(
    "asked",
    [days._FEASTS, days._SPANS, {days._HOUR}, recalled._SOON, withheld._ROUGHLY, meetings.LASTING - {"lasting"}],
    ids=["feasts", "spans", "hour", "soon", "roughly", "lasting"],
)
def test_rules_of_times_are_there(asked: frozenset[str]) -> None:
    assert asked <= {rule.name for rule in rules()}


@pytest.mark.parametrize(
    "asked",
    [heralding.GOES_ON, named._TALKS, retyped._LETS_GO, statuses._IS_OVER],
    ids=["goes on", "talks", "lets go", "is over"],
)
def test_words_for_acts_are_there(asked: frozenset[str]) -> None:
    assert asked <= {row.name for row in lexicon().rows()}
