"""Feeds: what the bytes say becomes entries; what cannot be said is a reason; nothing hostile gets further than itself."""

from __future__ import annotations

import gzip
import html
import json
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import loaded
from lxml import etree
from lxml import html as lxml_html

from extractors.feeds import (
    SHIPPED,
    FeedError,
    FeedListError,
    ParsedFeed,
    entries,
    identity,
    load_feeds,
    parse_feed,
    plain,
    read_date,
    unstamped,
)
from extractors.feeds.decoding import decoded
from extractors.feeds.markup import from_root
from extractors.feeds.second import read_by_feedparser
from extractors.model import FeedEntry
from extractors.urls import canonical, stem

URL = "https://example.org/feeds/rss.xml"
BERLIN = ZoneInfo("Europe/Berlin")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "feeds"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', attributes: str = "") -> bytes:
    channel = f"<channel><title>Meldungen</title>{''.join(f'<item>{item}</item>' for item in items)}</channel>"
    return f'{head}<rss version="2.0" {attributes}>{channel}</rss>'.encode()


# --- formats


def test_rss_2() -> None:
    feed = parse_feed(
        URL,
        rss(
            "<title>Gespräche in Genf</title><link>https://example.org/a-1.html</link><guid>id-1</guid>"
            "<description>Der &lt;b&gt;erste&lt;/b&gt; Tag</description><pubDate>Mon, 10 Jan 2022 15:30:00 +0100</pubDate>"
        ),
    )
    assert (feed.title, feed.kind, feed.found, feed.dropped, feed.problems) == ("Meldungen", "rss20", 1, (), ())
    (entry,) = feed.entries
    assert (entry.headline, entry.teaser) == ("Gespräche in Genf", "Der erste Tag")
    assert (entry.url, entry.guid) == ("https://example.org/a-1.html", "id-1")
    assert entry.published_at == datetime(2022, 1, 10, 14, 30, tzinfo=UTC)
    assert entry.updated_at is None


def test_rss_1() -> None:
    body = b"""<?xml version="1.0" encoding="iso-8859-1"?>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.org/"><title>M\xfcller</title></channel>
      <item rdf:about="https://example.org/1"><title>\x84Nein\x93</title><link>https://example.org/1</link>
      <dc:date>2022-01-10T15:30+01:00</dc:date></item></rdf:RDF>"""
    feed = parse_feed(URL, body)
    assert (feed.kind, feed.title) == ("rss10", "Müller")
    assert (feed.entries[0].headline, feed.entries[0].guid) == ("„Nein“", "https://example.org/1")
    assert feed.entries[0].published_at == datetime(2022, 1, 10, 14, 30, tzinfo=UTC)


