"""The server that the tests of the fetcher ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from remembering import Site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    found = Site()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()
