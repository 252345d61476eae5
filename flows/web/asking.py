"""What a request asks for: its parameters, read into days, codes and numbers or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection

from extractors.model import SURE
from extractors.ontology import Status
from extractors.stories import dyads
from flows.days import day_of
from flows.web import pages
from flows.web.wording import HAPPENED, Words, code_of
from storage import room_queries
from storage.queries import EventFilter

DONE = tuple(sorted(dyads.HAPPENED))
"""The statuses of what happened or goes on."""
STATUSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {HAPPENED: DONE, **{status.value: (status.value,) for status in Status}}
)
"""What may be asked for as a status, and the statuses that it stands for."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Days that may be asked for: further out a period would begin before the calendar does, or end after it."""


class NotFound(LookupError):
    """The page asked for does not exist."""


class Unreadable(ValueError):
    """The request's parameters make no sense; the message says which."""


class Elsewhere(Exception):
    """What was asked for has another address for good: an act that was merged, a party called by its name."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One consistent look at the archive, on behalf of one request."""

    connection: Connection
    w: Words
    now: datetime
    day: date
    """the last day of all periods: today, or the archive's last"""
    params: Mapping[str, str]

    def begin(self, day: date) -> datetime:
        """The first moment of a day, by the room's clocks."""
        return datetime.combine(day, datetime.min.time(), self.w.zone)

    @property
    def moment(self) -> datetime:
        """Now, or the end of the archive's last day where that is what the room calls today."""
        if self.day == self.now.astimezone(self.w.zone).date():
            return self.now
        return self.begin(self.day + timedelta(days=1)) - timedelta.resolution  # a moment later it is another day

    def text(self, name: str) -> str:
        """What was given, without the blanks around it. Raises Unreadable for what no database can be asked."""
        given = self.params.get(name, "").strip()[:200]
        if "\x00" in given:
            raise Unreadable(name)
        return given

    def code(self, name: str) -> str:
        """A party's code, or nothing where the field is empty."""
        return code_of(given) if (given := self.text(name)) else ""

    def date(self, name: str) -> date | None:
        """A day such as 2022-01-10, or None where the field is empty. Raises Unreadable."""
        given = self.text(name)
        if not given:
            return None
        try:
            day = day_of(given)
        except ValueError:
            raise Unreadable(f"{name}: {given}. {self.w('Ein Tag wird so geschrieben: 2022-01-10.')}") from None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise Unreadable(f"{name}: {given}")
        return day

    @property
    def least(self) -> float:
        """How sure an act must be to be shown; nothing where the reader asked for all (`unsure=1`). Raises Unreadable."""
        return 0.0 if self.among("unsure", ("1",)) else SURE

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that are asked for; none where the field is empty. Raises Unreadable."""
        return tuple(status for given in self.among("status", STATUSES) for status in STATUSES[given])

    @property
    def directed(self) -> bool:
        """Whether only one direction is asked for: what `party` does to `other`. Raises Unreadable."""
        return bool(self.among("directed", ("1",)))

    @property
    def parties(self) -> EventFilter:
        """The events of the parties that are asked for, in one direction or in both."""
        party, other = self.code("party"), self.code("other")
        if not self.directed:
            return EventFilter(actor=party, other=other)
        return EventFilter(actors=(party,) if party else (), recipients=(other,) if other else ())

    @property
    def sides(self) -> str:
        """The parties that are asked for, for a title: RUS – NATO, or in one direction RUS → NATO."""
        party, other = self.code("party"), self.code("other")
        if self.directed and (party or other):
            return f"{party} → {other}".strip()
        return " – ".join(filter(None, (party, other)))

    def number(self, name: str, default: int = 0, most: int = 10**9) -> int:
        given = self.text(name)
        if not given:
            return default
        if not given.isdigit() or not given.isascii() or int(given) > most:
            raise Unreadable(f"{name}: {given}")
        return int(given)

    def among(self, name: str, allowed: Any) -> tuple[str, ...]:
        """The value, if it is one of those allowed; nothing where the field is empty. Raises Unreadable."""
        given = self.text(name)
        if not given:
            return ()
        known = [str(each) for each in allowed]
        if given not in known:
            raise Unreadable(f"{name}: {given}. {self.w('Es gibt:')} {', '.join(known)}")
        return (given,)

    def url(self, path: str, **changed: object) -> str:
        """The same page with some parameters changed; empty ones are left out, and what only says that a form was taken."""
        merged = {**self.params, **{name: str(value) for name, value in changed.items()}}
        asked = urlencode({name: value for name, value in merged.items() if value and name != "done"})
        return f"{path}?{asked}" if asked else path


def look(connection: Connection, w: Words, now: datetime, params: Mapping[str, str]) -> Look:
    day = pages.today(now.astimezone(w.zone).date(), room_queries.latest_day(connection))
    return Look(connection=connection, w=w, now=now, day=day, params=params)


def span(at: Look, first: date | None = None, last: date | None = None) -> tuple[date | None, date | None]:
    """The days `since` and `until`, or these where the fields are empty. Raises Unreadable where they are turned round."""
    since, until = at.date("since") or first, at.date("until") or last
    if since is not None and until is not None and since > until:
        raise Unreadable(f"since: {since}, until: {until}. {at.w('Der erste Tag liegt nach dem letzten.')}")
    return since, until