def test_atom() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/"><title>T</title>
      <entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Ein <b>Treffen</b></div></title><id>urn:1</id>
      <link rel="self" href="https://example.org/self"/><link href="a/1"/><updated>2022-01-10T16:00:00Z</updated>
      <published>2022-01-10T15:00:00+01:00</published><summary type="html">&lt;p&gt;Kurz&lt;/p&gt;</summary></entry></feed>"""
    (entry,) = parse_feed("https://other.example/feed", body.encode()).entries
    assert (entry.headline, entry.teaser, entry.url) == ("Ein Treffen", "Kurz", "https://example.org/a/1")
    assert entry.published_at == datetime(2022, 1, 10, 14, tzinfo=UTC)
    assert entry.updated_at == datetime(2022, 1, 10, 16, tzinfo=UTC)


def test_json_feed() -> None:
    item = {"id": 7, "url": "/a/7", "title": "A < B & C", "content_text": "x", "date_published": "2022-01-10T15:30:00Z"}
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [item, "no item"]})
    feed = parse_feed(URL, body.encode())
    assert feed.kind == "json1"
    assert (feed.entries[0].guid, feed.entries[0].url) == ("7", "https://example.org/a/7")
    assert feed.entries[0].headline == "A < B & C"
    assert (feed.found, feed.dropped) == (2, (("empty", 1),))


# --- repairs


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Krieg & Frieden", "Krieg & Frieden"),
        ("Krieg &amp;amp; Frieden", "Krieg & Frieden"),
        ("M&uuml;ller&nbsp;&ndash; heute", "Müller – heute"),
        ("1 < 2", "1 < 2"),
        ("A&#0;&#xD800;B", "AB"),
        ("A\x01B", "AB"),
        ("<![CDATA[Krieg & <i>Frieden</i>]]>", "Krieg & Frieden"),
        ("Ge\u00adspr\u00e4che\u200b \u202eOTAN\u202c", "Gespräche OTAN"),
        ("Mu\u0308ller", "Müller"),
        ("&amp;lt;b&amp;gt; ist fett", "<b> ist fett"),
    ],
)
def test_a_headline_is_plain_text_with_entities_removed_once(title: str, headline: str) -> None:
    feed = parse_feed(URL, rss(f"<title>{title}</title><link>/1</link>", "<title>Zweite</title><link>/2</link>"))
    assert [entry.headline for entry in feed.entries] == [headline, "Zweite"]


@pytest.mark.parametrize(
    "before", ["\ufeff\r\n\n", "\n" * 300_000, "<b>Warning</b>: x in /var/x.php<br />\n", "<!-- <rss> -->"]
)
def test_what_stands_before_the_root_costs_nothing(before: str) -> None:
    assert len(parse_feed(URL, before.encode() + rss("<title>A</title><link>/1</link>")).entries) == 1


@pytest.mark.parametrize("cut", [b"Fr\xc3", b"Fr\xc3\xbc\xff"])
def test_one_broken_character_does_not_garble_the_feed(cut: bytes) -> None:
    body = rss("<title>Täglich „Grüße“ aus Köln</title><guid>1</guid>", "<title>Heute: QQ</title><guid>2</guid>")
    first, second = parse_feed(URL, body.replace(b"QQ", cut)).entries
    assert first.headline == "Täglich „Grüße“ aus Köln"
    assert second.headline.startswith("Heute: Fr")


def test_a_gzip_of_several_members_is_one_feed() -> None:
    body = rss("<title>A</title><guid>1</guid>", "<title>B</title><guid>2</guid>")
    packed = gzip.compress(body[:120]) + gzip.compress(body[120:])
    assert [entry.headline for entry in parse_feed(URL, packed).entries] == ["A", "B"]
    assert len(parse_feed(URL, packed + bytes(40)).entries) == 2, "padding"


def test_paragraphs_of_a_text_that_was_not_escaped_do_not_run_into_each_other() -> None:
    inside = "<p>Der <b>erste</b>.</p><!-- nichts --><p>A &amp; B<br/>Ende</p>"
    (entry,) = parse_feed(URL, rss(f"<title>A</title><guid>1</guid><description>{inside}</description>")).entries
    assert entry.teaser == "Der erste. A & B Ende"


@pytest.mark.parametrize("attributes", ['xmlns="urn:nirgends"', ""])
def test_entries_that_stand_under_odd_names_are_not_taken_for_an_empty_feed(attributes: str) -> None:
    body = rss("<title>A</title><guid>1</guid><link>/1</link>", attributes=attributes)
    if not attributes:
        body = body.replace(b"item>", b"ITEM>").replace(b"title>", b"TITLE>")
    assert [entry.headline for entry in parse_feed(URL, body).entries] == ["A"]


def test_a_prefix_that_is_declared_nowhere_is_read_as_usually_meant() -> None:
    (entry,) = parse_feed(URL, rss("<title>A</title><link>/1</link><dc:date>2022-01-10T15:30:00Z</dc:date>")).entries
    assert entry.published_at == datetime(2022, 1, 10, 15, 30, tzinfo=UTC)


def test_titles_of_pictures_and_podcasts_are_not_headlines() -> None:
    namespaces = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    item = "<media:title>Foto</media:title><itunes:title>Folge</itunes:title><title>A</title><link>/1</link>"
    (entry,) = parse_feed(URL, rss(item, attributes=namespaces)).entries
    assert entry.headline == "A"


def test_a_feed_that_is_cut_off_keeps_its_whole_entries() -> None:
    body = rss(*(f"<title>M {n}</title><link>/{n}</link>" for n in range(5)))
    feed = parse_feed(URL, body[: body.index(b"M 3") + 2])
    assert [entry.headline for entry in feed.entries] == ["M 0", "M 1", "M 2"]
    assert feed.dropped == (("cut off", 1),)
    assert "cut off" in feed.problems


def test_two_documents_in_one_are_read_by_feedparser() -> None:
    feed = parse_feed(URL, rss("<title>A</title><link>/1</link>") + rss("<title>B</title><link>/2</link>"))
    assert [entry.headline for entry in feed.entries] == ["A", "B"]
    assert "read by feedparser" in feed.problems


# --- links and guids


@pytest.mark.parametrize(
    ("link", "url", "problem"),
    [
        ("a/1", "https://example.org/feeds/a/1", None),
        (" https://example.org/1\n", "https://example.org/1", None),
        ("<![CDATA[https://example.org/1?a=2&amp;b=3]]>", "https://example.org/1?a=2&b=3", None),
        ("javascript:alert(1)", "", "link: scheme"),
        ("file:///etc/passwd", "", "link: scheme"),
        ("https://user:geheim@example.org/", "", "link: credentials"),
        ("", "", "no link"),
    ],
)
def test_a_link_is_absolute_http_or_a_reason(link: str, url: str, problem: str | None) -> None:
    (entry,) = parse_feed(URL, rss(f"<title>A</title><link>{link}</link><guid isPermaLink='false'>g</guid>")).entries
    assert entry.url == url
    assert entry.problems == ((problem,) if problem else ())


def test_links_are_relative_to_where_the_feed_lives_now_and_to_the_bases_it_names() -> None:
    (entry,) = parse_feed(URL, rss("<title>A</title><link>/1</link>"), base="https://neu.example.org/f.xml").entries
    assert (entry.url, entry.feed_url) == ("https://neu.example.org/1", URL)
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.example.org/x/"><entry xml:base="y/">
      <title>A</title><id>1</id><link href="1.html"/></entry></feed>"""
    assert parse_feed(URL, atom).entries[0].url == "https://cdn.example.org/x/y/1.html"


