"""`depesche feeds`: what is followed, whether the list can be used, and OPML in and out."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli import OK, TROUBLE, UsageError, add_json, say_error, show_json, tell

if TYPE_CHECKING:
    from extractors.feeds import Feed
    from flows.fetching import Fetcher
    from flows.sandbox import Sandbox

EPILOG = """\
examples:
  depesche feeds                                  the feeds that are followed
  depesche feeds list --json                      the same for machines
  depesche feeds check                            can the list be used? says which row is wrong, and how
  depesche feeds check --ask                      asks every feed once: does it answer, and can it be read?
  depesche feeds check --ask tagesschau/Ausland   only this one
  depesche feeds check --file saved-feed.xml      shows how a saved feed is read
  depesche feeds import other.opml >> feeds.toml  rows for your own list (known ones are left out)
  depesche feeds export > depesche.opml           the list for any feed reader
  depesche feeds export --toml > feeds.toml       a list of your own to begin with
  depesche feeds health                           when each was last read, what it said, when it is due

The shipped list is used unless the settings name another one (`feeds = "feeds.toml"`).
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--list", type=Path, dest="path", metavar="TOML", help="this list instead of the settings' one")
    add_json(parser)
    parser.set_defaults(action="list")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="the feeds that are followed (the default)")
    check = actions.add_parser("check", help="whether the list, the feeds, or a saved feed can be read")
    check.add_argument("names", nargs="*", help="only these, as publisher/name or a part of it")
    check.add_argument("--ask", action="store_true", help="ask each feed once over the network")
    check.add_argument("--file", type=Path, help="read a saved feed instead and show its entries")
    into = actions.add_parser("import", help="print rows for the list out of an OPML file")
    into.add_argument("opml", type=Path, help="the OPML file, - for standard input")
    out = actions.add_parser("export", help="print the list as OPML, or as the TOML that the settings name")
    out.add_argument("--toml", action="store_true", help="as TOML: the beginning of a list of your own")
    health = actions.add_parser("health", help="how each feed has been answering")
    for action in (listing, check, health):
        add_json(action, again=True)


def run(args: argparse.Namespace) -> int:
    action = {
        "list": _list,
        "check": _check,
        "import": _import,
        "export": _export,
        "health": _health,
    }[args.action or "list"]
    if args.json and args.action in ("import", "export"):
        raise UsageError(f"{args.action} prints a list for other programs already: it takes no --json")
    return action(args)


def _feeds(args: argparse.Namespace) -> tuple[Feed, ...]:
    from extractors.feeds import SHIPPED, FeedListError, load_feeds

    try:
        return load_feeds(args.path or _configured(args) or SHIPPED)
    except FeedListError as error:
        raise UsageError(str(error)) from None


def _configured(args: argparse.Namespace) -> Path | None:
    # Where nothing is set, the settings need not be loaded: that takes pydantic, and three times as long as the rest.
    told = args.config or Path("depesche.toml").exists() or any(name.startswith("DEPESCHE_") for name in os.environ)
    if not told:
        return None
    from flows.settings import load

    return load(args.config).feeds


def _list(args: argparse.Namespace) -> int:
    feeds = _feeds(args)
    if args.json:
        show_json(feeds=[{"feed": feed.id, **asdict(feed)} for feed in feeds])
        return OK
    width = max((len(feed.id) for feed in feeds), default=0)
    for feed in feeds:
        off = "" if feed.enabled else "  (off)"
        print(f"{feed.id:{width}}  {feed.url}{off}")
    return OK


def _check(args: argparse.Namespace) -> int:
    if args.file is not None:
        return _check_file(args)
    feeds = _chosen(_feeds(args), args.names)
    if args.ask:
        import asyncio

        return asyncio.run(_ask(args, feeds))
    on = sum(feed.enabled for feed in feeds)
    told = f"{len(feeds)} feeds, {on} of them on: the list can be used. `--ask` asks each of them once."
    tell(args, told, listed=len(feeds), enabled=on)
    return OK


def _chosen(feeds: tuple[Feed, ...], names: list[str]) -> tuple[Feed, ...]:
    chosen = tuple(f for f in feeds if not names or any(name.lower() in f.id.lower() for name in names))
    if not chosen:
        raise UsageError(f"no feed is named {', '.join(names)}; `depesche feeds list` shows the names")
    return chosen


def _check_file(args: argparse.Namespace) -> int:
    from extractors.feeds import FeedError, parse_feed

    try:
        body = args.file.read_bytes()
    except OSError as error:
        raise UsageError(f"{args.file}: {error.strerror}") from None
    try:
        feed = parse_feed("https://example.org/", body)
    except FeedError as error:
        say_error(f"{args.file}: not a feed that can be read: {error.reason}", as_json=args.json)
        return TROUBLE
    if args.json:
        from flows.sandbox import adapter

        show_json(**adapter(type(feed)).dump_python(feed, mode="json"))
        return OK
    print(f"{feed.title or '(no title)'} · {feed.kind} · {len(feed.entries)} of {feed.found} entries")
    for line in (*feed.problems, *(f"{count} dropped: {reason}" for reason, count in feed.dropped)):
        print(f"  ! {line}")
    for entry in feed.entries:
        dated = entry.published_at or entry.updated_at
        print(f"{dated.isoformat(timespec='minutes') if dated else '(no date)':22}  {entry.headline}")
        print(f"{'':22}  {entry.url or '(no link)'}{''.join(f'  ! {p}' for p in entry.problems)}")
    return OK


