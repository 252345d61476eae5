"""Fetching: nowhere but the public internet, within limits, with manners; and every way to fail has a name."""

from __future__ import annotations

import asyncio
import gzip
import logging
import random
import socket
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from loading import loaded

from extractors.model import FetchedPage
from flows.fetching import (
    Body,
    Fault,
    Fetcher,
    FetchError,
    Limits,
    NoContact,
    NotModified,
    allowed_url,
    max_age,
    pairs,
    public,
    redacted,
    retry_after,
    user_agent,
)
from flows.fetching.addresses import Doorkeeper

NOW = datetime(2022, 1, 10, 12, 0, tzinfo=UTC)
CONTACT = "redaktion@example.org"
HOSTILE = Path(__file__).resolve().parents[1] / "hostile"
PAGE = b"<html><head><title>T</title></head><body><p>Text</p></body></html>"


# --- a server with a memory


class Site:
    """A web server on loopback: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.pages: dict[str, Callable[[dict[str, str]], bytes]] = {}
        self.port = 0

    def put(self, path: str, body: bytes = PAGE, status: str = "200 OK", **fields: str) -> None:
        self.pages[path] = lambda _: response(body, status, **fields)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := (await reader.readline()).decode("latin-1"):
                fields = {}
                while (text := (await reader.readline()).decode("latin-1").strip()) != "":
                    name, _, value = text.partition(":")
                    fields[name.lower()] = value.strip()
                if "content-length" in fields:
                    fields["body"] = (await reader.readexactly(int(fields["content-length"]))).decode()
                path = line.split(" ")[1]
                self.asked.append((time.monotonic(), path, fields))
                writer.write(self.pages.get(path, lambda _: response(b"", "404 Not Found"))(fields))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def response(body: bytes, status: str = "200 OK", **fields: str) -> bytes:
    told = {"Content-Length": str(len(body)), "Content-Type": "text/html; charset=utf-8"}
    told |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items() if value)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if status.startswith("304") else body)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    found = Site()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()


class Clock:
    """Time that passes only when someone waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@asynccontextmanager
async def fetcher(site: Site, clock: Clock | None = None, **limits: Any) -> AsyncIterator[Fetcher]:
    told = {"allow": (f"127.0.0.1:{site.port}",), "deadline": 5.0, "page_spacing": 0.0, **limits}
    timing = {"monotonic": clock, "sleep": clock.sleep} if clock else {}
    async with Fetcher(contact=CONTACT, limits=Limits(**told), clock=lambda: NOW, **timing) as found:  # type: ignore[arg-type]
        yield found


async def fault_of(fetcher: Fetcher, url: str, **kwargs: Any) -> FetchError:
    with pytest.raises(FetchError) as error:
        await fetcher.fetch(url, **kwargs)
    return error.value


async def page_of(fetcher: Fetcher, url: str, **kwargs: Any) -> FetchedPage:
    page = await fetcher.fetch(url, **kwargs)
    assert isinstance(page, FetchedPage)
    return page


# --- who asks


@pytest.mark.parametrize("contact", ["", "niemand", "a@b", "https://", "x@example.org\r\nX: y", "ftp://example.org"])
def test_nothing_starts_without_a_contact(contact: str) -> None:
    with pytest.raises(NoContact, match="set `contact`"):
        Fetcher(contact=contact)


async def test_the_user_agent_says_who_asks_and_nothing_else_is_told(site: Site) -> None:
    site.put("/a")
    async with fetcher(site) as asking:
        await asking.fetch(site.url("/a"))
    fields = site.asked[0][2]
    assert fields["user-agent"] == user_agent(CONTACT)
    assert fields["user-agent"].startswith("depesche/")
    assert not {"cookie", "authorization", "referer"} & fields.keys()


# --- where to

ADDRESSES = (
    ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False),
    ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
    ("255.255.255.255", False), ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("fc00::1", False),
    ("::ffff:127.0.0.1", False), ("::127.0.0.1", False), ("64:ff9b::7f00:1", False), ("64:ff9b::a00:1", False),
    ("64:ff9b::5db8:d822", True), ("64:ff9b:1::5db8:d822", False), ("2002:7f00:1::", False),
    ("2001::1", False), ("ff02::1", False), ("127.1", False), ("2130706433", False), ("kein", False),
)  # fmt: skip


