"""Reading a page of a house that nobody described: text and no boilerplate, headline, kicker, byline, lead."""

from __future__ import annotations

import pytest
from story_pages import SENTENCES, page, story

from extractors.articles import extract_article
from extractors.articles.headlines import title_of
from extractors.model import PartKind


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
