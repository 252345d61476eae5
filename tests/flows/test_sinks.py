"""Other people's text through every sink, and our secrets through none."""

from __future__ import annotations

import csv
import io
import json
import logging
from pathlib import Path

import pytest
from tiny_site import BEGIN, Clock, TinySite, idle, settings_for, talks
from visiting import TestClient

from extractors.model import Actor, Alert, Event, Evidence, Place
from extractors.ontology import EventType, Status
from flows import cli, doctor, operate, runs, steps
from flows.alerts.channels import AppriseChannel, ConsoleChannel, Delivered, FileChannel, Message, payload
from flows.desk import open_desk
from flows.newsroom import Newsroom
from flows.settings import Channel
from flows.web.app import Room, create_app
from storage import exports
from storage.archive import opened
from storage.exports import markup, tables
from storage.queries import Act, StoredEvent
from storage.tracking import Change, Meeting

# A module that Apprise imports itself.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)> NATO",
    "formula": '=HYPERLINK("http://böse.example","NATO")',
    "ansi": "\x1b[31mNATO\x1b]0;Titel\x07",
    "override": "NATO \u202egnp.exe\u202c",
    "newline": "NATO\r\nBcc: alle@example.org\n\nLeib",
    "null": "NA\x00TO",
    "long": "NATO " * 20_000,
    "link": "[NATO](javascript:alert(1)) | `x` ![](http://böse.example)",
}
UNSEEN = set("\x00\x07\x1b\u202e\u202c")


@pytest.fixture(params=HOSTILE)
def text(request) -> str:
    return HOSTILE[request.param]


def message(text: str) -> Message:
    alert = Alert(key="w:1", watch="w", title=text, body=text, url="https://haus.example/1")
    return Message(key="msg_1", title=text, body=text, alerts=(alert,))


async def test_the_console_gets_no_control_characters(text):
    stream = io.StringIO()
    await ConsoleChannel(stream).send(message(text), BEGIN)
    assert not UNSEEN & set(stream.getvalue())


async def test_a_file_keeps_one_title_line_and_no_control_characters(text, tmp_path):
    await FileChannel(tmp_path / "a.txt").send(message(text), BEGIN)
    assert not UNSEEN & set((tmp_path / "a.txt").read_text("utf-8"))


def test_a_webhook_is_json_that_says_the_same(text):
    [alert] = json.loads(payload(message(text), BEGIN))["data"]["alerts"]
    assert alert["title"] == text


async def test_apprise_sends_plain_text_with_a_title_of_one_line(text):
    with Newsroom(site=TinySite()) as room:
        channel = AppriseChannel(f"json://127.0.0.1:{room.port}/hook")
        assert isinstance(await channel.send(message(text), BEGIN), Delivered)
        sent = room.deliveries[0].json()
    assert "\n" not in sent["title"]
    assert not UNSEEN & set(sent["title"] + sent["message"])


async def test_a_headline_calls_nobody_and_is_no_longer_than_the_service_takes():
    with Newsroom(site=TinySite()) as room:
        channel = AppriseChannel(f"json://127.0.0.1:{room.port}/hook")
        calls = "@everyone, @here und @all an redaktion@example.org: " + "Gespräch " * 100
        await channel.send(Message(key="msg_1", title=calls, body=calls), BEGIN)
        sent = room.deliveries[0].json()
    for text in (sent["title"], sent["message"]):
        assert not {"@everyone", "@here", "@all"} & set(text.replace(",", "").split())
        assert "redaktion@example.org" in text
    assert len(sent["title"]) <= channel.title_limit == 250


def test_an_artifact_holds_no_markup_of_others(text):
    match = runs.Match(
        headline=text, url=f"javascript:{text}", publisher=text, grade=2, score=0.5, events=1, acts=(text,)
    )
    feed = runs.FeedReport(name=text, url="u", outcome="unreadable", message=text)
    report = runs.RunReport(
        kind="ingest", started_at=BEGIN, finished_at=BEGIN, matches=(match,), feeds=(feed,), notes=(text,)
    )
    told = runs.markdown(report)
    assert "<script" not in told
    assert "<img" not in told
    assert "](javascript" not in told
    assert "![" not in told
    assert not UNSEEN & set(told)
    assert not [line for line in told.splitlines() if line.startswith("Bcc")]


def test_a_table_cell_is_never_a_formula(text):
    row = io.StringIO()
    csv.writer(row).writerow([tables.cell(text)])
    [[read]] = list(csv.reader(io.StringIO(row.getvalue(), newline="")))
    assert not str(read).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_xml_of_ours_is_read_back_as_text(text):
    from lxml import etree

    tree = etree.fromstring(f"<t a={markup.xml_attribute(text)}>{markup.xml(text)}</t>".encode())
    assert len(tree) == 0
    assert "NA" in (tree.text or "") or "HYPERLINK" in (tree.text or "")


