"""Feeds as bytes: RSS 2.0, Atom, RSS 1.0 and JSON Feed, each as a German house writes it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType
from typing import Protocol

from extractors.model import BERLIN
from flows.newsroom import pages
from flows.newsroom.houses import House
from flows.newsroom.pieces import Piece, Version

Listed = Sequence[tuple[Piece, Version]]


class Writer(Protocol):
    def __call__(self, house: House, listed: Listed, *, base: str) -> bytes: ...


def link(piece: Piece, base: str) -> str:
    return f"{base}/{piece.house}/{piece.link}"


def guid(piece: Piece) -> str:
    """A house's own key of the piece: the same for all versions, and no address."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{piece.house}/{piece.id}"))


def title(piece: Piece, version: Version) -> str:
    """n-tv and its like put the kicker into the feed's title, the others leave it out."""
    return f"{version.kicker}: {version.headline}" if piece.house == "n-tv" and version.kicker else version.headline


def rfc822(moment: datetime, house: House) -> str:
    """A date as the house writes it: some German feeds say MEZ where RFC 822 wants an offset."""
    local = moment.astimezone(BERLIN)
    stamp = format_datetime(local)
    return f"{stamp[:-5]}{'MESZ' if local.dst() else 'MEZ'}" if house.zone_names else stamp


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(template: str) -> Writer:
    def write(house: House, listed: Listed, *, base: str) -> bytes:
        text = pages.environment().get_template(template).render(
            house=house, listed=listed, base=base, link=link, guid=guid, title=title, iso=iso,
            rfc822=lambda moment: rfc822(moment, house),
            changed=listed[0][1].at if listed else None,
        )  # fmt: skip
        return text.encode()

    return write


def _json_feed(house: House, listed: Listed, *, base: str) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": house.title,
        "home_page_url": f"{base}/{house.key}/",
        "feed_url": f"{base}/feeds/{house.key}.json",
        "language": "de",
        "items": [
            {
                "id": guid(piece),
                "url": link(piece, base),
                "title": title(piece, version),
                "summary": version.teaser,
                "content_text": version.teaser,
                "date_published": piece.published.isoformat(),
                "date_modified": version.at.isoformat(),
            }
            for piece, version in listed
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def opml(paths: Mapping[str, str], *, base: str) -> bytes:
    """The list of feeds as a reader imports it."""
    return pages.environment().get_template("feeds.opml").render(paths=paths, base=base).encode()


FORMATS: Mapping[str, Callable[..., bytes]] = MappingProxyType(
    {
        "rss": _write("feed.rss.xml"),
        "atom": _write("feed.atom.xml"),
        "rdf": _write("feed.rdf.xml"),
        "json": _json_feed,
    }
)
