"""Two versions of an article beside each other: the likeness of their sentences is the same, however quickly it is found."""

from __future__ import annotations

import difflib
import random
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.revisions import side_by_side, versions
from extractors.stories import revisions

SENTENCES = st.lists(st.sampled_from("Kiew Moskau fordert lehnt ab den Abzug und erneut".split()), max_size=12).map(
    " ".join
)


@settings(deadline=None)
@given(SENTENCES, SENTENCES, st.floats(0, 1))
def test_a_likeness_that_counts_is_what_it_is_side_by_side(one, other, least):
    slow = side_by_side(one, other)
    assert revisions._alike(one, other, least) == (slow if slow >= least else mock.ANY)
    assert (revisions._alike(one, other, least) >= least) == (slow >= least)


def test_versions_are_compared_as_if_every_two_sentences_lay_side_by_side():
    chance = random.Random(7)
    for kept in (0.9, 0.6, 0.4, 0.2):
        before, after = versions(30, kept, chance)
        found = revisions.differences(before, after)
        with mock.patch.object(revisions, "_alike", side_by_side):
            assert revisions.differences(before, after) == found


def test_of_hundreds_of_changed_sentences_few_are_laid_side_by_side():
    """A page that compared two versions of 400 events took 27 s."""
    before, after = versions(100, 0.3, random.Random(3))
    with mock.patch.object(difflib, "SequenceMatcher", wraps=difflib.SequenceMatcher) as made:
        revisions.differences(before, after)
    assert made.call_count < 500