@pytest.mark.parametrize(("address", "is_public"), ADDRESSES)
def test_what_belongs_to_the_public_internet(address: str, is_public: bool) -> None:
    assert public(address) is is_public


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://127.0.0.1/", Fault.ADDRESS),
        ("http://127.1/", Fault.ADDRESS),
        ("http://2130706433/", Fault.ADDRESS),
        ("http://0x7f000001/", Fault.ADDRESS),
        ("http://0177.0.0.1/", Fault.ADDRESS),
        ("http://[::ffff:127.0.0.1]/", Fault.ADDRESS),
        ("http://127。0。0。1/", Fault.ADDRESS),
        ("http://example.org:8080/", Fault.URL),
        ("https://user:geheim@example.org/", Fault.URL),
        ("file:///etc/passwd", Fault.URL),
        ("gopher://example.org/", Fault.URL),
    ],
)
def test_urls_that_lead_astray_are_refused_before_anything_is_resolved(url: str, fault: Fault) -> None:
    with pytest.raises(FetchError) as error:
        allowed_url(url, frozenset())
    assert error.value.kind is fault
    assert error.value.permanent
    assert "geheim" not in str(error.value)


async def test_loopback_needs_its_exact_pair(site: Site) -> None:
    site.put("/a")
    async with fetcher(site, allow=()) as asking:
        assert (await fault_of(asking, site.url("/a"))).kind is Fault.URL
    async with fetcher(site, allow=(f"127.0.0.1:{site.port + 1}",)) as asking:
        assert (await fault_of(asking, site.url("/a"))).kind is Fault.URL
    assert site.asked == []


@pytest.mark.parametrize("pair", ["127.0.0.1", "*:80", "http://x:80", "x:99999", ":80", "10.0.0.0/8:80"])
def test_an_exception_is_an_exact_pair_or_an_error(pair: str) -> None:
    with pytest.raises(ValueError, match="exact host:port"):
        pairs((pair,))


async def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lies(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 80)), (socket.AF_INET, 1, 6, "", ("10.0.0.5", 80))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lies)
    async with Fetcher(contact=CONTACT) as asking:
        error = await fault_of(asking, "http://rebind.example/")
    assert error.kind is Fault.ADDRESS
    assert "10.0.0.5" in str(error)


def test_no_socket_is_opened_to_an_address_that_is_not_public_whatever_the_name_said() -> None:
    keeper = Doorkeeper(pairs(("127.0.0.1:8099",)))
    keeper.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 8099))).close()
    keeper.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))).close()
    for host, port in (("127.0.0.1", 80), ("10.0.0.1", 8099), ("93.184.216.34", 22)):
        with pytest.raises(OSError, match="not a public address"):
            keeper.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)))


@pytest.mark.parametrize("host", ["localhost", "ⓛocalhost", "LOCALHOST."])
async def test_names_of_this_machine_are_refused(host: str) -> None:
    async with Fetcher(contact=CONTACT) as asking:
        assert (await fault_of(asking, f"http://{host}/")).kind is Fault.ADDRESS


async def test_a_redirect_is_checked_like_a_first_request(site: Site) -> None:
    targets = (
        "http://127.0.0.1:1/",
        "http://10.0.0.5/",
        "file:///etc/passwd",
        "http://u:p@example.org/",
        "http://[::1/",
    )
    async with fetcher(site) as asking:
        for number, target in enumerate(targets):
            site.put(f"/{number}", b"", "302 Found", Location=target)
            assert (await fault_of(asking, site.url(f"/{number}"))).kind in (Fault.URL, Fault.ADDRESS, Fault.REDIRECT)
    assert len(site.asked) == len(targets)


# --- bodies


async def test_a_page_comes_back_with_its_headers(site: Site) -> None:
    site.put("/a", ETag='"e1"', Last_Modified="Mon, 10 Jan 2022 10:00:00 GMT", Cache_Control="max-age=120")
    async with fetcher(site) as asking:
        page = await page_of(asking, site.url("/a"))
    assert page.body == PAGE
    assert (page.etag, page.last_modified) == ('"e1"', "Mon, 10 Jan 2022 10:00:00 GMT")
    assert (page.fetched_at, page.max_age, page.moved_to) == (NOW, 120, "")
    assert page.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw"])
