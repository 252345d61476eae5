"""What `benchmarks/operation.py` operates: processes that can be killed, a database, the newsroom, and what we saw of them."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil


@dataclass
class Child:
    """A process of ours that can be killed with all that it started."""

    words: list[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.words, env=dict(self.env), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        """SIGKILL to it and all below it, as when the machine goes."""
        if self.process is None:
            return
        family = _family(self.process.pid)
        for one in family:
            _quietly(one.kill)
        self.process.wait()
        psutil.wait_procs(family, timeout=10)

    @property
    def megabytes(self) -> int:
        family = _family(self.process.pid) if self.process else []
        return sum(_quietly(lambda one=one: one.memory_info().rss) or 0 for one in family) // 2**20  # type: ignore[misc]


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _quietly(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except psutil.NoSuchProcess:
        return None


class Database:
    """Where archive and Prefect keep their things: two databases of one PostgreSQL, or two SQLite files."""

    def __init__(self, kind: str, home: Path, binaries: Path | None = None) -> None:
        self.kind, self.home = kind, home
        if kind == "sqlite":
            self.archive = f"sqlite:///{home}/depesche.sqlite"
            self.prefect = f"sqlite+aiosqlite:///{home}/prefect.sqlite"
            return
        from flows.local_server import free_port

        self.binaries = binaries or full_postgresql()
        # Postgres does not run as root, and its owner must be able to reach its folder.
        self.user = "postgres" if os.getuid() == 0 else ""
        self.data = Path(tempfile.mkdtemp(prefix="operation-pg-"))
        if self.user:
            shutil.chown(self.data, self.user)
        port = free_port()
        self._run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(self.data / "data"))
        self._control("start", "-o", f"-h 127.0.0.1 -p {port} -k {self.data} -c max_connections=200")
        where = f"postgres@127.0.0.1:{port}"
        self._create(f"postgresql://{where}/postgres")
        self.archive, self.prefect = f"postgresql://{where}/depesche", f"postgresql+asyncpg://{where}/prefect"

    def _create(self, url: str) -> None:
        from sqlalchemy import create_engine, text

        from storage.engine import normalised

        engine = create_engine(normalised(url), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("depesche", "prefect"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()

    def restart(self, mode: str) -> None:
        """`immediate`: as in a crash, without a checkpoint; pg_ctl keeps the options of the start."""
        if self.kind == "postgresql":
            self._control("restart", "-m", mode)

    def stop(self) -> None:
        if self.kind == "postgresql":
            self._control("stop", "-m", "fast")
            shutil.rmtree(self.data, ignore_errors=True)

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", str(self.data / "data"), "-w", "-l", str(self.data / "log"), *words)

    def _run(self, tool: str, *words: str) -> None:
        user = ["runuser", "-u", self.user, "--"] if self.user else []
        command = [*user, str(self.binaries / tool), *words]
        subprocess.run(command, cwd=self.data, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)


def full_postgresql() -> Path:
    """The binaries of a PostgreSQL with pg_trgm, which Prefect's server asks for."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        raise SystemExit(
            "no PostgreSQL under /usr/lib/postgresql (Debian: apt install postgresql); or name --postgres BIN"
        )
    return found[-1].parent


@dataclass
class Site:
    """`depesche newsroom`, steered over HTTP."""

    child: Child
    url: str
    feeds: Mapping[str, str]
    hook: str

    def ask(self, method: str, what: str, **wish: Any) -> Any:
        return asked(f"{self.url}/_newsroom/{what}", method, wish or None)

    def fault(self, path: str, kind: str, **fields: Any) -> None:
        self.ask("POST", "faults", path=path, kind=kind, **fields)

    def heal(self) -> None:
        self.ask("DELETE", "faults")


def asked(url: str, method: str = "GET", body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


@dataclass
class World:
    """All that runs, and what we saw of it."""

    home: Path
    minutes: float
    database: Database
    site: Site
    server: Child
    worker: Child
    api: str
    silent: float
    began: float = field(default_factory=time.monotonic)
    seen: list[str] = field(default_factory=list)
    killed: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """runs that were under way when their worker was killed: id to name and time"""
    late: list[int] = field(default_factory=list)
    waiting: list[dict[str, float]] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    restarts: Counter[str] = field(default_factory=Counter)
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    """when the server was killed, and when it answered again"""
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, what: str, body: Any = None) -> Any:
        """Ask the server, and again while it is busy or just restarted: that it does not answer us at once is no finding."""
        ends = time.monotonic() + 120
        while True:
            try:
                return asked(f"{self.api}/{what}", "GET" if body is None else "POST", body)
            except (OSError, http.client.HTTPException) as error:  # an HTTPError is an OSError
                refused = isinstance(error, urllib.error.HTTPError) and error.code < 500
                if refused or time.monotonic() > ends:
                    raise
                time.sleep(2)

    def say(self, what: str) -> None:
        line = f"{(time.monotonic() - self.began) / 60:5.1f} min  {what}"
        self.seen.append(line)
        print(line, file=sys.stderr, flush=True)

    def until(self, share: float) -> None:
        time.sleep(max(0.0, self.began + self.minutes * 60 * share - time.monotonic()))

    def start_server(self) -> None:
        from flows.local_server import healthy

        self.server.start()
        port = int(self.api.split(":")[2].split("/")[0])
        ends = time.monotonic() + 120
        while not healthy(port) and time.monotonic() < ends:
            time.sleep(0.5)

    def runs(self, *states: str, name: str = "") -> list[dict[str, Any]]:
        """Runs that have or had their turn, newest first."""
        found: list[dict[str, Any]] = []
        wish: dict[str, Any] = {"state": {"type": {"any_": list(states)}}} if states else {}
        while len(rows := self.ask("flow_runs/filter", _page(wish, len(found)))) == 200:
            found += rows
        names = {one["id"]: one["name"] for one in self.ask("deployments/filter", {})}
        told = [run | {"of": names.get(run["deployment_id"], "?")} for run in (*found, *rows)]
        return [run for run in told if run["state_name"] != "Scheduled" and name in ("", run["of"])]

    def under_way(self, name: str, *, within: float = 150) -> bool:
        """Wait until a run of that flow is a few seconds old."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            if any(
                run["total_run_time"] > 3 or run["estimated_run_time"] > 3 for run in self.runs("RUNNING", name=name)
            ):
                return True
            time.sleep(1)
        return False


def _page(wish: dict[str, Any], offset: int) -> dict[str, Any]:
    return {"limit": 200, "offset": offset, "sort": "EXPECTED_START_TIME_DESC", "flow_runs": wish}
