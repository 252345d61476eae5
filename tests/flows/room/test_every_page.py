"""Promises of every page of the reading room: it opens, nothing hostile gets out, nobody else is asked, what is wrong is refused."""

from __future__ import annotations

import gc
import itertools
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from room_matter import NOW, Reader, addresses
from visiting import TestClient

from flows.lage import lage
from flows.web import pages
from flows.web.app import HEADERS, PAGES, Room, create_app, outside, settle
from storage.archive import opened
from storage.engine import open_engine, reading, upgrade


def test_every_page_opens_in_german_and_in_english(room, engine):
    for language in ("de", "en"):
        with TestClient(create_app(replace(room, language=language))) as client:
            for address in addresses(engine):
                answer = client.get(address)
                assert answer.status_code == 200, address
                assert f'<html lang="{language}">' in answer.text


def test_an_empty_archive_has_pages_too(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    upgrade(engine)
    with TestClient(create_app(Room(engine=engine))) as client:
        for path, _, _ in PAGES:
            if "{" not in path:
                text = client.get(path).text
                assert "<svg" not in text, path
                assert "<tbody></tbody>" not in text, path
                assert "<ul></ul>" not in re.sub(r'<ul class="[^"]*">', "<ul>", text), path
    engine.dispose()


def test_nothing_hostile_becomes_markup_on_any_page(client, engine):
    """A headline, a name, a place, a reason and an incident that want to be markup stay text."""
    for address in addresses(engine):
        text = client.get(address).text
        read = Reader(text)
        assert not {tag for tag, _ in read.found} & {"script", "img", "iframe", "object", "embed", "base"}, address
        for tag, attributes in read.found:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (address, tag)
        assert "alert(2)&gt;49" not in text, address


def test_no_page_skips_a_level_of_headings(client, engine):
    """Screen readers go from heading to heading: a level that is not there looks like a part that was missed."""
    for address in addresses(engine):
        levels = [int(tag[1]) for tag, _ in Reader(client.get(address).text).found if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1, address
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (address, levels)


def test_what_is_hostile_is_shown_as_it_is(client):
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get("/articles/3").text
    assert "{{ 7*7 }}" in client.get("/articles/3").text


def test_no_page_asks_anybody_else_for_anything(client, engine):
    """Only links may lead outside; they tell the publisher nothing and only http(s) is followed."""
    for address in addresses(engine):
        for tag, attributes in Reader(client.get(address).text).found:
            for name in ("src", "href", "action", "poster", "data"):
                target = attributes.get(name, "/")
                if target.startswith(("/", "#")) and not target.startswith("//"):
                    continue
                assert tag == "a", (address, tag, target)
                assert target.startswith("https://"), target
                assert attributes["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", " https://x", "file:///etc"]
)
def test_other_addresses_than_http_are_no_links(url):
    assert outside(url) == ""


def test_every_answer_has_the_security_headers(client):
    for address in ("/", "/nichts", "/health", "/static/room.css", "/acts.atom", "/acts?since=gestern"):
        headers = client.get(address).headers
        for name in set(HEADERS) - {"cache-control"}:
            assert headers[name] == HEADERS[name], (address, name)
    assert "script" not in HEADERS["content-security-policy"]
    assert HEADERS["content-security-policy"].startswith("default-src 'none';")


def test_a_page_that_fails_says_so_without_telling_why(room, monkeypatch):
    from flows.web import answers

    def broken(at):
        raise RuntimeError("geheime Einzelheit")

    monkeypatch.setattr(answers, "overview", broken)
    monkeypatch.setattr("flows.web.app.PAGES", (("/", "overview.html", broken),))
    with TestClient(create_app(room), raise_server_exceptions=False) as client:
        answer = client.get("/")
    assert answer.status_code == 500
    assert "geheime Einzelheit" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]


@pytest.mark.parametrize(
    "address",
    [
        "/acts/unbekannt",
        "/articles/99",
        "/events/unbekannt",
        "/actors/XYZ",
        "/stories/unbekannt",
        "/nichts",
        "/static/../app.py",
        "/articles/99999999999999999999",
        "/dyads/NATO/XYZ",
        "/dyads/rus/atlantis",
        "/dyads/RUS/RUS",
        "/acts/act-CONSULT%00",
        "/actors/%00",
    ],
)
def test_what_there_is_not_is_a_404(client, address):
    assert client.get(address).status_code == 404


