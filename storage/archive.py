"""The archive: a block is a transaction, a method is a verb of the product.

    with opened(engine) as archive:            # all of this, or none of it
        window = archive.add_window(...)

An entry goes: announced (`add_window`, outcome pending) → claimed (a lease) → kept, dropped, failed or postponed.
A lease that ran out lets the next worker claim the entry; what the late worker then reports changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Engine

from storage.announcing import Seen, Sighting, Window
from storage.claiming import Claimed, Claiming
from storage.engine import hold_schema
from storage.keeping import Keeping, Kept, Made, Rejected, sampled, unchanged
from storage.notes import Notes
from storage.recoding import Recoding
from storage.repeated import Repeated
from storage.runs import Logbook
from storage.upkeep import Upkeep

__all__ = [
    "Archive",
    "Claimed",
    "Kept",
    "Made",
    "Rejected",
    "Seen",
    "Sighting",
    "Window",
    "opened",
    "sampled",
    "unchanged",
]


@contextmanager
def opened(engine: Engine, *, reread: bool = False) -> Iterator[Archive]:
    """The archive for one transaction: committed at the end of the block, rolled back if it raises. Raises SchemaError where
    its schema no longer is this version's.

    With `reread` it is about articles that were told of long ago: nothing of them becomes news.
    """
    with engine.begin() as connection:
        hold_schema(connection)
        yield Archive(connection, reread=reread)


class Archive(Keeping, Claiming, Repeated):
    """Guards one transaction. Open it with `opened`; use its verbs inside the block only."""

    @cached_property
    def upkeep(self) -> Upkeep:
        return Upkeep(self.connection)

    @cached_property
    def recoding(self) -> Recoding:
        return Recoding(self.connection, self.tracking)

    @cached_property
    def log(self) -> Logbook:
        return Logbook(self.connection)

    @cached_property
    def notes(self) -> Notes:
        return Notes(self.connection)
