"""Why a request brought nothing, and the many exceptions of the client as one of ours."""

from __future__ import annotations

import ssl
from enum import StrEnum

import aiohttp


class Fault(StrEnum):
    """Why a request brought nothing. The set is closed: every caller can name what it does about each."""

    URL = "url"
    ADDRESS = "address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    DEADLINE = "deadline"
    TOO_LARGE = "too large"
    ENCODING = "encoding"
    TRUNCATED = "truncated"
    PROTOCOL = "protocol"
    REDIRECT = "redirect"
    REFUSED = "refused"
    NOT_FOUND = "not found"
    GONE = "gone"
    BUSY = "busy"
    SERVER = "server error"
    HELD = "held"
    LATE = "late"
    BUDGET = "budget"
    ROBOTS = "robots"
    RESERVED = "reserved"
    FILE = "a file"


UNREACHED = frozenset({Fault.DNS, Fault.CONNECT})
"""Nobody was asked: the network is away, theirs or ours."""

AWAY = UNREACHED | {Fault.TLS, Fault.DEADLINE, Fault.SERVER, Fault.BUSY}
"""It says nothing about what was asked for: the house is away."""


class FetchError(Exception):
    """A request brought nothing usable. `retry_after` in seconds; `permanent`: asking again is pointless."""

    def __init__(
        self,
        kind: Fault,
        message: str = "",
        *,
        retry_after: float | None = None,
        permanent: bool = False,
        status: int = 0,
    ) -> None:
        super().__init__(f"{kind}: {message}" if message else str(kind))
        self.kind = kind
        self.message = message
        self.retry_after = retry_after
        self.permanent = permanent
        self.status = status

    @property
    def away(self) -> bool:
        """Whether the house is away; so it is where its robots.txt cannot be read, which is said with a time to wait."""
        return self.kind in AWAY or (self.kind == Fault.ROBOTS and self.retry_after is not None)


class NoContact(ValueError):
    """Nothing is fetched before the User-Agent says how to reach whoever runs this."""


CLIENT_ERRORS = (aiohttp.ClientError, aiohttp.http_exceptions.HttpProcessingError, ssl.SSLError, OSError, ValueError)


def fault_of(error: Exception) -> FetchError:
    """The many exceptions of a client as ours. Its messages may quote a URL: only its own words are kept."""
    if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
        raise error  # the deadline's, and for it to say so
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        # "certificate has expired" and the like: OpenSSL's words, which quote at most the host.
        why = getattr(error.certificate_error, "verify_message", "")
        return FetchError(Fault.TLS, str(why or type(error.certificate_error).__name__)[:200])
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return FetchError(Fault.TLS, type(error).__name__)
    if isinstance(error, aiohttp.ClientConnectorError):
        refused = "not a public address" in str(error.os_error)
        return FetchError(Fault.ADDRESS if refused else Fault.CONNECT, str(error.os_error)[:200])
    if isinstance(error, aiohttp.InvalidURL):
        return FetchError(Fault.URL, "malformed", permanent=True)
    if isinstance(error, aiohttp.ClientPayloadError):
        cut = "not completed" in str(error) or "ContentLength" in str(error)
        return FetchError(Fault.TRUNCATED if cut else Fault.PROTOCOL, type(error).__name__)
    if isinstance(error, aiohttp.ServerTimeoutError):
        return FetchError(Fault.CONNECT, "no connection in time")
    if isinstance(error, aiohttp.ServerDisconnectedError | OSError):
        return FetchError(Fault.CONNECT, "the server hung up")
    return FetchError(Fault.PROTOCOL, type(error).__name__)
