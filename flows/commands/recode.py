"""`depesche recode`: read what the archive keeps with today's rules, in this process and without Prefect."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.cli import OK, TROUBLE, UsageError, add_json, count, day, show_json

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from flows.runs import RunReport
    from flows.settings import Settings

EPILOG = """\
examples:
  depesche recode --dry-run          how many articles other rules read, and of how many the text is gone; changes nothing
  depesche recode                    read them again; what was cut off, the next call goes on with
  depesche recode --limit 500        at most so many, the oldest first
  depesche recode --since 2028-01-03  only what was kept since that day; the rest is left for another call
  depesche recode --json             the run's account for machines

The same as the flow `recode` of the Prefect UI, which can use several processes. Nobody is alerted, and what reviewers said stands.
exit code 1: some articles could not be read again; the log names them.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit", type=count, default=100_000, help="most articles to read again (default: %(default)s)"
    )
    parser.add_argument(
        "--since", type=day, metavar="DAY", help="only articles whose text was kept since this day, as 2028-01-03"
    )
    parser.add_argument("--dry-run", action="store_true", help="count only")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    from flows.settings import load
    from storage.engine import known_archive

    settings = load(args.config)
    with known_archive(settings.database_url) as engine:
        since = _since(args, settings)
        return _count(engine, since, as_json=args.json) if args.dry_run else _recode(args, engine, settings, since)


def _since(args: argparse.Namespace, settings: Settings) -> datetime | None:
    from zoneinfo import ZoneInfo

    from flows import recoding

    return None if args.since is None else recoding.begin_of(args.since, ZoneInfo(settings.schedule.timezone))


def _count(engine: Engine, since: datetime | None, *, as_json: bool) -> int:
    from extractors.events import coder
    from storage.archive import Archive
    from storage.engine import reading

    with reading(engine) as connection:
        found = Archive(connection).recoding.coverage(coder(), since=since)
    if as_json:
        show_json(**dataclasses.asdict(found))
    else:
        told = f"{found.stale} articles to read again, {found.done} read by today's rules"
        print(f"{told}, {found.expired} that no longer have their text; nothing was changed")
    return OK


def _recode(args: argparse.Namespace, engine: Engine, settings: Settings, since: datetime | None) -> int:
    from extractors.events import coder
    from extractors.relevance import BrokenDossier
    from flows import learning, recoding
    from flows.desk import dossiers_of

    try:
        dossiers = learning.taught(engine, dossiers_of(settings))
    except BrokenDossier as error:
        raise UsageError(str(error)) from None
    here = recoding.reading_here(engine, dossiers, lambda: datetime.now(UTC))
    try:
        report = recoding.recode(
            engine,
            here,
            coder=coder(),
            limit=args.limit,
            batch=50,
            heard=lambda progress: print(progress, file=sys.stderr),
            dossiers=dossiers,
            since=since,
        )
    except KeyboardInterrupt:
        print("interrupted: what was read stays read; 'depesche recode' goes on with the rest", file=sys.stderr)
        raise
    if args.json:
        show_json(taken=report.taken, outcomes=report.outcomes, notes=report.notes)
    else:
        print(_for_people(report))
    return TROUBLE if report.outcomes.get(recoding.BROKEN) else OK


def _for_people(report: RunReport) -> str:
    by = ", ".join(f"{number} {what}" for what, number in report.outcomes.items())
    return "\n".join([f"{report.taken} articles{f': {by}' if by else ''}", *report.notes])
