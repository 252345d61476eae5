"""Answering an alert: a signed link opens a page, the page's form acts, and nobody without the link can do either."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from tiny_site import Clock, TinySite, settings_for, talks
from visiting import TestClient

from extractors.model import Alert
from flows import doctor, steps
from flows.alerts import links, wording
from flows.alerts.links import BadLink, Links, Ticket
from flows.desk import links_of, open_desk
from flows.newsroom import Newsroom
from flows.settings import Channel, Settings, SettingsError
from flows.web.app import Room, create_app
from storage.archive import opened
from storage.engine import open_engine, reading
from storage.teaching import Teaching, latest

NOW = datetime(2031, 3, 10, 9, 30, tzinfo=UTC)
SECRET = "ein-geheimnis-von-uns"
ROOM = "https://room.example"
ALERT = Alert(
    key="Diplomatie:act_1",
    watch="Diplomatie",
    title="NATO → RUS: Ablehnung",
    body="Wer: NATO",
    url="https://haus.example/a",
    group="story_1",
    dossier="ostpolitik",
    act="act_1",
    facts=(("Wer", "NATO"), ("Beleg", "„<b>nein</b>“")),
)


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with opened(engine) as archive:
        archive.outbox.queue([ALERT], ["oncall"], NOW)
    return engine


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(Room(engine=engine, link_secret=SECRET, now=lambda: NOW))) as client:
        yield client


@pytest.fixture
def path() -> str:
    return Links(address=ROOM, secret=SECRET).page(ALERT, "oncall", NOW).removeprefix(ROOM)


def state(engine: Engine) -> tuple[object, ...]:
    with opened(engine) as archive:
        told = archive.outbox.told(ALERT.key)
        return [label.label for label in archive.teaching.labels()], told.acknowledged_by, told.snoozed_until


UNTOUCHED = ([], "", None)


def test_opening_the_link_changes_nothing_however_often(client, engine, path):
    for address in (path, f"{path}?do=wrong", f"{path}?do=snooze"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "&lt;b&gt;nein&lt;/b&gt;" in answer.text
        assert client.head(address).status_code in (200, 405)
    assert state(engine) == UNTOUCHED


@pytest.mark.parametrize(
    ("given", "label"), [("right", "right"), ("wrong", "wrong"), ("not-my-matter", "not my matter")]
)
def test_an_answer_becomes_a_label_and_says_who_has_seen_it(client, engine, path, given, label):
    answer = client.post(path, data={"do": given, "author": "  Anna  Beispiel "}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=1")
    assert state(engine) == ([label], "Anna Beispiel", None)
    with reading(engine) as connection:
        kept = Teaching(connection).labels(alert_key=ALERT.key)[0]
    assert (kept.dossier, kept.alert_key, kept.at) == ("ostpolitik", ALERT.key, NOW)
    assert "Anna Beispiel" in client.get(path).text


def test_who_gives_no_name_answers_as_the_channel(client, engine, path):
    client.post(path, data={"do": "acknowledge"})
    assert state(engine) == ([], "via oncall", None)


def test_later_quietens_the_story_for_as_long_as_was_chosen(client, engine, path):
    client.post(path, data={"do": "snooze", "hours": "168"})
    assert state(engine) == ([], "", NOW + timedelta(days=7))


@pytest.mark.parametrize(
    "form", [{"do": "delete"}, {}, {"do": "snooze", "hours": "100000"}, {"do": "snooze", "hours": "x"}]
)
def test_a_form_that_makes_no_sense_is_refused(client, engine, path, form):
    assert client.post(path, data=form).status_code == 400
    assert state(engine) == UNTOUCHED


def test_of_several_answers_of_one_person_the_last_counts(client, engine, path):
    for given in ("right", "not-my-matter"):
        client.post(path, data={"do": given, "author": "Anna"})
    client.post(path, data={"do": "right", "author": "Berta"})
    with reading(engine) as connection:
        labels = Teaching(connection).labels()
    assert len(labels) == 3
    assert sorted((each.author, each.label) for each in latest(labels)) == [
        ("Anna", "not my matter"),
        ("Berta", "right"),
    ]


def test_a_form_from_another_page_is_refused(client, engine, path):
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert client.post(path, data={"do": "right"}, headers=headers).status_code == 403
    assert state(engine) == UNTOUCHED


def forged() -> list[str]:
    ticket = Ticket(alert=ALERT.key, channel="oncall", until=NOW + timedelta(days=1))
    good = links.sign(ticket, SECRET)
    told, _, signature = good.rpartition(".")
    other = links.sign(replace(ticket, alert="Diplomatie:act_2"), "ein-anderes-geheimnis")
    return [
        told,
        f"{told}.",
        f"{told}.{signature[:-2]}xx",
        f"{told}0.{signature}",
        other,
        links.sign(replace(ticket, until=NOW), SECRET),
        links.sign(ticket, ""),
        "a.b.c.d",
        "ä.ö.ü.ß",
    ]


@pytest.mark.parametrize("ticket", forged())
def test_a_link_that_is_not_ours_or_too_old_opens_nothing(client, engine, ticket):
    with pytest.raises(BadLink):
        links.read(ticket, SECRET, NOW)
    answer = client.get(f"/answers/{ticket}")
    assert answer.status_code == 404
    assert "gilt dreißig Tage" in answer.text
    assert client.post(f"/answers/{ticket}", data={"do": "right"}).status_code == 404
    assert state(engine) == UNTOUCHED


def test_a_room_without_the_secret_answers_nobody(engine, path):
    empty = Links(address=ROOM, secret="").page(ALERT, "oncall", NOW).removeprefix(ROOM)
    with TestClient(create_app(Room(engine=engine, now=lambda: NOW))) as client:
        assert {client.get(each).status_code for each in (path, empty)} == {404}


def test_an_alert_that_retention_took_has_no_page(client):
    link = Links(address=ROOM, secret=SECRET).page(replace(ALERT, key="W:gone"), "oncall", NOW)
    assert client.get(link.removeprefix(ROOM)).status_code == 404
    assert client.post(link.removeprefix(ROOM), data={"do": "right"}).status_code == 409


def test_links_need_both_the_secret_and_the_rooms_address():
    for given in ({}, {"link_secret": SECRET}, {"room_url": ROOM}):
        assert links_of(Settings(**given)) is None
    assert links_of(Settings(link_secret=SECRET, room_url=ROOM)) == Links(address=ROOM, secret=SECRET)


def test_a_secret_that_could_be_guessed_is_refused_and_not_shown():
    with pytest.raises(SettingsError, match="at least 16 characters") as refused:
        links_of(Settings(link_secret="geheim", room_url=ROOM))
    assert "geheim" not in str(refused.value)
    assert SECRET not in repr(Links(address=ROOM, secret=SECRET))


def test_the_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "secret").write_text(f"{SECRET}\n", "utf-8")
    assert links_of(Settings(link_secret_file=tmp_path / "secret", room_url=ROOM)).secret == SECRET


def test_a_secret_file_that_is_not_there_is_named(tmp_path):
    """As after an upgrade, when the new manifest asks for a secret that nobody has made yet."""
    with pytest.raises(SettingsError, match=r"link_secret: the settings name this file.*No such file"):
        links_of(Settings(link_secret_file=tmp_path / "link_secret", room_url=ROOM))


def test_an_empty_secret_file_means_no_links(tmp_path):
    (tmp_path / "link_secret").write_text("\n", "utf-8")
    assert links_of(Settings(link_secret_file=tmp_path / "link_secret", room_url=ROOM)) is None


def test_what_operators_are_told_carries_no_link():
    assert Links(address=ROOM, secret=SECRET).page(replace(ALERT, act=""), "ops", NOW) == ""


def test_a_text_says_where_to_answer_and_a_short_one_only_if_it_has_room():
    link = Links(address=ROOM, secret=SECRET).page(ALERT, "oncall", NOW)
    told = {ALERT.key: link}
    assert wording.message([ALERT], links=told)[1] == f"Wer: NATO\nAntworten: {link}"
    assert wording.message([ALERT], language="en", links=told)[1].endswith(f"Answer: {link}")
    assert link not in wording.message([ALERT], links={})[1]
    long = replace(ALERT, body="Wort " * 400)
    for limit, fits in ((160, False), (600, True)):
        title, body = wording.message([long], limit=limit, links=told)
        assert len(title) + len(body) + 2 <= limit
        assert (link in body) is fits
        assert long.url in body


def test_an_alert_that_goes_out_carries_its_links_and_they_work(tmp_path):
    """Through the whole pass: a webhook gets a link for each answer, a file the page; the room behind them believes both."""
    clock, site = Clock(), TinySite()
    site.publish(talks(1))
    with Newsroom(site=site, clock=clock) as room:
        channels = {
            "hook": Channel(kind="webhook", url=room.hook_url, secret="geheim"),
            "file": Channel(kind="file", path=tmp_path / "alerts.txt"),
        }
        settings = settings_for(tmp_path, room, channels=channels, link_secret=SECRET, room_url=ROOM)

        async def one_pass() -> None:
            async with open_desk(settings, now=clock) as desk:
                await steps.one_pass(desk)

        asyncio.run(one_pass())
        alert = room.deliveries[0].json()["data"]["alerts"][0]
    assert set(alert["answers"]) == set(links.ANSWERS)
    with open_engine_of(settings) as engine:
        room = Room(engine=engine, link_secret=SECRET, now=clock)
        with TestClient(create_app(room)) as client:
            address, _, asked = alert["answers"]["not-my-matter"].removeprefix(ROOM).partition("?do=")
            assert client.get(f"{address}?do={asked}").status_code == 200
            assert client.post(address, data={"do": asked}, follow_redirects=False).status_code == 303
        with reading(engine) as connection:
            (label,) = Teaching(connection).labels()
        assert (label.label, label.alert_key) == ("not my matter", alert["key"])
        assert label.article_id is not None
    assert f"Antworten: {ROOM}/answers/" in (tmp_path / "alerts.txt").read_text("utf-8")


class open_engine_of:  # noqa: N801  a context manager
    def __init__(self, settings: Settings) -> None:
        self.engine = open_engine(settings.database_url)

    def __enter__(self) -> Engine:
        return self.engine

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({}, "note"),
        ({"link_secret": SECRET}, "note"),
        ({"link_secret": "kurz", "room_url": ROOM}, "wrong"),
        ({"link_secret": SECRET, "room_url": ROOM}, "fine"),
    ],
)
def test_doctor_says_whether_alerts_can_be_answered(given, verdict, monkeypatch):
    monkeypatch.setattr(doctor, "CHECKS", {"links": doctor.CHECKS["links"]})
    (checked,) = doctor.examine(Settings(**given))
    assert (checked.name, str(checked.verdict)) == ("links", verdict)
    assert SECRET not in str(checked)
    assert checked.advice or verdict == "fine"
