"""Text of feeds made plain: markup and entities removed once, nothing that cannot be seen, one line."""

from __future__ import annotations

import html
import re
import unicodedata

_TAG = re.compile(r"</?([A-Za-z][\w:-]*)(?:[\s/][^<>]*)?>")
_MARKUP_BITS = re.compile(r"<[!?][^<>]*>")
_CUT_TAG = re.compile(r"</?[A-Za-z][^<>]*$")
_INLINE = frozenset({"a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "ins", "mark", "q", "s", "small", "span",
                     "strong", "sub", "sup", "u", "wbr"})  # fmt: skip
# What is seen nowhere but breaks comparing and fools readers: controls, soft hyphens, zero widths, direction overrides.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def plain(raw: str, limit: int) -> str:
    """Markup and entities removed once, one line, at most `limit` characters.

    >>> plain("Krieg &amp; <b>Frieden</b><br/>heute, 1 < 2", 100)
    'Krieg & Frieden heute, 1 < 2'
    """
    raw = raw[: limit * 20]
    if "<" in raw:
        raw = _without_markup(raw)
    if "&" in raw:
        raw = html.unescape(raw)
    return one_line(raw)[:limit].rstrip()


def _without_markup(raw: str) -> str:
    for opening, closing in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style")):
        raw = _without(raw, opening, closing)
    for _ in range(3):  # `<<b>b>` is a tag only after its inner one has gone
        cleaner = _TAG.sub(lambda tag: "" if tag[1].lower() in _INLINE else " ", raw)
        if cleaner == raw:
            break
        raw = cleaner
    return _CUT_TAG.sub("", _MARKUP_BITS.sub("", raw))


def _without(raw: str, opening: str, closing: str) -> str:
    """Without the stretches from `opening` to `closing`, or to the end. By finding: a lazy regex is quadratic here."""
    low = raw.lower()
    if opening not in low or len(low) != len(raw):
        return raw
    kept: list[str] = []
    at = 0
    while (start := low.find(opening, at)) >= 0:
        kept.append(raw[at:start])
        end = low.find(closing, start + len(opening))
        if end < 0:
            return "".join(kept)
        at = end + len(closing)
    return " ".join((*kept, raw[at:]))


def one_line(text: str) -> str:
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())
