"""Who may write: a signed cookie after the token was given, and a form's proof that it came from our own page. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flows.guarding import is_foreign

COOKIE = "depesche_room"
LASTS = timedelta(hours=12)
ATTEMPTS = 10
"""Wrong tokens a minute, from anybody, before all must wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A reviewer who gave the token. `csrf` belongs into each of their forms."""

    author: str
    csrf: str


def right_token(given: str, token: str) -> bool:
    """Whether the token is the one that was set; an empty one opens nothing. Takes as long for a near miss as for a far."""
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def issue(author: str, token: str, now: datetime) -> str:
    """The cookie's value: author, end and a random number, signed with a key that changes with the token."""
    ends = int((now + LASTS).timestamp())
    name = base64.urlsafe_b64encode(author.encode()).decode().rstrip("=")
    told = f"{name}.{ends}.{secrets.token_urlsafe(12)}"
    return f"{told}.{_sign('session', told, token)}"


def session_of(cookie: str, token: str, now: datetime) -> Session | None:
    """The session that a cookie proves; None if it is forged, over, or from before the token was changed."""
    told, _, signature = cookie.rpartition(".")
    if not token or not hmac.compare_digest(signature.encode(), _sign("session", told, token).encode()):
        return None
    name, ends, _ = told.split(".")
    if now >= datetime.fromtimestamp(int(ends), UTC):
        return None
    author = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    return Session(author=author, csrf=_sign("csrf", told, token))


def right_form(given: str, session: Session) -> bool:
    return hmac.compare_digest(given.encode(), session.csrf.encode())


def _sign(purpose: str, told: str, token: str) -> str:
    key = hashlib.sha256(b"depesche room\0" + token.encode()).digest()
    return hmac.new(key, f"{purpose}\0{told}".encode(), hashlib.sha256).hexdigest()


def from_here(headers: Sequence[tuple[str, str]], host: str, names: frozenset[str]) -> bool:
    """Whether a form was sent from our own page, as far as the browser tells (Sec-Fetch-Site, Origin). `names` are our hosts."""
    told = dict(headers)
    if told.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    return not is_foreign(told.get("origin", ""), host, names=names)


@dataclass(slots=True)
class Throttle:
    """Counts wrong tokens, so that nobody can try them all."""

    wrong: deque[datetime] = field(default_factory=deque)

    def closed(self, now: datetime) -> bool:
        # One that lies ahead is of a clock that was set back since, and would close the door until it is reached.
        while self.wrong and not timedelta(0) <= now - self.wrong[0] <= timedelta(minutes=1):
            self.wrong.popleft()
        return len(self.wrong) >= ATTEMPTS

    def missed(self, now: datetime) -> None:
        self.wrong.append(now)
