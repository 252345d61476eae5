"""Signed links in alerts: whoever got the alert may answer it, for a month, without a token of the room. Pure.

A link names alert and channel and proves that it is ours (HMAC-SHA256, as in RFC 2104). Opening it only shows a page;
what is answered is sent from there, for mail scanners and chat previews open every link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from extractors.model import WITHDRAWN, Alert

LASTS = timedelta(days=30)
SHORTEST_SECRET = 16
"""characters; what can be guessed signs nothing"""

ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "right": "Stimmt",
        "wrong": "Falsch",
        "not-my-matter": "Nicht mein Thema",
        "acknowledge": "Gesehen",
        "snooze": "Später",
    }
)
"""What can be answered, and how the page calls it."""


class BadLink(ValueError):
    """The link is not ours, was changed on the way, or is too old; nobody is told which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a link lets its holder do: answer this alert, as it came through this channel, until then."""

    alert: str
    channel: str
    until: datetime


def sign(ticket: Ticket, secret: str) -> str:
    """The ticket as one segment of a path.

    >>> ticket = Ticket(alert="Watch:act_1", channel="oncall", until=datetime(2031, 4, 1, tzinfo=UTC))
    >>> read(sign(ticket, "a-secret-of-ours-1"), "a-secret-of-ours-1", datetime(2031, 3, 1, tzinfo=UTC)) == ticket
    True
    """
    told = ".".join((_packed(ticket.alert), _packed(ticket.channel), f"{int(ticket.until.timestamp()):x}"))
    return f"{told}.{_signature(told, secret)}"


def read(token: str, secret: str, now: datetime) -> Ticket:
    """The ticket behind a link. Raises BadLink."""
    told, _, signature = token.rpartition(".")
    if not secret or not hmac.compare_digest(signature.encode(), _signature(told, secret).encode()):
        raise BadLink
    alert, channel, until = told.split(".")
    ticket = Ticket(
        alert=_unpacked(alert), channel=_unpacked(channel), until=datetime.fromtimestamp(int(until, 16), UTC)
    )
    if now >= ticket.until:
        raise BadLink
    return ticket


def _signature(told: str, secret: str) -> str:
    # Of its own kind: a signature of a webhook or of a session of the room proves nothing here.
    key = hashlib.sha256(b"depesche alert links\0" + secret.encode()).digest()
    return base64.urlsafe_b64encode(hmac.new(key, told.encode(), hashlib.sha256).digest()[:18]).decode()


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpacked(packed: str) -> str:
    return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Makes the links of one installation: the room's public address, and the secret that signs."""

    address: str
    secret: str = field(repr=False)

    def page(self, alert: Alert, channel: str, now: datetime) -> str:
        """Where this alert can be answered; nothing for what operators are told, and for an act that nobody says any more."""
        if not alert.act or alert.change == WITHDRAWN:
            return ""
        # Whole days: a message that is tried again has the same text.
        until = datetime(now.year, now.month, now.day, tzinfo=UTC) + LASTS
        ticket = Ticket(alert=alert.key, channel=channel, until=until)
        return f"{self.address.rstrip('/')}/answers/{sign(ticket, self.secret)}"

    def each(self, alert: Alert, channel: str, now: datetime) -> Mapping[str, str]:
        """A link for each answer, for receivers that show buttons of their own."""
        page = self.page(alert, channel, now)
        return {answer: f"{page}?do={answer}" for answer in ANSWERS} if page else {}
