"""`depesche events`: the stored events, each with its sentence."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from flows.cli import OK, add_database, add_json, count, on_a_terminal, show_json
from flows.commands.choosing import add_filter, archive_of, check_publishers, filter_of, newest

if TYPE_CHECKING:
    from storage.queries import Matrix, StoredEvent

EPILOG = """\
examples:
  depesche events                                      the twenty that were last learned of
  depesche events --actor RUS --other NATO             what passed between the two
  depesche events --actor RUS --other NATO --directed  what the one did to the other
  depesche events --type CONSULT --status planned      announced meetings, as the articles tell them
  depesche events --since 2022-01-01 --place Geneva    by the acts' own days and places
  depesche events --text "Garantien -Gas"              in articles with these words
  depesche events --as-known-on 2022-01-10T16:00       what the archive believed then
  depesche events --json                               for machines: PLOVER's names, as in 'depesche export plover'
  depesche events --matrix --type THREATEN --status past --status ongoing
                                                       instead: who threatened whom in how many acts

Types and statuses: depesche events --list-types
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    add_filter(parser)
    parser.add_argument("--limit", type=count, default=20, help="at most so many (default 20)")
    parser.add_argument("--matrix", action="store_true", help="how many acts of whom to whom, of all that fit")
    add_json(parser)
    parser.add_argument("--list-types", action="store_true", help="list types, modes and statuses")


def run(args: argparse.Namespace) -> int:
    if args.list_types:
        return _list_types(as_json=args.json)
    from storage import queries
    from storage.exports import plover_record

    wanted = filter_of(args)
    with archive_of(args) as connection:
        check_publishers(connection, wanted)
        if args.matrix:
            return _matrix(queries.matrix(queries.dealings(connection, wanted)), as_json=args.json)
        found, more = newest(queries.events(connection, replace(wanted, limit=args.limit + 1)), args.limit)
    if args.json:
        show_json(events=[plover_record(stored) for stored in found], more=more)
        return OK
    for stored in found:
        print(_paragraph(stored))
    if not found:
        print("no such event", file=sys.stderr)
    return OK


def _paragraph(stored: StoredEvent) -> str:
    from extractors.model import BERLIN

    event = stored.event
    who = ", ".join(actor.code for actor in event.actors) or "?"
    whom = ", ".join(actor.code for actor in event.recipients)
    facts = [
        f"{event.type} {event.mode}".strip(),
        event.status.value,
        f"{who} → {whom}" if whom else who,
        f"on {event.when.iso}" if event.when else "",
        f"in {event.place.name}" if event.place else "",
        f"says {event.speaker.code}" if event.speaker else "",
        "reviewed" if stored.reviewed else f"{event.confidence:.2f}",
        "copy" if stored.copied else "",
    ]
    dated = stored.stand or stored.published_at
    origin = f"{stored.publisher}, {dated.astimezone(BERLIN):%Y-%m-%d %H:%M}" if dated else stored.publisher
    return f"{stored.uid}  {'  '.join(filter(None, facts))}\n    „{event.evidence.quote}“\n    {origin}: {stored.url}\n"


WIDEST = 10
"""Columns of a matrix on a terminal; a pipe gets all of it."""


def _matrix(found: Matrix, *, as_json: bool) -> int:
    """A table on a terminal; in a pipe a line for each two: who, whom, how many acts, the most first."""
    from flows.commands.tables import show_table

    pairs = sorted(found.cells.items(), key=lambda it: (-it[1], it[0]))
    if as_json:
        show_json(pairs=[{"actor": who, "recipient": whom, "acts": acts} for (who, whom), acts in pairs])
    elif not pairs:
        print("no such act of somebody to somebody", file=sys.stderr)
    elif on_a_terminal():
        bearers = found.bearers
        shown = bearers[:WIDEST]
        rows = [
            [who, *(str(found.cells.get((who, whom), "")) for whom in shown), str(found.acting[who])]
            for who in found.doers
        ]
        show_table(["who", *shown, "in all"], rows, numbers=len(shown) + 1)
        if more := bearers[WIDEST:]:
            print(f"also towards {', '.join(more)}: all in a pipe", file=sys.stderr)
    else:
        for (who, whom), acts in pairs:
            print(f"{who}\t{whom}\t{acts}")
    return OK


def _list_types(*, as_json: bool) -> int:
    from extractors.ontology import EventType, Status, modes

    if as_json:
        types = {str(type_): [str(mode) for mode in modes(type_)] for type_ in EventType}
        show_json(types=types, statuses=[str(status) for status in Status])
        return OK
    for type_ in EventType:
        print(f"{type_:10} {', '.join(modes(type_))}".rstrip())
    print(f"statuses   {', '.join(Status)}")
    return OK
