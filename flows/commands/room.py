"""`depesche room`: the reading room, served or written out as files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli import OK, UsageError, count, listening_address, port

if TYPE_CHECKING:
    from flows.settings import Settings
    from flows.web.app import Room

EPILOG = """\
examples:
  depesche room                                   http://127.0.0.1:8080, read-only
  DEPESCHE_ROOM_TOKEN=… depesche room             whoever knows the token may correct events
  depesche room --host 0.0.0.0 --port 80          for others; put a TLS proxy before it, and its name into room_hosts
  depesche room --config .demo/depesche.toml      the archive of the demo
  depesche room --export public/                  the same pages as files, for any web server

/health answers probes. docs/reading-room.md has the pages, the manners of the write path and pictures.
"""

LOCAL = ("127.0.0.1", "::1", "localhost")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", type=listening_address, default="127.0.0.1", help="address to listen on (default 127.0.0.1)"
    )
    parser.add_argument("--port", type=port, default=8080, help="port to listen on (default 8080; 0 takes a free one)")
    parser.add_argument("--export", type=Path, metavar="DIR", help="write the pages into this folder and leave")
    parser.add_argument(
        "--most", type=count, default=5000, metavar="N", help="most pages that --export writes (default 5000)"
    )


def run(args: argparse.Namespace) -> int:
    from flows.settings import load

    settings = load(args.config)
    try:
        room = room_of(settings, host=args.host, printed=args.export is not None)
    except ValueError as error:
        raise UsageError(str(error)) from None
    try:
        return export(room, args) if args.export is not None else serve(room, args)
    finally:
        room.engine.dispose()


def room_of(settings: Settings, *, host: str = "127.0.0.1", printed: bool = False) -> Room:
    """The room as the settings say. Raises SchemaError for an archive of another version, ValueError for none."""
    from zoneinfo import ZoneInfo

    from flows.guarding import names_of
    from flows.web.app import Room
    from storage.engine import open_engine, require_current

    engine = open_engine(settings.database_url)
    require_current(engine)
    hosts = {*settings.room_hosts, *names_of([settings.room_url]), *(() if host in LOCAL else own_names(host))}
    return Room(
        engine=engine,
        token=settings.correcting,
        link_secret=settings.signing_links,
        language=settings.language,
        zone=ZoneInfo(settings.schedule.timezone),
        address=settings.room_url,
        hosts=frozenset(hosts),
        printed=printed,
    )


def own_names(host: str, *, patience: float = 2.0) -> frozenset[str]:
    """Names by which others of the house may ask a room that listens on `host`: that one, and this machine's own.

    The resolver is given `patience` seconds to tell the full name: a silent one would hold the room back for ten or
    thirty.
    """
    import queue
    import socket
    import threading

    plain = socket.gethostname().lower()
    heard: queue.SimpleQueue[str] = queue.SimpleQueue()
    # A daemon, as no call of the resolver can be called off.
    threading.Thread(target=lambda: heard.put(socket.getfqdn().lower()), daemon=True).start()
    try:
        full = heard.get(timeout=patience)
    except queue.Empty:
        full = plain
        told = f"no resolver told this machine's full name within {patience:g} s"
        print(f"reading room: {told}; where it is asked by that name, set room_hosts", file=sys.stderr, flush=True)
    return frozenset({host.lower(), plain, f"{plain}.local", full})


def serve(room: Room, args: argparse.Namespace) -> int:
    import socket

    import uvicorn

    from flows.web.app import create_app, settle

    wording = "corrections with the token" if room.token else "read-only (no DEPESCHE_ROOM_TOKEN)"
    config = uvicorn.Config(
        create_app(room),
        host=args.host,
        port=args.port,
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_keep_alive=30,
        limit_concurrency=200,
    )
    family = socket.AF_INET6 if ":" in args.host else socket.AF_INET
    try:
        # Not uvicorn's own, which ends the process with a code of its own where the port is taken.
        listening = socket.create_server((args.host, args.port), family=family)
    except OSError as error:
        told = f"cannot listen on {args.host}, port {args.port}: {error.strerror}"
        raise UsageError(f"{told}; choose others with --host and --port") from None
    port = listening.getsockname()[1]
    host = f"[{args.host}]" if family == socket.AF_INET6 else args.host
    print(f"reading room: http://{host}:{port}  {wording}", file=sys.stderr, flush=True)
    settle()
    uvicorn.Server(config).run(sockets=[listening])
    return OK


def export(room: Room, args: argparse.Namespace) -> int:
    from flows.inputs import naming
    from flows.web.printing import print_room

    with naming(args.export):
        told = print_room(room, args.export, most=args.most)
    print(told.sentence(args.export))
    return OK
