"""The Prefect server of `depesche run` as a child process: what it writes is kept, shown where it fails, and does not pile up."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from flows import local_server
from flows.local_server import LOGS_KEPT, ServerDied, cut, running

WRITER = """
import itertools, sys, time
for number in itertools.count():
    print(f"line {number:06}", flush=True)
    time.sleep(0.002)
"""


def server(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Another program in place of Prefect's server, which counts as healthy as soon as it has written."""
    monkeypatch.setattr(local_server, "command", lambda _: [sys.executable, "-c", code])


def logs(home: Path) -> list[Path]:
    """Oldest first."""
    return [*sorted(home.glob("server.log.*"), reverse=True), home / "server.log"]


def test_the_servers_log_does_not_grow_for_ever_while_it_runs(tmp_path, monkeypatch):
    server(monkeypatch, WRITER)
    monkeypatch.setattr(local_server, "healthy", lambda _: True)
    monkeypatch.setattr(local_server, "LOG_BYTES", 600)
    monkeypatch.setattr(local_server, "LOOK_SECONDS", 0.02)

    def numbers(path: Path) -> list[int]:
        return [int(line.removeprefix("line ")) for line in path.read_text("utf-8").splitlines()]

    with running(tmp_path):
        ends = time.monotonic() + 60  # for what never comes, and not for how busy a machine may be
        while len(logs(tmp_path)) <= LOGS_KEPT or max(numbers(tmp_path / "server.log"), default=0) < 800:
            assert time.monotonic() < ends
            time.sleep(0.01)
    assert [path.name for path in logs(tmp_path)] == ["server.log.3", "server.log.2", "server.log.1", "server.log"]
    left = [number for path in logs(tmp_path) for number in numbers(path)]
    assert left == sorted(set(left))
    assert left[-1] >= 800
    assert 0 < left[0] < 800  # the oldest are gone, and of the last some hundred are there
    assert not any(
        b"\0" in path.read_bytes() for path in logs(tmp_path)
    )  # it goes on at the beginning, and leaves no hole


def test_a_log_that_is_too_long_is_cut_at_the_start_and_one_that_is_not_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(local_server, "LOG_BYTES", 20)
    log = tmp_path / "server.log"
    for number in range(6):
        with log.open("a") as out:
            out.write(f"start {number}\n")
        cut(log)
    assert log.read_text() == ""
    assert (tmp_path / "server.log.1").read_text() == "start 3\nstart 4\nstart 5\n"
    assert (tmp_path / "server.log.2").read_text() == "start 0\nstart 1\nstart 2\n"


def test_a_log_for_whose_copy_there_is_no_room_is_cut_all_the_same(tmp_path, monkeypatch):
    """Left as it is it would take the rest of the disk."""
    monkeypatch.setattr(local_server, "LOG_BYTES", 20)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(local_server.shutil, "copyfile", full)
    log = tmp_path / "server.log"
    log.write_text("x" * 21)
    cut(log)
    assert log.read_text() == ""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("raise SystemExit('database is locked')", "database is locked"),
        ("raise SystemExit(1)", "it wrote nothing"),
    ],
)
def test_a_server_that_does_not_start_says_why_and_not_what_was_long_ago(tmp_path, monkeypatch, code, told):
    server(monkeypatch, code)
    log = tmp_path / "server.log"
    log.write_text("trouble of last year\n")
    with pytest.raises(ServerDied) as died, running(tmp_path):
        pytest.fail("it runs")
    assert str(died.value).endswith(told)
    assert "last year" not in str(died.value)
    assert "last year" in log.read_text()
