"""The second reader, for what is broken: feedparser. It gets bytes only: a string that reads like a path or a URL it would open."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from extractors.feeds.items import Item, Read


def read_by_feedparser(text: str, problems: list[str]) -> Read | None:
    """The same items from feedparser. Its sanitiser and its resolver of links are off: slow, and we do both anyway."""
    import feedparser  # 60 ms that well-formed feeds never pay

    try:
        parsed: Any = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # noqa: BLE001 (see next line)
        return None  # seen: ValueError, AttributeError, RecursionError; there is no list of them
    if not parsed.entries:
        return None
    kind = {"rss": "rss20", "cdf": "rss20", "atom": "atom10"}.get(parsed.version or "", parsed.version or "rss20")
    items: list[Item | None] = [_feedparser_item(entry, kind.startswith("atom")) for entry in parsed.entries]
    return kind, str(parsed.feed.get("title") or ""), items, [*problems, "read by feedparser"]


def _feedparser_item(entry: Mapping[str, Any], atom: bool) -> Item:
    def said(name: str) -> str:
        # Past its own `get`, which takes one date for another where one is missing.
        return str(dict.get(entry, name) or "")  # type: ignore[call-overload]

    published, updated = said("published"), said("updated")
    if not atom and not published:
        published, updated = updated, ""
    return Item(
        headline=said("title"),
        teaser=said("summary"),
        guid=said("id"),
        link=said("link"),
        published=published,
        updated=updated,
    )
