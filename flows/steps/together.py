"""Several things at once, of which none goes on when whoever asked for them has left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Iterable
from typing import Any, TypeVar

Told = TypeVar("Told")


async def all_ended(asked: Iterable[Awaitable[Told]]) -> list[Told]:
    """What each answers. One that fails waits for the others to end, and then raises: `asyncio.gather` would leave them at work."""
    told = await asyncio.gather(*asked, return_exceptions=True)
    for one in told:
        if isinstance(one, BaseException):
            raise one
    return [one for one in told if not isinstance(one, BaseException)]


async def all_or_none(asked: Iterable[Coroutine[Any, Any, Told]]) -> list[Told]:
    """What each answers. One that fails, or is cut off, ends the others first."""
    tasks = [asyncio.ensure_future(one) for one in asked]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        raise
