"""How the reading room puts figures, days and codes into words, in German and in English."""

from __future__ import annotations

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from room_matter import MET, NOW, REFUSED
from sqlalchemy import Engine
from visiting import TestClient

from extractors.actors import lexicon
from extractors.model import Actor
from extractors.ontology import EventType, modes
from flows.web.app import create_app
from flows.web.wording import MODES, Words, english_names
from storage import queries
from storage.archive import opened
from storage.engine import reading
from storage.tracking import Change


def test_what_is_less_than_half_sure_never_reads_as_half():
    w = Words("de", ZoneInfo("Europe/Berlin"))
    assert [w.percent(share) for share in (0.4, 0.496, 0.5, 0.996)] == ["40 %", "49 %", "50 %", "100 %"]


def test_a_meeting_tells_its_outcome_in_one_word_where_the_sentence_stands_above():
    w = Words("de", ZoneInfo("Europe/Berlin"))
    assert w.outcome(f"REJECT: {REFUSED}", REFUSED) == "Ablehnung"
    assert w.outcome(f"REJECT: {REFUSED}", MET) == f"Ablehnung: {REFUSED}"


def test_every_party_of_the_codebook_has_its_english(room):
    parties = [code for code in lexicon().names if "|" not in code and "-" not in code]
    assert set(parties) == set(english_names())
    with TestClient(create_app(replace(room, language="en"))) as client:
        assert "<h1>Ukraine</h1>" in client.get("/actors/UKR").text
        assert 'title="Russia"' in client.get("/acts").text
        assert 'title="Russland"' not in client.get("/acts").text


def test_every_mode_has_its_german():
    told = {mode for kind in EventType for mode in modes(kind)}
    assert told == set(MODES)


def test_an_english_article_has_no_german_word_of_ours(room):
    with TestClient(create_app(replace(room, language="en"))) as client:
        text = client.get("/articles/1").text
    assert "As of 10 Mar 2031" in text
    assert "Stand " not in text


def test_one_event_of_a_run_is_not_events():
    german, english = (Words(language, ZoneInfo("Europe/Berlin")) for language in ("de", "en"))
    assert [german.counted(n, "events") for n in (0, 1, 2)] == ["0 Ereignisse", "1 Ereignis", "2 Ereignisse"]
    assert [english.counted(n, "alerts") for n in (1, 2)] == ["1 alert", "2 alerts"]
    assert german.counted(1, "stored") == "1 gespeichert"


def test_numbers_within_a_line_have_their_word_in_one_and_in_more():
    """An English room told "2 Reports", "1 Articles" and "85 %"."""
    german, english = (Words(language, ZoneInfo("Europe/Berlin")) for language in ("de", "en"))
    assert [german.many(n, "Vorgang", "Vorgänge") for n in (0, 1, 1200)] == [
        "0 Vorgänge",
        "1 Vorgang",
        "1.200 Vorgänge",
    ]
    assert [english.many(n, "Artikel", "Artikel") for n in (1, 2)] == ["1 article", "2 articles"]
    assert (german.percent(0.85), english.percent(0.85)) == ("85 %", "85%")


def test_parties_of_one_day_are_of_that_day(room):
    with TestClient(create_app(replace(room, language="en"))) as client:
        assert re.search(r"<h1>Actors <small>\d+ \w+ 2031</small>", client.get("/actors?days=1").text)
        assert "<h1>Actors <small>the last 7 days</small>" in client.get("/actors?days=7").text


def test_a_week_is_called_as_calendars_do():
    berlin = ZoneInfo("Europe/Berlin")
    assert Words("de", berlin).week("2031-W03") == "KW 3/2031"
    assert Words("en", berlin).week("2031-W03") == "2031-W03"


def test_arrows_are_read_aloud_and_german_sentences_as_german(room, client):
    text = client.get("/acts").text
    assert 'role="img" aria-label="gegenüber">→<' in text
    assert 'aria-label="→"' not in text
    assert 'lang="de"' not in text.partition("<body>")[2]
    with TestClient(create_app(replace(room, language="en"))) as english:
        assert '<q class="evidence" lang="de">' in english.get("/acts").text
        assert '<p class="paragraph" lang="de">' in english.get("/articles/1").text
        for page in ("/articles", "/stories", "/search?q=NATO"):
            headlines = re.findall(r"<h[23]>(<a [^>]+>)", english.get(page).text)
            assert headlines, page
            assert all('lang="de"' in link for link in headlines), page


def test_an_english_room_does_not_add_the_german_name_to_a_code():
    """ "RUS Russland" stood in every line that tells of Russia."""
    german, english = (Words(language, ZoneInfo("Europe/Berlin")) for language in ("de", "en"))
    for w in (german, english):
        named = [w.called(Actor(code="RUS", name=name)) for name in ("Russland", "RUS", "", "Kreml")]
        assert named == ["", "", "", "Kreml"]


def at_geneva(engine: Engine) -> None:
    with opened(engine) as archive:
        (kept,) = queries.meetings(archive.connection)
        steps = [Change(at=NOW, state="moved", quote=MET, place="Genf", day_first=kept.day_first)]
        archive.tracking.save_meeting(replace(kept, title="NATO, RUS in Genf", place="Genf"), steps, NOW)


def test_places_are_called_by_their_english_names_in_an_english_room(room, engine):
    """ "Genf", "Brüssel" and "Kiew" stood between English words."""
    at_geneva(engine)
    with reading(engine) as connection:
        (told, *_) = queries.events(connection, queries.EventFilter(types=("CONSULT",)))
    pages = ("/acts", "/acts/act-CONSULT", f"/events/{told.uid}", "/articles/1", "/calendar", "/acts.atom")
    for language, place in (("de", "Genf"), ("en", "Geneva")):
        with TestClient(create_app(replace(room, language=language))) as client:
            for page in pages:
                # What articles say stays as they say it: a fact of ours is an element, or the end of one, by itself.
                named = re.findall(r"(?:>|, )(Genf|Geneva)(?: \(CHE\))?(?:<|\))", client.get(page).text)
                assert set(named) == {place}, (language, page)


def test_the_calendar_to_subscribe_to_says_the_place_in_english(room, engine):
    at_geneva(engine)
    with TestClient(create_app(replace(room, language="en"))) as client:
        entry = client.get("/calendar.ics").text
    assert "LOCATION:Geneva" in entry
    assert "SUMMARY:NATO\\, RUS in Geneva" in entry


def test_a_place_is_found_by_either_name_and_exported_by_the_one_that_is_kept(room):
    with TestClient(create_app(room)) as client:
        for asked in ("Genf", "Geneva", "geneva", "CHE"):
            assert "<span>Genf</span>" in client.get(f"/search?place={asked}").text, asked
        assert "<span>Genf</span>" not in client.get("/search?place=Vienna").text
    with TestClient(create_app(replace(room, language="en"))) as client:
        assert '"location":{"name":"Genf"' in client.get("/events.jsonl").text


def test_the_reasons_of_the_machine_say_places_in_english_too():
    w = Words("en", ZoneInfo("Europe/Berlin"))
    assert w.reason("place: Genf against Wien") == "place: Geneva against Vienna"
    assert w.reason("place: Genf") == "place: Geneva"
    assert w.reason("status: past against planned") == "status: past against planned"
