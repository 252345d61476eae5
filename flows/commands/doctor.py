"""`depesche doctor`: check the installation and say what to do."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flows.cli import OK, TROUBLE, add_json, on_a_terminal, show_json

if TYPE_CHECKING:
    from flows.doctor import Checked

EPILOG = """\
examples:
  depesche doctor                 settings, feeds, archive, weights, dossiers, channels, Prefect, clock, disk, packages
  depesche doctor --quick         only what tells whether the service is alive (for health checks)
  depesche doctor --json          the findings for machines

exit code 1 if anything is wrong; notes alone do not count
"""

_MARKS = {"fine": "ok  ", "note": "note", "wrong": "!!  "}
_COLOURS = {"fine": "32", "note": "33", "wrong": "31"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="only archive, Prefect and disk")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    import logging

    from flows.doctor import Verdict, examine
    from flows.settings import load

    logging.getLogger("alembic").setLevel(logging.WARNING)
    found = examine(load(args.config), quick=args.quick)
    if args.json:
        show_json(findings=[dataclasses.asdict(one) for one in found])
    else:
        _show(found)
    return TROUBLE if any(one.verdict is Verdict.WRONG for one in found) else OK


def _show(found: Sequence[Checked]) -> None:
    from flows.doctor import Verdict

    for one in found:
        mark = _MARKS[one.verdict]
        if on_a_terminal():
            mark = f"\x1b[{_COLOURS[one.verdict]}m{mark}\x1b[0m"
        print(mark, f"{one.name}: {one.found}")
        if one.advice and one.verdict is not Verdict.FINE:
            print(f"       {one.advice}")
