"""The week's account and the barometer in the reading room: what they count they show, and what they leave out they count."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, datetime

from room_matter import LASTED, MET, NATO, NOW, RUS, UKR, article, event, keep, met, unsure_ones
from sqlalchemy import Engine
from visiting import TestClient

from extractors.model import Article, Event, Evidence, PartKind, Precision, When
from extractors.ontology import EventType, Status
from flows.lage import lage
from flows.web.app import create_app
from storage import coding, queries
from storage.archive import opened
from storage.engine import reading
from storage.queries import EventFilter
from storage.tracking import Change, Meeting


def crowded(engine: Engine, count: int) -> None:
    """After a deed of the week before, so many of this week."""
    of = article(1)
    days = [date(2031, 3, 5), *([date(2031, 3, 11)] * count)]
    met_on = [When(first=day, last=day, precision=Precision.DAY) for day in days]
    spans = ((start, start + length) for length in range(1, 60) for start in range(60))
    said = [Evidence(start=a, end=b, quote=of.text[a:b], rule="met") for a, b in itertools.islice(spans, count + 1)]
    told = [
        met(of, when=when, evidence=evidence, actors=(NATO, UKR)) for when, evidence in zip(met_on, said, strict=True)
    ]
    with opened(engine) as archive:
        coding.insert_events(archive.connection, told, article_id=1, version_id=1, reported=date(2031, 3, 10), now=NOW)


def test_the_week_before_is_reckoned_with_however_much_this_one_brought(client, engine):
    """Events are asked for newest first: whatever is cut off belongs to the week that this one is compared with."""
    crowded(engine, 1600)
    page = " ".join(client.get("/lage?week=2031-03-10").text.split())
    assert "diese Woche: 1.600 Vorgänge, +2,5</span><span>vorige Woche: 1, +2,5" in page
    with reading(engine) as connection:
        assert "1600 Vorgänge, im Mittel +2,5; vorige Woche 1 Vorgang" in lage(connection, date(2031, 3, 17)).body


def test_the_barometer_hears_what_was_said_before_much_else_happened(client, engine):
    of = article(1, refused="Moskau dämpft die Erwartungen.")
    said = event(of, "Moskau dämpft die Erwartungen.", EventType.STATE, actors=(RUS,), recipients=(), confidence=0.6)
    unsure = replace(said, actors=(UKR,), confidence=0.4)
    with opened(engine) as archive:
        coding.insert_events(
            archive.connection, [said, unsure], article_id=1, version_id=1, reported=date(2031, 3, 9), now=NOW
        )
    crowded(engine, 1600)
    text = client.get("/barometer").text
    assert "Moskau dämpft die Erwartungen." in text
    assert 'title="Russland">RUS</a> <span class="mood down">' in text
    assert 'title="Ukraine">UKR</a> <span class="mood down">' not in text
    assert "1 weniger sichere Aussage (unter 50 %) nicht mitgezählt" in text
    assert 'title="Ukraine">UKR</a> <span class="mood down">' in client.get("/barometer?unsure=1").text


def statement(
    number: int, said: str, day: date, *, house: str, told: datetime, **more: object
) -> tuple[Article, Event]:
    """An article, told at this time, with a sentence on talks of this day."""
    of = article(number, refused=said, house=house)
    of = replace(of, published_at=told, stand=told)
    when = When(first=day, last=day, precision=Precision.DAY, words="dann", rule="day")
    values: dict[str, object] = {"actors": (RUS,), "when": when, "status": Status.PLANNED}
    return of, event(of, said, EventType.CONSULT, **{**values, **more})


def test_the_barometer_knows_when_a_thing_was_said(client, engine):
    """Who is hopeful on the 9th of talks on the 14th is so before them; what another house prints later was said then too."""
    said, talks = "Moskau erwartet für den 14. einen Durchbruch.", date(2031, 3, 14)
    for number, house, day in ((31, "amt", 9), (32, "vorher", 15)):
        told = NOW.replace(day=day)
        of, hope = statement(number, said, talks, house=house, told=told)
        back = replace(hope, type=EventType.STATE, status=Status.HISTORICAL, when=None)
        keep(engine, number, of, hope, back)
    page = client.get("/barometer").text
    rounds = page[page.index('id="rounds"') :]
    before, after = rounds[rounds.index("<h4>davor</h4>") :].split("<h4>danach</h4>")
    assert said in before
    assert said not in after
    assert "1 Aussage<" in page[page.index('id="lately"') : page.index('id="rounds"')]


def test_nothing_is_said_after_talks_that_were_called_off(client, engine):
    """What Moskau said of the talks of the 27th stood below those of the 8th, which there never were."""
    said, eighth = "Moskau dämpft die Erwartungen.", date(2031, 3, 8)
    of = article(33, refused=said, house="amt")
    keep(engine, 33, of, event(of, said, EventType.STATE, actors=(RUS,), recipients=()))
    for state, shown in (("held", 2), ("cancelled", 1)):
        meeting = Meeting(uid="meeting_7", state=state, parties=("RUS", "UKR"), day_first=eighth, day_last=eighth)
        with opened(engine) as archive:
            archive.tracking.save_meeting(meeting, [Change(at=NOW, state=state, quote=MET)], NOW)
        page = client.get("/barometer").text
        rounds = page[page.index('id="rounds"') :]
        assert page.count(said) - rounds.count(said) == 1  # of late
        assert page.count(said) - 1 == shown, state


def test_the_barometer_counts_a_sentence_that_it_leaves_out_once(client, engine):
    """However many events are read in it, and only if it would be counted: not if it is heard anyway, or has no side."""
    left_out, heard = "Moskau dämpft die Erwartungen an die Gespräche.", "Kiew ist zuversichtlich."
    for number, house, said, sure in ((31, "amt", left_out, 0.3), (32, "turm", left_out, 0.4), (33, "amt", heard, 0.9)):
        of, told = statement(number, said, NOW.date(), house=house, told=NOW, confidence=sure)
        other = replace(told, type=EventType.STATE, confidence=0.2)
        nobody = replace(told, actors=(UKR, NATO), recipients=(), confidence=0.2)
        keep(engine, number, of, told, other, nobody)
    assert "1 weniger sichere Aussage (unter 50 %) nicht mitgezählt" in client.get("/barometer").text


def test_the_lage_says_of_what_it_counts_how_much_it_leaves_out(client, engine):
    """A copy is not counted however sure it is, nor what one party does to nobody."""
    copy, alone, counted = (article(number, house="amt") for number in (31, 32, 33))
    keep(engine, 31, copy, event(copy, LASTED, EventType.AID, confidence=0.3), copied=True)
    keep(engine, 32, alone, event(alone, LASTED, EventType.MOBILIZE, recipients=(), confidence=0.3))
    keep(engine, 33, counted, event(counted, LASTED, EventType.PROTEST, confidence=0.3))
    page = client.get("/lage?week=2031-03-10").text
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt" in page


def test_the_lage_says_how_much_of_what_it_counts_is_only_claimed(client, engine):
    """What Moskau alone says of its own withdrawal is counted, and moves no mean."""
    of = article(31, house="amt")
    keep(engine, 31, of, event(of, LASTED, EventType.RETREAT, actors=(RUS,), recipients=(UKR,), speaker=RUS))
    page = " ".join(client.get("/lage?week=2031-03-10").text.split())
    assert "Angekündigtes zählt nicht mit" in page
    assert "(1 nur behauptet)" in page
    with reading(engine) as connection:
        assert "davon 1 nur behauptet" in lage(connection, date(2031, 3, 17)).body
        assert "1 of them only claimed" in lage(connection, date(2031, 3, 17), language="en").body


def test_the_lage_says_that_it_shows_the_busiest_dyads(client, monkeypatch):
    assert "nicht gezeigt" not in client.get("/lage?week=2031-03-10").text
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 1)
    assert "2 weitere Dyaden, in denen weniger geschah, nicht gezeigt" in client.get("/lage?week=2031-03-10").text


def test_the_lage_tells_of_meetings_what_its_page_tells(client, engine):
    """Not what nobody is sure of, and not as due what began weeks ago: "im März" is one meeting of the whole month."""
    unsure_ones(engine)
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("ACCUSE",)))[0].uid
    told = (
        ("unsure", date(2031, 3, 18), date(2031, 3, 18), uid),
        ("month", date(2031, 3, 1), date(2031, 3, 31), ""),
        ("due", date(2031, 3, 19), date(2031, 3, 20), ""),
    )
    with opened(engine) as archive:
        for name, first, last, event_uid in told:
            meeting = Meeting(uid=name, state="announced", title=f"Treffen {name}", day_first=first, day_last=last)
            archive.tracking.save_meeting(meeting, [Change(at=NOW, state="announced", quote=MET, event=event_uid)], NOW)
    with reading(engine) as connection:
        message = lage(connection, date(2031, 3, 17)).body
    page = client.get("/lage?week=2031-03-10").text
    for name, is_told in (("unsure", False), ("month", False), ("due", True)):
        assert (f"Treffen {name}" in message, f"Treffen {name}" in page) == (is_told, is_told), name


def test_the_lage_shows_the_sentences_that_it_counts(client, engine):
    """An act's surest report may announce what another one of the same act says has happened."""
    planned = "Moskau und die NATO wollen am Monatsende beraten."
    one = replace(article(21, house="vorher"), text="")
    one = Article.compose(
        url=one.url, publisher="vorher", headline="Vorher", body=((PartKind.PARAGRAPH, planned),), published_at=NOW
    )
    when = When(first=date(2031, 3, 31), last=date(2031, 3, 31), precision=Precision.DAY, words="am 31.", rule="day")
    plan = event(
        one,
        planned,
        EventType.CONSULT,
        actors=(NATO, RUS),
        recipients=(),
        status=Status.PLANNED,
        when=when,
        confidence=0.99,
    )
    keep(engine, 21, one, plan)
    page = client.get("/lage?week=2031-03-10").text
    moved = page[page.index('id="moves"') : page.index('id="due"')]
    assert MET in moved
    assert planned not in moved


