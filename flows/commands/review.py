"""`depesche review`: correct what the machine coded; a correction is kept beside it and wins in all views."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractors.model import Event
    from storage.archive import Archive

EPILOG = """\
examples:
  depesche review                                      corrections that lost their hold in a recode and wait
  depesche review 3f2a9c… wrong --comment "no act"     an event is not one
  depesche review 3f2a9c… right                        an event is right
  depesche review 3f2a9c… changed --type REJECT --actors NATO --recipients RUS
  depesche review --merge act_1 --into act_2           two acts are one; the older id stays, the other leads to it
  depesche review --export gold.jsonl                  all corrections as JSON lines in the gold format
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("event", nargs="?", help="id of the event, or its beginning ('depesche events' shows it)")
    parser.add_argument("verdict", nargs="?", choices=["right", "wrong", "changed"])
    parser.add_argument("--type", help="the right event type")
    parser.add_argument("--status", help="the right status")
    parser.add_argument("--actors", help="the right actor codes, separated by commas")
    parser.add_argument("--recipients", help="the right recipient codes, separated by commas")
    parser.add_argument("--comment", default="", help="why")
    parser.add_argument("--author", help="who says so (default: the user's name)")
    parser.add_argument("--merge", metavar="ACT", help="an act that is the same as another")
    parser.add_argument("--into", metavar="ACT", help="the other one, with --merge")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write all corrections as JSON lines")
    parser.add_argument("--config", type=Path, help="settings file (default: $DEPESCHE_CONFIG or ./depesche.toml)")


def run(args: argparse.Namespace) -> int:
    import getpass
    from datetime import UTC, datetime

    from flows.cli import UsageError
    from flows.desk import open_archive
    from flows.settings import load
    from storage import queries
    from storage.archive import opened
    from storage.reviewing import NotThere

    engine = open_archive(load(args.config).database_url)
    try:
        with opened(engine) as archive:
            if args.export:
                return export(archive.review.corrections(), args.export)
            if args.merge:
                return merge(args, archive)
            if not args.event:
                return waiting(archive.review.corrections(waiting=True))
            stored = queries.event(archive.connection, args.event)
            if stored is None or not args.verdict:
                raise UsageError(f"no event {args.event}" if stored is None else "say right, wrong or changed")
            changed = changed_event(args, stored.event) if args.verdict == "changed" else None
            number = archive.review.correct(
                stored.uid,
                args.verdict,
                args.author or getpass.getuser(),
                datetime.now(UTC),
                changed=changed,
                comment=args.comment,
            )
        print(f"correction {number}: {args.verdict}")
        return 0
    except (NotThere, ValueError) as error:
        raise UsageError(str(error)) from None
    finally:
        engine.dispose()


def merge(args: argparse.Namespace, archive: Archive) -> int:
    import getpass
    from datetime import UTC, datetime

    from flows import following
    from flows.cli import UsageError

    if not args.into:
        raise UsageError("with which act? depesche review --merge ACT --into ACT")
    author = args.author or getpass.getuser()
    reason = f"merged by {author}" + (f"; {args.comment}" if args.comment else "")
    try:
        into = following.merge_acts(archive, args.merge, args.into, reason, datetime.now(UTC))
    except KeyError as error:
        raise UsageError(str(error.args[0])) from None
    print(f"both are {into} now")
    return 0


def changed_event(args: argparse.Namespace, event: Event) -> Event:
    """The event as the reviewer says it is. Raises ValueError for a type or status that there is not."""
    import dataclasses

    from extractors.model import Actor
    from extractors.ontology import EventType, Status

    def parties(codes: str | None, old: tuple[Actor, ...]) -> tuple[Actor, ...]:
        return (
            old
            if codes is None
            else tuple(Actor(code=code.strip(), origin="review") for code in codes.split(",") if code.strip())
        )

    return dataclasses.replace(
        event,
        type=EventType(args.type) if args.type else event.type,
        mode="" if args.type else event.mode,
        status=Status(args.status) if args.status else event.status,
        actors=parties(args.actors, event.actors),
        recipients=parties(args.recipients, event.recipients),
    )


def waiting(corrections: tuple[object, ...]) -> int:
    from storage.reviewing import Correction

    for one in corrections:
        assert isinstance(one, Correction)
        print(f"{one.id}  {one.at:%Y-%m-%d}  {one.author}  {one.verdict}  article {one.article_id}\n    „{one.quote}“")
    if not corrections:
        print("no correction waits")
    return 0


def export(corrections: tuple[object, ...], path: Path) -> int:
    import json

    from storage.reviewing import Correction

    with path.open("w", encoding="utf-8") as file:
        for one in corrections:
            assert isinstance(one, Correction)
            event = one.changed or one.machine
            row = {
                "id": str(one.article_id),
                "verdict": one.verdict,
                "author": one.author,
                "at": one.at.isoformat(),
                "events": [] if one.verdict == "wrong" else [gold_row(event)],
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(corrections)} corrections written to {path}")
    return 0


def gold_row(event: Event) -> dict[str, object]:
    """An event in the gold format: the fields of the codebook."""
    return {
        "type": event.type,
        "actors": [actor.code for actor in event.actors],
        "recipients": [actor.code for actor in event.recipients],
        "status": event.status,
        "date": event.when.iso if event.when else None,
        "place": event.place.name if event.place else None,
        "speaker": event.speaker.code if event.speaker else None,
        "evidence": event.evidence.quote,
    }
