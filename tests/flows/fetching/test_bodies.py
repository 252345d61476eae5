"""Bodies: decoded, limited, and known to be whole or cut off."""

from __future__ import annotations

import asyncio
import gzip
import random
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from remembering import CONTACT, NOW, PAGE, Site, fault_of, fetcher, page_of

from flows.fetching import Body, Fault, Fetcher, FetchError, Limits


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
