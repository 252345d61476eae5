"""`depesche alerts`: what waits, what failed, and what a channel would say."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flows.cli import OK, TROUBLE, UsageError, add_json, caller, count, show_json, span, tell

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from flows.settings import Settings
    from storage.channels import ChannelState

EPILOG = """\
examples:
  depesche alerts list                  what waits in the outbox, by state, and the channels' health
  depesche alerts dead                  deliveries that were given up
  depesche alerts replay                queue the dead letters again (or --channel NAME, or --id N)
  depesche alerts test                  send a test message to every channel
  depesche alerts unpark ops            let a parked channel work again
  depesche alerts preview --days 3      what the watches would have told in three days, from the archive; sends nothing
  depesche alerts acknowledge KEY --by anna    note that someone has it
  depesche alerts snooze KEY --hours 12        what its group tells in half a day comes as one message after it,
                                               or sooner: an act of another class than before ends the silence
"""


HEEDED = {
    "list": ("channel",),
    "dead": ("channel",),
    "replay": ("channel", "id"),
    "test": ("channel",),
    "unpark": ("name",),
    "preview": ("days",),
    "acknowledge": ("name", "by"),
    "snooze": ("name", "hours"),
}
"""The actions, each with what it takes besides --config and --json: what one does not heed is refused."""

DAYS, HOURS = 7.0, 24.0

TEST = {"de": "Kanal {name} funktioniert.", "en": "Channel {name} works."}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=list(HEEDED), nargs="?", default="list")
    parser.add_argument("name", nargs="?", help="unpark: the channel; acknowledge, snooze: the alert's key")
    parser.add_argument("--channel", help="list, dead, replay, test: only this channel")
    parser.add_argument("--id", type=count, action="append", help="replay: only this dead letter (repeatable)")
    parser.add_argument("--days", type=span, help=f"preview: how far back (default: {DAYS:g})")
    parser.add_argument("--hours", type=span, help=f"snooze: for how long (default: {HOURS:g})")
    parser.add_argument("--by", help="acknowledge: who has it")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    from flows.settings import load
    from storage.engine import known_archive

    _check_heeded(args)
    settings = load(args.config)
    if args.action == "test":
        return _test(args, settings)
    verbs = {"list": _list, "dead": _dead, "replay": _replay, "unpark": _unpark}
    verbs |= {"acknowledge": _acknowledge, "snooze": _snooze}
    with known_archive(settings.database_url) as engine:
        _check_channel(args, engine, settings)
        if args.action == "preview":
            return _preview(args, engine, settings)
        return verbs[args.action](args, engine)


def _check_heeded(args: argparse.Namespace) -> None:
    """Raises UsageError: `replay ops` would queue the letters of all channels."""
    heeded = HEEDED[args.action]
    if args.name and "name" not in heeded:
        raise UsageError(f"{args.action} takes no name: name a channel with --channel, a dead letter with --id")
    for option in ("channel", "id", "days", "hours", "by"):
        if getattr(args, option) is not None and option not in heeded:
            takers = ", ".join(action for action, taken in HEEDED.items() if option in taken)
            raise UsageError(f"{args.action} takes no --{option} (it is for: {takers})")


def _check_channel(args: argparse.Namespace, engine: Engine, settings: Settings) -> None:
    """Raises UsageError for a channel that was never there: an empty list would say that it is well."""
    from storage.archive import opened

    if not args.channel or args.channel in settings.channels:
        return
    with opened(engine) as archive:
        known = {*settings.channels, *(channel.name for channel in archive.outbox.channels())}
    if args.channel not in known:
        raise UsageError(f"no channel is named {args.channel!r}; there are: {', '.join(sorted(known)) or 'none'}")


def _list(args: argparse.Namespace, engine: Engine) -> int:
    from storage.archive import opened

    with opened(engine) as archive:
        counts = archive.outbox.counts(args.channel)
        channels = [one for one in archive.outbox.channels() if args.channel in (None, one.name)]
        troubles = archive.outbox.troubles()
    if args.json:
        records = [{**dataclasses.asdict(one), "trouble": troubles.get(one.name, "")} for one in channels]
        show_json(counts=counts, channels=records)
        return OK
    for state, number in counts.items():
        print(f"{number:6} {state}")
    for channel in channels:
        print(
            f"{channel.name}: {_health(channel)}{f'; last: {troubles[channel.name]}' if channel.name in troubles else ''}"
        )
    return OK


def _health(channel: ChannelState) -> str:
    if channel.parked_at:
        return f"parked since {channel.parked_at:%Y-%m-%d %H:%M} UTC: {channel.reason}"
    return f"{channel.failures} failures in a row" if channel.failures else "fine"


def _dead(args: argparse.Namespace, engine: Engine) -> int:
    from storage.archive import opened

    with opened(engine) as archive:
        letters = archive.outbox.dead_letters(channel=args.channel, limit=None)
    if args.json:
        show_json(letters=[dataclasses.asdict(letter) for letter in letters])
    else:
        for letter in letters:
            ended = f"{letter.ended_at:%Y-%m-%d %H:%M} UTC"
            print(f"{letter.id}  {letter.channel}  {ended}  {letter.alert.title}  ({letter.error})")
    return TROUBLE if letters else OK


def _replay(args: argparse.Namespace, engine: Engine) -> int:
    from storage.archive import opened

    with opened(engine) as archive:
        known = {letter.id for letter in archive.outbox.dead_letters(channel=args.channel, limit=None)}
        if unknown := [number for number in args.id or () if number not in known]:
            raise UsageError(f"no dead letter {', '.join(map(str, unknown))}: 'depesche alerts dead' lists them")
        queued = archive.outbox.replay(datetime.now(UTC), ids=args.id, channel=args.channel)
    tell(args, f"{queued} deliveries queued again", queued=queued)
    return OK


def _unpark(args: argparse.Namespace, engine: Engine) -> int:
    from storage.archive import opened

    if not args.name:
        raise UsageError("which channel? depesche alerts unpark NAME")
    with opened(engine) as archive:
        known = [channel.name for channel in archive.outbox.channels()]
        if args.name not in known:
            raise UsageError(f"nothing was ever sent to {args.name!r}; there are: {', '.join(known) or 'none'}")
        archive.outbox.unpark_channel(args.name, datetime.now(UTC))
    _tell(args, "works again")
    return OK


def _acknowledge(args: argparse.Namespace, engine: Engine) -> int:
    from storage.archive import opened

    with opened(engine) as archive:
        known = archive.outbox.acknowledge(_key(args), args.by or caller(), datetime.now(UTC))
    return _known(args, known, "acknowledged")


def _snooze(args: argparse.Namespace, engine: Engine) -> int:
    from storage.archive import opened

    until = datetime.now(UTC) + timedelta(hours=args.hours or HOURS)
    with opened(engine) as archive:
        known = archive.outbox.snooze(_key(args), until)
    return _known(args, known, f"silent until {until:%Y-%m-%d %H:%M} UTC, with all of its group")


def _key(args: argparse.Namespace) -> str:
    if not args.name:
        raise UsageError(
            f"which alert? depesche alerts {args.action} KEY; keys stand in webhooks and in the files of alerts"
        )
    return str(args.name)


def _known(args: argparse.Namespace, known: bool, told: str) -> int:
    if not known:
        raise UsageError(f"no alert has the key {args.name!r}")
    _tell(args, told)
    return OK


def _tell(args: argparse.Namespace, told: str) -> None:
    tell(args, f"{args.name}: {told}", name=args.name, told=told)


def _preview(args: argparse.Namespace, engine: Engine, settings: Settings) -> int:
    """What today's watches would have told of the acts in the archive: each act once, as its surest event tells it."""
    from flows.alerts.preview import previewed
    from flows.desk import watches_of

    days = args.days or DAYS
    since = datetime.now(UTC) - timedelta(days=days)
    found = previewed(engine, watches_of(settings), since, language=settings.language)
    if args.json:
        names = ("at", "watch", "title", "digest", "url")
        show_json(alerts=[{name: getattr(one, name) for name in names} for one in found])
        return OK
    for one in found:
        print(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.watch}  {one.title}{'  (digest)' if one.digest else ''}")
    for watch, number in Counter(one.watch for one in found if not one.digest).items():
        print(f"{watch}: {number} alerts in {days:g} days, {number / max(days, 1):.1f} a day")
    print(f"{sum(one.digest for one in found)} more would wait for the digest; nothing was sent")
    return OK


