"""OPML: what other readers export comes in, what we follow goes out, and a stranger's XML does no harm."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.feeds import Feed, checked_feeds
from flows.opml import OpmlError, as_toml, read_opml, write_opml

NOW = datetime(2022, 1, 10, 12, 0, tzinfo=UTC)
FEEDS = (
    Feed(publisher="Haus & Hof", name="Politik", url="https://example.org/p.xml?a=1&b=2"),
    Feed(publisher="Haus & Hof", name="Ausland", url="https://example.org/a.xml"),
    Feed(publisher="Blatt", name="Alles", url="https://example.net/f", zone="Europe/Vienna", dossiers=("d",)),
    Feed(publisher="Blatt", name="Aus", url="https://example.net/off", enabled=False),
)


def test_what_goes_out_comes_in_again() -> None:
    found = read_opml(write_opml(FEEDS, now=NOW))
    assert [(f.publisher, f.name, f.url) for f in found.feeds] == [(f.publisher, f.name, f.url) for f in FEEDS[:3]]
    assert found.left_out == ()


def test_known_doubled_and_unusable_feeds_are_left_out_with_a_reason() -> None:
    body = b"""<opml version="1.0"><body><outline text="A" xmlUrl="https://example.org/a.xml"/>
      <outline text="B" xmlUrl="http://www.example.org/b"/><outline text="B2" xmlUrl="https://example.org/b/"/>
      <outline text="C" xmlUrl="javascript:alert(1)"/><outline text="Ordner"/></body></opml>"""
    found = read_opml(body, known=FEEDS)
    assert [(feed.publisher, feed.name) for feed in found.feeds] == [("example.org", "B")]
    assert [reason for _, reason in found.left_out] == ["already in the list"] * 2 + ["address: scheme"]


def test_two_feeds_of_one_name_are_told_apart() -> None:
    body = b"""<opml><body><outline text="H"><outline text="N" xmlUrl="https://example.org/1"/>
      <outline text="N" xmlUrl="https://example.org/2"/></outline></body></opml>"""
    assert [feed.id for feed in read_opml(body).feeds] == ["H/N", "H/N (2)"]


def test_an_address_that_grows_too_long_when_it_is_escaped_is_left_out_like_any_other() -> None:
    """It ended the import with a traceback."""
    url = f"https://example.org/{'ö' * 700}"
    body = f'<opml version="2.0"><body><outline text="Lang" xmlUrl="{url}"/></body></opml>'
    found = read_opml(body.encode())
    assert (found.feeds, found.left_out) == ((), (("Lang", "address: too long"),))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not well-formed"),
        (b"<rss/>", "no <opml>"),
        (b"<opml/>", "no <opml>"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body/></opml>', "declares entities"),
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml><body/></opml>'.encode("utf-16"), "declares entities"),
        (b"<opml><body>" + b"<outline>" * 100_000, "not well-formed"),
        (b" " * (6 << 20), "more than 5 MB"),
    ],
    ids=["empty", "rss", "no body", "entity", "entity in utf-16", "deep", "large"],
)
def test_what_is_no_opml_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(OpmlError, match=message):
        read_opml(body)


def test_rows_for_the_list_are_read_back_as_they_were() -> None:
    rows = tomllib.loads(as_toml(FEEDS))["feed"]
    assert checked_feeds(rows, "x") == FEEDS


@settings(deadline=None)
@given(st.text(min_size=1, max_size=30).filter(lambda text: text.strip()))
def test_any_name_survives_the_list(name: str) -> None:
    feed = Feed(publisher=name, name=name, url="https://example.org/f")
    try:
        text = as_toml([feed]).encode("utf-8")
    except UnicodeEncodeError:
        return
    assert checked_feeds(tomllib.loads(text.decode())["feed"], "x") == (feed,)
