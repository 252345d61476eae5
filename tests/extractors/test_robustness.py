"""Whatever bytes come, they are an article or refused, and cost little; where two readings differ, it is said."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_pages import SENTENCES, page, story

from extractors.articles import NotAnArticle, Reason, decode, extract_article
from extractors.articles.headlines import fold
from extractors.articles.judge import AGREE, _agree, f1
from extractors.articles.leads import ALIKE, _beginning
from extractors.articles.markup import (
    DEEP,
    FEW,
    LONG,
    MAX_TAGS,
    PIECE,
    numbers,
    on_one_line,
    parse,
    without_deep_lists,
    without_long_tags,
)
from extractors.articles.sieve import STRIPPED
from extractors.model import Article, is_one_line


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        ("„Gespräche“ – heute".encode(), "text/html; charset=iso-8859-1"),
        (b"\xef\xbb\xbf" + "„Gespräche“ – heute".encode(), ""),
        ("„Gespräche“ – heute".encode("cp1252"), "text/html; charset=iso-8859-1"),
        ("„Gespräche“ – heute".encode("cp1252"), "text/html; charset=utf-8"),
        (b'<meta charset="zip">' + "„Gespräche“ – heute".encode("cp1252"), "text/html; charset=rot13"),
        ("„Gespräche“ – heute".encode("utf-16"), ""),
        (("<html>" + "„Gespräche“ – heute" + " " * 400).encode("utf-16-le"), ""),
    ],
)
def test_the_character_set_is_found_whatever_the_page_calls_itself(raw, content_type):
    assert "„Gespräche“ – heute" in decode(raw, content_type)


@pytest.mark.parametrize("before", range(4))
def test_utf8_is_known_by_all_of_its_bytes_wherever_they_are_looked_at_in_pieces(before):
    clean = ("<html>" + "x" * before + "€" * PIECE).encode()
    assert parse(clean, "text/html; charset=iso-8859-1").data is clean
    assert decode(clean[:-1] + b"<p>\xfc", "text/html; charset=iso-8859-1").endswith("<p>ü")


def test_a_page_of_which_the_head_is_one_character_of_four_bytes_after_the_other_is_still_html():
    assert parse(("<html>" + "🙂" * 10_000).encode()).html.startswith("<html>🙂")


@pytest.mark.parametrize("at", [0, 9_999, 10_000, 15_000, 123_456])
@pytest.mark.parametrize("letter", ["x", "ü", "€"])
def test_a_tag_is_emptied_from_so_many_characters_on_wherever_it_stands(letter, at):
    def around(tag):
        return ("y" * at + tag + "<p>a < b</p>").encode()

    just, long = (f"<a{letter * size}>" for size in (LONG - 1, LONG))
    assert without_long_tags(around(just)) == around(just)
    assert without_long_tags(around(long)) == around("<div>")
    assert without_long_tags(around(long + just + long)) == around(f"<div>{just}<div>")
    # No tags: one that never ends, one that another begins in, a comparison.
    assert without_long_tags(around(long[:-1])) == around(long[:-1])
    assert without_long_tags(around(f"<1{letter * LONG}>")) == around(f"<1{letter * LONG}>")


@pytest.mark.parametrize("item", ["<ul><li>", "<dl><dd>", "<OL><LI>"])
def test_lists_within_one_another_beyond_measure_end_the_page(item):
    article = "<html><p>" + "Ein Satz. " * 400
    deep = (article + item * 30_000).encode()
    began = time.process_time()
    read = parse(deep)
    assert time.process_time() - began < 1.0  # 30,000 took nine seconds
    assert read.data == deep[: len((article + item * DEEP).encode())]
    beside = (article + (item + item.replace("<", "</")) * 30_000).encode()
    assert without_deep_lists(beside) == beside


@pytest.mark.parametrize("early", [0, FEW, FEW + 1, MAX_TAGS // 2])
def test_tags_are_counted_wherever_they_stand(early):
    def with_tags(number):
        return b"<html>" + b"<b>" * early + b" " * 50_000 + b"<b>" * (number - early - 1)

    assert parse(with_tags(MAX_TAGS)).data
    with pytest.raises(NotAnArticle) as refused:
        parse(with_tags(MAX_TAGS + 1))
    assert refused.value.reason is Reason.TOO_LARGE


@given(st.text(st.sampled_from("ab \n\t\xa0\xad\u200b\u2028\x1c\x1d\x1e\x1f\x85üß🙂")))
def test_what_cannot_be_seen_neither_parts_a_word_nor_stays(text):
    seen = "".join(letter for letter in text if letter not in "\xad\u200b\x1c\x1d\x1e\x1f")
    assert on_one_line(text) == " ".join(seen.split())


@given(st.text(alphabet="ab \n\t\x1e\xa0\u2028\u3000\xad"))
def test_a_text_said_to_be_on_one_line_is_what_would_be_made_of_it(text):
    assert not is_one_line(text) or " ".join(text.split()) == text == on_one_line(text)


def test_an_element_is_known_by_its_number_wherever_it_stands_and_however_it_is_written():
    names = STRIPPED | {"br", "meta", "script"}
    for name in sorted(names):
        for before in ("", "<svg>", "<math><mtext>"):
            tree = parse(f"<html><body>{before}<{name.upper()}>x".encode()).tree
            found = [node.tag_id for node in tree.css(name)]
            assert all(numbers(names)[number] == name for number in found)
            assert found or before


@given(st.lists(st.sampled_from(["a", "ß", "\u0130", "b" * 45, " " * 60, "„" * 150]), max_size=12).map("".join))
def test_the_beginning_of_a_text_is_what_the_whole_begins_with(text):
    assert _beginning(text) == fold(text)[:ALIKE]


def test_what_is_never_text_goes_with_all_that_is_in_it_and_what_it_says_of_the_page_stays():
    said = '<script type="Application/LD+JSON">{"@type": "NewsArticle", "author": "Imke Sander"}</script>'
    inner = f"<object>Wahl<canvas>Bild<br><svg><style>a</style></svg><video>mehr<br></video>{said}</canvas></object>"
    article = extract_article(page(story(f"<p>Vorn{inner}<br>hinten, sagte sie.</p>")))
    assert article.text.endswith("Vorn hinten, sagte sie.")
    assert article.byline == "Imke Sander"


def test_what_a_layout_drops_is_no_lead_outside_the_body_either():
    html = "<h1>Reden über die Rinne</h1>{}<div class='article-body'><p>" + "</p><p>".join(SENTENCES) + "</p></div>"
    lead = f"<p class='intro {{}}'>{SENTENCES[0].replace('Vormittag', 'Abend')}</p>"
    read = [
        extract_article(page(html.format(lead.format(name)), "https://www.derstandard.at/a.html"))
        for name in ("", "promotor")
    ]
    assert [bool(article.teaser) for article in read] == [True, False]
    assert all(article.extractor.startswith("standard/") for article in read)


def test_a_cut_off_utf8_page_stays_utf8():
    assert "Gespräche" in decode(("Gespräche über Häfen " * 30).encode() + b"\xc3", "")


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">" + story() + "</div></body></html>",
        "<html><body>" + "<div>" * 10_000 + story() + "</body></html>",
        story(head='<script type="application/ld+json">' + "[" * 100_000 + "</script>"),
        story(head='<meta name="description" content="' + "x" * 900_000 + '">'),
        story("<p>" + "1.1.1.1." * 40_000 + "</p>"),
        story("<br>" * 50_000),
        "<html><body>" + "<ul><li>" * 20_000 + story(),
    ],
    ids=["100k attributes", "deep", "deep JSON", "huge meta", "digits and dots", "breaks", "nested lists"],
)
def test_a_hostile_page_costs_little(html):
    begun = time.process_time()
    try:
        article = extract_article(page(html))
    except NotAnArticle:
        article = None
    assert time.process_time() - begun < 10
    assert article is None or len(article.text) < 1_000_000


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: f"<html><body><p>{text}".encode()))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_an_article_or_refused(body):
    try:
        read = extract_article(page(body))
    except NotAnArticle as refused:
        read = refused.reason
    assert isinstance(read, Article | Reason)


def test_markup_in_linked_data_does_not_reach_the_text():
    head = '<meta name="description" content="&lt;script&gt;alert(1)&lt;/script&gt;">'
    article = extract_article(
        page(story("<p>Das &lt;b&gt;steht&lt;/b&gt; so da, wörtlich, im Text der Seite.</p>", head))
    )
    assert "<script" not in article.body


def test_reading_a_page_needs_no_slow_library():
    code = "import sys, extractors.articles; print(sorted({'trafilatura', 'lxml', 'spacy', 'pydantic'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_agreement_is_counted_in_words():
    assert f1("a b c d", "a b c d") == 1.0
    assert f1("a b", "c d") == 0.0
    assert f1("a b c d", "a b") == pytest.approx(2 / 3)


_LINE = st.lists(
    st.sampled_from("Haus Straße. U.S. e.V 12,5 – „Ja“ x_y ende İx ΐ".split()), min_size=1, max_size=9
).map(" ".join)


@given(st.lists(_LINE, max_size=8), st.data())
@settings(max_examples=300, deadline=None)
def test_a_comparison_by_lines_says_what_a_count_of_words_says(lines, data):
    told = [line.replace(". ", data.draw(st.sampled_from([". ", ".", " . "]))) for line in lines]
    for _ in range(data.draw(st.integers(0, 3))):
        told.insert(data.draw(st.integers(0, len(told))), data.draw(_LINE))
        told.pop(data.draw(st.integers(0, len(told) - 1)))
    text = data.draw(st.sampled_from([" ", ". ", "", "x"])).join(told)
    assert _agree(text, lines) == (f1(text, " ".join(lines)) >= AGREE)


def test_a_short_reading_is_checked_by_a_second_one_and_says_how_far_they_agree():
    html = f"<!DOCTYPE html><html><head></head><body><article><h1>Reden über die Rinne</h1><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article></body></html>"
    article = extract_article(page(html))
    assert article.agreement is not None
    assert extract_article(page(story())).agreement is None


def test_a_second_reading_repeats_neither_headline_nor_lead():
    inner = "".join(f"<div><span>{one}</span></div>" for one in SENTENCES)
    html = f"<html><body><article><h1>Reden über die Rinne</h1>{inner}</article></body></html>"
    article = extract_article(page(html))
    assert article.extractor.startswith("trafilatura")
    assert article.text.split("\n") == ["Reden über die Rinne", *SENTENCES]


def test_the_page_s_own_articlebody_decides_between_two_readings():
    told = " ".join(SENTENCES)
    head = (
        '<script type="application/ld+json">' + json.dumps({"@type": "NewsArticle", "articleBody": told}) + "</script>"
    )
    article = extract_article(page(story(head=head)))
    assert article.extractor.startswith("generic/")
    assert f1(told, article.body) > 0.95


def test_half_an_emoji_in_the_page_s_data_costs_no_article():
    """A system that cuts an author's line after so many units of UTF-16 leaves the first half of the last sign."""
    told = {"@type": "NewsArticle", "headline": "Reden über die Rinne", "author": {"name": "Ada \ud83d"}}
    head = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    article = extract_article(page(story(head=head)))
    assert article.byline == "Ada"
    article.digest.encode()