def _test(args: argparse.Namespace, settings: Settings) -> int:
    import asyncio

    if args.channel and args.channel not in settings.channels:
        raise UsageError(f"no channel is named {args.channel!r}; there are: {', '.join(settings.channels)}")
    # What the console channel prints is not part of the JSON.
    console = contextlib.redirect_stdout(sys.stderr) if args.json else contextlib.nullcontext()
    try:
        with console:
            told = asyncio.run(_sent_to_try(settings, args.channel))
    except ValueError as error:
        raise UsageError(str(error)) from None
    if args.json:
        show_json(channels=[{"name": name, "told": outcome} for name, outcome in told.items()])
    else:
        for name, outcome in told.items():
            print(f"{name}: {outcome}")
    return OK if all(outcome == "delivered" for outcome in told.values()) else TROUBLE


async def _sent_to_try(settings: Settings, only: str | None) -> dict[str, str]:
    """What came of a test message to each channel, or to one."""
    from flows.alerts.channels import Delivered, Message
    from flows.desk import channels_of
    from flows.manners import fetcher_of

    now, told = datetime.now(UTC), {}
    async with fetcher_of(settings) as fetcher:
        for name, channel in channels_of(settings, fetcher).items():
            if only and name != only:
                continue
            body = TEST[settings.language].format(name=name)
            message = Message(key=f"test-{now:%Y%m%dT%H%M%S}", title="Depesche: Test", body=body)
            outcome = await channel.send(message, now)
            told[name] = "delivered" if isinstance(outcome, Delivered) else f"failed: {outcome.reason}"
    return told
