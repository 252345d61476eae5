"""What an operator says of office holders whom no table has, checked: by command and in the reading room alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from extractors.actors import is_code
from extractors.actors.newcomers import has, title_of
from extractors.model import Holder
from flows.days import day_of
from storage.people import Listed, People, State


class Unusable(ValueError):
    """What was said of a name cannot be kept; the message says why."""


def confirm(
    people: People,
    name: str,
    author: str,
    now: datetime,
    *,
    code: str = "",
    office: str = "",
    since: str = "",
    until: str = "",
) -> Holder:
    """Let somebody be known in an office; what is not said is taken from what articles say. Raises Unusable.

    Days are as in 2028-05-01; without a first one the office begins with the first article that introduces the name, or today.
    """
    name, today = full_name(name), now.date()
    line = _line(people.named(name, today), code.strip().upper())
    held = Holder(
        name=name,
        code=_code(code or (line.code if line else ""), name),
        offices=(_office(office or (line.office if line else "")),),
        since=_day(since) or _begun(line) or today,
        until=_day(until),
    )
    if held.since and held.until and held.until < held.since:
        raise Unusable(f"the office ends ({held.until}) before it begins ({held.since})")
    people.confirm(held, author, now)
    return held


def refuse(people: People, name: str, author: str, now: datetime) -> str:
    """Let nobody be known by a name; returns it. Raises Unusable."""
    name = full_name(name)
    people.refuse(name, author, now)
    return name


def full_name(name: str) -> str:
    """The name as it is kept. Raises Unusable for less than a full one, and for one that our tables have."""
    words = name.split()
    if len(words) < 2:
        raise Unusable(f"{name!r} is no full name: first name and surname, as articles have them")
    if has(" ".join(words)):
        raise Unusable(f"{' '.join(words)} is in the tables that ship (extractors/data/people.csv), which go before")
    return " ".join(words)


def _line(lines: Sequence[Listed], code: str) -> Listed | None:
    """What is known of a name already: with this code, or of any the confirmed one."""
    fitting = [line for line in lines if code in ("", line.code)]
    return max(fitting, key=lambda line: line.state is State.CONFIRMED, default=None)


def _begun(line: Listed | None) -> date | None:
    if line is None:
        return None
    return line.since if line.state is State.CONFIRMED else line.first


def _code(given: str, name: str) -> str:
    code = given.strip().upper()
    if not code:
        raise Unusable(f"no article introduces {name}: say whose the office is (--code EST)")
    if not is_code(code):
        raise Unusable(f"unknown code: {code} (states as EST, organisations as NATO, as 'depesche events' has them)")
    return code


def _office(given: str) -> str:
    office = " ".join(given.split())
    if not office:
        raise Unusable("say which office it is, as articles call it (--office Außenminister)")
    if not title_of(office):
        raise Unusable(f"unknown office: {office} (one title as articles have it: Außenministerin, Sprecher des Kreml)")
    return office


def _day(given: str) -> date | None:
    if not given.strip():
        return None
    try:
        return day_of(given.strip())
    except ValueError:
        raise Unusable(f"{given.strip()!r} is no day (as 2028-05-01)") from None
