"""Every page of the newsroom reads back as it was written: the extractors' end of the bundled world."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator

import pytest

from extractors.articles import NotAnArticle, extract_article
from extractors.model import Article, FetchedPage, PartKind
from flows.newsroom import Newsroom, Piece, load_pieces
from flows.newsroom.pieces import Kind

PIECES = load_pieces()
READABLE = tuple(piece for piece in PIECES if piece.readable)


def named(piece: Piece) -> str:
    return piece.id


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(everything=True) as room:
        yield room


def page(room: Newsroom, piece: Piece) -> FetchedPage:
    url = f"{room.url}/{piece.house}/{piece.path}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return FetchedPage(
            url=url,
            body=answer.read(),
            fetched_at=room.now(),
            content_type=answer.headers["Content-Type"],
        )


@pytest.mark.parametrize("piece", [piece for piece in READABLE if piece.kind is Kind.ARTICLE], ids=named)
def test_every_version_reads_back_as_it_was_written(piece: Piece) -> None:
    for version in piece.versions:
        with Newsroom(start=version.at) as room:
            article = extract_article(page(room, piece))
        wanted = piece.article(version, article.url)

        assert essence(article) == essence(wanted)
        if version.byline:
            # "Von" is the house's furniture: it may stay or go.
            assert article.byline.removeprefix("Von ") == version.byline.removeprefix("Von ")


def essence(article: Article) -> dict[str, object]:
    """What must come back word for word."""
    return {
        "publisher": article.publisher,
        "headline": article.headline,
        "kicker": article.kicker,
        "teaser": article.teaser,
        "lines": [(part.kind, article.text[part.start : part.end]) for part in article.parts],
        "published": article.published_at,
        "stand": article.stand,
    }


def test_the_ticker_reads_as_entries_under_their_headlines(room: Newsroom) -> None:
    piece = next(piece for piece in PIECES if piece.kind is Kind.TICKER)
    article = extract_article(page(room, piece))
    lines = article.text.split("\n")

    assert article.headline == piece.versions[-1].headline
    for kind, text in piece.versions[-1].parts:
        if kind is PartKind.PARAGRAPH:
            assert text in lines
        else:
            assert any(text in line for line in lines)


@pytest.mark.parametrize(
    "piece", [p for p in PIECES if p.kind in (Kind.VIDEO, Kind.CONSENT, Kind.PAYWALL, Kind.SOFT404)], ids=named
)
def test_pages_without_an_article_are_refused(room: Newsroom, piece: Piece) -> None:
    with pytest.raises(NotAnArticle):
        extract_article(page(room, piece))
