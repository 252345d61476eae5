"""JSON Feed 1.x."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping

from extractors.feeds.items import MAX_RUN, FeedError, Item, Read


def read_json(text: str) -> Read:
    try:
        feed = json.loads(text.lstrip("\ufeff"), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise FeedError("malformed") from None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise FeedError("not a feed")
    if "jsonfeed.org" not in str(feed.get("version", "")):
        raise FeedError("not a feed")
    items: list[Item | None] = [_json_item(item) if isinstance(item, dict) else Item() for item in feed["items"]]
    return "json1", _string(feed, "title"), items, []


def _json_item(item: Mapping[str, object]) -> Item:
    # content_text is plain by definition: what looks like markup in it is meant to be read.
    text = html.escape(_string(item, "content_text"), quote=False)
    return Item(
        headline=html.escape(_string(item, "title"), quote=False),
        teaser=html.escape(_string(item, "summary"), quote=False) or text or _string(item, "content_html"),
        guid=_string(item, "id"),
        guid_is_link=_string(item, "id").startswith(("http://", "https://")),
        link=_string(item, "url") or _string(item, "external_url"),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
    )


def _string(table: Mapping[str, object], name: str) -> str:
    value = table.get(name)
    if isinstance(value, str):
        return value[:MAX_RUN]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18 else ""
