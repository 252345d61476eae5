"""Who may ask Prefect's server: our own pages and programs, and no page of somebody else's by whatever name."""

from __future__ import annotations

from typing import Any

import pytest

from flows.guarding import TOLD, guarded, may_ask

HERE = "127.0.0.1:4200"
PROXY = "https://prefect.haus.example"


@pytest.mark.parametrize(
    ("host", "origin", "may"),
    [
        (HERE, "", True),
        ("localhost:4200", "", True),
        ("[::1]:4200", "http://[::1]:4200", True),
        ("prefect:4200", "", True),
        ("10.1.2.3:4200", "", True),  # a probe of the cluster asks the pod's address
        ("", "", True),  # no browser
        (HERE, f"http://{HERE}", True),
        ("depesche.localhost:4200", "http://depesche.localhost:4200", True),
        ("prefect.haus.example", PROXY, True),
        ("PREFECT.haus.example.", "", True),
        (HERE, PROXY, True),  # a proxy that asks by the address
        ("evil.example:4200", "", False),
        ("evil.example:4200", "http://evil.example:4200", False),
        ("127.0.0.1.evil.example", "", False),
        ("127.0.0.1@evil.example", "", False),
        (HERE, "https://evil.example", False),
        (HERE, "http://127.0.0.1:8080", False),  # another server of this machine
        (HERE, "null", False),
        ("", "null", False),
        (HERE, "http://[", False),
        (HERE, "https://haus.example", False),
    ],
)
def test_a_name_or_a_page_of_somebody_else_s_is_refused(host, origin, may):
    assert may_ask(host, origin, names=frozenset({"prefect.haus.example"})) is may


async def asked(app: Any, kind: str, **headers: str) -> list[Any]:
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    scope = {"type": kind, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    await app(scope, None, send)
    return told


async def server(scope: Any, receive: Any, send: Any) -> None:
    await send("reached")


async def test_what_is_refused_never_reaches_the_server():
    app = guarded(server, [PROXY])
    assert await asked(app, "http", Host=HERE) == ["reached"]
    assert await asked(app, "websocket", Host=HERE) == ["reached"]
    assert await asked(app, "lifespan") == ["reached"]
    begun, body = await asked(app, "http", Host="evil.example")
    assert (begun["status"], body["body"]) == (403, TOLD)
    assert await asked(app, "websocket", Host=HERE, Origin="https://evil.example") == [
        {"type": "websocket.close", "code": 1008}
    ]


async def test_who_allows_all_origins_is_asked_by_all():
    assert await asked(guarded(server, ["*"]), "http", Host="evil.example") == ["reached"]
    assert len(await asked(guarded(server, [""]), "http", Host="evil.example")) == 2
