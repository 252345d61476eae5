"""What Apprise says to its log while it sends: it returns only whether, and never why.

Its words hold addresses and credentials (of many services the whole path is one), so none of them leaves this module: a
reason is made of what is known to hold no secret, as OpenSSL's words about a certificate or the number of an answer.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

_heard: ContextVar[list[str] | None] = ContextVar("depesche_heard", default=None)

_REASONS: tuple[tuple[re.Pattern[str], str], ...] = (
    # The innermost of what may be told at once: a certificate's trouble also reads as one of the connection.
    (re.compile(r"certificate verify failed: ([^()\n]{1,200}?)\.? *(?:[()]|$)"), "certificate: {}"),
    (re.compile(r"\[SSL: ([A-Z0-9_]{1,60})\]"), "TLS: {}"),
    (re.compile(r"(STARTTLS) extension not supported"), "the server offers no {}"),
    (re.compile(r"Tunnel connection failed: (\d{3})\b"), "the proxy answers {}"),
    (re.compile(r"\[Errno -?\d+\] ([A-Za-z ,/-]{1,80})"), "{}"),
    (re.compile(r"was refused: (\d{3})\b"), "the mail server answers {}"),
    (re.compile(r"\((\d{3}), b['\"]"), "the mail server answers {}"),
    (re.compile(r"\berror=(\d{3})\b"), "HTTP {}"),
    (re.compile(r"(timed out|Connection unexpectedly closed)"), "{}"),
)


class _Ear(logging.Filter):
    """Keeps what is said in this context, where somebody listens, and lets none of it go on to a log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if (said := _heard.get()) is not None:
            said.append(record.getMessage())
        return False


def keep_quiet() -> None:
    """Nothing that Apprise says reaches a log; it speaks at all levels, to us alone."""
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)  # it writes addresses into the log, with their path
    apprise = logging.getLogger("apprise")
    if not any(isinstance(each, _Ear) for each in apprise.filters):
        apprise.addFilter(_Ear())
    apprise.setLevel(logging.DEBUG)


@contextmanager
def listening() -> Iterator[list[str]]:
    """What is said meanwhile, in this thread and those that Apprise starts for it."""
    said: list[str] = []
    token = _heard.set(said)
    try:
        yield said
    finally:
        _heard.reset(token)


def reason_of(said: Sequence[str]) -> str:
    """Why a message was not taken, as far as it may be told; empty where nothing of the kind was said.

    >>> reason_of(["Socket Exception: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1006)"])
    'certificate: certificate has expired'
    >>> reason_of(["Max retries exceeded with url: /hooks/t0ken (Caused by NewConnectionError('[Errno 111] Connection refused'))"])
    'Connection refused'
    >>> reason_of(["Socket Exception: (535, b'no user us@haus.example')"]), reason_of(["Sent to us@haus.example"])
    ('the mail server answers 535', '')
    """
    for pattern, told in _REASONS:
        for line in said:
            if found := pattern.search(line):
                return told.format(found[1])
    return ""
