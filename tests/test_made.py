"""Sentences made by a plan: what they are to be read as is what they say."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest

from benchmarks import made_told
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


@pytest.mark.parametrize("family", made_told.FAMILIES)
def test_every_text_that_is_told_of_acts_is_whole_and_of_other_days(family: str) -> None:
    for _, one in zip(range(200), made_told.FAMILIES[family](random.Random(3)), strict=False):
        assert re.fullmatch(r"[A-ZÄÖÜ„][^{}]+[.“]", one.text), one.text
        assert "  " not in one.text
        assert ",," not in one.text
        days = [act.day for act in one.acts if act.day]
        assert len({*days}) == len(days)
        assert {act.acts for act in one.acts} != {""}


def test_of_an_act_the_day_or_the_speaker_or_the_sides_count() -> None:
    from extractors.model import Actor, Event, Evidence, Precision, When
    from extractors.ontology import EventType, Status

    day = date(2024, 6, 7)
    event = Event(
        type=EventType.ACCUSE, status=Status.PAST, actors=(Actor(code="POL"),), recipients=(Actor(code="LTU"),),
        when=When(first=day, last=day, precision=Precision.DAY), speaker=Actor(code="EU"),
        evidence=Evidence(start=0, end=1, quote="x", rule="x"), confidence=1.0, coder="x",
    )  # fmt: skip
    act = made_told.Act(type="ACCUSE", acts="POL", bears="LTU", day="2024-06-07", speaker="EU")
    dated = made_told.datetime(2024, 6, 9, tzinfo=made_told.UTC)

    for asked in (made_told.DAY, made_told.SPEAKER, made_told.SIDES):
        other = made_told.Act(type="ACCUSE", acts="HUN", day="2024-06-08", speaker="")
        assert made_told.verdicts(made_told.Text("", "", dated, asked, (act,)), [event]) == {"right": 1}
        assert made_told.verdicts(made_told.Text("", "", dated, asked, (other,)), [event]) == {"wrong": 1}
        assert made_told.verdicts(made_told.Text("", "", dated, asked, (act, other)), [event]) == {
            "right": 1,
            "not told": 1,
        }
    assert made_told.verdicts(made_told.Text("", "", dated, made_told.SIDES, ()), [event]) == {"told beside": 1}