def say_hopefully(archive, quote, start):
    """Moscow speaks of talks in its first article."""
    told = Event(
        type=EventType.STATE,
        status=Status.PAST,
        actors=(RUS,),
        speaker=RUS,
        mode="optimistic",
        evidence=Evidence(start=start, end=start + len(quote), quote=quote, rule="adjective"),
        confidence=0.9,
        coder="1",
    )
    coding.insert_events(archive.connection, [told], article_id=1, version_id=1, reported=NOW.date(), now=NOW)


def test_a_barometer_shows_every_statement_that_it_counts(client, engine):
    with opened(engine) as archive:
        for n in range(8):
            quote = f"Moskau sei nach Runde {n} zuversichtlich."
            say_hopefully(archive, quote, n)
    text = client.get("/barometer").text.split('id="rounds"')[0]
    assert "8 Aussagen" in text
    assert "2 weitere Aussagen" in text
    assert text.count("Moskau sei nach Runde") == 8


def test_a_barometer_of_many_meetings_goes_on(client, engine, monkeypatch):
    """What was said before the talks of last month was counted, and its talks ended with the thirtieth without a word."""
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 2)
    with opened(engine) as archive:
        quote = "Moskau sei vor den Runden zuversichtlich."
        say_hopefully(archive, quote, 0)
        for day in (11, 12, 13):
            days = {"day_first": date(2031, 3, day), "day_last": date(2031, 3, day)}
            meeting = Meeting(uid=f"round_{day}", state="announced", parties=("RUS", "UKR"), place=f"Ort {day}", **days)
            archive.tracking.save_meeting(meeting, [Change(at=NOW, state="announced", quote=MET)], NOW)

    def rounds(address: str) -> list[str]:
        return re.findall(r"Ort (\d+)", client.get(address).text)

    first = client.get("/barometer").text
    older = re.search(r'href="(/barometer\?[^"]+)" rel="next"', first)
    assert older is not None
    assert [rounds("/barometer"), rounds(older[1])] == [["13"], ["12", "11"]]
    assert "Hier ist die Liste zu Ende." in client.get("/barometer?offset=20").text


