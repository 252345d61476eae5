"""Who may write in the reading room, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from room_matter import EVIL, NOW, REFUSED, TOKEN, article, event, keep, request_uid
from visiting import TestClient

from extractors.ontology import EventType
from flows.web import sessions
from flows.web.app import create_app
from storage import queries
from storage.archive import opened
from storage.engine import reading
from storage.queries import EventFilter


def sign_in(client: TestClient, token: str = TOKEN, author: str = "Ada Prüferin"):
    return client.post("/login", data={"token": token, "author": author}, follow_redirects=False)


def csrf(client: TestClient, uid: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(f"/events/{uid}").text)
    assert found is not None
    return found[1]


def test_without_a_token_there_is_nothing_to_sign_in_to(room, engine):
    with TestClient(create_app(replace(room, token=""))) as client:
        assert client.get("/login").status_code == 404
        assert client.post("/login", data={"token": "", "author": "x"}).status_code == 404
        assert client.post(f"/events/{request_uid(engine)}/review", data={"verdict": "wrong"}).status_code == 404
        assert "/login" not in client.get("/").text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    answer = sign_in(client)
    assert answer.status_code == 303
    told = answer.headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=strict" in told
    assert TOKEN not in told


def test_behind_https_the_cookie_stays_there(room):
    with TestClient(create_app(replace(room, address="https://lesesaal.example"))) as client:
        assert "secure" in sign_in(client).headers["set-cookie"].lower()


def test_a_wrong_token_opens_nothing_and_guessing_ends(client):
    for _ in range(sessions.ATTEMPTS):
        assert sign_in(client, token="geraten").status_code == 403
    assert sign_in(client).status_code == 429


def test_a_clock_that_was_set_back_keeps_nobody_out():
    throttle = sessions.Throttle()
    for _ in range(sessions.ATTEMPTS):
        throttle.missed(NOW)
    assert throttle.closed(NOW + timedelta(seconds=59))
    assert not throttle.closed(NOW - timedelta(days=366))


@pytest.mark.parametrize("change", ["forged", "over", "other token"])
def test_a_cookie_that_proves_nothing_is_no_session(change):
    cookie = sessions.issue("Ada", TOKEN, NOW)
    told = {
        "forged": (cookie.replace(cookie[:4], "QWRh"[::-1]), TOKEN, NOW),
        "over": (cookie, TOKEN, NOW + sessions.LASTS),
        "other token": (cookie, "neu", NOW),
    }[change]
    assert sessions.session_of(cookie, TOKEN, NOW) is not None
    assert sessions.session_of(*told) is None


@pytest.mark.parametrize("cookie", ["", ".", "a.b.c.d", "ä.ö", "x" * 5000])
def test_any_cookie_can_be_read(cookie):
    assert sessions.session_of(cookie, TOKEN, NOW) is None


def test_of_an_event_that_two_houses_tell_alike_the_one_that_was_shown_is_reviewed(client, engine):
    sign_in(client)
    with reading(engine) as connection:
        first, copy = (
            next(
                one for one in queries.events(connection, EventFilter(article_id=number)) if one.event.type == "CONSULT"
            )
            for number in (1, 2)
        )
    assert first.uid == copy.uid
    linked = f"/events/{first.uid}?article=1"
    assert linked in client.get("/articles/1").text
    assert f"/events/{first.uid}?article=2" in client.get("/articles/2").text
    page = client.get(linked).text
    assert f'<a href="/articles/1#{first.uid}">' in page
    form = dict(re.findall(r'type="hidden" name="(csrf|article)" value="([^"]+)"', page))
    answer = client.post(f"/events/{first.uid}/review", data={**form, "verdict": "wrong"})
    assert (answer.status_code, str(answer.url.query.decode())) == (200, "article=1&done=1")
    with reading(engine) as connection:
        told = {each.article_id for each in queries.events(connection) if each.uid == first.uid}
    assert told == {2}
    assert client.get(f"/events/{first.uid}?article=3").status_code == 404
    assert (
        client.post(f"/events/{first.uid}/review", data={**form, "article": "x", "verdict": "wrong"}).status_code == 400
    )


def test_a_review_wins_in_the_archive_and_can_be_taken_back(client, engine):
    uid = request_uid(engine)
    sign_in(client)
    answer = client.post(f"/events/{uid}/review", data={"csrf": csrf(client, uid), "verdict": "wrong", "comment": EVIL})
    assert answer.status_code == 200
    with reading(engine) as connection:
        assert queries.event(connection, uid).known_to is not None
    page = client.get("/review").text
    assert "Ada Prüferin" in page
    number = re.search(r"/corrections/(\d+)/withdraw", page)
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    client.post(f"/corrections/{number[1]}/withdraw", data={"csrf": token[1]})
    with reading(engine) as connection:
        assert queries.event(connection, uid).known_to is None


def test_every_correction_can_be_taken_back_and_their_number_is_told(client, engine):
    """Of a hundred the last fifty stood there, as "50"."""
    for number in range(101, 132):
        of = article(number)
        told = event(of, REFUSED, EventType.REJECT)
        kept = keep(engine, number, of, told)
        with opened(engine) as archive:
            archive.review.correct(told.id, "right", f"Prüferin {number}", NOW, article_id=kept)
    sign_in(client)
    first = client.get("/review?done=1").text
    older = re.search(r'href="(/review\?[^"]+)" rel="next"', first)
    assert older is not None
    assert "done" not in older[1], "what was saved was not saved there"
    assert [each.count("/withdraw") for each in (first, client.get(older[1]).text)] == [30, 1]
    assert "Korrekturen <small>31</small>" in first
    assert "Prüferin 131" in first
    assert "Prüferin 101" in client.get(older[1]).text
    assert "Hier ist die Liste zu Ende." in client.get("/review?offset=60").text


def test_a_changed_event_is_what_all_pages_show(client, engine):
    uid = request_uid(engine)
    sign_in(client)
    form = {
        "verdict": "changed",
        "type": "ACCUSE",
        "status": "past",
        "actors": "Deutschland ukr",
        "recipients": "Moskau",
    }
    answer = client.post(f"/events/{uid}/review", data={"csrf": csrf(client, uid), **form})
    assert answer.status_code == 200
    assert "Gespeichert." in answer.text
    with reading(engine) as connection:
        (stored,) = queries.events(connection, EventFilter(types=("ACCUSE",)))
    assert [actor.code for actor in stored.event.actors] == ["DEU", "UKR"]
    assert stored.event.actors[1].name == EVIL
    assert "Vorwurf" in client.get("/acts/act-REQUEST").text


@pytest.mark.parametrize(
    ("actors", "german", "english"),
    [
        ("RUS, ZZZ", "unbekannter Code: ZZZ (Staaten wie EST, Organisationen wie NATO)", "unknown code: ZZZ"),
        ("", "niemand handelt", "nobody acts"),
    ],
)
def test_what_is_wrong_with_a_correction_is_said_in_the_readers_language(room, engine, actors, german, english):
    form = {"verdict": "changed", "type": "ACCUSE", "status": "past", "actors": actors}
    uid = request_uid(engine)
    for language, told in (("de", german), ("en", english)):
        with TestClient(create_app(replace(room, language=language))) as client:
            sign_in(client)
            assert told in client.post(f"/events/{uid}/review", data={"csrf": csrf(client, uid), **form}).text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"verdict": "wrong"}, 403),
        ({"verdict": "wrong", "csrf": "0" * 64}, 403),
        ({"csrf": "right", "verdict": "vielleicht"}, 400),
        ({"csrf": "right", "verdict": "changed", "type": "KAFFEE", "status": "past", "actors": "RUS"}, 400),
        ({"csrf": "right", "verdict": "changed", "type": "ACCUSE", "status": "past", "actors": ""}, 400),
        ({"csrf": "right", "verdict": "changed", "type": "ACCUSE", "status": "past", "actors": "<b>"}, 400),
        ({"csrf": "right", "verdict": "changed", "type": "ACCUSE", "status": "past", "actors": "RUS, ZZZ"}, 400),
        ({"csrf": "right", "verdict": "right", "comment": "x" * 20_000}, 413),
        ({"csrf": "right", "verdict": "right", "comment": "gut\0"}, 400),
    ],
)
def test_forms_that_are_not_ours_or_make_no_sense_change_nothing(client, engine, form, status):
    uid = request_uid(engine)
    sign_in(client)
    right = csrf(client, uid)
    data = {name: right if value == "right" and name == "csrf" else value for name, value in form.items()}
    assert client.post(f"/events/{uid}/review", data=data).status_code == status
    with reading(engine) as connection:
        assert queries.event(connection, uid).correction_id is None


def test_a_form_sent_from_another_site_is_refused(client, engine):
    uid = request_uid(engine)
    sign_in(client)
    form = {"csrf": csrf(client, uid), "verdict": "wrong"}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert client.post(f"/events/{uid}/review", data=form, headers=headers).status_code == 403
        assert client.post("/login", data={"token": TOKEN, "author": "x"}, headers=headers).status_code == 403


def test_nobody_writes_without_a_session_or_by_get(client, engine):
    uid = request_uid(engine)
    assert client.post(f"/events/{uid}/review", data={"verdict": "wrong"}).status_code == 401
    assert client.post("/corrections/1/withdraw", data={}).status_code == 401
    assert client.get(f"/events/{uid}/review").status_code == 405
    assert client.post("/", data={}).status_code == 405
