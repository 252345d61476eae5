"""The newsroom keeps its word: what is out when, how faults look on the wire, and that its truth is true."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from extractors.feeds import parse_feed
from extractors.model import Grade
from extractors.ontology import SYMMETRIC, EventType, Status
from flows.newsroom import END, START, Newsroom, Piece, Version, load_pieces
from flows.newsroom.faults import FaultKind
from flows.newsroom.houses import FORMATS, HOUSES
from flows.newsroom.mirror import Mirror, NothingToServe
from flows.newsroom.pieces import BrokenPiece, Kind, parse_piece

PIECES = load_pieces()
READABLE = tuple(piece for piece in PIECES if piece.readable)
VERSIONS = tuple((piece, version) for piece in READABLE for version in piece.versions)
TAGESSCHAU = "/feeds/tagesschau.rss"


def named(value: object) -> str | None:
    match value:
        case Piece():
            return value.id
        case Version():
            return f"{value.at:%d-%H%M}"
    return None


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom(everything=True) as room:
        yield room


class Answer:
    """What came back, the connection closed behind it."""

    def __init__(self, url: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> None:
        split = urlsplit(url)
        connection = http.client.HTTPConnection(split.hostname or "", split.port or 80, timeout=10)
        try:
            connection.request(method, split.path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            with connection.getresponse() as response:
                self.status, self.headers, self.body = response.status, response.headers, response.read()
        finally:
            connection.close()


# -- the articles and the truth about them


def test_the_fortnight_has_what_the_demo_promises() -> None:
    kinds = Counter(piece.kind for piece in PIECES)
    grades = Counter(piece.grade for piece in READABLE)

    assert len(READABLE) >= 44
    assert set(kinds) == set(Kind)
    assert all(grades[grade] >= 5 for grade in Grade)
    assert {piece.layout for piece in PIECES} >= {"tagesschau", "tagesschau-2020", "tagesschau-2022", "tagesschau-2023"}
    assert {piece.house for piece in PIECES} == set(HOUSES)
    assert any(piece.old_path for piece in PIECES)


@pytest.mark.parametrize(("piece", "version"), VERSIONS, ids=named)
def test_every_expected_event_stands_in_its_text(piece: Piece, version: Version) -> None:
    text = piece.article(version, "http://127.0.0.1/").text

    assert [event.quote for event in version.events if event.quote not in text] == []


@pytest.mark.parametrize(("piece", "version"), VERSIONS, ids=named)
def test_an_article_is_as_long_as_agency_prose(piece: Piece, version: Version) -> None:
    """Extractors and coders meet no stubs here."""
    assert 100 <= len(piece.article(version, "http://127.0.0.1/").text.split()) <= 400


@pytest.mark.parametrize("piece", READABLE, ids=named)
def test_core_articles_have_events_and_negatives_have_none(piece: Piece) -> None:
    events = [event for version in piece.versions for event in version.events]

    assert bool(events) == (piece.grade is Grade.CORE) or piece.grade is Grade.RELATED


def test_events_follow_the_codebook() -> None:
    """Actors sorted where the type is symmetric, dates that exist, and within a year of the fortnight."""
    for _, version in VERSIONS:
        for event in version.events:
            assert event.actors == tuple(sorted(event.actors)), event
            assert event.recipients == tuple(sorted(event.recipients)), event
            for code in (*event.actors, *event.recipients):
                assert re.fullmatch(r"[A-Z]{2,4}", code), event
            for day in re.findall(r"\d{4}-\d{2}-\d{2}", event.date or ""):
                assert abs(date.fromisoformat(day) - START.date()) < timedelta(days=366), event
            if len(event.actors) > 1 and event.type in SYMMETRIC and event.recipients:
                assert event.type in (EventType.AGREE, EventType.CONSULT), event


def test_weekdays_of_meetings_agree_with_their_dates() -> None:
    """Where the sentence names a weekday and the event a day, they are the same day."""
    names = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
    events = [event for _, version in VERSIONS for event in version.events if event.type is EventType.CONSULT]
    days = [(event, event.date) for event in events if event.date and re.fullmatch(r"\d{4}-\d{2}-\d{2}", event.date)]
    checked = 0
    for event, day in days:
        said = [name for name in names if re.search(rf"\b{name}\b", event.quote)]
        # A date in figures is the meeting's own, and the weekday then that of the announcement.
        if said and not re.search(r"\d\. Januar", event.quote):
            assert names[date.fromisoformat(day).weekday()] in said, event
            checked += 1

    assert checked >= 15


def test_acts_are_reported_by_several_houses() -> None:
    reports: dict[str, set[str]] = {}
    for piece, version in VERSIONS:
        for event in version.events:
            if event.act:
                reports.setdefault(event.act, set()).add(piece.id)

    assert sum(len(pieces) > 1 for pieces in reports.values()) >= 12
    assert len({piece.house for piece in PIECES if piece.id in reports["nato-lehnt-aufnahmestopp-ab"]}) == 3


def test_meetings_are_announced_moved_held_and_cancelled() -> None:
    lives: dict[str, set[tuple[str, str | None]]] = {}
    for _, version in VERSIONS:
        for event in version.events:
            if event.type is EventType.CONSULT and event.act:
                lives.setdefault(event.act, set()).add((event.status, event.date))

    assert {status for status, _ in lives["rat-12-januar"]} == {Status.PLANNED, Status.PAST}
    assert {day for _, day in lives["osze-wien"]} == {"2028-01-13", "2028-01-14"}
    assert Status.NEGATED in {status for status, _ in lives["genf-arbeitsgruppe"]}


def test_the_revised_article_adds_an_event_and_then_weakens_it() -> None:
    first, second, third = next(piece for piece in PIECES if piece.id == "manoever-dreimal").versions
    acts = [{event.act: event.status for event in version.events} for version in (first, second, third)]

    assert first.stand != second.stand != third.stand
    assert "aufklaerer-rumaenien" not in acts[0]
    assert acts[1]["aufklaerer-rumaenien"] is Status.PAST
    assert acts[2]["aufklaerer-rumaenien"] is Status.HYPOTHETICAL


def test_agency_copies_share_most_of_their_words() -> None:
    by_id = {piece.id: piece for piece in PIECES}
    copies = [piece for piece in PIECES if piece.copy_of]

    assert len(copies) >= 2
    for copy in copies:
        ours, theirs = (
            {word for _, text in piece.versions[-1].parts for word in text.split()}
            for piece in (copy, by_id[copy.copy_of])
        )
        assert len(ours & theirs) > 0.7 * len(ours)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("house = [", "TOMLDecodeError"),
        ('house = "tagesschau"', "published"),
        ("published = 2028-01-10T10:00:00", "zone"),
        ("published = 2028-01-10T10:00:00Z\nhuose = 1", "huose"),
    ],
)
def test_a_broken_file_is_named_with_its_fault(text: str, says: str) -> None:
    with pytest.raises(BrokenPiece, match=rf"beispiel\.toml.*{says}"):
        parse_piece("beispiel", text)


# -- feeds


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("house", HOUSES)
def test_each_house_tells_the_same_in_every_format(room: Newsroom, house: str, extension: str) -> None:
    url = f"{room.url}/feeds/{house}.{extension}"
    answer = Answer(url)
    entries = parse_feed(url, answer.body, content_type=answer.headers["Content-Type"], now=room.now()).entries
    wanted = {f"{room.url}/{piece.house}/{piece.link}": piece for piece in PIECES if piece.house == house}

    assert {entry.url for entry in entries} == set(wanted)
    for entry in entries:
        piece = wanted[entry.url]
        assert piece.versions[-1].headline in entry.headline
        assert entry.teaser == piece.versions[-1].teaser
        told = {entry.published_at, entry.updated_at} - {None}
        assert told
        assert told <= {piece.published, piece.versions[-1].at}


@pytest.mark.parametrize("extension", ["rss", "atom", "rdf"])
def test_feeds_are_well_formed_for_an_independent_reader(room: Newsroom, extension: str) -> None:
    for house in HOUSES:
        parsed = feedparser.parse(Answer(f"{room.url}/feeds/{house}.{extension}").body)

        assert not parsed.bozo
        assert len(parsed.entries) == sum(piece.house == house for piece in PIECES)


def test_sections_divide_a_house(room: Newsroom) -> None:
    abroad, home, whole = (
        {entry.link for entry in feedparser.parse(Answer(room.feeds[name]).body).entries}
        for name in ("tagesschau-ausland", "tagesschau-inland", "tagesschau")
    )

    assert abroad | home == whole
    assert abroad
    assert home
    assert not abroad & home


def test_the_list_of_feeds_is_opml(room: Newsroom) -> None:
    text = Answer(f"{room.url}/feeds.opml").body.decode()

    assert set(re.findall(r'xmlUrl="([^"]+)"', text)) == set(room.feeds.values())


# -- the clock


def test_articles_appear_and_change_by_the_clock() -> None:
    piece = next(piece for piece in PIECES if piece.id == "manoever-dreimal")
    with Newsroom() as room:
        url = f"{room.url}/{piece.house}/{piece.path}"
        seen = []
        for moment in (START, *(version.at for version in piece.versions)):
            room.set_time(moment)
            answer = Answer(url)
            seen.append((answer.status, answer.headers.get("ETag")))

    assert [status for status, _ in seen] == [404, 200, 200, 200]
    assert len({etag for _, etag in seen}) == 4


def test_an_empty_newsroom_has_empty_but_valid_feeds() -> None:
    with Newsroom() as room:
        for url in room.feeds.values():
            parsed = feedparser.parse(Answer(url).body)
            assert not parsed.bozo
            assert parsed.entries == []


def test_the_clock_moves_by_hand_by_speed_or_by_a_clock_of_the_test() -> None:
    still, fast = Newsroom(), Newsroom(speed=3600.0)
    told = datetime(2028, 1, 12, tzinfo=UTC)
    given = Newsroom(clock=lambda: told)

    assert still.now() == START
    assert still.advance(hours=3) == still.now() == START + timedelta(hours=3)
    first = fast.now()
    while (later := fast.now()) == first:
        pass
    assert later > first
    assert given.now() == told
    with pytest.raises(ValueError, match="given a clock"):
        given.advance(hours=1)


def test_everything_is_the_end_of_the_fortnight(room: Newsroom) -> None:
    assert room.now() == END
    assert all(version.at <= END for piece in PIECES for version in piece.versions)
    assert all(version.at > START for piece in PIECES for version in piece.versions)


# -- HTTP as it should be


def test_an_unchanged_feed_is_304_by_etag_and_by_date(room: Newsroom) -> None:
    url = room.url + TAGESSCHAU
    first = Answer(url)

    by_tag = Answer(url, If_None_Match=first.headers["ETag"])
    by_date = Answer(url, If_Modified_Since=first.headers["Last-Modified"])
    other_tag = Answer(url, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"])

    assert (by_tag.status, by_tag.body) == (304, b"")
    assert by_tag.headers["ETag"] == first.headers["ETag"]
    assert by_date.status == 304
    assert other_tag.status == 200


def test_times_on_the_wire_are_the_newsrooms_own(room: Newsroom) -> None:
    answer = Answer(room.url + TAGESSCHAU)

    assert parsedate_to_datetime(answer.headers["Date"]) == END
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) <= END


def test_a_moved_page_is_301_and_a_dead_one_404(room: Newsroom) -> None:
    moved = next(piece for piece in PIECES if piece.old_path)
    dead = next(piece for piece in PIECES if piece.kind is Kind.DEAD)
    answer = Answer(f"{room.url}/{moved.house}/{moved.old_path}")

    assert answer.status == 301
    assert Answer(answer.headers["Location"]).status == 200
    assert Answer(f"{room.url}/{dead.house}/{dead.path}").status == 404


def test_one_connection_carries_many_requests(room: Newsroom) -> None:
    split = urlsplit(room.url)
    connection = http.client.HTTPConnection(split.hostname or "", split.port or 80, timeout=10)
    for _ in range(3):
        connection.request("GET", TAGESSCHAU)
        assert connection.getresponse().read()
        held = connection.sock
    assert held is connection.sock
    connection.close()

    assert len(room.asked(TAGESSCHAU)) == 3


def test_large_answers_are_compressed_only_for_those_who_ask(room: Newsroom) -> None:
    plain = Answer(room.url + TAGESSCHAU)
    packed = Answer(room.url + TAGESSCHAU, Accept_Encoding="gzip")

    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2


@pytest.mark.parametrize("head", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"])
def test_nonsense_is_400_and_the_server_lives_on(room: Newsroom, head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", room.port), timeout=10) as raw:
        raw.sendall(head)
        assert raw.recv(100).startswith(b"HTTP/1.1 400")

    assert Answer(room.url + "/").status == 200


# -- faults


@pytest.mark.parametrize("status", [304, 404, 410, 429, 500, 503])
def test_a_status_on_demand(room: Newsroom, status: int) -> None:
    room.fault(TAGESSCHAU, str(status), retry_after=30)
    answer = Answer(room.url + TAGESSCHAU)
    room.heal(TAGESSCHAU)

    assert answer.status == status
    assert answer.headers["Retry-After"] == "30"
    assert Answer(room.url + TAGESSCHAU).status == 200


def test_a_fault_for_two_requests_heals_itself(room: Newsroom) -> None:
    room.fault("feeds/tagesschau.rss", "500", times=2)

    assert [Answer(room.url + TAGESSCHAU).status for _ in range(3)] == [500, 500, 200]


def test_a_fault_strikes_its_path_alone_or_all_below_it(room: Newsroom) -> None:
    room.fault(room.url + TAGESSCHAU, "500")
    assert Answer(room.feeds["n-tv"]).status == 200

    room.fault("/feeds/*", "503")
    assert Answer(room.feeds["n-tv"]).status == 503


def test_a_cut_answer_promises_more_than_it_sends(room: Newsroom) -> None:
    room.fault(TAGESSCHAU, "cut")

    with pytest.raises(http.client.IncompleteRead):
        Answer(room.url + TAGESSCHAU)


def test_a_reset_is_seen_as_a_reset(room: Newsroom) -> None:
    room.fault(TAGESSCHAU, "reset")

    with pytest.raises(ConnectionResetError):
        Answer(room.url + TAGESSCHAU)
    assert [request.status for request in room.asked(TAGESSCHAU)] == [0]


def test_drips_take_their_time_and_come_whole(room: Newsroom) -> None:
    whole = Answer(room.url + TAGESSCHAU).body
    room.fault(TAGESSCHAU, "slow", chunk=len(whole) // 4 + 1, delay=0.05)
    began = time.monotonic()

    assert Answer(room.url + TAGESSCHAU).body == whole
    assert time.monotonic() - began >= 0.2


def test_a_late_answer_is_the_usual_one_later(room: Newsroom) -> None:
    room.fault(TAGESSCHAU, "late", delay=0.2)
    began = time.monotonic()

    assert Answer(room.url + TAGESSCHAU).status == 200
    assert time.monotonic() - began >= 0.2


def test_redirects_and_loops(room: Newsroom) -> None:
    room.fault(TAGESSCHAU, "redirect", location="/feeds/n-tv.atom", status=308)
    answer = Answer(room.url + TAGESSCHAU)
    assert (answer.status, answer.headers["Location"]) == (308, "/feeds/n-tv.atom")

    room.fault(TAGESSCHAU, "loop")
    assert Answer(room.url + TAGESSCHAU).headers["Location"] == TAGESSCHAU


@pytest.mark.parametrize(("kind", "starts"), [("garbage", b"\x00\x01"), ("empty", b""), ("html", b"<!doctype html>")])
def test_bodies_that_are_no_feed(room: Newsroom, kind: str, starts: bytes) -> None:
    room.fault(TAGESSCHAU, kind)
    answer = Answer(room.url + TAGESSCHAU)

    assert answer.status == 200
    assert answer.body.startswith(starts)
    assert b"<rss" not in answer.body


def test_a_bare_answer_has_no_validators(room: Newsroom) -> None:
    known = Answer(room.url + TAGESSCHAU).headers["ETag"]
    room.fault(TAGESSCHAU, "bare")
    answer = Answer(room.url + TAGESSCHAU, If_None_Match=known)

    assert answer.status == 200
    assert answer.headers["ETag"] is None
    assert answer.headers["Last-Modified"] is None


def test_a_reserved_answer_says_so(room: Newsroom) -> None:
    room.fault("/tagesschau/*", "reserved")
    piece = next(piece for piece in READABLE if piece.house == "tagesschau" and not piece.old_path)

    assert Answer(f"{room.url}/{piece.house}/{piece.path}").headers["TDM-Reservation"] == "1"


@pytest.mark.parametrize("wrong", [{"kind": "sneeze"}, {"kind": "500", "colour": "red"}])
def test_an_unknown_fault_is_refused_with_the_known_ones(room: Newsroom, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no such fault") as told:
        room.fault(TAGESSCHAU, **wrong)

    assert all(kind in str(told.value) for kind in FaultKind)


def test_the_same_can_be_steered_over_http(room: Newsroom) -> None:
    wish = json.dumps({"path": TAGESSCHAU, "kind": "429", "retry_after": 7, "times": 1}).encode()

    assert Answer(f"{room.url}/_newsroom/faults", method="POST", body=wish).status == 200
    assert Answer(room.url + TAGESSCHAU).headers["Retry-After"] == "7"
    back = Answer(f"{room.url}/_newsroom/clock", method="POST", body=b'{"now": "2028-01-11T00:00:00+00:00"}')
    assert json.loads(back.body) == {"now": "2028-01-11T00:00:00+00:00"}
    assert room.now() == datetime(2028, 1, 11, tzinfo=UTC)
    asked = json.loads(Answer(f"{room.url}/_newsroom/requests").body)
    assert [row["status"] for row in asked if row["path"] == TAGESSCHAU] == [429]
    assert Answer(f"{room.url}/_newsroom/faults", method="POST", body=b'{"path": "/x"}').status == 400
    assert Answer(f"{room.url}/_newsroom/tea", method="POST").status == 400


def test_steering_gets_through_when_everything_is_at_fault_and_leaves_no_trace(room: Newsroom) -> None:
    room.fault("*", "500")

    assert Answer(room.url + TAGESSCHAU).status == 500
    assert Answer(f"{room.url}/_newsroom/faults", method="DELETE").status == 200
    assert Answer(room.url + TAGESSCHAU).status == 200
    assert [request.path for request in room.requests] == [TAGESSCHAU, TAGESSCHAU]


def test_closing_what_was_never_opened_is_nothing() -> None:
    Newsroom().close()


# -- the webhook's memory


def test_deliveries_are_remembered_with_headers_and_answer(room: Newsroom) -> None:
    room.fault("/hook/kaputt", "500")

    assert Answer(room.hook_url, method="POST", body=b'{"a": 1}', Webhook_Id="msg_1").status == 204
    assert Answer(f"{room.hook_url}/kaputt", method="POST", body=b"x").status == 500
    first, second = room.deliveries
    assert (first.path, first.json(), first.headers["webhook-id"], first.status) == ("/hook", {"a": 1}, "msg_1", 204)
    assert (second.path, second.body, second.status) == ("/hook/kaputt", b"x", 500)


def test_a_delivery_before_a_reset_was_received(room: Newsroom) -> None:
    """The receiver's worst case: it has the message, and the sender cannot know."""
    room.fault("/hook", "reset", times=1)

    with pytest.raises(ConnectionResetError):
        Answer(room.hook_url, method="POST", body=b"1")
    assert Answer(room.hook_url, method="POST", body=b"1").status == 204
    assert [delivery.status for delivery in room.deliveries] == [0, 204]


