"""`depesche db`: create, upgrade, check, back up, restore and tidy the archive."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli import OK, TROUBLE, UsageError, add_database, add_json, tell
from flows.commands.choosing import database_url

if TYPE_CHECKING:
    from sqlalchemy import Engine

EPILOG = """\
examples:
  depesche db upgrade                            create the archive, or bring it to this version's schema
  depesche db check                              is it whole, and of this version? exit code 1 if not
  depesche db backup var/archive.sqlite          a copy of an SQLite archive, while others go on working
  depesche db backup var/archive.jsonl.gz        a dump that SQLite and PostgreSQL can both read
  depesche db restore var/archive.jsonl.gz       fill an empty archive; also the way from SQLite to PostgreSQL
  depesche db vacuum                             give free space back after texts have expired
  depesche db --database postgresql://depesche@db/depesche upgrade

A backup is verified by restoring it into a temporary file; --no-verify leaves that out.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_database(parser)
    add_json(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("upgrade", help="create the archive or bring it to this version's schema")
    actions.add_parser("check", help="say whether the archive is whole and of this version")
    saving = actions.add_parser("backup", help="write a verified backup")
    saving.add_argument("file", type=Path, help="archive.sqlite for a copy, any other name for a dump")
    saving.add_argument("--no-verify", action="store_true", help="do not restore it for a test")
    back = actions.add_parser("restore", help="fill an empty archive from a backup")
    back.add_argument("file", type=Path)
    actions.add_parser("vacuum", help="give free space back and renew the planner's statistics")
    for action in actions.choices.values():
        # Understood behind the action too: that is where people look for it.
        add_database(action, again=True)
        add_json(action, again=True)


def run(args: argparse.Namespace) -> int:
    from storage.backup import BackupError
    from storage.checking import CannotTidy
    from storage.engine import open_engine

    actions: dict[str, Callable[[argparse.Namespace, Engine], int]] = {
        "upgrade": _upgrade,
        "check": _check,
        "backup": _backup,
        "restore": _restore,
        "vacuum": _vacuum,
    }
    engine = open_engine(database_url(args))
    try:
        return actions[args.action](args, engine)
    except (BackupError, CannotTidy) as error:
        raise UsageError(str(error)) from None
    finally:
        engine.dispose()


def _upgrade(args: argparse.Namespace, engine: Engine) -> int:
    from storage.engine import revision, shown, upgrade

    before, after = revision(engine), upgrade(engine)
    what = "made" if before is None else "already there" if before == after else f"upgraded from {before}"
    where = shown(engine.url)
    tell(args, f"{where}: schema {after}, {what}", database=where, before=before, after=after)
    return OK


def _check(args: argparse.Namespace, engine: Engine) -> int:
    from storage.backup import row_counts
    from storage.checking import check

    troubles = check(engine)
    if troubles:
        tell(args, "\n".join(troubles), troubles=troubles, rows={})
        return TROUBLE
    rows = row_counts(engine)
    short = ", ".join(f"{rows[name]:,} {name}" for name in ("articles", "versions", "events", "acts", "alerts"))
    tell(args, f"whole: {short}", troubles=[], rows=rows)
    return OK


def _backup(args: argparse.Namespace, engine: Engine) -> int:
    from storage.backup import backup

    made = backup(engine, args.file, verify=not args.no_verify)
    proved = "restored and compared" if made.verified else "not verified"
    tell(
        args,
        f"{made.path}: {made.bytes:,} bytes, {sum(made.rows.values()):,} rows, {proved}",
        path=made.path,
        bytes=made.bytes,
        rows=made.rows,
        verified=made.verified,
    )
    return OK


def _restore(args: argparse.Namespace, engine: Engine) -> int:
    from storage.backup import restore

    rows = restore(engine, args.file)
    tell(args, f"restored {sum(rows.values()):,} rows: now run 'depesche db check'", rows=rows)
    return OK


def _vacuum(args: argparse.Namespace, engine: Engine) -> int:
    from storage.checking import size, vacuum
    from storage.engine import require_current

    require_current(engine)
    before = size(engine)
    vacuum(engine)
    after = size(engine)
    if before is None or after is None:
        tell(args, "vacuumed", before=None, after=None)
    else:
        tell(args, f"{before:,} bytes before, {after:,} after", before=before, after=after)
    return OK
