"""`depesche export`: the archive in the formats that others read."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from flows.cli import OK, UsageError, add_database
from flows.commands.choosing import CHOOSING, add_filter, archive_of, check_publishers, filter_of
from flows.inputs import output

if TYPE_CHECKING:
    from storage.queries import EventFilter

EPILOG = """\
examples:
  depesche export plover > events.jsonl                   PLOVER's names; announced meetings are AGREE there
  depesche export cameo -o events.tsv                     a line for each dyad, CAMEO root codes, GDELT's column names
  depesche export csv --type SANCTION -o sanctions.csv    for spreadsheets, formula cells made harmless
  depesche export parquet -o events.parquet               needs pyarrow
  depesche export gexf --since 2022-01-01 -o net.gexf     the network of actors, for Gephi
  depesche export ics --party UKR -o termine.ics          meetings, of all or of a party
  depesche export atom -o acts.atom                       the newest acts
  depesche export gold -o corrected.jsonl                 the articles that reviewers corrected, as gold labels

The options that choose events are those of 'depesche events'; ics and atom take --party of them, gold takes none.
"""

TAKEN = MappingProxyType({"ics": ("actor", "home"), "atom": ("actor", "home"), "gold": ()})
"""The options of formats that are not of events alone, by which what they hold is chosen, or linked."""

FORMATS = ("plover", "cameo", "csv", "parquet", "gexf", "ics", "atom", "gold")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("-o", "--output", type=Path, help="file to write (default: standard output)")
    add_database(parser)
    parser.add_argument("--home", default="", help="ics, atom: address of the reading room, for links")
    add_filter(parser)


def run(args: argparse.Namespace) -> int:
    _refuse_others(args)
    if args.format == "parquet":
        return _parquet(args)
    with archive_of(args) as connection, output(args.output) as out:
        for piece in _pieces(args, connection):
            out.write(piece if isinstance(piece, bytes) else piece.encode())
    return OK


def _refuse_others(args: argparse.Namespace) -> None:
    """Raises UsageError for an option that the format does not have: all of the archive would pass for what was asked for."""
    taken = TAKEN.get(args.format, CHOOSING)
    others = [name for name in (*CHOOSING, "home") if getattr(args, name) and name not in taken]
    if others:
        options = ", ".join("--" + name.replace("_", "-") for name in others)
        raise UsageError(f"{args.format} has no {options}; 'depesche export --help' says which options are of what")


def _pieces(args: argparse.Namespace, connection: Any) -> Iterable[str | bytes]:
    from storage import exports, queries

    now = datetime.now(UTC)
    if args.format == "ics":
        meetings = queries.meetings(connection, party=args.actor, merged=True, now=now)
        return [exports.icalendar(queries.with_changes(connection, meetings), now, home=args.home)]
    if args.format == "atom":
        from flows.web.downloads import told_acts

        told = told_acts(connection, party=args.actor, limit=100, language="de")
        return exports.atom(told, now, home=args.home, party=args.actor)
    if args.format == "gold":
        return exports.gold(_corrected(connection))
    events = exports.all_events(connection, _wanted(args, connection))
    if args.format == "gexf":
        from extractors.actors import name_of

        return exports.gexf(events, now, called=name_of)
    return exports.FORMATS[args.format](events)


def _wanted(args: argparse.Namespace, connection: Any) -> EventFilter:
    wanted = filter_of(args)
    check_publishers(connection, wanted)
    return wanted


def _corrected(connection: Any) -> Iterable[Any]:
    from storage import queries
    from storage.reviewing import Review

    ids = dict.fromkeys(correction.article_id for correction in Review(connection).corrections())
    return (article for each in ids if (article := queries.article(connection, each)) is not None)


def _parquet(args: argparse.Namespace) -> int:
    from storage import exports

    if args.output is None:
        raise UsageError("parquet goes into a file: name it with -o events.parquet")
    with archive_of(args) as connection, output(args.output) as out:
        try:
            exports.parquet(exports.all_events(connection, _wanted(args, connection)), out)
        except exports.NoParquet as error:
            raise UsageError(str(error)) from None
    return OK
