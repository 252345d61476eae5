"""`depesche demands`: who demanded what of whom, and what came of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from extractors.stories.states import Answer
from flows.cli import OK, add_database, add_json, count, day, on_a_terminal, party, show_json
from flows.commands.choosing import archive_of, check_days, newest, record_of
from flows.commands.tables import show_table

if TYPE_CHECKING:
    from flows.web.pages import DemandLine
    from storage.tracking import Change

EPILOG = """\
examples:
  depesche demands                              the twenty of which something was last heard
  depesche demands --by RUS --to NATO           what the one demands of the other
  depesche demands --party UKR --state refused  what was refused to Ukraine, or by it
  depesche demands --since 2028-01-10           demanded, demanded again or answered since that day
  depesche demands --text "Abzug -Belarus"      by words in the demand or in an answer to it
  depesche demands --history                    each with its steps and sentences
  depesche demands --json                       for machines, always with the steps

States: open, refused, conceded, conditioned, withdrawn. Columns on a terminal, lines in a pipe; the day is that of the last step.
"""

STATES = tuple(answer.value for answer in Answer)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    parser.add_argument("--by", type=party, default="", metavar="CODE", help="who demands")
    parser.add_argument("--to", type=party, default="", metavar="CODE", help="of whom it is demanded")
    parser.add_argument("--party", type=party, default="", metavar="CODE", help="a party on either side")
    parser.add_argument("--other", type=party, default="", metavar="CODE", help="a second party on either side")
    parser.add_argument("--state", action="append", default=[], choices=STATES, help="only these (repeatable)")
    parser.add_argument("--since", type=day, metavar="DAY", help="with a step on or after this day")
    parser.add_argument("--until", type=day, metavar="DAY", help="with a step up to this day")
    parser.add_argument("--text", default="", metavar="WORDS", help='words in its sentences; "a phrase", -without')
    parser.add_argument("--limit", type=count, default=20, help="at most so many (default 20)")
    parser.add_argument("--history", action="store_true", help="each step with its sentence")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    check_days(args)
    from flows.web import pages
    from storage import queries, room_queries

    with archive_of(args) as connection:
        told = queries.demands(
            connection,
            party=args.party,
            other=args.other,
            by=args.by,
            to=args.to,
            states=args.state,
            since=_begin(args.since) if args.since else None,
            before=_begin(args.until + timedelta(days=1)) if args.until else None,
            words=args.text,
            limit=args.limit + 1,
        )
        told, more = newest(told, args.limit)
        sure = room_queries.sure_steps(connection, told)
    lines = pages.demand_lines(told, sure)
    if args.json:
        show_json(demands=[_record(line, sure) for line in lines], more=more)
        return OK
    if on_a_terminal() and not args.history and lines:
        rows = [(*_facts(line), line.demand.content) for line in lines]
        show_table(("last step", "state", "who → of whom", "sure", "what"), rows)
        return OK
    for line in lines:
        print(_told(line, history=args.history))
    if not lines:
        print("no such demand", file=sys.stderr)
    return OK


def _begin(day: date) -> datetime:
    from extractors.model import BERLIN

    return datetime.combine(day, time(), BERLIN)


def _facts(line: DemandLine) -> tuple[str, str, str, str]:
    """The day of the last step, the state and whose answer it is, the parties, and how sure the surest sentence is."""
    from extractors.model import BERLIN, whole_percent

    demand = line.demand
    last = max((change.at for change in line.changes), default=demand.updated_at)
    answer = next((change for change in reversed(line.changes) if change.state == demand.state != Answer.OPEN), None)
    who, whom = (", ".join(codes) for codes in (demand.demanders, demand.addressees))
    return (
        f"{last.astimezone(BERLIN):%Y-%m-%d}" if last else "",
        demand.state if answer is None else _step(line, answer),
        f"{who or '?'} → {whom or '?'}",
        f"{whole_percent(line.surety)} %",
    )


def _told(line: DemandLine, *, history: bool) -> str:
    from extractors.model import BERLIN

    day, state, sides, sure = _facts(line)
    lines = [f"{day}  {state:14}  {sides}  {sure}  „{line.demand.content}“"]
    for change, others in line.steps if history else ():
        more = f" and {len(others)} more" if others else ""
        lines.append(f"    {change.at.astimezone(BERLIN):%Y-%m-%d %H:%M} {_step(line, change)}{more}: {change.quote}")
    return "\n".join(lines)


def _step(line: DemandLine, change: Change) -> str:
    """What was done by whom; a step that is more likely misread than not says how sure it is."""
    from extractors.model import SURE, whole_percent

    step = "demanded" if change.state == Answer.OPEN else change.state
    by = f" by {', '.join(change.by.split())}" if change.by else ""
    doubt = f" ({whole_percent(line.of(change))} %)" if line.of(change) < SURE else ""
    return f"{step}{by}{doubt}"


def _record(line: DemandLine, sure: Mapping[str, float]) -> dict[str, Any]:
    changes = [{**record_of(each), "confidence": sure.get(each.event)} for each in line.changes]
    return {**record_of(line.demand), "confidence": line.surety, "changes": changes}
