"""Who does what to whom as a table: every number leads to as many acts as it says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

from room_matter import LASTED, MET, NATO, NOW, REFUSED, RUS, UKR, Reader, article, event, keep
from visiting import TestClient

from extractors.ontology import EventType, Status
from flows.web.app import create_app

PAGE = "/dyads/matrix"


def fill(engine) -> None:
    """Moscow threatens both others, once the two of them in one sentence; NATO refuses; and some of it is not counted."""
    of = article(8, house="fünftes")
    both = event(of, MET, EventType.THREATEN, actors=(RUS,), recipients=(NATO, UKR))
    nobody = event(of, LASTED, EventType.ACCUSE, actors=(RUS,), recipients=())
    keep(engine, 8, of, both, nobody, event(of, REFUSED, EventType.MOBILIZE, status=Status.PLANNED))
    other = article(9, house="sechstes")
    keep(engine, 9, other, event(other, MET, EventType.PROTEST, actors=(RUS,), recipients=(UKR,), confidence=0.3))


def figures(text: str) -> dict[str, tuple[str, str]]:
    """The numbers of the table by what they are called, each with its link."""
    found = re.findall(r'<td class="num[^"]*"><a href="([^"]*)" aria-label="([^"]*): ([\d.]+) [^"]*">\3</a>', text)
    return {unescape(name): (number, unescape(link)) for link, name, number in found}


def listed(client: TestClient, link: str) -> set[str]:
    return set(re.findall(r'href="/acts/([^"]+)"', client.get(link).text))


def test_every_number_of_the_matrix_leads_to_as_many_acts(client, engine):
    fill(engine)
    for asked in ("", "?type=THREATEN", "?unsure=1", "?since=2031-03-10&until=2031-03-10"):
        found = figures(client.get(PAGE + asked).text)
        assert found, asked
        for name, (number, link) in found.items():
            assert len(listed(client, link)) == int(number), (asked, name)


def test_the_matrix_counts_what_one_did_to_the_other(client, engine):
    fill(engine)
    found = {name: number for name, (number, _) in figures(client.get(PAGE).text).items()}
    assert found["Russland gegenüber NATO"] == found["Russland gegenüber Ukraine"] == "1"
    assert found["NATO gegenüber Russland"] == "1"
    assert "Ukraine gegenüber NATO" not in found
    # The threat, the accusation of nobody, and the talks with NATO.
    assert found["Russland"] == "3"
    assert found["gegenüber Ukraine"] == "1"


def test_the_matrix_is_asked_for_a_type_with_one_click(client, engine):
    fill(engine)
    page = client.get(PAGE).text
    assert 'href="/dyads/matrix?type=THREATEN">Drohung <span class="when">1</span>' in page
    threats = client.get(f"{PAGE}?type=THREATEN").text
    assert set(figures(threats)) == {
        "Russland gegenüber NATO",
        "Russland gegenüber Ukraine",
        "Russland",
        "gegenüber NATO",
        "gegenüber Ukraine",
    }
    assert "<title>Wer gegenüber wem: Drohung · Depesche</title>" in threats


def test_the_matrix_says_what_it_leaves_out_as_unsure(client, engine):
    fill(engine)
    assert "1 weniger sicherer Vorgang (unter 50 %) nicht mitgezählt" in client.get(PAGE).text
    assert figures(client.get(f"{PAGE}?unsure=1").text)["Russland gegenüber Ukraine"][0] == "2"


def test_the_matrix_says_where_there_is_nothing(client):
    page = client.get(f"{PAGE}?since=2031-01-01&until=2031-01-05").text
    assert "Nichts in diesem Zeitraum." in page
    assert "<table" not in page


def test_a_matrix_of_many_parties_shows_those_with_most_acts(client, engine, monkeypatch):
    fill(engine)
    monkeypatch.setattr("flows.web.matrices.COLUMNS", 1)
    monkeypatch.setattr("flows.web.matrices.ROWS", 2)
    page = client.get(PAGE).text
    heads = re.findall(r'<th scope="(\w+)"[^>]*><a class="party" href="/actors/(\w+)"', page)
    assert [scope for scope, _ in heads] == ["col", "row", "row"]
    assert heads[1] == ("row", "RUS")
    assert "weitere: 3" in page


def test_the_heads_of_the_matrix_are_read_with_each_number(client, engine):
    fill(engine)
    read = Reader(client.get(PAGE).text)
    scopes = [attributes.get("scope") for tag, attributes in read.found if tag == "th"]
    assert set(scopes) == {"col", "row"}
    assert client.get("/dyads").text.count('href="/dyads/matrix"') == 1


def test_the_matrix_is_of_ninety_days_or_of_those_since_the_archive_listens(room):
    with TestClient(create_app(replace(room, now=lambda: NOW + timedelta(days=9)))) as client:
        assert re.findall(r'type="date" value="(.*?)"', client.get(PAGE).text) == ["2031-03-10", "2031-03-19"]
        ended = client.get(f"{PAGE}?until=2031-03-11").text
    assert re.findall(r'type="date" value="(.*?)"', ended) == ["2030-12-12", "2031-03-11"]
