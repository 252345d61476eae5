"""Small facts that outlive a pass: a host that asked to be left alone, a redirect seen once, how often in a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage.statements import upsert
from storage.tables import NoteRow

MOST_LINES = 20
"""A run of sightings is decided after a handful; no server can fill the table."""


class Notes:
    """The verbs about notes; reached as `archive.notes`. A name says what it is and of what: `moved https://…`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, name: str, value: str, now: datetime) -> None:
        self.connection.execute(
            upsert(self.connection, NoteRow)
            .values(name=name, value=value, at=now)
            .on_conflict_do_update(index_elements=["name"], set_={"value": value, "at": now})
        )

    def get(self, name: str) -> str:
        """The note, or nothing."""
        return self.connection.scalar(select(NoteRow.value).where(NoteRow.name == name)) or ""

    def all(self, kind: str) -> Mapping[str, str]:
        """What is noted of a kind (the first word of the name), by the rest of the name."""
        asked = select(NoteRow.name, NoteRow.value).where(NoteRow.name.startswith(f"{kind} ", autoescape=True))
        return {row.name.removeprefix(f"{kind} "): row.value for row in self.connection.execute(asked)}

    def forget(self, name: str) -> bool:
        return self.connection.execute(delete(NoteRow).where(NoteRow.name == name)).rowcount > 0

    def seen(self, name: str) -> tuple[tuple[datetime, str], ...]:
        """A run of sightings, oldest first: when, and what."""
        lines = (line.split(" ", 1) for line in self.get(name).splitlines())
        return tuple((datetime.fromisoformat(at), what) for at, what in lines)

    def see(self, name: str, what: str, now: datetime) -> None:
        """Add a sighting to a run. `what` is one line."""
        lines = [*self.get(name).splitlines(), f"{now.isoformat()} {what}"]
        # The first one says since when; those in the middle say nothing more.
        self.put(name, "\n".join([*lines[:1], *lines[1:][-MOST_LINES:]]), now)