def test_the_mode_meter_names_an_act_as_the_lists_do(client, engine):
    """The talks that were announced and then held stood here as announced: the first report named them, not the surest."""
    of = article(61, house="amt")
    eve = When(first=date(2031, 3, 9), last=date(2031, 3, 9), precision=Precision.DAY)
    keep(engine, 61, of, met(of, status=Status.PLANNED, when=eve, confidence=0.6))
    row = client.get("/voices").text.partition("/acts/act-CONSULT")[2].partition("</div>")[0]
    assert "NATO" in row
    assert "angekündigt" not in row


def test_a_dyad_of_a_week_leads_to_that_week(client, room):
    """From the Lage of last winter one came to what the two did in the last thirty days."""
    assert 'href="/dyads/NATO/RUS?since=2031-03-10&amp;until=2031-03-16"' in client.get("/lage?week=2031-03-12").text
    with TestClient(create_app(replace(room, printed=True))) as copy:  # a page for each dyad of each week is too many
        assert 'href="/dyads/NATO/RUS"' in copy.get("/lage?week=2031-03-12").text


def test_the_period_of_the_mode_meter_is_asked_for_in_a_form(client):
    text = client.get("/voices?since=2031-03-09&until=2031-03-10&unsure=1").text
    assert 'name="since" type="date" value="2031-03-09"' in text
    assert '<input type="hidden" name="unsure" value="1">' in text


def test_the_lage_tells_of_all_who_met_once_and_the_gravest_of_what_happened_as_often_first(engine):
    """A meeting of eight made fifty-six lines, and "101 Dyaden in Bewegung" of a week of thirty acts."""
    day = date(2031, 3, 25)
    when = When(first=day, last=day, precision=Precision.DAY, words="am Dienstag", rule="weekday")
    of = article(41, refused="Sie sperrten die Häfen.", house="amt")
    together = event(
        of, MET, EventType.CONSULT, actors=(NATO, RUS, UKR), recipients=(), when=when, status=Status.ONGOING
    )
    closed = event(of, "Sie sperrten die Häfen.", EventType.COERCE, actors=(UKR,), recipients=(RUS,), when=when)
    keep(engine, 41, of, together)
    with reading(engine) as connection:
        alert = lage(connection, date(2031, 3, 31))
    assert alert.title.endswith("1 Dyade in Bewegung")
    assert "NATO, RUS, UKR miteinander (neu): 1 Vorgang" in alert.body
    assert alert.body.count(MET) == 1
    keep(engine, 42, replace(of, url="https://amt.example/meldung-42.html"), closed)
    with reading(engine) as connection:
        alert = lage(connection, date(2031, 3, 31))
    first, *others = [line for line in alert.body.split("\n") if line.startswith("∗")]
    assert first.startswith("∗ UKR → RUS (neu): 2 Vorgänge")
    assert [line.split(" (")[0] for line in others] == ["∗ NATO, RUS, UKR miteinander"]
    assert alert.body.count(MET) == 2, "a line keeps a sentence, though it was told above"