def test_a_guid_that_is_a_permalink_is_the_link_that_is_missing() -> None:
    (entry,) = parse_feed(URL, rss("<title>A</title><guid>https://example.org/1</guid>")).entries
    assert entry.url == "https://example.org/1"


def test_an_entry_without_guid_gets_one_that_stays_the_same() -> None:
    body = rss("<title>A</title><link>/1</link>", "<title>B</title>")
    first, second = parse_feed(URL, body).entries, parse_feed(URL, body).entries
    assert first[0].guid == "https://example.org/1"
    assert first[1].guid.startswith("text:")
    assert first == second
    assert "no guid" in first[1].problems


def test_guids_too_long_to_keep_are_told_apart_by_their_hash() -> None:
    body = rss(*(f"<title>A</title><guid isPermaLink='false'>{'g' * 5000}{n}</guid>" for n in range(2)))
    guids = {entry.guid for entry in parse_feed(URL, body).entries}
    assert len(guids) == 2
    assert all(len(guid) < 100 for guid in guids)


def test_addresses_that_differ_in_what_means_nothing_are_one_article() -> None:
    links = ("https://example.org/a", "http://example.org/a/", "https://www.example.org/a?utm_source=x#k", "/b")
    feed = parse_feed(URL, rss(*(f"<title>{n}</title><link>{link}</link>" for n, link in enumerate(links))))
    a, again, once_more, b = map(identity, feed.entries)
    assert a == again == once_more != b


@pytest.mark.parametrize(("apart", "count", "kept"), [(1, 8, False), (1, 4, True), (600, 8, True)])
def test_a_change_of_all_entries_at_once_is_none(apart: int, count: int, kept: bool) -> None:
    start = datetime(2022, 1, 10, tzinfo=UTC)
    entries = [
        FeedEntry(
            feed_url=URL, guid=str(n), url=f"{URL}/{n}", headline="", updated_at=start + timedelta(seconds=apart * n)
        )
        for n in range(count)
    ]
    assert all((entry.updated_at is not None) is kept for entry in unstamped(entries))


def test_entries_without_links_are_told_apart_by_guid() -> None:
    body = rss(*(f"<title>A</title><guid isPermaLink='false'>{guid}</guid>" for guid in "xy"))
    assert len({identity(entry) for entry in parse_feed(URL, body).entries}) == 2


