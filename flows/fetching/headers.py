"""What headers say: ours who asks, theirs how long to wait, how long an answer is fresh, and what to ask with next time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version

from multidict import CIMultiDictProxy

from flows.fetching.faults import NoContact

AGENT = "depesche"
DAY = 86_400.0
DEFAULT_WAIT = {429: 900.0, 503: 300.0}
"""seconds to leave a host alone that says it is busy, and not for how long"""


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, at most a day; None if it says nothing sensible.

    >>> retry_after("99999999999", datetime(2022, 1, 10, tzinfo=UTC))
    86400.0
    """
    if not value:
        return None
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,20}", value):
        return min(float(value), DAY)
    try:
        until = parsedate_to_datetime(value)
        wait = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(wait, DAY) if wait >= 0 else None


def max_age(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds for which a server calls its answer fresh, at most a day; None if it does not say (RFC 9111, 4.2.1)."""
    directives = {
        name.strip().lower(): value.strip().strip('"')
        for name, _, value in (part.partition("=") for part in headers.get("cache-control", "")[:1000].split(","))
    }
    if "no-cache" in directives or "no-store" in directives:
        return 0
    age = headers.get("age", "0")
    spent = int(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0
    if re.fullmatch(r"[0-9]{1,12}", directives.get("max-age", "")):
        return max(0, min(int(directives["max-age"]) - spent, int(DAY)))
    expires = headers.get("expires")
    if not expires:
        return None
    wait = retry_after(expires, now)
    return int(wait) if wait is not None else 0


def validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    sent = {"If-None-Match": validator(etag), "If-Modified-Since": validator(last_modified)}
    return {name: value for name, value in sent.items() if value}


def validator(value: str | None) -> str | None:
    """A validator is sent back as it came; one that could not be sent is none."""
    return value if value and len(value) <= 500 and value.isprintable() and value.isascii() else None


def lowered(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    wanted = ("cache-control", "expires", "age", "tdm-reservation")
    return {name: headers[name] for name in wanted if name in headers}


def user_agent(contact: str) -> str:
    """What we call ourselves; raises NoContact if nobody could be reached.

    >>> user_agent("redaktion@example.org").split()[1]
    '(+mailto:redaktion@example.org)'
    """
    contact = contact.strip()
    if re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", contact, re.ASCII):
        contact = f"mailto:{contact}"
    elif not re.fullmatch(r"https?://[\w.-]+\.[a-z]{2,}(?:/[!-~]*)?", contact, re.ASCII):
        raise NoContact(
            "nothing is fetched without a contact: set `contact` in depesche.toml (or DEPESCHE_CONTACT) to a mail "
            "address or a page that says who is asking, such as redaktion@example.org"
        )
    return f"{AGENT}/{version('depesche')} (+{contact})"
