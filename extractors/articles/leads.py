"""The paragraph between headline and text: as the page shows it, or as it tells search engines."""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from extractors.articles.blocks import Block
from extractors.articles.bodies import Body, dropped_by
from extractors.articles.elements import holds, in_link, linked, scope_of, words
from extractors.articles.headlines import Title, fold
from extractors.articles.markup import Markup
from extractors.articles.metadata import Claims
from extractors.articles.sieve import Sieve, begins_as_junk
from extractors.publishers import Layout

# To look for letters in the names of all elements is what costs: both "author" and "autor" only where there is "aut".
LEADS = (
    '[itemprop="description"]:not(meta), '
    '[class*="ea" i]:is([class*="lead" i]:not([class*="leader" i], [class*="leading-" i]), [class*="teaser-text" i], [class*="article-teaser" i]), '
    '[class*="in" i]:is([class*="intro" i], [class*="subline" i]), '
    '[class*="p" i]:is([class*="vorspann" i], [class*="excerpt" i], [class*="description" i]), '
    '[class*="st" i]:is([class*="standfirst" i], [class*="abstract" i]), [class*="summary" i]'
)
"""where houses put the paragraph between headline and text"""
_CUT_OFF = re.compile(r"\s*(?:\.\.\.|…|\[…\]|\[\.\.\.\])$")
_STOPS = (".", "!", "?", "“", '"', "«")
MAX_LEAD = 900
"""characters; a longer one is the text"""
ALIKE = 50
"""characters that two texts begin with, from which one repeats the other"""


def lead_of(
    layout: Layout,
    said: Claims,
    markup: Markup,
    title: Title,
    heading: LexborNode | None,
    found: Body,
    junk: re.Pattern[str] | None,
) -> str:
    """The lead as shown under the headline; else as told to search engines."""
    if layout.teaser:
        shown = " ".join(filter(None, (words(node) for node in markup.all(layout.teaser)[:3])))
        if shown:
            return shown
    told = said.ld("description") or said.named("og:description", "description", "twitter:description")
    told = _CUT_OFF.sub("", told) if told.endswith(("...", "…", "]")) else told
    if fold(told) == fold(title.headline) or (junk is not None and junk.match(told)) or begins_as_junk(told):
        told = ""
    if found.by_layout:  # until now nobody asked beyond the body
        found.sieve.dropped = dropped_by(layout, (markup.tree,))
    return _shown_lead(markup, heading, found, fold(told)) or told


def _shown_lead(markup: Markup, heading: LexborNode | None, found: Body, told: str) -> str:
    """The first element after the headline that is called a lead, or begins as the description does."""
    under = heading is None
    scope = scope_of(heading)
    title = heading.tag if heading is not None else "h1"
    for node in (scope.css(f"{title}, {LEADS}") if scope is not None else markup.all(LEADS))[:120]:
        if heading is not None and node.mem_id == heading.mem_id:
            under = True
            continue
        lead = _lead_words(node) if node.tag != title else ""
        if not 40 <= len(lead) <= MAX_LEAD:
            continue
        if told and fold(lead).startswith(told[:40]):
            return lead
        if under and _says_more(lead, told) and not found.sieve.junk(node) and _stands_above(node, lead, found):
            return lead
    lead = _next_to(heading, found.sieve) if heading is not None else ""
    if not _says_more(lead, told) or any(block.text == lead for block in found.blocks[:5]):
        return ""
    return lead


def _stands_above(node: LexborNode, lead: str, found: Body) -> bool:
    """Whether this may stand between headline and text: it leads nowhere else, and is no list further down."""
    if linked(node) * 3 >= len(lead) or in_link(node) or begins_as_junk(lead):
        return False
    return not any(lead.startswith(block.text) for block in found.blocks[3:] if len(block.text) >= 20)


def _says_more(lead: str, told: str) -> bool:
    """Whether a line under the headline is a lead: one without a full stop is a second headline, and the description says more."""
    if not told or lead.endswith(_STOPS):
        return True
    known, words_of_it = set(told.split()), set(fold(lead).split())
    return len(known & words_of_it) * 2 > min(len(known), len(words_of_it))


def _next_to(heading: LexborNode, sieve: Sieve) -> str:
    """One stretch of text right after the headline, or after what is around the headline."""
    node: LexborNode | None = heading
    for _ in range(3):
        if node is None or node.tag in ("body", "main", "article"):
            break
        after = node.next
        for _ in range(6):
            if after is None:
                break
            if after.is_element_node and not sieve.junk(after) and _one_stretch(after):
                return words(after)
            after = after.next
        node = node.parent
    return ""


def _one_stretch(node: LexborNode) -> bool:
    lead = words(node)
    if not 80 <= len(lead) <= MAX_LEAD or linked(node) * 3 > len(lead):
        return False
    return len(node.css("p")) <= 1 and not holds(node, "h2, h3, li, time")


def _lead_words(node: LexborNode) -> str:
    inner = [words(p) for p in node.css("p")[:4]]
    return " ".join(text for text in inner if len(text) >= 40) or ("" if inner else words(node))


def without_lead(lead: str, body: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """The lead, and the body without it: many pages show it again as the first paragraph, and in full only there."""
    if not lead:
        return "", body
    start = _beginning(lead)
    for at, block in enumerate(body[:3]):
        line = _beginning(block.text)
        if len(line) >= 40 and (line.startswith(start) or start.startswith(line)):
            whole, rest = max(block.text, lead, key=len), (*body[:at], *body[at + 1 :])
            # A message of one paragraph is text, not a lead to none.
            return (whole, rest) if rest else ("", (replace(block, text=whole),))
    return lead, body


def _beginning(text: str) -> str:
    """The first ALIKE characters of `fold`, without a look at the rest."""
    start = fold(text[: 4 * ALIKE])
    return (start if len(start) >= ALIKE else fold(text))[:ALIKE]
