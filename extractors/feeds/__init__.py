"""Feeds: from the bytes of RSS 0.9x/1.0/2.0, Atom or JSON Feed to entries; and the list of feeds that we follow.

Other people's bytes are distrusted. No entity is ever declared (`<!ENTITY` refuses the feed, a DOCTYPE is dropped), fields
are cut before anything costly sees them, and one entry that cannot be read costs only itself. Well-formed XML is read by
lxml; what is broken is repaired first, and what lxml cannot put together is read by feedparser, which also is the judge of
both in the tests.
"""

from __future__ import annotations

from extractors.feeds.dates import read_date
from extractors.feeds.entries import TOMORROW, ParsedFeed, identity, parse_feed, unstamped
from extractors.feeds.items import FeedError
from extractors.feeds.listed import SHIPPED, Feed, FeedListError, checked_feeds, load_feeds
from extractors.feeds.text import plain

__all__ = [
    "SHIPPED",
    "TOMORROW",
    "Feed",
    "FeedError",
    "FeedListError",
    "ParsedFeed",
    "checked_feeds",
    "identity",
    "load_feeds",
    "parse_feed",
    "plain",
    "read_date",
    "unstamped",
]
