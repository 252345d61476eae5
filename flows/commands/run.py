"""`depesche run`: monitor, once or on the schedule."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli import OK, TROUBLE, UsageError, add_json, count, moment, port, show_json

if TYPE_CHECKING:
    from flows.runs import RunReport
    from flows.settings import Settings

EPILOG = """\
examples:
  depesche run                          a Prefect server on this machine, and the flows on their schedule
  depesche run --once                   one pass over the feeds, without Prefect
  depesche run --once --feed tagesschau/Ausland --dry-run
  depesche run --once --since 2028-01-12T06:00
                                        older entries are left out, for good: instead of the first digest of all that feeds hold
  depesche run --once --json            the run's account for machines

Without a settings file the first call asks once for the contact that the User-Agent carries.
"""


MOST = 1000
OF_ONE_PASS = ("dossier", "feed", "limit", "since", "dry_run", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="one pass, then end")
    parser.add_argument(
        "--dossier",
        metavar="NAME",
        help="with --once: only feeds that are followed for it; what is read is judged for all",
    )
    parser.add_argument("--feed", action="append", metavar="NAME", help="with --once: only this feed (repeatable)")
    parser.add_argument("--limit", type=count, help=f"with --once: most articles to read (default {MOST})")
    parser.add_argument(
        "--since",
        type=moment,
        metavar="TIME",
        help="with --once: entries that their feed dates older are left out, for good",
    )
    parser.add_argument("--dry-run", action="store_true", help="with --once: read and judge, but keep and tell nothing")
    add_json(parser, told="with --once: ")
    parser.add_argument(
        "--port", type=port, default=4200, help="port of the Prefect server on 127.0.0.1 (default 4200)"
    )


def run(args: argparse.Namespace) -> int:
    from flows.settings import load, path_of

    # Whoever means to try only must not start the schedule, which keeps and tells.
    for name in OF_ONE_PASS if not args.once else ():
        if getattr(args, name):
            raise UsageError(f"--{name.replace('_', '-')} belongs to --once: the schedule takes all that is due")
    settings = load(args.config)
    if not settings.contact:
        ask_contact(path_of(args.config), terminal=not args.json and sys.stdin is not None and sys.stdin.isatty())
        settings = load(args.config)
    return once(args, settings) if args.once else on_schedule(args)


def ask_contact(path: Path, *, terminal: bool) -> None:
    """Ask once for the contact, and write it into the settings file. Without a terminal it is an error that says how."""
    if not terminal:
        raise UsageError(
            f'set `contact = "you@example.org"` in {path}, or DEPESCHE_CONTACT: feeds see whom to write to'
        )
    try:
        contact = input("Mail address or page that the User-Agent shall carry, so that publishers can reach you: ")
    except EOFError:  # Ctrl-D
        contact = ""
    contact = contact.strip()
    if not contact:
        raise UsageError("without a contact nothing is fetched")
    before = path.read_text("utf-8-sig") if path.exists() else ""
    path.write_text(with_contact(before, contact), "utf-8")
    print(f"Written to {path}.")


def with_contact(before: str, contact: str) -> str:
    """The settings with this contact: in place of the empty one that a copied example has, else on the first line."""
    line = f"contact = {json.dumps(contact, ensure_ascii=False)}"
    # Above the first table; below it the name would be another's.
    found = re.search(
        r"^[ \t]*contact[ \t]*=.*$", re.split(r"^[ \t]*\[", before, maxsplit=1, flags=re.MULTILINE)[0], re.MULTILINE
    )
    return before[: found.start()] + line + before[found.end() :] if found else f"{line}\n{before}"


def once(args: argparse.Namespace, settings: Settings) -> int:
    import asyncio
    import logging

    from flows import steps
    from flows.desk import open_desk

    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("depesche").setLevel(logging.WARNING if args.json else logging.INFO)

    async def one() -> RunReport:
        async with open_desk(settings, dry_run=args.dry_run) as desk:
            feeds = desk.feeds_named(args.feed or (), dossier=args.dossier or "")
            return await steps.one_pass(desk, feeds=feeds, limit=args.limit or MOST, since=args.since)

    # What the console channel prints is not part of the JSON.
    console = contextlib.redirect_stdout(sys.stderr) if args.json else contextlib.nullcontext()
    try:
        with console:
            report = asyncio.run(one())
    except ValueError as error:
        raise UsageError(str(error)) from None
    if args.json:
        facts = dataclasses.asdict(report)
        feeds = [{"feed": feed.pop("name"), **feed} for feed in facts.pop("feeds")]
        show_json(**facts, feeds=feeds, state=report.state)
    else:
        print(report.sentence)
    return OK if report.state == "completed" else TROUBLE


def on_schedule(args: argparse.Namespace) -> int:
    """Serve the flows; with a Prefect server of our own unless PREFECT_API_URL names one."""
    from flows.local_server import PortTaken, ServerDied, environment, running

    settings = {"DEPESCHE_CONFIG": str(args.config)} if args.config else {}
    if os.environ.get("PREFECT_API_URL"):
        return flows(environment(**settings))
    print("Starting the Prefect server …", flush=True)
    try:
        with running(Path("var/prefect"), port=args.port) as url:
            print(f"Runs, logs and artifacts: {url}  (Ctrl-C ends)", flush=True)
            return flows(environment(PREFECT_API_URL=f"{url}/api", **settings))
    except PortTaken as error:
        raise UsageError(
            f"{error}: choose another with --port; or, if a Prefect server of yours runs there, "
            f"set PREFECT_API_URL=http://127.0.0.1:{args.port}/api"
        ) from None
    except ServerDied as error:
        raise UsageError(str(error)) from None


FLOWS = ("-m", "flows.serve")


def flows(environment: Mapping[str, str]) -> int:
    """Run the flows in a child process until it ends; returns its exit code.

    A signal that ends us is handed on to it first: its server is still there then, to hear how the runs ended. It has a
    session of its own, or Ctrl-C would end server, flows and runs all at once.
    """
    import signal
    import subprocess

    from flows.local_server import on_ends

    child: subprocess.Popen[bytes] | None = None
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True
        if child is not None:
            child.terminate()

    # Before there is a child: told to end while it starts, we would leave it behind.
    with on_ends(end, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        child = subprocess.Popen([sys.executable, *FLOWS], env=environment, start_new_session=True)
        if ended:
            child.terminate()
        return child.wait()
