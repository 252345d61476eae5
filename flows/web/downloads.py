"""What others subscribe to or take away: the calendar, the feed of acts, events and the network of actors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flows.web import answers
from flows.web.answers import Look
from storage import exports, queries
from storage.queries import EventFilter

MOST = 2500
"""Events in a download; the command line exports all."""
FEED_ACTS = 50


def calendar(at: Look, address: str) -> Iterable[str | bytes]:
    yield exports.icalendar(
        answers.told_meetings(at, party=at.code("party")), at.now, name=f"Depesche: {at.w('Termine')}"
    )


def acts(at: Look, address: str) -> Iterable[str | bytes]:
    found = queries.acts(at.connection, party=at.code("party"), limit=FEED_ACTS)
    told = ((act, queries.reports(at.connection, act.uid)) for act in found)
    return exports.atom(told, at.now, title=f"Depesche: {at.w('Vorgänge')}", home=address)


def events(write: Callable[[Iterable[queries.StoredEvent]], Iterator[str]]) -> Any:
    def told(at: Look, address: str) -> Iterable[str | bytes]:
        return write(queries.events(at.connection, _wanted(at)))

    return told


def network(at: Look, address: str) -> Iterable[str | bytes]:
    return exports.gexf(queries.events(at.connection, _wanted(at)), at.now)


def _wanted(at: Look) -> EventFilter:
    return EventFilter(actor=at.code("party"), since=at.date("since"), until=at.date("until"), limit=MOST)


DOWNLOADS: tuple[tuple[str, str, str, Any], ...] = (
    ("/acts.atom", "application/atom+xml; charset=utf-8", "Vorgänge als Atom-Feed", acts),
    ("/calendar.ics", "text/calendar; charset=utf-8", "Termine als Kalender (iCalendar)", calendar),
    (
        "/events.jsonl",
        "application/jsonl; charset=utf-8",
        "Ereignisse in PLOVERs Namen, eine Zeile je Ereignis",
        events(exports.plover),
    ),
    ("/events.csv", "text/csv; charset=utf-8", "Ereignisse als Tabelle", events(exports.csv_lines)),
    (
        "/events.tsv",
        "text/tab-separated-values; charset=utf-8",
        "Ereignisse wie in GDELT (CAMEO)",
        events(exports.cameo),
    ),
    ("/actors.gexf", "application/xml; charset=utf-8", "Netz der Akteure für Gephi", network),
)
"""Path, media type, what it is, and what writes it."""


def page(at: Look) -> dict[str, Any]:
    return {
        "subscribe": [(path, told) for path, _, told, _ in DOWNLOADS[:2]],
        "downloads": [(path, told) for path, _, told, _ in DOWNLOADS[2:]],
        "most": MOST,
    }