def meeting(text: str) -> tuple[Meeting, tuple[Change, ...]]:
    day = BEGIN.date()
    change = Change(at=BEGIN, state="announced", day_first=day, place=text, by=text, quote=text, reason=text)
    met = Meeting(
        uid="m1", state="announced", title=text, parties=(text, "NATO"), day_first=day, place=text, outcome=text
    )
    return met, (change,)


def test_a_calendar_has_one_entry_and_no_line_of_others(text):
    from icalendar import Calendar

    told = exports.icalendar([meeting(text)], BEGIN, name=text)
    assert not UNSEEN & set(told.decode())
    for line in told.decode().splitlines():
        assert not line.startswith(("Bcc:", "BEGIN:VALARM", "ATTACH", "ATTENDEE"))
    [entry] = Calendar.from_ical(told).walk("VEVENT")
    assert str(entry["UID"]) == "m1@depesche"


def stored(text: str) -> StoredEvent:
    party = Actor(code="RUS", name=text, office=text)
    event = Event(
        type=EventType.CONSULT,
        status=Status.PAST,
        actors=(party, Actor(code="NATO", name="NATO")),
        place=Place(name=text, country="CHE"),
        evidence=Evidence(start=0, end=len(text), quote=text, rule="r"),
    )
    return StoredEvent(
        row=1,
        uid=event.id,
        event=event,
        day=None,
        article_id=1,
        version_id=1,
        url="https://haus.example/1",
        publisher=text,
        headline=text,
        published_at=BEGIN,
        stand=None,
        act="a1",
        act_reasons="",
        copied=False,
        known_from=BEGIN,
        known_to=None,
        ended_by="",
        correction_id=None,
    )


@pytest.mark.parametrize("home", ["", "https://raum.example"])
def test_a_feed_of_acts_and_a_network_are_xml_with_others_text_as_text(text, home):
    from lxml import etree

    act = Act(
        uid="a1",
        type="CONSULT",
        mode="",
        status="past",
        title=text,
        parties=(text,),
        day_first=None,
        day_last=None,
        place=text,
        created_at=BEGIN,
        updated_at=BEGIN,
        merged_into="",
        merge_reason="",
    )
    feed = "".join(exports.atom([(act, (stored(text),))], BEGIN, title=text, home=home))
    for told in (feed, "".join(exports.gexf([stored(text)], BEGIN))):
        assert not (UNSEEN - {"\u202e", "\u202c"}) & set(told)
        tags = {etree.QName(node).localname for node in etree.fromstring(told.encode()).iter()}
        assert not tags & {"script", "img"}
    links = etree.fromstring(feed.encode()).findall(".//{*}link")
    assert links
    assert all(link.get("href", "").startswith("https://") for link in links)


def test_the_reading_room_shows_others_text_as_text(text):
    from zoneinfo import ZoneInfo

    from flows.web.app import templates
    from flows.web.wording import Words

    page = templates(Words("de", ZoneInfo("Europe/Berlin"))).from_string('<p title="{{ text }}">{{ text }}</p>')
    shown = page.render(text=text)
    assert shown.count("<") == 2
    assert shown.count('"') == 2


# Secrets

SECRETS = {
    "signing": "whsec_R2VoZWltR2VoZWltR2VoZWlt",
    "apprise": "apprisegeheimnis",
    "room": "raumgeheimnis",
    "heartbeat": "pulsgeheimnis",
    "database": "datenbankgeheimnis",
}


def secret_settings(folder: Path, room: Newsroom):
    host = room.url.removeprefix("http://")
    return settings_for(
        folder,
        room,
        heartbeat_url=f"{room.url}/{SECRETS['heartbeat']}",
        room_token=SECRETS["room"],
        channels={
            "hook": Channel(kind="webhook", url=room.hook_url + "/" + SECRETS["apprise"], secret=SECRETS["signing"]),
            "post": Channel(kind="apprise", url=f"json://nutzer:{SECRETS['apprise']}@{host}/{SECRETS['apprise']}"),
            "ops": Channel(kind="file", path=folder / "ops.txt", operators=True),
        },
    )


async def test_a_pass_with_faults_writes_no_secret_anywhere(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    clock, site = Clock(), TinySite()
    site.publish(idle(1))
    with Newsroom(site=site, clock=clock) as room:
        settings = secret_settings(tmp_path, room)
        async with open_desk(settings, now=clock) as desk:
            await steps.one_pass(desk)
            site.publish(talks(1), talks(2))
            room.fault("/hook*", "410")
            room.fault(f"/{SECRETS['apprise']}", "500")
            told = []
            for _ in range(4):
                clock.advance(hours=25)
                told.append(runs.markdown(await steps.one_pass(desk)))
            room.fault("/feed/*", "reset")
            clock.advance(hours=2)
            told.append(runs.markdown(await steps.one_pass(desk)))
            with opened(desk.engine) as archive:
                told += [str(archive.outbox.channels()), str(archive.log.incidents(open_only=False))]
                told += [str(archive.outbox.dead_letters()), str(archive.log.runs())]
        told += [str(check) for check in doctor.examine(settings)]
        told += [repr(settings), caplog.text, (tmp_path / "ops.txt").read_text("utf-8")]
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("archive.sqlite*")).decode("latin-1")
    for name in ("signing", "apprise", "room"):
        assert SECRETS[name] not in "\n".join(told), name
        assert SECRETS[name] not in stored, name
    assert SECRETS["heartbeat"] not in caplog.text


