"""What is followed over time, as it is handed in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An event's tie to an act, and why. An act that the archive does not know is made from the event."""

    event: str
    act: str
    reasons: tuple[str, ...] = ()
    copied: bool = False
    """the report is a copy (of an agency, say) and corroborates nothing"""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting as it stands. States: announced, confirmed, moved, held, cancelled, overdue."""

    uid: str
    state: str
    title: str = ""
    parties: tuple[str, ...] = ()
    format: str = ""
    day_first: date | None = None
    day_last: date | None = None
    precision: str = ""
    place: str = ""
    country: str = ""
    outcome: str = ""
    sequence: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
    merged_into: str = ""
    """the meeting that this one turned out to be"""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def who_and_where(self) -> str:
        """The title, or who meets where it has none, with the place; a title mostly has it."""
        told = self.title or " – ".join(self.parties)
        return f"{told}, {self.place}" if self.place and self.place not in told else told


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of a meeting or a demand, with the sentence that says so."""

    at: datetime
    state: str
    day_first: date | None = None
    day_last: date | None = None
    place: str = ""
    by: str = ""
    event: str = ""
    article_id: int | None = None
    quote: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Who demanded what of whom. States: open, refused, conceded, conditioned, withdrawn."""

    uid: str
    state: str
    demanders: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    content: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A running matter; its articles say why they belong to it."""

    uid: str
    title: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
