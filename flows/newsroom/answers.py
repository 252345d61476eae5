"""What a site of the newsroom answers to a path: pure values between the sites and the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response before validators and faults. `changed` becomes Last-Modified."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    changed: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Site(Protocol):
    """Something with pages and feeds. `base` is the address it is reached under, without a slash at the end."""

    def answer(self, path: str, *, base: str, now: datetime) -> Answer | None:
        """The answer for a decoded path that begins with a slash; None is 404."""

    def feed_paths(self) -> Mapping[str, str]:
        """The feeds by name, as paths."""
