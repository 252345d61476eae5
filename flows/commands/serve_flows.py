"""`depesche serve-flows`: what `python -m flows.serve` does."""

from __future__ import annotations

import argparse

EPILOG = """\
examples:
  depesche serve-flows                     register the deployments with the Prefect server and run them here
  PREFECT_API_URL=http://127.0.0.1:4200/api depesche serve-flows

Needs a Prefect server ('prefect server start'); docs/operate.md has the settings that keep its database small.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--automations", action="store_true", help="only create or update the automations on the server, then end"
    )


def run(args: argparse.Namespace) -> int:
    import asyncio

    from flows import operate, serve

    if args.automations:
        for line in asyncio.run(operate.keep_automations()):
            print(line)
        return 0
    return serve.main()
