"""What is less certain is left out of the reading room, counted, and one click away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from room_matter import LASTED, MET, NATO, NOW, REFUSED, UKR, article, event, keep, met, unsure_ones

from extractors.model import Precision, When
from extractors.ontology import EventType, Status
from storage import queries, room_queries
from storage.archive import Made, opened
from storage.engine import reading
from storage.queries import EventFilter
from storage.room_queries import ActFilter
from storage.tracking import Change, Link, Meeting


def test_the_mode_meter_offers_no_more_than_there_is(client, engine):
    """An act that one unsure sentence tells has no second voice, and is not shown either way."""
    of = article(31, house="amt")
    keep(engine, 31, of, event(of, LASTED, EventType.ACCUSE, confidence=0.3))
    assert "weniger sicherer Vorgang" not in client.get("/voices").text
    twice = article(32, house="hafen")
    keep(engine, 32, twice, event(twice, LASTED, EventType.ACCUSE, speaker=UKR, confidence=0.9))
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht gezeigt" in client.get("/voices").text


def test_the_mode_meter_leaves_out_what_the_lists_do(client, engine):
    for number, house in ((51, "amt"), (52, "hafen")):
        of = article(number, house=house)
        keep(engine, number, of, event(of, LASTED, EventType.ACCUSE, speaker=UKR, confidence=0.3))
    shown = client.get("/voices").text
    assert "act-ACCUSE" not in shown
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht gezeigt" in shown
    assert "act-ACCUSE" in client.get("/voices?unsure=1").text


def test_what_is_less_certain_is_left_out_counted_and_one_click_away(client, engine):
    unsure_ones(engine)
    overview = client.get("/").text
    assert "/acts/act-THREATEN" in overview
    assert "/acts/act-ACCUSE" not in overview
    # the other reading of a sentence that is shown stands beside it
    assert "1 weniger sichere Lesart dieses Satzes" in overview
    assert "/acts/act-AID" in overview
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht gezeigt" in overview
    assert "2 weniger sichere Vorgänge (unter 50 %) nicht mitgezählt" in overview
    assert "sicher 70 %" in overview
    everything = client.get("/?unsure=1").text
    assert "/acts/act-ACCUSE" in everything
    assert "nur sichere zeigen" in everything
    for address, left_out in (
        ("/acts", "2 weniger sichere Vorgänge (unter 50 %) nicht gezeigt"),
        ("/acts?party=RUS&order=news", "2 weniger sichere Vorgänge (unter 50 %) nicht gezeigt"),
        ("/acts?type=ACCUSE", "1 weniger sicherer Vorgang (unter 50 %) nicht gezeigt"),
        ("/lage", "2 weniger sichere Vorgänge (unter 50 %) nicht mitgezählt"),
        ("/dyads", "2 weniger sichere Ereignisse (unter 50 %) zählen nicht mit"),
        ("/dyads/NATO/RUS", "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt"),
        ("/actors/UKR", "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt"),
    ):
        page = client.get(address).text
        assert left_out in page, address
        assert "act-ACCUSE" not in page
        assert client.get(address, params={"unsure": "2"}).status_code == 400
        more = "&" if "?" in address else "?"
        assert "weniger sichere Vorgänge (unter 50 %)" not in client.get(f"{address}{more}unsure=1").text


def test_what_a_reviewer_confirmed_is_sure(client, engine):
    unsure_ones(engine)
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("ACCUSE",)))[0].uid
    with opened(engine) as archive:
        archive.review.correct(uid, "right", "Ada", NOW + timedelta(hours=3))
    for address in ("/", "/acts", "/lage"):
        assert "/acts/act-ACCUSE" in client.get(address).text, address
    assert "2 weniger sichere" not in client.get("/acts").text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"type": EventType.AID, "status": Status.PAST}, ""),
        ({"status": Status.NEGATED}, ""),
        ({"status": Status.PAST}, "geprüft"),
        ({"actors": (NATO, UKR)}, "geprüft"),
    ],
)
def test_a_meeting_of_which_a_reviewer_reads_something_else_is_not_confirmed(client, engine, said, told):
    """Whoever said that the sentence announces no meeting had it stand there as one that was reviewed."""
    of = article(60, house="amt")
    planned = met(of, status=Status.PLANNED)
    keep(engine, 60, of, planned)
    with opened(engine) as archive:
        meeting = Meeting(uid="meeting_7", state="announced", parties=("NATO",), day_first=date(2031, 3, 12))
        step = Change(at=NOW, state="announced", event=planned.id, quote=MET)
        archive.tracking.save_meeting(replace(meeting, day_last=meeting.day_first), [step], NOW)
        (stored,) = (each for each in queries.events(archive.connection) if each.uid == planned.id)
        archive.review.correct(stored.uid, "changed", "Ada", NOW, changed=replace(stored.event, **said))
    line = client.get("/calendar").text.partition('id="meeting_7"')[2].partition("</article>")[0]
    assert bool(line) == bool(told)
    assert told in line
    with opened(engine) as archive:
        (correction,) = archive.review.corrections()
        archive.review.withdraw(correction.id, NOW + timedelta(hours=1))
    assert "sicher 80 %" in client.get("/calendar").text.partition('id="meeting_7"')[2].partition("</article>")[0]


@pytest.mark.parametrize("by_day", [True, False])
def test_the_pages_of_a_list_together_leave_out_what_the_whole_list_does(engine, by_day):
    """Each act is either on one of them or counted by one of them, with and without a day."""
    for number in range(20, 40):
        of = article(number, house=f"haus{number}")
        day = date(2031, 3, 1) + timedelta(days=number % 5)
        when = When(first=day, last=day, precision=Precision.DAY, words="am Tag", rule="day")
        told = event(of, REFUSED, EventType.REJECT, confidence=(0.2, 0.9)[number % 3 == 0], when=when)
        keep(engine, number, of, at=NOW + timedelta(minutes=number // 2))
        with opened(engine) as archive:
            archive.connection.exec_driver_sql("UPDATE articles SET due_at = NULL")
            replace_coding = archive.recoding.replace_coding
            version = archive.connection.exec_driver_sql("SELECT max(id) FROM versions").scalar_one()
            link = Link(event=told.id, act=f"act-{number}")
            made = Made(events=[told], links=[link])
            assert replace_coding(version, made, "2", NOW + timedelta(minutes=number // 2)).stored
            if number % 4 == 0:
                archive.connection.exec_driver_sql("UPDATE acts SET day_last = NULL WHERE uid = ?", (f"act-{number}",))
    wanted = ActFilter(types=("REJECT",), min_confidence=0.5, by_day=by_day)
    with reading(engine) as connection:
        every = {line.uid for line in room_queries.act_lines(connection, replace(wanted, min_confidence=0.0), limit=99)}
        sure = [line.uid for line in room_queries.act_lines(connection, wanted, limit=99)]
        for size in (1, 3, 99):
            shown, left_out = [], 0
            for offset in range(0, len(sure), size):
                part = room_queries.act_list(connection, wanted, limit=size, offset=offset)
                shown += [line.uid for line in part.lines]
                left_out += part.unsure
                assert part.more == (offset + size < len(sure))
            assert shown == sure
            assert left_out == len(every) - len(sure) > 10
