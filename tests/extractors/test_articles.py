"""Pages read as journalism: the houses' shapes, the generic reading, refusals, tickers, saved text."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import loaded

from extractors.articles import NotAnArticle, Reason, article_from_text, decode, extract_article, split_ticker
from extractors.articles.headlines import title_of
from extractors.articles.judge import AGREE, _agree, f1
from extractors.articles.markup import FEW, LONG, MAX_TAGS, PIECE, on_one_line, parse, without_long_tags
from extractors.articles.moments import moment
from extractors.model import Article, FetchedPage, PartKind, is_one_line
from extractors.publishers import GENERIC, profile_for, profiles

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "tests" / "pages"
SHARED = ROOT.parent / "shared"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2023, 5, 9, 6, tzinfo=UTC)

write = loaded(PAGES / "write.py")

SENTENCES = (
    "Die Unterhändler beider Häfen haben am Vormittag ihre Gespräche fortgesetzt, wie eine Sprecherin mitteilte.",
    "Der Vermittler sprach von einem ersten Schritt und bat um Geduld, denn die Zahlen seien noch nicht geprüft.",
    "In der vergangenen Woche war ein Treffen gescheitert, weil niemand einen Ort benennen wollte, der allen passt.",
    "Am Donnerstag kommen die Fachleute hinzu; ein Ergebnis wird frühestens Ende des Monats erwartet.",
)


def page(html: str | bytes, url: str = "https://kuestenblatt.example/a.html", content_type: str = "") -> FetchedPage:
    body = html.encode() if isinstance(html, str) else html
    return FetchedPage(url=url, body=body, fetched_at=NOW, content_type=content_type)


def story(inner: str = "", head: str = "") -> str:
    paragraphs = "".join(f"<p>{one}</p>" for one in SENTENCES)
    return f"<!DOCTYPE html><html><head>{head}</head><body><article><h1>Reden über die Rinne</h1>{paragraphs}{inner}</article></body></html>"


# --- the houses' shapes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_page_is_read_as_its_reviewed_expectation_says(path):
    assert write.expectation(path) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("version", ["2020", "2022", "2023", "current"])
def test_each_layout_of_tagesschau_is_read_by_its_own_version(version):
    article = extract_article(write.page(PAGES / f"tagesschau-{version}.html"))
    assert article.extractor == f"tagesschau/{version}"
    assert article.kicker == "Hafenstreit"
    assert article.byline.startswith("Von ")
    assert article.stand is not None
    assert not any(
        word in article.text for word in ("Zustimmung", "im Programm", "Warum die Rinne", "Stand:", "Imke Sander")
    )


def test_a_house_that_changed_its_pages_is_read_generically_and_says_so():
    article = extract_article(page(story(), url="https://www.tagesschau.de/kueste/a.html"))
    assert article.extractor == "tagesschau/generic"
    assert article.body == "\n".join(SENTENCES)


def test_a_profile_is_found_by_host_subdomain_and_site_name():
    assert profile_for("www.tagesschau.de").house == "tagesschau"
    assert profile_for("127.0.0.1", "tagesschau.de").house == "tagesschau"
    assert profile_for("nottagesschau.de") is GENERIC


def test_every_selector_and_word_of_every_profile_compiles():
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser("<html><body><p>x</p></body></html>")
    for profile in profiles():
        ZoneInfo(profile.zone)
        for layout in profile.layouts:
            fields = [getattr(layout, name) for name in layout.__slots__ if name != "version"]
            for selector in [*filter(None, fields), *filter(None, (profile.video, profile.paywall))]:
                tree.css(selector)


def test_offsets_of_parts_point_into_the_text():
    article = extract_article(page(story()))
    assert [article.text[part.start : part.end] for part in article.parts] == article.text.split("\n")


# --- the generic reading --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "junk",
    [
        '<div class="newsletter-box"><p>Bestellen Sie unseren Rundbrief, er erscheint jeden Morgen um sieben Uhr.</p></div>',
        '<aside><p>Ein Kasten am Rand mit einem Text, der länger ist als mancher Absatz dieses Artikels.</p></aside>',
        '<p>Lesen Sie auch: Was die Rinne wirklich kostet</p>',
        '<p><a href="/x">Was die Rinne wirklich kostet und wer sie am Ende bezahlen muss</a></p>',
        '<figure><figcaption>Ein Schiff in der Bucht, im Hintergrund die Türme von Nordhafen.</figcaption></figure>',
        '<div class="embed-consent"><p>Hier steht ein Beitrag eines sozialen Netzes, wenn Sie ihn laden lassen.</p></div>',
        '<p>Nutzungsbedingungen Embedding: Durch Anklicken stimmen Sie unseren Bedingungen zu.</p>',
        '<p>Stand: 08.05.2023 12:05 Uhr</p>',
        '<section class="comments"><p>Das hätte man doch schon vor Jahren klären können, meint mein Nachbar.</p></section>',
        '<div hidden><p>Dieser Absatz ist versteckt und gehört nicht zum Artikel, auch wenn er lang ist.</p></div>',
        '<h3>Mehr zum Thema</h3>',
        '<p>Lastkähne vor der Schleuse, dahinter der alte Speicher. (Foto: Hafenamt/Muster)</p>',
        '<p>Zwei Schlepper ziehen das Schiff aus der Rinne. | Bild: imago/Muster</p>',
        '<p>Der Vermittler hatte das Treffen am Montag abgesagt. 21.04.2023 | 3:18 min</p>',
        '<p>Inga Muster schreibt aus Nordhafen. Ihre Texte finden Sie hier.</p>',
        '<p>Alle Entwicklungen zum Streit um die Rinne finden Sie in unserem Liveblog.</p>',
        '<p>Keine Nachricht verpassen: Folgen Sie unserem Kanal bei WhatsApp, er kostet nichts.</p>',
        '<p>Was in Nordhafen wichtig ist, steht jeden Freitag im Newsletter: hier anmelden</p>',
        '<p>Mit unserem Newsletter bekommen Sie jeden Morgen, was in Nordhafen wichtig ist.</p>',
        '<p>Mehr zur Lage am Hafen lesen Sie in diesen Texten:</p>',
        '<p>Sendung: Radio Nordhafen, 08.05.2023, 15:10 Uhr</p>',
        '<p>➤ Mehr lesen: Was die Rinne wirklich kostet</p>',
        '<p>Auch interessant: Was die Rinne wirklich kostet</p>',
        '<p>Hier geht es zum Liveticker</p>',
        '<p>Fehler gefunden? Jetzt melden.</p>',
        '<p>Teilen Merken Drucken</p>',
        '<p>Ein Klick für den Datenschutz</p>',
        '<p>In diesem Text stecken einige Affiliate-Links.</p>',
        '<p>Diesen Artikel anhören (3 Minuten)</p>',
        '<p>Der Beitrag wurde zuletzt am 09.05.2023 um 8 Uhr aktualisiert.</p>',
        '<p>dpa-infocom, dpa:230509-99-123456/2</p>',
        '<p>ims/dpa</p>',
        '<p>ims</p>',
        '<p>(red, APA, 9.5.2023)</p>',
        '<p>Von Inga Muster, Nordhafen</p>',
        '<div class="absatzbild__info"><p>Ein Lotse vor dem Modell der Bucht, in der die Rinne liegt</p></div>',
        '<p class="image-annotation"><em class="caption">Die Vermittler vor dem Modell der Bucht, in der die Rinne liegt</em></p>',
        '<p>© Hafenamt | Ole Muster</p>',
        '<p>... ist seit 2019 Fellow am Institut für Seerecht. Vorher lehrte er in Nordhafen.</p>',
        '<p>Das könnte Dich auch interessieren: Was die Rinne wirklich kostet</p>',
        '<p>Neue Nachrichten aufs Handy? Hier geht es zu unserer App für alle Geräte.</p>',
        '<div><a href="/b"><div><p>Warum die Rinne so schmal ist und wer an ihr verdient</p></div></a></div>',
        '<p>© The Harbour Times Ltd. 2023</p>',
        '<script>document.write("<p>Geschrieben von einem Skript, das niemand ausführt.</p>")</script>',
    ],
)  # fmt: skip
def test_boilerplate_inside_the_article_is_left_out(junk):
    assert extract_article(page(story(junk))).body == "\n".join(SENTENCES)


@pytest.mark.parametrize(
    "text",
    [
        "Auf dem Tisch lag ein Foto: Es zeigte die Bucht, wie sie vor dem Bau der Rinne aussah, und keiner sah hin.",
        "Noch ist unklar, wer die Rinne bezahlt. Die weiteren Entwicklungen finden Sie in unserem Liveblog.",
        "Sendungen aus Nordhafen waren am Montag gestört, wie der Betreiber der Anlage am Abend mitteilte.",
        "Der Beitrag wurde zuletzt gesenkt, weil die Kasse des Hafens mehr einnahm, als sie ausgeben durfte.",
        "Von Nordhafen aus fuhren am Abend zwölf Schiffe.",
        "Folge der Sperrung sind Umwege, sagte die Sprecherin, und Telegramme bekam sie an dem Tag auch keine.",
    ],
)
def test_what_only_begins_or_ends_like_boilerplate_stays(text):
    assert text in extract_article(page(story(f"<p>{text}</p>"))).body


def test_what_a_link_says_to_those_who_hear_the_page_is_not_in_the_sentence():
    inner = '<p>Das steht in einem <a href="/x">Gutachten<span class="vh">(öffnet im neuen Fenster)</span></a> , das alle kennen.</p>'
    assert "Das steht in einem Gutachten, das alle kennen." in extract_article(page(story(inner))).body


def test_the_parts_of_a_byline_stand_apart():
    line = '<div class="byline">Von <b>Inga Muster</b><i>Korrespondentin</i> <a>, Nordhafen</a></div>'
    assert (
        extract_article(page(story().replace("</h1>", f"</h1>{line}"))).byline
        == "Von Inga Muster Korrespondentin, Nordhafen"
    )


@pytest.mark.parametrize(
    "again",
    [
        "<h3><span>Streit am Hafen</span> <span>-</span> <span>Reden über die Rinne</span></h3>",
        "<h2><span>Streit am Hafen </span><div>Reden über die Rinne</div></h2>",
        "<p>von Inga Muster</p>",
        "<p>Von: Inga Muster</p>",
    ],
)
def test_headline_and_byline_above_the_text_are_not_in_it(again):
    html = story().replace("</h1>", f"</h1>{again}", 1)
    assert extract_article(page(html)).body == "\n".join(SENTENCES)


def test_another_articles_author_is_not_this_ones():
    teaser = '<div class="teaser"><span class="author">von Udo Anders</span></div>'
    head = '<meta name="author" content="Inga Muster">'
    assert extract_article(page(story(head=head).replace("</article>", f"</article>{teaser}"))).byline == "Inga Muster"


def test_a_description_that_says_nothing_is_no_lead():
    head = '<meta content="Hier finden Sie Informationen zu dem Thema „Rinne“. Lesen Sie jetzt „Reden“." name="description">'
    assert extract_article(page(story(head=head), url="https://www.zeit.de/a")).teaser == ""


def test_the_parts_of_a_kicker_stand_apart():
    html = story().replace("<h1>", '<header><span class="kicker"><b>Politik</b><b>Bucht</b></span></header><h1>')
    assert extract_article(page(html, url="https://www.dw.com/a")).kicker == "Politik Bucht"


@pytest.mark.parametrize("name", ["initial-letter", "dropcap"])
def test_a_first_letter_that_is_drawn_large_stays_in_its_word(name):
    inner = f'<p><span class="{name}">A</span> <span>m Abend wurde weiter geredet, wie beide Seiten sagten.</span></p>'
    assert "\nAm Abend wurde weiter geredet" in extract_article(page(story(inner))).body
    plain = "<p>O wie schön ist die Rinne, sagte der Lotse, und niemand widersprach ihm.</p>"
    assert "\nO wie schön" in extract_article(page(story(plain))).body


@pytest.mark.parametrize(
    "way", ['<div class="breadcrumbs"><h1>Rinne</h1></div>', "<nav><ol><li><h1>Rinne heute</h1></li></ol></nav>",
            "<div><h1 data-breadcrumb-headline>Rinne und Hafen</h1></div>"],
)  # fmt: skip
def test_the_headline_is_no_stop_of_the_way_from_the_front_page(way):
    lead = "<div><span>Nordhafen.</span> <span>Nach elf Tagen Pause sitzen beide Seiten wieder an einem Tisch, ohne Vermittler.</span></div>"
    head = '<meta name="description" content="Neue Nachrichten aufs Handy? Hier geht es zu unserer App, und da zu den Wetten.">'
    text = "".join(f"<p>{one}</p>" for one in SENTENCES)
    summary = '<ul class="[[data-group=summary]_&]:my-0"><li>Neue Nachrichten aufs Handy? Hier geht es zu unserer App, und da zu den Wetten.</li></ul>'
    html = f"<html><head>{head}</head><body>{way}<main><article><hgroup><h2>Reden über die Rinne</h2></hgroup>{lead}{text}{summary}</article></main></body></html>"
    article = extract_article(page(html))
    assert article.headline == "Reden über die Rinne"
    assert article.teaser.startswith("Nordhafen. Nach elf Tagen")
    assert article.body == "\n".join(SENTENCES)


def test_a_description_that_ends_with_a_picture_s_credit_is_a_lead():
    head = '<meta name="description" content="Die Häfen reden wieder über die Rinne, ohne den alten Vermittler • Foto: Ole Muster">'
    assert extract_article(page(story(head=head))).teaser.startswith("Die Häfen reden wieder")


def test_the_paragraph_before_a_paywall_is_read_though_it_has_a_wrapper_of_its_own():
    first, *others = (f"<p>{one}</p>" for one in SENTENCES)
    rest = "".join(others) * 4  # the first is less than a tenth of it
    rest = rest.replace("</p>", " Und so weiter.</p>", 3).replace("haben", "hatten", 1)
    inner = f'<div class="text part">{first}</div><div class="text part walled">{rest}</div>'
    html = f"<html><body><main><div><article><header><h1>Reden über die Rinne</h1></header>{inner}</article></div></main></body></html>"
    assert extract_article(page(html)).body.startswith(SENTENCES[0])


DESCRIPTION = (
    '<meta name="description" content="Die Häfen reden wieder über die Rinne, und zwar ohne den alten Vermittler.">'
)
CARD = "<p>Gold für die Ruderer: Das sagen die Sieger nach dem langen Rennen in der Bucht.</p>"


@pytest.mark.parametrize(
    "after",
    [
        f'<div class="related"><a href="/b"><div class="description-block">{CARD}</div></a></div>',
        f'<a href="/b"><div class="description-block">{CARD}</div></a>',
        f'<ul class="[[data-group=summary]_&]:my-0"><li>{CARD}</li></ul>',
    ],
)
def test_what_leads_to_another_article_or_stands_far_down_is_no_lead(after):
    assert extract_article(page(story(after, DESCRIPTION))).teaser.startswith("Die Häfen reden wieder")


def test_the_beginnings_of_other_articles_below_the_text_are_not_in_it():
    other = ("Die Lotsen wollen mehr Geld und drohen mit einem Streik, der...",
             "Wer im Winter durch die Bucht fährt, braucht seit gestern eine…",
             "Ein Kapitän aus Südhafen erzählt, warum er nie wieder…")  # fmt: skip
    boxes = "".join(f"<div><p>{one}</p></div>" for one in other)
    assert extract_article(page(story(f"<div>{boxes}</div>"))).body == "\n".join(SENTENCES)
    quoted = "".join(f"<p>{one}</p>" for one in other[:2])
    assert extract_article(page(story(quoted))).body.endswith("eine…")


def test_a_message_of_one_paragraph_is_an_article_among_fifty_teasers():
    line = "Nordhafen (kda) - " + " ".join(SENTENCES[:2])
    head = f'<meta property="og:type" content="article"><meta name="date" content="2023-05-08T09:05"><meta name="description" content="{line[:120]}...">'
    teasers = "".join(f'<h3><a href="/{n}">Anderes aus der Bucht, Folge {n}</a></h3>' for n in range(50))
    html = f"<html><head>{head}</head><body><article><h1>Reden über die Rinne</h1><p>{line}</p></article>{teasers}</body></html>"
    article = extract_article(page(html))
    assert (article.teaser, article.body) == ("", line)


def test_bold_words_before_a_line_break_are_a_subhead():
    article = extract_article(
        page(story("<p><strong>Wie es weitergeht</strong><br>Danach wird weiter geredet, hieß es.</p>"))
    )
    assert [part.kind for part in article.parts][-2:] == [PartKind.SUBHEAD, PartKind.PARAGRAPH]


def test_line_breaks_do_not_glue_words():
    assert (
        "Ende der Zeile Anfang"
        in extract_article(page(story("<p>Das ist das Ende der Zeile<br>Anfang der nächsten, sagte er.</p>"))).body
    )


def test_list_items_of_the_article_are_kept():
    article = extract_article(
        page(story("<ul><li>Erstens geht es um die Breite der Rinne.</li><li>Zweitens um das Geld.</li></ul>"))
    )
    assert article.body.endswith("Erstens geht es um die Breite der Rinne.\nZweitens um das Geld.")


@pytest.mark.parametrize(
    ("shown", "shared", "linked", "headline", "kicker"),
    [
        ("Genf Erste Gespräche", "Erste Gespräche", "", "Erste Gespräche", "Genf"),
        ("Erste Gespräche", "Genf: Erste Gespräche", "Genf: Erste Gespräche", "Erste Gespräche", "Genf"),
        ("Genf: Erste Gespräche", "Genf: Erste Gespräche | Haus", "", "Genf: Erste Gespräche", ""),
        ("Erste Gespräche", "Erste Gespräche – DW – 08.05.2023", "Erste Gespräche", "Erste Gespräche", ""),
        ("Für Suchmaschinen gebaut", "Für Leser gebaut", "Für Suchmaschinen gebaut", "Für Leser gebaut", ""),
        ('Gradow bietet "ersten Schritt" an', "Gradow bietet", "", 'Gradow bietet "ersten Schritt" an', ""),
        ("Ge\u00adspräche", "", "", "Gespräche", ""),
        ("", "", "", "", ""),
    ],
)
def test_headline_and_kicker_are_told_apart(shown, shared, linked, headline, kicker):
    title = title_of(shown=shown, shared=shared, linked=linked, site="Haus")
    assert (title.headline, title.kicker) == (headline, kicker)


# --- times ----------------------------------------------------------------------------------------------------------


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


# --- refusals -------------------------------------------------------------------------------------------------------


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


# --- robustness -----------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("early", [0, FEW, FEW + 1, MAX_TAGS // 2])
def test_tags_are_counted_wherever_they_stand(early):
    def with_tags(number):
        return b"<html>" + b"<" * early + b" " * 50_000 + b"<" * (number - early - 1)

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


# --- the second opinion ---------------------------------------------------------------------------------------------


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


# --- tickers --------------------------------------------------------------------------------------------------------


def test_a_ticker_becomes_entries_with_their_own_address_and_time():
    first, second, third = split_ticker(write.page(PAGES / "ticker-tagesschau.html"))
    assert first.url.endswith("ticker-tagesschau.html#m1")
    assert [entry.published_at.day for entry in (first, second, third)] == [9, 8, 8]
    assert first.kicker == "Hafenstreit"


def test_an_ordinary_article_is_no_ticker():
    assert split_ticker(page(story())) == ()


# --- saved text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kicker", "headline", "stand"),
    [
        (
            "Reden über die Rinne Stand: 10.01.2022 15:30 Uhr\nEs wird geredet, sagte sie.",
            "",
            "Reden über die Rinne",
            15,
        ),
        (
            "Küste\nReden über die Rinne Stand: 10.01.2022 15:30 Uhr\nEs wird geredet.",
            "Küste",
            "Reden über die Rinne",
            15,
        ),
        (
            "Küste\nReden über die Rinne\nStand: 10.01.2022 15:30 Uhr\nEs wird geredet.",
            "Küste",
            "Reden über die Rinne",
            15,
        ),
        ("\ufeffReden über die Rinne\n\n10.01.2022, 15:30 Uhr\n\nEs wird geredet.", "", "Reden über die Rinne", 15),
        ("Reden über die Rinne\nEs wird geredet, sagte sie.", "", "Reden über die Rinne", None),
    ],
)
def test_the_text_of_a_saved_article_is_read(text, kicker, headline, stand):
    article = article_from_text(text, url="https://kuestenblatt.example/a")
    assert (article.kicker, article.headline) == (kicker, headline)
    assert (article.stand.hour if article.stand else None) == stand
    assert article.body.startswith("Es wird geredet")


def test_bytes_that_are_no_text_are_no_article():
    noise = bytes(n * 37 % 251 for n in range(4000))
    with pytest.raises(NotAnArticle) as error:
        article_from_text(decode(noise))
    assert error.value.reason is Reason.NOT_HTML


@pytest.mark.parametrize(
    "text", ['<?xml version="1.0"?>\n<rss><channel>', '<feed xmlns="a">\n<title>b</title>', '{"items": [\n1]}']
)
def test_a_feed_is_no_saved_article(text):
    with pytest.raises(NotAnArticle, match="no page"):
        article_from_text(text + "\nDie Unterhändler haben am Vormittag weiter geredet.")


def test_teaser_byline_and_subheads_of_a_saved_article():
    text = "Titel der Sache Stand: 10.01.2022 15:30 Uhr\nDer Vorspann steht hier.\nVon Imke Sander, Küste\nErster Absatz.\nEin Zwischentitel\nZweiter Absatz."
    article = article_from_text(text)
    assert article.teaser == "Der Vorspann steht hier."
    assert article.byline == "Von Imke Sander, Küste"
    assert [part.kind for part in article.parts][2:] == [PartKind.PARAGRAPH, PartKind.SUBHEAD, PartKind.PARAGRAPH]


@pytest.mark.parametrize("text", ["", "\n\n", "Nur eine Überschrift"])
def test_a_text_without_a_body_is_no_article(text):
    with pytest.raises(NotAnArticle):
        article_from_text(text)


# --- measured on pages of others --------------------------------------------------------------------------------------


@pytest.mark.shared
def test_the_shared_pages_are_read_as_well_as_promised(tmp_path):
    """Floors: text F1 .95, lead .99, title .92, minute .95, day .98 (two published days are wrong; docs/decisions)."""
    if not (SHARED / "pages" / "score.py").exists():
        pytest.skip("../shared/pages is not here")
    from flows.cli import main

    out = tmp_path / "read.jsonl"
    assert main(["read", "--batch", str(SHARED / "pages" / "manifest.jsonl"), "-o", str(out)]) == 0
    command = [sys.executable, SHARED / "pages" / "score.py", SHARED / "pages" / "manifest.jsonl", out]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    scores = {
        line.split(":")[0].split(" ")[0]: float(line.split("mean " if "mean" in line else "= ")[1][:5])
        for line in lines[:5]
    }
    floors = {"pages": 0.95, "lead": 0.99, "title": 0.92, "time": 0.95, "day": 0.98}
    assert {name: scores[name] for name in floors if scores[name] < floors[name]} == {}
