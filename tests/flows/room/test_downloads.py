"""What leaves the reading room: calendars and feeds to subscribe to, and files to take away."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta

import feedparser
import icalendar
import pytest
from room_matter import MET, NOW, REFUSED, article, keep, met
from visiting import TestClient

from extractors.model import Actor
from extractors.ontology import EventType, Status
from flows.cli import main
from flows.web import downloads
from flows.web.app import create_app
from flows.web.downloads import DOWNLOADS
from storage import queries
from storage.archive import opened
from storage.engine import reading
from storage.exports import csv_lines
from storage.queries import EventFilter
from storage.tracking import Change, Meeting


def test_the_calendar_to_subscribe_to_holds_the_meeting(client):
    answer = client.get("/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    (entry,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert (entry["uid"], entry["status"], entry.decoded("dtstart")) == (
        "meeting_1@depesche",
        "TENTATIVE",
        date(2031, 3, 14),
    )


def test_the_calendar_of_a_party_is_one_click_from_it_and_is_subscribed_to_as_it_is_shown(client):
    """Not the calendar of everybody."""
    assert 'href="/calendar?party=NATO"' in client.get("/actors/NATO").text
    assert 'href="/calendar.ics?party=NATO"' in client.get("/calendar?party=NATO&unsure=1").text
    assert 'href="/calendar.ics"' in client.get("/calendar").text


def test_the_calendar_to_subscribe_to_speaks_the_language_of_the_room(room, engine):
    told = [Change(at=NOW.replace(hour=23), state="moved", quote=MET), Change(at=NOW, state="cancelled", quote=MET)]
    with opened(engine) as archive:
        (kept,) = queries.meetings(archive.connection)
        off = replace(kept, state="cancelled", outcome=f"REJECT: {REFUSED}")
        archive.tracking.save_meeting(off, told, NOW)
    for language, lines in (
        ("de", ("abgesagt: NATO, RUS", f"Ablehnung: {REFUSED}", f"11.03.2031 verschoben: {MET}")),
        ("en", ("cancelled: NATO, RUS", f"Reject: {REFUSED}", f"11 Mar 2031 moved: {MET}")),
    ):
        with TestClient(create_app(replace(room, language=language))) as client:
            calendar = icalendar.Calendar.from_ical(client.get("/calendar.ics").text)
        (entry,) = calendar.walk("VEVENT")
        assert set(lines) <= set(str(entry["description"]).splitlines())


def test_a_meeting_that_turns_out_to_be_another_leaves_the_calendars_of_subscribers(client, engine, capsys):
    """Simply left out it stayed in their calendars for ever, beside the one that it is."""
    with opened(engine) as archive:
        (kept,) = queries.meetings(archive.connection)
        archive.tracking.save_meeting(replace(kept, uid="meeting-2"), (), NOW)
        archive.tracking.merge_meetings("meeting-2", kept.uid, NOW)
    database = ["--database", str(engine.url)]
    assert main(["export", "ics", "--home", "https://lesesaal.example", *database]) == 0
    exported = capsys.readouterr().out
    assert main(["meetings", "--ics", *database]) == 0
    for calendar in (client.get("/calendar.ics").text, exported, capsys.readouterr().out):
        entries = {str(it["uid"]): it for it in icalendar.Calendar.from_ical(calendar).walk("VEVENT")}
        assert {uid: (it["status"], it["sequence"]) for uid, it in entries.items()} == {
            f"{kept.uid}@depesche": ("TENTATIVE", 0),
            "meeting-2@depesche": ("CANCELLED", 1),
        }
        gone = entries["meeting-2@depesche"]
        assert "url" not in gone  # the room shows it no more
        assert "abgesagt" not in gone["description"]  # nobody called it off
    assert "meeting-2" not in client.get("/calendar").text


def test_the_feed_of_acts_has_what_reviewers_made_of_them(client, engine):
    """Not what an act was called when it was opened; and of one that nobody believes in, nothing."""
    with opened(engine) as archive:
        (told,) = queries.events(archive.connection, EventFilter(types=("REQUEST",)))
        changed = replace(told.event, type=EventType.ACCUSE, actors=(Actor(code="DEU"),), mode="")
        archive.review.correct(told.uid, "changed", "Ada", NOW, changed=changed)
        for each in queries.events(archive.connection, EventFilter(types=("REJECT",))):
            archive.review.correct(each.uid, "wrong", "Ada", NOW)
    entries = {each.id: each.title for each in feedparser.parse(client.get("/acts.atom").content).entries}
    assert entries["tag:depesche,2026:act-REQUEST"] == "DEU → RUS (Moskau): Vorwurf"
    assert "tag:depesche,2026:act-REJECT" not in entries
    assert "tag:depesche,2026:act-CONSULT" in entries


def test_an_act_that_a_reviewer_changes_has_changed_in_the_feed(client, engine):
    """A reader that has the entry looks at it again only if its time moved: it went on showing what was corrected."""

    def told() -> tuple[str, ...]:
        read = feedparser.parse(client.get("/acts.atom").content)
        (entry,) = (each for each in read.entries if each.id.endswith(":act-REQUEST"))
        return entry.updated, read.feed.updated, entry.tags[0].term

    with opened(engine) as archive:
        (event,) = queries.events(archive.connection, EventFilter(types=("REQUEST",)))
    before, changed = told(), replace(event.event, type=EventType.ACCUSE, mode="")
    assert before[2] == "REQUEST"
    for day, said in ((1, "changed"), (2, "taken back")):
        at = NOW + timedelta(days=day)
        with opened(engine) as archive:
            if said == "changed":
                number = archive.review.correct(event.uid, "changed", "Ada", at, changed=changed)
            else:
                archive.review.withdraw(number, at)
        assert told() == (at.isoformat(), at.isoformat(), "ACCUSE" if said == "changed" else "REQUEST")


def test_the_network_of_actors_is_called_by_the_codebook(client):
    """Not by whoever spoke for a party first."""
    assert '<node id="RUS" label="Russland"/>' in client.get("/actors.gexf").text


def test_the_feed_of_acts_is_read_by_feedparser(room):
    with TestClient(create_app(replace(room, address="https://lesesaal.example"))) as public:
        read = feedparser.parse(public.get("/acts.atom").content)
    assert not read.bozo
    assert "https://lesesaal.example/acts/act-CONSULT" in {entry.link for entry in read.entries}


@pytest.mark.parametrize("path", [path for path, *_ in DOWNLOADS])
def test_what_did_not_change_is_not_loaded_again(client, room, path):
    """Calendars and feed readers ask each quarter of an hour, and loaded all of it each time."""
    first = client.get(path)
    tag = first.headers["etag"]
    assert first.content
    for known in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "private, no-cache"
    assert client.get(path, headers={"if-none-match": '"other"'}).content == first.content
    with TestClient(create_app(replace(room, now=lambda: room.now() + timedelta(minutes=15)))) as later:
        assert later.get(path, headers={"if-none-match": tag}).status_code == 304  # time alone changes nothing


def test_what_changed_is_loaded_by_who_has_it_as_it_was(client, engine):
    """Also where only a reviewer, and no article, changed it, and where it is less than it was."""
    tags = {path: client.get(path).headers["etag"] for path in ("/calendar.ics", "/events.csv", "/acts.atom")}
    with opened(engine) as archive:
        (kept,) = queries.meetings(archive.connection)
        archive.tracking.save_meeting(replace(kept, state="cancelled"), (), NOW)
        for each in queries.events(archive.connection, EventFilter(types=("REJECT",))):
            archive.review.correct(each.uid, "wrong", "Ada", NOW)
    for path, tag in tags.items():
        assert client.get(path, headers={"if-none-match": tag}).status_code == 200
    assert client.get("/events.csv?type=REQUEST", headers={"if-none-match": tags["/events.csv"]}).status_code == 200


def test_the_feed_of_acts_changes_with_its_acts_and_not_with_the_clock(room):
    def asked(later: timedelta, address: str = "/acts.atom") -> str:
        moved = replace(room, address="https://lesesaal.example", now=lambda: NOW + later)
        with TestClient(create_app(moved)) as public:
            return public.get(address).text

    assert asked(timedelta(hours=3)) == asked(timedelta(hours=4))
    read = feedparser.parse(asked(timedelta(hours=3), "/acts.atom?party=NATO"))
    assert {link.rel: link.href for link in read.feed.links} == {
        "alternate": "https://lesesaal.example",
        "self": "https://lesesaal.example/acts.atom?party=NATO",
    }
    assert read.feed.id == "tag:depesche,2026:acts:NATO"
    assert read.feed.title == "Depesche: Vorgänge NATO"


def test_what_is_subscribed_to_says_how_sure_it_is(client, engine):
    """It holds everything, also what the pages leave out."""
    weak = article(4)
    doubtful = met(weak, confidence=0.3, status=Status.PLANNED)
    keep(engine, 4, weak, doubtful)
    with opened(engine) as archive:
        meeting = Meeting(uid="meeting_4", state="announced", parties=("NATO", "RUS"), day_first=date(2031, 3, 12))
        step = Change(at=NOW, state="announced", event=doubtful.id, quote=MET)
        archive.tracking.save_meeting(meeting, [step], NOW)
    entries = icalendar.Calendar.from_ical(client.get("/calendar.ics").text).walk("VEVENT")
    told = {str(entry["uid"]): str(entry["description"]).splitlines() for entry in entries}
    assert "unsicher 30 %" in told["meeting_4@depesche"]
    assert f"haus: {MET} (30 %)" in client.get("/acts.atom").text


def test_every_download_is_there_and_named_on_the_page(client):
    page = client.get("/exports").text
    for path, media, _, _ in DOWNLOADS:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
        assert f'href="{path}"' in page


def test_a_part_of_the_events_is_taken_away_from_the_room(client):
    page = client.get("/exports").text
    for path, _, _, _ in DOWNLOADS[2:]:
        assert f'formaction="{path}"' in page
    every, some = (client.get(f"/events.csv{asked}").text.splitlines() for asked in ("", "?type=CONSULT&other=RUS"))
    assert 1 < len(some) < len(every)
    assert all("CONSULT" in line for line in some[1:])
    refused = client.get("/events.csv?type=NICHTS")
    assert refused.status_code == 400
    assert "type: NICHTS. Es gibt: AGREE, " in refused.text
    listed = client.get("/acts?order=news&type=CONSULT&party=RUS&unsure=1").text
    assert 'href="/events.csv?type=CONSULT&amp;party=RUS"' in listed


@pytest.mark.parametrize("path", [path for path, *_ in DOWNLOADS])
def test_a_file_of_a_party_that_nobody_is_called_by_is_refused(client, path):
    """An empty table, or a calendar that stays empty for ever, said that nothing happened."""
    refused = client.get(f"{path}?party=klingonen")
    assert refused.status_code == 400
    assert "So heißt im Archiv niemand: KLINGONEN" in refused.text
    assert client.get(f"{path}?party=estland").status_code == 200, "of whom the archive only has nothing"


@pytest.mark.parametrize("path", [path for path, *_ in DOWNLOADS])
def test_a_download_refuses_a_filter_that_it_does_not_have(client, path):
    """It gave everything, which passed for what was asked for; an empty field asks for nothing."""
    refused = client.get(f"{path}?known=2031-03-10&sender=NATO&party=NATO&empty=")
    assert refused.status_code == 400
    assert "Danach filtert diese Ausgabe nicht: known, sender. Es gibt: " in refused.text
    assert "party" in refused.text.partition("Es gibt:")[2]
    assert client.get(f"{path}?party=NATO&empty=").status_code == 200


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("speaker=RUS", {("CONSULT", "hafen")}),
        ("q=Verzicht&type=REQUEST", {("REQUEST", "gift")}),
        ("q=Wortbruch", set()),
        ("place=Geneva", {("CONSULT", "haus"), ("CONSULT", "hafen")}),
        ("publisher=hafen", {("CONSULT", "hafen")}),
    ],
)
def test_a_download_has_the_filters_of_the_search(client, asked, fits):
    rows = csv.DictReader(client.get(f"/events.csv?{asked}").text.removeprefix("\ufeff").splitlines())
    assert {(row["type"], row["publisher"]) for row in rows} == fits


def test_the_calendar_to_subscribe_to_is_of_a_state_where_one_is_asked_for(client):
    for state, entries in (("announced", 1), ("held", 0)):
        answer = client.get(f"/calendar.ics?state={state}")
        assert len(icalendar.Calendar.from_ical(answer.content).walk("VEVENT")) == entries
    assert client.get("/calendar.ics?state=lost").status_code == 400


def test_a_table_of_events_opens_in_a_spreadsheet_with_its_umlauts(client, engine):
    told = client.get("/events.csv").content
    assert told.startswith("\ufeff".encode())
    with reading(engine) as connection:
        assert told.decode("utf-8-sig") == "".join(csv_lines(queries.events(connection)))


def test_a_download_says_itself_that_it_holds_only_the_newest(client, monkeypatch):
    whole = {path: client.get(path).text for path, _, _, _ in DOWNLOADS[2:]}
    monkeypatch.setattr(downloads, "MOST", 1)
    for path, before in whole.items():
        told = client.get(path).text
        assert "Nur die neuesten Ereignisse: 1. Alle: depesche export" in told
        assert "Nur die neuesten" not in before
        assert len(told) < len(before)
