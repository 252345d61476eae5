"""Where the body of an article stands in a page: the element that holds most of its running text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from extractors.articles.elements import MAX_CLIMB, linked, whole_text
from extractors.articles.markup import Markup
from extractors.articles.sieve import Sieve, name_of, never_the_article

MIN_WEIGHT = 40
"""characters of own (unlinked) text from which a paragraph says where the body is"""


@dataclass(slots=True)
class Weights:
    """How much paragraph text each element holds, and which of its children hold it."""

    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    children: dict[int, dict[int, LexborNode]] = field(default_factory=lambda: defaultdict(dict))
    _chains: dict[int, list[int]] = field(default_factory=dict)
    """an element and those around it: paragraphs stand side by side, and the way up is gone once"""

    def add(self, node: LexborNode, weight: int) -> None:
        parent = node.parent
        if parent is None:
            return
        key = parent.mem_id
        self.children[key][node.mem_id] = node
        if key not in self._chains:
            self._chains[key] = self._chain(parent)
        for one in self._chains[key]:
            self.held[one] += weight

    def _chain(self, node: LexborNode) -> list[int]:
        chain = [node.mem_id]
        child, parent = node, node.parent
        while parent is not None and len(chain) < MAX_CLIMB:
            chain.append(parent.mem_id)
            self.children[parent.mem_id][child.mem_id] = child
            child, parent = parent, parent.parent
        return chain

    def heaviest(self, node: LexborNode) -> tuple[LexborNode | None, int]:
        inner = self.children.get(node.mem_id, {})
        child = max(inner.values(), key=lambda one: self.held.get(one.mem_id, 0), default=None)
        return child, self.held.get(child.mem_id, 0) if child is not None else 0


def paragraphs(markup: Markup) -> list[tuple[LexborNode, int]]:
    """Elements with running text of their own and how much of it is not linked."""
    found = []
    for node in markup.all("p, div")[:8_000]:
        weight = len(node.text(deep=False).strip()) if node.tag == "div" else len(whole_text(node)) - linked(node)
        if weight >= MIN_WEIGHT:
            found.append((node, weight))
    return found


def spare(weighed: list[tuple[LexborNode, int]], sieve: Sieve) -> None:
    """Clear elements that hold a quarter of the page's text from the suspicion their names bring upon them."""
    all_of_it = Weights()
    for node, weight in weighed:
        all_of_it.add(node, weight)
    total = sum(weight for _, weight in weighed)
    held = all_of_it.held
    for inner in all_of_it.children.values():
        for node in inner.values():
            if held.get(node.mem_id, 0) * 4 > total and not never_the_article(name_of(node.attributes)):
                sieve.trust(node)


def body_of(
    markup: Markup, weighed: list[tuple[LexborNode, int]], sieve: Sieve, heading: LexborNode | None
) -> LexborNode | None:
    """The smallest element that holds the text of the article, by the weight of paragraphs."""
    weights = Weights()
    for paragraph, weight in weighed:
        if not sieve.junk(paragraph):
            weights.add(paragraph, weight)
    node: LexborNode | None = None
    inner = markup.tree.body if weights.held else None
    while inner is not None:
        node, inner = inner, _inner(inner, weights, heading)
    return node


NEARLY_ALL, MOST, MUCH = 0.85, 0.75, 0.35


def _inner(node: LexborNode, weights: Weights, heading: LexborNode | None) -> LexborNode | None:
    """The child that the article is in, or None when it is this element itself.

    Articles are cut into several wrappers of one kind (around advertisements and teasers): brothers of one kind belong together.
    """
    heavy, weight = weights.heaviest(node)
    if heavy is None:
        return None
    share = weight / weights.held[node.mem_id]
    alone = share >= NEARLY_ALL or (share >= MOST and not _brothers(heavy, node, weights))
    if alone and not _beside(heavy, node, weights):
        return heavy
    if share >= MUCH and heading is not None and _holds(heavy, heading):
        return heavy
    return None


def _beside(child: LexborNode, node: LexborNode, weights: Weights) -> bool:
    """Whether a paragraph stands right before the child, such as the first one before a paywall; or a wrapper of its kind."""
    if node.tag in ("body", "main"):
        return False
    weighed, kind = weights.children[node.mem_id], _kind(child)
    for other in node.iter():
        if other.mem_id == child.mem_id:
            return False
        if other.mem_id in weighed and (other.tag == "p" or (kind[1] and _kind(other) == kind)):
            return True
    return False


def _brothers(child: LexborNode, node: LexborNode, weights: Weights) -> bool:
    """Whether other children of the same kind hold a tenth of the text."""
    kind = _kind(child)
    others = sum(
        weights.held.get(key, 0) or MIN_WEIGHT
        for key, other in weights.children[node.mem_id].items()
        if key != child.mem_id and _kind(other) == kind
    )
    return others * 10 >= weights.held[node.mem_id]


def _kind(node: LexborNode) -> tuple[str | None, str]:
    return node.tag, (node.attributes.get("class") or "").split(" ")[0]


def _holds(node: LexborNode, inner: LexborNode) -> bool:
    key = node.mem_id
    parent: LexborNode | None = inner
    for _ in range(MAX_CLIMB):
        if parent is None:
            return False
        if parent.mem_id == key:
            return True
        parent = parent.parent
    return False
