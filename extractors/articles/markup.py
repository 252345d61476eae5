"""From untrusted bytes to a tree that can be asked: character set, limits, parsing once.

Everything here must survive hostile input; what it cannot read it refuses with a reason.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from extractors.articles.refusal import NotAnArticle, Reason
from extractors.model import is_one_line, mostly_utf8

MAX_BYTES = 10 << 20
"""the limit of fetching for decoded bytes"""
MAX_TAGS = 120_000
"""the largest real page in our collection has under 20,000"""
FEW = 10_000
"""so few may be counted without a look at the bytes in which, at TAG each, the rest of MAX_TAGS has no room"""
TAG = 3
"""bytes of the shortest tag, `<b>`"""

HEAD = 4096
"""characters of a page that tell whether it is HTML"""
UNCOMMON = ":not(div, a, li, span, p, img, link, ul, path)"
"""Elements of all but the most common kinds. To the parser each name is one more look-up an element: these end it soon."""
PIECE = 1 << 13
"""bytes that are decoded at a time: so many characters stay in the processor's own memory"""

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
_HTML = (b"<html", b"<!doctype html", b"<head", b"<body", b"<div", b"<p>", b"<p ", b"<article", b"<meta")
"""tags of which a page has at least one in its HEAD"""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Soft hyphens, zero-width and direction marks, control characters: not to be seen, and in nobody's quotation. And half
characters, as a system leaves them in JSON that cut an emoji in two: no archive can keep them."""


def on_one_line(text: str) -> str:
    """The text without INVISIBLE, its white space made single blanks. Most texts hold none, and to see that is cheap."""
    if is_one_line(text):
        return text
    line = " ".join(text.split())
    # To `split` four control characters are white space: a word that one of them is hidden in must not become two.
    hidden = not line.isprintable() or "\x1c" in text or "\x1d" in text or "\x1e" in text or "\x1f" in text
    return " ".join(INVISIBLE.sub("", text).split()) if hidden else line


_TEXT_CODECS = frozenset(
    "utf-8 iso8859-1 iso8859-15 iso8859-2 iso8859-9 cp1252 cp1250 cp1251 cp1254 koi8-r utf-16 utf-16-le utf-16-be mac-roman ascii".split()
)
"""what a page may call itself; Python would take `zip` and `rot13` for character sets too"""
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""browsers read ISO 8859-1 as Windows-1252, whose quotation marks German pages use"""


Named: TypeAlias = tuple[str, LexborNode]
"""an element and its name, for which the parser is asked once"""


@functools.cache
def numbers(names: frozenset[str]) -> Mapping[int, str]:
    """These names by the numbers that the parser has for them: an element tells its number in a fifth of the time."""
    page = LexborHTMLParser("")
    return MappingProxyType({page.create_node(name).tag_id: name for name in names})


@dataclass(frozen=True, slots=True)
class Markup:
    """A page in UTF-8 and as a tree. The tree is changed while reading: use it once."""

    data: bytes
    tree: LexborHTMLParser

    @property
    def html(self) -> str:
        """The page as text, made when it is asked for: few pages are."""
        return self.data.decode()

    def first(self, selector: str) -> LexborNode | None:
        return self.tree.css_first(selector) if selector else None

    def all(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector) if selector else []

    def named(self, names: frozenset[str]) -> list[Named]:
        """The UNCOMMON elements of these names in document order: one walk, however many names."""
        known = numbers(names)
        return [(known[number], node) for node in self.tree.css(UNCOMMON) if (number := node.tag_id) in known]


def parse(body: bytes, content_type: str = "") -> Markup:
    """Raises NotAnArticle: empty, not html, too large."""
    data = without_deep_lists(without_long_tags(_utf8(body, content_type)))
    head = data[: 4 * HEAD].decode("utf-8", "ignore")  # four bytes are the longest character
    if not looks_like_html(head):
        raise NotAnArticle(Reason.NOT_HTML, head[:40].strip())
    _check_size(data)
    try:
        return Markup(data, LexborHTMLParser(data, scripting=True, options=LexborDocumentOptions.WO_EVENTS))
    except (SelectolaxError, ValueError, RuntimeError) as error:
        raise NotAnArticle(Reason.NOT_HTML, str(error)[:80]) from error


def decode(body: bytes, content_type: str = "") -> str:
    """Text of a page: BOM, valid UTF-8, the header's and the page's own word, in this order; then Windows-1252.

    Valid UTF-8 beats any declaration: other encodings' German text is practically never valid UTF-8.
    """
    return _utf8(body, content_type).decode()


