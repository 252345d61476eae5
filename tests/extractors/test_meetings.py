"""Meetings from announcement to outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from story_matter import DAY, NOON, PLAN, TALKS, event, ref

from extractors.model import Actor, Place, Precision, When
from extractors.ontology import EventType, Status
from extractors.stories import meetings, moving
from extractors.stories.meant import means
from extractors.stories.outcomes import outcome


def announced(at: datetime = NOON - 5 * DAY) -> meetings.Meeting:
    return meetings.announce(PLAN, ref("a", at=at), at)


def test_a_meeting_lives_from_announcement_to_outcome_and_remembers_each_sentence():
    meeting = announced()
    uid = meeting.uid
    again = replace(PLAN, evidence=replace(PLAN.evidence, quote="Am Montag sprechen beide in Genf über Garantien."))
    meeting = meetings.advance(meeting, again, ref("b", "Abendpost"), NOON - 4 * DAY)
    assert meeting.state is meetings.State.CONFIRMED
    meeting = meetings.advance(meeting, TALKS, ref("c", "Kurierblatt"), NOON)
    assert meeting.state is meetings.State.HELD
    agreed = event(EventType.AGREE, "Beide Seiten vereinbarten weitere Gespräche.", by="RUS USA")
    meeting = outcome(meeting, agreed, ref("c", "Kurierblatt"), NOON)
    assert meeting.outcome == "AGREE: Beide Seiten vereinbarten weitere Gespräche."
    assert meeting.uid == uid
    assert [step.state for step in meeting.history] == ["announced", "confirmed", "held", "held"]
    assert all(step.quote for step in meeting.history)


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("Das Treffen in Genf wird auf Freitag verschoben.", "Genf"),
        ("Die Unterhändler kommen nun am Freitag in Wien zusammen.", "Wien"),
    ],
)
def test_a_moved_meeting_takes_the_new_day_and_a_calendar_learns_of_it(quote, place):
    moved = event(
        EventType.CONSULT,
        quote,
        by="RUS USA",
        day=date(2022, 1, 14),
        status=Status.PLANNED,
        place=place,
    )
    meeting = announced()
    assert means(meeting, moved, ref("b"))
    later = meetings.advance(meeting, moved, ref("b"), NOON - DAY)
    assert (later.state, later.when and later.when.first) == (meetings.State.MOVED, date(2022, 1, 14))
    assert later.sequence == meeting.sequence + 1


@pytest.mark.parametrize(
    ("quote", "state"),
    [
        ("Beide kommen am Donnerstag in Genf zusammen.", meetings.State.CONFIRMED),
        ("Das Treffen in Genf wurde auf Donnerstag verlegt.", meetings.State.MOVED),
    ],
)
def test_a_rough_day_that_becomes_exact_is_not_moved_unless_a_report_says_so(quote, state):
    at_the_end = replace(PLAN, when=When(first=date(2022, 1, 14), last=date(2022, 1, 16), precision=Precision.RANGE))
    exact = event(
        EventType.CONSULT, quote, by="RUS USA", status=Status.PLANNED, day=date(2022, 1, 13), place=PLAN.place.name
    )
    meeting = meetings.announce(at_the_end, ref("a", at=NOON - 5 * DAY), NOON - 5 * DAY)
    later = meetings.advance(meeting, exact, ref("b", "Abendpost"), NOON - DAY)
    assert (later.state, later.when) == (state, exact.when)


@pytest.mark.parametrize(
    ("words", "state"),
    [("Freitag", meetings.State.MOVED), ("Montag", meetings.State.CANCELLED), ("", meetings.State.CANCELLED)],
)
def test_what_is_put_off_to_a_day_is_moved_and_not_called_off(words, state):
    """Read as not taking place, it ended the meeting; the report of the new day then was of none."""
    quote = "Das für Montag geplante Treffen in Genf wurde auf Freitag verschoben."
    off = event(EventType.CONSULT, quote, by="RUS USA", status=Status.NEGATED, day=date(2022, 1, 14), place="Genf")
    off = replace(off, when=replace(off.when, words=words))
    meeting = announced()
    assert means(meeting, off, ref("b"))
    moved = meetings.advance(meeting, off, ref("b"), NOON - DAY)
    assert moved.state is state
    assert meetings.announce(off, ref("b"), NOON).state is (
        meetings.State.ANNOUNCED if words == "Freitag" else meetings.State.CANCELLED
    )
    if state is meetings.State.MOVED:
        held = replace(TALKS, when=off.when)
        assert means(moved, held, ref("c", at=NOON + 4 * DAY))
        assert meetings.advance(moved, held, ref("c", at=NOON + 4 * DAY), NOON).state is meetings.State.HELD


def test_a_report_that_is_read_late_neither_moves_a_meeting_back_nor_revives_it():
    """A first pass reads a feed from its newest entry on, and a recode reads old articles when all is known."""
    plan = replace(
        PLAN, evidence=replace(PLAN.evidence, quote="Am Montag sprechen Unterhändler über Garantien in Genf.")
    )
    moved = event(
        EventType.CONSULT, "Das Treffen in Genf wurde auf Freitag verschoben.", by="RUS USA",
        day=date(2022, 1, 14), status=Status.PLANNED, place="Genf",
    )  # fmt: skip
    off = event(EventType.REJECT, "Moskau hat das Treffen in Genf abgesagt.", by="RUS", to="USA", mode="meet")
    first, then, last = NOON - 5 * DAY, NOON - 3 * DAY, NOON - DAY

    meeting = meetings.advance(announced(first), moved, ref("b", at=last), last)
    back = meetings.advance(meeting, plan, ref("c", "Abendpost", at=then), then)
    assert (back.state, back.when, back.sequence) == (meetings.State.MOVED, moved.when, meeting.sequence)
    assert back.history[-1].reason == "another day in a report that came late"

    gone = meetings.advance(announced(first), off, ref("b", at=last), last)
    assert gone.state is meetings.State.CANCELLED
    again = meetings.advance(gone, plan, ref("c", "Abendpost", at=then), then)
    assert (again.state, again.sequence) == (meetings.State.CANCELLED, gone.sequence)

    anew = meetings.advance(gone, moved, ref("d", at=NOON), NOON)
    assert anew.state is meetings.State.MOVED
    other = replace(
        off, evidence=replace(off.evidence, quote="Die Gespräche in Genf sind abgesagt, teilte Moskau mit.")
    )
    assert meetings.advance(anew, other, ref("e", "Abendpost", at=then), then).state is meetings.State.MOVED


def test_a_meeting_that_was_agreed_on_is_not_held_before_its_day():
    agreed = replace(
        TALKS, status=Status.PAST, when=When(first=date(2022, 1, 14), last=date(2022, 1, 14), precision=Precision.DAY)
    )
    meeting = meetings.announce(agreed, ref("a"), NOON)
    assert meeting.state is meetings.State.ANNOUNCED
    again = meetings.advance(meeting, replace(agreed, when=None), ref("b", at=NOON + DAY), NOON + DAY)
    assert again.state is not meetings.State.HELD
    after = meetings.advance(again, agreed, ref("c", at=NOON + 4 * DAY), NOON + 4 * DAY)
    assert after.state is meetings.State.HELD


@pytest.mark.parametrize(("at", "held"), [("2022-01-13T22:15+00:00", False), ("2022-01-13T23:15+00:00", True)])
def test_the_day_of_a_meeting_begins_at_midnight_in_berlin(at: str, held: bool):
    """A quarter past eleven in the evening is not the day itself; a quarter past midnight is, whatever UTC says."""
    agreed = replace(
        TALKS, when=When(first=date(2022, 1, 14), last=date(2022, 1, 14), precision=Precision.DAY), status=Status.PAST
    )
    told_at = datetime.fromisoformat(at)
    meeting = meetings.announce(agreed, ref("a", at=told_at), told_at)
    assert (meeting.state is meetings.State.HELD) is held


def test_a_meeting_without_a_report_is_overdue_not_held():
    meeting = announced()
    assert meetings.due(meeting, NOON + DAY).state is meetings.State.ANNOUNCED
    overdue = meetings.due(meeting, NOON + 3 * DAY)
    assert overdue.state is meetings.State.OVERDUE
    assert overdue.history[-1].reason == "no report since 2022-01-10"
    assert meetings.due(overdue, NOON + 9 * DAY) == overdue
    assert meetings.advance(overdue, TALKS, ref("late"), NOON + 4 * DAY).state is meetings.State.HELD


@pytest.mark.parametrize(("confidence", "state"), [(0.3, "cancelled"), (0.7, "held")])
def test_what_was_called_off_took_place_only_if_a_report_is_sure_of_it(confidence: float, state: str):
    """Who looks back on how talks burst often reads as if they had been held."""
    off = event(EventType.REJECT, "Moskau sagte das Treffen in Genf ab.", by="RUS", to="USA", mode="meet")
    gone = meetings.advance(announced(), replace(off, when=PLAN.when), ref("b"), NOON - DAY)
    later = meetings.advance(gone, replace(TALKS, confidence=confidence), ref("c"), NOON + DAY)
    assert later.state == state


@pytest.mark.parametrize(
    ("by", "place", "held"), [("RUS USA UKR", "", True), ("RUS USA", "Genf", True), ("RUS USA CHN", "", False)]
)
def test_what_was_called_off_was_not_held_where_some_of_them_met_another(by: str, place: str, held: bool):
    """The talks of three that burst stood in the calendar as held: two of them had spoken with a fourth on that day."""
    off = replace(announced(), parties=frozenset({"RUS", "USA", "UKR"}), state=meetings.State.CANCELLED)
    told = event(EventType.CONSULT, "Beide sprachen am Montag darüber.", by=by, day=date(2022, 1, 10), place=place)
    later = meetings.advance(off, replace(told, confidence=0.9), ref("c"), NOON)
    assert later.state is (meetings.State.HELD if held else meetings.State.CANCELLED)


def test_who_telephones_on_its_day_does_not_hold_the_meeting_in_a_town():
    """After a visit was called off the ministers telephoned, and the visit stood in the calendar as made."""
    call = event(EventType.CONSULT, "Beide telefonierten am Montag.", by="RUS USA", day=PLAN.when.first, mode="phone")
    assert not means(announced(), call, ref("b"))
    assert means(replace(announced(), mode="phone"), call, ref("b"))
    assert not means(replace(announced(), mode="phone"), TALKS, ref("b"))
    assert means(replace(announced(), place=""), call, ref("b"))  # nothing says that they were to travel


@pytest.mark.parametrize("no", [Status.NEGATED, None])
def test_a_cancelled_meeting_is_cancelled_in_the_calendar(no: Status | None):
    off = (
        replace(PLAN, status=no)
        if no
        else event(
            EventType.REJECT,
            "Moskau sagte das Treffen in Genf ab.",
            by="RUS",
            to="USA",
            mode="meet",
            day=date(2022, 1, 10),
        )
    )
    meeting = announced()
    assert means(meeting, off, ref("b"))
    gone = meetings.advance(meeting, off, ref("b"), NOON - DAY)
    assert gone.state is meetings.State.CANCELLED
    assert gone.sequence > meeting.sequence


def test_the_same_report_twice_changes_nothing():
    meeting = meetings.advance(announced(), TALKS, ref("b"), NOON)
    assert meetings.advance(meeting, TALKS, ref("b"), NOON + DAY) == meeting


def test_a_sentence_that_calls_a_meeting_off_neither_announces_nor_holds_it():
    said = "Moskau hat die für Montag geplanten Gespräche mit den USA in Genf abgesagt."
    off = event(EventType.REJECT, said, by="RUS", to="USA", mode="meet", day=date(2022, 1, 10))
    plan = event(EventType.CONSULT, said, by="RUS USA", status=Status.PLANNED, day=date(2022, 1, 10))
    held = event(EventType.CONSULT, said, by="RUS USA")
    anew = event(EventType.CONSULT, said, by="RUS USA", status=Status.PLANNED, day=date(2022, 1, 20))
    elsewhere = event(EventType.CONSULT, said, by="FRA DEU", status=Status.PLANNED)
    assert meetings.telling([plan, off, held, anew, elsewhere]) == (off, anew, elsewhere)
    assert meetings.telling([plan, TALKS]) == (plan, TALKS)


@pytest.mark.parametrize(
    ("known", "told", "last"),
    [
        ("weekday-range", "weekday", date(2022, 1, 12)),
        ("weekday", "weekday-range", date(2022, 1, 12)),
        ("weekend", "weekday", date(2022, 1, 11)),
    ],
)
def test_a_meeting_of_two_days_is_not_cut_to_the_one_on_which_it_is_told_of(known, told, last):
    days = {
        rule: When(first=date(2022, 1, 11), last=date(2022, 1, 12), precision=Precision.RANGE, rule=rule)
        for rule in (known, told)
    }
    days["weekday"] = When(first=date(2022, 1, 11), last=date(2022, 1, 11), precision=Precision.DAY, rule="weekday")
    meeting = meetings.announce(replace(PLAN, when=days[known]), ref("a"), NOON)
    after = meetings.advance(meeting, replace(TALKS, when=days[told]), ref("b", at=NOON + 2 * DAY), NOON + 2 * DAY)
    assert after.when is not None
    assert after.when.last == last


@pytest.mark.parametrize(
    ("first", "then", "town", "one"),
    [
        ("DEU NATO", "NATO UKR", "Brüssel", True),
        ("DEU NATO", "FRA NATO", "Brüssel", True),
        ("NATO RUS", "NATO UKR", "Brüssel", False),
        ("DEU NATO", "NATO UKR", "Vilnius", False),
    ],
)
def test_a_body_that_meets_is_known_by_its_days_and_town_whichever_member_is_named(first, then, town, one):
    plan = {"status": Status.PLANNED, "day": date(2022, 1, 12)}
    known = event(EventType.CONSULT, "Die Runde tagt.", by=first, place="Brüssel", **plan)
    meeting = meetings.announce(known, ref("a"), NOON)
    told = event(EventType.CONSULT, "Am Mittwoch kommt man zusammen.", by=then, place=town, **plan)
    assert means(meeting, told, ref("b")) is one


@pytest.mark.parametrize(
    ("quote", "day", "comes"),
    [
        ("Beide Seiten vereinbarten einen Austausch.", None, False),
        ("Beide Seiten vereinbarten einen Austausch.", date(2022, 1, 10), True),
        ("Nach den Gesprächen vereinbarten beide einen Austausch.", None, True),
    ],
)
def test_what_parties_say_later_came_of_their_meeting_only_where_it_is_said_of_it(quote, day, comes):
    held = meetings.advance(announced(), TALKS, ref("b"), NOON)
    agreed = event(EventType.AGREE, quote, by="RUS USA", day=day)
    told = outcome(held, agreed, ref("c", at=NOON + DAY), NOON + DAY)
    assert bool(told.outcome) is comes


@pytest.mark.parametrize(("mode", "confidence"), [("meet", 0.9), ("", 0.3)])
def test_a_refusal_to_meet_or_an_unsure_sentence_is_not_what_came_of_a_meeting(mode: str, confidence: float):
    held = meetings.advance(announced(), TALKS, ref("b"), NOON)
    refused = event(EventType.REJECT, "Moskau sagte weitere Gespräche ab.", by="RUS", to="USA", mode=mode)
    told = outcome(held, replace(refused, confidence=confidence), ref("b"), NOON)
    assert told.outcome == ""


def test_a_held_meeting_stays_held_whatever_is_announced_late():
    held = meetings.advance(announced(), TALKS, ref("b"), NOON)
    late = replace(PLAN, evidence=replace(PLAN.evidence, quote="Beide wollen am Montag in Genf reden."))
    assert meetings.advance(held, late, ref("c", "Abendpost"), NOON + DAY).state is meetings.State.HELD


def test_another_meeting_of_the_same_parties_is_another_meeting():
    other = replace(PLAN, when=When(first=date(2022, 2, 20), last=date(2022, 2, 20), precision=Precision.DAY))
    assert not means(announced(), other, ref("b"))
    elsewhere = replace(PLAN, place=Place(name="Wien"))
    assert not means(announced(), elsewhere, ref("b"))


@pytest.mark.parametrize("row", moving.MOVED, ids=lambda row: row.name)
def test_each_row_of_words_that_move_a_meeting_reads_its_sentence(row: moving.Moved):
    assert next(one for one in moving.MOVED if one.words.search(row.test)) is row


BEGUN = event(EventType.CONSULT, "Washington und Moskau haben ihre Beratungen aufgenommen.", by="RUS USA")


@pytest.mark.parametrize(
    ("days", "changed", "held"),
    [
        (0, {}, True),
        (1, {}, True),
        (2, {}, False),
        (-1, {}, False),
        (0, {"mode": "phone"}, False),
        (0, {"confidence": 0.4}, False),
        (0, {"actors": (Actor(code="RUS"), Actor(code="CHN"))}, False),
        (0, {"place": Place(name="Wien")}, False),
    ],
)
def test_all_who_were_to_meet_and_are_told_to_have_met_on_its_day_have_met(days: int, changed: dict, held: bool):
    """In words that nobody used before, and without its day: it stood as announced, and then as overdue."""
    told = replace(BEGUN, confidence=0.8)
    told = replace(told, **changed)
    assert means(announced(), told, ref("b", at=NOON + days * DAY)) is held


def test_a_body_meets_where_it_was_to_meet_and_its_host_is_no_guest():
    plan = event(
        EventType.CONSULT, "Die Minister beraten am Montag in Luxemburg.", by="EU", status=Status.PLANNED,
        day=date(2022, 1, 10), place="Luxemburg",
    )  # fmt: skip
    meeting = meetings.announce(plan, ref("a", at=NOON - DAY), NOON - DAY)
    told = event(EventType.CONSULT, "Darauf einigte sich die Runde.", by="EU LUX", place="Luxemburg")
    told = replace(told, place=Place(name="Luxemburg", country="LUX"), confidence=0.8)
    assert not means(meeting, replace(told, place=None), ref("b"))
    assert means(meeting, told, ref("b"))
    held = meetings.advance(meeting, told, ref("b"), NOON)
    assert (held.state, held.parties) == (meetings.State.HELD, {"EU"})


@pytest.mark.parametrize(("first", "then"), [("Europa", "Genf"), ("Schweiz", "Genf"), ("Genf", "Europa")])
def test_a_more_exact_place_is_no_move_and_a_rougher_one_takes_nothing_back(first, then):
    def said(place):
        quote = "Die Runde der beiden Minister wird nun in diese Gegend verlegt."
        day = {"day": date(2022, 1, 14), "status": Status.PLANNED}
        return event(EventType.CONSULT, quote, by="RUS USA", place=place, **day)

    known = meetings.announce(said(first), ref("a"), NOON)
    after = meetings.advance(known, said(then), ref("b", "Abendpost", at=NOON + DAY), NOON + DAY)
    assert (after.state, after.place) == (meetings.State.CONFIRMED, "Genf")
    assert meetings.merge(known, meetings.announce(said(then), ref("b"), NOON)).place == "Genf"


def test_a_meeting_that_moves_to_another_town_is_one_meeting():
    """It was a second one there, and the first became overdue."""
    elsewhere = event(
        EventType.CONSULT, "Beide Seiten verlegen ihre Runde nach Wien.", by="RUS USA", status=Status.PLANNED,
        place="Wien",
    )  # fmt: skip
    meeting = announced()
    assert means(meeting, elsewhere, ref("b", at=NOON - 2 * DAY))
    moved = meetings.advance(meeting, elsewhere, ref("b", at=NOON - 2 * DAY), NOON - 2 * DAY)
    assert (moved.state, moved.place, moved.when) == (meetings.State.MOVED, "Wien", meeting.when)
    assert moved.sequence == meeting.sequence + 1
    silent = replace(elsewhere, evidence=replace(elsewhere.evidence, quote="Beide Seiten reden in Wien."))
    assert not means(meeting, silent, ref("c", at=NOON - 2 * DAY))


@pytest.mark.parametrize(
    ("day", "by", "one"), [(17, "RUS USA", True), (8, "RUS USA", False), (17, "RUS USA CHN", False)]
)
def test_who_comes_only_on_a_later_day_comes_later_than_was_announced(day: int, by: str, one: bool):
    later = event(
        EventType.CONSULT, "Washington und Moskau kommen erst am 17. Januar zusammen.", by=by, status=Status.PLANNED,
        day=date(2022, 1, day), place="Wien",
    )  # fmt: skip
    assert means(announced(), later, ref("b", at=NOON - 4 * DAY)) is one


def test_who_speaks_of_the_meeting_that_is_planned_does_not_take_part_in_it():
    """The chancellor's talk in Kyiv about others' meeting put a meeting of his own beside it into the calendar."""
    spoken = event(
        EventType.CONSULT, "Beide sprachen über das für Montag geplante Treffen in Genf.", by="DEU USA",
        status=Status.PLANNED, day=date(2022, 1, 10), place="Genf",
    )  # fmt: skip
    meeting = announced()
    assert means(meeting, spoken, ref("b", at=NOON - DAY))
    assert meetings.advance(meeting, spoken, ref("b", at=NOON - DAY), NOON).parties == meeting.parties
    own = replace(spoken, evidence=replace(spoken.evidence, quote="Beide treffen sich am Montag in Genf."))
    assert not means(meeting, own, ref("b", at=NOON - DAY))


def test_who_looks_back_on_a_month_does_not_take_its_day_from_a_meeting():
    overdue = meetings.due(announced(), NOON + 3 * DAY)
    month = When(first=date(2022, 1, 1), last=date(2022, 1, 31), precision=Precision.MONTH)
    held = meetings.advance(overdue, replace(TALKS, when=month), ref("late"), NOON + 20 * DAY)
    assert (held.state, held.when) == (meetings.State.HELD, PLAN.when)


def test_that_two_did_not_meet_is_no_meeting_unless_it_was_to_be_on_a_day():
    off = event(EventType.CONSULT, "Moskau und Kiew trafen sich nicht.", by="RUS UKR", status=Status.NEGATED)
    assert not meetings.begins(off)
    assert meetings.begins(replace(off, when=PLAN.when))
    assert meetings.begins(replace(PLAN, when=None))


def test_a_sentence_that_puts_a_meeting_off_to_a_day_moves_it_whichever_way_else_it_is_read():
    said = "Beide haben ihre für Montag geplanten Gespräche in Genf auf Freitag verschoben."
    off = event(EventType.CONSULT, said, by="RUS USA", status=Status.NEGATED, day=date(2022, 1, 10))
    anew = event(EventType.CONSULT, said, by="RUS USA", status=Status.PLANNED, day=date(2022, 1, 14))
    assert meetings.telling([off, anew]) == (anew,)
    assert meetings.telling([off]) == (off,)


def test_one_that_was_called_off_and_is_held_elsewhere_has_the_new_day_and_town_whoever_looks_back():
    quote = "Das für Montag geplante Treffen in Genf ist verschoben worden."
    off = event(EventType.CONSULT, quote, by="RUS USA", status=Status.NEGATED, day=date(2022, 1, 10), place="Genf")
    quote = "Beide Unterhändler kommen nun am Freitag in Wien zusammen."
    new = event(EventType.CONSULT, quote, by="RUS USA", status=Status.PLANNED, day=date(2022, 1, 14), place="Wien")
    first = meetings.advance(announced(), off, ref("b"), NOON - 2 * DAY)
    assert first.state is meetings.State.CANCELLED
    assert means(first, new, ref("b"))
    moved = meetings.advance(first, new, ref("b"), NOON - 2 * DAY)
    again = meetings.advance(moved, off, ref("c", "Abendpost"), NOON - DAY)

    for told in (moved, again):
        assert (told.state, told.when and told.when.first, told.place) == ("moved", date(2022, 1, 14), "Wien")
    assert again.history[-1].reason == "called off for a day that it no longer has"
    assert again.sequence == moved.sequence


def test_what_befalls_a_meeting_is_told_to_who_relied_on_it_and_nothing_else():
    meeting = announced()
    held, off, moved = (replace(meeting, state=meetings.State(state)) for state in ("held", "cancelled", "moved"))
    assert meetings.upset(meeting, held) is None
    assert meetings.upset(meeting, replace(meeting, state=meetings.State.CONFIRMED)) is None
    assert meetings.upset(meeting, off) is meetings.State.CANCELLED
    assert meetings.upset(off, off) is None
    assert meetings.upset(off, meeting) is meetings.State.ANNOUNCED
    assert meetings.upset(meeting, moved) is meetings.State.MOVED
    assert meetings.upset(moved, moved) is None
    assert meetings.upset(moved, replace(moved, place="Bern")) is meetings.State.MOVED


def test_what_is_said_of_one_that_is_off_adds_nobody_to_it():
    """An exchange of prisoners on its day was taken for it, and put two states into the calendar."""
    off = replace(announced(), state=meetings.State.CANCELLED)
    quote = "Der Austausch fand nach Angaben beider Seiten am Montag an der Grenze statt."
    other = replace(event(EventType.CONSULT, quote, by="RUS USA UKR", day=off.when.first), confidence=0.4)
    assert means(off, other, ref("c"))
    told = meetings.advance(off, other, ref("c"), NOON)
    assert (told.state, told.parties, told.words) == (off.state, off.parties, off.words)


@pytest.mark.parametrize(("days", "same"), [(5, True), (60, True), (70, False)])
def test_a_meeting_without_a_day_is_not_waited_for_for_ever(days: int, same: bool):
    """Talks that were planned in autumn stood as held in spring, when others met for talks."""
    known = meetings.announce(replace(PLAN, when=None, place=None), ref("a", at=NOON), NOON)
    told = replace(TALKS, when=None, place=None)
    assert means(known, told, ref("b", at=NOON + days * DAY)) is same
