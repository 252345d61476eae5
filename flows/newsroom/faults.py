"""Faults on demand: what can go wrong with an answer, as values. The server carries them out."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class FaultKind(enum.StrEnum):
    STATUS = "status"
    """answer with `status`, e.g. 304, 429, 500, 410; `retry_after` goes into the header"""
    SLOW = "slow"
    """the body in drips: `chunk` bytes every `delay` seconds"""
    LATE = "late"
    """nothing for `delay` seconds, then the usual answer"""
    CUT = "cut"
    """the length of the whole body, half of it, then the connection ends"""
    CLIPPED = "clipped"
    """half of what would go over the wire, compressed or not, with the length of that half"""
    UNSIZED = "unsized"
    """half of the body without any length, then the connection ends"""
    RESET = "reset"
    """the connection is reset without an answer"""
    REDIRECT = "redirect"
    """`status` (301, 302, 307, 308) to `location`"""
    LOOP = "loop"
    """a redirect to itself"""
    GARBAGE = "garbage"
    """status 200 and bytes that are no feed and no page"""
    EMPTY = "empty"
    """status 200 and no body"""
    HTML = "html"
    """status 200 and a page of maintenance instead of what was asked for"""
    BARE = "bare"
    """the usual answer without ETag and Last-Modified, and never a 304"""
    RESERVED = "reserved"
    """the usual answer with `TDM-Reservation: 1`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong, and for how many requests (`times`; None until healed)."""

    kind: FaultKind
    status: int = 500
    retry_after: str = ""
    """as sent: seconds or an HTTP date"""
    location: str = ""
    delay: float = 0.05
    chunk: int = 64
    times: int | None = None


def fault_of(kind: str, **fields: object) -> Fault:
    """A fault from its name or a bare status code: `fault_of("429", retry_after="30")`. Raises ValueError."""
    if kind.isdigit():
        fields["status"] = int(kind)
        kind = FaultKind.STATUS
    if kind == FaultKind.REDIRECT:
        fields.setdefault("status", 302)
    if "retry_after" in fields:
        fields["retry_after"] = str(fields["retry_after"])
    try:
        return Fault(kind=FaultKind(kind), **fields)  # type: ignore[arg-type] # checked by the call itself
    except (TypeError, ValueError) as error:
        known = ", ".join(FaultKind)
        raise ValueError(f"no such fault: {kind} {fields} ({error}); known: a status code, {known}") from error
