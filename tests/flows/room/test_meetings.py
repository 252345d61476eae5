"""Meetings and demands in the reading room."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import icalendar
import pytest
from room_matter import LASTED, MET, NOW, REFUSED, UKR, article, event, keep, unsure_ones
from visiting import TestClient

from extractors.ontology import EventType, Status
from flows.web.app import create_app
from storage import queries
from storage.archive import opened
from storage.engine import reading
from storage.queries import EventFilter
from storage.tracking import Change, Demand, Meeting


def test_a_demand_says_how_sure_its_surest_sentence_is(client, engine):
    of = article(70)
    asked, answered = event(of, MET, EventType.REQUEST, confidence=0.31), event(of, REFUSED, EventType.REJECT)
    keep(engine, 70, of, asked, answered)
    with opened(engine) as archive:
        demand = Demand(uid="demand_2", state="open", demanders=("RUS",), addressees=("NATO",), content=MET)
        steps = [Change(at=NOW, state="open", event=asked.id, quote=MET)]
        archive.tracking.save_demand(demand, steps, NOW)
    assert "unsicher 31 %" in client.get("/demands").text
    with opened(engine) as archive:
        archive.tracking.save_demand(demand, [Change(at=NOW, state="refused", event=answered.id, quote=REFUSED)], NOW)
    assert "sicher 80 %" in client.get("/demands").text
    assert "sicher 80 %" in client.get("/actors/RUS").text


def test_a_step_that_is_unsure_says_so_beside_a_surer_one(client, engine):
    """A demand was "refused, 84 % sure" where only the demand was, and the refusal a guess."""
    of = article(71)
    asked, answered = event(of, MET, EventType.REQUEST), event(of, REFUSED, EventType.REJECT, confidence=0.38)
    keep(engine, 71, of, asked, answered)
    demand = Demand(uid="demand_2", state="refused", demanders=("UKR",), addressees=("RUS",), content=MET)
    meeting = Meeting(uid="meeting_2", state="cancelled", parties=("UKR",), day_first=NOW.date(), day_last=NOW.date())
    with opened(engine) as archive:
        steps = [
            Change(at=NOW, state="open", by="UKR", event=asked.id, quote=MET),
            Change(at=NOW, state="refused", by="RUS", event=answered.id, quote=REFUSED),
        ]
        archive.tracking.save_demand(demand, steps, NOW)
        announced = replace(steps[0], state="announced", by="")
        archive.tracking.save_meeting(meeting, [announced, replace(steps[1], state="cancelled", by="")], NOW)
    told = client.get("/demands?party=UKR").text.split('id="demand_2"')[1].split("</article>")[0]
    assert re.findall(r"(?:un)?sicher \d+ %", told) == ["unsicher 38 %", "sicher 80 %"]
    line = client.get("/calendar?party=UKR").text.split('id="meeting_2"')[1].split("</article>")[0]
    assert re.findall(r"(?:un)?sicher \d+ %", line) == ["unsicher 38 %", "unsicher 38 %"]


def test_a_meeting_whose_day_is_over_without_a_report_is_overdue_at_once(room, engine):
    """Not only after the nightly flow has noted it: in the room, its calendar and for who asks by state."""
    for days, state in ((3, "announced"), (8, "overdue")):
        then = NOW + timedelta(days=days)
        with TestClient(create_app(replace(room, now=lambda then=then: then))) as client:
            overdue = "Überfällig ohne Bericht" in client.get("/calendar").text
            assert overdue == (state == "overdue")
        with reading(engine) as connection:
            assert [each.state for each in queries.meetings(connection, now=then)] == [state]
            assert len(queries.meetings(connection, now=then, states=["overdue"])) == (state == "overdue")
            assert queries.meetings(connection, now=then, states=["announced"], limit=1) == (
                queries.meetings(connection, limit=1) if state == "announced" else ()
            )


def test_a_calendar_of_many_meetings_has_those_to_come(client, engine):
    """They are asked for in the order of their days: whatever is cut off is cut off at the end, where they stand."""
    with opened(engine) as archive:
        for number in range(600):
            day = date(2030, 12, 1) + timedelta(days=number % 60)
            past = Meeting(uid=f"past_{number}", state="held", parties=("RUS",), day_first=day, day_last=day)
            archive.tracking.save_meeting(past, [], NOW)
    assert 'id="meeting_1"' in client.get("/calendar").text
    assert "UID:meeting_1@depesche" in client.get("/calendar.ics").text


def test_the_calendar_leaves_out_meetings_that_nobody_is_sure_of(client, engine):
    unsure_ones(engine)
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("ACCUSE",)))[0].uid
    meeting = Meeting(uid="meeting_2", state="announced", parties=("UKR",), day_first=NOW.date(), day_last=NOW.date())
    with opened(engine) as archive:
        archive.tracking.save_meeting(meeting, [Change(at=NOW, state="announced", quote=MET, event=uid)], NOW)
    page = client.get("/calendar").text
    assert "meeting_2" not in page
    assert "1 weniger sicherer Termin (unter 50 %) nicht gezeigt" in page
    assert "meeting_2" in client.get("/calendar?unsure=1").text
    assert "meeting_2" in client.get("/calendar.ics").text
    with opened(engine) as archive:
        archive.review.correct(uid, "right", "Ada", NOW)
    assert "meeting_2" in client.get("/calendar").text


def test_what_is_due_stands_first_and_the_latest_overdue_before_older_ones(client, engine):
    with opened(engine) as archive:
        for name, day in (("early", date(2031, 2, 3)), ("late", date(2031, 3, 3))):
            meeting = Meeting(uid=name, state="overdue", title=name, day_first=day, day_last=day)
            archive.tracking.save_meeting(meeting, [], NOW)
        for name, day in (("second", date(2031, 3, 6)), ("first", date(2031, 3, 4))):
            meeting = Meeting(uid=name, state="held", title=name, day_first=day, day_last=day)
            archive.tracking.save_meeting(meeting, [], NOW)
    page = client.get("/calendar").text
    places = [page.index(each) for each in ("Kommende Termine", "Überfällig ohne Bericht", 'id="late"', 'id="early"')]
    assert places == sorted(places)
    week = client.get("/lage?week=2031-02-24").text
    assert week.index('id="first"') < week.index('id="second"')


def test_a_step_that_many_papers_print_in_the_same_words_stands_once(client, engine):
    demand = Demand(uid="demand_3", state="refused", demanders=("UKR",), addressees=("NATO",), content="Mehr davon.")
    steps = [Change(at=NOW, state="open", quote="Mehr davon.", article_id=1)]
    steps += [Change(at=NOW, state="refused", by="NATO", quote=REFUSED, article_id=n) for n in (1, 1, 2, 3)]
    with opened(engine) as archive:
        archive.tracking.save_demand(demand, steps, NOW)
    entry = client.get("/demands?party=UKR").text.split('id="demand_3"')[1].split("</article>")[0]
    assert entry.count(REFUSED) == 1
    assert re.findall(r'href="/articles/(\d)"', entry) == ["1", "2", "3", "1"]


def test_the_calendar_asks_for_a_party_in_a_form(client):
    text = client.get("/calendar?party=russland").text
    assert 'name="party" type="text" value="russland"' in text
    assert "meeting_1" in text
    assert "meeting_1" not in client.get("/calendar?party=UKR").text


def moved_and_off(engine) -> None:
    """A meeting that was moved to another day and town and then called off, and of which an article still speaks."""
    eighth, ninth = date(2031, 3, 18), date(2031, 3, 19)
    meeting = Meeting(uid="meeting_5", state="cancelled", parties=("RUS", "UKR"), day_first=ninth, day_last=ninth)
    steps = [
        Change(at=NOW, state="announced", day_first=eighth, day_last=eighth, place="Genf", quote="Man trifft sich."),
        Change(at=NOW, state="moved", day_first=ninth, day_last=ninth, place="Wien", quote="Man trifft sich in Wien."),
        Change(at=NOW, state="cancelled", quote="Man sagte ab.", event="one", article_id=1),
        Change(at=NOW, state="cancelled", quote="Man sagte ab.", event="two", article_id=1),
        Change(at=NOW, state="cancelled", quote="Es sollte um Gas gehen.", reason="spoken of after it was called off"),
    ]
    with opened(engine) as archive:
        archive.tracking.save_meeting(meeting, steps, NOW)


def test_a_meeting_tells_of_each_step_its_day_and_each_sentence_once(client, engine):
    """From which day it was moved to which stood nowhere; a sentence with two readings stood there twice."""
    moved_and_off(engine)
    line = client.get("/calendar").text.partition('id="meeting_5"')[2].partition("</article>")[0]
    assert re.findall(r'<span class="strong">([^<]*)</span>', line) == ["Di 18.03.2031, Genf", "Mi 19.03.2031, Wien"]
    assert "Verlauf (4)" in line


def test_a_meeting_is_headed_by_what_says_how_it_stands(client, engine):
    """Above "called off" stood a sentence of another matter, which only came later."""
    moved_and_off(engine)
    line = client.get("/calendar").text.partition('id="meeting_5"')[2].partition("<details>")[0]
    assert "Man sagte ab." in line
    assert "Es sollte um Gas gehen." not in line


def test_what_came_of_a_meeting_stands_below_the_sentence_that_says_it_was_held(client, engine):
    """ "Moskau lehnte das Ansinnen ab." stood alone above a meeting in Vienna, of which the reader did not learn that it was held."""
    day = date(2031, 3, 7)
    meeting = Meeting(
        uid="meeting_6", state="held", parties=("NATO", "RUS"), day_first=day, outcome=f"REJECT: {REFUSED}"
    )
    steps = [
        Change(at=NOW, state="held", quote=MET, reason="reported as held"),
        Change(at=NOW, state="held", quote=REFUSED, reason="outcome: REJECT"),
    ]
    with opened(engine) as archive:
        archive.tracking.save_meeting(replace(meeting, day_last=day), steps, NOW)
    line = client.get("/calendar").text.partition('id="meeting_6"')[2].partition("<details>")[0]
    assert re.findall(r'<q class="evidence">(.*?)</q>', line) == [MET]
    assert f"Ergebnis: Ablehnung: {REFUSED}" in line


def test_a_demand_says_when_it_was_made_and_not_when_we_read_of_it(client, engine):
    """What was refused at one seemed to be demanded at five, when the archive had first heard of it."""
    demand = Demand(uid="demand_4", state="refused", demanders=("UKR",), addressees=("NATO",), content="Mehr davon.")
    steps = [
        Change(at=NOW - timedelta(hours=4), state="open", by="UKR", quote="Mehr davon."),
        Change(at=NOW - timedelta(hours=3), state="refused", by="NATO", quote=REFUSED),
    ]
    with opened(engine) as archive:
        archive.tracking.save_demand(demand, steps, NOW)
    entry = client.get("/demands?party=UKR").text.split('id="demand_4"')[1].split("</article>")[0]
    assert "gefordert 10.03.2031 06:30" in entry
    assert "bekannt seit" not in entry


def test_the_calendar_is_asked_what_was_called_off(client, engine):
    moved_and_off(engine)
    page = client.get("/calendar?state=cancelled").text
    assert "meeting_5" in page
    assert "meeting_1" not in page
    assert "<title>Termine: abgesagt · Depesche</title>" in page
    assert "state" not in re.findall(r'href="(/calendar.ics[^"]*)"', page)[0]
    assert "Nichts gefunden." in client.get("/calendar?state=held").text


def test_demands_are_asked_for_by_both_sides_and_a_period(client, engine):
    """What one demanded of the other in a month, and what came of it."""
    with opened(engine) as archive:
        for uid, whom, days in (("demand_6", "NATO", 0), ("demand_7", "UKR", 0), ("demand_8", "NATO", 40)):
            demand = Demand(uid=uid, state="refused", demanders=("RUS",), addressees=(whom,), content="Mehr davon.")
            asked, answered = (NOW - timedelta(days=days + more) for more in (1, 0))
            steps = [Change(at=asked, state="open", quote="Mehr."), Change(at=answered, state="refused", quote="Nein.")]
            archive.tracking.save_demand(demand, steps, NOW)

    def found(asked: str) -> set[str]:
        return set(re.findall(r'id="(demand_[678])"', client.get(f"/demands?{asked}").text))

    assert found("party=RUS&other=NATO") == {"demand_6", "demand_8"}
    assert found("party=RUS&since=2031-03-01") == {"demand_6", "demand_7"}
    assert found("party=NATO&other=RUS&until=2031-02-28") == {"demand_8"}
    assert found("other=NATO&since=2031-03-10&until=2031-03-10") == {"demand_6"}  # answered on that day
    assert found("party=NATO&directed=1") == set()
    assert found("party=RUS&other=UKR&directed=1") == found("other=UKR&directed=1") == {"demand_7"}
    assert found("q=Mehr&other=UKR") == {"demand_7"}
    assert found("q=weniger") == set()
    assert "<title>Forderungen: mehr, RUS → NATO · Depesche</title>" in (
        client.get("/demands?q=mehr&party=RUS&other=NATO&directed=1").text
    )


def test_an_act_leads_to_its_meeting_its_demand_its_story_and_its_dyad(client, engine):
    with reading(engine) as connection:
        met, asked = (queries.events(connection, EventFilter(types=(kind,)))[0] for kind in ("CONSULT", "REQUEST"))
    with opened(engine) as archive:
        meeting = Meeting(uid="meeting_9", state="moved", parties=("NATO", "RUS"), day_first=date(2031, 3, 20))
        archive.tracking.save_meeting(meeting, [Change(at=NOW, state="moved", event=met.uid, quote=MET)], NOW)
        demand = Demand(uid="demand_9", state="refused", demanders=("UKR",), addressees=("RUS",), content=REFUSED)
        archive.tracking.save_demand(demand, [Change(at=NOW, state="open", event=asked.uid, quote=REFUSED)], NOW)
    act = client.get("/acts/act-CONSULT").text
    assert 'id="meeting_9"' in act
    assert "verschoben" in act
    assert 'href="/stories/story_1"' in act
    assert 'href="/dyads/NATO/RUS"' in act
    assert "demand_9" not in act
    assert 'id="demand_9"' in client.get("/acts/act-REQUEST").text


@pytest.mark.parametrize(
    ("state", "days", "told"),
    [
        ("cancelled", 0, "inzwischen abgesagt"),
        ("moved", 3, "inzwischen verschoben"),
        ("held", 0, "inzwischen abgehalten"),
        ("confirmed", 0, ""),
    ],
)
def test_an_announced_meeting_that_was_upset_says_so_in_every_list(client, engine, state, days, told):
    """Among the newest acts the first date of a meeting stood as if nothing had happened since."""
    of = article(90, house="amt")
    plan = event(of, LASTED, EventType.CONSULT, actors=(UKR,), recipients=(), status=Status.PLANNED, confidence=0.9)
    keep(engine, 90, of, plan)
    first = date(2031, 3, 20)
    then = first + timedelta(days=days)
    meeting = Meeting(uid="meeting_8", state=state, parties=("UKR",), day_first=then, day_last=then)
    with opened(engine) as archive:
        step = Change(at=NOW, state="announced", day_first=first, day_last=first, event=plan.id, quote=LASTED)
        archive.tracking.save_meeting(meeting, [step], NOW)
    page = client.get("/acts?party=UKR&type=CONSULT").text
    assert LASTED in page
    assert re.findall("inzwischen \\w+", page) == ([told] if told else [])


def test_an_entry_of_the_calendar_leads_to_the_room(room, engine):
    with TestClient(create_app(replace(room, address="https://raum.example/"))) as client:
        (entry,) = icalendar.Calendar.from_ical(client.get("/calendar.ics").content).walk("VEVENT")
        assert entry["url"].startswith("https://raum.example/calendar?")
        assert entry["url"].endswith("#meeting_1")
    with TestClient(create_app(room)) as client:
        assert "URL:" not in client.get("/calendar.ics").text


def test_an_entry_of_the_calendar_leads_to_its_meeting_whatever_the_room_s_own_shows(room, engine):
    """It may be unsure, or one of more than sixty; and a subscriber keeps it when it is long over."""
    unsure_ones(engine)
    with reading(engine) as connection:
        doubtful = queries.events(connection, EventFilter(types=("ACCUSE",)))[0].uid
    with opened(engine) as archive:
        for number in range(70):
            day = date(2031, 3, 11) + timedelta(days=number)
            meeting = Meeting(uid=f"coming_{number}", state="announced", parties=("UKR",), day_first=day, day_last=day)
            step = Change(at=NOW, state="announced", quote=MET, event=doubtful if number == 1 else "")
            archive.tracking.save_meeting(meeting, [step], NOW)
    with TestClient(create_app(replace(room, address="https://raum.example"))) as client:
        calendar = icalendar.Calendar.from_ical(client.get("/calendar.ics").content)
        entries = {str(each["uid"]): str(each["url"]) for each in calendar.walk("VEVENT")}
        for uid in ("coming_0", "coming_1", "coming_69"):
            address, _, anchor = entries[f"{uid}@depesche"].removeprefix("https://raum.example").partition("#")
            assert anchor == uid
            assert f'id="{uid}"' in client.get(address).text
            assert "since=2031-" in address, "without days it would be gone four months later"


def test_the_calendar_is_asked_for_days(client, engine):
    """Of the past it shows the sixty meetings that were last, and none from before four months ago."""
    with opened(engine) as archive:
        for uid, first, last in (("old", date(2030, 5, 1), date(2030, 5, 3)), ("late", *[date(2031, 3, 9)] * 2)):
            meeting = Meeting(uid=uid, state="held", parties=("UKR",), day_first=first, day_last=last)
            archive.tracking.save_meeting(meeting, [Change(at=NOW, state="held", quote=MET)], NOW)
        archive.tracking.save_meeting(
            Meeting(uid="undated", state="announced", parties=("UKR",)),
            [Change(at=NOW, state="announced", quote=MET)],
            NOW,
        )

    def found(asked: str) -> set[str]:
        return set(re.findall('id="(old|late|undated|meeting_1)"', client.get(f"/calendar?{asked}").text))

    assert found("") == {"late", "undated", "meeting_1"}
    assert found("since=2030-05-02&until=2030-05-02") == {"old"}, "it is found by each of its days"
    assert found("until=2031-03-09") == {"late"}, "four months up to that day"
    assert found("since=2030-01-01") == {"old", "late", "meeting_1"}
    assert found("since=2030-01-01&state=held&party=UKR") == {"old", "late"}
    page = client.get("/calendar?since=2030-05-02&until=2030-05-04").text
    assert 'name="since" type="date" value="2030-05-02"' in page
    assert "<title>Termine: 02.05.–04.05.2030 · Depesche</title>" in page
    assert 'href="/calendar.ics"' in page, "what is subscribed to goes on"
    assert client.get("/calendar?since=2030-05-02&until=2030-05-01").status_code == 400


def test_the_lage_of_a_week_of_long_ago_tells_what_was_due_after_it(client, engine):
    """Nothing was announced, it said: it looked into the calendar of today."""
    unsure_ones(engine)
    with reading(engine) as connection:
        doubtful = queries.events(connection, EventFilter(types=("ACCUSE",)))[0].uid
    with opened(engine) as archive:
        for uid, day, event_uid in (("old", 14, ""), ("doubtful", 15, doubtful), ("later", 22, doubtful)):
            days = {"day_first": date(2030, 5, day), "day_last": date(2030, 5, day)}
            steps = [Change(at=NOW, state="held", quote=MET, event=event_uid)]
            archive.tracking.save_meeting(Meeting(uid=uid, state="held", parties=("UKR",), **days), steps, NOW)
    page = client.get("/lage?week=2030-05-06").text
    assert 'id="old"' in page
    assert "Nichts angekündigt." not in page
    assert "1 weniger sicherer Termin (unter 50 %) nicht gezeigt" in page, "those of that week"
    assert 'href="/lage?week=2030-05-06&amp;unsure=1"' in page
    assert 'id="doubtful"' in client.get("/lage?week=2030-05-06&unsure=1").text


def test_of_meetings_without_a_day_those_heard_of_last_come_first_and_old_ones_go(client, engine):
    """The list began with the oldest, and ended with the sixtieth."""
    with opened(engine) as archive:
        for uid, days in (("old", 200), ("late", 1), ("early", 100)):
            meeting = Meeting(uid=uid, state="announced", parties=("UKR",))
            steps = [Change(at=NOW - timedelta(days=days), state="announced", quote=MET)]
            archive.tracking.save_meeting(meeting, steps, NOW)
    assert re.findall('id="(old|late|early)"', client.get("/calendar?party=UKR").text) == ["late", "early"]
