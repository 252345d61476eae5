"""Dyads: what passes between two parties, counted and scored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from story_matter import DAY, DEMAND, MONDAY, PLAN, SAME_TALKS, TALKS, event

from extractors.model import Event
from extractors.ontology import EventType
from extractors.stories import dyads


def told(act: str, one: Event, day: date) -> dyads.Told:
    return dyads.Told(act=act, event=one, day=day)


def test_joint_acts_count_in_both_directions_and_nobody_deals_with_himself():
    assert set(map(str, dyads.dyads_of(TALKS))) == {"RUS→USA", "USA→RUS"}
    assert dyads.dyads_of(event(EventType.REQUEST, "x", by="DEU", to="DEU")) == ()
    assert list(map(str, dyads.dyads_of(DEMAND))) == ["RUS→NATO"]


def test_a_promise_counts_for_who_gives_it_and_a_visit_for_both():
    promised = event(EventType.AGREE, "Kanada sagt Litauen Schneepflüge zu.", by="CAN", to="LTU")
    agreed = replace(promised, actors=(*promised.actors, *promised.recipients), recipients=())
    visit = event(EventType.CONSULT, "Kanadas Minister ist in Litauen.", by="CAN", to="LTU")
    assert list(map(str, dyads.dyads_of(promised))) == ["CAN→LTU"]
    for both in (agreed, visit):
        assert list(map(str, dyads.dyads_of(both))) == ["CAN→LTU", "LTU→CAN"]


def week_of_both(*found: dyads.Told) -> dyads.Situation:
    (row,) = (row for row in dyads.situation(found, MONDAY) if str(row.dyad) == "RUS→USA")
    return row


def test_an_act_counts_once_however_many_report_it():
    row = week_of_both(told("a", TALKS, MONDAY), told("a", SAME_TALKS, MONDAY))
    assert (row.week.count, row.week.acts) == (1, ("a",))


def test_an_act_scores_as_its_surest_report_and_as_a_reviewer_has_it_before_all():
    """The first of several reports did, however unsure: a strike misread as talks made its week a good one."""
    unsure, sure = replace(TALKS, confidence=0.55), replace(TALKS, type=EventType.ASSAULT, mode="", confidence=0.9)
    sure = replace(sure, actors=(TALKS.actors[0],), recipients=(TALKS.actors[1],))
    sides = str(dyads.Dyad(actor=sure.actors[0].code, recipient=sure.recipients[0].code))
    early, late = told("a", unsure, MONDAY), told("a", sure, MONDAY + DAY)

    def scored(*found: dyads.Told) -> float | None:
        (row,) = (row for row in dyads.situation(found, MONDAY) if str(row.dyad) == sides)
        assert row.week.count == 1
        return row.week.plover

    assert scored(early, late) == scored(late, early) == sure.plover_score
    assert scored(replace(early, reviewed=True), late) == unsure.plover_score


def test_plans_and_statements_do_not_score():
    statement = event(EventType.STATE, "x", by="RUS", to="USA")
    row = week_of_both(told("a", PLAN, MONDAY), told("b", statement, MONDAY))
    assert (row.week.count, row.week.plover, row.arrow) == (1, None, dyads.Arrow.STEADY)


@pytest.mark.parametrize(
    ("one", "claimed"),
    [
        (event(EventType.RETREAT, "x", by="RUS", to="USA", speaker="RUS"), True),
        (event(EventType.AID, "x", by="RUS", to="USA", speaker="RUS"), True),
        (event(EventType.RETREAT, "x", by="RUS", to="USA", speaker="USA"), False),
        (event(EventType.RETREAT, "x", by="RUS", to="USA", speaker="FRA"), False),
        (event(EventType.RETREAT, "x", by="RUS", to="USA"), False),
        (event(EventType.ASSAULT, "x", by="RUS", to="USA", speaker="USA"), True),
        (event(EventType.ASSAULT, "x", by="RUS", to="USA", speaker="RUS"), False),
        (event(EventType.THREATEN, "x", by="RUS", to="USA", speaker="RUS"), False),
        (event(EventType.THREATEN, "x", by="RUS", to="USA", speaker="USA"), True),
        (event(EventType.AGREE, "x", by="RUS", to="USA", speaker="RUS"), False),
    ],
    ids=lambda one: f"{one.type} {one.speaker and one.speaker.code}" if isinstance(one, Event) else "",
)
def test_what_a_side_says_in_its_own_cause_is_a_claim_where_the_deed_is_not_said(one: Event, claimed: bool):
    assert dyads.claims(dyads.Dyad(actor="RUS", recipient="USA"), one) is claimed


def test_a_claim_counts_and_does_not_score_until_somebody_else_tells_it():
    """A withdrawal that only Moscow had seen made the week before the invasion a better one."""
    massed = event(EventType.MOBILIZE, "y", by="RUS", to="USA")
    withdrawn = event(EventType.RETREAT, "x", by="RUS", to="USA", speaker="RUS")
    week = [told("a", massed, MONDAY), told("b", withdrawn, MONDAY), told("c", withdrawn, MONDAY + DAY)]
    row = week_of_both(*week)
    assert (row.week.count, row.week.claims, row.week.plover) == (3, 2, massed.plover_score)
    assert row.acts[0] == "a"
    alone = week_of_both(*week[1:])
    assert (alone.week.plover, alone.arrow) == (None, dyads.Arrow.STEADY)
    seen = week_of_both(*week, told("c", replace(withdrawn, speaker=None), MONDAY + 2 * DAY))
    assert (seen.week.claims, seen.week.plover) == (1, (massed.plover_score + withdrawn.plover_score) / 2)


def test_of_attacks_that_others_tell_of_too_the_word_of_the_attacked_scores():
    """In a war most strikes are told by those whom they hit: without them its weeks would look like peace."""
    struck = event(EventType.ASSAULT, "x", by="RUS", to="USA", speaker="USA")
    alone = week_of_both(told("a", TALKS, MONDAY), told("b", struck, MONDAY))
    assert (alone.week.claims, alone.week.plover) == (1, TALKS.plover_score)
    known = week_of_both(told("a", replace(struck, speaker=None), MONDAY - 3 * DAY), told("b", struck, MONDAY))
    assert (known.week.claims, known.week.plover) == (0, struck.plover_score)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2022, 1, 12), date(2022, 1, 10), date(2022, 1, 16)),
        (date(2022, 1, 1), date(2021, 12, 27), date(2022, 1, 2)),
    ],
)
def test_a_week_goes_from_monday_to_sunday_over_the_end_of_a_year(day: date, first: date, last: date):
    assert dyads.week_of(day) == (first, last)


def test_the_week_has_arrows_with_the_acts_behind_them():
    threat = event(EventType.THREATEN, "x", by="RUS", to="USA")
    week = [told("a", TALKS, MONDAY - 3 * DAY), told("b", threat, MONDAY + DAY)]
    rows = {str(row.dyad): row for row in dyads.situation(week, MONDAY)}
    assert rows["RUS→USA"].arrow is dyads.Arrow.DOWN
    assert rows["RUS→USA"].acts == ("b",)
    assert (rows["USA→RUS"].arrow, rows["USA→RUS"].week.count) == (dyads.Arrow.QUIET, 0)
    assert {row.arrow for row in dyads.situation(week[1:], MONDAY)} == {dyads.Arrow.NEW}
    deaf = dyads.situation(week[:1], MONDAY, gaps=[dyads.Gap(first=MONDAY, last=MONDAY + 6 * DAY)])
    assert {(row.arrow, row.week.count) for row in deaf} == {(dyads.Arrow.UNHEARD, None)}


def test_of_dyads_with_as_many_acts_the_gravest_comes_first_and_of_its_acts_the_one_told_most():
    thanks = told("a", event(EventType.SUPPORT, "x", by="AUT", to="UKR"), MONDAY)
    closed = event(EventType.SANCTION, "y", by="USA", to="RUS")
    rows = dyads.situation([thanks, told("b", closed, MONDAY)], MONDAY)
    assert [str(row.dyad) for row in rows] == ["USA→RUS", "AUT→UKR"]
    four = [told(act, closed, MONDAY) for act in ("a", "b", "c", "d", "d")]
    assert dyads.situation(four, MONDAY)[0].acts == ("d", "a", "b")
