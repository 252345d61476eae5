"""URLs: their clean form, the article they name, and when it is read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.model import FeedEntry
from extractors.urls import (
    LADDER,
    Fetch,
    Seen,
    Skip,
    UrlError,
    absolute,
    canonical,
    decide,
    next_recheck,
    recheck,
    stem,
)

NOW = datetime(2022, 1, 10, 12, 0, tzinfo=UTC)
UUID = "0a1b2c3d-1111-2222-3333-444455556666"

CANONICAL = (
    ("HTTPS://Example.ORG", "https://example.org/"),
    ("http://example.org:80/a", "http://example.org/a"),
    ("https://example.org:443/a", "https://example.org/a"),
    ("https://example.org:8443/a", "https://example.org:8443/a"),
    ("https://example.org/a#kommentare", "https://example.org/a"),
    ("https://example.org/a?utm_source=rss&utm_medium=feed", "https://example.org/a"),
    ("https://example.org/a?id=7&utm_source=rss&x=", "https://example.org/a?id=7&x="),
    ("https://example.org/a?wt_mc=rss.red&maca=de-rss", "https://example.org/a"),
    ("https://example.org/a;jsessionid=0A1B.n1?id=7", "https://example.org/a?id=7"),
    ("https://example.org/a;JSESSIONID=0A1B/b;c=1", "https://example.org/a/b;c=1"),
    ("https://example.org/a?outputType=amp", "https://example.org/a"),
    ("https://example.org/a/1/amp/", "https://example.org/a/1"),
    ("https://example.org/a/1.amp.html", "https://example.org/a/1.html"),
    ("https://amp.example.org/a", "https://www.example.org/a"),
    ("https://m.example.org/a", "https://www.example.org/a"),
    ("https://m.example.co.uk/a", "https://m.example.co.uk/a"),
    ("https://example.org/Gespr%C3%A4che/%7Ex", "https://example.org/Gespr%C3%A4che/~x"),
    ("https://example.org/Gespräche", "https://example.org/Gespr%C3%A4che"),
    ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
    ("https://example.org/?q=Köln&x=%2F", "https://example.org/?q=K%C3%B6ln&x=%2F"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
)


@pytest.mark.parametrize(("url", "clean"), CANONICAL)
def test_the_clean_form_of_a_url(url: str, clean: str) -> None:
    assert canonical(url) == clean


REFUSED = (
    ("file:///etc/passwd", "scheme"),
    ("javascript:alert(1)", "scheme"),
    ("ftp://example.org/", "scheme"),
    ("http:///x", "no host"),
    ("http://user:geheim@example.org/", "credentials"),
    ("http://example.org@127.0.0.1/", "credentials"),
    ("http://127.0.0.1\\@example.org/", "forbidden character"),
    ("http://example.org/\r\nX-Injected: 1", "forbidden character"),
    ("http://example.org:99999/", "malformed"),
    ("http://exa mple.org/", "forbidden character"),
    ("http://example.org/" + "ü" * 1900, "too long"),
    ("http://[::1/", "malformed"),
    ("http://example.org/\ud800", "forbidden character"),
    ("http://a..example.org/", "malformed"),
    ("http://example.org/" + "a" * 3000, "too long"),
)


@pytest.mark.parametrize(("url", "reason"), REFUSED)
def test_what_nobody_honest_links_to_is_refused_with_its_reason(url: str, reason: str) -> None:
    with pytest.raises(UrlError) as refused:
        canonical(url)
    assert refused.value.reason == reason


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    for make in (canonical, stem):
        try:
            assert make("https://example.org/" + text)
            make(text)
        except UrlError:
            pass


@settings(deadline=None)
@given(st.from_regex(r"https?://[a-z.]{3,20}[a-z]/[\w/%?&=#äöü.-]{0,60}", fullmatch=True))
def test_cleaning_twice_changes_nothing(url: str) -> None:
    try:
        clean = canonical(url)
    except UrlError:
        return
    assert canonical(clean) == clean
    assert stem(clean) == stem(url)


STEMS = (
    ("https://www.tagesschau.de/ausland/europa/gespraeche-genf-101.html", "tagesschau:gespraeche-genf-101"),
    ("https://www.tagesschau.de/inland/gespraeche-genf-101.html", "tagesschau:gespraeche-genf-101"),
    ("https://www.tagesschau.de/ausland/gespraeche-genf-101~amp.html", "tagesschau:gespraeche-genf-101"),
    ("https://www.zdf.de/nachrichten/politik/gespraeche-100.html", "zdf:gespraeche-100"),
    ("https://www.zdfheute.de/politik/ausland/gespraeche-100.html", "zdf:gespraeche-100"),
    ("https://www.deutschlandfunk.de/gespraeche-100.html", "deutschlandfunk:gespraeche-100"),
    ("https://www.dw.com/de/gespr%C3%A4che-in-genf/a-60300001?maca=de-rss-de-all", "dw:a-60300001"),
    ("https://www.dw.com/de/anderer-titel/a-60300001", "dw:a-60300001"),
    (f"https://www.spiegel.de/ausland/genf-a-{UUID}#ref=rss", f"spiegel:a-{UUID}"),
    ("https://www.n-tv.de/politik/Genf-article23000001.html", "n-tv:23000001"),
    ("https://www.n-tv.de/politik/Genf-id30000001.html", "n-tv:30000001"),
    ("https://www.derstandard.at/story/2000132000001/genf?ref=rss", "standard:2000132000001"),
    ("https://orf.at/stories/3240001/", "orf:3240001"),
    ("https://www.nzz.ch/international/genf-ld.1660001", "nzz:1660001"),
    ("https://www.sueddeutsche.de/politik/genf-1.5500001", "sz:1.5500001"),
    ("https://www.sueddeutsche.de/politik/genf-li.3200001", "sz:li.3200001"),
    ("https://www.sueddeutsche.de/politik/genf-lux.AbCdEfGhIjKlMnOpQrStUv", "sz:lux.AbCdEfGhIjKlMnOpQrStUv"),
    (
        "https://www.sueddeutsche.de/politik/genf-jetzt-lux.AbCdEfGhIjKlMnOpQrStUv?reduced=true",
        "sz:lux.AbCdEfGhIjKlMnOpQrStUv",
    ),
    ("https://www.ndr.de/nachrichten/Genf,gespraeche-102.html", "ndr:gespraeche-102"),
    ("https://www.ndr.de/nachrichten/Genf,gespraeche1360.html", "ndr:gespraeche1360"),
    ("https://www1.wdr.de/nachrichten/genf-100.html", "www1.wdr.de:genf-100"),
    ("https://www.nrz.de/politik/article400000001/genf.html", "nrz.de:400000001"),
    ("https://www.focus.de/politik/genf_id_90000001.html", "focus:90000001"),
    ("https://www.berliner-zeitung.de/news/genf-li.300001", "berliner-zeitung:li.300001"),
    ("https://www.berliner-zeitung.de/article/genf-10000001", "berliner-zeitung:10000001"),
    ("https://rp-online.de/politik/genf_aid-100000001", "rp-online:aid-100000001"),
    ("https://www.mz.de/politik/genf-3800001", "mz.de:3800001"),
    ("https://www.20min.ch/story/genf-103000001", "20min:103000001"),
    ("https://www.tagesanzeiger.ch/genf-100000000001", "tagesanzeiger.ch:100000000001"),
    ("https://www.kleinezeitung.at/politik/19000001/genf", "kleinezeitung:19000001"),
    ("https://www.wort.lu/politik/genf/70000001.html", "wort:70000001"),
    ("https://www.faz.net/aktuell/politik/ausland/genf-17700001.html", "faz:17700001"),
    ("https://m.faz.net/aktuell/politik/genf-17700001.amp.html", "faz:17700001"),
    ("https://www.swr.de/swraktuell/genf-100.html", "swr.de:genf-100"),
    ("https://www.mdr.de/nachrichten/genf-100.html", "mdr.de:genf-100"),
    ("https://www.zeit.de/politik/ausland/2022-01/genf/seite-2", "zeit.de/politik/ausland/2022-01/genf"),
    ("https://www.zeit.de/politik/ausland/2022-01/genf/komplettansicht", "zeit.de/politik/ausland/2022-01/genf"),
    ("https://www.srf.ch/news/international/genf-treffen", "srf.ch/news/international/genf-treffen"),
    ("http://example.org/a/1/", "example.org/a/1"),
    ("https://www.example.org/a/1?b=2&a=1", "example.org/a/1?a=1&b=2"),
)


@pytest.mark.parametrize(("url", "name"), STEMS)
def test_an_article_is_named_by_the_publishers_key(url: str, name: str) -> None:
    assert stem(url) == name


def entry(**kwargs: object) -> FeedEntry:
    told = {"feed_url": "f", "guid": "g", "url": "https://example.org/a", "headline": "A", **kwargs}
    return FeedEntry(**told)  # type: ignore[arg-type]


def read(minutes_ago: float, age_minutes: float, **kwargs: object) -> Seen:
    told = {
        "first_seen": NOW - timedelta(minutes=age_minutes),
        "fetched_at": NOW - timedelta(minutes=minutes_ago),
        **kwargs,
    }
    return Seen(**told)  # type: ignore[arg-type]


def unread(**kwargs: object) -> Seen:
    return Seen(first_seen=NOW - timedelta(hours=2), **kwargs)  # type: ignore[arg-type]


HOUR = timedelta(hours=1)
DECISIONS = (
    ("new", None, entry(), Fetch("new")),
    ("nothing to ask for", None, entry(url=""), Skip("no link")),
    ("old when first seen", None, entry(published_at=NOW - 40 * 24 * HOUR), Skip("too old")),
    ("old, but changed lately", None, entry(published_at=NOW - 40 * 24 * HOUR, updated_at=NOW), Fetch("new")),
    ("claimed, never read", unread(), entry(), Fetch("new")),
    ("failed before", unread(failures=1), entry(), Fetch("retry")),
    (
        "failed, and its time has not come",
        unread(failures=1, retry_at=NOW + HOUR),
        entry(),
        Skip("waits for its retry"),
    ),
    ("failed, and its time has come", unread(failures=1, retry_at=NOW), entry(), Fetch("retry")),
    ("failed too often", unread(failures=5), entry(), Skip("given up")),
    (
        "failed too often, then changed",
        unread(failures=5, tried_at=NOW - HOUR),
        entry(updated_at=NOW - timedelta(minutes=5)),
        Fetch("changed in the feed"),
    ),
    ("gone before it was read", unread(gone=True), entry(), Skip("gone")),
    ("gone", read(30, 30, gone=True), entry(), Skip("gone")),
    ("read a moment ago", read(3, 16), entry(updated_at=NOW), Skip("just read")),
    (
        "the feed dates a change",
        read(20, 40),
        entry(updated_at=NOW - timedelta(minutes=5)),
        Fetch("changed in the feed"),
    ),
    ("the change is older than our copy", read(20, 40), entry(updated_at=NOW - HOUR), Skip("unchanged")),
    ("a change in the future is none", read(20, 40), entry(updated_at=NOW + 10 * HOUR), Skip("unchanged")),
    ("retitled", read(20, 40, headline="B"), entry(), Fetch("retitled")),
    ("same title", read(20, 40, headline="A"), entry(), Skip("unchanged")),
    ("first rung", read(16, 16), entry(), Fetch("recheck after 15 min")),
    ("first rung done", read(12, 28), entry(), Skip("unchanged")),
    ("second rung", read(45, 61), entry(), Fetch("recheck after 1 h")),
    ("several rungs missed: one reading", read(600, 601), entry(), Fetch("recheck after 4 h")),
    ("fourth rung", read(1000, 24 * 60), entry(), Fetch("recheck after 24 h")),
    ("last rung", read(5000, 7 * 24 * 60), entry(), Fetch("recheck after 7 d")),
    ("after the ladder", read(60, 7 * 24 * 60 + 90), entry(), Skip("unchanged")),
)


@pytest.mark.parametrize(("seen", "item", "verdict"), [row[1:] for row in DECISIONS], ids=[row[0] for row in DECISIONS])
def test_what_to_do_about_an_entry(seen: Seen | None, item: FeedEntry, verdict: Fetch | Skip) -> None:
    assert decide(seen, item, NOW, max_age=timedelta(days=30)) == verdict


def test_climbing_the_ladder_reads_once_at_every_rung_and_then_never() -> None:
    seen = Seen(first_seen=NOW, fetched_at=NOW)
    reasons = []
    while (due := next_recheck(seen)) is not None:
        assert recheck(seen, due - timedelta(seconds=1)) == Skip("unchanged")
        verdict = recheck(seen, due)
        assert isinstance(verdict, Fetch)
        reasons.append(verdict.reason)
        seen = Seen(first_seen=NOW, fetched_at=due)
    assert reasons == [f"recheck after {rung}" for rung in ("15 min", "1 h", "4 h", "24 h", "7 d")]
    assert seen.fetched_at == NOW + LADDER[-1]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a/1", "https://example.org/a/1"),
        ("  https://example.org/x y ", "https://example.org/x%20y"),
        ("?id=1", "https://example.org/feed?id=1"),
        ("//example.net/a", "https://example.net/a"),
        ("www.haus.example/a/1", "https://www.haus.example/a/1"),
        ("www.html", "https://example.org/www.html"),
    ],
)
def test_links_become_absolute(link: str, url: str) -> None:
    assert absolute("https://example.org/feed", link) == url
