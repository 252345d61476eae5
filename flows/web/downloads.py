"""What others subscribe to or take away: the calendar, the feed of acts, events and the network of actors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from extractors.model import SURE
from flows.alerts.wording import headline_of
from flows.place_names import meeting_told
from flows.web import answers, pages, searching
from flows.web.asking import Look, Unreadable
from flows.web.wording import Words
from storage import exports, queries, room_queries
from storage.queries import Act, StoredEvent
from storage.tracking import Change, Meeting

MOST = 2500
"""Events in a download; the command line exports all."""
FEED_ACTS = 50


def refuse_strangers(at: Look) -> None:
    """Raises Unreadable for a party that nobody is called by: an empty download would say that nothing happened."""
    if strangers := answers.strangers(at):
        raise Unreadable(f"{at.w('So heißt im Archiv niemand:')} {', '.join(strangers)}")


def refuse_others(at: Look, path: str) -> None:
    """Raises Unreadable for a filter that a download does not have: all of the archive would pass for what was asked for."""
    has = FILTERS.get(path, OF_EVENTS)
    if others := [name for name, given in at.params.items() if given.strip() and name not in has]:
        w = at.w
        raise Unreadable(
            f"{w('Danach filtert diese Ausgabe nicht:')} {', '.join(others)}. {w('Es gibt:')} {', '.join(has)}"
        )


def calendar(at: Look, address: str) -> Iterable[str | bytes]:
    party, states = at.code("party"), answers.meeting_states(at)
    kept = answers.told_meetings(at, party=party, states=states, merged=True)
    told = [(meeting_told(each, at.w.language), steps) for each, steps in kept]
    sure = room_queries.sure_steps(at.connection, told)
    name = " ".join([f"Depesche: {at.w('Termine')}", *filter(None, [party]), *map(at.w.state, states)])
    yield exports.icalendar(told, at.now, name=name, describe=partial(_described, at.w, sure), home=address)


def _described(w: Words, sure: Mapping[str, float], meeting: Meeting, changes: Sequence[Change]) -> Iterator[str]:
    if meeting.merged_into:
        yield w("derselbe Termin wie ein anderer dieses Kalenders")
        return
    yield f"{w.state(meeting.state)}: {', '.join(meeting.parties)}"
    surety = pages.surety(changes, sure)
    if any(change.event for change in changes) and surety < 1.0:
        yield f"{w('sicher') if surety >= SURE else w('unsicher')} {w.percent(surety)}"
    if meeting.outcome:
        yield w.outcome(meeting.outcome)
    for change in changes:
        if change.quote:
            yield f"{w.day(change.at.astimezone(w.zone).date())} {w.state(change.state)}: {change.quote}"


def acts(at: Look, address: str) -> Iterable[str | bytes]:
    party = at.code("party")
    told = told_acts(at.connection, party=party, limit=FEED_ACTS, language=at.w.language)
    title = f"Depesche: {at.w('Vorgänge')}{f' {party}' if party else ''}"
    return exports.atom(told, at.now, title=title, home=address, party=party)


def told_acts(
    connection: Connection, *, party: str = "", limit: int, language: str
) -> Iterator[tuple[Act, tuple[StoredEvent, ...]]]:
    """The acts last learned of with their reports, each called by what it is shown by: a reviewer may have changed it.

    It changed then: a reader of the feed looks only at what did.
    """
    found = queries.acts(connection, party=party, limit=limit)
    reviewed = queries.reviewed_at(connection, [act.uid for act in found])
    for act in found:
        told = queries.reports(connection, act.uid)
        shown = pages.lead(told).event
        changed = max(act.updated_at, reviewed.get(act.uid, act.updated_at))
        yield replace(act, title=headline_of(shown, language), type=shown.type, updated_at=changed), told


def events(write: Callable[..., Iterator[str]]) -> Any:
    def told(at: Look, address: str) -> Iterable[str | bytes]:
        found, note = _newest(at)
        return write(found, note=note)

    return told


def _spreadsheet(found: Iterable[StoredEvent], note: str = "") -> Iterator[str]:
    """CSV that opens with a click: without the byte order mark Excel takes UTF-8 for another encoding."""
    yield "\ufeff"
    yield from exports.csv_lines(found, note=note)


def network(at: Look, address: str) -> Iterable[str | bytes]:
    found, note = _newest(at)
    return exports.gexf(found, at.now, called=at.w.party, note=note)


def _newest(at: Look) -> tuple[Sequence[StoredEvent], str]:
    """The events of a download, and what it says where there are more."""
    wanted = replace(answers.event_filter(at), text=at.text("q"), limit=MOST + 1)
    found = queries.events(at.connection, wanted)
    if len(found) <= MOST:
        return found, ""
    w = at.w
    return found[:MOST], f"{w('Nur die neuesten Ereignisse:')} {w.number(MOST)}. {w('Alle:')} depesche export"


DOWNLOADS: tuple[tuple[str, str, str, Any], ...] = (
    ("/acts.atom", "application/atom+xml; charset=utf-8", "Vorgänge als Atom-Feed", acts),
    ("/calendar.ics", "text/calendar; charset=utf-8", "Termine als Kalender (iCalendar)", calendar),
    (
        "/events.jsonl",
        "application/jsonl; charset=utf-8",
        "Ereignisse in PLOVERs Namen, eine Zeile je Ereignis",
        events(exports.plover),
    ),
    ("/events.csv", "text/csv; charset=utf-8", "Ereignisse als Tabelle", events(_spreadsheet)),
    (
        "/events.tsv",
        "text/tab-separated-values; charset=utf-8",
        "Ereignisse wie in GDELT (CAMEO)",
        events(exports.cameo),
    ),
    ("/actors.gexf", "application/xml; charset=utf-8", "Netz der Akteure für Gephi", network),
)
"""Path, media type, what it is, and what writes it."""

OF_EVENTS = (*searching.NARROWING, "directed", "publisher", "q")
"""The filters of downloads of events: those of the search, but for what was believed on a day."""
FILTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"/acts.atom": ("party",), "/calendar.ics": ("party", "state")}
)
"""The filters of the other downloads."""


def page(at: Look) -> dict[str, Any]:
    return {
        "subscribe": [(path, told) for path, _, told, _ in DOWNLOADS[:2]],
        "downloads": [(path, told) for path, _, told, _ in DOWNLOADS[2:]],
        "most": MOST,
        "choices": answers.choices(at),
        "asked": pages.Asked(values=at.params),
    }
