"""Where alerts go, and what became of sending them. A channel never raises for trouble on the other side."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.quoprimime import header_length
from pathlib import Path
from typing import Any, Protocol, TextIO

from extractors.model import Alert
from flows.alerts.overheard import keep_quiet, listening, reason_of
from flows.alerts.wording import shortened
from flows.fetching import FetchError, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one delivery says. `key` is stable over retries: receivers recognise a repetition by it."""

    key: str
    title: str
    body: str
    alerts: tuple[Alert, ...] = ()
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """by alert, where each answer to it is given"""
    taken: frozenset[str] = frozenset()
    """of the channel's recipients, those that took it when it was tried before"""
    keep: Callable[[frozenset[str]], bool] = field(default=lambda _: True, compare=False, repr=False)
    """told by a channel of several recipients after each of them who has it; False: no more of them are to be sent to now"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The other side took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The other side did not take it. `gone`: it said that it never will (410). `retry_after` in seconds if it said so.

    `taken`: those of several recipients that have it by now, and are not to get it again.
    """

    reason: str
    gone: bool = False
    retry_after: float | None = None
    taken: frozenset[str] = frozenset()


Outcome = Delivered | Failed

Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[Reply]]
"""Sends bytes to an address, like `Fetcher.post`; raises FetchError when nobody answers or the address is refused."""


class Channel(Protocol):
    """Anything that can take a message."""

    limit: int
    """Most characters of title and body together; 0: no limit."""

    async def send(self, message: Message, now: datetime) -> Outcome: ...


class ConsoleChannel:
    """Prints to a stream; control characters of other people's text are not passed to the terminal.

    What the stream cannot show is a question mark: quotation marks in a Latin-1 locale must not park the channel.
    """

    limit = 0

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    async def send(self, message: Message, now: datetime) -> Outcome:
        stream = self._stream or sys.stdout
        encoding = getattr(stream, "encoding", None) or "utf-8"
        told = _plain(f"\n{message.title}\n{message.body}").encode(encoding, "replace").decode(encoding)
        print(told, file=stream, flush=True)
        return Delivered()


class FileChannel:
    """Appends to a file, one message after the other, each under a line with its time, its key and those of its alerts."""

    limit = 0

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, message: Message, now: datetime) -> Outcome:
        head = one_line(" ".join((message.key, *(alert.key for alert in message.alerts))))
        text = f"--- {now.isoformat(timespec='seconds')} {head}\n{_plain(message.title)}\n{_plain(message.body)}\n\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            return Failed(reason=f"{self._path}: {error.strerror}")
        return Delivered()


class AppriseChannel:
    """Any of Apprise's services. The URL is the operator's, and is never logged: it holds the credentials.

    Each of several recipients, copies of a mail among them, is sent to alone: Apprise says only whether all took it, and
    what one refuses, the others would get again with every try.
    """

    def __init__(self, url: str) -> None:
        keep_quiet()
        import apprise
        from apprise.plugins.email import NotifyEmail

        with listening() as said:
            service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if service is None:
            raise ValueError("Apprise does not know this kind of URL; see its list of services")
        left_out = sum(line.startswith("Dropped invalid") for line in said)
        if isinstance(service, NotifyEmail):
            left_out = len(_unread(service, url))
        if left_out:
            raise ValueError(f"{left_out} of its recipients cannot be read, and Apprise would leave them out")
        self._services = _recipients(service, url)
        self._mails = [one for one in self._services.values() if isinstance(one, NotifyEmail)]
        self.limit = int(service.body_maxlen)
        self.title_limit = int(service.title_maxlen)

    async def send(self, message: Message, now: datetime) -> Outcome:
        title = one_line(message.title)
        # Some services refuse the whole message for a long title. Those without a limit put it into the text.
        title = shortened(title, self.title_limit) if self.title_limit else title
        title = subject_of(title) if self._mails else title
        told = _uncalling(title), _uncalling(_plain(message.body))
        taken = {name for name in self._services if name in message.taken}
        for service in self._mails:
            service.headers[SAME] = message.key
        said: list[str] = []
        for name in self._services.keys() - taken:
            with listening() as heard:
                took = await asyncio.to_thread(_notified, self._services[name], *told)
            taken |= {name} if took else set()
            said += [] if took else heard
            if len(self._services) > 1 and not message.keep(frozenset(taken)):
                break
        missing = len(self._services) - len(taken)
        if not missing:
            return Delivered()
        why = f"; {reason}" if (reason := reason_of(said)) else ""
        if len(self._services) == 1:
            return Failed(reason=f"the service did not take the message{why}")
        return Failed(
            reason=f"{missing} of {len(self._services)} recipients did not take the message{why}",
            taken=frozenset(taken),
        )


LONGEST_LINE = 998
"""Bytes of a line of a mail (RFC 5322, 2.1.1). Apprise writes a subject into one, however long it is."""


def subject_of(title: str) -> str:
    """The title, cut between words so far that a mail's line holds it: a letter that is not ASCII takes six bytes there and more."""
    room = LONGEST_LINE - len("Subject: =?utf-8?q??=")
    cuts = (shortened(title, most) for most in range(len(title), 0, -1))
    return next((cut for cut in cuts if header_length(cut.encode("utf-8", "replace")) <= room), "")


SAME = "X-Depesche-Message"
"""The header by which a mailbox knows a mail that it has: Apprise gives each try another Message-ID."""

