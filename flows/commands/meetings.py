"""`depesche meetings`: announced meetings and what became of them, also as a calendar."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from extractors.stories.states import State
from flows.cli import OK, UsageError, add_database, add_json, day, party, show_json
from flows.commands.choosing import archive_of, check_days, record_of
from flows.inputs import output

if TYPE_CHECKING:
    from storage.tracking import Change, Meeting

EPILOG = """\
examples:
  depesche meetings                         what is coming, from today on
  depesche meetings --all                   the past ones too
  depesche meetings --state overdue         those whose day is past and of which nobody reported
  depesche meetings --state cancelled --all
  depesche meetings --party RUS --history   each with its steps and sentences
  depesche meetings --ics > termine.ics     for a calendar; subscribe to it in the reading room
  depesche meetings --json                  for machines, always with the steps

States: announced, confirmed, moved, held, cancelled, overdue (its day is past and nobody reported).
"""

STATES = tuple(state.value for state in State)
OVER = frozenset({State.HELD.value, State.OVERDUE.value})
"""states in which a meeting's day is past: who asks for one does not mean those to come"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--all", action="store_true", help="the past ones too")
    parser.add_argument(
        "--since", type=day, metavar="DAY", help="from this day on (default: today, but for states of the past)"
    )
    parser.add_argument("--until", type=day, metavar="DAY", help="up to this day")
    parser.add_argument("--state", action="append", default=[], choices=STATES, help="only these (repeatable)")
    parser.add_argument("--party", type=party, default="", metavar="CODE", help="only with this party")
    parser.add_argument("--history", action="store_true", help="each step with its sentence")
    parser.add_argument("--ics", action="store_true", help="as iCalendar")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    if args.ics and args.json:
        raise UsageError("--ics and --json exclude each other")
    check_days(args)
    from extractors.model import BERLIN
    from storage import queries
    from storage.exports import icalendar

    now = datetime.now(UTC)
    today = now.astimezone(BERLIN).date()
    with archive_of(args) as connection:
        found = queries.meetings(
            connection,
            since=args.since or (None if _past_ones_too(args, today) else today),
            until=args.until,
            states=args.state,
            party=args.party,
            merged=args.ics,
            now=now,
        )
        told = queries.with_changes(connection, found)
    if args.ics:
        with output(None) as out:
            out.write(icalendar(told, now))
        return OK
    if args.json:
        show_json(meetings=[{**record_of(each), "changes": list(map(record_of, steps))} for each, steps in told])
        return OK
    for meeting, changes in told:
        print(_lines(meeting, changes if args.history else ()))
    if not told:
        print("no such meeting", file=sys.stderr)
    return OK


def _past_ones_too(args: argparse.Namespace, today: date) -> bool:
    """Whether meetings before today are asked for, which are left out else.

    A calendar needs them, the cancelled and the merged, as subscribers would keep what is simply left out.
    """
    ended = args.until is not None and args.until < today
    return args.all or args.ics or ended or not OVER.isdisjoint(args.state)


def _lines(meeting: Meeting, changes: tuple[Change, ...]) -> str:
    from extractors.model import BERLIN

    lines = [f"{_days(meeting.day_first, meeting.day_last):24} {meeting.state:10} {meeting.who_and_where}"]
    for change in changes:
        day = _days(change.day_first, change.day_last) if change.day_first else ""
        planned = ", ".join(filter(None, (day, change.place)))
        known = f"{change.at.astimezone(BERLIN):%Y-%m-%d %H:%M} {change.state}"
        lines.append(f"    {known}{f' ({planned})' if planned else ''}: {change.quote or change.reason}")
    return "\n".join(lines)


def _days(first: date | None, last: date | None) -> str:
    if first is None:
        return "no day yet"
    return f"{first:%a %Y-%m-%d}" if last in (None, first) else f"{first} to {last}"
