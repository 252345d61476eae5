"""A page read as journalism: headline, kicker, teaser, byline, times, subheads and paragraphs in order.

The publisher's profile comes first, a fast generic reading second; a slower library is asked when their signals disagree.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from extractors.articles.checks import refuse
from extractors.articles.judge import Verdict, judged
from extractors.articles.markup import decode, looks_like_html, parse
from extractors.articles.reading import read
from extractors.articles.refusal import NotAnArticle, Reason
from extractors.articles.saved import article_from_text, stand_of
from extractors.articles.tickers import split_ticker
from extractors.model import Article, FetchedPage

__all__ = [
    "NotAnArticle",
    "Reason",
    "article_from_text",
    "decode",
    "extract_article",
    "looks_like_html",
    "reader",
    "split_ticker",
    "stand_of",
]


@functools.cache
def reader() -> str:
    """A digest of what reads pages, profiles of publishers included: another one may read what this one could not."""
    digest, here = hashlib.sha256(), Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *(here.parent / "publishers").glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def extract_article(page: FetchedPage) -> Article:
    """Raises NotAnArticle with one of a closed set of reasons."""
    markup = parse(page.body, page.content_type)
    verdict = judged(read(page, markup), markup)
    refuse(page.url, verdict.reading, markup)
    return _article(page.url, verdict, truncated=page.truncated)


def _article(url: str, verdict: Verdict, *, truncated: bool) -> Article:
    reading = verdict.reading
    return Article.compose(
        url=url or reading.claims.named("og:url"),
        headline=reading.title.headline,
        kicker=reading.title.kicker,
        teaser=reading.teaser,
        body=tuple((block.kind, block.text) for block in reading.body),
        publisher=reading.profile.house or reading.claims.named("og:site_name"),
        byline=reading.byline,
        dateline=reading.dateline,
        published_at=reading.published_at,
        stand=reading.stand,
        extractor=reading.extractor + ("+truncated" if truncated else ""),
        agreement=verdict.agreement,
    )
