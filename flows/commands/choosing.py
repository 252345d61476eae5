"""What several commands ask of the archive alike: which one it is, which events of it, of which days, and how many."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from flows.cli import UsageError, day, known, party, share

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.queries import EventFilter
    from storage.tracking import Change, Demand, Meeting

Found = TypeVar("Found")


def database_url(args: argparse.Namespace) -> str:
    """`--database`, or the settings' one."""
    from flows.settings import load

    return str(args.database) if args.database else load(args.config).database_url


@contextlib.contextmanager
def archive_of(args: argparse.Namespace) -> Iterator[Connection]:
    """A connection for reading the archive that the arguments name."""
    from storage.engine import known_archive, reading

    with known_archive(database_url(args)) as engine, reading(engine) as connection:
        yield connection


def add_filter(parser: argparse.ArgumentParser) -> None:
    """The options by which `events` and `export` choose; `filter_of` reads them."""
    parser.add_argument("--type", action="append", default=[], help="event type, e.g. CONSULT (repeatable)")
    parser.add_argument("--status", action="append", default=[], help="status, e.g. planned (repeatable)")
    parser.add_argument(
        *("--actor", "--party"), type=party, default="", metavar="CODE", help="a party by its code or name, in any role"
    )
    parser.add_argument("--other", type=party, default="", metavar="CODE", help="a second party")
    parser.add_argument("--directed", action="store_true", help="only where --actor acts and --other is acted upon")
    parser.add_argument("--speaker", type=party, default="", metavar="CODE", help="who said so")
    parser.add_argument("--place", default="", help="place, in German or English, or country code")
    parser.add_argument("--publisher", action="append", default=[], help="house (repeatable)")
    parser.add_argument("--since", type=day, metavar="DAY", help="acts that begin on this day, as 2022-01-10, or later")
    parser.add_argument("--until", type=day, metavar="DAY", help="acts that begin by this day")
    parser.add_argument("--text", default="", metavar="WORDS", help='words in the article; "a phrase", -without')
    parser.add_argument("--min-confidence", type=share, default=0.0, metavar="0..1")
    parser.add_argument("--originals", action="store_true", help="without reports that copy others")
    parser.add_argument(
        "--as-known-on", type=known, metavar="TIME", help="what the archive believed then; of a day at its end"
    )


CHOOSING = (
    *("type", "status", "actor", "other", "directed", "speaker", "place", "publisher", "since", "until", "text"),
    *("min_confidence", "originals", "as_known_on"),
)
"""What the options of `add_filter` are called; each is false where it is not given."""


def check_days(args: argparse.Namespace) -> None:
    """Raises UsageError for a period that is turned round: an empty list would say that nothing happened."""
    if args.since is not None and args.until is not None and args.since > args.until:
        raise UsageError("--since and --until: the first day is after the last")


def check_publishers(connection: Connection, wanted: EventFilter) -> None:
    """Raises UsageError for a house that has no article here: an empty list would say that it told nothing."""
    from storage import room_queries

    for name in wanted.publishers:
        if not room_queries.is_publisher(connection, name):
            there = ", ".join(room_queries.publishers(connection))
            raise UsageError(f"no article is by a publisher {name!r}; there are: {there or 'none yet'}")


def filter_of(args: argparse.Namespace) -> EventFilter:
    """What the options ask for. Raises UsageError for a type or status that there is not, or days turned round."""
    from extractors.ontology import EventType, Status
    from flows.place_names import called
    from storage.queries import EventFilter

    check_days(args)
    actor, other = args.actor, args.other
    if args.directed and not (actor or other):
        raise UsageError("--directed needs --actor, --other or both: who acts, and who is acted upon")
    return EventFilter(
        types=_among(args.type, EventType, "event type"),
        statuses=_among(args.status, Status, "status"),
        actor="" if args.directed else actor,
        other="" if args.directed else other,
        actors=[actor] if args.directed and actor else [],
        recipients=[other] if args.directed and other else [],
        speaker=args.speaker,
        places=called(args.place),
        publishers=args.publisher,
        since=args.since,
        until=args.until,
        text=args.text,
        min_confidence=args.min_confidence,
        originals_only=args.originals,
        as_known_on=args.as_known_on,
        limit=getattr(args, "limit", 100),
    )


def _among(given: list[str], names: Any, what: str) -> tuple[str, ...]:
    known = {str(name).lower(): str(name) for name in names}
    for each in given:
        if each.lower() not in known:
            raise UsageError(f"no {what} {each!r}; there are: {', '.join(known.values())}")
    return tuple(known[each.lower()] for each in given)


def record_of(kept: Meeting | Demand | Change) -> dict[str, Any]:
    """One as JSON has it, without what linking remembers of it; none that is listed was merged."""
    from flows.sandbox import adapter

    record: dict[str, Any] = adapter(type(kept)).dump_python(kept, mode="json", exclude={"detail", "merged_into"})
    return record


def newest(found: tuple[Found, ...], limit: int) -> tuple[tuple[Found, ...], bool]:
    """The first `limit` of `found`, and whether it has one more: standard error says so."""
    more = len(found) > limit
    if more:
        print(f"the newest {limit}, and there are more: --limit N", file=sys.stderr)
    return found[:limit], more
