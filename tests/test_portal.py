"""The pages that the benchmark of speed makes: as large as real ones, read as they are meant, the same each time."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.portal import WORDS, printed
from extractors.articles import extract_article
from extractors.model import FetchedPage, Grade
from extractors.relevance import assess, load_dossier

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_page_is_as_large_as_real_ones_and_its_article_is_found_in_it() -> None:
    for url, page in list(printed(8))[:8]:
        article = extract_article(FetchedPage(url=url, body=page, fetched_at=NOW))
        assert 150_000 < len(page) < 300_000
        assert WORDS * 0.9 < len(article.text.split()) < WORDS * 1.5
        assert article.published_at is not None
        assert article.published_at < NOW


def test_the_articles_of_no_matter_come_first_and_core_ones_behind() -> None:
    dossier, pages = load_dossier("russland-nato-ukraine"), list(printed(4))
    read = [extract_article(FetchedPage(url=url, body=page, fetched_at=NOW)) for url, page in pages]
    grades = [assess(article, dossier).grade for article in read]
    assert Grade.CORE not in grades[:4]
    assert grades[4:].count(Grade.CORE) > len(grades[4:]) * 0.9


def test_two_runs_print_the_same_bytes() -> None:
    assert list(printed(2)) == list(printed(2))


def test_no_two_articles_are_the_same() -> None:
    texts = [page.partition(b"portal-header")[0] + page.rpartition(b"</article>")[0][-4000:] for _, page in printed(30)]
    assert len({*texts}) == len(texts)