async def _ask(args: argparse.Namespace, feeds: tuple[Feed, ...]) -> int:
    """Ask each feed once and read what comes. One that answers and cannot be read is trouble as well."""
    import asyncio

    from flows.fetching import NoContact
    from flows.manners import fetcher_of
    from flows.sandbox import Sandbox
    from flows.settings import load

    settings = load(args.config)
    try:
        fetcher = fetcher_of(settings)
    except NoContact as error:
        raise UsageError(str(error)) from None
    async with fetcher, Sandbox(warm=("parse_feed",)) as sandbox:
        answers = await asyncio.gather(*(_answer(fetcher, sandbox, feed) for feed in feeds if feed.enabled))
    if args.json:
        show_json(feeds=answers)
    else:
        for answer in answers:
            print(f"{'ok ' if answer['ok'] else 'BAD'}  {answer['feed']:32}  {answer['says']}")
    return OK if all(answer["ok"] for answer in answers) else TROUBLE


async def _answer(fetcher: Fetcher, sandbox: Sandbox, feed: Feed) -> dict[str, object]:
    from extractors.feeds import FeedError
    from flows.fetching import FetchError, NotModified
    from flows.sandbox import SandboxError

    told: dict[str, object] = {"feed": feed.id, "url": feed.url, "ok": False}
    try:
        page = await fetcher.fetch(feed.url)
        if isinstance(page, NotModified):
            return {**told, "says": "not modified"}
        read = await sandbox.parse_feed(
            feed.url, page.body, content_type=page.content_type, zone=feed.zone, base=page.url
        )
    except (FetchError, FeedError, SandboxError) as error:
        return {**told, "says": str(error)}
    dated = [when for entry in read.entries if (when := entry.published_at or entry.updated_at)]
    newest = max(dated).isoformat(timespec="minutes") if dated else "no dates"
    moved = f"; moved to {page.moved_to}" if page.moved_to else ""
    says = f"{read.kind}, {len(read.entries)} entries, newest {newest}{moved}"
    return {**told, "ok": bool(read.entries), "says": says}


def _import(args: argparse.Namespace) -> int:
    from flows.opml import OpmlError, as_toml, read_opml

    try:
        body = sys.stdin.buffer.read() if str(args.opml) == "-" else args.opml.read_bytes()
        found = read_opml(body, known=_feeds(args))
    except OSError as error:
        raise UsageError(f"{args.opml}: {error.strerror}") from None
    except OpmlError as error:
        raise UsageError(f"{args.opml} is no OPML file that can be read: {error}") from None
    for name, reason in found.left_out:
        print(f"left out: {name}: {reason}", file=sys.stderr)
    print(as_toml(found.feeds))
    print(f"{len(found.feeds)} feeds; append them to your list and name it in the settings", file=sys.stderr)
    return OK


def _export(args: argparse.Namespace) -> int:
    from flows.opml import as_toml, write_opml

    if args.toml:
        print(as_toml(_feeds(args)))
        return OK
    sys.stdout.write(write_opml(_feeds(args), now=datetime.now(UTC)).decode())
    return OK


def _health(args: argparse.Namespace) -> int:
    """How the archive remembers each feed; trouble if one is failing or gone."""
    from extractors.model import BERLIN
    from flows.settings import load
    from storage.archive import opened
    from storage.engine import known_archive

    feeds = _feeds(args)
    with known_archive(load(args.config).database_url) as engine, opened(engine) as archive:
        states = [(feed, archive.feeds.state(feed.url)) for feed in feeds if feed.enabled]
    if args.json:
        rows = [
            {"feed": feed.id, "url": feed.url, "outcome": state.outcome, "failures": state.failures,
             "polled_at": state.polled_at, "new_at": state.new_at, "next_due": state.next_due, "error": state.error}
            for feed, state in states
        ]  # fmt: skip
        show_json(feeds=rows)
    else:
        for feed, state in states:
            asked, due = state.polled_at, state.next_due
            polled = f"{asked.astimezone(BERLIN):%Y-%m-%d %H:%M}" if asked else "never"
            again = f"  due {due.astimezone(BERLIN):%Y-%m-%d %H:%M}" if due else ""
            trouble = f"  {state.failures} failures: {state.error}" if state.failures else ""
            print(f"{feed.id:32}  {state.outcome or '-':10}  asked {polled}{again}{trouble}")
    return TROUBLE if any(state.failures or state.gone_at for _, state in states) else OK
