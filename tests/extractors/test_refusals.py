"""Pages that are no article are refused, with a reason."""

from __future__ import annotations

import pytest
from story_pages import SENTENCES, page, story

from extractors.articles import NotAnArticle, Reason, extract_article


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"   \n", Reason.EMPTY),
        (b"%PDF-1.7 ...", Reason.NOT_HTML),
        (b"\x1f\x8b\x08 gzip", Reason.NOT_HTML),
        (b'{"error": "not found"}', Reason.NOT_HTML),
        (b'<?xml version="1.0"?><rss><channel></channel></rss>', Reason.NOT_HTML),
        (b"<html>" + b"<i>" * 200_000, Reason.TOO_LARGE),
        (b"<html>" + b" " * (11 << 20), Reason.TOO_LARGE),
        ("<html><body><p>" + "Wort " * 100_000 + "</p></body></html>", Reason.TOO_LARGE),
        ("<html><body><h1>Titel</h1></body></html>", Reason.NO_TEXT),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(body, reason):
    with pytest.raises(NotAnArticle) as refused:
        extract_article(page(body))
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "http://schema.org/False"}</script>',
        '<meta property="article:content_tier" content="locked">',
    ],
)
def test_a_page_that_says_to_cost_something_and_shows_its_beginning_is_refused(head):
    with pytest.raises(NotAnArticle, match="paywall teaser"):
        extract_article(
            page(
                f"<html><head>{head}</head><body><h1>Reden über die Rinne</h1><p>{' '.join(SENTENCES[:3])}</p></body></html>"
            )
        )


def test_a_removed_article_that_leads_to_the_front_page_is_none():
    front = page(story(), url="https://kuestenblatt.example/")
    with pytest.raises(NotAnArticle) as error:
        extract_article(front)
    assert error.value.reason is Reason.INDEX
    assert extract_article(page(story(), url="https://kuestenblatt.example/?p=123"))


def test_a_long_text_that_asks_for_consent_is_no_article_and_an_article_about_it_is_one():
    asks = "<p>Mit Ihrer Zustimmung verwenden wir Cookies für Tracking und Werbung, auch im PUR-Abo, Tag {}.</p>"
    wall = (
        "<html><body><h1>Weiterlesen mit Werbung</h1>" + "".join(asks.format(n) for n in range(30)) + "</body></html>"
    )
    with pytest.raises(NotAnArticle) as error:
        extract_article(page(wall))
    assert error.value.reason is Reason.CONSENT
    dated = wall.replace("<body>", '<head><meta property="article:published_time" content="2023-05-08"></head><body>')
    assert extract_article(page(dated))


def test_words_of_a_paywall_in_a_full_article_do_not_refuse_it():
    more = "".join(f"<p>Zum {n}. Mal: {sentence}</p>" for n in range(4) for sentence in SENTENCES)
    offer = "<p>Jetzt weiterlesen mit dem Abo, das sagte er im Scherz und lachte.</p>"
    assert "im Scherz" in extract_article(page(story(offer + more))).body
