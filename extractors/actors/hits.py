"""What is found in one sentence before the article is asked, and what the article has taught so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from extractors.actors.lexicon import Noun


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Tokens `first` to `last` (both included) that name an actor, before the article is asked."""

    first: int
    last: int
    codes: tuple[str, ...]
    name: str
    kind: str
    origin: str
    score: float
    office: str = ""
    noun: Noun | None = None
    person: str = ""
    """full name, where we know or have just learned it"""
    female: bool | None = None
    capital: bool = False
    home: bool = False
    """the country of the newsroom; `codes` holds the suffix only"""
    core: int = -1
    """the token that carries the code"""


@dataclass(frozen=True, slots=True)
class Known:
    """What the article has taught so far: surnames and full names to hits without a place."""

    people: Mapping[str, Hit] = field(default_factory=dict)
    on: date | None = None