# --- dates

DATES = (
    ("Mon, 10 Jan 2022 15:30:00 +0100", "2022-01-10T14:30:00"),
    ("Mon, 10 Jan 2022 15:30:00 GMT", "2022-01-10T15:30:00"),
    ("Mon, 10 Jan 2022 15:30:00 MEZ", "2022-01-10T14:30:00"),
    ("Mon, 10 Jan 2022 15:30:00 CET", "2022-01-10T14:30:00"),
    ("Sun, 10 Jul 2022 15:30:00 MESZ", "2022-07-10T13:30:00"),
    ("Sun, 10 Jul 2022 15:30:00 CEST", "2022-07-10T13:30:00"),
    ("Mo, 10 Jan 2022 15:30:00 MEZ", "2022-01-10T14:30:00"),
    ("Montag, 10. Januar 2022 15:30 Uhr", "2022-01-10T14:30:00"),
    ("10 März 2022 15:30", "2022-03-10T14:30:00"),
    ("10 Dez 2022 15:30", "2022-12-10T14:30:00"),
    ("Mon, 10 Jan 2022 15:30:00", "2022-01-10T14:30:00"),
    ("Sun, 10 Jul 2022 15:30:00", "2022-07-10T13:30:00"),
    ("10.01.2022 15:30 Uhr", "2022-01-10T14:30:00"),
    ("10.01.2022, 15:30", "2022-01-10T14:30:00"),
    ("2022-01-10T15:30:00+01:00", "2022-01-10T14:30:00"),
    ("2022-01-10T15:30:00.123Z", "2022-01-10T15:30:00"),
    ("2022-01-10T15:30Z", "2022-01-10T15:30:00"),
    ("2022-01-10 15:30", "2022-01-10T14:30:00"),
    ("2022-01-10", "2022-01-09T23:00:00"),
    ("2022-10-30T12:30:00 Europe/Berlin", "2022-10-30T11:30:00"),
    ("Mon, 10 Jan 22 15:30 GMT", "2022-01-10T15:30:00"),
    ("Mon, 10 Jan 2022 15:30:00 EST", "2022-01-10T20:30:00"),
    ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00"),
    ("Sun, 30 Oct 2022 02:30:00 CEST", "2022-10-30T00:30:00"),
    ("Mon, 10 Jan 2022 15:30:00 +0100 (CET)", "2022-01-10T14:30:00"),
    ("Mon Jan 10 2022 15:30:00 GMT+0100 (Mitteleuropäische Normalzeit)", "2022-01-10T14:30:00"),
    ("Mon Jan 10 15:30:00 CET 2022", "2022-01-10T14:30:00"),
    ("Sun Jul 10 15:30:00 2022", "2022-07-10T13:30:00"),
    ("2022-01-10 15:30:00+01", "2022-01-10T14:30:00"),
    ("20220110T153000+0100", "2022-01-10T14:30:00"),
    ("20220110T143000Z", "2022-01-10T14:30:00"),
    ("10. Januar 2022, 15.30 Uhr", "2022-01-10T14:30:00"),
    ("Sun, 30 Oct 2022 02:30:00 CET", "2022-10-30T01:30:00"),
)


@pytest.mark.parametrize(("raw", "when"), DATES)
def test_a_date_without_a_zone_is_the_publishers_and_german_zones_are_not_utc(raw: str, when: str) -> None:
    found = read_date(raw, BERLIN)
    assert found is not None
    assert found == datetime.fromisoformat(when).replace(tzinfo=UTC)


UNREADABLE = ("gestern", "1641825000", "30 Feb 2022 10:00 GMT", "Mon, 10 Jan 2022 25:61:61 GMT", "２０２２-01-10",
              "Mon, 10 Jan 2022 15:30:00 +9999", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59-12:00", "1" * 50_000,
              "Mon, " + "0" * 100_000, "2022-01-10T10:00:00 Mars/Olympus")  # fmt: skip


@pytest.mark.parametrize("raw", UNREADABLE)
def test_what_is_no_date_is_none_and_never_invented(raw: str) -> None:
    assert read_date(raw, BERLIN) is None


