"""Answers: each status has its fault, redirects end, and times are believed within limits."""

from __future__ import annotations

import pytest
from remembering import CONTACT, NOW, PAGE, Site, fault_of, fetcher, page_of, response

from extractors.model import FetchedPage
from flows.fetching import Fault, Fetcher, FetchError, NotModified, Reply, max_age, retry_after


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


async def test_an_unchanged_feed_is_not_modified(site: Site) -> None:
    def conditional(fields: dict[str, str]) -> bytes:
        same = (
            fields.get("if-none-match") == '"e1"' and fields.get("if-modified-since") == "Mon, 10 Jan 2022 10:00:00 GMT"
        )
        return response(b"", "304 Not Modified") if same else response(PAGE)

    site.pages["/a"] = conditional
    async with fetcher(site) as asking:
        answer = await asking.fetch(site.url("/a"), etag='"e1"', last_modified="Mon, 10 Jan 2022 10:00:00 GMT")
    assert isinstance(answer, NotModified)


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


@pytest.mark.parametrize("url", ["https://example.org/a", "HTTPS://example.org/a"])
@pytest.mark.parametrize("location", ["http://example.org/a", "HTTP://example.org/a", " Http://example.org/a"])
def test_nobody_is_led_from_https_to_http(url: str, location: str) -> None:
    asking = Fetcher(contact=CONTACT)
    with pytest.raises(FetchError, match="https to http"):
        asking._redirected(url, location)
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


async def test_a_webhook_gets_body_and_headers_and_its_redirects_are_not_followed(site: Site) -> None:
    site.put("/hook", b"", "307 x", Location="/elsewhere", Retry_After="30")
    async with fetcher(site) as asking:
        reply = await asking.post(site.url("/hook"), b'{"a": 1}', {"webhook-id": "m1"})
        assert (reply.status, reply.retry_after) == (307, 30.0)
        with pytest.raises(FetchError, match="address"):
            await asking.post("http://10.0.0.1/", b"", {})
    (_, path, fields) = site.asked[0]
    assert (path, fields["body"], fields["webhook-id"]) == ("/hook", '{"a": 1}', "m1")


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 5000\r\n\r\n{",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\ndanke\r\n",
        b"Content-Length: 200000\r\n\r\n" + b"x" * 200_000,
    ],
    ids=["has no end", "has no last piece", "is long"],
)
async def test_a_receiver_has_answered_with_its_status_whatever_comes_of_its_body(site: Site, rest: bytes) -> None:
    """It had taken the message, and got it again with each try, for three days."""
    site.pages["/hook"] = lambda _: b"HTTP/1.1 200 OK\r\nRetry-After: 7\r\n" + rest
    async with fetcher(site, deadline=2.0) as asking:
        assert await asking.post(site.url("/hook"), b"{}", {}) == Reply(status=200, retry_after=7.0)


async def test_a_webhook_that_is_not_there_is_a_fault(site: Site) -> None:
    async with fetcher(site, allow=("127.0.0.1:9",)) as asking:
        with pytest.raises(FetchError) as error:
            await asking.post("http://127.0.0.1:9/", b"", {})
    assert error.value.kind is Fault.CONNECT
