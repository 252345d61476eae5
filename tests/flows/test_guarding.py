"""Who may ask Prefect's server: our own pages and programs, and no page of somebody else's by whatever name."""

from __future__ import annotations

from typing import Any

import pytest

from flows.guarding import FOREIGN_NAME, FOREIGN_PAGE, guarded, names_of, refusal

HERE = "127.0.0.1:4200"
PROXY = "https://prefect.haus.example"


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        (HERE, "", 0),
        ("localhost:4200", "", 0),
        ("[::1]:4200", "http://[::1]:4200", 0),
        ("prefect:4200", "", 0),
        ("10.1.2.3:4200", "", 0),  # a probe of the cluster asks the pod's address
        ("", "", 0),  # no browser
        (HERE, f"http://{HERE}", 0),
        ("depesche.localhost:4200", "http://depesche.localhost:4200", 0),
        ("prefect.haus.example", PROXY, 0),
        ("PREFECT.haus.example.", "", 0),
        (HERE, PROXY, 0),  # a proxy that asks by the address
        ("evil.example:4200", "", FOREIGN_NAME),
        ("evil.example:4200", "http://evil.example:4200", FOREIGN_NAME),
        ("127.0.0.1.evil.example", "", FOREIGN_NAME),
        ("127.0.0.1@evil.example", "", FOREIGN_NAME),
        (HERE, "https://evil.example", FOREIGN_PAGE),
        (HERE, "http://127.0.0.1:8080", FOREIGN_PAGE),  # another server of this machine
        (HERE, "null", FOREIGN_PAGE),
        ("", "null", FOREIGN_PAGE),
        (HERE, "http://[", FOREIGN_PAGE),
        (HERE, "https://haus.example", FOREIGN_PAGE),
    ],
)
def test_a_name_or_a_page_of_somebody_else_s_is_refused(host, origin, status):
    assert refusal(host, origin, names=frozenset({"prefect.haus.example"})) == status


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
    app = guarded(server, names_of([PROXY]), setting="ORIGINS")
    assert await asked(app, "http", Host=HERE) == ["reached"]
    assert await asked(app, "websocket", Host=HERE) == ["reached"]
    assert await asked(app, "lifespan") == ["reached"]
    begun, body = await asked(app, "http", Host="evil.example")
    assert begun["status"] == FOREIGN_NAME
    assert b"the hosts of ORIGINS" in body["body"]
    assert await asked(app, "websocket", Host=HERE, Origin="https://evil.example") == [
        {"type": "websocket.close", "code": 1008}
    ]


async def test_who_allows_all_origins_is_asked_by_all():
    assert await asked(guarded(server, names_of(["*"]), setting=""), "http", Host="evil.example") == ["reached"]
    assert len(await asked(guarded(server, names_of([""]), setting=""), "http", Host="evil.example")) == 2
