"""The stretches of text in a page's body: paragraphs and subheads, cut where two <br> stand, without boilerplate or repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from extractors.articles.elements import bare, holds, in_links, whole_text
from extractors.articles.markup import BREAK, on_one_line
from extractors.articles.sieve import Sieve, junk_line
from extractors.model import PartKind

BLOCKS = "p, h2, h3, h4, h5, h6, li, blockquote, pre, dd"
_NESTED = "p, li, h2, h3, h4"
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_MAY_NEST = frozenset({"li", "blockquote", "dd"})
_TEXTUAL = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "li", "pre", "dd"})
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s small span strong sub sup time tt u var wbr".split()
)
_PARTED = re.compile(rf"{BREAK}\s*{BREAK}+")
"""two <br> make a paragraph"""

_ASIDE = re.compile(
    r"\s*(?:\((?:Link )?(?:öffnet|wird)(?: sich)? (?:in|im)(?: einem)? neue[mn] \w{0,8}-?(?:Fenster|Tab)(?: geöffnet)?\)|[(\[]externer Link[)\]])(?:\s+(?=[,.;:!?]))?",
    re.IGNORECASE,
)
"""what links say to those who hear a page"""

_INITIAL = '[class*="initial" i], [class*="dropcap" i], [class*="drop-cap" i]'
_APART = re.compile(r"\s*[A-ZÄÖÜ]\s+[a-zäöüß]")
"""a first letter that stands apart from its word where an INITIAL is drawn large"""

MIN_RUN = 25
"""characters of text straight in a <div> that are worth reading"""
MAX_NESTING = 60
"""elements inside each other that text is followed into"""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of body text. `weight` is its length without linked words."""

    kind: PartKind
    text: str
    weight: int


def blocks(
    container: LexborNode, sieve: Sieve, junk: re.Pattern[str] | None = None, heading: LexborNode | None = None
) -> list[Block]:
    """The stretches of text in document order, without what the sieve and the lines of boilerplate hold back.

    What stands before the heading is no part of the body.
    """
    found: list[Block] = []
    top = heading.mem_id if heading is not None else 0
    for node in container.css(f"h1, {BLOCKS}")[:5_000]:
        if node.mem_id == top:
            found.clear()
        elif node.tag != "h1" and not sieve.junk(node):
            found.extend(stretch(node, junk))
    return found


def stretch(node: LexborNode, junk: re.Pattern[str] | None) -> Iterator[Block]:
    """What one element of text gives: nothing, a block, or several."""
    tag = node.tag
    if tag in _MAY_NEST and holds(node, _NESTED):
        return
    text = whole_text(node)
    if _APART.match(text) and holds(node, _INITIAL):
        text = "".join(text.split(maxsplit=1))
    alone = bare(node)
    size = len(text)
    own = size if alone else size - in_links(node)
    if (own * 5 < size < 200) or (tag == "li" and own * 2 < size):
        return
    kind = PartKind.SUBHEAD if tag in _HEADINGS else PartKind.PARAGRAPH
    if BREAK in text:
        yield from _lines(text, kind, own, node, junk)
    else:
        bold = kind is PartKind.PARAGRAPH and not alone and _bold(node, text)
        yield from _kept(text, kind, own, junk, bold=bold)


def runs(node: LexborNode, sieve: Sieve, junk: re.Pattern[str] | None = None, depth: int = 0) -> Iterator[Block]:
    """The same for pages that write text straight into <div>, with <br> between: slower, but no stretch is missed."""
    run: list[str] = []
    for child in node.iter(include_text=True):
        tag = child.tag
        if tag == "-text" or (tag in _INLINE and not holds(child, f"{BLOCKS}, div")):
            run.append(child.text())
            continue
        yield from _run(run, junk)
        run.clear()
        if tag in _TEXTUAL and not sieve.junk(child):
            yield from stretch(child, junk)
        elif depth < MAX_NESTING and not sieve.junk(child):
            yield from runs(child, sieve, junk, depth + 1)
    yield from _run(run, junk)


def _run(run: list[str], junk: re.Pattern[str] | None) -> Iterator[Block]:
    text = "".join(run)
    for piece in _PARTED.split(text) if len(text) >= MIN_RUN else ():
        yield from _kept(piece.replace(BREAK, " "), PartKind.PARAGRAPH, len(piece), junk, bold=False)


def _lines(text: str, kind: PartKind, own: int, node: LexborNode, junk: re.Pattern[str] | None) -> Iterator[Block]:
    """A paragraph, or several where two <br> part them; bold words before a <br> are a subhead."""
    first, rest = text.split(BREAK, 1)
    if kind is PartKind.PARAGRAPH and rest.strip() and _bold(node, first):
        yield from _kept(first, kind, own, junk, bold=True)
        text = rest
    for piece in _PARTED.split(text):
        yield from _kept(piece.replace(BREAK, " "), kind, min(own, len(piece)), junk, bold=False)


def _kept(text: str, kind: PartKind, own: int, junk: re.Pattern[str] | None, *, bold: bool) -> Iterator[Block]:
    line = on_one_line(text)
    if "neue" in line or "extern" in line:
        line = _ASIDE.sub("", line)
    if len(line) < 2 or junk_line(line) or (junk is not None and junk.match(line)):
        return
    if bold and len(line) <= 90 and not line.endswith((".", ":", ",", "“", '"')):
        kind = PartKind.SUBHEAD
    if kind is PartKind.SUBHEAD and len(line) > 250:
        kind = PartKind.PARAGRAPH
    yield Block(kind, line, own)


def _bold(node: LexborNode, text: str) -> bool:
    """Whether these words are all of the element's first bold stretch."""
    said = text.strip()
    if not 3 < len(said) <= 120:
        return False
    bold = node.css_first("strong, b")
    return bold is not None and bold.text().strip(f" \n\t{BREAK}") == said


def tidy(found: Iterable[Block]) -> list[Block]:
    """Without repeated paragraphs, and without subheads that nothing follows."""
    seen: set[str] = set()
    kept: list[Block] = []
    for block in found:
        if block.text in seen and block.kind is PartKind.PARAGRAPH:
            continue
        seen.add(block.text)
        kept.append(block)
    kept = _without_cut_off(kept)
    while kept and kept[-1].kind is PartKind.SUBHEAD:
        kept.pop()
    return kept


CUT_OFF = 3
"""paragraphs at the end that break off with dots, from which they are the beginnings of other articles"""


def _without_cut_off(found: list[Block]) -> list[Block]:
    """Without a tail of which CUT_OFF or more, and no fewer than every other, break off."""
    cut = [at for at, block in enumerate(found) if block.text.endswith(("...", "…"))]
    for nth, at in enumerate(cut):
        left = len(cut) - nth
        if left >= CUT_OFF and left * 2 >= len(found) - at:
            return found[:at]
    return found