def _utf8(body: bytes, content_type: str) -> bytes:
    """The same in the encoding that the parser wants: mostly the very bytes that came."""
    if not body or body.isspace():
        raise NotAnArticle(Reason.EMPTY)
    if body.startswith(NOT_HTML):
        raise NotAnArticle(Reason.NOT_HTML, "binary")
    if len(body) > MAX_BYTES:
        raise NotAnArticle(Reason.TOO_LARGE, f"{len(body)} bytes")
    mark, codec = _encoding(body, content_type)
    data = body[mark:].decode(codec, "replace").encode() if codec else body
    return data.replace(b"\x00", b"")


def _encoding(body: bytes, content_type: str) -> tuple[int, str]:
    """The length of the BOM and the codec of what follows; no codec where all of it is clean UTF-8 already."""
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return len(bom), codec
    if (wide := _wide(body)) is not None:
        return 0, wide
    return 0, "" if _is_utf8(body) else _declared(body, content_type)


def _is_utf8(body: bytes) -> bool:
    """Looked at in pieces: to make one text of a whole page, only to throw it away, takes more than twice as long."""
    view, at = memoryview(body), 0
    try:
        while at < len(body):
            at += codecs.utf_8_decode(view[at : at + PIECE], "strict", at + PIECE >= len(body))[1]
    except UnicodeDecodeError:
        return False
    return True


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
        if codec == "utf-8" and not mostly_utf8(body):
            continue
        if codec is not None:
            return codec
    return "utf-8" if mostly_utf8(body) else "cp1252"


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    return _WIDER.get(name, name) if name in _TEXT_CODECS else None


def looks_like_html(text: str) -> bool:
    """Whether this is HTML at all, by its first tags: feeds, JSON and plain text are not."""
    head = text[:HEAD].lstrip().encode("utf-8", "replace").lower()  # of bytes only A to Z: soon done
    if head.startswith((b"{", b"[")) or b"<!entity" in head:
        return False
    if head.startswith(b"<?xml") and b"<html" not in head:
        return False
    return any(tag in head for tag in _HTML)


def _check_size(data: bytes) -> None:
    """Refuse what no parser should see. Where the page but for its end has FEW tags, the end is too short for the rest."""
    few = data.count(b"<", 0, max(0, len(data) - (MAX_TAGS - FEW) * TAG)) <= FEW
    if not few and data.count(b"<") > MAX_TAGS:
        raise NotAnArticle(Reason.TOO_LARGE, f"more than {MAX_TAGS} tags")


LONG = 20_000
"""characters of one tag; the parsers compare each attribute with all before it, and 100,000 take half a minute"""


def without_long_tags(data: bytes) -> bytes:
    """The page with tags of monstrous length emptied: pictures drawn in one attribute, data for scripts, attacks."""
    kept: list[bytes] = []
    done = 0
    for start, end in _long_tags(data):
        kept += (data[done:start], b"<div>")
        done = end
    return b"".join((*kept, data[done:])) if kept else data


def _long_tags(data: bytes) -> Iterator[tuple[int, int]]:
    """Where they stand. Looks at samples: a tag of LONG characters covers one of the points so many bytes apart."""
    last = -1
    for at in range(0, len(data), LONG):
        start = data.rfind(b"<", max(0, at - LONG), at + 1)
        if start <= last or not data[start + 1 : start + 2].isalpha():
            continue
        last, after = start, data.find(b"<", start + 1)
        end = data.find(b">", start + 1, after if after >= 0 else len(data))
        if end - start > LONG and len(data[start + 2 : end].decode()) >= LONG:
            yield start, end + 1


DEEP = 1_000
"""lists within one another; of each item the parser looks through all that are open, so that 20,000 take seconds"""
_SAMPLE, _BETWEEN, _DENSE = 4096, 65_536, 400
"""bytes that are looked at, how far apart, and tags in so many that no page of ours has: of 142 real ones the densest has 252"""
_LIST = re.compile(rb"<(/?)(?:[uod]l|menu|dir)\b", re.IGNORECASE)


def without_deep_lists(data: bytes) -> bytes:
    """The page as far as its lists do not stand more than DEEP within one another: behind that is nothing but an attack."""
    if not any(data.count(b"<", at, at + _SAMPLE) > _DENSE for at in range(0, len(data), _BETWEEN)):
        return data
    depth = 0
    for tag in _LIST.finditer(data):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > DEEP:
            return data[: tag.start()]
    return data
