"""What an element of a page says, and what it stands in."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from extractors.articles.markup import BREAK, numbers, on_one_line

_WHOLE = frozenset({"article", "main", "body"})
"""elements that hold a whole article"""
_LINK = numbers(frozenset({"a"}))
MAX_CLIMB = 200
"""ancestors looked at"""


def _clean(text: str) -> str:
    return on_one_line(text.replace(BREAK, " "))


def words(node: LexborNode | None) -> str:
    """An element's text on one line."""
    return _clean(whole_text(node)) if node is not None else ""


def first_words(node: LexborNode, size: int) -> str:
    """The first so many characters of `words`, without a look at the rest: much is called "date" that holds the article."""
    text = whole_text(node)
    start = _clean(text[: 10 * size])
    return (start if len(start) > size or len(text) <= 10 * size else _clean(text))[:size]


def spaced(node: LexborNode | None) -> str:
    """An element's text on one line, with a blank between its parts."""
    return _clean(node.text(separator=" ")) if node is not None else ""


def _around(node: LexborNode) -> Iterator[LexborNode]:
    """The six elements next around one, as far as they are inside the article."""
    parent = node.parent
    for _ in range(6):
        if parent is None or parent.tag in _WHOLE:
            return
        yield parent
        parent = parent.parent


def in_link(node: LexborNode) -> bool:
    return any(outer.tag == "a" for outer in _around(node))


def in_navigation(node: LexborNode) -> bool:
    if any("breadcrumb" in name for name in node.attributes):
        return True
    return any(
        outer.tag in ("nav", "li") or "breadcrumb" in (outer.attributes.get("class") or "") for outer in _around(node)
    )


def scope_of(heading: LexborNode | None) -> LexborNode | None:
    """The element that the headline is the headline of: where lead and byline stand, and other pages' teasers do not."""
    node = heading.parent if heading is not None else None
    for _ in range(12):
        if node is None or node.tag in _WHOLE:
            return node
        node = node.parent
    return node


def linked(node: LexborNode) -> int:
    """Characters that stand in links."""
    return 0 if bare(node) else in_links(node)


def in_links(node: LexborNode) -> int:
    """The same for an element that is not bare."""
    # Few elements are inside: to walk them takes less time than to have the parser read a selector.
    return sum([len(whole_text(inner)) for inner in node.traverse() if inner.tag_id in _LINK])


def bare(node: LexborNode) -> bool:
    """Whether nothing but one run of text is in the element, as in most paragraphs."""
    inner = node.first_child
    return inner is None or (inner.next is None and inner.is_text_node and node.tag != "a")


def whole_text(node: LexborNode) -> str:
    """An element's text as `text()` has it, gathered by the parser itself: a third quicker."""
    return node.text_lexbor()


def holds(node: LexborNode, selector: str) -> bool:
    """Whether something inside the element matches; the element itself does not count, though `css_first` would find it."""
    return any(child.css_first(selector) is not None for child in node.iter())
