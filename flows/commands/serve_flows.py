"""`depesche serve-flows`: what `python -m flows.serve` does."""

from __future__ import annotations

import argparse
import os

from flows.cli import OK, UsageError

EPILOG = """\
examples:
  depesche serve-flows                     register the deployments with the Prefect server and run them here
  depesche serve-flows --automations --notify-block slack-webhook/oncall
  PREFECT_API_URL=http://127.0.0.1:4200/api depesche serve-flows

Needs a Prefect server: 'depesche run' starts one of its own; docs/operate.md says how to start one that asks nobody else,
and the settings that keep its database small.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--automations", action="store_true", help="only create or update the automations on the server, then end"
    )
    parser.add_argument(
        "--notify-block",
        default="",
        metavar="TYPE/NAME",
        help="notification block on the server that tells of failed runs and of silence (default: schedule.notify_block)",
    )


def run(args: argparse.Namespace) -> int:
    from flows import operate, serve
    from flows.settings import load

    if args.config:
        # The children that run the flows read it, too.
        os.environ["DEPESCHE_CONFIG"] = str(args.config)
    try:
        if not args.automations:
            return serve.main(args.notify_block)
        for line in serve.keep_automations(load(), args.notify_block):
            print(line)
    except operate.NotThere as error:
        raise UsageError(str(error)) from None
    return OK
