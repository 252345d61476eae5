"""Pages as bytes: each house's layout, with the boilerplate that surrounds an article on a real page."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from extractors.model import BERLIN
from flows.newsroom.houses import HOUSES
from flows.newsroom.pieces import Kind, Piece, Version

_SPECIAL: Mapping[Kind, str] = {
    Kind.VIDEO: "video.html",
    Kind.CONSENT: "consent.html",
    Kind.PAYWALL: "paywall.html",
    Kind.SOFT404: "soft404.html",
}


@cache
def environment() -> Environment:
    env = Environment(
        loader=PackageLoader("flows.newsroom"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["local"] = _local
    env.filters["iso_local"] = _iso_local
    env.filters["ld"] = _linked_data
    env.filters["as_html"] = _as_html
    return env


def render(piece: Piece, version: Version, base: str) -> bytes:
    """The page of a version under `base`."""
    template = _SPECIAL.get(piece.kind, f"{piece.layout}.html")
    url = f"{base}/{piece.house}/{piece.path}"
    text = environment().get_template(template).render(
        piece=piece, version=version, house=HOUSES[piece.house], base=base, root=f"{base}/{piece.house}", url=url,
        data=_news_article(piece, version, url),
    )  # fmt: skip
    return text.encode()


def front(paths: Mapping[str, str], *, base: str, now: datetime) -> bytes:
    """The newsroom's front page: where its feeds are."""
    return environment().get_template("front.html").render(paths=paths, base=base, now=now).encode()


def _news_article(piece: Piece, version: Version, url: str) -> dict[str, Any]:
    """schema.org's NewsArticle as the houses embed it; the body only where a house gives it away."""
    kinds = {Kind.TICKER: "LiveBlogPosting", Kind.VIDEO: "VideoObject", Kind.SOFT404: "WebPage"}
    headline = f"{version.kicker}: {version.headline}" if version.kicker else version.headline
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kinds.get(piece.kind, "NewsArticle"),
        "headline": headline,
        "description": version.teaser,
        "datePublished": _iso_local(piece.published),
        "dateModified": _iso_local(version.at),
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "publisher": {"@type": "Organization", "name": HOUSES[piece.house].site_name},
    }
    if piece.kind is Kind.PAYWALL:
        data["isAccessibleForFree"] = False
    if version.byline:
        data["author"] = {"@type": "Person", "name": version.byline.removeprefix("Von ")}
    return data


def _local(moment: datetime, pattern: str) -> str:
    return moment.astimezone(BERLIN).strftime(pattern)


def _iso_local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).isoformat(timespec="seconds")


def _linked_data(data: dict[str, Any]) -> Markup:
    """JSON for a script element: `</` cannot end it."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))


def _as_html(text: str) -> str:
    """Text as a feed carries it that sends HTML: the template escapes it once more."""
    return f"<p>{html.escape(text)}</p>"
