"""Writes NAME.json beside each page: what the extractor reads there today. Run it after a change, and read the diff.

python tests/pages/write.py            all pages
python tests/pages/write.py krone      some
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors.articles import NotAnArticle, extract_article, split_ticker
from extractors.model import Article, FetchedPage

HERE = Path(__file__).parent
HOSTS = {
    "tagesschau": "www.tagesschau.de",
    "ntv": "www.n-tv.de",
    "krone": "www.krone.at",
    "kurier": "kurier.at",
    "nd": "www.nd-aktuell.de",
    "welt": "www.welt.de",
    "bild": "www.bild.de",
    "srf": "www.srf.ch",
    "zeit": "www.zeit.de",
    "faz": "www.faz.net",
    "standard": "www.derstandard.at",
    "orf": "orf.at",
    "deutschlandfunk": "www.deutschlandfunk.de",
    "zdfheute": "www.zdf.de",
    "dw": "www.dw.com",
}


def page(path: Path) -> FetchedPage:
    host = HOSTS.get(path.stem.split("-")[0], "kuestenblatt.example")
    return FetchedPage(
        url=f"https://{host}/kueste/{path.stem}.html",
        body=path.read_bytes(),
        fetched_at=datetime(2023, 5, 9, 6, tzinfo=UTC),
    )


def expectation(path: Path) -> dict[str, Any]:
    """What is read from a page, in the words of the model."""
    if path.stem.startswith("ticker"):
        return {"entries": [_article(entry) for entry in split_ticker(page(path))]}
    try:
        return _article(extract_article(page(path)))
    except NotAnArticle as error:
        return {"not_an_article": str(error.reason)}


def _article(article: Article) -> dict[str, Any]:
    return {
        "headline": article.headline,
        "kicker": article.kicker,
        "teaser": article.teaser,
        "byline": article.byline,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "stand": article.stand.isoformat() if article.stand else None,
        "publisher": article.publisher,
        "extractor": article.extractor,
        "url": article.url,
        "body": [
            [str(part.kind), article.text[part.start : part.end]]
            for part in article.parts
            if part.kind in ("subhead", "paragraph")
        ],
    }


if __name__ == "__main__":
    for path in sorted(HERE.glob("*.html")):
        if not sys.argv[1:] or any(path.stem.startswith(name) for name in sys.argv[1:]):
            text = json.dumps(expectation(path), ensure_ascii=False, indent=1)
            path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
