"""What goes to and fro between the sandbox and its children, and how it is told again from what came."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from flows.sandbox.troubles import Refused, SandboxError, Trouble

if TYPE_CHECKING:
    from extractors.feeds import ParsedFeed
    from extractors.model import Article, FetchedPage

FRAME = struct.Struct(">II")
MAX_HEAD = 1 << 20
MAX_BODY = 64 << 20
EXIT_MEMORY = 77
"""the exit status of a child that had no memory left"""

_adapters: dict[Any, Any] = {}


def adapter(kind: Any) -> Any:
    """pydantic's TypeAdapter of a type, made once: making one takes milliseconds, and pydantic itself tenths."""
    if kind not in _adapters:
        from pydantic import TypeAdapter

        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def feed_payload(
    feed_url: str, content_type: str, zone: str, now: datetime | None, base: str = ""
) -> dict[str, object]:
    return {
        "feed_url": feed_url,
        "content_type": content_type,
        "zone": zone,
        "now": now.isoformat() if now is not None else None,
        "base": base,
    }


def feed_of(answer: bytes) -> ParsedFeed:
    from extractors.feeds import ParsedFeed

    return _valid(ParsedFeed, answer)  # type: ignore[no-any-return]


def page_payload(page: FetchedPage) -> dict[str, object]:
    """A page without its body, which travels beside it."""
    return {
        "url": page.url,
        "requested_url": page.requested_url,
        "fetched_at": page.fetched_at.isoformat(),
        "content_type": page.content_type,
        "truncated": page.truncated,
        "reserved": page.reserved,
    }


def page_from(payload: Mapping[str, Any], body: bytes) -> FetchedPage:
    from extractors.model import FetchedPage

    return FetchedPage(**{**payload, "fetched_at": datetime.fromisoformat(payload["fetched_at"]), "body": body})


def article_of(answer: bytes) -> Article:
    from extractors.model import Article

    return _valid(Article, answer)  # type: ignore[no-any-return]


def _valid(kind: Any, answer: bytes) -> Any:
    """The answer as the type it should be. The child may have been taken over by what it read: nothing is taken on
    trust."""
    from pydantic import ValidationError

    try:
        return adapter(kind).validate_json(answer)
    except ValidationError:
        raise SandboxError(Trouble.CRASH, "the child's answer is not what it should be") from None


def raise_refused(name: str, reason: str, detail: str) -> NoReturn:
    if name == "FeedError":
        from extractors.feeds import FeedError

        raise FeedError(reason)
    if name == "NotAnArticle":
        from extractors.articles import NotAnArticle, Reason

        if reason in set(Reason):
            raise NotAnArticle(Reason(reason), detail)
    raise Refused(name, reason)
