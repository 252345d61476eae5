"""A feed as read: each item believed as far as it can be, with what was wrong with it; and which entries are one article."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from extractors.feeds.dates import read_date
from extractors.feeds.decoding import decoded, inflated
from extractors.feeds.items import MAX_BODY, FeedError, Item
from extractors.feeds.jsonfeed import read_json
from extractors.feeds.markup import read_xml
from extractors.feeds.text import one_line, plain
from extractors.model import FeedEntry
from extractors.urls import UrlError, absolute, canonical, joined, stem

MAX_ENTRIES = 2000
"""of a feed; where it lists more, the newest by where they stand"""
LOOKED_AT = 20
"""so many entries at either end tell which is the newer one: a few may be pinned, or stand without a date"""
MAX_HEADLINE, MAX_TEASER, MAX_GUID = 500, 2000, 1000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
TOMORROW = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as read. `found == len(entries) + sum(n for _, n in dropped)`."""

    title: str
    kind: str
    """rss090, rss091, rss092, rss10, rss20, atom03, atom10 or json1"""
    entries: tuple[FeedEntry, ...]
    problems: tuple[str, ...] = ()
    """what was wrong with the feed as a whole, and what had to be done to read it"""
    found: int = 0
    dropped: tuple[tuple[str, int], ...] = ()


def parse_feed(
    feed_url: str,
    body: bytes,
    *,
    content_type: str = "",
    zone: str = "Europe/Berlin",
    now: datetime | None = None,
    base: str = "",
) -> ParsedFeed:
    """Read a feed. Raises FeedError if the bytes are none.

    `base` is where the bytes came from if not from `feed_url`: links are relative to it. `zone` is the publisher's: dates without a zone are in it. With `now`, dates over 24 hours ahead are not believed.
    Entries come in the feed's order, doubled ones included (`identity` tells them apart). An entry without a usable
    link has `url == ""`; why is in its `problems`.
    """
    body = inflated(body)
    if len(body) > MAX_BODY:
        raise FeedError("too large")
    text = decoded(body, content_type)
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        kind, title, items, problems = read_json(text)
    else:
        kind, title, items, problems = read_xml(text)
    feed = _assembled(feed_url, kind, title, items, problems, zone=ZoneInfo(zone), now=now, base=base or feed_url)
    if problems and not feed.entries and feed.found:
        raise FeedError("malformed")
    return feed


def _assembled(
    feed_url: str,
    kind: str,
    title: str,
    items: list[Item | None],
    problems: list[str],
    *,
    zone: tzinfo,
    now: datetime | None,
    base: str,
) -> ParsedFeed:
    dropped: Counter[str] = Counter()
    entries: list[FeedEntry] = []
    backwards = len(items) > MAX_ENTRIES and _ends_with_the_newest(items, zone, now)
    for item in reversed(items) if backwards else items:
        if len(entries) >= MAX_ENTRIES:
            dropped["too many"] += 1
            continue
        try:
            entry = None if item is None else _entry(feed_url, item, zone, now, base)
        except Exception:  # noqa: BLE001 (see next line)
            # Whatever a single entry makes our own code do, the others are to be read.
            dropped["unreadable"] += 1
            continue
        if entry is None:
            dropped["cut off" if item is None else "empty"] += 1
        else:
            entries.append(entry)
    return ParsedFeed(
        title=plain(title, MAX_HEADLINE),
        kind=kind,
        entries=tuple(reversed(entries) if backwards else entries),
        problems=tuple(problems),
        found=len(items),
        dropped=tuple(sorted(dropped.items())),
    )


def _ends_with_the_newest(items: Sequence[Item | None], zone: tzinfo, now: datetime | None) -> bool:
    """Whether a feed lists its newest entries last, as a few do; one that does not say so begins with them."""
    first, last = _newest(items[:LOOKED_AT], zone, now), _newest(items[-LOOKED_AT:], zone, now)
    return first is not None and last is not None and first < last


def _newest(items: Sequence[Item | None], zone: tzinfo, now: datetime | None) -> datetime | None:
    dates = (_dated(item.published or item.updated, zone, now, []) for item in items if item is not None)
    return max(filter(None, dates), default=None)


def identity(entry: FeedEntry) -> str:
    """What makes two entries one article: the stem of the link, or else the guid within its feed."""
    try:
        return stem(entry.url)
    except UrlError:
        return f"{entry.feed_url}#{entry.guid}"


STAMPED, AT_ONCE = 5, timedelta(minutes=1)
"""So many entries that all changed within so short a time did not: they were stamped when the feed was made."""


def unstamped(entries: Sequence[FeedEntry]) -> Sequence[FeedEntry]:
    """The entries of a window, without times of change where the feed states its own making for all of them."""
    times = [entry.updated_at for entry in entries if entry.updated_at is not None]
    if len(times) < max(STAMPED, len(entries)) or max(times) - min(times) > AT_ONCE:
        return entries
    return [replace(entry, updated_at=None) for entry in entries]


# --- one entry --------------------------------------------------------------------------------------------------------


def _entry(feed_url: str, item: Item, zone: tzinfo, now: datetime | None, base: str) -> FeedEntry | None:
    problems: list[str] = []
    headline, teaser = plain(item.headline, MAX_HEADLINE), plain(item.teaser, MAX_TEASER)
    url = _link(base, item, problems)
    guid = _guid(item.guid)
    if not (headline or teaser or url or guid):
        return None
    if not guid:
        problems.append("no guid")
        guid = url or "text:" + _hash(f"{headline}\n{teaser}\n{item.published}")
    return FeedEntry(
        feed_url=feed_url,
        guid=guid,
        url=url,
        headline=headline,
        teaser=teaser,
        published_at=_dated(item.published, zone, now, problems),
        updated_at=_dated(item.updated, zone, now, problems),
        problems=tuple(problems),
    )


def _link(base: str, item: Item, problems: list[str]) -> str:
    candidates = [item.link, item.guid if item.guid_is_link else ""]
    reason = "no link"
    for link in candidates:
        if not link.strip():
            continue
        try:
            for named in item.bases:
                base = absolute(base, named)
            # Escaped twice, as where it stands in CDATA: in an address "&amp;" never means itself.
            url = joined(base, link.replace("&amp;", "&"))
            canonical(url)  # raises for what nobody should ask for, and for what could not be identified later
            return url
        except UrlError as error:
            reason = f"link: {error.reason}"
    problems.append(reason)
    return ""


def _guid(raw: str) -> str:
    """A guid is compared, never read: one that is absurdly long is replaced by its hash, not cut."""
    guid = one_line(raw) if len(raw) <= 2 * MAX_GUID else "sha256:" + _hash(raw)
    return guid if len(guid) <= MAX_GUID else "sha256:" + _hash(guid)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _dated(raw: str, zone: tzinfo, now: datetime | None, problems: list[str]) -> datetime | None:
    if not raw.strip():
        return None
    when = read_date(raw, zone)
    if when is None:
        problems.append("date unreadable")
    elif when < EARLIEST:
        problems.append("date implausible")
    elif now is not None and when > now + TOMORROW:
        problems.append("date in the future")
    else:
        return when
    return None
