"""`depesche reread`: what today's reader makes of the pages that could not be read when they were fetched."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.cli import OK, add_json, show_json, span

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from extractors.model import FetchedPage
    from flows.sandbox import Sandbox
    from storage.upkeep import Unread

EPILOG = """\
examples:
  depesche reread --dry-run                    what of the kept pages can be read now, and why the others cannot
  depesche reread --dry-run --host haus.example --save pages
                                               the pages of one house, into a folder, to mend its profile with
  depesche reread --host haus.example          make those that can be read due: the next pass keeps them

Pages that could not be read are kept for retention.raw_days. After an upgrade of the reader the next `tend` reads them again by
itself; this is for who does not want to wait, or wants to know before. Nothing is fetched. What is read late is told in the
digest, marked as such.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A kept page, read again: its headline and length, or why it still cannot be read."""

    unread: Unread
    headline: str = ""
    length: int = 0
    refused: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="", help="only pages of this host, without www.")
    parser.add_argument("--days", type=span, default=14, help="only what was fetched within so many days (default: 14)")
    parser.add_argument("--dry-run", action="store_true", help="look only; nothing is made due")
    parser.add_argument("--save", type=Path, metavar="DIR", help="write the bytes of each page to DIR/NUMBER.html")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    from flows.desk import CLOCK
    from flows.settings import load
    from storage.engine import known_archive

    now = CLOCK.get()()
    with known_archive(load(args.config).database_url) as engine:
        found = asyncio.run(_read_all(engine, args.host, now - timedelta(days=args.days), args.save))
        due = 0 if args.dry_run else _made_due(engine, found, now)
    if args.json:
        show_json(due=due, pages=[_for_machines(one) for one in found])
    else:
        print(_for_people(found, due, dry_run=args.dry_run))
    return OK


async def _read_all(engine: Engine, host: str, since: datetime, folder: Path | None) -> list[Again]:
    from flows.health import host_of
    from flows.sandbox import Sandbox
    from storage.archive import opened

    with opened(engine) as archive:
        kept = [one for one in archive.upkeep.unread(since) if host in ("", host_of(one.url))]
    found = []
    async with Sandbox() as sandbox:
        for one in kept:
            with opened(engine) as archive:
                page = archive.kept_page(one.article_id)
            if page is None:  # it expired meanwhile
                continue
            if folder is not None:
                _save(folder / f"{one.article_id}.html", page.body)
            found.append(await _read_one(sandbox, one, page))
    return found


def _save(path: Path, body: bytes) -> None:
    from flows.inputs import naming

    with naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


async def _read_one(sandbox: Sandbox, one: Unread, page: FetchedPage) -> Again:
    from extractors.articles import NotAnArticle
    from flows.sandbox import Refused, SandboxError

    try:
        article = await sandbox.extract_article(page)
    except (NotAnArticle, SandboxError, Refused) as error:
        return Again(unread=one, refused=str(error))
    return Again(unread=one, headline=article.headline, length=len(article.text))


def _made_due(engine: Engine, found: Sequence[Again], now: datetime) -> int:
    from flows.steps.queueing import LATE
    from storage.archive import opened

    with opened(engine) as archive:
        return sum(archive.upkeep.reopen_one(one.unread, now, reason=LATE) for one in found if not one.refused)


def _for_people(found: Sequence[Again], due: int, *, dry_run: bool) -> str:
    lines = [
        f"{one.unread.article_id:8}  "
        + (f"still: {one.refused}" if one.refused else f"reads now: {one.headline} ({one.length:,} characters)")
        + f"  {one.unread.url}"
        for one in found
    ]
    readable = sum(not one.refused for one in found)
    end = "nothing was changed" if dry_run else f"{due} are due now, and the next pass keeps them"
    return "\n".join([*lines, f"{len(found)} pages kept unread, {readable} can be read now; {end}"])


def _for_machines(one: Again) -> dict[str, Any]:
    return {
        "article_id": one.unread.article_id,
        "url": one.unread.url,
        "fetched_at": one.unread.at,
        "was": one.unread.reason,
        "refused": one.refused,
        "headline": one.headline,
        "length": one.length,
    }
