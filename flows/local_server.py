"""A Prefect server of our own on this machine, as a child process: for the demo, for `depesche run`, for tests."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import Any

# The same as prefect's own settings; kept here, and not in flows.operate, so that nothing imports Prefect to start it.
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        # Nothing calls home.
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # The V2 UI asks a telemetry host even with analytics off; the V1 UI asks nobody.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_UI_API_URL": "/api",
        # Batched writes: SQLite takes in task runs five times as fast.
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
        # By default only events are vacuumed, and run rows stay for ever.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "P14D",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P3D",
        # Prefect's own lets runs that began soon after a start of flows wait a quarter of an hour for their automations.
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "flows.ordering",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "depesche",
    }
)
"""What a Prefect server and our flow processes need; a variable that the operator set wins. Reasons: docs/operate.md."""


def command(port: int) -> list[str]:
    """What starts a server. Not `prefect server start`, whose pages ask other hosts: see `operate.quiet_app`."""
    words = ["-m", "uvicorn", "--factory", "flows.operate:quiet_app", "--log-level", "warning"]
    return [sys.executable, *words, "--host", "127.0.0.1", "--port", str(port)]


START_SECONDS = 120.0


class ServerDied(RuntimeError):
    """The server ended or did not answer in time; the message has the last lines of this start."""


class PortTaken(RuntimeError):
    """Somebody else listens there."""


HERE = ("127.0.0.1", "localhost", "::1")


def environment(**more: str) -> dict[str, str]:
    """ENVIRONMENT below what the operator set, and `more` above both.

    Where the house has a proxy, Prefect's client would look for the server of this machine behind it, too.
    """
    return {**ENVIRONMENT, **os.environ, **_past_the_proxy(os.environ), **more}


def _past_the_proxy(given: Mapping[str, str]) -> dict[str, str]:
    """The variables of a proxy's exceptions with this machine among them; none where no proxy is set.

    >>> _past_the_proxy({"https_proxy": "http://proxy:3128", "NO_PROXY": "intern,::1"})["no_proxy"]
    'intern,::1,127.0.0.1,localhost'
    >>> _past_the_proxy({"NO_PROXY": "intern"})
    {}
    """
    if not any(given.get(each) for name in ("http_proxy", "https_proxy", "all_proxy") for each in (name, name.upper())):
        return {}
    # Of the two spellings some libraries read only one, and of both the small letters win.
    named = [one.strip() for one in (given.get("no_proxy") or given.get("NO_PROXY", "")).split(",") if one.strip()]
    told = ",".join([*named, *(one for one in HERE if one not in named)])
    return {"no_proxy": told, "NO_PROXY": told}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(home: Path, *, port: int = 0) -> Iterator[str]:
    """A server whose data lies in `home`, at http://127.0.0.1:PORT; ends with the block.

    Raises ServerDied, and PortTaken for a port on which somebody listens: that one would be taken for ours.
    """
    if port and _taken(port):
        raise PortTaken(f"port {port} of 127.0.0.1 is taken")
    port = port or free_port()
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    cut(log)
    with log.open("ab") as out:  # at its end, also after it was cut
        before = out.tell()
        server = subprocess.Popen(
            command(port),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment(PREFECT_HOME=str(home.resolve()), PREFECT_API_URL=""),
            start_new_session=True,  # Ctrl-C is for who uses the server: it ends with the block
        )
    try:
        with on_ends(_unwind, signal.SIGTERM, signal.SIGHUP):
            _wait(server, port, log, before)
            with _kept_short(log):
                yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def on_ends(do: Callable[[int, FrameType | None], Any], *signals: signal.Signals) -> Iterator[None]:
    """Within the block these signals do this; but not one that is ignored, as by nohup, nor outside the main thread."""
    ours = threading.current_thread() is threading.main_thread()
    before = {each: signal.getsignal(each) for each in signals if ours and signal.getsignal(each) != signal.SIG_IGN}
    for each in before:
        signal.signal(each, do)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _unwind(number: int, _: FrameType | None) -> None:
    """End as Ctrl-C does: what began is ended, too."""
    raise SystemExit(128 + number)


LOG_BYTES = 5_000_000
LOGS_KEPT = 3
"""A server at peace writes a few lines a month; one whose database is locked or full a traceback with each event."""
LOOK_SECONDS = 30.0


def cut(log: Path) -> None:
    """Where a log has grown too long, begin it anew, and keep what it held as the first of a few older ones (`NAME.1`).

    Copied and cut, not renamed: who writes it goes on in the file that he has. What he writes between the two is lost, and where
    there is no room for a copy, all of it.
    """
    if not log.exists() or log.stat().st_size <= LOG_BYTES:
        return
    older = [log.with_name(f"{log.name}.{number}") for number in range(1, LOGS_KEPT + 1)]
    with suppress(OSError):
        for at in range(LOGS_KEPT - 1, 0, -1):
            if older[at - 1].exists():
                older[at - 1].replace(older[at])
        shutil.copyfile(log, older[0])
    os.truncate(log, 0)


@contextmanager
def _kept_short(log: Path) -> Iterator[None]:
    """Within the block a log is looked at now and then, and cut."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            with suppress(OSError):
                cut(log)

    looking = threading.Thread(target=look, name="server.log", daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path, before: int) -> None:
    """Until the server answers; its log of starts before ends at `before`. Raises ServerDied."""
    began = time.monotonic()
    while not healthy(port):
        waited = time.monotonic() - began
        if server.poll() is not None or waited > START_SECONDS:
            told = log.read_bytes()[before:].decode("utf-8", errors="replace").splitlines()
            last = "\n".join(told[-8:]) or "it wrote nothing"
            raise ServerDied(f"the Prefect server did not start within {waited:.0f} s; see {log}\n{last}")
        time.sleep(0.2)


def healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
