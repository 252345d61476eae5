"""`depesche export`: the archive in the formats that others read."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.cli import OK, UsageError, add_database
from flows.commands.choosing import add_filter, archive_of, check_publishers, filter_of
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
  depesche export ics -o termine.ics                      meetings
  depesche export atom -o acts.atom                       the newest acts
  depesche export gold -o corrected.jsonl                 the articles that reviewers corrected, as gold labels

The options that choose events are those of 'depesche events'; they do not apply to ics, atom and gold.
"""

FORMATS = ("plover", "cameo", "csv", "parquet", "gexf", "ics", "atom", "gold")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("-o", "--output", type=Path, help="file to write (default: standard output)")
    add_database(parser)
    parser.add_argument("--home", default="", help="atom: address of the reading room, for links")
    add_filter(parser)


def run(args: argparse.Namespace) -> int:
    if args.format == "parquet":
        return _parquet(args)
    with archive_of(args) as connection, output(args.output) as out:
        for piece in _pieces(args, connection):
            out.write(piece if isinstance(piece, bytes) else piece.encode())
    return OK


def _pieces(args: argparse.Namespace, connection: Any) -> Iterable[str | bytes]:
    from storage import exports, queries

    now = datetime.now(UTC)
    if args.format == "ics":
        return [exports.icalendar(queries.with_changes(connection, queries.meetings(connection, now=now)), now)]
    if args.format == "atom":
        from flows.web.downloads import told_acts

        return exports.atom(told_acts(connection, limit=100, language="de"), now, home=args.home)
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