async def test_compressed_bodies_are_decoded(site: Site, encoding: str) -> None:
    import zlib

    body = {"gzip": gzip.compress(PAGE) + gzip.compress(b"<!-- 2 -->"), "deflate": zlib.compress(PAGE)}
    raw = zlib.compressobj(wbits=-15)
    sent = body.get(encoding) or raw.compress(PAGE) + raw.flush()
    site.put("/a", sent, Content_Encoding="deflate" if encoding == "raw" else encoding)
    async with fetcher(site) as asking:
        assert (await page_of(asking, site.url("/a"))).body.startswith(PAGE)


@pytest.mark.parametrize("said", ["identity", "none", "UTF-8", "utf8", "8bit", "binary"])
async def test_an_encoding_that_is_none_leaves_the_body_as_it_is(site: Site, said: str) -> None:
    site.put("/a", PAGE, Content_Encoding=said)
    async with fetcher(site) as asking:
        assert (await page_of(asking, site.url("/a"))).body == PAGE


async def test_a_long_header_keeps_no_page_out(site: Site) -> None:
    site.put("/a", PAGE, Content_Security_Policy="img-src " + "https://bild.example " * 1000)
    async with fetcher(site) as asking:
        assert (await page_of(asking, site.url("/a"))).body == PAGE