def test_a_date_is_dropped_with_a_reason_where_it_cannot_be() -> None:
    dates = ("gestern", "Mon, 01 Jan 0001 00:00:00 GMT", "1970-01-01", "Thu, 01 Jan 2099 00:00:00 GMT")
    body = rss(
        *(f"<title>A</title><link>/{n}</link><guid>{n}</guid><pubDate>{d}</pubDate>" for n, d in enumerate(dates))
    )
    entries = parse_feed(URL, body, now=datetime(2022, 1, 10, tzinfo=UTC)).entries
    assert [entry.published_at for entry in entries] == [None] * 4
    assert [entry.problems[0] for entry in entries] == [
        "date unreadable",
        "date implausible",
        "date implausible",
        "date in the future",
    ]


@settings(deadline=None)
@given(st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2090, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
def test_a_date_with_an_offset_is_read_as_the_standard_library_reads_it(moment: datetime, hours: int) -> None:
    raw = moment.strftime("%a, %d %b %Y %H:%M:%S ") + f"{'-' if hours < 0 else '+'}{abs(hours):02}00"
    assert read_date(raw, BERLIN) == parsedate_to_datetime(raw)


# --- limits


def test_entries_beyond_the_limit_are_counted_as_dropped() -> None:
    feed = parse_feed(URL, rss(*(f"<title>A</title><link>/{n}</link>" for n in range(2100))))
    assert (len(feed.entries), feed.found, feed.dropped) == (2000, 2100, (("too many", 100),))


@pytest.mark.parametrize("oldest_first", [True, False])
def test_of_a_feed_that_is_too_long_the_newest_entries_are_read_at_whichever_end_they_stand(oldest_first: bool) -> None:
    """A feed that appends was read from its beginning: what it published last was never seen."""
    begins = datetime(2031, 1, 1, tzinfo=UTC)
    items = [
        f"<title>A</title><link>/{n}</link><pubDate>{begins + timedelta(hours=n):%d %b %Y %H:%M:%S +0000}</pubDate>"
        for n in range(2100)
    ]
    items[50] = items[50].replace("2031", "2099")  # an appointment ahead, which is not believed
    pinned = "<title>Hinweis</title><link>/hinweis</link>"
    feed = parse_feed(URL, rss(pinned, *(items if oldest_first else items[::-1])), now=begins + timedelta(days=90))

    read = [entry.url.rpartition("/")[2] for entry in feed.entries]
    assert len(read) == 2000
    newest = [str(n) for n in range(100, 2100)]
    assert read == (newest if oldest_first else ["hinweis", *newest[:0:-1]])
    assert feed.dropped == (("too many", 101),)


def test_one_entry_that_breaks_our_own_code_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    real = entries.plain

    def breaking(raw: str, limit: int) -> str:
        if "Gift" in raw:
            raise RecursionError
        return real(raw, limit)

    monkeypatch.setattr(entries, "plain", breaking)
    feed = parse_feed(URL, rss("<title>A</title>", "<title>Gift</title>", "<title>B</title>"))
    assert [entry.headline for entry in feed.entries] == ["A", "B"]
    assert feed.dropped == (("unreadable", 1),)


REFUSED = (
    (b"", "not a feed"),
    (b"/etc/passwd", "not a feed"),
    (b"http://127.0.0.1/", "not a feed"),
    (b"<html><body>Zustimmung</body></html>", "not a feed"),
    (b"[" * 100_000, "not a feed"),
    (b"{" * 100_000, "malformed"),
    (b'{"items": []}', "not a feed"),
    (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>', "entity declaration"),
    ('<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>'.encode("utf-16"), "entity declaration"),
    (b"<rss><channel><item>" + b"<a>" * 100_000, "malformed"),
    (gzip.compress(b" " * (11 << 20)), "too large"),
    (gzip.compress(rss("<title>A</title>"))[:-12], "cut off gzip"),
    (b" " * (11 << 20), "too large"),
    (b'<channel\x1ettps:/x/" t', "malformed"),  # found by fuzzing, as are the next ones
)


@pytest.mark.parametrize(("body", "reason"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_feed_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError) as refused:
        parse_feed(URL, body)
    assert refused.value.reason == reason


def test_a_valid_feed_without_entries_is_a_feed() -> None:
    assert parse_feed(URL, rss()).entries == ()


# --- hostile inputs


INPUTS = loaded(Path(__file__).resolve().parents[1] / "hostile" / "inputs.py")
FEED_INPUTS = [name for name, case in INPUTS.CASES.items() if case.kind == "feed"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", FEED_INPUTS)
def test_hostile_feeds_end_as_their_manifest_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a parser opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    case = INPUTS.CASES[name]
    try:
        feed: ParsedFeed | None = parse_feed(URL, INPUTS.build(name))
    except FeedError:
        feed = None
    assert feed is not None or case.expect != "ok"
    assert feed is None or case.expect != "reject"
    entries = feed.entries if feed else ()
    want = case.want
    assert len(entries) == want.get("entries", len(entries))
    assert len(entries) >= want.get("min_entries", 0)
    articles = set(map(identity, entries))
    assert len(articles) == want.get("distinct_articles", len(articles))
    for entry in entries:
        assert "root:" not in repr(entry)
        assert not re.search(r"<\w|[\r\n]", entry.headline + entry.teaser) or "title" in want
        assert entry.url.startswith(("http://", "https://")) or not entry.url
        assert not re.search(r"[\x00-\x20\\]|//[^/]*@", entry.url)
    assert "title" not in want or entries[0].headline == want["title"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 500))
def test_any_bytes_in_the_middle_of_a_feed_are_read_or_refused(noise: bytes, at: int) -> None:
    body = rss("<title>A</title><link>/1</link><pubDate>Mon, 10 Jan 2022 15:30:00 +0100</pubDate>", "<title>B</title>")
    try:
        feed = parse_feed(URL, body[: at % len(body)] + noise + body[at % len(body) :])
    except FeedError:
        return
    assert feed.found == len(feed.entries) + sum(count for _, count in feed.dropped)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_plain_text_is_one_line_without_tags(text: str) -> None:
    found = plain(f"<p>{text}<script>böse</script>", 100)
    assert len(found) <= 100
    assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", found)


@pytest.mark.parametrize("opening", ["<!--", "<script>", "<style>", "<a ", "<", "&", "<![", "</"])
@pytest.mark.timeout(5)
def test_plain_text_takes_linear_time(opening: str) -> None:
    plain(opening * 200_000, 2000)


# --- the list of feeds


def test_the_shipped_list_can_be_used_and_holds_the_houses_promised() -> None:
    shipped = load_feeds(SHIPPED)
    houses = {"tagesschau", "ZDFheute", "Deutschlandfunk", "DW", "Spiegel", "Zeit", "FAZ", "SZ", "n-tv", "Standard", "NZZ",
              "SRF", "ORF"}  # fmt: skip
    assert {feed.publisher for feed in shipped} == houses
    assert {feed.name for feed in shipped if feed.publisher == "tagesschau"} == {"Ausland", "Inland", "Alle Meldungen"}


GOOD = '[[feed]]\npublisher = "A"\nname = "N"\nurl = "https://example.org/f"\n'


def test_a_list_may_begin_with_the_mark_that_some_editors_write(tmp_path: Path) -> None:
    """As settings and dossiers may."""
    path = tmp_path / "feeds.toml"
    path.write_text('[[feed]]\npublisher = "haus"\nname = "Politik"\nurl = "https://example.org/f"\n', "utf-8-sig")
    assert [feed.id for feed in load_feeds(path)] == ["haus/Politik"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[feed]\n", "feeds.toml"),
        ("feeds = []\n", r"made of \[\[feed\]\] tables"),
        ('[[feed]]\nname = "N"\nurl = "https://example.org/f"\n', r"feed 1 \(N\): needs publisher"),
        (GOOD + 'zone = "Mars"\n', r"feed 1 \(N\): zone 'Mars' is no time zone"),
        (GOOD + "color = 1\n", r"feed 1 \(N\): unknown key 'color'"),
        (GOOD + 'enabled = "yes"\n', r"feed 1 \(N\): enabled must be bool"),
        (GOOD.replace("https", "ftp"), r"feed 1 \(N\): url cannot be fetched \(scheme\)"),
        (GOOD + GOOD.replace('"N"', '"M"'), "A/M has the address of A/N, https://example.org/f: list it once"),
        (GOOD + GOOD.replace('"A"', '"B"').replace("https://", "http://www."), "B/N has the address of A/N"),
        (GOOD + GOOD.replace("/f", "/g"), "A/N is listed twice: give"),
    ],
)
def test_an_error_in_the_list_names_the_row_and_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(FeedListError, match=message):
        load_feeds(path)


# --- real feeds, read independently


def _real() -> list[Path]:
    return sorted(path for path in SHARED.glob("*") if path.suffix in (".xml", ".atom", ".json"))


needs_real = pytest.mark.skipif(not _real(), reason="../shared/feeds is not here")


def _independent(body: bytes) -> Iterator[tuple[str, str, datetime | None, datetime | None]]:
    """Headline, link, published, updated of each item, read by other means than ours: XPath, HTML parser, stdlib dates."""
    root = etree.fromstring(body)
    local = "*[local-name()='{}' and not(contains(namespace-uri(), 'yahoo') or contains(namespace-uri(), 'itunes'))]"

    def text(node: etree._Element, *names: str) -> str:
        for name in names:
            for found in node.xpath("./" + local.format(name)):
                if (found.text or "").strip() or len(found):
                    return "".join(found.itertext()).strip()
        return ""

    for node in root.xpath("//*[local-name()='item' or local-name()='entry']"):
        atom = etree.QName(node).localname == "entry"
        title = text(node, "title")
        if re.search(r"<\w", title):
            title = lxml_html.fromstring(f"<div>{title}</div>").text_content()
        title = " ".join(re.sub("[\u00ad\u200b\ufeff]", "", html.unescape(title)).split())
        hrefs = node.xpath("./*[local-name()='link'][not(@rel) or @rel='alternate']/@href") if atom else []
        link = (hrefs[0] if hrefs else text(node, "link")).strip()
        dates = [text(node, "published")] if atom else [text(node, "pubDate") or text(node, "date")]
        dates.append(text(node, "updated"))
        published, updated = (
            (datetime.fromisoformat(d) if d[:4].isdigit() else parsedate_to_datetime(d)) if d else None for d in dates
        )
        yield title, link, published, updated


@pytest.mark.shared
@needs_real
@pytest.mark.parametrize("path", _real(), ids=lambda path: path.name)
def test_real_feeds_read_as_an_independent_reading_does(path: Path) -> None:
    body = path.read_bytes()
    feed = parse_feed("https://example.org/", body)
    ours = [(entry.headline, entry.url, entry.published_at, entry.updated_at) for entry in feed.entries]
    assert ours == list(_independent(body))
    assert feed.entries
    assert feed.problems == ()


@pytest.mark.shared
@needs_real
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", _real(), ids=lambda path: path.name)
def test_real_feeds_read_as_feedparser_reads_them(path: Path) -> None:
    body = path.read_bytes()
    fast = parse_feed("https://example.org/", body)
    read = read_by_feedparser(from_root(decoded(body, "")), [])
    assert read is not None
    kind, title, items, problems = read
    told = {"zone": BERLIN, "now": None, "base": "https://example.org/"}
    slow = entries._assembled("https://example.org/", kind, title, items, problems, **told)
    assert fast.title == slow.title
    assert [(e.headline, e.url, e.guid, e.published_at) for e in fast.entries] == [
        (e.headline, e.url, e.guid, e.published_at) for e in slow.entries
    ]
    assert [e.teaser[:200] for e in fast.entries] == [e.teaser[:200] for e in slow.entries]


@pytest.mark.shared
@needs_real
def test_no_two_articles_of_a_real_feed_share_a_stem() -> None:
    for path in _real():
        entries = parse_feed("https://example.org/", path.read_bytes()).entries
        assert len({canonical(entry.url) for entry in entries}) == len({stem(entry.url) for entry in entries}), (
            path.name
        )


def test_reading_a_feed_of_thirty_entries_takes_a_few_milliseconds() -> None:
    import time

    body = rss(
        *(f"<title>Meldung {n}</title><link>/{n}</link><description>{'Text ' * 40}</description>" for n in range(30))
    )
    parse_feed(URL, body)
    began = time.process_time()
    for _ in range(20):
        parse_feed(URL, body)
    assert time.process_time() - began < 20 * 0.02