RECIPIENTS = ("targets", "channels", "topics", "rooms", "phone")
"""What Apprise's services call the list of those that they send to."""


def _recipients(service: Any, url: str) -> Mapping[str, Any]:
    """The service for each of its recipients alone, by a name that does not tell who it is; whole if it has but one."""
    for called in RECIPIENTS:
        its = getattr(service, called, None)
        if isinstance(its, list) and len(its) == len(service) and len(everyone := [*its, *_copied(service)]) > 1:
            named = {hashlib.sha256(repr(one).encode()).hexdigest()[:12]: one for one in everyone}
            return {name: _alone(url, called, one, first=one is its[0]) for name, one in named.items()}
    return {"": service}


def _unread(service: Any, url: str) -> list[str]:
    """What is named as a recipient of a mail, or of a copy, and is none to Apprise, which takes the others and says nothing.

    A semicolon begins the next setting of the URL, and what stands behind it is its name.
    """
    told = type(service).parse_url(url)
    texts = [*told["targets"], told.get("cc", ""), told.get("bcc", ""), *(name for name in told["qsd"] if "@" in name)]
    known = {its.casefold() for its in (*(address for _, address in service.targets), *service.cc, *service.bcc)}
    named = (piece.strip() for text in texts for piece in re.sub(r'"[^"]*"', "", text).split(","))
    found = {piece: re.findall(r"[^\s<>]+@[^\s<>]+", piece.casefold()) for piece in named if piece}
    return [piece for piece, its in found.items() if len(its) != max(1, piece.count("@")) or not known.issuperset(its)]


def _copied(service: Any) -> list[Any]:
    """Who gets a copy of a mail, as recipients: a server that refuses one of an envelope takes the mail for the others, and
    these would get it again with each try.
    """
    from apprise.plugins.email import NotifyEmail

    if not isinstance(service, NotifyEmail):  # others give recipients and copies to a service that takes all or none
        return []
    known = {address.casefold() for _, address in service.targets}
    copies = {address.casefold(): address for address in sorted(service.cc | service.bcc)}
    return [(service.names.get(its) or False, its) for folded, its in copies.items() if folded not in known]


def _alone(url: str, called: str, recipient: Any, *, first: bool) -> Any:
    """The service for one recipient. Copies that are no recipients here go with the first: with each they would be too many."""
    import apprise
    from apprise.plugins.email import NotifyEmail

    service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    setattr(service, called, [recipient])
    if not first or isinstance(service, NotifyEmail):
        for copied in {"cc", "bcc"} & vars(service).keys():
            setattr(service, copied, set())
    return service


def _notified(service: Any, title: str, body: str) -> bool:
    import apprise

    app = apprise.Apprise()
    app.add(service)
    return bool(app.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT))


class WebhookChannel:
    """A signed POST after the Standard Webhooks specification: webhook-id, webhook-timestamp, webhook-signature."""

    limit = 0

    def __init__(self, url: str, secret: str, post: Post) -> None:
        self._url, self._key, self._post = url, signing_key(secret), post

    async def send(self, message: Message, now: datetime) -> Outcome:
        body = payload(message, now)
        stamp = str(int(now.timestamp()))
        headers = {
            "content-type": "application/json",
            "webhook-id": message.key,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(self._key, message.key, stamp, body),
        }
        try:
            reply = await self._post(self._url, body, headers)
        except FetchError as error:
            return Failed(reason=str(error))
        if 200 <= reply.status < 300:
            return Delivered()
        return Failed(reason=f"HTTP {reply.status}", gone=reply.status == 410, retry_after=reply.retry_after)


def payload(message: Message, now: datetime) -> bytes:
    """The webhook's JSON body: type, timestamp, and the message with its alerts as data."""
    data = {
        "title": message.title,
        "text": message.body,
        "alerts": [
            {
                "key": alert.key,
                "watch": alert.watch,
                "dossier": alert.dossier,
                "act": alert.act,
                "type": alert.type,
                "mode": alert.mode,
                "status": alert.status,
                "parties": alert.parties,
                "score": alert.score,
                "confidence": alert.confidence,
                "title": alert.title,
                "url": alert.url,
                "facts": dict(alert.facts),
                "change": alert.change,
                "answers": dict(message.links.get(alert.key, {})),
            }
            for alert in message.alerts
        ],
    }
    envelope = {"type": "depesche.alert", "timestamp": now.isoformat(), "data": data}
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


def signing_key(secret: str) -> bytes:
    """The key bytes of a Standard Webhooks secret: base64 behind `whsec_`; anything else is taken as it is."""
    if secret.startswith("whsec_"):
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError as error:
            raise ValueError("the secret behind whsec_ is not base64") from error
        if not key:
            raise ValueError("there is no secret behind whsec_: anybody could sign")
        return key
    return secret.encode()


def signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks, symmetric scheme)."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


_CALLS = re.compile(r"@(?=(?:everyone|here|channel|all|room)\b)")


def _uncalling(text: str) -> str:
    """Without calls to all members of a chat, which Discord, Mattermost and Matrix would hear in a headline, too."""
    return _CALLS.sub("＠", text)


def one_line(text: str) -> str:
    """Without line breaks and control characters: fit for a mail header."""
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """Control and direction-changing characters out; line breaks and tabs stay."""
    return "".join(
        c
        for c in text
        if c in "\n\t" or (c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    )
