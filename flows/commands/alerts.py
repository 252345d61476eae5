"""`depesche alerts`: what waits, what failed, and what a channel would say."""

from __future__ import annotations

import argparse
from pathlib import Path

EPILOG = """\
examples:
  depesche alerts list                  what waits in the outbox, by state, and the channels' health
  depesche alerts dead                  deliveries that were given up
  depesche alerts replay                queue the dead letters again (or --channel NAME, or --id N)
  depesche alerts test                  send a test message to every channel
  depesche alerts unpark ops            let a parked channel work again
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["list", "dead", "replay", "test", "unpark"], nargs="?", default="list")
    parser.add_argument("name", nargs="?", help="unpark: the channel")
    parser.add_argument("--config", type=Path, help="settings file (default: $DEPESCHE_CONFIG or ./depesche.toml)")
    parser.add_argument("--channel", help="only this channel")
    parser.add_argument("--id", type=int, action="append", help="replay: only this dead letter (repeatable)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    from flows.cli import UsageError
    from flows.desk import open_archive
    from flows.settings import SettingsError, load

    try:
        settings = load(args.config)
    except SettingsError as error:
        raise UsageError(str(error)) from None
    if args.action == "test":
        return _test(args, settings)
    engine = open_archive(settings.database_url)
    try:
        return {"list": _list, "dead": _dead, "replay": _replay, "unpark": _unpark}[args.action](args, engine)
    finally:
        engine.dispose()


def _list(args: argparse.Namespace, engine: object) -> int:
    import dataclasses
    import json

    from storage.archive import opened

    with opened(engine) as archive:  # type: ignore[arg-type]
        counts, channels = archive.outbox.counts(), archive.outbox.channels()
    if args.json:
        print(json.dumps({"counts": counts, "channels": [dataclasses.asdict(c) for c in channels]}, default=str))
        return 0
    for state, count in counts.items():
        print(f"{count:6} {state}")
    for channel in channels:
        health = f"parked since {channel.parked_at:%Y-%m-%d %H:%M}: {channel.reason}" if channel.parked_at else "fine"
        print(
            f"{channel.name}: {health if not channel.failures or channel.parked_at else f'{channel.failures} failures in a row'}"
        )
    return 0


def _dead(args: argparse.Namespace, engine: object) -> int:
    import dataclasses
    import json

    from flows.cli import OK, TROUBLE
    from storage.archive import opened

    with opened(engine) as archive:  # type: ignore[arg-type]
        letters = archive.outbox.dead_letters(channel=args.channel)
    for letter in letters:
        if args.json:
            print(json.dumps(dataclasses.asdict(letter), default=str, ensure_ascii=False))
        else:
            print(
                f"{letter.id}  {letter.channel}  {letter.ended_at:%Y-%m-%d %H:%M}  {letter.alert.title}  ({letter.error})"
            )
    return TROUBLE if letters else OK


def _replay(args: argparse.Namespace, engine: object) -> int:
    from datetime import UTC, datetime

    from storage.archive import opened

    with opened(engine) as archive:  # type: ignore[arg-type]
        count = archive.outbox.replay(datetime.now(UTC), ids=args.id, channel=args.channel)
    print(f"{count} deliveries queued again")
    return 0


def _unpark(args: argparse.Namespace, engine: object) -> int:
    from flows.cli import UsageError
    from storage.archive import opened

    if not args.name:
        raise UsageError("which channel? depesche alerts unpark NAME")
    with opened(engine) as archive:  # type: ignore[arg-type]
        archive.outbox.unpark_channel(args.name)
    print(f"{args.name} works again")
    return 0


def _test(args: argparse.Namespace, settings: object) -> int:
    import asyncio
    from datetime import UTC, datetime

    from flows.alerts.channels import Delivered, Message
    from flows.cli import OK, TROUBLE, UsageError
    from flows.desk import channels_of, fetcher_of
    from flows.settings import Settings

    assert isinstance(settings, Settings)

    async def send() -> dict[str, str]:
        now = datetime.now(UTC)
        async with fetcher_of(settings) as fetcher:
            told = {}
            for name, channel in channels_of(settings, fetcher).items():
                if args.channel and name != args.channel:
                    continue
                message = Message(
                    key=f"test-{now:%Y%m%dT%H%M%S}", title="Depesche: Test", body=f"Kanal {name} funktioniert."
                )
                outcome = await channel.send(message, now)
                told[name] = "delivered" if isinstance(outcome, Delivered) else f"failed: {outcome.reason}"
            return told

    try:
        told = asyncio.run(send())
    except ValueError as error:
        raise UsageError(str(error)) from None
    for name, outcome in told.items():
        print(f"{name}: {outcome}")
    return OK if all(outcome == "delivered" for outcome in told.values()) else TROUBLE