async def test_the_key_in_a_feeds_address_is_told_to_nobody_when_it_fails(tmp_path, caplog, monkeypatch):
    """A feed of one's own, by a key: with the address of a dead one the operators' chat, the room and Prefect had the key."""
    caplog.set_level(logging.DEBUG)
    clock, told = Clock(), list[str]()
    monkeypatch.setattr(operate, "emit_event", lambda *args, **more: told.append(f"{args} {more}"))
    with Newsroom(site=TinySite(), clock=clock) as newsroom:
        settings = settings_for(tmp_path, newsroom)
        own = [f"{newsroom.url}/feed/{name}.xml?token=feedgeheimnis{name}" for name in ("weg", "fort")]
        rows = "".join(f'[[feed]]\npublisher = "haus"\nname = "{n}"\nurl = "{url}"\n' for n, url in enumerate(own))
        (tmp_path / "feeds.toml").write_text(rows, "utf-8")
        async with open_desk(settings, now=clock) as desk:
            for _ in range(6):
                report = await steps.one_pass(desk)
                clock.advance(hours=7)
            told += [runs.markdown(report), *operate.still_open(desk), *(await steps.tend(desk)).notes]
            await steps.deliver(desk)
            operate._emit(report, operate.news_since(desk, BEGIN))
            with TestClient(create_app(Room(engine=desk.engine, now=clock))) as client:
                told += [client.get(path).text for path in ("/", "/feeds")]
    heard = (tmp_path / "ops.txt").read_text("utf-8")
    assert heard.count("/feed/weg.xml?token=***") == heard.count("/feed/fort.xml?token=***") > 0
    assert "feedgeheimnis" not in "\n".join([*told, heard, caplog.text])


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://depesche:datenbankgeheimnis@127.0.0.1:1/archive",
        "postgresql://depesche@/archive?host=127.0.0.1&port=1&password=datenbankgeheimnis",
        "postgresql://depesche@127.0.0.1:1/archive?sslpassword=datenbankgeheimnis",
        "postgresql://depesche:datenbankgeheimnis@127.0.0.1:hafen/archive",
        "mysql://depesche:datenbankgeheimnis@127.0.0.1/archive",
        "://depesche:datenbankgeheimnis@",
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DEPESCHE_DATABASE", url)
    monkeypatch.chdir(tmp_path)
    raised: list[str] = []
    for command in (["alerts", "list"], ["db", "upgrade"], ["doctor", "--json"]):
        try:
            cli.main(command)
        except SystemExit:
            pass
        except Exception as error:  # noqa: BLE001  whatever it is, it must not tell
            raised.append(str(error))
    said = capsys.readouterr()
    assert SECRETS["database"] not in said.out + said.err + "".join(raised)


def test_a_feed_with_credentials_is_refused_without_telling_them(tmp_path, monkeypatch, capsys):
    (tmp_path / "feeds.toml").write_text(
        '[[feed]]\npublisher = "haus"\nname = "alle"\nurl = "https://nutzer:feedgeheimnis@haus.example/feed"\n', "utf-8"
    )
    (tmp_path / "depesche.toml").write_text('contact = "a@b.example"\nfeeds = "feeds.toml"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    for command in (["feeds", "list"], ["doctor", "--json"], ["run", "--once", "--dry-run"]):
        assert cli.main(command) != 0
    said = capsys.readouterr()
    assert "no credentials" in said.out + said.err
    assert "feedgeheimnis" not in said.out + said.err


async def test_a_link_with_credentials_in_a_feed_is_neither_followed_nor_kept(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    clock, site = Clock(), TinySite()
    with Newsroom(site=site, clock=clock) as room:
        host = room.url.removeprefix("http://")
        site.publish(idle(1))
        honest = site.answer

        def answer(path, *, base, now):
            found = honest(path, base=base, now=now)
            if path.startswith("/feed/"):
                body = found.body.replace(f"http://{host}/a".encode(), f"http://nutzer:linkgeheimnis@{host}/a".encode())
                return type(found)(body=body, content_type=found.content_type)
            return found

        site.answer = answer
        async with open_desk(settings_for(tmp_path, room), now=clock) as desk:
            report = await steps.one_pass(desk)
        assert room.asked("/a/1") == []
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("archive.sqlite*")).decode("latin-1")
    assert "linkgeheimnis" not in runs.markdown(report) + caplog.text + stored
