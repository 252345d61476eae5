"""Articles by the words of their text, newest first, with where the words stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from storage import search
from storage.queries.reading import ArticleLine, article_line
from storage.queries.selecting import EventFilter, selected, texts_of, that_fit
from storage.statements import among
from storage.tables import ArticleRow, EventRow, VersionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article found by its words. `spans` say where they stand in `snippet`."""

    article: ArticleLine
    version_id: int
    snippet: str
    spans: tuple[tuple[int, int], ...]
    cut: tuple[bool, bool] = (False, False)
    """whether the article has more before the snippet, and after it"""


SNIPPET = 240
"""Characters of text that a hit shows."""


def search_articles(
    connection: Connection,
    asked: str,
    *,
    limit: int = 20,
    publishers: Sequence[str] = (),
    wanted: EventFilter | None = None,
    before: int | None = None,
) -> tuple[Hit, ...]:
    """The newest articles with these words: inflected forms and compounds too, "a phrase", -without.

    `wanted` keeps those in whose events it finds something; its text, limit and before are not looked at.
    """
    query = search.understand(connection, asked)
    if wanted is not None:
        for some, complete in _told_of(connection, wanted, before):
            holding = search.newest(connection, query, before=before, limit=len(some) or 1, among=some) if some else []
            hits = _hits(connection, _filtered(connection, holding, publishers, None), query, limit)
            if complete or len(hits) == limit:
                return tuple(hits)
    hits = []
    size = max(limit, 20)
    while len(hits) < limit:
        versions = search.newest(connection, query, before=before, limit=size)
        fitting = _filtered(connection, versions, publishers, wanted)
        hits += _hits(connection, fitting, query, limit - len(hits))
        if len(versions) < size:
            break
        before, size = versions[-1], min(size * 4, 1000)
    return tuple(hits)


NEAR = (50, 100)
"""So many of the newest fitting events are tried first: common words stand in enough of their articles to fill a page.

A hundred where fifty do not: of a word that stands in two articles of five, fifty may just miss the twenty of a page.
"""

MANY = 300
"""Up to so many fitting events their articles are searched for the words; with more it begins with the words."""

FAR = 50_000
"""Events that are looked back over to be sure that a version is the newest."""


def _told_of(connection: Connection, wanted: EventFilter, before: int | None) -> Iterator[tuple[list[int], bool]]:
    """The versions in whose events the filter finds something: the newest, then all if they are few.

    Each with whether they are all there are.
    """
    asked = selected(connection, replace(wanted, text="", before=None))
    for most in (*NEAR, MANY):
        ids = list(connection.scalars(asked.limit(most + 1)))
        complete = len(ids) <= most
        if complete:
            versions = _versions_of(connection, ids)
            yield [each for each in versions if before is None or each < before], True
            return
        if most in NEAR and before is None:
            missing = _told_before(connection, ids[-1])
            yield [each for each in _versions_of(connection, ids) if each > missing], False


def _versions_of(connection: Connection, ids: Sequence[int]) -> list[int]:
    return list(connection.scalars(select(EventRow.version_id).distinct().where(among(connection, EventRow.id, ids))))


def _told_before(connection: Connection, event_id: int) -> int:
    """The newest version that an older event than this one tells of, and so the newest that may be missing.

    Events are numbered as they are learned of, and a recode learns anew of old versions.
    """
    last = connection.scalar(select(func.max(EventRow.id))) or 0
    if last - event_id > FAR:
        return 2**62
    # Walked by version, newest first: only so many can be younger than the event. A sum, as else the ids would be walked.
    older = select(EventRow.version_id).where(EventRow.id + 0 < event_id)
    return connection.scalar(older.order_by(EventRow.version_id.desc()).limit(1)) or 0


def _filtered(
    connection: Connection, versions: list[int], publishers: Sequence[str], wanted: EventFilter | None
) -> list[int]:
    if publishers and versions:
        asked = select(VersionRow.id).join(ArticleRow, ArticleRow.id == VersionRow.article_id)
        fitting = set(
            connection.scalars(
                asked.where(among(connection, VersionRow.id, versions), ArticleRow.publisher.in_(publishers))
            )
        )
        versions = [version for version in versions if version in fitting]
    if wanted is not None and versions:
        asked_for = replace(wanted, text="", before=None)
        telling = that_fit(asked_for).with_only_columns(EventRow.version_id)
        told = set(connection.scalars(telling.where(among(connection, EventRow.version_id, versions))))
        versions = [version for version in versions if version in told]
    return versions


def _hits(connection: Connection, versions: list[int], query: search.Query, limit: int) -> list[Hit]:
    """The first `limit` of these versions that also have the phrases."""
    hits: list[Hit] = []
    for version_id, read, row in texts_of(connection, versions if query.phrases else versions[:limit]):
        if len(hits) == limit:
            break
        if search.has_phrases(read, query):
            snippet, spans = _snippet(read, search.spans(read, query))
            cut = not read.startswith(snippet), not read.endswith(snippet)
            hits.append(Hit(article=article_line(row), version_id=version_id, snippet=snippet, spans=spans, cut=cut))
    return hits


def _snippet(read: str, found: list[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The stretch of text in which most of the words stand."""
    if not found:
        return read[:SNIPPET], ()
    start = max(found, key=lambda one: sum(one[0] <= other[0] < one[0] + SNIPPET for other in found))[0]
    first = _word_from(read, max(0, read.rfind("\n", 0, start) + 1, start - SNIPPET // 4), start)
    last = min(len(read), first + SNIPPET)
    if last < len(read):
        blank = read.rfind(" ", start, last)
        last = blank if blank > start else last
    inside = tuple((a - first, b - first) for a, b in found if first <= a and b <= last)
    return read[first:last], inside


def _word_from(read: str, first: int, start: int) -> int:
    """Where the first whole word of a stretch begins that may begin within one."""
    if not first or read[first - 1].isspace():
        return first
    blank = read.find(" ", first, start)
    return start if blank < 0 else blank + 1
