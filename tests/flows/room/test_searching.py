"""The reading room's search, its filters, and lists that go on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from room_matter import LASTED, MET, NATO, NOW, REFUSED, UKR, article, event, keep, met, unsure_ones

from extractors.ontology import EventType
from storage import queries, room_queries
from storage.archive import opened
from storage.engine import reading
from storage.queries import EventFilter


def test_the_search_marks_what_it_found_and_filters_by_event(client):
    text = client.get("/search?q=Verzicht").text
    assert "<mark>Verzicht</mark>" in text
    assert "gift" in text
    assert "/articles/3" not in client.get("/search?q=Verzicht&type=REJECT").text


def test_the_search_answers_as_known_on_a_day(client, engine):
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("REQUEST",)))[0].uid
    with opened(engine) as archive:
        archive.review.correct(uid, "wrong", "Prüferin", NOW + timedelta(days=2))
    assert uid not in client.get("/search?type=REQUEST").text
    assert uid in client.get("/search?type=REQUEST&known=2031-03-10").text
    assert uid in client.get("/search?q=Verzicht&known=2031-03-10").text
    assert uid not in client.get("/search?q=Verzicht&known=2031-03-12").text
    assert uid not in client.get("/search?q=Sitzfleisch&known=2031-03-10").text


def test_lists_go_on_to_the_next_page(client, engine):
    for number in range(10, 45):
        one = article(number)
        keep(engine, number, one, event(one, REFUSED, EventType.REJECT), at=NOW)
    seen = re.findall(r'<h2><a href="(/articles/\d+)"', client.get("/articles").text)
    older = re.search(r'href="(/articles\?before=\d+)" rel="next"', client.get("/articles").text)
    assert older is not None
    assert len(seen) == 30
    assert not set(seen) & set(re.findall(r'<h2><a href="(/articles/\d+)"', client.get(older[1]).text))


def test_the_houses_to_choose_from_are_those_of_the_articles(client):
    for address in ("/articles", "/search"):
        houses = re.findall(r'<option value="(haus|hafen|gift)"', client.get(address).text)
        assert houses == ["gift", "hafen", "haus"], address
    assert "/articles/2" in client.get("/articles?publisher=hafen").text


def test_a_page_far_down_offers_the_newest_and_not_the_one_before(client, monkeypatch):
    """These lists go on from a number, and know no way back but to the beginning."""
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 1)
    third = client.get("/articles?before=2").text
    assert re.search(r'href="/articles" rel="prev">← neueste<', third)
    assert "neuere" not in third


@pytest.mark.parametrize(
    "address",
    [
        *("/acts?offset=5000", "/acts?type=CONSULT&offset=30", "/acts?order=news&news=2031-03-10&offset=90"),
        *("/stories?offset=1000", "/dyads?offset=30", "/actors?days=90&offset=30", "/voices?offset=30"),
        *("/demands?offset=30", "/demands?party=NATO&offset=30", "/articles?before=1", "/articles?grade=2&before=1"),
        *("/search?q=Verzicht&before=1", "/search?party=NATO&before=1"),
    ],
)
def test_a_page_past_the_end_of_a_list_says_so_and_leads_to_its_beginning(client, engine, address):
    """It said that there was nothing yet, and counted what the pages before it had counted."""
    unsure_ones(engine)
    page = client.get(address).text
    beginning = re.sub(r"[?&](offset|before)=\d+", "", address).replace("&", "&amp;")
    assert f'Hier ist die Liste zu Ende. <a href="{beginning}">Zum Anfang</a>' in page
    for wrong in (
        "Noch kein",
        "Keine ",
        "Nichts gefunden",
        'rel="prev"',
        "weniger sichere Vorgänge (unter 50 %) nicht gezeigt",
    ):
        assert wrong not in page.partition("<main")[2]
    assert "Hier ist die Liste zu Ende" not in client.get(beginning.replace("&amp;", "&")).text


def test_the_search_says_how_much_it_found_and_where_its_snippet_was_cut(client, engine, monkeypatch):
    long = article(90, refused=f"{'Vorher war viel. ' * 30}Der Quastenflosser {'schwamm davon. ' * 30}")
    keep(engine, 90, long, met(long))
    text = client.get("/search?q=Quastenflosser").text
    assert "Gefundene Artikel <small>1</small>" in text
    assert re.search(r'<p class="snippet">… .*<mark>Quastenflosser</mark>.* …</p>', text)
    monkeypatch.setattr("flows.web.answers.ON_A_PAGE", 1)
    assert "Gefundene Artikel <small>mehr als 1</small>" in client.get("/search?q=Verzicht").text


def test_the_search_shows_the_events_for_which_it_found_an_article(client, engine):
    with reading(engine) as connection:
        uid = queries.events(connection, EventFilter(types=("CONSULT",)))[0].uid
    assert f"/events/{uid}?article=" in client.get("/search?q=Genf&type=CONSULT&party=RUS").text
    assert "/events/" not in client.get("/search?q=Genf").text


@pytest.mark.parametrize("address", ["/acts?party={}", "/search?party={}", "/demands?party={}", "/calendar?party={}"])
def test_a_party_is_asked_for_by_its_name_too(client, address):
    """Nobody knows three hundred codes by heart; a name that is taken for a code finds nothing and does not say why."""
    by_code, by_name = (client.get(address.format(called)).text for called in ("NATO", "Nato"))
    assert re.findall(r'class="evidence">([^<]+)', by_name) == re.findall(r'class="evidence">([^<]+)', by_code)
    by_code, by_name = (client.get(address.format(called)).text for called in ("RUS", "russland"))
    assert re.findall(r'class="evidence">([^<]+)', by_code) != []
    assert re.findall(r'class="evidence">([^<]+)', by_name) == re.findall(r'class="evidence">([^<]+)', by_code)


def test_a_filter_that_finds_nothing_does_not_say_that_there_is_nothing_yet(client):
    for address in ("/acts?party=TUV", "/acts?order=news&news=2031-03-11"):
        page = client.get(address).text
        assert "Nichts gefunden." in page, address
        assert "Noch keine" not in page, address


@pytest.mark.parametrize("page", ["/articles", "/search", "/events.csv"])
def test_a_house_that_nobody_knows_is_refused_with_those_that_there_are(client, page):
    refused = client.get(f"{page}?publisher=niemand")
    assert refused.status_code == 400
    assert "publisher: niemand. Es gibt: gift, hafen, haus" in refused.text


def test_a_house_of_long_ago_is_known(engine, monkeypatch):
    """A form offers those of late alone."""
    monkeypatch.setattr(room_queries.articles, "publishers", lambda _: ())
    with reading(engine) as connection:
        assert room_queries.articles.is_publisher(connection, "hafen")
        assert not room_queries.articles.is_publisher(connection, "niemand")


def test_below_an_article_stand_the_surest_of_the_events_that_fit(engine):
    one = article(30, house="drei")
    told = [
        event(one, quote, EventType.REJECT, confidence=confidence, actors=(actor,))
        for quote, confidence, actor in ((MET, 0.6, NATO), (REFUSED, 0.9, NATO), (LASTED, 0.95, UKR))
    ]
    keep(engine, 30, one, *told)
    with reading(engine) as connection:
        version = queries.events(connection, EventFilter(publishers=("drei",)))[0].version_id

        def surest(**asked: str) -> list[str]:
            wanted = EventFilter(publishers=("drei",), before=1, **asked)  # type: ignore[arg-type]
            found = queries.surest_of_versions(connection, [version], wanted, most=1)
            return [each.event.evidence.quote for each in found.get(version, ())]

        assert (surest(actor="NATO"), surest(actor="UKR"), surest(actor="TUV")) == ([REFUSED], [LASTED], [])


def test_a_person_is_looked_for_in_the_articles(client):
    """What somebody said is asked for by name; only parties have a code."""
    assert 'href="/search?party=RUS&amp;q=Moskau"' in client.get("/actors/RUS").text
    assert 'href="/search?q=ASTACHIN"' in client.get("/search?speaker=Astachin").text
