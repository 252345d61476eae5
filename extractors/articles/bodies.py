"""Where the body of an article stands: where the publisher's layout says, else in the element that holds most running text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.articles.blocks import Block, blocks, runs, tidy
from extractors.articles.elements import words
from extractors.articles.markup import Markup
from extractors.articles.sieve import Sieve
from extractors.articles.weights import body_of, paragraphs, spare
from extractors.publishers import Layout

HARDLY_ANY = 120
"""characters of body text from which a layout still fits its page"""
ENOUGH = 300
"""characters of body text from which the first attempt is good enough"""


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks of the body and what was learnt about the page's elements on the way."""

    blocks: tuple[Block, ...]
    sieve: Sieve
    by_layout: bool = False
    """found where the publisher's layout says; if not, the house may have changed its pages"""

    @property
    def weight(self) -> int:
        return sum(block.weight for block in self.blocks)


def read_body(markup: Markup, layout: Layout, heading: LexborNode | None, junk: re.Pattern[str] | None) -> Body:
    """The layout's body where it names one and it is there, else the heaviest element's."""
    containers = markup.all(layout.body)
    sieve = Sieve(dropped=dropped_by(layout, containers))
    for container in containers:
        sieve.clear(container)
    found = [block for container in containers for block in blocks(container, sieve, junk, heading)]
    if sum(block.weight for block in found) >= HARDLY_ANY:
        return Body(tuple(tidy(found)), sieve, by_layout=True)
    return _generic_body(markup, dropped_by(layout, (markup.tree,)), heading, junk)


def dropped_by(layout: Layout, within: Iterable[LexborNode | LexborHTMLParser]) -> frozenset[int]:
    return frozenset(node.mem_id for part in within for node in part.css(layout.drop)) if layout.drop else frozenset()


def _generic_body(
    markup: Markup, dropped: frozenset[int], heading: LexborNode | None, junk: re.Pattern[str] | None
) -> Body:
    weighed = paragraphs(markup)
    best = Body((), Sieve())
    for by_words in (True, False):
        sieve = Sieve(words=by_words, dropped=dropped)
        spare(weighed, sieve)
        sieve.clear(heading)
        container = body_of(markup, weighed, sieve, heading)
        if container is None:
            continue
        best = Body(_texts(container, weighed, sieve, heading, junk), sieve)
        if best.weight >= ENOUGH:
            return best
    return best


def _texts(
    container: LexborNode,
    weighed: list[tuple[LexborNode, int]],
    sieve: Sieve,
    heading: LexborNode | None,
    junk: re.Pattern[str] | None,
) -> tuple[Block, ...]:
    """By paragraphs; by runs of text where much of it stands straight in <div>."""
    loose = sum(weight for node, weight in weighed if node.tag == "div" and not sieve.junk(node))
    found = tidy(blocks(container, sieve, junk, heading))
    if loose > sum(block.weight for block in found) // 3:
        found = tidy(_under(heading, runs(container, sieve, junk)))
    return tuple(found)


def _under(heading: LexborNode | None, found: Iterable[Block]) -> Iterable[Block]:
    """What stands below the headline, where the headline is among the stretches."""
    listed = list(found)
    said = words(heading)
    at = next((at for at, block in enumerate(listed) if said and block.text == said), -1)
    return listed[at + 1 :]
