"""What following a matter over time promises: one act once, ids for ever, nothing guessed, every decision with reasons."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from extractors.model import Actor, Article, Event, Evidence, PartKind, Place, Precision, When
from extractors.ontology import EventType, Status
from extractors.stories import acts, copies, demands, dyads, matters, meetings, voices

NOON = datetime(2022, 1, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def event(
    type_: EventType,
    quote: str,
    *,
    by: str,
    to: str = "",
    status: Status = Status.PAST,
    day: date | None = None,
    until: date | None = None,
    place: str = "",
    speaker: str = "",
    mode: str = "",
) -> Event:
    """A hand-made event; parties are codes separated by blanks."""
    precision = Precision.RANGE if until else Precision.DAY
    return Event(
        type=type_,
        mode=mode,
        status=status,
        actors=tuple(Actor(code=code) for code in by.split()),
        recipients=tuple(Actor(code=code) for code in to.split()),
        when=When(first=day, last=until or day, precision=precision) if day else None,
        place=Place(name=place) if place else None,
        speaker=Actor(code=speaker) if speaker else None,
        evidence=Evidence(start=0, end=len(quote), quote=quote, rule="test"),
    )


def ref(article: str, publisher: str = "Morgenblatt", at: datetime = NOON, **more) -> acts.ArticleRef:
    return acts.ArticleRef(article=article, publisher=publisher, told_at=at, **more)


TALKS = event(
    EventType.CONSULT,
    "In Genf kamen Unterhändler beider Länder zu Gesprächen über Sicherheitsgarantien zusammen.",
    by="RUS USA",
    day=date(2022, 1, 10),
    place="Genf",
)
SAME_TALKS = event(
    EventType.CONSULT,
    "Die Gespräche über Sicherheitsgarantien haben am Montag in Genf begonnen.",
    by="RUS USA",
    day=date(2022, 1, 10),
    place="Genf",
    status=Status.ONGOING,
)
PLAN = event(
    EventType.CONSULT,
    "Am Montag wollen Unterhändler in Genf über Sicherheitsgarantien sprechen.",
    by="RUS USA",
    day=date(2022, 1, 10),
    place="Genf",
    status=Status.PLANNED,
)


# --- acts -------------------------------------------------------------------------------------------------------------


def test_two_houses_tell_of_one_act_and_the_reasons_say_why():
    act = acts.open_act(TALKS, ref("a"))
    found = acts.link(SAME_TALKS, ref("b", "Abendpost"), [act])
    assert (found.act, found.new) == (act.id, False)
    assert any(reason.startswith("day: both 2022-01-10") for reason in found.reasons)
    assert any(reason == "place: Genf" for reason in found.reasons)


def test_an_act_that_nobody_told_before_gets_the_same_id_on_every_machine():
    one, other = (acts.link(TALKS, ref("a"), []) for _ in range(2))
    assert one == other
    assert one.new
    assert acts.open_act(TALKS, ref("a")).id == one.act


def test_the_plan_and_the_deed_are_one_act_and_the_status_moves_on():
    act = acts.open_act(PLAN, ref("a", at=NOON - 3 * DAY))
    found = acts.link(TALKS, ref("b", "Abendpost"), [act])
    grown = acts.absorb(act, TALKS, ref("b", "Abendpost"), found)
    assert not found.new
    assert (grown.id, grown.status) == (act.id, Status.PAST)
    assert acts.absorb(grown, PLAN, ref("c", "Kurierblatt"), found).status is Status.PAST


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (replace(TALKS, actors=(Actor(code="FRA"), Actor(code="TUR"))), "veto: no party in common"),
        (replace(TALKS, type=EventType.SANCTION), "veto: SANCTION is not CONSULT"),
        (
            replace(TALKS, when=When(first=date(2022, 1, 21), last=date(2022, 1, 21), precision=Precision.DAY)),
            "veto: the days are 11 apart",
        ),
    ],
)
def test_what_cannot_be_one_act_is_vetoed_by_name(other: Event, why: str):
    points, reasons = acts.likeness(other, ref("b"), acts.open_act(TALKS, ref("a")))
    assert points < acts.THRESHOLD
    assert reasons == (why,)


def test_who_demands_and_who_is_asked_must_not_change_places():
    asked = event(EventType.REQUEST, "Kiew verlangt von Berlin Panzer.", by="UKR", to="DEU")
    back = event(EventType.REQUEST, "Berlin verlangt von Kiew Reformen.", by="DEU", to="UKR")
    assert acts.link(back, ref("b"), [acts.open_act(asked, ref("a"))]).new


def test_the_war_as_a_whole_is_not_one_strike():
    war = event(EventType.ASSAULT, "Seit der Invasion sind viele geflohen.", by="RUS", to="UKR")
    strike = event(
        EventType.ASSAULT, "Am Morgen traf ein Geschoss ein Kraftwerk in Odessa.", by="RUS", to="UKR", place="Odessa"
    )
    again = event(EventType.ASSAULT, "Nach dem Überfall auf das Nachbarland stiegen die Preise.", by="RUS", to="UKR")
    act = acts.open_act(war, ref("a"))
    assert acts.link(strike, ref("b"), [act]).new
    assert not acts.link(again, ref("c"), [act]).new


@pytest.mark.parametrize(
    "quote",
    [
        "Wegen des russischen Angriffes auf die Ukraine steigen die Preise.",
        "Seit dem Beginn der russischen Angriffe gilt das Kriegsrecht.",
        "Russlands Angriff hat vieles verändert.",
    ],
)
def test_the_war_as_a_whole_is_known_in_every_case(quote: str):
    assert acts.matter(event(EventType.ASSAULT, quote, by="RUS", to="UKR")) == {acts.WAR}


def test_raids_of_one_night_are_not_the_war_as_a_whole():
    raids = event(EventType.ASSAULT, "Bei russischen Angriffen auf Odessa brannte ein Lager.", by="RUS", to="UKR")
    assert acts.WAR not in acts.matter(raids)


def test_a_war_that_is_feared_is_not_the_one_that_is_fought():
    feared = event(
        EventType.ASSAULT,
        "Der Westen rechnet mit einem Einmarsch.",
        by="RUS",
        to="UKR",
        status=Status.HYPOTHETICAL,
    )
    fought = event(EventType.ASSAULT, "Der Einmarsch hat Tausende vertrieben.", by="RUS", to="UKR")
    act = acts.open_act(feared, ref("a"))
    assert acts.link(fought, ref("b"), [act]).new
    assert not acts.link(feared, ref("c"), [act]).new


def test_what_was_told_as_done_is_not_what_was_done_later():
    told = event(EventType.SANCTION, "Die EU verbot die Einfuhr von Stahl aus Russland.", by="EU", to="RUS")
    later = replace(told, when=When(first=date(2022, 1, 13), last=date(2022, 1, 13), precision=Precision.DAY))
    _, why = acts.likeness(later, ref("b", at=NOON + 3 * DAY), acts.open_act(told, ref("a")))
    assert why == ("veto: told as done before its day",)
    # The day of a delivery that is still to come says nothing of when it was promised.
    _, why = acts.likeness(later, ref("b", at=NOON + DAY), acts.open_act(told, ref("a")))
    assert "veto" not in why[0]


def test_a_plan_that_was_told_before_the_day_and_carried_out_stays_one_act():
    promised = replace(PLAN, when=None)
    met = replace(TALKS, when=When(first=date(2022, 1, 13), last=date(2022, 1, 13), precision=Precision.DAY))
    act = acts.open_act(promised, ref("a"))
    act = acts.absorb(act, replace(TALKS, when=None), ref("b", at=NOON + 3 * DAY), acts.link(met, ref("b"), [act]))
    assert acts.likeness(met, ref("c", at=NOON + 3 * DAY), act)[0] >= acts.THRESHOLD


def test_of_equal_candidates_the_older_act_wins_whatever_their_order():
    old = acts.open_act(TALKS, ref("a", at=NOON - DAY))
    young = acts.open_act(TALKS, ref("b", at=NOON))
    for known in ([old, young], [young, old]):
        assert acts.link(SAME_TALKS, ref("c", at=NOON), known).act == old.id


def test_no_act_is_passed_over_that_is_like_enough():
    draw = random.Random(1)
    quotes = (
        TALKS.evidence.quote,
        SAME_TALKS.evidence.quote,
        "Russland griff die Ukraine an.",
        "Der Angriff auf die Ukraine.",
    )

    def any_event() -> Event:
        return event(
            draw.choice(list(EventType)),
            draw.choice(quotes),
            by=draw.choice(["RUS", "USA", "RUS USA", "UKR"]),
            to=draw.choice(["", "UKR", "RUS"]),
            status=draw.choice(list(Status)),
            day=draw.choice([None, date(2022, 1, 10), date(2022, 1, 11)]),
            place=draw.choice(["", "Genf", "Wien"]),
            mode=draw.choice(["", "meet"]),
        )

    for _ in range(2000):
        told, act = any_event(), acts.open_act(any_event(), ref("a"))
        assert acts._at_most(told, act) >= acts.likeness(told, ref("b"), act)[0]


def test_a_report_kept_without_its_fingerprint_is_known_by_that_of_its_article():
    marks = copies.fingerprint(invented(1))
    act = acts.open_act(TALKS, ref("a"))
    found = acts.link(TALKS, ref("b", "Abendpost", fingerprint=marks), [act], {"a": marks})
    assert found.copy_of == "a"
    assert not acts.link(TALKS, ref("b", "Abendpost", fingerprint=marks), [act]).copy_of


def test_copies_are_reports_and_are_marked():
    text = "Unterhändler beider Länder sind am Montag in Genf zu Gesprächen über Garantien zusammengekommen, wie beide Seiten mitteilten."
    marks = copies.fingerprint(text)
    act = acts.open_act(TALKS, ref("a", "Morgenblatt", fingerprint=marks, agencies=("dpa",)))
    found = acts.link(TALKS, ref("b", "Abendpost", at=NOON + DAY / 24, fingerprint=marks, agencies=("dpa",)), [act])
    act = acts.absorb(act, TALKS, ref("b", "Abendpost", fingerprint=marks), found)
    assert found.copy_of == "a"
    own = acts.link(SAME_TALKS, ref("c", "Kurierblatt"), [act])
    act = acts.absorb(act, SAME_TALKS, ref("c", "Kurierblatt"), own)
    assert [(report.article, report.copy_of) for report in act.reports] == [("a", ""), ("b", "a"), ("c", "")]


def test_the_same_report_absorbed_twice_counts_once():
    act = acts.open_act(TALKS, ref("a"))
    again = acts.absorb(act, TALKS, ref("a"), acts.link(TALKS, ref("a"), [act]))
    assert again.reports == act.reports


def test_a_merge_keeps_the_older_id_and_leaves_a_redirect():
    old = acts.open_act(TALKS, ref("a", at=NOON))
    young = acts.open_act(SAME_TALKS, ref("b", at=NOON + DAY))
    merged, redirect = acts.merge(young, old, "a reviewer said so")
    assert merged.id == old.id
    assert acts.follow(young.id, [redirect]) == old.id
    assert {report.article for report in merged.reports} == {"a", "b"}
    with pytest.raises(ValueError, match="circle"):
        acts.follow("x", [acts.Redirect(gone="x", into="y", reason=""), acts.Redirect(gone="y", into="x", reason="")])


def test_candidates_are_asked_for_by_party_and_days_around_report_and_act():
    parties, first, last = acts.candidates(PLAN, ref("a", at=NOON - 3 * DAY))
    assert parties == {"RUS", "USA"}
    assert first < date(2022, 1, 7) < date(2022, 1, 10) < last


# --- copies -----------------------------------------------------------------------------------------------------------

LETTERS = "abcdefghijklmnop"


def invented(seed: int, words: int = 260) -> str:
    """A text of invented words: different seeds share nothing."""
    rng = random.Random(seed)
    vocabulary = ["".join(rng.choices(LETTERS, k=rng.randint(3, 9))) for _ in range(400)]
    return " ".join(rng.choices(vocabulary, k=words))


def test_an_agency_copy_shares_its_marks_though_a_house_cut_and_changed_it():
    text = invented(1).split()
    other = [*invented(2, 20).split(), *text[:80], "neu", *text[95:230]]
    assert copies.overlap(*(copies.fingerprint(" ".join(words)) for words in (text, other))) >= copies.COPIED


def test_texts_that_share_nothing_or_one_quotation_are_no_copies():
    quotation = " " + invented(3, 40)
    for one, other in ((invented(1), invented(2)), (invented(1) + quotation, invented(2) + quotation)):
        assert copies.overlap(copies.fingerprint(one), copies.fingerprint(other)) < copies.SUSPECT


@pytest.mark.parametrize("text", ["", "Nur drei Worte", "eins zwei drei vier fünf"])
def test_short_texts_have_short_fingerprints_and_overlap_nothing_else(text: str):
    assert len(copies.fingerprint(text)) <= 1
    assert copies.overlap(copies.fingerprint(text), copies.fingerprint(invented(5))) == 0.0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Genf (dpa) - Die Gespräche haben begonnen.", ("dpa",)),
        ("Die Gespräche haben begonnen.\nQuelle: dpa, AFP", ("dpa", "AFP")),
        ("Die Gespräche haben begonnen. (APA/Reuters)", ("Reuters", "APA")),
        ("Das sagte er der Nachrichtenagentur Reuters am Montag in einem langen Gespräch über die Lage.", ()),
        ("Wie die AFP berichtete, haben die Gespräche am Montag in Genf nach langem Zögern begonnen.", ()),
    ],
)
def test_agencies_are_credited_not_merely_cited(text: str, named: tuple[str, ...]):
    assert copies.agencies(text) == named


# --- stories ----------------------------------------------------------------------------------------------------------


def article(
    key: str, headline: str, text: str, *, at: datetime = NOON, told: frozenset[str] = frozenset()
) -> matters.Features:
    page = Article.compose(url=key, headline=headline, body=((PartKind.PARAGRAPH, text),), publisher=f"Haus {key}")
    return matters.features(page, key=key, told_at=at, acts=told)


GENEVA = article(
    "a", "Gespräche in Genf", "Unterhändler sprechen in Genf über Sicherheitsgarantien und Raketen in Osteuropa."
)
GENEVA_2 = article(
    "b",
    "Genfer Gespräche ohne Ergebnis",
    "Die Unterhändler haben in Genf keine Einigung über Raketen und Sicherheitsgarantien erzielt.",
    at=NOON + DAY,
)
GRAIN = article(
    "c",
    "Getreidefrachter verlässt Hafen",
    "Ein Frachter mit Mais hat den Hafen verlassen, das Getreide geht nach Afrika.",
)


def test_articles_of_one_matter_gather_and_another_matter_begins_its_own_story():
    story = matters.begin(GENEVA)
    found = matters.assign(GENEVA_2, [story])
    assert (found.story, found.new) == (story.id, False)
    assert "words: " in found.reason
    assert matters.assign(GRAIN, [story]).new


def test_clustering_is_the_same_whatever_the_order_of_the_open_stories():
    one, other = matters.begin(GENEVA), matters.begin(GRAIN)
    assert matters.assign(GENEVA_2, [one, other]) == matters.assign(GENEVA_2, [other, one])


def test_a_story_closes_after_a_week_of_silence():
    late = replace(GENEVA_2, told_at=NOON + 9 * DAY)
    assert matters.assign(late, [matters.begin(GENEVA)]).new


def test_a_new_version_stays_in_its_story():
    story = matters.begin(GENEVA)
    rewritten = replace(GRAIN, article="a")
    assert matters.assign(rewritten, [story]).story == story.id
    assert len(matters.join(story, rewritten, matters.assign(rewritten, [story])).members) == 1


def test_what_is_new_since_leaves_out_copies_and_acts_told_before():
    first, second = frozenset({"act_1"}), frozenset({"act_1", "act_2"})
    story = matters.begin(replace(GENEVA, acts=first))
    for key, hours, told, copy_of in (
        ("b", 1, first, ""),
        ("d", 2, second, "a"),
        ("e", 3, second, ""),
        ("f", 4, second, ""),
    ):
        one = replace(GENEVA_2, article=key, told_at=NOON + timedelta(hours=hours), acts=told)
        story = matters.join(story, one, matters.Assigned(story=story.id, new=False, likeness=1, reason=""))
        *others, last = story.members
        story = replace(story, members=(*others, replace(last, copy_of=copy_of)))
    assert [member.article for member in matters.new_since(story, NOON)] == []
    story = replace(story, members=tuple(m for m in story.members if m.article != "d"))
    assert [member.article for member in matters.new_since(story, NOON)] == ["e"]


def test_stories_that_grew_into_one_are_named_with_the_older_staying():
    one = matters.begin(GENEVA)
    other = replace(matters.begin(replace(GENEVA, article="z", told_at=NOON + DAY)))
    assert [(gone, into) for gone, into, _ in matters.merges([other, one])] == [(other.id, one.id)]


# --- meetings ---------------------------------------------------------------------------------------------------------


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
    meeting = meetings.outcome(meeting, agreed, ref("d", at=NOON + DAY), NOON + DAY)
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
    means, reason = meetings.means(meeting, moved, ref("b"))
    assert means
    assert "moved" in reason
    later = meetings.advance(meeting, moved, ref("b"), NOON - DAY)
    assert (later.state, later.when and later.when.first) == (meetings.State.MOVED, date(2022, 1, 14))
    assert later.sequence == meeting.sequence + 1


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
    assert meetings.means(meeting, off, ref("b"))[0]
    moved = meetings.advance(meeting, off, ref("b"), NOON - DAY)
    assert moved.state is state
    assert meetings.announce(off, ref("b"), NOON).state is (
        meetings.State.ANNOUNCED if words == "Freitag" else meetings.State.CANCELLED
    )
    if state is meetings.State.MOVED:
        held = replace(TALKS, when=off.when)
        assert meetings.means(moved, held, ref("c", at=NOON + 4 * DAY))[0]
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
    assert meetings.means(meeting, off, ref("b"))[0]
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


@pytest.mark.parametrize(("mode", "confidence"), [("meet", 0.9), ("", 0.3)])
def test_a_refusal_to_meet_or_an_unsure_sentence_is_not_what_came_of_a_meeting(mode: str, confidence: float):
    held = meetings.advance(announced(), TALKS, ref("b"), NOON)
    refused = event(EventType.REJECT, "Moskau sagte weitere Gespräche ab.", by="RUS", to="USA", mode=mode)
    told = meetings.outcome(held, replace(refused, confidence=confidence), ref("c", at=NOON + DAY), NOON + DAY)
    assert told.outcome == ""


def test_a_held_meeting_stays_held_whatever_is_announced_late():
    held = meetings.advance(announced(), TALKS, ref("b"), NOON)
    late = replace(PLAN, evidence=replace(PLAN.evidence, quote="Beide wollen am Montag in Genf reden."))
    assert meetings.advance(held, late, ref("c", "Abendpost"), NOON + DAY).state is meetings.State.HELD


def test_another_meeting_of_the_same_parties_is_another_meeting():
    other = replace(PLAN, when=When(first=date(2022, 2, 20), last=date(2022, 2, 20), precision=Precision.DAY))
    assert not meetings.means(announced(), other, ref("b"))[0]
    elsewhere = replace(PLAN, place=Place(name="Wien"))
    assert not meetings.means(announced(), elsewhere, ref("b"))[0]


# --- demands ----------------------------------------------------------------------------------------------------------

DEMAND = event(
    EventType.REQUEST, "Moskau fordert von der Allianz schriftliche Sicherheitsgarantien.", by="RUS", to="NATO"
)
REFUSAL = event(
    EventType.REJECT, "Die Allianz weist die Forderung nach Sicherheitsgarantien zurück.", by="NATO", to="RUS"
)
CONDITION = event(
    EventType.AGREE, "Die Allianz ist zu Sicherheitsgarantien bereit, wenn die Truppen abziehen.", by="NATO", to="RUS"
)


def test_the_ledger_tells_who_demanded_who_refused_and_in_which_words():
    (row,) = demands.ledger([(REFUSAL, ref("b", at=NOON + DAY)), (DEMAND, ref("a"))])
    assert (row.demanders, row.addressees, row.answer) == ({"RUS"}, {"NATO"}, demands.Answer.REFUSED)
    assert [entry.quote for entry in row.entries] == [DEMAND.evidence.quote, REFUSAL.evidence.quote]


def test_a_condition_is_told_apart_from_the_refusal_before():
    reports = [(DEMAND, ref("a")), (REFUSAL, ref("b", at=NOON + DAY)), (CONDITION, ref("c", at=NOON + 2 * DAY))]
    (row,) = demands.ledger(reports)
    assert row.answer is demands.Answer.CONDITIONED
    assert demands.ledger(reports[:2])[0].answer is demands.Answer.REFUSED


def test_an_answer_that_is_read_late_is_not_the_last_word():
    """A first pass reads newest first, and a recode reads old articles when all is known."""
    rows = demands.ledger([(DEMAND, ref("a")), (CONDITION, ref("c", at=NOON + 2 * DAY))])
    (row,) = demands.ledger([(REFUSAL, ref("b", at=NOON + DAY))], rows)
    assert row.answer is demands.Answer.CONDITIONED
    assert len(row.entries) == 3


def test_running_the_ledger_again_changes_nothing():
    reports = [(DEMAND, ref("a")), (REFUSAL, ref("b", at=NOON + DAY))]
    rows = demands.ledger(reports)
    assert demands.ledger(reports, rows) == rows


def test_a_repetition_is_an_entry_and_another_matter_a_row_of_its_own():
    again = replace(
        DEMAND, evidence=replace(DEMAND.evidence, quote="Moskau verlangt erneut schriftliche Sicherheitsgarantien.")
    )
    other = event(EventType.REQUEST, "Moskau verlangt den Abzug aller Raketen.", by="RUS", to="NATO")
    rows = demands.ledger([(DEMAND, ref("a")), (again, ref("b", at=NOON + DAY)), (other, ref("c", at=NOON + DAY))])
    assert [len(row.entries) for row in rows] == [2, 1]


def test_an_answer_of_somebody_else_answers_nothing():
    stranger = replace(REFUSAL, actors=(Actor(code="BRA"),))
    (row,) = demands.ledger([(DEMAND, ref("a")), (stranger, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.OPEN


def test_who_demands_does_not_refuse_it_himself():
    """The Kremlin's refusal of another demand was told as the answer to its own."""
    own = event(EventType.REJECT, "Moskau wies die Forderung nach Sicherheitsgarantien zurück.", by="RUS")
    (row,) = demands.ledger([(DEMAND, ref("a")), (own, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.OPEN


def test_a_name_and_an_office_in_common_make_no_answer():
    """What the secretary general promised to others was told as conceded to whoever had demanded something of her."""
    head = Actor(code="NATO", name="Maren Osterloh", office="Generalsekretärin")
    asked = replace(
        event(EventType.REQUEST, "Von Generalsekretärin Maren Osterloh verlangte Moskau Garantien.", by="RUS"),
        recipients=(head,),
    )
    promised = replace(
        event(EventType.AGREE, "Generalsekretärin Maren Osterloh versprach Kiew greifbare Ergebnisse.", by="NATO"),
        actors=(head, Actor(code="UKR")),
    )
    (row,) = demands.ledger([(asked, ref("a")), (promised, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.OPEN


def test_one_word_in_common_answers_who_is_named_alone():
    asked = event(EventType.REQUEST, "Moskau hat Kolbe ein Gespräch vorgeschlagen.", by="RUS", to="DEU")
    elsewhere = event(EventType.AID, "Berlin werde Generatoren liefern, kündigte Kolbe an.", by="DEU", to="UKR")
    back = event(EventType.REJECT, "Kolbe nannte das russische Angebot unzureichend.", by="DEU", to="RUS")
    (row,) = demands.ledger([(asked, ref("a")), (elsewhere, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.OPEN
    (row,) = demands.ledger([(asked, ref("a")), (back, ref("b", at=NOON + DAY))])
    assert row.answer is demands.Answer.REFUSED


# --- dyads ------------------------------------------------------------------------------------------------------------

MONDAY = date(2022, 1, 10)
SERIES = dyads.Dyad(actor="RUS", recipient="USA")


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


def test_an_act_counts_once_however_many_report_it():
    points = dyads.series([told("a", TALKS, MONDAY), told("a", SAME_TALKS, MONDAY)], SERIES, first=MONDAY, last=MONDAY)
    assert [(p.count, p.acts) for p in points] == [(1, ("a",))]


def test_silence_is_a_zero_and_a_dead_feed_is_a_gap():
    gap = dyads.Gap(first=MONDAY, last=MONDAY, what="feed")
    points = dyads.series([], SERIES, first=MONDAY, last=MONDAY + DAY, step=dyads.Step.DAY, gaps=[gap])
    assert [point.count for point in points] == [None, 0]


def test_plans_and_statements_do_not_score():
    statement = event(EventType.STATE, "x", by="RUS", to="USA")
    points = dyads.series([told("a", PLAN, MONDAY), told("b", statement, MONDAY)], SERIES, first=MONDAY, last=MONDAY)
    assert [(p.count, p.plover) for p in points] == [(1, None)]


@pytest.mark.parametrize(
    ("day", "step", "first", "last"),
    [
        (date(2022, 1, 12), dyads.Step.WEEK, date(2022, 1, 10), date(2022, 1, 16)),
        (date(2022, 1, 1), dyads.Step.WEEK, date(2021, 12, 27), date(2022, 1, 2)),
        (date(2024, 2, 29), dyads.Step.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        (date(2021, 12, 31), dyads.Step.MONTH, date(2021, 12, 1), date(2021, 12, 31)),
    ],
)
def test_stretches_follow_the_calendar(day: date, step: dyads.Step, first: date, last: date):
    assert dyads.stretch(day, step) == (first, last)


def test_the_week_has_arrows_with_the_acts_behind_them():
    threat = event(EventType.THREATEN, "x", by="RUS", to="USA")
    week = [told("a", TALKS, MONDAY - 3 * DAY), told("b", threat, MONDAY + DAY)]
    rows = {str(row.dyad): row for row in dyads.situation(week, MONDAY)}
    assert rows["RUS→USA"].arrow is dyads.Arrow.DOWN
    assert rows["RUS→USA"].acts == ("b",)
    assert rows["USA→RUS"].arrow is dyads.Arrow.QUIET
    assert {row.arrow for row in dyads.situation(week[1:], MONDAY)} == {dyads.Arrow.NEW}
    deaf = dyads.situation(week[:1], MONDAY, gaps=[dyads.Gap(first=MONDAY, last=MONDAY + 6 * DAY)])
    assert {row.arrow for row in deaf} == {dyads.Arrow.UNHEARD}


# --- voices -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "speaker", "grade"),
    [
        ("Russland zieht Truppen zusammen.", "", voices.Commitment.STATED),
        ("Russland soll Truppen zusammengezogen haben.", "", voices.Commitment.HEDGED),
        ("Nach Angaben aus Kiew zieht Russland Truppen zusammen.", "", voices.Commitment.REPORTED),
        ("Russland habe Truppen zusammengezogen.", "", voices.Commitment.REPORTED),
        ("Russland zieht Truppen zusammen.", "UKR", voices.Commitment.REPORTED),
        ("Die angeblichen Truppen gibt es nicht.", "", voices.Commitment.DOUBTED),
    ],
)
def test_commitment_is_graded_by_named_rows(quote: str, speaker: str, grade: voices.Commitment):
    found, rule = voices.commitment(event(EventType.MOBILIZE, quote, by="RUS", to="UKR", speaker=speaker))
    assert found is grade
    assert rule


def voiced(one: Event, day: date, *, act: str = "act", article: str = "a") -> voices.Voiced:
    return voices.Voiced(event=one, act=act, day=day, article=article)


def test_the_meter_keeps_each_voice_with_its_sentence():
    said = event(EventType.MOBILIZE, "Russland ziehe Truppen zusammen.", by="RUS", speaker="UKR")
    stated = event(EventType.MOBILIZE, "Russland zieht Truppen zusammen.", by="RUS")
    doubted = event(EventType.MOBILIZE, "Den angeblichen Aufmarsch gebe es nicht.", by="RUS", speaker="RUS")
    (row,) = voices.mode_meter([voiced(stated, MONDAY), voiced(said, MONDAY), voiced(doubted, MONDAY + DAY)])
    assert dict(row.voices) == {
        "": voices.Commitment.STATED,
        "UKR": voices.Commitment.REPORTED,
        "RUS": voices.Commitment.DOUBTED,
    }
    assert row.contested
    assert len(row.sentences) == 3


@pytest.mark.parametrize(
    ("quote", "felt"),
    [
        ("Der Unterhändler dämpfte die Erwartungen.", voices.Mood.DAMPENED),
        ("Es gebe keine Fortschritte.", voices.Mood.DAMPENED),
        ("Man sei zuversichtlich.", voices.Mood.HOPEFUL),
        ("Die Lage sei nicht aussichtslos.", voices.Mood.HOPEFUL),
        ("Die Aussichten auf eine Einigung seien gering.", voices.Mood.DAMPENED),
        ("Die Delegation traf am Abend ein.", voices.Mood.OPEN),
    ],
)
def test_moods_are_read_with_their_negation(quote: str, felt: voices.Mood):
    assert voices.mood(quote)[0] is felt


WORDED = {
    "distance": "angeblich|die angeblichen Pläne|vorgeblich|man behauptet|der vermeintliche Brief|die sogenannte Zone|er will nichts haben",
    "source": "laut Kreml|Berlin zufolge|nach Angaben|nach eigener erster Darstellung|nach Einschätzungen|Angaben aus Kiew|wie Prag mitteilte",
    "konjunktiv-1": "sei|seien|habe|werde|wolle|müsse|könne|dürfe|solle",
    "hedge": "soll|sollen|offenbar|mutmaßlich|mutmaßliche|anscheinend|wohl|womöglich|möglicherweise|könnten|dürfte|Berichten",
    "no-progress": "kein Fortschritt|ohne Durchbruch|nicht zur Annäherung|kaum Einigung|wenig optimistisch|kein Grund zur Hoffnung"
    "|nie ein Grund zu Optimismus|nicht zuversichtlich|ohne ein Ergebnis|kaum Bewegung",
    "not-hopeless": "nicht aussichtslos|nicht hoffnungslos|keineswegs pessimistisch|nicht gescheitert",
    "dampens": "dämpfte alle Erwartungen|gedämpft|die Aussichten sind gering|pessimistisch|skeptisch|schwierige Lage|eine Sackgasse"
    "|festgefahren|aussichtslos|gescheiterte Treffen|enttäuscht|tiefer Graben|tiefe Gräben|tiefen Differenzen|eine geringe Chance"
    "|ernüchternd|zweifelhaft",
    "hopes": "zuversichtlich|optimistisch|Fortschritte|konstruktive Stunden|ein Durchbruch|eine Annäherung|hoffnungsvoll|ermutigend"
    "|gute Signale|gutes Gespräch|vielversprechend|ein Lichtblick|näherkommen|nähergekommen",
}
"""For each row of words of the two views sentences that it finds, one for each of its words."""
ROWS = (*voices.CUES, *voices.MOODS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_of_words_knows_the_beginnings_of_all_that_it_finds(row: voices.Words):
    said = [f"Am Abend hieß es: {words}." for words in WORDED[row.name].split("|")]
    said += [each.upper() for each in said if row.pattern.flags & re.IGNORECASE]
    assert [each for each in said if not row.in_(each, each.lower())] == []
    assert [each for each in row.beginnings if not any(each in one.lower() for one in said)] == []


def test_a_row_of_words_finds_what_its_pattern_finds():
    chance = random.Random(5)
    words = [*" ".join(WORDED.values()).replace("|", " ").split(), "nicht", "Kein", "und", "Frieden,", "gut", "Seil"]
    for _ in range(2000):
        said = " ".join(chance.choice((str.title, str.lower, str))(each) for each in chance.choices(words, k=6))
        found = {row.name for row in ROWS if row.in_(said, said.lower())}
        assert found == {row.name for row in ROWS if row.pattern.search(said)}, said


def test_the_barometer_shows_each_side_before_and_after_and_how_far_apart_they_are():
    before = event(EventType.STATE, "Man erwarte schwierige Gespräche.", by="RUS", speaker="RUS")
    hope = event(EventType.STATE, "Es gebe Fortschritte.", by="USA", speaker="USA")
    gloom = event(EventType.STATE, "Die Gespräche stecken in einer Sackgasse.", by="RUS", speaker="RUS")
    days = [voiced(before, MONDAY - DAY), voiced(hope, MONDAY + DAY), voiced(gloom, MONDAY + DAY)]
    read = voices.barometer(days, MONDAY)
    assert [(r.side, r.mean) for r in read.before] == [("RUS", -1.0)]
    assert {r.side: r.mean for r in read.after} == {"USA": 1.0, "RUS": -1.0}
    assert read.divergence == 2.0
    assert read.after[0].sentences[0].quote


def test_a_words_rarity_decides_between_two_matters_of_one_war():
    """What every report of the war says joins nothing; the table holds no empty word, and no weight below nothing."""
    rare = matters.rarities()
    assert len(rare) > 1000
    assert all(stem and 0.0 <= weight < 5.0 for stem, weight in rare.items())
    assert rare["krieg"] < 1.0 < rare["getreid"]
