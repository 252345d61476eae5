"""Who asks, and where to: addresses of the public internet and exact exceptions, at every step."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import pytest
from remembering import CONTACT, Site, fault_of, fetcher

from flows.fetching import Fault, Fetcher, FetchError, NoContact, allowed_url, pairs, public, redacted, user_agent
from flows.fetching.addresses import Doorkeeper


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


ADDRESSES = (
    ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False),
    ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
    ("255.255.255.255", False), ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("fc00::1", False),
    ("::ffff:127.0.0.1", False), ("::127.0.0.1", False), ("64:ff9b::7f00:1", False), ("64:ff9b::a00:1", False),
    ("64:ff9b::5db8:d822", True), ("64:ff9b:1::5db8:d822", False), ("2002:7f00:1::", False),
    ("192.0.0.8", False), ("192.0.0.192", False), ("::ffff:0:7f00:1", False), ("5f00::1", False), ("100:0:0:1::1", False),
    ("fec0::1", False), ("2001::1", False), ("ff02::1", False), ("127.1", False), ("2130706433", False), ("kein", False),
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


@pytest.mark.parametrize("written", ["[::1]:8099", "[0:0:0:0:0:0:0:1]:8099"])
def test_an_address_of_ipv6_is_allowed_in_any_of_its_spellings(written: str) -> None:
    """As another spelling than the exception's it was refused, and nothing said why."""
    allow = pairs((written,))
    assert {allowed_url(f"http://[{host}]:8099/", allow).netloc for host in ("::1", "0::1", "0:0:0:0:0:0:0:1")} == {
        "[::1]:8099"
    }
    Doorkeeper(allow).open_socket((socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 8099))).close()


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
            error = await fault_of(asking, site.url(f"/{number}"))
            assert error.kind in (Fault.URL, Fault.ADDRESS, Fault.REDIRECT)
            assert not error.permanent, "what was asked for may be there again tomorrow"
    assert len(site.asked) == len(targets)


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