def test_a_chunked_delivery_arrives_whole(room: Newsroom) -> None:
    split = urlsplit(room.hook_url)
    connection = http.client.HTTPConnection(split.hostname or "", split.port or 80, timeout=10)
    connection.request("POST", split.path, iter([b"eins", b"zwei"]), encode_chunked=True)
    connection.getresponse().read()
    connection.close()

    assert [delivery.body for delivery in room.deliveries] == [b"einszwei"]


# -- life and command line


def test_closing_ends_open_connections_and_frees_the_port() -> None:
    room = Newsroom(everything=True).open()
    with socket.create_connection(("127.0.0.1", room.port), timeout=10) as waiting:
        waiting.sendall(b"HEAD / HTTP/1.1\r\n\r\n")
        assert waiting.recv(1000).startswith(b"HTTP/1.1 200")
        room.close()
        assert waiting.recv(1) == b""

    with Newsroom(port=room.port) as again:
        assert again.port == room.port


def test_the_command_serves_until_it_is_told_to_stop() -> None:
    command = [sys.executable, "-m", "flows.cli", "newsroom", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            told = json.loads(process.stdout.readline())
            assert "tagesschau" in {feed["feed"] for feed in told["feeds"]}
            assert {Answer(feed["url"]).status for feed in told["feeds"]} == {200}
        finally:
            process.terminate()
            process.wait(10)


def test_a_taken_port_and_an_empty_folder_are_told_plainly(
    room: Newsroom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.cli import USAGE, main

    assert main(["newsroom", "--port", str(room.port)]) == USAGE
    assert "choose another with --port" in capsys.readouterr().err
    assert main(["newsroom", "--from", str(tmp_path)]) == USAGE
    assert "manifest.jsonl" in capsys.readouterr().err


# -- a folder on loopback


def test_a_folder_is_served_with_an_index_of_its_pages(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "feeds").mkdir()
    (tmp_path / "pages/a.html").write_text("<h1>Eins</h1>")
    (tmp_path / "feeds/b.xml").write_bytes(b"<rss/>")
    rows = [
        {"file": "a.html", "id": "a", "url": "https://www.example.org/welt/ä.html", "published": "2028-01-10 09:00:00"},
        {"file": "fehlt.html", "id": "f", "url": "https://www.example.org/fehlt.html"},
    ]
    (tmp_path / "pages/manifest.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    (tmp_path / "feeds/manifest.jsonl").write_text('{"path": "feeds/b.xml"}\n')

    with Newsroom(site=Mirror(tmp_path)) as room:
        (entry,) = feedparser.parse(Answer(room.feeds["index"]).body).entries
        assert Answer(entry.link).body == b"<h1>Eins</h1>"
        assert entry.published == "Mon, 10 Jan 2028 08:00:00 +0000"
        assert Answer(room.feeds["b.xml"]).body == b"<rss/>"


def test_a_folder_with_nothing_to_serve_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToServe, match="neither"):
        Mirror(tmp_path)


@pytest.mark.shared
def test_all_given_pages_and_feeds_can_be_fetched_from_loopback() -> None:
    shared = next(
        parent / "../shared" for parent in Path(__file__).resolve().parents if (parent / "pyproject.toml").exists()
    )
    if not (shared / "pages/manifest.jsonl").exists():
        pytest.skip("no ../shared beside the project")
    mirror = Mirror(shared)

    with Newsroom(site=mirror) as room:
        entries = feedparser.parse(Answer(room.feeds["index"]).body).entries
        statuses = Counter(Answer(url).status for url in (*(e.link for e in entries), *room.feeds.values()))

    assert len(entries) == len(mirror.pages) > 100
    assert statuses == {200: len(entries) + len(room.feeds)}
