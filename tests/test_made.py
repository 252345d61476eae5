"""Sentences made by a plan: what they are to be read as is what they say."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest

from benchmarks.made_meetings import FAMILIES, Meeting, announced, verdicts
from benchmarks.made_sides import FRAMES, PARTIES, made, sided


@pytest.mark.parametrize("family", FRAMES)
def test_every_sentence_names_two_sides_and_is_whole(family: str) -> None:
    chance = random.Random(3)
    for _, one in zip(range(200), sided(family, chance), strict=False):
        assert one.acts != one.bears
        assert re.fullmatch(r"[A-ZÄÖÜ][^{}/]+\.", one.text), one.text


def test_the_verb_agrees_with_who_is_its_subject() -> None:
    told = {made(random.Random(seed), "REQUEST", "b", "{b} wurde/wurden von {a_dat} ermahnt.") for seed in range(200)}

    many = {one.text.split()[2] for one in told if one.text.startswith("Die USA ")}
    others = {text for text in (one.text for one in told) if not text.startswith("Die USA ")}
    assert many == {"wurden"}
    assert not any("wurden" in text for text in others)


def test_who_bears_it_stands_first_only_where_a_form_tells() -> None:
    bare = {party.nom for party in PARTIES if party.nom == party.dat == party.acc}
    for seed in range(300):
        one = made(random.Random(seed), "ACCUSE", "", "{b_dat} warf/warfen {a} Wortbruch vor.")
        first, _, second = one.text.removesuffix(" Wortbruch vor.").replace(" warfen ", " warf ").partition(" warf ")
        assert not {first, second} <= bare, one.text


@pytest.mark.parametrize("family", FAMILIES)
def test_every_sentence_of_meetings_is_whole_and_of_days_apart(family: str) -> None:
    for _, one in zip(range(200), announced(FAMILIES[family], random.Random(3)), strict=False):
        assert re.fullmatch(r"[A-ZÄÖÜ][^{}]+\.", one.text), one.text
        assert {one.dated.date() < meeting.day for meeting in one.meetings} == {family != "two that were"}
        assert len({meeting.day for meeting in one.meetings}) == len(one.meetings)


def test_a_meeting_counts_by_what_is_wrong_in_it() -> None:
    oslo = Meeting(frozenset({"POL", "LTU"}), date(2024, 6, 7), "Oslo")
    bern = Meeting(frozenset({"POL", "HUN"}), date(2024, 6, 9), "Bern")

    assert verdicts([oslo, bern], [bern, oslo]) == {"right": 2}
    assert verdicts([oslo], [Meeting(oslo.who, oslo.day, "Bern")]) == {"wrong town": 1}
    assert verdicts([oslo, bern], [Meeting(frozenset({"POL"}), oslo.day, "Oslo")]) == {"wrong who": 1, "not told": 1}
    assert verdicts([oslo], [oslo, bern]) == {"right": 1, "told beside": 1}
