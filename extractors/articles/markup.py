"""From untrusted bytes to a tree that can be asked: character set, limits, parsing once.

Everything here must survive hostile input; what it cannot read it refuses with a reason.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from extractors.articles.refusal import NotAnArticle, Reason

MAX_BYTES = 10 << 20
"""the limit of fetching for decoded bytes"""
MAX_TAGS = 120_000
"""the largest real page in our collection has under 20,000"""

BREAK = "\x1e"
"""stands for <br> in the text of an element, until paragraphs are made of it"""

NOT_HTML = (
    b"\x1f\x8b",
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x78\x9c",
    b"\x78\xda",
    b"\x78\x01",
)
"""first bytes of gzip, PDF, ZIP, PNG, JPEG, GIF and zlib"""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
"""soft hyphens, zero-width and direction marks, control characters: not to be seen, and in nobody's quotation"""


def visible(text: str) -> str:
    """The text without INVISIBLE. Most lines have none, and to see that is cheap."""
    return text if text.isprintable() else INVISIBLE.sub("", text)


_TEXT_CODECS = frozenset(
    "utf-8 iso8859-1 iso8859-15 iso8859-2 iso8859-9 cp1252 cp1250 cp1251 cp1254 koi8-r utf-16 utf-16-le utf-16-be mac-roman ascii".split()
)
"""what a page may call itself; Python would take `zip` and `rot13` for character sets too"""
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""browsers read ISO 8859-1 as Windows-1252, whose quotation marks German pages use"""


@dataclass(frozen=True, slots=True)
class Markup:
    """A page as text and as a tree. The tree is changed while reading: use it once."""

    html: str
    tree: LexborHTMLParser

    def first(self, selector: str) -> LexborNode | None:
        return self.tree.css_first(selector) if selector else None

    def all(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector) if selector else []


def parse(body: bytes, content_type: str = "") -> Markup:
    """Raises NotAnArticle: empty, not html, too large."""
    text, as_it_came = _text(body, content_type)
    html = without_long_tags(text)
    if not looks_like_html(html):
        raise NotAnArticle(Reason.NOT_HTML, html[:40].strip())
    _check_size(html)
    try:
        # The parser wants UTF-8: what came as that is not made into it again.
        tree = LexborHTMLParser(body if as_it_came and html is text else html, scripting=True)
        return Markup(html, tree)
    except (SelectolaxError, ValueError, RuntimeError) as error:
        raise NotAnArticle(Reason.NOT_HTML, str(error)[:80]) from error


def decode(body: bytes, content_type: str = "") -> str:
    """Text of a page: BOM, valid UTF-8, the header's and the page's own word, in this order; then Windows-1252.

    Valid UTF-8 beats any declaration: other encodings' German text is practically never valid UTF-8.
    """
    return _text(body, content_type)[0]


def _text(body: bytes, content_type: str) -> tuple[str, bool]:
    """The text, and whether the bytes are just that text in UTF-8."""
    if not body.strip():
        raise NotAnArticle(Reason.EMPTY)
    if body.startswith(NOT_HTML):
        raise NotAnArticle(Reason.NOT_HTML, "binary")
    if len(body) > MAX_BYTES:
        raise NotAnArticle(Reason.TOO_LARGE, f"{len(body)} bytes")
    text, as_it_came = _decoded(body, content_type)
    # Looked for among the bytes, which is several times as quick as among characters.
    return (text.replace("\x00", ""), False) if b"\x00" in body else (text, as_it_came)


def _decoded(body: bytes, content_type: str) -> tuple[str, bool]:
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, "replace"), False
    if (wide := _wide(body)) is not None:
        return body.decode(wide, "replace"), False
    try:
        return body.decode("utf-8"), True
    except UnicodeDecodeError:
        return body.decode(_declared(body, content_type), "replace"), False


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark betrays itself by a zero in every other byte."""
    head = body[:400]
    zeros_even, zeros_odd = head[0::2].count(0), head[1::2].count(0)
    if max(zeros_even, zeros_odd) < len(head) // 4:
        return None
    return "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"


def _declared(body: bytes, content_type: str) -> str:
    """The codec for bytes that are not clean UTF-8."""
    for label in (_CHARSET.search(content_type.encode("ascii", "replace")), _CHARSET.search(body[:4096])):
        codec = _codec(label.group(1).decode()) if label else None
        if codec == "utf-8" and not _mostly_utf8(body):
            continue
        if codec is not None:
            return codec
    return "utf-8" if _mostly_utf8(body) else "cp1252"


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    return _WIDER.get(name, name) if name in _TEXT_CODECS else None


def _mostly_utf8(body: bytes) -> bool:
    """Whether broken UTF-8 is still UTF-8 (a cut-off end, a stray byte) rather than something else called so."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 10 < sum(ch > "\x7f" for ch in text)


def looks_like_html(text: str) -> bool:
    """Whether this is HTML at all, by its first tags: feeds, JSON and plain text are not."""
    head = text[:4096].lstrip().lower()
    if head.startswith(("{", "[")) or "<!entity" in head:
        return False
    if head.startswith("<?xml") and "<html" not in head:
        return False
    return any(
        tag in head for tag in ("<html", "<!doctype html", "<head", "<body", "<div", "<p>", "<p ", "<article", "<meta")
    )


def _check_size(html: str) -> None:
    """Refuse what no parser should see."""
    if html.count("<") > MAX_TAGS:
        raise NotAnArticle(Reason.TOO_LARGE, f"more than {MAX_TAGS} tags")


LONG = 20_000
"""characters of one tag; the parsers compare each attribute with all before it, and 100,000 take half a minute"""
_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{LONG},}}>")


def without_long_tags(html: str) -> str:
    """The page with tags of monstrous length emptied. Looks at samples first: real pages have none."""
    return _LONG_TAG.sub("<div>", html) if _may_have_long_tag(html) else html


def _may_have_long_tag(html: str) -> bool:
    """A tag of LONG characters covers at least one of the points half that far apart."""
    for at in range(0, len(html), LONG // 2):
        opened = html.rfind("<", max(0, at - 10 * LONG), at + 1)
        if opened >= 0 and html[opened + 1 : opened + 2].isalpha() and html.find(">", opened, opened + LONG) < 0:
            return True
    return False
