"""By which names and from which pages the reading room may be asked: on a real server, as `depesche room` starts it."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from room_matter import TOKEN

from flows.commands.room import own_names, room_of
from flows.guarding import FOREIGN_NAME, FOREIGN_PAGE
from flows.settings import Settings


@pytest.fixture(scope="module")
def port(filled: Path) -> Iterator[int]:
    """A room that listens on all addresses, with a public address and another name in its settings."""
    room = [sys.executable, "-m", "flows.cli", "room", "--host", "0.0.0.0", "--port", "0"]
    told = {
        "DEPESCHE_DATABASE": f"sqlite:///{filled}",
        "DEPESCHE_ROOM_TOKEN": TOKEN,
        "DEPESCHE_ROOM_URL": "https://depesche.haus.example/",
        "DEPESCHE_ROOM_HOSTS": '["Lesesaal.haus.example."]',
    }
    with subprocess.Popen(room, stderr=subprocess.PIPE, text=True, env={**os.environ, **told}) as process:
        assert process.stderr is not None
        yield int(process.stderr.readline().split()[2].rpartition(":")[2])
        process.terminate()


def status(port: int, host: str, origin: str = "", *, login: bool = False, path: str = "/health") -> int:
    """What a browser is answered that asks by this name; `login`: that sends the form of who signs in."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Host": host, **({"Origin": origin} if origin else {})}
    if login:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST", "/login", f"token={TOKEN}&author=Ada", headers)
    else:
        connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    if answer.status in (FOREIGN_NAME, FOREIGN_PAGE):
        assert "content-security-policy" in answer.headers
        assert b"room_hosts" in told
    return answer.status


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:{port}",
        "localhost:{port}",
        "[::1]:{port}",
        "10.42.0.7:8080",  # a probe of the cluster asks the pod's address
        "room:8080",  # a service of Compose, of the cluster
        f"{socket.gethostname()}:8080",
        f"{socket.gethostname().lower()}.local:8080",
        "depesche.haus.example",
        "lesesaal.haus.example:443",
    ],
)
def test_by_addresses_and_names_of_its_own_the_room_is_asked_out_of_the_box(port, host):
    assert status(port, host.format(port=port)) == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "haus.example"])
def test_by_a_name_that_somebody_pointed_here_nothing_is_answered(port, host):
    for path in ("/health", "/", "/static/room.css", "/events.csv"):
        assert status(port, host.format(port=port), path=path) == FOREIGN_NAME
    assert status(port, host.format(port=port), f"http://{host.format(port=port)}", login=True) == FOREIGN_NAME


@pytest.mark.parametrize(
    ("origin", "answered"),
    [
        ("", 303),  # no browser
        ("http://127.0.0.1:{port}", 303),
        ("https://depesche.haus.example", 303),  # a proxy that asks by the address and leaves its readers' origin
        ("https://evil.example", FOREIGN_PAGE),
        ("http://127.0.0.1:1", FOREIGN_PAGE),  # another server of this machine
        ("null", FOREIGN_PAGE),
    ],
)
def test_a_form_of_another_page_is_refused(port, origin, answered):
    assert status(port, f"127.0.0.1:{port}", origin.format(port=port), login=True) == answered


def hosts(engine_url: str, host: str, **told: object) -> frozenset[str]:
    room = room_of(Settings(database=engine_url, **told), host=host)
    room.engine.dispose()
    return room.hosts


def test_on_a_loopback_address_only_what_the_settings_name_is_added(filled):
    """Nobody of the house can reach it there, and so none of this machine's names is looked up."""
    url = f"sqlite:///{filled}"
    assert hosts(url, "127.0.0.1") == frozenset()
    told = {"room_url": "https://prüfstand.example:8443/depesche", "room_hosts": ("a.example",)}
    assert hosts(url, "::1", **told) == {"xn--prfstand-75a.example", "a.example"}
    assert hosts(url, "box.haus.example") == own_names("box.haus.example") > {"box.haus.example"}


def test_a_resolver_that_is_silent_does_not_hold_the_room_back(monkeypatch, capsys):
    """It did for ten seconds, and for thirty with three of them: the room listened only then, and probes had given it up."""
    answers = threading.Event()
    monkeypatch.setattr(socket, "gethostname", lambda: "Box")
    monkeypatch.setattr(socket, "getfqdn", lambda: answers.wait() and "Box.Haus.example")
    assert own_names("0.0.0.0", patience=0.01) == {"0.0.0.0", "box", "box.local"}
    assert "room_hosts" in capsys.readouterr().err
    answers.set()
    assert own_names("0.0.0.0") == {"0.0.0.0", "box", "box.local", "box.haus.example"}
    assert capsys.readouterr().err == ""
