"""`depesche review`: correct what the machine coded; a correction is kept beside it and wins in all views."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli import OK, UsageError, add_json, caller, count, show_json, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractors.model import Actor, Event
    from storage.archive import Archive
    from storage.reviewing import Correction

EPILOG = """\
examples:
  depesche review                                      corrections that lost their hold in a recode and wait
  depesche review 3f2a9c wrong --comment "no act"      an event is not one
  depesche review 3f2a9c right                         an event is right
  depesche review 3f2a9c changed --type REJECT --actors NATO --recipients RUS
  depesche review --withdraw 12                        take a correction back; the machine's word counts again
  depesche review --merge act_1 --into act_2           two acts are one; the older id stays, the other leads to it
  depesche review --export corrections.jsonl           all corrections as JSON lines, each event in the gold format
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("event", nargs="?", help="id of the event, or its beginning ('depesche events' shows it)")
    parser.add_argument("verdict", nargs="?", choices=["right", "wrong", "changed"])
    parser.add_argument("--type", default="", help="the right event type")
    parser.add_argument("--status", default="", help="the right status")
    parser.add_argument("--actors", help="the right actor codes, separated by commas")
    parser.add_argument("--recipients", help="the right recipient codes, separated by commas")
    parser.add_argument("--comment", default="", help="why")
    parser.add_argument("--author", help="who says so (default: the user's name)")
    parser.add_argument("--withdraw", type=count, metavar="NUMBER", help="take this correction back")
    parser.add_argument("--merge", metavar="ACT", help="an act that is the same as another")
    parser.add_argument("--into", metavar="ACT", help="the other one, with --merge")
    add_json(parser)
    parser.add_argument("--export", type=Path, metavar="FILE", help="write all corrections as JSON lines")


def run(args: argparse.Namespace) -> int:
    from flows.settings import load
    from storage.archive import opened
    from storage.engine import known_archive
    from storage.reviewing import NotThere

    with known_archive(load(args.config).database_url) as engine:
        try:
            with opened(engine) as archive:
                return _asked(args, archive)
        except (NotThere, ValueError) as error:
            raise UsageError(str(error)) from None


def _asked(args: argparse.Namespace, archive: Archive) -> int:
    if args.export:
        return export(args, archive)
    if args.merge:
        return merge(args, archive)
    if args.withdraw is not None:
        return withdraw(args, archive)
    if not args.event:
        return waiting(archive.review.corrections(waiting=True), as_json=args.json)
    return correct(args, archive)


def correct(args: argparse.Namespace, archive: Archive) -> int:
    from storage import queries

    if args.verdict != "changed":
        for name in ("type", "status", "actors", "recipients"):
            if getattr(args, name):
                raise UsageError(f"--{name} belongs to changed: nothing else of it would be kept")
    if not queries.named(archive.connection, args.event.lower()):
        _say_who_ended(archive, args.event.lower())
    stored = queries.event(archive.connection, whole_id(archive, args.event))
    if stored is None or not args.verdict:
        raise UsageError(f"no event {args.event}" if stored is None else "say right, wrong or changed")
    number = archive.review.correct(
        stored.uid,
        args.verdict,
        args.author or caller(),
        datetime.now(UTC),
        changed=changed_event(args, stored.event) if args.verdict == "changed" else None,
        comment=args.comment,
    )
    tell(args, f"correction {number}: {args.verdict}", id=number, event=stored.uid, verdict=args.verdict)
    return OK


def _say_who_ended(archive: Archive, begun: str) -> None:
    """Raises UsageError for an event that a correction ended: it names the correction, by which that is taken back."""
    for one in archive.review.corrections():
        if one.event.startswith(begun):
            raise UsageError(
                f"{one.author} called it {one.verdict} in correction {one.id}: "
                f"'depesche review --withdraw {one.id}' takes that back"
            )


def whole_id(archive: Archive, begun: str) -> str:
    """The id of the only event that is believed and begins so; what was asked for if there is none."""
    from storage import queries

    found = queries.named(archive.connection, begun.lower())
    if len(found) > 1:
        raise UsageError(f"several events begin with {begun}: {', '.join(found)} …")
    return found[0] if found else begun


def withdraw(args: argparse.Namespace, archive: Archive) -> int:
    archive.review.withdraw(args.withdraw, datetime.now(UTC))
    tell(args, f"correction {args.withdraw} is taken back", withdrawn=args.withdraw)
    return OK


def merge(args: argparse.Namespace, archive: Archive) -> int:
    from flows import following

    if not args.into:
        raise UsageError("with which act? depesche review --merge ACT --into ACT")
    author, now = args.author or caller(), datetime.now(UTC)
    try:
        into = following.merge_acts(archive, args.merge, args.into, author, now, comment=args.comment)
    except KeyError as error:
        raise UsageError(str(error.args[0])) from None
    tell(args, f"both are {into} now", act=into)
    return OK


def changed_event(args: argparse.Namespace, event: Event) -> Event:
    """The event as the reviewer says it is, by the rules of the reading room's form."""
    from flows.web import reviews
    from flows.web.asking import Unreadable

    def codes(given: str | None, old: tuple[Actor, ...]) -> str:
        return ",".join(actor.code for actor in old) if given is None else given

    form = {
        "type": args.type.upper() or event.type,
        "status": args.status.lower() or event.status,
        "actors": codes(args.actors, event.actors),
        "recipients": codes(args.recipients, event.recipients),
    }
    try:
        return reviews.changed_event(event, form)
    except Unreadable as error:
        raise UsageError(f"not a change: {error}") from None


def waiting(corrections: Sequence[Correction], *, as_json: bool) -> int:
    if as_json:
        names = ("id", "event", "article_id", "verdict", "author", "comment", "quote", "at")
        show_json(corrections=[{name: getattr(one, name) for name in names} for one in corrections])
        return OK
    for one in corrections:
        print(f"{one.id}  {one.at:%Y-%m-%d}  {one.author}  {one.verdict}  article {one.article_id}\n    „{one.quote}“")
    if not corrections:
        print("no correction waits")
    return OK


def export(args: argparse.Namespace, archive: Archive) -> int:
    from extractors.model import codebook
    from flows.inputs import written
    from storage import queries

    corrections = archive.review.corrections()
    with written(args.export) as file:
        for one in corrections:
            event = one.changed or one.machine
            row = {
                "id": queries.key_of(archive.connection, one.article_id),
                "verdict": one.verdict,
                "author": one.author,
                "at": one.at.isoformat(),
                "comment": one.comment,
                "events": [] if one.verdict == "wrong" else [codebook(event)],
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    tell(args, f"{len(corrections)} corrections written to {args.export}", path=args.export, written=len(corrections))
    return OK
