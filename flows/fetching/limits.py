"""How much, how long and how often we ask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much, how long, how often. Seconds and bytes."""

    deadline: float = 30.0
    wire: int = 5 << 20
    body: int = 10 << 20
    redirects: int = 5
    concurrency: int = 20
    page_spacing: float = 5.0
    pages_per_hour: int = 400
    allow: tuple[str, ...] = ()
    """exact host:port pairs that may be reached although they are not public or on another port"""
    robots: bool = True
    tdm_reason: str = ""
