"""The search: articles with words and events, or what was believed on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flows.web import answers, pages
from flows.web.asking import Look
from flows.web.marking import found_words
from storage import queries
from storage.queries import EventFilter

NARROWING = ("type", "status", "party", "other", "speaker", "place", "since", "until")
"""Fields of the search that ask for events; an article is found if one of its events has all of them."""
FITTING = 5
"""So many of these events stand below an article that was found."""


def search(at: Look) -> dict[str, Any]:
    asked = at.text("q")
    wanted = replace(
        answers.event_filter(at),
        as_known_on=_as_known(at),
        before=answers.before(at),
        limit=answers.ON_A_PAGE + 1,
    )
    context: dict[str, Any] = {"asked": pages.Asked(values=at.params), "choices": answers.choices(at), "hits": None}
    if not any(value for name, value in at.params.items() if name != "before"):
        return {**context, "events": (), "pager": pages.Pager(), "empty": True}
    if asked and wanted.as_known_on is None:
        hits = _hits(at, asked, wanted)
        return {**context, **hits, "events": (), "strangers": () if hits["hits"] else answers.strangers(at)}
    # What was believed on a day are events, not articles: with words, those of the articles that hold them.
    found = queries.events(at.connection, replace(wanted, text=asked))
    return {
        **context,
        "events": found[: answers.ON_A_PAGE],
        "pager": answers.older(at, "/search", [each.row for each in found]),
        "strangers": () if found else answers.strangers(at),
    }


def _as_known(at: Look) -> datetime | None:
    """The end of the day that is asked for."""
    day = at.date("known")
    return None if day is None else at.begin(day + timedelta(days=1))


def _hits(at: Look, asked: str, wanted: EventFilter) -> dict[str, Any]:
    narrowed = any(at.text(name) for name in NARROWING)
    hits = queries.search_articles(
        at.connection,
        asked,
        limit=answers.ON_A_PAGE + 1,
        publishers=wanted.publishers,
        wanted=wanted if narrowed else None,
        before=wanted.before,
    )
    shown = hits[: answers.ON_A_PAGE]
    versions = [hit.version_id for hit in shown] if narrowed else []
    fitting = queries.surest_of_versions(at.connection, versions, wanted, most=FITTING) if versions else {}
    lines = tuple(
        pages.HitLine(hit=hit, snippet=found_words(hit.snippet, hit.spans), events=fitting.get(hit.version_id, ()))
        for hit in shown
    )
    return {"hits": lines, "pager": answers.older(at, "/search", [hit.version_id for hit in hits])}
