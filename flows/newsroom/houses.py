"""The newsroom's houses: under which path each publishes, how its feed is written, and its quirks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A publisher. `format` is the feed format it announces; every format can be asked for by extension."""

    key: str
    publisher: str
    """what the extractors call it"""
    site_name: str
    title: str
    format: str
    sections: tuple[str, ...]
    tells_change: bool = True
    """its pages say in print or in their metadata when they changed last"""
    zone_names: bool = False
    """writes "MEZ" instead of "+0100" into RSS dates, as some German feeds do"""


FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "rss": "application/rss+xml; charset=utf-8",
        "atom": "application/atom+xml; charset=utf-8",
        "rdf": "application/rdf+xml; charset=utf-8",
        "json": "application/feed+json; charset=utf-8",
    }
)

HOUSES: Mapping[str, House] = MappingProxyType(
    {
        house.key: house
        for house in (
            House(
                key="tagesschau",
                publisher="tagesschau",
                site_name="tagesschau.de",
                title="tagesschau.de - Nachrichten aus dem Übungsstudio",
                format="rss",
                sections=("ausland", "inland"),
            ),
            House(
                key="deutschlandfunk",
                publisher="deutschlandfunk",
                site_name="Deutschlandfunk",
                title="Deutschlandfunk - Nachrichten aus dem Übungsstudio",
                format="rdf",
                sections=(),
            ),
            House(
                key="n-tv",
                publisher="ntv",
                site_name="ntv.de",
                title="n-tv.de - Nachrichten aus dem Übungsstudio",
                format="atom",
                sections=(),
            ),
            House(
                key="hafenbote",
                publisher="Der Hafenbote",
                site_name="Der Hafenbote",
                title="Der Hafenbote",
                format="rss",
                sections=(),
                tells_change=False,
                zone_names=True,
            ),
        )
    }
)
