"""What a page says about itself: JSON-LD, meta elements, and the headline it shows.

Every claim of a page is only a claim: sizes are cut, nesting is bounded, a broken block costs only itself.
"""

from __future__ import annotations

import functools
import html
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.articles.headlines import fold
from extractors.articles.markup import Named, on_one_line

SPEAKING = frozenset({"script", "meta"})
MAX_JSON = 400_000
"""characters of one JSON-LD block; real ones stay under 60,000"""
MAX_CLAIM = 2_000
"""characters of one claim (headline, description …)"""
MAX_NODES = 2_000
"""JSON objects looked at in one page"""

ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle ReviewNewsArticle "
    "AskPublicNewsArticle AdvertiserContentArticle TechArticle ScholarlyArticle Report BlogPosting LiveBlogPosting "
    "SocialMediaPosting Interview".split()
)

_PUNCTUATION = re.compile(r"[\W_]+")
_TAGS = re.compile(r"<[^<>]{0,300}>")


@dataclass(frozen=True, slots=True)
class Claims:
    """The page's own words about itself, each cut to a sane length; empty when it does not say."""

    meta: Mapping[str, str] = field(default_factory=dict)
    """as they stand in the page; most are never asked for"""
    article: Mapping[str, Any] = field(default_factory=dict)
    types: frozenset[str] = frozenset()

    def ld(self, key: str) -> str:
        return plain(self.article.get(key))

    def named(self, *keys: str) -> str:
        """The first of these meta elements that says something."""
        return next((value for key in keys if (value := plain(self.meta.get(_key(key), "")))), "")

    @property
    def free(self) -> bool | None:
        """Whether it says to be free of charge; None: it does not say."""
        if self.named("article:content_tier").lower() == "locked":
            return False
        said = str(self.article.get("isAccessibleForFree", "")).lower().rsplit("/", 1)[-1]  # schema.org/False
        return {"true": True, "false": False}.get(said)

    @property
    def authors(self) -> str:
        return ", ".join(dict.fromkeys(_names(self.article.get("author"))))

    @property
    def body(self) -> str:
        return plain(self.article.get("articleBody"), limit=400_000)

    @property
    def updates(self) -> list[Any]:
        found = self.article.get("liveBlogUpdate", [])
        return found if isinstance(found, list) else [found]


def claims(elements: Sequence[Named], url: str = "") -> Claims:
    """Read the SPEAKING among these elements of the page at `url` in one go.

    Of several articles among the JSON-LD objects the one counts that says to be this page, or else the first.
    """
    nodes = list(_linked(elements))
    articles = [node for node in nodes if _types(node) & ARTICLE_TYPES]
    types = frozenset(name for node in nodes for name in _types(node))
    meta = _meta(elements)
    return Claims(meta, articles[0] if len(articles) == 1 else _own(articles, meta, url), types)


def _own(articles: Sequence[Mapping[str, Any]], meta: Mapping[str, str], url: str) -> Mapping[str, Any]:
    here = {_place(url), _place(meta.get("ogurl", ""))} - {""}
    title = fold(plain(meta.get("ogtitle", "")))
    placed = (node for node in articles if here & set(_places(node)))
    titled = (node for node in articles if title and fold(plain(node.get("headline"))) == title)
    return next(itertools.chain(placed, titled, articles), {})


def _places(node: Mapping[str, Any]) -> Iterator[str]:
    for said in (node.get("url"), node.get("@id"), node.get("mainEntityOfPage")):
        place = said.get("@id") if isinstance(said, dict) else said
        if isinstance(place, str):
            yield _place(place)


def _place(url: str) -> str:
    """An address as far as two that are written differently agree on it."""
    return re.sub(r"^https?://(?:www\.)?|[?#].*$|/$", "", url[:MAX_CLAIM])


def _meta(elements: Sequence[Named]) -> dict[str, str]:
    said: dict[str, str] = {}
    metas = (node.attributes for name, node in elements if name == "meta")
    for attributes in itertools.islice((one for one in metas if "content" in one), 300):
        key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        value = attributes.get("content")
        if key and value:
            said.setdefault(_key(key[:80]), value)
    return said


@functools.lru_cache(maxsize=2_000)
def _key(name: str) -> str:
    """Houses write article:published_time with dots, dashes and more colons."""
    return _PUNCTUATION.sub("", name.lower())


def _linked(elements: Sequence[Named]) -> Iterator[Mapping[str, Any]]:
    """The objects of all JSON-LD blocks, breadth first inside each."""
    seen = 0
    scripts = (node for name, node in elements if name == "script" and _is_linked(node.attributes))
    for script in itertools.islice(scripts, 40):
        waiting: list[Any] = [_json(script.text())]
        while waiting and seen < MAX_NODES:
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting.extend(node[:200])
            elif isinstance(node, dict):
                seen += 1
                yield node
                waiting.extend(node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node)


def _is_linked(attributes: Mapping[str, str | None]) -> bool:
    return (attributes.get("type") or "").lower().partition(";")[0].strip() == "application/ld+json"


def _json(text: str) -> Any:
    if len(text) > MAX_JSON:
        return None
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return _mended_json(text)
    except RecursionError:
        return None


_ENDS = re.compile(r"[^{[]*+([{[].*[}\]])", re.DOTALL)
_COMMA = re.compile(r",\s*+([}\]])")


def _mended_json(text: str) -> Any:
    """What is wrong again and again: a comment or CDATA around it, a semicolon behind it, a comma too many."""
    found = _ENDS.match(text.replace("<![CDATA[", "").replace("]]>", ""))
    try:
        return json.loads(_COMMA.sub(r"\1", found.group(1)), strict=False) if found else None
    except (ValueError, RecursionError):
        return None


def _types(node: Mapping[str, Any]) -> set[str]:
    kind = node.get("@type")
    names = kind if isinstance(kind, list) else [kind]
    return {re.split("[/:]", name)[-1] for name in names if isinstance(name, str)}


def _names(author: Any) -> Iterator[str]:
    if isinstance(author, list):
        for one in author[:20]:
            yield from _names(one)
    elif isinstance(author, dict):
        yield from _names(author.get("name"))
    elif isinstance(author, str) and author.strip() and not author.startswith("http"):
        yield plain(author)[:200]


def plain(value: Any, *, limit: int = MAX_CLAIM) -> str:
    """A claim as plain text: JSON-LD holds entities and even tags in the wild.

    >>> plain("Gespr&auml;che in <b>Genf</b> ")
    'Gespräche in Genf'
    """
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return ""
    text = value[:limit]
    for _ in range(2):  # "&amp;uuml;" is common: one system escaped what another had escaped
        text = html.unescape(text) if "&" in text else text
    if "<" in text:
        text = _TAGS.sub(" ", text)
    return on_one_line(text)
