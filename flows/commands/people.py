"""`depesche people`: office holders whom the tables do not have, as articles introduce them; confirm, refuse or add one."""

from __future__ import annotations

import argparse
import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.cli import OK, UsageError, add_json, caller, count, show_json, tell

if TYPE_CHECKING:
    from storage.people import Listed, People

EPILOG = """\
examples:
  depesche people                               whom several articles introduce: name, office, state, the sentence
  depesche people --least 1 --json              also whom one article introduces; for machines, with every field
  depesche people confirm Liis Kangro           known from the first article that introduces her, until you say otherwise
  depesche people confirm Liis Kangro --to 2028-05-01
                                                … until that day, the last one in office
  depesche people refuse Liis Kangro            never known, whatever articles say
  depesche people add Annika Kirkelund --code EST --office Außenministerin --from 2028-05-02
                                                known before any article introduces her

states: proposed (too few articles, or they disagree), known, faded (nobody has introduced them for a year), confirmed, refused.
What you say holds from the next pass on; articles that were read before are read so when they are recoded.
"""
ACTIONS = ("list", "add", "confirm", "refuse")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=list(ACTIONS), nargs="?", default="list")
    parser.add_argument("name", nargs="*", metavar="NAME", help="the full name, as articles have it")
    parser.add_argument("--code", default="", help="add, confirm: whose the office is (EST, NATO …)")
    parser.add_argument("--office", default="", help="add, confirm: the title, as articles have it")
    parser.add_argument("--from", dest="since", default="", metavar="DAY", help="first day in office (2028-05-02)")
    parser.add_argument("--to", dest="until", default="", metavar="DAY", help="last day in office (default: no end)")
    parser.add_argument(
        "--least", type=count, default=2, metavar="N", help="list: names of so many articles (default: 2)"
    )
    parser.add_argument("--author", help="who says so (default: the user's name)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    from flows.settings import load
    from storage.archive import opened
    from storage.engine import known_archive

    if args.action == "list":
        _check_list(args)
    elif not args.name:
        raise UsageError(f"whom? depesche people {args.action} NAME")
    verbs = {"list": _list, "add": _confirm, "confirm": _confirm, "refuse": _refuse}
    with known_archive(load(args.config).database_url) as engine:
        try:
            with opened(engine) as archive:
                return verbs[args.action](args, archive.people, datetime.now(UTC))
        except ValueError as error:
            raise UsageError(str(error)) from None


def _check_list(args: argparse.Namespace) -> None:
    if args.name or args.code or args.office or args.since or args.until:
        raise UsageError("list takes no name, code, office or days: say add, confirm or refuse")


def _list(args: argparse.Namespace, people: People, now: datetime) -> int:
    lines = people.listed(now.date(), least=args.least)
    if args.json:
        show_json(people=[dataclasses.asdict(line) for line in lines])
        return OK
    for line in lines:
        print(_block(line))
    if not lines:
        print("nobody: no article has introduced somebody into an office whom the tables do not have")
    return OK


def _refuse(args: argparse.Namespace, people: People, now: datetime) -> int:
    from flows.people import refuse

    name = refuse(people, " ".join(args.name), args.author or caller(), now)
    tell(args, f"{name} is refused", name=name, state="refused")
    return OK


def _confirm(args: argparse.Namespace, people: People, now: datetime) -> int:
    from flows.people import confirm

    if args.action == "add" and not (args.code and args.office):
        raise UsageError("add needs --code and --office; 'confirm' takes them from what articles say")
    said = {"code": args.code, "office": args.office, "since": args.since, "until": args.until}
    held = confirm(people, " ".join(args.name), args.author or caller(), now, **said)
    end = f" until {held.until}" if held.until else ""
    office = held.offices[0]
    facts = {"name": held.name, "code": held.code, "office": office, "since": held.since, "until": held.until}
    tell(args, f"{held.name} is {held.code}, {office}, from {held.since}{end}", **facts, state="confirmed")
    return OK


def _block(line: Listed) -> str:
    days = f"{line.first} to {line.last}" if line.first else "no article"
    facts = [
        f"{line.articles} article{'s' * (line.articles != 1)} of {line.houses} house{'s' * (line.houses != 1)}",
        days,
    ]
    facts += [f"in office from {line.since or '…'} to {line.until or '…'}"] if line.since or line.until else []
    facts += [f"otherwise {code}: {number}" for code, number in line.others.items()]
    facts += [f"by {line.author}"] if line.author else []
    rows = [f"{line.state:<9} {line.name}  {line.code}  {line.office}", "    " + "; ".join(facts)]
    return "\n".join([*rows, f"    „{line.quote}“"] if line.quote else rows)