def test_two_known_parties_have_a_page_although_nothing_passed_between_them(client):
    assert client.get("/dyads/CHE/NZL").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/acts?since=gestern",
        "/acts?type=KAFFEE",
        "/acts?offset=-1",
        "/acts?order=backwards",
        "/acts?party=NATO&other=RUS&between=yes",
        "/actors?days=0",
        "/voices?contested=perhaps",
        "/acts?offset=9999999999",
        "/articles?grade=5",
        "/articles?before=x",
        "/dyads/NATO/RUS?step=hour",
        "/dyads/NATO/RUS?since=1000-01-01",
        # Bars by the day narrower than a pixel take a computer many seconds.
        "/dyads/NATO/RUS?since=2029-12-01&until=2031-03-10&step=day",
        "/events.csv?since=1.1.2031",
        # The last day before the first: an empty list would say that nothing happened.
        "/acts?since=2031-03-11&until=2031-03-10",
        "/search?since=2031-03-11&until=2031-03-10",
        "/voices?since=2031-03-11&until=2031-03-10",
        "/voices?since=2031-05-01",
        "/events.csv?since=2031-03-11&until=2031-03-10",
        # Days that can be written down, but not reckoned with: a week before the first, a day after the last.
        "/lage?week=0001-01-01",
        "/lage?week=9999-12-31",
        "/search?known=9999-12-31",
        "/voices?until=0001-01-05",
        "/dyads/NATO/RUS?until=0001-01-05",
        "/dyads/NATO/RUS?until=9999-12-31",
        # PostgreSQL can hold no such character, and says so as if it were broken.
        "/acts?party=%00",
        "/articles?publisher=haus%00",
        "/events.csv?party=%00",
        "/search?q=NATO&speaker=%00",
    ],
)
def test_parameters_that_make_no_sense_are_refused(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("day", ["20310310", "2031-W11-1", "2031W111"])
def test_a_day_is_written_in_the_one_way_that_a_form_can_show(client, day):
    """Others were understood, and the form beside the list stood empty."""
    for address in ("/acts?since=", "/lage?week=", "/events.csv?until="):
        refused = client.get(address + day)
        assert refused.status_code == 400
        assert "Ein Tag wird so geschrieben: 2022-01-10." in refused.text
    assert 'value="2031-03-10"' in client.get("/acts?since=2031-03-10").text


def test_a_period_that_is_turned_round_is_told_in_words(client):
    told = client.get("/dyads/NATO/RUS?since=2031-03-11&until=2031-03-10")
    assert told.status_code == 400
    assert "Der erste Tag liegt nach dem letzten." in told.text


def test_a_period_that_is_too_long_for_its_step_is_told_in_words(client):
    text = client.get("/dyads/NATO/RUS?since=2020-01-01&until=2031-03-10&step=week").text
    assert "Für diesen Schritt ist der Zeitraum zu lang." in text
    assert client.get("/dyads/NATO/RUS?since=2020-01-01&until=2031-03-10&step=month").status_code == 200


def test_a_refused_method_names_those_that_are_allowed(client):
    assert set(client.post("/", data={}).headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_health_tells_a_probe_what_it_needs(client):
    assert client.get("/health").json() == {"status": "ok", "last_pass": None, "open_incidents": 1}


def test_a_room_whose_archive_was_upgraded_says_so_to_probes_and_readers(client, engine):
    """Its health was "ok", while pages ended with the archive not answering, or showed what they could."""
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.exec_driver_sql("ALTER TABLE articles RENAME TO articles_of_9999")
    health, page = client.get("/health"), client.get("/articles")
    assert (health.status_code, page.status_code) == (503, 503)
    assert health.json() == {"status": "the archive is of another version than this reading room"}
    assert "Es gehört zu einer anderen Fassung von Depesche als dieser Lesesaal." in page.text


def test_an_incident_that_is_open_is_shown_however_much_came_after_it(client, engine):
    """Behind twenty that were over it was not; and of fifteen the overview said that there were twelve."""
    with opened(engine) as archive:
        for number in range(25):
            at = NOW + timedelta(minutes=number)
            archive.log.raise_event("feed silent", f"vorbei-{number}", "schwieg", at)
            archive.log.close_event("feed silent", f"vorbei-{number}", at)
    assert "feed dead" in client.get("/feeds").text
    assert client.get("/feeds").text.count('class="closed"') == 19
    with opened(engine) as archive:
        for number in range(130):
            archive.log.raise_event("feed silent", f"still-{number}", "schweigt", NOW)
    overview = client.get("/").text
    assert "131 offene Störungen" in overview
    assert "Gezeigt sind die neuesten; weitere: 119" in overview
    assert client.get("/feeds").text.count("still-") == 130
    assert client.get("/health").json()["open_incidents"] == 131


def test_a_name_pointed_here_from_elsewhere_is_refused(room):
    with TestClient(create_app(replace(room, hosts=frozenset())), base_url="http://evil.example") as client:
        assert client.get("/").status_code == 421


def test_periods_end_with_the_archive_where_nothing_came_in_for_a_fortnight():
    assert pages.today(date(2031, 3, 20), date(2031, 3, 10)) == date(2031, 3, 20)
    assert pages.today(date(2031, 3, 25), date(2031, 3, 10)) == date(2031, 3, 10)
    assert pages.today(date(2031, 3, 9), date(2031, 3, 10)) == date(2031, 3, 9)  # it is no later for a wrong date
    assert pages.today(date(2026, 1, 1), date(2031, 3, 10)) == date(2031, 3, 10)
    assert pages.today(date(2026, 1, 1), None) == date(2026, 1, 1)


def test_operations_of_an_archive_that_is_not_of_today_end_with_its_last_day(room):
    """Two months after its last article: what was read in its last month, and what was new on its last day."""
    then = NOW + timedelta(days=60)
    with TestClient(create_app(replace(room, now=lambda: then))) as client:
        text = client.get("/feeds").text
    rows = re.findall(
        r'<th scope="row">(\w+)</th><td class="num">\d+</td><td class="num">[^<]*</td><td[^>]*>(\d+/\d+)', text
    )
    assert rows == [("gift", "0/1"), ("hafen", "0/1"), ("haus", "0/1")]
    assert re.search(r'gespeichert <span class="num">3</span>', text)
    assert re.search(r'<td class="num days">0 0 0 0 0 0 0 3</td>', text)


def test_a_page_that_reckons_with_less_than_there_is_says_so(client, engine, monkeypatch):
    for address in ("/lage?week=2031-03-10", "/voices"):
        assert "mehr Ereignisse, als eine Seite auswertet" not in client.get(address).text
    monkeypatch.setattr("flows.web.answers.MOST_EVENTS", 1)
    for address in ("/lage?week=2031-03-10", "/voices"):
        assert "mehr Ereignisse, als eine Seite auswertet" in client.get(address).text
    with reading(engine) as connection:
        assert "mehr gemeldet, als hier ausgewertet" in lage(connection, date(2031, 3, 17)).body


def test_every_column_of_a_table_has_a_name(client, engine):
    for address in addresses(engine):
        assert re.findall(r"<th[^>]*></th>", client.get(address).text) == [], address


def test_what_a_serving_process_has_loaded_is_not_walked_over_at_each_page():
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 100_000
        circles = gc.get_stats()[2]["collections"]
        made = [[n] for n in range(100_000)]
        assert gc.get_stats()[2]["collections"] == circles
        assert len(made) == 100_000
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def test_a_question_that_cannot_be_read_says_how_to_ask_it(client):
    text = client.get("/acts?since=gestern").text
    assert "Ein Tag wird so geschrieben: 2022-01-10." in text
    assert '<a href="/acts">Dieselbe Seite ohne diese Angaben</a>' in text
    assert "Dieselbe Seite" not in client.get("/nichts").text


def test_every_page_says_by_which_clocks_its_times_are(client):
    assert "(Europe/Berlin)" in client.get("/acts").text.partition('<footer class="foot">')[2]


def test_no_two_landmarks_of_a_page_are_called_the_same(client, engine):
    for address in addresses(engine):
        found = Reader(client.get(address).text).found
        called = [
            (attributes.get("role") or tag, attributes.get("aria-label"))
            for tag, attributes in found
            if tag == "nav" or attributes.get("role") == "search"
        ]
        assert len(called) == len(set(called)), (address, called)
