"""`depesche newsroom`: the bundled feed server, until interrupted."""

from __future__ import annotations

import argparse
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli import OK, UsageError, add_json, pace, port, show_json

if TYPE_CHECKING:
    from flows.newsroom import Newsroom
    from flows.newsroom.mirror import Mirror

EPILOG = """\
examples:
  depesche newsroom                        all articles of the fortnight, on a free port
  depesche newsroom --port 8750 --speed 3600   from the first morning on, an hour each second
  depesche newsroom --from ../shared       feeds/ and pages/ of a folder, with an index feed of all pages
  depesche newsroom --json                 the addresses as JSON, for a script

steering it while it runs:
  curl -X POST localhost:8750/_newsroom/clock  -d '{"hours": 6}'
  curl -X POST localhost:8750/_newsroom/faults -d '{"path": "/feeds/tagesschau.rss", "kind": "429", "retry_after": "30"}'
  curl -X DELETE localhost:8750/_newsroom/faults
  curl localhost:8750/_newsroom/requests
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port, default=0, metavar="N", help="port on 127.0.0.1 (default: a free one)")
    time = parser.add_mutually_exclusive_group()
    time.add_argument("--speed", type=pace, metavar="X", help="simulated seconds for each second, from the start on")
    time.add_argument("--all", action="store_true", help="publish everything at once (the default)")
    parser.add_argument("--at", type=_moment, metavar="TIME", help="begin at this time, e.g. 2028-01-12T18:00+01:00")
    parser.add_argument("--from", dest="folder", type=Path, metavar="DIR", help="serve DIR/feeds and DIR/pages instead")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    from flows.newsroom import START, Newsroom

    everything = args.speed is None and args.at is None
    room = Newsroom(
        port=args.port,
        site=_mirror(args.folder) if args.folder else None,
        start=args.at or START,
        speed=args.speed or 0.0,
        everything=everything,
    )
    try:
        room.open()
    except OSError as error:
        raise UsageError(f"cannot serve on port {args.port}: {error.strerror}; choose another with --port") from error
    try:
        if args.json:
            feeds = [{"feed": name, "url": url} for name, url in room.feeds.items()]
            show_json(url=room.url, hook=room.hook_url, feeds=feeds)
        else:
            print(_told(room), flush=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        room.close()
    return OK


def _told(room: Newsroom) -> str:
    lines = [
        f"Newsroom: {room.url}",
        f"its time: {room.now():%Y-%m-%d %H:%M} UTC",
        "feeds:",
        *(f"  {name:<22} {url}" for name, url in room.feeds.items()),
        f"list:     {room.url}/feeds.opml",
        f"webhook:  {room.hook_url}",
        "Ctrl-C ends it.",
    ]
    return "\n".join(lines)


def _mirror(folder: Path) -> Mirror:
    from flows.newsroom.mirror import Mirror, NothingToServe

    try:
        return Mirror(folder)
    except NothingToServe as error:
        raise UsageError(str(error)) from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write it like 2028-01-12T18:00+01:00") from error
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone; write it like 2028-01-12T18:00+01:00")
    return moment
