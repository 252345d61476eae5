"""What an element of a page says, and what it stands in."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from extractors.articles.blocks import whole_text
from extractors.articles.markup import BREAK, on_one_line

_WHOLE = frozenset({"article", "main", "body"})
"""elements that hold a whole article"""


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
