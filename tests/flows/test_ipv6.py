"""A house without IPv4: feeds, pages, webhooks and the links in alerts by addresses of IPv6."""

from __future__ import annotations

import socket

import pytest
from tiny_site import Clock, TinySite, idle, settings_for, talks, told

from flows import steps
from flows.desk import open_desk
from flows.newsroom import Newsroom


@pytest.fixture(autouse=True)
def _with_ipv6() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")


@pytest.mark.usefixtures("quick_desks")
async def test_a_pass_reads_and_tells_over_ipv6(tmp_path):
    clock, site = Clock(), TinySite()
    with Newsroom(site=site, clock=clock, host="::1") as room:
        settings = settings_for(tmp_path, room, room_url="http://[::1]:8000", link_secret="x" * 32)
        site.publish(idle(1))
        async with open_desk(settings, now=clock) as desk:
            await steps.one_pass(desk)
            site.publish(talks(1))
            clock.advance(hours=2)
            report = await steps.one_pass(desk)
        (delivery,) = room.deliveries
    assert room.url.startswith("http://[::1]:")
    assert (report.state, report.outcomes["stored"]) == ("completed", 1)
    assert len(told(room)) == 1
    (alert,) = delivery.json()["data"]["alerts"]
    assert alert["url"] == f"{room.url}/m/1"
    assert alert["answers"]
    assert all(link.startswith("http://[::1]:8000/") for link in alert["answers"].values())