@asynccontextmanager
async def open_ended(body: bytes) -> AsyncIterator[tuple[Fetcher, str]]:
    """A server whose answers end with the connection, and who asks it."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nETag: x\r\nConnection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Fetcher(contact=CONTACT, limits=Limits(allow=(f"127.0.0.1:{port}",))) as asking:
        yield asking, f"http://127.0.0.1:{port}/a"
    server.close()


async def test_a_body_without_length_and_end_is_taken_for_cut_off() -> None:
    async with open_ended(PAGE[:40]) as (asking, url):
        assert (await fault_of(asking, url)).kind is Fault.TRUNCATED
        page = await page_of(asking, url, truncated_ok=True)
    assert page.truncated
    assert page.etag is None  # what may be cut off must not answer 304 next time


async def test_a_page_that_has_its_length_and_no_end_tag_is_marked(site: Site) -> None:
    site.put("/a", PAGE[:40], ETag="x")
    async with fetcher(site) as asking:
        page = await page_of(asking, site.url("/a"))
    assert page.truncated
    assert page.etag is None


RSS = b"<rss><channel><item><title>A</title></item></channel></rss>"


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (b'{"version": "https://jsonfeed.org/version/1", "items": [{"content_html": "<p>x"}]}\n', True),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [{"content_html": "<p>x"', False),
        (gzip.compress(RSS + bytes(range(256)) * 8, mtime=0) + b"<", True),
        ("\ufeff".encode("utf-16-le") + RSS.decode().encode("utf-16-le"), True),
        (RSS, True),
        (RSS[:-20], False),
    ],
    ids=["json", "half a json", "gzip", "utf-16", "rss", "half an rss"],
)
async def test_what_has_no_end_tags_is_not_cut_off_for_that(site: Site, body: bytes, whole: bool) -> None:
    site.put("/f", body, ETag='"1"')
    async with fetcher(site) as asking:
        page = await page_of(asking, site.url("/f"))
        assert (not page.truncated, page.etag == '"1"') == (whole, whole)
    async with open_ended(body) as (asking, url):
        if whole:
            await page_of(asking, url)
        else:
            assert (await fault_of(asking, url)).kind is Fault.TRUNCATED


def test_decoding_stops_at_the_limit() -> None:
    body = Body("gzip", Limits(body=1000))
    with pytest.raises(FetchError) as error:
        body.add(gzip.compress(b" " * 50_000_000))
    assert error.value.kind is Fault.TOO_LARGE
    assert sum(map(len, body._parts)) <= 1001


def in_pieces(wire: bytes, size: int, encoding: str = "gzip") -> bytes:
    body = Body(encoding, Limits())
    for at in range(0, len(wire), size):
        body.add(wire[at : at + size])
    return body.finished()


@pytest.mark.parametrize("size", [1, 3, 17, 1 << 16])
@pytest.mark.parametrize("flags", [0, 2, 4, 8, 16, 30])
def test_gzip_is_inflated_however_its_header_is_written_and_cut(flags: int, size: int) -> None:
    plain = gzip.compress(PAGE * 50)
    fields = (b"\x03\x00abc" if flags & 4 else b"") + (b"name\x00" if flags & 8 else b"")
    header = plain[:3] + bytes([flags]) + plain[4:10] + fields + (b"of it\x00" if flags & 16 else b"")
    checked = header + (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little") if flags & 2 else header
    assert in_pieces(checked + plain[10:], size) == PAGE * 50


def test_two_members_of_a_gzip_are_one_body_and_what_stands_behind_is_padding() -> None:
    one = gzip.compress(PAGE * 50)
    named = one[:3] + b"\x08" + one[4:10] + b"name\x00" + one[10:]
    assert in_pieces(one + named + one + b"\x00" * 9, 1 << 16) == PAGE * 150


@pytest.mark.parametrize("size", [1, 1 << 16])
@pytest.mark.parametrize("bits", [15, -15])
def test_deflate_is_inflated_with_its_header_and_without(bits: int, size: int) -> None:
    squeeze = zlib.compressobj(wbits=bits)
    assert in_pieces(squeeze.compress(PAGE * 50) + squeeze.flush(), size, "deflate") == PAGE * 50


@pytest.mark.parametrize("at", [0, 2, 3, 12, -8, -1], ids=["magic", "method", "flags", "data", "checksum", "length"])
def test_a_stream_with_a_wrong_bit_is_refused(at: int) -> None:
    wire = bytearray(gzip.compress(random.Random(7).randbytes(500)))
    wire[at] ^= 0x40
    with pytest.raises(FetchError) as error:
        in_pieces(bytes(wire), 1 << 16)
    assert error.value.kind in (Fault.ENCODING, Fault.TRUNCATED)


# --- answers


@pytest.mark.parametrize(
    ("status", "fault", "permanent"),
    [
        ("404 Not Found", Fault.NOT_FOUND, False),
        ("410 Gone", Fault.GONE, True),
        ("403 Forbidden", Fault.REFUSED, False),
        ("451 Unavailable", Fault.REFUSED, False),
        ("500 x", Fault.SERVER, False),
        ("429 x", Fault.BUSY, False),
        ("503 x", Fault.BUSY, False),
        ("204 No Content", Fault.PROTOCOL, False),
        ("206 Partial Content", Fault.PROTOCOL, False),
        ("304 Not Modified", Fault.PROTOCOL, False),
    ],
)
async def test_every_status_has_its_fault(site: Site, status: str, fault: Fault, permanent: bool) -> None:
    site.put("/a", b"", status)
    async with fetcher(site) as asking:
        error = await fault_of(asking, site.url("/a"))
    assert (error.kind, error.permanent) == (fault, permanent)


@pytest.mark.parametrize("kind", ["audio/mpeg", "video/mp4", "application/pdf", "image/jpeg; x=1"])
async def test_a_file_in_the_place_of_a_page_is_not_loaded_and_not_asked_for_again(site: Site, kind: str) -> None:
    site.pages["/folge.mp3"] = lambda _: response(
        b"", Content_Type=kind, Content_Length="4000000"
    )  # of which nothing comes
    site.put("/feed", b"<rss></rss>", Content_Type=kind)
    async with fetcher(site, deadline=2.0) as asking:
        error = await fault_of(asking, site.url("/folge.mp3"), kind="article")
        assert (error.kind, error.permanent) == (Fault.FILE, True)
        # Feeds are what they are, whatever their server calls them.
        assert isinstance(await asking.fetch(site.url("/feed")), FetchedPage)


async def test_an_unchanged_feed_is_not_modified_and_keeps_its_validators(site: Site) -> None:
    def conditional(fields: dict[str, str]) -> bytes:
        same = (
            fields.get("if-none-match") == '"e1"' and fields.get("if-modified-since") == "Mon, 10 Jan 2022 10:00:00 GMT"
        )
        return response(b"", "304 Not Modified") if same else response(PAGE)

    site.pages["/a"] = conditional
    async with fetcher(site) as asking:
        answer = await asking.fetch(site.url("/a"), etag='"e1"', last_modified="Mon, 10 Jan 2022 10:00:00 GMT")
    assert isinstance(answer, NotModified)
    assert (answer.etag, answer.last_modified) == ('"e1"', "Mon, 10 Jan 2022 10:00:00 GMT")


async def test_only_redirects_for_good_move_a_feed(site: Site) -> None:
    site.put("/old", b"", "301 Moved", Location="/older")
    site.put("/older", b"", "308 Moved", Location="/new")
    site.put("/mixed", b"", "302 Found", Location="/old")
    site.put("/new")
    async with fetcher(site) as asking:
        moved = await page_of(asking, site.url("/old"))
        mixed = await page_of(asking, site.url("/mixed"))
    assert (moved.moved_to, moved.url, moved.requested_url) == (site.url("/new"), site.url("/new"), site.url("/old"))
    assert (mixed.moved_to, mixed.url) == ("", site.url("/new"))


async def test_redirects_end(site: Site) -> None:
    site.put("/a", b"", "302 Found", Location="/a")
    async with fetcher(site) as asking:
        assert (await fault_of(asking, site.url("/a"))).kind is Fault.REDIRECT
    assert len(site.asked) == 6


def test_nobody_is_led_from_https_to_http() -> None:
    asking = Fetcher(contact=CONTACT)
    with pytest.raises(FetchError, match="https to http"):
        asking._redirected("https://example.org/a", "http://example.org/a")
    assert asking._redirected("http://example.org/a", "https://example.org/b") == "https://example.org/b"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("99999999999", 86400.0),
        ("Mon, 10 Jan 2022 12:10:00 GMT", 600.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400.0),
        ("Mon, 10 Jan 2022 11:00:00 GMT", None),
        ("-5", None),
        ("bald", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_believed_up_to_a_day(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=300"}, 300),
        ({"cache-control": "max-age=300", "age": "100"}, 200),
        ({"cache-control": "max-age=99999999"}, 86400),
        ({"cache-control": "no-cache, max-age=300"}, 0),
        ({"cache-control": "max-age=x"}, None),
        ({"expires": "Mon, 10 Jan 2022 12:05:00 GMT"}, 300),
        ({"expires": "0"}, 0),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    assert max_age(headers, NOW) == seconds


# --- manners


async def test_a_host_that_is_busy_is_left_alone_until_it_said(site: Site) -> None:
    site.put("/busy", b"", "429 x", Retry_After="3600")
    site.put("/a")
    clock = Clock()
    async with fetcher(site, clock) as asking:
        assert (await fault_of(asking, site.url("/busy"))).retry_after == 3600
        held = await fault_of(asking, site.url("/a"))
        assert held.kind is Fault.HELD
        assert held.retry_after == 3600
        assert site.paths() == ["/busy"]
        clock.now += 3600
        await asking.fetch(site.url("/a"))
    assert site.paths() == ["/busy", "/a"]


async def test_pages_of_a_host_keep_their_distance_and_feeds_do_not_wait(site: Site) -> None:
    for path in ("/1", "/2", "/3"):
        site.put(path)
    clock = Clock()
    async with fetcher(site, clock, page_spacing=5.0) as asking:
        await asyncio.gather(*(asking.fetch(site.url(path), kind="article") for path in ("/1", "/2", "/3")))
        assert clock.now == 1010.0
        await asking.fetch(site.url("/1"))
    assert clock.now == 1010.0


async def test_a_feed_does_not_queue_behind_the_pages_of_its_host(site: Site) -> None:
    for path in ("/1", "/2", "/feed"):
        site.put(path)
    free = asyncio.Event()

    async def wait(_: float) -> None:
        await free.wait()

    async with fetcher(site, page_spacing=3600.0) as asking:
        asking._sleep = wait
        await asking.fetch(site.url("/1"), kind="article")
        waiting = asyncio.create_task(asking.fetch(site.url("/2"), kind="article"))
        await asking.fetch(site.url("/feed"))
        assert not waiting.done()
        free.set()
        await waiting
    assert site.paths()[-2:] == ["/feed", "/2"]


async def test_hosts_are_forgotten_when_there_are_too_many_but_not_their_pauses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("flows.fetching.fetcher.MOST_HOSTS", 10)
    async with Fetcher(contact=CONTACT) as asking:
        asking.hold("https://busy.example/", 3600)
        for number in range(100):
            asking.hold(f"https://{number}.example/", 0)
        assert len(asking._hosts) <= 11
        assert (await fault_of(asking, "https://busy.example/")).kind is Fault.HELD


async def test_turns_can_be_shared_with_other_workers(site: Site) -> None:
    asked: list[tuple[str, float]] = []

    async def reserve(host: str, spacing: float) -> float:
        asked.append((host, spacing))
        return 7.0

    site.put("/1")
    clock = Clock()
    limits = Limits(allow=(f"127.0.0.1:{site.port}",))
    async with Fetcher(contact=CONTACT, limits=limits, reserve=reserve, monotonic=clock, sleep=clock.sleep) as asking:
        await asking.fetch(site.url("/1"), kind="article")
    assert asked == [(f"127.0.0.1:{site.port}", 5.0)]
    assert clock.slept == [7.0]


async def test_one_connection_serves_a_host() -> None:
    at_once = most = 0

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.01)
        writer.write(response(PAGE, Connection="close"))
        await writer.drain()
        writer.close()
        at_once -= 1

    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Fetcher(contact=CONTACT, limits=Limits(allow=(f"127.0.0.1:{port}",))) as asking:
        await asyncio.gather(*(asking.fetch(f"http://127.0.0.1:{port}/{n}") for n in range(5)))
    server.close()
    assert most == 1


async def test_a_host_has_a_budget_of_pages(site: Site) -> None:
    site.put("/1")
    clock = Clock()
    async with fetcher(site, clock, pages_per_hour=2) as asking:
        for _ in range(2):
            await asking.fetch(site.url("/1"), kind="article")
        error = await fault_of(asking, site.url("/1"), kind="article")
        assert error.kind is Fault.BUDGET
        clock.now += 3600
        await asking.fetch(site.url("/1"), kind="article")


async def test_robots_txt_is_asked_once_and_heeded_for_articles_only(site: Site) -> None:
    site.put("/robots.txt", b"User-agent: *\nDisallow: /privat\nCrawl-delay: 9")
    for path in ("/1", "/2", "/privat/1"):
        site.put(path)
    clock = Clock()
    async with fetcher(site, clock) as asking:
        await asking.fetch(site.url("/1"), kind="article")
        await asking.fetch(site.url("/2"), kind="article")
        assert (await fault_of(asking, site.url("/privat/1"), kind="article")).kind is Fault.ROBOTS
        await asking.fetch(site.url("/privat/1"), kind="feed")
    assert site.paths().count("/robots.txt") == 1
    assert site.paths().count("/privat/1") == 1
    assert clock.slept == [9.0]


async def test_a_byte_order_mark_hides_no_rule(site: Site) -> None:
    site.put("/robots.txt", b"\xef\xbb\xbfUser-agent: *\nDisallow: /privat")
    site.put("/.well-known/tdmrep.json", b'\xef\xbb\xbf[{"location": "/a", "tdm-reservation": 1}]')
    async with fetcher(site) as asking:
        assert (await fault_of(asking, site.url("/privat/1"), kind="article")).kind is Fault.ROBOTS
        assert (await fault_of(asking, site.url("/a"), kind="article")).kind is Fault.RESERVED


async def test_a_redirect_leads_to_no_page_that_its_host_forbids(site: Site) -> None:
    site.put("/robots.txt", b"User-agent: *\nDisallow: /privat")
    site.put("/1", b"", "302 x", Location="/privat/1")
    site.put("/privat/1")
    async with fetcher(site) as asking:
        assert (await fault_of(asking, site.url("/1"), kind="article")).kind is Fault.ROBOTS
        await asking.fetch(site.url("/1"), kind="feed")
    assert site.paths().count("/privat/1") == 1


@pytest.mark.parametrize("kind", ["feed", "article"])
async def test_a_redirect_leads_to_no_host_that_asked_to_be_left_alone(site: Site, kind: Any) -> None:
    site.put("/busy", b"", "503 x", Retry_After="600")
    site.put("/1", b"", "302 x", Location=f"http://localhost:{site.port}/2")
    site.put("/2")
    names = (f"127.0.0.1:{site.port}", f"localhost:{site.port}")
    async with fetcher(site, allow=names) as asking:
        await fault_of(asking, f"http://localhost:{site.port}/busy")
        assert (await fault_of(asking, site.url("/1"), kind=kind)).kind is Fault.HELD
    assert "/2" not in site.paths()


async def test_a_robots_txt_that_cannot_be_read_forbids_until_it_can(site: Site) -> None:
    site.put("/robots.txt", b"", "500 x")
    site.put("/1")
    clock = Clock()
    async with fetcher(site, clock) as asking:
        error = await fault_of(asking, site.url("/1"), kind="article")
        assert error.kind is Fault.ROBOTS
        assert error.retry_after == 600
        site.put("/robots.txt", b"", "404 x")
        assert (await fault_of(asking, site.url("/1"), kind="article")).kind is Fault.ROBOTS
        clock.now += 601
        await asking.fetch(site.url("/1"), kind="article")
    assert site.paths().count("/1") == 1


META = PAGE.replace(b"<head>", b'<head><meta content="1" name="tdm-reservation">')


@pytest.mark.parametrize("where", ["header", "meta", "file"])
async def test_reserved_text_is_not_taken_unless_the_operator_writes_why(site: Site, where: str) -> None:
    site.put("/1", META if where == "meta" else PAGE, **({"TDM-Reservation": "1"} if where == "header" else {}))
    if where == "file":
        site.put("/.well-known/tdmrep.json", b'[{"location": "/*", "tdm-reservation": 1}]')
    async with fetcher(site) as asking:
        error = await fault_of(asking, site.url("/1"), kind="article")
        assert error.kind is Fault.RESERVED
        await asking.fetch(site.url("/1"), kind="feed")
    async with fetcher(site, tdm_reason="Lizenz vom 1.1.2022") as asking:
        await asking.fetch(site.url("/1"), kind="article")


# --- webhooks


async def test_a_webhook_gets_body_and_headers_and_its_redirects_are_not_followed(site: Site) -> None:
    site.put("/hook", b"", "307 x", Location="/elsewhere", Retry_After="30")
    async with fetcher(site) as asking:
        reply = await asking.post(site.url("/hook"), b'{"a": 1}', {"webhook-id": "m1"})
        assert (reply.status, reply.retry_after) == (307, 30.0)
        with pytest.raises(FetchError, match="address"):
            await asking.post("http://10.0.0.1/", b"", {})
    (_, path, fields) = site.asked[0]
    assert (path, fields["body"], fields["webhook-id"]) == ("/hook", '{"a": 1}', "m1")


async def test_a_webhook_that_is_not_there_is_a_fault(site: Site) -> None:
    async with fetcher(site, allow=("127.0.0.1:9",)) as asking:
        with pytest.raises(FetchError) as error:
            await asking.post("http://127.0.0.1:9/", b"", {})
    assert error.value.kind is Fault.CONNECT


# --- secrets


def test_secrets_are_not_shown() -> None:
    shown = redacted("https://user:geheim@example.org/f?access_token=geheim&id=7&api-key=geheim")
    assert "geheim" not in shown
    assert "id=7" in shown


async def test_no_log_line_and_no_error_holds_a_secret(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.put("/f?token=geheim1")
    async with fetcher(site) as asking:
        await asking.fetch(site.url("/f?token=geheim1"))
        errors = [
            await fault_of(asking, url)
            for url in (
                f"http://u:geheim2@127.0.0.1:{site.port}/",
                site.url("/none?token=geheim3"),
                "http://127.0.0.1:1/?token=geheim4",
            )
        ]
    told = caplog.text + "".join(map(str, (record.__dict__ for record in caplog.records))) + str(errors)
    assert "geheim" not in told.replace("'name': ", "")


# --- the hostile server


@pytest.fixture(scope="module")
def hostile() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, str(HOSTILE / "server.py"), str(port)])
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(10)


SLOW = ("/slow_body", "/slow_headers", "/silent", "/endless_1xx")
OUTCOMES = {
    "/ok": None, "/canary": None, "/charset_lie": None, "/consent": None, "/s301": None,
    "/big100": Fault.TOO_LARGE, "/endless": Fault.TOO_LARGE, "/gzipbomb": Fault.TOO_LARGE, "/deflbomb": Fault.TOO_LARGE,
    "/cl_huge": Fault.TOO_LARGE, "/brbomb": Fault.ENCODING, "/gzip10x": Fault.ENCODING, "/gzip_lie": Fault.ENCODING,
    "/gzip_trunc": Fault.TRUNCATED, "/cl_short": Fault.TRUNCATED, "/chunk_cut": Fault.TRUNCATED,
    "/close_cut": Fault.TRUNCATED, "/slow_body": Fault.DEADLINE, "/slow_headers": Fault.DEADLINE, "/silent": Fault.DEADLINE,
    "/endless_1xx": Fault.DEADLINE, "/redir_loop": Fault.REDIRECT, "/redir_n": Fault.REDIRECT,
    "/redir_grow": Fault.REDIRECT, "/redir_loopback": Fault.ADDRESS, "/redir_meta": Fault.ADDRESS,
    "/redir_priv": Fault.ADDRESS, "/redir_v6": Fault.ADDRESS, "/redir_dec": Fault.ADDRESS, "/redir_file": Fault.URL,
    "/redir_ftp": Fault.URL, "/redir_data": Fault.URL, "/redir_crlf": Fault.NOT_FOUND, "/redir_host": Fault.URL,
    "/redir_userinfo": Fault.URL, "/cl_long": Fault.PROTOCOL, "/cl_neg": Fault.PROTOCOL, "/cl_two": Fault.PROTOCOL,
    "/chunk_bad": Fault.PROTOCOL, "/many_headers": Fault.PROTOCOL, "/huge_header": Fault.PROTOCOL,
    "/endless_headers": Fault.PROTOCOL, "/garbage": Fault.PROTOCOL, "/s304": Fault.PROTOCOL, "/s204": Fault.PROTOCOL,
    "/s206": Fault.PROTOCOL, "/s410": Fault.GONE, "/s429": Fault.BUSY, "/s429_inf": Fault.BUSY, "/s503_date": Fault.BUSY,
    "/s500": Fault.SERVER,
}  # fmt: skip


def test_every_route_of_the_hostile_server_has_an_expected_outcome() -> None:
    server = loaded(HOSTILE / "server.py")
    assert OUTCOMES.keys() == server.plain_routes("1").keys() | server.SLOW_ROUTES.keys()


@pytest.mark.parametrize("route", [route for route in OUTCOMES if route not in SLOW])
async def test_each_hostile_route_ends_as_expected(hostile: int, route: str) -> None:
    assert await _outcome(hostile, route, 5.0) == OUTCOMES[route]


async def test_slow_routes_end_at_the_deadline(hostile: int) -> None:
    began = time.monotonic()
    faults = await asyncio.gather(*(_outcome(hostile, route, 1.0) for route in SLOW))
    assert faults == [Fault.DEADLINE] * len(SLOW)
    assert time.monotonic() - began < 4


async def _outcome(port: int, route: str, deadline: float) -> Fault | None:
    limits = Limits(deadline=deadline, allow=(f"127.0.0.1:{port}",))
    async with Fetcher(contact=CONTACT, limits=limits) as asking:
        try:
            await asking.fetch(f"http://127.0.0.1:{port}{route}")
        except FetchError as error:
            return error.kind
    return None


def test_why_a_certificate_is_refused_is_said() -> None:
    """An expired one of a receiver is for its owner to renew; the name of an exception does not say so."""
    import aiohttp

    from flows.fetching.faults import fault_of

    told = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    told.verify_message = "certificate has expired"
    fault = fault_of(aiohttp.ClientConnectorCertificateError(None, told))  # type: ignore[arg-type]

    assert fault.kind is Fault.TLS
    assert "certificate has expired" in str(fault)
