"""What every dialect of feeds comes down to: items of unbelieved texts; and the bounds of what is looked at."""

from __future__ import annotations

from dataclasses import dataclass

MAX_BODY = 10 << 20
MAX_RUN = 200_000
"""characters between two tags; longer runs are cut before parsing"""


class FeedError(ValueError):
    """The bytes are not a feed that we read; `reason` says why in a few fixed words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Item:
    """What a feed says of one item, before any of it is believed."""

    headline: str = ""
    teaser: str = ""
    guid: str = ""
    guid_is_link: bool = False
    link: str = ""
    bases: tuple[str, ...] = ()
    """what links are relative to, each to the one before it"""
    published: str = ""
    updated: str = ""


Read = tuple[str, str, list[Item | None], list[str]]
"""kind, title, items (None: cut off) and problems of a feed"""
