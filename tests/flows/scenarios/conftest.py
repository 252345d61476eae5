"""A world whose time the scenarios let go by."""

from __future__ import annotations

import pytest
from world import World


@pytest.fixture
async def world(tmp_path, quick_desks, nothing_is_sampled):
    world = World(tmp_path)
    with world.room:
        async with world.open:
            yield world
