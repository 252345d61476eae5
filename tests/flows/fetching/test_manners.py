"""Manners: pauses, distances, budgets, robots.txt and reserved text."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta
from typing import Any

import pytest
from remembering import CONTACT, NOW, PAGE, Clock, Site, fault_of, fetcher, response

from flows.fetching import Fault, Fetcher, FetchError, Limits


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
        asking.pace.sleep = wait
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
    monkeypatch.setattr("flows.fetching.pace.MOST_HOSTS", 10)
    async with Fetcher(contact=CONTACT) as asking:
        asking.hold("https://busy.example/", 3600)
        for number in range(100):
            asking.hold(f"https://{number}.example/", 0)
        assert len(asking.pace.hosts) <= 11
        assert (await fault_of(asking, "https://busy.example/")).kind is Fault.HELD


async def test_turns_can_be_shared_with_other_workers(site: Site) -> None:
    asked: list[tuple[str, float, float]] = []

    async def reserve(host: str, spacing: float, most: float) -> float:
        asked.append((host, spacing, most))
        return 7.0

    site.put("/1")
    clock = Clock()
    limits = Limits(allow=(f"127.0.0.1:{site.port}",))
    async with Fetcher(contact=CONTACT, limits=limits, reserve=reserve, monotonic=clock, sleep=clock.sleep) as asking:
        await asking.fetch(site.url("/1"), kind="article")
    assert asked == [(f"127.0.0.1:{site.port}", 5.0, math.inf)]
    assert clock.slept == [7.0]


async def test_nobody_waits_for_a_turn_that_comes_too_late_and_whoever_comes_next_has_it(site: Site) -> None:
    for path in ("/1", "/2"):
        site.put(path)
    clock = Clock()
    async with fetcher(site, clock, page_spacing=600.0) as asking:
        await asking.fetch(site.url("/1"), kind="article")
        for _ in range(3):
            with pytest.raises(FetchError) as late:
                await asking.fetch(site.url("/2"), kind="article", until=NOW + timedelta(minutes=9))
            assert late.value.kind is Fault.LATE
        assert clock.slept == []
        assert len(asking.pace.host(f"127.0.0.1:{site.port}").pages) == 1, "what was not asked for is not counted"
        await asking.fetch(site.url("/2"), kind="article", until=NOW + timedelta(minutes=11))
    assert clock.slept == [600.0]


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
