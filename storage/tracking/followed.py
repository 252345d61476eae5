"""What acts, meetings, stories and demands have in common: a uid that is kept, and leads on where two turned out to be one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.statements import prepared, table
from storage.tables import ActRow, DemandRow, MeetingRow, StoryRow

_REDIRECTS = 20
"""A chain of merges longer than this is a circle."""

_Row = ActRow | MeetingRow | StoryRow | DemandRow


class Followed:
    """A connection, the rows of uids and where merges have led; each kind adds its verbs.

    Where an article is `reread`, what is known of already does not become news: a recode would put all acts of the past
    before a feed's readers again, and old stories before those that today's articles may belong to.
    """

    def __init__(self, connection: Connection, *, reread: bool = False) -> None:
        self.connection = connection
        self.reread = reread

    def _followed(self, row: type[_Row], uid: str) -> str:
        asked = _LEADS_TO[row](self.connection)
        for _ in range(_REDIRECTS):
            further = self.connection.scalar(asked, {"called": uid})
            if further is None:
                return uid
            uid = further
        raise ValueError(f"the redirects of {row.__tablename__} lead in a circle at {uid}")

    def _row_id(self, row: type[_Row], uid: str) -> int:
        found: int | None = self.connection.scalar(_ROW_OF[row](self.connection), {"called": uid})
        if found is None:
            raise KeyError(f"no {row.__tablename__} with uid {uid}")
        return found


def _leads_to(row: type[_Row]) -> Callable[[Connection], Any]:
    of = table(row)
    return prepared(lambda _: select(of.c.merged_into).where(of.c.uid == bindparam("called")))


def _row_of(row: type[_Row]) -> Callable[[Connection], Any]:
    of = table(row)
    return prepared(lambda _: select(of.c.id).where(of.c.uid == bindparam("called")))


_WITH_REDIRECTS = (ActRow, MeetingRow, StoryRow, DemandRow)
_LEADS_TO = {row: _leads_to(row) for row in _WITH_REDIRECTS}
_ROW_OF = {row: _row_of(row) for row in _WITH_REDIRECTS}


def codes(parties: Sequence[str] | frozenset[str]) -> str:
    """Actor codes in one column: sorted, each once, separated by blanks."""
    return " ".join(sorted(set(parties)))
