"""Times of an article: as stated, never invented, the article's own."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_pages import BERLIN, SENTENCES, page, story

from extractors.articles import extract_article
from extractors.articles.moments import moment


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("2022-01-10T15:30:00+02:00", "2022-01-10T15:30:00+02:00"),
        ("2022-01-10T14:30:12.266Z", "2022-01-10T14:30:12+00:00"),
        ("2022-07-10 15:30:00", "2022-07-10T15:30:00+02:00"),
        ("2022-01-10T15:30:00+0100", "2022-01-10T15:30:00+01:00"),
        ("Stand: 10.01.2022 15:30 Uhr", "2022-01-10T15:30:00+01:00"),
        ("Stand: 10.01.2022 • 15:30 Uhr", "2022-01-10T15:30:00+01:00"),
        ("10. Jänner 2022, 15.30 Uhr", "2022-01-10T15:30:00+01:00"),
        ("Aktualisiert am 28. April 2023, 20:22 Uhr", "2023-04-28T20:22:00+02:00"),
        ("01.12.20, 10:37", "2020-12-01T10:37:00+01:00"),
        ("Fri Apr 28 19:20:36 CEST 2023", "2023-04-28T19:20:36+02:00"),
        ("2022-01-10", "2022-01-10T00:00:00+01:00"),
        ("10.01.2022 99:99 Uhr", None),
        ("40.13.2022", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:00Z", None),
        ("1641825000", "2022-01-10T14:30:00+00:00"),
        (1641825000000, "2022-01-10T14:30:00+00:00"),
        ("0123456789", None),
        ("heute", None),
        (None, None),
    ],
)
def test_times_are_read_as_stated_and_never_invented(stated, iso):
    read = moment(stated, BERLIN)
    assert (read.isoformat() if read else None) == iso


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_reading_of_times(text):
    read = moment(text, BERLIN)
    assert read is None or read.tzinfo is not None


@pytest.mark.parametrize(
    ("stated", "dated"),
    [
        ("2023-05-08T22:30:00Z", "2023-05-09T00:30:00+02:00"),
        ("2023-05-09T00:30:00+02:00", "2023-05-09T00:30:00+02:00"),
        ("2023-05-09T00:00:00+00:00", "2023-05-09T00:00:00+02:00"),
        ("2023-05-09", "2023-05-09T00:00:00+02:00"),
    ],
)
def test_relative_days_are_counted_on_the_newsrooms_clock(stated, dated):
    head = f'<meta property="article:published_time" content="{stated}">'
    assert extract_article(page(story(head=head))).dated.isoformat() == dated


def test_the_time_of_another_page_is_not_this_ones():
    other = '<nav><time datetime="2020-01-01">1. Januar</time></nav><div class="top"><time datetime="2021-01-01"></time></div>'
    html = story('<time datetime="2023-05-08T09:00">8. Mai</time>').replace("<body>", f"<body>{other}")
    assert extract_article(page(html)).published_at == datetime(2023, 5, 8, 9, tzinfo=BERLIN)


@pytest.mark.parametrize("frame", ["header", "nav", "aside", "footer"])
def test_the_date_at_the_head_of_every_page_is_no_time_of_publication(frame):
    today = f'<{frame}><span class="date">Freitag, 27. November 2026</span></{frame}>'
    assert extract_article(page(story().replace("<body>", f"<body>{today}"))).published_at is None
    inner = "<header><span class='date'>8. Mai 2023, 9.05 Uhr</span></header>"
    html = story().replace("<body>", f"<body>{today}").replace("<article>", f"<article>{inner}")
    assert extract_article(page(html)).published_at == datetime(2023, 5, 8, 9, 5, tzinfo=BERLIN)


def test_the_time_beside_the_headline_counts_wherever_both_stand():
    paragraphs = "".join(f"<p>{one}</p>" for one in SENTENCES)
    head = "<header><h1>Reden über die Rinne</h1><time datetime='2023-05-08T09:05'>8. Mai</time></header>"
    html = f"<html><body><nav><time datetime='2020-01-01'>1.</time></nav>{head}<div>{paragraphs}</div></body></html>"
    assert extract_article(page(html)).published_at == datetime(2023, 5, 8, 9, 5, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "line",
    [
        '<div class="docData"><span class="label">Datum:</span> <span class="value">08.05.2023</span></div>',
        "<p><em>08.05.2023</em></p>",
        "<p>8. Mai 2023 | Pressemitteilungen</p>",
        '<div class="release"><span>kda</span><span> am 08.05.2023</span></div>',
    ],
)
def test_a_date_on_a_line_of_its_own_beside_the_headline_is_the_article_s(line):
    assert extract_article(page(story().replace("</h1>", f"</h1>{line}"))).published_at == datetime(
        2023, 5, 8, tzinfo=BERLIN
    )


def test_a_date_in_a_sentence_or_far_from_the_headline_is_not_the_article_s():
    inner = "<p>8. Mai 2023, als das Eis kam, war auch so ein Tag, sagte der älteste der Lotsen.</p>"
    far = "<p>Und weiter wurde geredet.</p>" * 60 + "<p>08.05.2023</p>"
    assert extract_article(page(story(inner + far))).published_at is None


def test_the_stand_of_a_page_is_found_where_it_says_when_it_was_changed():
    html = story().replace("<h1>", '<div class="lastchanged">Stand: 08.05.2023 11:05 Uhr</div><h1>')
    article = extract_article(page(html))
    assert article.stand == article.published_at == datetime(2023, 5, 8, 11, 5, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "named", [{"url": "https://kuestenblatt.example/a.html"}, {"headline": "Reden über die Rinne"}]
)
def test_of_several_articles_in_linked_data_the_page_s_own_counts(named):
    told = [{"@type": "NewsArticle", "headline": "Anderes", "url": "https://kuestenblatt.example/b.html",
             "datePublished": "2019-01-01"}, {"@type": "NewsArticle", "datePublished": "2023-05-08", **named}]  # fmt: skip
    head = f'<meta property="og:title" content="Reden über die Rinne"><script type="application/ld+json">{json.dumps(told)}</script>'
    assert extract_article(page(story(head=head))).published_at == datetime(2023, 5, 8, tzinfo=BERLIN)


TOLD = '{"@type": "NewsArticle", "datePublished": "2023-05-08T09:05:00+02:00"}'


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("application/ld+json; charset=utf-8", TOLD),
        ("application/ld+json", f"//<![CDATA[\n{TOLD}\n//]]>"),
        ("application/ld+json", f"<!-- {TOLD} -->"),
        ("application/ld+json", f"{TOLD};"),
        ("application/ld+json", TOLD.replace("}", ",}")),
        ("application/ld+json", TOLD.replace("NewsArticle", "schema:NewsArticle")),
    ],
)
def test_linked_data_is_read_as_houses_write_it(kind, told):
    head = f'<script type="{kind}">{told}</script>'
    assert extract_article(page(story(head=head))).published_at == datetime(2023, 5, 8, 9, 5, tzinfo=BERLIN)


def test_an_austrian_page_without_offset_is_on_viennese_time():
    head = '<meta property="article:published_time" content="2023-05-08T11:20:00">'
    article = extract_article(page(story(head=head), url="https://kuestenblatt.at/a"))
    assert article.published_at is not None
    assert article.published_at.tzinfo == ZoneInfo("Europe/Vienna")
